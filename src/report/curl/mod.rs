//! A finding as a small script for any POSIX shell, to be pasted or kept: it
//! logs in, sets the scene, sends what shows the finding, and leaves the target
//! as it was. Passwords stay where the profile has them.

mod credentials;
mod functions;
mod hook;
mod stored;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::contract::{Framing, Writing, wire};
use crate::generate::case::{HeaderSpelling, Near, Prelude, Step, WorkgroupChoice};
use crate::generate::session::{Asker, Language, Life, PathId};
use crate::runner::Finding;
use crate::runner::outcome::TargetReport;
use crate::target::PasswordSource;

use super::access::{Access, Login};
use super::printable::printable_lines;
use super::shell::{format_of, is_plain, quoted, word};
use credentials::{Carried, Role, carried};
use functions::FUNCTIONS;

/// The longest body, in bytes, that is an argument of a command: some systems
/// take none of more than 128 KiB.
const ARGUMENT_MAX: usize = 24 * 1024;
/// The longest comment, in characters.
const COMMENT_MAX: usize = 160;

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
        let refused = case.steps.iter().filter_map(|step| match &step.prelude {
            Some(Prelude::Refused(state, _)) => Some(state),
            _ => None,
        });
        let mut roles: BTreeSet<Role> = case
            .states()
            .chain(refused)
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
        if case.at_once {
            self.burst(&case.steps)
        } else {
            case.steps.iter().for_each(|step| self.step(step, stores))
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
        let workgroup = word(&workgroup);
        write!(text, "base={} workgroup={workgroup}", word(base)).expect("a string takes all");
        if finding.case.witness.is_some() {
            write!(text, " witness={}", word(&wire::segment(&self.witness())))
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
        let mut login = self.login(role.asker());
        if let Role::Fresh(_, language) = role
            && language != Language::English
        {
            login.push(' ');
            login.push_str(language.tag());
        }
        self.line(&login);
        match role {
            Role::Main => return,
            Role::Over(_, Life::Expired) => {
                self.hook(self.access.hooks.expire_session.as_ref(), "$session");
            }
            Role::Over(..) | Role::Ended => self.line("end"),
            Role::Another | Role::Second | Role::Fresh(..) | Role::Restricted => {}
        }
        let p = role.prefix();
        self.line(&format!(
            "{p}session=$session {p}token=$token {p}cookie=$cookie"
        ));
    }

    fn login(&self, asker: Asker) -> String {
        let (known, user, password) = match asker {
            Asker::Privileged | Asker::Second => {
                (&self.access.privileged, "ICWS_USER", "ICWS_PASSWORD")
            }
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

    fn step(&mut self, step: &Step, stores: bool) {
        let hooks = &self.access.hooks;
        match step.prelude {
            None => {}
            Some(Prelude::AnotherSessionEnds(asker)) => {
                self.line(&format!("({}; end)", self.login(asker)));
            }
            Some(Prelude::AnotherSessionExpires(asker)) => {
                let expires = self.hook_command(hooks.expire_session.as_ref(), "$session");
                self.line(&format!("({}; {expires})", self.login(asker)));
            }
            Some(Prelude::Refused(state, times)) => {
                let request = self.request(&step.clone().by(state));
                for _ in 0..times {
                    self.line(&format!("{request}; echo"));
                }
            }
            Some(Prelude::Malformed(times)) => {
                let request = self.request(&step.malformed());
                for _ in 0..times {
                    self.line(&format!("{request}; echo"));
                }
            }
            Some(Prelude::OwnLook) => {
                let own = Role::own(&step.session).prefix();
                self.line(&format!(
                    "(session=${{{own}session}} token=${{{own}token}} cookie=${{{own}cookie}}; read_back \"$workgroup\")"
                ));
            }
            Some(Prelude::FailNext) => self.hook(hooks.fail_next.as_ref(), ""),
            Some(Prelude::SameFailed) => {
                self.hook(hooks.fail_next.as_ref(), "");
                let request = self.request(step);
                self.line(&format!("{request}; echo"));
            }
            Some(Prelude::RemoveResource) => self.hook(hooks.remove_resource.as_ref(), ""),
        }
        if matches!(
            step.framing,
            Framing::Pieces | Framing::SmallChunks | Framing::ExtendedChunks | Framing::Expect
        ) {
            let framing = step.framing.in_words();
            self.line(&format!(
                "# it was sent with {framing}, which curl does otherwise"
            ));
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
            others,
        } = carried(&step.session, self.has_restricted);
        let segment = |id: &str| wire::segment_written(id, step.writing);
        let id = match &step.workgroup {
            WorkgroupChoice::Leased if step.writing == Writing::Usual => "$workgroup".to_owned(),
            WorkgroupChoice::Leased => segment(&self.finding.workgroup),
            WorkgroupChoice::Another => segment(&self.witness()),
            WorkgroupChoice::Scratch(number) => {
                let scratch = &self.access.scratch;
                let id = scratch.get(number % scratch.len().max(1));
                segment(id.unwrap_or(&self.finding.workgroup))
            }
            WorkgroupChoice::Absent(id) => segment(id),
            WorkgroupChoice::LeasedInOtherCase => segment(&swapped(&self.finding.workgroup)),
            WorkgroupChoice::Near(near) => {
                // A near miss that the workgroup's id does not have was never sent.
                let near = Near::of(*near, &self.finding.workgroup);
                segment(&near.unwrap_or_default())
            }
        };
        let url =
            format!("\"$base/icws/{path}/configuration/workgroups/{id}/monitored-mailboxes\"");
        let mut request = format!("ask -X POST {url}");
        match step.framing {
            Framing::Length | Framing::Pieces => {}
            Framing::Chunked | Framing::SmallChunks | Framing::ExtendedChunks => {
                request.push_str(" \\\n  -H 'Transfer-Encoding: chunked'");
            }
            Framing::Expect => request.push_str(" \\\n  -H 'Expect: 100-continue'"),
            Framing::Absolute => {
                write!(request, " \\\n  --request-target {url}").expect("a string takes all");
            }
        }
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
        for (name, value) in &others {
            header(name, value);
        }
        if let Some(accept) = &step.accept {
            header("Accept", &in_double_quotes(accept));
        }
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
    let text = printable_lines(text).replace('\n', " ");
    match text.char_indices().nth(COMMENT_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests;
