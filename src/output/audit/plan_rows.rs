//! The table `audit`: a plan, a row for each way to leak, unit and size of the sample.

use std::sync::Arc;

use crate::audit::PowerPlan;
use crate::output::tables::{ColumnData, TableColumns};

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRow {
    leak: Arc<str>,
    unit: &'static str,
    n: u64,
    of: u64,
    showing: f64,
    probability: f64,
    bound: f64,
    least: Option<u64>,
    drawn: Option<f64>,
}

impl PlanRow {
    /// The rows of a plan.
    pub fn of(plan: &PowerPlan) -> Vec<PlanRow> {
        let mut rows = Vec::new();
        for leak in &plan.leaks {
            let id: Arc<str> = leak.leak.as_str().into();
            for unit in &leak.units {
                rows.extend(unit.curve.iter().map(|point| PlanRow {
                    leak: id.clone(),
                    unit: unit.unit,
                    n: point.n,
                    of: unit.of,
                    showing: unit.showing,
                    probability: point.probability,
                    bound: point.bound,
                    least: unit.least,
                    drawn: unit.drawn.filter(|_| unit.least == Some(point.n)),
                }));
            }
        }
        rows
    }

    /// Columns of rows, with what is the same in all: policy, order, confidence, scenario and run.
    pub fn columns(
        rows: &[PlanRow],
        [policy, order]: [&Arc<str>; 2],
        confidence: f64,
        run: &[Arc<str>; 2],
    ) -> TableColumns {
        let all = |name: &Arc<str>| ColumnData::Str(vec![name.clone(); rows.len()]);
        vec![
            ("policy", all(policy)),
            ("order", all(order)),
            ("leak", ColumnData::Str(rows.iter().map(|r| r.leak.clone()).collect())),
            ("unit", ColumnData::Str(rows.iter().map(|r| r.unit.into()).collect())),
            ("n", ColumnData::U64(rows.iter().map(|r| r.n).collect())),
            ("of", ColumnData::U64(rows.iter().map(|r| r.of).collect())),
            ("showing", ColumnData::F64(rows.iter().map(|r| r.showing).collect())),
            ("probability", ColumnData::F64(rows.iter().map(|r| r.probability).collect())),
            ("bound", ColumnData::F64(rows.iter().map(|r| r.bound).collect())),
            ("confidence", ColumnData::F64(vec![confidence; rows.len()])),
            ("least", ColumnData::OptU64(rows.iter().map(|r| r.least).collect())),
            ("drawn", ColumnData::OptF64(rows.iter().map(|r| r.drawn).collect())),
            ("scenario", all(&run[0])),
            ("run", all(&run[1])),
        ]
    }
}
