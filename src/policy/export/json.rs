//! JSON: all that is needed to decide, as data.

use serde_json::{Map, Value, json};

use super::clause::{Clause, categories, choice_word, effect_word, jurisdictions, named, resolutions};
use super::header::VERSION;
use crate::scenario::{ChoiceOf, Kind, Policy, Scenario};

/// The policy as JSON.
pub(super) fn export(scenario: &Scenario, policy: &Policy) -> String {
    let clauses = Clause::all(scenario, policy);
    let names = categories(scenario);
    let kinds: Vec<Value> = Kind::ALL
        .iter()
        .map(|k| {
            let collects = &scenario.kinds[*k as usize];
            let [actor, counterparty] = [collects.actor, collects.counterparty].map(|m| named(m.into(), &names));
            json!({ "id": k.id(), "actor": actor, "counterparty": counterparty })
        })
        .collect();
    let purposes: Vec<Value> = scenario
        .purposes
        .iter()
        .map(|p| json!({ "id": &*p.id, "title": p.title, "requests": named(p.requests.into(), &names) }))
        .collect();
    let categories: Vec<Value> =
        scenario.categories.iter().map(|c| json!({ "id": &*c.id, "title": c.title, "time": c.time })).collect();
    let fine_to_coarse: Vec<String> = resolutions(&clauses).into_iter().map(|r| r.id()).collect();
    let document = json!({
        "outflow": VERSION,
        "scenario": { "name": scenario.name, "digest": scenario.digest },
        "policy": { "id": &*policy.id, "title": policy.title, "source": policy.source },
        "semantics": [
            "A flow is (event, purpose, subject, role, category). It exists iff the kind of the event collects the category about \
             the role and the purpose requests it; otherwise the outcome is no_flow.",
            "A rule matches a flow iff all of its `when` hold; what is left out holds always. Forbidden: a forbid matches. \
             Permitted: no forbid matches and a permit does. Not permitted: no rule matches. Order does not matter.",
            "Of several permits that match, the finest resolution counts: `resolutions` lists them from fine to coarse.",
        ],
        "when": {
            "purposes": "the purpose is one of these",
            "categories": "the category is one of these",
            "kinds": "the kind of the event is one of these",
            "roles": "the subject's part in the event is one of these: actor, counterparty; the actor of an event is the subject \
                      of the flows about the actor",
            "jurisdictions": "the subject is of one of these",
            "actor_jurisdictions": "who acts is of one of these",
            "subjects": "user: the subject has an account with the service on the day of the event; non_user: has none",
            "parent_account": "whether the subject has an account with the parent",
            "minor": "whether the subject is a minor",
            "choice": "objects or agrees to the purpose of the flow; who is no user has no choice",
            "choice_of": "whose choice: subject, actor, either of the two, both",
            "from": "the UTC date of the event is this day or later",
            "until": "the UTC date of the event is before this day",
        },
        "categories": categories,
        "jurisdictions": jurisdictions(scenario),
        "purposes": purposes,
        "kinds": kinds,
        "resolutions": fine_to_coarse,
        "rules": clauses.iter().map(rule).collect::<Vec<Value>>(),
    });
    format!("{document:#}\n")
}

fn rule(clause: &Clause) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.into(), value);
    put("id", clause.id.as_str().into());
    if let Some(text) = clause.text {
        put("policy", (&*text.policy).into());
    }
    for (key, text) in [("title", clause.title()), ("source", clause.source())] {
        if let Some(text) = text {
            put(key, text.into());
        }
    }
    put("effect", effect_word(clause.effect).into());
    if clause.permits() {
        put("as", clause.resolution.id().into());
    }
    put("when", when(clause));
    Value::Object(out)
}

fn when(clause: &Clause) -> Value {
    let mut out = Map::new();
    let lists = [
        ("purposes", &clause.purposes),
        ("categories", &clause.categories),
        ("kinds", &clause.kinds),
        ("roles", &clause.roles),
        ("jurisdictions", &clause.jurisdictions),
        ("actor_jurisdictions", &clause.actor_jurisdictions),
        ("subjects", &clause.subjects),
    ];
    for (key, list) in lists {
        if let Some(list) = list {
            out.insert(key.into(), json!(list));
        }
    }
    for (key, flag) in [("parent_account", clause.parent_account), ("minor", clause.minor)] {
        if let Some(is) = flag {
            out.insert(key.into(), is.into());
        }
    }
    if let Some((choice, of)) = clause.choice {
        out.insert("choice".into(), choice_word(choice).into());
        let of = match of {
            ChoiceOf::Actor => "actor",
            ChoiceOf::Subject => "subject",
            ChoiceOf::Either => "either",
            ChoiceOf::Both => "both",
        };
        out.insert("choice_of".into(), of.into());
    }
    for (key, day) in [("from", clause.from), ("until", clause.until)] {
        if let Some(day) = day {
            out.insert(key.into(), day.to_string().into());
        }
    }
    Value::Object(out)
}
