//! A route's plan: who is asked, in which order, for how long, and what.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::attempt_log::AttemptLog;
use super::client::Upstream;
use super::error::UpstreamError;
use super::health::Fitness;
use crate::chat::ChatRequest;

/// A hedge by what is usual is never asked before.
const SHORTEST_HEDGE: Duration = Duration::from_millis(100);

/// So many times a turn is sent again, mended: it has no time for more.
pub const MOST_MENDS: usize = 3;

/// A route's upstreams and deadlines.
#[derive(Debug, Clone)]
pub struct Plan {
    /// In failover order; never empty.
    pub upstreams: Vec<Arc<Upstream>>,
    /// How long connecting may take.
    pub connect: Duration,
    /// How long until the first piece that counts.
    pub first_token: Duration,
    /// In its place once reasoning has come within it.
    pub think: Duration,
    /// The longest silence after it.
    pub stall: Duration,
    /// How long until an answer that is not streamed is there.
    pub whole: Duration,
    /// When the next upstream is asked as well.
    pub hedge: Option<Hedge>,
    /// Whether a turn fails at once where everybody who could be asked is ill; else the ill are
    /// asked after the others.
    pub fails_fast: bool,
    /// So many times a request that is refused for its form is sent again, mended.
    pub most_mends: usize,
}

/// When the next upstream is asked as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hedge {
    /// After so long without a piece that counts.
    After(Duration),
    /// After the time within which 95 of 100 of the first upstream's answers began.
    P95,
}

impl Plan {
    /// The upstream of that name.
    pub fn upstream(&self, name: &str) -> Option<&Upstream> {
        let mut all = self.upstreams.iter();
        all.find(|upstream| upstream.name == name)
            .map(|found| &**found)
    }

    /// Who is asked, in order.
    pub(super) fn order<'p>(
        &'p self,
        now: Instant,
        tries: &mut Vec<(String, UpstreamError)>,
    ) -> VecDeque<&'p Upstream> {
        let of = |fitness: Fitness| {
            let all = self.upstreams.iter().map(|upstream| &**upstream);
            all.filter(move |upstream| upstream.fitness(now) == fitness)
        };
        let mut order: VecDeque<&Upstream> = of(Fitness::Fit).chain(of(Fitness::Resting)).collect();
        if self.fails_fast {
            tries.extend(of(Fitness::Ill).map(|ill| (ill.name.clone(), UpstreamError::Open)));
        } else {
            order.extend(of(Fitness::Ill));
        }
        order
    }

    pub(super) fn hedge_after(&self, ask: Ask<'_>) -> Option<Duration> {
        match self.hedge? {
            Hedge::After(time) => Some(time),
            // What is usual is known of first tokens, and a whole answer is none.
            Hedge::P95 if !ask.request.wants_stream() => None,
            Hedge::P95 => {
                let usual = self.upstreams.first()?.health.usual_wait()?;
                Some(usual.max(SHORTEST_HEDGE))
            }
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The request after the rules.
    pub request: &'a ChatRequest,
    /// The call that asks, and whose it is; none: it has no id.
    pub call: Option<&'a str>,
    /// The id of the assistant that asks.
    pub assistant: Option<&'a str>,
    /// The caller's own key, for upstreams that forward it.
    pub key: Option<&'a str>,
    /// Where the attempts are noted; none: nobody watches.
    pub attempts: Option<&'a AttemptLog>,
}
