//! In which arm of each rule with `percent` a call is, for those who compare the two.

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

/// Why a rule does not act in this call, whatever its condition says.
pub(super) fn not_in_share(file: &RuleFile, call: Option<&str>) -> Option<&'static str> {
    if !file.is_enabled {
        return Some("it is not enabled");
    }
    match (file.percent, call) {
        (None, _) => None,
        (Some(_), None) => Some("the call has no id, so it is in no share of calls"),
        (Some(percent), Some(call)) if share(call, &file.name) >= percent => {
            Some("the call is not in its share")
        }
        (Some(_), Some(_)) => None,
    }
}

/// Where a call stands among a hundred: the same on every machine and in every release. FNV-1a
/// reads the bytes; the finaliser of MurmurHash3 mixes them, since FNV alone leaves ids that differ
/// in their last signs at the same distance from each other, whatever the rule.
pub(super) fn share(call: &str, rule: &str) -> u8 {
    let bytes = rule.bytes().chain([0]).chain(call.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    // The remainder is below 100.
    ((hash ^ (hash >> 33)) % 100) as u8
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

    #[test]
    fn a_share_is_as_large_as_it_says_and_each_rule_has_its_own() {
        let calls: Vec<String> = (0..20_000).map(|n| format!("call-{n}")).collect();
        for percent in [0, 1, 10, 50, 99, 100] {
            let hits = calls.iter().filter(|call| share(call, "10-a") < percent);
            let hits = hits.count() as f64 / 200.0;
            assert!((hits - f64::from(percent)).abs() < 1.5, "{percent}: {hits}");
        }
        let both = |call: &&String| share(call, "10-a") < 50 && share(call, "20-b") < 50;
        let both = calls.iter().filter(both).count() as f64 / 200.0;
        assert!((both - 25.0).abs() < 1.5, "{both}");
    }

    #[test]
    fn a_few_calls_with_ids_in_a_row_are_not_all_in_the_same_shares() {
        let ids: [&dyn Fn(usize) -> String; 4] = [
            &|n| format!("call-{n}"),
            &|n| format!("{n:04}"),
            &|n| format!("019ab3f0-7c4e-7d52-9a61-0d2e5f{n:06x}"),
            &|n| format!("{n:08x}-7c4e-4d52-9a61-0d2e5f1a2b3c"),
        ];
        let rules = [("10-a", "20-b"), ("rule-1", "rule-2"), ("a", "b")];
        for (id, (one, other)) in ids.iter().flat_map(|id| rules.map(|pair| (id, pair))) {
            let calls = (0..400).map(id).collect::<Vec<_>>();
            let same = |call: &&String| (share(call, one) < 50) == (share(call, other) < 50);
            let same = calls.iter().filter(same).count();
            // Half of them by chance; five standard deviations are 50.
            assert!((150..=250).contains(&same), "{one} {other}: {same} of 400");
        }
    }
}
