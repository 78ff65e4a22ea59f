//! What commands print, also where nobody reads it any more.
//!
//! Who closed the pipe has read enough, as `head` has: no panic, no error, and the command comes to
//! its own end. Any other failure to write is told once, at the end.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;

/// What came of writing to standard output so far. The process has one such output, whoever writes.
static OUTPUT: Mutex<Output> = Mutex::new(Output {
    is_closed: false,
    failure: None,
});

struct Output {
    is_closed: bool,
    failure: Option<io::Error>,
}

/// Prints a line to standard output.
pub(super) fn line(text: Arguments<'_>) {
    self::text(format_args!("{text}\n"));
}

/// Prints text to standard output.
pub(super) fn text(text: Arguments<'_>) {
    let mut output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    if !output.is_closed && output.failure.is_none() {
        output.note(io::stdout().write_fmt(text));
    }
}

/// Prints a line to standard error.
pub(super) fn error_line(text: Arguments<'_>) {
    // There is nobody left to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Whether nobody reads standard output any more.
pub(super) fn is_closed() -> bool {
    let output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    output.is_closed
}

/// Ends what was printed; an error, where not all of it could be.
pub(super) fn finish() -> anyhow::Result<()> {
    let mut output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    output.note(io::stdout().flush());
    match output.failure.take() {
        None => Ok(()),
        Some(failure) => Err(failure).context("failed to write standard output"),
    }
}

impl Output {
    fn note(&mut self, result: io::Result<()>) {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.is_closed = true,
            Err(error) => self.failure = self.failure.take().or(Some(error)),
            Ok(()) => {}
        }
    }
}
