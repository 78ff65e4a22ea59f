//! The config file and the rule files of a folder, read from disk.

mod stray;
mod texts;

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::config::RuleFolders;
use crate::files::{Problem, Source};
pub use stray::stray_files;

/// The largest rule file, in bytes; a larger one is a mistake.
const LARGEST: u64 = 1 << 20;

/// The most rule files of a folder (TESTS.md S15).
const MOST: usize = 200;
/// The largest config file, in bytes.
const LARGEST_CONFIG: u64 = 4 << 20;
/// The largest recorded request, in bytes: as large as a request may be.
const LARGEST_RECORDING: u64 = 8 << 20;

/// Reads a config file, which may hold keys.
pub fn read_config(path: &Path) -> Result<Source, Box<Problem>> {
    let name = path.display().to_string();
    match read(path, LARGEST_CONFIG) {
        Ok(text) => Ok(crate::config::source(name, text)),
        Err(error) => Err(Box::new(Problem::of_file(name, error.to_string()))),
    }
}

/// Reads every `*.toml` of a folder, and the files that they name. A rule file that can't be read is a
/// problem; a file that it names is one of the rule.
pub fn read_rules(folder: &Path) -> Result<Vec<Source>, Vec<Problem>> {
    match read_what_can_be(folder) {
        (sources, problems) if problems.is_empty() => Ok(sources),
        (_, problems) => Err(problems),
    }
}

/// As [`read_rules`], for the folders of one ruleset, in order.
pub fn read_folders(folders: &RuleFolders) -> Result<Vec<Source>, Vec<Problem>> {
    match read_what_can_be_of(folders) {
        (sources, problems) if problems.is_empty() => Ok(sources),
        (_, problems) => Err(problems),
    }
}

/// As [`read_what_can_be`], for the folders of one ruleset, in order.
pub fn read_what_can_be_of(folders: &RuleFolders) -> (Vec<Source>, Vec<Problem>) {
    let (sources, problems): (Vec<_>, Vec<_>) = folders.all().map(read_what_can_be).unzip();
    (sources.concat(), problems.concat())
}

/// As [`read_rules`]; what can be read is there beside the problems.
pub fn read_what_can_be(folder: &Path) -> (Vec<Source>, Vec<Problem>) {
    let name = folder.display().to_string();
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) => {
            let message = format!("the folder of rules can't be read: {}", plain(&error));
            let help = "make the folder, or name another: `rules` of the config or of a route says which, or `--rules DIR`";
            let problem = Problem::of_file(name, message).with_help(help);
            return (Vec::new(), vec![problem]);
        }
    };
    let mut paths: Vec<_> = listing
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths
        .retain(|path| path.extension().is_some_and(|ending| ending == "toml") && !is_hidden(path));
    paths.sort();
    if paths.len() > MOST {
        let message = format!(
            "the folder has {} rule files, more than {MOST}",
            paths.len()
        );
        let help =
            "put what belongs together into one rule, or the rules of another aside elsewhere";
        let problem = Problem::of_file(name, message).with_help(help);
        return (Vec::new(), vec![problem]);
    }
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        match read(&path, LARGEST) {
            Ok(text) => {
                let mut source = Source::new(name, text);
                texts::attach(folder, &path, &mut source);
                sources.push(source);
            }
            Err(error) => problems.push(Problem::of_file(name, error.to_string())),
        }
    }
    (sources, problems)
}

/// Why a file can't be read.
#[derive(Debug, thiserror::Error)]
pub(in crate::server) enum ReadFileError {
    /// The system says why.
    #[error("the file can't be read: {}", plain(.0))]
    Unreadable(#[source] std::io::Error),
    /// It is a folder, a pipe or the like.
    #[error("this is no file")]
    NoFile,
    /// It is larger than a file of its kind may be.
    #[error("the file has {length} bytes, more than it may have ({largest})")]
    TooLarge {
        /// How large it is.
        length: u64,
        /// How large it may be.
        largest: u64,
    },
    /// It is no text.
    #[error("the file is not valid UTF-8 (byte {})", .0.utf8_error().valid_up_to())]
    NoText(#[source] std::string::FromUtf8Error),
    /// A rule names it, and it is none of the folder of rules.
    #[error("the file lies outside of the folder of rules")]
    Outside,
}

/// Reads a recorded request of a test.
pub(in crate::server) fn read_recording(path: &Path) -> Result<String, ReadFileError> {
    read(path, LARGEST_RECORDING)
}

fn read(path: &Path, largest: u64) -> Result<String, ReadFileError> {
    let metadata = std::fs::metadata(path).map_err(ReadFileError::Unreadable)?;
    // Opening a pipe would wait for somebody to write into it.
    if !metadata.is_file() {
        return Err(ReadFileError::NoFile);
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(ReadFileError::Unreadable)?;
    // It may grow while it is read.
    let read = file.take(largest + 1).read_to_end(&mut bytes);
    read.map_err(ReadFileError::Unreadable)?;
    if bytes.len() as u64 > largest {
        let length = metadata.len().max(largest + 1);
        return Err(ReadFileError::TooLarge { length, largest });
    }
    String::from_utf8(bytes).map_err(ReadFileError::NoText)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it does not exist".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is no folder".to_owned(),
        _ => {
            let text = error.to_string();
            let words = text.split(" (os error").next().unwrap_or_default();
            words.to_owned()
        }
    }
}
