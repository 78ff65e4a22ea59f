//! Names that a small model finds: an option beside the table of names.
//!
//! The model is the user's own: a BERT for token classification as ONNX, with `vocab.txt` and
//! `config.json`. It is loaded once, says where names stand, and knows nothing of rules or calls.

mod labels;
mod weights;
mod windows;
mod wordpiece;

use std::ops::Range;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use labels::NameLabels;
use sha2::{Digest as _, Sha256};
use tracing::warn;
use weights::Weights;
use windows::windows;
use wordpiece::{Piece, Vocabulary};

use crate::detect::NameFinder;

/// So many pieces are read at once.
const WINDOW: usize = 254;
/// So many are read again with what follows.
const OVERLAP: usize = 64;
/// A word counts as a name when the model is so sure of it.
const SURE: f32 = 0.5;

/// A model that finds names.
#[derive(Debug)]
pub struct NameModel {
    vocabulary: Vocabulary,
    labels: NameLabels,
    weights: Weights,
    version: String,
}

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum NameModelError {
    /// A file is missing, or can't be read.
    #[error("`{}` can't be read: {error}", file.display())]
    Unread {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("`{}` is no part of such a model: {why}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl NameModel {
    /// Loads a model from a folder, or from an ONNX file with the others beside it or above, and has
    /// it read a line, so that one which can't is found now and the first turn is not slow.
    pub fn load(path: &Path) -> Result<NameModel, NameModelError> {
        let file = onnx_file(path)?;
        let wrong = |file: &Path, why: String| NameModelError::Wrong {
            file: file.to_owned(),
            why,
        };
        let words = beside(&file, "vocab.txt");
        let pieces = read_text(&words)?;
        let vocabulary = Vocabulary::of(&pieces)
            .map_err(|piece| wrong(&words, format!("it has no line `{piece}`")))?;
        let config = beside(&file, "config.json");
        let named = read_text(&config)?;
        let labels = NameLabels::of(&named).map_err(|why| wrong(&config, why))?;
        let bytes = std::fs::read(&file).map_err(unread(&file))?;
        let version = version_of([pieces.as_bytes(), named.as_bytes(), &bytes]);
        let weights = Weights::load(bytes).map_err(|why| wrong(&file, why))?;
        let model = NameModel {
            vocabulary,
            labels,
            weights,
            version,
        };
        match model.try_out() {
            Ok(()) => Ok(model),
            Err(why) => Err(wrong(&file, why)),
        }
    }

    /// Runs the first and the last word of the vocabulary.
    fn try_out(&self) -> Result<(), String> {
        let last = u32::try_from(self.vocabulary.len().saturating_sub(1)).unwrap_or_default();
        let judged = self
            .weights
            .run(&[self.vocabulary.begin, last, self.vocabulary.end])?;
        let labels = judged.first().map_or(0, Vec::len);
        match labels == self.labels.len() {
            true => Ok(()),
            false => Err(format!(
                "it gives {labels} labels, and `config.json` has {}",
                self.labels.len()
            )),
        }
    }

    /// Which of the pieces of a text are of names.
    fn judge(&self, pieces: &[Piece], has_enough: &dyn Fn() -> bool) -> Option<Vec<bool>> {
        let mut is_name = Vec::with_capacity(pieces.len());
        for window in windows(pieces, WINDOW, OVERLAP) {
            if has_enough() {
                return None;
            }
            let own = pieces[window.read.clone()].iter().map(|piece| piece.id);
            let mut ids = vec![self.vocabulary.begin];
            ids.extend(own);
            ids.push(self.vocabulary.end);
            let scores = self
                .weights
                .run(&ids)
                .map_err(|why| warn!(why, "the model for names failed"));
            let scores = scores.ok()?;
            // The mark before the window is judged as well.
            let judged = window.judged.start - window.read.start + 1
                ..window.judged.end - window.read.start + 1;
            let judged = scores.get(judged)?.iter();
            is_name.extend(judged.map(|scores| self.labels.share_of_names(scores) >= SURE));
        }
        Some(is_name)
    }
}

impl NameFinder for NameModel {
    fn version(&self) -> &str {
        &self.version
    }

    fn names(&self, text: &str, has_enough: &dyn Fn() -> bool) -> Option<Vec<Range<usize>>> {
        let pieces = self.vocabulary.pieces(text);
        if pieces.is_empty() {
            return Some(Vec::new());
        }
        let is_name = self.judge(&pieces, has_enough)?;
        Some(words_of(&pieces, &is_name))
    }
}

/// A hash of all files, each with its length before it.
fn version_of(files: [&[u8]; 3]) -> String {
    let hash = files.into_iter().fold(Sha256::new(), |hash, file| {
        hash.chain_update(file.len().to_le_bytes())
            .chain_update(file)
    });
    HEXLOWER.encode(&hash.finalize())
}

/// The words of names: those of which the first piece is of one.
fn words_of(pieces: &[Piece], is_name: &[bool]) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut is_within = false;
    for (piece, is_name) in pieces.iter().zip(is_name) {
        if piece.is_first {
            is_within = *is_name;
        }
        match words.last_mut().filter(|_| is_within && !piece.is_first) {
            Some(word) => word.end = piece.place.end,
            None if is_within => words.push(piece.place.clone()),
            None => {}
        }
    }
    words
}

/// The ONNX file of a folder: the only one there, or in its folder `onnx`.
fn onnx_file(path: &Path) -> Result<PathBuf, NameModelError> {
    if !std::fs::metadata(path).map_err(unread(path))?.is_dir() {
        return Ok(path.to_owned());
    }
    let mut found = Vec::new();
    for folder in [path.to_owned(), path.join("onnx")] {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let files = entries.map(|entry| entry.path());
        found.extend(files.filter(|file| file.extension().is_some_and(|ending| ending == "onnx")));
    }
    match found.as_slice() {
        [only] => Ok(only.clone()),
        all => Err(NameModelError::Wrong {
            file: path.to_owned(),
            why: format!(
                "it has {} ONNX files, and should have one; name the file",
                all.len()
            ),
        }),
    }
}

/// A file beside the ONNX file, or in the folder above.
fn beside(onnx: &Path, name: &str) -> PathBuf {
    let beside = onnx.with_file_name(name);
    let above = onnx.parent().and_then(Path::parent);
    let above = above.map(|folder| folder.join(name));
    let is_there = |above: &PathBuf| !beside.exists() && above.exists();
    above.filter(is_there).unwrap_or(beside)
}

fn read_text(file: &Path) -> Result<String, NameModelError> {
    std::fs::read_to_string(file).map_err(unread(file))
}

fn unread(file: &Path) -> impl FnOnce(std::io::Error) -> NameModelError {
    let file = file.to_owned();
    move |error| NameModelError::Unread { file, error }
}

#[cfg(test)]
mod tests;
