//! Upstreams that can't be connected to: the caller or the client hears of it soon.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::aside::{Aside, Setup};
use crate::upstream::Upstream;
use crate::wire::{APOLOGY, CHAT, Reply, saying, turn};
use crate::{DEADLINE, figure, times};

/// The contract says 50 ms for a refusal and 1 s for the rest; shared machines get more.
const SOON: Duration = Duration::from_secs(4);

/// An address that refuses connections for as long as the socket lives.
pub(crate) fn refusing() -> (tokio::net::TcpSocket, SocketAddr) {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket
        .bind(([127, 0, 0, 1], 0).into())
        .expect("a port is free");
    let address = socket.local_addr().expect("it is bound");
    (socket, address)
}

/// An address whose connections never open while these live: its queue is full.
fn black_hole() -> (socket2::Socket, Vec<TcpStream>, SocketAddr) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
    let socket = socket.expect("a socket");
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&any.into()).expect("a port is free");
    socket.listen(0).expect("it listens");
    let address = socket.local_addr().expect("it is bound");
    let address = address.as_socket().expect("an address");
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
        waiting.push(stream);
        assert!(waiting.len() < 100, "the queue is never full");
    }
    (socket, waiting, address)
}

#[test]
fn r17_what_cannot_be_connected_to_is_told_soon_and_by_name() {
    let (_refusing, refused) = refusing();
    let (_hole, _waiting, hole) = black_hole();
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let deaf = deaf
        .local_addr()
        .map(|address| (deaf, address))
        .expect("it is bound");
    for (name, url, statuses, reasons) in [
        (
            "refused",
            format!("http://{refused}/v1"),
            &[502][..],
            &["connect"][..],
        ),
        (
            "black hole",
            format!("http://{hole}/v1"),
            &[504],
            &["connect_timeout"],
        ),
        // Where there is no DNS at all it may be late instead.
        (
            "no such name",
            "http://nobody.invalid/v1".to_owned(),
            &[502, 504],
            &["connect", "connect_timeout"],
        ),
        (
            "no TLS",
            format!("https://{}/v1", deaf.1),
            &[504],
            &["connect_timeout"],
        ),
    ] {
        let route = "[route.default]\nupstreams = [\"mock\"]\n";
        let config = format!("[upstream.mock]\nurl = \"{url}\"\n{route}");
        let aside = Aside::serve(&Setup::with_config(&format!(
            "{config}on_error = \"status\"\n"
        )));
        let began = Instant::now();
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        let took = began.elapsed();
        figure(
            "R17",
            name,
            &format!(
                "{} after {:.0} ms",
                answer.status,
                took.as_secs_f64() * 1000.0
            ),
        );
        assert!(
            statuses.contains(&answer.status),
            "{name}: {}",
            answer.status
        );
        answer.error(answer.status);
        assert_eq!(
            answer.json()["error"]["code"],
            "upstream_unreachable",
            "{name}"
        );
        assert!(took < SOON, "{name}: {took:?}");
        let metrics = aside.client().get("/metrics", &[]).text();
        let is_counted = |reason: &&str| metrics.contains(&format!("reason=\"{reason}\""));
        assert!(reasons.iter().any(is_counted), "{name}: {metrics}");

        let aside = Aside::serve(&Setup::with_config(&config));
        let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
        assert_eq!(reply.heard(), APOLOGY, "{name}");

        let second = Upstream::playing(saying(&["Second here."]));
        let config = format!(
            "{}[upstream.second]\nurl = \"{}\"\n",
            config.replace("[\"mock\"]", "[\"mock\", \"second\"]"),
            second.url()
        );
        let aside = Aside::serve(&Setup::with_config(&config));
        let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
        assert_eq!(reply.heard(), "Second here.", "{name}");
    }
}

#[test]
fn r03_a_hang_up_before_the_connection_is_open_asks_nobody() {
    let (hole, waiting, address) = black_hole();
    let config = format!(
        "[upstream.mock]\nurl = \"http://{address}/v1\"\n[route.default]\nupstreams = [\"mock\"]\nconnect = \"15s\"\nfirst_token = \"15s\"\n"
    );
    let aside = Aside::serve(&Setup::with_config(&config));
    let mut clients: Vec<_> = (0..times(3, 20)).map(|_| aside.client()).collect();
    for client in &mut clients {
        client.send("POST", CHAT, &[], &turn("Hi."));
    }
    let underway = |count: usize| {
        let began = Instant::now();
        let line = format!("aside_streams {count}\n");
        while !aside.client().get("/metrics", &[]).text().contains(&line) {
            assert!(began.elapsed() < DEADLINE, "`{line}` is never so");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    underway(clients.len());
    drop(clients);
    underway(0);
    // Now connections would open: those that wait are taken, and asked what they brought.
    drop(waiting);
    hole.set_nonblocking(true).expect("a socket");
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(1500) {
        if let Ok((stream, _)) = hole.accept() {
            stream.set_nonblocking(false).expect("a socket");
            let mut came = String::new();
            let _ = std::io::Read::read_to_string(&mut TcpStream::from(stream), &mut came);
            assert!(!came.contains("POST"), "{came}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
