//! The texts of one choice: which lane each goes to, and what is written in its place.

use super::Reply;
use super::frames::write_frame;
use super::lanes::{Extent, LaneId};
use crate::chat::calls::{CallLane, CallPiece, PieceForm};
use crate::chat::chunk::{Call, Choice, Patch, TextField, Tokens};
use crate::chat::chunk::{CallWords, begun_call, written_calls};
use crate::chat::json;

/// Where a piece of a tool call goes, and how.
pub(super) struct PieceLane {
    pub(super) lane: LaneId,
    pub(super) extent: Extent,
    pub(super) form: PieceForm,
    /// Whether the call begins with it.
    pub(super) is_new: bool,
}

impl Reply {
    /// The lane of each piece of a tool call, and whether its text ends with it. What is held of a
    /// call that is over by that is given out.
    pub(super) fn join_calls(
        &mut self,
        data: &str,
        choice: &Choice,
        extent: Extent,
        out: &mut Vec<u8>,
    ) -> Vec<PieceLane> {
        let mut lanes: Vec<PieceLane> = Vec::with_capacity(choice.calls.len());
        for at in 0..choice.calls.len() {
            let is_last = extent != Extent::Piece;
            let (joined, form) = CallPiece::with(data, choice, at, |piece| {
                let state = self.choice(choice.index);
                let calls = &mut state.calls;
                let joined = calls.join(piece);
                let is_new = joined.lane.serial >= state.begun_calls;
                state.begun_calls += usize::from(is_new);
                let form = calls.form(joined.lane, piece, is_last);
                let ended = joined.ended;
                let held = ended.map(|ended| calls.take_held(|lane| lane == ended));
                ((joined, held.unwrap_or_default(), is_new), form)
            });
            let (joined, held, is_new) = joined;
            self.begin_held(choice.index, held, out);
            if let Some(ended) = joined.ended {
                let ended = LaneId::Call(choice.index, ended);
                match lanes.iter_mut().rev().find(|it| it.lane == ended) {
                    Some(piece) => piece.extent = Extent::Last,
                    // Its id may lead back to it, so the lane stays.
                    None => self.give_out(ended, out),
                }
            }
            lanes.push(PieceLane {
                lane: LaneId::Call(choice.index, joined.lane),
                extent,
                form,
                is_new,
            });
        }
        lanes
    }

    /// The lane of each tool call of a whole completion.
    pub(super) fn calls_alone(&mut self, data: &str, choice: &Choice) -> Vec<PieceLane> {
        let calls = 0..choice.calls.len();
        let lanes = calls.map(|at| {
            let (lane, has_no_id) = CallPiece::with(data, choice, at, |piece| {
                let lane = self.choice(choice.index).calls.alone(piece);
                (lane, piece.id.is_empty() && !piece.is_legacy)
            });
            PieceLane {
                lane: LaneId::Call(choice.index, lane),
                extent: Extent::Whole,
                is_new: true,
                form: match has_no_id {
                    true => PieceForm::Begins(String::new()),
                    false => PieceForm::AsIs,
                },
            }
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

    /// What the upstream tells in fields of its own: gone where a rule hides what the model says.
    fn patch_unknown(&mut self, choice: &Choice, patches: &mut Vec<Patch>) {
        if choice.unknown.is_empty() {
            return;
        }
        let lane = self.lane(LaneId::Text(choice.index, TextField::Content));
        if self
            .lanes
            .filters(lane)
            .is_some_and(|filters| filters.hide())
        {
            patches.extend(choice.unknown.iter().map(|place| Patch {
                place: place.clone(),
                text: "null".into(),
            }));
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
        calls: &[PieceLane],
        patches: &mut Vec<Patch>,
        extent: Extent,
    ) {
        let mut changed = self.held_or_changed(choice);
        for (field, place) in &choice.texts {
            let literal = &data[place.clone()];
            let id = LaneId::Text(choice.index, *field);
            let is_heard = *field == TextField::Content && !self.is_unheard(id);
            if is_heard && literal != "\"\"" {
                self.choice(choice.index).has_spoken = true;
            }
            let is_ending = is_heard && self.choice(choice.index).speech.is_ending;
            let extent = match extent {
                _ if is_ending => Extent::Last,
                Extent::Piece if self.is_paused(id, calls) => Extent::Pause,
                extent => extent,
            };
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
        self.end_speech(choice.index);
        self.patch_copies(data, choice, patches);
        self.patch_unknown(choice, patches);
        drop_tokens(choice, &changed, patches);
        self.patch_calls(data, choice, calls, patches);
    }

    /// Runs the arguments of tool calls through their filters. A list whose pieces all are as
    /// clients read them stays as it came.
    fn patch_calls(
        &mut self,
        data: &str,
        choice: &Choice,
        calls: &[PieceLane],
        patches: &mut Vec<Patch>,
    ) {
        let is_right = |it: &PieceLane| matches!(it.form, PieceForm::AsIs | PieceForm::Head);
        let list = choice.call_list.as_ref();
        let list = list.filter(|_| !calls.iter().all(is_right));
        let mut words = Vec::new();
        for (call, piece) in choice.calls.iter().zip(calls) {
            self.choice(choice.index).has_calls = true;
            if list.is_some() && !call.is_legacy {
                words.push(self.words(data, call, piece));
                continue;
            }
            if let LaneId::Call(_, lane) = piece.lane
                && piece.extent != Extent::Whole
            {
                patches.extend(renumbered(call, lane.number));
            }
            let Some(place) = &call.arguments else {
                continue;
            };
            if let Some(new) = self
                .filtered(piece.lane, &data[place.clone()], piece.extent)
                .0
            {
                patches.push(Patch {
                    place: place.clone(),
                    text: json::encode(&new),
                });
            }
        }
        if let Some(list) = list
            && let Some(text) = written_calls(&data[list.clone()], &words)
        {
            patches.push(Patch {
                place: list.clone(),
                text,
            });
        }
    }

    /// What a piece of a call says to the client; none: nothing yet.
    fn words(&mut self, data: &str, call: &Call, piece: &PieceLane) -> Option<CallWords> {
        let LaneId::Call(choice, lane) = piece.lane else {
            return None;
        };
        let written = call.arguments.as_ref().map(|place| &data[place.clone()]);
        let mut words = CallWords {
            number: (piece.extent != Extent::Whole).then_some(lane.number),
            is_bare: piece.form == PieceForm::Bare,
            ..CallWords::default()
        };
        match &piece.form {
            PieceForm::Held => return None,
            PieceForm::Begins(early) if early.is_empty() => {
                let new = self
                    .filtered(piece.lane, written.unwrap_or("\"\""), piece.extent)
                    .0;
                let none = || written.is_none().then(String::new);
                words.arguments = new.or_else(none);
                words.begins = Some(self.id_and_name(choice, lane));
            }
            PieceForm::Begins(early) => {
                let text = written.and_then(json::decode).unwrap_or_default();
                let text = format!("{early}{text}");
                let new = self
                    .filtered(piece.lane, &json::encode(&text), piece.extent)
                    .0;
                words.arguments = Some(new.unwrap_or(text));
                words.begins = Some(self.id_and_name(choice, lane));
            }
            PieceForm::AsIs | PieceForm::Head | PieceForm::Bare => {
                let new = written.map(|it| self.filtered(piece.lane, it, piece.extent).0);
                words.arguments = new.flatten();
            }
        }
        Some(words)
    }

    fn id_and_name(&mut self, choice: u64, lane: CallLane) -> (String, String) {
        let calls = &self.choice(choice).calls;
        let (id, name) = (
            calls.id(lane).map(str::to_owned),
            calls.tool(lane).to_owned(),
        );
        let id = id.unwrap_or_else(|| self.head.call_id(choice, lane.serial));
        (id, name)
    }

    /// Gives out calls whose name was waited for, each as a chunk of its own.
    pub(super) fn begin_held(
        &mut self,
        choice: u64,
        held: Vec<(CallLane, String)>,
        out: &mut Vec<u8>,
    ) {
        for (lane, early) in held {
            let id = LaneId::Call(choice, lane);
            let new = self.filtered(id, &json::encode(&early), Extent::Last).0;
            let words = CallWords {
                number: Some(lane.number),
                begins: Some(self.id_and_name(choice, lane)),
                arguments: Some(new.unwrap_or(early)),
                ..CallWords::default()
            };
            let delta = format!("{{\"tool_calls\":[{}]}}", begun_call(&words));
            write_frame(&self.head.chunk(choice, &delta, None), out);
        }
    }

    /// Ends a choice where a piece gives the reason. What its calls lack goes out before that: behind
    /// the piece where that has a part of them.
    pub(super) fn finish(
        &mut self,
        data: &str,
        choice: &Choice,
        patches: &mut Vec<Patch>,
        out: &mut Vec<u8>,
        late: &mut Vec<u8>,
    ) {
        let Some(place) = choice.finish.clone() else {
            return;
        };
        let reason = json::decode(&data[place.clone()]).unwrap_or_default();
        let text = "null".to_owned();
        let state = self.choice(choice.index);
        // Half a call is none: what is not over yet ends with the apology.
        if state.is_finished || state.is_half() {
            patches.push(Patch { place, text });
            return;
        }
        state.is_finished = true;
        if choice.calls.is_empty() {
            self.fill_calls(choice.index, out);
        } else if self.fill_calls(choice.index, late) {
            write_frame(&self.head.chunk(choice.index, "{}", Some(&reason)), late);
            patches.push(Patch { place, text });
        }
    }

    /// Writes the arguments of those calls of a choice that have none, before it ends; whether there
    /// are any.
    pub(super) fn fill_calls(&mut self, choice: u64, out: &mut Vec<u8>) -> bool {
        let calls = self.choice(choice).calls.fill_empty();
        for call in &calls {
            let delta = LaneId::Call(choice, *call).delta("\"{}\"");
            write_frame(&self.head.chunk(choice, &delta, None), out);
        }
        !calls.is_empty()
    }

    /// From here on the tokens of a text would tell what a rule changed in it.
    pub(super) fn note_changed(&mut self, choice: u64, field: TextField) {
        let changed = &mut self.choice(choice).changed;
        if !changed.contains(&field) {
            changed.push(field);
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
