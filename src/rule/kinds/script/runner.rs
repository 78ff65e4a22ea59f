//! What runs a script, and stops it.
//!
//! A script that never ends is stopped by its operations, among which counts what functions read and
//! write; one whose operations take long by its own time, and by that of the turn's rules.

use rhai::{Dynamic, Engine};

use super::metered::METERED;
use super::sandbox::{DEEPEST_CALLS, LIBRARY, LONGEST};
use super::values::ValueSize;
use super::work::{ScriptEnd, ScriptTools};
use crate::rule::Clock;

/// The most variables at once.
const MOST_VARIABLES: usize = 128;
/// How much may be there beside what came: bytes of texts, items, entries. What nests in itself
/// nests no deeper.
const ROOM: ValueSize = ValueSize {
    text: 256 << 10,
    items: 1000,
    entries: 1000,
};
/// The time is asked for at one of so many operations.
const ASKED: u64 = 16;

/// What runs a script over values of a size, until its tools or the clock say no.
pub(super) fn runner(size: ValueSize, tools: ScriptTools, clock: &Clock) -> Engine {
    let mut engine = Engine::new_raw();
    engine.register_global_module(LIBRARY.clone());
    engine.register_global_module(METERED.clone());
    engine.set_max_call_levels(DEEPEST_CALLS);
    engine.set_max_variables(MOST_VARIABLES);
    engine.set_max_string_size(size.text + ROOM.text);
    engine.set_max_array_size(size.items + ROOM.items);
    engine.set_max_map_size(size.entries + ROOM.entries);
    let (work, clock, began) = (tools.work.clone(), clock.clone(), clock.time());
    engine.set_default_tag(Dynamic::from(tools));
    engine.on_progress(move |count| {
        let end = if work.step(count) {
            ScriptEnd::Operations
        } else if count % ASKED != 0 {
            return None;
        } else if clock.is_over() {
            ScriptEnd::RuleTime
        } else if clock.time().saturating_sub(began) > LONGEST {
            ScriptEnd::OwnTime
        } else {
            return None;
        };
        Some(Dynamic::from(end))
    });
    engine
}
