//! Fields that one refusal names together, none of which is taken: what it lists behind a colon, one
//! behind the other, or each in a sentence of its own.
//!
//! Fields that only bear each other not, or that are named as those that are taken, are none of them.

use super::refused::{FIELD_REFUSED, WORDS};
use super::words::{RefusalWords, in_snake_case, is_word, path_of};
use crate::chat::fields;

/// Says that the fields behind are taken, or that one of several has to go.
const NOT_ALL: [&str; 10] = [
    " both",
    "together",
    "either",
    "one of",
    "instead",
    "use ",
    "when ",
    " with ",
    "supported param",
    "available param",
];

/// The paths of all fields that are not taken; none where not several are named.
pub(super) fn paths(said: &RefusalWords) -> Vec<Vec<String>> {
    let is_of_request = |path: &Vec<String>| match path.as_slice() {
        [field] => fields::kind_of(field).is_some() || field.contains('_'),
        _ => true,
    };
    let mut all = said.unknown_names();
    all.extend(listed(said).into_iter().filter(is_of_request));
    let sentences = said.text.split(['\n', ';']);
    for sentence in sentences.flat_map(|line| line.split(". ")) {
        let lower = sentence.to_lowercase().replace(" with this", "");
        let is_refusal = FIELD_REFUSED.iter().any(|word| lower.contains(word));
        if is_refusal && !NOT_ALL.iter().any(|words| lower.contains(words)) {
            all.extend(fields_in(sentence));
        }
    }
    let mut once: Vec<Vec<String>> = Vec::new();
    for path in all {
        if !once.contains(&path) {
            once.push(path);
        }
    }
    if once.len() < 2 { Vec::new() } else { once }
}

/// The known fields that a sentence names. Where a few of them are words of anybody's language, they
/// count in quotes only.
fn fields_in(sentence: &str) -> Vec<Vec<String>> {
    let names = fields::KNOWN.iter().map(|(name, _)| *name);
    let is_named = |name: &&str| match WORDS.contains(name) {
        true => ['\'', '"', '`'].iter().any(|quote| {
            let quoted = format!("{quote}{name}{quote}");
            sentence.contains(&quoted)
        }),
        false => is_word(sentence, name),
    };
    names
        .filter(is_named)
        .map(|name| vec![name.to_owned()])
        .collect()
}

/// What follows a colon: `Unrecognized request argument supplied: a, b`.
pub(super) fn listed(said: &RefusalWords) -> Vec<Vec<String>> {
    const BEFORE: [&str; 12] = [
        "supplied: ",
        "parameter: ",
        "parameters: ",
        "argument: ",
        "arguments: ",
        "field: ",
        "fields: ",
        "on this model: ",
        "support parameter ",
        "support the parameter ",
        "unsupported parameter ",
        "extraneous key ",
    ];
    let mut found = Vec::new();
    for before in BEFORE {
        let Some(at) = said.lower.find(before) else {
            continue;
        };
        // Lower case may be of another length than what it was made of.
        let Some(rest) = said.text.get(at + before.len()..) else {
            continue;
        };
        let end = rest.find(['\n', ';', '(']).unwrap_or(rest.len());
        let end = rest.find(". ").map_or(end, |sentence| sentence.min(end));
        let names = rest[..end].split([',', ' ']).map(|name| {
            name.trim_matches(|char: char| !char.is_ascii_alphanumeric() && char != '_')
        });
        let names = names.take_while(|name| !name.is_empty());
        found.extend(names.map(|name| path_of(&in_snake_case(name))));
    }
    found
}
