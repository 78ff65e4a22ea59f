//! The texts of one choice: which lane each goes to, and what is written in its place.

use super::Reply;
use super::lanes::{Extent, LaneId};
use crate::chat::calls::CallPiece;
use crate::chat::chunk::{Call, Choice, Patch, TextField, Tokens};
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
            let joined = CallPiece::with(data, choice, at, |piece| {
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
            let lane = CallPiece::with(data, choice, at, |piece| {
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

    /// What tells a text again beside it, in other fields: gone where a rule may change the text.
    fn patch_copies(&mut self, data: &str, choice: &Choice, patches: &mut Vec<Patch>) {
        let mut said = choice.texts.iter();
        let content = said.find(|(field, _)| *field == TextField::Content);
        let content = content.map(|(_, place)| &data[place.clone()]);
        if let Some(copy) = &choice.copy
            && !["\"\"", content.unwrap_or("\"\"")].contains(&&data[copy.clone()])
            && self.is_filtered(LaneId::Text(choice.index, TextField::Content))
        {
            patches.push(Patch {
                place: copy.clone(),
                text: "\"\"".into(),
            });
        }
        if let Some(details) = &choice.details
            && self.is_filtered(LaneId::Text(choice.index, TextField::Reasoning))
        {
            patches.push(Patch {
                place: details.clone(),
                text: without_thoughts(&data[details.clone()]),
            });
        }
    }

    fn is_filtered(&mut self, id: LaneId) -> bool {
        let lane = self.lane(id);
        let filters = self.lanes.filters(lane);
        filters.is_some_and(|filters| !filters.is_empty())
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
            let is_copied = choice.copy.as_ref().map(|copy| &data[copy.clone()]) == Some(literal);
            if let Some(new) = new {
                let literal = json::encode(&new);
                let copy = choice.copy.as_ref().filter(|_| is_copied);
                let places = copy.into_iter().chain([place]);
                patches.extend(places.map(|place| Patch {
                    place: place.clone(),
                    text: literal.clone(),
                }));
            }
        }
        self.patch_copies(data, choice, patches);
        drop_tokens(choice, &changed, patches);
        for (call, (id, extent)) in choice.calls.iter().zip(calls) {
            self.choice(choice.index).has_calls = true;
            if let LaneId::Call(_, lane) = id
                && *extent != Extent::Whole
            {
                patches.extend(renumbered(call, lane.number));
            }
            let Some(place) = &call.arguments else {
                continue;
            };
            let written = &data[place.clone()];
            if let Some(new) = self.filtered(*id, written, *extent).0 {
                patches.push(Patch {
                    place: place.clone(),
                    text: json::encode(&new),
                });
            }
        }
    }
}

/// The number of a tool call, where its upstream gave it none or that of another.
fn renumbered(call: &Call, number: u64) -> Option<Patch> {
    if call.is_legacy || call.index == Some(number) {
        return None;
    }
    let (place, text) = match &call.index_place {
        Some(place) => (place.clone(), number.to_string()),
        None => (call.start..call.start, format!("\"index\":{number},")),
    };
    Some(Patch { place, text })
}

/// `reasoning_details` with their signatures and without what they tell.
fn without_thoughts(details: &str) -> String {
    let mut details: serde_json::Value = serde_json::from_str(details).unwrap_or_default();
    for detail in details.as_array_mut().into_iter().flatten() {
        if let Some(detail) = detail.as_object_mut() {
            detail.retain(|key, _| !matches!(&**key, "text" | "summary" | "content" | "thinking"));
        }
    }
    details.to_string()
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
