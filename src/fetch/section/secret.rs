//! Templates in which `${NAME}` stands for a value of the environment.
//!
//! The value is put in after the template was rendered, so it is never read as one; and what came
//! from a call can't spell `${`. Neither Debug nor an error shows it.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::ops::Range;

use secrecy::{ExposeSecret, SecretString};

use crate::files::variable::{expand, how_to_set};
use crate::lang::facts::Facts;
use crate::lang::template::{Escaping, Template, TemplateError};

/// A template and the values of the environment in it.
pub(super) struct WithSecrets {
    template: Template,
    /// By name, as they are put in.
    secrets: Vec<(String, SecretString)>,
}

impl WithSecrets {
    /// Compiles a template and reads its variables.
    pub(super) fn read(
        escaping: Escaping,
        source: &str,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<WithSecrets, TemplateError> {
        let template = Template::parse_for(escaping, source)?;
        let mut secrets: Vec<(String, SecretString)> = Vec::new();
        for piece in pieces(source) {
            let Some((at, name)) = variable(&piece, escaping)? else {
                continue;
            };
            let value = env(name).ok_or(VariableError::NotSet);
            let value = value.and_then(|value| written_as(escaping, value));
            let value = value.map_err(|error| {
                let message = format!("the environment variable `{name}` {error}");
                let help = matches!(error, VariableError::NotSet).then(|| how_to_set(name));
                wrong(message, at..at + name.len() + 3, help.as_deref())
            })?;
            secrets.push((name.to_owned(), value.into()));
        }
        Ok(WithSecrets { template, secrets })
    }

    /// The text for these facts.
    pub(super) fn render(&self, facts: &Facts) -> Result<String, TemplateError> {
        Ok(self.put_in(&self.template.render(facts)?))
    }

    /// The roots that it speaks of.
    pub(super) fn references(&self) -> &BTreeSet<String> {
        self.template.references()
    }

    /// What does not depend on facts, the values put in; a `{{ … }}` is `None`. Other tags leave
    /// nothing.
    pub(super) fn fixed(&self) -> Vec<Option<String>> {
        let source = self.template.source();
        let known = pieces(source).into_iter().filter_map(|piece| match piece {
            TemplatePiece::Text(text) => Some(Some(text.to_owned())),
            TemplatePiece::Variable(at, name) => {
                let whole = source.get(at..at + name.len() + 3)?;
                Some(Some(self.put_in(whole)))
            }
            TemplatePiece::Tag(_, tag) => tag.starts_with("{{").then_some(None),
            TemplatePiece::Open(_) => None,
        });
        known.collect()
    }

    fn put_in(&self, text: &str) -> String {
        let put_in = expand(text, |name| {
            let known = self
                .secrets
                .iter()
                .find(|(known, _)| Some(known.as_str()) == name);
            Ok::<_, Infallible>(known.map(|(_, value)| value.expose_secret()))
        });
        match put_in {
            Ok(text) => text,
        }
    }
}

impl fmt::Debug for WithSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.template.fmt(f)
    }
}

/// The variable that a piece reads, and where it stands; an error: the piece may not stand here.
fn variable<'s>(
    piece: &TemplatePiece<'s>,
    escaping: Escaping,
) -> Result<Option<(usize, &'s str)>, TemplateError> {
    match *piece {
        TemplatePiece::Text(text)
            if escaping == Escaping::Header && text.chars().any(char::is_control) =>
        {
            Err(wrong("a header has no line break".into(), 0..0, None))
        }
        TemplatePiece::Text(_) => Ok(None),
        TemplatePiece::Tag(at, tag) => match tag.find("${") {
            Some(found) => {
                let help = "write it outside of `{{ … }}` and `{% … %}`";
                let place = at + found..at + found + 2;
                Err(wrong(
                    "`${` stands inside of a tag".into(),
                    place,
                    Some(help),
                ))
            }
            None => Ok(None),
        },
        TemplatePiece::Open(at) => Err(wrong("`${` has no `}`".into(), at..at + 2, None)),
        TemplatePiece::Variable(at, name) => Ok(Some((at, name))),
    }
}

/// Why a variable can't be put in.
#[derive(Debug, thiserror::Error)]
enum VariableError {
    #[error("is not set")]
    NotSet,
    #[error("has a sign that can't stand here")]
    Sign,
}

/// The value of a variable as it is put in.
fn written_as(escaping: Escaping, value: String) -> Result<String, VariableError> {
    let is_good = match escaping {
        Escaping::Header => !value.chars().any(char::is_control),
        Escaping::Url => value.bytes().all(is_url_byte),
        _ => true,
    };
    if !is_good {
        return Err(VariableError::Sign);
    }
    if escaping != Escaping::Json {
        return Ok(value);
    }
    let quoted = serde_json::Value::from(value).to_string();
    let within = quoted.get(1..quoted.len() - 1);
    Ok(within.unwrap_or_default().to_owned())
}

fn wrong(message: String, range: Range<usize>, help: Option<&str>) -> TemplateError {
    TemplateError {
        message,
        line: None,
        range: Some(range),
        help: help.map(str::to_owned),
    }
}

/// Whether a byte may stand in a URL; `#` begins what is not sent.
pub(super) fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte)
}

/// A part of the source of a template, with its place.
enum TemplatePiece<'s> {
    Text(&'s str),
    Tag(usize, &'s str),
    Variable(usize, &'s str),
    /// A `${` that is not closed.
    Open(usize),
}

fn pieces(source: &str) -> Vec<TemplatePiece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let openings = ["{{", "{%", "{#", "${"];
        let start = openings.iter().filter_map(|open| rest.find(open)).min();
        let start = start.unwrap_or(rest.len());
        if start > 0 {
            pieces.push(TemplatePiece::Text(rest.get(..start).unwrap_or_default()));
            at += start;
            continue;
        }
        let close = match rest.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => "}",
        };
        let Some(end) = rest.find(close).map(|end| end + close.len()) else {
            if close == "}" {
                pieces.push(TemplatePiece::Open(at));
            }
            break;
        };
        match close {
            "}" => pieces.push(TemplatePiece::Variable(
                at,
                rest.get(2..end - 1).unwrap_or_default(),
            )),
            _ => pieces.push(TemplatePiece::Tag(at, rest.get(..end).unwrap_or_default())),
        }
        at += end;
    }
    pieces
}
