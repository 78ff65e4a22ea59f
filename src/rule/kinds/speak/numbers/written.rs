//! An amount as it is written: digits, commas between thousands, decimals.

use super::words;
use crate::stream::sweep::Glimpse;

/// A number as it is written, without what stands behind it.
#[derive(Debug)]
pub(super) struct WrittenAmount {
    /// The digits before the point.
    pub(super) whole: String,
    /// The digits behind it.
    pub(super) decimals: Option<String>,
    /// Whether commas part its thousands.
    pub(super) has_commas: bool,
    /// Where it ends.
    pub(super) end: usize,
}

impl WrittenAmount {
    /// The number that begins at an offset.
    pub(super) fn read(here: &Glimpse<'_>, at: usize) -> Option<WrittenAmount> {
        let is_digit = |sign: char| sign.is_ascii_digit();
        let len = here.run(at, 40, is_digit);
        if len == 0 {
            return None;
        }
        let mut whole = here.text(at..at + len).to_owned();
        let mut end = at + len;
        let mut has_commas = false;
        while whole.len() <= 3 || has_commas {
            let is_group = here.byte(end) == Some(b',') && here.run(end + 1, 4, is_digit) == 3;
            if !is_group {
                break;
            }
            whole.push_str(here.text(end + 1..end + 4));
            end += 4;
            has_commas = true;
        }
        let mut decimals = None;
        if here.byte(end) == Some(b'.') {
            let len = here.run(end + 1, 12, is_digit);
            if len > 0 {
                decimals = Some(here.text(end + 1..end + 1 + len).to_owned());
                end += 1 + len;
            }
        }
        Some(WrittenAmount {
            whole,
            decimals,
            has_commas,
            end,
        })
    }

    /// As a number by itself.
    pub(super) fn said(&self) -> String {
        words::decimal(&self.whole, self.decimals.as_deref())
    }

    /// Whether it stands for one thing.
    pub(super) fn is_one(&self) -> bool {
        self.whole == "1" && self.decimals.is_none()
    }
}
