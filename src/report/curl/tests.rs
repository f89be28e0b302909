//! Scripts as texts; a shell runs them among the tests of the binary.

use super::*;
use crate::embedded::profile_of;
use crate::generate::mailbox::{Names, Shape};
use crate::generate::session::{Cookie, Damage, SessionState, Token};
use crate::generate::{Case, Fixtures as Known};
use crate::reference::Fixtures;
use crate::report::samples;
use crate::target::Profile;
use serde_json::json;
use std::process::Command;

fn profile() -> Profile {
    let url = "http://127.0.0.1:8018".parse().expect("a URL");
    profile_of(&Fixtures::default(), url)
}

fn scripted(case: Case, profile: &Profile) -> String {
    let mut finding = samples::violation();
    let body = case.steps.last().map(|step| step.body.bytes());
    let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
    finding.minimal.body = samples::redacted(&body);
    finding.case = case;
    let access = Access::of(profile, Vec::new(), false);
    let script = curl(&samples::conforming().target, &access, &finding);
    let checked = Command::new("sh").args(["-n", "-c", &script]).output();
    let checked = checked.expect("a shell");
    assert!(checked.status.success(), "{checked:?}\n{script}");
    script
}

#[test]
fn a_script_logs_in_asks_and_ends() {
    let script = scripted(samples::violation().case, &profile());
    let (_, lines) = script.split_once("\nend() {").expect("a function");
    let (_, lines) = lines.split_once('\n').expect("lines");
    assert_eq!(
        lines,
        "login admin \"${ICWS_PASSWORD:?set it}\"\n\
         ask -X POST \"$base/icws/${session}/configuration/workgroups/$workgroup/\
         monitored-mailboxes\" \\\n\
         \x20 -H \"Cookie: ${cookie}\" \\\n\
         \x20 -H \"Accept: application/vnd.inin.icws+JSON\" \\\n\
         \x20 -H \"Content-Type: application/vnd.inin.icws+JSON; charset=utf-8\" \\\n\
         \x20 --data-raw '{\"remove\":[\"a\"]}' | tee \"$answer\"; echo\n\
         end\n\
         rm -f \"$answer\"\n\
         )"
    );
    assert!(
        !script.contains("damaged()") && !script.contains("update()"),
        "{script}"
    );
}

#[test]
fn every_session_state_is_a_script() {
    let tokens = [
        Token::Own,
        Token::Absent,
        Token::Empty,
        Token::Garbage,
        Token::OfAnother,
        Token::OfSecond,
        Token::OfEnded,
        Token::Twice,
    ];
    let cookies = [
        Cookie::Own,
        Cookie::Absent,
        Cookie::Empty,
        Cookie::Garbage,
        Cookie::Quoted,
        Cookie::AmongOdd,
        Cookie::AmongMany,
        Cookie::OfSecond,
        Cookie::BeforeAnother,
        Cookie::AfterAnother,
        Cookie::OfAnother,
        Cookie::OfEnded,
        Cookie::OtherNames,
        Cookie::AmongOthers,
        Cookie::Twice,
    ];
    let mut states: Vec<_> = tokens.map(SessionState::token).into();
    states.extend(cookies.map(SessionState::cookie));
    for damage in Damage::ALL {
        states.push(SessionState::token(Token::Damaged(damage)));
        states.push(SessionState::cookie(Cookie::Damaged(damage)));
    }
    states.extend(PathId::NEVER_ISSUED.map(SessionState::path));
    states.push(SessionState::path(PathId::OfAnother));
    states.extend([Life::Fresh, Life::Ended, Life::Expired].map(SessionState::life));
    states.extend([Asker::Restricted, Asker::Second].map(SessionState::of));
    // Each part has the value of the live state.
    states.sort();
    states.dedup();
    let mut alone = profile();
    alone.users.restricted = None;
    let mut seen = BTreeSet::new();
    let burst = |states: &[SessionState], at_once| Case {
        steps: states
            .iter()
            .map(|state| Step::send(json!({})).by(*state))
            .collect(),
        at_once,
        ..Case::default()
    };
    let once = scripted(burst(&states[..2], true), &profile());
    assert!(
        once.contains("\nwait\nfor one in \"$answer.0\" \"$answer.1\"; "),
        "{once}"
    );
    for state in &states {
        let case = Case::one(Step::send(json!({})).by(*state));
        let script = scripted(case.clone(), &profile());
        if state.needs_another() {
            let other = scripted(case, &alone);
            assert!(other.contains("another_session=$session "), "{other}");
            assert!(script.contains("restricted_session=$session "), "{script}");
        }
        let (_, requests) = script.split_once("\nlogin ").expect("a login");
        assert!(
            seen.insert(requests.to_owned()),
            "{state:?} is told: {script}"
        );
    }
    let whole = scripted(burst(&states, false), &profile());
    assert!(whole.contains("/__control/expire/\"$session\""), "{whole}");
}

#[test]
fn bodies_are_the_bytes_that_were_sent() {
    let printed = |body: &[u8]| {
        let script = scripted(Case::one(Step::send(body)), &profile());
        let line = script.lines().find(|line| line.starts_with("printf "));
        let line = line.expect(&script).trim_end_matches(" |");
        let output = Command::new("sh").args(["-c", line]).output();
        output.expect("a shell").stdout
    };
    let long = "é".repeat(ARGUMENT_MAX);
    for body in [b"{\xff\n'%\0".as_slice(), b"a\\b\x1b\n", long.as_bytes()] {
        assert_eq!(printed(body), body);
    }
}

#[test]
fn the_scene_is_set_and_removed() {
    let stored = Shape::plain(&Known {
        mailboxes: vec![("EX:a".to_owned(), vec!["Inbox".to_owned()])],
        absent: Vec::new(),
    });
    let stored = stored.named(&Names::new(7), 1);
    let step = Step::send(json!({ "remove": ["m0007-1"] })).after(Prelude::RemoveResource);
    let case = Case::one(step).with_scene(vec![stored]);
    let script = scripted(case.clone(), &profile());
    for part in [
        "\nupdate \"$workgroup\" '{\"add\":[",
        "/__control/remove-resource",
        "/__control/restore-resource",
        "--data-raw '{\"workgroup\":\"Sales (EMEA)\"}'",
        "\nprintf '%s\\n' m0007-1 $made | grep . | sort -u | ",
    ] {
        assert!(script.contains(part), "{part}: {script}");
    }
    // Where the target gives ids, the request names those.
    let mut finding = samples::violation();
    finding.case = case;
    finding.minimal.body = samples::redacted("{\"remove\":[\"mailbox-1\"]}");
    let access = Access::of(&profile(), Vec::new(), false);
    let script = curl(&samples::conforming().target, &access, &finding);
    assert!(script.contains("\nid0=$(ids | sed -n 1p)\n"), "{script}");
    assert!(
        script.contains("'{\"remove\":[\"'\"$id0\"'\"]}'"),
        "{script}"
    );
}

#[test]
fn users_that_nobody_knows_are_asked_for() {
    let finding = samples::violation();
    let script = curl(&samples::conforming().target, &Access::default(), &finding);
    let login = "\nlogin \"${ICWS_USER:?set it}\" \"${ICWS_PASSWORD:?set it}\"\n";
    assert!(script.contains(login), "{script}");
}

#[test]
fn the_targets_words_cannot_leave_their_comment() {
    let mut finding = samples::violation();
    finding.actual = samples::redacted("200\nrm -rf x\r\u{1b}[2J");
    let script = curl(&samples::conforming().target, &Access::default(), &finding);
    assert!(script.contains("\n# seen: 200 rm -rf x\\r"), "{script}");
}
