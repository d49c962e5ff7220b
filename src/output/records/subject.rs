//! All that the parent would hold about one person, and from whom it came.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use serde::Serialize;

use super::follow::follow;
use crate::policy::Role;
use crate::population::Community;
use crate::scenario::{Kind, Policy};
use crate::simulate::Simulation;

/// A person, and what the parent would hold about them.
#[derive(Clone, Debug, Serialize)]
pub struct SubjectReport {
    /// Public id.
    pub person: u64,
    /// Jurisdiction code.
    pub jurisdiction: String,
    /// Has, or had, an account with the service.
    pub is_user: bool,
    /// Has an account with the parent.
    pub has_parent_account: bool,
    /// Age band.
    pub age_band: String,
    /// Purposes that they object to.
    pub objects: Vec<String>,
    /// Purposes that they agree to.
    pub agrees: Vec<String>,
    /// Day on which they left the service, if they do.
    pub left_on: Option<String>,
    /// What is held, by purpose, category and resolution.
    pub held: Vec<Held>,
    /// Other people from whose use something came.
    pub others: u64,
    /// Of these, people in whose address book the person stands.
    pub holders: u64,
}

/// What is held of a category for a purpose.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    /// Purpose id.
    pub purpose: String,
    /// Category id.
    pub category: String,
    /// How exactly.
    pub resolution: String,
    /// Values from the person's own use.
    pub from_own_use: u64,
    /// Values from the use of others.
    pub from_others: u64,
    /// Other people that these came from.
    pub others: u64,
    /// First time, milliseconds since 1970, UTC.
    pub first_ms: i64,
    /// Last time.
    pub last_ms: i64,
    /// Kinds of event that they came from.
    pub kinds: Vec<&'static str>,
    /// Indices of the policy's rules that let them out.
    pub rules: Vec<usize>,
}

#[derive(Default)]
struct Sum {
    own: u64,
    foreign: u64,
    others: BTreeSet<u64>,
    first: Option<i64>,
    last: Option<i64>,
    kinds: BTreeSet<Kind>,
    rules: BTreeSet<usize>,
}

/// What the parent would hold about a person (public id) under a policy after the run; `None` if there is no such person.
pub fn subject(run: &Simulation, policy: &Policy, person: u64) -> Option<SubjectReport> {
    let scenario = &run.scenario;
    let (number, local) = run.population.public_ids.find(person)?;
    let mut sums: BTreeMap<(usize, usize, crate::scenario::Resolution), Sum> = BTreeMap::new();
    let (mut others, mut holders) = (BTreeSet::new(), BTreeSet::new());
    let result = follow(run, policy, &BTreeSet::from([person]), |d| {
        let sum = sums.entry((d.purpose, d.category, d.resolution)).or_default();
        match d.role {
            Role::Actor => sum.own += 1,
            Role::Counterparty => {
                sum.foreign += 1;
                sum.others.insert(d.actor);
                others.insert(d.actor);
                if d.kind == Kind::ContactSync {
                    holders.insert(d.actor);
                }
            }
        }
        sum.first = Some(sum.first.map_or(d.time, |t| t.min(d.time)));
        sum.last = Some(sum.last.map_or(d.time, |t| t.max(d.time)));
        sum.kinds.insert(d.kind);
        sum.rules.extend(d.rules.iter());
        Ok::<(), Infallible>(())
    });
    let Ok(()) = result;
    let held = sums
        .into_iter()
        .map(|((purpose, category, resolution), s)| Held {
            purpose: scenario.purposes[purpose].id.to_string(),
            category: scenario.categories[category].id.to_string(),
            resolution: resolution.id(),
            from_own_use: s.own,
            from_others: s.foreign,
            others: s.others.len() as u64,
            first_ms: s.first.unwrap_or_default(),
            last_ms: s.last.unwrap_or_default(),
            kinds: s.kinds.iter().map(|k| k.id()).collect(),
            rules: s.rules.into_iter().collect(),
        })
        .collect();
    let mut community = Community::empty();
    community.fill(&run.population, number);
    let shape = community.shape;
    let user = local < shape.users;
    let attributes = run.population.people.person(&shape, local, user);
    let class = &run.population.classes.all()[usize::from(community.columns.class[local as usize])];
    let chosen = |mask: u32| {
        let chosen = scenario.purposes.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1);
        chosen.map(|(_, p)| p.id.to_string()).collect()
    };
    Some(SubjectReport {
        person,
        jurisdiction: scenario.jurisdictions[shape.jurisdiction].code.to_string(),
        is_user: user,
        has_parent_account: attributes.parent_account,
        age_band: scenario.file.age_bands[usize::from(attributes.age_band)].id.clone(),
        objects: chosen(class.objects),
        agrees: chosen(class.agrees),
        left_on: run
            .population
            .leaves(community.columns.class[local as usize], community.id(local))
            .map(|day| (scenario.start + chrono::Duration::days(day)).to_string()),
        held,
        others: others.len() as u64,
        holders: holders.len() as u64,
    })
}
