//! The lanes of a reply: which text is which, and the filters that it passes.

use std::collections::HashMap;

use crate::chat::calls::{CallLane, Calls, Slot};
use crate::chat::chunk::TextField;
use crate::chat::json;
use crate::rule::{LaneKind, TextFilter};

/// What is known of one choice.
#[derive(Debug, Default)]
pub(super) struct ChoiceState {
    pub(super) index: u64,
    pub(super) is_finished: bool,
    pub(super) has_calls: bool,
    /// How many tool calls began.
    pub(super) begun_calls: usize,
    pub(super) has_spoken: bool,
    pub(super) calls: Calls,
    pub(super) speech: ChoiceSpeech,
    /// The texts that rules changed.
    pub(super) changed: Vec<TextField>,
}

/// What is known of the speech of one choice.
#[derive(Debug, Default)]
pub(super) struct ChoiceSpeech {
    /// Whether it ends with the texts of the piece under way.
    pub(super) is_ending: bool,
    /// Whether it is over, so that nobody hears what still comes.
    pub(super) is_over: bool,
    /// Whether anything came that is not blank.
    pub(super) has_come: bool,
    /// Whether anything of it is left.
    pub(super) is_left: bool,
}

/// The choices of a reply, in the order in which they began. One is found without a look at the
/// others: a model's server may send very many.
#[derive(Debug, Default)]
pub(super) struct Choices {
    places: HashMap<u64, usize>,
    states: Vec<ChoiceState>,
}

/// The lanes that are under way, in the order in which they began; found as choices are.
#[derive(Default)]
pub(super) struct Lanes {
    places: HashMap<LaneId, usize>,
    /// None: it has ended.
    lanes: Vec<Option<(LaneId, Filters)>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum LaneId {
    Text(u64, TextField),
    Call(u64, CallLane),
}

/// The filters of one lane, in the order in which text passes them.
pub(super) struct Filters {
    filters: Vec<Box<dyn TextFilter>>,
    /// A half of a surrogate pair, escaped, whose other half the next piece may bring.
    half: String,
    /// Whether the text is another one by now, not only a later one.
    is_changed: bool,
    /// What came and was not given out yet.
    owed: String,
}

/// Whether more of a lane's text may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Piece,
    /// More may follow, behind a tool call.
    Pause,
    Last,
    Whole,
}

impl Extent {
    /// Whether the lane goes on.
    pub(super) fn goes_on(self) -> bool {
        matches!(self, Extent::Piece | Extent::Pause)
    }
}

impl ChoiceState {
    /// Whether it has a tool call that could not be made, or one of which nothing came while
    /// nothing was said either.
    pub(super) fn is_half(&self) -> bool {
        let is_nothing = || !self.has_spoken && !self.calls.are_whole();
        self.has_calls && (self.calls.has_half() || is_nothing())
    }
}

impl Choices {
    /// A choice, which begins here if it is new.
    pub(super) fn get(&mut self, index: u64) -> &mut ChoiceState {
        let place = *self.places.entry(index).or_insert_with(|| {
            self.states.push(ChoiceState {
                index,
                ..ChoiceState::default()
            });
            self.states.len() - 1
        });
        &mut self.states[place]
    }

    pub(super) fn all(&self) -> &[ChoiceState] {
        &self.states
    }

    pub(super) fn all_mut(&mut self) -> &mut [ChoiceState] {
        &mut self.states
    }
}

impl Lanes {
    /// The place of a lane that is under way.
    pub(super) fn place(&self, id: LaneId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// Begins a lane; its place.
    pub(super) fn begin(&mut self, id: LaneId, filters: Filters) -> usize {
        self.places.insert(id, self.lanes.len());
        self.lanes.push(Some((id, filters)));
        self.lanes.len() - 1
    }

    /// The filters of the lane at a place.
    pub(super) fn filters(&mut self, place: usize) -> Option<&mut Filters> {
        let lane = self.lanes.get_mut(place)?.as_mut();
        lane.map(|(_, filters)| filters)
    }

    /// Ends the lane at a place.
    pub(super) fn end(&mut self, place: usize) -> Option<Filters> {
        let (id, filters) = self.lanes.get_mut(place)?.take()?;
        self.places.remove(&id);
        Some(filters)
    }

    /// Those under way.
    pub(super) fn ids(&self) -> impl Iterator<Item = LaneId> {
        self.lanes.iter().flatten().map(|(id, _)| *id)
    }

    /// How many have begun, those that ended too.
    pub(super) fn begun(&self) -> usize {
        self.lanes.len()
    }
}

impl LaneId {
    /// The delta (JSON) that brings `text`, a JSON string, to this lane.
    pub(super) fn delta(self, text: &str) -> String {
        match self {
            LaneId::Text(_, field) => format!("{{\"{}\":{text}}}", field.name()),
            LaneId::Call(_, call) => match call.slot {
                Slot::Legacy => format!("{{\"function_call\":{{\"arguments\":{text}}}}}"),
                Slot::Index(_) | Slot::Place(_) => {
                    let number = call.number;
                    format!(
                        "{{\"tool_calls\":[{{\"index\":{number},\"function\":{{\"arguments\":{text}}}}}]}}"
                    )
                }
            },
        }
    }

    /// What the lane carries; `tool` is the tool's name.
    pub(super) fn kind(self, tool: &str) -> LaneKind {
        match self {
            LaneId::Text(_, TextField::Content) => LaneKind::Content,
            LaneId::Text(_, TextField::Refusal) => LaneKind::Refusal,
            LaneId::Text(
                _,
                TextField::Reasoning | TextField::ReasoningContent | TextField::Thinking,
            ) => LaneKind::Reasoning,
            LaneId::Call(..) => LaneKind::Arguments {
                tool: tool.to_owned(),
            },
        }
    }

    pub(super) fn choice(self) -> u64 {
        match self {
            LaneId::Text(choice, _) | LaneId::Call(choice, _) => choice,
        }
    }
}

impl Filters {
    pub(super) fn new(filters: Vec<Box<dyn TextFilter>>) -> Filters {
        Filters {
            filters,
            half: String::new(),
            is_changed: false,
            owed: String::new(),
        }
    }

    /// Whether what was given out so far is not what came.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// How many characters its filters hold back now.
    pub(super) fn held(&self) -> usize {
        self.filters.iter().map(|filter| filter.held()).sum()
    }

    /// Whether something is held back that a rule may yet change.
    pub(super) fn owes(&self) -> bool {
        !self.owed.is_empty()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// Whether what is taken out of the lane must be told nowhere else either.
    pub(super) fn hide(&self) -> bool {
        self.filters.iter().any(|filter| filter.hides())
    }

    /// The next piece, a JSON string, after the filters; none where they leave it as it is.
    pub(super) fn pass(&mut self, literal: &str, extent: Extent) -> Option<String> {
        let joined = self.join_halves(literal, extent);
        let text = json::decode(joined.as_deref().unwrap_or(literal))?;
        let new = self.pass_text(&text, extent);
        match new {
            Some(new) => Some(new),
            None => joined.is_some().then(|| text.into_owned()),
        }
    }

    /// As [`Filters::pass`], for a text that is no JSON string.
    pub(super) fn pass_text(&mut self, text: &str, extent: Extent) -> Option<String> {
        let mut new = String::with_capacity(text.len());
        self.push(text, &mut new);
        match extent {
            Extent::Piece => {}
            Extent::Pause => self.pause(&mut new),
            Extent::Last | Extent::Whole => self.finish(&mut new),
        }
        if new == text && self.owed.is_empty() {
            return None;
        }
        self.owed.push_str(text);
        match self.owed.starts_with(&*new) {
            true => drop(self.owed.drain(..new.len())),
            false => self.is_changed = true,
        }
        if self.is_changed {
            self.owed.clear();
        }
        (new != text).then_some(new)
    }

    /// A piece with the half that waits for it, and without one at its end; none where there is
    /// neither.
    fn join_halves(&mut self, literal: &str, extent: Extent) -> Option<String> {
        let inner = literal.get(1..literal.len().checked_sub(1)?)?;
        if self.half.is_empty() && json::half_at_end(inner).is_none() {
            return None;
        }
        let mut joined = std::mem::take(&mut self.half) + inner;
        if extent.goes_on()
            && let Some(at) = json::half_at_end(&joined)
        {
            self.half = joined.split_off(at);
        }
        Some(format!("\"{joined}\""))
    }

    fn push(&mut self, text: &str, out: &mut String) {
        let Some((last, before)) = self.filters.split_last_mut() else {
            return out.push_str(text);
        };
        let mut text = std::borrow::Cow::Borrowed(text);
        for filter in before {
            let mut next = String::with_capacity(text.len());
            filter.push(&text, &mut next);
            text = next.into();
        }
        last.push(&text, out);
    }

    fn pause(&mut self, out: &mut String) {
        let Some((last, before)) = self.filters.split_last_mut() else {
            return;
        };
        let mut tail = String::new();
        for filter in before {
            let mut next = String::new();
            filter.push(&tail, &mut next);
            filter.pause(&mut next);
            tail = next;
        }
        last.push(&tail, out);
        last.pause(out);
    }

    pub(super) fn finish(&mut self, out: &mut String) {
        let Some((last, before)) = self.filters.split_last_mut() else {
            return;
        };
        let mut tail = String::new();
        if !std::mem::take(&mut self.half).is_empty() {
            tail.push(char::REPLACEMENT_CHARACTER);
        }
        for filter in before {
            let mut next = String::new();
            filter.push(&tail, &mut next);
            filter.finish(&mut next);
            tail = next;
        }
        last.push(&tail, out);
        last.finish(out);
    }
}
