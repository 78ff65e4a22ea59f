//! The fields of a rule file beside what the rule does, its fetches and its tests.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleHead {
    /// What the rule is for, in a sentence.
    pub(super) about: String,
    /// When the rule acts: a condition in CEL. Default: always.
    #[serde(rename = "when")]
    _when: Option<String>,
    /// Whether it acts at all. Default: true.
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    /// Whether it is only computed and shown. Default: false.
    #[serde(default)]
    pub(super) shadow: bool,
    /// The share of calls in which it acts, 0 to 100. Default: every call.
    #[schemars(with = "u8", range(max = 100))]
    pub(super) percent: Option<Percent>,
    /// What happens where it fails. Default: as its kind does.
    pub(super) on_error: Option<RuleOnError>,
    /// The tests of this rule.
    #[serde(default, rename = "test")]
    #[schemars(with = "Vec<super::case::CaseFields>")]
    _test: Option<IgnoredAny>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RuleOnError {
    /// The turn goes on without it.
    Skip,
    /// The turn ends; nothing goes upstream.
    Fail,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Percent(pub(super) u8);

/// A number is no share of calls.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no whole number from 0 to 100")]
pub(super) struct PercentError(f64);

impl TryFrom<f64> for Percent {
    type Error = PercentError;
    fn try_from(percent: f64) -> Result<Percent, PercentError> {
        let is_good = (0.0..=100.0).contains(&percent) && percent.fract() == 0.0;
        // The range was checked, so the cast keeps the value.
        if is_good {
            Ok(Percent(percent as u8))
        } else {
            Err(PercentError(percent))
        }
    }
}

fn yes() -> bool {
    true
}
