//! Who may look at `/inspect`, and what a browser may do with what it gives.

use serde_json::json;

use crate::inspect::{ADMIN, CALLERS, FROM_ELSEWHERE, get, serve};
use crate::recording::upstream;

#[test]
fn s03_who_may_look_has_an_admin_key_or_its_cookie_or_is_here() {
    let upstream = upstream();
    let aside = serve(&upstream, "");
    let ask = |path: &str, headers: &[(&str, &str)]| aside.client().get(path, headers).status;
    let admin = ("authorization", &*format!("Bearer {ADMIN}"));
    for path in [
        "/inspect/api/screen",
        "/inspect/api/calls",
        "/inspect/api/rules/default",
    ] {
        assert_eq!(ask(path, &[]), 200, "{path}: local");
        assert_eq!(ask(path, &[FROM_ELSEWHERE]), 401, "{path}");
        assert_eq!(ask(path, &[FROM_ELSEWHERE, CALLERS]), 403, "{path}");
        assert_eq!(ask(path, &[FROM_ELSEWHERE, admin]), 200, "{path}");
        // A page that made its name point here is no page of ours.
        assert_eq!(ask(path, &[("host", "evil.example.com")]), 401, "{path}");
        for foreign in [
            ("origin", "https://evil.example.com"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert_eq!(ask(path, &[foreign]), 403, "{path} {foreign:?}");
            assert_eq!(ask(path, &[foreign, admin]), 403, "{path} {foreign:?}");
        }
    }
    // The page itself tells nothing: it asks for the key.
    let page = aside.client().get("/inspect", &[FROM_ELSEWHERE]);
    assert_eq!(
        (page.status, page.header("content-type")),
        (401, Some("text/html; charset=utf-8"))
    );
    assert_eq!(ask("/inspect/app.js", &[FROM_ELSEWHERE]), 200);
    assert_eq!(ask("/inspect/none.js", &[]), 404);
    assert_eq!(ask("/inspect/events/more", &[]), 404);
}

#[test]
fn s20_a_key_gives_a_cookie_that_no_script_and_no_other_site_can_use() {
    let upstream = upstream();
    let aside = serve(&upstream, "");
    let login = |key: &str, headers: &[(&str, &str)]| {
        let body = json!({ "key": key }).to_string();
        aside
            .client()
            .post("/inspect/login", headers, body.as_bytes())
    };
    assert_eq!(login("wrong-key-0123456789", &[FROM_ELSEWHERE]).status, 401);
    assert_eq!(
        login("callers-key-0123456789", &[FROM_ELSEWHERE]).status,
        401
    );
    assert_eq!(
        login(ADMIN, &[("origin", "https://evil.example.com")]).status,
        403
    );
    let plain = [FROM_ELSEWHERE, ("content-type", "text/plain")];
    let form = aside.client().ask("POST", "/inspect/login", &plain, b"");
    assert_eq!(form.status, 415, "no form of another page logs anybody in");

    let secure = [
        FROM_ELSEWHERE,
        ("host", "aside.example.com"),
        ("origin", "https://aside.example.com"),
    ];
    let answer = login(ADMIN, &secure);
    assert_eq!(answer.status, 200);
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    for part in [
        "HttpOnly",
        "SameSite=Strict",
        "Path=/inspect",
        "Secure",
        "Max-Age=",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(ADMIN));
    let plain = login(ADMIN, &[FROM_ELSEWHERE]);
    assert!(
        !plain
            .header("set-cookie")
            .expect("a cookie")
            .contains("Secure")
    );

    let pair = cookie.split(';').next().expect("a cookie");
    let ask = |cookie: &str, more: &[(&str, &str)]| {
        let mut headers = vec![
            FROM_ELSEWHERE,
            ("host", "aside.example.com"),
            ("cookie", cookie),
        ];
        headers.extend(more);
        aside.client().get("/inspect/api/screen", &headers).status
    };
    assert_eq!(ask(&format!("a=b; {pair}"), &[]), 200);
    assert_eq!(ask(&format!("{pair}0"), &[]), 401);
    assert_eq!(ask(pair, &[("sec-fetch-site", "cross-site")]), 403);
    let out = aside
        .client()
        .post("/inspect/logout", &[("cookie", pair)], b"{}");
    assert!(
        out.header("set-cookie")
            .expect("a cookie")
            .contains("Max-Age=0")
    );
    let log = aside.printed();
    assert!(!log.contains(ADMIN) && !log.contains(pair), "{log}");
}

#[test]
fn s19_every_answer_says_what_a_browser_may_do_with_it() {
    let upstream = upstream();
    let aside = serve(&upstream, "");
    let asked = [
        "/inspect",
        "/inspect/style.css",
        "/inspect/api/screen",
        "/inspect/api/turns/none",
    ];
    for path in asked {
        let answer = get(&aside, path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}
