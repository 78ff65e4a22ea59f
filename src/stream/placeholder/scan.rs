//! Placeholders in a text that streams by.
//!
//! What may still become one is held back, and nothing else. Text in which none begins costs no
//! copy. How the text is cut into pieces never changes what is found.

use super::{CONTEXT, Labels, Looking, Marks, PlaceholderLook, PlaceholderMeaning, Spot, signs};
use crate::stream::json_text::{JsonLevel, JsonText};

/// A text under way.
#[derive(Debug)]
pub enum Scan {
    /// Text as it is spoken.
    Plain {
        /// What is undecided, and what stands before it.
        text: String,
        /// How much of it is decided.
        decided: usize,
    },
    /// JSON, in whose strings the text is encoded.
    Json {
        /// What is undecided, and what stands before it.
        text: JsonText,
        /// How much of its plain text is decided.
        decided: usize,
    },
}

/// A part of the text, as it came.
#[derive(Debug, Clone, Copy)]
pub enum PlaceholderPart<'t> {
    /// Text that is no part of a placeholder.
    Text(&'t str),
    /// A placeholder.
    Placeholder {
        /// As it came.
        source: &'t str,
        /// What stands before its number, and the rest; as it came.
        halves: (&'t str, &'t str),
        /// What it stands for.
        meaning: PlaceholderMeaning,
    },
}

impl Scan {
    /// A scan of text as it is spoken.
    pub fn plain() -> Scan {
        Scan::Plain {
            text: String::new(),
            decided: 0,
        }
    }

    /// A scan of JSON.
    pub fn json() -> Scan {
        Scan::Json {
            text: JsonText::default(),
            decided: 0,
        }
    }

    /// Takes the next piece, and gives each part that is decided to `emit`, in order.
    pub fn push(
        &mut self,
        labels: &Labels,
        looking: Looking<'_>,
        piece: &str,
        emit: &mut dyn FnMut(PlaceholderPart<'_>),
    ) {
        match self {
            Scan::Plain { text, decided } => {
                let before = text.chars().next_back();
                if text.len() == *decided && labels.next_start(piece, 0, before).is_none() {
                    if !piece.is_empty() {
                        emit(PlaceholderPart::Text(piece));
                    }
                    text.push_str(last_of(piece));
                    keep_last(text);
                    *decided = text.len();
                    return;
                }
                text.push_str(piece);
                *decided = walk_plain(labels, looking, text, *decided, false, emit);
                let cut = context_start(text, *decided);
                text.drain(..cut);
                *decided -= cut;
            }
            Scan::Json { text, decided } => {
                text.push(piece);
                *decided = walk_json(labels, looking, text, *decided, false, emit);
                let cut = context_start(text.plain(), *decided);
                text.forget(cut);
                *decided -= cut;
            }
        }
    }

    /// How many characters are held back.
    pub fn held(&self) -> usize {
        let (text, decided) = match self {
            Scan::Plain { text, decided } => (text.as_str(), *decided),
            Scan::Json { text, decided } => (text.plain(), *decided),
        };
        let held = text.get(decided..);
        held.map_or(0, |held| held.chars().count())
    }

    /// Something else is said, behind which the text may go on: decides what is held, but for a
    /// placeholder of which more is there than a word that may be one of a sentence.
    pub fn pause(
        &mut self,
        labels: &Labels,
        looking: Looking<'_>,
        emit: &mut dyn FnMut(PlaceholderPart<'_>),
    ) {
        // What is JSON nobody hears.
        if let Scan::Plain { text, decided } = self {
            let held = text.get(*decided..).unwrap_or("");
            let is_word = |byte: u8| byte.is_ascii_alphanumeric();
            if held.bytes().all(is_word) {
                *decided = walk_plain(labels, looking, text, *decided, true, emit);
                let cut = context_start(text, *decided);
                text.drain(..cut);
                *decided -= cut;
            }
        }
    }

    /// The text is over, as far as anybody knows: decides what is held.
    pub fn finish(
        &mut self,
        labels: &Labels,
        looking: Looking<'_>,
        emit: &mut dyn FnMut(PlaceholderPart<'_>),
    ) {
        match self {
            Scan::Plain { text, decided } => {
                walk_plain(labels, looking, text, *decided, true, emit);
                *self = Scan::plain();
            }
            Scan::Json { text, decided } => {
                walk_json(labels, looking, text, *decided, true, emit);
                if !text.rest().is_empty() {
                    emit(PlaceholderPart::Text(text.rest()));
                }
                text.forget_all();
                *decided = 0;
            }
        }
    }
}

/// Gives out what is decided from a place on, up to where the answer is.
fn walk_plain(
    labels: &Labels,
    looking: Looking<'_>,
    text: &str,
    from: usize,
    is_over: bool,
    emit: &mut dyn FnMut(PlaceholderPart<'_>),
) -> usize {
    let level = |_: usize| JsonLevel::Prose;
    let mut source = |start: usize, end: usize, found: Option<PlaceholderMeaning>| {
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or("");
        emit(part_of(start, end, found, &part));
    };
    walk(labels, looking, text, from, is_over, &level, &mut source)
}

fn walk_json(
    labels: &Labels,
    looking: Looking<'_>,
    text: &JsonText,
    from: usize,
    is_over: bool,
    emit: &mut dyn FnMut(PlaceholderPart<'_>),
) -> usize {
    let level = |at: usize| text.level(at);
    let mut source = |start: usize, end: usize, found: Option<PlaceholderMeaning>| {
        let part = |from: usize, to: usize| text.source(from..to);
        emit(part_of(start, end, found, &part));
    };
    let plain = text.plain();
    walk(labels, looking, plain, from, is_over, &level, &mut source)
}

fn part_of<'t>(
    start: usize,
    end: usize,
    found: Option<PlaceholderMeaning>,
    source: &dyn Fn(usize, usize) -> &'t str,
) -> PlaceholderPart<'t> {
    match found {
        None => PlaceholderPart::Text(source(start, end)),
        Some(meaning) => {
            let number_at = meaning.number_at().unwrap_or(end);
            PlaceholderPart::Placeholder {
                source: source(start, end),
                halves: (source(start, number_at), source(number_at, end)),
                meaning,
            }
        }
    }
}

/// Walks over a text; `give` gets each part by its bytes.
fn walk(
    labels: &Labels,
    looking: Looking<'_>,
    text: &str,
    from: usize,
    is_over: bool,
    level: &dyn Fn(usize) -> JsonLevel,
    give: &mut dyn FnMut(usize, usize, Option<PlaceholderMeaning>),
) -> usize {
    let (mut said, mut at) = (from, from);
    loop {
        let Some(start) = labels.next_start(text, at, None) else {
            at = text.len();
            break;
        };
        let level = level(start);
        let is_bare = !signs::is_opening(text.as_bytes()[start]);
        // Tools have fields such as "address_1".
        if level == JsonLevel::Key && is_bare && looking.marks == Marks::None {
            at = start + 1;
            continue;
        }
        let spot = Spot {
            text,
            at: start,
            escapes: level.escapes(),
            is_over,
        };
        match labels.look(spot, looking) {
            PlaceholderLook::MayMatch => {
                at = start;
                break;
            }
            PlaceholderLook::Nothing => at = start + length_at(spot),
            PlaceholderLook::Match(end, meaning) => {
                if said < start {
                    give(said, start, None);
                }
                give(start, end, Some(meaning));
                (at, said) = (end, end);
            }
        }
    }
    if said < at {
        give(said, at, None);
    }
    at
}

/// The bytes of the letter at a place. A backslash that escapes another belongs to it.
fn length_at(spot: Spot<'_>) -> usize {
    let rest = spot.text.get(spot.at..).unwrap_or("");
    if spot.escapes == JsonLevel::Deeper.escapes() && rest.starts_with("\\\\") {
        return 2;
    }
    rest.chars().next().map_or(1, char::len_utf8)
}

/// Where the letters begin that stand before a place and count for what follows.
fn context_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or("").char_indices().rev();
    before.take(CONTEXT).last().map_or(0, |(start, _)| start)
}

/// The last letters of a piece.
fn last_of(piece: &str) -> &str {
    piece.get(context_start(piece, piece.len())..).unwrap_or("")
}

fn keep_last(text: &mut String) {
    let cut = context_start(text, text.len());
    text.drain(..cut);
}
