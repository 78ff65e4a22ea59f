//! What the recorder gets to see of a turn: noted as it goes by, handed over when it is dropped.
//!
//! It copies and computes nothing on the path of a turn.

use std::sync::Arc;

use bytes::Bytes;
use bytestring::ByteString;

use crate::config::Config;
use crate::files::{Problem, Source};
use crate::record::{Failure, Options, Recorder, Seal, Watched};
use crate::rule::Turn;
use crate::ruleset::{Ruleset, Step};
use crate::server::state::meters::TurnEnd;
use crate::server::state::snapshot::{Route, Shared};
use crate::upstream::UpstreamError;

/// The largest reply that is recorded, in bytes of memory. It is kept until the turn is over.
const LARGEST_REPLY: usize = 8 << 20;
/// What a piece of a reply takes beside its text.
const PIECE: usize = 64;

/// A turn that is recorded when it ends, however it does.
#[derive(Debug)]
pub(in crate::server) struct Recording {
    recorder: Arc<Recorder>,
    turn: Option<Watched>,
    /// About how many bytes of reply are kept.
    weight: usize,
}

/// Which turn it is.
pub(in crate::server) struct Seen<'t> {
    /// The body as it came.
    pub(in crate::server) body: Bytes,
    /// The rules that it passed.
    pub(in crate::server) ruleset: &'t Arc<Ruleset>,
    /// What they did.
    pub(in crate::server) steps: &'t [Step],
    /// What was known, before the reply takes it.
    pub(in crate::server) turn: &'t Turn,
    /// Its id.
    pub(in crate::server) id: &'t str,
    /// Its call's id.
    pub(in crate::server) call: Option<&'t str>,
    /// Its route.
    pub(in crate::server) route: &'t Route,
}

impl Recording {
    /// Begins to watch a turn that goes upstream; none where nothing is recorded.
    pub(in crate::server) fn begin(shared: &Shared, seen: Seen<'_>) -> Option<Recording> {
        let recorder = shared.process.recorder.clone()?;
        let first = seen.route.plan.upstreams.first()?;
        let facts = &seen.turn.facts;
        let now = facts.root("now").and_then(|now| now.as_str());
        let turn = Watched {
            body: seen.body,
            ruleset: seen.ruleset.clone(),
            steps: seen.steps.to_vec(),
            at: now.unwrap_or_default().to_owned(),
            turn: seen.id.to_owned(),
            call: seen.call.map(str::to_owned),
            route: seen.route.name.clone(),
            context: facts.json("context").cloned(),
            fetch: facts.json("fetch").cloned(),
            most_injected: shared.most_injected,
            upstream: first.name.clone(),
            takes: first.takes.clone(),
            failures: Vec::new(),
            reply: Vec::new(),
            ended: TurnEnd::HungUp.name(),
        };
        Some(Recording {
            recorder,
            turn: Some(turn),
            weight: 0,
        })
    }

    /// Notes who answers.
    pub(in crate::server) fn answered_by(&mut self, name: &str, route: &Route) {
        let mut upstreams = route.plan.upstreams.iter();
        if let (Some(turn), Some(won)) = (&mut self.turn, upstreams.find(|one| one.name == name))
            && turn.upstream != name
        {
            name.clone_into(&mut turn.upstream);
            turn.takes = won.takes.clone();
        }
    }

    /// Notes the upstreams that gave no answer.
    pub(in crate::server) fn tried(&mut self, tries: &[(String, UpstreamError)]) {
        let failed = tries.iter();
        failed.for_each(|(upstream, error)| self.failed(upstream, error));
    }

    /// Notes an upstream that failed.
    pub(in crate::server) fn failed(&mut self, upstream: &str, error: &UpstreamError) {
        if let Some(turn) = &mut self.turn {
            let said = error.refusal().cloned().unwrap_or_default();
            turn.failures.push(Failure {
                upstream: upstream.to_owned(),
                reason: error.reason().to_owned(),
                status: error.status(),
                code: said.code,
                kind: said.kind,
                param: said.param,
            });
        }
    }

    /// Notes a piece of the reply.
    pub(in crate::server) fn hear(&mut self, data: &ByteString) {
        self.weight = self.weight.saturating_add(data.len() + PIECE);
        if self.weight > LARGEST_REPLY && self.turn.take().is_some() {
            self.recorder.leave_out();
        }
        if let Some(turn) = &mut self.turn {
            turn.reply.push(data.clone());
        }
    }

    /// Notes how the turn ends.
    pub(in crate::server) fn end(&mut self, end: TurnEnd) {
        if let Some(turn) = &mut self.turn {
            turn.ended = end.name();
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if let Some(mut turn) = self.turn.take() {
            if std::thread::panicking() {
                turn.ended = TurnEnd::Broken.name();
            }
            self.recorder.take(turn);
        }
    }
}

/// What is wrong with `[record]`, as far as that shows without opening the file.
pub fn check_record(config: &Config, source: &Source) -> Option<Problem> {
    let record = config.record.as_ref()?;
    record.check(source, &|key| Seal::with_key(key).is_some())
}

/// The recorder of a config; none: nothing is recorded.
pub(in crate::server) fn start(
    config: &Config,
    source: &Source,
) -> Result<Option<Arc<Recorder>>, Box<Problem>> {
    if let Some(problem) = check_record(config, source) {
        return Err(Box::new(problem));
    }
    let Some(record) = &config.record else {
        return Ok(None);
    };
    let key = record.key.as_ref();
    let options = Options {
        file: record.file.get_ref().clone(),
        most: record.most,
        seal: key.and_then(|key| Seal::with_key(key.get_ref().expose())),
    };
    let recorder = Recorder::start(options).map_err(|error| {
        let message = format!("the recording can't be written: {error}");
        let help = "name a file in a folder that aside may write to";
        Box::new(source.error(record.file.span(), message).with_help(help))
    })?;
    Ok(Some(Arc::new(recorder)))
}
