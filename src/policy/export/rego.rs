//! Rego: a module with a decision, the rules that decide and the resolution.

use super::clause::{
    Clause, ROLES, categories, choice_word, collected, effect_word, jurisdictions, literals, named, resolutions,
};
use super::header::header;
use crate::scenario::letters::hidden;
use crate::scenario::{ChoiceOf, Policy, Scenario};

const NOTES: [&str; 18] = [
    "To ask: may the parent have data of one category, about one person (the subject), from one event, for a purpose?",
    "  input = {",
    "    \"purpose\": ..., \"category\": ..., \"kind\": (of the event), \"role\": \"actor\" or \"counterparty\" (of the subject in it),",
    "    \"date\": \"2017-11-27\" (UTC),",
    "    \"subject\": {\"user\": true, \"jurisdiction\": ..., \"parent_account\": true, \"minor\": false, \"choice\": ...},",
    "    \"actor\": {\"jurisdiction\": ..., \"choice\": ...}",
    "  }",
    "If the role is actor, the two are the same. `user`: has an account with the service on that date. `choice`: \"objects\" or",
    "\"agrees\" to this purpose, or \"none\"; none for who is no user.",
    "",
    "Answers in the package below, also together as `answer`:",
    "  allow       whether the value is disclosed",
    "  decision    permitted, forbidden, not_permitted (no rule speaks), no_flow (not collected about this role by this kind,",
    "              or not requested by the purpose), malformed (the question lacks something or contradicts itself)",
    "  deciding    the ids of the rules that forbid, if any does, else of those that permit",
    "  resolution  how exactly the value is disclosed: the finest that a permit that decides says; null if it is not",
    "",
    "Open Policy Agent 1.0 or later.",
];

/// The policy as a Rego module.
pub(super) fn export(scenario: &Scenario, policy: &Policy) -> String {
    let clauses = Clause::all(scenario, policy);
    let mut out = header(scenario, policy, "#", &NOTES);
    out += &format!("package outflow[{}][{}]\n", quote(&scenario.name), quote(&policy.id));
    out += ANSWERS;
    let fine_to_coarse: Vec<String> = resolutions(&clauses).into_iter().map(|r| r.id()).collect();
    let ids: Vec<&str> = fine_to_coarse.iter().map(String::as_str).collect();
    out += &format!("\n# From fine to coarse.\nresolutions := [{}]\n", literals(&ids, quote));
    out += &about_rules(&clauses, &ids);
    for (set, permits) in [("permitting", true), ("forbidding", false)] {
        let mut some = false;
        for clause in clauses.iter().filter(|c| c.permits() == permits) {
            some = true;
            let when = conditions(clause);
            let when = if when.is_empty() { " true".into() } else { format!(" {{\n\t{}\n}}", when.join("\n\t")) };
            out += &format!("\n{set} contains {} if{when}\n", quote(&clause.id));
        }
        if !some {
            out += &format!("\n# No rule does.\n{set} := set()\n");
        }
    }
    out += &well_formed(scenario);
    out += &flows(scenario);
    out
}

const ANSWERS: &str = r#"
answer := {"allow": allow, "decision": decision, "deciding": deciding, "resolution": resolution}

default allow := false

allow if decision == "permitted"

decision := "malformed" if not well_formed

else := "no_flow" if not flow

else := "forbidden" if count(forbidding) > 0

else := "permitted" if count(permitting) > 0

else := "not_permitted"

deciding := forbidding if decision == "forbidden"

else := permitting if decision == "permitted"

else := set()

default resolution := null

resolution := resolutions[finest] if {
	decision == "permitted"
	finest := min({fineness[id] | some id in permitting})
}
"#;

/// What the rules say of themselves, and how fine each permit is: a place in the list of resolutions.
fn about_rules(clauses: &[Clause], resolutions: &[&str]) -> String {
    let (mut rules, mut fineness) = (String::new(), String::new());
    for clause in clauses {
        let mut fields = vec![format!("\"effect\": \"{}\"", effect_word(clause.effect))];
        fields.extend(clause.title().map(|t| format!("\"title\": {}", quote(t))));
        fields.extend(clause.source().map(|s| format!("\"source\": {}", quote(s))));
        rules += &format!("\n\t{}: {{{}}},", quote(&clause.id), fields.join(", "));
        let id = clause.resolution.id();
        let place = resolutions.iter().position(|r| clause.permits() && *r == id);
        fineness += &place.map(|place| format!("\n\t{}: {place},", quote(&clause.id))).unwrap_or_default();
    }
    let object =
        |name: &str, rows: &str| format!("\n{name} := {{{rows}{}}}\n", if rows.is_empty() { "" } else { "\n" });
    object("fineness", &fineness) + &object("rules", &rules)
}

fn conditions(clause: &Clause) -> Vec<String> {
    let mut when = Vec::new();
    let lists = [
        ("purpose", &clause.purposes),
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
        ["user"] => "input.subject.user == true".into(),
        ["non_user"] => "input.subject.user == false".into(),
        _ => "false".into(),
    }));
    for (attribute, flag) in [("parent_account", clause.parent_account), ("minor", clause.minor)] {
        when.extend(flag.map(|is| format!("input.subject.{attribute} == {is}")));
    }
    when.extend(clause.choice.map(|(choice, of)| {
        let word = choice_word(choice);
        let made = |who: &str| format!("input.{who}.choice == \"{word}\"");
        match of {
            ChoiceOf::Subject => made("subject"),
            ChoiceOf::Actor => made("actor"),
            ChoiceOf::Either => format!("\"{word}\" in {{input.subject.choice, input.actor.choice}}"),
            ChoiceOf::Both => format!("{}\n\t{}", made("subject"), made("actor")),
        }
    }));
    when.extend(clause.from.map(|from| format!("input.date >= \"{from}\"")));
    when.extend(clause.until.map(|until| format!("input.date < \"{until}\"")));
    when
}

fn one_of(attribute: &str, list: &[&str]) -> String {
    match list {
        [] => "false".into(),
        [only] => format!("input.{attribute} == {}", quote(only)),
        _ => format!("input.{attribute} in {{{}}}", literals(list, quote)),
    }
}

fn well_formed(scenario: &Scenario) -> String {
    let codes = literals(&jurisdictions(scenario), quote);
    format!(
        r#"
well_formed if {{
	is_string(input.purpose)
	is_string(input.category)
	is_string(input.kind)
	input.role in {{"actor", "counterparty"}}
	is_string(input.date)
	[year, month, day] := split(input.date, "-")
	[count(year), count(month), count(day)] == [4, 2, 2]
	is_boolean(input.subject.user)
	is_boolean(input.subject.parent_account)
	is_boolean(input.subject.minor)
	input.subject.jurisdiction in jurisdictions
	input.actor.jurisdiction in jurisdictions
	input.subject.choice in {{"objects", "agrees", "none"}}
	input.actor.choice in {{"objects", "agrees", "none"}}
	free_to_choose
	who_acts_is_one
}}

jurisdictions := {{{codes}}}

free_to_choose if input.subject.user

free_to_choose if input.subject.choice == "none"

who_acts_is_one if input.role != "actor"

who_acts_is_one if {{
	input.subject.user
	input.subject.jurisdiction == input.actor.jurisdiction
	input.subject.choice == input.actor.choice
}}
"#
    )
}

/// What the kinds collect and the purposes request.
fn flows(scenario: &Scenario) -> String {
    let names = categories(scenario);
    let mut out = String::from("\nflow if {\n\trequested\n\tcollected\n}\n\ndefault requested := false\n");
    for purpose in scenario.purposes.iter().filter(|p| p.requests != 0) {
        let requests = named(purpose.requests.into(), &names);
        out += &format!(
            "\nrequested if {{\n\tinput.purpose == {}\n\t{}\n}}\n",
            quote(&purpose.id),
            one_of("category", &requests)
        );
    }
    out += "\ndefault collected := false\n";
    for (i, role) in ROLES.iter().enumerate() {
        for (kinds, categories) in collected(scenario, i) {
            out += &format!(
                "\ncollected if {{\n\tinput.role == {}\n\t{}\n\t{}\n}}\n",
                quote(role),
                one_of("kind", &kinds),
                one_of("category", &categories)
            );
        }
    }
    out
}

/// A Rego string, which is a JSON string.
fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // What is not to be seen is written as a number, as in JSON: beyond four digits as a pair.
            c if hidden(c) => c.encode_utf16(&mut [0; 2]).iter().for_each(|half| out += &format!("\\u{half:04x}")),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
