//! Templates in which `${NAME}` stands for a value of the environment.
//!
//! The value is put in after the template was rendered, so it is never read as one; and what came
//! from a call can't spell `${`. Neither Debug nor an error shows it.

use std::collections::BTreeSet;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};

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
        let error = |message: String, at: usize, length: usize, help: Option<&str>| TemplateError {
            message,
            line: None,
            range: Some(at..at + length),
            help: help.map(str::to_owned),
        };
        for piece in pieces(source) {
            let (at, name) = match piece {
                Piece::Text(text) if escaping == Escaping::Header => {
                    if text.chars().any(char::is_control) {
                        return Err(error("a header has no line break".into(), 0, 0, None));
                    }
                    continue;
                }
                Piece::Text(_) => continue,
                Piece::Tag(at, tag) => match tag.find("${") {
                    Some(found) => {
                        let help = "write it outside of `{{ … }}` and `{% … %}`";
                        let message = "`${` stands inside of a tag".into();
                        return Err(error(message, at + found, 2, Some(help)));
                    }
                    None => continue,
                },
                Piece::Open(at) => {
                    return Err(error("`${` has no `}`".into(), at, 2, None));
                }
                Piece::Variable(at, name) => (at, name),
            };
            let length = name.len() + 3;
            let Some(value) = env(name) else {
                let message = format!("the environment variable `{name}` is not set");
                return Err(error(message, at, length, None));
            };
            let is_good = match escaping {
                Escaping::Header => !value.chars().any(char::is_control),
                Escaping::Url => value.bytes().all(super::url::is_url_byte),
                Escaping::Json | Escaping::Text | Escaping::Prompt => true,
            };
            if !is_good {
                let message =
                    format!("the environment variable `{name}` has a sign that can't stand here");
                return Err(error(message, at, length, None));
            }
            let value = match escaping {
                Escaping::Json => {
                    let quoted = serde_json::Value::from(value).to_string();
                    quoted
                        .get(1..quoted.len() - 1)
                        .unwrap_or_default()
                        .to_owned()
                }
                _ => value,
            };
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
            Piece::Text(text) => Some(Some(text.to_owned())),
            Piece::Variable(at, name) => {
                let whole = source.get(at..at + name.len() + 3)?;
                Some(Some(self.put_in(whole)))
            }
            Piece::Tag(_, tag) => tag.starts_with("{{").then_some(None),
            Piece::Open(_) => None,
        });
        known.collect()
    }

    fn put_in(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let found = after.split_once('}').and_then(|(name, tail)| {
                let (_, value) = self.secrets.iter().find(|(known, _)| known == name)?;
                Some((value, tail))
            });
            match found {
                Some((value, tail)) => {
                    out.push_str(value.expose_secret());
                    rest = tail;
                }
                None => {
                    out.push_str("${");
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

impl fmt::Debug for WithSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.template.fmt(f)
    }
}

/// A part of the source of a template, with its place.
enum Piece<'s> {
    Text(&'s str),
    Tag(usize, &'s str),
    Variable(usize, &'s str),
    /// A `${` that is not closed.
    Open(usize),
}

fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let openings = ["{{", "{%", "{#", "${"];
        let start = openings.iter().filter_map(|open| rest.find(open)).min();
        let start = start.unwrap_or(rest.len());
        if start > 0 {
            pieces.push(Piece::Text(rest.get(..start).unwrap_or_default()));
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
                pieces.push(Piece::Open(at));
            }
            break;
        };
        match close {
            "}" => pieces.push(Piece::Variable(
                at,
                rest.get(2..end - 1).unwrap_or_default(),
            )),
            _ => pieces.push(Piece::Tag(at, rest.get(..end).unwrap_or_default())),
        }
        at += end;
    }
    pieces
}
