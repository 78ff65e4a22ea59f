//! The one recorder of the process, and the counters of it.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::labels::owned;
use super::{METRICS, Metric, MetricKind};

/// How often what histograms noted is put into their buckets, where nobody asks for it.
const UPKEEP: Duration = Duration::from_secs(5);

// The crate `metrics` has one recorder a process, so what it wrote to is one as well.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts recording. All servers of a process record into the same numbers; a second start
/// changes nothing.
pub fn start_metrics() {
    recorder();
}

/// All numbers in Prometheus' text format.
pub fn render() -> String {
    recorder().render()
}

/// The counter of these labels.
pub fn counter(metric: &Metric, labels: &[(&'static str, &str)]) -> Counter {
    metrics::counter!(metric.name, owned(labels))
}

/// The gauge of these labels.
pub fn gauge(metric: &Metric, labels: &[(&'static str, &str)]) -> Gauge {
    metrics::gauge!(metric.name, owned(labels))
}

/// The histogram of these labels.
pub fn histogram(metric: &Metric, labels: &[(&'static str, &str)]) -> Histogram {
    metrics::histogram!(metric.name, owned(labels))
}

fn recorder() -> &'static PrometheusHandle {
    RECORDER.get_or_init(|| {
        let mut builder = PrometheusBuilder::new();
        for metric in METRICS {
            if let MetricKind::Histogram(buckets) | MetricKind::Sizes(buckets) = metric.kind {
                let matcher = Matcher::Full(metric.name.to_owned());
                builder = builder
                    .set_buckets_for_metric(matcher, buckets)
                    .expect("every histogram has buckets");
            }
        }
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("the process has another recorder of metrics; /metrics stays empty");
        }
        for metric in METRICS {
            match metric.kind {
                MetricKind::Counter => {
                    metrics::describe_counter!(metric.name, Unit::Count, metric.help)
                }
                MetricKind::Gauge => {
                    metrics::describe_gauge!(metric.name, Unit::Count, metric.help)
                }
                MetricKind::Histogram(_) => {
                    metrics::describe_histogram!(metric.name, Unit::Seconds, metric.help);
                }
                MetricKind::Sizes(_) => {
                    metrics::describe_histogram!(metric.name, Unit::Count, metric.help);
                }
            }
        }
        handle.run_upkeep();
        keep_up(handle.clone());
        handle
    })
}

/// Without it the histograms of a server that nobody asks for its numbers grow without an end.
fn keep_up(handle: PrometheusHandle) {
    let keeper = std::thread::Builder::new().name("metrics".to_owned());
    let started = keeper.spawn(move || {
        loop {
            std::thread::sleep(UPKEEP);
            handle.run_upkeep();
        }
    });
    if let Err(error) = started {
        tracing::warn!(%error, "no thread for metrics; ask for /metrics at least once an hour");
    }
}
