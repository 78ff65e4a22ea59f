//! Claims the numbers of a passage, one after the other.
//!
//! What a number is, `judge.rs` says; what is claimed of it, `claimer.rs`.

use super::claimer::{NumberClaimer, are_empty_words};
use super::edges::Edges;
use super::kinds::NumberKind;
use crate::detect::Speaker;
use crate::detect::claims::Claims;
use crate::detect::english::{AskingRole, Class, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Run, SpokenPassage, Token, is_complement, runs};

/// Claims the numbers, and notes which topic was named last without one.
pub(crate) fn claim(hearing: &mut Hearing) {
    let runs = numbers(&hearing.passage, hearing.claims);
    // An assistant reads back what is being dictated; "next four" is none of it.
    let is_read_back = runs.first().is_some_and(|run| run.digits.len() >= 2);
    let is_asked = hearing.passage.asked.is_some();
    let tells = hearing.speaker == Speaker::Caller || (is_asked && is_read_back);
    hearing.passage.is_bare |= tells && is_bare(&hearing.passage, &runs, hearing.claims);
    let mut rest = runs.iter().peekable();
    let edges = Edges::of(&hearing.passage);
    let mut claimer = NumberClaimer::new(hearing);
    while let Some(run) = rest.next() {
        let extension = rest
            .peek()
            .copied()
            .filter(|next| edges.is_extension(run.end, next.first));
        if claimer.hear(run, extension) {
            rest.next();
        }
    }
    let end = runs.last().map_or(hearing.passage.first, |run| run.end);
    let is_question = hearing.passage.asked.is_some() && asks_back(&hearing.passage);
    let open = open_topic(&hearing.passage, end, &hearing.used);
    hearing.open = open.filter(|_| !is_question);
}

// "Is it the one for the machine or the phone one": a question about what was asked.
fn asks_back(passage: &SpokenPassage) -> bool {
    const NEAR: usize = 3;
    let tokens = passage
        .tokens
        .get(passage.first..passage.end)
        .unwrap_or(&[]);
    let mut words = tokens.iter().filter(|token| token.is_word()).take(NEAR);
    let asks = |token: &Token| token.asks(AskingRole::WHICH);
    let begins = |two: &[Token]| {
        let (left, right) = (two.first(), two.get(1));
        left.is_some_and(|left| left.asks(AskingRole::VERB))
            && right.is_some_and(|right| right.asks(AskingRole::THING | AskingRole::YOU))
    };
    words.any(asks) || tokens.windows(2).take(NEAR).any(begins)
}

// The topic of the last phrase, where no number follows it.
fn open_topic(passage: &SpokenPassage, last_end: usize, used: &[bool]) -> Option<Topic> {
    let (at, cue) = passage.cues.iter().enumerate().next_back()?;
    // "What's it called": of a name.
    let reader = passage.reader();
    let is_name = cue.first > passage.first
        && reader.says(cue.first, "called")
        && (reader.says(cue.first - 1, "it") || reader.tokens[cue.first - 1].has(Class::COPULA));
    if is_name {
        return None;
    }
    let waits = cue.first >= last_end && !used.get(at).copied().unwrap_or(false);
    // "It's on my phone" waits for none.
    let is_where = is_complement(passage.tokens, cue);
    let kind = NumberKind::of(cue.topic).filter(|kind| kind.is_awaited && !is_where);
    kind.filter(|_| waits).map(|kind| kind.topic)
}

fn numbers(passage: &SpokenPassage, claims: &Claims) -> Vec<Run> {
    let runs = runs(passage.reader(), passage.first, &|at| {
        claims.is_taken_or_named(at)
    });
    runs.into_iter().flat_map(in_bounds).collect()
}

/// A run of bounded length, or several: what is judged costs the square of its length. A multiple
/// of the usual counts of groups, so that no number of many alike is cut in two.
fn in_bounds(run: Run) -> Vec<Run> {
    const MOST_GROUPS: usize = 840;
    if run.groups.len() <= MOST_GROUPS {
        return vec![run];
    }
    (0..run.groups.len())
        .step_by(MOST_GROUPS)
        .filter_map(|from| run.slice(from..run.groups.len().min(from + MOST_GROUPS)))
        .collect()
}

// Whether the caller only gave numbers, and said what one says around them.
fn is_bare(passage: &SpokenPassage, runs: &[Run], claims: &Claims) -> bool {
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
