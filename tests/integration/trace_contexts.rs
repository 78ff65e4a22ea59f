//! W3C Trace Context: whose trace a turn is of, what upstreams are told of it, and what is kept.

use std::time::Duration;

use crate::aside::{Aside, Setup, config};
use crate::otlp::Sink;
use crate::upstream::Upstream;
use crate::wire::{CHAT, Reply, saying, turn};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const ASKED_BY: (&str, &str) = (
    "traceparent",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
);

fn serve(upstream: &Upstream, trace: &str) -> Aside {
    Aside::serve(&Setup::with_config(&config(
        upstream,
        &format!("\n{trace}"),
    )))
}

fn ask(aside: &Aside, headers: &[(&str, &str)]) {
    let answer = aside.client().post(CHAT, headers, &turn("Hi."));
    assert_eq!(Reply::read(&answer.text()).heard(), "Well.");
}

#[test]
fn what_is_not_sampled_is_not_posted_and_upstreams_are_told_so() {
    for (sample, headers) in [
        ("sample = 0.0", &[][..]),
        (
            "",
            &[(
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
            )],
        ),
    ] {
        let (sink, upstream) = (Sink::start(), Upstream::playing(saying(&["Well."])));
        let aside = serve(&upstream, &sink.config(sample));
        ask(&aside, headers);
        let told = upstream.request(0).header("traceparent").concat();
        assert!(told.ends_with("-00") || told.ends_with("-02"), "{told}");
        // Who is asked by somebody that keeps its trace keeps it too, and it is the only one.
        ask(&aside, &[ASKED_BY]);
        let spans = sink.turn();
        std::thread::sleep(Duration::from_millis(700));
        assert_eq!((sink.turns(1).len(), &*spans[0].trace), (1, TRACE));
    }
}

#[test]
fn upstreams_are_told_of_no_trace_where_none_is_wanted_or_the_callers_is_none() {
    let (sink, upstream) = (Sink::start(), Upstream::playing(saying(&["Well."])));
    let off = serve(&upstream, "");
    let silent = serve(&upstream, &sink.config("propagate = false"));
    for aside in [&off, &silent] {
        ask(aside, &[ASKED_BY, ("tracestate", "vendor=1")]);
    }
    for number in 0..2 {
        let got = upstream.request(number);
        assert!(got.header("traceparent").is_empty() && got.header("tracestate").is_empty());
    }
    let telling = serve(&upstream, &sink.config(""));
    ask(
        &telling,
        &[
            ("traceparent", "00-canary-canary-01"),
            ("tracestate", "vendor=1"),
        ],
    );
    let got = upstream.request(2);
    let told = got.header("traceparent").concat();
    assert!(told.len() == 55 && !told.contains(TRACE), "{told}");
    assert!(
        got.header("tracestate").is_empty(),
        "a state alone says nothing"
    );
}
