//! Policies: rules as masks, those of `extends` included.

use std::sync::Arc;

use super::{Checker, Names};
use crate::scenario::kind::Kind;
use crate::scenario::source::Path;
use crate::scenario::{Policy, Resolution, Rule, RuleText, RuleWords, schema};

impl Checker<'_> {
    pub(super) fn policies(&mut self, file: &schema::File, names: &Names) -> Vec<Policy> {
        let bases = self.bases(file);
        let own: Vec<Vec<(Rule, Arc<RuleText>)>> = (0..file.policies.len())
            .map(|i| {
                let path = Path::root().key("policy").index(i).key("rule");
                let p = &file.policies[i];
                let id: Arc<str> = p.id.as_str().into();
                let text = |r: usize| Arc::new(self.text(&path.index(r), &id, &p.rules[r], r));
                let texts: Vec<Arc<RuleText>> = (0..p.rules.len()).map(text).collect();
                let rules = p.rules.iter().enumerate().map(|(r, rule)| self.rule(&path.index(r), rule, names));
                rules.zip(texts).collect()
            })
            .collect();
        let with_bases = |(i, p): (usize, &schema::PolicyEntry)| {
            let chain = std::iter::successors(Some(i), |&at| bases.get(at).copied().flatten());
            let (rules, texts) = chain.flat_map(|at| own[at].iter().cloned()).unzip();
            Policy {
                id: p.id.as_str().into(),
                title: p.title.clone(),
                source: p.source.clone(),
                own: own[i].len(),
                rules,
                texts,
                tests: Vec::new(),
            }
        };
        file.policies.iter().enumerate().map(with_bases).collect()
    }

    fn text(&self, path: &Path, policy: &Arc<str>, r: &schema::RuleEntry, rule: usize) -> RuleText {
        RuleText {
            policy: policy.clone(),
            number: rule + 1,
            title: r.title.clone(),
            source: r.source.clone(),
            place: self.root.locate_nearest(path).place.clone(),
            words: RuleWords::new(r),
        }
    }

    fn rule(&mut self, path: &Path, rule: &schema::RuleEntry, names: &Names) -> Rule {
        let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.id()).collect();
        let mut mask = |key: &str, what: &str, list: &Option<Vec<String>>, known: &[&str]| match list {
            None => u64::MAX,
            Some(list) => {
                self.not_empty(path, key, list.is_empty());
                self.mask(&path.key(key), what, list, known)
            }
        };
        let checked = Rule {
            effect: rule.effect,
            resolution: Resolution::Exact,
            purposes: mask("purposes", "purpose", &rule.purposes, names.purposes) as u32,
            categories: mask("categories", "category", &rule.categories, names.categories) as u32,
            kinds: mask("kinds", "kind of event", &rule.kinds, &kinds) as u32,
            actor: rule.roles.as_ref().is_none_or(|r| r.contains(&schema::RoleWord::Actor)),
            counterparty: rule.roles.as_ref().is_none_or(|r| r.contains(&schema::RoleWord::Counterparty)),
            jurisdictions: mask("jurisdictions", "jurisdiction", &rule.jurisdictions, names.jurisdictions),
            actor_jurisdictions: mask(
                "actor_jurisdictions",
                "jurisdiction",
                &rule.actor_jurisdictions,
                names.jurisdictions,
            ),
            users: rule.subjects.as_ref().is_none_or(|s| s.contains(&schema::UserWord::User)),
            non_users: rule.subjects.as_ref().is_none_or(|s| s.contains(&schema::UserWord::NonUser)),
            parent_account: rule.parent_account,
            minor: rule.minor,
            choice: rule.choice.map(|c| (c, rule.choice_of.unwrap_or_default())),
            from: rule.from.map(|d| d.0),
            until: rule.until.map(|d| d.0),
        };
        self.not_empty(path, "roles", rule.roles.as_ref().is_some_and(Vec::is_empty));
        self.not_empty(path, "subjects", rule.subjects.as_ref().is_some_and(Vec::is_empty));
        if rule.choice.is_none() && rule.choice_of.is_some() {
            let help = "add choice = \"objects\" or choice = \"agrees\", or take choice_of out".into();
            self.error(
                &path.key("choice_of"),
                "`choice_of` says whose choice, but no choice is named".into(),
                "without `choice`",
                help,
            );
        }
        if let (Some(from), Some(until)) = (rule.from, rule.until)
            && from >= until
        {
            let message = format!("the rule never holds: it ends on {} and begins on {}", until.0, from.0);
            let help = format!("write a day after {} in `until`, or swap the two", from.0);
            self.error(&path.key("until"), message, "not after `from`", help);
            self.hint("`from` is the first day on which the rule holds, `until` the first on which it no longer does");
        }
        self.contradictions(path, rule, &checked);
        let resolution = self.resolution(path, rule, checked.categories, names);
        Rule { resolution, ..checked }
    }

    fn not_empty(&mut self, path: &Path, key: &str, empty: bool) {
        if empty {
            let help = format!("leave `{key}` out to match all, or name at least one");
            self.error(&path.key(key), format!("the rule matches nothing: `{key}` is empty"), "empty", help);
        }
    }

    /// What `as` says. `categories` is the rule's mask.
    fn resolution(&mut self, path: &Path, rule: &schema::RuleEntry, categories: u32, names: &Names) -> Resolution {
        let Some(t) = &rule.transform else { return Resolution::Exact };
        let path = path.key("as");
        if rule.effect == schema::Effect::Forbid {
            let help = "take `as` out, or write effect = \"permit\"".into();
            self.error(&path, "a forbid lets nothing out, so it can't coarsen it".into(), "on a forbid", help);
            self.hint(
                "to let out only something coarse, permit it with `as`, and let no other rule permit it as it is",
            );
        }
        let mut all = Vec::new();
        if let Some(bits) = t.hash_bits {
            if !(1..=256).contains(&bits) {
                let help = "write a number of bits between 1 and 256, such as 39".into();
                self.error(&path.key("hash_bits"), format!("a hash of {bits} bits"), "out of range", help);
            }
            all.push(Resolution::HashBits(bits));
        }
        if let Some(keyed) = t.keyed_hash {
            if !keyed {
                let help = "write keyed_hash = true, or leave `as` out to disclose the value as it is".into();
                self.error(&path.key("keyed_hash"), "`keyed_hash = false` says nothing".into(), "not true", help);
            }
            all.push(Resolution::KeyedHash);
        }
        if let Some(round) = t.round {
            let no_times: Vec<&str> = (0..names.categories.len())
                .filter(|i| categories & !names.times >> i & 1 == 1)
                .map(|i| names.categories[i])
                .collect();
            if let Some(first) = no_times.first() {
                let times: Vec<&str> = (0..names.categories.len())
                    .filter(|i| names.times >> i & 1 == 1)
                    .map(|i| names.categories[i])
                    .collect();
                let times: Vec<String> = times.iter().map(|t| format!("\"{t}\"")).collect();
                let help = match times.is_empty() {
                    true => "add time = true to the [[category]] that holds one".to_owned(),
                    false => format!("write categories = [{}] in the rule, or some of these", times.join(", ")),
                };
                let message = format!("`round` coarsens points in time, and `{first}` holds none");
                self.error(&path.key("round"), message, "nothing to round", help);
                self.hint("categories that hold a time say time = true in their [[category]]");
            }
            all.push(Resolution::Round(round));
        }
        if let Some(k) = t.aggregate_k {
            if k < 2 {
                let help = "a group of one is a person: write 2 or more, such as 50".into();
                self.error(&path.key("aggregate_k"), format!("groups of at least {k}"), "too small", help);
            }
            all.push(Resolution::Aggregate(k));
        }
        match all[..] {
            [one] => one,
            [] => {
                let help = "write one of hash_bits = 39, keyed_hash = true, round = \"day\", aggregate_k = 50".into();
                self.error(&path, "`as` does not say how".into(), "empty", help);
                Resolution::Exact
            }
            _ => {
                self.error(&path, "`as` says more than one thing".into(), "one key only", "keep one of them".into());
                self.hint("to coarsen categories in different ways write a rule for each");
                Resolution::Exact
            }
        }
    }
}
