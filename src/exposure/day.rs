//! A day of a community: what happens on it is observed as events, or, where they tell as much, as counts.

use super::contexts::KindPartition;
use super::day_accumulator::FEW;
use super::jurisdiction_classes::{MOST_CLASSES, own_classes};
use super::pairs;
use super::runs::Slots;
use super::worker::Exposure;
use crate::population::Community;
use crate::scenario::Kind;
use crate::traffic::{Batch, Shape, Tally};

/// A worker's counters, turned to a day of a community.
#[derive(Debug)]
pub struct DayExposure<'d, 'a> {
    exposure: &'d mut Exposure<'a>,
    day: u32,
    period: usize,
    /// Whether counts are given: then few events are, and it is not worth while to prepare for many.
    counts: bool,
}

impl<'d, 'a> DayExposure<'d, 'a> {
    pub(super) fn new(exposure: &'d mut Exposure<'a>, community: &Community, day: u32, counts: bool) -> Self {
        let period = exposure.compiled.period_of(day);
        // Where all messages are alike to the policies, events would tell no more.
        let enough = exposure.contexts.partition[period].messages() && exposure.contexts.is_one_word(period);
        let counts = counts && enough && exposure.numbered > 0;
        if counts {
            let home = exposure.volume.home();
            let own = &mut exposure.own[..];
            own_classes(&exposure.class.all()[..exposure.numbered], home.first as u16, own);
            exposure.volume.today.look_around(&community.circles, &own[..exposure.numbered], home.acting);
        }
        DayExposure { exposure, day, period, counts }
    }

    /// Whether counts are to be given where they will do.
    pub fn counts(&self) -> bool {
        self.counts
    }

    /// Merged class of each slot today.
    pub fn classes(&self) -> &[u16] {
        self.exposure.class.all()
    }

    /// Events observed by the worker so far, each once.
    pub fn events(&self) -> u64 {
        self.exposure.events
    }

    fn partition(&self) -> &'a KindPartition {
        &self.exposure.contexts.partition[self.period]
    }

    /// Observes a batch of the day.
    pub fn observe(&mut self, batch: &Batch) {
        let (day, period, partition) = (self.day, self.period, self.partition());
        let exposure = &mut *self.exposure;
        // An incoming event is one of its actor's community.
        exposure.events += if batch.shape == Shape::Incoming { 0 } else { batch.len() as u64 };
        let classes = exposure.volume.home().classes;
        let (cells, today) = exposure.volume.cells(day);
        let between_two = matches!(batch.shape, Shape::Pair | Shape::Incoming);
        let fits = exposure.contexts.is_one_word(period) && classes <= Slots::MOST;
        // An address book that is uploaded comes in to those who are listed.
        let by_runs = between_two && !self.counts && partition.pairs() && fits;
        if by_runs && (batch.shape == Shape::Pair || pairs::only(batch)) {
            let actor_mark = exposure.contexts.actor_mark(period, Kind::TextMessage);
            exposure.pairs.begin(exposure.class.all(), actor_mark, &exposure.contexts.message_marks[period]);
            exposure.pairs.count(batch);
            if batch.shape == Shape::Pair {
                cells.kinds_of_pairs(&pairs::kinds(batch));
                exposure.pairs.count_calls(batch);
            }
            return;
        }
        cells.observe(batch, exposure.class.all(), partition, today);
        exposure.reach.observe(batch, exposure.class.all(), day);
    }

    /// Observes counts of the day; only if [`DayExposure::counts`].
    pub fn tally(&mut self, tally: Tally<'_>) {
        debug_assert!(self.counts, "counts are given only where they were asked for");
        let (day, period, partition) = (self.day, self.period, self.partition());
        let exposure = &mut *self.exposure;
        let (compiled, contexts, home) = (exposure.compiled, exposure.contexts, exposure.volume.home());
        let own = &exposure.own;
        exposure.events += tally.events();
        let (cells, today) = exposure.volume.cells(day);
        let (class, marks) = (exposure.class.all(), exposure.reach.marks());
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
                    today.conversations(conversations, sent, own, few, mark, marks);
                }
                cells.add_kinds(kind, &sent.kinds);
                cells.delivered += sent.kinds.iter().sum::<u64>();
            }
            Tally::WeakTies(conversations, sent) => {
                let kind = Kind::TextMessage;
                if let Some(marks) = marks.first_chunk_mut() {
                    let mark = (contexts.actor_mark(period, kind), &contexts.message_marks[period][..]);
                    cells.weak((conversations, sent), (own, class), kind_of(kind), mark, marks);
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
                    cells.group_block((group_block, seats), own, kind_of(kind), mark, today, marks);
                }
            }
            Tally::CheckIns(checkins) => {
                let actor_mark = contexts.actor_mark(period, Kind::DeviceCheckin);
                if let Some(marks) = marks.first_chunk_mut() {
                    cells.checkins(checkins, own, actor_mark, marks, partition);
                }
            }
            Tally::Calls(calls) => {
                let (kind, mut by_class) = (Kind::Call, [0; MOST_CLASSES]);
                for (own, mark) in by_class.iter_mut().enumerate().take(home.acting) {
                    *mark = counterparty_mark(kind, home.first + own);
                }
                cells.calls(calls, own, kind_of(kind), (contexts.actor_mark(period, kind), &by_class), marks);
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
                cells.uploads((books, times), class, own, &stands, kind_of(kind), today);
                let actor_mark = contexts.actor_mark(period, kind);
                for &owner in &books.owner {
                    marks[usize::from(owner)] |= actor_mark;
                }
            }
            Tally::Listed(listed) => {
                let counterparty_mark = &contexts.listing_marks[period];
                for &row in listed.rows {
                    let owner = usize::from(class[(listed.owner + row) as usize]);
                    marks[(listed.user + row * listed.step) as usize] |= counterparty_mark[owner];
                    if let Some(person) = listed.beside(row) {
                        marks[person as usize] |= counterparty_mark[owner];
                    }
                }
            }
        }
    }

    /// Ends the day.
    pub fn end(self) {
        let (day, period, partition) = (self.day, self.period, self.partition());
        let exposure = self.exposure;
        let (home, people) = (exposure.volume.home(), exposure.reach.people());
        if self.counts {
            let (compiled, contexts) = (exposure.compiled, exposure.contexts);
            let kinds = [Kind::TextMessage, Kind::GroupText, Kind::ContactSync].map(|kind| partition.of(kind as u8));
            let counterparty_mark = |class: usize| {
                let group = compiled.actor_group[home.first + class];
                contexts.counterparty_mark(period, Kind::ContactSync, group, compiled.actor_groups())
            };
            let (cells, today) = exposure.volume.cells(day);
            let own = &exposure.own[..exposure.numbered];
            cells.end_day(own, kinds, today, exposure.reach.marks(), counterparty_mark);
        }
        let kinds = (partition.count, [Kind::TextMessage, Kind::Call].map(|kind| partition.of(kind as u8)));
        let (cells, _) = exposure.volume.cells(day);
        exposure.pairs.end_day(home, kinds, &mut cells.pairs, exposure.reach.marks(), people);
        exposure.volume.end_day(day, &mut exposure.exceedance);
        let (reach, class, exceedance) = exposure.people_counters();
        reach.end_day(class, day, exceedance);
    }
}
