//! A result against an earlier one, stage by stage.
//!
//! What is compared is the thread time of an event in random numbers, `in_random_numbers`: stages are bound by the processor,
//! and so is the drawing of random numbers, measured beside each of them; a busy neighbour or another processor slows both.

use super::noise::{Needed, noise};
use super::result::{BenchResult, StageResult};
use super::statistics::Spread;

/// Why two results can't be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomparable {
    /// They measured different worlds.
    #[error(
        "the baseline is of another world: {theirs}; this is {ours}\n  hint: compare results of the same scenario, people, days, \
         seed and options, or measure a new baseline with --save"
    )]
    World {
        /// The baseline's.
        theirs: String,
        /// Ours.
        ours: String,
    },
    /// They measured different stages.
    #[error(
        "the baseline has other stages: {}\n  hint: the number of threads decides about stages too (--threads); or measure a \
         new baseline with --save",
        .0.join("; ")
    )]
    Stages(Vec<String>),
}

/// A stage in both results.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Stage and threads, in words.
    pub name: String,
    /// Before, in random numbers per event.
    pub before: Spread,
    /// Now, in random numbers per event.
    pub now: Spread,
    /// How much more an event costs, percent; below 0 if less.
    pub percent: f64,
    /// What differs by less is noise, percent.
    pub noise_percent: f64,
    /// If noise exceeds what is allowed, so that nothing can be said: how many rounds would tell.
    pub needed: Option<Needed>,
    /// What it comes to.
    pub verdict: Verdict,
}

/// What a change comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Slower than allowed, and more than noise.
    Regressed,
    /// Faster by more than noise.
    Faster,
    /// Noise exceeds what is allowed, and what there is of a difference: a regression would not have been seen.
    Unclear,
    /// None of these.
    Same,
}

impl Verdict {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Regressed => "REGRESSED",
            Verdict::Faster => "faster",
            Verdict::Unclear => "unclear",
            Verdict::Same => "",
        }
    }
}

/// What a result is about: results about different things can't be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultSubject {
    /// Name of the scenario.
    pub scenario: String,
    /// Its digest at the size of the world.
    pub digest: String,
    /// People.
    pub people: u64,
    /// Days.
    pub days: u32,
    /// Names of the stages.
    pub stages: Vec<String>,
}

impl ResultSubject {
    /// Says why results about `self` can't be compared with a baseline about `theirs`; known before anything is timed.
    ///
    /// # Errors
    /// If worlds or stages differ.
    pub fn comparable(&self, theirs: &ResultSubject) -> Result<(), Incomparable> {
        if self.digest != theirs.digest {
            return Err(Incomparable::World { theirs: theirs.world(), ours: self.world() });
        }
        let lacking = |from: &ResultSubject, other: &ResultSubject, what: &str| -> Vec<String> {
            from.stages.iter().filter(|s| !other.stages.contains(s)).map(|s| format!("{what} {s}")).collect()
        };
        let differences = [lacking(self, theirs, "it lacks"), lacking(theirs, self, "only it has")].concat();
        if differences.is_empty() { Ok(()) } else { Err(Incomparable::Stages(differences)) }
    }

    fn world(&self) -> String {
        let start: String = self.digest.chars().take(12).collect();
        format!("{}, people {}, days {}, digest {start}", self.scenario, self.people, self.days)
    }
}

impl BenchResult {
    /// What it is about.
    pub fn subject(&self) -> ResultSubject {
        ResultSubject {
            scenario: self.scenario.clone(),
            digest: self.scenario_digest.clone(),
            people: self.people,
            days: self.days,
            stages: self.stages.iter().map(StageResult::name).collect(),
        }
    }
}

/// Compares the stages of two results; a stage regressed if it costs over `max_percent` more and that is more than noise.
///
/// # Errors
/// If worlds or stages differ.
pub fn compare(baseline: &BenchResult, now: &BenchResult, max_percent: f64) -> Result<Vec<Change>, Incomparable> {
    now.subject().comparable(&baseline.subject())?;
    let before = |s: &StageResult| baseline.stages.iter().find(|o| o.name() == s.name());
    let rounds = [baseline.rounds, now.rounds];
    Ok(now.stages.iter().filter_map(|s| Some(change(before(s)?, s, rounds, max_percent))).collect())
}

fn change(before: &StageResult, now: &StageResult, rounds: [usize; 2], max_percent: f64) -> Change {
    let (a, b) = (before.in_random_numbers, now.in_random_numbers);
    let percent = 100.0 * (b.median - a.median) / a.median;
    let noise_percent = 100.0 * noise([a, b], rounds);
    let verdict = if percent > max_percent && percent > noise_percent {
        Verdict::Regressed
    } else if -percent > noise_percent && percent < 0.0 {
        Verdict::Faster
    } else if noise_percent > max_percent {
        Verdict::Unclear
    } else {
        Verdict::Same
    };
    let needed = (verdict == Verdict::Unclear).then(|| Needed::of([a, b], rounds[0], max_percent / 100.0));
    Change { name: now.name(), before: a, now: b, percent, noise_percent, needed, verdict }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// A sample that varies by less than what is allowed.
    fn result() -> BenchResult {
        let mut r = sample::result();
        for s in &mut r.stages {
            s.in_random_numbers.mad = s.in_random_numbers.median / 128.0;
        }
        r
    }

    fn with(stage: usize, median: f64, mad: f64) -> BenchResult {
        let mut r = result();
        r.stages[stage].in_random_numbers = Spread { median, mad };
        r
    }

    fn verdicts(before: &BenchResult, now: &BenchResult) -> Vec<(String, Verdict)> {
        let changes = compare(before, now, 10.0).expect("comparable");
        changes.into_iter().filter(|c| c.verdict != Verdict::Same).map(|c| (c.name, c.verdict)).collect()
    }

    #[test]
    fn a_result_does_not_differ_from_itself() {
        assert_eq!(verdicts(&result(), &result()), []);
    }

    #[test]
    fn a_regression_is_named() {
        let (before, now) = (with(1, 10.0, 0.1), with(1, 12.0, 0.1));
        assert_eq!(verdicts(&before, &now), [("filter/opt-out, 1 thread".to_owned(), Verdict::Regressed)]);
        assert_eq!(verdicts(&now, &before), [("filter/opt-out, 1 thread".to_owned(), Verdict::Faster)]);
    }

    #[test]
    fn small_differences_and_noise_are_tolerated() {
        // 9 % with no noise at all.
        assert_eq!(verdicts(&with(0, 100.0, 0.0), &with(0, 109.0, 0.0)), []);
        // 20 % of which three standard errors explain all, those of five rounds being three deviations.
        let unclear = [("generate, 1 thread".to_owned(), Verdict::Unclear)];
        assert_eq!(verdicts(&with(0, 100.0, 7.0), &with(0, 120.0, 0.1)), unclear);
        assert_eq!(verdicts(&with(0, 100.0, 0.1), &with(0, 120.0, 8.5)), unclear);
        assert_eq!(verdicts(&with(0, 100.0, 2.0), &with(0, 120.0, 2.0)), [(unclear[0].0.clone(), Verdict::Regressed)]);
    }

    #[test]
    fn noise_that_would_hide_a_regression_is_told() {
        // Twice the cost, and deviations of 40 to 100 %.
        for mad in [40.0, 100.0] {
            let (before, now) = (with(0, 100.0, mad), with(0, 199.0, mad));
            let changes = compare(&before, &now, 10.0).expect("comparable");
            assert_eq!((changes[0].verdict, changes[0].needed.is_some()), (Verdict::Unclear, true), "{:?}", changes[0]);
            assert!(changes[1..].iter().all(|c| c.needed.is_none()));
        }
        // Also without any difference; but not where the stage is faster by more than noise.
        assert_eq!(verdicts(&with(0, 100.0, 9.0), &with(0, 100.0, 9.0)).len(), 1);
        let faster = compare(&with(0, 100.0, 9.0), &with(0, 50.0, 4.5), 10.0).expect("comparable");
        assert_eq!((faster[0].verdict, faster[0].needed), (Verdict::Faster, None));
        // More rounds tell.
        let long = |median: f64| BenchResult { rounds: 300, ..with(0, median, 9.0) };
        assert_eq!(verdicts(&long(100.0), &long(100.0)), []);
        assert_eq!(verdicts(&long(100.0), &long(115.0)).len(), 1);
    }

    #[test]
    fn absolute_figures_do_not_count() {
        let mut slow = result();
        for s in &mut slow.stages {
            s.events_per_s.median /= 3.0;
            s.ns_per_event.median *= 3.0;
        }
        assert_eq!(verdicts(&result(), &slow), []);
    }

    #[test]
    fn other_worlds_and_stages_are_refused() {
        let mut other = result();
        other.scenario_digest = "ffff".into();
        other.people = 7;
        let why = compare(&other, &result(), 10.0).expect_err("another world").to_string();
        assert!(why.contains("people 7") && why.contains("ffff"), "{why}");
        let mut other = result();
        other.stages[0].threads = 9;
        let why = compare(&other, &result(), 10.0).expect_err("other stages").to_string();
        assert!(why.contains("it lacks generate, 1 thread; only it has generate, 9 threads"), "{why}");
    }
}
