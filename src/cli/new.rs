//! `aside new`: a rule that works, with its test, to begin with.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clap::Args;

use super::setup::Files;
use super::setup::environment;
use super::{CommandOutcome, show};
use crate::files::problem::nearest;
use crate::files::{Problem, Source};
use crate::rule::{KINDS, Kind};
use crate::ruleset::Ruleset;
use crate::server::read_what_can_be;

/// Write a working rule with its test into the folder of rules
#[derive(Debug, Args)]
pub(super) struct New {
    #[arg(help = format!("What the rule does: {}", kinds()))]
    kind: String,
    /// The rule's name: small letters, digits and `-`
    name: String,
    #[command(flatten)]
    files: Files,
}

impl New {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        let Some(kind) = Kind::named(&self.kind) else {
            return Ok(unknown_kind(&self.kind));
        };
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !self.name.starts_with(|c: char| c.is_ascii_lowercase())
            || !self.name.chars().all(is_plain)
        {
            let message = format!("`{}` can't be the name of a rule", self.name);
            let help = "use small letters, digits and `-`, as in `order-numbers`";
            return Ok(refused(message, help));
        }
        let rules = match self.files.folder(None) {
            Ok(folder) => folder,
            Err(problem) => {
                show(&[*problem]);
                return Ok(CommandOutcome::Problems);
            }
        };
        std::fs::create_dir_all(&rules)
            .with_context(|| format!("failed to make `{}`", rules.display()))?;
        let (sources, problems) = read_what_can_be(&rules);
        if !problems.is_empty() {
            show(&problems);
            return Ok(CommandOutcome::Problems);
        }
        let names: Vec<String> = sources.iter().map(|source| stem(&source.name)).collect();
        if let Some(taken) = names.iter().find(|name| bare(name) == self.name) {
            let message = format!("there is a rule `{taken}` already");
            return Ok(refused(message, "take another name, or change that rule"));
        }
        let file = format!("{}-{}.toml", next_number(&names), self.name);
        let path = rules.join(file);
        let text = starter(kind, &self.name, &path, &sources);
        let mut file = File::create_new(&path)
            .with_context(|| format!("failed to make `{}`", path.display()))?;
        file.write_all(text.as_bytes())
            .with_context(|| format!("failed to write `{}`", path.display()))?;
        // Without it the commands read the same folder, unless a flag named this one.
        let folder = match self.files.rules {
            None => String::new(),
            Some(_) => format!(" {}", rules.display()),
        };
        println!("wrote {}", path.display());
        println!(
            "next: make it say what you need, then run `aside check{folder}` and `aside test{folder}`"
        );
        Ok(CommandOutcome::Good)
    }
}

fn kinds() -> String {
    let names = KINDS.iter().map(|kind| kind.name);
    names.collect::<Vec<_>>().join(", ")
}

fn unknown_kind(kind: &str) -> CommandOutcome {
    let names = KINDS.iter().map(|kind| kind.name);
    let help = match nearest(kind, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the kinds are {}", kinds()),
    };
    refused(format!("unknown kind `{kind}`"), &help)
}

fn refused(message: String, help: &str) -> CommandOutcome {
    eprintln!("error: {message}\nhelp: {help}");
    CommandOutcome::Problems
}

/// The kind's starter with a label that no rule has, made of the rule's name.
fn starter(kind: &Kind, name: &str, path: &Path, sources: &[Source]) -> String {
    let label = name.replace('-', "_").to_uppercase();
    let label = label.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let file = path.display().to_string();
    let texts = ["", "_REF", "_REFERENCE"]
        .map(|ending| kind.starter.replace("LABEL", &format!("{label}{ending}")));
    let is_good = |text: &&String| {
        let mut all = sources.to_vec();
        all.push(Source::new(&file, text.as_str()));
        let (_, problems) = Ruleset::check(all, &environment);
        !problems
            .iter()
            .any(|problem: &Problem| problem.is_error() && problem.file == file)
    };
    let [first, ..] = &texts;
    texts.iter().find(is_good).unwrap_or(first).clone()
}

/// The next number of ten behind all that there are, of two digits.
fn next_number(names: &[String]) -> u32 {
    let numbers = names
        .iter()
        .filter_map(|name| name.split('-').next()?.parse::<u32>().ok());
    let last = numbers.filter(|number| *number < 100).max().unwrap_or(0);
    match (last / 10 + 1) * 10 {
        next if next < 100 => next,
        // Names are sorted as texts: `100` would stand before `20`.
        _ => (last + 1).min(99),
    }
}

/// The name of a rule without its number.
fn bare(name: &str) -> &str {
    name.trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start_matches('-')
}

fn stem(file: &str) -> String {
    let stem = Path::new(file).file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_stands_behind_all_others() {
        for (names, expected) in [
            (&[][..], 10),
            (&["10-a", "30-c", "20-b"], 40),
            (&["15-a"], 20),
            (&["95-a"], 96),
            (&["99-a"], 99),
            (&["a", "b-10"], 10),
            (&["010-a"], 20),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(next_number(&names), expected, "{names:?}");
        }
    }
}
