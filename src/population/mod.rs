//! Who exists: people, their communities, ties, groups and address books, as functions of (seed, index). Nothing is
//! stored but the community at hand.

mod abuse;
mod address_book;
mod address_book_batch;
mod book_sizes;
mod chronotypes;
mod churn;
mod circle;
mod circle_kinds;
mod class;
mod community;
mod contact_table;
mod devices;
mod group_sizes;
mod groups;
mod layout;
mod levels;
mod likeness;
mod people;
mod person_columns;
mod public_ids;
mod spells;
mod standing;
mod turnover;
mod weak;

pub use abuse::AbusiveAccount;
pub use address_book::{Book, CHUNK, among, around};
pub use address_book_batch::{AddressBookBatch, BOOKS};
pub use chronotypes::{CHRONOTYPES, Chronotypes};
pub use circle::{ByLocal, Circles, by_local};
pub use class::{Attitudes, Classes, PersonClass};
pub use community::{Community, NOBODY, rows_before};
pub use contact_table::{Contact, ContactTables, Origin, SHAPES, Signatures};
pub use devices::{Device, Devices};
pub use group_sizes::GroupSizes;
use groups::layers_for;
pub use groups::{Group, Groups, groups_per_user};
pub use layout::{CommunityInfo, LOCAL_BITS, Layout, person_id, split_id};
pub use levels::LEVELS;
pub use people::{People, Person};
pub use person_columns::PersonColumns;
pub use public_ids::PublicIds;
pub use standing::Standing;
pub use turnover::TurnoverDay;
pub use weak::{NonUsersBeside, Pairing, RESIDUES};

use address_book::AddressBooks;
use churn::Churn;
use spells::Spells;
use turnover::Turnover;
use weak::WeakTies;

use crate::random::Key;
use crate::scenario::{MAX_ZONES, Scenario};

/// A community's time zone is a byte.
const _: () = assert!(MAX_ZONES <= 1 << 8);

/// Who exists: everything about it that does not depend on the community.
#[derive(Clone, Debug)]
pub struct Population {
    /// Key of all random numbers of the replicate.
    pub key: Key,
    /// Where people are.
    pub layout: Layout,
    /// Ids that leave the program.
    pub public_ids: PublicIds,
    /// Their attributes.
    pub people: People,
    /// Their classes.
    pub classes: Classes,
    /// When people leave; `None` if nobody does.
    leaving: Option<Churn>,
    /// People's own clocks.
    pub chronotypes: Chronotypes,
    /// Days that remember each other.
    pub spells: Spells,
    /// Ties that come and go.
    pub turnover: Turnover,
    weak: WeakTies,
    books: AddressBooks,
    /// Distribution of group sizes.
    pub group_sizes: GroupSizes,
    /// Orders that are cut into groups: a user is in one group of about half of them.
    pub group_layers: u8,
    /// Offsets from UTC that occur, minutes east; a zone is an index here.
    pub zones: Vec<i32>,
    time_zones: Vec<Vec<(i32, f64)>>,
}

impl Population {
    /// The population of a replicate of a scenario.
    pub fn new(scenario: &Scenario, replicate: u32) -> Self {
        let w = &scenario.file.world;
        let key = Key::new(scenario.seed, replicate);
        let mut zones: Vec<i32> = scenario.jurisdictions.iter().flat_map(|j| &j.time_zones).map(|z| z.0).collect();
        let classes = Classes::new(scenario);
        zones.sort_unstable();
        zones.dedup();
        let layout = Layout::new(scenario);
        Population {
            key,
            public_ids: PublicIds::new(key, layout.clone()),
            layout,
            people: People::new(scenario, &classes, key),
            classes,
            leaving: Churn::new(scenario, key),
            chronotypes: Chronotypes::new(key),
            spells: Spells::new(key, scenario.file.traffic.active_day_memory.value),
            turnover: {
                let t = &scenario.file.traffic;
                Turnover::new(key, [&t.tie_spell_days, &t.tie_turnover_days].map(|days| days.value as u32))
            },
            weak: WeakTies::new(key, w.weak_ties_domestic.value as usize, w.weak_ties_anywhere.value as usize),
            books: AddressBooks::new(
                w.address_book_user_odds.value,
                scenario.jurisdictions.iter().map(|j| j.users),
                w.unlisted_non_users.value,
            ),
            group_sizes: GroupSizes::new(
                w.group_size_mean.value,
                w.group_size_dispersion.value,
                w.group_size_max.value,
            ),
            group_layers: layers_for(w.groups_per_user.value),
            zones,
            time_zones: scenario.jurisdictions.iter().map(|j| j.time_zones.clone()).collect(),
        }
    }

    /// Zone of a community: zones take their shares of a jurisdiction's communities in a low-discrepancy order
    /// (multiples of the golden ratio), so that few communities already cover them well.
    fn zone(&self, shape: &CommunityInfo) -> u8 {
        let at = (f64::from(shape.rank) + 0.5) * 0.618_033_988_749_894_9;
        let at = at - at.floor();
        let mut sum = 0.0;
        let zones = &self.time_zones[shape.jurisdiction];
        let offset = zones.iter().find(|(_, share)| {
            sum += share;
            at < sum
        });
        // Shares that sum to a little less than 1 leave some to the last zone in which somebody lives.
        let offset = offset.or(zones.iter().rfind(|z| z.1 > 0.0)).map_or(0, |z| z.0);
        self.zones.binary_search(&offset).unwrap_or(0) as u8
    }

    /// Chronotype of a slot; 0 for a weak tie that is not there.
    pub fn chronotype(&self, community: &Community, slot: u32) -> u8 {
        community.place(slot).map_or(0, |(shape, local)| self.chronotypes.of(shape.number, local))
    }

    /// Class number of a person.
    pub fn class_of(&self, shape: &CommunityInfo, user: bool, person: &Person) -> u16 {
        let minor = self.people.minor[usize::from(person.age_band)];
        self.classes.of(shape.jurisdiction, user, person.parent_account, minor, person.attitude)
    }

    /// Whether the scenario lets people leave.
    pub fn somebody_leaves(&self) -> bool {
        self.leaving.is_some()
    }

    /// First day on which a person is gone from the service, counted from the first day of the run: below 0 if they
    /// left before it. `None` if they stay. `class` is the class before leaving.
    #[inline]
    pub fn leaves(&self, class: u16, id: u64) -> Option<i64> {
        self.leaving.as_ref()?.day(&self.classes, class, id)
    }
}
