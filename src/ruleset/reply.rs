//! A reply on its way back: each lane through the filters of its rules, in reverse order.
//!
//! An event that needs no change leaves as the bytes it came in. What goes to the client is
//! always well formed: every frame has a `choices` array, each choice finishes once, and `[DONE]`
//! comes last. No text is lost.

mod flush;
mod frames;
mod lanes;
mod named;
mod speech;
mod texts;
mod unfailing;

use std::ops::Range;
use std::sync::Arc;

use super::{RuleFile, Ruleset};
pub use frames::Ending;
use frames::{write_event, write_frame, write_patched_event, write_without_choices};
use lanes::{ChoiceState, Choices, Extent, Filters, LaneId, Lanes};
use named::{NamedTools, goes_on_naming, open_names};
use speech::ReplySpeech;
use unfailing::UnfailingFilter;

use crate::chat::chunk::{
    Chunk, ChunkHead, MOST_PARTS, Patch, TextField, mended_completion, write_patched,
};
use crate::chat::json;
use crate::chat::reader::{Event, EventKind};
use crate::rule::{Lane, LaneKind, ReplyFaults, TextFilter, Turn};

/// The most choices and lanes of one reply, together.
const MOST_LANES: usize = 2 * MOST_PARTS;

/// One reply under way.
pub struct Reply {
    ruleset: Arc<Ruleset>,
    active: Vec<usize>,
    turn: Turn,
    lanes: Lanes,
    choices: Choices,
    /// What our own chunks share with those that came.
    head: ChunkHead,
    speech: ReplySpeech,
    /// The newest event, where it names tools and more of a name may follow.
    named: Option<NamedTools>,
    /// The most characters that were held back at once of a lane that the caller hears.
    most_held: usize,
}

impl Reply {
    /// The way back of a turn that passed the rules at some places.
    pub(super) fn new(ruleset: Arc<Ruleset>, active: Vec<usize>, mut turn: Turn) -> Reply {
        if turn.labels.is_empty() {
            turn.labels = ruleset.labels_of(&active);
        }
        Reply {
            speech: ReplySpeech::of(&ruleset, &active),
            ruleset,
            active,
            turn,
            lanes: Lanes::default(),
            choices: Choices::default(),
            head: ChunkHead::default(),
            named: None,
            most_held: 0,
        }
    }

    /// One that no rule touches.
    pub fn untouched() -> Reply {
        Reply::new(Arc::default(), Vec::new(), Turn::default())
    }

    /// What went wrong in its rules so far.
    pub fn faults(&self) -> &ReplyFaults {
        &self.turn.faults
    }

    /// Whether every choice that began has finished.
    pub fn is_finished(&self) -> bool {
        let choices = self.choices.all();
        !choices.is_empty() && choices.iter().all(|choice| choice.is_finished)
    }

    /// Whether what is not over yet are tool calls that could be made, so that a clean end is theirs.
    pub fn has_whole_calls(&self) -> bool {
        let mut open = self.open_choices().peekable();
        open.peek().is_some() && open.all(|choice| choice.calls.are_whole())
    }

    /// Whether a tool call broke off in its arguments.
    pub fn is_cut_in_call(&self) -> bool {
        let mut open = self.open_choices();
        open.any(|choice| choice.has_calls && !choice.calls.are_whole())
    }

    fn open_choices(&self) -> impl Iterator<Item = &ChoiceState> {
        let choices = self.choices.all().iter();
        choices.filter(|choice| !choice.is_finished)
    }

    /// Whether the caller has heard anything.
    pub fn has_spoken(&self) -> bool {
        self.choices.all().iter().any(|choice| choice.has_spoken)
    }

    /// The most characters that its rules held back at once of what the caller hears.
    pub fn most_held(&self) -> usize {
        self.most_held
    }

    /// Whether it has more choices and lanes than any answer; each takes memory until the end.
    pub fn is_overfull(&self) -> bool {
        self.choices.all().len() + self.lanes.begun() > MOST_LANES
    }

    /// Takes the next event and appends the frames that go to the client.
    pub fn event(&mut self, event: &Event, out: &mut Vec<u8>) {
        match &event.kind {
            EventKind::Text { choice, place } => {
                self.give_named(out);
                self.text(event, *choice, place, out);
            }
            EventKind::Chunk(chunk) => {
                self.head.learn(&event.data);
                let Some(mut named) = self.named.take() else {
                    return self.chunk(event, chunk, out);
                };
                self.chunk(event, chunk, &mut named.behind);
                // Only now it is known how the name goes on.
                match self.named.is_some() || !goes_on_naming(chunk, &event.data) {
                    true => self.give(named, out),
                    false => self.named = Some(named),
                }
            }
            EventKind::Done | EventKind::Malformed => {}
        }
    }

    /// A reply that was not streamed: the whole completion, changed where rules say so.
    pub fn whole(&mut self, completion: &str) -> Option<Vec<u8>> {
        let mut chunk = Chunk::parse(completion)?;
        let mended = mended_completion(completion).filter(|_| chunk.is_odd);
        let completion = mended.as_deref().unwrap_or(completion);
        if mended.is_some() {
            chunk = Chunk::parse(completion)?;
        }
        self.head.learn(&completion.into());
        let mut patches = Vec::new();
        for choice in &chunk.choices {
            let calls = self.calls_alone(completion, choice);
            self.choice(choice.index).has_calls |= !choice.calls.is_empty();
            self.patch_texts(completion, choice, &calls, &mut patches, Extent::Whole);
        }
        let mut out = Vec::with_capacity(completion.len() + 64);
        write_patched(completion, &mut patches, &mut out);
        Some(out)
    }

    /// Ends the reply: what is held back, what is owed, `[DONE]`.
    pub fn end(&mut self, ending: Ending<'_>, out: &mut Vec<u8>) {
        self.give_named(out);
        if ending != Ending::Whole {
            self.speech.add_nothing();
        }
        let ids: Vec<LaneId> = self.lanes.ids().collect();
        for id in ids {
            self.flush(id, out);
        }
        if ending == Ending::Whole {
            self.begin_all_held(out);
        }
        let is_finished = self.is_finished();
        if let (Ending::Cut(apology), false) = (ending, is_finished) {
            // The first that is not over yet.
            let mut all = self.choices.all().iter();
            let open = all.find(|choice| !choice.is_finished);
            let index = open.map_or(0, |choice| choice.index);
            let has_spoken = open.is_some_and(|choice| choice.has_spoken);
            let text = if has_spoken {
                format!(" {apology}")
            } else {
                apology.to_owned()
            };
            let delta = format!(
                r#"{{"role":"assistant","content":{}}}"#,
                json::encode(&text)
            );
            write_frame(&self.head.chunk(index, &delta, None), out);
            self.choice(index);
        }
        if self.choices.all().is_empty() {
            self.choice(0);
        }
        for choice in self.choices.all_mut() {
            if !choice.is_finished {
                let calls = choice.has_calls && ending == Ending::Whole;
                write_frame(
                    &self.head.chunk(
                        choice.index,
                        "{}",
                        Some(if calls { "tool_calls" } else { "stop" }),
                    ),
                    out,
                );
                choice.is_finished = true;
            }
        }
        out.extend_from_slice(b"data: [DONE]\n\n");
    }

    /// Drops what is held back, and the filters: one of them broke, so nobody knows what of it may
    /// be said.
    pub fn drop_held(&mut self) {
        drop(std::mem::take(&mut self.lanes));
    }

    fn text(&mut self, event: &Event, choice: u64, place: &Range<usize>, out: &mut Vec<u8>) {
        let id = LaneId::Text(choice, TextField::Content);
        if self.is_unheard(id) {
            return;
        }
        self.choice(choice).has_spoken = true;
        let lane = self.lane(id);
        let filters = self.lanes.filters(lane).filter(|it| !it.is_empty());
        let Some(filters) = filters else {
            return write_event(event, out);
        };
        let new = filters.pass(&event.data[place.clone()], Extent::Piece);
        self.most_held = self.most_held.max(filters.held());
        if filters.is_changed() {
            self.note_changed(choice, TextField::Content);
        }
        self.note_speech(id, &event.data[place.clone()], new.as_deref());
        let Some(new) = new else {
            return write_event(event, out);
        };
        // A chunk of this shape went out before, so nothing is lost where all text is held.
        if !new.is_empty() {
            let patch = Patch {
                place: place.clone(),
                text: json::encode(&new),
            };
            write_patched_event(&event.data, &mut [patch], out);
        }
    }

    fn chunk(&mut self, event: &Event, chunk: &Chunk, out: &mut Vec<u8>) {
        let data = &event.data;
        if !chunk.has_choices {
            return write_without_choices(data, chunk, out);
        }
        let (mut patches, mut names) = (Vec::new(), Vec::new());
        // What follows the event, where its calls end without arguments.
        let mut late = Vec::new();
        for choice in &chunk.choices {
            let was_finished = self.choice(choice.index).is_finished;
            let extent = if choice.finish.is_some() && !was_finished {
                Extent::Last
            } else {
                Extent::Piece
            };
            self.begin_calls(data, choice, out);
            let calls = self.join_calls(data, choice, extent, out);
            self.pause_absent(choice, &calls, out);
            if extent == Extent::Last {
                self.flush_absent(choice, &calls, out);
                let held = self.choice(choice.index).calls.take_held(|_| true);
                self.begin_held(choice.index, held, out);
            }
            self.patch_texts(data, choice, &calls, &mut patches, extent);
            if choice.finish.is_none() {
                names.extend(open_names(data, choice, &calls));
            }
            self.finish(data, choice, &mut patches, out, &mut late);
        }
        let mut frame = Vec::new();
        let is_named = !names.is_empty();
        let written = if is_named { &mut frame } else { &mut *out };
        // Also where all text is held: what stands beside it goes out.
        if patches.is_empty() {
            write_event(event, written);
        } else {
            write_patched_event(data, &mut patches, written);
        }
        match is_named {
            true => {
                let mut named = NamedTools::new(data, frame, patches, names);
                named.behind = late;
                self.named = Some(named);
            }
            false => out.append(&mut late),
        }
    }

    /// A piece after the lane's filters, none where they leave it as it is; and whether the lane
    /// is another one than what came. The piece is a JSON string.
    fn filtered(&mut self, id: LaneId, piece: &str, extent: Extent) -> (Option<String>, bool) {
        // The tool of a call is known when its first argument text comes.
        let is_call = matches!(id, LaneId::Call(..));
        if is_call && piece == "\"\"" && self.lanes.place(id).is_none() {
            return (None, false);
        }
        if self.is_unheard(id) {
            return (Some(String::new()), true);
        }
        let lane = self.lane(id);
        let filters = self.lanes.filters(lane).filter(|it| !it.is_empty());
        let Some(filters) = filters else {
            return (None, false);
        };
        let mut new = filters.pass(piece, extent);
        if id.kind("").is_heard() {
            self.most_held = self.most_held.max(filters.held());
        }
        let (is_late, is_changed) = (new.is_some(), filters.is_changed());
        self.note_speech(id, piece, new.as_deref());
        if !extent.goes_on() {
            self.lanes.end(lane);
            if let Some(empty) = self.instead_of_nothing(id) {
                // The blanks that are left are heard at no cut of the stream, and go at none.
                let blank = new.or_else(|| json::decode(piece).map(Into::into));
                new = Some(blank.unwrap_or_default() + &empty);
            }
        }
        if let LaneId::Text(choice, field) = id
            && is_changed
        {
            self.note_changed(choice, field);
        }
        (new, is_late || is_changed)
    }

    fn choice(&mut self, index: u64) -> &mut ChoiceState {
        self.choices.get(index)
    }

    /// The place of a lane, which begins here if it is new.
    fn lane(&mut self, id: LaneId) -> usize {
        if let Some(at) = self.lanes.place(id) {
            return at;
        }
        let kind = match id {
            LaneId::Call(choice, call) => id.kind(self.choice(choice).calls.tool(call)),
            LaneId::Text(..) => id.kind(""),
        };
        let is_json = match kind {
            LaneKind::Content => self.turn.wants_json,
            LaneKind::Arguments { .. } => true,
            LaneKind::Refusal | LaneKind::Reasoning => false,
        };
        let filters = self.filters(&Lane {
            choice: id.choice(),
            kind,
            is_json,
        });
        self.lanes.begin(id, filters)
    }

    fn filters(&self, lane: &Lane) -> Filters {
        let rules = self
            .active
            .iter()
            .rev()
            .filter_map(|at| self.ruleset.rules().get(*at));
        let filter = |file: &RuleFile| {
            let filter = file.rule.on_reply(&self.turn, lane)?;
            Some(match file.fails_closed {
                true => Box::new(UnfailingFilter::new(filter, &self.turn.faults)),
                false => filter,
            })
        };
        let mut filters: Vec<Box<dyn TextFilter>> = rules.filter_map(filter).collect();
        if self.turn.has_escapes
            && let Some(escapes) = &self.ruleset.escapes
        {
            filters.push(escapes.filter(lane));
        }
        if !filters.is_empty() && lane.kind.is_heard() {
            filters.extend(super::tags::filter());
        }
        Filters::new(filters)
    }
}

#[cfg(test)]
mod tests;
