//! What a study found, for the terminal.

use super::Study;
use super::results::Found;
use crate::cli::terminal;
use crate::output::number::{percent, plural};
use crate::output::sensitivity::{FigureName, Method, RankRow, in_words};

/// How many parameters are named for each figure.
const NAMED: usize = 5;
/// Most policies that have a column.
const MOST_COLUMNS: usize = 4;
/// Most pairs of policies that are told of.
const MOST_PAIRS: usize = 12;

impl Study<'_> {
    /// For each figure the parameters that matter most, and how stable the order of policies is.
    pub(super) fn summary(&self, found: &Found, outputs: &[Vec<f64>]) -> String {
        let mut text = String::new();
        for figure in &self.figures {
            text += &self.of_figure(figure, found, outputs);
        }
        let ranks: Vec<&RankRow> = found.ranks.iter().collect();
        if !ranks.is_empty() {
            text +=
                &format!("Policies beside each other, in {}:\n", plural(u64::from(ranks[0].draws), "draw", "draws"));
        }
        let title = |id: &str| {
            let policy = self.points.scenario.policies.iter().find(|p| &*p.id == id);
            policy.map_or_else(|| id.to_owned(), |p| terminal::title(&p.title))
        };
        for figure in &self.figures {
            let name = [&figure.metric, &figure.population, &figure.purpose];
            let of = |rank: &&&RankRow| rank.figure.iter().eq(name);
            for rank in ranks.iter().filter(of).take(MOST_PAIRS) {
                text += &format!("  {figure}: {}\n", ranked(rank, title));
            }
            let left = ranks.iter().filter(of).count().saturating_sub(MOST_PAIRS);
            if left > 0 {
                text += &format!("  {figure}: {left} more pairs are in tables/rank_stability.csv\n");
            }
        }
        text
    }

    fn of_figure(&self, figure: &FigureName, found: &Found, outputs: &[Vec<f64>]) -> String {
        let scenario = &self.points.scenario;
        let policies: Vec<usize> = (0..scenario.policies.len().min(MOST_COLUMNS)).collect();
        let main = self.method.main_index();
        let share = self.is_share(figure);
        let written = |x: f64| match self.method {
            Method::Sobol => percent(x),
            Method::Morris { .. } if share => format!("{:.1}", x * 100.0),
            Method::Morris { .. } if x < 100.0 => format!("{x:.2}"),
            Method::Morris { .. } => terminal::short(x),
        };
        let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
        for parameter in &self.parameters {
            let of_parameter: Vec<_> =
                self.of_index(&found.indices, figure, main).filter(|row| *row.parameter[0] == *parameter.key).collect();
            let mut cells = vec![format!("  {}", parameter.title)];
            let mut most: f64 = 0.0;
            for &policy in &policies {
                let row = of_parameter.iter().find(|row| row.policy == scenario.policies[policy].id);
                let value = row.and_then(|row| row.value).unwrap_or(0.0);
                most = most.max(value);
                cells.push(match row.and_then(|row| row.interval) {
                    Some((lo, hi)) if value > 0.0 => {
                        format!("{} ({} to {})", written(value), written(lo.max(0.0)), written(hi))
                    }
                    _ => written(value.max(0.0)),
                });
            }
            rows.push((most, cells));
        }
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        rows.retain(|row| row.0 > 0.0);
        rows.truncate(NAMED);
        let range: Vec<String> = policies.iter().filter_map(|&policy| self.range_of(figure, policy, outputs)).collect();
        let head =
            format!("{} ({figure})\n", in_words([&figure.metric, &figure.population, &figure.purpose], scenario));
        if rows.is_empty() {
            return head + "  no parameter that is varied moves it\n\n";
        }
        let what = match self.method {
            Method::Morris { .. } if share => "  moved most by (mean change across the range, percentage points)",
            Method::Morris { .. } => "  moved most by (mean change across the range)",
            Method::Sobol => "  variance due most to (total order)",
        };
        let titles: Vec<String> = policies.iter().map(|&p| terminal::title(&scenario.policies[p].title)).collect();
        let columns: Vec<&str> = std::iter::once(what).chain(titles.iter().map(String::as_str)).collect();
        let mut rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.1).collect();
        rows.push(std::iter::once("  the figure in all draws".to_owned()).chain(range).collect());
        head + &terminal::table(&columns, &rows, 1) + "\n"
    }

    /// From which to which value a figure goes in all draws.
    fn range_of(&self, figure: &FigureName, policy: usize, outputs: &[Vec<f64>]) -> Option<String> {
        let i = self.studied.iter().position(|s| s.policy == policy && figure.is(&s.row))?;
        let (lo, hi) = outputs[i].iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &x| (a.min(x), b.max(x)));
        let written = |x: f64| if self.studied[i].is_share() { percent(x) } else { terminal::short(x) };
        Some(format!("{} to {}", written(lo), written(hi)))
    }
}

/// Two policies in words: which has less, and how often.
fn ranked(rank: &RankRow, title: impl Fn(&str) -> String) -> String {
    let above = 1.0 - rank.below - rank.ties;
    let (less, more, share) = match rank.below >= above {
        true => (&rank.policies[0], &rank.policies[1], rank.below),
        false => (&rank.policies[1], &rank.policies[0], above),
    };
    let ties = match rank.ties {
        t if t <= 0.0 => String::new(),
        t if t >= 1.0 => return format!("“{}” and “{}” are the same in all draws", title(less), title(more)),
        t => format!(", the same in {}", percent(t)),
    };
    format!("“{}” is below “{}” in {} of the draws{ties}", title(less), title(more), percent(share))
}
