//! What stands where something else must: a text that is asked whether it is true, a number in which
//! something is looked for.
//!
//! As in all of this, what may be anything fits everywhere.

use cel::{
    IdedExpr,
    common::ast::{CallExpr, Expr, operators},
};

use super::super::ConditionError;
use super::kind::{Type, are_comparable};
use super::{Checker, literal_text};

/// What takes a text beside the text that it is asked of.
const WITH_TEXT: &[&str] = &[
    "endsWith",
    "indexOf",
    "lastIndexOf",
    "replace",
    "split",
    "startsWith",
];

/// The roots that are objects whatever comes.
const OWN: &[&str] = &["context", "request", "turn"];

impl Checker<'_> {
    /// What a condition says must be true or false.
    pub(super) fn check_decides(&self, part: &IdedExpr) -> Result<(), ConditionError> {
        if !matches!(part.expr, Expr::Ident(_) | Expr::Select(_)) {
            return Ok(());
        }
        let text = self.text_of(part);
        let help = match self.type_of(part) {
            Type::Text => format!("ask something of it, as in `{text} == \"…\"`"),
            Type::Number => format!("compare it, as in `{text} > 1`"),
            Type::Time => format!("ask for a part of it, as in `{text}.getHours(\"UTC\") >= 9`"),
            Type::Map if OWN.contains(&text) => {
                format!("name what is in it, as in `has({text}.NAME)`")
            }
            _ => return Ok(()),
        };
        let is = self.type_of(part).name();
        let message = format!("`{text}` is {is}, and never true or false");
        Err(self.error(part, message, Some(help)))
    }

    /// Whether what a function or an operator is given can be used by it.
    pub(super) fn check_fits(
        &self,
        whole: &IdedExpr,
        call: &CallExpr,
    ) -> Result<(), ConditionError> {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT, parts) => {
                parts.iter().try_for_each(|part| self.check_decides(part))
            }
            (operators::CONDITIONAL, [asked, ..]) => self.check_decides(asked),
            (operators::IN, [item, list]) => self.check_in(whole, item, list),
            (operators::INDEX, [of, _]) => self.check_has_items(of),
            ("size", parts) => {
                let of = call.target.as_deref().or(parts.first());
                of.map_or(Ok(()), |of| self.check_size(of))
            }
            (name, [first, ..]) => match call.target.as_deref() {
                Some(target) => self.check_argument(name, target, first),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn check_argument(
        &self,
        name: &str,
        target: &IdedExpr,
        given: &IdedExpr,
    ) -> Result<(), ConditionError> {
        // A list may have anything in it.
        let is_asked =
            WITH_TEXT.contains(&name) || (name == "contains" && self.type_of(target) == Type::Text);
        let kind = self.type_of(given);
        if !is_asked || matches!(kind, Type::Text | Type::Json | Type::Any | Type::Null) {
            return Ok(());
        }
        let text = self.text_of(given);
        let message = format!("`{name}` takes a text, and `{text}` is {}", kind.name());
        let help = match &given.expr {
            Expr::Literal(_) => format!("write it as a text: `\"{text}\"`"),
            _ => format!("write `string({text})`"),
        };
        Err(self.error(given, message, Some(help)))
    }

    fn check_in(
        &self,
        whole: &IdedExpr,
        item: &IdedExpr,
        list: &IdedExpr,
    ) -> Result<(), ConditionError> {
        let kind = self.type_of(list);
        if matches!(
            kind,
            Type::Text | Type::Number | Type::Boolean | Type::Time | Type::Duration
        ) {
            let (item, text) = (self.text_of(item), self.text_of(list));
            let is = kind.name();
            let message = format!("`in` looks in a list or an object, and `{text}` is {is}");
            let help = (kind == Type::Text).then(|| format!("write `{text}.contains({item})`"));
            return Err(self.error(whole, message, help));
        }
        let Expr::List(all) = &list.expr else {
            return Ok(());
        };
        let is = self.type_of(item);
        let mut others = all.elements.iter();
        let is_never = !all.elements.is_empty()
            && others.all(|other| !are_comparable(is, self.type_of(other)));
        match (is_never, all.elements.first()) {
            (true, Some(first)) => {
                let (text, other) = (self.text_of(item), self.text_of(first));
                let message = format!(
                    "`{text}` is {} and `{other}` {}: it is never in this list",
                    is.name(),
                    self.type_of(first).name()
                );
                let bare = literal_text(first).filter(|_| is == Type::Number);
                let help = bare.map(|bare| format!("write {bare} without quotes"));
                Err(self.error(whole, message, help))
            }
            _ => Ok(()),
        }
    }

    fn check_has_items(&self, of: &IdedExpr) -> Result<(), ConditionError> {
        let kind = self.type_of(of);
        if !matches!(
            kind,
            Type::Text | Type::Number | Type::Boolean | Type::Time | Type::Duration
        ) {
            return Ok(());
        }
        let text = self.text_of(of);
        let message = format!("`{text}` is {}, and has no items", kind.name());
        let help = (kind == Type::Text).then(|| format!("write `{text}.charAt(0)`"));
        Err(self.error(of, message, help))
    }

    fn check_size(&self, of: &IdedExpr) -> Result<(), ConditionError> {
        let kind = self.type_of(of);
        if !matches!(
            kind,
            Type::Number | Type::Boolean | Type::Time | Type::Duration
        ) {
            return Ok(());
        }
        let text = self.text_of(of);
        let message = format!("`{text}` is {}, and has no size", kind.name());
        Err(self.error(of, message, Some("leave `size` out".to_owned())))
    }
}
