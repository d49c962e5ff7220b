//! A decision space, enumerated: what each says of every flow that can be, told in few lines.
//!
//! Values that no rule tells apart are one. For each context (span of days, purpose, category, kind, role) the people
//! concerned and the actors for which the answer is the same form a region; contexts with the same region are covered by
//! few boxes, and so is each region. Exact: every cell of the space is in a line with its answer, and in none with another.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::alike::Alike;
use super::box_cover::{Cell, cover};
use super::decision_space::{ContextClasses, Space, unravel};
use super::line::Line;
use super::merge_lines::merged;
use super::people::AskedPeople;
use super::question::{Answer, Asked};
use super::small_space::Flat;
use crate::policy::decide::flows;
use crate::policy::rule_index::{Block, Sets, TooMuch, Work};
use crate::scenario::Kind;

/// Most cells of a space that is covered as a whole.
const MOST_CELLS: usize = 30_000;

/// People concerned and actors, as sets of states: rows of subjects that go with the same actors.
type Region = Vec<(Box<[u64]>, Box<[u64]>)>;

impl Space<'_> {
    /// The lines of an answer about the flows of a query. `answer` is asked with the matching rules (of all policies, by
    /// their place among [`Space::rules`]) and the category, once for each combination that occurs; with `None` if there
    /// is no such flow, unless `flows_only`: then such cells are in a line or not, as it suits.
    ///
    /// # Errors
    /// If the rules tell so much apart that it would take more than seconds.
    pub fn lines<L: Clone + Ord>(
        &self,
        asked: &Asked,
        flows_only: bool,
        answer: impl FnMut(Option<&[usize]>, usize) -> Answer<L>,
    ) -> Result<Vec<Line<L>>, TooMuch> {
        self.lines_by(MOST_CELLS, asked, flows_only, answer)
    }

    /// As [`Space::lines`], with the size up to which a space is covered as a whole.
    ///
    /// # Errors
    /// As [`Space::lines`].
    pub fn lines_by<L: Clone + Ord>(
        &self,
        most_cells: usize,
        asked: &Asked,
        flows_only: bool,
        mut answer: impl FnMut(Option<&[usize]>, usize) -> Answer<L>,
    ) -> Result<Vec<Line<L>>, TooMuch> {
        let mut work = Work::of_a_question();
        let work = &mut work;
        let s = self.scenario;
        let query = asked.query;
        let flow = |purpose, kind, actor| flows(s, purpose, kind, actor);
        let chosen = |wanted: Option<usize>, n: usize| (0..n).filter(move |i| wanted.is_none_or(|w| w == *i));
        let day = query.date.map(|d| self.kernel.span_of(d));
        let from = asked.from.map_or(0, |day| self.kernel.span_of(day));
        let spans = Alike::new(chosen(day, self.kernel.spans()).filter(|&s| s >= from), |i| self.kernel.of_span(i));
        // Flows of values that are alike to the rules count as one, unless it matters whether there is a flow.
        let wanted = chosen(query.purpose, s.purposes.len()).filter(|p| asked.purposes >> p & 1 == 1);
        let purposes = Alike::new(wanted, |i| {
            let flows: Vec<u32> = match flows_only {
                true => Vec::new(),
                false => (0..Kind::COUNT).flat_map(|k| [flow(i, k, false), flow(i, k, true)]).collect(),
            };
            (self.kernel.of_purpose(i), flows)
        });
        let kinds = Alike::new(chosen(query.kind.map(|k| k as usize), Kind::COUNT), |i| {
            let flows: Vec<u32> = match flows_only {
                true => Vec::new(),
                false => (0..s.purposes.len()).flat_map(|p| [flow(p, i, false), flow(p, i, true)]).collect(),
            };
            (self.kernel.of_kind(i), flows)
        });
        let categories = Alike::new(chosen(query.category, s.categories.len()), |i| {
            let named: Vec<bool> = self.rules.iter().map(|r| r.categories >> i & 1 == 1).collect();
            let flows: Vec<bool> = match flows_only {
                true => Vec::new(),
                false => (0..s.purposes.len())
                    .flat_map(|p| (0..Kind::COUNT).flat_map(move |k| [false, true].map(|a| (p, k, a))))
                    .map(|(p, k, a)| flow(p, k, a) >> i & 1 == 1)
                    .collect(),
            };
            (named, flows)
        });
        let roles = Alike::new((0..2).filter(|&r| query.actor.is_none_or(|a| usize::from(a) == r)), |r| r);
        let contexts = ContextClasses { spans, purposes, categories, kinds, roles };
        // A small space is covered as a whole, which finds the fewest lines; a large one in two steps.
        let flat = Flat::new(self, asked, &contexts);
        if flat.cells() <= most_cells {
            return Ok(merged(flat.lines(flows_only, work, answer)?));
        }
        let ContextClasses { spans, purposes, categories, kinds, roles } = &contexts;
        let dims = [spans.len(), purposes.len(), categories.len(), kinds.len(), roles.len()];
        let people = AskedPeople::new(s.jurisdictions.len(), asked);

        // The regions of each label, with the contexts that have them; and whether there are flows in each context.
        let cells: usize = dims.iter().product();
        let mut flows_there = vec![false; cells];
        let mut found: BTreeMap<(bool, L, Region), Vec<usize>> = BTreeMap::new();
        let mut sets = Sets::default();
        let mut blocks: HashMap<(Box<[u64]>, usize), Block> = HashMap::new();
        let mut labels: HashMap<(u32, usize), (Option<L>, usize)> = HashMap::new();
        let mut matching: Vec<usize> = Vec::new();
        for (cell, there) in flows_there.iter_mut().enumerate() {
            let at = unravel(cell, &dims);
            let (category, role) = (categories.first(at[2]), roles.first(at[4]));
            if !contexts.flows(s, at) {
                if !flows_only && let Answer::Is(label) = answer(None, category) {
                    found.entry((false, label, people.everybody(role == 1))).or_default().push(cell);
                }
                continue;
            }
            *there = true;
            work.take(self.kernel.of_context())?;
            let context = self.kernel.context(spans.first(at[0]), purposes.first(at[1]), kinds.first(at[3]), role == 1);
            let block = match blocks.entry((context, role)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let block = self.kernel.block_within(&new.key().0, role == 1, &mut sets, work)?;
                    new.insert(block)
                }
            };
            // A label may name all rules that match: to make, copy and compare it takes as long.
            let mut named = 0;
            let mut label = |set: u32| {
                let (label, rules) = labels.entry((set, at[2])).or_insert_with(|| {
                    matching.clear();
                    let hits = |&r: &usize| self.rules[r].categories >> category & 1 == 1;
                    matching.extend(self.kernel.rules(&sets.all[set as usize]).filter(hits));
                    match answer(Some(&matching), category) {
                        Answer::Is(label) => (Some(label), matching.len()),
                        Answer::No => (None, 0),
                    }
                });
                named += 1 + *rules;
                label.clone()
            };
            for (label, region) in people.regions(block, role == 1, &mut label) {
                found.entry((true, label, region)).or_default().push(cell);
            }
            work.take(4 * named)?;
        }
        let mut lines = Vec::new();
        for ((flow, label, region), wanted) in found {
            // What is true of flows may be said where there are none; that there are none, only there.
            let mut table: Vec<Cell> =
                flows_there.iter().map(|&f| if f || !flow { Cell::Unwanted } else { Cell::Free }).collect();
            for cell in wanted {
                table[cell] = Cell::Wanted;
            }
            for outer in cover(&dims, &table, work)? {
                for (subjects, actors) in people.boxes(&region, outer[4].iter().all(|&r| roles.first(r) == 1), work)? {
                    lines.push(Line {
                        label: label.clone(),
                        spans: spans.all(&outer[0]),
                        purposes: purposes.all(&outer[1]),
                        categories: categories.all(&outer[2]),
                        kinds: kinds.all(&outer[3]),
                        roles: roles.all(&outer[4]),
                        subjects: subjects.clone(),
                        actors: actors.clone(),
                    });
                }
            }
        }
        Ok(merged(lines))
    }
}
