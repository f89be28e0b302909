//! The rows of the table of last lines, as a pipeline sees them: standard output,
//! JSON, JUnit, HTML and annotations say the same.

use std::fs;
use std::path::Path;

use icws_conformance::cli::exit;
use serde_json::Value;

use super::{call, call_with, last, report};
use crate::ended::Ended;
use crate::neighbour::Neighbour;

const FAULT: [&str; 2] = ["--fault", "missing-token-accepted"];
const WARNS: [&str; 2] = ["--fault", "message-is-empty"];

/// A run against the profile `p.toml`, with every report and as a step of GitHub
/// Actions; its last line, which all of them have.
#[track_caller]
fn line(neighbour: &Neighbour, more: &[&str], code: u8) -> (String, Value) {
    let own = [
        "--profile",
        "p.toml",
        "--report",
        "json=r.json",
        "--report",
        "junit=r.xml",
    ];
    let own = [&own[..], &["--report", "html=r.html"], more].concat();
    let ended = call_with(neighbour.folder(), &own, &[("GITHUB_ACTIONS", "true")]);
    assert_eq!(ended.code, Some(code.into()), "{ended:#?}");
    let told = report(neighbour.folder(), "r.json");
    let line = told["line"].as_str().expect("a line").to_owned();
    is_everywhere(neighbour.folder(), &ended, &line);
    (line, told)
}

#[track_caller]
fn is_everywhere(folder: &Path, ended: &Ended, line: &str) {
    let shown: Vec<_> = ended.out.lines().filter(|shown| *shown == line).collect();
    assert_eq!(shown.len(), 1, "{line}: {ended:#?}");
    // What follows it is for GitHub alone.
    let (_, behind) = ended.out.split_once(line).expect("the line");
    let mut behind = behind.trim_start().lines();
    assert!(
        behind.all(|command| command.starts_with("::")),
        "{ended:#?}"
    );
    let notice = format!(
        "\n::notice title=icws-conformance::{}",
        line.replace('%', "%25")
    );
    assert!(ended.out.contains(&notice), "{notice}: {ended:#?}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    let xml = read("r.xml");
    assert!(
        xml.contains(&format!("<property name=\"line\" value=\"{line}\"/>")),
        "{xml}"
    );
    assert!(xml.contains(&format!("<system-out>{line}")), "{xml}");
    let (head, _) = line.rsplit_once(": ").expect("a tail");
    let page = read("r.html");
    assert!(page.contains(&format!(">{head}</h1>")), "{head}: {page}");
}

#[test]
fn a_breach_that_counts_does_not_conform() {
    let neighbour = Neighbour::of(&[&FAULT[..], &WARNS].concat());
    let run = ["--seed", "5", "--only", "session/missing"];
    let before = neighbour.all_bytes();
    let (said, told) = line(&neighbour, &run, exit::VIOLATES);
    assert!(said.starts_with("reference does not conform ("), "{said}");
    assert!(said.contains(" violated, 1 rule warned): "), "{said}");
    assert_eq!(
        (&told["decision"], &told["gate"]),
        (&"violates".into(), &"closed".into())
    );
    assert_eq!(neighbour.all_bytes(), before);
    // A warning does where it counts, and a stale waiver hides no breach.
    let neighbour = Neighbour::of(&WARNS);
    let (said, _) = line(
        &neighbour,
        &[&run[..], &["--strict"]].concat(),
        exit::VIOLATES,
    );
    assert!(
        said.starts_with("reference does not conform (1 rule warned (strict)): "),
        "{said}"
    );
}

#[test]
fn what_is_known_or_waived_leaves_the_gate_open_and_never_conforms() {
    let neighbour = Neighbour::of(&FAULT);
    let run = ["--seed", "5", "--only", "session/missing"];
    line(&neighbour, &run, exit::VIOLATES);
    fs::rename(
        neighbour.folder().join("r.json"),
        neighbour.folder().join("base.json"),
    )
    .expect("a baseline");
    let (said, told) = line(
        &neighbour,
        &[&run[..], &["--baseline", "base.json"]].concat(),
        exit::CONFORMS,
    );
    assert!(
        said.starts_with("reference: gate open (in this part: "),
        "{said}"
    );
    assert!(
        said.contains(" known finding") && said.contains(", none new; "),
        "{said}"
    );
    assert_eq!(
        (&told["decision"], &told["gate"]),
        (&"conforms".into(), &"open".into())
    );
    let page = fs::read_to_string(neighbour.folder().join("r.html")).expect("a page");
    assert!(page.contains("<h1 class=\"decision doubtful\">"), "{page}");
    let path = neighbour.folder().join("p.toml");
    let profile = fs::read_to_string(&path).expect("a profile");
    let mut waived = profile.clone();
    for rule in ["SES-2", "SES-13"] {
        waived.push_str(&format!(
            "\n[[waivers]]\nrule = \"{rule}\"\nreason = \"known\"\n"
        ));
    }
    fs::write(&path, waived).expect("a profile");
    let (said, _) = line(&neighbour, &run, exit::CONFORMS);
    assert!(
        said.starts_with("reference: gate open (in this part: "),
        "{said}"
    );
    assert!(
        said.contains(" waived finding") && said.contains(", none new; "),
        "{said}"
    );
}

#[test]
fn a_stale_waiver_or_drift_closes_the_gate_and_blames_no_server() {
    let neighbour = Neighbour::of(&[]);
    let whole = ["--seed", "1", "--cases", "4"];
    let kept = ["--snapshots", "kept", "--fail-on-drift"];
    let (said, told) = line(&neighbour, &[&whole[..], &kept].concat(), exit::VIOLATES);
    let start = "reference: gate closed, but for no breach (it drifted from its snapshots): ";
    assert!(said.starts_with(start), "{said}");
    assert_eq!(
        (&told["decision"], &told["gate"]),
        (&"violates".into(), &"closed".into())
    );
    let path = neighbour.folder().join("p.toml");
    let mut profile = fs::read_to_string(&path).expect("a profile");
    profile.push_str("\n[[waivers]]\nrule = \"SES-2\"\nreason = \"known\"\n");
    fs::write(&path, profile).expect("a profile");
    let (said, _) = line(
        &neighbour,
        &[&whole[..], &["--strict"]].concat(),
        exit::VIOLATES,
    );
    let start = "reference: gate closed, but for no breach (1 waiver is stale): ";
    assert!(said.starts_with(start), "{said}");
    let (said, _) = line(
        &neighbour,
        &[&whole[..], &["--strict"], &kept].concat(),
        exit::VIOLATES,
    );
    assert!(
        said.contains("(1 waiver is stale; it drifted from its snapshots): "),
        "{said}"
    );
    let (said, _) = line(&neighbour, &whole, exit::CONFORMS);
    assert!(said.starts_with("reference conforms"), "{said}");
}

#[test]
fn a_part_never_conforms() {
    let neighbour = Neighbour::of(&[]);
    for (more, properties) in [
        (&["--seed", "1", "--shard", "1/500"][..], "properties, "),
        (&["--only", "rights"], " properties, "),
        (&["--skip", "session/", "--cases", "2"], "properties"),
    ] {
        let (said, told) = line(&neighbour, more, exit::CONFORMS);
        assert!(
            said.starts_with("reference: no breach in this part ("),
            "{said}"
        );
        assert!(said.contains(properties), "{said}");
        assert!(
            said.contains(" rules not tested): ") || more[0] == "--skip",
            "{said}"
        );
        assert_eq!(
            (&told["decision"], &told["scope"]),
            (&"conforms".into(), &"part".into())
        );
    }
}

#[test]
fn what_could_not_be_judged_says_why() {
    let neighbour = Neighbour::of(&["--latency-ms", "20"]);
    let before = neighbour.all_bytes();
    let late = ["--max-time", "1s", "--cases", "100000"];
    let (said, told) = line(&neighbour, &late, exit::UNJUDGED);
    assert!(
        said.starts_with("reference could not be judged ("),
        "{said}"
    );
    assert!(said.contains("--max-time"), "{said}");
    assert_eq!(
        (&told["decision"], &told["gate"]),
        (&"unjudged".into(), &"unjudged".into())
    );
    assert_eq!(neighbour.all_bytes(), before);
}

#[test]
fn merged_shards_take_their_line_from_the_same_table() {
    let neighbour = Neighbour::of(&[]);
    let shard = |number: &str, more: &[&str]| {
        let name = format!("json={number}.json");
        let part = format!("{number}/2");
        let own = ["-q", "--profile", "p.toml", "--seed", "5", "--shard", &part];
        let own = [&own[..], &["--cases", "8", "--report", &name], more].concat();
        last(&call(neighbour.folder(), &own), exit::CONFORMS).to_owned()
    };
    for (more, start) in [
        (&[][..], "reference conforms"),
        (
            &["--only", "session/"],
            "reference: no breach in this part (",
        ),
    ] {
        for number in ["1", "2"] {
            let said = shard(number, more);
            assert!(
                said.starts_with("reference: no breach in this part ("),
                "{said}"
            );
        }
        let merge = ["merge", "1.json", "2.json", "--report", "json=m.json"];
        let ended = call(neighbour.folder(), &merge);
        let said = last(&ended, exit::CONFORMS);
        assert!(said.starts_with(start), "{said}");
        assert_eq!(report(neighbour.folder(), "m.json")["line"], said);
        let ended = call(neighbour.folder(), &["merge", "1.json"]);
        let said = last(&ended, exit::UNJUDGED);
        assert!(
            said.starts_with("reference could not be judged (shards are missing: 2/2"),
            "{said}"
        );
    }
}
