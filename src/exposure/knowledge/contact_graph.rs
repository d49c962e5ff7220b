//! A graph of a community's people, from its ties.

use super::observed::Edge;

/// Who is tied to whom.
#[derive(Debug)]
pub(super) struct ContactGraph {
    /// First neighbour of each person, and the end of the last.
    first: Vec<u32>,
    /// In rising order for each person.
    neighbours: Vec<u32>,
}

impl ContactGraph {
    /// Of so many people with these ties, which are in rising order, each once.
    pub fn new(people: u32, ties: &[Edge]) -> Self {
        let mut first = vec![0; people as usize + 1];
        for &(a, b) in ties {
            first[usize::from(a) + 1] += 1;
            first[usize::from(b) + 1] += 1;
        }
        for person in 0..people as usize {
            first[person + 1] += first[person];
        }
        let mut next = first.clone();
        let mut neighbours = vec![0; 2 * ties.len()];
        let mut put = |person: u16, neighbour: u16| {
            let next = &mut next[usize::from(person)];
            neighbours[*next as usize] = u32::from(neighbour);
            *next += 1;
        };
        // Of somebody's ties those to lower numbers come before those to higher ones.
        for &(a, b) in ties {
            put(a, b);
            put(b, a);
        }
        ContactGraph { first, neighbours }
    }

    /// To whom a person is tied, in rising order.
    pub fn neighbours(&self, person: u32) -> &[u32] {
        &self.neighbours[self.first[person as usize] as usize..self.first[person as usize + 1] as usize]
    }

    /// To how many.
    pub fn degree(&self, person: u32) -> u32 {
        self.first[person as usize + 1] - self.first[person as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use rand::RngExt;

    use super::*;
    use crate::random::{Domain, Key};
    use crate::statistics::{LinkScores, area_under_curve};

    proptest! {
        #[test]
        fn neighbours_are_those_of_the_ties(pairs in proptest::collection::btree_set((0u16..12, 0u16..12), 0..60)) {
            let ties: Vec<Edge> = pairs.into_iter().filter(|(a, b)| a < b).collect();
            let graph = ContactGraph::new(12, &ties);
            for person in 0..12u16 {
                let other = |&(a, b): &Edge| if a == person { Some(b) } else { (b == person).then_some(a) };
                let expected: BTreeSet<u32> = ties.iter().filter_map(other).map(u32::from).collect();
                let got = graph.neighbours(person.into());
                prop_assert_eq!(got, &expected.into_iter().collect::<Vec<_>>()[..]);
                prop_assert_eq!(graph.degree(person.into()) as usize, got.len());
            }
        }
    }

    /// Area under the curve by common neighbours, of a part of the ties that is hidden.
    fn area(mut all: Vec<Edge>, people: u32, rng: &mut impl RngExt) -> f64 {
        all.sort_unstable();
        all.dedup();
        let (hidden, seen): (Vec<Edge>, Vec<Edge>) = all.iter().partition(|_| rng.random_bool(0.3));
        let graph = ContactGraph::new(people, &seen);
        let score = |(a, b): Edge| {
            let [a, b] = [a, b].map(|person| graph.neighbours(person.into()));
            LinkScores::of(a, b, |person| graph.degree(person)).common
        };
        let (mut higher, mut same, mut compared) = (0, 0, 0);
        while compared < 4000 {
            let tie = hidden[rng.random_range(0..hidden.len())];
            let [a, b] = [(); 2].map(|()| rng.random_range(0..people) as u16);
            let other = (a.min(b), a.max(b));
            if a == b || all.binary_search(&other).is_ok() {
                continue;
            }
            compared += 1;
            higher += u64::from(score(tie) > score(other));
            same += u64::from(score(tie) == score(other));
        }
        area_under_curve(higher, same, compared)
    }

    /// In a random graph contacts in common say nothing; among circles they say nearly all.
    #[test]
    fn a_random_graph_tells_nothing_of_what_is_hidden() {
        let mut rng = Key::new(3, 0).rng(Domain::Knowledge, 0, 0);
        let people = 500u16;
        let pairs = || (0..people).flat_map(|a| (a + 1..people).map(move |b| (a, b)));
        let random: Vec<Edge> = pairs().filter(|_| rng.random_bool(0.05)).collect();
        let of_random = area(random, people.into(), &mut rng);
        // Four standard errors of 4,000 comparisons.
        assert!((of_random - 0.5).abs() < 4.0 * 0.5 / 4000f64.sqrt(), "{of_random}");
        let circles: Vec<Edge> = pairs().filter(|(a, b)| a / 20 == b / 20).collect();
        let of_circles = area(circles, people.into(), &mut rng);
        assert!(of_circles > 0.95, "{of_circles}");
    }
}
