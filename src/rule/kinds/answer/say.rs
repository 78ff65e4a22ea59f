//! `say`: one text, or several of which one is said in a turn.
//!
//! Which one is a function of the call, the turn and what was said last: it is the same on every
//! replica and in every replay, and nothing is kept for it.

use crate::files::{Faults, OneOrMore};
use crate::lang::facts::Facts;
use crate::lang::template::{Template, TemplateError};

/// Of a text that broke off, so many letters tell which one it was.
const TELLING: usize = 8;

/// The templates of the texts as they are written.
pub(super) fn templates(say: &OneOrMore, faults: &mut Faults) -> Vec<Template> {
    if say.texts.is_empty() {
        faults.add(&["say"], "`say` is an empty list: name at least one text");
    }
    let mut templates = Vec::new();
    for (at, text) in say.texts.iter().enumerate() {
        let which = match say.is_list {
            true => format!("text {} of `say`", at + 1),
            false => "`say`".to_owned(),
        };
        if text.trim().is_empty() {
            faults.add(&["say"], format!("{which} is empty"));
            continue;
        }
        match Template::parse(text) {
            Ok(template) => templates.push(template),
            Err(error) if say.is_list => {
                let message = format!("{which}: {}", error.message);
                faults.add_within("say", None, message, error.help);
            }
            Err(error) => faults.add_within("say", error.range, error.message, error.help),
        }
    }
    templates
}

/// What is said in a turn; none: nothing, or it came out empty.
pub(super) fn chosen(texts: &[Template], facts: &Facts) -> Result<Option<String>, TemplateError> {
    let first = match texts {
        [] | [_] => 0,
        several => place(facts, several.len()),
    };
    let last = words(told(facts, "assistant"));
    let mut again = None;
    let in_order = texts.iter().cycle().skip(first).take(texts.len());
    for text in in_order {
        let text = text.render(facts)?;
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        if texts.len() > 1 && is_again(&words(text), &last) {
            again.get_or_insert_with(|| text.to_owned());
            continue;
        }
        return Ok(Some(text.to_owned()));
    }
    Ok(again)
}

/// With which text a turn begins to choose: each call with another one, and each turn with the next.
fn place(facts: &Facts, count: usize) -> usize {
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
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let place = ((hash >> 32) + turn.unwrap_or_default()) % count;
    usize::try_from(place).unwrap_or_default()
}

/// Whether a text is what was said last, also where that broke off or came behind something else.
fn is_again(text: &str, last: &str) -> bool {
    if last.is_empty() {
        return false;
    }
    last.ends_with(text) || (text.starts_with(last) && last.len() >= TELLING)
}

fn told<'f>(facts: &'f Facts, name: &str) -> &'f str {
    let turn = facts.root("turn");
    turn.and_then(|turn| turn.get(name)?.as_str())
        .unwrap_or_default()
}

/// The letters and digits of a text: what speaks it may write it otherwise.
fn words(text: &str) -> String {
    let letters = text.chars().filter(|sign| sign.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
