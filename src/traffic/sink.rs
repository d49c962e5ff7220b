//! Who takes traffic: as events, or as counts.

use crate::population::{AddressBookBatch, Community, NonUsersBeside};
use crate::random::distribution::GuideTable;
use crate::scenario::Kind;
use crate::traffic::batch::Batch;
use crate::traffic::count::message_counts::MessageCounts;
use crate::traffic::plan::group_block::GroupBlock;
use crate::traffic::plan::strong_ties::StrongTieBlock;
use crate::traffic::plan::weak_ties::WeakTieBlock;
use crate::traffic::uploads::uploads;

/// Takes traffic as it is made: events in batches, or, if it only counts, what happened without the columns that it would not
/// read. Batches are used again afterwards.
///
/// It is told where it is: a community begins, then each of its days, and each ends.
pub trait Sink {
    /// A community begins, before its first day.
    fn begin_community(&mut self, community: &Community) {
        let _ = community;
    }

    /// A day of the community begins.
    fn begin_day(&mut self, community: &Community, day: u32) {
        let _ = (community, day);
    }

    /// A batch of events of UTC day `day` (from 0) of `community`.
    fn batch(&mut self, community: &Community, day: u32, batch: &Batch);

    /// Whether, on this day, it wants counts where they will do. It still gets batches of what runs past midnight, and of
    /// calls.
    fn counts(&self, day: u32) -> bool {
        let _ = day;
        false
    }

    /// Counts of the day; only asked for if [`Sink::counts`].
    fn tally(&mut self, community: &Community, day: u32, tally: Tally<'_>) {
        let _ = (community, day, tally);
    }

    /// A day of the community ends.
    fn end_day(&mut self, community: &Community, day: u32) {
        let _ = (community, day);
    }

    /// The community ends.
    fn end_community(&mut self, community: &Community) {
        let _ = community;
    }

    /// Whether it wants nothing more: asked before each day.
    fn ended(&self) -> bool {
        false
    }
}

/// Takes communities one after the other. Every [`Sink`] does; whoever has something of its own for a community and for a day implements this.
pub trait CommunitySink {
    /// What takes the days of a community.
    type Days<'c>: DaySink
    where
        Self: 'c;

    /// A community begins.
    fn community<'c>(&'c mut self, community: &'c Community) -> Self::Days<'c>;

    /// Whether it wants nothing more: asked before each community.
    fn ended(&self) -> bool {
        false
    }
}

/// Takes the days of a community.
pub trait DaySink {
    /// What takes the traffic of a day.
    type Day<'d>: Sink
    where
        Self: 'd;

    /// A day begins.
    fn day(&mut self, day: u32) -> Self::Day<'_>;

    /// A day ends.
    fn end_day(day: Self::Day<'_>);

    /// The community ends.
    fn end(self);

    /// Whether it wants nothing more: asked before each day.
    fn ended(&self) -> bool {
        false
    }
}

/// A sink, the community at hand, and the day.
#[derive(Debug)]
pub struct Within<'c, S> {
    sink: &'c mut S,
    community: &'c Community,
    day: u32,
}

impl<S: Sink> CommunitySink for S {
    type Days<'c>
        = Within<'c, S>
    where
        S: 'c;

    fn community<'c>(&'c mut self, community: &'c Community) -> Within<'c, S> {
        self.begin_community(community);
        Within { sink: self, community, day: 0 }
    }

    fn ended(&self) -> bool {
        Sink::ended(self)
    }
}

impl<S: Sink> DaySink for Within<'_, S> {
    type Day<'d>
        = Within<'d, S>
    where
        Self: 'd;

    fn day(&mut self, day: u32) -> Within<'_, S> {
        self.sink.begin_day(self.community, day);
        Within { sink: self.sink, community: self.community, day }
    }

    fn end_day(day: Within<'_, S>) {
        day.sink.end_day(day.community, day.day);
    }

    fn end(self) {
        self.sink.end_community(self.community);
    }

    fn ended(&self) -> bool {
        Sink::ended(self.sink)
    }
}

impl<S: Sink> Sink for Within<'_, S> {
    fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
        self.sink.batch(community, day, batch);
    }

    fn counts(&self, day: u32) -> bool {
        self.sink.counts(day)
    }

    fn tally(&mut self, community: &Community, day: u32, tally: Tally<'_>) {
        self.sink.tally(community, day, tally);
    }
}

/// What happened, counted.
#[derive(Clone, Copy, Debug)]
pub enum Tally<'a> {
    /// Conversations between people of the community.
    StrongTies(&'a StrongTieBlock, &'a MessageCounts),
    /// Conversations over weak ties: what a side elsewhere says belongs to its community, only what it says of ours counts here.
    WeakTies(&'a WeakTieBlock, &'a MessageCounts),
    /// What was said in groups.
    Groups(&'a GroupBlock, &'a [u16]),
    /// Check-ins by local index of the user, 0 of those who are not there today.
    CheckIns(&'a [u16]),
    /// Calls between people of the community: who calls whom.
    Calls(&'a [(u16, u16)]),
    /// `n` other events of a user without a counterparty.
    Alone {
        /// Slot.
        user: u32,
        /// Kind.
        kind: Kind,
        /// Events, at least 1.
        n: u32,
    },
    /// Address books, and how often each is uploaded, once at least.
    Uploads(&'a AddressBookBatch, &'a [u32]),
    /// Uploads, one at least each, of the address books of weak ties, who list our users.
    Listed(TieListings<'a>),
}

/// Weak ties of a cell, the users whom they list, and people beside these who never joined.
#[derive(Clone, Copy, Debug)]
pub struct TieListings<'a> {
    /// Slot of the owner in row 0; they follow one another.
    pub owner: u32,
    /// Slot of our user in row 0, and from one row to the next.
    pub user: u32,
    /// See `user`.
    pub step: u32,
    /// Rows of those who upload.
    pub rows: &'a [u32],
    /// Who is listed beside the users, and the number of row 0 among all rows of the cell.
    pub beside: (NonUsersBeside, u32),
    /// By row: word of the rest of what the owner does today; and what the number of uploads follows from.
    pub uploads: (&'a [u64], &'a GuideTable),
}

impl TieListings<'_> {
    /// The local index of the person beside the user of a row who is listed too.
    #[inline]
    pub fn beside(&self, row: u32) -> Option<u32> {
        self.beside.0.of(self.beside.1 + row)
    }

    /// How often the owner in a row uploads the book, of those who do.
    pub fn times(&self, row: u32) -> u32 {
        uploads(self.uploads.1, self.uploads.0[row as usize])
    }
}

impl Tally<'_> {
    /// Whether it is about many users at once.
    pub fn is_block(&self) -> bool {
        !matches!(self, Tally::Alone { .. } | Tally::Listed(_))
    }

    /// Events of the community.
    pub fn events(&self) -> u64 {
        match self {
            Tally::StrongTies(_, sent) | Tally::WeakTies(_, sent) => sent.kinds.iter().sum(),
            Tally::Groups(group_block, _) => group_block.kinds.iter().sum(),
            Tally::CheckIns(n) => n.iter().map(|&n| u64::from(n)).sum(),
            Tally::Calls(calls) => calls.len() as u64,
            Tally::Alone { n, .. } => u64::from(*n),
            Tally::Uploads(_, times) => times.iter().map(|&n| u64::from(n)).sum(),
            Tally::Listed(_) => 0,
        }
    }
}
