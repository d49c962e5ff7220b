//! The points of a sweep: what each is, which share a run, and what they find.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::cli::{Failure, rendered, terminal};
use crate::exposure::{ALL, ExposureRow, Replicates};
use crate::output::manifest::VERSION;
use crate::output::sweep::{Parts, SweepColumns};
use crate::scenario::{Overrides, Scenario, Text, Vary, lines, load_text};
use crate::simulate::{self, Counters, Grid, Simulation, Threads};

/// What stands for the policies of the run among keys.
pub(super) const POLICY: &str = "policy";
/// Up to so many points are checked before the first is simulated.
const CHECKED_AHEAD: usize = 2000;

/// A sweep, checked.
pub(super) struct Sweep<'a> {
    pub(super) text: &'a Text,
    pub(super) overrides: Overrides,
    pub(super) scenario: Scenario,
    /// Keys that each varied one stands for; none for policies.
    pub(super) keys: Vec<Vec<String>>,
    pub(super) vary: &'a [Vary],
    pub(super) grid: Grid,
    /// What rows of each point are about.
    pub(super) rows: Vec<ExposureRow>,
    pub(super) all_rows: bool,
    /// Whether points that differ in choices alone share a run.
    pub(super) shares: bool,
}

/// Rows of a point, whatever their figures.
pub(super) fn rows(scenario: &Scenario, all: bool, shares: bool) -> Vec<ExposureRow> {
    let run = Simulation::new(scenario);
    let nothing = run.exposure().into_totals();
    let tables = Replicates::new(scenario, (&run.compiled, &run.orders), [&nothing]);
    let rows = (0..scenario.policies.len()).flat_map(|policy| tables.exposure_of(policy));
    rows.filter(|row| (all || is_whole(row)) && !(shares && &*row.metric == "disclosed_events")).collect()
}

/// Whether a number is a rate of objection or agreement.
pub(super) fn is_choice(key: &str) -> bool {
    let parts: Vec<&str> = key.split('.').collect();
    matches!(parts[..], ["jurisdiction", _, "objects" | "agrees", _])
}

/// Whether a row is not split by jurisdiction or category, nor one of a histogram.
pub(super) fn is_whole(row: &ExposureRow) -> bool {
    &*row.jurisdiction == ALL && &*row.category == ALL && !row.metric.starts_with("people_at_depth_")
}

impl Sweep<'_> {
    /// What varies, as columns.
    pub(super) fn columns(&self) -> Result<Vec<SweepColumns>, Failure> {
        let of = |v: &Vary| {
            if v.key == POLICY {
                return Ok(SweepColumns::Names(
                    v.key.clone(),
                    v.values.iter().map(|id| Arc::from(id.as_str())).collect(),
                ));
            }
            let numbers = v.values.iter().map(|value| value.parse()).collect::<Result<Vec<f64>, _>>();
            numbers
                .map(|n| SweepColumns::Numbers(v.key.clone(), n))
                .map_err(|e| Failure::Input(format!("error: {}: {e}", v.key)))
        };
        self.vary.iter().map(of).collect()
    }

    /// The scenario of a point.
    pub(super) fn at(&self, point: usize) -> Result<Scenario, Failure> {
        let mut overrides = self.overrides.clone();
        for ((keys, v), value) in self.keys.iter().zip(self.vary).zip(self.grid.at(point)) {
            overrides.set.extend(keys.iter().map(|key| format!("{key}={}", v.values[value])));
        }
        let loaded = load_text(self.text, &overrides);
        loaded.map(|(scenario, _)| scenario).map_err(|problems| {
            let values: Vec<String> =
                self.vary.iter().zip(self.grid.at(point)).map(|(v, i)| format!("{}={}", v.key, v.values[i])).collect();
            Failure::Input(format!(
                "error: point {point} of the sweep ({}) is no scenario:\n{}",
                lines(&values.join(", ")),
                rendered(&problems)
            ))
        })
    }

    /// Refuses a sweep with a point that can't be simulated before the first one is.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let n = self.grid.len();
        // Of many those at the ends of the order and some between.
        let step = n.div_ceil(CHECKED_AHEAD).max(1);
        (0..n).step_by(step).chain(n.checked_sub(1)).try_for_each(|point| self.at(point).map(drop))
    }

    /// What the sweep is, for whoever finds its parts.
    pub(super) fn about(&self) -> String {
        let mut about = format!("outflow {VERSION}, scenario {}\n", self.scenario.digest);
        for v in self.vary {
            about += &format!("{}={}\n", v.key, v.values.join(","));
        }
        about
            + if self.all_rows { "all rows\n" } else { "" }
            + if self.shares { "shared by choices\n" } else { "" }
            + &format!("{} points\n", self.grid.len())
    }

    /// Points that are simulated together: each alone, or, where they share, those that differ in choices alone, as many as a run can tell apart.
    pub(super) fn units(&self, left: &[usize]) -> Result<Vec<Vec<usize>>, Failure> {
        if !self.shares {
            return Ok(left.iter().map(|&point| vec![point]).collect());
        }
        // What else varies is the same in a group.
        let world = |point: usize| -> Vec<usize> {
            let at = self.grid.at(point).into_iter().zip(self.vary).zip(&self.keys);
            let others = at.filter(|((_, v), keys)| v.key != POLICY && !keys.iter().all(|key| is_choice(key)));
            others.map(|((value, _), _)| value).collect()
        };
        let mut groups: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        let mut order = Vec::new();
        for &point in left {
            let group = groups.entry(world(point)).or_insert_with(|| {
                order.push(world(point));
                Vec::new()
            });
            group.push(point);
        }
        let mut units = Vec::new();
        for group in order.iter().filter_map(|world| groups.remove(world)) {
            let mut group = group;
            group.sort_unstable();
            let rates = group
                .iter()
                .map(|&point| Ok(simulate::rates(&self.at(point)?)))
                .collect::<Result<Vec<_>, Failure>>()?;
            let mut from = 0;
            while from < group.len() {
                let n = simulate::share(&rates[from..]);
                units.push(group[from..from + n].to_vec());
                from += n;
            }
        }
        Ok(units)
    }

    /// What will be simulated.
    pub(super) fn plan(&self, done: usize, units: &[Vec<usize>], threads: usize) -> String {
        let of: Vec<String> = self.vary.iter().map(|v| format!("{} values of {}", v.values.len(), v.key)).collect();
        let worlds = match self.scenario.replicates {
            1 => "one world each: no interval".to_owned(),
            n => format!("{n} worlds each"),
        };
        let done = if done > 0 { format!(", {done} of them done before") } else { String::new() };
        let shared = match self.shares {
            true => format!(
                "\nshared: points that differ in choices alone are counted in one run, by band of attitude: {} {} in all, without `disclosed_events` (--no-share has it)",
                units.len(),
                if units.len() == 1 { "run" } else { "runs" }
            ),
            false => String::new(),
        };
        format!(
            "plan: {} points ({}){done}; {worlds}; {} people, {} days, {} policies in one run; {threads} threads, a run each; the same people and events at every point, as far as what varies lets them be{shared}",
            self.grid.len(),
            of.join(", "),
            terminal::short(self.scenario.people as f64),
            self.scenario.days,
            self.scenario.policies.len()
        )
    }

    /// Simulates these points, those of a unit together, on one thread, and keeps what they find.
    pub(super) fn simulate(
        &self,
        units: &[Vec<usize>],
        parts: &Parts,
        threads: usize,
        quiet: bool,
    ) -> Result<(), Failure> {
        let (next, stop, begun) = (AtomicUsize::new(0), AtomicBool::new(false), Instant::now());
        let (points, done) = (units.iter().map(Vec::len).sum::<usize>(), AtomicUsize::new(0));
        let first: Mutex<Option<Failure>> = Mutex::new(None);
        let told = Mutex::new((false, Instant::now()));
        let pool = Threads::start(threads.min(units.len().max(1)));
        pool.each(|_| {
            while !stop.load(Ordering::Relaxed) {
                let Some(unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                let found = if self.shares { self.together(unit, parts) } else { self.point(unit[0], parts) };
                if let Err(failure) = found {
                    stop.store(true, Ordering::Relaxed);
                    first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
                    break;
                }
                let done = done.fetch_add(unit.len(), Ordering::Relaxed) + unit.len();
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                if !quiet && done < points && (!told.0 || told.1.elapsed().as_secs() >= 10) {
                    *told = (true, Instant::now());
                    let spent = begun.elapsed().as_secs_f64();
                    let rest = spent / done as f64 * (points - done) as f64;
                    terminal::log(&format!("{done} of {points} points in {spent:.1} s, about {rest:.0} s left"));
                }
            }
        });
        first.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    /// Points that differ in choices alone, in one run.
    fn together(&self, unit: &[usize], parts: &Parts) -> Result<(), Failure> {
        let scenarios = unit.iter().map(|&point| self.at(point)).collect::<Result<Vec<_>, _>>()?;
        let rates: Vec<_> = scenarios.iter().map(simulate::rates).collect();
        let found = simulate::rows_by_choice(&scenarios[0], &rates, 1);
        unit.iter().zip(found).try_for_each(|(&point, rows)| self.keep(point, rows, parts))
    }

    fn point(&self, point: usize, parts: &Parts) -> Result<(), Failure> {
        let scenario = self.at(point)?;
        let mut run = Simulation::new(&scenario);
        let outcome = run.run_replicates(1, &Counters::default());
        if outcome.totals.iter().any(|totals| totals.volume.overflow().is_some()) {
            return Err(Failure::Other(format!(
                "point {point}: counters of 64 bits do not hold what is disclosed: fewer people or days"
            )));
        }
        let tables = Replicates::new(&scenario, (&run.compiled, &run.orders), &outcome.totals);
        self.keep(point, (0..scenario.policies.len()).flat_map(|policy| tables.exposure_of(policy)).collect(), parts)
    }

    /// Keeps what a point found.
    fn keep(&self, point: usize, rows: Vec<ExposureRow>, parts: &Parts) -> Result<(), Failure> {
        let rows: Vec<ExposureRow> = rows.into_iter().filter(|row| self.all_rows || is_whole(row)).collect();
        if rows.len() != self.rows.len() {
            return Err(Failure::Input(format!(
                "error: point {point} has other rows than the scenario: what varies changes what there is to count"
            )));
        }
        let numbers = rows
            .iter()
            .map(|row| {
                let (lo, hi) = row.spread.interval.unwrap_or((f64::NAN, f64::NAN));
                [row.value.as_f64(), lo, hi]
            })
            .collect();
        parts.keep(point, &numbers).map_err(|e| Failure::Other(e.to_string()))
    }
}
