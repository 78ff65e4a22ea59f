//! A person's name that is the whole answer to a question for one: spelled as a recogniser hears
//! it, "l o u is e wa t s o n", or made of words that are names too, "Cheryl day".
//!
//! A plain name, and one that is spelled cleanly, `answer.rs` reads itself.

use std::ops::Range;

use super::{SpokenAnswer, is_said};
use crate::detect::english::{AskingRole, Class, NumberWord};
use crate::detect::people::NameSense;
use crate::detect::read::Token;

/// Whose a person is.
const OWNERS: [&str; 7] = ["my", "our", "her", "his", "their", "the", "your"];

/// Colours and weather that are names as well.
const COLOURS: [&str; 10] = [
    "green", "white", "black", "brown", "sandy", "rusty", "dusty", "misty", "sunny", "pepper",
];

impl SpokenAnswer<'_> {
    /// A name, plain or spelled or of words that are others too, in what was said from a token on
    /// and behind what leads to it.
    pub(super) fn person(&self, first: usize, start: usize) -> Option<Range<usize>> {
        let start = self.behind_pronoun(start);
        let is_owner = start > first && self.reader.says_any(start - 1, &OWNERS);
        let owned = self.behind_owner(start - usize::from(is_owner));
        // "My husband" has no name yet.
        let is_mine = self.reader.says_any(start, &["mine", "myself"]);
        let is_unnamed = (is_owner || is_mine) && owned >= self.reader.tokens.len();
        if is_unnamed || self.denies(start) {
            return None;
        }
        let is_owned = owned > start && owned < self.reader.tokens.len();
        let start = if is_owned { owned } else { start };
        let lead = self.reader.tokens.get(first..start).unwrap_or(&[]);
        let is_led = lead
            .iter()
            .any(|token| token.is_word() && !token.has(Class::FILLER));
        let plain = self
            .name(start)
            .filter(|range| !(is_led || self.is_said_how(range)) || !self.is_common(range.clone()));
        let ends =
            |range: &Range<usize>| self.trimmed(range.end..self.reader.tokens.len()).is_none();
        plain
            .clone()
            .filter(ends)
            .or_else(|| self.last_part(first))
            .or_else(|| self.spelled(first))
            .or(plain)
            .or_else(|| self.of_words(start))
            .or_else(|| self.part(first))
    }

    // "Honestly, no idea".
    fn is_said_how(&self, range: &Range<usize>) -> bool {
        range.len() == 1 && self.reader.word(range.start).ends_with("ly")
    }

    // "Don't remember".
    fn denies(&self, start: usize) -> bool {
        let next = self.reader.token(start + 1);
        let is_word = next.is_some_and(|next| next.entry.number == NumberWord::None)
            && NameSense::of(self.reader.word(start + 1)).is_word_only();
        self.reader.word(start).ends_with("n't") && is_word
    }

    // "She is my mother Anska": past who is spoken of.
    fn behind_pronoun(&self, at: usize) -> usize {
        let says = |at: usize, words: &[&str]| self.reader.says_any(at, words);
        let is_is = says(at, &["she", "he"]) && says(at + 1, &["is", "was"]);
        let next = match () {
            () if is_is => at + 2,
            () if says(at, &["she's", "he's"]) => at + 1,
            () => return at,
        };
        if says(next, &OWNERS) { next + 1 } else { at }
    }

    // "Three, Papadakis": what else was asked for is answered first.
    fn part(&self, first: usize) -> Option<Range<usize>> {
        const MOST: usize = 2;
        let end = self.reader.tokens.len();
        let at = (first..end).find(|at| self.reader.is_mark(*at, b','))?;
        let before = self.reader.tokens.get(first..at).unwrap_or(&[]);
        let is_count = |token: &Token| {
            let around = Class::UNIT | Class::LEAD | Class::FILLER | Class::CLOSED | Class::MEASURE;
            !is_said(token) || token.says_number() || token.has(around)
        };
        let is_counted = before.iter().all(is_count) && before.iter().any(Token::says_number);
        let name = self.name(at + 1)?;
        let words = self.reader.tokens.get(name.clone()).unwrap_or(&[]);
        // "Different from mine, Oyelaran".
        let text = self.reader.text;
        let has_small = || {
            before
                .iter()
                .any(|token| token.is_word() && !token.is_capital(text))
        };
        let is_last = || self.trimmed(name.end..end).is_none();
        let is_title = || words.iter().all(|token| token.is_capital(text));
        // "There is and I hate it, marmaduke".
        let is_known = |token: &Token| {
            let is_word = || NameSense::of(token.of(text)).is_word_only();
            !is_said(token) || token.entry.id != 0 || is_word()
        };
        let is_odd = || {
            let is_plain = |token: &Token| {
                let sense = NameSense::of(token.of(text));
                token.entry.id == 0 && token.len() > 4 && (sense.is_unknown() || sense.is_clear())
            };
            before.iter().filter(|token| is_said(token)).count() > 1
                && before.iter().all(is_known)
                && words.len() == 1
                && words.iter().all(is_plain)
        };
        if !(is_counted || has_small() && is_last() && (is_title() || is_odd())) {
            return None;
        }
        let is_short = words.iter().filter(|token| is_said(token)).count() <= MOST;
        (is_short && !self.is_common(name.clone())).then_some(name)
    }

    /// "Macisaac, Angus": a family name, with the given one behind it.
    pub(super) fn with_given(&self, family: Range<usize>) -> Range<usize> {
        let reader = &self.reader;
        let at = family.end + 1;
        let other = Class::CLOSED | Class::LEAD | Class::NO_ANSWER | Class::NO_NAME;
        let sense = |at: usize| NameSense::of(reader.word(at));
        let first = sense(family.start);
        let is_family = family.len() == 1 && (first.is_unknown() || first.is_family());
        let is_given = reader.token(at).is_some_and(|token| {
            let sense = sense(at);
            token.is_word() && !token.has(other) && (sense.is_given() || sense.is_clear())
        });
        let is_over = |at: usize| {
            let next = reader.token(at);
            next.is_none_or(|next| !is_said(next) && !next.has(Class::FILLER))
        };
        let is_pair = is_family && reader.is_mark(family.end, b',') && is_given && is_over(at + 1);
        family.start..if is_pair { at + 1 } else { family.end }
    }

    /// "Jazz. Short for Jasvinder. Sandhu.": sentences that are nothing but a name.
    pub(super) fn sole_names(&self, first: usize) -> Vec<Range<usize>> {
        const MOST: usize = 2;
        let tokens = self.reader.tokens;
        let is_clear = |token: &Token| NameSense::of(token.of(self.reader.text)).is_clear();
        let mut found = Vec::new();
        let mut start = first;
        for end in (first..tokens.len()).filter(|at| self.reader.ends_sentence(*at)) {
            let own = tokens.get(start..end).unwrap_or(&[]);
            let is_name = (1..=MOST).contains(&own.len()) && own.iter().all(is_clear);
            if is_name && start > first {
                found.push(start..end);
            }
            start = end + 1;
        }
        found
    }

    /// "Petrov. No, Petrova": the name with which one puts another right.
    pub(super) fn put_right(&self, first: usize) -> Vec<Range<usize>> {
        let reader = &self.reader;
        let right = |at: usize| {
            let is_wrong = reader.says_any(at, &["no", "sorry", "meant", "rather"]);
            let from = at + 1 + usize::from(reader.is_mark(at + 1, b','));
            let from = from + usize::from(reader.says_any(from, &["it's", "that's"]));
            let name = is_wrong.then(|| self.name_words(from))?;
            let ends = reader.token(name.end).is_none_or(|next| !is_said(next));
            (!name.is_empty() && ends).then_some(name)
        };
        (first + 1..reader.tokens.len()).filter_map(right).collect()
    }

    // "That sounds nice", "it's my business": words that nobody is called.
    fn is_common(&self, range: Range<usize>) -> bool {
        let tokens = self.reader.tokens.get(range).unwrap_or(&[]);
        tokens
            .iter()
            .filter(|token| is_said(token))
            .all(|token| NameSense::of(token.of(self.reader.text)).is_word_only())
    }

    // A name of which most is said letter by letter, whatever the rest was taken for.
    fn spelled(&self, from: usize) -> Option<Range<usize>> {
        const FEWEST: usize = 2;
        const MOST: usize = 60;
        let start = self.behind_yes(from);
        let range = self.without_thanks(start..self.reader.tokens.len().min(start + MOST))?;
        let tokens = self.reader.tokens.get(range.clone())?;
        let words = tokens.iter().filter(|token| is_said(token)).count();
        let letters = tokens
            .iter()
            .filter(|token| token.is_letter() || token.has(Class::ALPHABET))
            .count();
        let short = tokens.iter().filter(|token| self.is_piece(token)).count();
        let is_refusal = tokens
            .iter()
            .take(3)
            .any(|token| token.has(Class::NO_VALUE) && token.len() > 3);
        // "I am a n d a", but not "I am a teacher".
        // "Aviva, number is h m four four one nine".
        let digits = tokens.iter().filter(|token| token.says_digits()).count();
        let fits = digits <= letters / 2
            && letters >= FEWEST
            && short * 3 >= words * 2
            && words > 2
            && !is_refusal;
        let is_only_words = tokens
            .iter()
            .filter(|token| is_said(token))
            .all(|token| token.has(Class::CLOSED) || token.len() > 1);
        let is_spelled = fits && !is_only_words || self.is_alphabet(tokens);
        is_spelled.then_some(range)
    }

    // A name of some words of which one is a name for sure, or two may be.
    fn of_words(&self, start: usize) -> Option<Range<usize>> {
        const MOST: usize = 4;
        let ends = |at: &usize| self.reader.ends_sentence(*at) || self.reader.is_mark(*at, b',');
        let end = (start..self.reader.tokens.len()).find(ends);
        let range = self.without_thanks(start..end.unwrap_or(self.reader.tokens.len()))?;
        let tokens = self.reader.tokens.get(range.clone())?;
        let words: Vec<&Token> = tokens.iter().filter(|token| is_said(token)).collect();
        let sense = |token: &Token| NameSense::of(token.of(self.reader.text));
        let names = words.iter().filter(|token| sense(token).is_name()).count();
        let is_sure = words.iter().any(|token| sense(token).is_clear());
        let is_other = words.iter().any(|token| {
            let speaks = token
                .asks(AskingRole::ME | AskingRole::YOU | AskingRole::STATES | AskingRole::VERB);
            let answers = token.has(Class::NO_ANSWER | Class::NO_VALUE);
            (speaks || answers) && !sense(token).is_name() || token.says_digits()
        });
        // "Will it take long".
        let asks = |at: usize, role| words.get(at).is_some_and(|token| token.asks(role));
        let me = AskingRole::ME | AskingRole::YOU | AskingRole::THING;
        if asks(0, AskingRole::VERB) && asks(1, me) {
            return None;
        }
        let fits = match words.len() {
            1 => self.is_lone_name(words[0]),
            count => count <= MOST && (is_sure || names > 1),
        };
        (fits && !is_other).then_some(range)
    }

    // "Green", "Day": a family name, and nothing that one answers instead.
    fn is_lone_name(&self, token: &Token) -> bool {
        let sense = NameSense::of(token.of(self.reader.text));
        let instead = Class::NO_ANSWER | Class::LEAD | Class::FILLER | Class::NO_VALUE;
        let word = token.of(self.reader.text);
        let is_colour = COLOURS.iter().any(|one| word.eq_ignore_ascii_case(one));
        let is_owner = token.has(Class::POSSESSIVE) && token.has(Class::CLOSED);
        let is_kind = token.has(Class::NO_NAME) && !is_colour || is_owner;
        sense.is_name() && !token.has(instead) && !is_kind && !token.says_digits()
    }

    // Up to the last word that is more than "yes" or "please".
    fn without_thanks(&self, range: Range<usize>) -> Option<Range<usize>> {
        let empty = Class::LEAD | Class::JOIN | Class::BEHIND_NAME;
        let tokens = self.reader.tokens.get(range.clone())?;
        let is_kept = |token: &Token| {
            is_said(token) && (token.is_letter() || token.len() == 2 || !token.has(empty))
        };
        let last = tokens.iter().rposition(is_kept)?;
        Some(range.start..range.start + last + 1)
    }

    /// Past whose name it is: "my brother", "her nan", "mine, ".
    pub(super) fn behind_owner(&self, from: usize) -> usize {
        const ALONE: [&str; 11] = [
            "mine", "myself", "surname", "for", "under", "everyone", "says", "both", "just", "put",
            "try",
        ];
        let mut at = from;
        loop {
            let is_behind = at > from;
            let step = match () {
                () if self.reader.says_any(at, &OWNERS) => {
                    let is_law = self.reader.says(at + 2, "in") && self.reader.says(at + 3, "law");
                    if is_law { 4 } else { 2 }
                }
                () if self.reader.says_any(at, &ALONE) => 1,
                () if self.reader.token(at).is_some_and(|token| {
                    !is_said(token) || is_behind && token.has(Class::JOIN | Class::COPULA)
                }) =>
                {
                    1
                }
                () => return at,
            };
            at += step;
        }
    }

    // "Golf romeo alpha".
    fn is_alphabet(&self, tokens: &[Token]) -> bool {
        let said = || tokens.iter().filter(|token| is_said(token));
        let letters = said().filter(|token| token.has(Class::ALPHABET)).count();
        letters >= 3 && letters * 3 >= said().count() * 2
    }

    // A letter, or some that were heard as a word or a number.
    fn is_piece(&self, token: &Token) -> bool {
        const SHORT: usize = 3;
        let is_short = token.is_word() && token.len() <= SHORT || token.says_digits();
        let is_sign = token.has(Class::SEPARATOR | Class::ALPHABET)
            || matches!(token.entry.number, NumberWord::Times(_));
        is_said(token) && (is_short || is_sign)
    }

    // Past "yes", "okay, it's", but past no letter.
    fn behind_yes(&self, from: usize) -> usize {
        let is_lead = |token: &Token| {
            let leads = token.has(Class::FILLER | Class::LEAD | Class::COPULA);
            let is_heard = ["am", "are", "see", "a", "i"]
                .iter()
                .any(|one| token.of(self.reader.text).eq_ignore_ascii_case(one));
            !is_said(token) || leads && !is_heard && !token.is_letter()
        };
        let rest = self.reader.tokens.get(from..).unwrap_or(&[]);
        from + rest.iter().take_while(|token| is_lead(token)).count()
    }
}
