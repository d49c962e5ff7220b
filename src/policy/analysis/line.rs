//! A line of an answer: a label, and the flows that it is true of, as a product of few sets.

/// Subjects of a line: jurisdictions, statuses, with a parent account or not, minor or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subjects {
    /// Indices of jurisdictions.
    pub jurisdictions: Vec<usize>,
    /// Numbers of [`Status`](crate::policy::rule_index::Status).
    pub statuses: Vec<usize>,
    /// 0 without, 1 with a parent account.
    pub parent_accounts: Vec<usize>,
    /// 0 adults, 1 minors.
    pub minors: Vec<usize>,
}

/// Actors of a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Actors {
    /// Indices of jurisdictions.
    pub jurisdictions: Vec<usize>,
    /// Choices: 0 none, 1 objects, 2 agrees.
    pub choices: Vec<usize>,
}

/// Flows of which the same is true.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line<L> {
    /// What is true of them.
    pub label: L,
    /// Numbers of spans of days.
    pub spans: Vec<usize>,
    /// Indices of purposes.
    pub purposes: Vec<usize>,
    /// Indices of categories.
    pub categories: Vec<usize>,
    /// Numbers of kinds.
    pub kinds: Vec<usize>,
    /// Roles of the subject: 0 counterparty, 1 actor.
    pub roles: Vec<usize>,
    /// Whom the flows are about.
    pub subjects: Subjects,
    /// Who acts.
    pub actors: Actors,
}

impl<L> Line<L> {
    /// Its sets, one for each dimension.
    pub(super) fn dimensions(&mut self) -> [&mut Vec<usize>; 11] {
        [
            &mut self.categories,
            &mut self.kinds,
            &mut self.purposes,
            &mut self.subjects.jurisdictions,
            &mut self.subjects.statuses,
            &mut self.subjects.parent_accounts,
            &mut self.subjects.minors,
            &mut self.actors.jurisdictions,
            &mut self.actors.choices,
            &mut self.roles,
            &mut self.spans,
        ]
    }

    /// The same line under another label.
    pub(super) fn labelled<M>(self, label: M) -> Line<M> {
        let Line { label: _, spans, purposes, categories, kinds, roles, subjects, actors } = self;
        Line { label, spans, purposes, categories, kinds, roles, subjects, actors }
    }
}
