//! Lines of an answer that say the same of neighbouring flows, as one.

use std::collections::BTreeMap;

use super::line::Line;
use crate::policy::rule_index::Status;

/// Lines that differ in one dimension only become one, until there are none.
pub fn merged<L: Clone + Ord>(lines: Vec<Line<L>>) -> Vec<Line<L>> {
    // A label may name thousands of rules: as numbers in the same order, labels are compared at once.
    let mut labels: Vec<L> = lines.iter().map(|l| l.label.clone()).collect();
    labels.sort_unstable();
    labels.dedup();
    let number = |line: Line<L>| {
        let number = labels.partition_point(|label| *label < line.label);
        line.labelled(number)
    };
    let merged = merged_by_number(lines.into_iter().map(number).collect());
    let with_label = |line: Line<usize>| {
        let label = labels[line.label].clone();
        line.labelled(label)
    };
    merged.into_iter().map(with_label).collect()
}

fn merged_by_number(mut lines: Vec<Line<usize>>) -> Vec<Line<usize>> {
    loop {
        let before = lines.len();
        for dimension in 0..11 {
            let mut groups: BTreeMap<Line<usize>, Vec<usize>> = BTreeMap::new();
            for mut line in lines.drain(..) {
                let values = std::mem::take(line.dimensions()[dimension]);
                groups.entry(line).or_default().extend(values);
            }
            lines.extend(groups.into_iter().map(|(mut line, mut values)| {
                values.sort_unstable();
                values.dedup();
                *line.dimensions()[dimension] = values;
                line
            }));
        }
        join_roles(&mut lines);
        if lines.len() == before {
            return lines;
        }
    }
}

/// A line about actors goes with one about counterparties that says the same: a non-user never acts, so it does not matter
/// whether the line about actors names non-users.
fn join_roles(lines: &mut Vec<Line<usize>>) {
    const NON_USER: usize = Status::NonUser as usize;
    let plain = |line: &Line<usize>| {
        let mut line = line.clone();
        line.subjects.statuses.retain(|&s| s != NON_USER);
        line.roles.clear();
        line
    };
    let mut of_counterparties: BTreeMap<Line<usize>, usize> = BTreeMap::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, l)| l.roles == [0]) {
        of_counterparties.insert(plain(line), i);
    }
    let mut gone = vec![false; lines.len()];
    let mut joined = Vec::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, l)| l.roles == [1]) {
        if let Some(other) = of_counterparties.remove(&plain(line)) {
            gone[i] = true;
            joined.push(other);
        }
    }
    for counterparty in joined {
        lines[counterparty].roles = vec![0, 1];
    }
    let mut gone = gone.into_iter();
    lines.retain(|_| !gone.next().unwrap_or_default());
}
