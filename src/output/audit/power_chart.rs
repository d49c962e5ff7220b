//! The chart of a plan: how likely a sample finds a leak, by its size.

use std::sync::Arc;

use crate::audit::{Leak, Unit};
use crate::exposure::{TableColumn, TableRow, Values};
use crate::output::chart::{self, Chart, ChartError, ChartInput, PowerLine};
use crate::output::past_folder::{PastError, PastFolder};
use crate::output::tables::{StoredRow, read_rows};

/// Draws a plan; `texts` are title and subtitle.
///
/// # Errors
/// If it can't be drawn.
pub fn draw_plan(
    input: &ChartInput,
    texts: (String, String),
    confidence: f64,
    lines: &[PowerLine],
) -> Result<Chart, ChartError> {
    let panels = [
        (Unit::People.word(), "People drawn, with all that was let out about each".to_owned()),
        (Unit::Days.word(), "Days drawn, with all that was let out about everybody".to_owned()),
        (Unit::Records.word(), "Records drawn one by one from all that was let out".to_owned()),
    ];
    chart::draw_audit_power(input, texts, &panels, confidence, lines)
}

/// A plan that is over, as far as its chart needs it.
#[derive(Clone, Debug, Default)]
pub struct PastPlan {
    /// Id of the policy that is said to be kept.
    pub policy: String,
    /// Probability that is asked for.
    pub confidence: f64,
    /// Lines of the chart.
    pub lines: Vec<PowerLine>,
}

impl PastPlan {
    /// Reads the table of a plan.
    ///
    /// # Errors
    /// If it can't be read, or names no way to leak.
    pub fn read(past: &PastFolder) -> Result<Self, PastError> {
        let mut plan = PastPlan::default();
        let take = |row: PowerRow| {
            plan.policy = row.policy.to_string();
            plan.confidence = row.confidence;
            let same = |line: &&mut PowerLine| line.leak == *row.leak && line.unit == row.unit;
            let point = (row.n, row.probability);
            match plan.lines.last_mut().filter(same) {
                Some(line) => line.points.push(point),
                None => plan.lines.push(PowerLine {
                    unit: row.unit,
                    title: row.title,
                    leak: row.leak.to_string(),
                    points: vec![point],
                    least: row.least,
                }),
            }
        };
        read_rows(&past.table(PowerRow::TABLE), restore, take).map_err(|why| past.bad_table(PowerRow::TABLE, &why))?;
        Ok(plan)
    }
}

/// A row of the table of a plan, as far as it is drawn.
struct PowerRow {
    policy: Arc<str>,
    leak: Arc<str>,
    /// What the leak is called.
    title: String,
    unit: &'static str,
    n: u64,
    probability: f64,
    confidence: f64,
    least: Option<u64>,
}

impl TableRow for PowerRow {
    const TABLE: &'static str = "audit";
    const IN_DIGEST: bool = false;
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::plain("policy", Values::Name(|r| &r.policy)),
        TableColumn::plain("leak", Values::Name(|r| &r.leak)),
        TableColumn::plain("unit", Values::Word(|r| r.unit)),
        TableColumn::plain("n", Values::Count(|r| r.n)),
        TableColumn::plain("probability", Values::Maybe(|r| Some(r.probability))),
        TableColumn::plain("confidence", Values::Maybe(|r| Some(r.confidence))),
        TableColumn::plain("least", Values::Count(|r| r.least.unwrap_or_default())),
    ];
}

fn restore(row: &StoredRow) -> Result<PowerRow, String> {
    let leak = row.name("leak")?;
    Ok(PowerRow {
        policy: row.name("policy")?,
        title: Leak::parse(&leak).map_err(|e| e.to_string())?.words(),
        leak,
        unit: row.word("unit")?,
        n: row.figure("n")? as u64,
        probability: row.figure("probability")?,
        confidence: row.figure("confidence")?,
        least: row.maybe("least")?.map(|least| least as u64),
    })
}
