//! The files that a rule names, such as the text of an `inject`: read from the folder of rules, and
//! from nowhere else.

use std::path::{Component, Path};

use super::{ReadFileError, read};
use crate::files::{Beside, Source};
use crate::rule::files_named;

/// The largest text, in bytes: no template may make a longer one.
const LARGEST: u64 = 64 * 1024;

/// Reads the files that the rule at `path` names. `folder`: that of all rules.
pub(super) fn attach(folder: &Path, path: &Path, source: &mut Source) {
    source.beside = files_named(source)
        .into_iter()
        .map(|name| Beside {
            read: read_text(folder, path, &name).map_err(|error| error.to_string()),
            name,
        })
        .collect();
}

fn read_text(folder: &Path, rule: &Path, name: &str) -> Result<Source, ReadFileError> {
    let relative = Path::new(name);
    let mut parts = relative.components();
    let is_below = parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if name.is_empty() || !is_below {
        return Err(ReadFileError::Outside);
    }
    let beside = rule.parent().unwrap_or(folder);
    let path = beside.join(relative);
    // A link may lead elsewhere; where the rules themselves are links, their files may lie beside them.
    let real = |path: &Path| path.canonicalize().map_err(ReadFileError::Unreadable);
    let (found, all, rule) = (real(&path)?, real(folder)?, real(rule)?);
    let is_inside = found.starts_with(all)
        || rule
            .parent()
            .is_some_and(|beside| found.starts_with(beside));
    if !is_inside {
        return Err(ReadFileError::Outside);
    }
    let text = read(&path, LARGEST)?;
    let mut source = Source::new(path.display().to_string(), text);
    // Editors end each line, also the last, and it is no part of the text.
    if source.text.ends_with('\n') {
        source.text.pop();
    }
    Ok(source)
}
