//! The names in a template: its roots, filters, tests and functions.
//!
//! The engine finds a misspelt filter only when it renders, so the tags are read here once more,
//! as words and signs. A mistake gets its place and, where we can, what was meant.

use std::collections::{BTreeSet, HashSet};

use minijinja::{Environment, Error, Value};

use super::TemplateError;
use super::tags::{TagKind, TagToken, read_tag, tokens};
use crate::files::problem::nearest;
use crate::lang::facts::ROOTS;

/// Offered where a filter is misspelt; what exists is decided by the engine.
pub(super) const FILTERS: &[&str] = &[
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "chain",
    "count",
    "date",
    "default",
    "dictsort",
    "escape",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "spoken",
    "string",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "zip",
];

/// Offered where a test is misspelt.
pub(super) const TESTS: &[&str] = &[
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "even",
    "false",
    "filter",
    "float",
    "in",
    "integer",
    "iterable",
    "lower",
    "mapping",
    "none",
    "number",
    "odd",
    "sameas",
    "sequence",
    "startingwith",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
];

/// What stands in the tags of a template.
pub(super) struct TemplateNames<'s> {
    source: &'s str,
    tokens: Vec<TagToken<'s>>,
}

impl<'s> TemplateNames<'s> {
    /// Reads the tags of a template. Each begins with the sign that opens it.
    pub(super) fn read(source: &'s str) -> TemplateNames<'s> {
        TemplateNames {
            source,
            tokens: tokens(source),
        }
    }

    /// All that stands in the tags.
    pub(super) fn tokens(&self) -> &[TagToken<'s>] {
        &self.tokens
    }

    /// What is wrong at a token.
    pub(super) fn error_at(
        &self,
        token: &TagToken<'_>,
        message: &str,
        help: &str,
    ) -> TemplateError {
        let range = Some(token.range.clone());
        TemplateError::at(
            self.source,
            message.to_owned(),
            range,
            Some(help.to_owned()),
        )
    }

    /// The paths in it, from their root on: `customer.name`, `variables["first name"]`.
    pub(super) fn paths(&self) -> impl Iterator<Item = Vec<String>> {
        self.paths_at().map(|(_, path)| path)
    }

    /// As [`TemplateNames::paths`], each with the place of its root.
    pub(super) fn paths_at(&self) -> impl Iterator<Item = (usize, Vec<String>)> {
        let is_root = |&at: &usize| {
            let root = self.word(at).is_some_and(|word| ROOTS.contains(&word));
            root && !self.is_sign(at.wrapping_sub(1), ".")
        };
        (0..self.tokens.len()).filter(is_root).map(|root| {
            let mut path = vec![self.word(root).unwrap_or_default().to_owned()];
            let mut at = root + 1;
            loop {
                if let (true, Some(key)) = (self.is_sign(at, "."), self.word(at + 1)) {
                    path.push(key.to_owned());
                    at += 2;
                } else if let (true, Some(key), true) = (
                    self.is_sign(at, "["),
                    self.literal(at + 1),
                    self.is_sign(at + 2, "]"),
                ) {
                    path.push(key.to_owned());
                    at += 3;
                } else {
                    return (root, path);
                }
            }
        })
    }

    /// The roots that it speaks of, if every name in it is one that there is.
    pub(super) fn check(
        &self,
        env: &Environment<'_>,
        variables: HashSet<String>,
    ) -> Result<BTreeSet<String>, TemplateError> {
        for at in 0..self.tokens.len() {
            self.check_word(env, at)?;
        }
        self.check_members()?;
        let globals: Vec<&str> = env.globals().map(|(name, _)| name).collect();
        let mut roots: BTreeSet<String> = self
            .paths()
            .filter_map(|path| path.into_iter().next())
            .collect();
        for name in variables {
            if ROOTS.contains(&name.as_str()) {
                roots.insert(name);
            } else if !globals.contains(&name.as_str()) {
                return Err(self.unknown_name(&name, &globals));
            }
        }
        Ok(roots)
    }

    fn check_word(&self, env: &Environment<'_>, at: usize) -> Result<(), TemplateError> {
        let Some(name) = self.word(at) else {
            return Ok(());
        };
        let before = at.wrapping_sub(1);
        let negated =
            self.word(before) == Some("not") && self.word(before.wrapping_sub(1)) == Some("is");
        if self.is_sign(before, "|")
            || (self.word(before) == Some("filter") && self.is_sign(before.wrapping_sub(1), "{%"))
        {
            if !exists(env, "filter", name) {
                return Err(self.unknown(at, "filter", nearest(name, FILTERS.iter().copied())));
            }
            if name == "date" {
                return self.check_date(at);
            }
        } else if self.word(before) == Some("is") && name != "not" || negated {
            if !exists(env, "test", name) {
                return Err(self.unknown(at, "test", nearest(name, TESTS.iter().copied())));
            }
        } else if self.is_sign(before, ".") && self.is_sign(at + 1, "(") {
            let owner = self.word(at.wrapping_sub(2));
            if owner != Some("loop") {
                let help = nearest(name, FILTERS.iter().copied());
                let help = help.map(|filter| format!("write the filter `| {filter}` instead"));
                return Err(self.error(at, format!("there is no method `{name}`"), help));
            }
        }
        Ok(())
    }

    fn unknown_name(&self, name: &str, globals: &[&str]) -> TemplateError {
        let is_it =
            |&at: &usize| self.word(at) == Some(name) && !self.is_sign(at.wrapping_sub(1), ".");
        let at = (0..self.tokens.len())
            .find(is_it)
            .unwrap_or(self.tokens.len());
        if self.is_sign(at + 1, "(") {
            return self.unknown(at, "function", nearest(name, globals.iter().copied()));
        }
        let help = match nearest(name, ROOTS.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("a template can speak of `{}`", ROOTS.join("`, `")),
        };
        self.error(at, format!("there is no `{name}` here"), Some(help))
    }

    fn unknown(&self, at: usize, kind: &str, close: Option<&str>) -> TemplateError {
        let name = self.word(at).unwrap_or_default();
        let help = close.map(|close| format!("did you mean `{close}`?"));
        self.error(at, format!("there is no {kind} `{name}`"), help)
    }

    pub(super) fn error(&self, at: usize, message: String, help: Option<String>) -> TemplateError {
        let range = self.tokens.get(at).map(|token| token.range.clone());
        TemplateError::at(self.source, message, range, help)
    }

    pub(super) fn word(&self, at: usize) -> Option<&'s str> {
        self.tokens
            .get(at)
            .filter(|token| token.kind == TagKind::Word)
            .map(|token| token.text)
    }

    pub(super) fn literal(&self, at: usize) -> Option<&'s str> {
        self.tokens
            .get(at)
            .filter(|token| token.kind == TagKind::Text)
            .map(|token| token.text)
    }

    /// How many words, texts and signs there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// What stands at a place, without quotes.
    pub(super) fn text(&self, at: usize) -> Option<&'s str> {
        self.tokens.get(at).map(|token| token.text)
    }

    pub(super) fn is_sign(&self, at: usize, sign: &str) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == TagKind::Sign && token.text == sign)
    }
}

/// Reads a tag up to a place inside it.
pub(super) fn read_to_end(source: &str, end: usize) -> TemplateNames<'_> {
    let source = source.get(..end).unwrap_or_default();
    let open = source
        .rfind("{{")
        .max(source.rfind("{%"))
        .unwrap_or_default();
    let mut tokens = Vec::new();
    read_tag(source, open + 2, "}}", &mut tokens);
    TemplateNames { source, tokens }
}

/// What the engine says of a text that is no template.
pub(super) fn syntax_error(source: &str, error: &Error) -> TemplateError {
    let message = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_owned);
    let range = error
        .range()
        .filter(|range| source.get(range.clone()).is_some());
    TemplateError::at(source, message, range, None).at_line(error.line())
}

/// Whether the engine has a filter or a test of this name.
pub(super) fn exists(env: &Environment<'_>, kind: &str, name: &str) -> bool {
    let question = env.compile_expression_owned(format!("name is {kind}"));
    let answer = question.and_then(|question| question.eval(Value::from_pairs([("name", name)])));
    answer.is_ok_and(|answer| answer.is_true())
}
