//! The table `utility`: what purposes achieve, by models.

use std::sync::Arc;

use crate::exposure::{FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use crate::statistics::Scale;

/// One figure of a model: a row of `tables/utility`.
#[derive(Clone, Debug, PartialEq)]
pub struct UtilityRow {
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id.
    pub purpose: Arc<str>,
    /// Model.
    pub model: &'static str,
    /// What the figure is about: an indicator, an abuse class, categories; or `all`.
    pub indicator: Arc<str>,
    /// Metric.
    pub metric: &'static str,
    /// How it gets to know: `linked`, `sketch_bits=12`, `epsilon=1`; empty where that says nothing.
    pub parameter: Arc<str>,
    /// The figure: the mean over replicates.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
    /// Its unit.
    pub unit: &'static str,
}

/// Adds rows of one policy, purpose and model.
pub struct RowsOf<'a> {
    rows: &'a mut Vec<UtilityRow>,
    policy: Arc<str>,
    purpose: Arc<str>,
    model: &'static str,
}

impl<'a> RowsOf<'a> {
    /// Rows that are added to these.
    pub fn new(rows: &'a mut Vec<UtilityRow>, policy: &Arc<str>, purpose: &Arc<str>, model: &'static str) -> Self {
        RowsOf { rows, policy: policy.clone(), purpose: purpose.clone(), model }
    }

    /// Adds a figure with its unit.
    pub fn add(&mut self, indicator: &str, metric: &'static str, parameter: &str, figure: (FigureValue, &'static str)) {
        self.rows.push(UtilityRow {
            policy: self.policy.clone(),
            purpose: self.purpose.clone(),
            model: self.model,
            indicator: Arc::from(indicator),
            metric,
            parameter: Arc::from(parameter),
            value: figure.0,
            spread: Spread::default(),
            unit: figure.1,
        });
    }
}

impl TableRow for UtilityRow {
    const TABLE: &'static str = "utility";
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::digested("policy", Values::Name(|r| &r.policy)),
        TableColumn::digested("purpose", Values::Name(|r| &r.purpose)),
        TableColumn::digested("model", Values::Word(|r| r.model)),
        TableColumn::digested("indicator", Values::Name(|r| &r.indicator)),
        TableColumn::digested("metric", Values::Word(|r| r.metric)),
        TableColumn::digested("parameter", Values::Name(|r| &r.parameter)),
        TableColumn::plain("split", Values::Split),
        TableColumn::digested("value", Values::Figure(|r| r.value)),
        TableColumn::plain("lo", Values::Maybe(|r| r.spread.lo())),
        TableColumn::plain("hi", Values::Maybe(|r| r.spread.hi())),
        TableColumn::plain("replicates", Values::Number(|r| r.spread.replicates)),
        TableColumn::plain("unit", Values::Word(|r| r.unit)),
    ];
}

impl FigureRow for UtilityRow {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        match self.metric {
            "usefulness" | "recall" | "average_precision" | "users_told" | "users_linked" | "on_front" | "kept" => {
                Scale::Share
            }
            "gain" | "shapley_value" | "kept_difference" | "categories_difference" => Scale::Difference,
            _ => Scale::Amount,
        }
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        UtilityRow { value, spread, ..self }
    }
}
