//! `aside health` as a container runs it: beside a server that lives, starts, ends, or is none.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use crate::aside::{Aside, Finished, Program, Setup, address_in, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, saying, says, stream_head, turn};

const UPSTREAM: &str = "[upstream.mock]\nurl = \"http://127.0.0.1:9/v1\"\n";

/// Asks with a flag for the address, in a folder without a config.
fn health(address: SocketAddr, more: &[&str]) -> Finished {
    let address = address.to_string();
    Setup::default().run(&[&["health", "--listen", &address], more].concat(), "")
}

fn good(finished: &Finished, said: &str) {
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert_eq!(finished.stdout, format!("{said}\n"));
    assert_eq!(finished.stderr, "");
}

#[track_caller]
fn bad(finished: &Finished, texts: &[&str]) {
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert_eq!(finished.stdout, "");
    for text in texts {
        let told = &finished.stderr;
        assert!(told.contains(text), "`{text}` is missing in:\n{told}");
    }
}

/// A server that answers every request with these bytes.
fn answering(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

/// A port at which nobody listens.
fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

#[test]
fn a_server_that_serves_is_healthy_and_ready() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let at = aside.address;
    good(&health(at, &[]), &format!("healthy: http://{at}/healthz"));
    let ready = health(at, &["--ready"]);
    good(&ready, &format!("ready: http://{at}/readyz"));
    assert_eq!(upstream.count(), 0, "no model is asked");
}

#[test]
fn the_address_is_the_one_that_serve_takes() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = Aside::before(&upstream);
    let port = aside.address.port();
    let said = format!("healthy: http://127.0.0.1:{port}/healthz");
    let everywhere =
        format!("keys = [\"${{UNSET_HERE}}\"]\nlisten = \"0.0.0.0:{port}\"\n{UPSTREAM}");
    let variable = format!("listen = \"0.0.0.0:${{PORT}}\"\n{UPSTREAM}");
    let elsewhere = format!("listen = \"127.0.0.1:9\"\n{UPSTREAM}");
    let broken = format!("listen = \"127.0.0.1:{port}\"\nkeys = [\n[upstream");
    for setup in [
        Setup::with_config(&everywhere),
        Setup::with_config(&variable).env("PORT", &port.to_string()),
        Setup::with_config(&elsewhere).env("ASIDE_LISTEN", &format!("127.0.0.1:{port}")),
        Setup::with_config(&broken),
        Setup::default()
            .file("other.toml", &everywhere)
            .env("ASIDE_CONFIG", "other.toml"),
    ] {
        good(&setup.run(&["health"], ""), &said);
    }
    let flag = ["health", "--listen", &format!("127.0.0.1:{port}")];
    good(&Setup::with_config(&elsewhere).run(&flag, ""), &said);
    let named = ["health", "--config", "other.toml"];
    let setup = Setup::with_config(&elsewhere).file("other.toml", &everywhere);
    good(&setup.run(&named, ""), &said);
}

#[test]
fn health_is_asked_where_admin_listens() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let listen = "[admin]\nlisten = \"127.0.0.1:0\"\n";
    let config = config(&upstream, "") + listen;
    let aside = Aside::serve(&Setup::with_config(&config));
    let admin = address_in(&aside.wait_for("served apart"));
    let config = format!("{UPSTREAM}[admin]\nlisten = \"{admin}\"\n");
    // The main address is where health is not.
    let setup = Setup::with_config(&config).env("ASIDE_LISTEN", &aside.address.to_string());
    let said = format!("healthy: http://{admin}/healthz");
    good(&setup.run(&["health"], ""), &said);
    let told = health(aside.address, &[]);
    bad(&told, &["it says 404", "help: ", "`[admin] listen`"]);
}

#[test]
fn a_server_that_ends_lives_and_is_not_ready() {
    let upstream = Upstream::playing(vec![stream_head(), says("One. "), ScriptStep::Wait(1)]);
    let mut aside = Aside::with_route(&upstream, "stall = \"15s\"");
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    client.read_until("One. ");
    aside.program().signal("TERM");
    aside.wait_for("ending");
    let at = aside.address;
    good(&health(at, &[]), &format!("healthy: http://{at}/healthz"));
    let told = health(at, &["--ready"]);
    bad(
        &told,
        &["/readyz: it says 503, draining\n", "without `--ready`"],
    );
}

#[test]
fn what_is_wrong_is_told_with_what_to_do() {
    let at = nobody();
    let told = health(at, &[]);
    let url = format!("error: failed to reach http://{at}/healthz: ");
    bad(
        &told,
        &[&url, "refused", "help: `aside serve` does not run"],
    );

    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = silent.local_addr().expect("an address");
    let told = health(at, &["--within", "100ms"]);
    bad(&told, &["within 100ms", "help: "]);

    let page = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nsecret page";
    let told = health(answering(page), &[]);
    bad(
        &told,
        &["it says 200, and something else", "another server"],
    );
    assert!(!told.stderr.contains("secret"), "{}", told.stderr);
    let endless = "HTTP/1.1 200 OK\r\n\r\nok\n";
    let told = health(answering(endless), &["--ready"]);
    bad(&told, &["it says 200"]);
    bad(
        &health(answering("SSH-2.0-other\r\n"), &[]),
        &["read the answer of"],
    );
    bad(
        &health(
            answering("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"),
            &[],
        ),
        &["it says 500"],
    );
}

#[test]
fn an_address_that_cannot_be_told_is_a_problem_with_its_place() {
    let of = |config: &str| Setup::with_config(config).run(&["health"], "");
    bad(
        &of("listen = \"127.0.0.1:0\"\n"),
        &["port 0", "--listen ADDR"],
    );
    bad(
        &of("\nlisten = \"somewhere\"\n"),
        &["error: aside.toml:2:10: `somewhere`"],
    );
    let unset = of("[admin]\nlisten = \"127.0.0.1:${UNSET_HERE}\"\n");
    bad(
        &unset,
        &["error: aside.toml:2:10: ", "`UNSET_HERE` is not set"],
    );
    let unread = Setup::default().run(&["health", "--config", "nowhere.toml"], "");
    bad(&unread, &["nowhere.toml"]);
    let wrong = Setup::default().run(&["health", "--listen", "8080"], "");
    assert_eq!(wrong.code, Some(2), "{}", wrong.stderr);
}

#[test]
fn the_built_in_model_is_healthy_too() {
    let program = Program::start(&["demo", "--model", "127.0.0.1:0"], &Setup::default());
    let at = address_in(&program.wait_for("listens"));
    good(&health(at, &[]), &format!("healthy: http://{at}/healthz"));
    good(
        &health(at, &["--ready"]),
        &format!("ready: http://{at}/readyz"),
    );
}
