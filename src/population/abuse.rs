//! Abusive accounts of a community: the few whose days differ from everybody's.

use super::layout::CommunityInfo;
use super::people::People;

/// An abusive account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbusiveAccount {
    /// Local index of the user.
    pub user: u16,
    /// Index of the abuse class.
    pub class: u8,
}

impl People {
    /// Lists the abusive accounts of a community, in the order of local indices: those of whom [`Person::abuse`](super::Person::abuse) is not 0.
    pub fn abusive(&self, shape: &CommunityInfo, to: &mut Vec<AbusiveAccount>) {
        to.clear();
        if !self.somebody_abuses() {
            return;
        }
        let stream = self.streams(shape.number)[2];
        for user in 0..shape.users {
            let class = self.abuse_of(stream.at(user.into()));
            if class > 0 {
                to.push(AbusiveAccount { user: user as u16, class: class - 1 });
            }
        }
    }
}
