//! Several values in the data of one event, without a line between them.
//!
//! It never takes half a value for one.

use serde_json::value::RawValue;

/// The most values of one event.
const MOST: usize = 64;
const DONE: &str = "[DONE]";

/// The values that stand one behind the other, each an object or `[DONE]`, also with a field name
/// between them; none: it is anything else, or one value alone.
pub(super) fn glued(data: &str) -> Option<Vec<&str>> {
    let mut rest = data.trim();
    let is_named = rest.starts_with("data:");
    let mut values = Vec::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix("data:").unwrap_or(rest).trim_start();
        let value = if rest.starts_with(DONE) {
            DONE
        } else if rest.starts_with('{') {
            let mut read = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
            read.next()?.ok()?.get()
        } else {
            return None;
        };
        if values.len() == MOST {
            return None;
        }
        values.push(value);
        rest = rest.get(value.len()..)?.trim_start();
    }
    (values.len() > 1 || (is_named && !values.is_empty())).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_on_one_line_are_told_apart() {
        for (data, expected) in [
            ("{\"a\":\"}{\"}data: [DONE]", &["{\"a\":\"}{\"}", DONE][..]),
            (
                "{\"a\":1}{\"b\":2} {} [DONE]",
                &["{\"a\":1}", "{\"b\":2}", "{}", DONE],
            ),
            ("data: {\"a\":1}", &["{\"a\":1}"]),
            ("data: [DONE]", &[DONE]),
        ] {
            assert_eq!(glued(data).as_deref(), Some(expected), "{data}");
        }
        let many = "{}".repeat(MOST + 1);
        for data in [
            "{}",
            "[DONE]",
            "{\"a\":1}{\"b",
            "{\"a\"",
            "{};",
            "ping",
            "",
            "data:",
            &many,
        ] {
            assert_eq!(glued(data), None, "{data}");
        }
    }
}
