//! How people are laid out: jurisdictions, their communities, users first in each.

use crate::scenario::{MAX_JURISDICTIONS, MAX_PEOPLE, Scenario};

/// Local indices take the low bits of a person id, the community's number the rest.
pub const LOCAL_BITS: u32 = 16;
/// Most people in a community.
pub const MAX_COMMUNITY: u64 = 1 << LOCAL_BITS;

/// Least of `community_size`, and that numbers of communities have 32 bits: each jurisdiction may have a last one that is not full. Sums of two
/// numbers have, too.
const _: () = assert!(2 * (MAX_PEOPLE / 64 + MAX_JURISDICTIONS as u64) < 1 << 32);

/// Users whose address books are of similar size lie together: 2^7 of them, a neighbourhood.
pub(super) const NEIGHBOURHOOD_BITS: u32 = 7;

/// Id of a person: community number and local index.
#[inline(always)]
pub fn person_id(community: u32, local: u32) -> u64 {
    u64::from(community) << LOCAL_BITS | u64::from(local)
}

/// Community number and local index of a person.
#[inline(always)]
pub fn split_id(id: u64) -> (u32, u32) {
    ((id >> LOCAL_BITS) as u32, (id & (MAX_COMMUNITY - 1)) as u32)
}

/// A community's place in the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommunityInfo {
    /// Number among all communities.
    pub number: u32,
    /// Index of its jurisdiction.
    pub jurisdiction: usize,
    /// Number among those of the jurisdiction.
    pub rank: u32,
    /// People, users and non-users; local indices are `0..people`.
    pub people: u32,
    /// Users; local indices are `0..users`.
    pub users: u32,
    /// Number of its first neighbourhood among those of the jurisdiction.
    pub first_neighbourhood: u64,
}

/// The communities of one jurisdiction.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Number of the first community.
    pub first: u32,
    /// Number of the first person among all people.
    pub first_person: u64,
    /// Communities.
    pub communities: u32,
    /// People.
    pub people: u64,
    /// Users among them.
    pub users: u64,
}

/// All communities, as one span per jurisdiction: nothing is stored per community.
#[derive(Clone, Debug)]
pub struct Layout {
    spans: Vec<Span>,
    communities: u32,
}

impl Layout {
    /// Splits the people over jurisdictions by largest remainder, each jurisdiction over equal communities.
    pub fn new(scenario: &Scenario) -> Self {
        let shares: Vec<f64> = scenario.jurisdictions.iter().map(|j| j.share).collect();
        let size = (scenario.file.world.community_size.value as u64).clamp(1, MAX_COMMUNITY);
        let (mut first, mut first_person) = (0, 0);
        let spans = apportion(scenario.people, &shares)
            .into_iter()
            .zip(&scenario.jurisdictions)
            .map(|(people, j)| {
                let communities = people.div_ceil(size) as u32;
                let users = ((people as f64 * j.users).round() as u64).min(people);
                let span = Span { first, first_person, communities, people, users };
                first += communities;
                first_person += people;
                span
            })
            .collect();
        Layout { spans, communities: first }
    }

    /// Number of communities.
    pub fn communities(&self) -> u32 {
        self.communities
    }

    /// The span of each jurisdiction.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// People in all.
    pub fn people(&self) -> u64 {
        self.spans.iter().map(|s| s.people).sum()
    }

    /// Users in all.
    pub fn users(&self) -> u64 {
        self.spans.iter().map(|s| s.users).sum()
    }

    /// A community's shape. `number` must be below [`Layout::communities`].
    pub fn shape(&self, number: u32) -> CommunityInfo {
        let jurisdiction = self.jurisdiction(number);
        let span = &self.spans[jurisdiction];
        let rank = number - span.first;
        let (lo, hi) = (span.people_before(rank), span.people_before(rank + 1));
        // Users up to a person: a rounded line, so that communities add up to the span exactly.
        let users = |p: u64| (u128::from(span.users) * u128::from(p) / u128::from(span.people)) as u64;
        // No community has more than these: users are spread evenly, and rounding adds less than two.
        let neighbourhoods = (span.users / u64::from(span.communities) + 2).div_ceil(1 << NEIGHBOURHOOD_BITS);
        CommunityInfo {
            number,
            jurisdiction,
            rank,
            people: (hi - lo) as u32,
            users: (users(hi) - users(lo)) as u32,
            first_neighbourhood: u64::from(rank) * neighbourhoods,
        }
    }
}

/// People numbered through, community after community, without gaps.
impl Layout {
    /// Number of a person among all people. `community` must be below [`Layout::communities`].
    pub fn number(&self, community: u32, local: u32) -> u64 {
        let span = &self.spans[self.jurisdiction(community)];
        span.first_person + span.people_before(community - span.first) + u64::from(local)
    }

    /// Community and local index of person `number` of all; `None` if there are not so many.
    pub fn person(&self, number: u64) -> Option<(u32, u32)> {
        let span = self.spans.get(self.spans.partition_point(|s| s.first_person + s.people <= number))?;
        let at = number - span.first_person;
        // The last rank with `people_before(rank) <= at`.
        let rank = ((u128::from(at) + 1) * u128::from(span.communities)).div_ceil(u128::from(span.people)) as u32 - 1;
        Some((span.first + rank, (at - span.people_before(rank)) as u32))
    }

    /// Index of a community's jurisdiction.
    fn jurisdiction(&self, community: u32) -> usize {
        self.spans.partition_point(|s| s.first + s.communities <= community)
    }
}

impl Span {
    /// People of its first `rank` communities.
    fn people_before(&self, rank: u32) -> u64 {
        (u128::from(self.people) * u128::from(rank) / u128::from(self.communities)) as u64
    }
}

/// Largest remainders: whole numbers that sum to `total`, in proportion to `shares`.
fn apportion(total: u64, shares: &[f64]) -> Vec<u64> {
    let sum: f64 = shares.iter().sum();
    let exact: Vec<f64> = shares.iter().map(|s| total as f64 * s / sum).collect();
    let mut parts: Vec<u64> = exact.iter().map(|x| x.floor() as u64).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b)));
    let left = total.saturating_sub(parts.iter().sum());
    for &i in order.iter().cycle().take(left as usize) {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apportion_sums_to_the_total() {
        assert_eq!(apportion(10, &[0.5, 0.3, 0.2]), [5, 3, 2]);
        assert_eq!(apportion(1, &[0.3, 0.4, 0.3]), [0, 1, 0]);
        assert_eq!(apportion(1_000_003, &[1.0 / 3.0; 3]).iter().sum::<u64>(), 1_000_003);
    }

    #[test]
    fn ids_split() {
        assert_eq!(split_id(person_id(20_000, 65_535)), (20_000, 65_535));
    }

    #[test]
    fn communities_add_up() {
        let span = Span { first: 0, first_person: 0, communities: 7, people: 400_003, users: 61_111 };
        let layout = Layout { spans: vec![Span { communities: 0, people: 0, users: 0, ..span }, span], communities: 7 };
        let shapes: Vec<CommunityInfo> = (0..7).map(|c| layout.shape(c)).collect();
        assert_eq!(shapes.iter().map(|s| u64::from(s.people)).sum::<u64>(), span.people);
        assert_eq!(shapes.iter().map(|s| u64::from(s.users)).sum::<u64>(), span.users);
        assert!(
            shapes.iter().all(|s| s.jurisdiction == 1 && s.users <= s.people && u64::from(s.people) <= MAX_COMMUNITY)
        );
    }

    /// Closed forms against counting, with jurisdictions in which nobody lives.
    #[test]
    fn people_are_numbered_without_gaps() {
        let sizes = [(0, 0), (3, 1_000), (0, 0), (1, 1), (7, 64 * 7 + 3), (0, 0)];
        let mut layout = Layout { spans: Vec::new(), communities: 0 };
        for (communities, people) in sizes {
            let (first, first_person) = (layout.communities, layout.people());
            layout.spans.push(Span { first, first_person, communities, people, users: people / 2 });
            layout.communities += communities;
        }
        let mut next = 0;
        for community in 0..layout.communities() {
            for local in 0..layout.shape(community).people {
                assert_eq!(layout.number(community, local), next);
                assert_eq!(layout.person(next), Some((community, local)));
                next += 1;
            }
        }
        assert_eq!(next, layout.people());
        assert_eq!([next, u64::MAX].map(|number| layout.person(number)), [None; 2]);
    }
}
