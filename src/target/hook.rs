//! Hooks: an HTTP request or a command that brings the target into a state
//! that the endpoint itself cannot bring about.

use serde_json::Value;
use url::Url;

/// The hooks that a target has. Without one, its rules are not tested.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hooks {
    /// Lets one session expire (SES-4).
    pub expire_session: Option<Hook>,
    /// Lets the next update fail (ISE-3).
    pub fail_next: Option<Hook>,
    /// Removes the resource (GONE-1); never without `restore_resource`.
    pub remove_resource: Option<Hook>,
    /// Takes `remove_resource` back.
    pub restore_resource: Option<Hook>,
}

/// One hook, with the placeholders `{base_url}`, `{session_id}` and
/// `{workgroup_id}` still in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Hook {
    /// An HTTP request.
    Request {
        /// One of `GET`, `POST`, `PUT`, `PATCH` and `DELETE`.
        method: String,
        /// The URL, with placeholders.
        url: String,
        /// The JSON body, with placeholders in its strings.
        json: Option<Value>,
    },
    /// A command, run without a shell.
    Command {
        /// The program and its arguments, with placeholders.
        words: Vec<String>,
    },
}

/// The methods that a hook's request may have.
pub(super) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The names of the placeholders.
const PLACEHOLDERS: [&str; 3] = ["base_url", "session_id", "workgroup_id"];

impl Hook {
    /// Whether it names the workgroup that it is about.
    pub fn is_about_one_workgroup(&self) -> bool {
        self.has("{workgroup_id}")
    }

    /// Whether it names the session that it is about.
    pub fn is_about_one_session(&self) -> bool {
        self.has("{session_id}")
    }

    fn has(&self, placeholder: &str) -> bool {
        let names = |text: &str| text.contains(placeholder);
        match self {
            Self::Request { url, json, .. } => {
                names(url) || json.as_ref().is_some_and(|json| names(&json.to_string()))
            }
            Self::Command { words } => words.iter().any(|word| names(word)),
        }
    }
}

/// What is wrong with a template of a URL, if anything. The template is not
/// quoted: it may hold a token.
pub(super) fn url_problem(template: &str) -> Option<String> {
    let url = fill(template, ["http://localhost", "session", "workgroup"]);
    if let Some((_, tail)) = url.split_once('{') {
        return Some(match tail.split_once('}') {
            Some((name, _)) => format!("unknown placeholder `{{{name}}}`"),
            None => "a brace that is not closed".to_owned(),
        });
    }
    if url.contains('}') {
        return Some("a brace that was not opened".to_owned());
    }
    match Url::parse(&url) {
        Ok(url) if !["http", "https"].contains(&url.scheme()) => {
            Some(format!("a URL with the scheme `{}`", url.scheme()))
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            Some("a URL with user information, which a profile must not hold".to_owned())
        }
        Ok(_) => None,
        Err(error) => Some(format!("not a URL ({error})")),
    }
}

/// One pass, so that what was filled in is not read as a template again.
fn fill(template: &str, values: [&str; 3]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        filled.push_str(before);
        let known = PLACEHOLDERS.iter().zip(values).find_map(|(name, value)| {
            let after = tail.strip_prefix(name)?.strip_prefix('}')?;
            Some((value, after))
        });
        let (value, after) = known.unwrap_or(("{", tail));
        filled.push_str(value);
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_of_urls_are_judged() {
        for (template, problem) in [
            ("{base_url}/x/{session_id}?w={workgroup_id}", None),
            ("https://control.example/x", None),
            ("{base_url}/{user}", Some("unknown placeholder `{user}`")),
            ("{base_url", Some("a brace that is not closed")),
            ("{base_url}/}", Some("a brace that was not opened")),
            ("/x", Some("not a URL (relative URL without a base)")),
            ("ftp://x", Some("a URL with the scheme `ftp`")),
        ] {
            assert_eq!(url_problem(template).as_deref(), problem, "{template}");
        }
        let problem = url_problem("http://a:hunter2@localhost/").expect("user information");
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}
