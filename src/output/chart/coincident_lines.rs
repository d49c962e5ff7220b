//! Lines that lie on each other: which they are, and what their common label says.

use super::Named;
use super::layout::wrap;
use super::row_index::DayCount;
use super::theme::BODY;

/// Lines closer than this everywhere are one line to the eye.
const TOUCH: f64 = 0.75;

/// Lines that coincide, drawn as one.
pub struct Strand {
    /// Policies, by index.
    pub members: Vec<usize>,
    /// All equal to the last digit, or only too close to tell apart?
    pub equal: bool,
    /// The end label: a line of text and the policy it belongs to.
    pub label: Vec<(String, usize)>,
}

/// Groups the policies whose lines cannot be told apart when a person is `scale` pixels, and words their labels.
pub fn strands(policies: &[Named], series: &[&[DayCount]], scale: f64, width: f64) -> Vec<Strand> {
    let mut strands: Vec<Strand> = Vec::new();
    for (i, days) in series.iter().enumerate().filter(|(_, s)| !s.is_empty()) {
        let gap = |s: &Strand| {
            let other = series[s.members[0]];
            let same_days = other.len() == days.len() && other.iter().zip(*days).all(|(a, b)| a.0 == b.0);
            same_days.then(|| other.iter().zip(*days).map(|(a, b)| (a.1 - b.1).abs()).fold(0.0, f64::max))
        };
        match strands.iter_mut().find_map(|s| gap(s).filter(|g| g * scale < TOUCH).map(|g| (s, g))) {
            Some((strand, gap)) => {
                strand.members.push(i);
                strand.equal &= gap == 0.0;
            }
            None => strands.push(Strand { members: vec![i], equal: true, label: Vec::new() }),
        }
    }
    for strand in &mut strands {
        let sign = if strand.equal { "=" } else { "≈" };
        for (k, &i) in strand.members.iter().enumerate() {
            let text = if k == 0 { policies[i].title.clone() } else { format!("{sign}\u{a0}{}", policies[i].title) };
            strand.label.extend(wrap(&text, width, BODY, true, 2).into_iter().map(|line| (line, i)));
        }
    }
    strands
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn equal_and_nearly_equal_lines_are_told_apart() {
        let named = |id: &str| Named { id: id.into(), title: id.to_owned() };
        let days = |v: f64| -> Vec<DayCount> {
            let day = |d| NaiveDate::from_ymd_opt(2018, 1, d).unwrap();
            vec![(day(1), v), (day(2), 2.0 * v)]
        };
        let policies = ["full", "same", "near", "far", "none"].map(named);
        let lines = [days(1000.0), days(1000.0), days(1001.0), days(9000.0), Vec::new()];
        let series: Vec<&[DayCount]> = lines.iter().map(Vec::as_slice).collect();
        let found = strands(&policies, &series, 0.01, 200.0);
        let members: Vec<_> = found.iter().map(|s| (s.members.clone(), s.equal)).collect();
        assert_eq!(members, [(vec![0, 1, 2], false), (vec![3], true)]);
        assert_eq!(found[0].label[2].0, "≈\u{a0}near");
        assert_eq!(strands(&policies[..2], &series[..2], 0.01, 200.0)[0].label[1].0, "=\u{a0}same");
    }
}
