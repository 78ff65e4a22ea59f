//! Complaints about how many tokens may come.

use std::borrow::Cow;

use super::words::RefusalWords;
use crate::upstream::fields::{EditWhen, FieldAction, FieldEdit};
use crate::upstream::mending::Mending;

/// The fields that bound a reply.
const LIMITS: [&str; 2] = ["max_completion_tokens", "max_tokens"];
/// A reply of fewer tokens says nothing.
const FEWEST: u64 = 16;

/// Stands before the most that is taken.
const BEFORE_MOST: [&str; 20] = [
    "lower than or equal to",
    "smaller than or equal to",
    "no more than",
    "not be more than",
    "supports at most",
    "must be at most",
    "should be at most",
    "at most",
    "less than or equal to",
    "cannot exceed",
    "must not exceed",
    "cannot be greater than",
    "maximum value is",
    "maximum value of",
    "maximum allowed is",
    "maximum of",
    "valid range of max_tokens is [1,",
    "must be in [1,",
    "model limit of",
    "<=",
];

/// Says that a limit is too low for this request.
const WANTS_MORE: [&str; 11] = [
    "limit was reached",
    "higher max",
    "larger max",
    "increase max",
    "increase the max",
    "increasing max",
    "raise max",
    "too low",
    "too small",
    "below minimum",
    "at least",
];

/// How to mend a limit that is too large for the model, or for what its context has left.
pub(super) fn ways(said: &RefusalWords) -> Vec<Vec<Mending>> {
    of_context(said).unwrap_or_else(|| of_reply(said))
}

/// A limit that leaves no place in the context; none: it is not of that.
fn of_context(said: &RefusalWords) -> Option<Vec<Vec<Mending>>> {
    let context = said.number_behind(&[
        "maximum context length is",
        "maximum context length of",
        "context length is only",
        "context window of",
        "context size (",
        "context length of",
    ]);
    if let Some(context) = context {
        let asked = said.number_before(&[
            " in the messages",
            " input tokens",
            " in your prompt",
            " in the prompt",
            " prompt tokens",
            " tokens in the prompt",
            " of text input",
        ]);
        let asked = asked.or_else(|| said.number_behind(&["passed", "your request has"]));
        let left = asked.and_then(|asked| context.checked_sub(asked));
        let left = left.filter(|left| *left >= FEWEST);
        return Some(Vec::from_iter(
            left.map(|left| at_most(left, Mending::Once)),
        ));
    }
    // Text Generation Inference counts the two together.
    if said.has(&["`inputs` tokens +"])
        && let Some(most) = said.number_behind(&["must be <="])
    {
        let given = said.number_behind(&["given:"]);
        let left = given.and_then(|given| most.checked_sub(given));
        let left = left.filter(|left| *left >= FEWEST);
        return Some(Vec::from_iter(
            left.map(|left| at_most(left, Mending::Once)),
        ));
    }
    None
}

/// A limit that the model does not take.
fn of_reply(said: &RefusalWords) -> Vec<Vec<Mending>> {
    let is_of_limit = LIMITS.iter().any(|limit| said.names(limit))
        || said
            .paths
            .iter()
            .flatten()
            .any(|part| LIMITS.contains(&&**part))
        || said.has(&[
            "completion tokens",
            "output tokens",
            "maximum tokens",
            "max tokens",
            "max output tokens",
            "maxtokens",
            "max_output_tokens",
            "model output limit",
        ]);
    let most = said.number_behind(&BEFORE_MOST);
    // `max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens`
    let most = most.or_else(|| {
        let compared = said.has(&["maximum allowed number of output tokens"]);
        compared.then(|| said.number_behind(&[" > "])).flatten()
    });
    // What it needs is of this request, so is what is mended: it goes without a limit.
    if most.is_none() && is_of_limit && said.has(&WANTS_MORE) {
        let dropped = LIMITS.map(|field| Mending::Once(FieldEdit::drop(field)));
        return vec![dropped.into()];
    }
    let most = most.filter(|most| is_of_limit && *most >= FEWEST);
    Vec::from_iter(most.map(|most| at_most(most, Mending::Field)))
}

fn at_most(most: u64, mending: fn(FieldEdit) -> Mending) -> Vec<Mending> {
    let edit = |field: &'static str| FieldEdit {
        field: Cow::Borrowed(field),
        action: FieldAction::AtMost(most),
        when: EditWhen::Always,
    };
    LIMITS
        .into_iter()
        .map(|field| mending(edit(field)))
        .collect()
}
