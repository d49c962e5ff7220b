//! What somebody may want to find out about people: attributes that are not among the categories that are let out.

use super::observed::Observed;
use crate::population::PersonClass;

/// An attribute of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    /// The age band.
    AgeBand,
    /// The operating system.
    Os,
    /// Whether the person has an account with the parent.
    ParentAccount,
    /// What the person chose about the purpose: to object, to agree, or neither; for all purposes, to object to any, else to agree to any.
    Choice,
}

impl Attribute {
    /// All of them, in the order of tables.
    pub const ALL: [Attribute; 4] = [Attribute::AgeBand, Attribute::Os, Attribute::ParentAccount, Attribute::Choice];

    /// The word in tables.
    pub fn id(self) -> &'static str {
        match self {
            Attribute::AgeBand => "age_band",
            Attribute::Os => "os",
            Attribute::ParentAccount => "parent_account",
            Attribute::Choice => "choice",
        }
    }
}

/// Attributes of a community's people.
#[derive(Debug)]
pub(super) struct Attributes<'a> {
    of: &'a Observed<'a>,
    /// Age band and operating system.
    drawn: Vec<[u8; 2]>,
}

impl<'a> Attributes<'a> {
    /// Looks them up.
    pub fn new(of: &'a Observed<'a>) -> Self {
        let (people, shape) = (&of.sources.population.people, &of.community.shape);
        let drawn = |person: u32| {
            let drawn = people.person(shape, person, person < shape.users);
            [drawn.age_band, drawn.os]
        };
        Attributes { of, drawn: (0..of.people()).map(drawn).collect() }
    }

    /// How many values an attribute has.
    pub fn values(&self, attribute: Attribute) -> usize {
        let scenario = self.of.sources.scenario;
        match attribute {
            Attribute::AgeBand => scenario.file.age_bands.len(),
            Attribute::Os => scenario.os_names().len(),
            Attribute::ParentAccount => 2,
            Attribute::Choice => 3,
        }
    }

    /// The value that a person has, in rows of a purpose or of all.
    pub fn value(&self, attribute: Attribute, person: u32, purpose: Option<usize>) -> u16 {
        let class: &PersonClass = self.of.person_class(person);
        match attribute {
            Attribute::AgeBand => self.drawn[person as usize][0].into(),
            Attribute::Os => self.drawn[person as usize][1].into(),
            Attribute::ParentAccount => class.parent_account.into(),
            Attribute::Choice => {
                let about = purpose.map_or(u32::MAX, |purpose| 1 << purpose);
                match (class.objects & about != 0, class.agrees & about != 0) {
                    (true, _) => 1,
                    (false, true) => 2,
                    (false, false) => 0,
                }
            }
        }
    }
}
