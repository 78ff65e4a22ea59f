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

/// What a file of the deployment names that could be a metric.
fn named_in(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = text.split(move |letter| !is_part(letter));
    let is_metric = |word: &&str| word.starts_with("aside_") || word.starts_with("gen_ai_");
    // Labels of the conventions.
    let is_label = |word: &&str| *word == "gen_ai_token_type";
    words.filter(move |word| is_metric(word) && !is_label(word))
}

/// The metric that a series is of.
fn metric_of(series: &str) -> Option<&'static Metric> {
    let named = |name: &str| METRICS.iter().find(|metric| metric.name == name);
    named(series).or_else(|| {
        let ends = ["_bucket", "_sum", "_count"].into_iter();
        let mut of = ends.filter_map(|end| named(series.strip_suffix(end)?));
        of.find(|metric| matches!(metric.kind, MetricKind::Histogram(_) | MetricKind::Sizes(_)))
    })
}

#[test]
fn dashboard_and_alerts_name_metrics_that_there_are() {
    let dashboard = include_str!("../../../deploy/grafana/dashboards/aside.json");
    let alerts = include_str!("../../../deploy/prometheus/alerts.yml");
    let played = include_str!("../../../deploy/prometheus/alerts_test.yml");
    for (file, text) in [
        ("dashboard", dashboard),
        ("alerts", alerts),
        ("tests", played),
    ] {
        let wrong: Vec<_> = named_in(text)
            .filter(|series| metric_of(series).is_none())
            .collect();
        assert!(wrong.is_empty(), "{file}: {wrong:?}");
        assert!(named_in(text).count() > 10, "{file}");
    }
    assert!(serde_json::from_str::<serde_json::Value>(dashboard).is_ok());
    let shown: Vec<_> = named_in(dashboard).filter_map(metric_of).collect();
    for metric in METRICS {
        let is_shown = shown.iter().any(|shown| shown.name == metric.name);
        assert!(is_shown, "no panel shows {}", metric.name);
    }
    assert!(metric_of("aside_turns_total_count").is_none() && metric_of("aside_turn").is_none());
}
