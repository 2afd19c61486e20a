//! The `casetrack` program: parse, call `cli`, print the error chain.

use std::io::ErrorKind;
use std::process::ExitCode;

use casetrack::cli::{self, Cli};
use clap::Parser;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            // A reader that has seen enough, such as `head`, is told nothing.
            let hung_up = error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe);
            if !hung_up {
                cli::out::tell(format_args!("casetrack: {error:#}"));
            }
            ExitCode::from(cli::exit_code(&error))
        }
    }
}
