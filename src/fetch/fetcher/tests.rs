use serde_json::json;
use tokio::sync::Notify;

use super::testing::{Act, FakeSource, with_head};
use super::*;
use crate::files::Document;

/// Longer than anything here takes, on any machine.
const DEADLINE: Duration = Duration::from_secs(20);

fn run(test: impl Future<Output = ()>) {
    actix_web::rt::System::new().block_on(async {
        let ended = tokio::time::timeout(DEADLINE, test).await;
        ended.expect("the test ends in time");
    });
}

fn fetch(name: &str, url: &str, more: &str) -> Arc<Fetch> {
    let text = format!("url = \"{url}\"\n{more}");
    let source = crate::files::Source::new("a.toml", text);
    let document = Document::parse(&source).expect("TOML");
    let (fetch, problems) = Fetch::read(name, document, &|_| None);
    Arc::new(fetch.unwrap_or_else(|| panic!("{problems:?}")).0)
}

/// A fetch of a source, whose request differs by what the user says.
fn of(source: &FakeSource, more: &str) -> Arc<Fetch> {
    let url = format!("http://{}/customers?q={{{{ turn.user }}}}", source.address);
    fetch("crm", &url, more)
}

fn fetcher(source: &FakeSource) -> Fetcher {
    let host = Host::try_from(source.address.to_string()).expect("a host");
    Fetcher::new(vec![host], true)
}

/// The client of a worker.
fn http() -> HttpClient {
    HttpClient::new(crate::net::tls::from_environment().expect("roots"))
}

fn says(user: &str) -> Facts {
    let mut facts = Facts::default();
    facts.set("turn", json!({ "user": user }));
    facts
}

/// Value and note of one fetch, as `value / note`.
async fn gather(fetcher: &Fetcher, fetch: &Arc<Fetch>, user: &str) -> String {
    let mut fetched = fetcher
        .gather(&http(), std::slice::from_ref(fetch), &says(user))
        .await;
    let Fetched {
        name, value, note, ..
    } = fetched.remove(0);
    assert_eq!(name, "crm");
    let value = value.map_or("null".to_owned(), |text| text.to_string());
    match note {
        None => value,
        Some(note) => format!("{value} / {note}"),
    }
}

async fn until_landed(fetcher: &Fetcher) {
    while fetcher.under_way() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn an_answer_is_kept_while_it_is_fresh() {
    run(async {
        let source = FakeSource::start([Act::Json(r#"{"data": [{"n": 1.50}]}"#)]).await;
        let crm = of(
            &source,
            "within = \"5s\"\nmethod = \"POST\"\nheaders = { x-key = \"k\" }\npick = \"/data/0\"\n\
             body = '{\"said\": \"{{ turn.user }}\"}'",
        );
        let fetcher = fetcher(&source);
        for _ in 0..3 {
            assert_eq!(gather(&fetcher, &crm, "a \"b\"").await, r#"{"n": 1.50}"#);
        }
        assert_eq!(gather(&fetcher, &crm, "c").await, r#"{"n": 1.50}"#);
        let requests = source.requests();
        assert_eq!(requests.len(), 2, "another question is another request");
        let request = requests[0].to_ascii_lowercase();
        let host = format!("host: {}", source.address);
        for part in [
            "post /customers?q=a%20%22b%22 http/1.1",
            host.as_str(),
            "x-key: k",
            "accept-encoding: identity",
            "content-type: application/json",
            r#"{"said": "a \"b\""}"#,
        ] {
            assert!(request.contains(part), "{part} in {request}");
        }
        assert!(!request.contains("cookie"), "{request}");
    });
}

#[test]
fn s14_fifty_who_ask_at_once_are_one_request() {
    run(async {
        let told = Arc::new(Notify::new());
        let source = FakeSource::start([Act::Held(told.clone(), "{\"n\":1}")]).await;
        let (crm, fetcher) = (of(&source, "within = \"10s\""), fetcher(&source));
        let all = join_all((0..50).map(|_| gather(&fetcher, &crm, "a")));
        let tell = async {
            while source.requests().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert_eq!(fetcher.under_way(), 1);
            told.notify_one();
        };
        let (all, ()) = futures::future::join(all, tell).await;
        assert!(all.iter().all(|value| value == "{\"n\":1}"), "{all:?}");
        assert_eq!(source.requests().len(), 1);
    });
}

#[test]
fn a_late_answer_is_there_for_the_next_turn() {
    run(async {
        let told = Arc::new(Notify::new());
        let source = FakeSource::start([Act::Held(told.clone(), "{\"n\":1}")]).await;
        let (crm, fetcher) = (of(&source, "within = \"30ms\""), fetcher(&source));
        assert_eq!(
            gather(&fetcher, &crm, "a").await,
            "null / `fetch.crm` did not answer within 30 ms, so it is null"
        );
        told.notify_one();
        until_landed(&fetcher).await;
        assert_eq!(gather(&fetcher, &crm, "a").await, "{\"n\":1}");
        assert_eq!(source.requests().len(), 1);
    });
}

#[test]
fn what_is_stale_is_served_at_once_and_asked_again_behind() {
    run(async {
        let told = Arc::new(Notify::new());
        let acts = [Act::Json("1"), Act::Held(told.clone(), "2"), Act::Json("3")];
        let source = FakeSource::start(acts).await;
        let crm = of(&source, "within = \"5s\"\nfresh = \"0s\"");
        let fetcher = fetcher(&source);
        assert_eq!(gather(&fetcher, &crm, "a").await, "1");
        for _ in 0..3 {
            assert_eq!(
                gather(&fetcher, &crm, "a").await,
                "1",
                "nobody waits for the second"
            );
        }
        told.notify_one();
        until_landed(&fetcher).await;
        assert_eq!(gather(&fetcher, &crm, "a").await, "2");
        until_landed(&fetcher).await;
        assert_eq!(source.requests().len(), 3);
    });
}

#[test]
fn the_last_known_value_is_used_where_the_source_fails() {
    run(async {
        let wrong = Act::Raw(with_head("500 Oh", "", "4111"));
        let source = FakeSource::start([Act::Json("1"), wrong, Act::Hang]).await;
        let never_fresh = "fresh = \"0s\"\nstale = \"0s\"\n";
        let crm = of(&source, &format!("{never_fresh}within = \"5s\""));
        let fetcher = fetcher(&source);
        assert_eq!(gather(&fetcher, &crm, "a").await, "1");
        let used = "1 / `fetch.crm` answered 500, so its last known value is used";
        assert_eq!(gather(&fetcher, &crm, "a").await, used);
        assert_eq!(
            gather(&fetcher, &crm, "a").await,
            used,
            "it is not asked again at once"
        );
        assert_eq!(source.requests().len(), 2);
        let crm = of(&source, &format!("{never_fresh}within = \"30ms\""));
        let slow = "1 / `fetch.crm` did not answer within 30 ms, so its last known value is used";
        while gather(&fetcher, &crm, "a").await != slow {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

#[test]
fn s14_what_is_no_good_answer_is_null_and_says_why() {
    run(async {
        let big = format!("\"{}\"", "x".repeat(70_000));
        let chunks = "8000\r\n".to_owned() + &"1".repeat(0x8000) + "\r\n";
        let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let deep = "[".repeat(500) + &"]".repeat(500);
        let elsewhere = FakeSource::start([Act::Json("{\"stolen\":1}")]).await;
        let location = format!("location: http://{}/\r\n", elsewhere.address);
        for (act, note) in [
            (Act::Raw(with_head("500 Oh", "", "{}")), "answered 500"),
            (Act::Raw(with_head("404 No", "", "{}")), "answered 404"),
            (
                Act::Raw(with_head("302 There", &location, "{}")),
                "answered 302",
            ),
            (
                Act::Raw(with_head("200 OK", "", &big)),
                "sent more than 64 KiB",
            ),
            (
                Act::Raw(format!("{chunked}{}0\r\n\r\n", chunks.repeat(3))),
                "sent more than 64 KiB",
            ),
            (
                Act::Raw(with_head("200 OK", "", "<html>")),
                "did not answer with JSON",
            ),
            (
                Act::Raw(with_head("200 OK", "", "")),
                "did not answer with JSON",
            ),
            (
                Act::Raw(with_head("200 OK", "", &deep)),
                "did not answer with JSON",
            ),
            (
                Act::Raw(with_head("200 OK", "content-encoding: gzip\r\n", "{}")),
                "sent a compressed answer, unasked",
            ),
            (
                Act::Raw(with_head("200 OK", "", "{\"a\":1}").replace("length: 7", "length: 70")),
                "broke off its answer",
            ),
            (
                Act::Raw("garbage\r\n\r\n".to_owned()),
                "broke off its answer",
            ),
            (Act::Reset, "broke off its answer"),
        ] {
            let shown = format!("{act:?}").chars().take(60).collect::<String>();
            let source = FakeSource::start([act]).await;
            let (crm, fetcher) = (of(&source, "within = \"10s\""), fetcher(&source));
            let expected = format!("null / `fetch.crm` {note}, so it is null");
            assert_eq!(
                gather(&fetcher, &crm, "4111 1111").await,
                expected,
                "{shown}"
            );
        }
        assert!(elsewhere.requests().is_empty(), "no redirect is followed");
    });
}

#[test]
fn a_source_that_fails_again_and_again_is_left_in_peace_and_then_probed() {
    run(async {
        let wrong = Act::Raw(with_head("500 Oh", "", "{}"));
        let acts = std::iter::repeat_n(wrong, 5).chain([Act::Json("1")]);
        let source = FakeSource::start(acts).await;
        let (crm, fetcher) = (of(&source, "within = \"10s\""), fetcher(&source));
        for user in ["a", "b", "c", "d", "e"] {
            assert!(gather(&fetcher, &crm, user).await.contains("answered 500"));
        }
        let open = gather(&fetcher, &crm, "f").await;
        assert_eq!(
            open,
            "null / `fetch.crm` was not asked, since it failed often, so it is null"
        );
        assert_eq!(source.requests().len(), 5);
        while gather(&fetcher, &crm, "f").await != "1" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(source.requests().len(), 6, "one probe");
        assert_eq!(gather(&fetcher, &crm, "g").await, "1");
    });
}

#[test]
fn a_source_that_does_not_know_a_customer_is_not_ill() {
    run(async {
        let source = FakeSource::start([Act::Raw(with_head("404 No", "", "{}"))]).await;
        let (crm, fetcher) = (of(&source, "within = \"10s\""), fetcher(&source));
        for user in 0..8 {
            let came = gather(&fetcher, &crm, &user.to_string()).await;
            assert!(came.contains("answered 404"), "{came}");
        }
    });
}

#[test]
fn requests_under_way_are_bounded_for_each_host() {
    run(async {
        let source = FakeSource::start([Act::Hang]).await;
        let (crm, fetcher) = (of(&source, "within = \"200ms\""), fetcher(&source));
        let users: Vec<String> = (0..40).map(|user| user.to_string()).collect();
        let began = Instant::now();
        let all = join_all(users.iter().map(|user| gather(&fetcher, &crm, user))).await;
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "all wait at once"
        );
        let shed = all.iter().filter(|came| came.contains("too many requests"));
        assert_eq!((shed.count(), fetcher.under_way()), (8, 32));
    });
}

#[test]
fn s14_private_addresses_are_not_asked_unless_the_config_says_so() {
    run(async {
        let source = FakeSource::start([Act::Json("1")]).await;
        let port = source.address.port();
        for (name, private, is_good) in [
            ("127.0.0.1", false, false),
            ("localhost", false, false),
            ("127.0.0.1", true, true),
            ("localhost", true, true),
        ] {
            let host = format!("{name}:{port}");
            let crm = fetch("crm", &format!("http://{host}/"), "within = \"10s\"");
            let fetcher = Fetcher::new(vec![Host::try_from(host).expect("a host")], private);
            let came = gather(&fetcher, &crm, "").await;
            let private = "no public address, and `private` is not set";
            assert_eq!(
                (came == "1", came.contains(private)),
                (is_good, !is_good),
                "{came}"
            );
            assert_eq!(source.requests().is_empty(), !is_good, "{name}");
        }
        let came = gather(&Fetcher::new(vec![], true), &of(&source, ""), "").await;
        assert!(came.contains("its host is not in the config's"), "{came}");
    });
}

#[test]
fn what_is_prefetched_is_there_when_the_turn_comes() {
    run(async {
        let source = FakeSource::start([Act::Json("1")]).await;
        let (crm, fetcher) = (
            of(&source, "at = \"call\"\nwithin = \"1ms\""),
            fetcher(&source),
        );
        fetcher.prefetch(&http(), std::slice::from_ref(&crm), &says("a"));
        until_landed(&fetcher).await;
        assert_eq!(gather(&fetcher, &crm, "a").await, "1");
        assert_eq!(source.requests().len(), 1);
    });
}

#[test]
fn a_fetch_that_can_not_be_rendered_is_null_and_holds_up_no_other() {
    run(async {
        let source = FakeSource::start([Act::Json("1")]).await;
        let fetcher = fetcher(&source);
        let url = format!("http://{}/{{{{ customer.number }}}}", source.address);
        let wanted = [
            fetch("a", &url, ""),
            fetch(
                "b",
                &format!("http://{}/x", source.address),
                "within = \"10s\"",
            ),
        ];
        let fetched = fetcher.gather(&http(), &wanted, &Facts::default()).await;
        let note = "`fetch.a` was not asked: its `url`: `customer.number` is absent, so it is null";
        assert_eq!(fetched[0].note.as_deref(), Some(note));
        assert_eq!(
            (fetched[1].name.as_str(), fetched[1].value.as_deref()),
            ("b", Some("1"))
        );
    });
}

#[test]
fn s14_a_source_that_drips_is_left_after_ten_seconds() {
    run(async {
        let source = FakeSource::start([Act::Drip]).await;
        let (crm, fetcher) = (of(&source, "within = \"30ms\""), fetcher(&source));
        let came = gather(&fetcher, &crm, "a").await;
        assert!(came.contains("did not answer within 30 ms"), "{came}");
        until_landed(&fetcher).await;
        let came = gather(&fetcher, &crm, "a").await;
        assert!(came.contains("did not answer within 10 s"), "{came}");
    });
}

#[test]
fn workers_share_a_fetcher() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Fetcher>();
}
