//! What sweeps of a scenario vary.

use super::Checker;
use crate::scenario::schema;
use crate::scenario::source::Path;
use crate::scenario::vary::{Numbers, Vary};

/// Most keys that vary at once: more combinations than anybody simulates.
const MOST_SWEEPS: usize = 200;

impl Checker<'_> {
    /// Whether there is what they vary, and something that it is varied over. Points are checked when they are swept.
    pub(super) fn sweeps(&mut self, file: &schema::File) {
        if file.sweeps.is_empty() {
            return;
        }
        let numbers = Numbers::of(file);
        let mut keys: Vec<(String, usize)> = Vec::new();
        for (i, entry) in file.sweeps.iter().enumerate().take(MOST_SWEEPS) {
            let path = Path::root().key("sweep").index(i);
            if let Err((key, why, help)) = Vary::of_entry(entry) {
                self.error(&path.key(key), why, "not a range", help);
            }
            match numbers.find(&entry.key) {
                Err(why) => {
                    let (why, help) = why.split_once("\n  help: ").unwrap_or((&why, "name a number of the scenario"));
                    self.error(&path.key("key"), why.to_owned(), "nothing to vary", help.to_owned());
                }
                Ok(found) => {
                    for number in found {
                        if keys.iter().any(|(key, by)| *key == number.key && *by != i) {
                            let help = "keep one of the two".to_owned();
                            self.error(
                                &path.key("key"),
                                format!("`{}` is varied twice", number.key),
                                "again here",
                                help,
                            );
                            break;
                        }
                        keys.push((number.key.clone(), i));
                    }
                }
            }
        }
        if file.sweeps.len() > MOST_SWEEPS {
            let message = format!("too many of [[sweep]]: {}", file.sweeps.len());
            let help = format!("keep {MOST_SWEEPS} of them: more are not supported");
            self.error(&Path::root().key("sweep").index(MOST_SWEEPS), message, "one too many", help);
        }
    }
}
