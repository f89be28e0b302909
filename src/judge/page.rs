//! Pages: answers of something that stands in front of the target and says the
//! same whatever is asked. One page is one finding, not one for each request
//! that met it; and so is an answer of the target's own, where it has no other
//! any more.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::AnswerBody;
use crate::client::exchange::{Answer, Fault};
use crate::contract::errors::DOCUMENTED_STATUSES;
use crate::contract::rules::{self, RuleId};
use crate::oracle::Expectation;

/// How many different pages of a run are told apart.
const MOST_PAGES: usize = 64;

/// From so many answers on, of which all but one in ten are the same, there is no
/// other answer.
const ONLY_ONE: u64 = 20;

/// An answer that does not say "done", known by its status and its bytes; digits and
/// words next to them, such as dates and request ids, aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Page {
    /// The status; 0 where there is no answer.
    pub status: u16,
    /// It is no JSON, and not empty: hardly an answer of the target's own.
    pub is_foreign: bool,
    /// What is left of the bytes, as a hash.
    digest: u64,
}

impl Page {
    /// The page that an answer is, if it can be one.
    pub fn of(answer: &Answer, body: &AnswerBody) -> Option<Self> {
        let is_json = body.json.is_some();
        let is_page = !is_json || answer.status != 200;
        is_page.then(|| Self {
            status: answer.status,
            is_foreign: !is_json && !answer.body.is_empty(),
            digest: digest(&answer.body),
        })
    }

    /// What stands for an answer that the server broke off, or that is no HTTP.
    pub fn of_fault(fault: &Fault) -> Option<Self> {
        let kind: &[u8] = match fault {
            Fault::Dropped => b"dropped",
            Fault::CutShort => b"cut",
            Fault::Alert(_) => b"alert",
            Fault::BrokenHttp(_) => b"broken",
            Fault::TooLarge { .. } => b"large",
            Fault::Unreachable(_)
            | Fault::Tls(_)
            | Fault::TimedOut
            | Fault::Local(_)
            | Fault::Unsendable(_) => return None,
        };
        Some(Self {
            status: 0,
            is_foreign: false,
            digest: digest(kind),
        })
    }

    /// The rule that it breaks, whatever was asked: none where it is a refusal of the
    /// target's own, which some request may deserve.
    pub const fn rule(self) -> Option<RuleId> {
        match self.status {
            0 | 500..600 => Some(rules::ISE_1),
            200 => Some(rules::OK_1),
            status if !is_documented(status) => Some(rules::ERR_10),
            _ if self.is_foreign => Some(rules::ERR_1),
            _ => None,
        }
    }
}

const fn is_documented(status: u16) -> bool {
    let mut place = 0;
    while place < DOCUMENTED_STATUSES.len() {
        if DOCUMENTED_STATUSES[place] == status {
            return true;
        }
        place += 1;
    }
    false
}

/// FNV-1a over the words without a digit in them.
fn digest(body: &[u8]) -> u64 {
    let words = body.split(|byte| !byte.is_ascii_alphanumeric() && byte.is_ascii());
    let plain = words.filter(|word| !word.iter().any(u8::is_ascii_digit));
    plain.flatten().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A page that answered a request, and what the request deserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSeen {
    page: Page,
    legal: BTreeSet<u16>,
    conforming: bool,
}

impl PageSeen {
    /// The page that an answer to a request is, if it is one.
    pub fn of(expectation: &Expectation, outcome: Result<&Answer, &Fault>) -> Option<Self> {
        let page = match outcome {
            Ok(answer) => Page::of(answer, &AnswerBody::read(answer))?,
            Err(fault) => Page::of_fault(fault)?,
        };
        let legal = expectation.legal();
        Some(Self {
            page,
            legal: legal.iter().map(|kind| kind.status()).collect(),
            conforming: expectation.must_accept(),
        })
    }
}

/// All pages of a run.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    seen: BTreeMap<Page, Sightings>,
    answers: u64,
}

/// Where one page was seen.
#[derive(Clone, Debug)]
struct Sightings {
    answers: u64,
    /// How many answers there had been when it was first seen.
    since: u64,
    legal: BTreeSet<u16>,
    conforming: bool,
}

impl Pages {
    /// Counts answers of the endpoint, and the pages among them.
    pub fn count<'a>(&mut self, answers: u64, pages: impl IntoIterator<Item = &'a PageSeen>) {
        let since = self.answers;
        self.answers += answers;
        for PageSeen {
            page,
            legal,
            conforming,
        } in pages
        {
            if self.seen.len() >= MOST_PAGES && !self.seen.contains_key(page) {
                continue;
            }
            let seen = self.seen.entry(*page).or_insert_with(|| Sightings {
                answers: 0,
                since,
                legal: legal.clone(),
                conforming: false,
            });
            seen.answers += 1;
            seen.legal.retain(|status| legal.contains(status));
            seen.conforming |= conforming;
        }
    }

    /// Whether there is no other answer since a page was first seen, whatever is
    /// asked.
    pub fn is_only_one(&self, page: Page) -> bool {
        self.seen.get(&page).is_some_and(|seen| {
            let others = (self.answers - seen.since).saturating_sub(seen.answers);
            seen.whatever_was_asked() && seen.answers >= ONLY_ONE && others * 10 <= seen.answers
        })
    }

    /// How many answers were that page, of how many in all.
    pub fn share(&self, page: Page) -> (u64, u64) {
        let seen = self.seen.get(&page);
        (seen.map_or(0, |seen| seen.answers), self.answers)
    }
}

impl Sightings {
    fn whatever_was_asked(&self) -> bool {
        self.conforming && self.legal.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn page(status: u16, body: &str) -> Option<Page> {
        let answer = Answer {
            status,
            headers: Vec::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        Page::of(&answer, &AnswerBody::read(&answer))
    }

    fn seen(legal: &[u16], conforming: bool) -> PageSeen {
        PageSeen {
            page: page(502, "<h1>Bad Gateway</h1>").expect("a page"),
            legal: legal.iter().copied().collect(),
            conforming,
        }
    }

    #[test]
    fn numbers_and_dates_make_no_other_page() {
        let one = page(
            502,
            "<h1>Bad Gateway</h1> request 4711 at 2026-11-30T01:02:03Z",
        );
        let two = page(
            502,
            "<h1>Bad Gateway</h1> request 9 at 2026-12-01T09:00:00Z",
        );
        assert!(one.is_some());
        assert_eq!(one, two);
        assert_ne!(one, page(502, "<h1>Not Found</h1> request 9"));
        assert_ne!(one, page(503, "<h1>Bad Gateway</h1> request 4711"));
        assert_eq!(page(200, "{}"), None);
        let is_foreign = |body| page(400, body).map(|page| page.is_foreign);
        assert_eq!(is_foreign("page"), Some(true));
        assert_eq!(is_foreign("{}"), Some(false));
        assert_eq!(is_foreign(""), Some(false));
    }

    #[test]
    fn an_answer_is_the_only_one_where_hardly_another_comes() {
        let both = [seen(&[200], true), seen(&[400], false)];
        let of = |before: u64, others: u64| {
            let mut pages = Pages::default();
            pages.count(before, &[]);
            for _ in 0..ONLY_ONE {
                pages.count(2, &both);
            }
            pages.count(others, &[]);
            pages.is_only_one(both[0].page)
        };
        assert!(of(0, 0) && of(1000, 4));
        assert!(!of(0, 5));
        let mut of_one_kind = Pages::default();
        for _ in 0..ONLY_ONE {
            of_one_kind.count(2, &[seen(&[200], true), seen(&[200], true)]);
        }
        assert!(!of_one_kind.is_only_one(both[0].page));
    }

    #[test]
    fn a_page_breaks_the_rule_of_its_status() {
        let rule = |status| page(status, "page").and_then(Page::rule);
        assert_eq!(page(403, "{}").and_then(Page::rule), None);
        assert_eq!(rule(502), Some(rules::ISE_1));
        assert_eq!(rule(200), Some(rules::OK_1));
        assert_eq!(rule(403), Some(rules::ERR_1));
        assert_eq!(rule(418), Some(rules::ERR_10));
    }
}
