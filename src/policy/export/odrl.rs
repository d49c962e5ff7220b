//! ODRL 2.2 with terms of the Data Privacy Vocabulary, as JSON-LD. To read and exchange, not to decide: ODRL knows nothing of
//! what is collected and requested.

use serde_json::{Map, Value, json};

use super::clause::{Clause, choice_word, named, purposes};
use super::header::VERSION;
use crate::scenario::{ChoiceOf, Kind, Policy, Scenario};

/// The policy as JSON-LD.
pub(super) fn export(scenario: &Scenario, policy: &Policy) -> String {
    let ids = Ids { base: format!("urn:outflow:{}:", scenario.name) };
    let clauses = Clause::all(scenario, policy);
    let rules = |permits: bool| -> Vec<Value> {
        clauses.iter().filter(|c| c.permits() == permits).map(|c| rule(&ids, scenario, c)).collect()
    };
    let mut set = json!({
        "@id": ids.of("policy", &policy.id),
        "@type": "odrl:Set",
        "odrl:profile": { "@id": "urn:outflow:profile" },
        "odrl:conflict": { "@id": "odrl:prohibit" },
        "dct:title": policy.title,
        "dct:source": policy.source,
        "dct:description": format!(
            "Policy {} of scenario {} (digest {}), exported by outflow {VERSION}. A flow of one category about one person from \
             one event for a purpose is disclosed iff a permission holds and no prohibition does; nothing is permitted by \
             default. A permission concerns only what is collected and requested. Dates are those of the event, UTC.",
            policy.id, scenario.name, scenario.digest
        ),
    });
    for (key, permits) in [("odrl:permission", true), ("odrl:prohibition", false)] {
        let rules = rules(permits);
        if !rules.is_empty() {
            set[key] = rules.into();
        }
    }
    let mut graph = vec![set];
    graph.extend(concepts(&ids, scenario));
    let document = json!({ "@context": context(), "@graph": graph });
    format!("{document:#}\n")
}

/// Names as identifiers of this scenario.
struct Ids {
    base: String,
}

impl Ids {
    /// Ids are of letters, digits and `-_+.`: nothing to escape.
    fn of(&self, table: &str, id: &str) -> String {
        format!("{}{table}:{id}", self.base)
    }

    fn refs(&self, table: &str, ids: &[&str]) -> Vec<Value> {
        ids.iter().map(|id| json!({ "@id": self.of(table, id) })).collect()
    }
}

fn context() -> Value {
    json!({
        "odrl": "http://www.w3.org/ns/odrl/2/",
        "dpv": "https://w3id.org/dpv#",
        "pd": "https://w3id.org/dpv/pd#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "outflow": "urn:outflow:term:",
        "dct": "http://purl.org/dc/terms/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}

fn rule(ids: &Ids, scenario: &Scenario, clause: &Clause) -> Value {
    let all: Vec<&str> = scenario.categories.iter().map(|c| &*c.id).collect();
    let targets = ids.refs("category", clause.categories.as_ref().unwrap_or(&all));
    let share = json!({ "@id": "odrl:distribute" });
    let action = match clause.permits() {
        // How exactly: a refinement of the action.
        true => json!({
            "rdf:value": share,
            "odrl:refinement": constraint("outflow:resolution", "eq", clause.resolution.id().into()),
        }),
        false => share,
    };
    let mut out = Map::new();
    out.insert("@id".into(), ids.of("rule", &clause.id.replace('/', ":")).into());
    for (key, text) in [("dct:title", clause.title()), ("dct:source", clause.source())] {
        if let Some(text) = text {
            out.insert(key.into(), text.into());
        }
    }
    out.insert("odrl:action".into(), action);
    out.insert("odrl:assignee".into(), json!({ "@id": "outflow:Parent" }));
    out.insert("odrl:target".into(), targets.into());
    let constraints = constraints(ids, clause);
    if !constraints.is_empty() {
        out.insert("odrl:constraint".into(), constraints.into());
    }
    Value::Object(out)
}

/// All of them hold.
fn constraints(ids: &Ids, clause: &Clause) -> Vec<Value> {
    let mut all = Vec::new();
    let lists = [
        ("odrl:purpose", "purpose", &clause.purposes),
        ("outflow:kind", "kind", &clause.kinds),
        ("odrl:spatial", "jurisdiction", &clause.jurisdictions),
        ("outflow:actorJurisdiction", "jurisdiction", &clause.actor_jurisdictions),
    ];
    for (operand, table, list) in lists {
        all.extend(list.as_ref().map(|list| constraint(operand, "isAnyOf", ids.refs(table, list).into())));
    }
    for (operand, list) in [("outflow:role", &clause.roles), ("outflow:subject", &clause.subjects)] {
        all.extend(list.as_ref().map(|list| {
            let terms = list.iter().map(|word| json!({ "@id": term(word) }));
            constraint(operand, "isAnyOf", terms.collect::<Vec<_>>().into())
        }));
    }
    for (operand, flag) in [("outflow:parentAccount", clause.parent_account), ("outflow:minor", clause.minor)] {
        all.extend(flag.map(|is| constraint(operand, "eq", is.into())));
    }
    all.extend(clause.choice.map(|(choice, of)| {
        let made = |operand: &str| constraint(operand, "eq", json!({ "@id": term(choice_word(choice)) }));
        let both = || [made("outflow:choiceOfSubject"), made("outflow:choiceOfActor")];
        match of {
            ChoiceOf::Subject => made("outflow:choiceOfSubject"),
            ChoiceOf::Actor => made("outflow:choiceOfActor"),
            ChoiceOf::Either => json!({ "@type": "odrl:LogicalConstraint", "odrl:or": { "@list": both() } }),
            ChoiceOf::Both => json!({ "@type": "odrl:LogicalConstraint", "odrl:and": { "@list": both() } }),
        }
    }));
    for (operator, day) in [("gteq", clause.from), ("lt", clause.until)] {
        let day = day.map(|day| json!({ "@value": day.to_string(), "@type": "xsd:date" }));
        all.extend(day.map(|day| constraint("odrl:dateTime", operator, day)));
    }
    all
}

fn constraint(operand: &str, operator: &str, value: Value) -> Value {
    json!({
        "@type": "odrl:Constraint",
        "odrl:leftOperand": { "@id": operand },
        "odrl:operator": { "@id": format!("odrl:{operator}") },
        "odrl:rightOperand": value,
    })
}

/// The term of a word of the policy language.
fn term(word: &str) -> &'static str {
    match word {
        "user" => "dpv:User",
        "non_user" => "outflow:NonUser",
        "actor" => "outflow:Actor",
        "counterparty" => "outflow:Counterparty",
        "objects" => "outflow:Objects",
        _ => "outflow:Agrees",
    }
}

/// What the identifiers stand for: terms of our own below those of DPV and ODRL, then categories, purposes and places.
fn concepts(ids: &Ids, scenario: &Scenario) -> Vec<Value> {
    let mut all = vec![
        json!({ "@id": "outflow:Parent", "@type": "odrl:Party", "skos:broader": { "@id": "dpv:ParentLegalEntity" },
            "rdfs:label": "The parent company, which receives" }),
        json!({ "@id": "outflow:NonUser", "rdfs:subClassOf": { "@id": "dpv:DataSubject" },
            "rdfs:label": "A person without an account with the service, whose data arrive through a user" }),
        json!({ "@id": "outflow:Objects", "skos:related": { "@id": "dpv:ConsentRefused" }, "rdfs:label": "Objects to the purpose" }),
        json!({ "@id": "outflow:Agrees", "skos:related": { "@id": "dpv:ConsentGiven" }, "rdfs:label": "Agrees to the purpose" }),
        json!({ "@id": "outflow:Actor", "rdfs:label": "The one who acts in the event" }),
        json!({ "@id": "outflow:Counterparty", "rdfs:label": "Another person whom the event is about" }),
    ];
    let operands = [
        ("resolution", "How exactly a value is disclosed: exact, hash_bits_N, keyed_hash, round_UNIT, aggregate_k_N"),
        ("kind", "Kind of the event that the data come from"),
        ("role", "Part of the subject in the event"),
        ("subject", "Whether the subject has an account with the service on the day of the event"),
        ("actorJurisdiction", "Jurisdiction of the one who acts; odrl:spatial is that of the subject"),
        ("parentAccount", "Whether the subject has an account with the parent"),
        ("minor", "Whether the subject is a minor"),
        ("choiceOfSubject", "The subject's choice about the purpose; none of who is no user"),
        ("choiceOfActor", "The choice about the purpose of the one who acts"),
    ];
    all.extend(operands.map(
        |(name, label)| json!({ "@id": format!("outflow:{name}"), "@type": "odrl:LeftOperand", "rdfs:label": label }),
    ));
    for (c, wire) in scenario.categories.iter().zip(&scenario.file.categories) {
        let mut node = concept(&ids.of("category", &c.id), &c.title, &wire.dpv);
        node["@type"] = "odrl:Asset".into();
        all.push(node);
    }
    let names: Vec<&str> = scenario.categories.iter().map(|c| &*c.id).collect();
    for ((p, wire), id) in scenario.purposes.iter().zip(&scenario.file.purposes).zip(purposes(scenario)) {
        let mut node = concept(&ids.of("purpose", id), &p.title, &wire.dpv);
        node["outflow:requests"] = ids.refs("category", &named(p.requests.into(), &names)).into();
        all.push(node);
    }
    all.extend(scenario.jurisdictions.iter().map(|j| concept(&ids.of("jurisdiction", &j.code), &j.title, "")));
    all.extend(Kind::ALL.map(|k| {
        let collects = &scenario.kinds[k as usize];
        let mut node = concept(&ids.of("kind", k.id()), &k.id().replace('_', " "), "");
        for (key, mask) in
            [("outflow:collectsOfActor", collects.actor), ("outflow:collectsOfCounterparty", collects.counterparty)]
        {
            node[key] = ids.refs("category", &named(mask.into(), &names)).into();
        }
        node
    }));
    all
}

/// A concept with the terms of DPV that it is narrower than. Several categories may share a term.
fn concept(id: &str, title: &str, dpv: &str) -> Value {
    let known = |word: &&str| {
        let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        word.split_once(':').is_some_and(|(prefix, name)| ["dpv", "pd", "eu-gdpr"].contains(&prefix) && plain(name))
    };
    let terms: Vec<&str> = dpv.split([' ', ',', ';', '+']).filter(known).collect();
    let mut out = json!({ "@id": id, "rdfs:label": title });
    match terms[..] {
        [] => {}
        [one] => out["skos:broader"] = json!({ "@id": one }),
        _ => out["skos:broader"] = terms.iter().map(|t| json!({ "@id": t })).collect(),
    }
    out
}
