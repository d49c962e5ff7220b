//! A few lines that decide with our JSON export alone.

use std::collections::BTreeSet;

use outflow::policy::Outcome;
use outflow::policy::export::{PolicyLanguage, export};
use outflow::scenario::Scenario;
use serde_json::Value;

use outflow_engines::ask::{Answer, Question};

/// A policy as the JSON has it.
pub struct Json(Value);

impl Json {
    /// Reads our export.
    pub fn new(scenario: &Scenario, policy: usize) -> Self {
        Json(serde_json::from_str(&export(scenario, policy, PolicyLanguage::Json)).expect("JSON"))
    }

    /// What the document says of a rule: title and source.
    pub fn texts(&self, rule: &str) -> [Option<String>; 2] {
        let rule = self.0["rules"].as_array().expect("a list").iter().find(|r| r["id"] == *rule).expect("a rule");
        ["title", "source"].map(|key| rule[key].as_str().map(Into::into))
    }

    /// Answers a question about names of the scenario.
    pub fn ask(&self, scenario: &Scenario, q: &Question) -> Answer {
        let purpose = &*scenario.purposes[q.purpose].id;
        let category = &*scenario.categories[q.category].id;
        let place = |jurisdiction: usize| &*scenario.jurisdictions[jurisdiction].code;
        let find = |table: &str, id: &str| {
            self.0[table].as_array().expect("a list").iter().find(|row| row["id"] == *id).expect("named").clone()
        };
        let has = |list: &Value, word: &str| list.as_array().expect("a list").iter().any(|v| v == word);
        let requested = has(&find("purposes", purpose)["requests"], category);
        let collected = has(&find("kinds", q.kind.id())[q.role.word()], category);
        if !requested || !collected {
            return Answer { outcome: Outcome::NoFlow, rules: BTreeSet::new(), resolution: None };
        }
        let day = q.date.to_string();
        let holds = |(key, value): (&String, &Value), when: &Value| match key.as_str() {
            "purposes" => has(value, purpose),
            "categories" => has(value, category),
            "kinds" => has(value, q.kind.id()),
            "roles" => has(value, q.role.word()),
            "jurisdictions" => has(value, place(q.subject.jurisdiction)),
            "actor_jurisdictions" => has(value, place(q.actor.jurisdiction)),
            "subjects" => has(value, if q.subject.user { "user" } else { "non_user" }),
            "parent_account" => *value == q.subject.parent_account,
            "minor" => *value == q.subject.minor,
            "choice" => {
                let (subject, actor) = (*value == q.subject.choice_word(), *value == q.actor.choice_word());
                match when["choice_of"].as_str() {
                    Some("subject") => subject,
                    Some("actor") => actor,
                    Some("either") => subject || actor,
                    Some("both") => subject && actor,
                    other => panic!("choice of {other:?}"),
                }
            }
            "choice_of" => true,
            "from" => value.as_str().is_some_and(|from| *day >= *from),
            "until" => value.as_str().is_some_and(|until| *day < *until),
            other => panic!("unknown key {other}"),
        };
        let matching = |effect: &str| -> Vec<&Value> {
            let rules = self.0["rules"].as_array().expect("a list").iter().filter(|r| r["effect"] == *effect);
            rules.filter(|r| r["when"].as_object().expect("a table").iter().all(|c| holds(c, &r["when"]))).collect()
        };
        let ids = |rules: &[&Value]| rules.iter().map(|r| r["id"].as_str().expect("an id").into()).collect();
        let (forbid, permit) = (matching("forbid"), matching("permit"));
        if !forbid.is_empty() {
            return Answer { outcome: Outcome::Forbidden, rules: ids(&forbid), resolution: None };
        }
        let finest =
            self.0["resolutions"].as_array().expect("a list").iter().find(|r| permit.iter().any(|p| p["as"] == **r));
        Answer {
            outcome: if permit.is_empty() { Outcome::NotPermitted } else { Outcome::Permitted },
            rules: ids(&permit),
            resolution: finest.map(|r| r.as_str().expect("a word").into()),
        }
    }
}
