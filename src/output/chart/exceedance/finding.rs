//! The main finding about exceedance in a sentence.

use super::phases::stretches;
use crate::exposure::Phase;
use crate::output::chart::number::{count, list};
use crate::output::chart::row_index::Facts;
use crate::output::chart::{Named, NamedOrder, date};

/// Most orders that the sentence speaks about.
const MOST: usize = 3;

/// What policies disclose in the scope of orders, as late in time as the run goes.
pub fn finding(facts: &Facts) -> String {
    let orders = facts.input.orders;
    // Orders whose deadline the run reaches, else those whose notice it reaches, else all.
    let late = [Phase::AfterDeadline, Phase::Grace, Phase::BeforeNotice].into_iter().find_map(|phase| {
        let there = |o: &&NamedOrder| stretches(o, facts.period())[phase as usize].days > 0;
        let found: Vec<&NamedOrder> = orders.iter().filter(there).collect();
        (!found.is_empty()).then_some((phase, found))
    });
    let Some((phase, found)) = late else {
        return "Line chart: no order to hold disclosures against.".to_owned();
    };
    let when = |order: &NamedOrder| {
        let (notice, deadline) = (date(order.notice), date(order.deadline));
        match phase {
            Phase::BeforeNotice => format!("before the notice of {} ({notice})", order.regulator),
            Phase::Grace => format!("in the grace period of {} ({notice} to {deadline})", order.regulator),
            Phase::AfterDeadline => format!("after the deadline of {} ({deadline})", order.regulator),
        }
    };
    let said: Vec<String> =
        found.iter().take(MOST).map(|order| format!("{} {}", when(order), about(facts, order, phase))).collect();
    let more = if found.len() > MOST {
        format!("; the tables have the other orders ({})", found.len() - MOST)
    } else {
        String::new()
    };
    format!("Line chart: {}{more}.", said.join("; "))
}

/// "“Full sharing” discloses 12.3 mn values in scope about 150,000 people; “Security only”, none".
fn about(facts: &Facts, order: &NamedOrder, phase: Phase) -> String {
    let policies = facts.input.policies;
    let get = |metric: &str, p: &Named| facts.exceedance(metric, &order.id, &p.id, phase.word()).unwrap_or(0.0);
    let values: Vec<f64> = policies.iter().map(|p| get("disclosed_values", p)).collect();
    let most = (0..values.len()).reduce(|a, b| if values[b] > values[a] { b } else { a });
    let Some(most) = most.filter(|&m| values[m] > 0.0) else {
        return "no policy discloses a value in its scope".to_owned();
    };
    let title = |i: &usize| format!("“{}”", policies[*i].title);
    let (least, others): (Vec<usize>, Vec<usize>) =
        (0..values.len()).filter(|&i| i != most).partition(|&i| values[i] == 0.0);
    let equal: Vec<String> = others.iter().filter(|&&i| values[i] == values[most]).map(title).collect();
    let mut text = format!(
        "{} discloses {} values in its scope, about {} people",
        title(&most),
        count(values[most]),
        count(get("people_exposed", &policies[most]))
    );
    if !equal.is_empty() {
        text += &format!(", {} as many", list(&equal));
    }
    let none: Vec<String> = least.iter().map(title).collect();
    if !none.is_empty() {
        text += &format!(", and {} none", list(&none));
    }
    text
}
