//! A source of facts that does as it is told: for tests.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What a source does with one request.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Answers 200 with this.
    Json(&'static str),
    /// Waits to be told, then answers 200 with this.
    Held(Arc<Notify>, &'static str),
    /// Sends these bytes and closes.
    Raw(String),
    /// Says nothing.
    Hang,
    /// Begins to answer and sends a blank now and then, for ever.
    Drip,
    /// Closes at once.
    Reset,
}

/// The last act is done again and again.
#[derive(Debug, Clone)]
pub(super) struct FakeSource {
    pub(super) address: SocketAddr,
    acts: Arc<Mutex<VecDeque<Act>>>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl FakeSource {
    pub(super) async fn start(acts: impl IntoIterator<Item = Act>) -> FakeSource {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let source = FakeSource {
            address: listener.local_addr().expect("an address"),
            acts: Arc::new(Mutex::new(acts.into_iter().collect())),
            heads: Arc::default(),
        };
        let this = source.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                actix_web::rt::spawn(this.clone().serve(stream));
            }
        });
        source
    }

    /// The requests that came, head and body.
    pub(super) fn requests(&self) -> Vec<String> {
        self.heads.lock().expect("no test panics here").clone()
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = vec![0; 64 * 1024];
        let length = stream.read(&mut bytes).await.unwrap_or_default();
        if length == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        self.heads.lock().expect("no test panics here").push(text);
        let act = {
            let mut acts = self.acts.lock().expect("no test panics here");
            match acts.len() {
                1 => acts[0].clone(),
                _ => acts.pop_front().expect("a source has an act"),
            }
        };
        let sent = match act {
            Act::Json(body) => stream.write_all(answer(body).as_bytes()).await,
            Act::Held(told, body) => {
                told.notified().await;
                stream.write_all(answer(body).as_bytes()).await
            }
            Act::Raw(bytes) => stream.write_all(bytes.as_bytes()).await,
            Act::Hang => std::future::pending().await,
            Act::Drip => {
                let head = "HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n";
                let mut sent = stream.write_all(head.as_bytes()).await;
                while sent.is_ok() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    sent = stream.write_all(b" ").await;
                }
                sent
            }
            Act::Reset => Ok(()),
        };
        // Who was asked has heard enough; the client may have gone.
        drop(sent);
    }
}

/// A whole answer.
pub(super) fn answer(body: &str) -> String {
    with_head("200 OK", "", body)
}

/// A whole answer with a status and more headers.
pub(super) fn with_head(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}
