//! The scripted upstream of `src/demo`, for tests: what does not come in time fails the test.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ::aside::demo::faulty::Faulty;
pub(crate) use ::aside::demo::faulty::{Request, ScriptStep};

use crate::DEADLINE;

/// The upstream; dropping it ends it.
pub(crate) struct Upstream(Faulty);

impl Upstream {
    /// Starts one; `script` gets each request and its number, from 0.
    pub(crate) fn start(
        script: impl Fn(&Request, usize) -> Vec<ScriptStep> + Send + Sync + 'static,
    ) -> Upstream {
        Upstream(Faulty::start(script).expect("a port is free"))
    }

    /// Starts one that plays the same steps for every request.
    pub(crate) fn playing(steps: Vec<ScriptStep>) -> Upstream {
        Upstream(Faulty::playing(steps).expect("a port is free"))
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.0.address())
    }

    /// Its address.
    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// How many requests came.
    pub(crate) fn count(&self) -> usize {
        self.0.count()
    }

    /// How many connections came.
    pub(crate) fn connections(&self) -> usize {
        self.0.connections()
    }

    /// How many bytes the system took for the answer to a request.
    pub(crate) fn sent(&self, number: usize) -> usize {
        self.0.sent(number)
    }

    /// A request that came, waited for.
    pub(crate) fn request(&self, number: usize) -> Request {
        let request = self.0.request(number);
        request.unwrap_or_else(|| panic!("request {number} did not come"))
    }

    /// Lets everything pass that waits for this gate.
    pub(crate) fn open(&self, gate: usize) {
        self.0.open(gate);
    }

    /// Waits until so many connections were closed by their scripts.
    pub(crate) fn closed(&self, count: usize) {
        assert!(self.0.has_closed(count), "{count} closes by the upstream");
    }

    /// When the peer of a request went, waited for.
    pub(crate) fn gone(&self, number: usize) -> Instant {
        let gone = self.0.gone(number, DEADLINE);
        gone.unwrap_or_else(|| panic!("the peer of request {number} stayed"))
    }

    /// Whether the peer of a request goes within a time.
    pub(crate) fn is_gone(&self, number: usize, within: Duration) -> bool {
        self.0.gone(number, within).is_some()
    }
}
