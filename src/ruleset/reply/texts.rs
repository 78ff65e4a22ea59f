//! The texts of one choice: which lane each goes to, and what is written in its place.

use std::ops::Range;

use super::Reply;
use super::calls::CallPiece;
use super::lanes::{Extent, LaneId};
use crate::chat::chunk::{Choice, Patch, TextField, Tokens};
use crate::chat::json;

impl Reply {
    /// The lane of each piece of a tool call, and whether its text ends with it. What is held of a
    /// call that is over by that is given out.
    pub(super) fn join_calls(
        &mut self,
        data: &str,
        choice: &Choice,
        extent: Extent,
        out: &mut Vec<u8>,
    ) -> Vec<(LaneId, Extent)> {
        let mut lanes: Vec<(LaneId, Extent)> = Vec::with_capacity(choice.calls.len());
        for at in 0..choice.calls.len() {
            let joined = with_piece(data, choice, at, |piece| {
                self.choice(choice.index).calls.join(piece)
            });
            if let Some(ended) = joined.ended {
                let ended = LaneId::Call(choice.index, ended);
                match lanes.iter_mut().rev().find(|(lane, _)| *lane == ended) {
                    Some((_, extent)) => *extent = Extent::Last,
                    // Its id may lead back to it, so the lane stays.
                    None => self.give_out(ended, out),
                }
            }
            lanes.push((LaneId::Call(choice.index, joined.lane), extent));
        }
        lanes
    }

    /// The lane of each tool call of a whole completion.
    pub(super) fn calls_alone(&mut self, data: &str, choice: &Choice) -> Vec<(LaneId, Extent)> {
        let calls = 0..choice.calls.len();
        let lanes = calls.map(|at| {
            let lane = with_piece(data, choice, at, |piece| {
                self.choice(choice.index).calls.alone(piece)
            });
            (LaneId::Call(choice.index, lane), Extent::Whole)
        });
        lanes.collect()
    }

    /// The texts whose tokens the piece tells, where rules changed or hold what was said before.
    fn held_or_changed(&mut self, choice: &Choice) -> Vec<TextField> {
        if choice.tokens == Tokens::default() {
            return Vec::new();
        }
        let mut changed = self.choice(choice.index).changed.clone();
        for field in [TextField::Content, TextField::Refusal] {
            let id = LaneId::Text(choice.index, field);
            let lane = self.lanes.place(id);
            let filters = lane.and_then(|lane| self.lanes.filters(lane));
            let is_said = choice.texts.iter().any(|(known, _)| *known == field);
            if filters.is_some_and(|filters| filters.owes()) && !is_said {
                changed.push(field);
            }
        }
        changed
    }

    /// Runs the texts of one choice through their filters.
    pub(super) fn patch_texts(
        &mut self,
        data: &str,
        choice: &Choice,
        calls: &[(LaneId, Extent)],
        patches: &mut Vec<Patch>,
        extent: Extent,
    ) {
        let mut changed = self.held_or_changed(choice);
        for (field, place) in &choice.texts {
            let literal = &data[place.clone()];
            if *field == TextField::Content && literal != "\"\"" {
                self.choice(choice.index).has_spoken = true;
            }
            let id = LaneId::Text(choice.index, *field);
            let (new, is_changed) = self.filtered(id, literal, extent);
            if is_changed {
                changed.push(*field);
            }
            if let Some(new) = new {
                let literal = json::encode(&new);
                if let Some(copy) = choice
                    .copy
                    .as_ref()
                    .filter(|copy| data[(*copy).clone()] == data[place.clone()])
                {
                    patches.push(Patch {
                        place: copy.clone(),
                        text: literal.clone(),
                    });
                }
                patches.push(Patch {
                    place: place.clone(),
                    text: literal,
                });
            }
        }
        drop_tokens(choice, &changed, patches);
        for (call, (id, extent)) in choice.calls.iter().zip(calls) {
            self.choice(choice.index).has_calls = true;
            let Some(place) = &call.arguments else {
                continue;
            };
            let written = &data[place.clone()];
            let is_string = written.starts_with('"');
            let new = match self.filtered(*id, written, *extent).0 {
                Some(new) if is_string => json::encode(&new),
                Some(new) => new,
                None => continue,
            };
            patches.push(Patch {
                place: place.clone(),
                text: new,
            });
        }
    }
}

/// What a piece of a tool call says of its call.
fn with_piece<T>(
    data: &str,
    choice: &Choice,
    at: usize,
    take: impl FnOnce(&CallPiece<'_>) -> T,
) -> T {
    let call = &choice.calls[at];
    let text = |place: &Option<Range<usize>>| {
        let literal = place.as_ref().and_then(|place| data.get(place.clone()));
        literal.and_then(json::decode).unwrap_or_default()
    };
    let arguments = call.arguments.as_ref();
    let arguments = arguments.and_then(|place| data.get(place.clone()));
    take(&CallPiece {
        index: call.index,
        is_legacy: call.is_legacy,
        place: (choice.calls.len() > 1).then_some(at as u64),
        id: &text(&call.id),
        name: &text(&call.name),
        has_arguments: arguments.is_some_and(|arguments| arguments != "\"\""),
    })
}

/// Drops what tells texts again that rules changed.
fn drop_tokens(choice: &Choice, changed: &[TextField], patches: &mut Vec<Patch>) {
    if changed.is_empty() {
        return;
    }
    let of_text = choice.tokens.of_text.iter();
    let of_text = of_text.filter(|(field, _)| changed.contains(field));
    let places = of_text.map(|(_, place)| place).chain(&choice.tokens.of_any);
    patches.extend(places.map(|place| Patch {
        place: place.clone(),
        text: "null".into(),
    }));
}
