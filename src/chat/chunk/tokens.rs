//! What tells a text again beside it, token by token.
//!
//! Where a rule changes a text, its tokens must go: they would undo what was hidden.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::TextField;
use crate::chat::json;
use crate::chat::json::place_in;

/// The places of what tells the texts of a choice again, token by token: all that is not `null`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Those of one text alone: the members `content` and `refusal` of `logprobs`.
    pub of_text: Vec<(TextField, Range<usize>)>,
    /// Those of whatever text: `logprobs` of any other shape, `token_id` and `token_ids`.
    pub of_any: Vec<Range<usize>>,
}

impl Tokens {
    pub(super) fn of(json: &str, logprobs: Option<&RawValue>, ids: &[Option<&RawValue>]) -> Tokens {
        let place = |value: &RawValue| place_in(json, value.get());
        let is_there = |value: &&RawValue| !json::is_null(value.get());
        let ids = ids.iter().copied().flatten().filter(is_there);
        let mut tokens = Tokens {
            of_any: ids.map(place).collect(),
            of_text: Vec::new(),
        };
        let Some(logprobs) = logprobs.filter(is_there) else {
            return tokens;
        };
        match serde_json::from_str::<RawLogprobs<'_>>(logprobs.get()) {
            Ok(members) => {
                let members = [
                    (TextField::Content, members.content),
                    (TextField::Refusal, members.refusal),
                ];
                let there = members
                    .into_iter()
                    .filter_map(|(field, value)| Some((field, value.filter(is_there)?)));
                tokens
                    .of_text
                    .extend(there.map(|(field, value)| (field, place(value))));
            }
            Err(_) => tokens.of_any.push(place(logprobs)),
        }
        tokens
    }
}

/// Logprobs as OpenAI has them; with anything else in them they are told as one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLogprobs<'j> {
    #[serde(borrow)]
    content: Option<&'j RawValue>,
    #[serde(borrow)]
    refusal: Option<&'j RawValue>,
}
