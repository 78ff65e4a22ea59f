//! Templates: texts with places for facts, in Jinja.
//!
//! CompiledTemplate once, with every name checked. Rendering is one pass: text that came from a call is
//! data and is never read as a template. It is bounded in steps, depth and length, it reads no
//! other templates, and its errors quote the template, never a value.

mod dates;
mod depth;
mod escape;
mod growth;
mod members;
mod names;
mod prompt;
mod tags;
mod trusted;

use std::{collections::BTreeSet, fmt, ops::Range, sync::Arc};

use minijinja::{
    Environment, Error, ErrorKind,
    value::{Enumerator, Object, Serde, Value},
};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    facts::{FETCH, Facts},
    filters::FilterError,
};
pub use escape::Escaping;
use names::TemplateNames;

/// The longest text that a template may make, in bytes.
const LONGEST: usize = 64 * 1024;
/// The most steps that it may take; a step also pays for 64 bytes of text or 4 of JSON.
const STEPS: u64 = 50_000;
/// The deepest nesting of loops that call themselves.
const DEPTH: usize = 50;
/// The name of the one template in an environment.
const NAME: &str = "template";

/// A template that was checked when its rule file was read.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Template(Arc<CompiledTemplate>);

struct CompiledTemplate {
    source: String,
    /// None where the source is the whole text.
    env: Option<Environment<'static>>,
    roots: BTreeSet<String>,
    paths: Vec<Vec<String>>,
    /// The paths of values that are printed as they are written.
    trusted: Vec<Vec<String>>,
}

/// Why a text is no template, or could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// What is wrong.
    pub message: String,
    /// The line of the source, from one.
    pub line: Option<usize>,
    /// The place, in bytes of the source.
    pub range: Option<Range<usize>>,
    /// What to write instead.
    pub help: Option<String>,
}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(source: String) -> Result<Template, TemplateError> {
        Template::parse(&source)
    }
}

impl Template {
    /// Compiles a template whose values stay as they are, and checks the names in it.
    pub fn parse(source: &str) -> Result<Template, TemplateError> {
        Template::parse_for(Escaping::Text, source)
    }

    /// Compiles a template whose text goes somewhere, and checks the names in it.
    pub fn parse_for(escaping: Escaping, source: &str) -> Result<Template, TemplateError> {
        Template::parse_trusting(escaping, source, Vec::new())
    }

    /// As [`Template::parse_for`]; in a prompt, the values at these paths, and all below them, are
    /// printed as they are written.
    pub fn parse_trusting(
        escaping: Escaping,
        source: &str,
        trusted: Vec<Vec<String>>,
    ) -> Result<Template, TemplateError> {
        if !["{{", "{%", "{#"].iter().any(|tag| source.contains(tag)) {
            return Ok(Template(Arc::new(CompiledTemplate {
                source: source.to_owned(),
                env: None,
                roots: BTreeSet::new(),
                paths: Vec::new(),
                trusted,
            })));
        }
        let names = TemplateNames::read(source);
        depth::check_depth(&names)?;
        growth::check(&names)?;
        let mut env = escaping.environment();
        env.add_template_owned(NAME, source.to_owned())
            .map_err(|error| names::syntax_error(source, &error))?;
        let variables = env
            .get_template(NAME)
            .map(|template| template.undeclared_variables(false));
        let roots = names.check(&env, variables.unwrap_or_default())?;
        Ok(Template(Arc::new(CompiledTemplate {
            source: source.to_owned(),
            env: Some(env),
            roots,
            paths: names.paths().collect(),
            trusted,
        })))
    }

    /// The text that it was compiled from.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The roots that it speaks of.
    pub fn references(&self) -> &BTreeSet<String> {
        &self.0.roots
    }

    /// The names of the fetches that it speaks of.
    pub fn fetches(&self) -> BTreeSet<String> {
        let names = self
            .0
            .paths
            .iter()
            .filter_map(|path| match path.as_slice() {
                [root, name, ..] if root == FETCH => Some(name.clone()),
                _ => None,
            });
        names.collect()
    }

    /// The paths that it speaks of, from their roots on, in the order of the source.
    pub fn paths(&self) -> &[Vec<String>] {
        &self.0.paths
    }

    /// Whether it renders to its source, whatever the facts.
    pub fn is_constant(&self) -> bool {
        self.0.env.is_none()
    }

    /// The text for these facts.
    pub fn render(&self, facts: &Facts) -> Result<String, TemplateError> {
        let Some(env) = &self.0.env else {
            return Ok(self.0.source.clone());
        };
        let values = self
            .0
            .roots
            .iter()
            .filter_map(|root| Some((root.as_str(), self.value(root, facts.shared(root)?))));
        let rendered = env
            .get_template(NAME)
            .and_then(|template| template.render(Value::from_pairs(values)));
        match rendered {
            Ok(text) if text.len() <= LONGEST => Ok(text),
            Ok(_) => Err(self.error(
                format!("the text is longer than {LONGEST} bytes"),
                None,
                None,
            )),
            Err(error) => Err(self.explain(&error, facts)),
        }
    }

    /// A root as the engine sees it.
    fn value(&self, root: &str, json: &Arc<Json>) -> Value {
        let of_root = |path: &&Vec<String>| path.first().is_some_and(|first| first == root);
        let below = self.0.trusted.iter().filter(of_root);
        let below: Vec<&[String]> = below.filter_map(|path| path.get(1..)).collect();
        match below.is_empty() {
            true => lazy(json),
            false => trusted::value(json, &below),
        }
    }

    /// What an error of the language means. Its own message is not used: it may quote values.
    fn explain(&self, error: &Error, facts: &Facts) -> TemplateError {
        let source = std::error::Error::source(error);
        if let Some(cause) = source.and_then(|source| source.downcast_ref::<FilterError>()) {
            let message = cause.message(&self.0.source);
            return self.error(message, error.range(), Some(cause.help().to_owned()));
        }
        let range = error
            .range()
            .filter(|range| self.0.source.get(range.clone()).is_some());
        let text = range
            .clone()
            .and_then(|range| self.0.source.get(range))
            .unwrap_or_default();
        let text = text.trim_matches(|c: char| "{}%.".contains(c) || c.is_whitespace());
        let read = names::read_to_end(&self.0.source, range.as_ref().map_or(0, |range| range.end));
        let absent = read
            .paths()
            .filter_map(|path| Some(facts.at(&path).err()?.join(".")))
            .last();
        let (message, help) = match (error.kind(), absent) {
            (ErrorKind::OutOfFuel, _) => (format!("it takes more than {STEPS} steps"), None),
            (_, Some(path)) => {
                let help =
                    format!("write `default(…)` behind it, or `{{% if {path} %}}` around it");
                (format!("`{path}` is absent"), Some(help))
            }
            (ErrorKind::UndefinedError, None) => {
                let help = "write `default(…)` behind it, or `{% if … %}` around it".to_owned();
                (format!("`{text}` is absent"), Some(help))
            }
            (kind, None) => (format!("`{text}` cannot be evaluated: {kind}"), None),
        };
        self.error(message, range, help).at_line(error.line())
    }

    fn error(
        &self,
        message: String,
        range: Option<Range<usize>>,
        help: Option<String>,
    ) -> TemplateError {
        TemplateError::at(&self.0.source, message, range, help)
    }
}

impl TemplateError {
    fn at(
        source: &str,
        message: String,
        range: Option<Range<usize>>,
        help: Option<String>,
    ) -> TemplateError {
        let before = range.as_ref().and_then(|range| source.get(..range.start));
        let line = before.map(|before| before.matches('\n').count() + 1);
        TemplateError {
            message,
            line,
            range,
            help,
        }
    }

    fn at_line(mut self, line: Option<usize>) -> TemplateError {
        self.line = self.line.or(line);
        self
    }
}

/// Shows the source, which is a rule's and no secret, and not the engine.
impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.0.source).finish()
    }
}

/// A root as the engine sees it: of an object, only the keys that are asked for are converted.
fn lazy(json: &Arc<Json>) -> Value {
    match &**json {
        Json::Object(_) => Value::from_object(LazyObject(Arc::clone(json))),
        other => convert(other),
    }
}

fn convert(json: &Json) -> Value {
    match json {
        Json::String(text) => Value::from(text.as_str()),
        other => Value::from(Serde(other)),
    }
}

struct LazyObject(Arc<Json>);

impl fmt::Debug for LazyObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{…}")
    }
}

impl Object for LazyObject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.0.get(key).map(convert)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let keys = self.0.as_object().into_iter().flat_map(|map| map.keys());
        Enumerator::Values(keys.map(|key| Value::from(key.as_str())).collect())
    }
}

#[cfg(test)]
mod tests;
