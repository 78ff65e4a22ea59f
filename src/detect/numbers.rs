//! Claims the numbers of a passage: each run of digits is put before the judge with its place.

use std::ops::Range;

use super::claims::Claims;
use super::govern::{Passage, Place, Tie};
use super::judge::Case;
use super::resolve::Given;
use super::spoken::{self, Run, bytes_of};
use super::tokens::{Kind, Token};
use super::topics::Topic;
use super::words::{FILLER, JOIN, LEAD, Number, UNIT};
use super::{Detector, Speaker, card, phone};

/// Claims the numbers, and says which topic was named last without one.
pub(super) fn claim(
    passage: &mut Passage,
    speaker: Speaker,
    region: &str,
    claims: &mut Claims,
    given: &mut Given,
) -> Option<Topic> {
    let tokens = passage.tokens;
    let runs = runs(passage, claims);
    passage.is_bare = speaker == Speaker::Caller && is_bare(passage, &runs, claims);
    let mut used = vec![false; passage.cues.len()];
    let mut last_end = passage.first;
    let mut skip = 0;
    for (at, run) in runs.iter().enumerate() {
        last_end = run.end;
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let extension = runs
            .get(at + 1)
            .filter(|next| is_extension(tokens, claims.text, run.end, next.first));
        let mut bench = Bench {
            passage,
            region,
            claims,
            given,
            used: &mut used,
        };
        if bench.judge(run, extension) && extension.is_some() {
            skip = 1;
        }
    }
    let open = passage.cues.iter().enumerate().next_back()?;
    let waits = open.1.first >= last_end && !used[open.0] && !passage.cues.is_empty();
    let numeric = matches!(
        open.1.topic,
        Topic::Card
            | Topic::Cvv
            | Topic::Pin
            | Topic::Ssn
            | Topic::Phone
            | Topic::Account
            | Topic::Zip
    );
    (waits && numeric).then_some(open.1.topic)
}

fn runs(passage: &Passage, claims: &Claims) -> Vec<Run> {
    let tokens = passage.tokens.get(..passage.end).unwrap_or(passage.tokens);
    spoken::runs(claims.text, tokens, passage.first, &|at| {
        claims.is_taken_or_named(at)
    })
}

// Whether the caller only gave numbers, and said what one says around them.
fn is_bare(passage: &Passage, runs: &[Run], claims: &Claims) -> bool {
    let mut at = passage.first;
    for run in runs {
        if !are_empty_words(&passage.tokens[at..run.first]) {
            return false;
        }
        at = run.end;
    }
    !runs.is_empty()
        && are_empty_words(&passage.tokens[at..passage.end])
        && !claims.is_any_taken(passage.first..passage.end)
}

fn are_empty_words(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .all(|token| !token.is_word() || token.has(FILLER | LEAD | JOIN))
}

fn is_extension(tokens: &[Token], text: &str, from: usize, to: usize) -> bool {
    let Some(between) = tokens.get(from..to).filter(|between| between.len() <= 3) else {
        return false;
    };
    let mut words = between.iter().filter(|token| token.is_word());
    let names = |token: &Token| {
        ["x", "ext", "extn", "extension"]
            .iter()
            .any(|name| token.of(text).eq_ignore_ascii_case(name))
    };
    words.next().is_some_and(names) && words.all(|word| word.has(super::words::COPULA))
}

struct Bench<'p, 'a, 'c> {
    passage: &'p Passage<'a>,
    region: &'p str,
    claims: &'p mut Claims<'c>,
    given: &'p mut Given,
    used: &'p mut Vec<bool>,
}

impl Bench<'_, '_, '_> {
    // Whether the run was a phone number, which takes its extension.
    fn judge(&mut self, run: &Run, extension: Option<&Run>) -> bool {
        let place = self.passage.place(run, self.used);
        if let Some(window) = card::find(&run.digits, &run.pieces)
            && window != (0..run.pieces.len())
            && !self.is_glued(run)
            && (run.digits.len() > 19 || !run.is_spoken())
            && (place.topic != Some(Topic::Card) || !card::is_usual_length(run.digits.len()))
        {
            self.split(run, window);
            return false;
        }
        let opening = self.opening(run);
        let written = self
            .claims
            .text
            .get(opening..self.passage.tokens[run.end - 1].end)
            .unwrap_or("");
        let case = Case {
            run,
            place,
            written,
            is_glued: self.is_glued(run),
            is_counted: self.is_counted(run),
            is_bare: self.passage.is_bare,
            region: self.region,
        };
        let verdict = case.verdict();
        if let Some(cue) = place.cue
            && (verdict.is_some() || matches!(place.topic, Some(Topic::Expiry | Topic::Reference)))
        {
            self.used[cue] = true;
        }
        let Some(detector) = verdict else {
            return false;
        };
        self.note(place, detector, run);
        if detector == Detector::Phone {
            let international = written.starts_with(['+', 'p', 'P']);
            let digits = extension.map_or("", |extension| extension.digits.as_str());
            let value = phone::canonical(&run.digits, international, self.region, digits);
            let end = extension.map_or(run.end, |extension| extension.end);
            let bytes = opening..self.passage.tokens[end - 1].end;
            self.claims.claim_bytes(bytes, detector, value);
            return true;
        }
        if detector == Detector::Id && case.is_glued {
            let code = self.code_around(run);
            let value = bytes_of(self.passage.tokens, code.clone());
            let value = self
                .claims
                .text
                .get(value)
                .unwrap_or("")
                .replace('-', "")
                .to_uppercase();
            self.claims.claim(code, detector, value);
            return false;
        }
        let (end, digits) = self.stretched(run, detector);
        self.claims.claim(run.first..end, detector, digits);
        false
    }

    // A card with other numbers before or behind it.
    fn split(&mut self, run: &Run, window: Range<usize>) {
        if let Some(left) = run.slice(0..window.start) {
            self.judge(&left, None);
        }
        if let Some(found) = run.slice(window.clone()) {
            let place = self.passage.place(&found, self.used);
            if let Some(cue) = place.cue {
                self.used[cue] = true;
            }
            self.note(place, Detector::Card, &found);
            self.claims
                .claim(found.first..found.end, Detector::Card, found.digits);
        }
        let Some(right) = run.slice(window.end..run.pieces.len()) else {
            return;
        };
        // Behind a card stand its expiry and its security code.
        let code = match right.shape().as_slice() {
            [3 | 4] => Some(0),
            [2, 2, 3 | 4] | [2, 4, 3 | 4] => Some(2),
            [4, 3] => Some(1),
            _ => None,
        };
        match code.and_then(|code| right.slice(code..right.pieces.len())) {
            Some(code) => self
                .claims
                .claim(code.first..code.end, Detector::Cvv, code.digits),
            None if right.digits.len() >= 4 => {
                self.judge(&right, None);
            }
            None => {}
        }
    }

    fn note(&mut self, place: Place, detector: Detector, run: &Run) {
        let topic = match detector {
            Detector::Card => Topic::Card,
            Detector::Ssn => Topic::Ssn,
            Detector::Phone => Topic::Phone,
            _ => match place.topic {
                Some(topic) => topic,
                None => return,
            },
        };
        let tied = place.topic == Some(topic) && place.tie >= Tie::Linked && !place.is_ending;
        if tied || run.digits.len() >= 7 {
            self.given.push((topic, run.digits.len()));
        }
    }

    // "Five one to": the last word is a digit where the number is one short without it.
    fn stretched(&self, run: &Run, detector: Detector) -> (usize, String) {
        let full = match detector {
            Detector::Ssn => 9,
            Detector::Cvv => 3,
            Detector::Pin => 4,
            Detector::Zip => 5,
            _ => return (run.end, run.digits.clone()),
        };
        let next = self
            .passage
            .tokens
            .get(run.end)
            .filter(|_| run.end < self.passage.end);
        match next.map(|token| token.entry.number) {
            Some(Number::Doubtful(digit) | Number::Misheard(digit))
                if run.is_spoken() && run.digits.len() + 1 == full =>
            {
                (run.end + 1, format!("{}{digit}", run.digits))
            }
            _ => (run.end, run.digits.clone()),
        }
    }

    // The letters and digits that touch a number are the same code.
    fn code_around(&self, run: &Run) -> Range<usize> {
        let tokens = self.passage.tokens;
        let part = |at: usize| {
            let token = tokens[at];
            let inside = token.is_word() || token.kind == Kind::Digits || token.is_mark(b'-');
            inside && !self.claims.is_taken_or_named(at)
        };
        let (mut first, mut end) = (run.first, run.end);
        while first > self.passage.first
            && tokens[first - 1].end == tokens[first].start
            && part(first - 1)
        {
            first -= 1;
        }
        while end < self.passage.end && tokens[end - 1].end == tokens[end].start && part(end) {
            end += 1;
        }
        first..end
    }

    // A plus, "plus" or a bracket in front belongs to a phone number.
    fn opening(&self, run: &Run) -> usize {
        let tokens = self.passage.tokens;
        let own = tokens[run.first].start;
        let before = |back: usize| {
            run.first
                .checked_sub(back)
                .filter(|at| *at >= self.passage.first)
                .map(|at| tokens[at])
        };
        let Some(mark) = before(1) else { return own };
        if mark.is_mark(b'+') && mark.end == own
            || (mark.is_word() && mark.of(self.claims.text).eq_ignore_ascii_case("plus"))
        {
            return mark.start;
        }
        let closes = tokens[run.first..run.end.min(run.first + 4)]
            .iter()
            .any(|token| token.is_mark(b')'));
        if mark.is_mark(b'(') && closes {
            return match before(2) {
                Some(plus) if plus.is_mark(b'+') && plus.end == mark.start => plus.start,
                _ => mark.start,
            };
        }
        own
    }

    // Letters at its ends make it a code: "A6058710", "HZ-2464".
    fn is_glued(&self, run: &Run) -> bool {
        let tokens = self.passage.tokens;
        let (first, last) = (tokens[run.first], tokens[run.end - 1]);
        if first.is_word() {
            return false;
        }
        let before = |back: usize| run.first.checked_sub(back).map(|at| tokens[at]);
        let touches = before(1).is_some_and(|token| token.is_word() && token.end == first.start);
        let hyphen = before(1).zip(before(2)).is_some_and(|(mark, word)| {
            (mark.is_mark(b'-') || mark.is_mark(b'_'))
                && mark.end == first.start
                && word.is_word()
                && word.end == mark.start
                && word.entry.id == 0
        });
        let behind = tokens.get(run.end).is_some_and(|token| {
            token.is_word()
                && token.start == last.end
                && last.kind == Kind::Digits
                && !is_extension(tokens, self.claims.text, run.end, run.end + 1)
        });
        touches || hyphen || behind
    }

    fn is_counted(&self, run: &Run) -> bool {
        let tokens = self.passage.tokens;
        let before = run.first.checked_sub(1).map(|at| tokens[at]);
        let currency = before.is_some_and(|token| {
            matches!(token.kind, Kind::Mark(_))
                && matches!(token.of(self.claims.text), "$" | "€" | "£" | "¥")
        });
        let behind = tokens.get(run.end).filter(|_| run.end < self.passage.end);
        currency || behind.is_some_and(|token| token.is_mark(b'%') || token.has(UNIT))
    }
}
