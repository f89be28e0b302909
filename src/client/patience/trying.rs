//! A request that is asked until it is clear what comes of it.

use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use super::{
    Asked, Came, Patience, Reading, in_words, is_json, outcome_in_words, retry_after, version,
};
use crate::client::exchange::{Exchange, Fault, Request};
use crate::client::origin::Origin;
use crate::client::transport::Client;
use crate::contract::wire;

/// How long is waited at first where a request is asked alone, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LAST_PAUSE: Duration = Duration::from_secs(1);

/// So often a request must be refused between plain ones that are answered.
const REFUSED: u32 = 3;

/// One request that is asked until it is clear what comes of it.
pub(super) struct Trying<'a> {
    client: &'a Client,
    origin: &'a Origin,
    request: &'a Request,
    patience: Patience,
    /// A request of the same kind with which nothing is the matter.
    pub(super) plain: Option<Request>,
    /// How many requests were sent.
    pub(super) sent: u64,
    /// When the first answer that is none came, and to which request of the run.
    first: Option<(u64, Duration)>,
    begun: Instant,
    was_busy: u64,
}

impl<'a> Trying<'a> {
    pub(super) fn new(
        client: &'a Client,
        (origin, request, patience): (&'a Origin, &'a Request, Patience),
    ) -> Self {
        Self {
            client,
            origin,
            request,
            patience,
            plain: None,
            sent: 0,
            first: None,
            begun: Instant::now(),
            was_busy: 0,
        }
    }

    /// Takes in what came.
    pub(super) fn note(&mut self, exchange: &Exchange) -> Came {
        self.sent += 1;
        let came = self.patience.came(exchange);
        let (client, now) = (self.client, Instant::now());
        match came {
            Came::Answer => {
                client.pace().answered(now);
                if let Some(answer) = exchange.answer() {
                    let number = client.requests_sent();
                    client.seen().answered(answer, number, client.age());
                }
                return came;
            }
            Came::Busy(asked_for) => {
                self.was_busy += 1;
                let (pace, sent) = (client.pace(), now - exchange.took);
                if asked_for.is_some() {
                    pace.asked_to_wait(sent, now);
                } else {
                    pace.refused(sent, now);
                }
            }
            Came::Unsent => {
                if let Err(Fault::Local(_)) = exchange.outcome {
                    client.release();
                    client.seen().local();
                }
            }
            Came::Broken => {}
        }
        self.first
            .get_or_insert_with(|| (client.requests_sent(), client.age()));
        came
    }

    pub(super) fn end(self, exchange: Exchange, reading: Reading) -> Asked {
        let seen = self.client.seen();
        if let Reading::Gone(gone) = &reading {
            seen.is_gone(gone);
        }
        if reading == Reading::Own && self.patience.came(&exchange) == Came::Answer {
            seen.was_busy(self.was_busy);
        }
        Asked {
            exchange,
            sent: self.sent,
            reading,
        }
    }

    /// Whether that came to a plain request while all is well.
    pub(super) fn is_healthy(&self, told: &Exchange) -> bool {
        let Ok(answer) = &told.outcome else {
            return false;
        };
        // Others than the target may have no such thing.
        let is_version =
            told.request.path == wire::VERSION_PATH && self.origin == self.client.origin();
        match self.client.seen().usual() {
            _ if matches!(answer.status, 408 | 429 | 503) => false,
            Some(usual) if is_version => usual == (answer.status, is_json(answer)),
            _ => true,
        }
    }

    /// Asks while nobody else does, until it is clear what comes of it.
    pub(super) async fn alone(mut self, mut last: Exchange) -> Asked {
        let client = self.client;
        let mut came = self.patience.came(&last);
        let (mut refused, mut pause) = (0, FIRST_PAUSE);
        let mut well = Instant::now();
        // Nobody waits for a target that never answered.
        let is_local = matches!(last.outcome, Err(Fault::Local(_)));
        let is_waited_for = is_local || matches!(came, Came::Busy(_));
        let outage = if client.seen().ever_answered() || is_waited_for {
            client.outage()
        } else {
            Duration::ZERO
        };
        loop {
            let asked_for = match came {
                Came::Busy(Some(asked_for)) => asked_for,
                _ => Duration::ZERO,
            };
            let is_gone = client.seen().gone();
            if asked_for <= outage && is_gone.is_none() {
                sleep(pause.max(asked_for)).await;
            }
            if self.patience.may_repeat(came) && (asked_for <= outage || refused > 0) {
                last = client.send_in_quiet(self.origin, self.request).await;
                came = self.note(&last);
                if came == Came::Answer {
                    client.seen().was_away(self.begun.elapsed());
                    return self.end(last, Reading::Own);
                }
            }
            if let Some(gone) = is_gone {
                return self.end(last, Reading::Gone(gone));
            }
            let told = match self.patience {
                Patience::Provoked => None,
                _ => Some(self.ask_plain().await),
            };
            let is_healthy = told.as_ref().is_some_and(|told| self.is_healthy(told));
            if is_healthy && !self.patience.may_repeat(came) {
                let took = self.begun.elapsed();
                client.seen().was_away(took);
                let away = format!("the target was away for {} ms", took.as_millis());
                return self.end(last, Reading::TakenAway(away));
            }
            if is_healthy {
                well = Instant::now();
                refused += 1;
            } else {
                refused = 0;
            }
            let enough = match client.seen().refusing() {
                0 => REFUSED,
                _ => REFUSED - 1,
            };
            if refused >= enough {
                let reading = match came {
                    Came::Unsent => Reading::Passing(outcome_in_words(&last)),
                    _ => Reading::Own,
                };
                client.seen().refuses();
                return self.end(last, reading);
            }
            let too_long = well.elapsed() >= outage || asked_for > outage;
            if !is_healthy && too_long {
                let reading = match told {
                    Some(told) => Reading::Gone(self.gone(&last, &told)),
                    None => Reading::Passing(outcome_in_words(&last)),
                };
                return self.end(last, reading);
            }
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// Waits for a plain request to be answered again; why it is not, if it is not.
    pub(super) async fn wait_for_plain(&mut self) -> Option<String> {
        let (begun, mut pause) = (Instant::now(), FIRST_PAUSE);
        let client = self.client;
        self.first
            .get_or_insert_with(|| (client.requests_sent(), client.age()));
        loop {
            sleep(pause).await;
            let told = self.ask_plain().await;
            if self.is_healthy(&told) {
                self.client.seen().was_away(self.begun.elapsed());
                return None;
            }
            if begun.elapsed() >= self.client.outage() {
                let gone = self.gone(&told, &told);
                self.client.seen().is_gone(&gone);
                return Some(gone);
            }
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    async fn ask_plain(&mut self) -> Exchange {
        let version = version();
        let plain = self.plain.as_ref().unwrap_or(&version);
        let told = self.client.send_in_quiet(self.origin, plain).await;
        self.sent += 1;
        if self.is_healthy(&told)
            && let Some(answer) = told.answer()
        {
            let number = self.client.requests_sent();
            let seen = self.client.seen();
            seen.answered(answer, number, self.client.age());
        }
        told
    }

    /// Why the run is at its end: what came, from when on, and what was the last
    /// good answer.
    fn gone(&self, last: &Exchange, told: &Exchange) -> String {
        let outage = self.client.outage().as_millis();
        let asked_for = [last, told].into_iter().find_map(|exchange| {
            let answer = exchange.answer().filter(|answer| answer.status >= 400)?;
            retry_after(answer, SystemTime::now())
        });
        let asked_for = asked_for.filter(|asked_for| *asked_for > self.client.outage());
        let what = match (&told.outcome, asked_for) {
            (Ok(answer), Some(asked_for)) => format!(
                "the target is busy (it answers {}) and asks to be left alone for {} s (Retry-After), which is longer than `limits.outage_ms` allows ({outage}): raise that, or let `limits.requests_per_second` keep to what the target takes",
                answer.status,
                asked_for.as_secs(),
            ),
            (Ok(answer), None) if matches!(answer.status, 408 | 429 | 503) => format!(
                "the target is too busy: for {outage} ms (`limits.outage_ms`) it answered everything {}; `limits.requests_per_second` sets a rate that it takes",
                answer.status
            ),
            (Ok(answer), None) => format!(
                "the target has only one answer any more, for {outage} ms (`limits.outage_ms`): {}",
                in_words(answer)
            ),
            (Err(fault @ Fault::Local(_)), _) => {
                format!("{fault}; it was waited for {outage} ms (`limits.outage_ms`)")
            }
            (Err(fault), _) => format!("the target stopped answering: {fault}"),
        };
        let from = self.first.map_or_else(String::new, |(number, at)| {
            format!(
                ", from request {number} on, {:.1} s after the first",
                at.as_secs_f64()
            )
        });
        format!("{what}{from}{}", self.client.seen().last_good())
    }
}
