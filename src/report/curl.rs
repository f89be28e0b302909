//! The request of a finding as a curl command, to be sent again by hand from
//! any POSIX shell. Secrets stand as shell variables, so the command runs in
//! whatever session its user has.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;

use crate::contract::wire;
use crate::generate::session::PathId;
use crate::runner::Finding;
use crate::runner::outcome::TargetReport;

/// The longest body, in bytes, that is written into the command: some systems
/// take no argument of more than 128 KiB, and quoting makes it longer.
const BODY_MAX: usize = 24 * 1024;

/// The variables that a connection answer fills, with what to fill them with.
const SESSION: &str = "ICWS_SESSION";
const TOKEN: &str = "ICWS_TOKEN";
const COOKIE: &str = "ICWS_COOKIE";

/// The command for that finding's request: comment lines that say what the
/// variables stand for, then one line for the shell.
pub fn curl(target: &TargetReport, finding: &Finding) -> String {
    let minimal = &finding.minimal;
    let mut shell = Shell::new([
        session_in_path(finding).map(|id| ["/icws/".to_owned(), id.to_owned(), "/".to_owned()]),
        session_in_cookie(finding).map(|id| ["icws_".to_owned(), id, "=".to_owned()]),
    ]);
    let mut command = String::from("curl -i --http1.1 --path-as-is --globoff");
    if target.accept_invalid {
        command.push_str(" -k");
    }
    let url = format!("{}{}", target.base_url.trim_end_matches('/'), minimal.path);
    let url = shell.quoted(&url);
    write!(command, " -X {} {url}", minimal.method).expect("a string takes all");
    for (name, value) in &minimal.headers {
        // curl writes these itself, and rightly.
        if ["host", "content-length"].contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        // An empty value has a notation of its own.
        let header = match value.as_ref() {
            "" => format!("{name};"),
            value => format!("{name}: {value}"),
        };
        write!(command, " -H {}", shell.quoted(&header)).expect("a string takes all");
    }
    // What curl would send unasked.
    for unasked in ["Accept", "Content-Type", "User-Agent"] {
        let mut names = minimal.headers.iter().map(|(name, _)| name);
        if !names.any(|name| name.eq_ignore_ascii_case(unasked)) {
            write!(command, " -H '{unasked}:'").expect("a string takes all");
        }
    }
    let command = with_body(command, finding, &mut shell);
    shell.comments(&target.base_url) + &command
}

/// What stands for the session's own id in the path, if it does.
pub(super) fn session_in_path(finding: &Finding) -> Option<&str> {
    let path = finding.minimal.path.as_ref().strip_prefix("/icws/")?;
    let own = finding.case.states().all(|state| state.path == PathId::Own);
    path.split('/').next().filter(|_| own)
}

/// What stands for the session's own id in the name of its cookie: it is the
/// one in the path, or that of a cookie whose value is a secret.
fn session_in_cookie(finding: &Finding) -> Option<String> {
    static COOKIE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[;\s])icws_([^=;\s]+)=(<?)").expect("a regex"));
    let in_path = session_in_path(finding);
    finding
        .minimal
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        .flat_map(|(_, value)| COOKIE.captures_iter(value.as_ref()))
        .find(|captures| Some(&captures[1]) == in_path || !captures[2].is_empty())
        .map(|captures| captures[1].to_owned())
}

fn with_body(command: String, finding: &Finding, shell: &mut Shell) -> String {
    let text = finding.minimal.body.as_ref();
    // The minimal request shows text; only the case knows bytes that are none.
    let bytes = finding
        .case
        .steps
        .iter()
        .rev()
        .map(|step| step.body.bytes())
        .find(|bytes| String::from_utf8_lossy(bytes) == text)
        .unwrap_or_else(|| text.as_bytes().to_vec());
    if bytes.len() > BODY_MAX {
        shell.remark("body.json: the body of the case in the replay file, too long for a command");
        return format!("{command} --data-binary @body.json");
    }
    match std::str::from_utf8(&bytes) {
        Ok("") if finding.minimal.method == "GET" => command,
        Ok("") => format!("{command} --data-raw ''"),
        Ok(text) if !text.contains('\0') => {
            format!("{command} --data-raw {}", shell.quoted(text))
        }
        _ => format!("printf '{}' | {command} --data-binary @-", octal(&bytes)),
    }
}

/// Bytes for the format of `printf`, which knows octal escapes in every shell.
fn octal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut format, byte| {
        if byte.is_ascii_alphanumeric() {
            format.push(char::from(*byte));
        } else {
            write!(format, "\\{byte:03o}").expect("a string takes all");
        }
        format
    })
}

/// Quotes text for a shell, and knows which variables were used.
struct Shell {
    /// Where the session's id stands: between these texts.
    sessions: Vec<[String; 3]>,
    variables: BTreeMap<String, String>,
    remarks: Vec<String>,
}

impl Shell {
    fn new(sessions: [Option<[String; 3]>; 2]) -> Self {
        Self {
            sessions: sessions.into_iter().flatten().collect(),
            variables: BTreeMap::new(),
            remarks: Vec::new(),
        }
    }

    fn remark(&mut self, remark: &str) {
        self.remarks.push(remark.to_owned());
    }

    /// The text as one word of the shell, with `"$VARIABLE"` in the place of
    /// every secret and of the session's id.
    fn quoted(&mut self, text: &str) -> String {
        static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new("<([^<>]*(?:token|cookie|password|session)[^<>]*)>").expect("a regex")
        });
        let mut word = String::new();
        let mut done = 0;
        for found in PLACEHOLDER.captures_iter(text) {
            let whole = found.get(0).expect("group 0 is the match");
            word.push_str(&self.literal(&text[done..whole.start()]));
            word.push_str(&self.variable(&found[1]));
            done = whole.end();
        }
        word.push_str(&self.literal(&text[done..]));
        if word.is_empty() {
            "''".to_owned()
        } else {
            word
        }
    }

    fn variable(&mut self, described: &str) -> String {
        let name = match described {
            "csrf token of the privileged session" => TOKEN.to_owned(),
            "cookie of the privileged session" => COOKIE.to_owned(),
            other => {
                let words = other.split(|c: char| !c.is_ascii_alphanumeric());
                let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
                format!("ICWS_{}", words.join("_").to_ascii_uppercase())
            }
        };
        let word = format!("\"${name}\"");
        self.variables.insert(name, described.to_owned());
        word
    }

    fn literal(&mut self, text: &str) -> String {
        for [before, id, after] in &self.sessions {
            let Some((head, tail)) = text.split_once(&format!("{before}{id}{after}")) else {
                continue;
            };
            let described = "id of the session".to_owned();
            self.variables.insert(SESSION.to_owned(), described);
            let head = single_quoted(&format!("{head}{before}"));
            let tail = single_quoted(&format!("{after}{tail}"));
            return format!("{head}\"${SESSION}\"{tail}");
        }
        single_quoted(text)
    }

    fn comments(&self, base_url: &str) -> String {
        let mut comments = String::new();
        let mut ordinary = Vec::new();
        for (name, described) in &self.variables {
            let given = match name.as_str() {
                SESSION => "`sessionId`",
                TOKEN => "`csrfToken`",
                COOKIE => "the cookie's value",
                _ => {
                    writeln!(comments, "# {name}: {described}").expect("a string takes all");
                    continue;
                }
            };
            ordinary.push(format!("{name} ({given})"));
        }
        if !ordinary.is_empty() {
            let base_url = base_url.trim_end_matches('/');
            let path = wire::CONNECTION_PATH;
            let names = ordinary.join(", ");
            let line = format!("# from the answer to POST {base_url}{path}: {names}\n");
            comments.insert_str(0, &line);
        }
        for remark in &self.remarks {
            writeln!(comments, "# {remark}").expect("a string takes all");
        }
        comments
    }
}

fn single_quoted(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Case, SessionState, Step};
    use crate::report::samples;

    fn command(change: impl FnOnce(&mut Finding)) -> String {
        let mut finding = samples::violation();
        change(&mut finding);
        curl(&samples::conforming().target, &finding)
    }

    #[test]
    fn secrets_and_the_session_become_variables() {
        assert_eq!(
            command(|_| ()),
            "# from the answer to POST http://127.0.0.1:8018/icws/connection: \
             ICWS_COOKIE (the cookie's value), ICWS_SESSION (`sessionId`)\n\
             curl -i --http1.1 --path-as-is --globoff -X POST \
             'http://127.0.0.1:8018/icws/'\"$ICWS_SESSION\"'/configuration/workgroups/\
             Sales%20%28EMEA%29/monitored-mailboxes' \
             -H 'Cookie: icws_'\"$ICWS_SESSION\"'='\"$ICWS_COOKIE\" \
             -H 'Content-Type: application/vnd.inin.icws+JSON; charset=utf-8' \
             -H 'Accept: application/vnd.inin.icws+JSON' \
             -H 'User-Agent:' --data-raw '{\"remove\":[\"a\"]}'"
        );
    }

    #[test]
    fn other_secrets_are_explained_by_name() {
        let shown = command(|finding| {
            finding.minimal.headers[0].1 =
                samples::redacted("icws_4711=<cookie of the restricted session>");
        });
        let line = "# ICWS_COOKIE_OF_THE_RESTRICTED_SESSION: cookie of the restricted session\n";
        assert!(shown.contains(line), "{shown}");
    }

    #[test]
    fn other_cookies_are_not_taken_for_the_session() {
        let shown = command(|finding| {
            let cookies = "icws_other=1f0c; icws_4711=<its cookie, cut short>; theme=dark";
            finding.minimal.headers[0].1 = samples::redacted(cookies);
        });
        let header = r#"-H 'Cookie: icws_other=1f0c; icws_'"$ICWS_SESSION"'='"$ICWS_ITS_COOKIE_CUT_SHORT"'; theme=dark'"#;
        assert!(shown.contains(header), "{shown}");
    }

    #[test]
    fn bytes_that_are_no_text_go_through_printf() {
        let shown = curl(&samples::conforming().target, &samples::warning());
        let pipe = r"printf '\173\377\012\047\045' | curl -i";
        assert!(shown.contains(pipe), "{shown}");
        assert!(shown.ends_with(" --data-binary @-"), "{shown}");
    }

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        for text in ["it's", "a\nb", "$HOME `x` \\ \"", "@file", "é '' '"] {
            let shown = command(|finding| {
                finding.minimal.body = samples::redacted(text);
                finding.case = Case::one(Step::send(text.as_bytes()));
            });
            let (_, word) = shown.rsplit_once("--data-raw ").expect("a body");
            let output = std::process::Command::new("sh")
                .args(["-c", &format!("printf %s {word}")])
                .output()
                .expect("a shell");
            assert_eq!(String::from_utf8_lossy(&output.stdout), text);
        }
    }

    #[test]
    fn what_curl_adds_unasked_is_taken_away_and_empty_values_stay() {
        let shown = command(|finding| {
            finding.minimal.headers = vec![("X-Empty".to_owned(), "".into())];
        });
        for part in ["-H 'X-Empty;'", "-H 'Accept:'", "-H 'Content-Type:'"] {
            assert!(shown.contains(part), "{shown}");
        }
    }

    #[test]
    fn the_session_may_be_called_differently_in_path_and_cookie() {
        let shown = command(|finding| {
            finding.minimal.path = samples::redacted("/icws/{sessionId}/x");
        });
        assert!(shown.contains(r#"/icws/'"$ICWS_SESSION"'/x' "#), "{shown}");
        assert!(
            shown.contains(r#"'Cookie: icws_'"$ICWS_SESSION"'='"#),
            "{shown}"
        );
    }

    #[test]
    fn a_session_id_that_is_not_the_own_one_stays() {
        let shown = command(|finding| {
            finding.minimal.headers.remove(0);
            finding.case = Case::one(
                Step::send(serde_json::json!({})).by(SessionState::path(PathId::Malformed)),
            );
        });
        assert!(
            shown.contains("'http://127.0.0.1:8018/icws/4711/conf"),
            "{shown}"
        );
    }

    #[test]
    fn a_long_body_is_left_to_the_replay_file() {
        let shown = command(|finding| {
            let body = "x".repeat(BODY_MAX + 1);
            finding.minimal.body = samples::redacted(&body);
        });
        assert!(shown.ends_with("--data-binary @body.json"), "{shown}");
        assert!(shown.contains("# body.json: "), "{shown}");
    }
}
