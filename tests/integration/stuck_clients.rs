//! Clients that stop reading, read slowly, or go all at once: what they cost, and that nobody else
//! notices.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::aside::Aside;
use crate::client::Client;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{APOLOGY, CHAT, Reply, frame, saying, says, stream_head, turn};
use crate::{DEADLINE, figure, is_full, spread, times};

const PATIENT: &str = "first_token = \"60s\"\nstall = \"60s\"";
/// What a stuck stream may hold, in bytes (TESTS.md R05).
const A_STREAM: usize = 512 << 10;
/// What the allocator and the other streams may take beside that.
const SLACK: usize = 8 << 20;
/// So many rounds of hang-ups go before those that are looked at.
const WARM_UP: usize = 3;
/// How long a client may take nothing, and how much later it may be cut on a shared machine.
const WRITE_STALL: Duration = Duration::from_secs(30);

/// Says a word, waits for the gate 1, and sends 100 MB then, unless it is asked for a short turn.
fn flooding() -> Upstream {
    let flood = frame(json!({ "content": "long words ".repeat(1480) }));
    Upstream::start(move |request, _| {
        if request.text().contains("short") {
            return saying(&["Here."]);
        }
        let times = (100 << 20) / flood.len();
        vec![
            stream_head(),
            says("One."),
            ScriptStep::Wait(1),
            ScriptStep::Flood(flood.clone(), times),
        ]
    })
}

/// Streams that have begun; their clients then read nothing.
fn begun(aside: &Aside, count: usize) -> Vec<Client> {
    (0..count).map(|_| begin(aside.client())).collect()
}

fn begin(mut client: Client) -> Client {
    client.send("POST", CHAT, &[], &turn("Hi."));
    client.head();
    client.read_until("One.");
    client
}

/// How long short turns take.
fn short_turns(aside: &Aside, count: usize) -> Vec<Duration> {
    let mut client = aside.client();
    let turns = (0..count).map(|_| {
        let began = Instant::now();
        let answer = client.post(CHAT, &[], &turn("A short one."));
        assert_eq!(Reply::read(&answer.text()).heard(), "Here.");
        began.elapsed()
    });
    turns.collect()
}

/// Waits until the upstream can send no more to these requests; what went out at most.
fn blocked(upstream: &Upstream, count: usize) -> usize {
    let began = Instant::now();
    let sent = || -> Vec<usize> { (0..count).map(|number| upstream.sent(number)).collect() };
    let mut before = sent();
    loop {
        std::thread::sleep(Duration::from_millis(500));
        let now = sent();
        if now == before {
            return now.into_iter().max().unwrap_or(0);
        }
        before = now;
        assert!(began.elapsed() < DEADLINE, "the upstream is never blocked");
    }
}

#[test]
fn r05_a_client_that_stops_reading_holds_little_and_is_cut_and_a_slow_one_is_not() {
    let upstream = flooding();
    let mut aside = Aside::with_route(&upstream, PATIENT);
    short_turns(&aside, 5);
    let first = upstream.count();
    let count = times(3, 20);
    let mut stuck = begun(&aside, count);
    let mut slow = begin(Client::narrow(aside.address));
    let before = aside.program().resident_bytes();
    let began = Instant::now();
    upstream.open(1);
    let sent = blocked(&upstream, first + count + 1);
    assert!(sent < 64 << 20, "{sent} bytes of 100 MB were taken");
    if let Some((before, after)) = before.zip(aside.program().resident_bytes()) {
        let growth = after.saturating_sub(before);
        figure(
            "R05",
            "memory of a stuck stream",
            &format!("{} KiB", growth / (count + 1) / 1024),
        );
        assert!(growth < (count + 1) * A_STREAM + SLACK, "{growth} bytes");
    }
    // The slow one reads 4 kB a second, beyond the moment at which the others are cut.
    let beyond = Duration::from_secs(if is_full() { 40 } else { 4 });
    let mut read = 0;
    while began.elapsed() < WRITE_STALL + beyond {
        read += slow.read_some(1 << 10);
        std::thread::sleep(Duration::from_millis(250));
    }
    if cfg!(target_os = "linux") {
        let cut: Vec<Duration> = (first..first + count)
            .map(|number| upstream.gone(number).duration_since(began))
            .collect();
        let what = "a client that reads nothing is let go after";
        figure("R05", what, &spread(cut.clone()));
        assert!(
            cut.iter()
                .all(|cut| *cut > WRITE_STALL - Duration::from_secs(2)),
            "{cut:?}"
        );
    }
    let is_cut = upstream.is_gone(first + count, Duration::ZERO);
    assert!(!is_cut, "the slow client was cut");
    figure(
        "R05",
        "a client that reads 4 kB/s is not",
        &format!("{read} bytes"),
    );
    if cfg!(target_os = "linux") {
        // Who reads on after all hears how it ended.
        let rest = stuck.remove(0).rest();
        let end = &rest[rest.len().saturating_sub(2000)..];
        assert!(end.contains(APOLOGY), "{end}");
        assert!(end.ends_with("data: [DONE]\n\n"), "{end}");
    }
}

#[test]
fn r06_stuck_clients_do_not_slow_the_others() {
    let upstream = flooding();
    let mut aside = Aside::with_route(&upstream, PATIENT);
    let alone = short_turns(&aside, times(20, 200));
    let first = upstream.count();
    let count = times(20, 200);
    let stuck = begun(&aside, count);
    let before = aside.program().resident_bytes();
    upstream.open(1);
    blocked(&upstream, first + count);
    let beside = short_turns(&aside, times(20, 200));
    figure("R06", "a short turn alone", &spread(alone));
    figure(
        "R06",
        &format!("beside {count} stuck clients"),
        &spread(beside.clone()),
    );
    let slowest = beside.iter().max().expect("turns");
    assert!(*slowest < Duration::from_secs(2), "{slowest:?}");
    if let Some((before, after)) = before.zip(aside.program().resident_bytes()) {
        let growth = after.saturating_sub(before);
        figure(
            "R06",
            "their memory in all",
            &format!("{} KiB", growth / 1024),
        );
        assert!(growth < count * A_STREAM + SLACK, "{growth} bytes");
    }
    drop(stuck);
}

#[test]
fn r04_many_streams_that_drop_at_once_leave_nothing_behind() {
    let upstream = Upstream::playing(vec![stream_head(), says("One."), ScriptStep::Hang]);
    let mut aside = Aside::with_route(&upstream, PATIENT);
    let count = times(100, 1000);
    let mut baseline = None;
    let mut ends = Vec::new();
    let mut healthy = Vec::new();
    for round in 0..WARM_UP + times(2, 5) {
        let streams = begun(&aside, count);
        let mut health = aside.client();
        assert_eq!(health.get("/healthz", &[]).status, 200);
        let began = Instant::now();
        drop(streams);
        while began.elapsed() < Duration::from_millis(300) {
            let asked = Instant::now();
            assert_eq!(health.get("/healthz", &[]).status, 200);
            healthy.push(asked.elapsed());
        }
        let gone = (0..count).map(|number| upstream.gone(round * count + number));
        ends.extend(gone.map(|gone| gone.saturating_duration_since(began)));
        let metrics = aside.client().get("/metrics", &[]).text();
        assert!(metrics.contains("aside_streams 0"), "{metrics}");
        drop(health);

        // The first rounds open what stays open, and fill the allocator: they are the baseline.
        if round < WARM_UP {
            settled(&mut aside, None);
            continue;
        }
        let Some(files) = settled(&mut aside, baseline.map(|(files, _)| files)) else {
            return;
        };
        let memory = aside.program().resident_bytes().unwrap_or(0);
        let (first_files, first_memory) = *baseline.get_or_insert((files, memory));
        assert!(files <= first_files, "round {round}: {files} open files");
        let most = first_memory + first_memory / 10 + SLACK / 2;
        assert!(
            memory <= most,
            "round {round}: {memory} bytes, at first {first_memory}"
        );
        figure(
            "R04",
            "open files, memory",
            &format!("{files}, {} KiB", memory / 1024),
        );
    }
    let slowest = *ends.iter().max().expect("streams");
    figure(
        "R04",
        &format!("{count} hang-ups at once, until the upstream sees them"),
        &spread(ends),
    );
    figure("R04", "/healthz meanwhile", &spread(healthy));
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

/// The open files once there are no more than these, or no fewer any more.
fn settled(aside: &mut Aside, at_most: Option<usize>) -> Option<usize> {
    let began = Instant::now();
    let mut before = usize::MAX;
    loop {
        let files = aside.program().open_files()?;
        let is_settled = at_most.map_or(files == before, |most| files <= most);
        if is_settled || began.elapsed() > Duration::from_secs(10) {
            return Some(files);
        }
        before = files;
        std::thread::sleep(Duration::from_millis(300));
    }
}
