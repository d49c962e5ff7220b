//! What a run leaves: written, put in place, and told; whether it was simulated at once or in shards.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{Failure, achieved, terminal};
use crate::output::chart::MOST_POLICIES;
use crate::output::findings::{Finding, MOST_SHOWN};
use crate::output::following::{FollowingRow, Measured};
use crate::output::manifest::Manifest;
use crate::output::report::{PeopleReached, SummaryRow};
use crate::output::results;
use crate::output::staging::Staging;
use crate::simulate::{self, Effort, Simulation, StudyOutcome};

/// What is told of results on stdout.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Their folder, as the user named it.
    pub target: &'a Path,
    /// The manifest and the figures of the summary, for programs.
    pub json: bool,
    /// Nothing.
    pub quiet: bool,
}

/// Times the filters after all communities were simulated, here or elsewhere.
pub fn time_filters(run: &Simulation, outcome: &mut StudyOutcome) {
    let wall = match outcome.effort {
        Effort::Here { wall, .. } => wall,
        Effort::Shards(_) => Duration::ZERO,
    };
    let (filter, took) = simulate::time_filters(run, wall);
    outcome.filter = filter;
    if let Effort::Here { stages, .. } = &mut outcome.effort {
        stages.probe = took;
    }
}

/// Writes all that a run leaves, puts it in place, and tells of it; `step` hears what is done. `command` makes the same results, `begun` is when
/// this one began.
pub fn leave(
    run: &Simulation,
    outcome: &StudyOutcome,
    command: &str,
    begun: Instant,
    staging: Staging,
    told: Told,
    step: &dyn Fn(&str),
) -> Result<(), Failure> {
    let results = results::write(results::PRESENTERS, run, outcome, command, begun, &staging)
        .map_err(|e| Failure::Other(e.to_string()))?;
    step("tables, charts and page written");
    let mut manifest = staging.commit(&results.manifest)?;
    step("put in place");

    for what in &results.missing {
        terminal::log(&format!("warning: {what}"));
    }
    let (rows, findings) = (results.presentation.rows(), results.presentation.findings());
    let (achieved, security) = (rows.achieved(), rows.security(&run.scenario));
    if told.json {
        if let Some(fields) = manifest.as_object_mut() {
            let told = [
                ("summary", serde_json::to_value(&rows.summary)),
                ("following", serde_json::to_value(&rows.following)),
            ];
            // What nobody asked for is no empty list.
            let achieved = (!achieved.is_empty()).then(|| ("achieved", serde_json::to_value(&achieved)));
            let security = security.as_ref().map(|found| ("security", serde_json::to_value(found)));
            for (name, rows) in told.into_iter().chain(achieved).chain(security) {
                fields.insert(name.into(), rows.map_err(|e| Failure::Other(e.to_string()))?);
            }
        }
        let json = serde_json::to_string_pretty(&manifest).map_err(|e| Failure::Other(e.to_string()))?;
        terminal::print_data(&(json + "\n"))?;
    } else if !told.quiet {
        terminal::print(&summary(&results.manifest, &rows.summary, &rows.following))?;
        terminal::print(&in_short(findings))?;
        terminal::print(&achieved::business_intelligence(run, &achieved))?;
        terminal::print(&achieved::security(run, security.as_ref()))?;
        terminal::print(&format!("\nResults in {}; begin with report.html\n", told.target.display()))?;
    }
    Ok(())
}

/// What follows from what a policy lets out, in words.
fn follows(row: &FollowingRow) -> Vec<String> {
    let within = |of: Measured, written: &dyn Fn(f64) -> String, unit: &str| {
        let ends = of.interval.map(|(lo, hi)| (written(lo), written(hi))).filter(|(lo, hi)| lo != hi);
        let range = ends.map_or_else(String::new, |(lo, hi)| format!(" ({lo} to {hi})"));
        format!("{}{unit}{range}", written(of.value))
    };
    // What rounds to 0 has no sign.
    let percent = |share: f64| format!("{:.1}", (share * 1000.0).round() / 10.0 + 0.0);
    let days = |day: f64| if day == 0.0 { "-".to_owned() } else { format!("{day:.0}") };
    vec![
        row.policy.clone(),
        within(row.facts, &terminal::short, ""),
        within(row.values_per_fact, &terminal::short, ""),
        within(row.by_others_alone, &percent, " %"),
        within(row.objection_efficacy, &percent, " %"),
        within(row.objection_efficacy_of_facts, &percent, " %"),
        within(row.half_time, &days, ""),
    ]
}

fn summary(m: &Manifest, rows: &[SummaryRow], following: &[FollowingRow]) -> String {
    let reached = |r: &PeopleReached| {
        if r.people == 0.0 {
            return "0".to_owned();
        }
        let percent = |share: f64| format!("{:.1}", share * 100.0);
        let share = percent(r.share.unwrap_or(0.0));
        match r.interval.map(|(lo, hi)| (percent(lo), percent(hi))).filter(|(lo, hi)| lo != hi) {
            Some((lo, hi)) => format!("{} ({share} %; {lo} to {hi})", terminal::short(r.people)),
            None => format!("{} ({share} %)", terminal::short(r.people)),
        }
    };
    let values = |r: &SummaryRow| {
        let short = terminal::short;
        match r.values_interval.map(|(lo, hi)| (short(lo), short(hi))).filter(|(lo, hi)| lo != hi) {
            Some((lo, hi)) => format!("{} ({lo} to {hi})", short(r.disclosed_values)),
            None => short(r.disclosed_values),
        }
    };
    // Of many policies the first: hundreds of rows are for a file, not for a terminal.
    let (policies, shown) = (m.filter.len(), m.filter.len().min(MOST_POLICIES));
    let more = match policies - shown {
        0 => String::new(),
        more => format!("and {more} more policies: see tables/exposure.csv and manifest.json\n"),
    };
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(rows.len() / policies.max(1) * shown)
        .map(|r| {
            vec![
                r.policy.clone(),
                r.purpose.clone(),
                values(r),
                reached(&r.not_objecting),
                reached(&r.objecting),
                reached(&r.non_user),
            ]
        })
        .collect();
    let head = ["policy", "purpose", "values", "users not objecting", "users objecting", "never joined"];
    let certainty = match m.replicates {
        1 => "; one world: no interval".to_owned(),
        n => format!(": means of {n} worlds, 95 % intervals where they show"),
    };
    let mut text = format!(
        "{}: {} people ({} users), {} {} from {}, {} events{}\n\nPeople exposed, and disclosed values, by policy and purpose{certainty}\n\n",
        m.scenario,
        terminal::short(m.people as f64),
        terminal::short(m.users as f64),
        m.days,
        if m.days == 1 { "day" } else { "days" },
        m.start,
        terminal::short(m.events as f64),
        if m.replicates > 1 { format!(" in {} worlds", m.replicates) } else { String::new() },
    );
    text += &terminal::table(&head, &cells, 2);
    text += &more;
    text += "\nWhat follows from them, to all purposes together: a fact is a category about a person, however often it is let out\n\n";
    let head = [
        "policy",
        "facts",
        "each let out, times",
        "objecting: told by others alone",
        "an objection takes away",
        "of facts",
        "never joined: half by day",
    ];
    let cells: Vec<Vec<String>> = following.iter().take(shown).map(follows).collect();
    text += &terminal::table(&head, &cells, 1);
    text += "\nFilter throughput, one thread, events already made: medians, and what four of five repetitions lie within\n\n";
    let speeds: Vec<Vec<String>> = m
        .filter
        .iter()
        .take(shown)
        .map(|f| {
            let per_s = |n: f64| terminal::short(n) + "/s";
            vec![
                f.policy.clone(),
                per_s(f.events_per_s),
                format!("{} to {}", terminal::short(f.events_per_s_lo), terminal::short(f.events_per_s_hi)),
                per_s(f.values_per_s),
                format!("{:.2} GB/s", f.gb_per_s),
            ]
        })
        .collect();
    text +=
        &terminal::table(&["policy", "events", "four of five within", "values let out", "columns read"], &speeds, 1);
    text += &simulated(m);
    text
}

/// The strongest findings, a line each.
fn in_short(all: &[Finding]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let line = |(i, of): (usize, &Finding)| {
        let returns = if of.returns_assumption { "returns an assumption; " } else { "" };
        format!("{}. {} [{returns}{}]\n", i + 1, of.sentence.en, of.evidence_in_words.en)
    };
    let lines: String = all.iter().take(MOST_SHOWN).enumerate().map(line).collect();
    format!("\nFindings\n\n{lines}")
}

/// What the simulation took, as far as this process can tell.
fn simulated(m: &Manifest) -> String {
    let events = terminal::short(m.events as f64);
    match (m.simulate_s, m.threads, m.events_per_s, m.shards) {
        (Some(seconds), Some(threads), Some(rate), _) => format!(
            "\n{events} events generated, filtered and measured in {seconds:.1} s on {threads} thread{}: {} events/s\n",
            if threads == 1 { "" } else { "s" },
            terminal::short(rate),
        ),
        (.., Some(1)) => format!("\n{events} events, simulated in one shard: how long that took is not known here\n"),
        (.., shards) => {
            let shards = shards.unwrap_or_default();
            format!("\n{events} events, simulated in {shards} shards: how long that took is not known here\n")
        }
    }
}
