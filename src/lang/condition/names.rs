//! The names in a condition: its roots, the paths it looks at, its functions and patterns.
//!
//! Every mistake that can be seen without a call is reported here, with a place and, where we can,
//! with what was meant.

mod literals;

use std::collections::BTreeSet;

use cel::{
    IdedExpr,
    common::ast::{
        CallExpr, ComprehensionExpr, EntryExpr, Expr, LiteralValue, SelectExpr, SourceInfo,
        operators,
    },
};

use super::{
    Condition, ConditionError,
    opening::LiteralHours,
    pattern::LiteralPattern,
    place::range_of,
    words::{FUNCTIONS, TYPES},
};
use crate::files::problem::nearest;
use crate::lang::facts::{self, ROOTS};

/// What a condition speaks of.
#[derive(Debug, Default)]
pub(super) struct ConditionNames {
    pub(super) roots: BTreeSet<String>,
    /// What is looked up, from the root on, in the order of the source. What only `has` asks for is
    /// not among them.
    pub(super) paths: Vec<Vec<String>>,
    pub(super) patterns: Vec<LiteralPattern>,
    pub(super) hours: Vec<LiteralHours>,
}

impl ConditionNames {
    /// Reads the names of an expression and puts a compiled pattern for each literal one.
    pub(super) fn read(
        expression: &mut IdedExpr,
        info: &SourceInfo,
        source: &str,
    ) -> Result<ConditionNames, ConditionError> {
        let mut reader = ConditionReader {
            names: ConditionNames::default(),
            local: Vec::new(),
            macros: 0,
            longer: 1,
            info,
            source,
        };
        reader.read(expression)?;
        Ok(reader.names)
    }
}

/// The most macros in each other: each goes through a list for each item of the other's.
const MOST_MACROS: usize = 2;
/// What is taken for the length of a text that is not written out, in bytes.
const UNKNOWN_LENGTH: usize = 64;
/// The most that all `replace` of a condition may lengthen a text.
const MOST_LONGER: usize = 4096;

struct ConditionReader<'a> {
    names: ConditionNames,
    /// The variables of the macros around (`all`, `exists`, …).
    local: Vec<String>,
    /// How many macros stand around.
    macros: usize,
    /// How often a text may be as long as it was, after all that replaces parts of it.
    longer: usize,
    info: &'a SourceInfo,
    source: &'a str,
}

impl ConditionReader<'_> {
    fn read(&mut self, expression: &mut IdedExpr) -> Result<(), ConditionError> {
        if let Some(path) = self.path(expression) {
            self.check_path(&path, expression)?;
            self.names.paths.push(path);
        }
        let id = expression.id;
        match &mut expression.expr {
            Expr::Ident(name) => self.read_name(name, id),
            Expr::Select(select) if select.test => {
                if let Some(mut path) = self.path(&select.operand) {
                    path.push(select.field.clone());
                    self.check_path(&path, &select.operand)?;
                }
                self.read_inside(&mut select.operand)?;
                let asked = std::mem::replace(&mut expression.expr, Expr::Unspecified);
                expression.expr = ask_on_the_way(asked);
                Ok(())
            }
            Expr::Select(select) => self.read_inside(&mut select.operand),
            Expr::Call(call) => self.read_call(call, id),
            Expr::Comprehension(each) => self.read_macro(each, id),
            Expr::List(list) => list
                .elements
                .iter_mut()
                .try_for_each(|item| self.read(item)),
            Expr::Map(map) => map
                .entries
                .iter_mut()
                .try_for_each(|entry| match &mut entry.expr {
                    EntryExpr::MapEntry(entry) => {
                        self.read(&mut entry.key)?;
                        self.read(&mut entry.value)
                    }
                    EntryExpr::StructField(field) => self.read(&mut field.value),
                }),
            Expr::Struct(made) => {
                let message = format!("there is no type `{}` to make", made.type_name);
                Err(self.error(message, id, None))
            }
            Expr::Literal(_) | Expr::Unspecified => Ok(()),
        }
    }

    /// Reads a macro such as `all`, whose variables are no roots.
    fn read_macro(&mut self, each: &mut ComprehensionExpr, id: u64) -> Result<(), ConditionError> {
        self.read(&mut each.iter_range)?;
        self.macros += 1;
        if self.macros > MOST_MACROS {
            return Err(self.costly(id, "a macro such as `all` stands in more than one other"));
        }
        let before = self.local.len();
        self.local
            .extend([each.iter_var.clone(), each.accu_var.clone()]);
        self.local.extend(each.iter_var2.clone());
        for part in [
            &mut each.accu_init,
            &mut each.loop_cond,
            &mut each.loop_step,
            &mut each.result,
        ] {
            self.read(part)?;
        }
        self.local.truncate(before);
        self.macros -= 1;
        Ok(())
    }

    /// As `read`, for the inner part of a path: it is no path of its own.
    fn read_inside(&mut self, operand: &mut IdedExpr) -> Result<(), ConditionError> {
        let noted = self.names.paths.len();
        let is_path = self.path(operand).is_some();
        self.read(operand)?;
        if is_path {
            self.names.paths.truncate(noted);
        }
        Ok(())
    }

    fn read_name(&mut self, name: &str, id: u64) -> Result<(), ConditionError> {
        let plain = name.trim_start_matches('.');
        if self.local.iter().any(|local| local == name) || plain.starts_with('@') {
            return Ok(());
        }
        if ROOTS.contains(&plain) {
            self.names.roots.insert(plain.to_owned());
            return Ok(());
        }
        if TYPES.contains(&plain) {
            return Ok(());
        }
        let close = nearest(plain, ROOTS.iter().copied());
        let help = match close {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("a condition can speak of {}", list(ROOTS)),
        };
        Err(self.error(format!("there is no `{plain}` here"), id, Some(help)))
    }

    fn read_call(&mut self, call: &mut CallExpr, id: u64) -> Result<(), ConditionError> {
        let is_operator = call
            .func_name
            .contains(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        if !is_operator {
            let target = call.target.as_deref();
            // `optional.of(x)` is a function with a dot in its name, not a call on a root.
            let namespaced = target.is_some_and(|target| {
                matches!(&target.expr, Expr::Ident(name) if !ROOTS.contains(&name.as_str()) && !self.local.contains(name))
                    && Condition::knows(&call.func_name, Some(target.clone()))
            });
            if !namespaced && !Condition::knows(&call.func_name, target.map(|_| text())) {
                return Err(self.unknown_function(&call.func_name, id));
            }
            if namespaced {
                return call
                    .args
                    .iter_mut()
                    .try_for_each(|argument| self.read(argument));
            }
        }
        self.compile_literals(call, id)?;
        if call.func_name == "replace" {
            let new = match call.args.get(1).map(|argument| &argument.expr) {
                Some(Expr::Literal(LiteralValue::String(text))) => text.inner().len(),
                _ => UNKNOWN_LENGTH,
            };
            self.longer = self.longer.saturating_mul(new.max(1));
            if self.longer > MOST_LONGER {
                return Err(self.costly(id, "a text may grow too long by all that is replaced"));
            }
        }
        if let Some(target) = &mut call.target {
            self.read(target)?;
        }
        let is_index = call.func_name == operators::INDEX;
        for (at, argument) in call.args.iter_mut().enumerate() {
            match is_index && at == 0 {
                true => self.read_inside(argument)?,
                false => self.read(argument)?,
            }
        }
        Ok(())
    }

    /// The keys from a root to this value, if it is looked up by such.
    fn path(&self, expression: &IdedExpr) -> Option<Vec<String>> {
        match &expression.expr {
            Expr::Ident(name) if ROOTS.contains(&name.as_str()) && !self.local.contains(name) => {
                Some(vec![name.clone()])
            }
            Expr::Select(select) if !select.test => {
                let mut path = self.path(&select.operand)?;
                path.push(select.field.clone());
                Some(path)
            }
            Expr::Call(call) if call.func_name == operators::INDEX => {
                let [operand, index] = call.args.as_slice() else {
                    return None;
                };
                let Expr::Literal(LiteralValue::String(key)) = &index.expr else {
                    return None;
                };
                let mut path = self.path(operand)?;
                path.push(key.inner().to_owned());
                Some(path)
            }
            _ => None,
        }
    }

    /// A key that is never there is a mistake.
    fn check_path(&self, path: &[String], at: &IdedExpr) -> Result<(), ConditionError> {
        let Some(missing) = facts::missing(path) else {
            return Ok(());
        };
        let range = range_of(at, self.info, self.source).map(|range| {
            let root = path.first().map_or(0, String::len);
            let key = path.get(missing.at).map_or("", String::as_str);
            let keys = self.source.get(range.start + root..).unwrap_or_default();
            let found = keys.find(key).map(|found| range.start + root + found);
            found.map_or(range, |found| found..found + key.len())
        });
        Err(ConditionError {
            message: missing.message,
            range,
            help: Some(missing.help),
        })
    }

    /// What would take too long, or too much memory, in a turn.
    fn costly(&self, id: u64, message: &str) -> ConditionError {
        let help = "keep what it needs ready in the context, or write several rules";
        self.error(message.to_owned(), id, Some(help.to_owned()))
    }

    fn unknown_function(&self, name: &str, id: u64) -> ConditionError {
        // A macro with the wrong arguments is left as a call.
        let (message, help) = match nearest(name, FUNCTIONS.iter().copied()) {
            Some(close) if close == name => (format!("`{name}` takes other arguments"), None),
            close => (
                format!("there is no function `{name}`"),
                close.map(|close| format!("did you mean `{close}`?")),
            ),
        };
        let mut error = self.error(message, id, help);
        // The place of a call is its parenthesis.
        let open = error.range.as_ref().map_or(0, |range| range.start);
        let before = self
            .source
            .get(..open)
            .and_then(|before| before.rfind(name));
        error.range = before.map(|from| from..from + name.len()).or(error.range);
        error
    }

    fn error(&self, message: String, id: u64, help: Option<String>) -> ConditionError {
        let range = self
            .info
            .offset_for(id)
            .map(|(start, stop)| start as usize..stop as usize + 1);
        ConditionError {
            message,
            range,
            help,
        }
    }
}

fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `has(a.b.c)` as `has(a.b) && a.b != null && has(a.b.c)`: where `b` is not there, `c` is not.
fn ask_on_the_way(asked: Expr) -> Expr {
    let both = |left: Expr, operator: &str, right: Expr| {
        let args = [left, right].map(|expr| IdedExpr { id: 0, expr }).into();
        Expr::Call(CallExpr {
            func_name: operator.to_owned(),
            target: None,
            args,
        })
    };
    let Expr::Select(last) = &asked else {
        return asked;
    };
    let Expr::Select(before) = &last.operand.expr else {
        return asked;
    };
    let there = ask_on_the_way(Expr::Select(SelectExpr {
        test: true,
        ..before.clone()
    }));
    let null = Expr::Literal(LiteralValue::Null);
    let not_null = both(last.operand.expr.clone(), operators::NOT_EQUALS, null);
    both(
        both(there, operators::LOGICAL_AND, not_null),
        operators::LOGICAL_AND,
        asked,
    )
}

/// A text, to call functions on.
pub(super) fn text() -> IdedExpr {
    IdedExpr {
        id: 0,
        expr: Expr::Literal(LiteralValue::String(String::new().into())),
    }
}

pub(super) fn call_without_arguments(function: &str, target: Option<IdedExpr>) -> IdedExpr {
    let call = CallExpr {
        func_name: function.to_owned(),
        target: target.map(Box::new),
        args: Vec::new(),
    };
    IdedExpr {
        id: 0,
        expr: Expr::Call(call),
    }
}
