//! TLS to upstreams: who is trusted, who is not, and that nothing goes in the open instead.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use crate::aside::{Aside, Setup};
use crate::hang_ups::assert_at_once;
use crate::tls_server::{Authority, Shown, TlsServer, self_signed};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{APOLOGY, CHAT, Reply, saying, says, stream_head, turn, whole};

/// The contract says 1 s; shared machines get more.
const SOON: Duration = Duration::from_secs(4);
/// The first byte of every TLS connection.
const HANDSHAKE: u8 = 0x16;

/// Before a TLS upstream, with this authority trusted.
fn setup(address: SocketAddr, roots: &str, route: &str) -> Setup {
    let config = format!(
        "[upstream.safe]\nurl = \"https://{address}/v1\"\n[route.default]\nupstreams = [\"safe\"]\n{route}\n"
    );
    Setup::with_config(&config)
        .file("roots.pem", roots)
        .env("SSL_CERT_FILE", "roots.pem")
}

#[test]
fn an_upstream_is_asked_over_tls_when_its_authority_is_trusted() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.vouches_for("127.0.0.1"), &saying(&["Hello."]));
    let aside = Aside::serve(&setup(server.address, &authority.pem, ""));
    for _ in 0..3 {
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
    }
    assert!(server.first_bytes().iter().all(|first| *first == HANDSHAKE));
    let chats = server.requests();
    assert!(chats.iter().any(|request| request.contains("Hi.")));
}

#[test]
fn r01_a_hang_up_ends_the_upstream_request_over_tls() {
    let authority = Authority::new();
    let steps = [stream_head(), says("One."), ScriptStep::Hang];
    let server = TlsServer::start(authority.vouches_for("127.0.0.1"), &steps);
    let route = "first_token = \"15s\"\nstall = \"15s\"";
    let setup = setup(server.address, &authority.pem, route);
    let aside = Aside::serve(&setup);
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    client.read_until("One.");
    let began = Instant::now();
    drop(client);
    assert_at_once("over TLS", began, server.gone());
}

/// Certificates that nobody should take, by what is wrong with them.
fn bad(authority: &Authority) -> Vec<(&'static str, Shown)> {
    vec![
        ("expired", authority.vouched_for("127.0.0.1")),
        ("wrong name", authority.vouches_for("other.example")),
        ("self-signed", self_signed("127.0.0.1")),
        (
            "of an unknown authority",
            Authority::new().vouches_for("127.0.0.1"),
        ),
    ]
}

#[test]
fn r17_a_certificate_that_is_not_good_is_refused_and_nothing_goes_in_the_open() {
    let authority = Authority::new();
    for (name, shown) in bad(&authority) {
        let server = TlsServer::start(shown, &saying(&["Hello."]));
        let began = Instant::now();
        let route = "on_error = \"status\"";
        let aside = Aside::serve(&setup(server.address, &authority.pem, route));
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        let message = answer.error(502);
        assert_eq!(
            answer.json()["error"]["code"],
            "upstream_untrusted",
            "{name}"
        );
        assert!(!message.contains("127.0.0.1"), "{name}: {message}");
        assert!(began.elapsed() < SOON, "{name}: {:?}", began.elapsed());
        aside.wait_for("agree on TLS");
        let metrics = aside.client().get("/metrics", &[]).text();
        assert!(metrics.contains("reason=\"tls\""), "{name}: {metrics}");

        let aside = Aside::serve(&setup(server.address, &authority.pem, ""));
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(Reply::read(&answer.text()).heard(), APOLOGY, "{name}");
        assert!(
            server.requests().is_empty(),
            "{name}: {:?}",
            server.requests()
        );
        let first_bytes = server.first_bytes();
        assert!(!first_bytes.is_empty(), "{name}");
        assert!(
            first_bytes.iter().all(|first| *first == HANDSHAKE),
            "{name}"
        );
    }
}

/// A server that answers each connection with these bytes and notes what it was sent first.
fn answering(bytes: &'static [u8]) -> (SocketAddr, std::thread::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let serving = std::thread::spawn(move || {
        let mut came = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut piece = [0; 16 << 10];
            let length = stream.read(&mut piece).expect("a first message");
            if &piece[..length] == b"over" {
                return came;
            }
            came.extend_from_slice(&piece[..length]);
            stream.write_all(bytes).expect("it is taken");
            let _ = stream.shutdown(Shutdown::Write);
        }
        came
    });
    (address, serving)
}

#[test]
fn r17_old_tls_and_what_is_no_tls_are_refused() {
    // A ServerHello of TLS 1.1 (version 3.2), an alert, and a server that speaks plain HTTP.
    const TLS_1_1: &[u8] = &[
        0x16, 0x03, 0x02, 0x00, 0x2a, 0x02, 0x00, 0x00, 0x26, 0x03, 0x02, 1, 2, 3, 4, 5, 6, 7, 8,
        9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 0x00, 0xc0, 0x13, 0x00,
    ];
    const ALERT: &[u8] = &[0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 70];
    const HTTP: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    for (name, bytes) in [("TLS 1.1", TLS_1_1), ("an alert", ALERT), ("HTTP", HTTP)] {
        let (address, serving) = answering(bytes);
        let began = Instant::now();
        let aside = Aside::serve(&setup(
            address,
            &Authority::new().pem,
            "on_error = \"status\"",
        ));
        let answer = aside.client().post(CHAT, &[], &turn("A private sentence."));
        answer.error(502);
        assert_eq!(
            answer.json()["error"]["code"],
            "upstream_untrusted",
            "{name}"
        );
        assert!(began.elapsed() < SOON, "{name}: {:?}", began.elapsed());
        drop(aside);
        let mut last = std::net::TcpStream::connect(address).expect("it listens");
        last.write_all(b"over").expect("it reads");
        let came = serving.join().expect("the server does not break");
        assert_eq!(came.first(), Some(&HANDSHAKE), "{name}");
        let text = String::from_utf8_lossy(&came);
        assert!(
            !text.contains("private") && !text.contains("POST"),
            "{name}"
        );
    }
}

#[test]
fn r17_another_upstream_answers_where_one_is_not_trusted() {
    let authority = Authority::new();
    let server = TlsServer::start(self_signed("127.0.0.1"), &saying(&["Not I."]));
    let second = Upstream::playing(saying(&["Second here."]));
    let config = format!(
        "[upstream.first]\nurl = \"https://{}/v1\"\n[upstream.second]\nurl = \"{}\"\n[route.default]\nupstreams = [\"first\", \"second\"]\n",
        server.address,
        second.url()
    );
    let setup = Setup::with_config(&config)
        .file("roots.pem", &authority.pem)
        .env("SSL_CERT_FILE", "roots.pem");
    let answer = Aside::serve(&setup).client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), "Second here.");
}

#[test]
fn a_fetch_trusts_the_same_roots() {
    let authority = Authority::new();
    let plan = whole(
        "200 OK",
        "content-type: application/json\r\n",
        "{\"plan\":\"gold\"}",
    );
    let crm = TlsServer::start(authority.vouches_for("127.0.0.1"), &plan);
    let upstream = Upstream::playing(saying(&["Hello."]));
    let rule = format!(
        "about = \"x\"\n[then.inject]\ntext = \"Plan: {{{{ fetch.crm.plan }}}}.\"\n[fetch.crm]\nurl = \"https://{}/plan\"\nwithin = \"2s\"\n",
        crm.address
    );
    let config = format!(
        "{}\n[fetch]\nhosts = [\"{}\"]\nprivate = true\n",
        crate::aside::config(&upstream, ""),
        crm.address
    );
    let setup = Setup::with_config(&config)
        .rule("10-plan", &rule)
        .file("roots.pem", &authority.pem)
        .env("SSL_CERT_FILE", "roots.pem");
    let aside = Aside::serve(&setup);
    assert_eq!(aside.client().post(CHAT, &[], &turn("Hi.")).status, 200);
    let asked = upstream.request(0).text();
    assert!(asked.contains("Plan: gold."), "{asked}");
}

#[test]
fn roots_that_cannot_be_read_are_a_clear_error_at_the_start() {
    let broken = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    let odd = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let config = "[upstream.mock]\nurl = \"http://127.0.0.1:1/v1\"\n";
    for (path, text) in [
        ("nowhere.pem", ""),
        ("roots.pem", ""),
        ("roots.pem", "no PEM"),
        ("roots.pem", broken),
        ("roots.pem", odd),
    ] {
        let setup = Setup::with_config(config)
            .file("roots.pem", text)
            .env("SSL_CERT_FILE", path);
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["check"]] {
            let finished = setup.run(command, "");
            assert_eq!(finished.code, Some(1), "{command:?} {text}");
            for said in ["SSL_CERT_FILE", path] {
                assert!(finished.stderr.contains(said), "{}", finished.stderr);
            }
        }
    }
}
