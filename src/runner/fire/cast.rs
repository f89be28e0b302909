//! Who appears in a step: the sessions it needs, opened, ended or let expire as
//! its state says, and what happens at the target just before.

use super::{Firing, described};
use crate::client::{ConnectError, Exchange, Header, Method, Patience, Request, Session, State};
use crate::contract::wire;
use crate::generate::session::{Asker, Language, Life, SessionState};
use crate::generate::{Prelude, Step};
use crate::oracle::known::SessionLife;
use crate::runner::credentials::{Cast, Played};
use crate::runner::ground::Ground;
use crate::runner::sessions::EndError;
use crate::runner::trouble::Trouble;

impl Firing<'_> {
    pub(super) async fn prelude(&mut self, step: &Step, ground: &Ground) -> Result<(), Trouble> {
        match step.prelude {
            None => Ok(()),
            Some(Prelude::Refused(state, times)) => {
                self.refused(&step.clone().by(state), times, ground).await
            }
            Some(Prelude::Malformed(times)) => self.refused(&step.malformed(), times, ground).await,
            Some(Prelude::OwnLook) => self.own_look(step, ground).await,
            Some(Prelude::FailNext) => {
                self.stage
                    .hook(self.stage.hooks.fail_next.as_ref(), None, &ground.workgroup)
                    .await
            }
            Some(Prelude::SameFailed) => {
                // A failure that a lost session keeps from being met would be
                // met by somebody else.
                let live = self.stage.live(step.session.asker).await?;
                self.fired.requests += 1;
                if self.stage.sessions.state(&live).await == State::Over {
                    self.stage.sessions.lose(&live).await;
                }
                let fail_next = self.stage.hooks.fail_next.as_ref();
                self.stage.hook(fail_next, None, &ground.workgroup).await?;
                let asking = self.asking(step, ground).await?;
                let request = self.request(step, &asking);
                let session = &asking.cast.own.session;
                let provoked = Some(Prelude::FailNext);
                let sent = self.send(session, &request, provoked).await;
                let status = |exchange: &Exchange| exchange.answer().map(|answer| answer.status);
                match sent.as_ref().ok().and_then(status) {
                    Some(500 | 503) => return Ok(()),
                    _ => self.meet(ground).await,
                }
                Err(Trouble::Unjudged(format!(
                    "the hook provoked no 500 but: {}",
                    described(&sent?)
                )))
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
                let other = self.beside(step, asker).await?;
                self.end(&other).await
            }
            Some(Prelude::AnotherSessionExpires(asker)) => {
                let other = self.beside(step, asker).await?;
                self.expire(&other).await
            }
        }
    }

    /// What only asks, by the session of a step, whatever comes of it.
    async fn own_look(&mut self, step: &Step, ground: &Ground) -> Result<(), Trouble> {
        let asking = self.asking(step, ground).await?;
        let id = &asking.carried.session_id;
        for path in [
            wire::session_path(id),
            wire::read_back_path(id, &ground.workgroup),
        ] {
            let mut request = Request::new(Method::Get, path);
            request.headers = asking.carried.headers();
            request
                .headers
                .push(Header::plain("Accept", wire::VENDOR_MEDIA_TYPE));
            self.stage.spell(&mut request, step.spelling);
            let origin = &asking.cast.own.session.origin;
            let client = &self.stage.client;
            let asked = client.send_patiently(origin, &request, Patience::Question);
            self.fired.requests += asked.await.sent;
        }
        Ok(())
    }

    /// Meets a failure that was provoked and not met: somebody else would.
    pub(super) async fn meet(&mut self, ground: &Ground) {
        if let Ok(live) = self.stage.live(Asker::Privileged).await {
            self.fired.requests += 1;
            self.stage.idle_update(&live, &ground.workgroup).await;
        }
    }

    /// A session that is opened while the step's own is there.
    async fn beside(&mut self, step: &Step, asker: Asker) -> Result<Session, Trouble> {
        self.stage.live(step.session.asker).await?;
        if asker == step.session.asker && self.stage.sessions.one_per_user {
            return Err(Trouble::NotOffered(
                "the target allows one session a user".to_owned(),
            ));
        }
        self.open(asker).await
    }

    /// Sends what is refused so often, whatever comes of it.
    async fn refused(&mut self, wrong: &Step, times: u8, ground: &Ground) -> Result<(), Trouble> {
        for _ in 0..times {
            let asking = self.asking(wrong, ground).await?;
            let request = self.request(wrong, &asking);
            let session = &asking.cast.own.session;
            self.send(session, &request, wrong.prelude).await?;
        }
        Ok(())
    }

    /// The sessions of a step. Those that are ended come first: where a user
    /// can have only one session, each login ends the one before.
    pub(super) async fn cast(
        &mut self,
        state: &SessionState,
        workgroup: &str,
    ) -> Result<Cast, Trouble> {
        let ended = if state.needs_ended() {
            let session = self.open(Asker::Privileged).await?;
            self.end(&session).await?;
            Some(Played {
                session,
                life: SessionLife::Ended,
                may_modify: true,
                language: Language::English,
            })
        } else {
            None
        };
        let another = if state.needs_another() {
            Some(self.another(state.asker).await?)
        } else {
            None
        };
        let second = if state.needs_second() {
            Some(self.second(state.asker).await?)
        } else {
            None
        };
        let may_modify = state.asker.may_modify();
        let (session, life) = match state.life {
            Life::Live => (self.live(state.asker).await?, SessionLife::Live),
            Life::Fresh | Life::FreshIn(_) if self.stage.sessions.refuses_second => {
                return Err(Trouble::NotOffered(
                    "the target refuses a second session of a user".to_owned(),
                ));
            }
            Life::Fresh => (self.fresh(state.asker).await?, SessionLife::Live),
            Life::FreshIn(language) => {
                let session = self.fresh_in(state.asker, language).await?;
                (session, SessionLife::Live)
            }
            Life::Ended => (self.over(state, workgroup).await?, SessionLife::Ended),
            Life::Expired => (self.over(state, workgroup).await?, SessionLife::Expired),
        };
        Ok(Cast {
            own: Played {
                session,
                life,
                may_modify,
                language: state.life.language(),
            },
            another,
            second,
            ended,
        })
    }

    /// The live session of a user: that which all cases share, or one of this case's
    /// own once it has lost that.
    pub(super) async fn live(&mut self, asker: Asker) -> Result<Session, Trouble> {
        if self.apart {
            self.fresh(asker).await
        } else {
            Ok((*self.stage.live(asker).await?).clone())
        }
    }

    /// A session that was opened for this case, by an earlier step or now.
    async fn fresh(&mut self, asker: Asker) -> Result<Session, Trouble> {
        self.fresh_in(asker, Language::English).await
    }

    /// The same, in a language that the target may refuse.
    async fn fresh_in(&mut self, asker: Asker, language: Language) -> Result<Session, Trouble> {
        let mut known = self.fresh.iter();
        if let Some((.., session)) = known.find(|known| (known.0, known.1) == (asker, language)) {
            return Ok(session.clone());
        }
        let session = self.open_in(asker, language).await?;
        self.fresh.push((asker, language, session.clone()));
        Ok(session)
    }

    /// A session that can no longer be used: that of an earlier step, or one
    /// that is opened for it. It was used before, for an update as well.
    async fn over(&mut self, state: &SessionState, workgroup: &str) -> Result<Session, Trouble> {
        let (asker, life) = (state.asker, state.life);
        let mut over = self.over.iter();
        if let Some((.., session)) = over.find(|known| (known.0, known.1) == (asker, life)) {
            return Ok(session.clone());
        }
        let session = self.open(asker).await?;
        // What was never used might not be known yet.
        self.fired.requests += 2;
        self.stage.sessions.is_up(&session).await;
        self.stage.idle_update(&session, workgroup).await;
        if life == Life::Ended {
            self.end(&session).await?;
        } else {
            self.expire(&session).await?;
        }
        self.over.push((asker, life, session.clone()));
        Ok(session)
    }

    /// A live session beside the asker's own: the other user's, or a second
    /// one of the same user where that is allowed.
    pub(super) async fn another(&mut self, asker: Asker) -> Result<Played, Trouble> {
        if self.stage.sessions.has_restricted() {
            let other = match asker {
                Asker::Privileged | Asker::Second => Asker::Restricted,
                Asker::Restricted => Asker::Privileged,
            };
            return Ok(Played {
                session: (*self.stage.live(other).await?).clone(),
                life: SessionLife::Live,
                may_modify: other.may_modify(),
                language: Language::English,
            });
        }
        if self.stage.sessions.one_per_user {
            return Err(Trouble::NotOffered(
                "the target allows one session a user".to_owned(),
            ));
        }
        let session = self.open(asker).await?;
        Ok(Played {
            session,
            life: SessionLife::Live,
            may_modify: true,
            language: Language::English,
        })
    }

    /// A second live session of the asker.
    async fn second(&mut self, asker: Asker) -> Result<Played, Trouble> {
        if self.stage.sessions.one_per_user {
            return Err(Trouble::NotOffered(
                "the target allows one session a user".to_owned(),
            ));
        }
        let session = match asker {
            Asker::Privileged => (*self.stage.live(Asker::Second).await?).clone(),
            Asker::Second => (*self.stage.live(Asker::Privileged).await?).clone(),
            Asker::Restricted => self.open(asker).await?,
        };
        Ok(Played {
            session,
            life: SessionLife::Live,
            may_modify: asker.may_modify(),
            language: Language::English,
        })
    }

    pub(super) async fn open(&mut self, asker: Asker) -> Result<Session, Trouble> {
        self.open_in(asker, Language::English).await
    }

    async fn open_in(&mut self, asker: Asker, language: Language) -> Result<Session, Trouble> {
        let sessions = &self.stage.sessions;
        let had_the_turn = self.turn.is_some();
        if !had_the_turn {
            self.turn = sessions.turn().await;
        }
        self.fired.requests += 1;
        let mut opened = sessions.fresh(asker, language).await;
        // Others may have had them.
        if let (Err(ConnectError::NoMore(_)), false) = (&opened, had_the_turn) {
            self.turn = match self.turn.take() {
                None => sessions.turn().await,
                turn => turn,
            };
            self.fired.requests += 1;
            opened = sessions.fresh(asker, language).await;
        }
        match opened {
            Ok(session) => {
                self.extra.push(session.clone());
                Ok(session)
            }
            Err(error) if error.is_refusal() && language != Language::English => {
                let language = language.tag();
                Err(Trouble::NotOffered(format!(
                    "the target refuses a login in {language}: {error}"
                )))
            }
            Err(error) => Err(self.stage.no_session(error).await),
        }
    }

    pub(super) async fn end(&mut self, session: &Session) -> Result<(), Trouble> {
        self.fired.requests += 1;
        self.extra.retain(|extra| extra.id != session.id);
        let what = "a session could not be ended";
        match self.stage.sessions.end(session).await {
            Ok(()) => Ok(()),
            Err(EndError::Gone(gone)) => Err(Trouble::Gone(gone)),
            Err(EndError::Refused(status)) => {
                Err(Trouble::Unjudged(format!("{what}: answered {status}")))
            }
            Err(EndError::Unanswered(why)) => {
                Err(self.stage.trouble(format!("{what}: {why}")).await)
            }
        }
    }

    async fn expire(&mut self, session: &Session) -> Result<(), Trouble> {
        let expire = self.stage.hooks.expire_session.as_ref();
        self.stage.hook(expire, Some(session), "").await?;
        self.fired.requests += 1;
        self.stage.sessions.forget(session).await;
        self.extra.retain(|extra| extra.id != session.id);
        Ok(())
    }

    pub(super) async fn end_extra_sessions(&mut self) {
        for session in std::mem::take(&mut self.extra) {
            self.fired.requests += 1;
            // One that is over, or stays, is no matter of this case.
            let _ = self.stage.sessions.end(&session).await;
        }
        self.turn = None;
    }
}
