//! `aside health`: whether the server that runs with this config lives, for containers and whoever
//! else watches processes.
//!
//! It asks the address that `aside serve` would listen at, on this machine, and nothing else. It
//! needs no key, reads no rules, and takes a config that has problems: the server may run with an
//! older one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http::{Request, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::setup::{config_path, environment};
use super::{CommandOutcome, show};
use crate::config::{address, health_address, source};
use crate::files::Problem;
use crate::files::duration::parse_duration;
use crate::server::read_config;

/// The most that is read of an answer, in bytes. Those of aside have one word.
const LARGEST: usize = 1024;

/// Ask the server that runs with this config whether it lives: 0 if it does, 1 if not
#[derive(Debug, Args)]
pub(super) struct HealthCheck {
    /// The config file that it was started with [default: ./aside.toml where that exists]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where it listens [default: as its config says]
    #[arg(long, env = "ASIDE_LISTEN", value_name = "ADDR", value_parser = address::parse)]
    listen: Option<SocketAddr>,
    /// Ask whether it takes calls, which it does not while it starts or ends
    #[arg(long)]
    ready: bool,
    /// The longest to wait for its answer
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = parse_duration)]
    within: Duration,
}

/// A path, and what aside answers there when all is well.
struct HealthQuestion {
    path: &'static str,
    good: &'static str,
    means: &'static str,
}

const LIVES: HealthQuestion = HealthQuestion {
    path: "/healthz",
    good: "ok",
    means: "healthy",
};
const TAKES_CALLS: HealthQuestion = HealthQuestion {
    path: "/readyz",
    good: "ready",
    means: "ready",
};

/// Why a server is not well.
#[derive(Debug, thiserror::Error)]
enum HealthError {
    /// Nobody took the connection.
    #[error("reach {url}: {why}")]
    Reach { url: String, why: std::io::Error },
    /// The connection broke, or what came on it was no HTTP.
    #[error("read the answer of {url}: {why}")]
    Answer { url: String, why: anyhow::Error },
    /// It did not answer in time.
    #[error("get an answer of {url} within {within:?}")]
    Late { url: String, within: Duration },
    /// It said otherwise.
    #[error("hear `{good}` from {url}: it says {status}{word}")]
    Unwell {
        url: String,
        good: &'static str,
        status: u16,
        /// What aside says of itself; nothing of anybody else's answer.
        word: &'static str,
    },
}

impl HealthCheck {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        let address = match self.address() {
            Ok(address) => address,
            Err(problem) => {
                show(&[*problem]);
                return Ok(CommandOutcome::Problems);
            }
        };
        let question = if self.ready { &TAKES_CALLS } else { &LIVES };
        let doors = doors(address);
        let asked = ask_one_of(&doors, question, self.within);
        match actix_web::rt::System::new().block_on(asked) {
            Ok(url) => {
                println!("{}: {url}", question.means);
                Ok(CommandOutcome::Good)
            }
            Err(error) => {
                eprintln!("error: failed to {error}\nhelp: {}", error.help());
                Ok(CommandOutcome::Problems)
            }
        }
    }

    /// Where the server answers.
    fn address(&self) -> Result<SocketAddr, Box<Problem>> {
        let source = match config_path(self.config.as_deref()) {
            Some(path) => read_config(&path)?,
            None => source("command line", ""),
        };
        let address = health_address(&source, self.listen, &environment)?;
        if address.port() == 0 {
            let message = "port 0 is any that is free, so nobody can tell which one it became";
            let help = "`--listen ADDR` names it; the server's log has it in the line `listening`";
            return Err(Box::new(
                Problem::of_flag("--listen", message).with_help(help),
            ));
        }
        Ok(address)
    }
}

/// Where a server that listens at an address can be reached from its own machine.
fn doors(address: SocketAddr) -> Vec<SocketAddr> {
    let at = |ip: IpAddr| SocketAddr::new(ip, address.port());
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => vec![at(Ipv4Addr::LOCALHOST.into())],
        // It takes what comes by IPv4 as well, and a container may have no `::1`.
        IpAddr::V6(ip) if ip.is_unspecified() => {
            vec![
                at(Ipv6Addr::LOCALHOST.into()),
                at(Ipv4Addr::LOCALHOST.into()),
            ]
        }
        _ => vec![address],
    }
}

/// Asks the first door that opens; its URL, where the answer is a good one.
async fn ask_one_of(
    doors: &[SocketAddr],
    question: &HealthQuestion,
    within: Duration,
) -> Result<String, HealthError> {
    let url = |door: &SocketAddr| format!("http://{door}{}", question.path);
    let asked = async {
        let mut shut = None;
        for door in doors {
            match TcpStream::connect(door).await {
                Ok(stream) => return ask(stream, *door, url(door), question).await,
                // The first door is the one that is meant.
                Err(why) => {
                    shut = shut.or(Some(HealthError::Reach {
                        url: url(door),
                        why,
                    }))
                }
            }
        }
        Err(shut.unwrap_or_else(|| HealthError::Reach {
            url: question.path.to_owned(),
            why: std::io::ErrorKind::AddrNotAvailable.into(),
        }))
    };
    timeout(within, asked).await.unwrap_or_else(|_| {
        let url = doors.first().map(url).unwrap_or_default();
        Err(HealthError::Late { url, within })
    })
}

/// Asks by this connection.
async fn ask(
    stream: TcpStream,
    door: SocketAddr,
    url: String,
    question: &HealthQuestion,
) -> Result<String, HealthError> {
    let (status, body) = match answer(stream, door, question.path).await {
        Ok(answer) => answer,
        Err(why) => return Err(HealthError::Answer { url, why }),
    };
    let said = std::str::from_utf8(&body).unwrap_or_default().trim();
    if status == 200 && said == question.good {
        return Ok(url);
    }
    let word = match said {
        "starting" => ", starting",
        "draining" => ", draining",
        _ if status == 200 => ", and something else",
        _ => "",
    };
    Err(HealthError::Unwell {
        url,
        good: question.good,
        status,
        word,
    })
}

/// The status and the beginning of what is said.
async fn answer(stream: TcpStream, door: SocketAddr, path: &str) -> anyhow::Result<(u16, Bytes)> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driven = actix_web::rt::spawn(connection);
    let request = Request::get(path)
        .header(header::HOST, door.to_string())
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())?;
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, LARGEST).collect().await;
    driven.abort();
    // Nothing of aside's is as long as that.
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    Ok((head.status.as_u16(), body))
}

impl HealthError {
    /// What to do.
    fn help(&self) -> &'static str {
        match self {
            HealthError::Reach { .. } => {
                "`aside serve` does not run here, or with another `--config` or `--listen`"
            }
            HealthError::Late { .. } => {
                "it hangs, or the machine is too busy; `--within TIME` waits longer"
            }
            HealthError::Unwell { status: 503, .. } => {
                "it starts or ends, and takes no new calls; without `--ready` this is no fault"
            }
            HealthError::Answer { .. } | HealthError::Unwell { .. } => {
                "another server listens there, or aside has another `[admin] listen`"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(listens: &str, reached: &[&str]) {
        let doors = doors(listens.parse().expect("an address"));
        let doors: Vec<String> = doors.iter().map(SocketAddr::to_string).collect();
        assert_eq!(doors, reached);
    }

    #[test]
    fn who_listens_everywhere_is_asked_on_its_own_machine() {
        check("0.0.0.0:8080", &["127.0.0.1:8080"]);
        check("[::]:8080", &["[::1]:8080", "127.0.0.1:8080"]);
        check("127.0.0.1:9000", &["127.0.0.1:9000"]);
        check("[::1]:9000", &["[::1]:9000"]);
        check("10.1.2.3:80", &["10.1.2.3:80"]);
    }
}
