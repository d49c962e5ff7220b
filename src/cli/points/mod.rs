//! Points of a study over values of what is not known: what each is, which share a run, and what they find.

mod ahead;
mod key;
mod options;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::cli::{Failure, rendered, terminal};
use crate::exposure::{ExposureRow, Replicates};
use crate::output::manifest::VERSION;
use crate::output::staging::Staging;
use crate::output::sweep::{Parts, is_whole};
use crate::scenario::{Overrides, Scenario, Text, lines, load_text};
use crate::simulate::{self, Counters, Design, Rates, Simulation, Threads};
pub use key::{POLICY, VariedKey, look_up};
pub use options::StudyOptions;

/// Up to so many points are checked before the first is simulated.
const CHECKED_AHEAD: usize = 2000;

/// Points of a study, checked.
pub struct Points<'a> {
    /// What the study is called.
    pub what: &'static str,
    /// The scenario as it is read.
    pub text: &'a Text,
    /// What options change in it, at all points.
    pub overrides: Overrides,
    /// The scenario with these, without what varies.
    pub scenario: Scenario,
    /// What varies.
    pub keys: Vec<VariedKey>,
    /// At which places along it.
    pub design: Design,
    /// What besides makes the study what it is, for whoever finds its parts.
    pub more: String,
    /// What rows of each point are about.
    pub rows: Vec<ExposureRow>,
    /// Which rows of a point these are.
    pub kept: Kept,
    /// Whether points that differ in choices alone share a run.
    pub shares: bool,
}

/// Points that are simulated together.
struct Unit {
    /// Their numbers: at least one.
    points: Vec<usize>,
    /// The rates of objection and agreement at each, if they share a run.
    rates: Vec<Rates>,
}

/// Which rows of `exposure` are kept of a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// All.
    All,
    /// Those that are not split by jurisdiction or category, nor of a histogram.
    Whole,
    /// Some of these, by number.
    Some(Vec<usize>),
}

impl Kept {
    fn of(&self, rows: Vec<ExposureRow>) -> Vec<ExposureRow> {
        match self {
            Kept::All => rows,
            Kept::Whole => rows.into_iter().filter(is_whole).collect(),
            Kept::Some(numbers) => {
                let mut whole: Vec<Option<ExposureRow>> = rows.into_iter().filter(is_whole).map(Some).collect();
                numbers.iter().filter_map(|&i| whole.get_mut(i)?.take()).collect()
            }
        }
    }
}

/// Rows of a point, whatever their figures.
pub fn rows(scenario: &Scenario, kept: &Kept, shares: bool) -> Vec<ExposureRow> {
    let run = Simulation::new(scenario);
    let nothing = run.exposure().into_totals();
    let tables = Replicates::new(scenario, (&run.compiled, &run.orders), [&nothing]);
    let rows = (0..scenario.policies.len()).flat_map(|policy| tables.exposure_of(policy));
    kept.of(rows.filter(|row| !shares || simulate::is_by_person(row)).collect())
}

impl Points<'_> {
    /// The values of the keys at a point, as TOML writes them.
    pub fn values(&self, point: usize) -> Vec<String> {
        self.keys.iter().zip(self.design.at(point)).map(|(key, at)| key.value(at)).collect()
    }

    /// The same as numbers; none for policies.
    pub fn numbers(&self, point: usize) -> Vec<f64> {
        let of_keys = self.keys.iter().zip(self.values(point)).filter(|(key, _)| !key.is_policy());
        of_keys.map(|(_, value)| value.parse().unwrap_or(f64::NAN)).collect()
    }

    /// The policy that a point is about; none if it is about all of the run.
    pub fn policy(&self, point: usize) -> Option<String> {
        let key = self.keys.iter().position(VariedKey::is_policy)?;
        self.values(point).into_iter().nth(key)
    }

    /// The scenario of a point.
    pub fn at(&self, point: usize) -> Result<Scenario, Failure> {
        let values = self.values(point);
        self.with(&values).map_err(|why| {
            let values: Vec<String> =
                self.keys.iter().zip(&values).map(|(key, value)| format!("{}={value}", key.vary.key)).collect();
            // Of many the first tell enough: all stand in what the keys were given.
            let shown = values.len().min(12);
            let rest = if shown < values.len() { format!(" and {} more", values.len() - shown) } else { String::new() };
            let values = lines(&values[..shown].join(", "));
            Failure::Input(format!("error: point {point} of the {} ({values}{rest}) is no scenario:\n{why}", self.what))
        })
    }

    /// The scenario with these values of the keys; or what is wrong with it.
    pub fn with(&self, values: &[String]) -> Result<Scenario, String> {
        let mut overrides = self.overrides.clone();
        for (key, value) in self.keys.iter().zip(values) {
            overrides.set.extend(key.numbers.iter().map(|number| format!("{number}={value}")));
        }
        load_text(self.text, &overrides).map(|(scenario, _)| scenario).map_err(|problems| rendered(&problems))
    }

    /// The scenario with a value of one key alone; or what is wrong with it.
    pub fn with_one(&self, key: usize, value: &str) -> Result<Scenario, String> {
        let mut overrides = self.overrides.clone();
        overrides.set.extend(self.keys[key].numbers.iter().map(|number| format!("{number}={value}")));
        load_text(self.text, &overrides).map(|(scenario, _)| scenario).map_err(|problems| rendered(&problems))
    }

    /// Refuses a study with a point that can't be simulated before the first one is.
    pub fn check(&self) -> Result<(), Failure> {
        let n = self.design.len();
        // Of many those at the ends of the order and some between.
        let step = n.div_ceil(CHECKED_AHEAD).max(1);
        (0..n).step_by(step).chain(n.checked_sub(1)).try_for_each(|point| self.at(point).map(drop))
    }

    /// What the study is, for whoever finds its parts.
    fn about(&self) -> String {
        let mut about = format!("outflow {VERSION}, scenario {}\n", self.scenario.digest);
        for key in &self.keys {
            about += &format!("{}={}\n", key.vary.key, key.vary.values());
        }
        let kept = match &self.kept {
            Kept::All => "all rows\n".to_owned(),
            Kept::Whole => String::new(),
            Kept::Some(_) => {
                let name = |r: &ExposureRow| format!("{}:{}:{}:{}\n", r.policy, r.metric, r.population, r.purpose);
                self.rows.iter().map(name).collect()
            }
        };
        about
            + &self.more
            + &kept
            + if self.shares { "shared by choices\n" } else { "" }
            + &format!("{} points\n", self.design.len())
    }

    /// Simulates all points that are not done, and gives what each found. `of` says what varies.
    pub fn find(
        &self,
        staging: &Staging,
        of: &str,
        resume: bool,
        threads: usize,
        quiet: bool,
    ) -> Result<Parts, Failure> {
        let parts = Parts::new(staging.checkpoints(), self.about(), self.rows.len());
        self.prepare(&parts, resume)?;
        let left: Vec<usize> = self.design.interleaved().filter(|&point| parts.read(point).is_none()).collect();
        let units = self.units(&left)?;
        if !quiet {
            terminal::log(&lines(&self.plan(of, self.design.len() - left.len(), units.len(), threads)));
        }
        self.simulate(&units, &parts, threads, quiet)?;
        Ok(parts)
    }

    /// Begins anew, or goes on.
    fn prepare(&self, parts: &Parts, resume: bool) -> Result<(), Failure> {
        use crate::output::sweep::Found;
        let what = self.what;
        let unreadable = |e: std::io::Error| Failure::Other(format!("can't keep what points find: {e}"));
        match parts.found().map_err(unreadable)? {
            Found::Same if resume => return Ok(()),
            Found::Same => terminal::log(&format!(
                "note: an unfinished {what} of the same points lies there: --resume goes on with it; this one begins anew"
            )),
            Found::Other(before) if resume => {
                return Err(Failure::Input(lines(&format!(
                    "error: the unfinished {what} in the folder is another one:\n{before}\n  help: change it back, begin anew without --resume, or choose another folder with -o"
                ))));
            }
            Found::Nothing if resume => {
                terminal::log(&format!("note: there is no unfinished {what} to go on with: this one begins anew"))
            }
            Found::Other(_) | Found::Nothing => {}
        }
        parts.begin().map_err(unreadable)
    }

    /// Points that are simulated together: each alone, or, where they share, those that differ in choices alone, as many as a run can tell apart.
    fn units(&self, left: &[usize]) -> Result<Vec<Unit>, Failure> {
        if !self.shares {
            return Ok(left.iter().map(|&point| Unit { points: vec![point], rates: Vec::new() }).collect());
        }
        // What else varies is the same in a group.
        let world = |point: usize| -> Vec<String> {
            let others = self.values(point).into_iter().zip(&self.keys);
            others.filter(|(_, key)| !key.is_policy() && !key.is_choice()).map(|(value, _)| value).collect()
        };
        let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
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
                let (points, rates) = (group[from..from + n].to_vec(), rates[from..from + n].to_vec());
                units.push(Unit { points, rates });
                from += n;
            }
        }
        Ok(units)
    }

    /// Simulates these points, those of a unit together, on a thread each, or more where there are fewer units, and keeps what they find.
    fn simulate(&self, units: &[Unit], parts: &Parts, threads: usize, quiet: bool) -> Result<(), Failure> {
        let (next, stop, begun) = (AtomicUsize::new(0), AtomicBool::new(false), Instant::now());
        let (points, done) = (units.iter().map(|unit| unit.points.len()).sum::<usize>(), AtomicUsize::new(0));
        let first: Mutex<Option<Failure>> = Mutex::new(None);
        let told = Mutex::new((false, Instant::now()));
        let pool = Threads::start(threads.min(units.len().max(1)));
        let each = (threads / pool.count()).max(1);
        pool.each(|_| {
            while !stop.load(Ordering::Relaxed) {
                let Some(unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                let found =
                    if self.shares { self.together(unit, parts, each) } else { self.point(unit.points[0], parts) };
                if let Err(failure) = found {
                    stop.store(true, Ordering::Relaxed);
                    first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
                    break;
                }
                let n = unit.points.len();
                let done = done.fetch_add(n, Ordering::Relaxed) + n;
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
    fn together(&self, unit: &Unit, parts: &Parts, threads: usize) -> Result<(), Failure> {
        let found = simulate::rows_by_choice(&self.at(unit.points[0])?, &unit.rates, threads);
        unit.points.iter().zip(found).try_for_each(|(&point, rows)| self.keep(point, rows, parts))
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
        let rows = self.kept.of(rows);
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

    /// What a point found and was kept.
    pub fn found(&self, point: usize, parts: &Parts) -> Result<Vec<[f64; 3]>, Failure> {
        parts.read(point).ok_or_else(|| {
            Failure::Other(format!("what point {point} found is not there any more\n  hint: --resume does it again"))
        })
    }
}
