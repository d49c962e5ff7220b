//! A thousand rules over thirty countries, held against the plain semantics. How fast it is compiled and asked is a
//! benchmark's business (benches/policy.rs).

mod common;

use common::thousand;
use outflow::policy::analysis::{Strictness, check, diff};
use outflow::policy::{Compiled, DecisionIndex, Role, Setting, Work, disclosed, idle_rules};
use outflow::population::Classes;
use outflow::scenario::Kind;

/// The checks before a run bound their work: not below what such policies need.
#[test]
fn a_thousand_rules_are_not_too_many() {
    for by_actor in [false, true] {
        let scenario = thousand(by_actor);
        assert!(Compiled::within(&scenario, &Classes::new(&scenario), &mut Work::bounded()).is_ok(), "{by_actor}");
        assert_eq!(idle_rules(&scenario).unsearched, 0, "{by_actor}");
    }
}

#[test]
fn a_thousand_rules_decide_as_one_by_one() {
    for by_actor in [false, true] {
        let scenario = thousand(by_actor);
        let classes = Classes::new(&scenario);
        let compiled = Compiled::new(&scenario, &classes);
        let all = classes.all();
        let mut let_out = 0;
        for n in 0..3_000u64 {
            let take = |part: u64, of: usize| (outflow::random::mix(n * 16 + part) % of as u64) as usize;
            let (policy, purpose, day) = (take(0, 3), take(1, 3), take(2, 60) as u32);
            let kind = Kind::ALL[take(3, Kind::COUNT)];
            let (subject, actor) = (take(4, all.len()), take(5, all.len()));
            if !all[actor].has_account() {
                continue;
            }
            let setting = Setting {
                purpose,
                kind,
                role: Role::Counterparty,
                subject: &all[subject],
                actor: &all[actor],
                date: scenario.date(day),
            };
            let (collects, asked) = (&scenario.kinds[kind as usize], &scenario.purposes[purpose]);
            let expected = disclosed(&scenario.policies[policy], collects, asked, &setting);
            let at = DecisionIndex { period: compiled.period_of(day), policy, purpose, kind: kind as usize };
            let merged = |class: usize| usize::from(compiled.merged[class]);
            let group = usize::from(compiled.actor_group[merged(actor)]);
            assert_eq!(compiled.counterparty_mask(at, group, merged(subject), 0), expected);
            let_out += expected.count_ones();
        }
        assert!(let_out > 1_000, "{let_out}");
    }
}

#[test]
fn a_thousand_rules_answer() {
    let scenario = thousand(true);
    let [thousand, fewer, one] = [0, 1, 2].map(|i| &scenario.policies[i]);
    // Forbids, in the main: more of them are stricter.
    assert_eq!(diff(&scenario, [thousand, one]).expect("not too much").order, Strictness::FirstStricter);
    assert_eq!(diff(&scenario, [fewer, one]).expect("not too much").order, Strictness::FirstStricter);
    assert_eq!(diff(&scenario, [fewer, fewer]).expect("not too much").order, Strictness::Equal);
    assert!(!check(&scenario, thousand, &scenario.orders[0]).expect("not too much").is_empty());
}
