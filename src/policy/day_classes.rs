//! Of which merged class each person of a community is, day by day: the one place that says so.

use super::compile::Compiled;
use crate::population::Community;
use crate::simd::kernel;

/// Merged classes of the slots of the community at hand, on the day at hand.
#[derive(Clone, Debug, Default)]
pub struct DayClasses {
    class: Vec<u16>,
    /// How many of the community's leavers have left so far.
    left: usize,
}

impl DayClasses {
    /// Turns to a community, before its first day: nobody has left.
    pub fn begin(&mut self, compiled: &Compiled, community: &Community) {
        self.class.resize(community.columns.class.len(), 0);
        merge(&community.columns.class, &compiled.merged, &mut self.class);
        self.left = 0;
    }

    /// Turns to a day; days follow each other. Those who leave the service by it are of another class from now on: `leave` is called with
    /// the slot of each of them.
    pub fn turn_to(&mut self, compiled: &Compiled, community: &Community, day: u32, mut leave: impl FnMut(u32)) {
        while let Some(&(_, slot)) = community.leavers.get(self.left).filter(|(when, _)| *when <= day) {
            let class = &mut self.class[slot as usize];
            *class = compiled.left[usize::from(*class)];
            leave(slot);
            self.left += 1;
        }
    }

    /// By slot.
    pub fn all(&self) -> &[u16] {
        &self.class
    }
}

/// Merged classes.
#[kernel]
fn merge(class: &[u16], merged: &[u16], out: &mut [u16]) {
    for (out, &class) in out.iter_mut().zip(class) {
        *out = merged[usize::from(class)];
    }
}
