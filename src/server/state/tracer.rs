//! The tracer that a config asks for.

use std::sync::Arc;

use rustls::ClientConfig;

use crate::config::Config;
use crate::files::{Problem, Source};
use crate::trace::{Collector, Tracer};

/// The tracer of a config; none: nothing is traced.
pub(in crate::server) fn start_tracer(
    config: &Config,
    source: &Source,
    tls: &Arc<ClientConfig>,
) -> Result<Option<Arc<Tracer>>, Box<Problem>> {
    let Some(trace) = &config.trace else {
        return Ok(None);
    };
    let Some(url) = trace.url() else {
        return Err(Box::new(source.error(trace.place(), "`otlp` is no URL")));
    };
    let collector = Collector {
        url,
        headers: trace.headers(),
        service: trace.service_name.clone(),
        tls: tls.clone(),
    };
    let tracer = Tracer::start(collector, trace.sample(), trace.propagate);
    let tracer = tracer.map_err(|error| {
        let message = format!("traces can't be posted: {error}");
        Box::new(source.error(trace.place(), message))
    })?;
    Ok(Some(Arc::new(tracer)))
}
