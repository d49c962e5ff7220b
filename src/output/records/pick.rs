//! Somebody to look at.

use rand::seq::index;

use crate::exposure::PopulationGroup;
use crate::random::Domain;
use crate::simulate::Simulation;

/// Most people who are looked at to find one of a group.
const MOST_TRIED: usize = 1 << 17;

/// A person (public id) of a group, in a jurisdiction if one is given, whom the seed draws; `None` if there is nobody, or too few to be found. Users object if they do to any
/// purpose.
pub fn pick(run: &Simulation, group: PopulationGroup, jurisdiction: Option<usize>) -> Option<u64> {
    let population = &run.population;
    let spans = population.layout.spans();
    let (first, people) = match jurisdiction {
        Some(j) => (spans[j].first_person, spans[j].people),
        None => (0, population.layout.people()),
    };
    let mut rng = population.key.rng(Domain::Sample, 1 << 32, jurisdiction.map_or(0, |j| j as u64 + 1));
    let drawn = index::sample(&mut rng, people as usize, MOST_TRIED.min(people as usize));
    let of_group = |number: u64| {
        let (community, local) = population.layout.person(number)?;
        let shape = population.layout.shape(community);
        let user = local < shape.users;
        let person = population.people.person(&shape, local, user);
        let class = &population.classes.all()[usize::from(population.class_of(&shape, user, &person))];
        (PopulationGroup::of(class, None) == group).then(|| population.public_ids.of(number))
    };
    drawn.into_iter().find_map(|rank| of_group(first + rank as u64))
}
