//! The exported tables, column by column, written in chunks.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use crate::output::tables::{ColumnData, TableError, TableFile};
use crate::policy::{Compiled, Role};
use crate::population::{Community, Device, Devices, Population};
use crate::scenario::{Kind, Knowledge, QuasiIdentifier, Scenario};
use crate::simd::ones;
use crate::simulate::Simulation;
use crate::utility::{Accounts, CommunityAccounts};

/// Rows that are kept before they are written.
const CHUNK: usize = 1 << 17;

/// Rows of `people.parquet`.
pub struct PeopleTable {
    table: TableFile,
    rows: u64,
    jurisdictions: Vec<Arc<str>>,
    os: Vec<Arc<str>>,
    age_bands: Vec<(Arc<str>, bool)>,
    abuse: Vec<Arc<str>>,
    start: NaiveDate,
    /// What is asked about people's devices, if it is.
    devices: Option<(Devices, Knowledge)>,
    /// What is known of accounts, if it is asked how abusive ones are found.
    accounts: Option<KnownAccounts>,
    buffer: Vec<PersonRecord>,
}

/// Draws what is known of accounts, of one community after the other.
struct KnownAccounts {
    of: Accounts,
    links: Vec<String>,
    community: Option<(u32, CommunityAccounts)>,
}

impl KnownAccounts {
    /// Whether a user's account is new, and what it has in common with one that was caught. `kind` is 0, or 1 + index of the abuse class.
    fn of(&mut self, community: &Community, user: u32, kind: u8) -> (bool, Arc<str>) {
        let number = community.shape.number;
        if self.community.as_ref().is_none_or(|(known, _)| *known != number) {
            self.community = Some((number, self.of.of(community)));
        }
        let Some((_, accounts)) = &self.community else { return (false, "".into()) };
        let place = community.abusive.binary_search_by_key(&user, |account| account.user.into()).ok();
        let linked = (0..self.links.len()).filter(|&link| self.of.is_linked(accounts, user, place, link));
        let linked: Vec<&str> = linked.map(|link| self.links[link].as_str()).collect();
        (self.of.is_new(accounts, user, kind.into()), linked.join("+").into())
    }
}

struct PersonRecord {
    id: u64,
    community: u32,
    jurisdiction: usize,
    user: bool,
    parent: bool,
    attitude: f64,
    age_band: usize,
    os: usize,
    device: Option<Device>,
    abuse: usize,
    account: Option<(bool, Arc<str>)>,
    left_on: Option<NaiveDate>,
}

impl PeopleTable {
    /// An empty table.
    pub fn new(run: &Simulation, table: TableFile) -> Self {
        let scenario = &run.scenario;
        let file = &scenario.file;
        let asks = |asked: &&Knowledge| {
            [QuasiIdentifier::OsVersion, QuasiIdentifier::MobileNetwork].iter().any(|&one| asked.singles_out_by(one))
        };
        let asked = scenario.knowledge.as_ref().filter(asks);
        PeopleTable {
            table,
            rows: 0,
            jurisdictions: scenario.jurisdictions.iter().map(|j| j.code.clone()).collect(),
            os: scenario.os_names().into_iter().map(Into::into).collect(),
            age_bands: file.age_bands.iter().map(|b| (b.id.as_str().into(), b.minor)).collect(),
            abuse: std::iter::once("none")
                .chain(file.abuse_classes.iter().map(|a| a.id.as_str()))
                .map(Into::into)
                .collect(),
            start: scenario.start,
            devices: asked.map(|asked| (Devices::new(asked, run.population.key), asked.clone())),
            accounts: scenario.utility.as_ref().and_then(|utility| utility.security.as_ref()).map(|asked| {
                KnownAccounts {
                    of: Accounts::new(run.population.key, asked),
                    links: asked.links.iter().map(|link| link.name.clone()).collect(),
                    community: None,
                }
            }),
            buffer: Vec::new(),
        }
    }

    /// Adds a person of a community: local index, public id.
    pub fn push(
        &mut self,
        population: &Population,
        community: &Community,
        (local, id): (u32, u64),
    ) -> Result<(), TableError> {
        let user = local < community.shape.users;
        let p = population.people.person(&community.shape, local, user);
        let account = self.accounts.as_mut().map(|accounts| match user {
            true => accounts.of(community, local, p.abuse),
            false => (false, "".into()),
        });
        self.buffer.push(PersonRecord {
            id,
            community: community.shape.number,
            jurisdiction: community.shape.jurisdiction,
            user,
            parent: p.parent_account,
            attitude: p.attitude(),
            age_band: usize::from(p.age_band),
            os: usize::from(p.os),
            device: self.devices.as_ref().map(|(devices, _)| devices.of(&community.shape, local, p.os)),
            abuse: usize::from(p.abuse),
            account,
            left_on: population
                .leaves(community.columns.class[local as usize], community.id(local))
                .map(|day| self.start + TimeDelta::days(day)),
        });
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), TableError> {
        let rows = &self.buffer;
        let names = |f: &dyn Fn(&PersonRecord) -> Arc<str>| ColumnData::Str(rows.iter().map(f).collect());
        let mut columns = vec![
            ("person_id", ColumnData::U64(rows.iter().map(|r| r.id).collect())),
            ("community", ColumnData::U32(rows.iter().map(|r| r.community).collect())),
            ("jurisdiction", names(&|r| self.jurisdictions[r.jurisdiction].clone())),
            ("is_user", ColumnData::Bool(rows.iter().map(|r| r.user).collect())),
            ("has_parent_account", ColumnData::Bool(rows.iter().map(|r| r.parent).collect())),
            ("attitude", ColumnData::F64(rows.iter().map(|r| r.attitude).collect())),
            ("minor", ColumnData::Bool(rows.iter().map(|r| self.age_bands[r.age_band].1).collect())),
            ("os", names(&|r| self.os[r.os].clone())),
            ("age_band", names(&|r| self.age_bands[r.age_band].0.clone())),
            ("abuse", names(&|r| self.abuse[r.abuse].clone())),
            ("left_on", ColumnData::OptDate(rows.iter().map(|r| r.left_on).collect())),
        ];
        if let Some((_, asked)) = &self.devices {
            let of_person = |name: &dyn Fn(&PersonRecord, Device) -> Arc<str>| {
                let names = rows.iter().filter_map(|r| r.device.map(|device| name(r, device)));
                ColumnData::Str(names.collect())
            };
            let version = |r: &PersonRecord, of: Device| asked.os_versions[r.os][usize::from(of.version)].0.clone();
            columns.push(("os_version", of_person(&version)));
            let network =
                |r: &PersonRecord, of: Device| asked.mobile_networks[r.jurisdiction][usize::from(of.network)].0.clone();
            columns.push(("mobile_network", of_person(&network)));
        }
        if self.accounts.is_some() {
            let of = || rows.iter().filter_map(|r| r.account.as_ref());
            columns.push(("new_account", ColumnData::Bool(of().map(|account| account.0).collect())));
            columns.push(("linked_by", ColumnData::Str(of().map(|account| account.1.clone()).collect())));
        }
        self.table.write(columns, None)?;
        self.rows += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Ends the table; gives its rows.
    pub fn finish(mut self) -> Result<u64, TableError> {
        self.flush()?;
        self.table.finish()?;
        Ok(self.rows)
    }
}

/// Rows of `address_books.parquet`.
pub struct AddressBookTable {
    table: TableFile,
    rows: u64,
    owner: Vec<u64>,
    contact: Vec<u64>,
}

impl AddressBookTable {
    /// An empty table.
    pub fn new(table: TableFile) -> Self {
        AddressBookTable { table, rows: 0, owner: Vec::new(), contact: Vec::new() }
    }

    /// Adds an owner's contacts.
    pub fn push(&mut self, owner: u64, contacts: &[u64]) -> Result<(), TableError> {
        self.contact.extend_from_slice(contacts);
        self.owner.resize(self.contact.len(), owner);
        if self.owner.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), TableError> {
        self.rows += self.owner.len() as u64;
        let columns = vec![
            ("owner", ColumnData::U64(std::mem::take(&mut self.owner))),
            ("contact", ColumnData::U64(std::mem::take(&mut self.contact))),
        ];
        self.table.write(columns, None)
    }

    /// Ends the table; gives its rows.
    pub fn finish(mut self) -> Result<u64, TableError> {
        self.flush()?;
        self.table.finish()?;
        Ok(self.rows)
    }
}

/// One event, as a record.
pub struct EventRecord<'a> {
    /// Unique in the export.
    pub event_id: u64,
    /// Milliseconds since 1970, UTC.
    pub time: i64,
    /// Kind.
    pub kind: Kind,
    /// Person.
    pub actor: u64,
    /// People.
    pub counterparties: &'a [u64],
    /// Group.
    pub group_id: Option<u64>,
    /// Conversation.
    pub conversation_id: Option<u64>,
    /// Size.
    pub bytes: u32,
}

/// Rows of `events.parquet`.
pub struct EventTable {
    table: TableFile,
    rows: u64,
    kinds: Vec<Arc<str>>,
    event_id: Vec<u64>,
    time: Vec<i64>,
    kind: Vec<Arc<str>>,
    actor: Vec<u64>,
    counterparties: Vec<u64>,
    ends: Vec<usize>,
    group_id: Vec<Option<u64>>,
    conversation_id: Vec<Option<u64>>,
    bytes: Vec<u32>,
}

impl EventTable {
    /// An empty table.
    pub fn new(table: TableFile) -> Self {
        EventTable {
            table,
            rows: 0,
            kinds: Kind::ALL.iter().map(|k| k.id().into()).collect(),
            event_id: Vec::new(),
            time: Vec::new(),
            kind: Vec::new(),
            actor: Vec::new(),
            counterparties: Vec::new(),
            ends: Vec::new(),
            group_id: Vec::new(),
            conversation_id: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Adds an event.
    pub fn push(&mut self, e: EventRecord) -> Result<(), TableError> {
        self.event_id.push(e.event_id);
        self.time.push(e.time);
        self.kind.push(self.kinds[e.kind as usize].clone());
        self.actor.push(e.actor);
        self.counterparties.extend_from_slice(e.counterparties);
        self.ends.push(self.counterparties.len());
        self.group_id.push(e.group_id);
        self.conversation_id.push(e.conversation_id);
        self.bytes.push(e.bytes);
        if self.event_id.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), TableError> {
        self.rows += self.event_id.len() as u64;
        let columns = vec![
            ("event_id", ColumnData::U64(std::mem::take(&mut self.event_id))),
            ("time", ColumnData::Time(std::mem::take(&mut self.time))),
            ("kind", ColumnData::Str(std::mem::take(&mut self.kind))),
            ("actor", ColumnData::U64(std::mem::take(&mut self.actor))),
            (
                "counterparties",
                ColumnData::List(std::mem::take(&mut self.counterparties), std::mem::take(&mut self.ends)),
            ),
            ("group_id", ColumnData::OptU64(std::mem::take(&mut self.group_id))),
            ("conversation_id", ColumnData::OptU64(std::mem::take(&mut self.conversation_id))),
            ("bytes", ColumnData::U32(std::mem::take(&mut self.bytes))),
        ];
        self.table.write(columns, None)
    }

    /// Ends the table; gives its rows.
    pub fn finish(mut self) -> Result<u64, TableError> {
        self.flush()?;
        self.table.finish()?;
        Ok(self.rows)
    }
}

/// Rows of `disclosures.parquet`.
pub struct DisclosureTable {
    table: TableFile,
    rows: u64,
    policies: Vec<Arc<str>>,
    purposes: Vec<Arc<str>>,
    categories: Vec<Arc<str>>,
    roles: [Arc<str>; 2],
    resolutions: Vec<Arc<str>>,
    policy: Vec<Arc<str>>,
    purpose: Vec<Arc<str>>,
    event_id: Vec<u64>,
    subject: Vec<u64>,
    role: Vec<Arc<str>>,
    category: Vec<Arc<str>>,
    time: Vec<i64>,
    resolution: Vec<Arc<str>>,
}

impl DisclosureTable {
    /// An empty table.
    pub fn new(scenario: &Scenario, compiled: &Compiled, table: TableFile) -> Self {
        DisclosureTable {
            table,
            rows: 0,
            policies: scenario.policies.iter().map(|p| p.id.clone()).collect(),
            purposes: scenario.purposes.iter().map(|p| p.id.clone()).collect(),
            categories: scenario.categories.iter().map(|c| c.id.clone()).collect(),
            roles: [Role::Actor.word().into(), Role::Counterparty.word().into()],
            resolutions: compiled.resolutions.iter().map(|r| r.id().into()).collect(),
            policy: Vec::new(),
            purpose: Vec::new(),
            event_id: Vec::new(),
            subject: Vec::new(),
            role: Vec::new(),
            category: Vec::new(),
            time: Vec::new(),
            resolution: Vec::new(),
        }
    }

    /// Adds what (policy, event id, time) disclosed about a subject: `row` has the categories by purpose and layer.
    pub fn push(
        &mut self,
        (policy, event_id, time): (usize, u64, i64),
        subject: u64,
        role: Role,
        row: &[u32],
    ) -> Result<(), TableError> {
        // Without transforms there is one layer, and all is exact; with them the first layer is the sum of the others.
        let layers = row.len() / self.purposes.len();
        for (i, &mask) in row.iter().enumerate().filter(|(i, _)| layers == 1 || i % layers != 0) {
            let (purpose, resolution) = (i / layers, (i % layers).saturating_sub(1));
            for category in ones(mask.into()) {
                self.policy.push(self.policies[policy].clone());
                self.purpose.push(self.purposes[purpose].clone());
                self.event_id.push(event_id);
                self.subject.push(subject);
                self.role.push(self.roles[role as usize].clone());
                self.category.push(self.categories[category].clone());
                self.time.push(time);
                self.resolution.push(self.resolutions[resolution].clone());
            }
        }
        if self.policy.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), TableError> {
        self.rows += self.policy.len() as u64;
        let columns = vec![
            ("policy", ColumnData::Str(std::mem::take(&mut self.policy))),
            ("purpose", ColumnData::Str(std::mem::take(&mut self.purpose))),
            ("event_id", ColumnData::U64(std::mem::take(&mut self.event_id))),
            ("subject", ColumnData::U64(std::mem::take(&mut self.subject))),
            ("role", ColumnData::Str(std::mem::take(&mut self.role))),
            ("category", ColumnData::Str(std::mem::take(&mut self.category))),
            ("time", ColumnData::Time(std::mem::take(&mut self.time))),
            ("resolution", ColumnData::Str(std::mem::take(&mut self.resolution))),
        ];
        self.table.write(columns, None)
    }

    /// Ends the table; gives its rows.
    pub fn finish(mut self) -> Result<u64, TableError> {
        self.flush()?;
        self.table.finish()?;
        Ok(self.rows)
    }
}
