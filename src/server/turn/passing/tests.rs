use std::sync::atomic::AtomicU32;

use super::*;
use crate::files::Source;
use crate::lang::facts::Facts;
use crate::ruleset::Ruleset;

const REDACT: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\", \"phone\"]";

fn rules(texts: &[&str]) -> Arc<CountedRuleset> {
    let sources = texts.iter().enumerate();
    let sources = sources.map(|(at, text)| Source::new(format!("{at}.toml"), *text));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    Arc::new(CountedRuleset::new(
        ruleset.unwrap_or_else(|| panic!("{problems:?}")),
        None,
    ))
}

fn body(said: &str) -> String {
    serde_json::json!({"messages": [{"role": "user", "content": said}]}).to_string()
}

fn input(body: &str) -> TurnInput {
    let request = ChatRequest::parse(body.to_owned().into()).expect("a request");
    TurnInput::new(request, Facts::default())
}

/// Card numbers, other ones each time: `count` of them.
fn cards(count: usize) -> String {
    let card = |n: usize| format!("4111 1111 {:04} {:04} ", n / 10_000, n % 10_000);
    (0..count).map(card).collect()
}

fn play<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime.expect("a runtime"), work)
}

#[test]
fn a_turn_full_of_numbers_holds_no_other() {
    let (rules, off_worker) = (rules(&[REDACT]), OffWorker::default());
    let body = body(&cards(3000));
    let ticks = AtomicU32::new(0);
    let others = async {
        loop {
            tokio::time::sleep(Duration::from_millis(1)).await;
            ticks.fetch_add(1, Ordering::Relaxed);
        }
    };
    let minute = Duration::from_secs(60);
    let turn = pass(
        &rules,
        &off_worker,
        body.as_bytes(),
        minute,
        Instant::now(),
        input(&body),
    );
    let passed = play(async {
        tokio::select! { passed = turn => passed, () = others => unreachable!("it goes on for ever") }
    });
    let passed = passed.unwrap_or_else(|refused| panic!("{refused}"));
    assert!(!passed.request.messages()[0].text().contains("4111 1111"));
    assert!(ticks.into_inner() > 2, "the others went on meanwhile");
}

#[test]
fn s16_rules_that_take_too_long_let_nothing_through() {
    let minute = Duration::from_secs(60);
    let little = Duration::from_millis(1);
    for (said, time) in [(cards(3000), little), ("Hi.".to_owned(), Duration::ZERO)] {
        let off_worker = OffWorker::default();
        let rules = rules(&[REDACT]);
        let body = body(&said);
        let bytes = body.as_bytes();
        let refused = play(pass(
            &rules,
            &off_worker,
            bytes,
            time,
            Instant::now(),
            input(&body),
        ));
        assert!(refused.is_err(), "{} bytes", body.len());
        // What was not read in time is not remembered as clean.
        let again = play(pass(
            &rules,
            &off_worker,
            bytes,
            minute,
            Instant::now(),
            input(&body),
        ));
        let passed = again.unwrap_or_else(|refused| panic!("{refused}"));
        assert!(!passed.request.messages()[0].text().contains("4111 1111"));
    }
}

#[test]
fn a_rule_that_may_fail_is_skipped_when_the_time_is_over() {
    let rules = rules(&["about = \"x\"\n[then.inject]\ntext = \"a\""]);
    let body = body("Hi.");
    let off_worker = OffWorker::default();
    let turn = pass(
        &rules,
        &off_worker,
        body.as_bytes(),
        Duration::ZERO,
        Instant::now(),
        input(&body),
    );
    let passed = play(turn).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(passed.request.messages().len(), 1);
    assert_eq!(passed.steps[0].why.as_deref(), Some(TIME_IS_OVER));
}

#[test]
fn a_turn_that_waits_for_a_place_waits_no_longer_than_its_time() {
    let rules = rules(&[REDACT]);
    let body = body(&cards(3000));
    let off_worker = OffWorker::with_places(0);
    let little = Duration::from_millis(1);
    let refused = play(pass(
        &rules,
        &off_worker,
        body.as_bytes(),
        little,
        Instant::now(),
        input(&body),
    ));
    assert_eq!(
        refused.err().map(|refused| refused.why).as_deref(),
        Some(TIME_IS_OVER)
    );
}
