//! `--charts`: the throughput of each policy as a picture, with its data.

use crate::bench::{BenchResult, Part};
use crate::cli::Failure;
use crate::output::chart::{self, Chart, ChartError, ChartInput, Look, Throughput};
use crate::output::manifest::Origin;
use crate::output::staging::Staging;
use crate::scenario::Scenario;

/// Draws and writes, into a place that was found usable before the work.
pub fn write(staging: Staging, scenario: &Scenario, result: &BenchResult) -> Result<(), Failure> {
    let chart = draw(scenario, result, Look::default(), None).map_err(|e| Failure::Other(e.to_string()))?;
    for (name, content) in chart.files().map_err(|e| Failure::Other(e.to_string()))? {
        staging.write(&name, content)?;
    }
    staging.commit(&Origin::new(scenario, &result.command, []))?;
    Ok(())
}

/// Draws the result of a benchmark of this scenario; `heading` stands in place of the title.
pub fn draw(scenario: &Scenario, result: &BenchResult, look: Look, heading: Option<&str>) -> Result<Chart, ChartError> {
    let policies = chart::named_policies(scenario);
    let input = ChartInput {
        events: result.events,
        replicates: 1,
        heading,
        look,
        ..ChartInput::about(scenario, &policies, &result.command, &result.version)
    };
    chart::draw_throughput(&input, &bars(scenario, result))
}

fn bars(scenario: &Scenario, result: &BenchResult) -> Vec<Throughput> {
    let filters = Part::all(scenario).into_iter().filter_map(|part| match &part {
        Part::Filter { id, .. } => Some((part.id(), id.clone())),
        _ => None,
    });
    let of_policy = |(stage, policy): (String, std::sync::Arc<str>)| {
        let stages = result.stages.iter().filter(move |s| s.stage == stage);
        stages.map(move |s| Throughput {
            policy: policy.clone(),
            threads: s.threads,
            events_per_s: s.events_per_s.median,
            mad: s.events_per_s.mad,
            of_memory: s.of_memory.median,
        })
    };
    filters.flat_map(of_policy).collect()
}
