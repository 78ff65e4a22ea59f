//! What a piece of a reply says it took: tokens of the prompt, of the answer, and from a cache.
//!
//! Servers put it in many places and name it in three ways. It never adds up pieces: each says what
//! the reply took so far.

use serde_json::Value;

use super::Chunk;

/// Tokens that a reply took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Of the prompt, those from a cache included.
    pub prompt: Option<u64>,
    /// Of the answer.
    pub completion: Option<u64>,
    /// Of the prompt, those that came from a cache.
    pub cached: Option<u64>,
}

/// Where usage stands, in a chunk of a stream or in a whole completion.
const PLACES: [&str; 5] = [
    "/usage",
    "/x_groq/usage",
    "/choices/0/usage",
    "/choices/0/delta/usage",
    "/message/usage",
];
const CACHED: [&str; 5] = [
    "/prompt_tokens_details/cached_tokens",
    "/input_tokens_details/cached_tokens",
    "/prompt_cache_hit_tokens",
    "/cache_read_input_tokens",
    "/cached_tokens",
];

impl Chunk {
    /// What it says the reply took; none: it says nothing of it. Most pieces do not, or say `null`,
    /// and are not opened.
    pub fn usage(&self, json: &str) -> Option<Usage> {
        const KEY: &str = "\"usage\"";
        let has_value = |at: usize| {
            let rest = json.get(at + KEY.len()..).unwrap_or_default().trim_start();
            rest.strip_prefix(':')
                .is_some_and(|value| value.trim_start().starts_with('{'))
        };
        let mut keys = memchr::memmem::find_iter(json.as_bytes(), KEY);
        keys.find(|at| has_value(*at))?;
        let chunk: Value = serde_json::from_str(json).ok()?;
        let mut told = PLACES.iter().filter_map(|place| chunk.pointer(place));
        told.find_map(Usage::of)
    }
}

impl Usage {
    fn of(usage: &Value) -> Option<Usage> {
        let first = |places: &[&str]| {
            let mut found = places.iter().filter_map(|place| usage.pointer(place));
            found.find_map(whole_number)
        };
        let read = Usage {
            prompt: first(&["/prompt_tokens"]),
            completion: first(&["/completion_tokens", "/output_tokens"]),
            cached: first(&CACHED),
        };
        // As Anthropic counts, what came from a cache or went there is no input.
        let beside = ["/cache_read_input_tokens", "/cache_creation_input_tokens"];
        let beside = beside.iter().filter_map(|place| usage.pointer(place));
        let beside = beside.filter_map(whole_number).fold(0, u64::saturating_add);
        let input = first(&["/input_tokens"]).map(|input| input.saturating_add(beside));
        let read = Usage {
            prompt: read.prompt.or(input),
            ..read
        };
        (read != Usage::default()).then_some(read)
    }
}

/// Some servers count in floats.
fn whole_number(value: &Value) -> Option<u64> {
    let of_float = || {
        let number = value.as_f64().filter(|number| *number >= 0.0)?;
        format!("{number:.0}").parse().ok()
    };
    value.as_u64().or_else(of_float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(json: &str) -> Option<[Option<u64>; 3]> {
        let chunk = Chunk::parse(json).expect("a chunk");
        let usage = chunk.usage(json)?;
        Some([usage.prompt, usage.completion, usage.cached])
    }

    #[test]
    fn usage_is_read_wherever_servers_put_it_and_however_they_name_it() {
        let openai = r#"{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}"#;
        for chunk in [
            r#"{"choices":[],"usage":U}"#,
            r#"{"choices":null,"usage":U}"#,
            r#"{"choices":[],"usage" : U}"#,
            r#"{"usage":U}"#,
            r#"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":U}"#,
            r#"{"choices":[{"index":0,"delta":{},"usage":U}]}"#,
            r#"{"choices":[{"index":0,"delta":{}}],"usage":null,"x_groq":{"id":"r","usage":U}}"#,
            r#"{"choices":[{"index":0,"message":{"content":"a"}}],"usage":U}"#,
        ] {
            let expected = [Some(9), Some(2), Some(4)];
            assert_eq!(
                usage(&chunk.replace('U', openai)),
                Some(expected),
                "{chunk}"
            );
        }
        for (named, expected) in [
            (
                r#"{"prompt_tokens":9,"completion_tokens":2,"prompt_cache_hit_tokens":4}"#,
                [Some(9), Some(2), Some(4)],
            ),
            (
                r#"{"input_tokens":3,"output_tokens":2,"cache_read_input_tokens":4,"cache_creation_input_tokens":2}"#,
                [Some(9), Some(2), Some(4)],
            ),
            (
                r#"{"prompt_tokens":9.0,"completion_tokens":2,"cached_tokens":4,"total_tokens":11}"#,
                [Some(9), Some(2), Some(4)],
            ),
            (
                r#"{"prompt_tokens":9,"prompt_tokens_details":null}"#,
                [Some(9), None, None],
            ),
        ] {
            let chunk = format!(r#"{{"choices":[],"usage":{named}}}"#);
            assert_eq!(usage(&chunk), Some(expected), "{named}");
        }
        for none in [
            r#"{"choices":[],"usage":null}"#,
            r#"{"choices":[{"delta":{"content":"\"usage\""}}]}"#,
            r#"{"choices":[],"usage":{"prompt_tokens":-1}}"#,
        ] {
            assert_eq!(usage(none), None, "{none}");
        }
    }
}
