//! The tests of all rules together: what is in `tests/` beside the rule files, read from disk.
//!
//! They run the rules as they are served: one on trial does nothing in them.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use super::files::{read_recording, read_what_can_be};
use crate::chat::call_from::CallFrom;
use crate::files::{Problem, Source};
use crate::ruleset::case::Case;
use crate::ruleset::case_run::Tried;
use crate::ruleset::{Ruleset, misspelt_in, read_chain, version};

/// The files of `tests/`, with what is wrong with them.
#[derive(Debug, Default)]
pub struct Chains {
    files: Vec<(Source, Vec<Case>)>,
    recordings: Vec<Source>,
    problems: Vec<Problem>,
}

impl Chains {
    /// Reads `tests/` in a folder of rules. There need not be one.
    pub fn read(rules: &Path) -> Chains {
        let folder = rules.join("tests");
        if !folder.is_dir() {
            return Chains::default();
        }
        let (sources, mut problems) = read_what_can_be(&folder);
        let recordings = RefCell::new(Vec::new());
        let load = |name: &str| {
            let text = read_recording(&folder.join(name))?;
            recordings.borrow_mut().push(Source::new(name, &*text));
            Ok(text)
        };
        let mut files = Vec::new();
        for source in sources {
            let (cases, found) = read_chain(&source, &load);
            problems.extend(found);
            files.push((source, cases.unwrap_or_default()));
        }
        Chains {
            files,
            recordings: recordings.into_inner(),
            problems,
        }
    }

    /// Whether there is no file of tests that can be read.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What is wrong with the files.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What the tests give under names at which none of the rules looks.
    pub fn misspelt(&self, ruleset: &Ruleset) -> Vec<Problem> {
        let files = self.files.iter();
        files
            .flat_map(|(source, cases)| misspelt_in(source, cases, ruleset))
            .collect()
    }

    /// Runs the tests, each told with the file in which it stands. Rules may inject so many bytes;
    /// `from`: where a request says of which call it is.
    pub fn run(
        &self,
        ruleset: &Arc<Ruleset>,
        most_injected: usize,
        from: &CallFrom,
    ) -> impl Iterator<Item = (&Source, Tried)> {
        let all = self.files.iter();
        let all = all.flat_map(|(source, cases)| cases.iter().map(move |case| (source, case)));
        all.map(move |(source, case)| {
            let name = Path::new(&source.name).file_stem().unwrap_or_default();
            let tried = Tried {
                rule: format!("tests/{}", name.display()),
                name: case.name.clone(),
                failures: case.asked_from(from).run(ruleset, most_injected).failures,
                note: None,
            };
            (source, tried)
        })
    }

    /// Tells these files from any others; empty where there are none.
    pub(in crate::server) fn mark(&self) -> String {
        let sources = self.files.iter().map(|(source, _)| source);
        let read: Vec<Source> = sources.chain(&self.recordings).cloned().collect();
        let problems = self.problems.iter().map(Problem::in_one_line);
        let mark = if read.is_empty() {
            String::new()
        } else {
            version(&read)
        };
        mark + &problems.collect::<String>()
    }
}
