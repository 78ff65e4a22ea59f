//! What lanes hold back is given out where a choice, a call or the reply ends.

use super::Reply;
use super::frames::write_frame;
use super::lanes::LaneId;
use super::texts::PieceLane;
use crate::chat::chunk::Choice;
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
        let tail = self.instead_of_nothing(id).unwrap_or(tail);
        if tail.is_empty() {
            return;
        }
        let tail = json::encode(&tail);
        let delta = id.delta(&tail);
        write_frame(&self.head.chunk(id.choice(), &delta, None), out);
    }
}
