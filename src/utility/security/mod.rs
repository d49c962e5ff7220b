//! Security: how well abusive accounts are found, and what the parent adds to it, a model.
//!
//! A transparent score: points of three groups of signals add up, and whoever has most is banned. Points are decibans by which a signal speaks for abuse (Good 1950): ten stand for ten times as
//! likely. All of them stand in the scenario.
//!
//! 1. *The account's own doings*: how many people it writes to on a day, how many of them do not answer, groups, and whether the account is new. The service sees them itself, under any policy.
//! 2. *Links* to accounts that were caught when they registered, by device, network or block of numbers. The service sees these too.
//! 3. *What the parent returns*: whether the same person has an account with it, and how that stands; and marks. Only what a policy lets out for the purpose finds an account there.
//!
//! ```text
//! events ─► BehaviourObserver ─► AccountCounts ─────────────► ParentKnowledge ──────► ScoreCounts ─► recall at a share of
//!           points of each day   points of groups 1 and 2,    what is added under     by policy,     false bans, subsets,
//!           account by account   by class of people, by day   a set of categories     by subset      Shapley values, rows
//! ```
//!
//! What the parent returns depends on nothing that happens in the model's world but on who has an account there, so it is not drawn: scores are added up with its probabilities. Labels exist in the
//! simulator alone: nobody outside knows who is abusive. Every figure is a model's, no measurement.

mod account_counts;
mod accounts;
mod behaviour;
mod detector;
mod necessity;
mod parent_knowledge;
mod rows;
mod variation;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

pub use account_counts::AccountCounts;
pub use accounts::{Accounts, CommunityAccounts};
pub use rows::{MODEL, NECESSITY, security_row_count, security_rows};

use crate::scenario::Security;
use crate::simulate::{Replay, Simulation, Threads};
use behaviour::BehaviourObserver;

/// Counts the accounts of all communities of a world.
pub fn count(world: &Simulation, asked: &Security, threads: &Threads) -> AccountCounts {
    let all = Mutex::new(AccountCounts::new(world, asked));
    let next = AtomicU32::new(0);
    let communities = world.population.layout.communities();
    threads.each(|_| {
        let mut replay = Replay::new(world);
        let mut observer = BehaviourObserver::new(world, asked);
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= communities {
                break;
            }
            replay.community(number, 0..world.scenario.days, &mut observer);
        }
        all.lock().unwrap_or_else(PoisonError::into_inner).merge(&observer.counts);
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}
