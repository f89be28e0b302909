//! Who appears in a step: the sessions it needs, opened, ended or let expire as
//! its state says, and what happens at the target just before.

use super::Firing;
use crate::client::Session;
use crate::generate::session::{Asker, Life, SessionState};
use crate::generate::{Prelude, Step};
use crate::oracle::known::SessionLife;
use crate::runner::credentials::{Cast, Played};
use crate::runner::ground::Ground;
use crate::runner::stage::Trouble;

impl Firing<'_> {
    pub(super) async fn prelude(&mut self, step: &Step, ground: &Ground) -> Result<(), Trouble> {
        match step.prelude {
            None => Ok(()),
            Some(Prelude::FailNext) => {
                self.stage
                    .hook(self.stage.hooks.fail_next.as_ref(), None, &ground.workgroup)
                    .await
            }
            Some(Prelude::RemoveResource) => {
                self.stage
                    .hook(
                        self.stage.hooks.remove_resource.as_ref(),
                        None,
                        &ground.workgroup,
                    )
                    .await
            }
            Some(Prelude::AnotherSessionEnds(asker)) => {
                // The shared session must be there before the other one ends.
                self.stage.live(step.session.asker).await?;
                if asker == step.session.asker && self.stage.sessions.one_per_user {
                    return Err(Trouble::Inconclusive(
                        "the target allows one session a user".to_owned(),
                    ));
                }
                let other = self.open(asker).await?;
                self.end(&other).await
            }
        }
    }

    /// The sessions of a step. Those that are ended come first: where a user
    /// can have only one session, each login ends the one before.
    pub(super) async fn cast(&mut self, state: &SessionState) -> Result<Cast, Trouble> {
        let ended = if state.needs_ended() {
            let session = self.open(Asker::Privileged).await?;
            self.end(&session).await?;
            Some(Played {
                session,
                life: SessionLife::Ended,
                may_modify: true,
            })
        } else {
            None
        };
        let another = if state.needs_another() {
            Some(self.another(state.asker).await?)
        } else {
            None
        };
        let may_modify = state.asker == Asker::Privileged;
        let (session, life) = match state.life {
            Life::Live => (
                (*self.stage.live(state.asker).await?).clone(),
                SessionLife::Live,
            ),
            Life::Ended => {
                let session = self.open(state.asker).await?;
                self.end(&session).await?;
                (session, SessionLife::Ended)
            }
            Life::Expired => {
                let session = self.open(state.asker).await?;
                self.stage
                    .hook(self.stage.hooks.expire_session.as_ref(), Some(&session), "")
                    .await?;
                self.fired.requests += 1;
                self.stage.sessions.forget(&session).await;
                self.extra.retain(|extra| extra.id != session.id);
                (session, SessionLife::Expired)
            }
        };
        Ok(Cast {
            own: Played {
                session,
                life,
                may_modify,
            },
            another,
            ended,
        })
    }

    /// A live session beside the asker's own: the other user's, or a second
    /// one of the same user where that is allowed.
    pub(super) async fn another(&mut self, asker: Asker) -> Result<Played, Trouble> {
        if self.stage.sessions.has_restricted() {
            let other = match asker {
                Asker::Privileged => Asker::Restricted,
                Asker::Restricted => Asker::Privileged,
            };
            let session = (*self.stage.live(other).await?).clone();
            let may_modify = other == Asker::Privileged;
            return Ok(Played {
                session,
                life: SessionLife::Live,
                may_modify,
            });
        }
        if self.stage.sessions.one_per_user {
            return Err(Trouble::Inconclusive(
                "the target allows one session a user".to_owned(),
            ));
        }
        let session = self.open(asker).await?;
        Ok(Played {
            session,
            life: SessionLife::Live,
            may_modify: true,
        })
    }

    pub(super) async fn open(&mut self, asker: Asker) -> Result<Session, Trouble> {
        self.fired.requests += 1;
        match self.stage.sessions.fresh(asker).await {
            Ok(session) => {
                self.extra.push(session.clone());
                Ok(session)
            }
            Err(error) => Err(self
                .stage
                .trouble(format!("no session could be opened: {error}"))
                .await),
        }
    }

    pub(super) async fn end(&mut self, session: &Session) -> Result<(), Trouble> {
        self.fired.requests += 1;
        self.extra.retain(|extra| extra.id != session.id);
        if self.stage.sessions.end(session).await {
            Ok(())
        } else {
            Err(Trouble::Inconclusive(
                "a session could not be ended".to_owned(),
            ))
        }
    }

    pub(super) async fn end_extra_sessions(&mut self) {
        for session in std::mem::take(&mut self.extra) {
            self.fired.requests += 1;
            self.stage.sessions.end(&session).await;
        }
    }
}
