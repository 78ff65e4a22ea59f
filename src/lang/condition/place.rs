//! Where a part of an expression stands in its source.
//!
//! The parser keeps one sign of each part: the dot, the operator, the parenthesis.

use std::ops::Range;

use cel::{
    IdedExpr,
    common::ast::{Expr, SourceInfo, operators},
};

/// The place of a whole part, in bytes.
pub(super) fn range_of(part: &IdedExpr, info: &SourceInfo, source: &str) -> Option<Range<usize>> {
    let inner = |part: &IdedExpr| range_of(part, info, source);
    let (start, stop) = info.offset_for(part.id)?;
    let token = start as usize..stop as usize + 1;
    let found = match &part.expr {
        Expr::Select(select) => {
            let operand = inner(&select.operand).unwrap_or(token.clone());
            let name = source.get(token.end..)?;
            let blank = name.len() - name.trim_start().len();
            operand.start..token.end + blank + select.field.len()
        }
        Expr::Call(call) => {
            let parts = call.target.as_deref().into_iter().chain(&call.args);
            let all = parts.filter_map(inner).fold(token.clone(), |all, part| {
                all.start.min(part.start)..all.end.max(part.end)
            });
            let name = call.func_name.as_str();
            let is_named = name.starts_with(|sign: char| sign.is_ascii_alphabetic());
            let close = match name {
                operators::INDEX => Some(']'),
                _ => is_named.then_some(')'),
            };
            let from = match is_named && call.target.is_none() {
                true => source.get(..token.start)?.rfind(name)?,
                false => all.start,
            };
            let end =
                close.and_then(|close| Some(all.end + source.get(all.end..)?.find(close)? + 1));
            from..end.unwrap_or(all.end)
        }
        Expr::List(list) => {
            let end = list.elements.iter().filter_map(inner).map(|item| item.end);
            let end = end.max().unwrap_or(token.end);
            token.start..end + source.get(end..)?.find(']')? + 1
        }
        _ => token,
    };
    source.get(found.clone()).map(|_| found)
}
