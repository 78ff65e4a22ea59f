//! Facts over HTTP in turns: what the model gets of them, and how long a turn waits.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::DEADLINE;
use crate::aside::{Aside, Program, Setup, config};
use crate::client::Client;
use crate::events::{EVENTS, JSON, SECRET, event, is_taken};
use crate::upstream::{Request, ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, saying, turn, turn_of, whole, with};

/// What no log may hold.
const PRIVATE: &[&str] = &["4155550123", "customers/", "gold", "canary@example.com"];
/// More than any `within` here that must not be waited for.
const QUICK: Duration = Duration::from_secs(8);

/// An answer with this plan.
fn plan(plan: &str) -> Vec<ScriptStep> {
    let customer = json!({ "plan": plan, "email": "canary@example.com", "nickname": "Zorbax" });
    whole("200 OK", JSON, &json!({ "customer": customer }).to_string())
}

/// A rule that tells the plan; `fetch` has more lines of `[fetch.crm]`.
fn rule(source: &Upstream, when: &str, fetch: &str) -> String {
    format!(
        r#"about = "The model knows the plan."
{when}
[then.inject]
text = "{{% if fetch.crm %}}Plan {{{{ fetch.crm.plan }}}}.{{% else %}}Plan unknown.{{% endif %}}"
[fetch.crm]
url = "http://{}/customers/{{{{ customer.number }}}}"
pick = "/customer"
{fetch}
"#,
        source.address()
    )
}

fn setup(model: &Upstream, source: &Upstream) -> Setup {
    let config = format!(
        "{}[fetch]\nhosts = [\"{}\"]\nprivate = true\n[vapi]\nsecret = \"${{SECRET}}\"\n",
        config(model, ""),
        source.address()
    );
    Setup::with_config(&config)
        .env("SECRET", SECRET[0].1)
        .env("ASIDE_LOG", "debug")
}

/// A server with that rule.
fn serving(model: &Upstream, source: &Upstream, when: &str, fetch: &str) -> Aside {
    Aside::serve(&setup(model, source).rule("10-plan", &rule(source, when, fetch)))
}

fn model() -> Upstream {
    Upstream::start(|request, _| match request.body.is_empty() {
        true => whole("200 OK", JSON, "{\"data\":[]}"),
        false => saying(&["Hello."]),
    })
}

/// One turn of the customer.
fn body(call: &str) -> Vec<u8> {
    with(
        &turn_of(call, "Hi."),
        json!({ "customer": { "number": "+14155550123" } }),
    )
}

/// Plays one turn; gives what the model got.
fn played(aside: &Aside, model: &Upstream, body: &[u8]) -> String {
    let number = model.count();
    let answer = aside.client().post(CHAT, &[], body);
    assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
    model.request(number).text()
}

/// Plays turns until the model gets this.
fn played_until(aside: &Aside, model: &Upstream, text: &str) {
    let deadline = Instant::now() + DEADLINE;
    while !played(aside, model, &body("call-1")).contains(text) {
        assert!(
            Instant::now() < deadline,
            "the model never gets `{text}`:\n{}",
            aside.printed()
        );
    }
}

/// Waits until so many turns are under way.
fn turns_are_underway(aside: &Aside, count: usize) {
    let deadline = Instant::now() + DEADLINE;
    let wanted = format!("aside_streams {count}\n");
    while !aside.client().get("/metrics", &[]).text().contains(&wanted) {
        assert!(Instant::now() < deadline, "never {count} turns");
    }
}

fn says_nothing_private(aside: &Aside) {
    let printed = aside.printed();
    for private in PRIVATE {
        assert!(!printed.contains(private), "`{private}` in:\n{printed}");
    }
}

#[test]
fn a_fetched_value_is_in_the_turn() {
    let (model, source) = (model(), Upstream::playing(plan("gold")));
    let aside = serving(&model, &source, "", "within = \"10s\"");
    let got = played(&aside, &model, &body("call-1"));
    assert!(got.contains("Plan gold."), "{got}");
    let asked = source.request(0);
    assert!(
        asked
            .head
            .starts_with("GET /customers/%2B14155550123 HTTP/1.1\r\n"),
        "{}",
        asked.head
    );
    assert!(asked.header("authorization").is_empty() && asked.header("x-call-id").is_empty());
    assert!(played(&aside, &model, &body("call-2")).contains("Plan gold."));
    assert_eq!(source.count(), 1, "it is fresh");
    says_nothing_private(&aside);
}

#[test]
fn a_turn_goes_on_without_a_source_that_hangs_and_the_next_has_its_late_answer() {
    let model = model();
    let source = Upstream::start(|_, _| [vec![ScriptStep::Wait(1)], plan("gold")].concat());
    let aside = serving(&model, &source, "", "within = \"300ms\"");
    let began = Instant::now();
    let got = played(&aside, &model, &body("call-1"));
    let took = began.elapsed();
    assert!(took > Duration::from_millis(290), "{took:?} is no patience");
    assert!(took < QUICK, "{took:?}");
    assert!(got.contains("Plan unknown."), "{got}");
    aside.wait_for("`fetch.crm` did not answer within 300 ms, so it is null");
    source.open(1);
    played_until(&aside, &model, "Plan gold.");
    assert_eq!(source.count(), 1, "nobody asked again");
    says_nothing_private(&aside);
}

#[test]
fn what_is_stale_is_served_at_once_and_asked_again_behind() {
    let model = model();
    let source = Upstream::start(|_, number| match number {
        0 => plan("gold"),
        1 => [vec![ScriptStep::Wait(1)], plan("silver")].concat(),
        _ => plan("silver"),
    });
    let fetch = "within = \"10s\"\nfresh = \"1ms\"\nstale = \"1h\"";
    let aside = serving(&model, &source, "", fetch);
    assert!(played(&aside, &model, &body("call-1")).contains("Plan gold."));
    std::thread::sleep(Duration::from_millis(5));
    let began = Instant::now();
    for _ in 0..2 {
        assert!(played(&aside, &model, &body("call-1")).contains("Plan gold."));
    }
    assert!(began.elapsed() < QUICK, "{:?}", began.elapsed());
    source.request(1);
    source.open(1);
    played_until(&aside, &model, "Plan silver.");
}

#[test]
fn the_last_known_value_is_used_where_a_source_fails() {
    let model = model();
    let source = Upstream::start(|_, number| match number {
        0 => plan("gold"),
        _ => whole("500 Oops", JSON, "{\"why\":\"gold\"}"),
    });
    let fetch = "within = \"10s\"\nfresh = \"1ms\"\nstale = \"1ms\"";
    let aside = serving(&model, &source, "", fetch);
    assert!(played(&aside, &model, &body("call-1")).contains("Plan gold."));
    std::thread::sleep(Duration::from_millis(5));
    assert!(played(&aside, &model, &body("call-1")).contains("Plan gold."));
    aside.wait_for("`fetch.crm` answered 500, so its last known value is used");
    says_nothing_private(&aside);
}

#[test]
fn only_rules_that_may_run_ask() {
    let (model, source) = (model(), Upstream::playing(plan("gold")));
    let when = r#"when = 'call.type == "inboundPhoneCall" && fetch.crm.plan == "gold"'"#;
    let aside = serving(&model, &source, when, "within = \"10s\"");
    let got = played(&aside, &model, &body("call-1"));
    assert!(!got.contains("Plan"), "{got}");
    assert_eq!(source.count(), 0, "its condition does not hold");
    let inbound = json!({ "call": { "id": "call-2", "type": "inboundPhoneCall" } });
    let got = played(&aside, &model, &with(&body("call-2"), inbound));
    assert!(got.contains("Plan gold."), "{got}");
    assert_eq!(source.count(), 1);
}

#[test]
fn rules_and_turns_share_one_request() {
    let model = model();
    let source = Upstream::start(|_, _| [vec![ScriptStep::Wait(1)], plan("gold")].concat());
    let rule = rule(&source, "", "within = \"10s\"");
    let other = rule.replace("Plan {{", "Also {{");
    let setup = setup(&model, &source).rule("10-plan", &rule);
    let aside = Aside::serve(&setup.rule("20-also", &other));
    let mut clients: Vec<Client> = (0..30).map(|_| aside.client()).collect();
    for (number, client) in clients.iter_mut().enumerate() {
        client.send("POST", CHAT, &[], &body(&format!("call-{number}")));
    }
    turns_are_underway(&aside, 30);
    source.open(1);
    for (number, client) in clients.iter_mut().enumerate() {
        assert_eq!(Reply::read(&client.answer().text()).heard(), "Hello.");
        let got = model.request(number).text();
        assert!(
            got.contains("Plan gold.") && got.contains("Also gold."),
            "{got}"
        );
    }
    assert_eq!(source.count(), 1);
}

#[test]
fn what_a_call_needs_is_asked_when_it_begins() {
    let (model, source) = (model(), Upstream::playing(plan("gold")));
    let aside = serving(&model, &source, "", "at = \"call\"\nwithin = \"10s\"");
    let customer = json!({ "status": "in-progress", "customer": { "number": "+14155550123" } });
    let began = event("status-update", "call-1", customer);
    is_taken(&aside.client().post(EVENTS, SECRET, &began));
    let asked = source.request(0);
    assert!(asked.head.starts_with("GET /customers/%2B14155550123 "));
    let got = played_of_chat(&aside, &model);
    assert!(got.contains("Plan gold."), "{got}");
    assert_eq!(source.count(), 1, "it was known before the turn");
    says_nothing_private(&aside);
}

/// Plays one turn beside the requests that warm the model's connections.
fn played_of_chat(aside: &Aside, model: &Upstream) -> String {
    let answer = aside.client().post(CHAT, &[], &body("call-1"));
    assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
    let is_chat = |request: &Request| request.head.starts_with("POST");
    let requests = (0..model.count()).map(|number| model.request(number));
    let chat = requests.into_iter().find(is_chat);
    chat.expect("the model was asked").text()
}

#[test]
fn s24_fetched_values_can_be_hidden() {
    let model = Upstream::playing(saying(&["Dear [NICK", "NAME_1], mail [EMAIL_1]."]));
    let source = Upstream::playing(plan("gold"));
    let redact = "about = \"The CRM's values stay here.\"\n[then.redact]\nknown = [\"fetch.crm.email\", \"fetch.crm.nickname\"]\n";
    let rule = rule(&source, "", "within = \"10s\"");
    let aside = Aside::serve(
        &setup(&model, &source)
            .rule("10-plan", &rule)
            .rule("20-hidden", redact),
    );
    let said = with(
        &turn("Zorbax here, it is canary@example.com."),
        json!({ "customer": { "number": "+14155550123" } }),
    );
    let answer = aside.client().post(CHAT, &[], &said);
    let heard = Reply::read(&answer.text()).heard();
    assert_eq!(heard, "Dear Zorbax, mail canary@example.com.");
    let got = model.request(0).text();
    assert!(got.contains("[NICKNAME_1] here, it is [EMAIL_1]."), "{got}");
    assert!(!got.contains("Zorbax") && !got.contains("canary"), "{got}");
    says_nothing_private(&aside);
}

#[test]
fn a_host_that_is_not_listed_is_refused() {
    let (model, source) = (model(), Upstream::playing(plan("gold")));
    let setup = Setup::with_config(&config(&model, "")).rule("10-plan", &rule(&source, "", ""));
    let checked = setup.run(&["check"], "");
    assert_eq!(checked.code, Some(1));
    let expected = format!("the host `{}` may not be asked", source.address());
    let told = checked.stdout + &checked.stderr;
    assert!(told.contains(&expected), "{told}");
    let mut program = Program::start(&["serve", "--listen", "127.0.0.1:0"], &setup);
    assert_eq!(program.ended().code(), Some(1));
    assert!(
        program.printed().contains(&expected),
        "{}",
        program.printed()
    );
    assert_eq!(source.count(), 0);
}

#[test]
fn a_bad_answer_is_no_answer() {
    let model = model();
    let elsewhere = Upstream::playing(plan("gold"));
    let redirect = format!("location: http://{}/customers/1\r\n", elsewhere.address());
    let large = json!({ "customer": { "plan": "gold".repeat(5 << 18) } }).to_string();
    for (steps, why) in [
        (whole("302 Found", &redirect, ""), "answered 302"),
        (whole("500 Oops", JSON, "{\"customer\":1}"), "answered 500"),
        (whole("200 OK", JSON, &large), "sent more than 64 KiB"),
        (
            whole("200 OK", JSON, "<b>gold</b>"),
            "did not answer with JSON",
        ),
        (vec![ScriptStep::Reset], "broke off its answer"),
        (whole("200 OK", JSON, "{\"customers\":[]}"), ""),
    ] {
        let source = Upstream::playing(steps);
        let aside = serving(&model, &source, "", "within = \"10s\"");
        let got = played(&aside, &model, &body("call-1"));
        assert!(got.contains("Plan unknown."), "{why}: {got}");
        if !why.is_empty() {
            aside.wait_for(&format!("`fetch.crm` {why}, so it is null"));
        }
        says_nothing_private(&aside);
    }
    assert_eq!(elsewhere.count(), 0, "no redirect is followed");
}

#[test]
fn r02_a_hang_up_while_a_fetch_is_awaited_asks_no_model() {
    let model = model();
    let source = Upstream::start(|_, _| [vec![ScriptStep::Wait(1)], plan("gold")].concat());
    let aside = serving(&model, &source, "", "within = \"10s\"");
    let mut client = aside.client();
    client.send("POST", CHAT, &[], &body("call-1"));
    source.request(0);
    let began = Instant::now();
    drop(client);
    turns_are_underway(&aside, 0);
    assert!(began.elapsed() < QUICK, "{:?}", began.elapsed());
    source.open(1);
    assert!(played(&aside, &model, &body("call-2")).contains("Plan gold."));
    assert_eq!((model.count(), source.count()), (1, 1));
    let metrics = aside.client().get("/metrics", &[]).text();
    assert!(metrics.contains("outcome=\"hung_up\"} 1\n"), "{metrics}");
}

#[test]
fn a_newer_turn_ends_one_that_still_waits_for_a_fetch() {
    let model = model();
    let source = Upstream::start(|_, _| [vec![ScriptStep::Wait(1)], plan("gold")].concat());
    let aside = serving(&model, &source, "", "within = \"10s\"");
    let [mut older, mut newer] = [aside.client(), aside.client()];
    older.send("POST", CHAT, &[], &body("call-1"));
    source.request(0);
    let began = Instant::now();
    newer.send("POST", CHAT, &[], &body("call-1"));
    let reply = Reply::read(&older.answer().text());
    assert!(began.elapsed() < QUICK, "{:?}", began.elapsed());
    assert_eq!(
        (&*reply.heard(), reply.finishes(0)),
        ("", vec!["stop".to_owned()])
    );
    source.open(1);
    assert_eq!(Reply::read(&newer.answer().text()).heard(), "Hello.");
    assert!(model.request(0).text().contains("Plan gold."));
    assert_eq!((model.count(), source.count()), (1, 1));
}
