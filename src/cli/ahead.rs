//! What is said before a run begins: that it can't end, or that its charts won't show all that is written.

use std::path::Path;

use super::{Failure, terminal};
use crate::output::chart::glyphs;
use crate::output::results::{MOST_ROWS, rows_ahead};
use crate::policy::{Compiled, MAX_TABLE, TooMuch, Work};
use crate::population::{Classes, Layout};
use crate::scenario::{Diagnostic, Scenario, shown};
use crate::simulate::{MOST_MEMORY, available, counters, knowledge_memory};

/// From how many bytes of counters on a run says so.
const MUCH_MEMORY: u64 = 400_000_000;
/// From how many rows of tables on a run says so.
const MANY_ROWS: u64 = 20_000_000;

/// The policies of a scenario, compiled; refused if they tell so many kinds of people apart that what a run counts by would not fit.
pub fn policies_fit(path: &Path, scenario: &Scenario) -> Result<Compiled, Failure> {
    let compiled = Compiled::within(scenario, &Classes::new(scenario), &mut Work::bounded());
    let entries = match compiled.map(|c| (c.all_context_masks(), c)) {
        Ok((entries, compiled)) if entries <= MAX_TABLE => return Ok(compiled),
        Ok((entries, _)) => format!("tables of {entries} entries"),
        Err(TooMuch) => "tables of more entries than can be counted".into(),
    };
    Err(Failure::Input(format!(
        "error: the policies of {} tell too many kinds of people apart: {entries}, at most {MAX_TABLE}\n  \
         help: fewer jurisdictions or purposes, fewer policies at once (--policy), or choices and jurisdictions of the subject \
         instead of the actor",
        shown(path)
    )))
}

/// The policies of a scenario, compiled, and on how many threads it is simulated, all processors if nobody says; refused if it does not fit.
pub fn fits(path: &Path, scenario: &Scenario, threads: Option<u32>) -> Result<(Compiled, usize), Failure> {
    let compiled = policies_fit(path, scenario)?;
    let threads = threads.map_or_else(cores, |threads| threads as usize);
    counters_fit(path, scenario, &compiled, threads, available())?;
    Ok((compiled, threads))
}

/// Processors of this machine.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Refuses a scenario whose counters would take more memory than a run may, or than `left`, what the machine has.
pub fn counters_fit(
    path: &Path,
    scenario: &Scenario,
    compiled: &Compiled,
    threads: usize,
    left: Option<u64>,
) -> Result<(), Failure> {
    // No more threads are started than there are communities.
    let threads = threads.min(Layout::new(scenario).communities() as usize);
    let needed = counters(scenario, compiled, threads);
    let limit = if needed > MOST_MEMORY {
        format!("at most {}", terminal::bytes(MOST_MEMORY))
    } else if let Some(left) = left.filter(|left| needed > *left) {
        format!("this machine has {} left", terminal::bytes(left))
    } else {
        if needed > MUCH_MEMORY {
            terminal::log(&format!(
                "warning: the counters of {} take {} on {threads} {}\n  help: each thread has its own: --threads 1 takes the least",
                shown(path),
                terminal::bytes(needed),
                if threads == 1 { "thread" } else { "threads" }
            ));
        }
        return Ok(());
    };
    let counted = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    Err(Failure::Input(format!(
        "error: a run of {} would take {} of memory for its counters, {limit}\n  hint: it has {}, {}, {}, {} and {}, on {}\n  \
         help: fewer policies at once (--policy), fewer days (--days) or orders{}",
        shown(path),
        terminal::bytes(needed),
        counted(scenario.policies.len(), "policy", "policies"),
        counted(scenario.purposes.len(), "purpose", "purposes"),
        counted(scenario.jurisdictions.len(), "jurisdiction", "jurisdictions"),
        counted(scenario.orders.len(), "order", "orders"),
        counted(scenario.days as usize, "day", "days"),
        counted(threads, "thread", "threads"),
        if threads > 1 { ", or --threads 1" } else { "" }
    )))
}

/// Refuses a scenario whose question about the parent's knowledge would take more memory than a run may, or than `left`, what the machine has.
pub fn knowledge_fits(path: &Path, scenario: &Scenario, compiled: &Compiled, threads: usize) -> Result<(), Failure> {
    let left = available();
    let help = "ask less: fewer [exposure] metrics or a smaller sample, fewer policies at once (--policy), fewer days (--days)";
    let Some(needed) = knowledge_memory(scenario, compiled, threads) else {
        return Err(Failure::Input(format!(
            "error: the policies of {} change too often for [exposure] metrics: more contexts than can be kept\n  help: {help}",
            shown(path)
        )));
    };
    let limit = match left {
        _ if needed > MOST_MEMORY => format!("at most {}", terminal::bytes(MOST_MEMORY)),
        Some(left) if needed > left => format!("this machine has {} left", terminal::bytes(left)),
        _ => return Ok(()),
    };
    Err(Failure::Input(format!(
        "error: the [exposure] metrics of {} would take {} of memory, {limit}\n  \
         hint: it is kept who told of whom in {} of its communities at once, and counted for each policy and purpose\n  help: {help}{}",
        shown(path),
        terminal::bytes(needed),
        threads,
        if threads > 1 { ", or --threads 1" } else { "" }
    )))
}

/// Refuses a scenario whose tables nobody would wait for, or could open; says so if they are only large.
pub fn tables_fit(path: &Path, scenario: &Scenario, compiled: &Compiled) -> Result<(), Failure> {
    let rows: u64 = rows_ahead(scenario, compiled).values().sum();
    let millions = rows / 1_000_000;
    if rows > MOST_ROWS {
        return Err(Failure::Input(format!(
            "error: the tables of {} would have {millions} million rows, at most {} million\n  \
             hint: each policy has its rows, on each day, against each order\n  \
             help: fewer policies at once (--policy), fewer days (--days) or orders",
            shown(path),
            MOST_ROWS / 1_000_000
        )));
    }
    if rows > MANY_ROWS {
        terminal::log(&format!(
            "warning: the tables of {} have {millions} million rows: to write them takes long\n  \
             help: fewer policies at once (--policy), fewer days (--days) or orders",
            shown(path)
        ));
    }
    Ok(())
}

/// Says which texts of the scenario charts and page will not show as they are written.
pub fn warn_of_titles(scenario: &Scenario) {
    let mut warnings = Vec::new();
    for t in &scenario.titles {
        let message = format!("the {} of {} will not be seen as it is written", t.key, t.whose());
        let warning = |why: String| Diagnostic::warning(message.clone()).at(&t.place, why);
        let box_instead = format!(
            "the PNG charts have {} instead; the SVG charts and the page keep every letter",
            glyphs::SUBSTITUTE
        );
        warnings.extend(
            glyphs::missing(&t.text)
                .map(|why| warning(why).help("write it in Latin, Greek or Cyrillic letters").hint(box_instead)),
        );
        warnings.extend(glyphs::left_out(&t.text).map(|why| {
            warning(why)
                .help("take them out")
                .hint("they order a terminal about, or turn text around; they show nothing")
        }));
    }
    if !warnings.is_empty() {
        terminal::log(crate::scenario::render(&warnings, terminal::stderr_has_colour()).trim_end());
    }
}
