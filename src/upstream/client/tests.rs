use super::*;
use crate::upstream::{KeyPlace, KeySource};

#[test]
fn a_path_stands_before_the_query_of_a_base_url() {
    for (base, expected) in [
        (
            "https://a.example/v1",
            "https://a.example/v1/chat/completions",
        ),
        (
            "https://a.example/v1/",
            "https://a.example/v1/chat/completions",
        ),
        ("https://a.example", "https://a.example/chat/completions"),
        (
            "https://a.example/v1?key=k&v=2",
            "https://a.example/v1/chat/completions?key=k&v=2",
        ),
        (
            "https://a.example/v1/?key=a/b",
            "https://a.example/v1/chat/completions?key=a/b",
        ),
        (
            "https://a.example?v=2",
            "https://a.example/chat/completions?v=2",
        ),
        (
            "https://a.example/v1/chat/completions?api-version=1",
            "https://a.example/v1/chat/completions?api-version=1",
        ),
        (
            "https://a.example/v1/chat/completions/?v=1?2",
            "https://a.example/v1/chat/completions?v=1?2",
        ),
        (
            "https://a.example/v1?",
            "https://a.example/v1/chat/completions",
        ),
    ] {
        let uri = url_of(base, "/chat/completions").expect(base);
        assert_eq!(uri.to_string(), expected);
    }
    let models = url_of("https://a.example/v1?v=2", "/models").expect("a URL");
    assert_eq!(models.to_string(), "https://a.example/v1/models?v=2");
}

#[test]
fn what_failed_with_a_key_says_nothing_of_the_next_one() {
    let key = KeptKey::new(KeySource::Fixed("one".into()), KeyPlace::Bearer);
    let key = Arc::new(key.expect("a key"));
    let built = Upstream::new(
        "a",
        Preset::default(),
        "http://a",
        key.clone(),
        &[],
        FormConfig::default(),
    );
    let (upstream, now) = (built.expect("an upstream"), Instant::now());
    let fail = |refused: bool| {
        for _ in 0..5 {
            upstream.health.ask(now).failed(now, None);
        }
        if refused {
            upstream.refused(upstream.key.generation());
        }
        upstream.fitness(now)
    };
    assert_eq!(fail(true), Fitness::Ill, "the key is the same");
    key.set("two".into()).expect("a key");
    assert_eq!(upstream.fitness(now), Fitness::Fit);
    assert_eq!(fail(false), Fitness::Ill);
    key.set("three".into()).expect("a key");
    assert_eq!(
        upstream.fitness(now),
        Fitness::Ill,
        "it was not for the key"
    );
}

#[test]
fn credentials_in_a_url_are_told_for_they_go_nowhere() {
    for base in [
        "http://user:p%40ss@a.example/v1",
        "https://t0ken@a.example",
        "https://u:@a.example:8080/v1",
    ] {
        assert_eq!(
            url_of(base, "/models"),
            Err(UpstreamConfigError::UserInfo),
            "{base}"
        );
    }
    let told = UpstreamConfigError::UserInfo.to_string();
    assert!(
        told.contains("`key`") && told.contains("Basic ${CREDENTIALS}"),
        "{told}"
    );
}

#[test]
fn what_is_no_url_is_told_without_its_text() {
    for base in [
        "https://a.example/v1#s3cr3t",
        "https://a/?k=s3cr3t#x",
        "htp://s3cr3t",
        "s3cr3t",
        "https://?s3cr3t",
        "https://a b/s3cr3t",
        "http://127.0.0.1:99999/s3cr3t",
        "http://127.0.0.1:x/v1?key=s3cr3t",
        "https://a.example:/v1/s3cr3t",
        "https://u:s3cr3t@a.example:0",
        "http://[::1]:65536/s3cr3t/chat/completions",
    ] {
        let told = url_of(base, "/models").expect_err(base).to_string();
        assert!(told.contains("`url`") && !told.contains("s3cr3t"), "{told}");
    }
}
