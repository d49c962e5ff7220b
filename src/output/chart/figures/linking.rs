//! How well a hash hides a telephone number: whom the parent could link to an account that it has, by the bits of the hash.

use super::{ends, policy_name, with_ends};
use crate::exposure::{ALL, KnowledgeRow};
use crate::output::chart::data::{ChartData, column};
use crate::output::chart::figure::{Figure, Heading};
use crate::output::chart::form::{Line, LinePanel, Lines, Unit, XAxis, lines};
use crate::output::chart::row_index::Facts;

/// What is drawn of a policy.
struct LinkedShares<'a> {
    place: usize,
    id: &'a str,
    /// Shares of all people, by bits: computed, and tried.
    by_bits: Vec<(u32, &'a KnowledgeRow)>,
    tried: Vec<(u32, &'a KnowledgeRow)>,
    /// With the number as it is.
    exact: f64,
}

/// Whether there is anything to draw.
pub fn is_drawn(facts: &Facts) -> bool {
    first(facts).is_some()
}

/// Draws the figure: of the first policy that lets numbers out, as others differ in whose numbers they let out, not in what a hash does to them.
pub fn draw(facts: &Facts) -> Figure {
    let lang = facts.lang();
    let mut columns = vec![
        column("policy", "text", "policy id"),
        column(
            "how",
            "text",
            "computed: expected if numbers are hashed; tried: people of the model hashed, at as many numbers to a value",
        ),
        column("bits", "bits", "length of the hash"),
        column(
            "share",
            "share",
            "people who are linked to the account that they have / all people of the sampled communities",
        ),
    ];
    columns.extend(ends("share"));
    let heading = Heading {
        topic: lang.say("What hashing a phone number hides: people still linked to their account", "Ce que cache le hachage d’un numéro : les personnes encore reliées à leur compte").to_owned(),
        detail: lang.fill(
            "Share of people in the sampled communities whom the parent links rightly to the account that they have with it, if it gets their number as a hash without a key of so many bits. Dots: people of the model hashed, where there are enough of them. {0}.",
            "Part des personnes des communautés échantillonnées que la maison mère relie à juste titre au compte qu’elles ont chez elle, si elle reçoit leur numéro haché sans clé sur tant de bits. Points : personnes du modèle hachées, là où elles sont assez nombreuses. {0}.",
            &[&facts.span()],
        ),
    };
    let mut figure = Figure::new(facts, "linking", heading, ChartData::new(columns));
    let Some(of) = first(facts) else {
        return figure.nothing(lang.say(
            "No policy lets telephone numbers out: nothing to show.",
            "Aucune politique ne laisse sortir de numéros : rien à montrer.",
        ));
    };
    let share = |row: &KnowledgeRow| row.value.as_f64();
    for (how, rows) in [("computed", &of.by_bits), ("tried", &of.tried)] {
        for (bits, row) in rows {
            let [value, lo, hi] = with_ends(Some(share(row)), row.spread.interval);
            figure.data.push(&[of.id, how], &[Some(f64::from(*bits)), value, lo, hi]);
        }
    }
    let line = |name: &str, rows: &[(u32, &KnowledgeRow)], dots: bool| Line {
        name: name.to_owned(),
        hue: facts.hues[of.place],
        points: rows.iter().map(|(bits, row)| (f64::from(*bits), share(row))).collect(),
        band: rows.iter().filter_map(|(bits, row)| Some((f64::from(*bits), row.spread.interval?))).collect(),
        dots,
    };
    let computed = line(lang.say("computed", "calculé"), &of.by_bits, false);
    let tried = line(lang.say("tried", "essayé"), &of.tried, true);
    let [least, most] =
        [of.by_bits.first(), of.by_bits.last()].map(|point| point.map_or(0.0, |point| f64::from(point.0)));
    let exact = Unit::Share.written(of.exact, lang);
    let level = lang.fill("the number as it is: {0}", "le numéro en clair : {0}", &[&exact]);
    let panel = LinePanel {
        head: policy_name(facts, of.place),
        lines: [computed, tried].into_iter().filter(|line| !line.points.is_empty()).collect(),
        level: Some((of.exact, level)),
        ..LinePanel::default()
    };
    let form = Lines {
        panels: vec![panel],
        x: XAxis::Values(least, most.max(least + 1.0)),
        x_name: lang.say("bits of the hash", "bits du hachage").to_owned(),
        unit: Unit::Share,
        one_scale: true,
        most: None,
    };
    lines::draw(&mut figure, lang, &form, &|x| lang.number(format!("{x}")));
    figure.alt = finding(facts, &of);
    figure
}

/// The first policy that lets numbers out.
fn first<'a>(facts: &Facts<'a>) -> Option<LinkedShares<'a>> {
    let input = facts.input;
    let all = |row: &&KnowledgeRow| &*row.purpose == ALL && &*row.population == ALL;
    input.policies.iter().enumerate().find_map(|(place, policy)| {
        let rows: Vec<&KnowledgeRow> =
            input.knowledge.iter().filter(all).filter(|row| row.policy == policy.id).collect();
        let by_bits = |metric: &str| -> Vec<(u32, &'a KnowledgeRow)> {
            let of_metric = rows.iter().filter(|row| row.metric == metric);
            of_metric.filter_map(|row| Some((row.parameter.strip_prefix("bits=")?.parse().ok()?, *row))).collect()
        };
        let exact = rows.iter().find(|row| row.metric == "linked_share" && &*row.parameter == "exact")?.value.as_f64();
        let of = LinkedShares {
            place,
            id: &policy.id,
            by_bits: by_bits("linked_share"),
            tried: by_bits("linked_share_tried"),
            exact,
        };
        (exact > 0.0 && !of.by_bits.is_empty()).then_some(of)
    })
}

fn finding(facts: &Facts, of: &LinkedShares) -> String {
    let lang = facts.lang();
    let share = |row: &KnowledgeRow| row.value.as_f64() / of.exact;
    // The longest hash that hides more than half of those whom the number itself links.
    let hides = of.by_bits.iter().rev().find(|(_, row)| share(row) < 0.5).map(|(bits, _)| *bits);
    match hides {
        Some(bits) => lang.fill(
            "Line chart: to hide more than half of those whom the number itself links a hash must have {0} bits or fewer.",
            "Courbes : pour cacher plus de la moitié de ceux que le numéro relie, un hachage doit compter {0} bits ou moins.",
            &[&bits.to_string()],
        ),
        None => lang.say("Line chart: no hash that is drawn hides half of those whom the number itself links.", "Courbes : aucun hachage représenté ne cache la moitié de ceux que le numéro relie.").to_owned(),
    }
}
