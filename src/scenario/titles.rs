//! The texts that charts and page show: where each was written, so that what can't be shown can be pointed at.

use std::sync::Arc;

use super::place::Place;
use super::schema;
use super::source::{Node, Path};

/// A text of the scenario that charts and page show.
#[derive(Clone, Debug)]
pub struct Titled {
    /// Table that it stands in: `policy`, `purpose`, ...
    pub table: &'static str,
    /// Id or code of the element.
    pub id: Arc<str>,
    /// Key of the text: `title`, `status`, ...
    pub key: &'static str,
    /// The text.
    pub text: String,
    /// Where it was written.
    pub place: Place,
}

impl Titled {
    /// "policy `opt-out`".
    pub fn whose(&self) -> String {
        format!("{} `{}`", self.table, self.id)
    }
}

/// All of them, in the order of the scenario.
pub fn titles(file: &schema::File, root: &Node) -> Vec<Titled> {
    let header = |key: &'static str, text: &str| Titled {
        table: "scenario",
        id: file.scenario.name.as_str().into(),
        key,
        text: text.to_owned(),
        place: root.locate_nearest(&Path::root().key("scenario").key(key)).place.clone(),
    };
    // Prose has lines.
    let mut found = vec![
        header("title", &file.scenario.title),
        header("analysis", &file.scenario.analysis.replace(['\n', '\r', '\t'], " ")),
    ];
    let mut add = |table: &'static str, index: usize, id: &str, texts: &[(&'static str, &str)]| {
        for &(key, text) in texts {
            let place = root.locate_nearest(&Path::root().key(table).index(index).key(key)).place.clone();
            found.push(Titled { table, id: id.into(), key, text: text.to_owned(), place });
        }
    };
    for (i, c) in file.categories.iter().enumerate() {
        add("category", i, &c.id, &[("title", &c.title)]);
    }
    for (i, p) in file.purposes.iter().enumerate() {
        add("purpose", i, &p.id, &[("title", &p.title)]);
    }
    for (i, j) in file.jurisdictions.iter().enumerate() {
        add("jurisdiction", i, &j.code, &[("title", &j.title)]);
    }
    for (i, p) in file.policies.iter().enumerate() {
        add("policy", i, &p.id, &[("title", &p.title)]);
    }
    for (i, o) in file.orders.iter().enumerate() {
        let texts = [
            ("title", &*o.title),
            ("regulator", &o.regulator),
            ("regime", &o.regime),
            ("status", &o.status),
            ("source", &o.source),
        ];
        add("order", i, &o.id, &texts);
    }
    // Nearly all can be shown; their places would only take memory.
    found.retain(|t| !t.text.is_ascii() || t.text.chars().any(char::is_control));
    found
}
