//! A case: what is stored first, and the requests that are then sent.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::mailbox::Names;
pub use super::near::Near;
use super::session::{Asker, SessionState};
use crate::contract::representation::MonitoredMailbox;
use crate::contract::{Framing, Writing, wire};

/// Everything that is sent for one judgement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Case {
    /// Objects that are stored in the leased workgroup before the first step.
    pub scene: Vec<MonitoredMailbox>,
    /// Objects that are stored in a second workgroup, whose content is watched
    /// (WG-2); `None` where no second workgroup is needed.
    pub witness: Option<Vec<MonitoredMailbox>>,
    /// The requests, in order; each is judged.
    pub steps: Vec<Step>,
    /// The requests are sent at once rather than one after the other, and are
    /// judged together (EFF-10).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub at_once: bool,
    /// On which connections its requests are sent.
    #[serde(skip_serializing_if = "is_usual")]
    pub connection: Connection,
    /// Who reads back what its requests left.
    #[serde(skip_serializing_if = "is_usual")]
    pub reader: Reader,
}

fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_documented(accept: &Option<String>) -> bool {
    accept.as_deref() == Some(wire::VENDOR_MEDIA_TYPE)
}

/// On which connection a request is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Connection {
    /// On one that is kept for the next.
    #[default]
    Kept,
    /// On one of its own: where that is dropped, it had not been idle (ISE-1).
    Own,
}

/// By which session of the user with rights a workgroup is read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// By the one that asks.
    #[default]
    Same,
    /// By a second one, where the target allows that: what is stored is there
    /// for everybody.
    Another,
}

impl Case {
    /// A case of one step in an empty scene.
    pub fn one(step: Step) -> Self {
        Self {
            steps: vec![step],
            ..Self::default()
        }
    }

    /// Updates that are sent one after the other.
    pub fn in_a_row(bodies: Vec<impl Into<Body>>) -> Self {
        Self {
            steps: bodies.into_iter().map(Step::send).collect(),
            ..Self::default()
        }
    }

    /// The same with objects stored first.
    #[must_use]
    pub fn with_scene(mut self, scene: Vec<MonitoredMailbox>) -> Self {
        self.scene = scene;
        self
    }

    /// The same under conditions that change from one case of a property to the
    /// next, and that no server may be impressed by.
    #[must_use]
    pub fn in_turn(mut self, index: usize) -> Self {
        match index % 4 {
            1 => self.reader = Reader::Another,
            3 => self.connection = Connection::Own,
            _ => {}
        }
        self
    }

    /// Whether it changes what every request to the target meets: a failure is
    /// provoked, or the resource is declared removed.
    pub fn changes_the_target(&self) -> bool {
        let mut preludes = self.steps.iter().filter_map(|step| step.prelude);
        preludes.any(|prelude| {
            matches!(
                prelude,
                Prelude::FailNext | Prelude::SameFailed | Prelude::RemoveResource
            )
        })
    }

    /// The same where there is no user without rights: it is asked by the one with
    /// rights, and so are the sessions beside.
    #[must_use]
    pub fn without_the_restricted(mut self) -> Self {
        for step in &mut self.steps {
            let beside = step.prelude.as_mut().and_then(Prelude::asker_mut);
            for asker in beside.into_iter().chain([&mut step.session.asker]) {
                if *asker == Asker::Restricted {
                    *asker = Asker::Privileged;
                }
            }
        }
        self
    }

    /// The same case about other objects, whose tag is that many further on.
    #[must_use]
    pub fn renamed(&self, by: u16) -> Self {
        serde_json::to_string(self)
            .ok()
            .and_then(|text| serde_json::from_str(&Names::renamed(&text, by)).ok())
            .unwrap_or_else(|| self.clone())
    }

    /// The bytes of all its bodies together.
    pub fn body_bytes(&self) -> usize {
        let bodies = self.steps.iter().map(|step| &step.body);
        bodies
            .map(|body| match body {
                Body::Json(value) => size_of_json(value),
                Body::Bytes(bytes) => bytes.len(),
            })
            .sum()
    }

    /// Every session state that its steps use.
    pub fn states(&self) -> impl Iterator<Item = &SessionState> {
        self.steps.iter().map(|step| &step.session)
    }
}

/// About the bytes of JSON, without writing it.
fn size_of_json(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 5,
        Value::String(text) => text.len() + 3,
        Value::Array(items) => 2 + items.iter().map(size_of_json).sum::<usize>(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| name.len() + 4 + size_of_json(value))
            .sum(),
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Step {
    /// What happens at the target just before, outside the request.
    pub prelude: Option<Prelude>,
    /// Who asks.
    pub session: SessionState,
    /// Of which workgroup.
    pub workgroup: WorkgroupChoice,
    /// The label of the body; `None` for none.
    pub content_type: Option<String>,
    /// What it accepts as an answer; `None` where it does not say.
    #[serde(skip_serializing_if = "is_documented")]
    pub accept: Option<String>,
    /// How the workgroup's id is written.
    #[serde(skip_serializing_if = "is_usual")]
    pub writing: Writing,
    /// How it is framed.
    #[serde(skip_serializing_if = "is_usual")]
    pub framing: Framing,
    /// How header names are spelt.
    pub spelling: HeaderSpelling,
    /// What.
    pub body: Body,
}

/// The Content-Type of the documented exchange.
pub const DOCUMENTED_CONTENT_TYPE: &str = "application/vnd.inin.icws+JSON; charset=utf-8";

impl Default for Step {
    fn default() -> Self {
        Self {
            prelude: None,
            session: SessionState::LIVE,
            workgroup: WorkgroupChoice::Leased,
            content_type: Some(DOCUMENTED_CONTENT_TYPE.to_owned()),
            accept: Some(wire::VENDOR_MEDIA_TYPE.to_owned()),
            writing: Writing::Usual,
            framing: Framing::Length,
            spelling: HeaderSpelling::AsUsual,
            body: Body::Json(Value::Null),
        }
    }
}

impl Step {
    /// A live, documented request with that body.
    pub fn send(body: impl Into<Body>) -> Self {
        Self {
            body: body.into(),
            ..Self::default()
        }
    }

    /// The same, asked by another session state.
    #[must_use]
    pub fn by(mut self, session: SessionState) -> Self {
        self.session = session;
        self
    }

    /// The same, of another workgroup.
    #[must_use]
    pub fn of(mut self, workgroup: WorkgroupChoice) -> Self {
        self.workgroup = workgroup;
        self
    }

    /// The same, with another label.
    #[must_use]
    pub fn labelled(mut self, content_type: Option<&str>) -> Self {
        self.content_type = content_type.map(str::to_owned);
        self
    }

    /// The same, accepting something else.
    #[must_use]
    pub fn accepting(mut self, accept: Option<&str>) -> Self {
        self.accept = accept.map(str::to_owned);
        self
    }

    /// The same, framed so.
    #[must_use]
    pub fn framed(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    /// The same, with the workgroup's id written so.
    #[must_use]
    pub fn written(mut self, writing: Writing) -> Self {
        self.writing = writing;
        self
    }

    /// The same, after something happened at the target.
    #[must_use]
    pub fn after(mut self, prelude: Prelude) -> Self {
        self.prelude = Some(prelude);
        self
    }

    /// The same, with a body that breaks off.
    #[must_use]
    pub fn malformed(&self) -> Self {
        Self {
            body: Body::Bytes(b"{".to_vec()),
            ..self.clone()
        }
    }

    /// Whether what it asks for is declared removed.
    pub fn is_of_the_removed(&self) -> bool {
        self.prelude == Some(Prelude::RemoveResource) && self.workgroup != WorkgroupChoice::Another
    }

    /// The same, with header names spelt so.
    #[must_use]
    pub fn spelt(mut self, spelling: HeaderSpelling) -> Self {
        self.spelling = spelling;
        self
    }
}

/// Something that happens at the target before a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prelude {
    /// A session of that user, opened beside, is ended by its client.
    AnotherSessionEnds(Asker),
    /// A session of that user, opened beside, expires.
    AnotherSessionExpires(Asker),
    /// The same request is sent so often by that state of the same session, and
    /// is refused.
    Refused(SessionState, u8),
    /// The same session sends a body that breaks off, so often, and is refused.
    Malformed(u8),
    /// The same session asks whether it is up, and reads the workgroup back.
    OwnLook,
    /// The next update is made to fail with 500.
    FailNext,
    /// The same update was made to fail with 500 just before. The step must
    /// mean the same a second time.
    SameFailed,
    /// The resource is declared removed; restored after the step.
    RemoveResource,
}

impl Prelude {
    /// Whose session it needs beside the step's own.
    pub fn asker(mut self) -> Option<Asker> {
        self.asker_mut().copied()
    }

    const fn asker_mut(&mut self) -> Option<&mut Asker> {
        match self {
            Self::AnotherSessionEnds(asker) | Self::AnotherSessionExpires(asker) => Some(asker),
            Self::Refused(state, _) => Some(&mut state.asker),
            Self::Malformed(_)
            | Self::OwnLook
            | Self::FailNext
            | Self::SameFailed
            | Self::RemoveResource => None,
        }
    }
}

/// Of which workgroup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkgroupChoice {
    /// The scratch workgroup that the case holds.
    #[default]
    Leased,
    /// One that does not exist.
    Absent(String),
    /// The leased one with the case of its letters changed (WG-3).
    LeasedInOtherCase,
    /// One that does not exist, but looks much like the leased one, or like
    /// another of the profile's where that cannot be with the leased one's id.
    Near(Near),
    /// Another scratch workgroup than the leased one.
    Another,
    /// That one of the scratch workgroups, counted around.
    Scratch(usize),
}

/// How header names are spelt on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeaderSpelling {
    /// As the run does it: in the spelling that is known to work.
    #[default]
    AsUsual,
    /// As the documentation writes them.
    Documented,
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
}

/// A body: JSON as a value where it is JSON, so that it can be shrunk by its
/// structure, and otherwise bytes.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// Sent in compact form.
    Json(Value),
    /// Sent as they are; in files as a list of numbers unless they are text.
    #[serde(with = "text_or_bytes")]
    Bytes(Vec<u8>),
}

impl Body {
    /// The bytes that are sent.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Json(value) => value.to_string().into_bytes(),
            Self::Bytes(bytes) => bytes.clone(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", String::from_utf8_lossy(&self.bytes()))
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        Self::Json(value)
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// Bytes in a replay file: text where they are UTF-8, else a list of numbers.
mod text_or_bytes {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Form {
        Text(String),
        Bytes(Vec<u8>),
    }

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.serialize(serializer),
            Err(_) => bytes.serialize(serializer),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        Ok(match Form::deserialize(deserializer)? {
            Form::Text(text) => text.into_bytes(),
            Form::Bytes(bytes) => bytes,
        })
    }
}
