//! What is counted of a request to a model under the names of OpenTelemetry's conventions for generative
//! AI, with their labels.
//!
//! A model is named where the config or a rule names it; every other one is `other`, since a caller may
//! ask for whatever he likes. What a worker has counted once it finds again without a lock.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use metrics::{Counter, Histogram};

use super::rule_meters::RuleMeters;
use crate::chat::chunk::Usage;
use crate::telemetry::metrics::{
    FIRST_CHUNK, LATER_CHUNK, Metric, OPERATION, OTHER, TOKENS, TOKENS_CACHED, counter, histogram,
};
use crate::upstream::Upstream;

/// So many meters of one upstream a worker keeps: configs that are read again may name other models.
const MOST_KEPT: usize = 100;

thread_local! {
    /// Those of this worker, by upstream.
    static KEPT: RefCell<HashMap<String, Vec<Rc<OperationMeter>>>> = RefCell::default();
}

/// A label of one metric beside those that all have.
type OwnLabel = Option<(&'static str, &'static str)>;

/// What is counted of requests for one model of one upstream.
#[derive(Debug)]
pub(in crate::server) struct OperationMeter {
    upstream: String,
    provider: &'static str,
    model: String,
    /// What was counted so far, by metric and own label.
    histograms: RefCell<Vec<(&'static str, OwnLabel, Histogram)>>,
    cached: OnceCell<Counter>,
}

/// How long each piece of one streamed reply was waited for.
#[derive(Debug)]
pub(in crate::server) struct ChunkMeter {
    waits: Histogram,
    /// When the first pieces came, and when the last one did.
    came: Option<(Instant, Instant)>,
}

impl OperationMeter {
    /// Of an upstream that these rules had asked for a model.
    pub(in crate::server) fn of(
        upstream: &Upstream,
        rules: &RuleMeters,
        model: &str,
    ) -> Rc<OperationMeter> {
        let of_config = upstream.forms.config().name_of(model);
        let model = of_config.or_else(|| rules.model(model)).unwrap_or(OTHER);
        let provider = upstream.preset.0.provider_name();
        let kept = KEPT.try_with(|kept| {
            let mut kept = kept.try_borrow_mut().ok()?;
            Some(find_kept(&mut kept, &upstream.name, provider, model))
        });
        // At the end of a worker there are none any more.
        let kept = kept.ok().flatten();
        kept.unwrap_or_else(|| OperationMeter::new(&upstream.name, provider, model))
    }

    fn new(upstream: &str, provider: &'static str, model: &str) -> Rc<OperationMeter> {
        Rc::new(OperationMeter {
            upstream: upstream.to_owned(),
            provider,
            model: model.to_owned(),
            histograms: RefCell::default(),
            cached: OnceCell::new(),
        })
    }

    /// Notes how long it took until the first piece that counts; counts those that come behind it.
    pub(in crate::server) fn first_chunk(&self, waited: Duration) -> ChunkMeter {
        let histogram = self.histogram(&FIRST_CHUNK, None);
        histogram.record(waited.as_secs_f64());
        ChunkMeter {
            waits: self.histogram(&LATER_CHUNK, None),
            came: None,
        }
    }

    /// Notes how long the request took to the last byte of its answer. `error`: why there was none, or no
    /// whole one.
    pub(in crate::server) fn ended(&self, took: Duration, error: Option<&'static str>) {
        let histogram = self.histogram(&OPERATION, error.map(|error| ("error_type", error)));
        histogram.record(took.as_secs_f64());
    }

    /// Counts what the upstream says that a reply took.
    pub(in crate::server) fn tokens(&self, usage: Usage) {
        // What it says may be anything; no turn takes more.
        let bounded = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        for (kind, count) in [("input", usage.prompt), ("output", usage.completion)] {
            if let Some(count) = count {
                let histogram = self.histogram(&TOKENS, Some(("gen_ai_token_type", kind)));
                histogram.record(f64::from(bounded(count)));
            }
        }
        if let Some(cached) = usage.cached {
            let counted = || counter(&TOKENS_CACHED, &self.labels(None));
            let counter = self.cached.get_or_init(counted);
            counter.increment(bounded(cached).into());
        }
    }

    fn histogram(&self, metric: &Metric, own: OwnLabel) -> Histogram {
        let mut known = self.histograms.borrow_mut();
        let mut same = known.iter();
        let same = same.find(|(name, label, _)| *name == metric.name && *label == own);
        if let Some((_, _, histogram)) = same {
            return histogram.clone();
        }
        let new = histogram(metric, &self.labels(own));
        known.push((metric.name, own, new.clone()));
        new
    }

    fn labels(&self, own: OwnLabel) -> Vec<(&'static str, &str)> {
        let shared = [
            ("gen_ai_operation_name", "chat"),
            ("gen_ai_provider_name", self.provider),
            ("gen_ai_request_model", &*self.model),
            ("upstream", &*self.upstream),
        ];
        shared.into_iter().chain(own).collect()
    }
}

fn find_kept(
    kept: &mut HashMap<String, Vec<Rc<OperationMeter>>>,
    upstream: &str,
    provider: &'static str,
    model: &str,
) -> Rc<OperationMeter> {
    // The config may give its name to an upstream of another kind.
    let is_same = |meter: &&Rc<OperationMeter>| meter.model == model && meter.provider == provider;
    let mut of_it = kept.get(upstream).into_iter().flatten();
    if let Some(meter) = of_it.find(is_same) {
        return meter.clone();
    }
    let meter = OperationMeter::new(upstream, provider, model);
    let of_it = kept.entry(upstream.to_owned()).or_default();
    if of_it.len() < MOST_KEPT {
        of_it.push(meter.clone());
    }
    meter
}

impl ChunkMeter {
    /// A piece came then. What came up to the first one that counts came with it.
    pub(in crate::server) fn chunk(&mut self, at: Instant) {
        match &mut self.came {
            None => self.came = Some((at, at)),
            Some((first, _)) if *first == at => {}
            Some((_, last)) => {
                let waited = at.saturating_duration_since(*last);
                self.waits.record(waited.as_secs_f64());
                *last = at;
            }
        }
    }
}
