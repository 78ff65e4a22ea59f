//! What the work of a script costs: an operation for each step of it, and more for a function over
//! texts and lists, by how much that reads and writes.
//!
//! It counts and knows no clock: the same script over the same request always costs the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rhai::{Array, Dynamic, EvalAltResult, ImmutableString, Map, NativeCallContext, Position};

use super::patterns::ScriptPatterns;

/// What the functions of a run need beside their arguments.
#[derive(Debug, Clone)]
pub(super) struct ScriptTools {
    pub(super) patterns: ScriptPatterns,
    pub(super) work: ScriptWork,
}

/// The operations of one run.
#[derive(Debug, Clone)]
pub(super) struct ScriptWork {
    counts: Arc<WorkCounts>,
    /// No more than these.
    most: u64,
}

#[derive(Debug, Default)]
struct WorkCounts {
    /// The steps of the script itself.
    steps: AtomicU64,
    /// What functions took beside their own step.
    charged: AtomicU64,
}

/// Why a run was ended, as the language carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScriptEnd {
    /// It took all its operations.
    Operations,
    /// It took its time.
    OwnTime,
    /// The time of the turn's rules was over.
    RuleTime,
}

/// Bytes of a text that a plain function reads for one operation.
pub(super) const PLAIN: usize = 32;
/// Of those in which a pattern is looked for.
pub(super) const SEARCHED: usize = 8;
/// Of those that are taken apart into words.
pub(super) const IN_WORDS: usize = 4;
/// Of those that are said in other words.
pub(super) const SPOKEN: usize = 1;
/// What it takes to read a zone or the hours of a week.
pub(super) const OF_TIME: usize = 25;

impl ScriptWork {
    /// No more than so many operations.
    pub(super) fn of(most: u64) -> ScriptWork {
        ScriptWork {
            counts: Arc::default(),
            most,
        }
    }

    /// Notes how many steps the script took; whether it took too much.
    pub(super) fn step(&self, count: u64) -> bool {
        self.counts.steps.store(count, Ordering::Relaxed);
        self.is_over()
    }

    /// How many operations it took.
    pub(super) fn taken(&self) -> u64 {
        let counts = &self.counts;
        let charged = counts.charged.load(Ordering::Relaxed);
        counts.steps.load(Ordering::Relaxed).saturating_add(charged)
    }

    fn is_over(&self) -> bool {
        self.taken() > self.most
    }
}

/// Charges a function for what it reads of a text, before it does; `for_one`: how many bytes are one
/// operation.
pub(super) fn charge_text(
    context: &NativeCallContext<'_>,
    text: &str,
    for_one: usize,
) -> Result<(), Box<EvalAltResult>> {
    charge(context, text.len() / for_one)
}

/// Charges a function for so many operations, beside its own step.
pub(super) fn charge(
    context: &NativeCallContext<'_>,
    operations: usize,
) -> Result<(), Box<EvalAltResult>> {
    let tools = context.tag();
    let Some(tools) = tools.and_then(|tag| tag.read_lock::<ScriptTools>()) else {
        return Ok(());
    };
    let operations = u64::try_from(operations).unwrap_or(u64::MAX / 2);
    let counts = &tools.work.counts;
    counts.charged.fetch_add(operations, Ordering::Relaxed);
    match tools.work.is_over() {
        true => {
            let end = Dynamic::from(ScriptEnd::Operations);
            Err(EvalAltResult::ErrorTerminated(end, Position::NONE).into())
        }
        false => Ok(()),
    }
}

/// What it costs to read values.
pub(super) fn cost_of_reading(values: &[&mut Dynamic]) -> usize {
    let parts = values.iter().map(|value| match text_length(value) {
        Some(length) => length / PLAIN,
        None => nodes(value) / PLAIN,
    });
    parts.sum()
}

/// What it costs to look at all that is in a list, one by one.
pub(super) fn cost_of_comparing(values: &[&mut Dynamic]) -> usize {
    values.iter().map(|value| nodes(value)).sum()
}

/// What it costs to make a value.
pub(super) fn cost_of_making(value: &Dynamic) -> usize {
    text_length(value).map_or_else(|| nodes(value), |length| length / PLAIN)
}

fn text_length(value: &Dynamic) -> Option<usize> {
    Some(value.read_lock::<ImmutableString>()?.len())
}

/// How many values there are in a list or a map, however deep.
fn nodes(value: &Dynamic) -> usize {
    if value.is_array() {
        let items = value.read_lock::<Array>();
        return items.map_or(0, |items| {
            items.len() + items.iter().map(nodes).sum::<usize>()
        });
    }
    if value.is_map() {
        let entries = value.read_lock::<Map>();
        return entries.map_or(0, |all| all.len() + all.values().map(nodes).sum::<usize>());
    }
    0
}
