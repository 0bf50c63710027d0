#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::*;

/// Runs SQLite itself.
fn sqlite(database: &Path, script: &str) -> String {
    let mut child = Command::new("sqlite3")
        .args(["-batch", "-bail"])
        .arg(database)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script}");
    String::from_utf8(output.stdout).unwrap()
}

/// Rows in the form of `SELECT n, hex(b), t, i`.
fn ours(bytes: &[u8], log: &[u8]) -> Result<String, SqliteError> {
    let mut text = String::new();
    let database = Database::open(bytes, log)?;
    database.rows("x", |row, values| {
        let [Value::Null, Value::Blob(blob), Value::Text(word), number] = values else {
            panic!("{values:?}");
        };
        let blob: String = blob.iter().map(|byte| format!("{byte:02X}")).collect();
        let word = String::from_utf8(word.to_vec()).unwrap();
        let number = match number {
            Value::Null => String::new(),
            Value::Integer(number) => number.to_string(),
            other => panic!("{other:?}"),
        };
        text += &format!("{row}|{blob}|{word}|{number}\n");
        Ok::<(), SqliteError>(())
    })?;
    Ok(text)
}

/// Rows of many lengths, on the leaf and in chains.
const FILL: &str = "
    CREATE TABLE other (a, b);
    CREATE TABLE x (n INTEGER PRIMARY KEY, b BLOB NOT NULL, t TEXT, i);
    CREATE INDEX byt ON x (t);
    WITH RECURSIVE c(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM c WHERE v < 400)
    INSERT INTO x SELECT v * 7 - 300, randomblob(1 + (v * v * 13) % 9000), 'word ' || v,
        CASE v % 9 WHEN 0 THEN NULL WHEN 1 THEN 0 WHEN 2 THEN 1 WHEN 3 THEN -1
            WHEN 4 THEN 300 WHEN 5 THEN -70000 WHEN 6 THEN 5000000000
            WHEN 7 THEN -9223372036854775807 ELSE 140737488355327 END FROM c;
    DELETE FROM x WHERE n % 5 = 0;
";
const SELECT: &str = "SELECT n, hex(b), t, i FROM x ORDER BY n;";

#[test]
fn sqlite_says_the_same_of_every_size_of_pages() {
    for size in [512, 1024, 4096, 65_536] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        sqlite(&path, &format!("PRAGMA page_size = {size};{FILL}"));
        let bytes = std::fs::read(&path).unwrap();
        let theirs = sqlite(&path, SELECT);
        assert!(theirs.lines().count() > 300);
        assert!(ours(&bytes, &[]).unwrap() == theirs, "{size}");
    }
}

#[test]
fn what_was_committed_to_the_log_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    sqlite(&path, &format!("PRAGMA journal_mode = WAL;{FILL}"));
    // A second change stays in the log while another one has it open; the
    // files are taken by the program itself, before it closes them.
    let copy = folder.path().join("copy");
    let script = format!(
        "PRAGMA wal_autocheckpoint = 0;
         UPDATE x SET b = randomblob(5000), t = 'changed' WHERE n % 2 = 0;
         INSERT INTO x VALUES (100000, x'00', 'new', 5);
         {SELECT}\n\
         .shell cp '{0}' '{1}.db' && cp '{0}-wal' '{1}.db-wal'\n",
        path.display(),
        copy.display()
    );
    let theirs = sqlite(&path, &script);
    let theirs = theirs.strip_prefix("0\n").unwrap();
    let bytes = std::fs::read(copy.with_extension("db")).unwrap();
    let log = std::fs::read(copy.with_extension("db-wal")).unwrap();
    assert!(log.len() > 100_000, "{}", log.len());
    assert!(ours(&bytes, &log).unwrap() == theirs);
    let old = ours(&bytes, &[]).unwrap();
    assert!(!old.contains("changed") && theirs.contains("changed"));

    // A damaged last frame takes its commit away, as for SQLite.
    let mut damaged = log.clone();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(copy.with_extension("db-wal"), &damaged).unwrap();
    let theirs = sqlite(&copy.with_extension("db"), SELECT);
    assert!(ours(&bytes, &damaged).unwrap() == theirs);
}

#[test]
fn what_is_no_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    sqlite(&path, "CREATE TABLE y (a);");
    let sound = std::fs::read(&path).unwrap();
    assert_eq!(ours(b"", &[]), Err(SqliteError::Magic));
    assert_eq!(ours(&sound, &[]), Err(SqliteError::NoTable("x")));
    let damaged = |at: usize, byte: u8| {
        let mut bytes = sound.clone();
        bytes[at] = byte;
        ours(&bytes, &[]).unwrap_err()
    };
    assert_eq!(damaged(17, 1), SqliteError::Header("the size of its pages"));
    assert_eq!(
        damaged(19, 3),
        SqliteError::Header("the version of its format")
    );
    assert_eq!(damaged(59, 2), SqliteError::Encoding);
    let problem = "it belongs to no table";
    assert_eq!(damaged(100, 2), SqliteError::Page { page: 1, problem });
    let cut = &sound[..100];
    assert_eq!(
        ours(cut, &[]),
        Err(SqliteError::Header("its first page is cut"))
    );
}

#[test]
fn a_page_that_leads_to_itself_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    sqlite(&path, &format!("PRAGMA page_size = 512;{FILL}"));
    let bytes = std::fs::read(&path).unwrap();
    let root: usize = sqlite(
        &path,
        "SELECT rootpage FROM sqlite_schema WHERE name = 'x';",
    )
    .trim()
    .parse()
    .unwrap();
    let start = (root - 1) * 512;
    assert_eq!(bytes[start], 5, "an interior page");
    let mut damaged = bytes;
    damaged[start + 8..start + 12].copy_from_slice(&u32::try_from(root).unwrap().to_be_bytes());
    let error = ours(&damaged, &[]).unwrap_err();
    let problem = "it is used twice";
    let page = u32::try_from(root).unwrap();
    assert_eq!(error, SqliteError::Page { page, problem });
}
