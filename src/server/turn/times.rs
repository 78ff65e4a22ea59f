//! When what happened in a turn, noted as it goes by where somebody will look at it.
//!
//! It copies nothing that is long, and takes no lock; where nobody watches, there is none of it.

use std::time::{Duration, Instant};

use crate::fetch::fetcher::Fetched;
use crate::record::{AttemptOutcome, AttemptTimes, FetchTimes, Timeline, Timespan, micros};
use crate::server::state::meters::TurnEnd;
use crate::server::state::snapshot::Snapshot;
use crate::upstream::{Attempt, AttemptEnd, AttemptLog};

/// What is noted of one turn.
#[derive(Debug)]
pub(in crate::server) struct TurnTimes {
    arrived: Instant,
    body: Instant,
    context: Option<StageTimes>,
    fetches: Vec<FetchStage>,
    rules: Option<StageTimes>,
    attempts: AttemptLog,
    /// Which of the attempts answered.
    won: Option<usize>,
    first_word: Option<Instant>,
    last_event: Option<Instant>,
    superseded_by: Option<String>,
}

/// When a part began, and when it was over.
#[derive(Debug, Clone, Copy)]
struct StageTimes {
    from: Instant,
    to: Option<Instant>,
}

#[derive(Debug)]
struct FetchStage {
    name: String,
    from: Instant,
    /// How long it took, and what came of it.
    end: Option<(Duration, &'static str)>,
}

impl StageTimes {
    fn begin() -> StageTimes {
        StageTimes {
            from: Instant::now(),
            to: None,
        }
    }
}

impl TurnTimes {
    /// Of a turn that arrived then, and whose body was there then; none: nobody watches.
    pub(super) fn of(snapshot: &Snapshot, arrived: Instant, body: Instant) -> Option<TurnTimes> {
        let is_watched = snapshot.process.watches_turns();
        is_watched.then(|| TurnTimes::begin(arrived, body))
    }

    fn begin(arrived: Instant, body: Instant) -> TurnTimes {
        TurnTimes {
            arrived,
            body,
            context: None,
            fetches: Vec::new(),
            rules: None,
            attempts: AttemptLog::default(),
            won: None,
            first_word: None,
            last_event: None,
            superseded_by: None,
        }
    }

    /// Its attempts are noted there.
    pub(super) fn notes_attempts_in(&mut self, log: AttemptLog) {
        self.attempts = log;
    }

    /// What is stored is read from now on.
    pub(super) fn reads_context(&mut self) {
        self.context = Some(StageTimes::begin());
    }

    /// What is stored was read.
    pub(super) fn context_is_read(&mut self) {
        if let Some(context) = &mut self.context {
            context.to = Some(Instant::now());
        }
    }

    /// These are fetched from now on, all at once.
    pub(super) fn fetches<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        let from = Instant::now();
        self.fetches.extend(names.map(|name| FetchStage {
            name: name.to_owned(),
            from,
            end: None,
        }));
    }

    /// They were fetched, in the same order.
    pub(super) fn fetched(&mut self, fetched: &[Fetched]) {
        for (stage, fetched) in self.fetches.iter_mut().zip(fetched) {
            stage.end = Some((fetched.took, fetched.result.name()));
        }
    }

    /// It passes its rules from now on.
    pub(super) fn passes_rules(&mut self) {
        self.rules = Some(StageTimes::begin());
    }

    /// It has passed them, or was refused by one.
    pub(super) fn rules_are_passed(&mut self) {
        if let Some(rules) = &mut self.rules {
            rules.to = Some(Instant::now());
        }
    }

    /// Where the attempts at its upstreams are noted.
    pub(super) fn attempts(&self) -> &AttemptLog {
        &self.attempts
    }

    /// The attempt at this place answers.
    pub(super) fn answered(&mut self, attempt: Option<usize>) {
        self.won = attempt;
    }

    /// An event of the reply was read then.
    pub(super) fn event(&mut self, at: Instant) {
        self.last_event = Some(at);
    }

    /// The caller was given something; only the first time counts.
    pub(super) fn spoke(&mut self) {
        self.first_word.get_or_insert_with(Instant::now);
    }

    /// The turn of this id took its place.
    pub(super) fn superseded_by(&mut self, turn: String) {
        self.superseded_by = Some(turn);
    }

    /// It ends like this. What was not over by then ends with it.
    pub(super) fn finish(self, end: TurnEnd) -> Timeline {
        if let (Some(won), TurnEnd::Answered) = (self.won, end) {
            self.attempts.end(won, AttemptEnd::Whole);
        }
        let now = Instant::now();
        let since = |at: Instant| micros(at.saturating_duration_since(self.arrived));
        let stage = |stage: StageTimes| Timespan {
            from: since(stage.from),
            to: since(stage.to.unwrap_or(now)),
        };
        let fetch = |stage: FetchStage| FetchTimes {
            name: stage.name,
            from: since(stage.from),
            to: since(stage.end.map_or(now, |(took, _)| stage.from + took)),
            result: stage.end.map(|(_, result)| result.to_owned()),
        };
        let attempts = self.attempts.all().into_iter();
        Timeline {
            body: since(self.body),
            context: self.context.map(stage),
            fetches: self.fetches.into_iter().map(fetch).collect(),
            rules: self.rules.map(stage),
            attempts: attempts
                .map(|one| attempt_times(one, now, &since))
                .collect(),
            first_word: self.first_word.map(since),
            last_event: self.last_event.map(since),
            end: since(now),
            ended: end.name().to_owned(),
            superseded_by: self.superseded_by,
        }
    }
}

/// An attempt in a timeline; one that is not over ends now, with its turn.
fn attempt_times(attempt: Attempt, now: Instant, since: &dyn Fn(Instant) -> u64) -> AttemptTimes {
    let to = attempt.end.as_ref().map_or(now, |(to, _)| *to);
    let (outcome, failure) = match attempt.end {
        None => (AttemptOutcome::HungUp, None),
        Some((_, AttemptEnd::Whole)) => (AttemptOutcome::Answered, None),
        Some((_, AttemptEnd::HedgedAway)) => (AttemptOutcome::HedgedAway, None),
        Some((_, AttemptEnd::Failed(why))) => (AttemptOutcome::Failed, Some(why)),
        Some((_, AttemptEnd::Mended(why))) => (AttemptOutcome::Mended, Some(why)),
    };
    let (reason, status, code) = failure.map_or((None, None, None), |why| {
        (Some(why.reason.to_owned()), why.status, why.code)
    });
    AttemptTimes {
        upstream: attempt.upstream,
        model: attempt.model,
        from: since(attempt.from),
        first: attempt.first.map(since),
        to: since(to),
        outcome,
        reason,
        status,
        code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_over_ends_with_its_turn() {
        let arrived = Instant::now();
        let mut times = TurnTimes::begin(arrived, arrived + Duration::from_micros(5));
        times.reads_context();
        times.context_is_read();
        times.fetches(["crm", "shop"].into_iter());
        let timeline = times.finish(TurnEnd::HungUp);
        assert_eq!((timeline.body, &*timeline.ended), (5, "hung_up"));
        let context = timeline.context.expect("it was read");
        assert!(context.from <= context.to && context.to <= timeline.end);
        let fetches: Vec<_> = timeline
            .fetches
            .iter()
            .map(|fetch| (&*fetch.name, fetch.to, fetch.result.as_deref()))
            .collect();
        let end = timeline.end;
        assert_eq!(fetches, [("crm", end, None), ("shop", end, None)]);
        assert_eq!((timeline.rules, timeline.first_word), (None, None));
    }
}
