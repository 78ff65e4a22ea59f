//! Events that name tools: some servers send a name in pieces, so the newest waits for the next.
//!
//! It never holds what a caller hears: a piece with a name says nothing aloud.

use std::ops::Range;

use bytestring::ByteString;

use super::Reply;
use super::frames::write_patched_event;
use super::lanes::LaneId;
use super::texts::PieceLane;
use crate::chat::calls::PieceForm;
use crate::chat::chunk::{Call, Choice, Chunk, Patch};
use crate::chat::json;

/// An event that names tools, before any argument text.
pub(super) struct NamedTools {
    data: ByteString,
    frame: Vec<u8>,
    patches: Vec<Patch>,
    names: Vec<(LaneId, Range<usize>)>,
    /// What goes out behind it.
    pub(super) behind: Vec<u8>,
}

impl NamedTools {
    /// The event with this data, as it would go out, and the places of its names.
    pub(super) fn new(
        data: &ByteString,
        frame: Vec<u8>,
        patches: Vec<Patch>,
        names: Vec<(LaneId, Range<usize>)>,
    ) -> NamedTools {
        NamedTools {
            data: data.clone(),
            frame,
            patches,
            names,
            behind: Vec::new(),
        }
    }
}

impl Reply {
    /// Gives out the calls whose name was waited for.
    pub(super) fn begin_all_held(&mut self, out: &mut Vec<u8>) {
        let choices = self.choices.all_mut().iter_mut();
        let held = choices.map(|choice| (choice.index, choice.calls.take_held(|_| true)));
        let held: Vec<_> = held.filter(|(_, held)| !held.is_empty()).collect();
        for (choice, held) in held {
            self.begin_held(choice, held, out);
        }
    }

    /// Gives out the event that names tools.
    pub(super) fn give_named(&mut self, out: &mut Vec<u8>) {
        if let Some(named) = self.named.take() {
            self.give(named, out);
        }
    }

    pub(super) fn give(&mut self, mut named: NamedTools, out: &mut Vec<u8>) {
        for (id, place) in named.names {
            let LaneId::Call(choice, lane) = id else {
                continue;
            };
            let tool = json::encode(self.choice(choice).calls.tool(lane));
            if tool != named.data[place.clone()] {
                let text = tool;
                named.patches.push(Patch { place, text });
                named.frame.clear();
            }
        }
        match named.frame.is_empty() {
            true => write_patched_event(&named.data, &mut named.patches, out),
            false => out.extend_from_slice(&named.frame),
        }
        out.extend_from_slice(&named.behind);
    }
}

/// Where a piece names a tool, before any argument text.
pub(super) fn open_names(
    data: &str,
    choice: &Choice,
    calls: &[PieceLane],
) -> Vec<(LaneId, Range<usize>)> {
    let is_right = |it: &PieceLane| matches!(it.form, PieceForm::AsIs | PieceForm::Head);
    if !calls.iter().all(is_right) {
        return Vec::new();
    }
    let heads = choice.calls.iter().zip(calls);
    let heads = heads
        .filter(|(call, piece)| piece.form == PieceForm::Head && is_without_arguments(data, call));
    let names = heads.filter_map(|(call, piece)| Some((piece.lane, call.name.clone()?)));
    names.collect()
}

/// Whether a chunk brings nothing but pieces of names.
pub(super) fn goes_on_naming(chunk: &Chunk, data: &str) -> bool {
    let is_naming = |choice: &Choice| {
        let mut calls = choice.calls.iter();
        let are_names = calls.all(|call| call.name.is_some() && is_without_arguments(data, call));
        choice.finish.is_none() && !choice.calls.is_empty() && are_names
    };
    !chunk.choices.is_empty() && chunk.choices.iter().all(is_naming)
}

fn is_without_arguments(data: &str, call: &Call) -> bool {
    let arguments = call.arguments.as_ref();
    arguments.is_none_or(|place| &data[place.clone()] == "\"\"")
}
