//! The file itself: rows by key, and when their lives end.
//!
//! Blocking, so it is called only on threads that may wait. An error names the file and never a
//! value. After an error the file is opened anew, since redb gives up a file after one.

use std::fmt;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use bytestring::ByteString;
use redb::backends::FileBackend;
use redb::{
    Database, DatabaseError, ReadableDatabase, ReadableTable, StorageError, Table, TableDefinition,
};

use super::super::store::{Life, ObjectKey, StoreError};

/// Objects by key, each with the end of its life.
const OBJECTS: TableDefinition<'_, &str, (u64, &str)> = TableDefinition::new("objects");
/// The keys of objects whose lives end, by when.
const ENDS: TableDefinition<'_, (u64, &str), ()> = TableDefinition::new("ends");
/// The end of a life without end.
const NEVER: u64 = u64::MAX;
/// So many dead rows at most are removed with one write: as many as one write can bring, so that
/// removing keeps up.
const SWEPT_AT_ONCE: usize = MOST_AT_ONCE;
/// So many swaps at most are one write.
pub(super) const MOST_AT_ONCE: usize = 256;

/// One object as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) text: ByteString,
    /// When its life ends, in milliseconds of the wall clock.
    pub(super) ends: u64,
}

/// One object to replace, if it is still the old one.
#[derive(Debug)]
pub(super) struct Swap {
    pub(super) key: ObjectKey,
    pub(super) old: Option<ByteString>,
    pub(super) new: Option<ByteString>,
    pub(super) life: Life,
}

/// What became of a swap.
#[derive(Debug)]
pub(super) struct SwapOutcome {
    pub(super) is_done: bool,
    /// What stands there now.
    pub(super) row: Option<Row>,
}

type OpenDatabase = dyn Fn() -> Result<Database, DatabaseError> + Send + Sync;

/// The file.
pub(super) struct Disk {
    name: String,
    open: Box<OpenDatabase>,
    /// None: it failed, and could not be opened again yet.
    database: RwLock<Option<Database>>,
}

impl Disk {
    /// Opens a file, or makes it. Only its owner may read what it makes.
    pub(super) fn open(path: &Path) -> Result<Disk, StoreError> {
        let name = path.display().to_string();
        let path = path.to_owned();
        let open = move || {
            let mut options = std::fs::OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let backend = FileBackend::new(options.open(&path)?)?;
            Database::builder().create_with_backend(backend)
        };
        Disk::opened_by(name, Box::new(open))
    }

    /// The file that a function opens.
    pub(super) fn opened_by(name: String, open: Box<OpenDatabase>) -> Result<Disk, StoreError> {
        let database = match open() {
            Ok(database) => RwLock::new(Some(database)),
            Err(DatabaseError::DatabaseAlreadyOpen) => {
                return Err(StoreError(format!(
                    "`{name}` is in use by another process; one process owns a context file: end \
                     the other, name another file, or let both share a Redis store"
                )));
            }
            Err(error) => return Err(StoreError(format!("failed to open `{name}`: {error}"))),
        };
        let disk = Disk {
            name,
            open,
            database,
        };
        disk.make_tables()
            .map_err(|error| disk.failed("write", &error))?;
        Ok(disk)
    }

    /// A reader finds no table in a new file.
    fn make_tables(&self) -> Result<(), redb::Error> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or(StorageError::PreviousIo)?;
        let transaction = database.begin_write()?;
        transaction.open_table(OBJECTS)?;
        transaction.open_table(ENDS)?;
        Ok(transaction.commit()?)
    }

    /// What stands under a key, dead or alive.
    pub(super) fn read(&self, key: &ObjectKey) -> Result<Option<Row>, StoreError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let read = || -> Result<Option<Row>, redb::Error> {
            let database = database.as_ref().ok_or(StorageError::PreviousIo)?;
            let objects = database.begin_read()?.open_table(OBJECTS)?;
            let found = objects.get(key.to_string().as_str())?;
            Ok(found.map(|found| row(found.value())))
        };
        read().map_err(|error| self.failed("read", &error))
    }

    /// Does these swaps in their order, all of them in one transaction, and removes some of what
    /// is dead. When it returns, what is done is on the disk.
    pub(super) fn write(&self, swaps: &[Swap], now: u64) -> Result<Vec<SwapOutcome>, StoreError> {
        let result = {
            let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
            match database.as_ref() {
                Some(database) => write(database, swaps, now),
                None => Err(StorageError::PreviousIo.into()),
            }
        };
        result.map_err(|error| {
            self.reopen();
            self.failed("write", &error)
        })
    }

    /// Opens the file anew; where that fails, the next write tries again.
    fn reopen(&self) {
        let mut database = self
            .database
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        // The old one holds the file's lock.
        *database = None;
        *database = (self.open)().ok();
    }

    fn failed(&self, what: &str, error: &redb::Error) -> StoreError {
        StoreError(format!("failed to {what} `{}`: {error}", self.name))
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disk").field("name", &self.name).finish()
    }
}

fn write(database: &Database, swaps: &[Swap], now: u64) -> Result<Vec<SwapOutcome>, redb::Error> {
    let transaction = database.begin_write()?;
    let (outcomes, swept) = {
        let mut tables = Tables {
            objects: transaction.open_table(OBJECTS)?,
            ends: transaction.open_table(ENDS)?,
        };
        let outcomes = swaps.iter().map(|swap| tables.swap(swap, now));
        let outcomes = outcomes.collect::<Result<Vec<_>, _>>()?;
        (outcomes, tables.sweep(now)?)
    };
    let is_same = swept == 0 && outcomes.iter().all(|outcome| !outcome.is_done);
    match is_same {
        true => transaction.abort()?,
        false => transaction.commit()?,
    }
    Ok(outcomes)
}

struct Tables<'t> {
    objects: Table<'t, &'static str, (u64, &'static str)>,
    ends: Table<'t, (u64, &'static str), ()>,
}

impl Tables<'_> {
    fn swap(&mut self, swap: &Swap, now: u64) -> Result<SwapOutcome, redb::Error> {
        let key = swap.key.to_string();
        let key = key.as_str();
        let there = self.objects.get(key)?.map(|found| row(found.value()));
        let there_ends = there.as_ref().map(|row| row.ends);
        let there = there.filter(|row| row.ends > now);
        if there.as_ref().map(|row| &row.text) != swap.old.as_ref() {
            return Ok(SwapOutcome {
                is_done: false,
                row: there,
            });
        }
        let ends = match swap.life {
            Life::Forever => NEVER,
            Life::AsBefore => there.map_or(NEVER, |row| row.ends),
            Life::For(time) => now.saturating_add(u64::try_from(time.as_millis()).unwrap_or(NEVER)),
        };
        if let Some(before) = there_ends {
            self.ends.remove((before, key))?;
        }
        let row = swap.new.clone().map(|text| Row { text, ends });
        match &row {
            None => {
                self.objects.remove(key)?;
            }
            Some(row) => {
                self.objects.insert(key, (ends, &*row.text))?;
                if ends != NEVER {
                    self.ends.insert((ends, key), ())?;
                }
            }
        }
        Ok(SwapOutcome { is_done: true, row })
    }

    /// Removes rows whose lives are over, those that ended first before others.
    fn sweep(&mut self, now: u64) -> Result<usize, redb::Error> {
        let dead = self.ends.range(..(now.saturating_add(1), ""))?;
        let dead = dead.take(SWEPT_AT_ONCE).map(|entry| {
            let (key, _) = entry?;
            let (ends, key) = key.value();
            Ok((ends, key.to_owned()))
        });
        let dead = dead.collect::<Result<Vec<_>, StorageError>>()?;
        for (ends, key) in &dead {
            self.ends.remove((*ends, key.as_str()))?;
            self.objects.remove(key.as_str())?;
        }
        Ok(dead.len())
    }
}

fn row((ends, text): (u64, &str)) -> Row {
    let text = ByteString::from(text);
    Row { text, ends }
}
