//! What a run leaves on a target that others use: nothing, whatever becomes of
//! the run.

use std::fs;
use std::time::Duration;

use crate::binary::icws;
use crate::neighbour::{NOT_SCRATCH, Neighbour};
use icws_conformance::cli::exit;
use icws_conformance::runner::journal::Journal;
use icws_conformance::runner::list_history::OfWorkgroup;
use serde_json::json;

/// How often a run is killed.
const KILLS: u64 = 16;

#[test]
fn a_killed_run_is_cleaned_up_byte_for_byte() {
    let neighbour = Neighbour::of(&[]);
    // One that somebody uses, with an odd name.
    neighbour.add(&neighbour.scratch()[0].clone(), "somebody@corp.example");
    let before = neighbour.all_bytes();
    // A run that is killed before it wrote anything has made no folder, and
    // `cleanup` refuses one that is not there.
    fs::create_dir_all(neighbour.folder().join("journal")).expect("a folder");
    let mut left = 0;
    for kill in 0..KILLS {
        let seed = format!("{kill:x}");
        // Short runs are also killed while they restore.
        let only: &[&str] = if kill % 2 == 0 {
            &[]
        } else {
            &["--only", "effect/"]
        };
        let run = ["--profile", "p.toml", "--seed", &seed, "-q"];
        let run = [&run[..], only].concat();
        let mut child = icws(neighbour.folder(), &run).spawn().expect("it starts");
        let moment = kill * 7919 % 600;
        std::thread::sleep(Duration::from_millis(moment));
        child.kill().expect("killed");
        child.wait().expect("it ended");
        left += u64::from(neighbour.all_bytes() != before);
        let ended = neighbour.call(&["cleanup", "--profile", "p.toml"]);
        assert_eq!(
            ended.code,
            Some(exit::CONFORMS.into()),
            "{moment}: {ended:#?}"
        );
        assert_eq!(neighbour.all_bytes(), before, "{moment}: {ended:#?}");
    }
    assert!(
        left > KILLS / 4,
        "only {left} runs were killed when it mattered"
    );
    let ended = neighbour.call(&["cleanup", "--profile", "p.toml"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()));
    assert!(ended.out.starts_with("nothing to clean up"), "{ended:#?}");
}

#[test]
fn the_next_run_puts_in_order_what_a_killed_one_left() {
    let neighbour = Neighbour::of(&[]);
    let workgroup = neighbour.scratch()[0].clone();
    let before = neighbour.all_bytes();
    let journal = Journal::of(
        &neighbour.folder().join("journal"),
        neighbour.profile.base_url.as_str(),
    );
    let mut lease = journal.lease(&workgroup).expect("a lease");
    lease.begin(&[], OfWorkgroup::default()).expect("written");
    lease
        .claim(br#"{"add":[{"emailAddress":"odd@corp.example"}]}"#)
        .expect("written");
    drop(lease);
    neighbour.add(&workgroup, "m12ab-1@acme.test");
    neighbour.add(&workgroup, "odd@corp.example");
    // It was killed while the resource was declared removed.
    neighbour.control("remove-resource", &json!({ "workgroup": workgroup }));
    assert_eq!(neighbour.update(&workgroup, &json!({})), 410);
    let run = ["--profile", "p.toml", "--only", "answer/"];
    let ended = neighbour.call(&run);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    let note = format!("note: `{workgroup}` was put in order after an earlier run");
    assert!(ended.out.contains(&note), "{ended:#?}");
    assert_eq!(neighbour.all_bytes(), before);
}

#[test]
fn a_neighbour_in_another_workgroup_is_neither_touched_nor_found() {
    let neighbour = Neighbour::of(&[]);
    let before = neighbour.all_bytes();
    // A failure that is provoked for the next update may meet the neighbour's.
    let path = neighbour.folder().join("p.toml");
    let text = fs::read_to_string(&path).expect("a profile");
    let (hooks, limits) = (text.find("[hooks.fail_next]"), text.find("[limits]"));
    let (hooks, limits) = (hooks.expect("hooks"), limits.expect("limits"));
    fs::write(&path, [&text[..hooks], &text[limits..]].concat()).expect("written");
    let run = ["--profile", "p.toml", "--seed", "1", "--strict"];
    let mut child = icws(neighbour.folder(), &run);
    let mut child = child
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let mut added = 0;
    let status = loop {
        neighbour.add(NOT_SCRATCH, "neighbour@corp.example");
        let removed = json!({ "remove": ["neighbour@corp.example"] });
        assert_eq!(neighbour.update(NOT_SCRATCH, &removed), 200);
        added += 1;
        if let Some(status) = child.try_wait().expect("a status") {
            break status;
        }
    };
    assert_eq!(status.code(), Some(exit::CONFORMS.into()));
    assert_eq!(neighbour.all_bytes(), before);
    assert!(added > 3, "{added}");
}

#[test]
fn nothing_stays_where_nobody_can_look_either() {
    for variant in [
        "server-given-ids",
        "ids-given-when-odd",
        "unknown-remove-404",
    ] {
        let neighbour = Neighbour::of(&["--variant", variant]);
        let before = neighbour.all_bytes();
        let path = neighbour.folder().join("p.toml");
        let text = fs::read_to_string(&path).expect("a profile");
        let text = text.replace("read_back = true", "read_back = false");
        fs::write(&path, text).expect("written");
        let ended = neighbour.call(&["--profile", "p.toml", "--seed", "1"]);
        assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
        let note = "without read-back nobody can see whether anything was left";
        assert!(ended.out.contains(note), "{ended:#?}");
        // Whatever was not tested for it says so.
        let unknown = "the target gave no answer that it speaks of";
        let told = format!("a rule does not name read-back as its reason: {ended:#?}");
        assert!(!ended.out.contains(unknown), "{told}");
        assert_eq!(neighbour.all_bytes(), before, "{variant}");
    }
}

#[test]
fn a_workgroup_that_is_taken_is_refused() {
    let neighbour = Neighbour::of(&[]);
    let run = ["--profile", "p.toml", "--only", "answer/"];
    let before = neighbour.all_bytes();
    let journal = Journal::of(
        &neighbour.folder().join("journal"),
        neighbour.profile.base_url.as_str(),
    );
    let lease = journal.lease(&neighbour.scratch()[1]).expect("a lease");
    for arguments in [&run[..], &["cleanup", "--profile", "p.toml"]] {
        let ended = neighbour.call(arguments);
        assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
        assert!(
            ended
                .err
                .contains("is in use by another run on this machine"),
            "{ended:#?}"
        );
    }
    drop(lease);
    // A run on another machine, which has no lock here.
    let last = neighbour
        .scratch()
        .iter()
        .max()
        .expect("a workgroup")
        .clone();
    neighbour.add(&last, "icws-lease-mfffd-00c0ffee@acme.test");
    let taken = neighbour.bytes(&last);
    let ended = neighbour.call(&run);
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    assert!(
        ended.err.contains("is in use by a run on another machine"),
        "{ended:#?}"
    );
    assert_eq!(neighbour.bytes(&last), taken);
    // Nor is it put in order, whatever an earlier run of this one left.
    let mut lease = journal.lease(&last).expect("a lease");
    lease.begin(&[], OfWorkgroup::default()).expect("written");
    drop(lease);
    neighbour.add(&last, "m12ab-1@acme.test");
    let taken = neighbour.bytes(&last);
    for arguments in [&run[..], &["cleanup", "--profile", "p.toml"]] {
        let ended = neighbour.call(arguments);
        assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
        assert_eq!(neighbour.bytes(&last), taken);
    }
    let removed = json!({ "remove": ["icws-lease-mfffd-00c0ffee@acme.test"] });
    assert_eq!(neighbour.update(&last, &removed), 200);
    // Wherever the marker stands.
    let other = neighbour
        .scratch()
        .iter()
        .min()
        .expect("a workgroup")
        .clone();
    neighbour.add(&other, "icws-lease-mfffd-00c0ffee@acme.test");
    let taken = neighbour.all_bytes();
    let ended = neighbour.call(&["cleanup", "--profile", "p.toml"]);
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    assert_eq!(neighbour.all_bytes(), taken);
    assert_eq!(neighbour.update(&other, &removed), 200);
    let ended = neighbour.call(&["cleanup", "--profile", "p.toml"]);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    assert_eq!(neighbour.all_bytes(), before);
}

#[test]
fn an_occupied_workgroup_is_used_only_where_that_is_allowed() {
    let neighbour = Neighbour::of(&[]);
    let path = neighbour.folder().join("p.toml");
    let text = fs::read_to_string(&path).expect("a profile");
    let allowed = "allow_occupied = true";
    assert!(text.contains(allowed));
    fs::write(&path, text.replace(allowed, "allow_occupied = false")).expect("written");
    let run = ["--profile", "p.toml", "--only", "answer/"];
    let occupied = neighbour.scratch()[0].clone();
    neighbour.add(&occupied, "somebody@corp.example");
    let ended = neighbour.call(&run);
    assert_eq!(ended.code, Some(exit::CONFORMS.into()), "{ended:#?}");
    let note = format!("note: scratch workgroup `{occupied}` holds a mailbox already; it is not");
    assert!(ended.out.contains(&note), "{ended:#?}");
    let ended = neighbour.call(&[&run[..], &["--allow-occupied"]].concat());
    assert!(!ended.out.contains("holds a mailbox already"), "{ended:#?}");
    for workgroup in neighbour.scratch() {
        neighbour.add(workgroup, "everywhere@corp.example");
    }
    let before = neighbour.all_bytes();
    let ended = neighbour.call(&run);
    assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
    assert!(
        ended
            .err
            .contains(&format!("`{occupied}` holds 2 mailboxes already")),
        "{ended:#?}"
    );
    assert_eq!(neighbour.all_bytes(), before);
}

#[test]
fn a_journal_that_cannot_be_trusted_ends_it_before_anything_is_sent() {
    let neighbour = Neighbour::of(&[]);
    let folder = neighbour.folder().join("journal");
    let journal = Journal::of(&folder, neighbour.profile.base_url.as_str());
    let mut lease = journal.lease(&neighbour.scratch()[0]).expect("a lease");
    lease.begin(&[], OfWorkgroup::default()).expect("written");
    let entry = lease.path().to_owned();
    drop(lease);
    let whole = fs::read_to_string(&entry).expect("an entry");
    let other = whole.replace(&neighbour.serving.url(), "http://icws.example:8018");
    let commands: [&[&str]; 2] = [
        &["--profile", "p.toml"],
        &["cleanup", "--profile", "p.toml"],
    ];
    for (text, says) in [
        (&whole[..whole.len() / 2], "it is cut short"),
        (
            &other,
            "at http://icws.example:8018: nothing of it may be applied here",
        ),
    ] {
        fs::write(&entry, text).expect("written");
        for command in commands {
            let ended = neighbour.call(command);
            assert!(ended.complaint(exit::USAGE.into()).contains(says));
            assert_eq!(fs::read_to_string(&entry).expect("an entry"), text);
        }
    }
    // A folder that cannot be one.
    let run = ["--profile", "p.toml", "--journal", "p.toml"];
    let ended = neighbour.call(&run);
    assert_eq!(ended.code, Some(exit::USAGE.into()), "{ended:#?}");
    assert!(
        ended.err.contains("failed to keep a journal in `p.toml`"),
        "{ended:#?}"
    );
}

#[test]
fn a_target_that_cannot_be_put_in_order_is_judged_all_the_same() {
    let neighbour = Neighbour::of(&["--fault", "remove-skips-outbound"]);
    let run = ["--profile", "p.toml", "--only", "update/", "--seed", "1"];
    let first = neighbour.call(&run);
    assert_eq!(first.code, Some(exit::VIOLATES.into()), "{first:#?}");
    assert!(
        first.out.contains("`icws-conformance cleanup`"),
        "{first:#?}"
    );
    let journal = neighbour.folder().join("journal");
    let entries = || {
        let entries = fs::read_dir(&journal).expect("a folder");
        let entries = entries.map(|entry| entry.expect("an entry").path());
        let entries = entries.filter(|path| path.extension().is_some_and(|kind| kind == "jsonl"));
        let mut held: Vec<_> = entries
            .map(|path| {
                let text = fs::read_to_string(&path).expect("an entry");
                let head = text.lines().next().map(str::to_owned);
                (path, head)
            })
            .collect();
        held.sort();
        held
    };
    let left = entries();
    assert_ne!(left, []);
    let second = neighbour.call(&run);
    assert_eq!(second.code, Some(exit::VIOLATES.into()), "{second:#?}");
    assert!(
        second
            .out
            .contains("could not be put in order after an earlier run")
    );
    // What was there before the first run is not forgotten.
    for entry in &left {
        assert!(entries().contains(entry), "{entry:?}");
    }
}

#[test]
fn a_clean_up_that_is_accepted_and_not_done_is_told_and_kept() {
    let neighbour = Neighbour::of(&["--fault", "remove-skips-outbound"]);
    let workgroup = neighbour.scratch()[0].clone();
    let folder = neighbour.folder().join("journal");
    let journal = Journal::of(&folder, neighbour.profile.base_url.as_str());
    let mut lease = journal.lease(&workgroup).expect("a lease");
    lease.begin(&[], OfWorkgroup::default()).expect("written");
    let entry = lease.path().to_owned();
    drop(lease);
    neighbour.add(&workgroup, "m12ab-1@acme.test");
    for _ in 0..2 {
        let ended = neighbour.call(&["cleanup", "--profile", "p.toml"]);
        assert_eq!(ended.code, Some(exit::UNJUDGED.into()), "{ended:#?}");
        let says = format!("`{workgroup}` is not in order: the target answers, but does not do it");
        assert!(ended.out.contains(&says), "{ended:#?}");
        assert!(entry.exists());
    }
}
