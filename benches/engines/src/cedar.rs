//! Cedar, fed with our Cedar export.

use std::collections::{BTreeSet, HashMap};

use cedar_policy::{
    Authorizer, Context, Decision, Effect, Entities, EntityUid, PolicyId, PolicySet, Request, RestrictedExpression,
    Schema, ValidationMode, Validator,
};
use chrono::Datelike;
use outflow::policy::Outcome;
use outflow::policy::export::{PolicyLanguage, export};
use outflow::scenario::{Kind, Scenario};

use crate::ask::{Answer, Person, Question};

/// A policy as Cedar has it.
pub struct Cedar {
    authorizer: Authorizer,
    pub set: PolicySet,
    /// Annotations `id` and `as`, and whether the policy permits.
    about: HashMap<PolicyId, (String, Option<String>, bool)>,
    words: Words,
}

/// Values that stand in requests.
struct Words {
    parent: EntityUid,
    person: EntityUid,
    purposes: Vec<EntityUid>,
    categories: Vec<RestrictedExpression>,
    kinds: Vec<RestrictedExpression>,
    jurisdictions: Vec<RestrictedExpression>,
}

impl Cedar {
    /// Reads our export.
    pub fn new(scenario: &Scenario, policy: usize) -> Self {
        let text = export(scenario, policy, PolicyLanguage::Cedar);
        let set: PolicySet = text.parse().unwrap_or_else(|e| panic!("Cedar can't read this: {e}\n{text}"));
        let about = set.policies().map(|p| {
            let id = p.annotation("id").expect("each policy says its id").to_string();
            (p.id().clone(), (id, p.annotation("as").map(Into::into), p.effect() == Effect::Permit))
        });
        let string = |s: &str| RestrictedExpression::new_string(s.into());
        let uid = |text: String| -> EntityUid { text.parse().expect("an entity") };
        let words = Words {
            parent: uid("Parent::\"parent\"".into()),
            person: uid("Person::\"subject\"".into()),
            purposes: scenario.purposes.iter().map(|p| uid(format!("Action::\"{}\"", p.id))).collect(),
            categories: scenario.categories.iter().map(|c| string(&c.id)).collect(),
            kinds: Kind::ALL.iter().map(|k| string(k.id())).collect(),
            jurisdictions: scenario.jurisdictions.iter().map(|j| string(&j.code)).collect(),
        };
        Cedar { authorizer: Authorizer::new(), about: about.collect(), set, words }
    }

    /// The attributes of a question.
    pub fn attributes(&self, q: &Question) -> Vec<(String, RestrictedExpression)> {
        let string = |s: &str| RestrictedExpression::new_string(s.into());
        let bool = RestrictedExpression::new_bool;
        let record = |fields: Vec<(&str, RestrictedExpression)>| {
            RestrictedExpression::new_record(fields.into_iter().map(|(k, v)| (k.to_string(), v)))
                .expect("each key once")
        };
        let place = |p: &Person| self.words.jurisdictions[p.jurisdiction].clone();
        let date = i64::from(q.date.year()) * 10_000 + i64::from(q.date.month()) * 100 + i64::from(q.date.day());
        let subject = record(vec![
            ("user", bool(q.subject.user)),
            ("jurisdiction", place(&q.subject)),
            ("parent_account", bool(q.subject.parent_account)),
            ("minor", bool(q.subject.minor)),
            ("choice", string(q.subject.choice_word())),
        ]);
        let actor = record(vec![("jurisdiction", place(&q.actor)), ("choice", string(q.actor.choice_word()))]);
        vec![
            ("category".into(), self.words.categories[q.category].clone()),
            ("kind".into(), self.words.kinds[q.kind as usize].clone()),
            ("role".into(), string(q.role.word())),
            ("date".into(), RestrictedExpression::new_long(date)),
            ("subject".into(), subject),
            ("actor".into(), actor),
        ]
    }

    /// A request; with a schema, it must fit that.
    pub fn request(
        &self,
        purpose: usize,
        attributes: Vec<(String, RestrictedExpression)>,
        schema: Option<&Schema>,
    ) -> Result<Request, String> {
        let w = &self.words;
        let context = Context::from_pairs(attributes).expect("each key once");
        let (principal, action, resource) = (w.parent.clone(), w.purposes[purpose].clone(), w.person.clone());
        Request::new(principal, action, resource, context, schema).map_err(|e| e.to_string())
    }

    /// Decides; gives the ids of the policies that decide, the finest resolution of permits among them, and the number of
    /// policies that could not be evaluated.
    pub fn decide(&self, request: &Request) -> (Decision, BTreeSet<&str>, Option<&str>, usize) {
        let response = self.authorizer.is_authorized(request, &self.set, &Entities::empty());
        let reasons: Vec<_> = response.diagnostics().reason().map(|id| &self.about[id]).collect();
        let permits = reasons.iter().filter(|r| r.2).filter_map(|r| r.1.as_deref());
        let ids = reasons.iter().map(|r| r.0.as_str()).collect();
        (response.decision(), ids, permits.min_by_key(|r| fineness(r)), response.diagnostics().errors().count())
    }

    /// What the policies say of a rule: title and source.
    pub fn texts(&self, rule: &str) -> [Option<String>; 2] {
        let policy = self.set.policies().find(|p| p.annotation("id") == Some(rule)).expect("a rule");
        ["title", "source"].map(|key| policy.annotation(key).map(Into::into))
    }

    /// Answers a question.
    pub fn ask(&self, q: &Question, schema: Option<&Schema>) -> Answer {
        let request = self.request(q.purpose, self.attributes(q), schema).expect("a request of the schema");
        let (decision, reasons, resolution, failed) = self.decide(&request);
        assert_eq!(failed, 0, "{q:?}");
        assert!(!reasons.contains("outflow/malformed"), "{q:?}");
        let outcome = match decision {
            Decision::Allow => Outcome::Permitted,
            Decision::Deny
                if reasons.contains("outflow/not_collected") || reasons.contains("outflow/not_requested") =>
            {
                Outcome::NoFlow
            }
            Decision::Deny if reasons.is_empty() => Outcome::NotPermitted,
            Decision::Deny => Outcome::Forbidden,
        };
        let rules = match outcome {
            // Rules that would forbid the flow if there were one decide nothing.
            Outcome::NoFlow => BTreeSet::new(),
            _ => reasons.into_iter().map(Into::into).collect(),
        };
        Answer { outcome, rules, resolution: resolution.map(Into::into) }
    }
}

/// The schema that stands in the comments of an export.
pub fn schema(text: &str) -> Schema {
    let (_, rest) = text.split_once("// Schema:\n//\n").expect("the export has a schema");
    let lines: Vec<&str> = rest.lines().map_while(|l| l.strip_prefix("//     ")).collect();
    let (schema, warnings) = Schema::from_cedarschema_str(&lines.join("\n")).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(warnings.count(), 0);
    schema
}

/// Checks a policy against its own schema. Says what is wrong; a rule that can't match is no error.
pub fn validate(cedar: &Cedar, schema: &Schema) -> Vec<String> {
    let result = Validator::new(schema.clone()).validate(&cedar.set, ValidationMode::Strict);
    result.validation_errors().map(|e| e.to_string()).collect()
}

/// Rank of a resolution by its word, as the comments of the export define it.
fn fineness(word: &str) -> (u32, u32) {
    let number = |prefix: &str| word.strip_prefix(prefix).and_then(|n| n.parse::<u32>().ok());
    let rounds = ["round_hour", "round_day", "round_week", "round_month"];
    if let Some(bits) = number("hash_bits_") {
        (1, u32::MAX - bits)
    } else if let Some(k) = number("aggregate_k_") {
        (4, k)
    } else if let Some(place) = rounds.iter().position(|r| *r == word) {
        (3, place as u32)
    } else {
        (if word == "exact" { 0 } else { 2 }, 0)
    }
}
