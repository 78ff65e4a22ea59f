use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use futures::StreamExt;
use http::StatusCode;

use super::*;

const LONG: Duration = Duration::from_secs(20);
const REACH: Reach = Reach {
    within: LONG,
    addresses: Addresses::Any,
};

/// What a server does with one request; the connection closes behind the last act of a list.
enum Act {
    /// Sends these bytes.
    Say(&'static str),
    /// Waits until the other side has closed.
    AwaitClose,
}
use Act::{AwaitClose, Say};

/// A server that plays one list of acts a request, lists of a connection in one vector; what became
/// of each connection is told.
struct Server {
    port: u16,
    told: mpsc::Receiver<String>,
}

fn serve(connections: Vec<Vec<Vec<Act>>>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for requests in connections {
            let (stream, _) = listener.accept().expect("a connection");
            play(stream, requests, &tell);
        }
    });
    Server { port, told }
}

fn play(mut stream: TcpStream, requests: Vec<Vec<Act>>, tell: &mpsc::Sender<String>) {
    for acts in requests {
        let mut request = String::new();
        let mut byte = [0];
        while !request.ends_with("\r\n\r\n") {
            stream.read_exact(&mut byte).expect("a request");
            request.push(char::from(byte[0]));
        }
        let length = request
            .split_once("content-length: ")
            .map_or(0, |(_, rest)| {
                rest.lines().next().map_or(0, |n| n.parse().expect("n"))
            });
        let mut body = vec![0; length];
        stream.read_exact(&mut body).expect("a body");
        request.push_str(&String::from_utf8(body).expect("text"));
        let _ = tell.send(request);
        for act in acts {
            match act {
                Say(text) => stream.write_all(text.as_bytes()).expect("it listens"),
                AwaitClose => {
                    let mut rest = Vec::new();
                    let _ = stream.read_to_end(&mut rest);
                    let _ = tell.send("closed".to_owned());
                }
            }
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
    let _ = tell.send("end".to_owned());
}

impl Server {
    fn request(&self) -> Request<Bytes> {
        Request::post(format!("http://127.0.0.1:{}/v1/x?a=b", self.port))
            .body(Bytes::from_static(b"{}"))
            .expect("a request")
    }

    fn told(&self) -> String {
        self.told.recv_timeout(LONG).expect("it tells")
    }
}

fn client() -> HttpClient {
    let tls = crate::net::tls::from_environment().expect("roots");
    HttpClient::new(tls)
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(test)
}

/// The status and the body of what a server answers in these bytes before it closes.
fn read(answer: &'static str) -> Result<(u16, String), String> {
    let server = serve(vec![vec![vec![Say(answer)]]]);
    run(async {
        let answer = client().ask(server.request(), REACH).await;
        let answer = answer.map_err(|error| error.to_string())?;
        let body = answer.body.whole(1000).await;
        let body = body.map_err(|error| error.to_string())?;
        let text = String::from_utf8(body.to_vec()).expect("text");
        Ok((answer.head.status.as_u16(), text))
    })
}

#[test]
fn an_answer_is_read_however_http_lets_it_end() {
    for (answer, status, body) in [
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
            200,
            "hello",
        ),
        // RFC 9112 6.3: neither length nor chunks, so it ends by closing.
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: a\n\n",
            200,
            "data: a\n\n",
        ),
        (
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello",
            200,
            "hello",
        ),
        ("HTTP/1.0 200 OK\r\n\r\nhello", 200, "hello"),
        (
            "HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello",
            200,
            "hello",
        ),
        (
            "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello",
            200,
            "hello",
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        // RFC 9110 15.2: what comes before the answer is no answer.
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
            200,
            "hi",
        ),
        (
            "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 429 No\r\n\r\nslow",
            429,
            "slow",
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;a=b;c=\"d\"\r\nhel\r\n2\r\nlo\r\n0\r\nx-sum: 1\r\n\r\n",
            200,
            "hello",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n00A\r\n0123456789\r\n000\r\n\r\n",
            200,
            "0123456789",
        ),
        // Lines that no server should send, and some do.
        (
            "HTTP/1.1 200\r\nx y: 1\r\nfolded: a\r\n b\r\ncontent-length : 2\r\n\r\nhi",
            200,
            "hi",
        ),
    ] {
        assert_eq!(read(answer), Ok((status, body.to_owned())), "{answer:?}");
    }
}

#[test]
fn an_answer_that_breaks_off_is_no_answer() {
    for answer in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfive\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
    ] {
        assert!(read(answer).is_err(), "{answer:?}");
    }
}

#[test]
fn an_answer_larger_than_asked_for_is_refused() {
    let server = serve(vec![vec![vec![
        Say("HTTP/1.1 200 OK\r\n\r\n0123456789"),
        AwaitClose,
    ]]]);
    run(async {
        let answer = client().ask(server.request(), REACH).await.expect("a head");
        let error = answer.body.whole(9).await.expect_err("too large");
        assert!(matches!(error, ReadError::TooLarge(9)), "{error}");
        server.told();
        assert_eq!(server.told(), "closed");
    });
}

#[test]
fn the_request_has_its_path_its_host_and_its_length() {
    let server = serve(vec![vec![vec![Say("HTTP/1.1 200 OK\r\n\r\n")]]]);
    run(async {
        client().ask(server.request(), REACH).await.expect("a head");
    });
    let told = server.told();
    let port = server.port;
    assert!(told.starts_with("POST /v1/x?a=b HTTP/1.1\r\n"), "{told}");
    assert!(
        told.contains(&format!("host: 127.0.0.1:{port}\r\n")),
        "{told}"
    );
    assert!(told.ends_with("content-length: 2\r\n\r\n{}"), "{told}");
}

#[test]
fn a_connection_serves_the_next_request_once_its_answer_was_read() {
    const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    const CHUNKS: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
    let server = serve(vec![vec![
        vec![Say(HELLO)],
        vec![Say(CHUNKS)],
        vec![Say(HELLO)],
    ]]);
    run(async {
        let client = client();
        for expected in ["hello", "a", "hello"] {
            let answer = client.ask(server.request(), REACH).await.expect("a head");
            let body = answer.body.whole(10).await.expect("a body");
            assert_eq!(body, expected);
        }
    });
}

#[test]
fn an_idle_connection_that_its_server_closed_is_not_used() {
    const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    let server = serve(vec![vec![vec![Say(HELLO)]], vec![vec![Say(HELLO)]]]);
    run(async {
        let client = client();
        for _ in 0..2 {
            let answer = client.ask(server.request(), REACH).await.expect("a head");
            answer.body.whole(10).await.expect("a body");
            server.told();
            assert_eq!(server.told(), "end");
            // The end has arrived when another connection's bytes have.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
}

#[test]
fn an_answer_that_is_dropped_closes_its_connection() {
    let begun = "HTTP/1.1 200 OK\r\n\r\ndata: a\n\n";
    let server = serve(vec![vec![vec![Say(begun), AwaitClose]]]);
    run(async {
        let mut answer = client().ask(server.request(), REACH).await.expect("a head");
        assert_eq!(answer.head.status, StatusCode::OK);
        let piece = answer.body.next().await.expect("a piece").expect("good");
        assert_eq!(piece, "data: a\n\n");
        drop(answer);
        server.told();
        assert_eq!(server.told(), "closed");
    });
}

#[test]
fn a_request_that_is_no_longer_waited_for_closes_its_connection() {
    let server = serve(vec![vec![vec![AwaitClose]]]);
    run(async {
        let client = client();
        let asked = client.ask(server.request(), REACH);
        let given_up = tokio::time::timeout(Duration::from_millis(50), asked).await;
        assert!(given_up.is_err(), "nothing was answered");
        server.told();
        assert_eq!(server.told(), "closed");
    });
}

#[test]
fn who_can_not_be_reached_is_told_apart() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = nobody.local_addr().expect("an address").port();
    drop(nobody);
    let ask = |url: String, addresses| {
        let tls = crate::net::tls::from_environment().expect("roots");
        let request = Request::get(url).body(Bytes::new()).expect("a request");
        run(HttpClient::new(tls).ask(request, Reach { addresses, ..REACH }))
            .expect_err("nobody is there")
    };
    let refused = ask(format!("http://127.0.0.1:{port}/"), Addresses::Any);
    assert!(
        matches!(refused, AskError::Connect(ConnectError::Refused(_))),
        "{refused}"
    );
    let unknown = ask("http://nowhere.invalid/".to_owned(), Addresses::Any);
    assert!(
        matches!(unknown, AskError::Connect(ConnectError::Unknown(_))),
        "{unknown}"
    );
    for url in [
        format!("http://127.0.0.1:{port}/"),
        "http://[::1]/".to_owned(),
    ] {
        let private = ask(url, Addresses::Public);
        assert!(
            matches!(private, AskError::Connect(ConnectError::NotPublic)),
            "{private}"
        );
    }
    for url in ["ftp://a.example/", "/v1"] {
        let none = ask(url.to_owned(), Addresses::Any);
        assert!(
            matches!(none, AskError::Connect(ConnectError::NoUrl)),
            "{none}"
        );
    }
}

#[test]
fn a_server_that_takes_connections_and_agrees_on_nothing_is_too_slow() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let request = Request::get(format!("https://127.0.0.1:{port}/")).body(Bytes::new());
    let asked = run(client().ask(
        request.expect("a request"),
        Reach {
            within: Duration::from_millis(50),
            ..REACH
        },
    ));
    let error = asked.expect_err("nothing is agreed on");
    assert!(
        matches!(error, AskError::Connect(ConnectError::TooSlow)),
        "{error}"
    );
}

#[test]
fn s14_what_dns_says_is_looked_at_and_then_used() {
    let found = |texts: &str| -> Vec<SocketAddr> {
        let texts = texts.split_whitespace();
        texts
            .map(|text| SocketAddr::new(text.parse().expect(text), 443))
            .collect()
    };
    for (told, public) in [
        ("1.1.1.1", Some("1.1.1.1")),
        ("127.0.0.1", None),
        ("10.0.0.1 8.8.8.8", Some("8.8.8.8")),
        ("::1 fd00::1 2606:4700::1", Some("2606:4700::1")),
    ] {
        let allowed = Addresses::Public.of(found(told)).ok();
        assert_eq!(allowed, public.map(found), "{told}");
        assert_eq!(Addresses::Any.of(found(told)).ok(), Some(found(told)));
    }
    for which in [Addresses::Any, Addresses::Public] {
        assert!(matches!(
            which.of(Vec::new()),
            Err(ConnectError::Unknown(_))
        ));
    }
}

#[test]
fn s14_a_connection_to_any_address_serves_nobody_who_may_ask_public_ones_only() {
    const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    let server = serve(vec![vec![vec![Say(HELLO)], vec![Say(HELLO)]]]);
    run(async {
        let client = client();
        let answer = client.ask(server.request(), REACH).await.expect("a head");
        answer.body.whole(10).await.expect("a body");
        let public = Reach {
            addresses: Addresses::Public,
            ..REACH
        };
        let asked = client.ask(server.request(), public).await;
        let error = asked.expect_err("it is a private address");
        assert!(
            matches!(error, AskError::Connect(ConnectError::NotPublic)),
            "{error}"
        );
        client
            .ask(server.request(), REACH)
            .await
            .expect("the connection is there still");
    });
}
