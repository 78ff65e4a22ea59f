//! Code: a block goes as a whole, also one that is never closed; of code within a line only the
//! marks go. A block that says of itself that it is text is said.

use super::state::StripState;
use crate::stream::sweep::{Glimpse, SweepUntil, Swept};

const TICKS: &[&str] = &["```"];
const TILDES: &[&str] = &["~~~"];
/// The names of blocks that hold words.
const TEXTS: [&str; 6] = ["text", "txt", "plaintext", "plain", "markdown", "md"];

/// What begins here with a backtick or a tilde.
pub(super) fn look(here: &Glimpse<'_>, state: &mut StripState) -> Option<Swept> {
    let sign = here.letter(0)?;
    let run = here.run(0, 8, |found| found == sign);
    if run < 3 {
        return (sign == '`').then_some(Swept::Gone(run));
    }
    if state.is_in_said_block {
        state.is_in_said_block = false;
        return Some(Swept::Gone(run));
    }
    let info = here.run(run, 20, |found| found.is_ascii_alphanumeric());
    let name = here.text(run..run + info);
    if TEXTS.iter().any(|text| name.eq_ignore_ascii_case(text))
        && here.byte(run + info) == Some(b'\n')
    {
        state.is_in_said_block = true;
        return Some(Swept::Gone(run + info));
    }
    let ends = if sign == '`' { TICKS } else { TILDES };
    Some(Swept::Until(run, SweepUntil::Behind(ends)))
}
