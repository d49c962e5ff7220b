#![allow(dead_code, reason = "only the schemas of these types are used")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::*;
use crate::scenario::place::Text;

/// A day.
#[derive(Deserialize)]
struct Day;

impl JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Effect {
    /// It may.
    Permit,
    /// It may not.
    Forbid,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum As {
    HashBits(u8),
    Round(String),
    Plain,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, tag = "type", rename_all = "snake_case")]
enum Shape {
    Circle { radius: f64 },
    Square { side: f64 },
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Bound {
    One(f64),
    Both { low: f64, high: f64 },
}

/// A number and its source.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Quantity {
    value: f64,
    source: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    effect: Effect,
    purposes: Option<Vec<String>>,
    from: Option<Day>,
    #[serde(rename = "as")]
    transform: Option<As>,
    shape: Option<Shape>,
    bound: Option<Bound>,
    minor: Option<bool>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Policy {
    id: String,
    #[serde(rename = "rule", default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Jurisdiction {
    /// Short code. Used in tables.
    code: String,
    /// Share of people.
    #[schemars(range(min = 0, max = 1))]
    share: f64,
    #[serde(default)]
    os: BTreeMap<String, f64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    /// Number of days.
    #[schemars(range(min = 1))]
    days: u32,
    seed: u64,
    #[serde(default)]
    rate: Option<Quantity>,
    #[serde(default)]
    hours: Option<[f64; 3]>,
    #[serde(rename = "jurisdiction", default)]
    jurisdictions: Vec<Jurisdiction>,
    #[serde(rename = "policy", default)]
    policies: Vec<Policy>,
}

fn problems(toml: &str) -> Vec<Diagnostic> {
    let schema = serde_json::to_value(schemars::schema_for!(File)).expect("a schema is JSON");
    let node = Node::parse(Text { name: "x.toml".to_owned(), text: toml.to_owned() });
    check(&node.unwrap_or_else(|e| panic!("{toml}: {e}")), &schema)
}

/// Message, label and help of the one problem of a file that is otherwise right, and what it points at.
fn only(toml: &str) -> (String, String) {
    let all = problems(&format!("days = 1\nseed = 1\n{toml}"));
    let [one] = all.as_slice() else { panic!("{toml}: {all:#?}") };
    let text = format!("{} | {} | {}", one.message, one.label, one.help.clone().unwrap_or_default());
    (text, one.place.as_ref().map(|p| p.snippet().to_owned()).unwrap_or_default())
}

fn expect(toml: &str, at: &str, parts: &[&str]) {
    let (text, place) = only(toml);
    assert_eq!(place, at, "{text}");
    for part in parts {
        assert!(text.contains(part), "{part} in {text}");
    }
}

fn rule(line: &str) -> String {
    format!("[[policy]]\nid = 'p'\n[[policy.rule]]\neffect = 'permit'\n{line}\n")
}

#[test]
fn what_is_right_has_no_problem() {
    let right = "[[jurisdiction]]\ncode = 'FR'\nshare = 1\nos = { ios = 0.5, android = 1 }\n";
    for toml in [
        "",
        right,
        "rate = { value = 3, source = 'x' }\nhours = [1, 2.5, 3]\n",
        &rule("from = 2017-11-27\nminor = true\npurposes = []"),
        &rule("as = 'plain'"),
        &rule("as = { hash_bits = 39 }"),
        &rule("shape = { type = 'circle', radius = 1 }"),
        &rule("bound = 3"),
        &rule("bound = { low = 1, high = 2 }"),
    ] {
        let all = problems(&format!("days = 1\nseed = 9223372036854775807\n{toml}"));
        assert!(all.is_empty(), "{toml}: {all:#?}");
    }
}

#[test]
fn unknown_keys() {
    expect("sharre = 1", "sharre", &["unknown key `sharre` in the file", "allowed here: "]);
    expect("share = 0.3", "share", &["`share` belongs in [[jurisdiction]]"]);
    expect("effect = 'permit'", "effect", &["belongs in [[policy.rule]]"]);
    expect("polices = []", "polices", &["did you mean `policy`?"]);
    expect(&rule("purpose = []"), "purpose", &["in `policy.p.rule.0`", "did you mean `purposes`?"]);
    expect(&rule("rate = 3"), "rate", &["`rate` belongs at the top of the file"]);
    expect(&rule("jurisdiction = 3"), "jurisdiction", &["belongs at the top of the file, as [[jurisdiction]]"]);
    expect("Rate = 3\nrate = { value = 1, source = 's' }", "Rate", &["did you mean `rate`? It is set already"]);
}

#[test]
fn a_misspelt_key_is_not_missing_as_well() {
    expect("[[jurisdiction]]\ncode = 'FR'\nshrae = 1", "shrae", &["`jurisdiction.FR`", "did you mean `share`?"]);
}

#[test]
fn missing_keys_are_explained_together() {
    expect(
        "[[jurisdiction]]\nos = {}",
        "[[jurisdiction]]",
        &[
            "`jurisdiction.0` lacks the keys `code` and `share`",
            "code = \"...\"   # Short code\n",
            "share = 0.5   # Share of people (a number between 0 and 1)",
        ],
    );
    expect("rate = { value = 1 }", "{ value = 1 }", &["`rate` lacks the key `source`", "`source` is missing here"]);
    let all = problems("");
    assert_eq!(all.len(), 1);
    assert!(all[0].message.contains("the file lacks the keys `days` and `seed`"), "{}", all[0].message);
    assert!(
        all[0]
            .help
            .as_deref()
            .is_some_and(|h| h.contains("days = 1   # Number of days (a whole number of at least 1)"))
    );
}

#[test]
fn wrong_types() {
    let share = |value: &str| format!("[[jurisdiction]]\ncode = 'FR'\nshare = {value}");
    let number = "`jurisdiction.FR.share` must be a number between 0 and 1";
    expect(&share("\"0.3\""), "\"0.3\"", &[number, "found the string \"0.3\"", "write 0.3 without quotes"]);
    expect(&share("'30 %'"), "'30 %'", &["without quotes: 0.3"]);
    expect(&share("true"), "true", &[number, "found true"]);
    expect(&share("[1, 2]"), "[1, 2]", &["found an array of 2 values"]);
    expect(&share("30"), "30", &[number, "found the number 30", "0.3 for 30 %"]);
    expect(&share("-0.5"), "-0.5", &[number, "found the number -0.5"]);
    expect(&share("nan"), "nan", &[number, "found the number NaN"]);
    expect("[[jurisdiction]]\ncode = 33\nshare = 1", "33", &["must be a string", "in quotes: \"33\""]);
    expect(&rule("minor = 'yes'"), "'yes'", &["must be true or false", "write true without quotes"]);
    expect(&rule("minor = 1"), "1", &["write true or false"]);
    expect(&rule("purposes = 'ads'"), "'ads'", &["must be an array of strings", "in brackets: ['ads']"]);
    expect(&rule("purposes = ['a', 3]"), "3", &["`policy.p.rule.0.purposes.1` must be a string"]);
    expect("jurisdiction = 3", "3", &["must be an array of tables"]);
    expect("[policy]\nid = 'p'", "[policy]", &["must be an array of tables", "write [[policy]]"]);
    expect(
        "[[rate]]\nvalue = 1",
        "[[rate]]",
        &["must be a table with `value` and `source`", "write [rate] with one pair"],
    );
    expect("rate = 60", "60", &["write rate = { value = 60, source = \"...\" }, or set `rate.value`"]);
    expect("hours = [1, 2]", "[1, 2]", &["must have exactly 3 values", "found an array of 2 values"]);
}

#[test]
fn whole_numbers_and_their_limits() {
    let days = |value: &str| problems(&format!("days = {value}\nseed = 1"))[0].clone();
    assert!(days("0").message.contains("`days` must be a whole number of at least 1"));
    assert!(days("5000000000").message.contains("at most 4294967295"));
    assert!(days("1e6").help.is_some_and(|h| h.contains("write 1000000,")));
    assert!(days("1.5").help.is_some_and(|h| h.contains("no decimals")));
    assert!(days("'1_000'").help.is_some_and(|h| h.contains("write 1000 without quotes")));
    let seed = problems("days = 1\nseed = -1");
    assert!(seed[0].message.contains("`seed` must be a whole number of at least 0"), "{}", seed[0].message);
    expect(&rule("as = { hash_bits = 300 }"), "300", &["`policy.p.rule.0.as.hash_bits`", "between 0 and 255"]);
}

#[test]
fn dates() {
    expect(&rule("from = '2017-11-27'"), "'2017-11-27'", &["must be a date", "write 2017-11-27 without quotes"]);
    expect(&rule("from = 2017-11-27T10:00:00Z"), "2017-11-27T10:00:00Z", &["write only the day: 2017-11-27"]);
    expect(&rule("from = 2017"), "2017", &["must be a date", "found the number 2017"]);
    expect(&rule("purposes = [2017-11-27]"), "2017-11-27", &["must be a string", "in quotes"]);
}

#[test]
fn words_and_variants() {
    let effect = |word: &str| format!("[[policy]]\nid = 'p'\n[[policy.rule]]\neffect = '{word}'");
    expect(&effect("permitt"), "'permitt'", &["unknown value \"permitt\"", "did you mean \"permit\"?"]);
    expect(&effect("zebra"), "'zebra'", &["allowed are \"permit\", \"forbid\""]);
    expect("[[policy]]\nid = 'p'\n[[policy.rule]]\neffect = 3", "3", &["must be one of \"permit\", \"forbid\""]);
    expect(&rule("as = { hash_bit = 3 }"), "hash_bit", &["did you mean `hash_bits`?"]);
    expect(&rule("as = 'plan'"), "'plan'", &["did you mean \"plain\"?"]);
    expect(&rule("shape = { type = 'circel', radius = 1 }"), "'circel'", &["did you mean \"circle\"?"]);
    expect(&rule("shape = { radius = 1 }"), "{ radius = 1 }", &["lacks the key `type`"]);
    let other = problems(&format!("days = 1\nseed = 1\n{}", rule("shape = { type = 'square', radius = 1 }")));
    assert_eq!(other.len(), 2, "a key of another variant, and one missing: {other:#?}");
    expect(&rule("bound = 'x'"), "'x'", &["must be a number or a table with `low` and `high`"]);
    expect(&rule("bound = { low = 1 }"), "{ low = 1 }", &["lacks the key `high`"]);
}

#[test]
fn everything_is_reported_but_not_without_end() {
    let many = "[[jurisdiction]]\nx = 1\ny = 2\nshare = 'a'\n".repeat(5000);
    let all = problems(&format!("days = 'x'\nseed = 1\n{many}"));
    assert!(all.len() >= MOST_PROBLEMS && all.len() < MOST_PROBLEMS + 5, "{}", all.len());
    assert_eq!(problems("days = 'x'\nseed = 'y'\nz = 1").len(), 3);
}

/// Whatever stands in a file, there is an answer: no panic, and places that can be drawn.
#[test]
fn survives_any_damage_to_a_file() {
    use crate::scenario::diagnostic::{Diagnostics, render};
    use crate::scenario::source::{apply_set, overlay};
    let whole = format!(
        "days = 1 # ä\nseed = 0x10\nhours = [1, 2.5, 3]\nrate = {{ value = 3, source = 'x' }}\n\
         [[jurisdiction]]\ncode = \"FR\"\nshare = 0.3\nos = {{ ios = 1 }}\n{}",
        rule("from = 2017-11-27\nshape = { type = 'circle', radius = 1 }\nbound = 3\nas = { round = \"\"\"x\"\"\" }")
    );
    let schema = serde_json::to_value(schemars::schema_for!(File)).expect("a schema is JSON");
    let identity = |key: &str| (key == "policy").then_some("id");
    let pieces = "[ ] { } = . \" ' \n \\ \r , 3 x ä # \u{1b} [[ ''' \"\"\" -".split(' ').collect::<Vec<_>>();
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..3000 {
        let mut text = whole.clone();
        for _ in 0..=random(3) {
            let mut at = random(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let end = (at + random(9)).min(text.len());
            let end = (end..=text.len()).find(|e| text.is_char_boundary(*e)).unwrap_or(at);
            text.replace_range(at..end, pieces[random(pieces.len())]);
        }
        let text = Text { name: "x.toml".to_owned(), text };
        let assignment = whole.lines().nth(random(whole.lines().count())).unwrap_or_default().to_owned();
        let _ = apply_set(&text, &[format!("policy.p.{assignment}")], &identity);
        let found = match Node::parse(text) {
            Ok(node) => check(&overlay(node.clone(), node, &identity), &schema),
            Err(errors) => errors.0,
        };
        let drawn = render(&found, random(2) == 0);
        assert!(!drawn.contains("Failed to read"), "{drawn}");
        assert_eq!(Diagnostics(found).to_string().is_empty(), drawn.is_empty());
    }
}
