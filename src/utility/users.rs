//! Who the users of a world are: one pass over its people.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::business_intelligence::{self, BusinessCounts};
use crate::population::Community;
use crate::scenario::BusinessIntelligence;
use crate::simulate::{Simulation, Threads};

/// Users of a world: counters that merge.
#[derive(Clone, Debug, PartialEq)]
pub struct UserCounts {
    /// By class of people.
    pub by_class: Vec<u64>,
    /// What is asked about the use of services.
    pub business: Option<BusinessCounts>,
}

impl UserCounts {
    fn merge(&mut self, other: &UserCounts) {
        self.by_class.iter_mut().zip(&other.by_class).for_each(|(sum, more)| *sum += more);
        if let Some((own, theirs)) = self.business.as_mut().zip(other.business.as_ref()) {
            own.merge(theirs);
        }
    }
}

/// Counts all communities of a world.
pub fn count(world: &Simulation, asked: Option<&BusinessIntelligence>, threads: &Threads) -> UserCounts {
    let let_out = asked.map(|asked| business_intelligence::let_out(world, asked)).unwrap_or_default();
    let none = UserCounts {
        by_class: vec![0; world.population.classes.all().len()],
        business: asked.map(|asked| BusinessCounts::new(asked, let_out.len())),
    };
    let all = Mutex::new(none.clone());
    let next = AtomicU32::new(0);
    let communities = world.population.layout.communities();
    threads.each(|_| {
        let mut own = none.clone();
        let mut community = Community::empty();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= communities {
                break;
            }
            community.fill(&world.population, number);
            for &class in &community.columns.class[..community.shape.users as usize] {
                own.by_class[usize::from(class)] += 1;
            }
            if let Some(business) = &mut own.business {
                business.add(world, &community, &let_out);
            }
        }
        all.lock().unwrap_or_else(PoisonError::into_inner).merge(&own);
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}
