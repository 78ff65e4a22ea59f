//! Far more turns than there are places: what those hear who have one, and those who have none.
//!
//! Each caller asks again as soon as its turn is over, or after a pause where it was shed. The
//! upstream answers after a fixed time, so the places alone say how much can be done.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, says, stop, stream_head, turn};
use crate::{figure, is_full, spread};

/// How long the upstream takes to its first word.
const WORK: Duration = Duration::from_millis(200);
/// How many turns there are places for.
const PLACES: usize = 20;

/// What callers met.
#[derive(Debug, Default)]
struct Met {
    served: Vec<Duration>,
    shed: Vec<Duration>,
}

impl Met {
    fn shed_share(&self) -> f64 {
        self.shed.len() as f64 / (self.shed.len() + self.served.len()).max(1) as f64
    }
}

fn working() -> Upstream {
    Upstream::playing(vec![
        stream_head(),
        ScriptStep::Pause(WORK),
        says("Done."),
        stop(),
        ScriptStep::EndChunks,
    ])
}

fn serving(upstream: &Upstream, keys: &str, limits: &str) -> Aside {
    let route = format!("on_error = \"status\"\n[limits]\n{limits}\n");
    Aside::serve(&Setup::with_config(
        &(keys.to_owned() + &config(upstream, &route)),
    ))
}

/// So many callers ask until they are told to stop.
fn load<'s>(
    scope: &'s thread::Scope<'s, '_>,
    aside: &'s Aside,
    callers: usize,
    key: &'static str,
    is_over: &'s AtomicBool,
) -> Vec<thread::ScopedJoinHandle<'s, Met>> {
    let caller = move || {
        let mut met = Met::default();
        let mut client = aside.client();
        while !is_over.load(Ordering::Relaxed) {
            let began = Instant::now();
            let answer = client.post(CHAT, &[("authorization", key)], &turn("Hi."));
            let took = began.elapsed();
            if answer.status == 200 {
                assert_eq!(Reply::read(&answer.text()).heard(), "Done.");
                met.served.push(took);
            } else {
                assert!(matches!(answer.status, 429 | 503), "{}", answer.text());
                assert!(answer.header("retry-after").is_some());
                met.shed.push(took);
                thread::sleep(WORK);
            }
        }
        met
    };
    (0..callers).map(|_| scope.spawn(caller)).collect()
}

fn gathered(callers: Vec<thread::ScopedJoinHandle<'_, Met>>) -> Met {
    let mut all = Met::default();
    for caller in callers {
        let met = caller.join().expect("a caller");
        all.served.extend(met.served);
        all.shed.extend(met.shed);
    }
    all
}

fn lasting() -> Duration {
    Duration::from_secs(if is_full() { 20 } else { 2 })
}

fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let at = (times.len() * 99 / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}

#[test]
fn r32_under_overload_as_much_is_served_as_without_and_the_rest_is_shed_at_once() {
    let upstream = working();
    let aside = serving(&upstream, "", &format!("streams = {PLACES}"));
    let under = |times: usize| {
        let is_over = AtomicBool::new(false);
        let met = thread::scope(|scope| {
            let callers = load(scope, &aside, PLACES * times, "", &is_over);
            thread::sleep(lasting());
            is_over.store(true, Ordering::Relaxed);
            gathered(callers)
        });
        let share = met.served.len() as f64 / lasting().as_secs_f64();
        let said = format!(
            "{share:.0} turns/s, {}; shed {}",
            spread(met.served.clone()),
            met.shed.len()
        );
        figure("R32", &format!("{times}x the places: served"), &said);
        if !met.shed.is_empty() {
            let what = format!("{times}x the places: shed after");
            figure("R32", &what, &spread(met.shed.clone()));
        }
        met
    };
    let usual = under(1);
    assert!(usual.shed.is_empty(), "there is a place for each");
    for times in [2, 5] {
        let met = under(times);
        assert!(!met.shed.is_empty());
        // Bounds for any machine; the figures say how it was.
        assert!(
            met.served.len() * 2 > usual.served.len(),
            "{times}x: {}",
            met.served.len()
        );
        assert!(p99(met.shed) < WORK + Duration::from_secs(2));
    }
}

#[test]
fn r33_a_greedy_key_under_load_leaves_the_others_theirs() {
    let upstream = working();
    let keys = "keys = [\"greedy-key-11aa\", \"modest-key-22bb\"]\n";
    let limits = format!("streams = {}\nstreams_per_key = {PLACES}", 2 * PLACES);
    let aside = serving(&upstream, keys, &limits);
    let under = |greedy: usize| {
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let greedy = load(scope, &aside, greedy, "greedy-key-11aa", &is_over);
            let modest = load(scope, &aside, PLACES / 2, "modest-key-22bb", &is_over);
            thread::sleep(lasting());
            is_over.store(true, Ordering::Relaxed);
            (gathered(greedy), gathered(modest))
        })
    };
    let (_, alone) = under(0);
    let (greedy, beside) = under(PLACES * 10);
    assert!(!greedy.shed.is_empty(), "ten times its share is too much");
    assert!(
        beside.shed.is_empty(),
        "{} of the others' turns were shed",
        beside.shed.len()
    );
    let share = format!(
        "{:.0} % shed; the others {:.0} %",
        greedy.shed_share() * 100.0,
        beside.shed_share() * 100.0
    );
    figure("R33", "a key at ten times its share", &share);
    figure("R33", "the others' turns without it", &spread(alone.served));
    figure("R33", "the others' turns beside it", &spread(beside.served));
}
