//! A question about flows: which are asked about, and what each is to the answer.

use chrono::NaiveDate;

use crate::scenario::Query;

/// Which flows a question is about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Values that are fixed.
    pub query: &'a Query,
    /// Mask of purposes.
    pub purposes: u32,
    /// Mask of the subject's jurisdictions.
    pub jurisdictions: u64,
    /// First day; all days if there is none.
    pub from: Option<NaiveDate>,
}

impl<'a> Asked<'a> {
    /// All flows of a query.
    pub fn by(query: &'a Query) -> Self {
        Asked { query, purposes: u32::MAX, jurisdictions: u64::MAX, from: None }
    }
}

/// What a cell of the space is to a question.
pub enum Answer<L> {
    /// It is part of the answer, under this label.
    Is(L),
    /// It is not.
    No,
}
