//! Gives a scenario its meaning: names become numbers, and whatever has no meaning is reported with its place.

mod orders;
mod policies;
mod ranges;
mod tests;
mod uninstall;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike;

use super::diagnostic::{Diagnostic, list, nearest};
use super::kind::Kind;
use super::source::{Node, Path};
use super::wire;
use super::{Category, Collects, Jurisdiction, MAX_CATEGORIES, MAX_JURISDICTIONS, MAX_PURPOSES, Purpose, Scenario};

/// What checking found.
pub struct Checked {
    /// The scenario, if names resolve; with errors it is not to be used.
    pub scenario: Option<Scenario>,
    /// Errors and warnings.
    pub problems: Vec<Diagnostic>,
}

/// Checks a scenario; `root` has the places of what `file` holds.
pub fn check(file: wire::File, root: &Node) -> Checked {
    let mut c = Checker { root, problems: Vec::new() };
    c.header(&file.scenario);
    c.ids(&file);
    ranges::check(&mut c, &file);
    let categories: Vec<&str> = file.categories.iter().map(|x| x.id.as_str()).collect();
    let purposes: Vec<&str> = file.purposes.iter().map(|x| x.id.as_str()).collect();
    let codes: Vec<&str> = file.jurisdictions.iter().map(|x| x.code.as_str()).collect();
    let times = file.categories.iter().take(32).enumerate().fold(0, |m, (i, c)| m | u32::from(c.time) << i);
    let names = Names { categories: &categories, purposes: &purposes, jurisdictions: &codes, times };
    let kinds = c.kinds(&file, &names);
    let checked_purposes = c.purposes(&file, &names);
    let jurisdictions = c.jurisdictions(&file, &names);
    let mut policies = c.policies(&file, &names);
    c.tests(&file, &names, &mut policies);
    let orders = c.orders(&file, &names);
    let uninstall = c.uninstall(&file, &names);
    let problems = c.problems;
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
        start: file.scenario.start.0,
        days: file.scenario.days,
        people: file.scenario.people,
        categories: file
            .categories
            .iter()
            .map(|c| Category { id: c.id.as_str().into(), title: c.title.clone(), bytes: c.bytes, time: c.time })
            .collect(),
        kinds,
        purposes: checked_purposes,
        jurisdictions,
        policies,
        orders,
        uninstall,
        resolved,
        file,
    };
    Checked { scenario: Some(scenario), problems }
}

/// A scenario as TOML with everything filled in, and its digest.
pub fn resolve(file: &wire::File) -> Result<(String, String), Diagnostic> {
    let text = toml::to_string(file)
        .map_err(|e| Diagnostic::error(format!("internal: the resolved scenario can't be written: {e}")))?;
    let digest = blake3::hash(text.as_bytes()).to_hex().to_string();
    Ok((text, digest))
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
    pub(super) problems: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// Reports an error at a path.
    pub(super) fn error(&mut self, path: &Path, message: String, label: &str, help: String) {
        let node = self.root.locate_nearest(path);
        self.problems.push(Diagnostic::error(message).at(&node.place, label).help(help));
    }

    fn unknown(&mut self, path: &Path, what: &str, name: &str, known: &[&str]) {
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("the scenario defines no {what}"),
            None => format!("defined are {}", list(known, "and")),
        };
        self.error(path, format!("there is no {what} `{name}`"), "not defined", help);
    }

    /// Names as a mask of their positions.
    fn mask(&mut self, path: &Path, what: &str, names: &[String], known: &[&str]) -> u64 {
        let mut mask = 0;
        for (i, name) in names.iter().enumerate() {
            match known.iter().position(|k| k == name) {
                Some(bit) if bit < 64 => mask |= 1 << bit,
                Some(_) => {}
                None => self.unknown(&path.index(i), what, name, known),
            }
        }
        mask
    }

    fn header(&mut self, h: &wire::Header) {
        let path = Path::root().key("scenario");
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if h.name.is_empty() || h.name.len() > 64 || !h.name.chars().all(fits) || h.name.starts_with('-') {
            self.error(
                &path.key("name"),
                "the scenario's name can't name a folder".into(),
                "not usable",
                "use lower case letters, digits and hyphens, such as \"cnil-2017\"".into(),
            );
        }
        if h.people > 100_000_000_000 {
            self.error(
                &path.key("people"),
                "more people than ever lived".into(),
                "at most 100 billion",
                "the world had 7.5 billion people in 2017".into(),
            );
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
        if h.days > 3653 {
            self.error(
                &path.key("days"),
                "the run is too long".into(),
                "at most 3653 days",
                "ten years are the most: daily tables grow with every day".into(),
            );
        }
    }

    /// Identifiers: usable, and each once.
    fn ids(&mut self, file: &wire::File) {
        let mut tables: Vec<(&str, &str, Vec<&str>, usize)> = vec![
            ("category", "id", file.categories.iter().map(|x| x.id.as_str()).collect(), MAX_CATEGORIES),
            ("kind", "id", file.kinds.iter().map(|x| x.id.as_str()).collect(), Kind::COUNT),
            ("purpose", "id", file.purposes.iter().map(|x| x.id.as_str()).collect(), MAX_PURPOSES),
            ("jurisdiction", "code", file.jurisdictions.iter().map(|x| x.code.as_str()).collect(), MAX_JURISDICTIONS),
            ("policy", "id", file.policies.iter().map(|x| x.id.as_str()).collect(), 10_000),
            ("age_band", "id", file.age_bands.iter().map(|x| x.id.as_str()).collect(), 200),
        ];
        for (table, _, ids, _) in &tables {
            if ids.is_empty() {
                let path = Path::root().key(table);
                let help = format!("add at least one [[{table}]]");
                self.error(&path, format!("the scenario defines no {table}"), "nothing here", help);
            }
        }
        tables.push(("order", "id", file.orders.iter().map(|x| x.id.as_str()).collect(), 1000));
        tables.push(("abuse_class", "id", file.abuse_classes.iter().map(|x| x.id.as_str()).collect(), 200));
        for (table, key, ids, most) in tables {
            let place = |i: usize| Path::root().key(table).index(i).key(key);
            if ids.len() > most {
                let help = format!("at most {most} are supported");
                self.error(&place(most), format!("too many of [[{table}]]: {}", ids.len()), "one too many", help);
            }
            for (i, id) in ids.iter().enumerate() {
                if let Some(first) = ids[..i].iter().position(|other| other == id) {
                    let d = Diagnostic::error(format!("{table} `{id}` is defined twice"))
                        .at(&self.root.locate_nearest(&place(i)).place, "again here")
                        .also(&self.root.locate_nearest(&place(first)).place, "first defined here")
                        .help(format!("give one of them another {key}"));
                    self.problems.push(d);
                }
                let fits = |c: char| c.is_ascii_alphanumeric() || "-_+.".contains(c);
                if id.is_empty() || id.len() > 64 || !id.chars().all(fits) {
                    let help = "use letters, digits, hyphens and underscores".into();
                    self.error(&place(i), format!("`{id}` can't be a name"), "not usable", help);
                } else if *id == "all" {
                    let help = "`all` stands for \"not split\" in tables; choose another name".into();
                    self.error(&place(i), format!("{table} can't be called `all`"), "reserved", help);
                }
            }
        }
    }

    fn kinds(&mut self, file: &wire::File, names: &Names) -> [Collects; Kind::COUNT] {
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
                    }
                    kinds[kind as usize] = Collects { actor, counterparty };
                }
                None => self.unknown(&path.key("id"), "kind of event", &k.id, &known),
            }
        }
        if !missing.is_empty() && !file.kinds.is_empty() {
            self.error(
                &Path::root().key("kind"),
                format!("not all kinds of event are defined: {}", list(&missing, "and")),
                "some are missing",
                "the traffic model makes them: say what each collects, or use the preset \"whatsapp-2017\"".into(),
            );
        }
        kinds
    }

    fn purposes(&mut self, file: &wire::File, names: &Names) -> Vec<Purpose> {
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

    fn jurisdictions(&mut self, file: &wire::File, names: &Names) -> Vec<Jurisdiction> {
        let mut os_names: Vec<&String> = file.jurisdictions.iter().flat_map(|j| j.os.keys()).collect();
        os_names.sort_unstable();
        os_names.dedup();
        let mut all = Vec::new();
        for (i, j) in file.jurisdictions.iter().enumerate() {
            let path = Path::root().key("jurisdiction").index(i);
            let objects = self.rates(&path.key("objects"), &j.objects, names.purposes);
            let agrees = self.rates(&path.key("agrees"), &j.agrees, names.purposes);
            for (p, purpose) in names.purposes.iter().enumerate() {
                if objects[p] + agrees[p] > 1.0 + 1e-9 {
                    let message = format!(
                        "in {} more than everybody has a choice about `{purpose}`: {} object and {} agree",
                        j.code, objects[p], agrees[p]
                    );
                    let help = "nobody can object and agree at once: the two rates sum to 1 at most".into();
                    self.error(&path.key("agrees").key(purpose), message, "too many", help);
                }
            }
            all.push(Jurisdiction {
                code: Arc::from(j.code.as_str()),
                title: j.title.clone(),
                share: j.share,
                users: j.users,
                parent_account: j.parent_account,
                parent_account_non_users: j.parent_account_non_users,
                objects,
                agrees,
                os: os_names.iter().map(|name| j.os.get(*name).copied().unwrap_or(0.0)).collect(),
                time_zones: j.time_zones.iter().map(|z| ((z.utc_offset * 60.0).round() as i32, z.share)).collect(),
            });
        }
        all
    }

    /// A rate for each purpose.
    fn rates(&mut self, path: &Path, rates: &BTreeMap<String, f64>, purposes: &[&str]) -> Vec<f64> {
        for name in rates.keys() {
            if !purposes.contains(&name.as_str()) {
                self.unknown(&path.key(name), "purpose", name, purposes);
            }
        }
        purposes
            .iter()
            .map(|p| {
                rates.get(*p).copied().unwrap_or_else(|| {
                    let help = format!("add `{p} = ` and a share between 0 and 1");
                    self.error(path, format!("no rate for purpose `{p}`"), "a purpose is missing", help);
                    0.0
                })
            })
            .collect()
    }
}
