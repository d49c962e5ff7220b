//! What the parent then holds: metrics that observe batches, merge, and finish as rows of tables.

mod address_book_counts;
mod class_sets;
mod contexts;
mod day_accumulator;
mod event_counts;
mod exceedance;
mod grouping;
mod jurisdiction_classes;
mod marks;
mod merge;
mod pairs;
mod reach;
pub mod rows;
mod runs;
mod signature_counts;
mod tabulate;
mod volume;

pub use contexts::{Contexts, KindPartition};
pub use exceedance::{ExceedanceTotals, Exceedances, Orders, Phase};
pub use grouping::{GroupingSet, GroupingSets, Population};
pub use reach::ReachTotals;
pub use rows::{ALL, DailyRow, ExceedanceDay, ExceedanceRow, ExposureRow, Value};
pub use tabulate::Tabulation;
pub use volume::VolumeTotals;

use day_accumulator::FEW;
use jurisdiction_classes::{MOST_CLASSES, own_classes};
use pairs::Pairs;
use reach::Reach;
use runs::Slots;
use volume::Volume;

use crate::policy::{Compiled, DayClasses};
use crate::population::{ByLocal, Community, by_local};
use crate::scenario::{Kind, Scenario};
use crate::traffic::{Batch, Shape, Tally};

/// All metrics of one worker.
#[derive(Debug)]
pub struct Exposure<'a> {
    compiled: &'a Compiled,
    contexts: &'a Contexts,
    /// Merged class of each slot of the community at hand, today.
    pub class: DayClasses,
    /// The same before anybody left the service; empty if nobody does.
    first_class: Vec<u16>,
    /// How many people of it have a number in `own`: none if their jurisdiction has too many classes.
    numbered: usize,
    /// The same of its people, as the number of the class in their jurisdiction.
    own: Box<ByLocal<u8>>,
    /// Events observed, each once.
    pub events: u64,
    pairs: Pairs,
    /// Whether counts are given: then few events are, and it is not worth while to prepare for many.
    tallied: bool,
    /// Whether counts were given today.
    looked: bool,
    volume: Volume<'a>,
    reach: Reach<'a>,
    exceedance: ExceedanceTotals,
}

/// What the metrics counted: integers that merge by addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Values, events, bytes.
    pub volume: VolumeTotals,
    /// People.
    pub reach: ReachTotals,
    /// What orders prohibit.
    pub exceedance: ExceedanceTotals,
}

impl<'a> Exposure<'a> {
    /// Counters of a run, all zero.
    pub fn new(scenario: &'a Scenario, compiled: &'a Compiled, contexts: &'a Contexts, orders: &'a Orders) -> Self {
        Exposure {
            compiled,
            contexts,
            class: DayClasses::default(),
            first_class: Vec::new(),
            numbered: 0,
            own: by_local(0),
            events: 0,
            pairs: Pairs::default(),
            tallied: false,
            looked: false,
            volume: Volume::new(scenario, compiled, &contexts.partition, orders),
            reach: Reach::new(scenario, compiled, contexts, orders),
            exceedance: ExceedanceTotals::new(scenario),
        }
    }

    /// Turns to a community.
    pub fn begin(&mut self, community: &Community) {
        self.class.begin(self.compiled, community);
        self.first_class.clear();
        if !community.leavers.is_empty() {
            self.first_class.extend_from_slice(self.class.all());
        }
        self.volume.begin(community.shape.jurisdiction, &mut self.exceedance);
        let home = self.volume.home();
        self.reach.begin(self.class.all(), community.shape.people, (home.first, home.all));
        self.numbered = if home.all <= MOST_CLASSES { community.shape.people as usize } else { 0 };
    }

    /// Begins a day of the community: those who leave the service on it are of another class from now on.
    pub fn begin_day(&mut self, community: &Community, day: u32) {
        self.volume.begin_day(day);
        self.class.turn_to(self.compiled, community, day, |slot| self.reach.leave(slot));
        self.looked = false;
        self.tallied &= self.counts(day);
    }

    /// Looks at the people of the community, of whom counts are given today.
    fn look_around(&mut self, community: &Community) {
        let home = self.volume.home();
        own_classes(&self.class.all()[..self.numbered], home.first as u16, &mut self.own[..]);
        self.volume.today.look_around(&community.circles, &self.own[..self.numbered], home.acting);
        (self.looked, self.tallied) = (true, true);
    }

    /// Whether counts of a day do, where events would tell no more: if all messages are alike to the policies.
    pub fn counts(&self, day: u32) -> bool {
        let period = self.compiled.period_of(day);
        self.contexts.partition[period].messages() && self.contexts.is_one_word(period) && self.numbered > 0
    }

    /// Observes a batch of day `day`.
    pub fn observe(&mut self, day: u32, batch: &Batch) {
        let period = self.compiled.period_of(day);
        let partition = &self.contexts.partition[period];
        // An incoming event is one of its actor's community.
        self.events += if batch.shape == Shape::Incoming { 0 } else { batch.len() as u64 };
        let classes = self.volume.home().classes;
        let (cells, today) = self.volume.cells(day);
        let between_two = matches!(batch.shape, Shape::Pair | Shape::Incoming);
        let fits = self.contexts.is_one_word(period) && classes <= Slots::MOST;
        if between_two && !self.tallied && partition.pairs() && fits {
            // An address book that is uploaded comes in to those who are listed.
            let all = batch.shape == Shape::Pair || pairs::only(batch);
            if all {
                let actor_mark = self.contexts.actor_mark(period, Kind::TextMessage);
                self.pairs.begin(self.class.all(), actor_mark, &self.contexts.told_by_class[period]);
                self.pairs.count(batch);
                if batch.shape == Shape::Pair {
                    cells.kinds_of_pairs(&pairs::kinds(batch));
                }
                return;
            }
        }
        cells.observe(batch, self.class.all(), partition, today);
        self.reach.observe(batch, self.class.all(), day);
    }

    /// Observes counts of day `day` of the community; [`Exposure::counts`] must hold.
    pub fn tally(&mut self, community: &Community, day: u32, tally: Tally<'_>) {
        if !self.looked {
            self.look_around(community);
        }
        let (compiled, contexts, home) = (self.compiled, self.contexts, self.volume.home());
        let period = compiled.period_of(day);
        let partition = &contexts.partition[period];
        self.events += tally.events();
        let (cells, today) = self.volume.cells(day);
        let (class, marks) = (self.class.all(), self.reach.marks());
        let kind_of = |kind: Kind| partition.of(kind as u8);
        let counterparty_mark = |kind, class: usize| {
            contexts.counterparty_mark(period, kind, compiled.actor_group[class], compiled.actor_groups())
        };
        match tally {
            Tally::StrongTies(conversations, sent) => {
                let kind = Kind::TextMessage;
                cells.make_room(sent.kinds.iter().sum(), kind_of(kind), today);
                let mut by_class = [0; MOST_CLASSES];
                for (own, mark) in by_class.iter_mut().enumerate().take(home.acting) {
                    *mark = counterparty_mark(kind, home.first + own);
                }
                if let Some(marks) = marks.first_chunk_mut() {
                    let few = home.acting <= FEW;
                    let mark = (contexts.actor_mark(period, kind), &by_class);
                    today.conversations(conversations, sent, &self.own, few, mark, marks);
                }
                cells.add_kinds(kind, &sent.kinds);
                cells.delivered += sent.kinds.iter().sum::<u64>();
            }
            Tally::WeakTies(conversations, sent) => {
                let kind = Kind::TextMessage;
                if let Some(marks) = marks.first_chunk_mut() {
                    let mark = (contexts.actor_mark(period, kind), &contexts.told_by_class[period][..]);
                    cells.weak((conversations, sent), (&self.own, class), kind_of(kind), mark, marks);
                }
            }
            Tally::Groups(group_block, seats) => {
                let kind = Kind::GroupText;
                // Classes beyond those who act do not occur.
                let mut by_class = [counterparty_mark(kind, home.first); MOST_CLASSES];
                for (own, mark) in by_class.iter_mut().enumerate().take(home.acting) {
                    *mark = counterparty_mark(kind, home.first + own);
                }
                if let Some(marks) = marks.first_chunk_mut() {
                    let mark = (contexts.actor_mark(period, kind), &by_class);
                    cells.group_block((group_block, seats), &self.own, kind_of(kind), mark, today, marks);
                }
            }
            Tally::CheckIns(checkins) => {
                let actor_mark = contexts.actor_mark(period, Kind::DeviceCheckin);
                if let Some(marks) = marks.first_chunk_mut() {
                    cells.checkins(checkins, &self.own, actor_mark, marks, partition);
                }
            }
            Tally::Calls(calls) => {
                let (kind, mut by_class) = (Kind::Call, [0; MOST_CLASSES]);
                for (own, mark) in by_class.iter_mut().enumerate().take(home.acting) {
                    *mark = counterparty_mark(kind, home.first + own);
                }
                cells.calls(calls, &self.own, kind_of(kind), (contexts.actor_mark(period, kind), &by_class), marks);
            }
            Tally::Alone { user, kind, n } => {
                cells.alone(usize::from(class[user as usize]), kind as u8, n, partition);
                marks[user as usize] |= contexts.actor_mark(period, kind);
            }
            Tally::Uploads(books, times) => {
                let (kind, mut stands) = (Kind::ContactSync, [0; MOST_CLASSES]);
                for (own, stands) in stands.iter_mut().enumerate().take(home.acting) {
                    *stands = (home.stands(compiled, home.first + own) - home.first) as u8;
                }
                cells.uploads((books, times), class, &self.own, &stands, kind_of(kind), today);
                let actor_mark = contexts.actor_mark(period, kind);
                for &owner in &books.owner {
                    marks[usize::from(owner)] |= actor_mark;
                }
            }
            Tally::Listed(listed) => {
                let counterparty_mark = &contexts.listed_by_class[period];
                for &row in listed.rows {
                    let owner = usize::from(class[(listed.owner + row) as usize]);
                    marks[(listed.user + row * listed.step) as usize] |= counterparty_mark[owner];
                }
            }
        }
    }

    /// Ends a day of the community.
    pub fn end_day(&mut self, day: u32) {
        if self.looked {
            let (compiled, contexts, period) = (self.compiled, self.contexts, self.compiled.period_of(day));
            let partition = &contexts.partition[period];
            let kinds = [Kind::TextMessage, Kind::GroupText, Kind::ContactSync].map(|kind| partition.of(kind as u8));
            let first = self.volume.home().first;
            let counterparty_mark = |class: usize| {
                contexts.counterparty_mark(
                    period,
                    Kind::ContactSync,
                    compiled.actor_group[first + class],
                    compiled.actor_groups(),
                )
            };
            let (cells, today) = self.volume.cells(day);
            cells.end_day(&self.own[..self.numbered], kinds, today, self.reach.marks(), counterparty_mark);
        }
        let partition = &self.contexts.partition[self.compiled.period_of(day)];
        let (home, people) = (self.volume.home(), self.reach.people());
        let kind = (partition.count, partition.of(Kind::TextMessage as u8));
        let (cells, _) = self.volume.cells(day);
        self.pairs.end_day(home, kind, &mut cells.pairs, self.reach.marks(), people);
        self.volume.end_day(day, &mut self.exceedance);
        let class = if self.first_class.is_empty() { self.class.all() } else { &self.first_class };
        self.reach.end_day(class, day, &mut self.exceedance);
    }

    /// Ends the community.
    pub fn end_community(&mut self) {
        let class = if self.first_class.is_empty() { self.class.all() } else { &self.first_class };
        self.reach.end_community(class, &mut self.exceedance);
    }

    /// What was counted.
    pub fn into_totals(mut self) -> Totals {
        let volume = self.volume.into_totals(&mut self.exceedance);
        Totals { volume, reach: self.reach.totals, exceedance: self.exceedance }
    }
}

impl Totals {
    /// Adds what another worker counted.
    pub fn merge(&mut self, other: &Totals) {
        self.volume.merge(&other.volume);
        self.reach.merge(&other.reach);
        self.exceedance.merge(&other.exceedance);
    }

    /// Events in all.
    pub fn events(&self) -> u64 {
        self.volume.by_kind.iter().sum()
    }
}
