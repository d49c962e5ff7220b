//! What lines are called: at their right end where there is room, else in a list above them; lines that lie on each other share a name.

use super::line::Line;
use crate::output::chart::canvas::{Canvas, Face};
use crate::output::chart::hues::Hue;
use crate::output::chart::layout::{Wish, spread, wrap};
use crate::output::chart::theme::{BODY, Tone};

/// Lines closer than this everywhere are one line to the eye.
const TOUCH: f64 = 0.9;
/// Height of a line of a name.
pub const LEADING: f64 = 16.5;
/// From the end of a line to its name.
pub const LEADER: f64 = 18.0;
/// Length of the stroke before a name in a list.
const STROKE: f64 = 16.0;

/// Lines that coincide, drawn as one.
pub struct Strand {
    /// Lines, by index.
    pub members: Vec<usize>,
    /// All equal to the last digit, or only too close to tell apart?
    pub equal: bool,
}

/// Groups the lines whose places on the sheet cannot be told apart.
pub fn strands(lines: &[Line], y: &dyn Fn(f64) -> f64) -> Vec<Strand> {
    let mut strands: Vec<Strand> = Vec::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| !line.points.is_empty()) {
        let gap = |strand: &Strand| {
            let other = &lines[strand.members[0]];
            let same_places = other.points.len() == line.points.len()
                && other.dots == line.dots
                && other.points.iter().zip(&line.points).all(|(a, b)| a.0 == b.0);
            same_places.then(|| {
                let pairs = || other.points.iter().zip(&line.points);
                let apart = pairs().map(|(a, b)| (y(a.1) - y(b.1)).abs()).fold(0.0, f64::max);
                (apart, pairs().all(|(a, b)| a.1 == b.1))
            })
        };
        match strands.iter_mut().find_map(|s| gap(s).filter(|g| g.0 < TOUCH).map(|g| (s, g.1))) {
            Some((strand, equal)) => {
                strand.members.push(i);
                strand.equal &= equal;
            }
            None => strands.push(Strand { members: vec![i], equal: true }),
        }
    }
    strands
}

/// A strand's name: lines of text, each with the colour of the line that it names.
fn named(strand: &Strand, lines: &[Line], width: f64) -> Vec<(String, Hue)> {
    let sign = if strand.equal { "=" } else { "≈" };
    let of = |(k, &i): (usize, &usize)| {
        let text = if k == 0 { lines[i].name.clone() } else { format!("{sign}\u{a0}{}", lines[i].name) };
        wrap(&text, width, BODY, true, 3).into_iter().map(move |line| (line, lines[i].hue)).collect::<Vec<_>>()
    };
    strand.members.iter().enumerate().flat_map(of).collect()
}

/// Names at the right of a panel.
pub struct EndNames {
    texts: Vec<Vec<(String, Hue)>>,
    /// Height that they need.
    pub height: f64,
}

impl EndNames {
    /// Of strands, in a column so wide.
    pub fn new(strands: &[Strand], lines: &[Line], width: f64) -> Self {
        let texts: Vec<_> = strands.iter().map(|strand| named(strand, lines, width)).collect();
        let height = texts.iter().map(|text| text.len() as f64 * LEADING + 3.0).sum();
        Self { texts, height }
    }

    /// Writes them, each as near as may be to where its strand ends: `ends` in the order of the strands, `x` where names begin.
    pub fn draw(&self, sheet: &mut Canvas, ends: &[(f64, f64)], x: f64, (top, bottom): (f64, f64)) {
        let mut order: Vec<usize> = (0..self.texts.len()).filter(|&i| !self.texts[i].is_empty()).collect();
        order.sort_by(|&a, &b| ends[a].1.total_cmp(&ends[b].1));
        let lines = |i: usize| self.texts[i].len() as f64;
        // The first line of a name would like to stand where the line ends.
        let wish =
            |&i: &usize| Wish { at: ends[i].1 + LEADING * (lines(i) - 1.0) / 2.0, height: lines(i) * LEADING + 3.0 };
        let wishes: Vec<Wish> = order.iter().map(wish).collect();
        for (&i, centre) in order.iter().zip(spread(&wishes, top - 4.0, bottom + 8.0)) {
            let (end, y) = ends[i];
            let first = centre - LEADING * (lines(i) - 1.0) / 2.0;
            if (first - y).abs() > 3.0 || x - end > LEADER + 1.0 {
                let knee = (x - LEADER + 5.0).max(end + 2.0);
                sheet.line(&[(end + 2.0, y), (knee, y), (x - 4.0, first)], 0.8, Tone::Axis);
            }
            for (k, (text, hue)) in self.texts[i].iter().enumerate() {
                let face = Face::new(BODY, Tone::Text(*hue)).bold();
                sheet.text(x, first + k as f64 * LEADING + BODY * 0.36, text, face);
            }
        }
    }
}

/// Names in a list, those of lines that end highest first; returns the height that it takes.
pub fn list(sheet: &mut Canvas, strands: &[Strand], lines: &[Line], y: f64, width: f64) -> f64 {
    let last = |strand: &Strand| lines[strand.members[0]].points.last().map_or(0.0, |p| p.1);
    let mut order: Vec<&Strand> = strands.iter().collect();
    order.sort_by(|a, b| last(b).total_cmp(&last(a)));
    let mut at = y + LEADING;
    for strand in order {
        let first = lines[strand.members[0]].hue;
        sheet.line(&[(0.0, at - BODY * 0.36), (STROKE, at - BODY * 0.36)], 3.0, Tone::Fill(first));
        for (text, hue) in named(strand, lines, width - STROKE - 8.0) {
            sheet.text(STROKE + 7.0, at, &text, Face::new(BODY, Tone::Text(hue)).bold());
            at += LEADING;
        }
    }
    at - LEADING - y + 6.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::hues::PLAIN;

    #[test]
    fn equal_and_nearly_equal_lines_are_told_apart() {
        let line = |name: &str, v: f64| Line {
            name: name.to_owned(),
            hue: PLAIN,
            points: vec![(1.0, v), (2.0, 2.0 * v)],
            band: Vec::new(),
            dots: false,
        };
        let mut lines: Vec<Line> =
            [("full", 1000.0), ("same", 1000.0), ("near", 1001.0), ("far", 9000.0)].map(|(n, v)| line(n, v)).to_vec();
        lines.push(Line { points: Vec::new(), ..line("none", 0.0) });
        let found = strands(&lines, &|value| value * 0.01);
        let members: Vec<_> = found.iter().map(|s| (s.members.clone(), s.equal)).collect();
        assert_eq!(members, [(vec![0, 1, 2], false), (vec![3], true)]);
        assert_eq!(named(&found[0], &lines, 200.0)[2].0, "≈\u{a0}near");
        let equal = strands(&lines[..2], &|value| value * 0.01);
        assert_eq!(named(&equal[0], &lines, 200.0)[1].0, "=\u{a0}same");
    }
}
