//! Collectors of traces that are dead, slow or busy: no turn waits for one, what is lost is counted, and
//! the end of the process is bounded.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::otlp::Sink;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, saying, turn, whole};

fn serve(upstream: &Upstream, trace: &str) -> Aside {
    Aside::serve(&Setup::with_config(&config(
        upstream,
        &format!("\n{trace}"),
    )))
}

fn ask(aside: &Aside) {
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), "Hello.");
}

/// How many spans had this outcome, as `/metrics` says.
fn spans(aside: &Aside, outcome: &str) -> u64 {
    let metrics = aside.client().get("/metrics", &[]).text();
    let name = format!("aside_trace_spans_total{{outcome=\"{outcome}\"}} ");
    let mut lines = metrics.lines().filter_map(|line| line.strip_prefix(&name));
    lines
        .next()
        .map_or(0, |count| count.parse().expect("a number"))
}

fn wait_for_spans(aside: &Aside, outcome: &str, count: u64) {
    let deadline = Instant::now() + DEADLINE;
    while spans(aside, outcome) < count {
        assert!(Instant::now() < deadline, "{count} spans {outcome}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Tells it to end: it does so whatever becomes of its spans.
fn ends_soon(aside: &mut Aside) {
    let began = Instant::now();
    aside.program().signal("TERM");
    aside.program().ended();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(8), "{took:?}");
}

#[test]
fn a_collector_that_is_not_there_slows_no_turn_and_is_told_once() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let mut aside = serve(&upstream, &format!("[trace]\notlp = \"http://{port}\"\n"));
    let began = Instant::now();
    (0..20).for_each(|_| ask(&aside));
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    aside.wait_for("the collector takes no traces");
    wait_for_spans(&aside, "failed", 2);
    ask(&aside);
    ends_soon(&mut aside);
    assert_eq!(aside.printed().matches("takes no traces").count(), 1);
}

#[test]
fn a_collector_that_never_answers_holds_neither_turns_nor_the_end() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let sink = Sink::playing(vec![ScriptStep::Hang]);
    let mut aside = serve(&upstream, &sink.config(""));
    ask(&aside);
    sink.server().request(0);
    ask(&aside);
    ends_soon(&mut aside);
}

#[test]
fn a_collector_that_is_busy_gets_the_same_spans_again() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let sink = Sink::answering(|number| match number {
        0 => whole("503 Service Unavailable", "", ""),
        _ => whole("200 OK", "", ""),
    });
    let aside = serve(&upstream, &sink.config(""));
    ask(&aside);
    wait_for_spans(&aside, "sent", 2);
    let posted = [0, 1].map(|number| sink.server().request(number).body);
    assert!(posted[0] == posted[1] && !posted[0].is_empty());
    assert_eq!(spans(&aside, "failed"), 0);
}

#[test]
fn spans_that_a_collector_refuses_are_counted_and_not_sent_again() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let refuses = Sink::playing(whole("400 Bad Request", "", ""));
    let aside = serve(&upstream, &refuses.config(""));
    ask(&aside);
    wait_for_spans(&aside, "failed", 2);
    assert_eq!(refuses.server().count(), 1);
    // `partial_success { rejected_spans: 1 }`
    let some = Sink::playing(vec![ScriptStep::Send(
        b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\x0a\x02\x08\x01".to_vec(),
    )]);
    let aside = serve(&upstream, &some.config(""));
    ask(&aside);
    wait_for_spans(&aside, "failed", 1);
    assert_eq!(spans(&aside, "sent"), 1);
}

#[test]
fn the_last_turns_of_a_process_are_traced() {
    let upstream = Upstream::playing(saying(&["Hello."]));
    let sink = Sink::start();
    let mut aside = serve(&upstream, &sink.config(""));
    (0..5).for_each(|_| ask(&aside));
    aside.program().signal("TERM");
    aside.program().ended();
    assert_eq!(sink.turns(5).len(), 5);
}
