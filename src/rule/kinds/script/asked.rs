//! Whether a script only asks something of a value, so that nothing of the value goes on.
//!
//! Where that is not plain, it takes the value.

use rhai::{ASTNode, Expr, Stmt};

/// Functions that give true, false or a number, whatever they are given.
const ASKING: &[&str] = &[
    "!",
    "!=",
    "<",
    "<=",
    "==",
    ">",
    ">=",
    "contains",
    "ends_with",
    "in",
    "index_of",
    "is_empty",
    "len",
    "matches",
    "says",
    "starts_with",
    "type_of",
    "within",
];
/// Properties of the kind.
const ASKING_PROPERTIES: &[&str] = &["is_empty", "len"];

/// Whether the last of these nodes, each within the one before it, is only asked about.
pub(super) fn is_asked(nodes: &[ASTNode<'_>]) -> bool {
    let Some((last, around)) = nodes.split_last() else {
        return false;
    };
    if let ASTNode::Expr(expression) = last
        && ends_asking(expression)
    {
        return true;
    }
    let mut inner = last;
    for outer in around.iter().rev() {
        let asks = match outer {
            ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
            | ASTNode::Stmt(Stmt::FnCall(call, _)) => ASKING.contains(&call.name.as_str()),
            // What stands in it without being a statement is its condition.
            ASTNode::Stmt(Stmt::If(..) | Stmt::While(..)) => matches!(inner, ASTNode::Expr(_)),
            _ => false,
        };
        // What is done within a block is done, whatever is asked of its last value.
        if matches!(outer, ASTNode::Expr(Expr::Stmt(_))) {
            return false;
        }
        if asks {
            return true;
        }
        inner = outer;
    }
    false
}

/// Whether the end of a chain asks: `turn.user.to_lower().contains("x")`.
fn ends_asking(expression: &Expr) -> bool {
    match expression {
        Expr::Dot(chain, ..) | Expr::Index(chain, ..) => match &chain.rhs {
            next @ (Expr::Dot(..) | Expr::Index(..)) => ends_asking(next),
            Expr::MethodCall(call, _) => ASKING.contains(&call.name.as_str()),
            Expr::Property(property, _) => ASKING_PROPERTIES.contains(&property.2.as_str()),
            _ => false,
        },
        _ => false,
    }
}
