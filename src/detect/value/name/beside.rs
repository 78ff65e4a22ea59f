//! Names told by what is said beside them: the other part of the name, "Lindgren, first name Art",
//! somebody who is named with it, "Peter and Wendy", or who it is, "Bronka, she was my gran".
//!
//! Only what a caller says is read so: of a text that grows, what follows is not known.

use std::ops::Range;

use super::again::is_determined;
use super::evidence::is_other;
use super::frame::is_kin;
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::{Class, NameFrame};
use crate::detect::read::{Lexicon, phrase_words};

/// The name at a place that what is said behind it tells.
pub(super) fn told_beside(names: &NameReader, at: usize) -> Option<Range<usize>> {
    let is_common = names.grade(at) == NameGrade::Common && names.is_capital(at);
    if names.grade(at) < NameGrade::Either && !is_common || is_determined(names, at) {
        return None;
    }
    let name = at..names.end(at);
    let is_told = is_turned(names, &name)
        || is_explained(names, &name)
        || is_suffixed(names, &name)
        || is_clasped(names, &name);
    (is_told && !is_other(names, at)).then_some(name)
}

/// The name that is joined to one before it: "sarah and joy".
pub(super) fn joined(names: &NameReader, end: usize) -> Option<Range<usize>> {
    let reader = &names.reader;
    let is_and = reader.says(end, "and") || reader.is_mark(end, b'&');
    let at = end + 1;
    let is_given = names.sense(at).is_given() && names.sense(at).is_often();
    let may_be = names.grade(at) == NameGrade::Either && is_given;
    if !is_and || !may_be || names.is_auxiliary(at) || is_other(names, at) {
        return None;
    }
    let name = at..names.end(at);
    let next = reader.token(name.end);
    // "&lang=fr".
    let is_end = names.ends(name.end) && !reader.is_mark(name.end, b'=')
        || next.is_some_and(|next| next.has(Class::COPULA));
    (is_end && !names.names_thing(name.clone())).then_some(name)
}

// "Lindgren, first name Art", "okafor's the surname, …": the phrase has the other part behind it, or is
// all of what is said of this one.
fn is_turned(names: &NameReader, name: &Range<usize>) -> bool {
    const WHOSE: [&str; 5] = ["the", "my", "his", "her", "their"];
    let reader = &names.reader;
    let last = name.end.saturating_sub(1);
    let is_owner = reader.token(last);
    if is_owner.is_some_and(|last| last.has(Class::POSSESSIVE)) {
        return reader.says_any(name.end, &WHOSE) && part_phrase(names, name.end + 1).is_some();
    }
    let is_mark = |mark| reader.is_mark(name.end, mark);
    let is_between =
        is_mark(b',') || is_mark(b'.') || is_mark(b';') || reader.says(name.end, "and");
    let from = name.end + usize::from(is_between);
    let from = from + usize::from(reader.says_any(from, &["and", "the", "my"]));
    let is_name = names.words(name.clone()).all(|at| {
        let grade = names.grade(at);
        grade >= NameGrade::Unknown || names.sense(at).is_name() || names.is_capital(at)
    });
    let is_short = names.words(name.clone()).count() <= 2;
    let Some(phrase) = part_phrase(names, from).filter(|_| is_name && is_short) else {
        return false;
    };
    let is_copula = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| {
            token.has(Class::COPULA) && !token.is_letter() || token.is_mark(b':')
        })
    };
    let other = phrase + usize::from(is_copula(phrase));
    names.sense(other).is_name()
        || names.grade(other) >= NameGrade::Unknown
        || names.is_capital(other)
}

// The token behind a phrase for a part of a name.
fn part_phrase(names: &NameReader, at: usize) -> Option<usize> {
    names.reader.token(at).filter(|token| token.entry.id != 0)?;
    let words = phrase_words(names.reader.tokens, at);
    let (last, frame) = Lexicon::get().behind_names.longest(words)?;
    (frame == NameFrame::Part).then_some(last + 1)
}

// "Let Faith know", "is Hope there": one who is asked or told to do something stands between the two.
fn is_clasped(names: &NameReader, name: &Range<usize>) -> bool {
    const CLASPS: [(&[&str], &[&str]); 4] = [
        (&["let"], &["know"]),
        (
            &["ask", "get", "have", "want", "told", "asked"],
            &["to", "if", "whether", "call", "ring"],
        ),
        (&["is"], &["there", "available", "around", "about"]),
        (&["put"], &["down"]),
    ];
    let reader = &names.reader;
    let at = name.start;
    let before = at.checked_sub(1).filter(|before| names.has(*before));
    let Some(before) = before.filter(|_| name.len() == 1 && names.is_capital(at)) else {
        return false;
    };
    let is_between = CLASPS
        .iter()
        .any(|(first, last)| reader.says_any(before, first) && reader.says_any(name.end, last));
    // "It was Chance who sold it".
    let is_who = reader.says_any(before, &["was", "is"]) && reader.says(name.end, "who");
    names.sense(at).is_given() && (is_between || is_who)
}

// "Karl-Heinz Brandt Jr.".
fn is_suffixed(names: &NameReader, name: &Range<usize>) -> bool {
    const SUFFIXES: [&str; 7] = ["jr", "jnr", "snr", "sr", "esq", "md", "phd"];
    let is_in = names.reader.says_any(name.end - 1, &SUFFIXES);
    let at = name.end + usize::from(names.reader.is_mark(name.end, b','));
    let is_large = name
        .clone()
        .all(|at| names.begins_large(at) || names.reader.is_mark(at, b'-'));
    let words = names.words(name.clone()).count();
    let is_behind = words > 1 && names.reader.says_any(at, &SUFFIXES);
    is_large && (is_behind || words > 2 && is_in) && !names.names_thing(name.clone())
}

// "Bronka, she was my gran", "Merrin, my niece": a word with a capital, and who it is.
fn is_explained(names: &NameReader, name: &Range<usize>) -> bool {
    const WHO: [&str; 6] = ["he", "she", "he's", "she's", "who", "who's"];
    let reader = &names.reader;
    // "It's for Ivy my mother".
    let is_mark = reader.is_mark(name.end, b',');
    let behind = name.end + usize::from(is_mark);
    if !names.is_capital(name.start) || name.len() > 2 {
        return false;
    }
    let is_known = match names.grade(name.start) {
        NameGrade::Unknown => true,
        _ => names.sense(name.start).is_given(),
    };
    let is_owner = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| token.has(Class::DETERMINER) && !token.has(Class::COPULA))
    };
    let is_one = || is_owner(behind) && is_kin(names, behind + 1);
    let is_he = || {
        let is = reader.token(behind + 1);
        let is_is = is.is_some_and(|is| is.has(Class::COPULA));
        let is_verb = is_is || reader.says_any(behind + 1, &["has", "had", "will"]);
        let is_whole = reader.word(behind).ends_with("'s");
        reader.says_any(behind, &WHO) && (is_whole || is_verb)
    };
    is_known && (is_mark && is_he() || is_one()) && !names.names_thing(name.clone())
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn the_other_part_of_a_name_tells_of_one() {
        for (text, first, second) in [
            ("lindgren, first name art", "lindgren", "art"),
            ("Oyelade. First name Joy.", "Oyelade", "Joy"),
            ("it's under marsh, first name rose", "marsh", "rose"),
            ("Dylan, surname Frost", "Dylan", "Frost"),
            ("okonjo's the surname, first name hope", "okonjo", "hope"),
        ] {
            check(text, &[(Name, first), (Name, second)]);
        }
        for text in [
            "Tickets. First name please",
            "i need a table, first name and last name or what",
            "the form says surname first",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn who_it_is_tells_of_a_name() {
        for (text, name) in [
            ("please mention Hanka, she was my gran", "Hanka"),
            ("it went to Merrin, my niece, by mistake", "Merrin"),
            ("it's for Grace my mother", "Grace"),
            ("ring Tadeus Obrecht Jr, the carpenter", "Tadeus Obrecht Jr"),
            ("please let Faith know I called", "Faith"),
            ("can you get Dawn to ring me", "Dawn"),
            ("is Hope there", "Hope"),
            ("it was Grace who sold it to me", "Grace"),
        ] {
            check(text, &[(Name, name)]);
        }
        for text in [
            "can I book Tuscany, he said it was full",
            "I'd like the Caesar, she'll have the soup",
            "ask Grace Period to end",
            "get Google to call",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_name_is_joined_to_another() {
        check(
            "it's joint, peter and grace",
            &[(Name, "peter"), (Name, "grace")],
        );
        for text in ["peter and will be there", "peter and may come later"] {
            check(text, &[(Name, "peter")]);
        }
    }
}
