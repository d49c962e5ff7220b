//! The sample that the regulator asked for: the disclosures about some people of a country, drawn at random.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::DateTime;
use rand::seq::index;

use super::follow::{Disclosure, follow};
use crate::output::results::about;
use crate::output::staging::{OutputError, Staging};
use crate::output::tables::{ColumnData, TableError, TableFile};
use crate::policy::Role;
use crate::random::Domain;
use crate::scenario::{Policy, Scenario};
use crate::simulate::Simulation;

/// What was drawn and written.
#[derive(Clone, Debug)]
pub struct Sample {
    /// People of the jurisdiction.
    pub population: u64,
    /// People drawn.
    pub people: u64,
    /// Of these, people about whom something is disclosed.
    pub exposed: u64,
    /// Disclosures about them.
    pub disclosures: u64,
    /// Rows of `summary`: persons, purposes, categories and resolutions that occur together.
    pub summary: u64,
}

/// A sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A file.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A table.
    #[error("can't write table {0}")]
    Table(#[from] TableError),
}

/// Draws `people` of a jurisdiction, users and non-users alike, at random without replacement (every set of so many people is equally
/// likely). All of them, if there are no more. Gives public ids.
pub fn draw(run: &Simulation, jurisdiction: usize, people: u64) -> BTreeSet<u64> {
    let population = run.population.layout.spans()[jurisdiction].people;
    let mut rng = run.population.key.rng(Domain::Sample, jurisdiction as u64, 0);
    let drawn = index::sample(&mut rng, population as usize, people.min(population) as usize);
    let first = run.population.layout.spans()[jurisdiction].first_person;
    drawn.into_iter().map(|rank| run.population.public_ids.of(first + rank as u64)).collect()
}

/// Rows that are kept before they are written.
const CHUNK: usize = 1 << 16;

/// Person, purpose, category, resolution.
type DisclosureKey = (u64, usize, usize, String);

/// What is counted of a person, purpose and category.
#[derive(Clone, Copy, Debug, Default)]
struct ValueCount {
    own: u64,
    others: u64,
    first: i64,
    last: i64,
}

/// Writes the disclosures about the people drawn (public ids), who they are, a summary, and a README that says how they were drawn.
///
/// # Errors
/// If something can't be written.
pub fn write(
    run: &Simulation,
    policy: &Policy,
    jurisdiction: usize,
    drawn: &BTreeSet<u64>,
    command: &str,
    staging: &Staging,
) -> Result<Sample, SampleError> {
    let scenario = &run.scenario;
    let about = about(scenario, command);
    let file = |name: &str, csv| TableFile::new(&staging.folder().join(name), csv, &about);
    let mut records = DisclosureWriter::new(scenario, policy, file("disclosures", false));
    let mut counts: BTreeMap<DisclosureKey, ValueCount> = BTreeMap::new();
    follow(run, policy, drawn, |d| {
        let count = counts.entry((d.subject, d.purpose, d.category, d.resolution.id())).or_insert(ValueCount {
            first: d.time,
            last: d.time,
            ..ValueCount::default()
        });
        (count.first, count.last) = (count.first.min(d.time), count.last.max(d.time));
        match d.role {
            Role::Actor => count.own += 1,
            Role::Counterparty => count.others += 1,
        }
        records.push(d)
    })?;
    let disclosures = records.finish()?;
    let exposed: BTreeSet<u64> = counts.keys().map(|k| k.0).collect();
    people(run, jurisdiction, drawn, &exposed, file("people", true))?;
    summary(scenario, &counts, file("summary", true))?;
    staging.write("scenario.resolved.toml", &scenario.resolved)?;
    let sample = Sample {
        population: run.population.layout.spans()[jurisdiction].people,
        people: drawn.len() as u64,
        exposed: exposed.len() as u64,
        disclosures,
        summary: counts.len() as u64,
    };
    staging.write("README.md", readme(scenario, policy, jurisdiction, &sample, command))?;
    Ok(sample)
}

/// A person drawn, as the table says.
struct PersonFacts<'a> {
    id: u64,
    user: bool,
    parent_account: bool,
    band: &'a str,
    objects: Arc<str>,
    agrees: Arc<str>,
}

fn people(
    run: &Simulation,
    jurisdiction: usize,
    drawn: &BTreeSet<u64>,
    exposed: &BTreeSet<u64>,
    mut table: TableFile,
) -> Result<(), TableError> {
    let scenario = &run.scenario;
    let code = &scenario.jurisdictions[jurisdiction].code;
    let chosen = |mask: u32| -> Arc<str> {
        let ids = scenario.purposes.iter().enumerate().filter(|(p, _)| mask >> p & 1 == 1).map(|(_, p)| &*p.id);
        ids.collect::<Vec<_>>().join(";").into()
    };
    let facts: Vec<PersonFacts> = drawn
        .iter()
        .filter_map(|&id| {
            let (community, local) = run.population.public_ids.find(id)?;
            let shape = run.population.layout.shape(community);
            let user = local < shape.users;
            let person = run.population.people.person(&shape, local, user);
            let band = &scenario.file.age_bands[usize::from(person.age_band)].id;
            let class = &run.population.classes.all()[usize::from(run.population.class_of(&shape, user, &person))];
            let (objects, agrees) = (chosen(class.objects), chosen(class.agrees));
            Some(PersonFacts { id, user, parent_account: person.parent_account, band, objects, agrees })
        })
        .collect();
    let columns = || {
        vec![
            ("person_id", ColumnData::U64(facts.iter().map(|f| f.id).collect())),
            ("jurisdiction", ColumnData::Str(facts.iter().map(|_| code.clone()).collect())),
            ("is_user", ColumnData::Bool(facts.iter().map(|f| f.user).collect())),
            ("has_parent_account", ColumnData::Bool(facts.iter().map(|f| f.parent_account).collect())),
            ("age_band", ColumnData::Str(facts.iter().map(|f| f.band.into()).collect())),
            ("objects", ColumnData::Str(facts.iter().map(|f| f.objects.clone()).collect())),
            ("agrees", ColumnData::Str(facts.iter().map(|f| f.agrees.clone()).collect())),
            ("is_exposed", ColumnData::Bool(facts.iter().map(|f| exposed.contains(&f.id)).collect())),
        ]
    };
    table.write(columns(), None)?;
    table.finish()
}

fn summary(
    scenario: &Scenario,
    counts: &BTreeMap<DisclosureKey, ValueCount>,
    mut table: TableFile,
) -> Result<(), TableError> {
    let when = |ms: i64| -> Arc<str> {
        DateTime::from_timestamp_millis(ms)
            .map_or_else(String::new, |t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string())
            .into()
    };
    let name = |f: &dyn Fn(&DisclosureKey) -> Arc<str>| ColumnData::Str(counts.keys().map(f).collect());
    let columns = vec![
        ("person_id", ColumnData::U64(counts.keys().map(|k| k.0).collect())),
        ("purpose", name(&|k| scenario.purposes[k.1].id.clone())),
        ("category", name(&|k| scenario.categories[k.2].id.clone())),
        ("resolution", name(&|k| k.3.as_str().into())),
        ("values_from_own_use", ColumnData::U64(counts.values().map(|c| c.own).collect())),
        ("values_from_others", ColumnData::U64(counts.values().map(|c| c.others).collect())),
        ("first", ColumnData::Str(counts.values().map(|c| when(c.first)).collect())),
        ("last", ColumnData::Str(counts.values().map(|c| when(c.last)).collect())),
    ];
    table.write(columns, None)?;
    table.finish()
}

/// `disclosures.parquet`, row by row.
struct DisclosureWriter<'a> {
    scenario: &'a Scenario,
    /// Names of the rules.
    rules: Vec<String>,
    table: TableFile,
    rows: u64,
    chunk: Vec<Disclosure>,
}

impl<'a> DisclosureWriter<'a> {
    fn new(scenario: &'a Scenario, policy: &Policy, table: TableFile) -> Self {
        let rules = policy.texts.iter().map(|t| t.name()).collect();
        DisclosureWriter { scenario, rules, table, rows: 0, chunk: Vec::new() }
    }

    fn push(&mut self, d: Disclosure) -> Result<(), TableError> {
        self.chunk.push(d);
        if self.chunk.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), TableError> {
        let c = &self.chunk;
        let names = |f: &dyn Fn(&Disclosure) -> Arc<str>| ColumnData::Str(c.iter().map(f).collect());
        let because = |d: &Disclosure| -> Arc<str> {
            let names: Vec<&str> = d.rules.iter().filter_map(|&r| self.rules.get(r)).map(String::as_str).collect();
            names.join("; ").into()
        };
        let columns = vec![
            ("subject", ColumnData::U64(c.iter().map(|d| d.subject).collect())),
            ("time", ColumnData::Time(c.iter().map(|d| d.time).collect())),
            ("kind", names(&|d| d.kind.id().into())),
            ("role", names(&|d| d.role.word().into())),
            ("actor", ColumnData::U64(c.iter().map(|d| d.actor).collect())),
            ("purpose", names(&|d| self.scenario.purposes[d.purpose].id.clone())),
            ("category", names(&|d| self.scenario.categories[d.category].id.clone())),
            ("resolution", names(&|d| d.resolution.id().into())),
            ("rules", names(&because)),
        ];
        self.table.write(columns, None)?;
        self.rows += self.chunk.len() as u64;
        self.chunk.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<u64, TableError> {
        self.flush()?;
        self.table.finish()?;
        Ok(self.rows)
    }
}

fn readme(scenario: &Scenario, policy: &Policy, jurisdiction: usize, s: &Sample, command: &str) -> String {
    let place = &scenario.jurisdictions[jurisdiction];
    let rules: String = policy.texts.iter().enumerate().map(|(i, t)| format!("{}. {}\n", i + 1, t.words)).collect();
    format!(
        "# Sample of disclosures: {title}, {place}

All that the parent would receive under the policy \"{policy}\" about {people} people of {place}, in {days} days from {start}.
Synthetic people of a model, not a measurement: no value is anybody's, and none is written out; a row says that a value of
the category was let out, about whom, when, for which purpose, by whose act and by which rule.

## How it was drawn

From the {population} simulated people of {place} ({code}), users of the service and people who never joined alike, {people}
were drawn at random without replacement: every set of so many people was equally likely (`rand::seq::index`, with
random numbers of their own from the seed). Nothing about the people, their traffic or the policy had a part in the draw. About {exposed}
of them something is disclosed; the others are in `people.csv` all the same.

## Files

- `disclosures.parquet`: {disclosures} rows: `subject` (person), `time` (UTC), `kind` of event, `role` of the subject in it,
  `actor` (the person whose use of the service it came from), `purpose`, `category`, `resolution` (`exact`, or how it was
  coarsened), `rules` that permitted it
- `summary.csv`, `summary.parquet`: per person, purpose, category and resolution: values from the person's own use, values from
  the use of others (their address books, messages, groups), first and last time
- `people.csv`, `people.parquet`: the people drawn: `person_id`, `is_user`, `has_parent_account`, `age_band`,
  `objects` and `agrees` (purposes, separated by `;`), `is_exposed`
- `scenario.resolved.toml`: everything that the sample was made from

## The policy

{policy_source}

{rules}
Nothing flows that no rule permits; a forbid always wins.

## Again

    {command}

outflow {version}, scenario {name}, digest {digest}, seed {seed}.
",
        title = policy.title,
        place = place.title,
        code = place.code,
        policy = policy.id,
        people = s.people,
        days = scenario.days,
        start = scenario.start,
        population = s.population,
        exposed = s.exposed,
        disclosures = s.disclosures,
        policy_source = policy.source,
        version = crate::output::manifest::VERSION,
        name = scenario.name,
        digest = scenario.digest,
        seed = scenario.seed,
    )
}
