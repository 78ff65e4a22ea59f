//! The language's own functions over texts and lists, each charged for what it reads and makes.
//!
//! It changes nothing of what they do. Those that call a function of the script are left as they
//! are: that takes steps for each item.

use std::any::TypeId;
use std::sync::{Arc, LazyLock};

use rhai::{
    Array, Dynamic, Engine, EvalAltResult, FnPtr, FuncRegistration, ImmutableString, Map, Module,
    NativeCallContext, RhaiFunc, Shared,
};

use super::functions;
use super::sandbox::reader;
use super::work::{charge, cost_of_comparing, cost_of_making, cost_of_reading};

/// Those that compare one item after the other.
const COMPARING: &[&str] = &["==", "!=", "contains", "dedup", "index_of", "sort"];
/// Those that ask the engine for its limits as they work.
const ASKING: &[&str] = &["pad"];

/// The functions as the language has them.
static PLAIN: LazyLock<Engine> = LazyLock::new(reader);

/// The charged ones, which are found before those.
pub(super) static METERED: LazyLock<Shared<Module>> = LazyLock::new(|| {
    let own = functions::names();
    let all = PLAIN.collect_fn_metadata(
        None,
        |info| {
            let types = info.metadata.param_types.iter().copied();
            Some((info.metadata.name.to_string(), types.collect::<Vec<_>>()))
        },
        true,
    );
    let mut module = Module::new();
    for (name, types) in all {
        let is_left = own.contains(&name) || ASKING.contains(&name.as_str());
        if !is_left && is_metered(&types) {
            add(&mut module, name, &types);
        }
    }
    module.into()
});

/// Whether a function of these types works on what may be large, and calls nothing of the script.
fn is_metered(types: &[TypeId]) -> bool {
    let text = TypeId::of::<ImmutableString>();
    let Some((first, rest)) = types.split_first() else {
        return false;
    };
    let is_list = [TypeId::of::<Array>(), TypeId::of::<Map>()].contains(first);
    // Beside a list, a text may be the name of a function.
    let calls = |kind: &TypeId| *kind == TypeId::of::<FnPtr>() || (is_list && *kind == text);
    (*first == text || is_list) && !rest.iter().any(calls)
}

fn add(module: &mut Module, name: String, types: &[TypeId]) {
    let function = name.clone();
    let cost_before = match COMPARING.contains(&name.as_str()) {
        true => |values: &[&mut Dynamic]| cost_of_comparing(values) + cost_of_reading(values),
        false => cost_of_reading,
    };
    let work = move |context: Option<NativeCallContext<'_>>,
                     values: &mut [&mut Dynamic]|
          -> Result<Dynamic, Box<EvalAltResult>> {
        let context = context.expect("a function that asks for its context is given one");
        charge(&context, cost_before(values))?;
        let runtime = context.global_runtime_state();
        let plain: NativeCallContext<'_> = (
            &*PLAIN,
            function.as_str(),
            None,
            runtime,
            context.call_position(),
        )
            .into();
        let made = plain.call_native_fn_raw(&function, true, values)?;
        charge(&context, cost_of_making(&made))?;
        Ok(made)
    };
    let function = RhaiFunc::Method {
        func: Arc::new(work),
        has_context: true,
        // What must not be changed is asked for by the function itself.
        is_pure: true,
        is_volatile: false,
    };
    FuncRegistration::new(name).set_into_module_raw(module, types, function);
}
