//! `say`: one text, or several of which one is said in a turn.
//!
//! Which one is a function of the call, the turn and what was said last: it is the same on every
//! replica and in every replay, and nothing is kept for it. What was said last is told by its words: of
//! a text that was spoken otherwise, or of which the caller heard the beginning alone, most are there
//! still. Where none is, the turn in which it was said tells.

use crate::chat::{ChatRequest, Message, Role};
use crate::files::{Faults, OneOrMore};
use crate::lang::facts::Facts;
use crate::lang::template::{Template, TemplateError};

/// So many words of a text count.
const MOST_WORDS: usize = 200;

/// The templates of the texts as they are written.
pub(super) fn templates(say: &OneOrMore, faults: &mut Faults) -> Vec<Template> {
    if say.texts.is_empty() {
        faults.add(&["say"], "`say` is an empty list: name at least one text");
    }
    let mut templates = Vec::new();
    for (at, text) in say.texts.iter().enumerate() {
        let (which, field) = match say.is_list {
            true => (format!("text {} of `say`", at + 1), format!("say.{at}")),
            false => ("`say`".to_owned(), "say".to_owned()),
        };
        if text.trim().is_empty() {
            faults.add(&[&field], format!("{which} is empty"));
            continue;
        }
        match Template::parse(text) {
            Ok(template) => templates.push(template),
            Err(error) if say.is_list => {
                let message = format!("{which}: {}", error.message);
                faults.add_within(&field, error.range, message, error.help);
            }
            Err(error) => faults.add_within(&field, error.range, error.message, error.help),
        }
    }
    templates
}

/// What is said in a turn; none: nothing, or it came out empty.
pub(super) fn chosen(
    texts: &[Template],
    request: &ChatRequest,
    facts: &Facts,
) -> Result<Option<String>, TemplateError> {
    let count = texts.len();
    let first = place(facts, count, 0);
    let in_order = (first..count).chain(0..first);
    let made = in_order.filter_map(|at| {
        let made = texts
            .get(at)?
            .render(facts)
            .map(|text| text.trim().to_owned());
        let is_empty = made.as_ref().is_ok_and(String::is_empty);
        (!is_empty).then_some((at, made))
    });
    if count == 1 {
        return made.map(|(_, made)| made).next().transpose();
    }
    let mut made: Vec<_> = made.collect();
    let last = LastSaid::of(request, facts).filter(|_| made.len() > 1);
    if let Some(last) = last
        && let Some(again) = last.which(&made, facts, count)
    {
        let is_again = |(at, made): &(usize, Made)| match made {
            Ok(text) => *at == again.0 || words(text) == again.1,
            Err(_) => *at == again.0,
        };
        // Where all are the same there is no other.
        if !made.iter().all(is_again) {
            made.retain(|it| !is_again(it));
        }
    }
    made.into_iter().map(|(_, made)| made).next().transpose()
}

/// A text, or why there is none.
type Made = Result<String, TemplateError>;

/// What the caller heard last.
struct LastSaid {
    words: Vec<String>,
    /// How many user messages came since.
    turns: usize,
}

impl LastSaid {
    /// None: nothing was said so far.
    fn of(request: &ChatRequest, facts: &Facts) -> Option<LastSaid> {
        let messages = request.messages();
        // A call of a tool says nothing by itself.
        let is_said = |message: &Message| {
            message.role() == Role::Assistant && !message.text().trim().is_empty()
        };
        let at = messages.iter().rposition(is_said);
        let behind = messages.iter().skip(at.map_or(0, |at| at + 1));
        let turns = behind
            .filter(|message| message.role() == Role::User)
            .count();
        // As it came, where it is told: a rule before this one may have hidden something.
        let told = match told(facts, "assistant").trim() {
            "" => messages.get(at?)?.text(),
            told => told.into(),
        };
        let words = words(&told);
        (!words.is_empty()).then_some(LastSaid { words, turns })
    }

    /// Which of the texts it was: its place, and its words.
    fn which(
        &self,
        made: &[(usize, Made)],
        facts: &Facts,
        count: usize,
    ) -> Option<(usize, Vec<String>)> {
        let texts = made.iter().filter_map(|(at, text)| {
            let words = words(text.as_ref().ok()?);
            Some((self.alike(&words), *at, words))
        });
        let (most, at, words) = texts.max_by_key(|(alike, ..)| *alike)?;
        match most {
            (0, ..) => Some((place(facts, count, self.turns), Vec::new())),
            _ => Some((at, words)),
        }
    }

    /// How much alike a text is, in thousandths: the part of the shorter one's words that stand in the
    /// other in this order; then whether the caller heard its beginning, and the part of the longer one.
    fn alike(&self, text: &[String]) -> (usize, bool, usize) {
        let common = in_common(text, &self.words);
        let (one, other) = (text.len().max(1), self.words.len().max(1));
        let beginning = text.get(..self.words.len());
        let is_beginning =
            beginning.is_some_and(|text| in_common(text, &self.words) == self.words.len());
        let part = |of: usize| 1000 * common / of;
        (part(one.min(other)), is_beginning, part(one.max(other)))
    }
}

/// How many words two texts have in common, in order. The last word that was said may have broken off.
fn in_common(text: &[String], said: &[String]) -> usize {
    let mut before = vec![0; said.len() + 1];
    for word in text {
        let mut row = vec![0; said.len() + 1];
        for (at, other) in said.iter().enumerate() {
            let is_last = at + 1 == said.len();
            let is_same = word == other || (is_last && word.starts_with(other.as_str()));
            row[at + 1] = match is_same {
                true => before[at] + 1,
                false => before[at + 1].max(row[at]),
            };
        }
        before = row;
    }
    before.last().copied().unwrap_or_default()
}

/// With which text a turn begins to choose, so many turns ago: each call with another one, and each turn
/// with the next.
fn place(facts: &Facts, count: usize, ago: usize) -> usize {
    let call = facts.root("call").and_then(|call| call.get("id")?.as_str());
    let call = call.unwrap_or_default().bytes();
    // FNV-1a, the same on every machine and in every release, and mixed: ids that differ in their last
    // sign are far apart then.
    let hash = call.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let turn = facts
        .root("turn")
        .and_then(|turn| turn.get("number")?.as_u64());
    let ago = u64::try_from(ago).unwrap_or(u64::MAX);
    let turn = turn.unwrap_or_default().saturating_sub(ago);
    let count = u64::try_from(count.max(1)).unwrap_or(u64::MAX);
    usize::try_from(((hash >> 32) + turn) % count).unwrap_or_default()
}

fn told<'f>(facts: &'f Facts, name: &str) -> &'f str {
    let turn = facts.root("turn");
    turn.and_then(|turn| turn.get(name)?.as_str())
        .unwrap_or_default()
}

/// The words of a text, in letters and digits alone: what speaks it may write it otherwise.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|sign: char| !sign.is_alphanumeric() && sign != '\'' && sign != '’');
    let words = words.map(|word| {
        let letters = word.chars().filter(|sign| sign.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    });
    // A text is a sentence or a few; what was said may be a book.
    words
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .collect()
}
