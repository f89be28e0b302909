//! Why a case was not judged: one type from where it happens to the decision
//! over the run.

/// Why something could not be judged.
///
/// | why          | decides                                            |
/// |--------------|----------------------------------------------------|
/// | not offered  | never: counted apart, with what to add             |
/// | passing      | the case is sent again; unjudged if that never ends |
/// | unjudged     | too many make the property inconclusive            |
/// | unreadable   | as unjudged                                        |
/// | gone         | the run ends                                       |
/// | stuck        | the run ends, and restores what it can             |
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The profile, or a legal manner of the target, leaves nothing to judge. The
    /// text says what, and where it can be, what to add to the profile.
    NotOffered(String),
    /// Something came between that may pass: a busy target, a session or a
    /// connection lost around the case.
    Passing(String),
    /// This case could not be judged, and sending it again would not help; others
    /// can.
    Unjudged(String),
    /// A read-back was answered 200, but not by what it should be.
    Unreadable(String),
    /// The target no longer answers at all: nothing more can be judged.
    Gone(String),
    /// The target answers, and is in a state of which nothing can be known:
    /// nothing more can be judged.
    Stuck(String),
}

impl Trouble {
    /// The reason, in words.
    pub fn reason(&self) -> &str {
        match self {
            Self::NotOffered(reason)
            | Self::Passing(reason)
            | Self::Unjudged(reason)
            | Self::Unreadable(reason)
            | Self::Gone(reason)
            | Self::Stuck(reason) => reason,
        }
    }

    /// Whether nothing more can be judged.
    pub const fn ends_the_run(&self) -> bool {
        matches!(self, Self::Gone(_) | Self::Stuck(_))
    }

    /// The reason alone.
    pub fn into_reason(self) -> String {
        match self {
            Self::NotOffered(reason)
            | Self::Passing(reason)
            | Self::Unjudged(reason)
            | Self::Unreadable(reason)
            | Self::Gone(reason)
            | Self::Stuck(reason) => reason,
        }
    }
}
