//! Postal addresses: from the unit in front or the house's number through street, town and state
//! to the last of what is said of them in one go.
//!
//! A street is told by a word for street behind a number, and any name counts behind "I live at"
//! or where an address was asked for. It takes no town without a street for one.

use std::ops::Range;

use crate::detect::english::{Class, NumberWord, Surety, Topic, Wording};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Lexicon, SpokenPassage, TokenKind, TokenReader, phrase_words};
use crate::detect::{Detector, Speaker};

mod corner;
mod house;
mod house_letter;
mod kinds;
mod locality;
mod pause;
mod post_box;
mod postcode;
mod reach;
mod road;
mod site;
mod state;
mod street;
mod street_first;
mod town;
mod unit;
mod unnumbered;

pub(crate) use reach::REACH;

/// Claims the addresses of a passage.
pub(crate) fn claim(hearing: &mut Hearing) {
    if !hearing.wanted.contains(Detector::Address) {
        return;
    }
    let is_answered = hearing.speaker == Speaker::Caller;
    let address = AddressReader {
        reader: hearing.passage.reader(),
        speaker: hearing.speaker,
        is_asked: is_answered && hearing.words.contains(Wording::Address),
        is_sought: is_answered && hearing.words.contains(Wording::Place),
        is_code_asked: is_answered && hearing.passage.asks(Topic::Zip),
        is_nested: false,
    };
    let mut leads = AddressLeads::default();
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let Some((core, end)) = address.address(at, leads.at(&address, at)) else {
            at += 1;
            continue;
        };
        if hearing.claims.is_any_taken(core.clone()) {
            // The cell of a record may hold its first line only.
            let range = core.start..address.behind_last(core.end, end);
            let value = address.canonical(range.clone());
            hearing.claims.widen(range, Detector::Address, &value);
            at += 1;
            continue;
        }
        if address.is_of_speaker(core.start) || is_ending(&hearing.passage, core.start) {
            at = end;
            continue;
        }
        // Where somebody is going by cab is no one's address, unless it is said to be.
        if hearing.themes.is_of_rides(core.start) && address.is_destination(core.start) {
            hearing.claims.take(core.start..end);
            at = end;
            continue;
        }
        let is_taken = |inner: &usize| hearing.claims.is_taken(*inner);
        let end = (core.end..end).find(is_taken).unwrap_or(end);
        let range = core.start..address.behind_last(core.end, end);
        at = range.end;
        let value = address.canonical(range.clone());
        hearing.claims.claim(range, Detector::Address, value);
        leads.has_one = true;
        // Behind a house its code is all that follows.
        if address.house_before_code(core.start) == Some(core.end) {
            break;
        }
        // "Moving from 12 ash grove to 34 the limes".
        let moves = ["moving", "moved", "move", "moves"];
        let before = core.start.saturating_sub(2);
        if address.reader.says(at, "to") && address.reader.says_any(before, &moves) {
            leads.next = Some((at + 1, Surety::Sure));
        }
    }
}

// "Last 4 SSN 6309": how many digits.
fn is_ending(passage: &SpokenPassage, at: usize) -> bool {
    let index = passage.cues.partition_point(|cue| cue.end <= at);
    let cue = passage.cues.get(index).filter(|cue| cue.first <= at);
    cue.is_some_and(|cue| cue.topic == Topic::LastFour)
}

/// Where the next address would begin behind a phrase that leads to one.
#[derive(Default)]
struct AddressLeads {
    next: Option<(usize, Surety)>,
    // Whether one was found before.
    has_one: bool,
}

impl AddressLeads {
    // What leads to an address that begins at a token; asked of one token after the other.
    fn at(&mut self, address: &AddressReader, at: usize) -> Option<Surety> {
        let words = phrase_words(address.reader.tokens, at);
        if let Some((last, surety)) = Lexicon::get().at_home.longest(words) {
            self.next = Some((address.behind_lead(last + 1), surety));
        } else if self.has_one
            && let Some(next) = address.behind_another(at)
        {
            self.next = Some((address.behind_lead(next), Surety::Sure));
        }
        let led = self.next.filter(|(start, _)| *start == at);
        led.map(|(_, surety)| surety)
            .or_else(|| address.answers(at).then_some(Surety::Sure))
            .or_else(|| address.answers_on(at).then_some(Surety::Likely))
    }
}

/// Reads addresses.
#[derive(Clone, Copy)]
struct AddressReader<'a> {
    reader: TokenReader<'a>,
    speaker: Speaker,
    // Whether one was asked for.
    is_asked: bool,
    // Whether it was asked where something or somebody is to go.
    is_sought: bool,
    // Whether a postal code was asked for.
    is_code_asked: bool,
    // Whether it only looks whether something supports an address: it looks for no other then, so
    // that no text takes long.
    is_nested: bool,
}

/// What makes a core: its tokens, and what else supports it.
type AddressCore = Range<usize>;

impl AddressReader<'_> {
    // Whether nothing before an address says that somebody is there, lives there or has it.
    fn is_destination(&self, at: usize) -> bool {
        const NEAR: usize = 6;
        const OWN: [&str; 16] = [
            "home", "house", "live", "lives", "living", "pick", "pickup", "picked", "collect",
            "from", "send", "come", "deliver", "staying", "address", "my",
        ];
        let from = at.saturating_sub(NEAR).max(self.reader.floor);
        !self.is_asked && !(from..at).any(|before| self.reader.says_any(before, &OWN))
    }

    // "The new one's", "the other place is": the token behind what leads from one address to another.
    fn behind_another(&self, at: usize) -> Option<usize> {
        const WHICH: [&str; 7] = [
            "new", "old", "other", "current", "next", "second", "previous",
        ];
        let reader = &self.reader;
        let is_which = reader.says_any(at, &WHICH);
        let is_whole = reader.says_any(at + 1, &["one's", "place's", "ones", "address's"]);
        let is_one = reader.says_any(at + 1, &["one", "place", "address", "house", "flat"]);
        let is_is = || reader.says_any(at + 2, &["is", "was", "at"]);
        match is_which {
            true if is_whole => Some(at + 2),
            true if is_one && is_is() => Some(at + 3),
            _ => None,
        }
    }

    // Where something is to go, as one answers who was asked: "Rathmore House, Kilcoole, County …".
    fn sought(&self, at: usize) -> Option<usize> {
        if !self.is_sought {
            return None;
        }
        let is_first = at == self.reader.floor || self.is_silent(at - 1) || self.leads(at - 1);
        let place = || self.homestead(at).or_else(|| self.listed(at));
        is_first.then(place).flatten()
    }

    fn nested(self) -> Self {
        Self {
            is_nested: true,
            ..self
        }
    }

    fn canonical(&self, range: Range<usize>) -> String {
        self.reader.joined(range, |token| {
            token.is_word() || token.kind == TokenKind::Digits
        })
    }

    // The core of the address at a token, and the token behind all that follows it.
    fn address(&self, at: usize, lead: Option<Surety>) -> Option<(AddressCore, usize)> {
        let end = self
            .behind_start(at, lead)
            .or_else(|| self.street_first(at))
            .or_else(|| self.coded_street(at, lead))
            .or_else(|| self.unnumbered(at, lead))
            .or_else(|| self.whole_corner(at))
            .or_else(|| self.corner(at, lead))
            .or_else(|| self.roadside(at))
            .or_else(|| self.sought(at))?;
        if self.house_before_code(at) == Some(end) {
            return Some((at..end, end));
        }
        let is_titled = self.is_titled(at..end);
        Some((at..end, self.locality(end, is_titled).end))
    }

    // The core that begins with a number, a unit or a box; few words do, and the rest cost nothing.
    fn behind_start(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let token = self.reader.token(at)?;
        let is_start = token.says_digits()
            || token.is_mark(b'#')
            || token.is_letter()
            || token.has(Class::PLACE_START | Class::FLAT)
            || token.len() <= 4
                && self
                    .reader
                    .says_any(at, &["rear", "rd", "pmb", "km", "gate"])
            || matches!(token.entry.number, NumberWord::Ordinal(_))
            || self.is_slashed(at);
        if !is_start {
            return None;
        }
        self.box_end(at, lead)
            .or_else(|| self.house_before_code(at))
            .or_else(|| self.care_of(at))
            .or_else(|| self.behind_first(at))
            .or_else(|| self.behind_gate(at, lead))
            .or_else(|| self.chome(at))
            .or_else(|| self.behind_unit(at, lead))
            .or_else(|| self.society(at))
            .or_else(|| self.labelled(at, lead))
            .or_else(|| self.numbered(at, lead))
            .or_else(|| self.before_block(at, lead))
    }

    // "RD 2, 481 Tauwhare Road", "rear of 12 Cowley Road": what stands before a house.
    fn behind_first(&self, at: usize) -> Option<usize> {
        let is_rear = self.reader.says(at, "rear") && self.reader.says(at + 1, "of");
        if is_rear && self.speaker != Speaker::Assistant {
            return self.numbered(at + 2, Some(Surety::Likely));
        }
        // "KM 14 Lekki-Epe Expressway".
        let is_way = self.reader.word(at) == "KM" && self.reader.says_digits(at + 1);
        if is_way && self.speaker != Speaker::Assistant {
            return self.numbered(at + 1, Some(Surety::Likely));
        }
        let round = self.behind_tie(self.round_end(at)?);
        self.numbered(round, Some(Surety::Likely))
    }

    // The end of a range without what was cut in its last part.
    fn behind_last(&self, core: usize, end: usize) -> usize {
        let is_said = |at: &usize| {
            let token = &self.reader.tokens[*at];
            token.is_word() || token.kind == TokenKind::Digits || *at < core
        };
        (core..end).rev().find(is_said).map_or(core, |at| at + 1)
    }

    // Past the marks and small words behind a phrase.
    fn behind_lead(&self, from: usize) -> usize {
        const MOST: usize = 6;
        let mut at = from;
        // "At the old forge".
        let is_house = |at| {
            let is_named = || self.the_house(at, Some(Surety::Likely)).is_some();
            self.reader.says(at, "the") && (self.named_house(at).is_some() || is_named())
        };
        // "At number nine".
        let is_label = |at| self.reader.says(at, "number") && self.reader.says_digits(at + 1);
        let is_lead = |at| self.is_silent(at) || self.leads(at);
        while at < from + MOST && is_lead(at) && !is_house(at) && !is_label(at) {
            at += 1;
        }
        at
    }

    // "Our clinic is at …", "write to us at …": where who speaks has a business is no secret.
    fn is_of_speaker(&self, at: usize) -> bool {
        const NEAR: usize = 9;
        const OTHERS: [&str; 16] = [
            "you",
            "your",
            "send",
            "sent",
            "ship",
            "shipped",
            "deliver",
            "delivered",
            "delivering",
            "delivery",
            "mail",
            "mailed",
            "driver",
            "technician",
            "engineer",
            "order",
        ];
        let reader = &self.reader;
        let is_sentence = |before: &usize| !reader.ends_sentence(*before);
        let from = at.saturating_sub(NEAR).max(reader.floor);
        let sentence = (from..at).rev().take_while(is_sentence);
        let is_ours = || {
            let is_other = sentence.clone().any(|at| reader.says_any(at, &OTHERS));
            !is_other && sentence.clone().any(|at| reader.says(at, "our"))
        };
        // "We're located at", "write to us at".
        let is_us = |at: usize| {
            let is_we = reader.says_any(at, &["us", "we're"])
                || at > from && reader.says(at, "are") && reader.says(at - 1, "we");
            let next = at
                + 1
                + usize::from(reader.says_any(at + 1, &["located", "based", "right", "just"]));
            is_we && reader.says_any(next, &["at", "on", "in"])
        };
        self.speaker == Speaker::Assistant && (sentence.clone().any(is_us) || is_ours())
    }

    // Whether what was asked for may begin at a token.
    fn answers(&self, at: usize) -> bool {
        let is_first = at <= self.reader.floor;
        self.is_asked
            && (is_first || self.is_silent(at - 1) || self.leads(at - 1) || self.is_end(at - 1))
    }

    // "No, just the name, on Beacon Hill Road".
    fn answers_on(&self, at: usize) -> bool {
        let is_on = at > self.reader.floor && self.reader.says_any(at - 1, &["on", "off"]);
        let is_title = self
            .reader
            .token(at)
            .is_some_and(|token| token.is_capital(self.reader.text));
        self.is_asked && is_on && is_title
    }

    // Whether an address without a lead may begin at a token: on a line of its own, behind a mark
    // or "at".
    fn opens(&self, at: usize) -> bool {
        const WORDS: [&str; 8] = ["at", "to", "from", "near", "on", "in", "of", "its"];
        let Some(before) = at.checked_sub(1).filter(|at| *at >= self.reader.floor) else {
            return true;
        };
        if self.reader.says_any(before, &["number", "no"]) {
            return self.opens(before);
        }
        let is_mark = matches!(
            self.reader.tokens[before].kind,
            TokenKind::Line | TokenKind::Mark(b',' | b':' | b'?' | b'>' | b'.' | b'"' | b'@')
        );
        let token = self.reader.tokens[before];
        // "Yes, 15 Admiralty Way".
        if before == self.reader.floor && token.has(Class::LEAD) && !token.says_number() {
            return true;
        }
        let is_copula = token.has(Class::COPULA) && token.len() > 1;
        is_copula
            || self.reader.says_any(before, &WORDS)
            || is_mark && (token.kind == TokenKind::Line || !self.reader.touches_next(before))
    }
}

#[cfg(test)]
mod tests;
