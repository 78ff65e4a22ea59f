//! The program `aside`; everything it does is in the library.

fn main() -> std::process::ExitCode {
    aside::cli::run()
}
