//! Cedar: one policy a rule, and forbids for what is no flow or no proper question.

use chrono::{Datelike, NaiveDate};

use super::clause::{
    Clause, ROLES, categories, choice_word, collected, effect_word, jurisdictions, literals, named, purposes,
};
use super::header::header;
use crate::scenario::letters::hidden;
use crate::scenario::{ChoiceOf, Policy, Scenario};

const NOTES: [&str; 20] = [
    "One policy a rule; annotations say which (`id`: the policy that it is written in, and its number there) and, of",
    "permits, how exactly values flow (`as`; of several permits that decide, the finest counts: exact, hash_bits_N with",
    "more bits first, keyed_hash, round_hour, round_day, round_week, round_month, aggregate_k_N with smaller groups first).",
    "",
    "To ask: may the parent have data of one category, about one person (the subject), from one event, for a purpose?",
    "  principal  Parent::\"parent\"",
    "  action     the purpose",
    "  resource   Person::\"subject\": any id, all that counts is in the context",
    "  context    category, kind (of the event), role (of the subject in it: actor, counterparty), date (UTC, as the number",
    "             20171127), subject and actor. If the role is actor, the two are the same. `user`: has an account with the",
    "             service on that date. `choice`: objects or agrees to this purpose, or none; none for who is no user.",
    "",
    "Allow: disclosed. Deny, by the policies that decide:",
    "  outflow/malformed      the question lacks something or contradicts itself",
    "  outflow/not_collected  no flow: events of this kind do not collect the category about this role",
    "  outflow/not_requested  no flow: the purpose does not request the category",
    "  any other              forbidden",
    "  none                   not permitted",
    "Validate requests against the schema: Cedar skips a policy in which an attribute has another type.",
    "",
];

/// The policy as Cedar policies.
pub(super) fn export(scenario: &Scenario, policy: &Policy) -> String {
    let mut out = header(scenario, policy, "//", &NOTES);
    out += "// Schema:\n//\n";
    for line in schema(scenario).lines() {
        out += format!("//     {line}").trim_end();
        out.push('\n');
    }
    let clauses = Clause::all(scenario, policy);
    if clauses.is_empty() {
        out += "//\n// The policy has no rule: nothing is permitted.\n";
    }
    for clause in &clauses {
        out.push('\n');
        out += &rule(clause);
    }
    out.push('\n');
    out += &malformed(scenario);
    out.push('\n');
    out += &not_collected(scenario);
    out.push('\n');
    out += &not_requested(scenario);
    out
}

fn schema(scenario: &Scenario) -> String {
    format!(
        "entity Parent;
entity Person;
action {} appliesTo {{
  principal: Parent,
  resource: Person,
  context: {{
    category: String,
    kind: String,
    role: String,
    date: Long,
    subject: {{ user: Bool, jurisdiction: String, parent_account: Bool, minor: Bool, choice: String }},
    actor: {{ jurisdiction: String, choice: String }},
  }},
}};",
        literals(&purposes(scenario), quote)
    )
}

fn rule(clause: &Clause) -> String {
    let mut annotations = vec![format!("@id({})", quote(&clause.id))];
    annotations.extend(clause.title().map(|t| format!("@title({})", quote(t))));
    annotations.extend(clause.source().map(|s| format!("@source({})", quote(s))));
    if clause.permits() {
        annotations.push(format!("@as({})", quote(&clause.resolution.id())));
    }
    let action = match &clause.purposes {
        None => "action".into(),
        Some(purposes) if purposes.len() == 1 => format!("action == {}", action(purposes[0])),
        Some(purposes) => format!("action in [{}]", literals(purposes, action)),
    };
    let when = conditions(clause);
    let when = if when.is_empty() { String::new() } else { format!("\nwhen {{\n  {}\n}}", when.join("\n  && ")) };
    format!("{}\n{}(principal, {action}, resource){when};\n", annotations.join("\n"), effect_word(clause.effect))
}

fn conditions(clause: &Clause) -> Vec<String> {
    let mut when = Vec::new();
    let lists = [
        ("category", &clause.categories),
        ("kind", &clause.kinds),
        ("role", &clause.roles),
        ("subject.jurisdiction", &clause.jurisdictions),
        ("actor.jurisdiction", &clause.actor_jurisdictions),
    ];
    for (attribute, list) in lists {
        when.extend(list.as_ref().map(|list| one_of(attribute, list)));
    }
    when.extend(clause.subjects.as_ref().map(|subjects| match subjects[..] {
        ["user"] => "context.subject.user".into(),
        ["non_user"] => "!context.subject.user".into(),
        _ => "false".into(),
    }));
    for (attribute, flag) in [("parent_account", clause.parent_account), ("minor", clause.minor)] {
        when.extend(flag.map(|is| format!("{}context.subject.{attribute}", if is { "" } else { "!" })));
    }
    when.extend(clause.choice.map(|(choice, of)| {
        let made = |who: &str| format!("context.{who}.choice == \"{}\"", choice_word(choice));
        match of {
            ChoiceOf::Subject => made("subject"),
            ChoiceOf::Actor => made("actor"),
            ChoiceOf::Either => format!("({} || {})", made("subject"), made("actor")),
            ChoiceOf::Both => format!("{}\n  && {}", made("subject"), made("actor")),
        }
    }));
    when.extend(clause.from.map(|from| format!("context.date >= {}", number(from))));
    when.extend(clause.until.map(|until| format!("context.date < {}", number(until))));
    when
}

fn one_of(attribute: &str, list: &[&str]) -> String {
    match list {
        [] => "false".into(),
        [only] => format!("context.{attribute} == {}", quote(only)),
        _ => format!("[{}].contains(context.{attribute})", literals(list, quote)),
    }
}

/// A forbid that lets no question through that a rule could fail on or misread.
fn malformed(scenario: &Scenario) -> String {
    let attributes = [
        "category",
        "kind",
        "role",
        "date",
        "subject.user",
        "subject.jurisdiction",
        "subject.parent_account",
        "subject.minor",
        "subject.choice",
        "actor.jurisdiction",
        "actor.choice",
    ];
    let mut unless: Vec<String> = attributes.iter().map(|a| format!("context has {a}")).collect();
    unless.push(one_of("role", &ROLES));
    for who in ["subject", "actor"] {
        unless.push(one_of(&format!("{who}.jurisdiction"), &jurisdictions(scenario)));
        unless.push(one_of(&format!("{who}.choice"), &["objects", "agrees", "none"]));
    }
    unless.push("(context.subject.user || context.subject.choice == \"none\")".into());
    unless.push(
        "(context.role != \"actor\" || (context.subject.user
    && context.subject.jurisdiction == context.actor.jurisdiction
    && context.subject.choice == context.actor.choice))"
            .into(),
    );
    format!(
        "@id(\"outflow/malformed\")\nforbid(principal, action, resource)\nunless {{\n  {}\n}};\n",
        unless.join("\n  && ")
    )
}

fn not_collected(scenario: &Scenario) -> String {
    let mut unless = Vec::new();
    for (i, role) in ROLES.iter().enumerate() {
        for (kinds, categories) in collected(scenario, i) {
            unless.push(format!(
                "(context.role == {} && {}\n    && {})",
                quote(role),
                one_of("kind", &kinds),
                one_of("category", &categories)
            ));
        }
    }
    no_flow("not_collected", &unless)
}

fn not_requested(scenario: &Scenario) -> String {
    let names = categories(scenario);
    let unless = scenario.purposes.iter().filter(|p| p.requests != 0).map(|p| {
        let requests = named(p.requests.into(), &names);
        format!("(action == {}\n    && {})", action(&p.id), one_of("category", &requests))
    });
    no_flow("not_requested", &unless.collect::<Vec<_>>())
}

fn no_flow(id: &str, unless: &[String]) -> String {
    let unless = if unless.is_empty() { "false".into() } else { unless.join("\n  || ") };
    format!("@id(\"outflow/{id}\")\nforbid(principal, action, resource)\nunless {{\n  {unless}\n}};\n")
}

fn action(purpose: &str) -> String {
    format!("Action::{}", quote(purpose))
}

/// A day as a number that grows with time: 20171127.
fn number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// A Cedar string.
fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // What is not to be seen is written as a number.
            c if hidden(c) => out += &format!("\\u{{{:x}}}", c as u32),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
