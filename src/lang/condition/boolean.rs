//! Whether an expression can be true or false at all.
//!
//! Nothing is guessed: what depends on the facts may be anything.

use cel::{
    IdedExpr,
    common::ast::{Expr, LiteralValue, operators},
};

use super::words::TYPES;

/// Functions that give something else than true or false, whatever they are given.
const NEVER_BOOLEAN: &[&str] = &[
    operators::ADD,
    operators::SUBSTRACT,
    operators::MULTIPLY,
    operators::DIVIDE,
    operators::MODULO,
    operators::NEGATE,
    "bytes",
    "charAt",
    "double",
    "duration",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "indexOf",
    "int",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "replace",
    "size",
    "split",
    "string",
    "substring",
    "timestamp",
    "trim",
    "type",
    "uint",
    "upperAscii",
];

/// Whether an expression is certain to be neither true nor false.
pub(super) fn is_never_boolean(expression: &IdedExpr) -> bool {
    match &expression.expr {
        Expr::Literal(literal) => !matches!(literal, LiteralValue::Boolean(_)),
        Expr::List(_) | Expr::Map(_) => true,
        Expr::Ident(name) => TYPES.contains(&name.as_str()),
        Expr::Call(call) => match call.func_name.as_str() {
            // One side of `&&` and `||` alone can decide.
            operators::LOGICAL_NOT | operators::LOGICAL_AND | operators::LOGICAL_OR => {
                call.args.iter().all(is_never_boolean)
            }
            operators::CONDITIONAL => call.args.iter().skip(1).all(is_never_boolean),
            name => NEVER_BOOLEAN.contains(&name),
        },
        // `map` and `filter` gather a list; `all` and `exists` begin with true or false.
        Expr::Comprehension(each) => {
            let gathers = matches!(&each.result.expr, Expr::Ident(name) if *name == each.accu_var);
            gathers && is_never_boolean(&each.accu_init)
        }
        Expr::Select(_) | Expr::Struct(_) | Expr::Unspecified => false,
    }
}
