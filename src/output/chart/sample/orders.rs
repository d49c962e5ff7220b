//! Orders, and what policies let out against them; transforms.

use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::{Sample, named, noise};
use crate::exposure::Phase;
use crate::exposure::rows::{ALL, ExceedanceDay, ExceedanceRow, ExposureRow, Value};
use crate::output::chart::Order;

/// An order of the seed case, under another id.
pub fn order(id: &str) -> Order {
    Order {
        id: Arc::from(id),
        title: "Formal notice to stop transfers for business intelligence without a legal basis".to_owned(),
        regulator: id.to_uppercase(),
        scope: "business intelligence, about people in France".to_owned(),
        notice: NaiveDate::from_ymd_opt(2017, 12, 5).unwrap_or_default(),
        deadline: NaiveDate::from_ymd_opt(2018, 1, 18).unwrap_or_default(),
        regime: "Loi 78-17, article 7".to_owned(),
        status: "Formal notice, not a sanction. Made public later.".to_owned(),
        source: "Decision MED-2017-075 of 2017-11-27".to_owned(),
        quality: "found".to_owned(),
    }
}

impl Sample {
    /// With orders: the first as in the seed case, the others ever later, so that some lie outside of the run.
    pub fn with_orders(mut self, n: usize) -> Self {
        self.orders = (0..n)
            .map(|i| {
                let later = |day: NaiveDate| day + Days::new(i as u64 * 40);
                let first = order(&format!("regulator-{i}"));
                let (notice, deadline) = (later(first.notice), later(first.deadline));
                Order { notice, deadline, quality: ["found", "assumed"][i % 2].to_owned(), ..first }
            })
            .collect();
        let first = NaiveDate::from_ymd_opt(2017, 11, 27).unwrap_or_default();
        let phase_of = |o: &Order, day: NaiveDate| match day {
            d if d < o.notice => Phase::BeforeNotice,
            d if d < o.deadline => Phase::Grace,
            _ => Phase::AfterDeadline,
        };
        for (i, o) in self.orders.iter().enumerate() {
            for (p, policy) in self.policies.iter().enumerate() {
                let mut sums = [0u64; 3];
                for d in 0..u64::from(self.days) {
                    let day = first + Days::new(d);
                    let phase = phase_of(o, day);
                    let reach = if p % 3 == 1 { 0.0 } else { 0.2 + 0.1 * noise(d, i as u64, p as u64) };
                    let value = (self.people as f64 * reach) as u64;
                    sums[phase as usize] += value;
                    self.exceedance_daily.push(ExceedanceDay {
                        day,
                        order: o.id.clone(),
                        policy: policy.id.clone(),
                        purpose: ALL.into(),
                        population: ALL.into(),
                        phase: phase.word().into(),
                        metric: "disclosed_values".into(),
                        value,
                    });
                }
                for (phase, n) in Phase::ALL.iter().zip(sums) {
                    for (metric, value, unit) in [
                        ("disclosed_values", n, "flows"),
                        ("people_exposed", n / 9, "people"),
                        ("person_days", n / 3, "person-days"),
                    ] {
                        self.exceedance.push(ExceedanceRow {
                            replicate: 0,
                            order: o.id.clone(),
                            policy: policy.id.clone(),
                            purpose: ALL.into(),
                            population: ALL.into(),
                            phase: phase.word().into(),
                            metric: metric.into(),
                            value: Value::Count(value),
                            unit,
                        });
                    }
                }
            }
        }
        self
    }

    /// With transforms: the last policy discloses nothing as it is, the others most of it.
    pub fn with_resolutions(mut self) -> Self {
        self.resolutions = named(&["exact", "hash_bits_39", "keyed_hash", "aggregate_k_50"]);
        let last = self.policies.last().map(|p| p.id.clone());
        let apart: Vec<ExposureRow> = self
            .exposure
            .iter()
            .filter(|r| ["disclosed_values", "people_exposed"].contains(&&*r.metric))
            .flat_map(|r| {
                let coarse = Some(&r.policy) == last.as_ref();
                self.resolutions.iter().enumerate().map(move |(i, resolution)| {
                    let share = if coarse { [0.0, 0.5, 0.3, 0.2][i] } else { [0.9, 0.1, 0.0, 0.0][i] };
                    ExposureRow {
                        metric: format!("{}_as_{}", r.metric, resolution.id).into(),
                        value: Value::Count((r.value.as_f64() * share) as u64),
                        ..r.clone()
                    }
                })
            })
            .collect();
        self.exposure.extend(apart);
        self
    }
}
