use std::net::TcpListener;
use std::time::{Instant, SystemTime};

use super::*;
use crate::net::tls;
use crate::net::trace_context::TraceContext;
use crate::record::{FetchTimes, Timeline, Timespan};
use crate::trace::TracedReply;

fn turn() -> TracedTurn {
    let fetch = FetchTimes {
        name: "crm".to_owned(),
        from: 1,
        to: 2,
        result: None,
    };
    TracedTurn {
        place: TraceContext::begin().sampled(true),
        parent: None,
        arrived: SystemTime::now(),
        turn: "turn_1".to_owned(),
        call: None,
        route: "default".to_owned(),
        rules: String::new(),
        wants_stream: true,
        timeline: Timeline {
            context: Some(Timespan { from: 0, to: 1 }),
            fetches: vec![fetch],
            ended: "hung_up".to_owned(),
            ..Timeline::default()
        },
        steps: Vec::new(),
        attempts: Vec::new(),
        reply: TracedReply::default(),
    }
}

#[test]
fn what_does_not_fit_is_dropped_at_once_and_every_span_is_counted() {
    // A port that was free a moment ago: nobody is there.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let url = format!("http://{}/v1/traces", port.expect("a port"));
    let collector = Collector {
        url: url.parse().expect("a URL"),
        headers: HeaderMap::new(),
        service: "aside".to_owned(),
        tls: tls::from_environment().expect("roots"),
    };
    let tracer = Tracer::start(collector, 1.0, true).expect("a thread");
    let spans = spans_of(&turn()).len() as u64;
    assert_eq!((spans, turn().spans()), (3, 3));
    let turns = (MOST_WAITING + MOST_AT_ONCE) as u64 + 700;
    (0..turns).for_each(|_| tracer.take(turn()));
    let dropped = tracer.counts().dropped;
    assert!(
        dropped >= spans && dropped.is_multiple_of(spans),
        "{dropped}"
    );
    tracer.hurry();
    let deadline = Instant::now() + Duration::from_secs(20);
    while tracer.waiting() > 0 {
        assert!(Instant::now() < deadline, "{} wait", tracer.waiting());
        std::thread::sleep(Duration::from_millis(5));
    }
    let counts = tracer.counts();
    assert_eq!(counts.sent, 0);
    assert_eq!(counts.dropped + counts.failed, turns * spans);
}
