//! What is said before a run begins: that it can't end, or that its charts won't show all that is written.

use std::path::Path;

use super::{Failure, terminal};
use crate::chart::glyphs;
use crate::engine::{MOST_MEMORY, counters};
use crate::policy::Compiled;
use crate::scenario::{Diagnostic, Scenario, shown};
use crate::world::{Classes, Layout};

/// From how many bytes of counters on a run says so.
const MUCH_MEMORY: u64 = 400_000_000;

/// Refuses a scenario whose counters would take more memory than a run may, or than `left`, what the machine has.
pub fn counters_fit(path: &Path, scenario: &Scenario, threads: usize, left: Option<u64>) -> Result<(), Failure> {
    // No more threads are started than there are communities.
    let threads = threads.min(Layout::new(scenario).communities() as usize);
    let compiled = Compiled::new(scenario, &Classes::new(scenario));
    let needed = counters(scenario, &compiled, threads);
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
