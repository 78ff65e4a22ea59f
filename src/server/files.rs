//! The rule files of a folder, read from disk.

use std::path::Path;

use crate::text::{Problem, Source};

/// The largest rule file, in bytes; a larger one is a mistake.
const LARGEST: u64 = 1 << 20;

/// Reads every `*.toml` of a folder. What can't be read is a problem that names the file.
pub fn read_rules(folder: &Path) -> Result<Vec<Source>, Vec<Problem>> {
    match read_what_can_be(folder) {
        (sources, problems) if problems.is_empty() => Ok(sources),
        (_, problems) => Err(problems),
    }
}

/// As [`read_rules`]; what can be read is there beside the problems.
pub fn read_what_can_be(folder: &Path) -> (Vec<Source>, Vec<Problem>) {
    let name = folder.display().to_string();
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) => {
            let message = format!("the folder of rules can't be read: {}", plain(&error));
            let help = "make the folder, or name another with `--rules DIR`";
            return (
                Vec::new(),
                vec![Problem::of_file(name, message).with_help(help)],
            );
        }
    };
    let mut paths: Vec<_> = listing
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths
        .retain(|path| path.extension().is_some_and(|ending| ending == "toml") && !is_hidden(path));
    paths.sort();
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        match read(&path) {
            Ok(text) => sources.push(Source::new(name, text)),
            Err(message) => problems.push(Problem::of_file(name, message)),
        }
    }
    (sources, problems)
}

fn read(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("the file can't be read: {}", plain(&error));
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > LARGEST {
        return Err(format!(
            "the file has {length} bytes, more than a rule can have ({LARGEST})"
        ));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|error| {
        format!(
            "the file is not valid UTF-8 (byte {})",
            error.utf8_error().valid_up_to()
        )
    })
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
