//! SQL: a query over the records of an export that yields what the policy discloses.

use super::clause::{Clause, ROLES, categories, choice_word, collected, literals, named, resolutions};
use super::header::{header, one_line};
use crate::scenario::{ChoiceOf, Policy, Scenario};

const NOTES: [&str; 11] = [
    "Over the records that `outflow export` writes: one row for each value that the policy discloses, with purpose, event_id,",
    "subject, role, category, resolution (how exactly) and time. Tables people and events are people.parquet and",
    "events.parquet; in DuckDB:",
    "",
    "  CREATE VIEW people AS FROM 'DIR/people.parquet';",
    "  CREATE VIEW events AS FROM 'DIR/events.parquet';",
    "",
    "A person objects to a purpose iff attitude < objects, and agrees iff attitude >= agrees_from, by jurisdiction. Who is no",
    "user, or has left the service, has no choice. The dialect is DuckDB's; only unnest of the list of counterparties and AT",
    "TIME ZONE (the UTC date of an event) need another spelling elsewhere.",
    "",
];

/// The policy as a query.
pub(super) fn export(scenario: &Scenario, policy: &Policy) -> String {
    let clauses = Clause::all(scenario, policy);
    let mut out = header(scenario, policy, "--", &NOTES);
    out += &format!(
        "WITH
rates (jurisdiction, purpose, objects, agrees_from) AS ({}),
collects (kind, role, category) AS ({}),
requests (purpose, category) AS ({}),
{PARTS}SELECT purpose, event_id, subject, role, category, resolution, time
FROM (
  SELECT *, {} AS resolution
  FROM flow
  WHERE {}
) AS decided
WHERE resolution IS NOT NULL;
",
        values(&rates(scenario), 4),
        values(&collects(scenario), 3),
        values(&requests(scenario), 2),
        resolution(&clauses),
        forbids(&clauses),
    );
    out
}

/// Everybody's part in each event, who they are on that day, and the flows about them.
const PARTS: &str = "part AS (
  SELECT event_id, time, kind, actor, actor AS subject, 'actor' AS role FROM events
  UNION ALL
  SELECT event_id, time, kind, actor, unnest(counterparties) AS subject, 'counterparty' AS role FROM events
),
dated AS (
  SELECT *, CAST(time AT TIME ZONE 'UTC' AS DATE) AS day FROM part
),
known AS (
  SELECT d.*,
    s.is_user AND (s.left_on IS NULL OR d.day < s.left_on) AS subject_user,
    s.jurisdiction AS subject_jurisdiction, s.attitude AS subject_attitude,
    s.has_parent_account AS subject_parent_account, s.minor AS subject_minor,
    a.is_user AND (a.left_on IS NULL OR d.day < a.left_on) AS actor_user,
    a.jurisdiction AS actor_jurisdiction, a.attitude AS actor_attitude
  FROM dated d JOIN people s ON s.person_id = d.subject JOIN people a ON a.person_id = d.actor
),
flow AS (
  SELECT k.*, r.purpose, c.category,
    subject_user AND subject_attitude < rs.objects AS subject_objects,
    subject_user AND subject_attitude >= rs.agrees_from AS subject_agrees,
    actor_user AND actor_attitude < ra.objects AS actor_objects,
    actor_user AND actor_attitude >= ra.agrees_from AS actor_agrees
  FROM known k
    JOIN collects c ON c.kind = k.kind AND c.role = k.role
    JOIN requests r ON r.category = c.category
    JOIN rates rs ON rs.jurisdiction = k.subject_jurisdiction AND rs.purpose = r.purpose
    JOIN rates ra ON ra.jurisdiction = k.actor_jurisdiction AND ra.purpose = r.purpose
)
";

fn rates(scenario: &Scenario) -> Vec<String> {
    let mut rows = Vec::new();
    for j in &scenario.jurisdictions {
        for (p, purpose) in scenario.purposes.iter().enumerate() {
            // With an exponent, a number is one of double precision, and these digits give exactly that number back.
            let (objects, agrees_from) = (j.objects[p], 1.0 - j.agrees[p]);
            rows.push(format!("({}, {}, {objects:e}, {agrees_from:e})", quote(&j.code), quote(&purpose.id)));
        }
    }
    rows
}

fn collects(scenario: &Scenario) -> Vec<String> {
    let mut rows = Vec::new();
    for (i, role) in ROLES.iter().enumerate() {
        for (kinds, categories) in collected(scenario, i) {
            for kind in kinds {
                let row = |c: &&str| format!("({}, {}, {})", quote(kind), quote(role), quote(c));
                rows.push(categories.iter().map(row).collect::<Vec<_>>().join(", "));
            }
        }
    }
    rows
}

fn requests(scenario: &Scenario) -> Vec<String> {
    let names = categories(scenario);
    let rows = scenario.purposes.iter().filter(|p| p.requests != 0).map(|p| {
        let row = |c: &&str| format!("({}, {})", quote(&p.id), quote(c));
        named(p.requests.into(), &names).iter().map(row).collect::<Vec<_>>().join(", ")
    });
    rows.collect()
}

/// A table of constants; a row of the list may be several of the table.
fn values(rows: &[String], columns: usize) -> String {
    if rows.is_empty() {
        return format!("SELECT {} WHERE FALSE", vec!["NULL"; columns].join(", "));
    }
    format!("VALUES\n  {}\n", rows.join(",\n  "))
}

/// The finest resolution of the permits that match, or NULL.
fn resolution(clauses: &[Clause]) -> String {
    let mut cases = String::new();
    for resolution in resolutions(clauses) {
        let permits: Vec<&Clause> = clauses.iter().filter(|c| c.permits() && c.resolution == resolution).collect();
        cases += &format!("\n    WHEN{}\n      THEN {}", any(&permits, "      "), quote(&resolution.id()));
    }
    if cases.is_empty() { "CAST(NULL AS VARCHAR)".into() } else { format!("CASE{cases}\n  END") }
}

fn forbids(clauses: &[Clause]) -> String {
    let forbids: Vec<&Clause> = clauses.iter().filter(|c| !c.permits()).collect();
    if forbids.is_empty() { "TRUE".into() } else { format!("NOT ({}\n  )", any(&forbids, "    ")) }
}

/// Whether one of some rules matches, one on a line with its id.
fn any(clauses: &[&Clause], indent: &str) -> String {
    let mut out = String::new();
    for (i, clause) in clauses.iter().enumerate() {
        let or = if i == 0 { "" } else { "OR " };
        let title = clause.title().map(|t| format!(": {}", one_line(t))).unwrap_or_default();
        out += &format!("\n{indent}{or}({}) -- {}{title}", conditions(clause), clause.id);
    }
    out
}

fn conditions(clause: &Clause) -> String {
    let mut when = Vec::new();
    let lists = [
        ("purpose", &clause.purposes),
        ("category", &clause.categories),
        ("kind", &clause.kinds),
        ("role", &clause.roles),
        ("subject_jurisdiction", &clause.jurisdictions),
        ("actor_jurisdiction", &clause.actor_jurisdictions),
    ];
    for (column, list) in lists {
        when.extend(list.as_ref().map(|list| match list[..] {
            [] => "FALSE".into(),
            [only] => format!("{column} = {}", quote(only)),
            _ => format!("{column} IN ({})", literals(list, quote)),
        }));
    }
    when.extend(clause.subjects.as_ref().map(|subjects| match subjects[..] {
        ["user"] => "subject_user".into(),
        ["non_user"] => "NOT subject_user".into(),
        _ => "FALSE".into(),
    }));
    for (column, flag) in [("subject_parent_account", clause.parent_account), ("subject_minor", clause.minor)] {
        when.extend(flag.map(|is| format!("{}{column}", if is { "" } else { "NOT " })));
    }
    when.extend(clause.choice.map(|(choice, of)| {
        let made = |who: &str| format!("{who}_{}", choice_word(choice));
        match of {
            ChoiceOf::Subject => made("subject"),
            ChoiceOf::Actor => made("actor"),
            ChoiceOf::Either => format!("({} OR {})", made("subject"), made("actor")),
            ChoiceOf::Both => format!("{} AND {}", made("subject"), made("actor")),
        }
    }));
    when.extend(clause.from.map(|from| format!("day >= DATE '{from}'")));
    when.extend(clause.until.map(|until| format!("day < DATE '{until}'")));
    if when.is_empty() { "TRUE".into() } else { when.join(" AND ") }
}

/// An SQL string.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
