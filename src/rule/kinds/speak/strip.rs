//! What is taken out of a reply: one pass, in which each part of the list knows what begins at a
//! place. It changes no word that is to be heard.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::state::{StripLine, StripState};
use super::{code, emoji, inline, latex, lines, links, thoughts, tool_calls};
use crate::stream::sweep::{Glimpse, Sweeper, Swept};
use crate::stream::voice_tag;

/// A part of what can be taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StripPart {
    /// Marks of emphasis, headings, quotes, tables, links and HTML; what they stand around is said.
    Markdown,
    /// Emoji, with their skin tones and joiners.
    Emoji,
    /// Addresses of the web: the name of the host is said.
    Urls,
    /// The marks and numbers of lists.
    Lists,
    /// Blocks of code; of code within a line only the marks.
    Code,
    /// Formulas: what they say is said in words.
    Latex,
    /// What a model thinks aloud, and the marks of its channels.
    Thinking,
    /// Tool calls that a model writes as text.
    ToolSyntax,
}

impl StripPart {
    pub(super) const ALL: [StripPart; 8] = [
        StripPart::Markdown,
        StripPart::Emoji,
        StripPart::Urls,
        StripPart::Lists,
        StripPart::Code,
        StripPart::Latex,
        StripPart::Thinking,
        StripPart::ToolSyntax,
    ];
}

/// The parts that a rule takes out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct StripParts(u8);

impl StripParts {
    pub(super) fn of(parts: &[StripPart]) -> StripParts {
        StripParts(parts.iter().fold(0, |all, part| all | 1 << *part as u8))
    }

    pub(super) fn has(self, part: StripPart) -> bool {
        self.0 & (1 << part as u8) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Takes parts out of a text.
#[derive(Debug, Clone)]
pub(super) struct Strip {
    parts: StripParts,
    /// The bytes with which something can begin.
    starts: Box<[bool; 256]>,
}

impl Strip {
    pub(super) fn new(parts: StripParts) -> Strip {
        let mut starts = Box::new([false; 256]);
        let mut add = |bytes: &[u8]| {
            bytes
                .iter()
                .for_each(|byte| starts[usize::from(*byte)] = true)
        };
        add(b"<[");
        for part in StripPart::ALL.iter().filter(|part| parts.has(**part)) {
            add(match part {
                StripPart::Markdown => b"*_~#>|-:=`\\&!](\n",
                StripPart::Emoji => emoji::STARTS,
                StripPart::Urls => b"hHwWmMtT]!(",
                StripPart::Lists => b"-*+0123456789\n\xE2",
                StripPart::Code => b"`~",
                StripPart::Latex => b"$\\",
                StripPart::Thinking => thoughts::STARTS,
                StripPart::ToolSyntax => b"{`~",
            });
        }
        Strip { parts, starts }
    }

    /// A link goes with markdown or with addresses.
    fn has_links(&self) -> bool {
        self.parts.has(StripPart::Markdown) || self.parts.has(StripPart::Urls)
    }

    /// What a model writes that nobody is to hear at all.
    fn unheard(&self, here: &Glimpse<'_>) -> Option<Swept> {
        let thoughts = || thoughts::look(here);
        let calls = || tool_calls::look(here);
        let is_in = |part| self.parts.has(part);
        is_in(StripPart::Thinking)
            .then(thoughts)
            .flatten()
            .or_else(|| is_in(StripPart::ToolSyntax).then(calls).flatten())
    }

    /// What a page shows and a voice can't.
    fn shown(&self, byte: u8, here: &Glimpse<'_>, state: &mut StripState) -> Option<Swept> {
        let is_in = |part| self.parts.has(part);
        if is_in(StripPart::Code) && matches!(byte, b'`' | b'~') {
            return code::look(here, state).or_else(|| self.in_line(byte, here));
        }
        if is_in(StripPart::Latex) && matches!(byte, b'$' | b'\\') {
            return latex::look(here).or_else(|| self.in_line(byte, here));
        }
        if is_in(StripPart::Emoji)
            && let Some(gone) = emoji::look(here)
        {
            return Some(gone);
        }
        let parts = (is_in(StripPart::Markdown), is_in(StripPart::Lists));
        let found = lines::look(parts, byte, here, state);
        found.or_else(|| self.in_line(byte, here))
    }

    fn in_line(&self, byte: u8, here: &Glimpse<'_>) -> Option<Swept> {
        let markdown = self.parts.has(StripPart::Markdown);
        match byte {
            b'[' | b']' | b'(' | b'!' if self.has_links() => links::link(byte, here),
            b'h' | b'H' | b'w' | b'W' | b'm' | b'M' | b't' | b'T'
                if self.parts.has(StripPart::Urls) =>
            {
                links::address(here)
            }
            _ if markdown => inline::look(byte, here),
            _ => None,
        }
    }
}

impl Sweeper for Arc<Strip> {
    type State = StripState;

    fn may_begin(&self, state: StripState, byte: u8) -> bool {
        let is_set_apart = matches!(state.line, StripLine::Row | StripLine::Heading);
        self.starts[usize::from(byte)] || (byte == b' ' && is_set_apart)
    }

    fn look(&self, here: &Glimpse<'_>, state: &mut StripState) -> Swept {
        let Some(byte) = here.byte(0) else {
            return Swept::Nothing;
        };
        if let Some(unheard) = self.unheard(here) {
            return unheard;
        }
        if byte == b'<' {
            if self.parts.has(StripPart::Markdown)
                && let Some(found) = inline::html(here)
            {
                return found;
            }
            if self.has_links()
                && let Some(found) = links::in_angles(here)
            {
                return found;
            }
            return voice_tag::tag(here).map_or(Swept::Nothing, Swept::Whole);
        }
        if byte == b'['
            && self.parts.has(StripPart::Markdown)
            && let Some(found) = links::citation(here)
        {
            return found;
        }
        if byte == b'['
            && let Some(len) = voice_tag::bracketed(here)
        {
            return Swept::Whole(len);
        }
        self.shown(byte, here, state).unwrap_or(Swept::Nothing)
    }
}
