//! Where scripts run: what there is for them, and how much they may take.
//!
//! There are no files, modules, clocks, threads or sleep, and no `eval`; what `print` and `debug`
//! say goes nowhere. A script that never ends is stopped by its operations, among which counts what
//! functions read and write; one whose operations take long by its own time, and by that of the
//! turn's rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Duration;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, Module, Shared, Token, def_package};

use super::functions;
use super::metered::METERED;
use super::values::ValueSize;
use super::work::{ScriptEnd, ScriptTools};
use crate::rule::Clock;

/// The most operations of a script over a request: milliseconds.
pub(super) const MOST_OPERATIONS: u64 = 100_000;
/// The most of a script over a sentence.
pub(super) const MOST_OF_SENTENCE: u64 = 20_000;
/// The most of a script over all sentences of a reply.
pub(super) const MOST_OF_REPLY: u64 = 100_000;
/// No run takes longer, where there is a clock: copies of large lists are one operation.
pub(super) const LONGEST: Duration = Duration::from_millis(50);
/// How deep functions may call each other.
pub(super) const DEEPEST_CALLS: usize = 16;
/// How deep expressions may nest.
const DEEPEST_EXPRESSION: usize = 32;
/// The most variables at once.
const MOST_VARIABLES: usize = 128;
/// The most functions of a script.
const MOST_FUNCTIONS: usize = 100;
/// How much may be there beside what came: bytes of texts, items, entries. What nests in itself
/// nests no deeper.
const ROOM: ValueSize = ValueSize {
    text: 256 << 10,
    items: 1000,
    entries: 1000,
};
/// The time is asked for at one of so many operations.
const ASKED: u64 = 16;

def_package! {
    /// What there is for scripts: the language without what reaches out of it, and what voices need.
    pub(super) SandboxPackage(library) :
        ArithmeticPackage,
        BasicStringPackage,
        BasicIteratorPackage,
        BasicFnPackage,
        LogicPackage,
        BasicMathPackage,
        BasicArrayPackage,
        BasicMapPackage,
        MoreStringPackage
    {
        functions::add_to(library);
    }
}

static LIBRARY: LazyLock<Shared<Module>> =
    LazyLock::new(|| SandboxPackage::new().as_shared_module());

/// The functions there are, with how many arguments each takes.
pub(super) static FUNCTIONS: LazyLock<BTreeMap<String, BTreeSet<usize>>> = LazyLock::new(|| {
    let all = reader().collect_fn_metadata(
        None,
        |info| Some((info.metadata.name.to_string(), info.metadata.num_params)),
        true,
    );
    let mut functions: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (name, count) in all {
        functions.entry(name).or_default().insert(count);
    }
    functions
});

/// What reads scripts.
pub(super) fn reader() -> Engine {
    let mut engine = Engine::new_raw();
    engine.register_global_module(LIBRARY.clone());
    engine.set_strict_variables(true);
    engine.set_max_expr_depths(DEEPEST_EXPRESSION, DEEPEST_EXPRESSION);
    engine.set_max_functions(MOST_FUNCTIONS);
    engine.disable_symbol("eval");
    // The language keeps the word for `f.call()`; here it is the call of the turn as well.
    #[expect(
        deprecated,
        reason = "it is marked so because it may change, and works"
    )]
    engine.on_parse_token(|token, _, _| match token {
        Token::Reserved(word) if &**word == "call" => Token::Identifier(word),
        token => token,
    });
    engine
}

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
