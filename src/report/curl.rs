//! A finding as a small script for any POSIX shell, to be pasted or kept: it
//! logs in, sets the scene, sends what shows the finding, and leaves the target
//! as it was. Passwords stay where the profile has them.

mod credentials;
mod functions;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::contract::representation::MonitoredMailbox;
use crate::contract::wire;
use crate::generate::case::{HeaderSpelling, Near, Prelude, Step, WorkgroupChoice};
use crate::generate::session::{Asker, Life, PathId};
use crate::generate::update::adding;
use crate::runner::Finding;
use crate::runner::outcome::TargetReport;
use crate::target::{Hook, PasswordSource};

use super::access::{Access, Login};
use super::printable::printable;
use super::shell::{format_of, is_plain, quoted, word};
use credentials::{Carried, Role, carried};
use functions::FUNCTIONS;

/// The longest body, in bytes, that is an argument of a command: some systems
/// take none of more than 128 KiB.
const ARGUMENT_MAX: usize = 24 * 1024;
/// The longest comment, in characters.
const COMMENT_MAX: usize = 160;
/// The families of rules that are about what is stored.
const STORED: [&str; 4] = ["EFF-", "FLD-", "WG-", "ISE-"];

/// The script of that finding. It shows every answer of the case.
pub fn curl(target: &TargetReport, access: &Access, finding: &Finding) -> String {
    let mut script = Script {
        target,
        access,
        finding,
        has_restricted: access.restricted.is_some(),
        given: Vec::new(),
        lines: String::new(),
    };
    script.write();
    script.whole()
}

/// What stands for the session's own id in the path, if it does.
pub(super) fn session_in_path(finding: &Finding) -> Option<&str> {
    let path = finding.minimal.path.as_ref().strip_prefix("/icws/")?;
    let own = finding.case.states().all(|state| state.path == PathId::Own);
    path.split('/').next().filter(|_| own)
}

struct Script<'a> {
    target: &'a TargetReport,
    access: &'a Access,
    finding: &'a Finding,
    has_restricted: bool,
    /// Where the target gives ids: each id of the scene, in JSON, with the
    /// variable that holds what stands for it.
    given: Vec<(String, String)>,
    lines: String,
}

impl Script<'_> {
    fn line(&mut self, line: &str) {
        self.lines.push_str(line);
        self.lines.push('\n');
    }

    fn write(&mut self) {
        let case = &self.finding.case;
        let stores = !self.stored().is_empty() || self.may_store();
        let reads = self.reads_back();
        let mut roles: BTreeSet<Role> = case
            .states()
            .flat_map(|state| Role::of(state, self.has_restricted))
            .collect();
        if stores || reads || case.witness.is_some() {
            roles.insert(Role::Main);
        }
        for role in &roles {
            self.open(*role);
        }
        self.scene(&case.scene, "workgroup");
        if let Some(witness) = &case.witness {
            self.scene(witness, "witness");
        }
        match case.at_once {
            true => self.burst(&case.steps),
            false => case.steps.iter().for_each(|step| self.step(step, stores)),
        }
        if reads {
            self.line("read_back \"$workgroup\"");
        }
        if reads && case.witness.is_some() {
            self.line("read_back \"$witness\"");
        }
        if stores {
            self.remove();
        }
        for role in roles.iter().filter(|role| role.is_live()) {
            let p = role.prefix();
            match role {
                Role::Main => self.line("end"),
                _ => self.line(&format!(
                    "(session=${p}session token=${p}token cookie=${p}cookie; end)"
                )),
            }
        }
    }

    /// The lines with all that they need before and after.
    fn whole(&self) -> String {
        let finding = self.finding;
        let mut text = "(\n".to_owned();
        let legal: Vec<_> = finding.expected.iter().map(AsRef::as_ref).collect();
        for comment in [
            finding.identity(),
            format!("legal: {}", legal.join(", or ")),
            format!("seen: {}", finding.actual),
        ] {
            writeln!(text, "# {}", shortened(&comment)).expect("a string takes all");
        }
        let base = self.target.base_url.trim_end_matches('/');
        let workgroup = wire::segment(&finding.workgroup);
        write!(text, "base={} workgroup={workgroup}", word(base)).expect("a string takes all");
        if finding.case.witness.is_some() {
            write!(text, " witness={}", wire::segment(&self.witness()))
                .expect("a string takes all");
        }
        text.push_str(" answer=$(mktemp) made=\n");
        writeln!(text, "ask() {{ {} \"$@\"; }}", self.command()).expect("a string takes all");
        for function in needed(&self.lines) {
            text.push_str(function);
        }
        text.push_str(&self.lines);
        text.push_str("rm -f \"$answer\"\n)");
        text
    }

    /// The command with what every request of the script has. What curl would
    /// send unasked is taken away.
    fn command(&self) -> String {
        let mut command =
            "curl -q -sS -i --http1.1 --path-as-is --globoff --noproxy '*'".to_owned();
        if let Some(timeout) = self.access.timeout {
            let seconds = timeout.as_secs_f64().ceil().max(1.0);
            write!(command, " -m {seconds}").expect("a string takes all");
        }
        if self.target.accept_invalid {
            command.push_str(" -k");
        }
        if let Some(authority) = &self.access.authority {
            let path = authority.display().to_string();
            write!(command, " --cacert {}", word(&path)).expect("a string takes all");
        }
        for unasked in ["Accept", "Content-Type", "Expect", "User-Agent"] {
            write!(command, " -H '{unasked}:'").expect("a string takes all");
        }
        command
    }

    fn open(&mut self, role: Role) {
        self.line(&self.login(role.asker()));
        match role {
            Role::Main => return,
            Role::Over(_, Life::Expired) => {
                self.hook(self.access.hooks.expire_session.as_ref(), "$session");
            }
            Role::Over(..) | Role::Ended => self.line("end"),
            Role::Another | Role::Restricted => {}
        }
        let p = role.prefix();
        self.line(&format!(
            "{p}session=$session {p}token=$token {p}cookie=$cookie"
        ));
    }

    fn login(&self, asker: Asker) -> String {
        let (known, user, password) = match asker {
            Asker::Privileged => (&self.access.privileged, "ICWS_USER", "ICWS_PASSWORD"),
            Asker::Restricted => (
                &self.access.restricted,
                "ICWS_RESTRICTED_USER",
                "ICWS_RESTRICTED_PASSWORD",
            ),
        };
        match known {
            Some(Login { user_id, password }) => {
                let password = match password {
                    PasswordSource::Env(variable) => format!("\"${{{variable}:?set it}}\""),
                    PasswordSource::File(path) => format!("\"$(cat {})\"", word(path)),
                };
                format!("login {} {password}", word(user_id))
            }
            None => format!("login \"${{{user}:?set it}}\" \"${{{password}:?set it}}\""),
        }
    }

    /// Runs a hook; which the profile must have had when the finding was made.
    fn hook(&mut self, hook: Option<&Hook>, session: &str) {
        let workgroup = &self.finding.workgroup;
        let filled = |template: &str, workgroup: &str| {
            let base = self.target.base_url.trim_end_matches('/');
            let text = template
                .replace("{base_url}", base)
                .replace("{workgroup_id}", workgroup);
            let parts: Vec<_> = text.split("{session_id}").map(word_or_nothing).collect();
            parts.join(&format!("\"{session}\""))
        };
        let line = match hook {
            None => "# the profile has no hook for this".to_owned(),
            Some(Hook::Request { method, url, json }) => {
                let url = filled(url, &wire::segment(workgroup));
                let mut line = format!("ask -o \"$answer\" -X {} {url}", word(method));
                if let Some(json) = json {
                    let escaped = Value::from(workgroup.as_str()).to_string();
                    let json = filled(&json.to_string(), escaped.trim_matches('"'));
                    let label = "-H 'Content-Type: application/json'";
                    write!(line, " {label} --data-raw {json}").expect("a string takes all");
                }
                line
            }
            Some(Hook::Command { words }) => {
                let words: Vec<_> = words.iter().map(|word| filled(word, workgroup)).collect();
                format!("{} >&2", words.join(" "))
            }
        };
        self.line(&line);
    }

    /// Stores objects. Where the target gives ids, they are taken from its
    /// answer.
    fn scene(&mut self, scene: &[MonitoredMailbox], workgroup: &str) {
        if scene.is_empty() {
            return;
        }
        let body = adding(scene).to_string();
        self.line(&format!("update \"${workgroup}\" {}", self.text(&body)));
        self.line("made=\"$made $(ids)\"");
        if !self.gives_ids() {
            return;
        }
        for (place, object) in scene.iter().enumerate() {
            let Some(id) = object.id() else { continue };
            let variable = format!("id{}", self.given.len());
            let number = place + 1;
            self.line(&format!("{variable}=$(ids | sed -n {number}p)"));
            self.given.push((Value::from(id).to_string(), variable));
        }
    }

    fn step(&mut self, step: &Step, stores: bool) {
        let hooks = &self.access.hooks;
        match step.prelude {
            None => {}
            Some(Prelude::AnotherSessionEnds(asker)) => {
                self.line(&format!("({}; end)", self.login(asker)));
            }
            Some(Prelude::FailNext) => self.hook(hooks.fail_next.as_ref(), ""),
            Some(Prelude::RemoveResource) => self.hook(hooks.remove_resource.as_ref(), ""),
        }
        let request = self.request(step);
        self.line(&format!("{request} | tee \"$answer\"; echo"));
        if stores {
            self.line("made=\"$made $(ids)\"");
        }
        if step.prelude == Some(Prelude::RemoveResource) {
            self.hook(hooks.restore_resource.as_ref(), "");
        }
    }

    /// Requests that are under way at the same time; their answers are shown in
    /// the order of the case.
    fn burst(&mut self, steps: &[Step]) {
        let files: Vec<_> = (0..steps.len())
            .map(|number| format!("\"$answer.{number}\""))
            .collect();
        for (step, file) in steps.iter().zip(&files) {
            let request = self.request(step);
            self.line(&format!("{{ {request} >{file}; }} &"));
        }
        let files = files.join(" ");
        self.line("wait");
        self.line(&format!("for one in {files}; do cat \"$one\"; echo; done"));
        self.line(&format!("cat {files} >\"$answer\"; rm -f {files}"));
        self.line("made=\"$made $(ids)\"");
    }

    /// The command that sends a step's request and prints its answer.
    fn request(&self, step: &Step) -> String {
        let Carried {
            path,
            tokens,
            cookie,
        } = carried(&step.session, self.has_restricted);
        let id = match &step.workgroup {
            WorkgroupChoice::Leased => "$workgroup".to_owned(),
            WorkgroupChoice::Absent(id) => wire::segment(id),
            WorkgroupChoice::LeasedInOtherCase => wire::segment(&swapped(&self.finding.workgroup)),
            WorkgroupChoice::Near(near) => wire::segment(&Near::of(*near, &self.finding.workgroup)),
        };
        let mut request = format!(
            "ask -X POST \"$base/icws/{path}/configuration/workgroups/{id}/monitored-mailboxes\""
        );
        let mut header = |name: &str, value: &str| {
            let name = spelt(name, step.spelling);
            // An empty value has a notation of its own.
            let header = match value {
                "" => format!("'{name};'"),
                value => format!("\"{name}: {value}\""),
            };
            write!(request, " \\\n  -H {header}").expect("a string takes all");
        };
        for token in &tokens {
            header(wire::CSRF_TOKEN_HEADER, token);
        }
        if let Some(cookie) = &cookie {
            header("Cookie", cookie);
        }
        header("Accept", wire::VENDOR_MEDIA_TYPE);
        if let Some(label) = &step.content_type {
            header("Content-Type", &in_double_quotes(label));
        }
        let bytes = step.body.bytes();
        let body = match std::str::from_utf8(&bytes) {
            Ok(text) if is_plain(text) && text.len() <= ARGUMENT_MAX => {
                write!(request, " \\\n  --data-raw {}", self.text(text))
                    .expect("a string takes all");
                return request;
            }
            Ok(text) if is_plain(text) => format!("printf %s {}", self.text(text)),
            _ => format!("printf {}", quoted(&format_of(&bytes))),
        };
        format!("{body} |\n{request} \\\n  --data-binary @-")
    }

    /// Text as one word of the shell, with variables for the ids that the
    /// target gives.
    fn text(&self, text: &str) -> String {
        let mut quoted = quoted(text);
        for (id, variable) in &self.given {
            quoted = quoted.replace(id, &format!("\"'\"${variable}\"'\""));
        }
        quoted
    }

    /// Removes what was stored, one by one: what is not there must not stand
    /// in the way of what is.
    fn remove(&mut self) {
        let given = if self.gives_ids() {
            Vec::new()
        } else {
            self.stored()
        };
        let given: Vec<_> = given.iter().map(|id| word(id)).collect();
        let ids = format!("printf '%s\\n' {} $made", given.join(" "));
        let mut workgroups = vec!["workgroup"];
        workgroups.extend(self.finding.case.witness.as_ref().map(|_| "witness"));
        for workgroup in workgroups {
            self.line(&format!(
                "{ids} | grep . | sort -u | while IFS= read -r id; do update \"${workgroup}\" \
                 '{{\"remove\":[\"'\"$id\"'\"]}}'; done"
            ));
        }
    }

    /// The ids that the case gives to what it adds, as JSON has them between
    /// quotes.
    fn stored(&self) -> Vec<String> {
        let case = &self.finding.case;
        let scenes = case.scene.iter().chain(case.witness.iter().flatten());
        let of_scenes = scenes.filter_map(|object| object.id().map(str::to_owned));
        let added = case.steps.iter().filter_map(|step| {
            let body: Value = serde_json::from_slice(&step.body.bytes()).ok()?;
            Some(body.get("add")?.as_array()?.clone())
        });
        let of_steps = added.flatten().filter_map(|object| {
            let id = object.pointer("/configurationId/id")?.as_str()?;
            Some(id.to_owned())
        });
        let mut ids: Vec<_> = of_scenes.chain(of_steps).collect();
        ids.sort();
        ids.dedup();
        // As they stand in JSON, they also stand on a line.
        let inner = |id: &String| {
            let json = Value::from(id.as_str()).to_string();
            json[1..json.len() - 1].to_owned()
        };
        ids.iter().map(inner).collect()
    }

    /// Whether a step may store something, rightly or not: it adds, or nobody
    /// can say what it does.
    fn may_store(&self) -> bool {
        self.finding.case.steps.iter().any(|step| {
            let body = serde_json::from_slice::<Value>(&step.body.bytes());
            body.map_or(true, |body| {
                body.get("add").is_some_and(|add| !add.is_null())
            })
        })
    }

    /// Whether the target gives ids of its own: then what was sent has others
    /// than the case.
    fn gives_ids(&self) -> bool {
        let sent = self.finding.minimal.body.as_ref();
        let mut steps = self.finding.case.steps.iter();
        let has_scene = !self.finding.case.scene.is_empty();
        has_scene && steps.all(|step| String::from_utf8_lossy(&step.body.bytes()) != sent)
    }

    fn reads_back(&self) -> bool {
        let rule = self.finding.rule.as_str();
        self.access.read_back && STORED.iter().any(|family| rule.starts_with(family))
    }

    /// The workgroup behind the one that is asked, in the order of the profile.
    fn witness(&self) -> String {
        let scratch = &self.access.scratch;
        let place = scratch.iter().position(|id| *id == self.finding.workgroup);
        let next = place.map_or(0, |place| (place + 1) % scratch.len());
        scratch.get(next).cloned().unwrap_or_default()
    }
}

/// The functions that the lines call, and those that these call.
fn needed(lines: &str) -> Vec<&'static str> {
    let calls = |text: &str, name: &str| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .any(|found| found == name)
    };
    let mut needed: Vec<&str> = Vec::new();
    // Those that others call stand before them.
    for function in FUNCTIONS.iter().rev() {
        let called = calls(lines, function.name);
        if called || needed.iter().any(|text| calls(text, function.name)) {
            needed.insert(0, function.text);
        }
    }
    needed
}

/// Nothing stays nothing: the word stands beside others.
fn word_or_nothing(text: &str) -> String {
    match text {
        "" => String::new(),
        text => word(text),
    }
}

fn in_double_quotes(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if "\\\"$`".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn spelt(name: &str, spelling: HeaderSpelling) -> String {
    match spelling {
        HeaderSpelling::AsUsual | HeaderSpelling::Documented => name.to_owned(),
        HeaderSpelling::Lower => name.to_lowercase(),
        HeaderSpelling::Upper => name.to_uppercase(),
    }
}

/// The id in the other case, as a run changes it.
fn swapped(text: &str) -> String {
    match text.to_uppercase() {
        upper if upper == text => text.to_lowercase(),
        upper => upper,
    }
}

/// One line of text that cannot end a comment.
fn shortened(text: &str) -> String {
    let text = printable(text).replace('\n', " ");
    match text.char_indices().nth(COMMENT_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::profile_of;
    use crate::generate::mailbox::{Names, Shape};
    use crate::generate::session::{Cookie, SessionState, Token};
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
            !script.contains("changed()") && !script.contains("update()"),
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
            Token::Truncated,
            Token::Extended,
            Token::MiddleChanged,
            Token::OtherCase,
            Token::OfAnother,
            Token::OfEnded,
            Token::Twice,
        ];
        let cookies = [
            Cookie::Own,
            Cookie::Absent,
            Cookie::Empty,
            Cookie::Garbage,
            Cookie::Truncated,
            Cookie::MiddleChanged,
            Cookie::OtherCase,
            Cookie::OfAnother,
            Cookie::OfEnded,
            Cookie::OtherNames,
            Cookie::AmongOthers,
            Cookie::Twice,
        ];
        let paths = [
            PathId::Own,
            PathId::Unknown,
            PathId::Malformed,
            PathId::ZeroInFront,
            PathId::Extended,
            PathId::OfAnother,
        ];
        let mut states: Vec<_> = tokens.map(SessionState::token).into();
        states.extend(cookies.map(SessionState::cookie));
        states.extend(paths.map(SessionState::path));
        states.extend([Life::Ended, Life::Expired].map(SessionState::life));
        states.push(SessionState::of(Asker::Restricted));
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
}
