//! What a script stores and removes again, and how it looks at it.

use serde_json::Value;

use super::Script;
use crate::contract::representation::MonitoredMailbox;
use crate::generate::update::adding;
use crate::report::shell::{quoted, word};

/// The families of rules that are about what is stored.
const STORED: [&str; 4] = ["EFF-", "FLD-", "WG-", "ISE-"];

impl Script<'_> {
    /// Stores objects. Where the target gives ids, they are taken from its
    /// answer.
    pub(super) fn scene(&mut self, scene: &[MonitoredMailbox], workgroup: &str) {
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

    /// Text as one word of the shell, with variables for the ids that the
    /// target gives.
    pub(super) fn text(&self, text: &str) -> String {
        let mut quoted = quoted(text);
        for (id, variable) in &self.given {
            quoted = quoted.replace(id, &format!("\"'\"${variable}\"'\""));
        }
        quoted
    }

    /// Removes what was stored, one by one: what is not there must not stand
    /// in the way of what is.
    pub(super) fn remove(&mut self) {
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
    pub(super) fn stored(&self) -> Vec<String> {
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
    pub(super) fn may_store(&self) -> bool {
        self.finding.case.steps.iter().any(|step| {
            let body = serde_json::from_slice::<Value>(&step.body.bytes());
            body.map_or(true, |body| {
                body.get("add").is_some_and(|add| !add.is_null())
            })
        })
    }

    /// Whether the target gives ids of its own: then what was sent has others
    /// than the case.
    pub(super) fn gives_ids(&self) -> bool {
        let sent = self.finding.minimal.body.as_ref();
        let mut steps = self.finding.case.steps.iter();
        let has_scene = !self.finding.case.scene.is_empty();
        has_scene && steps.all(|step| String::from_utf8_lossy(&step.body.bytes()) != sent)
    }

    pub(super) fn reads_back(&self) -> bool {
        let rule = self.finding.rule.as_str();
        self.access.read_back && STORED.iter().any(|family| rule.starts_with(family))
    }

    /// The workgroup behind the one that is asked, in the order of the profile.
    pub(super) fn witness(&self) -> String {
        let scratch = &self.access.scratch;
        let place = scratch.iter().position(|id| *id == self.finding.workgroup);
        let next = place.map_or(0, |place| (place + 1) % scratch.len());
        scratch.get(next).cloned().unwrap_or_default()
    }
}
