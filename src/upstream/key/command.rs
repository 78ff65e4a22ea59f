//! A key that a program prints.
//!
//! The program gets no input, and what it says on standard error is not read: it may be the key. It
//! is ended, with all that it started, when it takes too long.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::SecretString;

use super::error::{KeyError, plain};
use super::text::{KeyTextError, LARGEST, key_in};

/// How long the program may take.
const LONGEST: Duration = Duration::from_secs(10);
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(20);
/// So many looks after its end nothing of what it printed is under way any more. What it started may
/// go on and hold its output open.
const LAST_LOOKS: u32 = 5;

/// A program that prints a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandSource {
    program: String,
    arguments: Vec<String>,
    /// How long a key is good.
    pub(super) lifetime: Duration,
}

impl CommandSource {
    /// The program that the first word names, started with the others; none: there is no word.
    pub fn new(words: &[String], lifetime: Duration) -> Option<CommandSource> {
        let (program, arguments) = words.split_first()?;
        Some(CommandSource {
            program: program.clone(),
            arguments: arguments.to_vec(),
            lifetime,
        })
    }

    /// Runs it, and gives the key that it prints.
    pub(super) fn run(&self) -> Result<SecretString, KeyError> {
        self.run_within(LONGEST)
    }

    fn run_within(&self, longest: Duration) -> Result<SecretString, KeyError> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).process_group(0);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let start = |error: std::io::Error| KeyError::Start(plain(&error));
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(start)?;
        let printed = match child.stdout.take() {
            Some(output) => pieces_of(output).map_err(start)?,
            None => return Err(KeyError::Hung(longest)),
        };
        match wait(&mut child, &printed, Instant::now() + longest) {
            None => {
                let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
                let _ = child.wait();
                Err(KeyError::Hung(longest))
            }
            // It was not read on, so how it ended says nothing.
            Some((_, text)) if text.len() > LARGEST => Err(KeyError::Printed(KeyTextError::Large)),
            Some((status, _)) if !status.success() => Err(KeyError::Ended(status)),
            Some((_, text)) => key_in(&text).map_err(KeyError::Printed),
        }
    }
}

/// What a program prints, as it comes; the end of it is the end of the channel.
fn pieces_of(mut output: ChildStdout) -> std::io::Result<Receiver<Vec<u8>>> {
    let (send, pieces) = channel();
    let thread = std::thread::Builder::new().name("key output".to_owned());
    thread.spawn(move || {
        let mut piece = [0; 4096];
        let mut left = LARGEST + 1;
        // What is too large is not read on: the program learns it when it writes.
        while left > 0 {
            let Ok(length @ 1..) = output.read(&mut piece) else {
                return;
            };
            left = left.saturating_sub(length);
            let read = piece.get(..length).unwrap_or_default();
            if send.send(read.to_vec()).is_err() {
                return;
            }
        }
    })?;
    Ok(pieces)
}

/// How the program ended, and what it printed; none: it did not end in time.
fn wait(
    child: &mut Child,
    printed: &Receiver<Vec<u8>>,
    deadline: Instant,
) -> Option<(ExitStatus, Vec<u8>)> {
    let (mut text, mut looks, mut is_whole) = (Vec::new(), 0, false);
    while Instant::now() < deadline {
        match printed.recv_timeout(LOOK) {
            Ok(piece) => {
                text.extend(piece);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {}
            // Without its output the channel no longer waits.
            Err(RecvTimeoutError::Disconnected) if is_whole => std::thread::sleep(LOOK),
            Err(RecvTimeoutError::Disconnected) => is_whole = true,
        }
        if let Ok(Some(status)) = child.try_wait() {
            looks += 1;
            if is_whole || looks > LAST_LOOKS {
                return Some((status, text));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn shell(script: &str) -> CommandSource {
        let words = ["/bin/sh", "-c", script].map(str::to_owned);
        CommandSource::new(&words, Duration::from_secs(1)).expect("a program")
    }

    fn run(script: &str, within: Duration) -> Result<String, String> {
        let key = shell(script).run_within(within);
        key.map(|key| key.expose_secret().to_owned())
            .map_err(|error| error.to_string())
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn the_key_that_a_program_prints_is_taken() {
        for script in [
            "echo sk-1",
            "printf sk-1; echo s3cr3t >&2",
            "echo; echo '  sk-1  '",
            // What it started goes on, and holds its output open.
            "echo sk-1; sleep 30 &",
            "printf sk-; exec 2>&1; sleep 0.1; echo 1",
        ] {
            assert_eq!(run(script, LONG).as_deref(), Ok("sk-1"), "{script}");
        }
    }

    #[test]
    fn a_program_that_prints_no_key_is_told_without_what_it_printed() {
        for (script, told) in [
            ("exit 3", "it ended with exit status: 3"),
            ("echo s3cr3t; exit 1", "it ended with exit status: 1"),
            ("kill -9 $$", "it ended with signal: 9"),
            ("true", "what it printed is empty"),
            (
                "echo s3cr3t; echo s3cr3t",
                "what it printed has several lines",
            ),
            ("head -c 100000 /dev/zero", "what it printed is larger"),
            (
                "while :; do echo s3cr3ts3cr3t; done",
                "what it printed is larger",
            ),
            ("printf 's3cr3t\\0'", "what it printed has characters"),
            ("echo s3cr3t >&2", "what it printed is empty"),
        ] {
            let error = run(script, LONG).expect_err(script);
            assert!(error.contains(told), "{script}: {error}");
            assert!(!error.contains("s3cr3t"), "{error}");
        }
        let nowhere = ["/nowhere/s3cr3t".to_owned()];
        let nowhere = CommandSource::new(&nowhere, LONG).expect("a program").run();
        let error = nowhere.expect_err("there is none").to_string();
        assert!(error.contains("none of this name") && !error.contains("s3cr3t"));
        assert!(CommandSource::new(&[], LONG).is_none());
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().expect("a folder");
        let mark = folder.path().join("mark");
        for script in [
            "sleep 60".to_owned(),
            "exec >&-; sleep 60".to_owned(),
            format!("(sleep 2; touch {}) & wait", mark.display()),
        ] {
            let began = Instant::now();
            let error = run(&script, Duration::from_millis(300)).expect_err("it hangs");
            assert!(error.contains("did not end within 300ms"), "{error}");
            assert!(began.elapsed() < LONG, "{script}");
        }
        std::thread::sleep(Duration::from_millis(2500));
        assert!(!mark.exists(), "what it started was ended too");
    }
}
