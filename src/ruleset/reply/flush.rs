//! What lanes hold back is given out where a choice, a call or the reply ends.

use super::Reply;
use super::frames::write_frame;
use super::lanes::{Extent, LaneId};
use super::texts::PieceLane;
use crate::chat::chunk::{Choice, TextField};
use crate::chat::json;

impl Reply {
    /// Before a choice finishes, gives out what is held back in lanes that the last chunk does
    /// not speak of.
    pub(super) fn flush_absent(&mut self, choice: &Choice, calls: &[PieceLane], out: &mut Vec<u8>) {
        let ids: Vec<LaneId> = self
            .lanes
            .ids()
            .filter(|id| id.choice() == choice.index)
            .collect();
        for id in ids {
            let is_present = match id {
                LaneId::Text(_, field) => choice.texts.iter().any(|(known, _)| *known == field),
                LaneId::Call(..) => {
                    let mut calls = choice.calls.iter().zip(calls);
                    calls.any(|(call, piece)| piece.lane == id && call.arguments.is_some())
                }
            };
            if !is_present {
                self.flush(id, out);
            }
        }
    }

    /// Before a tool call begins, gives out what is held back in the texts of its choice that the
    /// chunk does not speak of: what is said before the call is heard before it.
    pub(super) fn pause_absent(&mut self, choice: &Choice, calls: &[PieceLane], out: &mut Vec<u8>) {
        if !calls.iter().any(|piece| piece.is_new) {
            return;
        }
        let is_absent = |id: &LaneId| match *id {
            LaneId::Text(index, field) => {
                let mut texts = choice.texts.iter();
                index == choice.index && !texts.any(|(known, _)| *known == field)
            }
            LaneId::Call(..) => false,
        };
        let ids: Vec<LaneId> = self.lanes.ids().filter(is_absent).collect();
        for id in ids {
            if self.is_paused(id, calls) {
                self.pause(id, out);
            }
        }
    }

    /// Whether a text stops here, since a tool call begins. JSON that was asked for is one whole.
    pub(super) fn is_paused(&self, id: LaneId, calls: &[PieceLane]) -> bool {
        let is_json = self.turn.wants_json && matches!(id, LaneId::Text(_, TextField::Content));
        !is_json && calls.iter().any(|piece| piece.is_new)
    }

    /// Gives out what a text holds, as a chunk of its own; it may go on.
    fn pause(&mut self, id: LaneId, out: &mut Vec<u8>) {
        let lane = self.lanes.place(id);
        let Some(filters) = lane.and_then(|lane| self.lanes.filters(lane)) else {
            return;
        };
        let Some(tail) = filters.pass_text("", Extent::Pause) else {
            return;
        };
        if let LaneId::Text(choice, field) = id
            && filters.is_changed()
        {
            self.note_changed(choice, field);
        }
        self.note_speech(id, "\"\"", Some(&tail));
        let delta = id.delta(&json::encode(&tail));
        write_frame(&self.head.chunk(id.choice(), &delta, None), out);
    }

    /// Gives out what a lane holds, as a chunk of its own, and ends the lane.
    pub(super) fn flush(&mut self, id: LaneId, out: &mut Vec<u8>) {
        self.give_out(id, out);
        if let Some(lane) = self.lanes.place(id) {
            self.lanes.end(lane);
        }
    }

    /// Gives out what a lane holds, as a chunk of its own.
    pub(super) fn give_out(&mut self, id: LaneId, out: &mut Vec<u8>) {
        let lane = self.lanes.place(id);
        let Some(filters) = lane.and_then(|lane| self.lanes.filters(lane)) else {
            return;
        };
        let mut tail = String::new();
        filters.finish(&mut tail);
        self.note_speech(id, "\"\"", Some(&tail));
        let tail = tail + &self.instead_of_nothing(id).unwrap_or_default();
        if tail.is_empty() {
            return;
        }
        let tail = json::encode(&tail);
        let delta = id.delta(&tail);
        write_frame(&self.head.chunk(id.choice(), &delta, None), out);
    }
}
