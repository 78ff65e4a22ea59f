//! The ends up to which a text goes, however far away they are.
//!
//! Nothing of it is held but what may be the beginning of an end.

/// No more blanks stand before the mark that closes JSON.
const MOST_BLANKS: usize = 16;

/// How far what goes goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepUntil {
    /// Behind the first of these, in any case; none of them: to the end.
    Behind(&'static [&'static str]),
    /// Before the first of these.
    Before(&'static [&'static str]),
    /// Behind the JSON that comes next, or behind one of these where it is broken.
    Json(&'static [&'static str]),
}

/// An end that is looked for.
#[derive(Debug)]
pub(super) struct SweepEnding {
    until: SweepUntil,
    depth: usize,
    /// Whether the JSON is over, and only a mark that closes it may still belong to it.
    is_closing: bool,
    is_in_string: bool,
    is_escaped: bool,
}

/// Whether one of some texts stands somewhere.
enum Stands {
    Nowhere,
    MayBegin,
    Here(usize),
}

impl SweepEnding {
    pub(super) fn of(until: SweepUntil) -> SweepEnding {
        SweepEnding {
            until,
            depth: 0,
            is_closing: false,
            is_in_string: false,
            is_escaped: false,
        }
    }

    /// How many bytes go of what has come, and whether the end is behind them.
    pub(super) fn pass(&mut self, text: &str, is_over: bool) -> (usize, bool) {
        let (ends, is_behind, is_json) = match self.until {
            SweepUntil::Behind(ends) => (ends, true, false),
            SweepUntil::Before(ends) => (ends, false, false),
            SweepUntil::Json(ends) => (ends, true, true),
        };
        if self.is_closing {
            return closing(ends, text, is_over);
        }
        let first = |byte: u8| ends.iter().any(|end| end.as_bytes().first() == Some(&byte));
        for (at, byte) in text.bytes().enumerate() {
            if first(byte) {
                match stands(ends, &text.as_bytes()[at..], is_over) {
                    Stands::Here(len) if is_behind => return (at + len, true),
                    Stands::Here(_) => return (at, true),
                    Stands::MayBegin => return (at, false),
                    Stands::Nowhere => {}
                }
            }
            if is_json && self.ends_json(byte) {
                self.is_closing = true;
                let (len, is_ended) = closing(ends, &text[at + 1..], is_over);
                return (at + 1 + len, is_ended);
            }
        }
        (text.len(), false)
    }

    fn ends_json(&mut self, byte: u8) -> bool {
        if self.is_in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.is_in_string = self.depth > 0,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

/// How much of a text goes behind JSON that is over: the mark that closes it, with the blanks before.
fn closing(ends: &[&str], text: &str, is_over: bool) -> (usize, bool) {
    let blanks = text.len() - text.trim_start().len();
    if ends.is_empty() || blanks > MOST_BLANKS {
        return (0, true);
    }
    match stands(ends, &text.as_bytes()[blanks..], is_over) {
        Stands::Here(len) => (blanks + len, true),
        Stands::MayBegin => (0, false),
        Stands::Nowhere => (0, true),
    }
}

fn stands(ends: &[&str], text: &[u8], is_over: bool) -> Stands {
    let mut may_begin = false;
    for end in ends {
        let len = end.len().min(text.len());
        if end.as_bytes()[..len].eq_ignore_ascii_case(&text[..len]) {
            if len == end.len() {
                return Stands::Here(len);
            }
            may_begin = !is_over;
        }
    }
    if may_begin {
        Stands::MayBegin
    } else {
        Stands::Nowhere
    }
}
