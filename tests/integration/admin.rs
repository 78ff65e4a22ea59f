//! Who sees metrics and health, and where: `admin_keys` and `[admin] listen`.

use crate::aside::{Aside, Setup, config};
use crate::client::Client;
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying, turn};

const CALLERS: (&str, &str) = ("authorization", "Bearer callers-key-1b2c");
const ADMIN: (&str, &str) = ("authorization", "Bearer admin-key-9d8e");
const WRONG: (&str, &str) = ("authorization", "Bearer wrong-key-0000");
const FROM_ELSEWHERE: (&str, &str) = ("x-forwarded-for", "203.0.113.7");
const KEYS: &str = "keys = [\"callers-key-1b2c\"]\nadmin_keys = [\"admin-key-9d8e\"]\n";

fn serve(upstream: &Upstream, head: &str, more: &str) -> Aside {
    let config = config(upstream, "");
    Aside::serve(&Setup::with_config(&format!("{head}{config}{more}")))
}

fn ask(mut client: Client, path: &str, headers: &[(&str, &str)]) -> u16 {
    if path == CHAT {
        client.post(path, headers, &turn("Hi.")).status
    } else {
        client.get(path, headers).status
    }
}

#[test]
fn s03_each_key_opens_its_own_doors_only() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = serve(&upstream, KEYS, "");
    for (path, without, callers, admin) in [
        (CHAT, 401, 200, 401),
        ("/v1/models", 401, 200, 401),
        ("/v1", 200, 200, 200),
        ("/healthz", 200, 200, 200),
        ("/readyz", 200, 200, 200),
        ("/metrics", 401, 403, 200),
    ] {
        for (key, expected) in [
            (None, without),
            (Some(CALLERS), callers),
            (Some(ADMIN), admin),
        ] {
            let headers: Vec<_> = [FROM_ELSEWHERE].into_iter().chain(key).collect();
            let status = ask(aside.client(), path, &headers);
            assert_eq!(status, expected, "{path} {headers:?}");
        }
    }
    assert_eq!(
        ask(aside.client(), "/metrics", &[WRONG, FROM_ELSEWHERE]),
        401
    );
    assert_eq!(
        ask(aside.client(), "/metrics", &[CALLERS]),
        403,
        "also from here"
    );
    assert_eq!(ask(aside.client(), "/metrics", &[]), 200, "local");
    let in_the_path = "/admin-key-9d8e/v1/chat/completions";
    let answer = aside.client().post(in_the_path, &[], &turn("Hi."));
    assert!(!answer.error(401).contains("admin-key"));
}

#[test]
fn s03_an_admin_key_never_goes_upstream() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let url = upstream.url();
    for (head, path) in [
        ("admin_keys = [\"admin-key-9d8e\"]\n", CHAT),
        (KEYS, "/callers-key-1b2c/v1/chat/completions"),
    ] {
        let config = format!("{head}[upstream.mock]\nurl = \"{url}\"\nforward = true\n");
        let aside = Aside::serve(&Setup::with_config(&config));
        aside.client().post(path, &[ADMIN], &turn("Hi.")).error(401);
    }
    assert_eq!(upstream.count(), 0);
}

#[test]
fn s03_without_admin_keys_a_tunnel_is_told_what_to_configure() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let aside = serve(&upstream, "open = true\n", "");
    let message = aside.client().get("/metrics", &[FROM_ELSEWHERE]).error(404);
    assert!(message.contains("`admin_keys`"), "{message}");
    assert_eq!(ask(aside.client(), "/metrics", &[]), 200);
    aside.client().post("/metrics", &[], b"").error(405);
}

#[test]
fn s03_the_admin_listener_has_what_the_other_has_not() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let listen = "[admin]\nlisten = \"127.0.0.1:0\"\n";
    let aside = serve(&upstream, KEYS, listen);
    for path in ["/metrics", "/healthz", "/readyz"] {
        assert_eq!(ask(aside.client(), path, &[ADMIN]), 404, "{path}");
        assert_eq!(ask(aside.admin(), path, &[ADMIN]), 200, "{path}");
    }
    for path in [CHAT, "/v1/models", "/v1", "/", "/callers-key-1b2c/v1"] {
        for key in [CALLERS, ADMIN] {
            assert_eq!(ask(aside.admin(), path, &[key]), 404, "{path}");
        }
    }
    assert_eq!(ask(aside.client(), "/inspect", &[ADMIN]), 404);
    assert_eq!(ask(aside.admin(), "/inspect", &[CALLERS]), 403);
    assert_eq!(ask(aside.admin(), "/metrics", &[CALLERS]), 403);
    assert_eq!(ask(aside.admin(), "/metrics", &[FROM_ELSEWHERE]), 401);
    assert_eq!(ask(aside.client(), CHAT, &[CALLERS]), 200);
}

#[test]
fn s03_no_start_with_an_open_admin_listener() {
    let upstream = "[upstream.mock]\nurl = \"http://127.0.0.1:9/v1\"\n";
    let listen = "[admin]\nlisten = \"0.0.0.0:0\"\n";
    let setup = Setup::with_config(&format!("{upstream}{listen}"));
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["check"]] {
        let finished = setup.run(arguments, "");
        assert_eq!(finished.code, Some(1), "{}", finished.stderr);
        let told = &finished.stderr;
        assert!(told.contains("error: aside.toml:4:10: "), "{told}");
        assert!(told.contains("`admin_keys`"), "{told}");
        assert!(!told.contains("listening"), "{told}");
    }
    let with_keys = format!("admin_keys = [\"admin-key-9d8e\"]\n{upstream}{listen}");
    let finished = Setup::with_config(&with_keys).run(&["check"], "");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(
        !finished.stderr.contains("no effect"),
        "{}",
        finished.stderr
    );
}
