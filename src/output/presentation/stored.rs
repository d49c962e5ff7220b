//! Rows of tables made again from what stands in their columns.
//!
//! A column more of a table is a line here, or the row does not compile.

use crate::exposure::{
    DailyRow, DifferenceRow, ExceedanceDay, ExceedanceRow, ExposureRow, FigureValue, FirstExposureRow, KnowledgeRow,
    Risk, Spread,
};
use crate::output::tables::StoredRow;
use crate::utility::UtilityRow;

type Restored<R> = Result<R, String>;

/// A figure. Whether it was counted or divided the table does not tell, and whoever shows it does not ask.
fn value(row: &StoredRow) -> Restored<FigureValue> {
    row.figure("value").map(FigureValue::Ratio)
}

fn spread(row: &StoredRow, [lo, hi]: [&str; 2]) -> Restored<Spread> {
    Ok(Spread { interval: row.maybe(lo)?.zip(row.maybe(hi)?), replicates: row.whole("replicates")? })
}

const ENDS: [&str; 2] = ["lo", "hi"];

/// Of `exposure`.
pub fn exposure(row: &StoredRow) -> Restored<ExposureRow> {
    Ok(ExposureRow {
        policy: row.name("policy")?,
        purpose: row.name("purpose")?,
        jurisdiction: row.name("jurisdiction")?,
        population: row.name("population")?,
        category: row.name("category")?,
        metric: row.name("metric")?,
        value: value(row)?,
        spread: spread(row, ENDS)?,
        unit: row.word("unit")?,
    })
}

/// Of `daily`.
pub fn daily(row: &StoredRow) -> Restored<DailyRow> {
    Ok(DailyRow {
        day: row.day("day")?,
        policy: row.name("policy")?,
        purpose: row.name("purpose")?,
        jurisdiction: row.name("jurisdiction")?,
        population: row.name("population")?,
        metric: row.name("metric")?,
        value: value(row)?,
        spread: spread(row, ENDS)?,
    })
}

/// Of `first_exposure`.
pub fn first_exposure(row: &StoredRow) -> Restored<FirstExposureRow> {
    Ok(FirstExposureRow {
        day: row.whole("day")?,
        since: row.name("since")?,
        policy: row.name("policy")?,
        purpose: row.name("purpose")?,
        jurisdiction: row.name("jurisdiction")?,
        population: row.name("population")?,
        category: row.name("category")?,
        metric: row.name("metric")?,
        value: value(row)?,
        spread: spread(row, ENDS)?,
    })
}

/// Of `exceedance`.
pub fn exceedance(row: &StoredRow) -> Restored<ExceedanceRow> {
    Ok(ExceedanceRow {
        order: row.name("order")?,
        policy: row.name("policy")?,
        purpose: row.name("purpose")?,
        population: row.name("population")?,
        phase: row.name("phase")?,
        metric: row.name("metric")?,
        value: value(row)?,
        spread: spread(row, ENDS)?,
        unit: row.word("unit")?,
    })
}

/// Of `exceedance_daily`.
pub fn exceedance_daily(row: &StoredRow) -> Restored<ExceedanceDay> {
    Ok(ExceedanceDay {
        day: row.day("day")?,
        order: row.name("order")?,
        policy: row.name("policy")?,
        purpose: row.name("purpose")?,
        population: row.name("population")?,
        phase: row.name("phase")?,
        metric: row.name("metric")?,
        value: value(row)?,
        spread: spread(row, ENDS)?,
    })
}

/// Of `knowledge`.
pub fn knowledge(row: &StoredRow) -> Restored<KnowledgeRow> {
    let triad = row.word("triad")?;
    let all = [Risk::SinglingOut, Risk::Linkability, Risk::Inference];
    let risk = all.into_iter().find(|risk| risk.word() == triad);
    Ok(KnowledgeRow {
        policy: row.name("policy")?,
        purpose: row.name("purpose")?,
        population: row.name("population")?,
        risk: risk.ok_or_else(|| format!("`{triad}` is no risk that `triad` names"))?,
        family: row.word("family")?,
        metric: row.word("metric")?,
        parameter: row.name("parameter")?,
        value: value(row)?,
        spread: spread(row, ENDS)?,
        unit: row.word("unit")?,
    })
}

/// Of `utility`.
pub fn utility(row: &StoredRow) -> Restored<UtilityRow> {
    Ok(UtilityRow {
        policy: row.name("policy")?,
        purpose: row.name("purpose")?,
        model: row.word("model")?,
        indicator: row.name("indicator")?,
        metric: row.word("metric")?,
        parameter: row.name("parameter")?,
        value: value(row)?,
        spread: spread(row, ENDS)?,
        unit: row.word("unit")?,
    })
}

/// Of `differences`. The table does not tell the figure of the policy itself, which nobody asks of a difference.
pub fn differences(row: &StoredRow) -> Restored<DifferenceRow> {
    Ok(DifferenceRow {
        of: ExposureRow {
            policy: row.name("policy")?,
            purpose: row.name("purpose")?,
            jurisdiction: row.name("jurisdiction")?,
            population: row.name("population")?,
            category: row.name("category")?,
            metric: row.name("metric")?,
            value: FigureValue::Ratio(f64::NAN),
            spread: Spread::default(),
            unit: row.word("unit")?,
        },
        baseline: row.name("baseline")?,
        absolute: row.figure("absolute")?,
        spread: spread(row, ENDS)?,
        percent: row.maybe("percent")?,
        percent_spread: spread(row, ["percent_lo", "percent_hi"])?,
    })
}
