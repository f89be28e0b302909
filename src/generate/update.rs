//! Valid updates by construction, with the scene that makes them valid.

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use super::case::{Case, Step};
use super::fixtures::Fixtures;
use super::mailbox::{Names, Shape, names, shape};
use crate::contract::representation::{Field, MonitoredMailbox};

/// A mailbox as JSON.
pub fn as_json(mailbox: &MonitoredMailbox) -> Value {
    serde_json::to_value(mailbox).expect("a mailbox is always JSON")
}

/// A body that adds these.
pub fn adding(mailboxes: &[MonitoredMailbox]) -> Value {
    json!({ "add": mailboxes.iter().map(as_json).collect::<Vec<_>>() })
}

/// A body that modifies these.
pub fn modifying(mailboxes: &[MonitoredMailbox]) -> Value {
    json!({ "modify": mailboxes.iter().map(as_json).collect::<Vec<_>>() })
}

/// A body that removes these.
pub fn removing(ids: &[String]) -> Value {
    json!({ "remove": ids })
}

/// How many valid objects of the same list stand around the one that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbours {
    /// How many come before it.
    pub in_front: usize,
    /// How many come after it.
    pub behind: usize,
}

impl Neighbours {
    /// It stands alone.
    pub const NONE: Self = Self {
        in_front: 0,
        behind: 0,
    };
    /// It stands behind one other.
    pub const SECOND: Self = Self {
        in_front: 1,
        behind: 0,
    };
    /// It is the last of twelve: behind what a server looks at first.
    pub const LAST_OF_TWELVE: Self = Self {
        in_front: 11,
        behind: 0,
    };

    /// The last of seventy: behind the first batch of a server that works in
    /// batches.
    pub const LAST_OF_SEVENTY: Self = Self {
        in_front: 69,
        behind: 0,
    };

    /// Alone mostly, else with one or two others, and sometimes late.
    pub fn drawn() -> BoxedStrategy<Self> {
        let beside = |in_front, behind| Just(Self { in_front, behind });
        prop_oneof![
            7 => beside(0, 0),
            4 => beside(1, 0),
            4 => beside(0, 1),
            3 => beside(1, 1),
            2 => beside(11, 0),
        ]
        .boxed()
    }

    /// The list with that element in its place; `valid` makes the others, each
    /// from a number of its own.
    pub fn around(self, element: Value, mut valid: impl FnMut(usize) -> Value) -> Vec<Value> {
        let mut elements: Vec<Value> = (0..self.in_front).map(|at| valid(20 + at)).collect();
        elements.push(element);
        elements.extend((0..self.behind).map(|at| valid(60 + at)));
        elements
    }
}

/// Each list on its own, in its plainest form: an outbound mailbox added, an
/// inbound one added, one modified, one removed.
pub fn plain_each(fixtures: &Fixtures) -> Vec<BoxedStrategy<Case>> {
    let (outbound, inbound) = (Shape::plain(fixtures), Shape::inbound(fixtures));
    let add = |shape: Shape| {
        names()
            .prop_map(move |names| Case::one(Step::send(adding(&[shape.named(&names, 1)]))))
            .boxed()
    };
    let (to_modify, to_remove) = (outbound.clone(), outbound.clone());
    vec![
        add(outbound),
        add(inbound),
        names()
            .prop_map(move |names| {
                let stored = to_modify.named(&names, 1);
                let mut changed = to_modify.readdressed(&names, 1, 2);
                changed.can_receive_encrypted_email = true.into();
                Case::one(Step::send(modifying(&[changed]))).with_scene(vec![stored])
            })
            .boxed(),
        names()
            .prop_map(move |names| {
                let stored = to_remove.named(&names, 1);
                Case::one(Step::send(removing(&[names.id(1)]))).with_scene(vec![stored])
            })
            .boxed(),
    ]
}

/// The plainest update: an outbound mailbox added.
pub fn plain_step(fixtures: &Fixtures) -> BoxedStrategy<Step> {
    let plain = Shape::plain(fixtures);
    names()
        .prop_map(move |names| Step::send(adding(&[plain.named(&names, 1)])))
        .boxed()
}

/// How one list of the body is written when it has nothing to do.
#[derive(Clone, Copy, Debug)]
enum Idle {
    Absent,
    Null,
    Empty,
}

fn idle() -> impl Strategy<Value = Idle> {
    prop_oneof![3 => Just(Idle::Absent), 1 => Just(Idle::Null), 1 => Just(Idle::Empty)]
}

fn put(body: &mut Map<String, Value>, name: &str, items: Vec<Value>, idle: Idle) {
    match (items.is_empty(), idle) {
        (false, _) | (true, Idle::Empty) => {
            body.insert(name.to_owned(), Value::Array(items));
        }
        (true, Idle::Null) => {
            body.insert(name.to_owned(), Value::Null);
        }
        (true, Idle::Absent) => {}
    }
}

/// What becomes of one object of the scene.
#[derive(Clone, Debug)]
enum Fate {
    Kept,
    Removed,
    Modified(Box<Change>),
}

/// A valid change: to another shape, or of a few properties only.
#[derive(Clone, Debug)]
struct Change {
    to: Shape,
    keep_place: bool,
    leave_out_type: bool,
    leave_out_encrypted: bool,
}

impl Change {
    /// The object of `modify` that turns `stored` into the new shape. It names
    /// emailAddress and mailboxMoniker always: without, acceptance is open
    /// (REP-8). It mentions the folder wherever the stored one could be in the
    /// way (FLD-4, FLD-7).
    fn apply(
        &self,
        stored: &Shape,
        names: &Names,
        number: usize,
        address: usize,
    ) -> MonitoredMailbox {
        let mut to = self.to.clone();
        if self.keep_place {
            to.moniker.clone_from(&stored.moniker);
            to.mailbox_type = stored.mailbox_type;
            to.folder = Field::Absent;
        } else if to.folder.is_absent() && stored.folder.value().is_some() {
            to.folder = Field::Null;
        }
        let mut object = to.named(names, number);
        object.email_address = Field::Value(names.address(address));
        if self.keep_place && self.leave_out_type {
            object.mailbox_type = Field::Absent;
        }
        if self.leave_out_encrypted {
            object.can_receive_encrypted_email = Field::Absent;
        }
        object
    }
}

fn fate(fixtures: &Fixtures) -> BoxedStrategy<Fate> {
    let change = (shape(fixtures), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(to, keep_place, leave_out_type, leave_out_encrypted)| {
            Fate::Modified(Box::new(Change {
                to,
                keep_place,
                leave_out_type,
                leave_out_encrypted,
            }))
        },
    );
    prop_oneof![1 => Just(Fate::Kept), 2 => Just(Fate::Removed), 3 => change].boxed()
}

/// How many objects an update touches.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Stored objects, each kept, modified or removed.
    pub scene: usize,
    /// Added objects.
    pub added: usize,
}

/// Valid updates of up to that size.
pub fn update(fixtures: &Fixtures, size: Size) -> BoxedStrategy<Case> {
    sized(fixtures, 0..=size.scene, 0..=size.added)
}

/// Valid updates of just that size.
pub fn update_of(fixtures: &Fixtures, size: Size) -> BoxedStrategy<Case> {
    sized(fixtures, size.scene..=size.scene, size.added..=size.added)
}

fn sized(
    fixtures: &Fixtures,
    scene: RangeInclusive<usize>,
    added: RangeInclusive<usize>,
) -> BoxedStrategy<Case> {
    let scene = vec((shape(fixtures), fate(fixtures)), scene);
    let added = vec((shape(fixtures), prop::bool::weighted(0.85)), added);
    (
        names(),
        scene,
        added,
        [idle(), idle(), idle()],
        any::<Index>(),
    )
        .prop_map(|(names, scene, added, idle, rotation)| {
            build(&names, &scene, &added, idle, rotation)
        })
        .boxed()
}

fn build(
    names: &Names,
    scene: &[(Shape, Fate)],
    added: &[(Shape, bool)],
    idle: [Idle; 3],
    rotation: Index,
) -> Case {
    let stored: Vec<MonitoredMailbox> = scene
        .iter()
        .enumerate()
        .map(|(number, (shape, _))| shape.named(names, number))
        .collect();
    let mut modify = Vec::new();
    let mut remove = Vec::new();
    for (number, (shape, fate)) in scene.iter().enumerate() {
        match fate {
            Fate::Kept => {}
            Fate::Removed => remove.push(Value::String(names.id(number))),
            Fate::Modified(change) => {
                // Half of the changes give a new address as well.
                let address = if change.leave_out_encrypted {
                    number
                } else {
                    number + 1000
                };
                modify.push(as_json(&change.apply(shape, names, number, address)));
            }
        }
    }
    let add: Vec<Value> = added
        .iter()
        .enumerate()
        .map(|(number, (shape, with_id))| {
            let mut mailbox = shape.named(names, scene.len() + number);
            if !with_id {
                mailbox.configuration_id = Field::Absent;
            }
            as_json(&mailbox)
        })
        .collect();
    if !modify.is_empty() {
        let turns = rotation.index(modify.len());
        modify.rotate_left(turns);
    }
    let mut body = Map::new();
    put(&mut body, "add", add, idle[0]);
    put(&mut body, "modify", modify, idle[1]);
    put(&mut body, "remove", remove, idle[2]);
    Case::one(Step::send(Value::Object(body))).with_scene(stored)
}
