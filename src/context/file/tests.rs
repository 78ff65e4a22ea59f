use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use redb::backends::FileBackend;
use redb::{Database, ReadableDatabase, ReadableTableMetadata, StorageBackend, TableDefinition};

use super::super::store::Scope;
use super::super::testing::{counts_right, keeps_its_promises, now as run};
use super::super::{Context, TURN_DEADLINE};
use super::*;

/// Names the file to a child that writes until it is killed, and its first number.
const CHILD: &str = "ASIDE_TEST_FILE_CHILD";

fn key(id: impl ToString) -> ObjectKey {
    ObjectKey::new(Scope::Call, id.to_string())
}

fn text(number: usize) -> ByteString {
    ByteString::from(format!("{{\"n\":{number}}}"))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A disk that can hang and fail.
#[derive(Debug, Clone, Default)]
struct Faults {
    hangs: Arc<AtomicBool>,
    fails: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Faulty(FileBackend, Faults);

impl Faults {
    fn meet(&self) -> std::io::Result<()> {
        while self.hangs.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        match self.fails.load(Ordering::SeqCst) {
            true => Err(std::io::Error::other("no space")),
            false => Ok(()),
        }
    }

    /// A store on a disk with these faults, all of whose reads go to the disk if they miss.
    fn store(&self, path: &Path) -> File {
        let (path, faults) = (path.to_owned(), self.clone());
        let open = move || {
            let file = std::fs::OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            let backend = Faulty(FileBackend::new(file)?, faults.clone());
            let mut builder = Database::builder();
            builder.set_cache_size(0).create_with_backend(backend)
        };
        let disk = Disk::opened_by("a.redb".into(), Box::new(open)).expect("a file");
        File::on(disk, FRONT).expect("a store")
    }
}

impl StorageBackend for Faulty {
    fn len(&self) -> std::io::Result<u64> {
        self.0.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        self.1.meet()?;
        self.0.read(offset, out)
    }
    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.1.meet()?;
        self.0.set_len(len)
    }
    fn sync_data(&self) -> std::io::Result<()> {
        self.1.meet()?;
        self.0.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        self.1.meet()?;
        self.0.write(offset, data)
    }
    fn close(&self) -> std::io::Result<()> {
        self.0.close()
    }
}

#[test]
fn it_keeps_what_a_store_promises() {
    let folder = folder();
    let path = folder.path().join("a.redb");
    keeps_its_promises(&File::open(&path).expect("a file"));
    let disk = Disk::open(&path).expect("it was closed");
    keeps_its_promises(&File::on(disk, 0).expect("a store without memory"));
}

#[test]
fn what_was_written_is_there_when_it_opens_again_and_lives_go_on() {
    let folder = folder();
    let path = folder.path().join("a.redb");
    let file = File::open(&path).expect("a file");
    let short = Life::For(Duration::from_millis(400));
    assert_eq!(
        run(file.swap(&key(1), None, Some(text(1)), short)),
        Ok(true)
    );
    assert_eq!(
        run(file.swap(&key(2), None, Some(text(2)), Life::Forever)),
        Ok(true)
    );
    drop(file);
    std::thread::sleep(Duration::from_millis(500));
    let file = File::open(&path).expect("a file");
    assert_eq!(file.last_known(&key(2)), None, "nothing was read yet");
    let keys = [key(1), key(2), key(3)];
    assert_eq!(run(file.read(&keys)), Ok(vec![None, Some(text(2)), None]));
    assert_eq!(file.last_known(&key(2)), Some(text(2)));
}

#[test]
fn a_second_owner_is_told_which_file_it_is() {
    let folder = folder();
    let path = folder.path().join("shared.redb");
    let _owner = File::open(&path).expect("a file");
    let error = File::open(&path).expect_err("it has an owner").to_string();
    assert!(
        error.contains("shared.redb` is in use by another"),
        "{error}"
    );
    let missing = folder.path().join("nowhere").join("a.redb");
    let error = File::open(&missing).expect_err("no folder").to_string();
    assert!(error.contains("nowhere/a.redb`: "), "{error}");
    let other = folder.path().join("other.redb");
    std::fs::write(&other, "something else".repeat(1000)).expect("a file");
    let error = File::open(&other).expect_err("no redb").to_string();
    assert!(error.contains("other.redb`: "), "{error}");
}

#[test]
fn r37_dead_rows_leave_the_file() {
    let folder = folder();
    let path = folder.path().join("a.redb");
    let file = File::open(&path).expect("a file");
    let short = Life::For(Duration::from_millis(1));
    run(async {
        for number in 0..300 {
            let key = key(number);
            let write = file.swap(&key, None, Some(text(number)), short);
            assert_eq!(write.await, Ok(true));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        for number in 300..303 {
            let key = key(number);
            let write = file.swap(&key, None, Some(text(number)), Life::Forever);
            assert_eq!(write.await, Ok(true));
        }
    });
    drop(file);
    let database = Database::open(&path).expect("it was closed");
    let reading = database.begin_read().expect("a transaction");
    let objects: TableDefinition<'_, &str, (u64, &str)> = TableDefinition::new("objects");
    let ends: TableDefinition<'_, (u64, &str), ()> = TableDefinition::new("ends");
    assert_eq!(
        reading
            .open_table(objects)
            .expect("a table")
            .len()
            .expect("a count"),
        3
    );
    assert_eq!(
        reading
            .open_table(ends)
            .expect("a table")
            .len()
            .expect("a count"),
        0
    );
}

#[test]
fn r36_no_update_is_lost_and_each_reads_its_own() {
    let folder = folder();
    for (name, most_bytes) in [("with.redb", FRONT), ("without.redb", 0)] {
        let disk = Disk::open(&folder.path().join(name)).expect("a file");
        let context = Context::new(Box::new(File::on(disk, most_bytes).expect("a store")));
        counts_right(&[&context], 50);
    }
}

#[test]
fn r29_a_disk_that_hangs_holds_no_turn_up() {
    let folder = folder();
    let faults = Faults::default();
    let file = faults.store(&folder.path().join("a.redb"));
    let context = Context::new(Box::new(file));
    run(async {
        let mut put = |_: Option<&ByteString>| Ok::<_, ()>(Some(text(1)));
        let written = context.update(&key(1), Life::Forever, &mut put).await;
        assert_eq!(written, Ok(Some(text(1))));

        faults.hangs.store(true, Ordering::SeqCst);
        let reading = context.read_in_turn(&[key(1)]).await;
        assert_eq!((reading.objects, reading.note), (vec![Some(text(1))], None));
        for _ in 0..3 * READERS {
            let began = Instant::now();
            let reading = context.read_in_turn(&[key(1), key(2)]).await;
            assert_eq!(reading.objects, vec![Some(text(1)), None]);
            assert!(reading.note.expect("a note").contains("20 ms"));
            assert!(
                began.elapsed() < 10 * TURN_DEADLINE,
                "{:?}",
                began.elapsed()
            );
        }
        let error = context.update(&key(1), Life::Forever, &mut put).await;
        assert!(
            error.is_err(),
            "nothing is acknowledged that is not on the disk"
        );

        faults.hangs.store(false, Ordering::SeqCst);
        assert_eq!(context.get(&key(2)).await, Ok(None));
        let written = context.update(&key(2), Life::Forever, &mut put).await;
        assert_eq!(written, Ok(Some(text(1))));
    });
}

#[test]
fn r28_a_disk_that_fails_is_used_again_when_it_works() {
    let folder = folder();
    let faults = Faults::default();
    let file = faults.store(&folder.path().join("a.redb"));
    run(async {
        let swap = |old, new| file.swap(&PLACE, old, Some(text(new)), Life::Forever);
        static PLACE: ObjectKey = ObjectKey {
            scope: Scope::Call,
            id: String::new(),
        };
        assert_eq!(swap(None, 1).await, Ok(true));
        for _ in 0..3 {
            faults.fails.store(true, Ordering::SeqCst);
            let error = swap(Some(text(1)), 2).await.expect_err("the disk fails");
            assert!(error.0.contains("a.redb"), "{error}");
            assert_eq!(file.last_known(&PLACE), Some(text(1)));
            faults.fails.store(false, Ordering::SeqCst);
            // The first write may find the file closed, and opens it.
            let _ = swap(Some(text(1)), 1).await;
            assert_eq!(swap(Some(text(1)), 1).await, Ok(true));
        }
        let other = key("other");
        assert_eq!(
            file.read(std::slice::from_ref(&other)).await,
            Ok(vec![None])
        );
    });
}

#[test]
fn r38_what_was_acknowledged_survives_a_kill() {
    let folder = folder();
    let path = folder.path().join("a.redb");
    let mut acknowledged = Vec::new();
    for round in 0..20 {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args([
                "--ignored",
                "--exact",
                "context::file::tests::writes_until_it_is_killed",
            ])
            .arg("--nocapture")
            .env(CHILD, format!("{} {}", round * 1_000_000, path.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut seen = 0;
        for line in lines {
            let Ok(line) = line else { break };
            let Some(number) = line.strip_prefix("ack ") else {
                continue;
            };
            acknowledged.push(number.parse::<usize>().expect("a number"));
            seen += 1;
            if seen == 10 + 7 * round {
                child.kill().expect("SIGKILL");
            }
        }
        assert!(!child.wait().expect("its end").success());
        assert!(seen >= 10, "round {round}: it wrote {seen}");

        let file = File::open(&path).expect("the file opens after a kill");
        let keys: Vec<_> = acknowledged.iter().map(key).collect();
        let objects = run(file.read(&keys)).expect("the objects");
        for (number, object) in acknowledged.iter().zip(objects) {
            assert_eq!(
                object,
                Some(text(*number)),
                "round {round}: {number} is lost"
            );
        }
    }
}

/// What the test above starts and kills.
#[test]
#[ignore = "it ends only by being killed"]
fn writes_until_it_is_killed() {
    let child = std::env::var(CHILD).expect("only its parent runs it");
    let (first, path) = child.split_once(' ').expect("a number and a path");
    let first: usize = first.parse().expect("a number");
    let file = File::open(path).expect("a file");
    run(async {
        for number in (first..).step_by(4) {
            let writes = (number..number + 4).map(|number| {
                let file = &file;
                async move {
                    let key = key(number);
                    let done = file
                        .swap(&key, None, Some(text(number)), Life::Forever)
                        .await;
                    assert_eq!(done, Ok(true));
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "\nack {number}").expect("a parent");
                    out.flush().expect("a parent");
                }
            });
            futures::future::join_all(writes).await;
        }
    });
}
