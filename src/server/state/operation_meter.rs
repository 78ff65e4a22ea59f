//! What is counted of a request to a model under the names of OpenTelemetry's conventions for generative
//! AI, with their labels.
//!
//! A model is named where the config or a rule names it; every other one is `other`, since a caller may
//! ask for whatever he likes.

use std::time::{Duration, Instant};

use metrics::Histogram;

use super::rule_meters::RuleMeters;
use crate::chat::chunk::Usage;
use crate::telemetry::metrics::{
    FIRST_CHUNK, LATER_CHUNK, Metric, OPERATION, OTHER, TOKENS, TOKENS_CACHED, counter, histogram,
};
use crate::upstream::Upstream;

/// What is the same of all that is counted of requests for one model of one upstream.
#[derive(Debug, Clone)]
pub(in crate::server) struct OperationMeter {
    upstream: String,
    provider: &'static str,
    model: String,
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
    ) -> OperationMeter {
        let of_config = upstream.forms.config().name_of(model);
        let model = of_config.or_else(|| rules.model(model)).unwrap_or(OTHER);
        OperationMeter {
            upstream: upstream.name.clone(),
            provider: upstream.preset.0.provider_name(),
            model: model.to_owned(),
        }
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
            counter(&TOKENS_CACHED, &self.labels(None)).increment(bounded(cached).into());
        }
    }

    fn histogram(&self, metric: &Metric, own: Option<(&'static str, &str)>) -> Histogram {
        histogram(metric, &self.labels(own))
    }

    fn labels<'l>(&'l self, own: Option<(&'static str, &'l str)>) -> Vec<(&'static str, &'l str)> {
        let shared = [
            ("gen_ai_operation_name", "chat"),
            ("gen_ai_provider_name", self.provider),
            ("gen_ai_request_model", &*self.model),
            ("upstream", &*self.upstream),
        ];
        shared.into_iter().chain(own).collect()
    }
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
