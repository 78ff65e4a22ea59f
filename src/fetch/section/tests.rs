use serde_json::{Value, json};

use super::*;
use crate::files::Source;

const KEY: &str = "k3y\"{{ turn.user }}${OTHER}";

fn env(name: &str) -> Option<String> {
    let value = match name {
        "KEY" => KEY,
        "BASE" => "https://crm.example.com/api",
        "BROKEN" => "a\r\nb c",
        _ => return None,
    };
    Some(value.to_owned())
}

fn read(text: &str) -> Result<Fetch, Vec<String>> {
    let source = Source::new("rules/a.toml", text);
    let document = Document::parse(&source).expect("TOML");
    let (fetch, problems) = Fetch::read("crm", document, &env);
    assert_eq!(fetch.is_none(), !problems.is_empty());
    let told =
        |problem: &Problem| format!("{}:{} {}", problem.line, problem.column, problem.message);
    fetch
        .map(|(fetch, _)| fetch)
        .ok_or(problems.iter().map(told).collect())
}

fn render(text: &str, user: Value) -> Result<FetchRequest, FetchError> {
    let fetch = read(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    let mut facts = Facts::default();
    facts.set("turn", json!({ "user": user }));
    fetch.render(&facts)
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    let fetch = read("url = \"https://crm.example.com/a\"").expect("a fetch");
    assert_eq!(
        (fetch.within(), fetch.fresh(), fetch.stale(), fetch.at()),
        (
            Duration::from_millis(80),
            Duration::from_secs(30),
            Duration::from_secs(600),
            AskedAt::Turn
        )
    );
    let fetch = read("url = \"https://crm.example.com/a\"\nat = \"call\"").expect("a fetch");
    assert_eq!(fetch.fresh(), Duration::from_secs(7200));
}

#[test]
fn a_request_has_what_the_file_says() {
    let request = render(
        r#"
        url = "${BASE}/customers/{{ turn.user }}?all=1"
        method = "POST"
        headers = { Authorization = "Bearer ${KEY}", X-User = "{{ turn.user }}" }
        body = '{"key": "${KEY}", "said": "{{ turn.user }}", "whole": {{ turn.user | tojson }}}'
        pick = "/data/a~1b~0"
        "#,
        json!("a/b \"c\" ${KEY}"),
    );
    assert!(request.is_err(), "no header can hold `${{`");
    let request = render(
        r#"
        url = "${BASE}/customers/{{ turn.user }}?all=1"
        method = "POST"
        headers = { Authorization = "Bearer x-${OTHER_KEY}", X-User = "u" }
        body = '{"key": "${KEY}", "said": "{{ turn.user }}", "whole": {{ turn.user | tojson }}}'
        "#
        .replace("${OTHER_KEY}", "${BASE}")
        .as_str(),
        json!("a \"c\" ${KEY}"),
    )
    .expect("a request");
    assert_eq!(
        request.url,
        "https://crm.example.com/api/customers/a%20%22c%22%20%24%7BKEY%7D?all=1"
    );
    assert_eq!(
        request.headers,
        [
            (
                "authorization".to_owned(),
                "Bearer x-https://crm.example.com/api".to_owned()
            ),
            ("x-user".to_owned(), "u".to_owned())
        ]
    );
    let body: Value = serde_json::from_str(request.body.as_deref().expect("a body")).expect("JSON");
    let said = "a \"c\" ${KEY}";
    assert_eq!(body, json!({"key": KEY, "said": said, "whole": said}));
}

#[test]
fn s14_a_value_changes_neither_host_nor_path() {
    for (user, expected) in [
        ("+1555", Ok("%2B1555")),
        ("@evil.com", Ok("%40evil.com")),
        ("a?x=1#y", Ok("a%3Fx%3D1%23y")),
        ("%2e%2e", Ok("%252e%252e")),
        ("...", Ok("...")),
        ("a\r\nHost: evil.com", Ok("a%0D%0AHost%3A%20evil.com")),
        (".", Err("a part of its path would be `.` or `..`")),
        ("..", Err("a part of its path would be `.` or `..`")),
        ("../admin", Err("a part of its path would be `.` or `..`")),
        (
            "a/../../admin",
            Err("a part of its path would be `.` or `..`"),
        ),
        ("..\\admin", Err("a part of its path would be `.` or `..`")),
        ("..;x=1", Err("a part of its path would be `.` or `..`")),
        ("", Err("a part of its path would be empty")),
        ("a//b", Err("a part of its path would be empty")),
    ] {
        let url = render(
            "url = \"https://crm.example.com/c/{{ turn.user }}/d\"",
            json!(user),
        );
        let expected = expected
            .map(|part| format!("https://crm.example.com/c/{part}/d"))
            .map_err(|error| FetchError(error.to_owned()));
        assert_eq!(url.map(|request| request.url), expected, "{user:?}");
    }
    let last = "url = \"https://crm.example.com/c/{{ turn.user }}\"";
    assert!(
        render(last, json!("")).is_err(),
        "it would be the list of all"
    );
    assert!(render(last, Value::Null).is_err());
    let query = "url = \"https://crm.example.com/c/?q={{ turn.user }}\"";
    let url = render(query, json!("")).expect("a request").url;
    assert_eq!(url, "https://crm.example.com/c/?q=");
    assert!(render(query, json!("x".repeat(9000))).is_err());
    let url = render(query, json!("../a&b=c")).expect("a request").url;
    assert_eq!(url, "https://crm.example.com/c/?q=..%2Fa%26b%3Dc");
}

#[test]
fn what_is_absent_makes_no_request_and_is_named() {
    let error = render(
        "url = \"https://a.example/{{ customer.number }}\"",
        json!("x"),
    );
    let error = error.expect_err("it is absent").to_string();
    assert_eq!(error, "its `url`: `customer.number` is absent");
}

#[test]
fn the_identity_is_that_of_the_whole_request() {
    let base = "url = \"https://a.example/{{ turn.user }}\"\nmethod = \"POST\"\nbody = \"b\"";
    let identity = |text: &str, user: &str| render(text, json!(user)).expect(text).identity;
    assert_eq!(identity(base, "a"), identity(base, "a"));
    assert_ne!(identity(base, "a"), identity(base, "b"));
    for (from, to) in [
        ("POST", "PUT"),
        ("body = \"b\"", "body = \"c\""),
        ("body", "pick = \"/a\"\nbody"),
        ("body", "headers = { a = \"b\" }\nbody"),
        ("a.example", "b.example"),
    ] {
        assert_ne!(
            identity(base, "a"),
            identity(&base.replace(from, to), "a"),
            "{to}"
        );
    }
}

#[test]
fn every_problem_is_told_with_its_place() {
    for (text, expected) in [
        ("method = \"GET\"", "`url` is missing"),
        (
            "url = \"ftp://a.example/\"",
            "1:7 a URL begins with https://",
        ),
        ("url = \"https://{{ turn.user }}/a\"", "1:7 this is no host"),
        (
            "url = \"https://a.example{{ turn.user }}\"",
            "1:7 the host ends in a",
        ),
        (
            "url = \"https://a.example:{{ turn.number }}/\"",
            "1:7 `a.example:` has no port",
        ),
        ("url = \"{{ turn.user }}\"", "1:7 a URL begins with"),
        (
            "url = \"${NONE}/a\"",
            "1:8 the environment variable `NONE` is not set",
        ),
        (
            "url = \"https://a.example/${BROKEN}\"",
            "1:26 the environment variable `BROKEN` has",
        ),
        (
            "url = \"https://a.example/${KEY}\"",
            "1:26 the environment variable `KEY` has",
        ),
        ("url = \"https://a.example/a b\"", "1:7 it has a sign"),
        ("url = \"https://a.example/a#b\"", "1:7 it has a sign"),
        (
            "url = \"https://a.example/a/../b\"",
            "1:7 its path has a part",
        ),
        (
            "url = \"https://u:p@a.example/\"",
            "1:7 a URL here has no user",
        ),
        (
            "url = \"https://a.example/{{ '${KEY}' }}\"",
            "1:30 `${` stands inside of a tag",
        ),
        ("url = \"https://a.example/${KEY\"", "1:26 `${` has no `}`"),
        (
            "url = \"https://a.example/{{ trun.user }}\"",
            "1:29 there is no `trun` here",
        ),
        (
            "url = \"https://a.example/{{ fetch.b }}\"",
            "1:7 a fetch can't speak of",
        ),
        (
            "url = \"https://a.example/{{ turn.user | safe }}\"",
            "1:41 there is no filter `safe`",
        ),
        (
            "url = \"https://a.example/\"\nbody = \"x\"",
            "2:8 a GET has no body",
        ),
        (
            "url = \"https://a.example/\"\nmethod = \"get\"",
            "2:10 unknown value `get`",
        ),
        (
            "url = \"https://a.example/\"\npick = \"a/b\"",
            "2:8 `a/b` does not begin with `/`",
        ),
        (
            "url = \"https://a.example/\"\npick = \"/a~b\"",
            "2:8 `/a~b` has a `~`",
        ),
        (
            "url = \"https://a.example/\"\nwithin = \"11s\"",
            "1:7 `within` must be",
        ),
        (
            "url = \"https://a.example/\"\nwithin = \"soon\"",
            "2:10 `soon` is no duration",
        ),
        (
            "url = \"https://a.example/\"\nat = \"once\"",
            "2:6 unknown value `once`",
        ),
        (
            "url = \"https://a.example/\"\nmethd = \"GET\"",
            "2:1 unknown field `methd`",
        ),
        (
            "url = \"https://a.example/\"\nheaders = { Host = \"x\" }",
            "2:20 the header `host` is",
        ),
        (
            "url = \"https://a.example/\"\nheaders = { \"a b\" = \"x\" }",
            "2:21 this is no name",
        ),
        (
            "url = \"https://a.example/\"\nheaders = { a = \"${BROKEN}\" }",
            "2:18 the environment",
        ),
        (
            "url = \"https://a.example/$CRM_PATH\"",
            "1:26 `$CRM_PATH` is no variable without braces",
        ),
        (
            "url = \"https://a.example/\"\nheaders = { a = \"Bearer $CRM_KEY\" }",
            "2:25 `$CRM_KEY` is no variable without braces",
        ),
        (
            "url = \"https://a.example/\"\nheaders = { a = \"x\\ny\" }",
            "2:18 a header has no",
        ),
    ] {
        let problems = read(text).expect_err(text);
        assert!(
            problems.iter().any(|problem| problem.contains(expected)),
            "{text}: {problems:?}"
        );
        assert!(!problems.join("").contains("k3y"), "{problems:?}");
    }
}

#[test]
fn s14_no_secret_and_no_value_is_shown() {
    let text = "url = \"https://a.example/{{ turn.user }}\"\nheaders = { a = \"${BASE}\" }";
    let fetch = read(text).expect("a fetch");
    let request = render(text, json!("4111")).expect("a request");
    let shown = format!("{fetch:?} {request:?} {:?} {:?}", fetch.url, fetch.headers);
    assert!(
        !shown.contains("crm.example") && !shown.contains("4111"),
        "{shown}"
    );
    assert!(request.headers[0].1.contains("crm.example"));
}

#[test]
fn two_are_the_same_where_the_files_say_the_same() {
    let one = "url = \"https://a.example/\"\nwithin = \"80ms\"";
    let read = |text: &str| read(text).expect(text);
    assert!(read(one).is_same_as(&read("within='80ms'\nurl = 'https://a.example/'")));
    assert!(!read(one).is_same_as(&read(&one.replace("80", "90"))));
}
