//! System messages behind the beginning, for upstreams that know none there.
//!
//! A late one joins the user message directly behind it, else the one directly before it, in a
//! marked block; between others it stands as a user message of its own, where it was. So what it
//! becomes depends on its neighbours alone, which stay as the call goes on. What a rule placed at
//! the tail joins the newest user message, whose bytes are new in each turn. Where no system message
//! may stand at all, those at the beginning are as late ones.

use super::content::beside;
use super::draft::{ShapeDraft, counted, is_result, silent};
use super::form::{LastMessage, MessageShape, SystemPlace};
use super::mark::{marked, without_marks};
use super::merge::merge;
use crate::chat::{Message, Role};

/// Where the text of a late system message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LatePlace {
    /// It stays a system message.
    Stays,
    /// Into the user message behind it.
    Before(usize),
    /// Into the user message before it.
    Behind(usize),
    /// It becomes a user message.
    Own,
}

/// The texts that join one message.
#[derive(Debug, Clone, Default)]
struct JoiningTexts {
    before: Vec<String>,
    behind: Vec<String>,
}

pub(super) fn gather(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    let place = shape.system_place();
    if !shape.has_marks() {
        return;
    }
    let escaped = draft.change_each(|message| {
        let is_user = message.role() == Role::User;
        is_user.then(|| without_marks(message)).flatten()
    });
    if escaped > 0 {
        let what = counted(escaped, "user message");
        draft.note(format!("a literal <instructions> was escaped in {what}"));
    }
    if place != SystemPlace::Any {
        join_leading(draft);
    }
    let places = places(draft.messages(), shape);
    let late = |wanted: fn(&LatePlace) -> bool| {
        let all = places.iter().flatten();
        all.filter(|place| wanted(place)).count()
    };
    let what_comes = match place {
        SystemPlace::None => "system message",
        _ => "late system message",
    };
    let joins = late(|place| matches!(place, LatePlace::Before(_) | LatePlace::Behind(_)));
    let own = late(|place| *place == LatePlace::Own);
    if joins + own == 0 {
        return;
    }
    draft.rewrite(|messages| settle(messages, &places));
    if joins > 0 {
        let what = counted(joins, what_comes);
        draft.note(format!("{what} joined a user message"));
    }
    if own > 0 {
        let what = counted(own, what_comes);
        draft.note(format!("{what} became a user message"));
    }
}

/// How many instructions the history begins with.
fn leading(messages: &[Message]) -> usize {
    let is_leading = |message: &&Message| message.role().is_instruction() && !message.is_at_tail();
    messages.iter().take_while(is_leading).count()
}

/// Makes one of the messages that the history begins with.
fn join_leading(draft: &mut ShapeDraft<'_>) {
    let count = leading(draft.messages());
    if count < 2 {
        return;
    }
    draft.rewrite(|mut messages| {
        let rest = messages.split_off(count);
        merge(messages).into_iter().chain(rest).collect()
    });
    draft.note(format!(
        "{count} system messages at the beginning became one"
    ));
}

/// The place of each message that is a late instruction; none for the others.
fn places(messages: &[Message], shape: &MessageShape) -> Vec<Option<LatePlace>> {
    let newest = messages
        .iter()
        .rposition(|message| message.role() == Role::User);
    // Where no place is for any, the first is as good as late.
    let leading = match shape.system_place() {
        SystemPlace::None => 0,
        _ => leading(messages),
    };
    // What stands directly before and behind each, instructions left aside.
    let speaker = |at: usize| Some(at).filter(|at| !messages[*at].role().is_instruction());
    let mut befores: Vec<Option<usize>> = vec![None];
    befores.extend((0..messages.len()).scan(None, |last, at| {
        *last = speaker(at).or(*last);
        Some(*last)
    }));
    let mut behind: Option<usize> = None;
    let mut places: Vec<Option<LatePlace>> = vec![None; messages.len()];
    for (at, message) in messages.iter().enumerate().rev() {
        if speaker(at).is_some() {
            behind = Some(at);
        } else if at >= leading {
            let before = befores[at];
            let is_user = |at: &usize| messages[*at].role() == Role::User;
            let to_newest = newest.map(|user| match user > at {
                true => LatePlace::Before(user),
                false => LatePlace::Behind(user),
            });
            let beside = behind.filter(is_user).map(LatePlace::Before);
            let beside = beside.or(before.filter(is_user).map(LatePlace::Behind));
            let is_in_the_way = || {
                let ends = shape.last == LastMessage::User && behind.is_none();
                ends || (shape.merges() && parts_neighbours(messages, at))
            };
            places[at] = Some(match shape.system_place() {
                SystemPlace::Any if !message.is_at_tail() => LatePlace::Stays,
                SystemPlace::Any if !is_in_the_way() => LatePlace::Stays,
                SystemPlace::User => LatePlace::Own,
                _ if message.is_at_tail() => to_newest.unwrap_or(LatePlace::Own),
                _ => beside.unwrap_or(LatePlace::Own),
            });
        }
    }
    places
}

/// Whether it keeps apart what would be merged once it is gone, or would be merged itself. Only rules
/// place messages at the tail, so they are few.
fn parts_neighbours(messages: &[Message], at: usize) -> bool {
    let stays = |message: &&Message| !message.is_at_tail();
    let before = messages.iter().take(at).rev().find(stays);
    let behind = messages.iter().skip(at).find(stays);
    let roles = [before, behind].map(|beside| beside.map(Message::role));
    let mut known = roles.iter().flatten();
    known.any(|role| role.is_instruction()) || (roles[0].is_some() && roles[0] == roles[1])
}

/// The messages with what is late in its place.
fn settle(messages: Vec<Message>, places: &[Option<LatePlace>]) -> Vec<Message> {
    let mut joining: Vec<Option<JoiningTexts>> = vec![None; messages.len()];
    for (message, place) in messages.iter().zip(places) {
        let (target, is_before) = match place {
            Some(LatePlace::Before(target)) => (*target, true),
            Some(LatePlace::Behind(target)) => (*target, false),
            _ => continue,
        };
        let text = message.text();
        if let Some(texts) = joining.get_mut(target).filter(|_| !text.trim().is_empty()) {
            let texts = texts.get_or_insert_default();
            match is_before {
                true => texts.before.push(marked(&text)),
                false => texts.behind.push(marked(&text)),
            }
        }
    }
    let mut out = Vec::with_capacity(messages.len());
    // What became a user message never parts calls from their results.
    let mut held = Vec::new();
    for ((message, place), texts) in messages.into_iter().zip(places).zip(joining) {
        match (place, texts) {
            (Some(LatePlace::Before(_) | LatePlace::Behind(_)), _) => {}
            (Some(LatePlace::Own), _) => held.extend(as_user(message)),
            (Some(LatePlace::Stays) | None, texts) => {
                if !is_result(&message) {
                    out.append(&mut held);
                }
                out.push(match texts {
                    Some(texts) => beside(message, &texts.before, &texts.behind),
                    None => message,
                });
            }
        }
    }
    out.append(&mut held);
    // A request without messages is none.
    if out.is_empty() {
        out.push(silent("user"));
    }
    out
}

/// A user message that says what a system message said; none where that said nothing.
fn as_user(message: Message) -> Option<Message> {
    let text = marked(&message.text());
    let is_blank = message.text().trim().is_empty();
    let user = Message::new("user", &text).in_place_of(&message);
    let user = match message.is_at_tail() {
        true => user.placed_at_tail(),
        false => user,
    };
    (!is_blank).then_some(user)
}
