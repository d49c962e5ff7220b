//! Gives a scenario its meaning: names become numbers, and whatever has no meaning is reported with its place.

mod alike;
mod contradictions;
mod expects;
mod exposure;
mod extends;
mod jurisdictions;
mod lists;
mod orders;
mod policies;
mod ranges;
mod readers;
mod security;
mod sweeps;
mod tests;
mod told;
mod uninstall;
mod utility;
mod volume;

use std::collections::{HashMap, HashSet};

use chrono::Datelike;

pub use exposure::PHONE_NUMBERS;
pub use ranges::{LIMITS, MAX_BYTES, SERIES};

use super::diagnostic::{Diagnostic, Severity, clip, list, nearest};
use super::kind::Kind;
use super::place::Place;
use super::presets::{offered, preset_with};
use super::schema;
use super::source::{Node, Path};
use super::titles::titles;
use told::Told;

use super::{Category, Collects, MAX_BANDS, MAX_CATEGORIES, MAX_JURISDICTIONS, MAX_PURPOSES, Purpose, Scenario};

/// Most days of a run.
pub const MAX_DAYS: u32 = 3653;
/// Most replicates of a run.
pub const MAX_REPLICATES: u32 = 1000;
/// Most people of a run.
pub const MAX_PEOPLE: u64 = 100_000_000_000;

/// Whether a scenario can have this name: it names a folder of results.
pub fn usable_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= 64 && name.chars().all(fits) && !name.starts_with('-')
}

/// The last day of a run, if it is in the calendar.
fn last_day(h: &schema::Header) -> Option<chrono::NaiveDate> {
    h.start.0.checked_add_days(chrono::Days::new(u64::from(h.days.saturating_sub(1))))
}

/// What checking found.
pub struct Checked {
    /// The scenario, if names resolve; with errors it is not to be used.
    pub scenario: Option<Scenario>,
    /// Errors and warnings.
    pub problems: Vec<Diagnostic>,
}

/// Checks a scenario; `root` has the places of what `file` holds.
pub fn check(mut file: schema::File, root: &Node) -> Checked {
    let mut c = Checker { root, names: all_names(&file), told: Told::default() };
    c.header(&file.scenario);
    if !c.ids(&file) {
        // What is said of each element of a list beyond all bounds helps nobody.
        return Checked { scenario: None, problems: c.told.problems() };
    }
    c.lists(&file);
    c.ranges(&mut file);
    c.choices(&mut file);
    let categories: Vec<&str> = file.categories.iter().map(|x| x.id.as_str()).collect();
    let purposes: Vec<&str> = file.purposes.iter().map(|x| x.id.as_str()).collect();
    let codes: Vec<&str> = file.jurisdictions.iter().map(|x| x.code.as_str()).collect();
    let times = file.categories.iter().take(32).enumerate().fold(0, |m, (i, c)| m | u32::from(c.time) << i);
    let names = Names { categories: &categories, purposes: &purposes, jurisdictions: &codes, times };
    let kinds = c.kinds(&file, &names);
    let checked_purposes = c.purposes(&file, &names);
    let jurisdictions = c.jurisdictions(&file, &names);
    c.missing_rates(&file);
    let mut policies = c.policies(&file, &names);
    c.tests(&file, &names, &mut policies);
    let orders = c.orders(&file, &names);
    c.readers(&file);
    c.titles(&file);
    c.silent(&file);
    let uninstall = c.uninstall(&file, &names);
    let knowledge = c.exposure(&file, &names);
    let utility = c.utility(&file, &names);
    c.volume(&file, &kinds, &checked_purposes);
    let expects = c.expects(&file);
    c.sweeps(&file);
    let baseline = c.baseline(&file.scenario, &policies);
    let titles = titles(&file, root);
    let problems = c.told.problems();
    if problems.iter().any(super::is_error) {
        return Checked { scenario: None, problems };
    }
    let (resolved, digest) = match resolve(&file) {
        Ok(both) => both,
        Err(d) => return Checked { scenario: None, problems: vec![d] },
    };
    let scenario = Scenario {
        digest,
        name: file.scenario.name.clone(),
        seed: file.scenario.seed,
        replicates: file.scenario.replicates,
        baseline,
        start: file.scenario.start.0,
        days: file.scenario.days,
        people: file.scenario.people,
        categories: file
            .categories
            .iter()
            .map(|c| Category {
                id: c.id.as_str().into(),
                title: c.title.clone(),
                bytes: c.bytes,
                weight: c.weight,
                time: c.time,
                dpv: c.dpv.clone(),
            })
            .collect(),
        kinds,
        purposes: checked_purposes,
        jurisdictions,
        policies,
        orders,
        uninstall,
        knowledge,
        utility,
        expects,
        titles,
        resolved,
        file,
    };
    Checked { scenario: Some(scenario), problems }
}

/// A scenario as TOML with everything filled in, and its digest. Without what is expected of its results, which says
/// nothing about the run and holds for one size only, and without what sweeps of it vary, which says nothing about a run either.
pub fn resolve(file: &schema::File) -> Result<(String, String), Diagnostic> {
    let file = schema::File { expects: Vec::new(), sweeps: Vec::new(), ..file.clone() };
    let text = toml::to_string(&file)
        .map_err(|e| Diagnostic::error(format!("internal: the resolved scenario can't be written: {e}")))?;
    let digest = blake3::hash(text.as_bytes()).to_hex().to_string();
    Ok((text, digest))
}

/// What each list of the scenario is called in messages, and the names in it.
fn all_names(file: &schema::File) -> Vec<(&'static str, HashSet<String>)> {
    vec![
        ("category", file.categories.iter().map(|x| x.id.clone()).collect()),
        ("purpose", file.purposes.iter().map(|x| x.id.clone()).collect()),
        ("kind of event", Kind::ALL.iter().map(|k| k.id().to_owned()).collect()),
        ("jurisdiction", file.jurisdictions.iter().map(|x| x.code.clone()).collect()),
        ("policy", file.policies.iter().map(|x| x.id.clone()).collect()),
        ("order", file.orders.iter().map(|x| x.id.clone()).collect()),
    ]
}

/// Names that rules and lists refer to.
struct Names<'a> {
    categories: &'a [&'a str],
    purposes: &'a [&'a str],
    jurisdictions: &'a [&'a str],
    /// Mask of the categories that hold a time.
    times: u32,
}

/// Collects problems; `root` gives places to paths.
pub(super) struct Checker<'a> {
    root: &'a Node,
    names: Vec<(&'static str, HashSet<String>)>,
    told: Told,
}

impl Checker<'_> {
    /// Reports an error at a path.
    pub(super) fn error(&mut self, path: &Path, message: String, label: &str, help: String) {
        if !self.told.only_counts(Severity::Error) {
            let node = self.root.locate_nearest(path);
            self.told.tell(Diagnostic::error(message).at(&node.place, label).help(help));
        }
    }

    /// Reports a warning at a path.
    fn warning(&mut self, path: &Path, message: String, label: &str, help: String) {
        if !self.told.only_counts(Severity::Warning) {
            let node = self.root.locate_nearest(path);
            self.told.tell(Diagnostic::warning(message).at(&node.place, label).help(help));
        }
    }

    /// Reports a problem.
    fn report(&mut self, problem: Diagnostic) {
        if !self.told.only_counts(problem.severity) {
            self.told.tell(problem);
        }
    }

    /// Says why, about the problem reported last.
    fn hint(&mut self, hint: impl Into<String>) {
        self.told.hint(hint.into());
    }

    fn unknown(&mut self, path: &Path, what: &str, name: &str, known: &[&str]) {
        self.unknown_at(&self.root.locate_nearest(path).place.clone(), what, name, known);
    }

    /// Reports a name that nothing defines. Where nothing at all is defined, that is reported already.
    fn unknown_at(&mut self, place: &Place, what: &str, name: &str, known: &[&str]) {
        if known.is_empty() || self.told.only_counts(Severity::Error) {
            return;
        }
        let mut problem = Diagnostic::error(format!("there is no {what} `{name}`"));
        let defined = || format!("defined are {}", list(known, "and"));
        let other = self.names.iter().find(|(kind, names)| *kind != what && names.contains(name));
        let near = nearest(name, known.iter().copied());
        problem = match (other, near) {
            (Some((kind, _)), _) => {
                let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
                problem
                    .at(place, format!("a {kind}, not {article} {what}").replace("a order", "an order"))
                    .help(defined())
            }
            (None, Some(near)) => problem.at(place, "not defined").help(format!("did you mean `{near}`?")),
            (None, None) => problem.at(place, "not defined").help(defined()),
        };
        if let Some(preset) = preset_with(what, name) {
            let preset = preset.name;
            problem = problem.hint(match what {
                "jurisdiction" => format!(
                    "the preset `{preset}` has `{name}`; to simulate its people give it a share: [[jurisdiction]] with \
                     code = \"{name}\" and share = ..."
                ),
                _ => format!("the preset `{preset}` has {what} `{name}`: name it in presets"),
            });
        }
        self.told.tell(problem);
    }

    /// Names as a mask of their positions.
    fn mask(&mut self, path: &Path, what: &str, names: &[String], known: &[&str]) -> u64 {
        let mut mask = 0;
        let mut seen = HashSet::new();
        for (i, name) in names.iter().enumerate() {
            if !seen.insert(name.as_str()) && !self.told.only_counts(Severity::Warning) {
                self.warning(
                    &path.index(i),
                    format!("`{name}` stands twice in the list"),
                    "again here",
                    "remove one of the two; was another name meant?".into(),
                );
            }
            match known.iter().position(|k| k == name) {
                Some(bit) if bit < 64 => mask |= 1 << bit,
                Some(_) => {}
                None if known.is_empty() || self.told.only_counts(Severity::Error) => {}
                None => self.unknown(&path.index(i), what, name, known),
            }
        }
        mask
    }

    fn header(&mut self, h: &schema::Header) {
        let path = Path::root().key("scenario");
        if !usable_name(&h.name) {
            self.error(
                &path.key("name"),
                "the scenario's name can't name a folder".into(),
                "not usable",
                "use lower case letters, digits and hyphens, such as \"cnil-2017\"".into(),
            );
            self.hint("results land in output/NAME; the title may be any text");
        }
        if h.people > MAX_PEOPLE {
            self.error(
                &path.key("people"),
                format!("more people than ever lived: {}", h.people),
                "at most 100 billion",
                "write the number of people to simulate, such as 1_000_000".into(),
            );
            self.hint("the world had 7.5 billion people in 2017");
        }
        let end = h.start.0.checked_add_days(chrono::Days::new(u64::from(h.days)));
        if end.is_none_or(|end| end.year() > 9999) || h.start.0.year() < 1 {
            self.error(
                &path.key("start"),
                "the run leaves the calendar".into(),
                "years are 1 to 9999",
                "choose an earlier first day, or fewer days".into(),
            );
        }
        if !(1..=MAX_REPLICATES).contains(&h.replicates) {
            self.error(
                &path.key("replicates"),
                format!("{} replicates", h.replicates),
                "from 1 to 1000",
                "write how many independent worlds to simulate, such as 5".into(),
            );
        }
        if h.days > MAX_DAYS {
            self.error(
                &path.key("days"),
                format!("the run is too long: {} days", h.days),
                "at most 3653 days",
                "write 3653 days or fewer".into(),
            );
            self.hint("ten years are the most: daily tables grow with every day");
        }
    }

    /// Index of the policy that the others are compared with.
    fn baseline(&mut self, h: &schema::Header, policies: &[super::Policy]) -> usize {
        let Some(named) = &h.baseline else { return 0 };
        let found = policies.iter().position(|p| *p.id == **named);
        if found.is_none() {
            let ids: Vec<&str> = policies.iter().map(|p| &*p.id).collect();
            self.unknown(&Path::root().key("scenario").key("baseline"), "policy", named, &ids);
        }
        found.unwrap_or(0)
    }

    /// Identifiers: usable, and each once. Whether there are no more of them than are supported.
    fn ids(&mut self, file: &schema::File) -> bool {
        let mut tables: Vec<(&str, &str, Vec<&str>, usize)> = vec![
            ("category", "id", file.categories.iter().map(|x| x.id.as_str()).collect(), MAX_CATEGORIES),
            // Unknown and repeated ones are reported: there can't be too many otherwise.
            ("kind", "id", file.kinds.iter().map(|x| x.id.as_str()).collect(), 1000),
            ("purpose", "id", file.purposes.iter().map(|x| x.id.as_str()).collect(), MAX_PURPOSES),
            ("jurisdiction", "code", file.jurisdictions.iter().map(|x| x.code.as_str()).collect(), MAX_JURISDICTIONS),
            ("policy", "id", file.policies.iter().map(|x| x.id.as_str()).collect(), 10_000),
            ("age_band", "id", file.age_bands.iter().map(|x| x.id.as_str()).collect(), MAX_BANDS),
        ];
        for (table, _, ids, _) in &tables {
            if ids.is_empty() {
                // The list itself may be a preset's, of which nothing was chosen.
                let (path, label) = (Path::root().key("scenario"), format!("it has no [[{table}]]"));
                let help = format!("add at least one [[{table}]]");
                self.error(&path, format!("the scenario defines no {table}"), &label, help);
                let names = offered(table);
                if !names.is_empty() {
                    self.hint(format!("presets have {}: name one to choose it", list(&names, "and")));
                }
            }
        }
        tables.push(("order", "id", file.orders.iter().map(|x| x.id.as_str()).collect(), 1000));
        tables.push(("abuse_class", "id", file.abuse_classes.iter().map(|x| x.id.as_str()).collect(), MAX_BANDS));
        let mut few = true;
        for (table, key, ids, most) in tables {
            let place = |i: usize| Path::root().key(table).index(i).key(key);
            if ids.len() > most {
                let help = format!("keep {most} of them: more are not supported");
                self.error(&place(most), format!("too many of [[{table}]]: {}", ids.len()), "one too many", help);
                few = false;
            }
            let mut seen: HashMap<&str, usize> = HashMap::new();
            for (i, id) in ids.iter().enumerate().take(most) {
                let first = *seen.entry(id).or_insert(i);
                if first < i {
                    let d = Diagnostic::error(format!("{table} `{id}` is defined twice"))
                        .at(&self.root.locate_nearest(&place(i)).place, "again here")
                        .also(&self.root.locate_nearest(&place(first)).place, "first defined here")
                        .help(format!("give one of them another {key}"));
                    self.report(d);
                }
                let fits = |c: char| c.is_ascii_alphanumeric() || "-_+.".contains(c);
                if id.is_empty() || id.len() > 64 || !id.chars().all(fits) {
                    let help = "use letters, digits, hyphens and underscores, at most 64".into();
                    self.error(&place(i), format!("`{}` can't be a name", clip(id, 60)), "not usable", help);
                    self.hint(format!("the {key} stands in tables and options; the title may be any text"));
                } else if *id == "all" {
                    let message = format!("{table} can't be called `all`");
                    self.error(&place(i), message, "reserved", "choose another name".into());
                    self.hint("in tables `all` stands for \"not split\"");
                }
            }
        }
        few
    }

    fn kinds(&mut self, file: &schema::File, names: &Names) -> [Collects; Kind::COUNT] {
        let mut kinds = [Collects::default(); Kind::COUNT];
        let known: Vec<&str> = Kind::ALL.iter().map(|k| k.id()).collect();
        let mut missing: Vec<&str> = known.clone();
        for (i, k) in file.kinds.iter().enumerate() {
            let path = Path::root().key("kind").index(i);
            missing.retain(|m| *m != k.id);
            let actor = self.mask(&path.key("actor"), "category", &k.actor, names.categories) as u32;
            let counterparty =
                self.mask(&path.key("counterparty"), "category", &k.counterparty, names.categories) as u32;
            match Kind::from_id(&k.id) {
                Some(kind) => {
                    if !kind.has_counterparty() && counterparty != 0 {
                        let message = format!("an event of kind `{}` has no counterparty", k.id);
                        let help = "write counterparty = []".into();
                        self.error(&path.key("counterparty"), message, "collects about nobody", help);
                        self.hint("what the event is about is collected about its actor");
                    }
                    kinds[kind as usize] = Collects { actor, counterparty };
                }
                None => {
                    self.unknown(&path.key("id"), "kind of event", &k.id, &known);
                    self.hint("the traffic model makes these kinds and no other");
                }
            }
        }
        if !missing.is_empty() && !file.kinds.is_empty() {
            self.error(
                &Path::root().key("kind"),
                format!("not all kinds of event are defined: {}", list(&missing, "and")),
                "some are missing",
                "say what each collects in a [[kind]] of its own, or name the preset \"whatsapp-2017\"".into(),
            );
            self.hint("the traffic model makes events of all kinds");
        }
        kinds
    }

    fn purposes(&mut self, file: &schema::File, names: &Names) -> Vec<Purpose> {
        let mut purposes = Vec::new();
        for (i, p) in file.purposes.iter().enumerate() {
            let path = Path::root().key("purpose").index(i);
            let requests = self.mask(&path.key("requests"), "category", &p.requests, names.categories) as u32;
            let needs = self.mask(&path.key("needs"), "category", &p.needs, names.categories) as u32;
            for (n, need) in p.needs.iter().enumerate() {
                if names.categories.contains(&need.as_str()) && !p.requests.contains(need) {
                    let message = format!("purpose `{}` needs `{need}` but does not request it", p.id);
                    let help = format!("add \"{need}\" to requests, or take it from needs");
                    self.error(&path.key("needs").index(n), message, "not requested", help);
                }
            }
            purposes.push(Purpose { id: p.id.as_str().into(), title: p.title.clone(), requests, needs });
        }
        purposes
    }
}
