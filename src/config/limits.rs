//! `[limits]`: what is too much of one request, of all callers, of one key and of one call.
//!
//! It counts nothing itself.

use std::num::NonZeroU32;
use std::time::Duration;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::files::duration;

/// The most turns of a [`Rate`].
const MOST_TURNS: u32 = 1_000_000;

/// `[limits]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest request body, in bytes. Default: 8 MiB.
    #[serde(deserialize_with = "duration::size")]
    #[schemars(with = "String")]
    pub body: usize,
    /// How long a request's body may take to come, at 1 KiB a second or more behind its first second.
    /// Default: 10s.
    #[serde(deserialize_with = "some_time")]
    #[schemars(with = "String")]
    pub body_time: Duration,
    /// The most turns at once. Default: 4000.
    #[serde(deserialize_with = "count")]
    pub streams: usize,
    /// The most turns at once of one key. Default: no limit.
    #[serde(deserialize_with = "optional_count")]
    pub streams_per_key: Option<usize>,
    /// How often one key may ask. Default: no limit.
    #[schemars(with = "String")]
    pub turns_per_key: Option<Rate>,
    /// The most turns of one call. Default: no limit.
    #[serde(deserialize_with = "optional_count")]
    pub call_turns: Option<usize>,
    /// The most tokens of one call, four bytes each. Default: no limit.
    #[serde(deserialize_with = "optional_count")]
    pub call_tokens: Option<usize>,
    /// The most bytes that rules may inject into one turn's request. Default: 256 KiB.
    #[serde(deserialize_with = "duration::size")]
    #[schemars(with = "String")]
    pub injected: usize,
    /// The longest that the rules of one turn may take; what redacts then ends the turn, what does
    /// not is skipped. Default: 1s.
    #[serde(deserialize_with = "duration::duration")]
    #[schemars(with = "String")]
    pub rule_time: Duration,
}

/// So many turns in so long, as in `20/s`; all of them may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Rate {
    /// How many.
    pub turns: NonZeroU32,
    /// In how long.
    pub per: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body: 8 << 20,
            body_time: Duration::from_secs(10),
            streams: 4000,
            streams_per_key: None,
            turns_per_key: None,
            call_turns: None,
            call_tokens: None,
            injected: 256 << 10,
            rule_time: Duration::from_secs(1),
        }
    }
}

/// A text is no rate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no rate: write a number of turns from 1 to {MOST_TURNS}, `/`, and s, m or h, as in \"20/s\" or \"600/m\""
)]
pub struct RateError(String);

impl TryFrom<String> for Rate {
    type Error = RateError;

    fn try_from(text: String) -> Result<Rate, RateError> {
        let wrong = || RateError(text.clone());
        let (turns, unit) = text.split_once('/').ok_or_else(wrong)?;
        let turns: u32 = turns.trim().parse().map_err(|_| wrong())?;
        let turns = NonZeroU32::new(turns).filter(|turns| turns.get() <= MOST_TURNS);
        let seconds = match unit.trim() {
            "s" => 1,
            "m" | "min" => 60,
            "h" => 3600,
            _ => return Err(wrong()),
        };
        Ok(Rate {
            turns: turns.ok_or_else(wrong)?,
            per: Duration::from_secs(seconds),
        })
    }
}

fn some_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let time = duration::duration(deserializer)?;
    match time.is_zero() {
        true => Err(D::Error::custom(
            "no body comes in no time: write a time such as \"10s\"",
        )),
        false => Ok(time),
    }
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let number = i64::deserialize(deserializer)?;
    let count = usize::try_from(number).ok().filter(|count| *count > 0);
    count.ok_or_else(|| {
        D::Error::custom(format!(
            "{number} would let no turn through: write 1 or more, or leave the line out"
        ))
    })
}

fn optional_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    count(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Result<(u32, u64), RateError> {
        let rate = Rate::try_from(text.to_owned())?;
        Ok((rate.turns.get(), rate.per.as_secs()))
    }

    #[test]
    fn rates_are_read() {
        assert_eq!(rate("20/s"), Ok((20, 1)));
        assert_eq!(rate("600 / m"), Ok((600, 60)));
        assert_eq!(rate("600/min"), Ok((600, 60)));
        assert_eq!(rate("1000000/h"), Ok((1_000_000, 3600)));
    }

    #[test]
    fn what_is_no_rate_is_refused_with_an_example() {
        for text in [
            "",
            "20",
            "s",
            "/s",
            "0/s",
            "-1/s",
            "1.5/s",
            "20/day",
            "20/",
            "1000001/s",
            "20/s/s",
        ] {
            let problem = rate(text).expect_err(text);
            assert!(problem.to_string().contains("as in \"20/s\""), "{problem}");
        }
    }
}
