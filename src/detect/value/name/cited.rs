//! Names of any words, told by what a caller says of them: "grace is my first name and church is my
//! last", "i'm dee, short for deirdre", "the name on the bell is ortega", "could be desjardins could
//! be bouchard".
//!
//! Only what a caller says is read so: of a text that grows, what follows is not known.

use std::ops::Range;

use super::again::is_determined;
use super::alternative::{is_alternative, is_contrasted, is_guessed};
use super::evidence::is_other;
use super::frame::is_kin;
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::Class;
use crate::detect::read::Token;

/// The name at a place that is told so; `last`: the one that was found before it.
pub(super) fn cited(
    names: &NameReader,
    at: usize,
    last: Option<&Range<usize>>,
) -> Option<Range<usize>> {
    let grade = names.grade(at);
    if grade < NameGrade::Either {
        if grade == NameGrade::Common && is_shortened(names, at) {
            return Some(at..at + 1);
        }
        if grade == NameGrade::Letter && is_initialed(names, at) {
            return Some(at..names.end(at));
        }
        let is_head = || names.reader.says(at - 1, "or") && names.is_head(at);
        let last = last.filter(|last| at > last.end && at <= last.end + NEAR)?;
        if is_head() && is_alternative(names, last.end, at) {
            return Some(at..names.end(at));
        }
        return counterpart(names, at).filter(|_| grade == NameGrade::Common);
    }
    let near = last.filter(|last| at <= last.end + NEAR && at > last.end);
    if let Some(name) = near.and_then(|_| counterpart(names, at)) {
        return Some(name);
    }
    if near.is_some_and(|last| is_contrasted(names, last, at)) {
        return Some(at..at + 1);
    }
    if is_determined(names, at) {
        return None;
    }
    if is_likened(names, at) || is_shortened(names, at) || is_turned_round(names, at) {
        return Some(at..at + 1);
    }
    let is_own = || {
        is_with_kin(names, at)
            || is_of_household(names, at)
            || is_posted(names, at)
            || is_reached(names, at)
            || is_guessed(names, at, last)
    };
    (!is_other(names, at) && is_own()).then(|| at..names.end(at).max(at + 1))
}

/// So many tokens may lie between a name and what is told beside it.
const NEAR: usize = 12;

/// The token behind "the third", where it ends what is said of a whole name.
pub(super) fn behind_rank(names: &NameReader, name: &Range<usize>) -> usize {
    const RANKS: [&str; 5] = ["second", "third", "fourth", "fifth", "sixth"];
    let reader = &names.reader;
    let is_rank = reader.says(name.end, "the") && reader.says_any(name.end + 1, &RANKS);
    let is_ranked = is_rank && names.ends(name.end + 2) && names.words(name.clone()).count() > 1;
    name.end + if is_ranked { 2 } else { 0 }
}

// "… and price is my last", where the other part was told before.
fn counterpart(names: &NameReader, at: usize) -> Option<Range<usize>> {
    const PARTS: [&str; 9] = [
        "last",
        "first",
        "second",
        "surname",
        "family",
        "middle",
        "maiden",
        "given",
        "christian",
    ];
    let reader = &names.reader;
    let verb = at + 1;
    let whose = verb + 1;
    let is_mine = reader.says_any(verb, &["is", "was"])
        && reader.says_any(whose, &["my", "the", "his", "her", "our", "their"]);
    if !is_mine || !reader.says_any(whose + 1, &PARTS) {
        return None;
    }
    let is_over = names.ends(whose + 2) || reader.says(whose + 2, "name");
    let is_plain = reader.token(at).is_some_and(|token| {
        token.is_word() && !token.has(Class::DETERMINER | Class::CLOSED | Class::UNIT)
    });
    (is_over && is_plain).then_some(at..at + 1)
}

// "P j o'rourke": initials and a family's name, with nothing but "it's" before.
fn is_initialed(names: &NameReader, at: usize) -> bool {
    let is_letter = |at: usize| names.grade(at) == NameGrade::Letter;
    let family = at + 1 + usize::from(is_letter(at + 1));
    let sense = names.sense(family);
    let is_family = names.grade(family) == NameGrade::Clear && sense.is_family();
    let is_first = names.starts_sentence(at) || is_behind_own(names, at);
    is_family && is_first && names.ends(family + 1)
}

// "I'm", "it's", "my name is", "this is": what stands right before a name.
fn is_behind_own(names: &NameReader, at: usize) -> bool {
    let own = ["i'm", "am", "name's", "is", "me", "called", "i"];
    at > 0 && names.has(at - 1) && names.reader.says_any(at - 1, &own)
}

// "I'm sunny, yes like the weather", "may is the name, like the month".
fn is_likened(names: &NameReader, at: usize) -> bool {
    const KINDS: [&str; 32] = [
        "water", "ocean", "month", "season", "flower", "colour", "color", "weather", "herb",
        "stone", "gem", "tree", "bird", "river", "city", "state", "country", "planet", "spice",
        "actor", "actress", "singer", "goddess", "saint", "car", "drink", "poet", "virtue",
        "fruit", "word", "day", "plant",
    ];
    const MOST: usize = 4;
    let reader = &names.reader;
    if !names.sense(at).is_given() && names.grade(at) != NameGrade::Unknown {
        return false;
    }
    let comma = reader.is_mark(at + 1, b',');
    if !comma && !reader.says(at + 1, "like") {
        return false;
    }
    let is_between = |at: usize| {
        let token = reader.token(at);
        reader.says_any(at, &["yes", "yeah", "just", "as", "you", "know"])
            || token.is_some_and(|token| token.is_mark(b',') || token.has(Class::FILLER))
    };
    let like = (at + 1..at + 1 + MOST).find(|at| !is_between(*at));
    let Some(like) = like.filter(|at| reader.says(*at, "like")) else {
        return false;
    };
    let is_the = reader.says_any(like + 1, &["the", "a"]);
    let is_kind = reader.says_any(like + 2, &KINDS);
    let is_it = at > 0 && reader.says_any(at - 1, &["it's", "its", "called", "name's"]);
    // "Like the weather forecast", "may, like the month, is when …".
    let behind = like + 3;
    let next = reader.token(behind);
    let is_whole = next.is_none_or(|next| !next.is_word() || next.has(Class::CLOSED));
    let goes_on = reader.says_any(
        behind + usize::from(names.ends(behind)),
        &["is", "was", "are"],
    );
    if !is_whole || goes_on {
        return false;
    }
    is_the && is_kind && (is_it || is_behind_own(names, at) || names.starts_sentence(at))
}

// "I'm dee, short for deirdre".
fn is_shortened(names: &NameReader, at: usize) -> bool {
    let reader = &names.reader;
    let may_go_on = |next: &Token| next.is_mark(b',') || matches!(next.len(), 4 | 5);
    if !reader.token(at + 1).is_some_and(may_go_on) {
        return false;
    }
    let next = at + 1 + usize::from(reader.says(at + 1, "here"));
    let short = next + usize::from(reader.is_mark(next, b','));
    if !(reader.says(short, "short") && reader.says(short + 1, "for")) {
        return false;
    }
    let full = short + 2;
    let initial = |at: usize| reader.word(at).get(..1).map(str::to_ascii_lowercase);
    match names.grade(full) {
        NameGrade::Clear => names.sense(full).is_given(),
        NameGrade::Either => names.sense(full).is_given() && initial(at) == initial(full),
        NameGrade::Unknown => initial(at) == initial(full),
        _ => false,
    }
}

// "I'm frank and this is my wife joy", "i'm will and my brother's mark".
fn is_with_kin(names: &NameReader, at: usize) -> bool {
    let reader = &names.reader;
    let is_told = || is_behind_own(names, at) || at > 0 && is_kin_of(reader.word(at - 1));
    if !reader.says(at + 1, "and") || !is_told() || !names.sense(at).is_given() {
        return false;
    }
    let is_this = reader.says(at + 2, "this") && reader.says(at + 3, "is");
    let whose = at + if is_this { 4 } else { 2 };
    let one = reader.word(whose + 1);
    let is_owner = one.ends_with("'s");
    reader.says_any(whose, &["my", "our"])
        && (is_kin(names, whose + 1) || is_owner && is_kin_of(one))
}

// "Brother's", of which the phrases know the word without "'s" only.
fn is_kin_of(word: &str) -> bool {
    const KIN: [&str; 16] = [
        "husband's",
        "wife's",
        "brother's",
        "sister's",
        "son's",
        "daughter's",
        "mother's",
        "father's",
        "mum's",
        "mom's",
        "dad's",
        "partner's",
        "friend's",
        "cousin's",
        "boyfriend's",
        "girlfriend's",
    ];
    KIN.iter().any(|one| word.eq_ignore_ascii_case(one))
}

// "Tanabe, hiroshi": the family's name, the given one, and nothing else.
fn is_turned_round(names: &NameReader, at: usize) -> bool {
    let reader = &names.reader;
    let given = at + 2;
    let is_all = (at == 0 || !names.has(at - 1)) && reader.is_mark(at + 1, b',');
    let is_over = || {
        reader
            .token(given + 1)
            .is_none_or(|next| next.is_mark(b'.'))
    };
    let may_be = || names.grade(at) == NameGrade::Unknown || names.sense(at).is_family();
    is_all && names.sense(given).is_clear_given() && is_over() && may_be()
}

// "Tell hank at the gate", "text jono instead".
fn is_reached(names: &NameReader, at: usize) -> bool {
    const REACHES: [&str; 8] = [
        "tell", "ask", "text", "ring", "phone", "message", "buzz", "email",
    ];
    let reader = &names.reader;
    let Some(verb) = at.checked_sub(1).filter(|verb| names.has(*verb)) else {
        return false;
    };
    if !reader.says_any(verb, &REACHES) {
        return false;
    }
    let next = at + 1;
    let is_there = reader.says(next, "at") && reader.says(next + 1, "the");
    let is_when = reader.says_any(next, &["instead", "when", "once"]);
    let may_be = match names.grade(at) {
        NameGrade::Unknown => reader.word(at).len() > 2 && !reader.word(at).ends_with('s'),
        _ => names.sense(at).is_given() && !names.is_auxiliary(at),
    };
    may_be && (is_there || is_when)
}

// "Me dean and our two boys".
fn is_of_household(names: &NameReader, at: usize) -> bool {
    const REST: [&str; 14] = [
        "boys",
        "girls",
        "kids",
        "children",
        "lads",
        "daughters",
        "sons",
        "twins",
        "baby",
        "son",
        "daughter",
        "dog",
        "family",
        "grandkids",
    ];
    let reader = &names.reader;
    if !reader.says(at + 1, "and") || !reader.says_any(at + 2, &["our", "the", "my"]) {
        return false;
    }
    let is_and = at > 0 && reader.says(at - 1, "and");
    let me = (at - usize::from(is_and)).checked_sub(1);
    let is_me = me.is_some_and(|me| names.has(me) && reader.says_any(me, &["me", "myself"]));
    let rest = at + 3 + usize::from(names.says_number(at + 3));
    let may_be = names.sense(at).is_given() || names.grade(at) == NameGrade::Unknown;
    is_me && may_be && reader.says_any(rest, &REST)
}

// Where a name is written.
const WHERE: [&str; 37] = [
    "invoice",
    "tenancy",
    "receipt",
    "statement",
    "bell",
    "buzzer",
    "door",
    "doorbell",
    "letterbox",
    "mailbox",
    "postbox",
    "gate",
    "intercom",
    "parcel",
    "package",
    "envelope",
    "letter",
    "badge",
    "card",
    "ticket",
    "voucher",
    "tag",
    "list",
    "form",
    "prescription",
    "file",
    "cheque",
    "check",
    "lease",
    "contract",
    "passport",
    "licence",
    "license",
    "paperwork",
    "deed",
    "title",
    "bill",
];

// "The name on the bell is ortega", "name of pope".
fn is_posted(names: &NameReader, at: usize) -> bool {
    let reader = &names.reader;
    let Some(verb) = at.checked_sub(1).filter(|verb| names.has(*verb)) else {
        return false;
    };
    let is_over = || names.ends(names.end(at));
    // "The name on the bill is misspelt".
    let word = reader.word(at);
    let is_state = ["ed", "elt", "ing", "ly"]
        .iter()
        .any(|end| word.ends_with(end));
    if is_state && names.grade(at) == NameGrade::Unknown {
        return false;
    }
    if reader.says(verb, "of") {
        let name = verb.checked_sub(1).filter(|name| names.has(*name));
        return name.is_some_and(|name| {
            reader.says(name, "name") && names.starts_sentence(name) && is_over()
        });
    }
    // "Name on the invoice, hargreaves".
    let is_mark = reader.is_mark(verb, b',') || reader.is_mark(verb, b':');
    let is_told = is_mark || reader.says_any(verb, &["is", "says", "reads", "was", "said"]);
    if at < 5 || !is_told {
        return false;
    }
    let is_name = reader.says_any(at - 5, &["name", "names"]) && names.has(at - 5);
    is_name
        && reader.says_any(at - 4, &["on", "at", "by", "above"])
        && reader.says_any(at - 3, &["the", "my", "our", "his", "her", "their"])
        && reader.says_any(at - 2, &WHERE)
}

#[cfg(test)]
mod tests;
