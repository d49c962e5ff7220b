//! The same world as records, so that anybody can recompute the figures with other tools.
//!
//! The events come from the same generator as in a run and the disclosures from the record filter, while a run counts
//! in cells: that the two agree is checked by the tests, and by `tests/recompute.py` with another engine.

mod columns;
mod follow;
mod sample;
mod subject;

pub use follow::{Disclosure, follow};
pub use sample::{Sample, SampleError, draw, write};
pub use subject::{Held, SubjectReport, subject};

use columns::{AddressBookTable, DisclosureTable, EventTable, PeopleTable};

use crate::output::results::about;
use crate::output::staging::{OutputError, Staging};
use crate::output::tables::{TableError, TableFile};
use crate::policy::{DayClasses, Decisions, Filter, Role};
use crate::population::{Book, Community, NOBODY, person_id};
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
        people: PeopleTable::new(scenario, table("people")),
        books: AddressBookTable::new(table("address_books")),
        book: Book::default(),
        events: EventTable::new(table("events")),
        disclosures: DisclosureTable::new(scenario, &run.compiled, table("disclosures")),
        decisions: Decisions::default(),
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
    people: PeopleTable,
    books: AddressBookTable,
    /// The address book at hand.
    book: Book,
    events: EventTable,
    disclosures: DisclosureTable,
    decisions: Decisions,
    next_event: u64,
    failed: Option<TableError>,
}

impl RecordSink<'_> {
    /// People and address books of a community.
    fn people(&mut self, community: &Community) -> Result<(), TableError> {
        let population = &self.run.population;
        for local in 0..community.shape.people {
            self.people.push(population, community, local)?;
        }
        for user in 0..community.shape.users {
            community.address_book(population, user, &mut self.book);
            let owner = person_id(community.shape.number, user);
            self.books.push(owner, self.book.entries().map(|slot| community.id(slot)))?;
        }
        Ok(())
    }

    fn records(&mut self, community: &Community, day: u32, batch: &Batch) -> Result<(), TableError> {
        let period = self.run.compiled.period_of(day);
        if period != self.period {
            self.period = period;
            let compiled = &self.run.compiled;
            self.filters = (0..compiled.policies).map(|p| Filter::new(compiled, p, period)).collect();
        }
        let midnight = self.scenario.date(day).and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        let first = self.next_event;
        let mut ids: Vec<u64> = Vec::new();
        for i in 0..batch.len() {
            let e = batch.event(i);
            ids.clear();
            let mut group = None;
            match batch.shape {
                Shape::Pair => ids.push(community.id(e.target)),
                Shape::Solo => group = (e.target != NOBODY).then_some(e.target),
                Shape::Audience => {
                    let members = batch.audience(e.target).iter().filter(|&&m| m != e.actor);
                    ids.extend(members.map(|&m| community.id(m)));
                    group = Some(batch.audiences[e.target as usize].group).filter(|&g| g != NOBODY);
                }
                Shape::Incoming => {}
            }
            debug_assert!(e.time < DAY_MS);
            self.events.push(columns::EventRecord {
                event_id: first + i as u64,
                time: midnight + i64::from(e.time),
                kind: Kind::ALL[usize::from(e.kind)],
                actor: community.id(e.actor),
                counterparties: &ids,
                group_id: group.map(|g| u64::from(community.shape.number) << 32 | u64::from(g)),
                conversation_id: (e.conversation != 0).then_some(e.conversation),
                bytes: e.bytes,
            })?;
        }
        self.next_event += batch.len() as u64;
        for (policy, filter) in self.filters.iter().enumerate() {
            filter.apply(batch, self.class.all(), &mut self.decisions);
            let mut counterparty = self.decisions.counterparty.iter();
            for i in 0..batch.len() {
                let e = batch.event(i);
                let event = (policy, first + i as u64, midnight + i64::from(e.time));
                let row = filter.row(self.decisions.actor[i]);
                self.disclosures.push(event, community.id(e.actor), Role::Actor, row)?;
                let targets: &[u32] = match batch.shape {
                    Shape::Pair => std::slice::from_ref(&batch.target[i]),
                    Shape::Audience => batch.audience(e.target),
                    Shape::Solo | Shape::Incoming => &[],
                };
                for (&subject, &row) in targets.iter().zip(&mut counterparty) {
                    self.disclosures.push(event, community.id(subject), Role::Counterparty, filter.row(row))?;
                }
            }
        }
        Ok(())
    }
}

impl Sink for RecordSink<'_> {
    fn begin_community(&mut self, community: &Community) {
        self.class.begin(&self.run.compiled, community);
        self.next_event = u64::from(community.shape.number) << 40;
        self.failed = self.people(community).err();
    }

    fn begin_day(&mut self, community: &Community, day: u32) {
        self.class.turn_to(&self.run.compiled, community, day, |_| {});
    }

    fn ended(&self) -> bool {
        self.failed.is_some()
    }

    fn batch(&mut self, community: &Community, day: u32, batch: &Batch) {
        // An incoming event is a record of its actor's community.
        if batch.shape != Shape::Incoming && self.failed.is_none() {
            self.failed = self.records(community, day, batch).err();
        }
    }
}
