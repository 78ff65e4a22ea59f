//! A real server for one test, on a port that the system gave, without anything kept.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `redis-server`, which ends with this.
pub(super) struct Server {
    pub(super) port: u16,
    folder: tempfile::TempDir,
    options: Vec<String>,
    child: Child,
}

/// Whether there is a `redis-server`; where all tests must run, its absence is a failure.
fn is_there() -> bool {
    let version = Command::new("redis-server").arg("--version").output();
    let is_there = version.is_ok_and(|output| output.status.success());
    let must = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(is_there || !must, "there is no `redis-server` on the PATH");
    if !is_there {
        eprintln!("skipped: there is no `redis-server` on the PATH");
    }
    is_there
}

/// A port that nobody listens at.
pub(super) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}

impl Server {
    /// A server; none, where there is no program for it.
    pub(super) fn start() -> Option<Server> {
        Server::start_with(&[])
    }

    pub(super) fn start_with(options: &[String]) -> Option<Server> {
        is_there().then(|| {
            let folder = tempfile::tempdir().expect("a folder");
            let port = free_port();
            let child = spawn(port, folder.path(), options);
            let server = Server {
                port,
                folder,
                options: options.to_vec(),
                child,
            };
            server.wait();
            server
        })
    }

    pub(super) fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("its end");
    }

    /// Starts it again where it was.
    pub(super) fn revive(&mut self) {
        self.child = spawn(self.port, self.folder.path(), &self.options);
        self.wait();
    }

    /// STOP or CONT.
    pub(super) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("`kill`").success());
    }

    /// What the server answers to a command.
    pub(super) fn ask(&self, command: &[&str]) -> String {
        let output = Command::new("redis-cli")
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(command)
            .output()
            .expect("`redis-cli`");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn wait(&self) {
        let began = Instant::now();
        while self.ask(&["PING"]) != "PONG" {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "it does not start"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(port: u16, folder: &std::path::Path, options: &[String]) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(folder)
        .args(options)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("`redis-server` starts")
}
