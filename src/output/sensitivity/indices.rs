//! The table `sensitivity`: what each parameter does to each figure.

use std::sync::Arc;

use super::figure::Studied;
use crate::exposure::{TableColumn, TableRow, Values};
use crate::random::{Domain, Key};
use crate::scenario::RangedParameter;
use crate::statistics::{UnitPoints, elementary_effects, sobol_indices};

/// How sensitivity is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Elementary effects, on trajectories over so many levels.
    Morris {
        /// Levels of the grid.
        levels: u32,
    },
    /// Shares of the variance.
    Sobol,
}

impl Method {
    /// The word in tables and options.
    pub fn word(self) -> &'static str {
        match self {
            Method::Morris { .. } => "morris",
            Method::Sobol => "sobol",
        }
    }

    /// The index that parameters are ordered by.
    pub fn main_index(self) -> &'static str {
        match self {
            Method::Morris { .. } => "mu_star",
            Method::Sobol => "total_order",
        }
    }
}

/// An index of a parameter for a figure: a row of `tables/sensitivity`.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRow {
    /// Policy id.
    pub policy: Arc<str>,
    /// Metric, population and purpose of the figure.
    pub figure: [Arc<str>; 3],
    /// Key of the parameter, its title, and how well it is known.
    pub parameter: [Arc<str>; 3],
    /// Range of the parameter.
    pub range: (f64, f64),
    /// `morris` or `sobol`.
    pub method: &'static str,
    /// `mu`, `mu_star`, `sigma`, `first_order`, `total_order`.
    pub index: &'static str,
    /// The index; none of a figure that never varied, and of what one trajectory can't tell.
    pub value: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Unit of the index: that of the figure, or `share of variance`.
    pub unit: &'static str,
}

impl TableRow for IndexRow {
    const TABLE: &'static str = "sensitivity";
    const IN_DIGEST: bool = false;
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::plain("policy", Values::Name(|r| &r.policy)),
        TableColumn::plain("metric", Values::Name(|r| &r.figure[0])),
        TableColumn::plain("population", Values::Name(|r| &r.figure[1])),
        TableColumn::plain("purpose", Values::Name(|r| &r.figure[2])),
        TableColumn::plain("parameter", Values::Name(|r| &r.parameter[0])),
        TableColumn::plain("title", Values::Name(|r| &r.parameter[1])),
        TableColumn::plain("quality", Values::Name(|r| &r.parameter[2])),
        TableColumn::plain("range_lo", Values::Maybe(|r| Some(r.range.0))),
        TableColumn::plain("range_hi", Values::Maybe(|r| Some(r.range.1))),
        TableColumn::plain("method", Values::Word(|r| r.method)),
        TableColumn::plain("index", Values::Word(|r| r.index)),
        TableColumn::plain("value", Values::Maybe(|r| r.value)),
        TableColumn::plain("lo", Values::Maybe(|r| r.interval.map(|i| i.0))),
        TableColumn::plain("hi", Values::Maybe(|r| r.interval.map(|i| i.1))),
        TableColumn::plain("unit", Values::Word(|r| r.unit)),
    ];
}

/// An index: its name, value and interval.
type Index = (&'static str, Option<f64>, Option<(f64, f64)>);

/// The indices of all parameters for all figures. `outputs` has, for each figure, its value at each point.
pub fn indices(
    method: Method,
    points: &UnitPoints,
    parameters: &[RangedParameter],
    studied: &[Studied],
    outputs: &[Vec<f64>],
    seed: u64,
) -> Vec<IndexRow> {
    let mut rows = Vec::new();
    let names: Vec<[Arc<str>; 3]> = parameters
        .iter()
        .map(|p| [p.key.as_str().into(), p.title.as_str().into(), p.quality.map_or("setting", |q| q.word()).into()])
        .collect();
    for (number, (figure, outputs)) in studied.iter().zip(outputs).enumerate() {
        let of_figure = of_figure(method, points, outputs, seed, number);
        for ((parameter, name), of_parameter) in parameters.iter().zip(&names).zip(of_figure) {
            let row = &figure.row;
            rows.extend(of_parameter.into_iter().map(|(index, value, interval)| IndexRow {
                policy: row.policy.clone(),
                figure: [row.metric.clone(), row.population.clone(), row.purpose.clone()],
                parameter: name.clone(),
                range: (parameter.range.lo, parameter.range.hi),
                method: method.word(),
                index,
                value,
                interval,
                unit: if method == Method::Sobol { "share of variance" } else { row.unit },
            }));
        }
    }
    rows
}

/// For each parameter its indices for one figure.
fn of_figure(method: Method, points: &UnitPoints, outputs: &[f64], seed: u64, number: usize) -> Vec<Vec<Index>> {
    match method {
        Method::Morris { levels } => elementary_effects(points, outputs, levels)
            .into_iter()
            .map(|e| {
                vec![
                    ("mu", Some(e.mu.mean), e.mu.interval),
                    ("mu_star", Some(e.mu_star.mean), e.mu_star.interval),
                    ("sigma", e.sigma, None),
                ]
            })
            .collect(),
        Method::Sobol => {
            let dimensions = points.dimensions();
            let mut rng = Key::new(seed, 0).rng(Domain::Design, 3, number as u64);
            match sobol_indices(outputs, dimensions, &mut rng) {
                Some(all) => all
                    .into_iter()
                    .map(|of| {
                        vec![
                            ("first_order", Some(of.first.value), Some(of.first.interval)),
                            ("total_order", Some(of.total.value), Some(of.total.interval)),
                        ]
                    })
                    .collect(),
                None => vec![vec![("first_order", None, None), ("total_order", None, None)]; dimensions],
            }
        }
    }
}
