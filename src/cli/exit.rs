//! The exit codes: promises to whoever runs this from a pipeline.
//!
//! A violation outweighs what could not be judged; warnings alone leave 0, or
//! 1 under `--strict`.

/// The target conforms; for other commands: it was done.
pub const CONFORMS: u8 = 0;
/// The target does not conform.
pub const VIOLATES: u8 = 1;
/// Bad usage, a bad profile, or a file that cannot be read or written. Nothing
/// was sent.
pub const USAGE: u8 = 2;
/// The target could not be judged: not reached, fixtures that do not fit, too
/// little tested, or a run that was interrupted.
pub const UNJUDGED: u8 = 3;
/// A bug of ours. It is also what Rust ends a process with that panics.
pub const BUG: u8 = 101;
/// Killed by a second interrupt, as shells count: 128 and the signal.
pub const KILLED: u8 = 130;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Decision;

    #[test]
    fn decisions_exit_with_these_codes() {
        let code = Decision::exit_code;
        assert_eq!(code(Decision::Conforms), CONFORMS);
        assert_eq!(code(Decision::Violates), VIOLATES);
        assert_eq!(code(Decision::Unjudged), UNJUDGED);
    }
}
