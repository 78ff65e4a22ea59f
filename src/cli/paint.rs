//! How changes look: colours in a terminal, `[-old-]{+new+}` elsewhere.

use crate::ruleset::explain::{ChangePart, ShownChange};

/// Of a text that stays so many characters are shown at either end.
const SHOWN: usize = 60;

/// The marks around what is gone, new or less important.
pub(super) struct Paint {
    old: (&'static str, &'static str),
    new: (&'static str, &'static str),
    /// Words of ours.
    pub(super) dim: (&'static str, &'static str),
    /// Titles.
    pub(super) bold: (&'static str, &'static str),
}

impl Paint {
    /// For standard output, as it is.
    pub(super) fn for_output() -> Paint {
        if !super::has_colours() {
            return Paint {
                old: ("[-", "-]"),
                new: ("{+", "+}"),
                dim: ("", ""),
                bold: ("", ""),
            };
        }
        Paint {
            old: ("\x1b[9;31m", "\x1b[0m"),
            new: ("\x1b[32m", "\x1b[0m"),
            dim: ("\x1b[2m", "\x1b[0m"),
            bold: ("\x1b[1m", "\x1b[0m"),
        }
    }

    /// One change, in lines below each other.
    pub(super) fn change(&self, change: &ShownChange) -> String {
        let is_new = |part: &ChangePart| matches!(part, ChangePart::New(_));
        let is_same = |part: &ChangePart| matches!(part, ChangePart::Same(_));
        let sign = match change.parts.as_slice() {
            parts if parts.iter().any(is_same) => '~',
            [part] if is_new(part) => '+',
            [_] => '-',
            _ => '~',
        };
        let role = change.role.as_ref().map(|role| format!(" ({role})"));
        let text: String = change.parts.iter().map(|part| self.part(part)).collect();
        let text = text.replace('\n', "\n        ");
        format!(
            "  {sign} {}{}{}{}\n        {text}",
            self.dim.0,
            change.at,
            role.unwrap_or_default(),
            self.dim.1
        )
    }

    fn part(&self, part: &ChangePart) -> String {
        let marked = |(before, after): (&str, &str), text: &str| format!("{before}{text}{after}");
        match part {
            ChangePart::Same(text) => shortened(text),
            ChangePart::Old(text) => marked(self.old, text.as_deref().unwrap_or("…")),
            ChangePart::New(text) => marked(self.new, text),
        }
    }
}

/// A long text without its middle.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= 2 * SHOWN + 20 {
        return text.to_owned();
    }
    let start: String = text.chars().take(SHOWN).collect();
    let end: String = text.chars().skip(count - SHOWN).collect();
    format!("{start} […{} characters…] {end}", count - 2 * SHOWN)
}
