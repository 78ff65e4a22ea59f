//! Runs something whenever a file of some folders changes.
//!
//! It asks for the contents again and again: no file system's events are the same everywhere.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::super::print;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(250);

/// Runs once, and then after each change, until the process ends or nobody reads what it prints.
pub(super) fn each_change(folders: &[&Path], run: &mut dyn FnMut()) {
    let mut seen = None;
    loop {
        let now = contents(folders);
        if seen != Some(now) {
            seen = Some(now);
            run();
        }
        if print::is_closed() {
            return;
        }
        thread::sleep(EVERY);
    }
}

/// A number that changes with the files of folders and of those within them.
fn contents(folders: &[&Path]) -> u64 {
    let mut hash = DefaultHasher::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| folder.to_path_buf()).collect();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else {
                path.hash(&mut hash);
                std::fs::read(&path).ok().hash(&mut hash);
            }
        }
    }
    hash.finish()
}
