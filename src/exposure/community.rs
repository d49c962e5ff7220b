//! A community that a worker's counters are turned to.

use super::day::DayExposure;
use super::jurisdiction_classes::MOST_CLASSES;
use super::worker::Exposure;
use crate::population::Community;

/// A worker's counters, turned to a community.
#[derive(Debug)]
pub struct CommunityExposure<'c, 'a> {
    exposure: &'c mut Exposure<'a>,
    community: &'c Community,
}

impl<'a> Exposure<'a> {
    /// Turns to a community.
    pub fn community<'c>(&'c mut self, community: &'c Community) -> CommunityExposure<'c, 'a> {
        self.class.begin(self.compiled, community);
        self.first_class.clear();
        if !community.leavers.is_empty() {
            self.first_class.extend_from_slice(self.class.all());
        }
        self.volume.begin(community.shape.jurisdiction, &mut self.exceedance);
        let home = self.volume.home();
        self.reach.begin(self.class.all(), community.shape.people, (home.first, home.all));
        self.numbered = if home.all <= MOST_CLASSES { community.shape.people as usize } else { 0 };
        CommunityExposure { exposure: self, community }
    }
}

impl<'a> CommunityExposure<'_, 'a> {
    /// Turns to a day; days follow each other. Those who leave the service on it are of another class from now on. `counts` says whether counts
    /// will be given where they tell as much as events: [`DayExposure::counts`] then says whether they do.
    pub fn day(&mut self, day: u32, counts: bool) -> DayExposure<'_, 'a> {
        let CommunityExposure { exposure, community } = self;
        exposure.volume.begin_day(day);
        exposure.class.turn_to(exposure.compiled, community, day, |slot| exposure.reach.leave(slot));
        DayExposure::new(exposure, community, day, counts)
    }

    /// Ends the community.
    pub fn end(self) {
        let (reach, class, exceedance) = self.exposure.people_counters();
        reach.end_community(class, exceedance);
    }
}
