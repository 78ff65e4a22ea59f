//! Where scripts run: what there is for them, and how much they may take.
//!
//! There are no files, modules, clocks, threads or sleep, and no `eval`; what `print` and `debug`
//! say goes nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Duration;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Engine, Module, Shared, Token, def_package};

use super::functions;

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
/// The most functions of a script.
const MOST_FUNCTIONS: usize = 100;

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

/// All of that.
pub(super) static LIBRARY: LazyLock<Shared<Module>> =
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
