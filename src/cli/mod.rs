//! The command line, in two stages: `arguments` holds what was typed,
//! `meaning` and `target` make of it what is to be done. Only then anything is
//! started, sent or written.

pub mod arguments;
mod baseline;
mod bug;
mod cleanup;
mod compare;
mod duration;
mod epilogues;
pub mod exit;
mod github;
mod hints;
pub mod journal;
mod meaning;
mod merge;
mod number;
mod output;
mod replay;
mod rules;
mod run;
mod runtime;
mod selection;
mod selfcheck;
mod serve;
mod signals;
mod snapshots;
mod suggestion;
pub mod target;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command, Described};

use crate::printable::printable;
use crate::report::schema;

/// The values of environment variables, by name; `None` where one is not set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Does what this process was called for. A bug of ours ends it with a line
/// that asks to report it.
pub fn main() -> ExitCode {
    bug::report_panics();
    let code = obey(std::env::args_os());
    ExitCode::from(code)
}

/// Parses the words of a command line, and obeys.
fn obey(words: impl Iterator<Item = OsString>) -> u8 {
    let typed = match Arguments::try_parse_from(words) {
        Ok(typed) => typed,
        Err(error) => {
            let error = hints::with_tip(error);
            // Help and version are no mistake. Where they cannot be printed,
            // nothing can be said about it either.
            _ = error.print();
            return if error.use_stderr() {
                exit::USAGE
            } else {
                exit::CONFORMS
            };
        }
    };
    // What is no UTF-8 is set all the same: it may not be passed over in silence.
    let environment =
        |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let done = match typed.command {
        None => run::run(typed.run, &environment),
        Some(Command::Run(typed)) => run::run(typed, &environment),
        Some(Command::Serve(typed)) => serve::serve(&typed, &environment),
        Some(Command::Replay(typed)) => replay::replay(typed, &environment),
        Some(Command::Cleanup(typed)) => cleanup::cleanup(typed, &environment),
        Some(Command::Merge(typed)) => merge::merge(&typed, &environment),
        Some(Command::Compare(typed)) => compare::compare(&typed, &environment),
        Some(Command::Rules(typed)) => print(rules::render(typed.format).as_bytes()),
        Some(Command::Selfcheck(typed)) => selfcheck::selfcheck(&typed),
        Some(Command::Schema(typed)) => match typed.of {
            Described::Report => print(&schema::of_report()),
        },
        Some(Command::Completions(typed)) => {
            let mut script = Vec::new();
            let mut command = Arguments::command();
            clap_complete::generate(typed.shell, &mut command, NAME, &mut script);
            print(&script)
        }
    };
    done.unwrap_or_else(|failure| {
        complain(&failure.message);
        failure.code
    })
}

/// The name of the binary.
const NAME: &str = "icws-conformance";

/// What a command could not do.
#[derive(Debug)]
struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// Something that was typed, or a file that it names.
    fn usage(message: impl ToString) -> Self {
        Self {
            code: exit::USAGE,
            message: message.to_string(),
        }
    }
}

/// Says on standard error what went wrong.
fn complain(message: &str) {
    // Without a standard error there is nobody to tell.
    _ = writeln!(io::stderr(), "error: {}", printable(message));
}

/// Writes to standard output. Whoever closed it has seen enough.
fn print(content: &[u8]) -> Result<u8, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(content).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::usage(format!(
            "failed to write to standard output: {error}"
        ))),
        _ => Ok(exit::CONFORMS),
    }
}
