//! Persons' names behind the phrases with which people give them.

use super::Detector;
use super::claims::Claims;
use super::govern::Passage;
use super::lexicon::Lexicon;
use super::tokens::{Kind, Token};
use super::topics;
use super::words::{CLOSED, COPULA, FILLER, JOIN, LEAD, Number, SIGN, TITLE, UNIT};

/// How sure a phrase is of the name behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surety {
    /// A name stands there in any case; recognisers write names small.
    Sure,
    /// A capital says that it is one.
    Likely,
}

/// Phrases behind which a name stands.
pub(super) const PHRASES: &[(Surety, &str)] = &[
    (
        Surety::Sure,
        "my name is, my name's, name is, names is, my names, full name is, first name is, last name is, \
         surname is, maiden name is, i am called, call me, goes by, name on the card is, his name is, her \
         name is, spouse is, name was, named him, named her",
    ),
    (
        Surety::Likely,
        "this is, i am, i'm, it's, speak with, speak to, talk to, name, name on the card, name on card, \
         cardholder, patient, customer, the caller, in the name of, appointment for, follow up with, thanks, \
         thank you, hi, hello, dear, contact, reach, under, regards, mr, mrs, ms, dr, miss, sincerely, ask \
         for, account holder, tenant, resident, policyholder, applicant, passenger, beneficiary, holder, given, family, ship to, bill to, attn, firstname, lastname, fullname, my wife, my husband, my son, my daughter, my \
         friend, directed by, signed",
    ),
];

// Behind "it's" and the like, with a capital, and no names: days, and what people are or pay with.
const NO_NAMES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "today",
    "tomorrow",
    "tonight",
    "later",
    "soon",
    "anytime",
    "noon",
    "midnight",
    "back",
    "christmas",
    "easter",
    "thanksgiving",
    "halloween",
    "hanukkah",
    "ramadan",
    "diwali",
    "visa",
    "mastercard",
    "amex",
    "discover",
    "paypal",
    "italian",
    "spanish",
    "english",
    "french",
    "german",
    "american",
    "british",
    "indian",
    "mexican",
    "chinese",
    "japanese",
    "korean",
    "canadian",
    "vegan",
    "vegetarian",
    "hungry",
    "ridiculous",
    "support",
    "sales",
    "billing",
    "blue",
    "red",
    "green",
    "black",
    "white",
    "pizza",
    "ok",
    "sir",
    "madam",
    "everyone",
    "all",
    "team",
    "there",
];

// Names that are words of the closed class or months too.
const WORDS_TOO: &[&str] = &["will", "bill", "may", "june", "april", "august", "mark"];

/// Whether a word that stands where a name might is none.
pub(super) fn is_no_name(word: &str) -> bool {
    NO_NAMES
        .iter()
        .any(|other| word.eq_ignore_ascii_case(other))
}

/// Whether a common word is also a name.
pub(super) fn is_word_too(word: &str) -> bool {
    WORDS_TOO
        .iter()
        .any(|other| word.eq_ignore_ascii_case(other))
}

/// Claims the names of a passage.
pub(super) fn claim(passage: &Passage, claims: &mut Claims) {
    let mut at = passage.first;
    while at < passage.end {
        let reader = Reader {
            text: claims.text,
            tokens: &passage.tokens[..passage.end],
        };
        let range = reader
            .name_behind(at)
            .filter(|range| !claims.is_any_taken(range.clone()));
        let Some(range) = range else {
            at += 1;
            continue;
        };
        at = range.end;
        let words = passage.tokens[range.clone()]
            .iter()
            .filter(|token| token.is_word());
        let value = words
            .map(|token| token.of(claims.text).to_lowercase())
            .collect::<Vec<_>>()
            .join(" ");
        claims.claim(range, Detector::Name, value);
    }
}

/// Whether a phrase for names begins at a token and what follows it may be a name still under way.
pub(super) fn is_awaited(text: &str, tokens: &[Token], at: usize) -> bool {
    const LOOK_BACK: usize = 2;
    let Some((last, surety)) = Lexicon::get().names.longest(topics::words(tokens, at)) else {
        return false;
    };
    let reader = Reader { text, tokens };
    let start = reader.start_behind(last + 1);
    let end = reader.name_end(start, surety == Surety::Likely);
    end + LOOK_BACK >= tokens.len()
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl Reader<'_> {
    fn name_behind(&self, at: usize) -> Option<std::ops::Range<usize>> {
        let (last, surety) = Lexicon::get()
            .names
            .longest(topics::words(self.tokens, at))?;
        // "The caller's …" names a thing, "it's …" may name a person.
        let word = self.tokens[last].of(self.text);
        if surety == Surety::Likely && word.ends_with("'s") && !word.eq_ignore_ascii_case("it's") {
            return None;
        }
        let (from, needs_capital) = (last + 1, surety == Surety::Likely);
        let start = self.start_behind(from);
        let end = self.name_end(start, needs_capital);
        (end > start && self.is_likely(at, last, start..end)).then_some(start..end)
    }

    // "It's Monday", "I'm Italian": one word with a capital needs more to be a name.
    fn is_likely(&self, first: usize, last: usize, name: std::ops::Range<usize>) -> bool {
        const WEAK: [&str; 5] = ["it's", "i'm", "am", "is", "it’s"];
        const FOLLOWS: [&str; 7] = ["calling", "here", "from", "speaking", "again", "with", "at"];
        let words = self.tokens[name.clone()]
            .iter()
            .filter(|token| token.is_word());
        let phrase = self.tokens[last].of(self.text).to_ascii_lowercase();
        let is_weak = WEAK.contains(&phrase.as_str()) && last - first <= 1;
        let is_sure = Lexicon::get()
            .names
            .longest(topics::words(self.tokens, first))
            .is_some_and(|(_, surety)| surety == Surety::Sure);
        if is_sure || !is_weak || words.count() > 1 {
            return true;
        }
        let next = self.tokens.get(name.end);
        let follows = next.is_some_and(|next| FOLLOWS.contains(&next.of(self.text)));
        let ends = next.is_none_or(|next| !next.is_word() && next.kind != Kind::Digits);
        follows || (ends && phrase != "it's" && self.tokens[name.start].entry.id == 0)
    }

    // Past marks and forms of address.
    fn start_behind(&self, from: usize) -> usize {
        let mut start = from;
        while let Some(token) = self.tokens.get(start).filter(|_| start < from + 5) {
            let mark = matches!(token.kind, Kind::Mark(b':' | b'"' | b'\'' | b'.' | b'='));
            if !(mark || token.has(FILLER) || token.has(TITLE)) {
                break;
            }
            start += 1;
        }
        start
    }

    fn name_end(&self, start: usize, needs_capital: bool) -> usize {
        const WORDS: usize = 4;
        let mut end = start;
        let mut words = 0;
        for (at, token) in self.tokens.iter().enumerate().skip(start).take(2 * WORDS) {
            let hyphen =
                token.is_mark(b'-') && at > start && self.tokens[at - 1].end == token.start;
            let dot = token.is_mark(b'.') && at > start && self.tokens[at - 1].is_letter();
            if (hyphen || dot) && words < WORDS {
                continue;
            }
            let word = token.of(self.text);
            let capital = word.starts_with(char::is_uppercase);
            let particle = capital
                || matches!(
                    word,
                    "van"
                        | "von"
                        | "de"
                        | "den"
                        | "der"
                        | "la"
                        | "le"
                        | "di"
                        | "da"
                        | "del"
                        | "al"
                        | "bin"
                        | "ten"
                        | "ter"
                );
            let is_common = token.has(CLOSED | LEAD | COPULA | FILLER | JOIN | UNIT | SIGN)
                || token.entry.number != Number::None;
            let plain = (!is_common || (is_word_too(word) && (capital || !needs_capital)))
                && !is_no_name(word);
            let accepted = token.is_word()
                && if needs_capital {
                    (capital && plain) || (particle && words > 0)
                } else {
                    plain || (capital && words > 0)
                };
            // Where capitals are used, they tell where the name ends.
            let small_after_capital = words > 0
                && !particle
                && self.tokens[start]
                    .of(self.text)
                    .starts_with(char::is_uppercase);
            if !accepted || small_after_capital || words == WORDS {
                break;
            }
            words += 1;
            end = at + 1;
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    fn check(text: &str, expected: &str) {
        let tokens = tokenize(text);
        let reader = Reader {
            text,
            tokens: &tokens,
        };
        let found = (0..tokens.len())
            .find_map(|at| reader.name_behind(at))
            .unwrap_or(0..0);
        assert_eq!(
            &text[super::super::spoken::bytes_of(&tokens, found)],
            expected,
            "{text}"
        );
    }

    #[test]
    fn names_stand_behind_their_phrases() {
        check(
            "my name is michele farley and my number is",
            "michele farley",
        );
        check("My name is Jeremy Kim.", "Jeremy Kim");
        check("This is Isa de Man calling", "Isa de Man");
        check("name: \"Chaaya Modi\"", "Chaaya Modi");
    }

    #[test]
    fn other_words_are_no_names() {
        check("this is a test and it's fine", "");
        check("my name is on the list", "");
    }
}
