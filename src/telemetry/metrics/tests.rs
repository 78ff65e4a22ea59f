use super::*;

#[test]
fn names_follow_the_conventions() {
    for metric in METRICS {
        let name = metric.name;
        let ending = match metric.kind {
            MetricKind::Counter => "_total",
            MetricKind::Histogram(_) => "_seconds",
            MetricKind::Gauge | MetricKind::Sizes(_) => "",
        };
        let is_ours = name.starts_with("aside_");
        let is_of_convention = name.starts_with("gen_ai_");
        assert!(is_ours || is_of_convention, "{name}");
        assert!(name.ends_with(ending), "{name}");
        let has_one = METRICS.iter().filter(|other| other.name == name).count() == 1;
        assert!(has_one, "{name}");
    }
}

#[test]
fn the_readme_lists_every_metric() {
    let readme = include_str!("../../../README.md");
    for Metric { name, .. } in METRICS {
        assert!(readme.contains(&format!("| `{name}")), "{name}");
    }
    let is_listed = |line: &&str| line.starts_with("| `aside_") || line.starts_with("| `gen_ai_");
    let listed = readme.lines().filter(is_listed);
    assert_eq!(listed.count(), METRICS.len());
}

#[test]
fn a_second_start_goes_on_with_the_same_numbers() {
    start_metrics();
    counter(&CLIENT_ERRORS, &[("status", "499")]).increment(1);
    start_metrics();
    counter(&CLIENT_ERRORS, &[("status", "499")]).increment(1);
    let text = render();
    assert!(
        text.contains("aside_client_errors_total{status=\"499\"} 2"),
        "{text}"
    );
}
