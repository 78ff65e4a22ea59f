//! The manuals that are no kind's.

use super::*;
use crate::files::Source;
use crate::ruleset::case_run::try_alone;

#[test]
fn every_manual_has_its_name_in_the_usage_and_says_much() {
    let usage = what();
    for (name, manual) in MANUALS {
        assert!(usage.contains(name), "{name}");
        let text = manual();
        assert!(text.lines().count() > 20, "{name}: {text}");
    }
}

#[test]
fn the_rules_of_the_manuals_pass_their_tests() {
    for (manual, example) in [
        (fetch::manual::manual(), fetch::manual::EXAMPLE),
        (context::manual::manual(), context::manual::EXAMPLE),
    ] {
        assert!(manual.ends_with(example));
        let source = Source::new("a.toml", example);
        let (tried, problems) = try_alone(source, &|_| None, usize::MAX, None);
        assert!(problems.is_empty(), "{problems:?}");
        let tried = tried.expect("a rule");
        assert!(tried.len() > 1);
        for test in tried {
            assert!(
                test.failures.is_empty(),
                "{}: {:?}",
                test.name,
                test.failures
            );
        }
    }
}

#[test]
fn the_manual_of_fetches_has_all_their_fields() {
    let manual = fetch::manual::manual();
    for field in [
        "url", "method", "headers", "body", "pick", "within", "fresh", "stale", "at",
    ] {
        let line = format!("\n- `{field}`: ");
        let about = manual
            .split_once(&line)
            .map(|(_, about)| about.trim_start());
        assert!(
            about.is_some_and(|about| about.len() > 10),
            "{field}: {manual}"
        );
    }
}
