//! What a policy, and an order, say of a disclosure that somebody reports: from what is known about its people, whatever else they may be.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::policy::{Outcome, Role, Setting, decide};
use crate::population::PersonClass;
use crate::scenario::{ChoiceOf, Kind, Order, Policy, Resolution, Scenario};

/// What is known about a person; nothing of what is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Index of the jurisdiction.
    pub jurisdiction: Option<usize>,
    /// Has, or had, an account with the service.
    pub user: Option<bool>,
    /// Has an account with the parent.
    pub parent_account: Option<bool>,
    /// Is a minor.
    pub minor: Option<bool>,
    /// Mask of the purposes that the person objects to.
    pub objects: Option<u32>,
    /// Mask of the purposes that the person agrees to.
    pub agrees: Option<u32>,
}

/// A disclosure as it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenFlow {
    /// UTC date of the event.
    pub date: NaiveDate,
    /// Kind of event.
    pub kind: Kind,
    /// Part of the subject in it.
    pub role: Role,
    /// Index of the purpose.
    pub purpose: usize,
    /// Index of the category.
    pub category: usize,
    /// How exactly the value was let out.
    pub resolution: Resolution,
    /// Whom it is about.
    pub subject: Facts,
    /// Who acted; the subject itself if `role` is actor.
    pub actor: Facts,
}

/// Why a disclosure should not have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Breach {
    /// A rule of the policy forbids it.
    Forbidden,
    /// No rule of the policy permits it.
    NotPermitted,
    /// There is no such flow: the kind of event does not collect the category for the role, or the purpose does not request it.
    NoFlow,
    /// The policy permits it coarser only.
    Finer,
    /// The policy permits it, and the order prohibits it.
    Prohibited,
}

impl Breach {
    /// All.
    pub const ALL: [Breach; 5] =
        [Breach::Forbidden, Breach::NotPermitted, Breach::NoFlow, Breach::Finer, Breach::Prohibited];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Breach::Forbidden => "forbidden",
            Breach::NotPermitted => "not_permitted",
            Breach::NoFlow => "no_flow",
            Breach::Finer => "finer",
            Breach::Prohibited => "prohibited",
        }
    }

    /// For readers.
    pub fn words(self) -> &'static str {
        match self {
            Breach::Forbidden => "a rule of the policy forbids it",
            Breach::NotPermitted => "no rule of the policy permits it",
            Breach::NoFlow => {
                "there is no such flow: not collected of that kind of event and role, or not requested for the purpose"
            }
            Breach::Finer => "the policy lets it out coarser only",
            Breach::Prohibited => "the policy permits it, and the order prohibits it",
        }
    }
}

/// What is to be said of a disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong with it, whatever is not known.
    Fine,
    /// It should not have been, whatever is not known.
    Breach(Breach),
    /// It depends on what is not known about its people.
    Unclear,
}

/// Period, kind, role, purpose, category, resolution, and what is known of subject and actor.
type Case = (usize, usize, bool, usize, usize, Resolution, Facts, Facts);

/// Decides about disclosures; remembers what it has decided.
#[derive(Debug)]
pub struct Judge<'a> {
    scenario: &'a Scenario,
    policy: &'a Policy,
    order: Option<&'a Order>,
    /// Days on which a rule begins or ends, or the order must be obeyed from; rising.
    turns: Vec<NaiveDate>,
    /// Whether a rule asks who acted.
    asks_actor: bool,
    decided: HashMap<Case, Verdict>,
}

impl<'a> Judge<'a> {
    /// By a policy, and by an order if there is one.
    pub fn new(scenario: &'a Scenario, policy: &'a Policy, order: Option<&'a Order>) -> Self {
        let mut turns: Vec<NaiveDate> = policy.rules.iter().flat_map(|r| [r.from, r.until]).flatten().collect();
        turns.extend(order.map(|o| o.deadline));
        turns.sort_unstable();
        turns.dedup();
        let everywhere = (0..scenario.jurisdictions.len()).fold(0u64, |mask, j| mask | 1 << j);
        let asks_actor = policy.rules.iter().any(|r| {
            r.actor_jurisdictions & everywhere != everywhere
                || r.choice.is_some_and(|(_, whose)| whose != ChoiceOf::Subject)
        });
        Judge { scenario, policy, order, turns, asks_actor, decided: HashMap::new() }
    }

    /// What is to be said of a disclosure.
    pub fn verdict(&mut self, flow: &SeenFlow) -> Verdict {
        let actor = if flow.role == Role::Counterparty && self.asks_actor { flow.actor } else { Facts::default() };
        let case = (
            self.turns.partition_point(|turn| *turn <= flow.date),
            flow.kind as usize,
            flow.role == Role::Actor,
            flow.purpose,
            flow.category,
            flow.resolution,
            flow.subject,
            actor,
        );
        if let Some(&known) = self.decided.get(&case) {
            return known;
        }
        let verdict = self.decide(flow);
        self.decided.insert(case, verdict);
        verdict
    }

    /// Tries all that its people may be.
    fn decide(&self, flow: &SeenFlow) -> Verdict {
        let acts = flow.role == Role::Actor;
        let subjects = self.people(&flow.subject, flow.purpose, acts);
        let mut actors = self.people(&flow.actor, flow.purpose, true);
        if !self.asks_actor {
            actors.truncate(1);
        }
        let mut found: Option<Result<(), Breach>> = None;
        for subject in &subjects {
            let actors = if acts { std::slice::from_ref(subject) } else { &actors };
            for actor in actors {
                let this = self.breach(flow, subject, actor).map_or(Ok(()), Err);
                found = match (found, this) {
                    (None, this) => Some(this),
                    (Some(Ok(())), Ok(())) => Some(Ok(())),
                    (Some(Err(a)), Err(b)) => Some(Err(a.min(b))),
                    (Some(_), _) => return Verdict::Unclear,
                };
            }
        }
        match found {
            Some(Err(breach)) => Verdict::Breach(breach),
            Some(Ok(())) => Verdict::Fine,
            None => Verdict::Unclear,
        }
    }

    fn breach(&self, flow: &SeenFlow, subject: &PersonClass, actor: &PersonClass) -> Option<Breach> {
        let SeenFlow { purpose, kind, role, date, category, .. } = *flow;
        let decision =
            decide(self.scenario, self.policy, &Setting { purpose, kind, role, subject, actor, date }, category);
        match decision.outcome {
            Outcome::Forbidden => Some(Breach::Forbidden),
            Outcome::NotPermitted => Some(Breach::NotPermitted),
            Outcome::NoFlow => Some(Breach::NoFlow),
            Outcome::Permitted if decision.resolution.is_some_and(|permitted| flow.resolution < permitted) => {
                Some(Breach::Finer)
            }
            Outcome::Permitted => {
                let within = |o: &&Order| {
                    o.prohibits >> purpose & 1 == 1
                        && o.categories >> category & 1 == 1
                        && o.jurisdictions >> subject.jurisdiction & 1 == 1
                        && date >= o.deadline
                };
                self.order.filter(within).map(|_| Breach::Prohibited)
            }
        }
    }

    /// All that somebody may be to a rule about this purpose; `acts` if they have an account for certain, unless the contrary is known.
    fn people(&self, facts: &Facts, purpose: usize, acts: bool) -> Vec<PersonClass> {
        let either = |known: Option<bool>| known.map_or(vec![false, true], |known| vec![known]);
        let jurisdictions = facts.jurisdiction.map_or(0..self.scenario.jurisdictions.len(), |j| j..j + 1);
        let users = if acts && facts.user.is_none() { vec![true] } else { either(facts.user) };
        let mut all = Vec::new();
        for jurisdiction in jurisdictions {
            for &user in &users {
                for &parent_account in &either(facts.parent_account) {
                    for &minor in &either(facts.minor) {
                        let person = PersonClass {
                            jurisdiction,
                            user,
                            left: false,
                            parent_account,
                            minor,
                            objects: 0,
                            agrees: 0,
                            attitude: 0,
                        };
                        let choices = if user { choices(facts, purpose) } else { vec![(0, 0)] };
                        all.extend(choices.into_iter().map(|(objects, agrees)| PersonClass {
                            objects,
                            agrees,
                            ..person
                        }));
                        // Somebody may have left by then, and has no choice any more.
                        if user && !acts && self.scenario.uninstall.is_some() {
                            all.push(PersonClass { left: true, ..person });
                        }
                    }
                }
            }
        }
        all
    }
}

/// Masks of what a user may have chosen about a purpose: nobody objects and agrees at once.
fn choices(facts: &Facts, purpose: usize) -> Vec<(u32, u32)> {
    let bit = 1u32 << purpose;
    let may = |known: Option<u32>, chosen: bool| known.is_none_or(|mask| (mask & bit != 0) == chosen);
    let all = [(false, false), (true, false), (false, true)];
    let possible =
        all.into_iter().filter(|&(objects, agrees)| may(facts.objects, objects) && may(facts.agrees, agrees));
    let masks: Vec<(u32, u32)> = possible.map(|(o, a)| (if o { bit } else { 0 }, if a { bit } else { 0 })).collect();
    // Who is said to do both is taken at both words.
    if masks.is_empty() { vec![(bit, bit)] } else { masks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    fn scenario() -> Scenario {
        let loaded = load(std::path::Path::new("scenarios/cnil-2017.toml"), &Overrides::default());
        let Ok((scenario, _)) = loaded else { panic!("the scenario does not load") };
        scenario
    }

    fn flow(scenario: &Scenario, purpose: &str, date: &str, subject: Facts) -> SeenFlow {
        SeenFlow {
            date: date.parse().expect("a date"),
            kind: Kind::TextMessage,
            role: Role::Actor,
            purpose: scenario.purposes.iter().position(|p| &*p.id == purpose).expect("a purpose"),
            category: scenario.categories.iter().position(|c| &*c.id == "phone_number").expect("a category"),
            resolution: Resolution::Exact,
            subject,
            actor: subject,
        }
    }

    #[test]
    fn what_is_not_known_makes_a_difference_only_where_rules_ask() {
        let scenario = scenario();
        let policy = &scenario.policies[scenario.policy("opt-out").expect("a policy")];
        let ads = scenario.purposes.iter().position(|p| &*p.id == "targeted_advertising").expect("a purpose");
        let mut judge = Judge::new(&scenario, policy, None);
        let mut of = |purpose: &str, facts| judge.verdict(&flow(&scenario, purpose, "2017-12-01", facts));
        let user = Facts { user: Some(true), ..Facts::default() };
        assert_eq!(of("targeted_advertising", user), Verdict::Unclear);
        assert_eq!(of("targeted_advertising", Facts { objects: Some(0), ..user }), Verdict::Fine);
        assert_eq!(
            of("targeted_advertising", Facts { objects: Some(1 << ads), ..user }),
            Verdict::Breach(Breach::Forbidden)
        );
        // Of somebody who agrees it follows that they do not object.
        assert_eq!(of("targeted_advertising", Facts { agrees: Some(1 << ads), ..user }), Verdict::Fine);
        assert_eq!(of("business_intelligence", Facts::default()), Verdict::Fine);
    }

    #[test]
    fn an_order_prohibits_from_its_deadline_and_where_it_reaches() {
        let scenario = scenario();
        let policy = &scenario.policies[scenario.policy("full-sharing").expect("a policy")];
        let order = &scenario.orders[0];
        let place = |code: &str| scenario.jurisdictions.iter().position(|j| &*j.code == code);
        let mut judge = Judge::new(&scenario, policy, Some(order));
        let mut of = |date: &str, jurisdiction| {
            judge.verdict(&flow(&scenario, "business_intelligence", date, Facts { jurisdiction, ..Facts::default() }))
        };
        assert_eq!(of("2018-01-17", place("FR")), Verdict::Fine);
        assert_eq!(of("2018-01-18", place("FR")), Verdict::Breach(Breach::Prohibited));
        assert_eq!(of("2018-01-18", place("DE")), Verdict::Fine);
        assert_eq!(of("2018-01-18", None), Verdict::Unclear);
    }

    #[test]
    fn no_rule_speaks_and_no_flow_exists() {
        let scenario = scenario();
        let policy = &scenario.policies[scenario.policy("security-only").expect("a policy")];
        let mut judge = Judge::new(&scenario, policy, None);
        let seen = flow(&scenario, "business_intelligence", "2018-01-18", Facts::default());
        assert_eq!(judge.verdict(&seen), Verdict::Breach(Breach::NotPermitted));
        let content = scenario.categories.iter().position(|c| &*c.id == "message_content").expect("a category");
        assert_eq!(judge.verdict(&SeenFlow { category: content, ..seen }), Verdict::Breach(Breach::NoFlow));
    }
}
