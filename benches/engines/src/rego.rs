//! Regorus, fed with our Rego export.

use std::collections::BTreeMap;

use outflow::policy::Outcome;
use outflow::policy::export::{PolicyLanguage, export};
use outflow::scenario::{Kind, Scenario};
use regorus::{Engine, Value};

use crate::ask::{Answer, Person, Question};

/// A policy as Regorus has it.
pub struct Rego {
    engine: Engine,
    answer: String,
    purposes: Vec<Value>,
    categories: Vec<Value>,
    kinds: Vec<Value>,
    jurisdictions: Vec<Value>,
    keys: [Value; 12],
}

const KEYS: [&str; 12] = [
    "purpose",
    "category",
    "kind",
    "role",
    "date",
    "subject",
    "actor",
    "user",
    "jurisdiction",
    "parent_account",
    "minor",
    "choice",
];

impl Rego {
    /// Reads our export.
    pub fn new(scenario: &Scenario, policy: usize) -> Self {
        let text = export(scenario, policy, PolicyLanguage::Rego);
        let mut engine = Engine::new();
        if let Err(e) = engine.add_policy("policy.rego".into(), text.clone()) {
            panic!("Regorus can't read this: {e}\n{text}");
        }
        Rego {
            engine,
            answer: format!("data.outflow[\"{}\"][\"{}\"].answer", scenario.name, scenario.policies[policy].id),
            purposes: scenario.purposes.iter().map(|p| Value::from(&*p.id)).collect(),
            categories: scenario.categories.iter().map(|c| Value::from(&*c.id)).collect(),
            kinds: Kind::ALL.iter().map(|k| Value::from(k.id())).collect(),
            jurisdictions: scenario.jurisdictions.iter().map(|j| Value::from(&*j.code)).collect(),
            keys: KEYS.map(Value::from),
        }
    }

    /// The attributes of a question.
    pub fn input(&self, q: &Question) -> Value {
        let [purpose, category, kind, role, date, subject, actor, user, jurisdiction, parent_account, minor, choice] =
            self.keys.clone();
        let place = |p: &Person| self.jurisdictions[p.jurisdiction].clone();
        let who = BTreeMap::from([
            (user, q.subject.user.into()),
            (jurisdiction.clone(), place(&q.subject)),
            (parent_account, q.subject.parent_account.into()),
            (minor, q.subject.minor.into()),
            (choice.clone(), q.subject.choice_word().into()),
        ]);
        let acts = BTreeMap::from([(jurisdiction, place(&q.actor)), (choice, q.actor.choice_word().into())]);
        Value::from(BTreeMap::from([
            (purpose, self.purposes[q.purpose].clone()),
            (category, self.categories[q.category].clone()),
            (kind, self.kinds[q.kind as usize].clone()),
            (role, q.role.word().into()),
            (date, q.date.to_string().into()),
            (subject, who.into()),
            (actor, acts.into()),
        ]))
    }

    /// Decides on any input; gives `answer`.
    pub fn decide(&mut self, input: Value) -> Value {
        self.engine.set_input(input);
        self.engine.eval_rule(self.answer.clone()).unwrap_or_else(|e| panic!("Regorus: {e}"))
    }

    /// What the module says of a rule: title and source.
    pub fn texts(&mut self, rule: &str) -> [Option<String>; 2] {
        let path = self.answer.replace(".answer", ".rules");
        let rules = self.engine.eval_rule(path).unwrap_or_else(|e| panic!("Regorus: {e}"));
        ["title", "source"].map(|key| rules[rule][key].as_string().ok().map(|text| text.to_string()))
    }

    /// Answers a question.
    pub fn ask(&mut self, q: &Question) -> Answer {
        let answer = self.decide(self.input(q));
        let outcome = match &answer["decision"].as_string().expect("a string")[..] {
            "permitted" => Outcome::Permitted,
            "forbidden" => Outcome::Forbidden,
            "not_permitted" => Outcome::NotPermitted,
            "no_flow" => Outcome::NoFlow,
            other => panic!("{other}: {q:?}"),
        };
        assert_eq!(answer["allow"], Value::from(outcome == Outcome::Permitted));
        let rules = answer["deciding"].as_set().expect("a set");
        Answer {
            outcome,
            rules: rules.iter().map(|id| id.as_string().expect("a string").to_string()).collect(),
            resolution: answer["resolution"].as_string().ok().map(|r| r.to_string()),
        }
    }
}
