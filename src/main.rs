//! The `outflow` program. Everything is in the library; this turns failures into exit codes.

use std::process::ExitCode;

fn main() -> ExitCode {
    outflow::cli::main()
}
