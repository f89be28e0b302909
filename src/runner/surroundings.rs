//! What surrounds the cases of a batch: what several of them need is stored by one
//! update, and what they made is removed by one. Where a case finds something, it is
//! played again with a workgroup to itself, so that what is told is its own.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::fire::{Fired, stands};
use super::ground::Ground;
use super::stage::Stage;
use crate::contract::representation::MonitoredMailbox;
use crate::generate::Case;
use crate::generate::mailbox::Names;
use crate::oracle::{IdRegime, Stored};

/// After so many objects that cases left they are removed.
pub(super) const LEFTOVER_MAX: usize = 40;

/// Of so many objects at most is what one case needs stored with that of others.
const SCENE_MAX: usize = 12;

/// So many objects at most are stored for several cases at once.
const SCENES_MAX: usize = 40;

/// How long a text is at most that stands in what several cases need.
const TEXT_MAX: usize = 64;

impl Stage {
    /// Whether a case may find what others left, and leave what it made: it is about
    /// one workgroup that can be looked at, and about ids that are its own.
    pub(super) fn may_share(&self, case: &Case) -> bool {
        self.read_back
            && self.ids == IdRegime::Client
            && case.witness.is_none()
            && !case.changes_the_target()
    }
}

/// What several cases need, to be stored at once: plain objects, no two of one id or
/// address.
pub(super) fn scenes<'a>(cases: impl Iterator<Item = &'a Case>) -> Vec<MonitoredMailbox> {
    let (mut all, mut names) = (Vec::new(), BTreeSet::new());
    for case in cases {
        let scene = &case.scene;
        let of_scene = scene.iter().filter_map(names_of).flatten();
        let of_scene: BTreeSet<&str> = of_scene.collect();
        let is_small = scene.len() <= SCENE_MAX && all.len() + scene.len() <= SCENES_MAX;
        let is_new = of_scene.len() == 2 * scene.len() && of_scene.is_disjoint(&names);
        if is_small && is_new {
            names.extend(of_scene);
            all.extend(scene.iter().cloned());
        }
    }
    all
}

/// The id and the address of a plain object, as most cases store them: one that no
/// server may refuse.
fn names_of(object: &MonitoredMailbox) -> Option<[&str; 2]> {
    let (id, address) = (object.id()?, object.email_address.value()?);
    let given = object.configuration_id.value()?;
    let texts = [given.display_name.value(), object.inbound_folder.value()];
    let is_short = texts.iter().flatten().all(|text| text.len() <= TEXT_MAX);
    (is_plain(id) && Names::is_ours(address) && is_short).then_some([id, address])
}

/// Whether an id is one that no server refuses in `remove`, and others with it.
pub(super) fn is_plain(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    id.len() <= TEXT_MAX && id.bytes().all(is_plain)
}

/// Whether what a case needs is to be stored before it.
pub(super) fn has_to_store(case: &Case, ground: &Ground) -> bool {
    !case.scene.is_empty() && !stands(&case.scene, ground)
}

/// What stands beside a case, as something that it needs.
pub(super) fn company(ground: &Ground, scene: &[MonitoredMailbox]) -> Vec<MonitoredMailbox> {
    let initial = ground.initial.as_deref().unwrap_or_default();
    let is_new = |object: &&Stored| {
        let is_old = initial.iter().any(|old| old.id == object.id);
        let is_its_own = scene.iter().any(|own| own.id() == Some(&object.id));
        !is_old && !is_its_own
    };
    let known = ground.known.iter().flatten().filter(is_new);
    known.filter_map(as_mailbox).collect()
}

/// A stored object as an update would add it.
fn as_mailbox(stored: &Stored) -> Option<MonitoredMailbox> {
    let values = stored.values.iter();
    let values = values.map(|(name, value)| ((*name).to_owned(), value.clone()));
    let mut object: Map<String, Value> = values.collect();
    object.insert("configurationId".to_owned(), json!({ "id": stored.id }));
    serde_json::from_value(Value::Object(object)).ok()
}

/// Whether what came of a case shows something that another playing of it showed.
pub(super) fn shows_the_same(fired: &Fired, other: &Fired) -> bool {
    let is_shown = |(_, found): &(usize, crate::judge::Finding)| {
        let mut others = other.findings.iter();
        others.any(|(_, other)| other.rule == found.rule && other.status == found.status)
    };
    fired.findings.iter().any(is_shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Step;
    use crate::generate::fixtures::Fixtures;
    use crate::generate::mailbox::Shape;

    fn object(tag: u16, number: usize) -> MonitoredMailbox {
        let fixtures = Fixtures {
            mailboxes: vec![("EX:support@acme.test".to_owned(), Vec::new())],
            absent: Vec::new(),
        };
        Shape::plain(&fixtures).named(&Names::new(tag), number)
    }

    fn case(scene: Vec<MonitoredMailbox>) -> Case {
        Case::one(Step::send(json!({}))).with_scene(scene)
    }

    #[test]
    fn what_several_cases_need_is_stored_at_once_but_for_what_may_be_refused_or_is_there() {
        let mut odd = object(3, 1);
        odd.configuration_id = serde_json::from_value(json!({ "id": "a/b" })).expect("an id");
        let mut readdressed = object(1, 1);
        readdressed.email_address = Names::new(1).address(51).into();
        let cases = [
            case(vec![object(1, 1), object(1, 2)]),
            case(Vec::new()),
            case(vec![odd]),
            case(vec![object(2, 1), object(1, 2)]),
            case(vec![object(2, 2)]),
            case(vec![readdressed]),
            case((0..=SCENE_MAX).map(|number| object(4, number)).collect()),
        ];
        let stored = scenes(cases.iter());
        assert_eq!(stored, [object(1, 1), object(1, 2), object(2, 2)]);
    }

    #[test]
    fn what_stands_there_is_company_but_for_what_was_there_before_the_run() {
        let as_read = |object: &MonitoredMailbox| Stored {
            id: object.id().expect("an id").to_owned(),
            values: [("emailAddress", json!(object.email_address.value()))].into(),
        };
        let [own, other, old] = [object(1, 1), object(2, 1), object(3, 1)];
        let mut ground = Ground::new("Sales".to_owned());
        ground.initial = Some(vec![as_read(&old)]);
        ground.known = Some([&old, &own, &other].map(as_read).to_vec());
        assert!(!has_to_store(&case(vec![own.clone()]), &ground));
        assert!(has_to_store(&case(vec![object(5, 1)]), &ground));
        let beside = company(&ground, &[own]);
        let ids: Vec<_> = beside.iter().map(|object| object.id()).collect();
        assert_eq!(ids, [other.id()]);
    }
}
