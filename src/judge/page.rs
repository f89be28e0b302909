//! Pages: answers of something that stands in front of the target and says the
//! same whatever is asked. One page is one finding, not one for each request
//! that met it.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::AnswerBody;
use crate::client::exchange::Answer;
use crate::contract::errors::DOCUMENTED_STATUSES;
use crate::contract::rules::{self, RuleId};
use crate::oracle::Expectation;

/// How many different pages of a run are told apart.
const MOST_PAGES: usize = 64;

/// An answer that is no JSON, known by its status and its bytes; digits and words
/// next to them, such as dates and request ids, aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// What is left of the bytes, as a hash.
    digest: u64,
}

impl Page {
    /// The page that an answer is, if it is one.
    pub fn of(answer: &Answer, body: &AnswerBody) -> Option<Self> {
        let is_page = body.json.is_none() && !answer.body.is_empty();
        is_page.then(|| Self {
            status: answer.status,
            digest: digest(&answer.body),
        })
    }

    /// The rule that it breaks.
    pub const fn rule(self) -> RuleId {
        match self.status {
            500..600 => rules::ISE_1,
            200 => rules::OK_1,
            status if is_documented(status) => rules::ERR_1,
            _ => rules::ERR_10,
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
    pub fn of(expectation: &Expectation, answer: &Answer, body: &AnswerBody) -> Option<Self> {
        let page = Page::of(answer, body)?;
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
    legal: BTreeSet<u16>,
    conforming: bool,
}

impl Pages {
    /// Counts answers of the endpoint, and the pages among them.
    pub fn count<'a>(&mut self, answers: u64, pages: impl IntoIterator<Item = &'a PageSeen>) {
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
                legal: legal.clone(),
                conforming: false,
            });
            seen.answers += 1;
            seen.legal.retain(|status| legal.contains(status));
            seen.conforming |= conforming;
        }
    }

    /// Whether a page came whatever was asked: to requests whose legal answers have
    /// nothing in common, a conforming one among them.
    pub fn is_in_front(&self, page: Page) -> bool {
        let seen = self.seen.get(&page);
        seen.is_some_and(|seen| seen.conforming && seen.legal.is_empty())
    }

    /// How many answers were that page, of how many in all.
    pub fn share(&self, page: Page) -> (u64, u64) {
        let seen = self.seen.get(&page);
        (seen.map_or(0, |seen| seen.answers), self.answers)
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
        assert_eq!(page(400, "{}"), None);
        assert_eq!(page(400, ""), None);
    }

    #[test]
    fn a_page_in_front_comes_whatever_is_asked() {
        let of = |all: &[PageSeen]| {
            let mut pages = Pages::default();
            pages.count(10, all);
            pages.is_in_front(all[0].page)
        };
        assert!(of(&[seen(&[200], true), seen(&[400], false)]));
        assert!(!of(&[seen(&[200], true), seen(&[200], true)]));
        assert!(!of(&[seen(&[401], false), seen(&[400], false)]));
    }

    #[test]
    fn a_page_breaks_the_rule_of_its_status() {
        let rule = |status| page(status, "page").map(Page::rule);
        assert_eq!(rule(502), Some(rules::ISE_1));
        assert_eq!(rule(200), Some(rules::OK_1));
        assert_eq!(rule(403), Some(rules::ERR_1));
        assert_eq!(rule(418), Some(rules::ERR_10));
    }
}
