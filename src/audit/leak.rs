//! How what an order prohibits may leak all the same.

use crate::scenario::{Kind, unknown};

/// Which of the flows that an order prohibits are let out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Leak {
    /// What the policy itself lets out of them.
    Policy,
    /// All.
    All,
    /// Each with this probability, whatever the others do.
    Rate(f64),
    /// All that come from one kind of event, none else.
    Kind(Kind),
    /// All about some people, none about others: everybody is among them with this probability.
    People(f64),
}

/// What is wrong with the words for a leak.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeakError {
    /// No such words.
    #[error(
        "`{0}` is no way to leak\n  help: `all`, `policy`, a rate such as 0.001 or 1/1000, `kind=contact_sync`, or `people=0.01`"
    )]
    Unknown(String),
    /// A share that is none.
    #[error(
        "`{0}` is not above 0 and at most 1\n  help: a share of flows, such as 0.001 or 1/1000, or of people, such as people=0.01"
    )]
    NoShare(String),
    /// No such kind of event.
    #[error("{0}")]
    NoKind(String),
}

impl Leak {
    /// What `all`, `policy`, `0.001`, `1/1000`, `rate=0.001`, `kind=call` or `people=0.01` mean.
    ///
    /// # Errors
    /// If they mean nothing: the error says what would.
    pub fn parse(text: &str) -> Result<Self, LeakError> {
        match text.split_once('=').map(|(what, value)| (what.trim(), value.trim())) {
            None if text == "all" => Ok(Leak::All),
            None if text == "policy" => Ok(Leak::Policy),
            None => share(text).map_or(Err(LeakError::Unknown(text.into())), |s| within(text, s)).map(Leak::rate),
            Some(("rate", value)) => {
                share(value).map_or(Err(LeakError::NoShare(value.into())), |s| within(value, s)).map(Leak::rate)
            }
            Some(("people", value)) => {
                share(value).map_or(Err(LeakError::NoShare(value.into())), |s| within(value, s)).map(Leak::People)
            }
            Some(("kind", value)) => {
                let ids = Kind::ALL.map(Kind::id);
                let found = Kind::ALL.into_iter().find(|kind| kind.id() == value);
                found.map(Leak::Kind).ok_or_else(|| {
                    let d = unknown("kind of event", value, &ids);
                    let help = d.help.map_or(String::new(), |help| format!("\n  help: {help}"));
                    LeakError::NoKind(format!("there is no kind of event `{value}`{help}"))
                })
            }
            Some(_) => Err(LeakError::Unknown(text.into())),
        }
    }

    fn rate(share: f64) -> Self {
        // Every flow with certainty is all.
        if share == 1.0 { Leak::All } else { Leak::Rate(share) }
    }

    /// The word in tables, which [`Leak::parse`] reads.
    pub fn id(self) -> String {
        match self {
            Leak::Policy => "policy".into(),
            Leak::All => "all".into(),
            Leak::Rate(rate) => format!("rate={rate}"),
            Leak::Kind(kind) => format!("kind={}", kind.id()),
            Leak::People(share) => format!("people={share}"),
        }
    }

    /// For readers: "one flow in 1,000".
    pub fn words(self) -> String {
        let one_in = |share: f64| match 1.0 / share {
            n if (n - n.round()).abs() < 1e-6 * n => format!("one in {}", grouped(n.round())),
            _ => format!("a share of {share}"),
        };
        match self {
            Leak::Policy => "what the policy itself lets out".into(),
            Leak::All => "everything".into(),
            Leak::Rate(rate) => format!("{} of the flows", one_in(rate)),
            Leak::Kind(kind) => format!("only from {}", kind.id()),
            Leak::People(share) => format!("only about {} of the people", one_in(share)),
        }
    }
}

fn grouped(n: f64) -> String {
    let digits = format!("{n:.0}");
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A number, or a fraction of two.
fn share(text: &str) -> Option<f64> {
    match text.split_once('/') {
        None => text.parse().ok(),
        Some((a, b)) => Some(a.trim().parse::<f64>().ok()? / b.trim().parse::<f64>().ok()?),
    }
}

fn within(text: &str, share: f64) -> Result<f64, LeakError> {
    if share > 0.0 && share <= 1.0 { Ok(share) } else { Err(LeakError::NoShare(text.into())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_written() {
        let cases = [
            ("all", Leak::All),
            ("policy", Leak::Policy),
            ("0.001", Leak::Rate(0.001)),
            ("1/1000", Leak::Rate(0.001)),
            ("rate=1", Leak::All),
            ("people=0.01", Leak::People(0.01)),
            ("kind=contact_sync", Leak::Kind(Kind::ContactSync)),
        ];
        for (text, leak) in cases {
            assert_eq!(Leak::parse(text), Ok(leak), "{text}");
            assert_eq!(Leak::parse(&leak.id()), Ok(leak), "{text}");
        }
        assert_eq!(Leak::Rate(0.001).words(), "one in 1,000 of the flows");
    }

    #[test]
    fn nonsense_is_named() {
        for text in ["", "some", "0", "-1", "2", "NaN", "1/0", "people=", "people=0", "rate=x", "kind=", "sort=call"] {
            assert!(Leak::parse(text).is_err(), "{text}");
        }
        let near = Leak::parse("kind=contact_snyc").map_err(|e| e.to_string());
        assert!(near.is_err_and(|e| e.contains("did you mean `contact_sync`")));
    }
}
