//! Figures of one run beside those of another.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::past_run::{FigureKey, PastRun};
use crate::exposure::{TableColumn, TableRow, Values};
use crate::statistics::{Estimate, Scale};

/// One figure of two runs: a row of `tables/compare`.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareRow {
    /// The run that is compared with `baseline`.
    pub run: std::sync::Arc<str>,
    /// The run that it is compared with.
    pub baseline: std::sync::Arc<str>,
    /// Policy, purpose, jurisdiction, population, category, metric.
    pub about: [std::sync::Arc<str>; 6],
    /// Unit of the metric.
    pub unit: std::sync::Arc<str>,
    /// Means over replicates, of the baseline and of the run.
    pub values: [f64; 2],
    /// Run minus baseline.
    pub absolute: f64,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// The same in percent of the baseline; none if that is 0.
    pub percent: Option<f64>,
    /// Its 95 % interval, of runs that saw the same worlds.
    pub percent_interval: Option<(f64, f64)>,
    /// Whether differences are taken world by world.
    pub paired: bool,
}

impl Serialize for CompareRow {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut fields = s.serialize_struct("CompareRow", 15)?;
        for (name, about) in
            ["policy", "purpose", "jurisdiction", "population", "category", "metric"].into_iter().zip(&self.about)
        {
            fields.serialize_field(name, &**about)?;
        }
        fields.serialize_field("value_baseline", &self.values[0])?;
        fields.serialize_field("value_run", &self.values[1])?;
        fields.serialize_field("absolute", &self.absolute)?;
        fields.serialize_field("lo", &self.interval.map(|i| i.0))?;
        fields.serialize_field("hi", &self.interval.map(|i| i.1))?;
        fields.serialize_field("percent", &self.percent)?;
        fields.serialize_field("percent_lo", &self.percent_interval.map(|i| i.0))?;
        fields.serialize_field("percent_hi", &self.percent_interval.map(|i| i.1))?;
        fields.serialize_field("unit", &*self.unit)?;
        fields.end()
    }
}

impl TableRow for CompareRow {
    const TABLE: &'static str = "compare";
    const IN_DIGEST: bool = false;
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::plain("run", Values::Name(|r| &r.run)),
        TableColumn::plain("baseline", Values::Name(|r| &r.baseline)),
        TableColumn::plain("policy", Values::Name(|r| &r.about[0])),
        TableColumn::plain("purpose", Values::Name(|r| &r.about[1])),
        TableColumn::plain("jurisdiction", Values::Name(|r| &r.about[2])),
        TableColumn::plain("population", Values::Name(|r| &r.about[3])),
        TableColumn::plain("category", Values::Name(|r| &r.about[4])),
        TableColumn::plain("metric", Values::Name(|r| &r.about[5])),
        TableColumn::plain("value_baseline", Values::Maybe(|r| Some(r.values[0]))),
        TableColumn::plain("value_run", Values::Maybe(|r| Some(r.values[1]))),
        TableColumn::plain("absolute", Values::Maybe(|r| Some(r.absolute))),
        TableColumn::plain("lo", Values::Maybe(|r| r.interval.map(|i| i.0))),
        TableColumn::plain("hi", Values::Maybe(|r| r.interval.map(|i| i.1))),
        TableColumn::plain("percent", Values::Maybe(|r| r.percent)),
        TableColumn::plain("percent_lo", Values::Maybe(|r| r.percent_interval.map(|i| i.0))),
        TableColumn::plain("percent_hi", Values::Maybe(|r| r.percent_interval.map(|i| i.1))),
        TableColumn::plain("paired", Values::Word(|r| if r.paired { "yes" } else { "no" })),
        TableColumn::plain("unit", Values::Name(|r| &r.unit)),
    ];
}

/// Figures that both runs have, in the order of the first; and how many only one of them has.
pub fn compare(first: &PastRun, other: &PastRun, paired: bool) -> (Vec<CompareRow>, usize) {
    let names = [&other.name, &first.name].map(|name| std::sync::Arc::<str>::from(name.as_str()));
    let row = |(key, unit): &(FigureKey, String)| {
        let (before, after) = (&first.figures[key], other.figures.get(key)?);
        // Replicates are numbered alike: of the same seed those that both have are the same worlds.
        let paired = paired.then(|| before.len().min(after.len()));
        Some(beside(before, after, paired, &names, (key, unit)))
    };
    let rows: Vec<CompareRow> = first.order.iter().filter_map(row).collect();
    let only = first.order.len() + other.order.len() - 2 * rows.len();
    (rows, only)
}

fn beside(
    before: &[f64],
    after: &[f64],
    paired: Option<usize>,
    [run, baseline]: &[std::sync::Arc<str>; 2],
    (key, unit): (&FigureKey, &str),
) -> CompareRow {
    let mean = |values: &[f64]| Estimate::of(values, Scale::Difference).mean;
    let values = [mean(before), mean(after)];
    let (absolute, percent, percent_interval) = match paired {
        Some(n) => {
            let pairs = || before[..n].iter().zip(&after[..n]);
            let differences: Vec<f64> = pairs().map(|(a, b)| b - a).collect();
            let shares: Vec<f64> = pairs().map(|(a, b)| 100.0 * (b - a) / a).collect();
            let percent = pairs().all(|(a, _)| *a != 0.0).then(|| Estimate::of(&shares, Scale::Difference));
            let of = Estimate::of(&differences, Scale::Difference);
            (of, percent.map(|p| p.mean), percent.and_then(|p| p.interval))
        }
        None => {
            let of = Estimate::of_difference(before, after);
            (of, (values[0] != 0.0).then(|| 100.0 * of.mean / values[0]), None)
        }
    };
    CompareRow {
        run: run.clone(),
        baseline: baseline.clone(),
        about: std::array::from_fn(|i| key[i].as_str().into()),
        unit: unit.into(),
        values,
        absolute: absolute.mean,
        interval: absolute.interval,
        percent,
        percent_interval,
        paired: paired.is_some(),
    }
}
