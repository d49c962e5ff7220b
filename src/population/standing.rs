//! Who is a user, who else may stand in an address book, and who stands in none; and how old each are.

use super::layout::CommunityInfo;
use crate::scenario::schema::AgeBand;

/// What a person is to address books. Local indices of a community lie in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Has an account with the service, or had one.
    User = 0,
    /// Has none, and may stand in address books.
    Listable = 1,
    /// Has none, and stands in no address book.
    Unlisted = 2,
}

impl CommunityInfo {
    /// Non-users of the community who may stand in an address book, if a share `unlisted` stands in none.
    #[inline(always)]
    pub fn listable(&self, unlisted: f64) -> u32 {
        // Not negative, so that this rounds.
        (f64::from(self.people - self.users) * (1.0 - unlisted) + 0.5) as u32
    }
}

/// Shares of people below the second age band, the third, ..., by [`Standing`]: among non-users a share `unlisted` is unlisted, each band in proportion to its
/// weight, as far as there are so many of it.
pub fn bands_by_standing(bands: &[AgeBand], unlisted: f64) -> [Vec<f64>; 3] {
    let share = |factor: f64| bands.iter().map(|b| b.share * (factor * b.unlisted).min(1.0)).sum::<f64>();
    // The share of unlisted rises with the factor.
    let (mut low, mut high) = (0.0, 1e12);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if share(middle) < unlisted { low = middle } else { high = middle }
    }
    let factor = (low + high) / 2.0;
    // Where no band with a weight is left, all the others are as likely.
    let rest = ((unlisted - share(factor)) / (1.0 - share(factor)).max(1e-12)).clamp(0.0, 1.0);
    let of_band = |b: &AgeBand| {
        let first = (factor * b.unlisted).min(1.0);
        first + (1.0 - first) * rest
    };
    [
        ends(bands.iter().map(|b| b.share)),
        ends(bands.iter().map(|b| b.share * (1.0 - of_band(b)))),
        ends(bands.iter().map(|b| b.share * of_band(b))),
    ]
}

/// Shares up to the end of each of these but the last, of all.
fn ends(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let weights: Vec<f64> = weights.map(|weight| weight.max(0.0)).collect();
    let total: f64 = weights.iter().sum();
    let mut sum = 0.0;
    let ends = weights.iter().map(|weight| {
        sum += weight;
        if total > 0.0 { sum / total } else { 1.0 }
    });
    let mut ends: Vec<f64> = ends.collect();
    // Beyond the last band with a weight is nobody.
    if let Some(last) = weights.iter().rposition(|weight| *weight > 0.0) {
        ends[last..].fill(1.0);
    }
    ends.pop();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::schema::Quality;

    fn bands(of: &[(f64, f64)]) -> Vec<AgeBand> {
        let band = |&(share, unlisted): &(f64, f64)| AgeBand {
            id: "a".into(),
            share,
            activity: 1.0,
            minor: false,
            unlisted,
            objection_shift: 0.0,
            source: String::new(),
            quality: Quality::Assumed,
        };
        of.iter().map(band).collect()
    }

    fn near(got: &[f64], wanted: &[f64]) {
        assert!(got.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{got:?}, not {wanted:?}");
    }

    #[test]
    fn unlisted_people_are_of_the_bands_with_more_weight() {
        let [users, listable, unlisted] = bands_by_standing(&bands(&[(0.2, 6.0), (0.8, 1.0)]), 0.15);
        // Six times as likely: p and 6 p with .2 * 6 p + .8 p = .15.
        near(&users, &[0.2]);
        near(&unlisted, &[0.6]);
        near(&listable, &[(0.2 - 0.09) / 0.85]);
    }

    #[test]
    fn no_band_has_more_unlisted_people_than_people() {
        let [_, listable, unlisted] = bands_by_standing(&bands(&[(0.1, 1.0), (0.9, 0.0)]), 0.4);
        near(&listable, &[0.0]);
        near(&unlisted, &[0.25]);
        for share in [0.0, 1.0] {
            let [_, listable, unlisted] = bands_by_standing(&bands(&[(0.1, 5.0), (0.9, 1.0)]), share);
            assert!(listable.iter().chain(&unlisted).all(|end| (0.0..=1.0).contains(end)));
        }
    }
}
