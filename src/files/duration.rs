//! Durations and sizes as people write them in files: `1200ms`, `3s`, `10m`, `2h`, `8 MiB`.

use std::fmt;
use std::time::Duration;

use jiff::fmt::friendly::SpanParser;
use serde::Deserializer;
use serde::de::{Error, Visitor};

/// A text is no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no duration: write a number and ms, s, m or h, as in \"1200ms\"")]
pub struct DurationError(String);

/// A text is no size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no size: write a number and B, KiB, MiB or GiB, as in \"8 MiB\"")]
pub struct SizeError(String);

/// Reads `1200ms`, `3s`, `10m`, `2h`, `1.5h` or `1h 30m`.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let wrong = || DurationError(text.to_owned());
    let read = SpanParser::new().parse_duration(text.trim());
    Duration::try_from(read.map_err(|_| wrong())?).map_err(|_| wrong())
}

/// Reads `64 KiB`, `8 MiB`, `1 GiB`, `500 kB` or a plain number of bytes.
pub fn parse_size(text: &str) -> Result<usize, SizeError> {
    let wrong = || SizeError(text.to_owned());
    let (number, unit) = split(text);
    let value: f64 = number.parse().map_err(|_| wrong())?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    let bytes = value * factor;
    if !(1.0..=9e15).contains(&bytes) {
        return Err(wrong());
    }
    // The range was checked above, so the cast keeps the value.
    Ok(bytes as usize)
}

/// For `#[serde(deserialize_with = "…")]` on a duration.
pub fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = text_of(deserializer, "a duration such as \"1200ms\"")?;
    parse_duration(&text).map_err(D::Error::custom)
}

/// For `#[serde(deserialize_with = "…")]` on a duration that may be absent.
pub fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

/// For `#[serde(deserialize_with = "…")]` on a size in bytes.
pub fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let text = text_of(deserializer, "a size such as \"8 MiB\"")?;
    parse_size(&text).map_err(D::Error::custom)
}

/// A text, of which an error says what it should be.
pub fn text_of<'de, D: Deserializer<'de>>(
    deserializer: D,
    what: &'static str,
) -> Result<String, D::Error> {
    struct Text(&'static str);
    impl Visitor<'_> for Text {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
    }
    deserializer.deserialize_str(Text(what))
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    (&text[..at], text[at..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_read() {
        assert_eq!(parse_duration("1200ms"), Ok(Duration::from_millis(1200)));
        assert_eq!(parse_duration("2h"), Ok(Duration::from_secs(7200)));
        assert_eq!(parse_duration("90m"), parse_duration("1h 30m"));
        assert_eq!(parse_duration("0.5ms"), Ok(Duration::from_micros(500)));
        assert_eq!(parse_duration("1.5 s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse_size("8 MiB"), Ok(8 << 20));
        assert_eq!(parse_size("100"), Ok(100));
    }

    #[test]
    fn what_is_none_is_refused_with_an_example() {
        for text in [
            "", "3", "s", "-1s", "1s ago", "3 weeks", "1e99h", "PT2H", "1d", "inf s",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
        for text in ["", "MiB", "0", "3 cows"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
