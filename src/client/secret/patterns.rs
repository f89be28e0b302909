//! What is searched for, by an automaton for all of it: in a time that depends
//! on the length of the text alone.
//!
//! A run learns thousands of damaged tokens between two texts, so what was
//! learnt since the last text makes an automaton of its own, and small ones are
//! merged into larger ones: each pattern is built into few of them.

use std::collections::HashMap;
use std::sync::Arc;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, PatternID};

use super::readings::{Unit, decoded};

/// Values of fewer bytes are not hidden.
const LEAST: usize = 3;

/// Values of fewer bytes are hidden as words only.
const LEAST_ANYWHERE: usize = 8;

/// Longer values are searched for in pieces of [`PIECE`] bytes: those that differ
/// in one place share most of them, and a part of one is hidden too.
const WHOLE: usize = 96;
const PIECE: usize = 64;

/// The most bytes of the beginning and of the end of a value that are searched
/// for: no text is kept that could show its middle.
const END: usize = 8 * 1024;

/// The most bytes of patterns that are built anew to be merged with others.
const MERGED: usize = 256 * 1024;

/// The most bytes of patterns in all. Once a target has set more, whatever could
/// be a token is hidden.
const ALL: usize = 2 * 1024 * 1024;

/// From so many characters on a word with letters and digits could be a token.
const COULD_BE_TOKEN: usize = 20;

/// What stands for what could be one.
const WITHHELD: &str = "<withheld>";

/// What is hidden of a text.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// Where it begins, between characters.
    pub(super) start: usize,
    /// Where it ends, between characters.
    pub(super) end: usize,
    /// What is shown instead.
    pub(super) placeholder: Arc<str>,
}

/// Everything that was learnt.
#[derive(Default)]
pub(super) struct Registry {
    /// The values, by their numbers.
    values: Vec<Value>,
    numbers: HashMap<Arc<str>, u32>,
    patterns: Vec<Pattern>,
    by_text: HashMap<Arc<[u8]>, u32>,
    automata: Vec<Part>,
    /// The patterns that are in no automaton yet.
    new: Vec<u32>,
    bytes: usize,
    is_overfull: bool,
}

struct Value {
    text: Arc<str>,
    placeholder: Arc<str>,
    is_named: bool,
}

struct Pattern {
    text: Arc<[u8]>,
    /// The values that it stands for, the first learnt first; all but the first
    /// differ from it in the case of letters, or elsewhere.
    values: Vec<u32>,
    is_piece: bool,
}

/// An automaton, and the patterns in it by the number it gives them.
struct Part {
    automaton: NFA,
    patterns: Vec<u32>,
    bytes: usize,
}

impl Registry {
    /// From now on that value is hidden.
    pub(super) fn learn(&mut self, text: &str, placeholder: &Arc<str>, is_named: bool) {
        if text.len() < LEAST {
            return;
        }
        if let Some(known) = self.numbers.get(text) {
            let known = &mut self.values[*known as usize];
            if is_named && !known.is_named {
                known.placeholder = Arc::clone(placeholder);
                known.is_named = true;
            }
            return;
        }
        let Ok(number) = u32::try_from(self.values.len()) else {
            return;
        };
        // What the harness itself relies on is learnt when others no longer are.
        let most = if is_named { 2 * ALL } else { ALL };
        if self.bytes + text.len().min(2 * END) > most {
            self.is_overfull = true;
            return;
        }
        let text: Arc<str> = if text.len() > 2 * END {
            // It is found by its pieces, and two that differ in the middle alone are
            // shown as one.
            format!("{}{}", ends(text).0, ends(text).1).into()
        } else {
            text.into()
        };
        self.values.push(Value {
            text: Arc::clone(&text),
            placeholder: Arc::clone(placeholder),
            is_named,
        });
        self.numbers.insert(Arc::clone(&text), number);
        let folded = folded(&text);
        if folded.len() <= WHOLE {
            self.insert(&folded, number, false);
            if folded.contains(&b' ') {
                let of_a_form: Vec<u8> = folded.iter().map(|byte| plus(*byte)).collect();
                self.insert(&of_a_form, number, false);
            }
            return;
        }
        for piece in folded.chunks_exact(PIECE) {
            self.insert(piece, number, true);
        }
        self.insert(&folded[folded.len() - PIECE..], number, true);
    }

    fn insert(&mut self, text: &[u8], number: u32, is_piece: bool) {
        if let Some(known) = self.by_text.get(text) {
            let known = &mut self.patterns[*known as usize];
            // Whose of many pieces it is matters little.
            if known.values.len() < 8 {
                known.values.push(number);
            }
            known.is_piece &= is_piece;
            return;
        }
        let Ok(place) = u32::try_from(self.patterns.len()) else {
            return;
        };
        self.bytes += text.len();
        let text: Arc<[u8]> = text.into();
        self.by_text.insert(Arc::clone(&text), place);
        self.patterns.push(Pattern {
            text,
            values: vec![number],
            is_piece,
        });
        self.new.push(place);
    }

    /// Whether everything learnt is in an automaton.
    pub(super) const fn is_settled(&self) -> bool {
        self.new.is_empty()
    }

    /// Builds what was learnt since the last time into an automaton.
    pub(super) fn settle(&mut self) {
        let mut patterns = std::mem::take(&mut self.new);
        let length = |place: &u32| self.patterns[*place as usize].text.len();
        let mut bytes: usize = patterns.iter().map(length).sum();
        while let Some(last) = self.automata.last()
            && last.bytes <= 2 * bytes
            && last.bytes + bytes <= MERGED
        {
            bytes += last.bytes;
            patterns.extend(
                self.automata
                    .pop()
                    .into_iter()
                    .flat_map(|last| last.patterns),
            );
        }
        let texts = patterns
            .iter()
            .map(|place| &self.patterns[*place as usize].text);
        // A part has fewer bytes than an automaton may have states.
        if let Ok(automaton) = NFA::new(texts) {
            self.automata.push(Part {
                automaton,
                patterns,
                bytes,
            });
        }
    }

    /// Everything that is hidden of a text, in its order.
    pub(super) fn spans(&self, text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        if self.is_overfull {
            found.extend(self.could_be_tokens(text));
        }
        if !self.automata.is_empty() {
            let mut search = Search::new(self, &mut found);
            for (place, byte) in text.bytes().enumerate() {
                let accept =
                    |number: u32, start: usize| self.stands(text, start, place + 1, number);
                let unit = Unit {
                    byte,
                    start: place,
                    end: place + 1,
                };
                search.step(unit, &accept);
            }
            decoded(text, &mut |units| {
                let mut search = Search::new(self, &mut found);
                let is_long = |number: u32, _| self.pattern(number).text.len() >= LEAST_ANYWHERE;
                for unit in units {
                    search.step(*unit, &is_long);
                }
            });
        }
        self.merged(text, found)
    }

    fn pattern(&self, number: u32) -> &Pattern {
        &self.patterns[number as usize]
    }

    /// Whether a pattern that was found there is hidden there.
    fn stands(&self, text: &str, start: usize, end: usize, number: u32) -> bool {
        let pattern = self.pattern(number);
        if pattern.text.len() >= LEAST_ANYWHERE {
            return true;
        }
        let is_of_word =
            |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
        let bytes = text.as_bytes();
        let before = start.checked_sub(1).and_then(|place| bytes.get(place));
        let is_word = !before.is_some_and(is_of_word) && !bytes.get(end).is_some_and(is_of_word);
        let is_exact = |value: &&u32| {
            let value = self.values[**value as usize].text.as_bytes();
            value == &bytes[start..end]
        };
        is_word && pattern.values.iter().any(|value| is_exact(&value))
    }

    /// What was found without overlaps, between characters.
    fn merged(&self, text: &str, mut found: Vec<Found>) -> Vec<Span> {
        found.sort_by_key(|one| (one.start, std::cmp::Reverse(one.end)));
        let mut merged: Vec<Found> = Vec::new();
        for one in found {
            match merged.last_mut().filter(|last| last.joins(&one)) {
                Some(last) => last.join(one),
                None => merged.push(one),
            }
        }
        let mut spans: Vec<Span> = Vec::new();
        for one in merged {
            let (mut start, mut end) = (one.start, one.end);
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            while !text.is_char_boundary(end) {
                end += 1;
            }
            let start = start.max(spans.last().map_or(0, |last| last.end));
            let placeholder = self.placeholder(&one, &text[start..end.max(start)]);
            spans.push(Span {
                start,
                end: end.max(start),
                placeholder,
            });
        }
        spans
    }

    fn placeholder(&self, found: &Found, shown: &str) -> Arc<str> {
        let Some(pattern) = found.pattern.map(|number| self.pattern(number)) else {
            return WITHHELD.into();
        };
        let value = |number: &u32| &self.values[*number as usize];
        let values = || pattern.values.iter().map(value);
        let exact = values().find(|value| *value.text == *shown);
        let named = || values().find(|value| value.is_named);
        let first = exact.or_else(named).or_else(|| values().next());
        first.map_or_else(|| WITHHELD.into(), |value| Arc::clone(&value.placeholder))
    }

    /// What could be a token that was set when no more could be learnt.
    fn could_be_tokens(&self, text: &str) -> Vec<Found> {
        let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-.~%".contains(byte);
        let mut found = Vec::new();
        let mut start = 0;
        for run in text.as_bytes().split(|byte| !is_of_token(byte)) {
            let has = |is: fn(&u8) -> bool| run.iter().any(is);
            if run.len() >= COULD_BE_TOKEN
                && has(u8::is_ascii_digit)
                && has(u8::is_ascii_alphabetic)
            {
                found.push(Found {
                    start,
                    end: start + run.len(),
                    length: 0,
                    pattern: None,
                    is_piece: false,
                });
            }
            start += run.len() + 1;
        }
        found
    }
}

/// A match.
#[derive(Clone, Debug)]
struct Found {
    start: usize,
    end: usize,
    /// The bytes of the longest pattern in it.
    length: usize,
    pattern: Option<u32>,
    is_piece: bool,
}

impl Found {
    fn joins(&self, next: &Self) -> bool {
        // Two whole values may stand side by side; two pieces are of one.
        next.start < self.end || next.start == self.end && self.is_piece && next.is_piece
    }

    fn join(&mut self, next: Self) {
        self.end = self.end.max(next.end);
        let wins = if self.is_piece && next.is_piece {
            // Values that differ in one place share the others: the piece that was
            // learnt last says whose they are.
            next.pattern > self.pattern
        } else {
            next.length > self.length
        };
        if wins {
            (self.length, self.pattern, self.is_piece) = (next.length, next.pattern, next.is_piece);
        }
    }
}

/// One way through a reading, with all automata at once.
struct Search<'a> {
    registry: &'a Registry,
    found: &'a mut Vec<Found>,
    states: Vec<StateID>,
    /// Where the last units began, by their numbers.
    starts: [usize; 128],
    units: usize,
}

impl<'a> Search<'a> {
    fn new(registry: &'a Registry, found: &'a mut Vec<Found>) -> Self {
        let start = |part: &Part| part.automaton.start_state(Anchored::No).unwrap_or_default();
        Self {
            states: registry.automata.iter().map(start).collect(),
            registry,
            found,
            starts: [0; 128],
            units: 0,
        }
    }

    fn step(&mut self, unit: Unit, accept: &dyn Fn(u32, usize) -> bool) {
        self.starts[self.units % self.starts.len()] = unit.start;
        self.units += 1;
        let byte = unit.byte.to_ascii_lowercase();
        for (part, state) in self.registry.automata.iter().zip(&mut self.states) {
            let automaton = &part.automaton;
            *state = automaton.next_state(Anchored::No, *state, byte);
            if !automaton.is_special(*state) || !automaton.is_match(*state) {
                continue;
            }
            // The longest comes first; one that is hidden hides the others.
            let matches = (0..automaton.match_len(*state))
                .map(|place| automaton.match_pattern(*state, place))
                .map(|pattern: PatternID| part.patterns[pattern.as_usize()]);
            for number in matches {
                let pattern = self.registry.pattern(number);
                let length = pattern.text.len();
                let start = self.starts[(self.units - length) % self.starts.len()];
                if accept(number, start) {
                    let found = Found {
                        start,
                        end: unit.end,
                        length,
                        pattern: Some(number),
                        is_piece: pattern.is_piece,
                    };
                    take(self.found, found);
                    break;
                }
            }
        }
    }
}

/// Joins it with the last one where they overlap: a long run of one letter
/// matches everywhere.
fn take(all: &mut Vec<Found>, found: Found) {
    match all.last_mut() {
        Some(last) if last.start <= found.start && last.joins(&found) => last.join(found),
        _ => all.push(found),
    }
}

fn folded(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase()).collect()
}

/// As a form writes it.
const fn plus(byte: u8) -> u8 {
    match byte {
        b' ' => b'+',
        other => other,
    }
}

/// The beginning and the end of a long value.
fn ends(text: &str) -> (&str, &str) {
    let (mut first, mut last) = (END, text.len() - END);
    while !text.is_char_boundary(first) {
        first -= 1;
    }
    while !text.is_char_boundary(last) {
        last += 1;
    }
    (&text[..first], &text[last..])
}
