//! JUnit XML as Jenkins takes it: the rules of its schemas as a table, and a
//! reader that checks against them.
//!
//! Two schemas are about: `junit-10.xsd`, by which the xUnit plugin of Jenkins
//! checks files, and the older `jenkins-junit.xsd`, which many tools copied.
//! The table is what both allow, but for the attributes of `skipped`: the older
//! one knows none, and every consumer reads its message.

use std::collections::BTreeMap;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// One element.
#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) children: Vec<Element>,
    pub(crate) text: String,
}

/// What an element may hold.
struct Row {
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    /// Its children in their order, each with the fewest and the most.
    children: &'static [(&'static str, usize, usize)],
    text: bool,
}

const MANY: usize = usize::MAX;
const COUNTS: [&str; 3] = ["tests", "failures", "errors"];

const ROWS: [Row; 10] = [
    Row {
        name: "testsuites",
        required: &[],
        optional: &["name", "time", "tests", "failures", "errors"],
        children: &[("testsuite", 0, MANY)],
        text: false,
    },
    Row {
        name: "testsuite",
        required: &["name", "tests", "failures", "errors"],
        optional: &["time", "skipped", "timestamp", "hostname", "id", "package"],
        children: &[
            ("properties", 0, 1),
            ("testcase", 0, MANY),
            ("system-out", 0, 1),
            ("system-err", 0, 1),
        ],
        text: false,
    },
    Row {
        name: "properties",
        required: &[],
        optional: &[],
        children: &[("property", 1, MANY)],
        text: false,
    },
    Row {
        name: "property",
        required: &["name", "value"],
        optional: &[],
        children: &[],
        text: false,
    },
    Row {
        name: "testcase",
        required: &["name"],
        optional: &["time", "classname"],
        children: &[
            ("skipped", 0, 1),
            ("error", 0, MANY),
            ("failure", 0, MANY),
            ("system-out", 0, MANY),
            ("system-err", 0, MANY),
        ],
        text: false,
    },
    outcome("skipped"),
    outcome("error"),
    outcome("failure"),
    output("system-out"),
    output("system-err"),
];

const fn outcome(name: &'static str) -> Row {
    Row {
        name,
        required: &[],
        optional: &["type", "message"],
        children: &[],
        text: true,
    }
}

const fn output(name: &'static str) -> Row {
    Row {
        name,
        required: &[],
        optional: &[],
        children: &[],
        text: true,
    }
}

/// The root of a document that is well-formed and as Jenkins takes it.
pub(crate) fn valid(xml: &str) -> Element {
    let root = parsed(xml);
    let problems = problems(xml);
    assert_eq!(problems, [""; 0]);
    root
}

/// What a schema has to say against the document.
pub(crate) fn problems(xml: &str) -> Vec<String> {
    let root = parsed(xml);
    let mut problems = Vec::new();
    if root.name != "testsuites" {
        problems.push(format!("the root is `{}`", root.name));
    }
    check(&root, &mut problems);
    problems
}

fn check(element: &Element, problems: &mut Vec<String>) {
    let name = &element.name;
    let Some(row) = ROWS.iter().find(|row| row.name == name) else {
        problems.push(format!("unknown element `{name}`"));
        return;
    };
    for required in row.required {
        if !element.attributes.contains_key(*required) {
            problems.push(format!("`{name}` has no `{required}`"));
        }
    }
    for (attribute, value) in &element.attributes {
        let attribute = attribute.as_str();
        if !row.required.contains(&attribute) && !row.optional.contains(&attribute) {
            problems.push(format!("`{name}` has `{attribute}`"));
        }
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        let fits = match attribute {
            "time" => value
                .split_once('.')
                .is_some_and(|(seconds, rest)| is_number(seconds) && is_number(rest)),
            "skipped" => is_number(value),
            attribute if COUNTS.contains(&attribute) => is_number(value),
            _ => true,
        };
        if !fits {
            problems.push(format!("`{name}` has `{attribute}` of `{value}`"));
        }
    }
    if !row.text && !element.text.trim().is_empty() {
        problems.push(format!("`{name}` has text"));
    }
    let place = |child: &Element| row.children.iter().position(|row| row.0 == child.name);
    let mut last = 0;
    for child in &element.children {
        match place(child) {
            None => problems.push(format!("`{name}` has a `{}`", child.name)),
            Some(place) if place < last => {
                problems.push(format!("`{name}` has a `{}` too late", child.name));
            }
            Some(place) => last = place,
        }
        check(child, problems);
    }
    for (child, fewest, most) in row.children {
        let number = element.named(child).count();
        if !(*fewest..=*most).contains(&number) {
            problems.push(format!("`{name}` has {number} of `{child}`"));
        }
    }
}

impl Element {
    /// Its children of that name.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Its first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All test cases below it.
    pub(crate) fn cases(&self) -> Vec<&Element> {
        let suites = self.named("testsuite");
        suites.flat_map(|suite| suite.named("testcase")).collect()
    }

    /// The test case of that name.
    pub(crate) fn case(&self, name: &str) -> &Element {
        let cases = self.cases();
        let mut named = cases.into_iter().filter(|case| case["name"] == *name);
        named.next().expect(name)
    }
}

impl std::ops::Index<&str> for Element {
    type Output = str;

    fn index(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }
}

fn parsed(xml: &str) -> Element {
    assert!(xml.chars().all(is_character), "a character that XML lacks");
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => inside(&mut open).children.push(element(&tag)),
            Event::End(_) => {
                let done = open.pop().expect("an open element");
                inside(&mut open).children.push(done);
            }
            Event::Text(text) => {
                let text = text.xml10_content().expect("UTF-8");
                assert!(!text.contains("]]>"), "the end of a section in text");
                inside(&mut open).text.push_str(&text);
            }
            Event::GeneralRef(name) => {
                let character = match name.resolve_char_ref().expect("a reference") {
                    Some(character) => character,
                    None => match &*name.decode().expect("UTF-8") {
                        "lt" => '<',
                        "gt" => '>',
                        "amp" => '&',
                        "quot" => '"',
                        "apos" => '\'',
                        other => panic!("an entity that XML lacks: {other}"),
                    },
                };
                assert!(is_character(character), "a reference to {character:?}");
                inside(&mut open).text.push(character);
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("no part of a report: {other:?}"),
        }
    }
    let mut roots = open.pop().expect("the document").children;
    assert!(open.is_empty(), "an element that is not closed");
    assert_eq!(roots.len(), 1, "roots");
    roots.remove(0)
}

fn inside(open: &mut [Element]) -> &mut Element {
    open.last_mut().expect("an open element")
}

fn element(tag: &BytesStart<'_>) -> Element {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute");
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .expect("a value");
        assert!(value.chars().all(is_character), "{value:?}");
        assert!(!attribute.value.contains(&b'<'), "{value:?}");
        (text(attribute.key.as_ref()), value.into_owned())
    });
    Element {
        name: text(tag.name().as_ref()),
        attributes: attributes.collect(),
        ..Element::default()
    }
}

/// What XML 1.0 calls a character.
fn is_character(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
    )
}
