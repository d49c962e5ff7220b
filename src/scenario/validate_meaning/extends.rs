//! Which policy has the rules of which: no circles, and no more rules in all than can be held.

use std::collections::HashMap;

use super::Checker;
use crate::scenario::diagnostic::{Diagnostic, list};
use crate::scenario::place::Place;
use crate::scenario::schema;
use crate::scenario::source::Path;

/// Most policies that lie below one that extends them.
pub const MAX_BASES: usize = 32;
/// Most rules of a policy, those of its bases included.
pub const MAX_RULES: usize = 4096;
/// Most rules of all policies, each with those of its bases.
pub const MAX_ALL_RULES: usize = 100_000;
/// Policies of a circle that are pointed at.
const MOST_SHOWN: usize = 8;

impl Checker<'_> {
    /// The base of each policy. None at all if following them would not end, or lead to too many rules: that is reported.
    pub(super) fn bases(&mut self, file: &schema::File) -> Vec<Option<usize>> {
        let mut index: HashMap<&str, usize> = HashMap::new();
        for (i, p) in file.policies.iter().enumerate() {
            index.entry(&p.id).or_insert(i);
        }
        let ids: Vec<&str> = file.policies.iter().map(|p| p.id.as_str()).collect();
        let mut bases = vec![None; file.policies.len()];
        for (i, p) in file.policies.iter().enumerate() {
            let Some(base) = &p.extends else { continue };
            bases[i] = index.get(base.as_str()).copied();
            if bases[i].is_none() {
                self.unknown(&extends(i), "policy", base, &ids);
            }
        }
        let Some(order) = self.bases_first(file, &bases) else { return Vec::new() };
        if self.bounded(file, &bases, &order) { bases } else { Vec::new() }
    }

    /// All policies, each after its base; none if some extend each other in a circle.
    fn bases_first(&mut self, file: &schema::File, bases: &[Option<usize>]) -> Option<Vec<usize>> {
        // 0 for what was not looked at, otherwise 1 + the policy from which it was reached first.
        let mut reached = vec![0; bases.len()];
        let mut order = Vec::with_capacity(bases.len());
        let mut circular = false;
        for start in 0..bases.len() {
            let mut way = Vec::new();
            let mut next = Some(start);
            while let Some(at) = next.filter(|&at| reached[at] == 0) {
                reached[at] = start + 1;
                way.push(at);
                next = bases[at];
            }
            if let Some(at) = next.filter(|&at| reached[at] == start + 1) {
                let from = way.iter().position(|&p| p == at).unwrap_or(0);
                let mut circle = way[from..].to_vec();
                // Reported at the first of them in the file.
                let first = (0..circle.len()).min_by_key(|&i| circle[i]).unwrap_or(0);
                circle.rotate_left(first);
                self.circle(file, &circle);
                circular = true;
            }
            order.extend(way.into_iter().rev());
        }
        (!circular).then_some(order)
    }

    /// Policies that extend each other, or one that extends itself.
    fn circle(&mut self, file: &schema::File, circle: &[usize]) {
        let place = |i: usize| self.root.locate_nearest(&extends(i)).place.clone();
        let names: Vec<&str> = circle.iter().map(|&i| file.policies[i].id.as_str()).collect();
        let message = match names[..] {
            [one] => format!("policy `{one}` extends itself"),
            _ => format!("policies {} extend each other in a circle", list(&names, "and")),
        };
        let mut problem = Diagnostic::error(message).at(&place(circle[0]), "comes back here in the end");
        for &i in circle.iter().skip(1).take(MOST_SHOWN) {
            problem = problem.also(&place(i), "by way of this");
        }
        self.report(
            problem
                .help("take one `extends` out")
                .hint("a policy that extends another has the other's rules besides its own"),
        );
    }

    /// Whether chains of bases and numbers of rules are within their bounds. The first policy beyond each is reported.
    fn bounded(&mut self, file: &schema::File, bases: &[Option<usize>], order: &[usize]) -> bool {
        let mut depth = vec![0; bases.len()];
        let mut rules = vec![0; bases.len()];
        let mut all = 0;
        for &i in order {
            let (below, theirs) = bases[i].map_or((0, 0), |b| (depth[b] + 1, rules[b]));
            (depth[i], rules[i]) = (below, theirs + file.policies[i].rules.len());
            all += rules[i];
            let id = &file.policies[i].id;
            let place: Place = self.root.locate_nearest(&extends(i)).place.clone();
            let problem = if depth[i] > MAX_BASES {
                Diagnostic::error(format!("policy `{id}` extends another that extends another, {} deep", depth[i]))
                    .at(&place, format!("at most {MAX_BASES} deep"))
                    .help("write the rules that several share into one policy, and let those extend it")
            } else if rules[i] > MAX_RULES {
                Diagnostic::error(format!("policy `{id}` has {} rules, those that it extends included", rules[i]))
                    .at(&place, format!("at most {MAX_RULES}"))
                    .help("say the same in fewer rules: a rule may name several purposes, categories and jurisdictions")
            } else if all > MAX_ALL_RULES {
                Diagnostic::error(format!(
                    "the policies have more than {MAX_ALL_RULES} rules, those that they extend included"
                ))
                .at(&place, "beyond here")
                .help("compare fewer policies at once, or policies with fewer rules")
            } else {
                continue;
            };
            self.report(problem);
            return false;
        }
        true
    }
}

fn extends(policy: usize) -> Path {
    Path::root().key("policy").index(policy).key("extends")
}
