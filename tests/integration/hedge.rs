//! The next upstream is asked early where that was asked for, those that fail are left in peace,
//! and a request that met a stale connection is sent again.

use std::time::{Duration, Instant};

use crate::aside::{Aside, Setup};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{APOLOGY, CHAT, Reply, saying, stream_head, turn, whole};
use crate::{figure, spread, times};

fn pair(first: &Upstream, second: &Upstream, route: &str) -> Aside {
    let (one, two) = (first.url(), second.url());
    Aside::serve(&Setup::with_config(&format!(
        r#"[upstream.first]
url = "{one}"
[upstream.second]
url = "{two}"
[route.default]
upstreams = ["first", "second"]
first_token = "4s"
{route}
"#
    )))
}

fn heard(aside: &Aside) -> String {
    let answer = aside.client().post(CHAT, &[], &turn("Hi."));
    Reply::read(&answer.text()).heard()
}

#[test]
fn the_next_upstream_answers_when_the_first_is_slow_and_the_first_is_dropped() {
    let first = Upstream::playing(vec![stream_head(), ScriptStep::Hang]);
    let second = Upstream::playing(saying(&["Second here."]));
    let aside = pair(&first, &second, "hedge = \"150ms\"");
    let began = Instant::now();
    assert_eq!(heard(&aside), "Second here.");
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(150), "{took:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
    first.gone(0);
    assert_eq!((first.count(), second.count()), (1, 1));
}

#[test]
fn a_quick_first_upstream_is_not_hedged() {
    let first = Upstream::playing(saying(&["First here."]));
    let second = Upstream::playing(saying(&["Second here."]));
    let aside = pair(&first, &second, "hedge = \"2s\"");
    for _ in 0..5 {
        assert_eq!(heard(&aside), "First here.");
    }
    assert_eq!(second.count(), 0);
}

#[test]
fn hedges_are_bounded() {
    let mut late = saying(&["First here."]);
    late.insert(0, ScriptStep::Pause(Duration::from_millis(400)));
    let first = Upstream::playing(late);
    let second = Upstream::playing(vec![ScriptStep::Hang]);
    let aside = pair(&first, &second, "hedge = \"50ms\"");
    for _ in 0..14 {
        assert_eq!(heard(&aside), "First here.");
    }
    assert!(second.count() <= 10, "{}", second.count());
    assert!(second.count() >= 5, "{}", second.count());
}

#[test]
fn r18_an_upstream_that_fails_again_and_again_is_asked_last() {
    let first = Upstream::playing(whole("500 Oops", "", ""));
    let second = Upstream::playing(saying(&["Second here."]));
    let aside = pair(&first, &second, "");
    let mut took = Vec::new();
    for _ in 0..12 {
        let began = Instant::now();
        assert_eq!(heard(&aside), "Second here.");
        took.push(began.elapsed());
    }
    figure(
        "R18",
        "a turn whose first upstream answers 500, failover included",
        &spread(took),
    );
    // Five that opened it, and at most a probe for each second that passed.
    assert!((5..=9).contains(&first.count()), "{}", first.count());
}

#[test]
fn r18_a_turn_with_nobody_else_to_ask_is_never_turned_away() {
    let upstream = Upstream::playing(whole("500 Oops", "", ""));
    let aside = Aside::before(&upstream);
    for _ in 0..9 {
        assert_eq!(heard(&aside), APOLOGY);
    }
    assert_eq!(upstream.count(), 9);
}

#[test]
fn r18_with_honest_errors_an_open_breaker_fails_fast() {
    let upstream = Upstream::playing(whole("500 Oops", "", ""));
    let aside = Aside::with_route(&upstream, "on_error = \"status\"");
    let mut took = Vec::new();
    let mut status = || {
        let mut client = aside.client();
        let began = Instant::now();
        let status = client.post(CHAT, &[], &turn("Hi.")).status;
        if status == 503 {
            took.push(began.elapsed());
        }
        status
    };
    let all: Vec<u16> = (0..8).map(|_| status()).collect();
    figure("R18", "an error while the breaker is open", &spread(took));
    assert_eq!(all[..5], [500; 5]);
    assert!(all[5..].contains(&503), "{all:?}");
    assert!(upstream.count() < 8);
}

#[test]
fn r18_one_probe_closes_the_breaker_when_the_upstream_is_well_again() {
    let upstream = Upstream::start(|_, number| match number {
        0..5 => whole("500 Oops", "", ""),
        _ => saying(&["First here."]),
    });
    let second = Upstream::playing(saying(&["Second here."]));
    let aside = pair(&upstream, &second, "");
    for _ in 0..6 {
        assert_eq!(heard(&aside), "Second here.");
    }
    // The breaker opens for a second; the first turn after it is the probe.
    let began = Instant::now();
    while heard(&aside) != "First here." {
        assert!(began.elapsed() < Duration::from_secs(15), "it stays open");
        std::thread::sleep(Duration::from_millis(50));
    }
    for _ in 0..5 {
        assert_eq!(heard(&aside), "First here.");
    }
    assert_eq!(upstream.count(), 5 + 6);
}

/// One worker, so that all turns share its connections.
fn one_worker(upstream: &Upstream) -> Aside {
    let setup = Setup::with_config(&crate::aside::config(upstream, ""));
    Aside::serve(&setup.env("ASIDE_WORKERS", "1"))
}

#[test]
fn r19_a_request_that_met_a_stale_connection_is_sent_again() {
    // Each connection is closed when its second request comes.
    let upstream = Upstream::start(|request, _| match request.place {
        0 => saying(&["Here."]),
        _ => vec![ScriptStep::Close],
    });
    let aside = one_worker(&upstream);
    for _ in 0..10 {
        assert_eq!(heard(&aside), "Here.");
        // The connection is kept once the end of the answer was read.
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(upstream.count() > 12, "{}", upstream.count());
}

#[test]
fn r20_a_request_that_broke_a_fresh_connection_is_not_sent_again() {
    let upstream = Upstream::playing(vec![ScriptStep::Close]);
    let aside = one_worker(&upstream);
    assert_eq!(heard(&aside), APOLOGY);
    assert_eq!(upstream.count(), 1);
}

#[test]
fn r19_a_stale_connection_is_noticed_while_another_is_opened() {
    let upstream = Upstream::start(|_, number| match number {
        1 => vec![ScriptStep::Wait(1), ScriptStep::Close],
        _ => saying(&["Here."]),
    });
    let aside = one_worker(&upstream);
    assert_eq!(heard(&aside), "Here.");
    // The connection is kept once the end of the answer was read.
    std::thread::sleep(Duration::from_millis(50));
    let mut stale = aside.client();
    stale.send("POST", CHAT, &[], &turn("Hi."));
    assert_eq!(
        upstream.request(1).place,
        1,
        "it goes on the kept connection"
    );
    assert_eq!(heard(&aside), "Here.");
    upstream.open(1);
    assert_eq!(Reply::read(&stale.answer().text()).heard(), "Here.");
    assert_eq!(upstream.count(), 4);
}

#[test]
fn r19_no_turn_is_lost_where_connections_are_closed_as_it_comes() {
    // Some connections are closed as another request comes, fewer than the budget for repeats
    // bears; many turns go at once.
    let upstream = Upstream::start(|request, number| match request.place {
        1.. if number % 12 == 0 => vec![ScriptStep::Close],
        _ => saying(&["Here."]),
    });
    let aside = one_worker(&upstream);
    let turns = times(200, 10_000) / 8;
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut client = aside.client();
                for number in 0..turns {
                    let answer = client.post(CHAT, &[], &turn("Hi."));
                    assert_eq!(
                        Reply::read(&answer.text()).heard(),
                        "Here.",
                        "turn {number}"
                    );
                }
            });
        }
    });
    assert!(upstream.count() > 8 * turns, "none was stale");
    let repeats = upstream.count() - 8 * turns;
    figure(
        "R19",
        "turns, requests that met a stale connection, errors heard",
        &format!("{}, {repeats}, 0", 8 * turns),
    );
}

#[test]
fn r20_an_upstream_that_dies_before_its_answer_is_asked_once() {
    let upstream = Upstream::playing(vec![ScriptStep::Reset]);
    let aside = Aside::with_route(&upstream, "on_error = \"status\"");
    let turns = times(50, 1000);
    let mut took = Vec::new();
    let mut asked = 0;
    for _ in 0..turns {
        let began = Instant::now();
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        took.push(began.elapsed());
        // The breaker turns some away without asking.
        asked += usize::from(answer.status == 502);
        assert!(matches!(answer.status, 502 | 503), "{}", answer.status);
    }
    assert_eq!(upstream.count(), asked, "each turn asks once");
    assert!(asked >= 5, "{asked}");
    let slowest = *took.iter().max().expect("turns");
    figure(
        "R20",
        "an upstream that dies before its answer: the error after",
        &spread(took),
    );
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
}
