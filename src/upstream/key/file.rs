//! A key in a file that changes.
//!
//! The contents tell whether it changed, not its date: Kubernetes swaps a link, and editors write
//! beside and rename. The path is never told with what the file holds.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::error::{KeyError, plain};
use super::text::{LARGEST, key_in};

/// How often the file is looked at.
pub(super) const PAUSE: Duration = Duration::from_millis(500);
/// So long must new contents stay as they are: a file is often seen while it is being written.
const SETTLE: Duration = Duration::from_millis(150);
/// So often it is looked at again while it changes, before the next look's turn comes.
const MOST_LOOKS: usize = 5;

/// Reads the key in a file.
pub(super) fn read_key(path: &Path) -> Result<SecretString, KeyError> {
    let unreadable = |error: std::io::Error| KeyError::Read(plain(&error));
    // Opening a pipe would wait for who writes to it.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(KeyError::NoFile);
    }
    let mut text = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    let mut file = file.take(LARGEST as u64 + 1);
    file.read_to_end(&mut text).map_err(unreadable)?;
    key_in(&text).map_err(KeyError::FileText)
}

/// The key in a file once it stands still. `known`: the key that was there before.
pub(super) fn settled(path: &Path, known: Option<&SecretString>) -> Result<SecretString, KeyError> {
    let mut seen = read_key(path);
    for _ in 0..MOST_LOOKS {
        if matches!((&seen, known), (Ok(seen), Some(known)) if is_same(seen, known)) {
            break;
        }
        std::thread::sleep(SETTLE);
        let next = read_key(path);
        let stands_still = match (&seen, &next) {
            (Ok(seen), Ok(next)) => is_same(seen, next),
            (Err(seen), Err(next)) => seen.to_string() == next.to_string(),
            _ => false,
        };
        seen = next;
        if stands_still {
            break;
        }
    }
    seen
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn read(path: &Path) -> Result<String, String> {
        let key = read_key(path).map_err(|error| error.to_string());
        key.map(|key| key.expose_secret().to_owned())
    }

    #[test]
    fn a_key_is_read_through_links_and_what_is_no_file_of_one_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("..1")).expect("a folder");
        fs::write(path("..1/key"), " sk-1\n").expect("a file");
        symlink("..1", path("..data")).expect("a link");
        symlink("..data/key", path("key")).expect("a link");
        assert_eq!(read(&path("key")).as_deref(), Ok("sk-1"));
        fs::write(path("empty"), "\n").expect("a file");
        symlink("nowhere", path("broken")).expect("a link");
        for (name, told) in [
            ("none", "there is none"),
            ("broken", "there is none"),
            ("..1", "it is no file"),
            ("empty", "it is empty"),
            ("key/below", "read its `key_file`"),
        ] {
            let error = read(&path(name)).expect_err(name);
            assert!(error.contains(told), "{error}");
        }
        assert!(read(Path::new("/dev/null")).is_err_and(|told| told.contains("no file")));
    }

    #[test]
    fn what_is_half_written_is_looked_at_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        fs::write(&path, "").expect("a file");
        let found = std::thread::scope(|scope| {
            let found = scope.spawn(|| settled(&path, None));
            fs::write(&path, "sk-2").expect("a file");
            found.join().expect("it ends")
        });
        assert_eq!(found.expect("a key").expose_secret(), "sk-2");
        fs::remove_file(&path).expect("it is there");
        assert!(settled(&path, Some(&"sk-2".into())).is_err());
    }
}
