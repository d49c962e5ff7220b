//! How tables split people: jurisdiction and population of the subject.

use crate::population::PersonClass;

/// The three populations of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopulationGroup {
    /// Users who do not object.
    NotObjecting,
    /// Users who object.
    Objecting,
    /// People without an account.
    NonUser,
}

impl PopulationGroup {
    /// All, in the order of tables.
    pub const ALL: [PopulationGroup; 3] =
        [PopulationGroup::NotObjecting, PopulationGroup::Objecting, PopulationGroup::NonUser];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            PopulationGroup::NotObjecting => "not_objecting",
            PopulationGroup::Objecting => "objecting",
            PopulationGroup::NonUser => "non_user",
        }
    }

    /// Population of a class in rows of a purpose; `None` is purpose `all`, where any objection counts.
    pub fn of(class: &PersonClass, purpose: Option<usize>) -> PopulationGroup {
        let objects = match purpose {
            Some(p) => class.objects >> p & 1 == 1,
            None => class.objects != 0,
        };
        match (class.user, objects) {
            (false, _) => PopulationGroup::NonUser,
            (true, true) => PopulationGroup::Objecting,
            (true, false) => PopulationGroup::NotObjecting,
        }
    }
}

/// A split of people: any or one jurisdiction, any or one population. `0` is any, then index + 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupingSet(pub usize);

/// All scopes of a run.
#[derive(Clone, Copy, Debug)]
pub struct GroupingSets {
    jurisdictions: usize,
}

impl GroupingSets {
    /// All scopes over so many jurisdictions.
    pub fn new(jurisdictions: usize) -> Self {
        GroupingSets { jurisdictions }
    }

    /// Number of scopes.
    pub fn count(&self) -> usize {
        (self.jurisdictions + 1) * 4
    }

    /// Number of groups: one jurisdiction and one population each, which is what all scopes are sums of.
    pub fn groups(&self) -> usize {
        self.jurisdictions * PopulationGroup::ALL.len()
    }

    /// The group that a class is in, in rows of a purpose.
    pub fn group(&self, class: &PersonClass, purpose: Option<usize>) -> usize {
        class.jurisdiction * PopulationGroup::ALL.len() + PopulationGroup::of(class, purpose) as usize
    }

    /// The groups that a scope is the sum of.
    pub fn groups_of(&self, scope: GroupingSet) -> impl Iterator<Item = usize> + use<> {
        let populations = PopulationGroup::ALL.len();
        let all = (0..self.groups()).map(move |group| (group, group / populations, group % populations));
        all.filter(move |(_, jurisdiction, population)| {
            scope.jurisdiction().is_none_or(|own| own == *jurisdiction)
                && scope.population().is_none_or(|own| own as usize == *population)
        })
        .map(|(group, ..)| group)
    }

    /// Another population of the same jurisdiction, or of all.
    pub fn beside(&self, scope: GroupingSet, population: PopulationGroup) -> GroupingSet {
        GroupingSet(scope.0 / 4 * 4 + population as usize + 1)
    }

    /// Counters by group as counters by scope.
    pub fn sums(&self, groups: &[u64]) -> Vec<u64> {
        let mut sums = vec![0; self.count()];
        for (i, n) in groups.iter().enumerate() {
            let (jurisdiction, population) =
                ((i / PopulationGroup::ALL.len() + 1) * 4, i % PopulationGroup::ALL.len() + 1);
            for scope in [0, population, jurisdiction, jurisdiction + population] {
                sums[scope] += n;
            }
        }
        sums
    }

    /// All scopes, the unsplit first.
    pub fn all(&self) -> impl Iterator<Item = GroupingSet> + use<> {
        (0..self.count()).map(GroupingSet)
    }

    /// The four scopes that a class is in, in rows of a purpose.
    pub fn of(&self, class: &PersonClass, purpose: Option<usize>) -> [GroupingSet; 4] {
        let population = PopulationGroup::of(class, purpose) as usize + 1;
        let jurisdiction = (class.jurisdiction + 1) * 4;
        [GroupingSet(0), GroupingSet(population), GroupingSet(jurisdiction), GroupingSet(jurisdiction + population)]
    }
}

impl GroupingSet {
    /// Index of the jurisdiction, `None` for all.
    pub fn jurisdiction(self) -> Option<usize> {
        (self.0 / 4).checked_sub(1)
    }

    /// Population, `None` for all.
    pub fn population(self) -> Option<PopulationGroup> {
        (self.0 % 4).checked_sub(1).map(|p| PopulationGroup::ALL[p])
    }
}
