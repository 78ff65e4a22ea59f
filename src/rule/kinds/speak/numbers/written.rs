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
        // As in `12,34,567`, which India writes.
        if let Some(groups) = indian(here, end).filter(|_| len <= 2) {
            whole.push_str(&here.text(end..groups).replace(',', ""));
            (end, has_commas) = (groups, true);
        }
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
        let is_european =
            |at: usize| here.byte(at) == Some(b'.') && here.run(at + 1, 4, is_digit) == 3;
        if !has_commas && len <= 3 && is_european(end) {
            let mut at = end;
            while is_european(at) {
                at += 4;
            }
            // As in `1.250,00`.
            if here.byte(at) == Some(b',') && here.run(at + 1, 3, is_digit) == 2 {
                whole.push_str(&here.text(end..at).replace('.', ""));
                decimals = Some(here.text(at + 1..at + 3).to_owned());
                end = at + 3;
            }
        }
        let is_of_list = here.last() == Some(',') && at == 0;
        let may_be_decimal = !has_commas && decimals.is_none() && !is_of_list;
        if may_be_decimal && here.byte(end) == Some(b',') {
            let len = here.run(end + 1, 3, is_digit);
            let behind = here.byte(end + 1 + len);
            // As in `1,5`; more of them are a list.
            if (1..3).contains(&len) && behind != Some(b',') {
                decimals = Some(here.text(end + 1..end + 1 + len).to_owned());
                end += 1 + len;
            }
        }
        if decimals.is_none() && here.byte(end) == Some(b'.') {
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

/// The end of groups of two digits and a last one of three, which begin at an offset; none: there are
/// no such groups.
fn indian(here: &Glimpse<'_>, at: usize) -> Option<usize> {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let group = |at: usize| match here.byte(at) {
        Some(b',') => here.run(at + 1, 4, is_digit),
        _ => 0,
    };
    let mut end = at;
    while group(end) == 2 {
        end += 3;
    }
    (end > at && group(end) == 3).then_some(end + 4)
}
