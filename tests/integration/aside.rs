//! The real program, started on a port of the system's choice with a folder of its own.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use tempfile::TempDir;

use crate::DEADLINE;
use crate::client::Client;
use crate::upstream::Upstream;

/// A running program; dropping it ends it.
pub(crate) struct Aside {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    program: Program,
}

/// A program with all that it printed.
pub(crate) struct Program {
    child: Child,
    printed: Arc<Printed>,
    readers: Vec<JoinHandle<()>>,
    folder: TempDir,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

/// The files that a program finds in its folder, and its environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setup {
    files: Vec<(String, String)>,
    env: Vec<(String, String)>,
    most_files: Option<usize>,
}

#[derive(Default)]
struct Printed {
    text: Mutex<(String, usize)>,
    changed: Condvar,
}

/// A config whose only upstream is this one; `route` has more lines of `[route.default]`.
pub(crate) fn config(upstream: &Upstream, route: &str) -> String {
    let url = upstream.url();
    format!(
        "[upstream.mock]\npreset = \"openai\"\nurl = \"{url}\"\n\n[route.default]\nupstreams = [\"mock\"]\n{route}\n"
    )
}

impl Aside {
    /// Serves before this upstream, without rules.
    pub(crate) fn before(upstream: &Upstream) -> Aside {
        Aside::serve(&Setup::with_config(&config(upstream, "")))
    }

    /// Serves before this upstream; `route` has more lines of `[route.default]`.
    pub(crate) fn with_route(upstream: &Upstream, route: &str) -> Aside {
        Aside::serve(&Setup::with_config(&config(upstream, route)))
    }

    /// Serves.
    pub(crate) fn serve(setup: &Setup) -> Aside {
        let program = Program::start(&["serve", "--listen", "127.0.0.1:0"], setup);
        let address = address_in(&program.wait_for("listening"));
        Aside { address, program }
    }

    /// A new connection to the listener of `[admin]`.
    pub(crate) fn admin(&self) -> Client {
        Client::to(address_in(&self.program.wait_for("served apart")))
    }

    /// A new connection to it.
    pub(crate) fn client(&self) -> Client {
        Client::to(self.address)
    }

    /// The first line that it printed with this text, waited for.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.program.wait_for(text)
    }

    /// All that it printed so far.
    pub(crate) fn printed(&self) -> String {
        self.program.printed()
    }

    /// A file or folder of the folder in which it runs.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.program.path(name)
    }

    /// The program.
    pub(crate) fn program(&mut self) -> &mut Program {
        &mut self.program
    }
}

/// The program that was just built, or the one that `ASIDE_PROGRAM` names.
fn program() -> OsString {
    let named = std::env::var_os("ASIDE_PROGRAM");
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_aside").into())
}

/// The address that a line of the log names.
pub(crate) fn address_in(line: &str) -> SocketAddr {
    let at = line.find("127.0.0.1:").expect("the address is logged");
    let address: String = line[at..]
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || ".:".contains(*letter))
        .collect();
    address.parse().expect("an address")
}

impl Setup {
    /// A folder with this `aside.toml` and an empty `rules/`.
    pub(crate) fn with_config(config: &str) -> Setup {
        Setup::default().file("aside.toml", config)
    }

    /// One more file.
    pub(crate) fn file(mut self, path: &str, text: &str) -> Setup {
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// One more rule.
    pub(crate) fn rule(self, name: &str, text: &str) -> Setup {
        self.file(&format!("rules/{name}.toml"), text)
    }

    /// One more environment variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Setup {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// So many files and sockets may be open at once.
    pub(crate) fn files_at_most(mut self, most: usize) -> Setup {
        self.most_files = Some(most);
        self
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Finished {
        let folder = self.folder();
        let mut child = self.command(arguments, folder.path());
        let mut child = child.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        Finished {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The same, where nobody reads standard output, or standard error.
    pub(crate) fn run_unread(&self, arguments: &[&str], input: &str, is_error: bool) -> Finished {
        let (folder, mut command) = self.unstarted(arguments);
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        match is_error {
            true => command.stderr(writer),
            false => command.stdout(writer),
        };
        let mut child = command.spawn().expect("the program starts");
        // A command that reads no input may be over.
        let _ = child
            .stdin
            .take()
            .expect("a pipe")
            .write_all(input.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        drop(folder);
        Finished {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// A command that is not started, and its folder.
    pub(crate) fn unstarted(&self, arguments: &[&str]) -> (TempDir, Command) {
        let folder = self.folder();
        let command = self.command(arguments, folder.path());
        (folder, command)
    }

    fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("rules")).expect("a folder");
        for (path, text) in &self.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        folder
    }

    fn command(&self, arguments: &[&str], folder: &Path) -> Command {
        let mut command = match self.most_files {
            None => Command::new(program()),
            Some(most) => {
                let mut command = Command::new("/bin/sh");
                command.args(["-c", "ulimit -n $0 && exec \"$@\"", &most.to_string()]);
                command.arg(program());
                command
            }
        };
        command
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("ASIDE_WORKERS", "2")
            .envs(self.env.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

impl Program {
    /// Starts a command that goes on running.
    pub(crate) fn start(arguments: &[&str], setup: &Setup) -> Program {
        let folder = setup.folder();
        let mut child = setup
            .command(arguments, folder.path())
            .spawn()
            .expect("the program starts");
        let printed = Arc::new(Printed::default());
        let stdout = child.stdout.take().expect("a pipe");
        let stderr = child.stderr.take().expect("a pipe");
        let readers = vec![read(stdout, printed.clone()), read(stderr, printed.clone())];
        Program {
            child,
            printed,
            readers,
            folder,
        }
    }

    /// The first line with this text, waited for.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.printed.wait(text, |(printed, ended)| {
            let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
            let line = whole.lines().find(|line| line.contains(text));
            assert!(
                line.is_some() || *ended < 2,
                "it ended without `{text}`:\n{printed}"
            );
            line.map(str::to_owned)
        })
    }

    /// A file or folder of the folder in which it runs.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// All that it printed so far.
    pub(crate) fn printed(&self) -> String {
        self.printed.lock().0.clone()
    }

    /// The memory that it holds, where the system says so.
    pub(crate) fn resident_bytes(&self) -> Option<usize> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes << 10)
    }

    /// How many files and sockets it has open, where the system says so.
    pub(crate) fn open_files(&self) -> Option<usize> {
        let path = format!("/proc/{}/fd", self.child.id());
        Some(std::fs::read_dir(path).ok()?.count())
    }

    /// Sends a signal, by its name without SIG.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("`kill` is installed").success());
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.printed.wait("the end of the program", |(_, ended)| {
            (*ended == 2).then_some(())
        });
        self.child.wait().expect("it ended")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        if thread::panicking() {
            eprintln!("the program printed:\n{}", self.printed());
        }
    }
}

impl Printed {
    fn lock(&self) -> std::sync::MutexGuard<'_, (String, usize)> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<T>(&self, what: &str, look: impl Fn(&(String, usize)) -> Option<T>) -> T {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.lock();
        loop {
            if let Some(found) = look(&state) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited too long for {what}:\n{}", state.0);
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn read(mut from: impl Read + Send + 'static, printed: Arc<Printed>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut piece = [0; 4096];
        loop {
            let length = from.read(&mut piece).unwrap_or(0);
            let mut state = printed.lock();
            if length == 0 {
                state.1 += 1;
                printed.changed.notify_all();
                return;
            }
            state.0 += &String::from_utf8_lossy(&piece[..length]);
            printed.changed.notify_all();
        }
    })
}
