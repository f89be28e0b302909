//! The hooks of a profile in the words of a shell.

use std::fmt::Write as _;

use serde_json::Value;

use super::Script;
use crate::contract::wire;
use crate::report::shell::word;
use crate::target::Hook;

impl Script<'_> {
    /// Runs a hook.
    pub(super) fn hook(&mut self, hook: Option<&Hook>, session: &str) {
        let command = self.hook_command(hook, session);
        self.line(&command);
    }

    /// The command that runs a hook, which the profile must have had when the finding
    /// was made.
    pub(super) fn hook_command(&self, hook: Option<&Hook>, session: &str) -> String {
        let workgroup = &self.finding.workgroup;
        let filled = |template: &str, workgroup: &str| {
            let base = self.target.base_url.trim_end_matches('/');
            let text = template
                .replace("{base_url}", base)
                .replace("{workgroup_id}", workgroup);
            let parts: Vec<_> = text.split("{session_id}").map(word_or_nothing).collect();
            parts.join(&format!("\"{session}\""))
        };
        match hook {
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
        }
    }
}

/// Nothing stays nothing: the word stands beside others.
fn word_or_nothing(text: &str) -> String {
    match text {
        "" => String::new(),
        text => word(text),
    }
}
