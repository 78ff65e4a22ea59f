//! In which arm of each rule with `percent` a call is, for those who compare the two.

use super::apply::not_in_share;
use super::{RuleFile, Ruleset};

/// In the share of the calls in which a rule acts, or not.
pub const ARMS: [&str; 2] = ["in", "out"];

impl Ruleset {
    /// The rules that act in a share of calls, and whether a call is `in` that share or `out` of it.
    pub fn arms(&self, call: Option<&str>) -> Vec<(&str, &'static str)> {
        let [inside, outside] = ARMS;
        let arm = |file: &RuleFile| match not_in_share(file, call) {
            None => inside,
            Some(_) => outside,
        };
        let shared = self.rules.iter().filter(|file| file.percent.is_some());
        shared
            .filter(|file| file.is_enabled)
            .map(|file| (file.name.as_str(), arm(file)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Source;

    #[test]
    fn only_rules_with_a_share_have_arms_and_a_call_without_an_id_is_out_of_all() {
        let rule = |name: &str, head: &str| {
            let text = format!("about = \"x\"\n{head}[then.inject]\ntext = \"a\"\n");
            Source::new(name, text)
        };
        let sources = vec![
            rule("10-all.toml", "percent = 100\n"),
            rule("20-none.toml", "percent = 0\n"),
            rule("30-always.toml", ""),
            rule("40-off.toml", "percent = 100\nenabled = false\n"),
            rule("50-tried.toml", "percent = 100\nshadow = true\n"),
        ];
        let (ruleset, problems) = Ruleset::read(sources, &|_| None);
        let ruleset = ruleset.unwrap_or_else(|| panic!("{problems:?}"));
        let expected = |arms: [&'static str; 3]| {
            let rules = ["10-all", "20-none", "50-tried"];
            rules.into_iter().zip(arms).collect::<Vec<_>>()
        };
        assert_eq!(ruleset.arms(Some("call-1")), expected(["in", "out", "in"]));
        assert_eq!(ruleset.arms(None), expected(["out", "out", "out"]));
    }
}
