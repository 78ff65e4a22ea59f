//! `aside redact`: hides private values in lines of text.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::CommandOutcome;
use crate::detect::SharedNameFinder;
use crate::names::{NameModel, NameModelError};
use crate::rule::kinds::redact::OneTextSearch;
use crate::rule::{Retention, Vault};
use crate::stream::placeholder;

/// Hide private values: standard input to standard output, line by line
#[derive(Debug, Args)]
pub(super) struct Redact {
    /// JSON lines: {"id","text"} in, {"id","text","spans":[{"start","end","type"}]} out, with
    /// offsets in code points
    #[arg(long)]
    json: bool,
    /// A model that finds names as well: its folder or ONNX file
    #[arg(long, value_name = "PATH")]
    model: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct LineIn {
    id: serde_json::Value,
    text: String,
}

#[derive(Debug, Serialize)]
struct LineOut<'l> {
    id: &'l serde_json::Value,
    text: String,
    spans: Vec<Span>,
}

#[derive(Debug, Serialize)]
struct Span {
    start: usize,
    end: usize,
    r#type: &'static str,
}

impl Redact {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        let search = match search_with(self.model.as_deref()) {
            Ok(search) => search,
            Err(error) => {
                eprintln!("error: the model for names can't be used: {error}");
                return Ok(CommandOutcome::Problems);
            }
        };
        self.hide_lines(&search)
    }

    fn hide_lines(self, search: &OneTextSearch) -> anyhow::Result<CommandOutcome> {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let mut input = std::io::stdin().lock();
        let mut is_good = true;
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if input
                .read_until(b'\n', &mut line)
                .context("failed to read standard input")?
                == 0
            {
                break;
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.strip_suffix('\n').unwrap_or(&text);
            let result = if !self.json {
                writeln!(out, "{}", hide(search, text).0)
            } else if text.trim().is_empty() {
                Ok(())
            } else {
                match serde_json::from_str::<LineIn>(text) {
                    Ok(parsed) => {
                        let (text, spans) = hide(search, &parsed.text);
                        let line = LineOut {
                            id: &parsed.id,
                            text,
                            spans,
                        };
                        writeln!(out, "{}", serde_json::to_string(&line)?)
                    }
                    Err(error) => {
                        is_good = false;
                        eprintln!(
                            "error: standard input:{number}: the line is no {{\"id\",\"text\"}}: {error}"
                        );
                        Ok(())
                    }
                }
            };
            match result {
                // Who closed the pipe has read enough.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                    return Ok(CommandOutcome::Good);
                }
                other => other.context("failed to write standard output")?,
            }
        }
        match out.flush() {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(error).context("failed to write standard output")
            }
            _ => Ok(if is_good {
                CommandOutcome::Good
            } else {
                CommandOutcome::Problems
            }),
        }
    }
}

/// All detectors, with a model that finds names where there is one.
fn search_with(model: Option<&Path>) -> Result<OneTextSearch, NameModelError> {
    let search = OneTextSearch::default();
    let Some(model) = model else {
        return Ok(search);
    };
    let model: SharedNameFinder = Arc::new(NameModel::load(model)?);
    Ok(search.with_names(&model))
}

/// The text with placeholders, and where the values stood, in code points.
fn hide(search: &OneTextSearch, text: &str) -> (String, Vec<Span>) {
    let mut vault = Vault::default();
    let mut out = String::with_capacity(text.len());
    let mut spans = Vec::new();
    let (mut copied, mut points) = (0, 0);
    for value in search.find(text) {
        let label = value.detector.label();
        let spelling = &text[value.place.clone()];
        let (number, _) = vault.number(label, value.identity, spelling, Retention::Nothing);
        let before = &text[copied..value.place.start];
        out.push_str(before);
        out.push_str(&placeholder::written(label, number));
        let start = points + before.chars().count();
        points = start + spelling.chars().count();
        spans.push(Span {
            start,
            end: points,
            r#type: value.detector.reported_type(),
        });
        copied = value.place.end;
    }
    out.push_str(&text[copied..]);
    (out, spans)
}
