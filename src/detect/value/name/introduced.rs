//! Names that what a caller does with them tells: "this is Oyuki, can I …", "I'm looking for Felicity,
//! she's dealing with it", "put de la Fuente on the list", a last line below "Thanks".
//!
//! Only what a caller says is read so: of a text that grows, what follows is not known.

use std::ops::Range;

use super::again::is_determined;
use super::evidence::is_other;
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::english::Class;
use crate::detect::read::TokenKind;

/// The name at a place that what is done with it tells.
pub(super) fn introduced(names: &NameReader, at: usize) -> Option<Range<usize>> {
    if let Some(name) = listed(names, at) {
        return Some(name);
    }
    if names.grade(at) < NameGrade::Either {
        return None;
    }
    let name = at..names.end(at);
    let is_told = is_greeting(names, &name) || is_sought(names, &name) || is_signed(names, &name);
    let is_told = is_told && !is_determined(names, at)
        || is_dealt_with(names, &name)
        || is_spoken_of(names, &name);
    let is_plain = !is_other(names, at);
    // "Tash & Olu".
    let is_thing = names.names_thing(name.clone()) && !names.reader.is_mark(name.end, b'&');
    (is_told && is_plain && !is_thing).then_some(name)
}

// "Hi, this is oyuki can i …": the first that is said, and what one calls for.
fn is_greeting(names: &NameReader, name: &Range<usize>) -> bool {
    const SHORT: usize = 3;
    // What else one begins with: "this is bonkers", "this is dodgy".
    const KINDS: [&str; 10] = [
        "s", "ed", "ing", "ic", "y", "able", "al", "ful", "ive", "band",
    ];
    let (at, reader) = (name.start, &names.reader);
    let Some(this) = at.checked_sub(2).filter(|this| names.has(*this)) else {
        return false;
    };
    let is_this = reader.says(this, "this") && reader.says(this + 1, "is");
    let is_unknown = names.grade(at) == NameGrade::Unknown && name.len() == 1;
    let word = reader.word(at);
    let is_kind = KINDS.iter().any(|end| word.ends_with(end));
    if !is_this || !is_unknown || is_kind || word.len() <= SHORT {
        return false;
    }
    let is_silent = |at: usize| {
        let token = reader.token(at);
        token.is_none_or(|token| !token.is_word() || token.has(Class::LEAD | Class::FILLER))
    };
    let mut before = (0..this).rev().take_while(|at| names.has(*at));
    let next = name.end;
    let asks = reader.says_any(next, &["can", "could", "may"])
        && reader.says_any(next + 1, &["i", "we", "you"]);
    let calls = reader.says_any(next, &["i'm", "am"])
        && reader.says_any(next + 1, &["calling", "ringing", "phoning"]);
    before.all(is_silent) && (asks || calls)
}

// "Looking for felicity well she …", "trying to reach Jools, he works in claims".
fn is_sought(names: &NameReader, name: &Range<usize>) -> bool {
    const SEEKS: [(&str, &str); 9] = [
        ("looking", "for"),
        ("asking", "for"),
        ("waiting", "for"),
        ("to", "reach"),
        ("to", "find"),
        ("to", "contact"),
        ("hold", "of"),
        ("to", "get"),
        ("to", "see"),
    ];
    const DOES: [&str; 14] = [
        "works", "signs", "deals", "dealt", "rang", "called", "phoned", "emailed", "was", "is",
        "left", "runs", "usually", "looked",
    ];
    let (at, reader) = (name.start, &names.reader);
    let Some(seeks) = at.checked_sub(2).filter(|seeks| names.has(*seeks)) else {
        return false;
    };
    let is_seen = |(first, second): &(&str, &str)| {
        reader.says(seeks, first) && reader.says(seeks + 1, second)
    };
    if name.len() > 2 || !SEEKS.iter().any(is_seen) {
        return false;
    }
    let is_between = |at: &usize| {
        let token = reader.token(*at);
        reader.says_any(*at, &["well", "so", "and"])
            || token.is_some_and(|token| token.is_mark(b',') || token.has(Class::FILLER))
    };
    let behind = (name.end..name.end + 3).find(|at| !is_between(at));
    let behind = behind.unwrap_or(name.end);
    let is_whole = reader.says_any(behind, &["she's", "he's"]);
    let is_she = reader.says_any(behind, &["she", "he"]) && reader.says_any(behind + 1, &DOES);
    let may_be = names.grade(at) >= NameGrade::Unknown || names.sense(at).is_given();
    may_be && (is_whole || is_she)
}

// "My nan's name ethelwyn she's …", "is bev in today", "hey Tobs quick one".
fn is_spoken_of(names: &NameReader, name: &Range<usize>) -> bool {
    let (at, reader) = (name.start, &names.reader);
    let before = at.checked_sub(1).filter(|before| names.has(*before));
    let Some(before) = before.filter(|_| name.len() == 1) else {
        return false;
    };
    let end = name.end;
    let is_rare = names.grade(at) >= NameGrade::Unknown;
    let is_named = reader.says_any(before, &["name", "called"])
        && reader.says_any(end, &["she's", "he's", "who's"]);
    let is_in = reader.says(end, "in") && reader.says_any(end + 1, &["today", "yet", "now"]);
    let is_here = is_in || reader.says_any(end, &["there", "available", "around"]);
    let is_first = names.starts_sentence(before);
    let is_asked = reader.says(before, "is") && is_first && names.grade(at) == NameGrade::Clear;
    let next = reader.token(end);
    let is_small = next.is_some_and(|next| next.is_word() && !next.has(Class::THING));
    let is_hailed = reader.says_any(before, &["hey", "hi", "hiya"])
        && is_first
        && names.is_capital(at)
        && is_small
        && !names.begins_large(end);
    // "It's fitzwilliam as in the museum".
    let is_likened = reader.says_any(before, &["it's", "its", "i'm", "is"])
        && reader.says(end, "as")
        && reader.says(end + 1, "in");
    // "I'll put rosheen on".
    let is_put_on = before > 0
        && reader.says(before, "put")
        && reader.says(before - 1, "i'll")
        && reader.says(end, "on")
        && names.ends(end + 1);
    let is_told = is_named || is_hailed || is_likened || is_put_on;
    is_rare && is_told || is_asked && is_here
}

// "Thanks" or "kind regards", and one more line of a word or two.
fn is_signed(names: &NameReader, name: &Range<usize>) -> bool {
    const CLOSINGS: [&str; 9] = [
        "thanks",
        "thank",
        "you",
        "cheers",
        "regards",
        "wishes",
        "best",
        "ta",
        "faithfully",
    ];
    let (at, reader) = (name.start, &names.reader);
    let line = at.checked_sub(1).and_then(|line| reader.token(line));
    let is_line = line.is_some_and(|line| line.kind == TokenKind::Line);
    if !is_line || at < 2 || !names.begins_large(at) {
        return false;
    }
    let is_mark = |at: usize| {
        [b',', b'.', b'!']
            .iter()
            .any(|mark| reader.is_mark(at, *mark))
    };
    let last = at - 2;
    let last = last.saturating_sub(usize::from(is_mark(last)));
    // "Tash & Olu".
    let is_and = reader.is_mark(name.end, b'&') || reader.says(name.end, "and");
    let is_two = is_and && names.begins_large(name.end + 1);
    let end = if is_two { name.end + 2 } else { name.end };
    let end = end + usize::from(reader.is_mark(end, b'.'));
    let is_over = reader
        .token(end)
        .is_none_or(|next| next.kind == TokenKind::Line);
    names.has(last) && reader.says_any(last, &CLOSINGS) && is_over && name.len() <= 3
}

// "Tell ravinder i called", "put o'hanlon down as a driver", "in aoife's name": a word that the table
// does not have.
fn is_dealt_with(names: &NameReader, name: &Range<usize>) -> bool {
    let (at, reader) = (name.start, &names.reader);
    let before = at.checked_sub(1).filter(|before| names.has(*before));
    let is_unknown = names.grade(at) >= NameGrade::Unknown && name.len() == 1;
    let Some(before) = before.filter(|_| is_unknown) else {
        return false;
    };
    let end = name.end;
    let is_owner = reader
        .token(at)
        .is_some_and(|token| token.has(Class::POSSESSIVE));
    let is_told = reader.says_any(before, &["tell", "ask", "remind"])
        && reader.says_any(end, &["i", "that", "to", "if", "whether"]);
    let is_put =
        reader.says(before, "put") && reader.says(end, "down") && reader.says(end + 1, "as");
    let is_in = reader.says_any(before, &["in", "under", "into"]) && reader.says(end, "name");
    is_told && !is_owner || is_put || is_owner && is_in
}

// "Put de la Fuente on the list", "add van der Zanden to the booking".
fn listed(names: &NameReader, at: usize) -> Option<Range<usize>> {
    const PUTS: [&str; 9] = [
        "put", "add", "pop", "squeeze", "book", "move", "remove", "take", "swap",
    ];
    const WHERE: [&str; 7] = ["on", "to", "in", "down", "into", "off", "from"];
    let reader = &names.reader;
    let before = at.checked_sub(1).filter(|before| names.has(*before))?;
    let verb = reader.token(before).filter(|verb| verb.len() > 2)?;
    // "The name on the door's van der Merwe".
    let is_copula = verb.has(Class::COPULA) && !verb.has(Class::DETERMINER);
    let is_verb = is_copula || reader.says_any(before, &PUTS);
    if !verb.is_word() || !is_verb || !names.is_head(at) {
        return None;
    }
    let name = at..names.end(at);
    let is_put = is_copula && names.ends(name.end) || reader.says_any(name.end, &WHERE);
    (is_put && names.is_headed(name.clone())).then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn what_is_done_with_a_name_tells_of_it() {
        for (text, name) in [
            ("this is oyuki can i cancel", "oyuki"),
            ("hi this is zainabu i'm calling about my boiler", "zainabu"),
            ("i'm looking for felicity well she signs it", "felicity"),
            ("i'm trying to reach jools he works in claims", "jools"),
            ("put de la fuente on the door list", "de la fuente"),
            ("please add van der zanden to the booking", "van der zanden"),
            ("Please cancel it.\nMany thanks,\nBex", "Bex"),
            ("Please cancel it. Kind regards\nJools", "Jools"),
            ("tell ravinder i called", "ravinder"),
            ("put o'hanlon down as the second driver", "o'hanlon"),
            ("put it in aoife's name", "aoife"),
            ("it's in my nan's name ethelwyn she's old", "ethelwyn"),
            ("is bev in today", "bev"),
            ("it's fitzwilliam as in the museum", "fitzwilliam"),
            ("the name on the door's van der merwe", "van der merwe"),
            ("Hey Tobs quick one about the van", "Tobs"),
        ] {
            check(text, &[(Name, name)]);
        }
    }

    #[test]
    fn what_is_done_with_other_words_tells_nothing() {
        for text in [
            "this is bonkers can i get a refund",
            "hi this is urgent can i have it today",
            "i ate it and this is affogato can i order more",
            "i'm looking for tiles well she said you had them",
            "i'm trying to reach billing she hung up",
            "put creme de la mer on the list",
            "add al fresco to the order",
            "put van keys in the box",
            "Please cancel it. Thanks\nTomorrow works",
            "tell reception i called",
            "is breakfast in today",
            "it's van hire",
            "it's blue as in the sky",
            "Hi Team quick one",
            "put the deposit down as paid",
            "in whatsapp's name of all things",
        ] {
            check(text, &[]);
        }
    }
}
