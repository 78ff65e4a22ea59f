//! Claims the numbers of a passage: each run of digits is put before the judge with its place.

use std::ops::Range;

use super::claims::Claims;
use super::edges::{Edges, is_extension};
use super::govern::{Passage, Place, Tie};
use super::judge::Case;
use super::resolve::Given;
use super::spoken::{self, Run, bytes_of};
use super::tokens::{Kind, Token};
use super::topics::Topic;
use super::words::{FILLER, JOIN, LEAD, Number, SEPARATOR, VAGUE};
use super::{Detector, Speaker, card, key, phone, split};

/// Claims the numbers, and says which topic was named last without one.
pub(super) fn claim(
    passage: &mut Passage,
    speaker: Speaker,
    region: &str,
    claims: &mut Claims,
    given: &mut Given,
    mut used: Vec<bool>,
) -> Option<Topic> {
    let tokens = passage.tokens;
    let runs = runs(passage, claims);
    // An assistant reads back what is being dictated; "next four" is none of it.
    let is_read_back = runs.first().is_some_and(|run| run.digits.len() >= 2);
    let tells = speaker == Speaker::Caller || (passage.asked.is_some() && is_read_back);
    passage.is_bare = tells && is_bare(passage, &runs, claims);
    let mut last_end = passage.first;
    let mut skip = 0;
    let mut behind_card = None;
    let mut last = None;
    for (at, run) in runs.iter().enumerate() {
        last_end = run.end;
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let extension = runs
            .get(at + 1)
            .filter(|next| is_extension(tokens, claims.text, run.end, next.first));
        let found = claims.count();
        let mut bench = Bench {
            passage,
            region,
            claims,
            given,
            used: &mut used,
            last,
        };
        let follows = behind_card.is_some_and(|end| bench.goes_on(end, run.first));
        if let Some(parts) = follows.then(|| split::behind_card(run)).flatten()
            && !bench.edges().is_counted(run)
        {
            bench.claim_parts(run, &parts);
            behind_card = Some(run.end);
            continue;
        }
        if bench.judge(run, extension) && extension.is_some() {
            skip = 1;
        }
        last = bench.last;
        behind_card = claims.has_new(found, Detector::Card).then_some(run.end);
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
    let runs = spoken::runs(claims.text, tokens, passage.first, &|at| {
        claims.is_taken_or_named(at)
    });
    runs.into_iter().flat_map(in_bounds).collect()
}

/// A run of bounded length, or several: what is judged costs the square of its length. A multiple
/// of the usual counts of groups, so that no number of many alike is cut in two.
fn in_bounds(run: Run) -> Vec<Run> {
    const MOST_PIECES: usize = 840;
    if run.pieces.len() <= MOST_PIECES {
        return vec![run];
    }
    (0..run.pieces.len())
        .step_by(MOST_PIECES)
        .filter_map(|from| run.slice(from..run.pieces.len().min(from + MOST_PIECES)))
        .collect()
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
        .all(|token| !token.is_word() || token.has(FILLER | LEAD | JOIN | SEPARATOR))
}

struct Bench<'p, 'a, 'c> {
    passage: &'p Passage<'a>,
    region: &'p str,
    claims: &'p mut Claims<'c>,
    given: &'p mut Given,
    used: &'p mut Vec<bool>,
    // The last number that was claimed: its end, its length and its kind.
    last: Option<(usize, usize, Detector)>,
}

impl Bench<'_, '_, '_> {
    fn edges(&self) -> Edges<'_> {
        Edges::of(self.claims.text, self.passage)
    }

    // Only marks and empty words lie between a card and the next number.
    fn goes_on(&self, from: usize, to: usize) -> bool {
        let between = self.passage.tokens.get(from..to).unwrap_or(&[]);
        let named = self
            .passage
            .cues
            .iter()
            .any(|cue| cue.first >= from && cue.first < to);
        !named && are_empty_words(between) && between.len() <= 8
    }

    // Whether the run was a phone number, which takes its extension.
    fn judge(&mut self, run: &Run, extension: Option<&Run>) -> bool {
        let mut place = self.passage.place(run, self.used);
        if place.topic.is_none() && self.edges().is_behind_state(run) {
            if !run.is_spoken() {
                // The end of an address whose street nobody could tell.
                self.claim_as(run, Detector::Address, None);
                return false;
            }
            (place.topic, place.tie) = (Some(Topic::Zip), Tie::Linked);
        }
        if place.topic.is_none() && run.is_counting() {
            return false;
        }
        if !self.edges().is_glued(run)
            && !run.is_quantity
            && let Some(parts) = split::parts(
                self.claims.text,
                self.passage.tokens,
                run,
                place.topic,
                self.region,
            )
        {
            self.claim_parts(run, &parts);
            return false;
        }
        if let Some(window) = card::find(&run.digits, &run.pieces)
            && window != (0..run.pieces.len())
            && !self.edges().is_glued(run)
            && (run.digits.len() > 19 || !run.is_spoken())
            && (place.topic != Some(Topic::Card) || !card::is_usual_length(run.digits.len()))
        {
            self.split(run, window);
            return false;
        }
        let opening = self.edges().opening(run);
        let written = self
            .claims
            .text
            .get(opening..self.passage.tokens[run.end - 1].end)
            .unwrap_or("");
        let case = Case {
            run,
            place,
            written,
            is_glued: self.edges().is_glued(run),
            is_counted: self.edges().is_counted(run),
            is_bare: self.passage.is_bare,
            is_addressed: key::is_of_a_person(self.claims.text, self.passage.tokens, run.first),
            region: self.region,
        };
        let verdict = case.verdict().or_else(|| self.as_another(run, &case));
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
            self.claim_as(run, detector, extension);
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
        self.claim_as(run, detector, None);
        false
    }

    // "Zip was 33064, customer lives in 33046": as many digits as the number before it.
    fn as_another(&self, run: &Run, case: &Case) -> Option<Detector> {
        const REACH: usize = 12;
        const CONTRASTS: [&str; 8] = [
            "gave", "instead", "not", "should", "actually", "lives", "said", "changed",
        ];
        let (end, length, detector) = self.last.filter(|(end, ..)| run.first <= end + REACH)?;
        let is_contrast = self.passage.tokens[end..run.first]
            .iter()
            .any(|token| CONTRASTS.contains(&token.of(self.claims.text)));
        let is_free = case.place.topic.is_none() && !case.is_glued && !case.is_counted;
        let same = run.digits.len() == length && length >= 4 && !run.is_quantity;
        (is_free && same && is_contrast).then_some(detector)
    }

    fn claim_as(&mut self, run: &Run, detector: Detector, extension: Option<&Run>) {
        self.last = Some((run.end, run.digits.len(), detector));
        let (end, digits) = self.stretched(run, detector);
        if detector != Detector::Phone {
            self.claims.claim(run.first..end, detector, digits);
            return;
        }
        let end = extension.map_or(end, |extension| extension.end);
        let bytes = self.edges().opening(run)..self.passage.tokens[end - 1].end;
        let international = self
            .claims
            .text
            .get(bytes.clone())
            .is_some_and(|written| written.starts_with(['+', 'p', 'P']));
        let extension = extension.map_or("", |extension| extension.digits.as_str());
        let value = phone::canonical(&run.digits, international, self.region, extension);
        self.claims.claim_bytes(bytes, detector, value);
    }

    // A card with other numbers before or behind it.
    fn split(&mut self, run: &Run, window: Range<usize>) {
        if let Some(left) = run.slice(0..window.start) {
            self.judge_rest(&left);
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
        let Some(parts) = split::behind_card(&right) else {
            self.judge_rest(&right);
            return;
        };
        self.claim_parts(&right, &parts);
    }

    // What stands in one breath with a private number is no less private.
    fn judge_rest(&mut self, rest: &Run) {
        self.judge(rest, None);
        let untouched = (rest.first..rest.end).all(|at| !self.claims.is_taken(at));
        if untouched && !self.is_pronoun(rest) && !self.edges().is_counted(rest) {
            let digits = rest.digits.clone();
            self.claims
                .claim(rest.first..rest.end, Detector::Account, digits);
        }
    }

    // "The new one": no digit.
    fn is_pronoun(&self, rest: &Run) -> bool {
        let before = rest.first.checked_sub(1);
        rest.digits == "1"
            && rest.is_spoken()
            && before.is_some_and(|at| self.passage.tokens[at].has(VAGUE))
    }

    // The last number of a run may be of something else: "… 0132, 3 nights".
    fn claim_parts(&mut self, run: &Run, parts: &[split::Part]) {
        for part in parts {
            let (Some(found), Some(detector)) = (run.slice(part.pieces.clone()), part.detector)
            else {
                continue;
            };
            let place = self.passage.place(&found, self.used);
            if detector == Detector::Account
                && (self.edges().is_counted(&found) || self.is_pronoun(&found))
            {
                continue;
            }
            if let Some(cue) = place.cue {
                self.used[cue] = true;
            }
            self.note(place, detector, &found);
            self.claim_as(&found, detector, None);
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
        let named = place.topic == Some(topic)
            || (matches!(topic, Topic::Phone | Topic::Card) && place.topic == Some(Topic::Number));
        let tied = named && place.tie >= Tie::Linked && !place.is_ending;
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
}
