//! `outflow sweep`: the same question for many values of what is not known.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::Args;

use super::ahead::{counters_fit, policies_fit};
use super::{Changes, Failure, begin, default_output, load_scenario, read_text, rendered, terminal};
use crate::exposure::{ALL, ExposureRow, Replicates};
use crate::output::chart::{self, Chart, ChartError, ChartInput, MOST_POLICIES, SweepLine};
use crate::output::manifest::{Origin, VERSION};
use crate::output::results::{about, run_id};
use crate::output::staging::Contents;
use crate::output::sweep::{Found, Parts, SweepColumns, SweepTable};
use crate::policy::asks_subjects_only;
use crate::scenario::{Overrides, Scenario, Text, Vary, lines, load_text};
use crate::simulate::{self, Counters, Grid, Simulation, Threads};

/// Most points of a sweep.
const MOST_POINTS: usize = 1_000_000;
/// Up to so many points are checked before the first is simulated.
const CHECKED_AHEAD: usize = 2000;
/// What stands for the policies of the run among keys.
const POLICY: &str = "policy";

/// Options of `sweep`.
#[derive(Args, Debug)]
pub struct SweepArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// What varies: traffic.reply_share=0.5,0.8 or jurisdiction.*.objects.targeted_advertising=0..1:11 or KEY=log:0.01..1:5, or policy=ID,ID;
    /// repeat it for all combinations
    #[arg(long, value_name = "KEY=VALUES", required = true, value_parser = Vary::parse)]
    vary: Vec<Vary>,
    /// The first values of all keys go together, the second, and so on
    #[arg(long)]
    zip: bool,
    /// Rows by jurisdiction and by category too
    #[arg(long)]
    all_rows: bool,
    /// Simulate each point by itself, also where points differ in choices alone and could share a run
    #[arg(long)]
    no_share: bool,
    #[command(flatten)]
    changes: Changes,
    /// Independent worlds of each point (default: as the scenario says, else 1)
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=1000))]
    replicates: Option<u32>,
    /// Go on with an unfinished sweep in the folder
    #[arg(long)]
    resume: bool,
    /// Worker threads (default: all processors)
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    /// Folder for the table (default: output/NAME-sweep)
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// No plan, no progress
    #[arg(long, short)]
    quiet: bool,
}

/// A sweep, checked.
struct Sweep<'a> {
    text: &'a Text,
    overrides: Overrides,
    scenario: Scenario,
    /// Keys that each varied one stands for; none for policies.
    keys: Vec<Vec<String>>,
    vary: &'a [Vary],
    grid: Grid,
    /// What rows of each point are about.
    rows: Vec<ExposureRow>,
    all_rows: bool,
    /// Whether points that differ in choices alone share a run.
    shares: bool,
}

impl SweepArgs {
    /// Sweeps.
    pub fn main(mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        self.changes.replicates = self.replicates;
        if let Some(values) = self.vary.iter().find(|v| v.key == POLICY).map(|v| v.values.clone()) {
            self.changes.policy.extend(values);
        }
        let scenario = load_scenario(&self.scenario, &self.changes)?;
        let compiled = policies_fit(&self.scenario, &scenario)?;
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let threads = self.threads.map_or(cores, |t| t as usize);
        counters_fit(&self.scenario, &scenario, &compiled, threads, simulate::available())?;
        drop(compiled);
        let text = if self.scenario.as_os_str() == crate::scenario::STDIN {
            return Err(Failure::Input(
                "error: a sweep reads its scenario more than once: `-` can't be\n  help: name a file".into(),
            ));
        } else {
            read_text(&self.scenario)?
        };
        let sweep = self.planned(&text, scenario)?;
        let points = sweep.grid.len();
        let target = self.output.clone().unwrap_or_else(|| {
            let run = default_output(&sweep.scenario);
            run.with_file_name(format!("{}-sweep", sweep.scenario.name))
        });
        sweep.check()?;
        let staging = begin(&target, Contents::Sweep)?;
        let parts = Parts::new(staging.checkpoints(), sweep.about(), sweep.rows.len());
        self.prepare(&parts)?;
        let left: Vec<usize> = sweep.grid.interleaved().filter(|&point| parts.read(point).is_none()).collect();
        let units = sweep.units(&left)?;
        if !self.quiet {
            terminal::log(&lines(&sweep.plan(points - left.len(), &units, threads)));
        }
        sweep.simulate(&units, &parts, threads, self.quiet)?;

        let command = self.command();
        let failed = |e: &dyn std::fmt::Display| Failure::Other(e.to_string());
        staging.write("scenario.resolved.toml", &sweep.scenario.resolved)?;
        staging.make_folder("tables")?;
        let run = [sweep.scenario.name.as_str().into(), run_id(&sweep.scenario).into()];
        let rows = (sweep.rows.clone(), sweep.scenario.replicates);
        let stem = staging.folder().join("tables/sweep");
        let mut table = SweepTable::new(&stem, &about(&sweep.scenario, &command), rows, sweep.columns()?, run);
        let mut curve = Curve::new(&sweep);
        for point in 0..points {
            let numbers = parts.read(point).ok_or_else(|| {
                Failure::Other(format!(
                    "what point {point} found is not there any more\n  hint: --resume does it again"
                ))
            })?;
            let at = sweep.grid.at(point);
            curve.iter_mut().for_each(|curve| curve.add(&sweep, &at, &numbers));
            table.write(point, &at, &numbers).map_err(|e| failed(&e))?;
        }
        let written = table.finish().map_err(|e| failed(&e))?;
        if let Some(chart) = curve.map(|curve| curve.draw(&sweep, &command)).transpose().map_err(|e| failed(&e))? {
            let files: [(&str, &[u8]); 4] = [
                ("svg", chart.svg.as_bytes()),
                ("png", &chart.png),
                ("csv", chart.csv.as_bytes()),
                ("json", chart.json.as_bytes()),
            ];
            for (end, content) in files {
                staging.write(&format!("charts/sweep.{end}"), content)?;
            }
        }
        staging.commit(&Origin::new(&sweep.scenario, &command, [("sweep", written)]))?;
        if !self.quiet {
            terminal::print(&format!(
                "{}: {points} points, {written} rows in {:.1} s: tables/sweep.csv and tables/sweep.parquet\n",
                target.display(),
                begun.elapsed().as_secs_f64()
            ))?;
        }
        Ok(())
    }

    /// The sweep as it is asked for, its keys and values looked up.
    fn planned<'a>(&'a self, text: &'a Text, scenario: Scenario) -> Result<Sweep<'a>, Failure> {
        let wrong = |v: &Vary, why: String| Failure::Input(lines(&format!("error: --vary {}: {why}", v.key)));
        let mut keys = Vec::new();
        for (i, v) in self.vary.iter().enumerate() {
            if self.vary[..i].iter().any(|other| other.key == v.key) {
                return Err(wrong(v, "it stands twice\n  help: give it all its values at once".into()));
            }
            let found = if v.key == POLICY { Vec::new() } else { v.keys(&scenario).map_err(|why| wrong(v, why))? };
            if let Some(value) = v.values.iter().find(|value| v.key != POLICY && value.parse::<f64>().is_err()) {
                return Err(wrong(v, format!("`{value}` is not a number")));
            }
            keys.push(found);
        }
        for (i, found) in keys.iter().enumerate() {
            if let Some(twice) = found.iter().find(|key| keys[..i].iter().flatten().any(|other| other == *key)) {
                return Err(wrong(&self.vary[i], format!("`{twice}` is varied by another --vary already")));
            }
        }
        let grid =
            Grid::new(self.vary.iter().map(|v| v.values.len()).collect(), self.zip).filter(|g| g.len() <= MOST_POINTS);
        let grid = grid.ok_or_else(|| {
            let lengths: Vec<String> = self.vary.iter().map(|v| v.values.len().to_string()).collect();
            Failure::Input(match self.zip {
                true => format!("error: --zip: keys have {} values, and need as many each", lengths.join(" and ")),
                false => format!(
                    "error: {} points are more than {MOST_POINTS}\n  help: fewer values, or --zip",
                    lengths.join(" x ")
                ),
            })
        })?;
        let of_choice = |keys: &Vec<String>| !keys.is_empty() && keys.iter().all(|key| is_choice(key));
        let shares = !self.no_share && !self.all_rows && keys.iter().any(of_choice) && asks_subjects_only(&scenario);
        let rows = rows(&scenario, self.all_rows, shares);
        Ok(Sweep {
            shares,
            text,
            overrides: self.changes.overrides(),
            scenario,
            keys,
            vary: &self.vary,
            grid,
            rows,
            all_rows: self.all_rows,
        })
    }

    /// Begins anew, or goes on.
    fn prepare(&self, parts: &Parts) -> Result<(), Failure> {
        let unreadable = |e: std::io::Error| Failure::Other(format!("can't keep what points find: {e}"));
        match parts.found().map_err(unreadable)? {
            Found::Same if self.resume => return Ok(()),
            Found::Same => terminal::log(
                "note: an unfinished sweep of the same points lies there: --resume goes on with it; this one begins anew",
            ),
            Found::Other(before) if self.resume => {
                return Err(Failure::Input(lines(&format!(
                    "error: the unfinished sweep in the folder is another one:\n{before}\n  help: change it back, begin anew without --resume, or choose another folder with --output"
                ))));
            }
            Found::Nothing if self.resume => {
                terminal::log("note: there is no unfinished sweep to go on with: this one begins anew")
            }
            Found::Other(_) | Found::Nothing => {}
        }
        parts.begin().map_err(unreadable)
    }

    fn command(&self) -> String {
        let mut command = format!("outflow sweep {}", terminal::quoted(&self.scenario.display().to_string()));
        for v in &self.vary {
            command += &format!(" --vary {}", terminal::quoted(&format!("{}={}", v.key, v.values.join(","))));
        }
        for (option, given) in [(" --zip", self.zip), (" --all-rows", self.all_rows), (" --no-share", self.no_share)] {
            command += if given { option } else { "" };
        }
        let policies =
            self.changes.policy.iter().filter(|id| !self.vary.iter().any(|v| v.key == POLICY && v.values.contains(id)));
        let changes = Changes { policy: policies.cloned().collect(), ..self.changes.clone() };
        command + &changes.as_typed()
    }
}

/// Rows of a point, whatever their figures.
fn rows(scenario: &Scenario, all: bool, shares: bool) -> Vec<ExposureRow> {
    let run = Simulation::new(scenario);
    let nothing = run.exposure().into_totals();
    let tables = Replicates::new(scenario, (&run.compiled, &run.orders), [&nothing]);
    let rows = (0..scenario.policies.len()).flat_map(|policy| tables.exposure_of(policy));
    rows.filter(|row| (all || is_whole(row)) && !(shares && &*row.metric == "disclosed_events")).collect()
}

/// Whether a number is a rate of objection or agreement.
fn is_choice(key: &str) -> bool {
    let parts: Vec<&str> = key.split('.').collect();
    matches!(parts[..], ["jurisdiction", _, "objects" | "agrees", _])
}

/// Whether a row is not split by jurisdiction or category, nor one of a histogram.
fn is_whole(row: &ExposureRow) -> bool {
    &*row.jurisdiction == ALL && &*row.category == ALL && !row.metric.starts_with("people_at_depth_")
}

impl Sweep<'_> {
    /// What varies, as columns.
    fn columns(&self) -> Result<Vec<SweepColumns>, Failure> {
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
    fn at(&self, point: usize) -> Result<Scenario, Failure> {
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
    fn check(&self) -> Result<(), Failure> {
        let n = self.grid.len();
        // Of many those at the ends of the order and some between.
        let step = n.div_ceil(CHECKED_AHEAD).max(1);
        (0..n).step_by(step).chain(n.checked_sub(1)).try_for_each(|point| self.at(point).map(drop))
    }

    /// What the sweep is, for whoever finds its parts.
    fn about(&self) -> String {
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
    fn units(&self, left: &[usize]) -> Result<Vec<Vec<usize>>, Failure> {
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
    fn plan(&self, done: usize, units: &[Vec<usize>], threads: usize) -> String {
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
    fn simulate(&self, units: &[Vec<usize>], parts: &Parts, threads: usize, quiet: bool) -> Result<(), Failure> {
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
        let found = simulate::rows_by_choice(&scenarios[0], &rates, &Counters::default());
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

/// Figures that are drawn: metric, population, whether it is a share, and what a reader calls it.
const DRAWN: [(&str, &str, bool, &str); 3] = [
    ("disclosed_values", ALL, false, "Values disclosed, for all purposes"),
    ("coverage_of_group", "objecting", true, "Users who object, reached for any purpose"),
    ("coverage_of_group", "non_user", true, "People who never joined, reached for any purpose"),
];

/// Most values of a key of which a curve is drawn.
const MOST_DRAWN: usize = 2000;

/// The curve of a sweep in which a single key takes several values, and policies besides.
struct Curve {
    /// Which of the varied keys.
    key: usize,
    lines: Vec<SweepLine>,
    /// For each line its row.
    rows: Vec<usize>,
}

impl Curve {
    /// Lines that are still empty; none if there is more than one axis.
    fn new(sweep: &Sweep) -> Option<Self> {
        let mut axes = (0..sweep.vary.len()).filter(|&i| sweep.vary[i].key != POLICY && sweep.vary[i].values.len() > 1);
        let key = axes.next().filter(|&key| sweep.vary[key].values.len() <= MOST_DRAWN)?;
        if axes.next().is_some() && !sweep.grid.is_zip() {
            return None;
        }
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        for (metric, population, share, panel) in DRAWN {
            for (policy, p) in sweep.scenario.policies.iter().enumerate().take(MOST_POLICIES) {
                let wanted = |row: &ExposureRow| {
                    (&*row.metric, &*row.population, &*row.purpose) == (metric, population, ALL)
                        && row.policy == p.id
                        && is_whole(row)
                };
                if let Some(row) = sweep.rows.iter().position(wanted) {
                    lines.push(SweepLine { panel: panel.to_owned(), share, policy, points: Vec::new() });
                    rows.push(row);
                }
            }
        }
        Some(Curve { key, lines, rows })
    }

    /// Adds a point.
    fn add(&mut self, sweep: &Sweep, at: &[usize], numbers: &[[f64; 3]]) {
        let of_policy = sweep.vary.iter().zip(at).find(|(v, _)| v.key == POLICY).map(|(v, &i)| v.values[i].as_str());
        let Ok(value) = sweep.vary[self.key].values[at[self.key]].parse::<f64>() else { return };
        for (line, &row) in self.lines.iter_mut().zip(&self.rows) {
            if of_policy.is_none_or(|id| id == &*sweep.scenario.policies[line.policy].id) {
                let [mean, lo, hi] = numbers[row];
                line.points.push((value, mean, (!lo.is_nan()).then_some((lo, hi))));
            }
        }
    }

    fn draw(mut self, sweep: &Sweep, command: &str) -> Result<Chart, ChartError> {
        for line in &mut self.lines {
            line.points.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        self.lines.retain(|line| !line.points.is_empty());
        let key = &sweep.vary[self.key].key;
        let policies = chart::named_policies(&sweep.scenario);
        let input = ChartInput::about(&sweep.scenario, &policies, command, VERSION);
        let title = format!("How figures follow {key}");
        let days = sweep.scenario.days;
        let subtitle = format!(
            "{} values, each simulated; bands are 95 % intervals over worlds, which all values share as far as they can. {days} {} from {}.",
            sweep.vary[self.key].values.len(),
            if days == 1 { "day" } else { "days" },
            sweep.scenario.start.format("%-d %b %Y")
        );
        chart::draw_sweep(&input, key, (title, subtitle), &self.lines)
    }
}
