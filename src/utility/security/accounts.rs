//! What is known of accounts whatever they do: whether they are new, and what they have in common with accounts that were caught.

use crate::population::{AbusiveAccount, Community};
use crate::random::distribution::threshold;
use crate::random::{Domain, Key, Stream, mix};
use crate::scenario::Security;

/// Draws what is known of the accounts of communities.
#[derive(Clone, Debug)]
pub struct Accounts {
    key: Key,
    /// Words of 32 bits below these: an account is new, by kind.
    new: Vec<u64>,
    /// An ordinary account has it in common with one that was caught; an abusive one with those of its hand: by link.
    links: Vec<[u64; 2]>,
    /// A hand has had an account caught, by abuse class.
    caught: Vec<u64>,
    farms: Vec<u32>,
}

/// What decides about the accounts of a community.
#[derive(Clone, Debug, Default)]
pub struct CommunityAccounts {
    own: Stream,
    /// Of each abusive account, whether its hand has had one caught: by place in the list.
    caught: Vec<bool>,
}

impl Accounts {
    /// Those of a world.
    pub fn new(key: Key, asked: &Security) -> Self {
        let (ordinary, abusive) = &asked.new_accounts;
        let hand = |farm: &u32| threshold(1.0 - libm::pow(1.0 - asked.caught_at_registration, f64::from(*farm)));
        Accounts {
            key,
            new: std::iter::once(ordinary).chain(abusive).map(|&share| threshold(share)).collect(),
            links: asked.links.iter().map(|link| [threshold(link.by_chance), threshold(link.carries)]).collect(),
            caught: asked.farms.iter().map(hand).collect(),
            farms: asked.farms.clone(),
        }
    }

    /// Those of a community. Accounts of a class are of one hand as they follow one another: so many as the class's farms have.
    pub fn of(&self, community: &Community) -> CommunityAccounts {
        let [own, hands, ..] = self.key.streams(Domain::Utility, community.shape.number.into(), 2, 0);
        let mut before = vec![0u32; self.farms.len()];
        let caught = |account: &AbusiveAccount| {
            let class = usize::from(account.class);
            let hand = before[class] / self.farms[class];
            before[class] += 1;
            hands.at((class as u64) << 32 | u64::from(hand)) >> 32 < self.caught[class]
        };
        let caught = community.abusive.iter().map(caught).collect();
        CommunityAccounts { own, caught }
    }

    /// Whether a user's account is new. `kind` is 0, or 1 + index of the abuse class.
    pub fn is_new(&self, of: &CommunityAccounts, user: u32, kind: usize) -> bool {
        of.own.at(user.into()) >> 32 < self.new[kind]
    }

    /// Whether a user's account has something in common with one that was caught. `place` is that among the abusive accounts.
    pub fn is_linked(&self, of: &CommunityAccounts, user: u32, place: Option<usize>, link: usize) -> bool {
        let word = mix(of.own.at(user.into()).wrapping_add(1 + link as u64)) >> 32;
        let [by_chance, carries] = self.links[link];
        word < by_chance || place.is_some_and(|place| of.caught[place] && word < carries)
    }
}
