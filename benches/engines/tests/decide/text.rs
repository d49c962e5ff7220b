//! The exports as texts: nothing breaks out of its place, what is asked wrongly is refused, the same twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cedar_policy::{Decision, RestrictedExpression};
use outflow::policy::Role;
use outflow::policy::export::{PolicyLanguage, export};
use outflow::scenario::{Choice, Kind, Scenario};
use proptest::prelude::*;
use regorus::Value as Input;
use serde_json::Value;

use crate::common::cnil;
use crate::random::{HOSTILE, hostile};
use outflow_engines::ask::{Person, Question};
use outflow_engines::cedar::{Cedar, schema};
use outflow_engines::rego::Rego;

/// The scenario with other free text everywhere in the policies.
fn retitled(mut scenario: Scenario, text: &str) -> Scenario {
    for policy in &mut scenario.policies {
        (policy.title, policy.source) = (text.into(), text.into());
        for rule in &mut policy.texts {
            let rule = Arc::make_mut(rule);
            (rule.title, rule.source) = (Some(text.into()), Some(text.into()));
        }
    }
    scenario
}

#[test]
fn the_same_policy_gives_the_same_text() {
    let (a, b) = (cnil(1_000, 3, &[]), cnil(1_000, 3, &[]));
    for policy in 0..a.policies.len() {
        let texts: BTreeSet<String> = PolicyLanguage::ALL.iter().map(|f| export(&a, policy, *f)).collect();
        assert_eq!(texts.len(), PolicyLanguage::ALL.len());
        for (i, format) in PolicyLanguage::ALL.into_iter().enumerate() {
            let text = export(&a, policy, format);
            assert_eq!(text, export(&b, policy, format));
            for what in [&a.name, &*a.policies[policy].id, &a.digest, env!("CARGO_PKG_VERSION")] {
                assert!(text.contains(what), "{} {i} lacks {what}", format.word());
            }
            assert!(text.ends_with('\n') && !text.lines().any(|l| l.ends_with(' ')), "{}", format.word());
        }
    }
}

/// Without its comments, a query is the same whatever the titles say.
#[test]
fn no_title_gets_out_of_a_comment_of_the_query() {
    let code = |text: &str| -> String {
        let (scenario, mut code) = (retitled(cnil(1_000, 3, &[]), text), String::new());
        for policy in 0..scenario.policies.len() {
            for line in export(&scenario, policy, PolicyLanguage::Sql).lines() {
                // No name of the scenario has two hyphens in a row.
                code += line.split("--").next().unwrap_or_default();
                code.push('\n');
            }
        }
        code
    };
    let plain = code("plain");
    for text in HOSTILE {
        assert_eq!(code(&format!("a{text}b")), plain, "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn texts_survive_in_odrl(text in hostile()) {
        let scenario = retitled(cnil(1_000, 3, &[]), &text);
        let document: Value = serde_json::from_str(&export(&scenario, 2, PolicyLanguage::Odrl)).expect("JSON");
        let set = &document["@graph"][0];
        prop_assert_eq!(&set["dct:title"], &*text);
        prop_assert_eq!(&set["odrl:permission"][0]["dct:title"], &*text);
        prop_assert_eq!(&set["odrl:prohibition"][0]["dct:source"], &*text);
    }
}

/// All that ODRL refers to is there or has a prefix of the context; rules are permissions and prohibitions by their effect.
#[test]
fn odrl_is_whole() {
    let scenario = cnil(1_000, 3, &[]);
    for (index, policy) in scenario.policies.iter().enumerate() {
        let document: Value = serde_json::from_str(&export(&scenario, index, PolicyLanguage::Odrl)).expect("JSON");
        let prefixes: BTreeSet<&str> =
            document["@context"].as_object().expect("a table").keys().map(String::as_str).collect();
        let nodes = document["@graph"].as_array().expect("a list");
        let defined: BTreeSet<&str> = nodes.iter().filter_map(|n| n["@id"].as_str()).collect();
        assert_eq!(defined.len(), nodes.len(), "each node once");
        let mut seen = Vec::new();
        visit(&document["@graph"], &mut seen);
        for id in seen {
            let (prefix, _) = id.split_once(':').expect("a prefix");
            let rule = id.starts_with(&format!("urn:outflow:{}:rule:", scenario.name));
            let ours = id.starts_with("urn:outflow:cnil-2017:") || prefix == "outflow";
            assert!(
                defined.contains(id) || rule || id == "urn:outflow:profile" || !ours && prefixes.contains(prefix),
                "{id}"
            );
        }
        let set = &nodes[0];
        let count = |key: &str| set[key].as_array().map_or(0, Vec::len);
        assert_eq!(count("odrl:permission") + count("odrl:prohibition"), policy.rules.len());
        assert_eq!(set["odrl:conflict"]["@id"], "odrl:prohibit");
    }
}

/// Every identifier in a document.
fn visit<'a>(value: &'a Value, seen: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            seen.extend(fields.get("@id").and_then(Value::as_str));
            fields.values().for_each(|v| visit(v, seen));
        }
        Value::Array(values) => values.iter().for_each(|v| visit(v, seen)),
        _ => {}
    }
}

/// A user who agrees, in somebody's call: permitted by the first policy for the first purpose.
fn permitted(scenario: &Scenario) -> Question {
    let user = Person { jurisdiction: 0, user: true, parent_account: true, minor: false, choice: Some(Choice::Agrees) };
    let actor = Person { jurisdiction: 1, choice: None, ..user };
    let (kind, role, date) = (Kind::Call, Role::Counterparty, scenario.start);
    Question { purpose: 0, category: 0, kind, role, date, subject: user, actor }
}

/// Questions that contradict themselves.
fn contradictions(q: Question) -> [Question; 5] {
    let as_actor = Question { role: Role::Actor, actor: q.subject, ..q };
    let non_user = Person { user: false, choice: None, ..q.subject };
    [
        Question { subject: Person { user: false, ..q.subject }, ..q },
        Question { actor: Person { jurisdiction: 2, ..q.subject }, ..as_actor },
        Question { actor: Person { choice: None, ..q.subject }, ..as_actor },
        Question { subject: non_user, actor: non_user, ..as_actor },
        Question { subject: Person { choice: Some(Choice::Objects), ..q.subject }, ..as_actor },
    ]
}

/// A rule that can't be evaluated is skipped by Cedar; a question that lacks something must be denied all the same.
#[test]
fn cedar_denies_what_is_asked_wrongly() {
    let scenario = cnil(1_000, 3, &[]);
    let schema = schema(&export(&scenario, 0, PolicyLanguage::Cedar));
    for policy in 0..scenario.policies.len() {
        let cedar = Cedar::new(&scenario, policy);
        let q = permitted(&scenario);
        let refused = |attributes: Vec<(String, RestrictedExpression)>, what: &str| {
            let request = cedar.request(q.purpose, attributes, None).expect("any request");
            let (decision, ids, ..) = cedar.decide(&request);
            assert_eq!((decision, ids.contains("outflow/malformed")), (Decision::Deny, true), "{what}");
        };
        let fine = cedar.request(q.purpose, cedar.attributes(&q), Some(&schema)).expect("a request of the schema");
        assert!(!cedar.decide(&fine).1.contains("outflow/malformed"));
        for lacking in ["category", "kind", "role", "date", "subject", "actor"] {
            let mut attributes = cedar.attributes(&q);
            attributes.retain(|(key, _)| key != lacking);
            refused(attributes.clone(), lacking);
            assert!(cedar.request(q.purpose, attributes, Some(&schema)).is_err(), "{lacking}");
        }
        let subject = |fields: &[(&str, &str)]| {
            let mut all = BTreeMap::from([("jurisdiction", "\"FR\""), ("choice", "\"none\""), ("user", "true")]);
            all.extend([("minor", "false"), ("parent_account", "true")]);
            all.extend(fields.iter().copied());
            all.retain(|_, value| !value.is_empty());
            let fields: Vec<String> = all.iter().map(|(key, value)| format!("{key}: {value}")).collect();
            let mut attributes = cedar.attributes(&q);
            attributes.retain(|(key, _)| key != "subject");
            attributes.push(("subject".into(), format!("{{{}}}", fields.join(", ")).parse().expect("a record")));
            attributes
        };
        for key in ["jurisdiction", "choice", "user", "minor", "parent_account"] {
            refused(subject(&[(key, "")]), key);
        }
        refused(subject(&[("choice", "\"object\"")]), "a choice that is none");
        refused(subject(&[("jurisdiction", "\"fr\"")]), "a place that is none");
        for q in contradictions(q) {
            refused(cedar.attributes(&q), &format!("{q:?}"));
        }
        let wrong_type = subject(&[("user", "\"yes\"")]);
        assert!(cedar.request(q.purpose, wrong_type, Some(&schema)).is_err(), "the schema catches types");
    }
}

#[test]
fn rego_denies_what_is_asked_wrongly() {
    let scenario = cnil(1_000, 3, &[]);
    for policy in 0..scenario.policies.len() {
        let mut rego = Rego::new(&scenario, policy);
        let q = permitted(&scenario);
        let good = rego.input(&q);
        let mut decision = |input: Input, what: &str| {
            let answer = rego.decide(input);
            assert_eq!(answer["allow"], Input::from(answer["decision"] == Input::from("permitted")), "{what}");
            assert_eq!(answer["deciding"].as_set().expect("a set").is_empty(), answer["allow"] == Input::from(false));
            answer["decision"].as_string().expect("a word").to_string()
        };
        let fine = decision(good.clone(), "all right");
        assert_ne!(fine, "malformed");
        let mut malformed = |input: Input, what: &str| assert_eq!(decision(input, what), "malformed", "{what}");
        let with = |key: &str, value: Option<Input>| {
            let mut input = good.clone();
            let table = input.as_object_mut().expect("a table");
            match value {
                Some(value) => table.insert(key.into(), value),
                None => table.remove(&key.into()),
            };
            input
        };
        for key in ["purpose", "category", "kind", "role", "date", "subject", "actor"] {
            malformed(with(key, None), key);
            malformed(with(key, Some(7.into())), key);
        }
        for date in ["2017-11-27T00:00:00Z", "27.11.2017", "2017-1-1", ""] {
            malformed(with("date", Some(date.into())), date);
        }
        malformed(with("role", Some("Actor".into())), "a role that is none");
        for who in ["subject", "actor"] {
            let person = good[who].as_object().expect("a table");
            for key in person.keys() {
                let mut lacking = person.clone();
                lacking.remove(key);
                malformed(with(who, Some(lacking.into())), &format!("{who} {key}"));
                let mut wrong = person.clone();
                wrong.insert(key.clone(), "fr".into());
                malformed(with(who, Some(wrong.into())), &format!("{who} {key}"));
            }
        }
        malformed(Input::new_object(), "nothing");
        for q in contradictions(q) {
            let mut rego = Rego::new(&scenario, policy);
            assert_eq!(rego.decide(rego.input(&q))["decision"], Input::from("malformed"), "{q:?}");
        }
    }
}
