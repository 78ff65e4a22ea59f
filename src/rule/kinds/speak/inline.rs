//! Marks within a line: emphasis, escapes, marks of code, HTML. What they stand around is said, but
//! for stage directions such as `*laughs*`.
//!
//! A `*` or `_` that is none stays: `3 * 4`, `snake_case`, and all in a placeholder.

use crate::stream::sweep::{Glimpse, Swept};
use crate::stream::voice_tag;

/// Tags of HTML that pages are made of. `<p>` and the like end a sentence for a page alone.
const HTML: [&str; 33] = [
    "a", "b", "i", "u", "p", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "td",
    "th", "tr", "ul", "br", "div", "img", "pre", "sup", "code", "span", "font", "table", "small",
    "tbody", "thead", "strong", "center",
];
/// Those of them behind which a line ends.
const ENDS_LINE: [&str; 6] = ["br", "hr", "/p", "/li", "/tr", "/div"];

const ENTITIES: [(&str, &str); 9] = [
    ("&amp;", "&"),
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&ndash;", "–"),
    ("&mdash;", "—"),
];

/// How stage directions begin.
const ACTIONS: [&str; 50] = [
    "laughs",
    "laughing",
    "laugh",
    "chuckles",
    "chuckling",
    "giggles",
    "giggling",
    "smiles",
    "smiling",
    "smile",
    "grins",
    "grinning",
    "sighs",
    "sighing",
    "sigh",
    "nods",
    "nodding",
    "pauses",
    "pausing",
    "pause",
    "clears",
    "coughs",
    "coughing",
    "gasps",
    "whispers",
    "whispering",
    "winks",
    "winking",
    "wink",
    "shrugs",
    "beams",
    "blushes",
    "sniffs",
    "sobs",
    "yawns",
    "groans",
    "hums",
    "thinks",
    "thinking",
    "typing",
    "checks",
    "checking",
    "leans",
    "waves",
    "bows",
    "takes",
    "softly",
    "gently",
    "warmly",
    "cheerfully",
];
const LONGEST_ACTION: usize = 80;
const LONGEST_COMMENT: usize = 400;

/// What begins here with a byte and is a mark.
pub(super) fn look(byte: u8, here: &Glimpse<'_>) -> Option<Swept> {
    match byte {
        b'*' => star(here),
        b'_' => underscore(here),
        b'~' => here
            .has(0, "~~")
            .then_some(Swept::Gone(here.run(0, 4, |sign| sign == '~'))),
        b'`' => Some(Swept::Gone(here.run(0, 8, |sign| sign == '`'))),
        b'\\' => escape(here),
        b'&' => {
            let entity = ENTITIES.iter().find(|(entity, _)| here.has(0, entity));
            entity.map(|(entity, sign)| Swept::Said(entity.len(), (*sign).to_owned()))
        }
        _ => None,
    }
}

fn star(here: &Glimpse<'_>) -> Option<Swept> {
    let last = here.last();
    let run = here.run(0, 10, |sign| sign == '*');
    let next = here.letter(run);
    let is_open = |sign: Option<char>| sign.is_none_or(char::is_whitespace);
    if run == 1 && is_open(last) && next.is_some_and(char::is_whitespace) {
        return Some(Swept::Whole(1));
    }
    // The star of a phone, as in "press *2".
    if run == 1 && is_open(last) && next.is_some_and(|next| next.is_ascii_digit()) {
        let digits = here.run(1, 8, |sign| sign.is_ascii_digit());
        if here.byte(1 + digits) != Some(b'*') {
            return Some(Swept::Whole(1));
        }
    }
    let is_of_number = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit());
    let is_of_word = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    let is_within = is_of_word(last) && is_of_word(next);
    if is_within && (run == 1 || (is_of_number(last) && is_of_number(next))) {
        return Some(Swept::Whole(run));
    }
    if run == 1 && is_open(last) && next.is_some_and(char::is_lowercase) {
        let action = begins_sentence(here) && ACTIONS.iter().any(|action| here.has_word(1, action));
        let len = action.then(|| 1 + here.run(1, LONGEST_ACTION, |sign| !"*\n".contains(sign)));
        if let Some(len) = len.filter(|len| here.byte(*len) == Some(b'*')) {
            return Some(Swept::Gone(len + 1));
        }
    }
    Some(Swept::Gone(run))
}

/// Whether nothing of a sentence stands before.
fn begins_sentence(here: &Glimpse<'_>) -> bool {
    let last = here.before().trim_end().chars().next_back();
    last.is_none_or(|last| ".!?…:;\"”)]>*\n".contains(last)) || here.begins_line(|sign| sign == ' ')
}

fn underscore(here: &Glimpse<'_>) -> Option<Swept> {
    let run = here.run(0, 40, |sign| sign == '_');
    let is_of_word = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    let (before, behind) = (is_of_word(here.last()), is_of_word(here.letter(run)));
    let is_touching = |sign: Option<char>| sign.is_some_and(|sign| !sign.is_whitespace());
    Some(match (before, behind) {
        (true, true) => Swept::Whole(run),
        (false, false)
            if run < 3 && !(is_touching(here.last()) ^ is_touching(here.letter(run))) =>
        {
            Swept::Whole(run)
        }
        _ => Swept::Gone(run),
    })
}

/// `\*` and the like: the sign is meant.
fn escape(here: &Glimpse<'_>) -> Option<Swept> {
    let sign = here.letter(1)?;
    if sign == '\n' {
        return Some(Swept::Gone(1));
    }
    "\\`*_{}[]()#+-.!|>~$&"
        .contains(sign)
        .then(|| Swept::Said(2, sign.to_string()))
}

/// Where the comment ends that begins here.
fn comment_end(here: &Glimpse<'_>) -> Option<usize> {
    let mut at = 4;
    while at < LONGEST_COMMENT {
        let letter = here.letter(at)?;
        if here.has(at, "-->") {
            return Some(at + 3);
        }
        at += letter.len_utf8();
    }
    None
}

/// A tag of HTML, or a comment.
pub(super) fn html(here: &Glimpse<'_>) -> Option<Swept> {
    if here.has(0, "<!--") {
        // One that stays open is none.
        return comment_end(here).map(Swept::Gone);
    }
    let slash = usize::from(here.byte(1) == Some(b'/'));
    let known = |name: &&&str| here.has_word(1 + slash, name);
    let name = HTML.iter().find(known)?;
    let end = 1 + slash + name.len();
    let len = voice_tag::tag(here)?;
    let tag = &here.text(1..end);
    let ends_line = ENDS_LINE
        .iter()
        .any(|known| tag.eq_ignore_ascii_case(known));
    Some(match ends_line {
        true => Swept::Said(len, "\n".to_owned()),
        false => Swept::Gone(len),
    })
}
