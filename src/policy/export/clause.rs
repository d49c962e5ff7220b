//! A policy's rules with names instead of masks: what all formats write.

use chrono::NaiveDate;

use crate::scenario::{Choice, ChoiceOf, Effect, Kind, Policy, Resolution, Rule, RuleText, Scenario};

/// A rule with its constraints by name. `None` matches all, an empty list nothing.
pub(super) struct Clause<'a> {
    /// `POLICY/NUMBER`: the policy that the rule is written in, and its number there.
    pub id: String,
    /// Title and source, if the rule has them.
    pub text: Option<&'a RuleText>,
    pub effect: Effect,
    pub resolution: Resolution,
    pub purposes: Option<Vec<&'a str>>,
    pub categories: Option<Vec<&'a str>>,
    pub kinds: Option<Vec<&'a str>>,
    pub roles: Option<Vec<&'a str>>,
    pub jurisdictions: Option<Vec<&'a str>>,
    pub actor_jurisdictions: Option<Vec<&'a str>>,
    /// `user`, `non_user`.
    pub subjects: Option<Vec<&'a str>>,
    pub parent_account: Option<bool>,
    pub minor: Option<bool>,
    pub choice: Option<(Choice, ChoiceOf)>,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

impl<'a> Clause<'a> {
    /// The rules of a policy, in their order.
    pub fn all(scenario: &'a Scenario, policy: &'a Policy) -> Vec<Self> {
        let categories = categories(scenario);
        let purposes = purposes(scenario);
        let jurisdictions = jurisdictions(scenario);
        let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.id()).collect();
        let clause = |(i, rule): (usize, &Rule)| {
            let text = policy.texts.get(i);
            Clause {
                id: match text {
                    Some(text) => format!("{}/{}", text.policy, text.number),
                    None => format!("{}/{}", policy.id, i + 1),
                },
                text: text.map(|t| &**t),
                effect: rule.effect,
                resolution: rule.resolution,
                purposes: constraint(rule.purposes.into(), &purposes),
                categories: constraint(rule.categories.into(), &categories),
                kinds: constraint(rule.kinds.into(), &kinds),
                roles: constraint(two(rule.actor, rule.counterparty), &ROLES),
                jurisdictions: constraint(rule.jurisdictions, &jurisdictions),
                actor_jurisdictions: constraint(rule.actor_jurisdictions, &jurisdictions),
                subjects: constraint(two(rule.users, rule.non_users), &["user", "non_user"]),
                parent_account: rule.parent_account,
                minor: rule.minor,
                choice: rule.choice,
                from: rule.from,
                until: rule.until,
            }
        };
        policy.rules.iter().enumerate().map(clause).collect()
    }

    /// Title of the rule.
    pub fn title(&self) -> Option<&'a str> {
        self.text.and_then(|t| t.title.as_deref())
    }

    /// Source of the rule.
    pub fn source(&self) -> Option<&'a str> {
        self.text.and_then(|t| t.source.as_deref())
    }

    /// Whether it permits.
    pub fn permits(&self) -> bool {
        self.effect == Effect::Permit
    }
}

/// Roles by their words.
pub(super) const ROLES: [&str; 2] = ["actor", "counterparty"];

/// The word of a choice.
pub(super) fn choice_word(choice: Choice) -> &'static str {
    match choice {
        Choice::Objects => "objects",
        Choice::Agrees => "agrees",
    }
}

/// The word of an effect.
pub(super) fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Permit => "permit",
        Effect::Forbid => "forbid",
    }
}

/// Ids of the categories.
pub(super) fn categories(scenario: &Scenario) -> Vec<&str> {
    scenario.categories.iter().map(|c| &*c.id).collect()
}

/// Ids of the purposes.
pub(super) fn purposes(scenario: &Scenario) -> Vec<&str> {
    scenario.purposes.iter().map(|p| &*p.id).collect()
}

/// Codes of the jurisdictions.
pub(super) fn jurisdictions(scenario: &Scenario) -> Vec<&str> {
    scenario.jurisdictions.iter().map(|j| &*j.code).collect()
}

/// The names of a mask.
pub(super) fn named<'a>(mask: u64, names: &[&'a str]) -> Vec<&'a str> {
    names.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, name)| *name).collect()
}

/// The resolutions that a policy's permits let values out in, from fine to coarse.
pub(super) fn resolutions(clauses: &[Clause]) -> Vec<Resolution> {
    let mut all: Vec<Resolution> = clauses.iter().filter(|c| c.permits()).map(|c| c.resolution).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What the kinds collect about one role: (kinds, categories), kinds that collect the same together, none that collect
/// nothing.
pub(super) fn collected(scenario: &Scenario, role: usize) -> Vec<(Vec<&str>, Vec<&str>)> {
    let names = categories(scenario);
    let mut groups: Vec<(u32, Vec<&str>)> = Vec::new();
    for kind in Kind::ALL {
        let collects = &scenario.kinds[kind as usize];
        let mask = [collects.actor, collects.counterparty][role];
        match groups.iter_mut().find(|g| g.0 == mask) {
            Some(group) => group.1.push(kind.id()),
            None => groups.push((mask, vec![kind.id()])),
        }
    }
    groups.retain(|g| g.0 != 0);
    groups.into_iter().map(|(mask, kinds)| (kinds, named(mask.into(), &names))).collect()
}

fn two(first: bool, second: bool) -> u64 {
    u64::from(first) | u64::from(second) << 1
}

/// The names of a mask, unless it has all of them.
fn constraint<'a>(mask: u64, names: &[&'a str]) -> Option<Vec<&'a str>> {
    let held = named(mask, names);
    (held.len() < names.len()).then_some(held)
}

/// A list of literals: `"a", "b"`.
pub(super) fn literals(names: &[&str], quote: impl Fn(&str) -> String) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}
