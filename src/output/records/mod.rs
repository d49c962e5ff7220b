//! The same world as records, so that anybody can recompute the figures with other tools.
//!
//! The events come from the same generator as in a run and the disclosures from the record filter, while a run counts
//! in cells: that the two agree is checked by the tests, and by `tests/recompute.py` with another engine.
//!
//! Neither ids nor the order of rows say how the world was made: ids are [`crate::population::PublicIds`], and rows are sorted by what is in them.

mod columns;
mod day_events;
mod follow;
mod pick;
mod sample;
mod slot_id;
mod subject;

pub use follow::{Disclosure, follow};
pub use pick::pick;
pub use sample::{Sample, SampleError, draw, write};
pub use subject::{Held, SubjectReport, subject};

use columns::{AddressBookTable, DisclosureTable, EventTable, PeopleTable};
use day_events::DayEvents;
use slot_id::slot_id;

use crate::output::results::about;
use crate::output::staging::{OutputError, Staging};
use crate::output::tables::{TableError, TableFile};
use crate::policy::{DayClasses, Decisions, Filter, Role};
use crate::population::{Book, Community, NOBODY};
use crate::scenario::{Kind, Scenario};
use crate::simulate::Simulation;
use crate::traffic::{Batch, DAY_MS, Shape, Sink};

/// Records could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A table.
    #[error("can't write table {0}")]
    Table(#[from] TableError),
}

/// How many records were written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exported {
    /// Rows of `people`.
    pub people: u64,
    /// Rows of `events`.
    pub events: u64,
    /// Rows of `address_books`.
    pub contacts: u64,
    /// Rows of `disclosures`.
    pub disclosures: u64,
}

/// Writes people, events, address books and disclosures of a scenario.
///
/// # Errors
/// If a file can't be written.
pub fn export(run: &Simulation, command: &str, staging: &Staging) -> Result<Exported, ExportError> {
    let scenario = &run.scenario;
    staging.write("scenario.resolved.toml", &scenario.resolved)?;
    let about = about(scenario, command);
    let table = |name: &str| TableFile::new(&staging.folder().join(name), false, &about);
    let mut records = RecordSink {
        scenario,
        filters: Vec::new(),
        period: usize::MAX,
        run,
        class: DayClasses::default(),
        ids: Vec::new(),
        day: DayEvents::new(),
        people: PeopleTable::new(run, table("people")),
        books: AddressBookTable::new(table("address_books")),
        book: Book::default(),
        events: EventTable::new(table("events")),
        disclosures: DisclosureTable::new(scenario, &run.compiled, table("disclosures")),
        decisions: Default::default(),
        next_event: 0,
        failed: None,
    };
    run.replay(0..run.population.layout.communities(), 0..scenario.days, &mut records);
    if let Some(error) = records.failed {
        return Err(error.into());
    }
    Ok(Exported {
        people: records.people.finish()?,
        events: records.events.finish()?,
        contacts: records.books.finish()?,
        disclosures: records.disclosures.finish()?,
    })
}

/// Takes batches apart into records.
struct RecordSink<'a> {
    scenario: &'a Scenario,
    run: &'a Simulation,
    filters: Vec<Filter>,
    period: usize,
    class: DayClasses,
    /// Public ids by slot of the community at hand.
    ids: Vec<u64>,
    day: DayEvents,
    people: PeopleTable,
    books: AddressBookTable,
    /// The address book at hand.
    book: Book,
    events: EventTable,
    disclosures: DisclosureTable,
    /// By batch of the day.
    decisions: [Decisions; 3],
    next_event: u64,
    failed: Option<TableError>,
}

impl RecordSink<'_> {
    /// People and address books of a community, by public id.
    fn people(&mut self, community: &Community) -> Result<(), TableError> {
        let (population, ids) = (&self.run.population, &self.ids);
        let mut order: Vec<u32> = (0..community.shape.people).collect();
        order.sort_unstable_by_key(|&local| ids[local as usize]);
        for &local in &order {
            self.people.push(population, community, (local, ids[local as usize]))?;
        }
        let mut contacts = Vec::new();
        for &user in order.iter().filter(|&&local| local < community.shape.users) {
            community.address_book(population, user, &mut self.book);
            contacts.clear();
            contacts.extend(self.book.entries().map(|slot| ids[slot as usize]));
            contacts.sort_unstable();
            self.books.push(ids[user as usize], &contacts)?;
        }
        Ok(())
    }

    /// What happened on a day, when all of it is there.
    fn records(&mut self, community: &Community, day: u32) -> Result<(), TableError> {
        let RecordSink { run, ids, .. } = self;
        let compiled = &run.compiled;
        let period = compiled.period_of(day);
        if period != self.period {
            self.period = period;
            self.filters = (0..compiled.policies).map(|p| Filter::new(compiled, p, period)).collect();
        }
        let public = &run.population.public_ids;
        let midnight = self.scenario.date(day).and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        self.day.sort(public, ids);
        let first = self.next_event;
        self.next_event += self.day.order().len() as u64;
        let mut counterparties: Vec<u64> = Vec::new();
        for (event_id, &at) in (first..).zip(self.day.order()) {
            let (e, batch) = (self.day.event(at), &self.day.batches()[at.batch()]);
            let others = self.day.counterparties(at).iter().filter(|&&slot| slot != e.actor);
            counterparties.clear();
            counterparties.extend(others.map(|&slot| ids[slot as usize]));
            let group = match batch.shape {
                Shape::Solo => e.target,
                Shape::Audience => batch.audiences[e.target as usize].group,
                Shape::Pair | Shape::Incoming => NOBODY,
            };
            debug_assert!(e.time < DAY_MS);
            self.events.push(columns::EventRecord {
                event_id,
                time: midnight + i64::from(e.time),
                kind: Kind::ALL[usize::from(e.kind)],
                actor: ids[e.actor as usize],
                counterparties: &counterparties,
                group_id: (group != NOBODY).then(|| public.group(community.shape.number, group)),
                conversation_id: (e.conversation != 0).then(|| public.conversation(e.conversation)),
                bytes: e.bytes,
            })?;
        }
        for (policy, filter) in self.filters.iter().enumerate() {
            for (batch, decisions) in self.day.batches().iter().zip(&mut self.decisions) {
                filter.apply(batch, self.class.all(), decisions);
            }
            for (event_id, &at) in (first..).zip(self.day.order()) {
                let (e, decisions) = (self.day.event(at), &self.decisions[at.batch()]);
                let event = (policy, event_id, midnight + i64::from(e.time));
                let row = filter.row(decisions.actor[at.number()]);
                self.disclosures.push(event, ids[e.actor as usize], Role::Actor, row)?;
                let others = self.day.counterparties(at);
                let rows = &decisions.counterparty[self.day.decided_from(at)..];
                for (&subject, &row) in others.iter().zip(rows) {
                    self.disclosures.push(event, ids[subject as usize], Role::Counterparty, filter.row(row))?;
                }
            }
        }
        Ok(())
    }
}

impl Sink for RecordSink<'_> {
    fn begin_community(&mut self, community: &Community) {
        let public = &self.run.population.public_ids;
        self.ids.clear();
        self.ids.extend((0..community.slots() as u32).map(|slot| slot_id(public, community, slot)));
        self.class.begin(&self.run.compiled, community);
        self.next_event = u64::from(community.shape.number) << 40;
        self.failed = self.people(community).err();
    }

    fn begin_day(&mut self, community: &Community, day: u32) {
        self.class.turn_to(&self.run.compiled, community, day, |_| {});
        self.day.clear();
    }

    fn ended(&self) -> bool {
        self.failed.is_some()
    }

    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        self.day.add(batch, &self.ids);
    }

    fn end_day(&mut self, community: &Community, day: u32) {
        self.failed = self.records(community, day).err();
    }
}
