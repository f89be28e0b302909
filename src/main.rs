//! The binary: parse, do, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    icws_conformance::cli::main()
}
