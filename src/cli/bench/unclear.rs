//! What is said where noise exceeds what is allowed: that nothing was seen is no proof then.

use std::time::Duration;

use crate::bench::{Change, Needed};

/// Longest time that `--seconds` takes.
const LONGEST: Duration = Duration::from_secs(86_400);

/// The stages about which nothing can be said, and what would help. `time` is about how long so many rounds take; `rounds` are those of
/// the baseline and of this result.
pub fn told(
    unclear: &[&Change],
    allowed: f64,
    rounds: [usize; 2],
    strict: bool,
    time: impl Fn(u64) -> Duration,
) -> String {
    let mut text = format!(
        "{}: noise exceeds the allowed regression of {allowed} %: a stage could have got so much slower unseen",
        if strict { "error" } else { "warning" }
    );
    let (mut here, mut both) = (0, 0);
    for c in unclear {
        text += &format!("\n  {}: {:+.1} %, noise {:.1} %", c.name, c.percent, c.noise_percent);
        match c.needed {
            Some(Needed::Here(n)) => {
                here = here.max(n);
                text += &format!("; {n} rounds would tell");
            }
            Some(Needed::Both(n)) => {
                both = both.max(n);
                text += &format!("; {n} rounds would tell, in the baseline too");
            }
            Some(Needed::Never) | None => {}
        }
    }
    text += &format!("\n  there were {} rounds, {} in the baseline", rounds[1], rounds[0]);
    let noise = unclear.iter().map(|c| c.noise_percent).fold(0.0, f64::max);
    let allow = (noise.is_finite() && noise < 1e6).then(|| format!("allow more: --max-regression {}", noise.ceil()));
    let longer = match here.max(both) {
        0 => None,
        n if time(n) > LONGEST => None,
        n => {
            let seconds = time(n).as_secs().max(1);
            Some(if both > 0 {
                format!("measure the baseline again and this, each with --seconds {seconds}")
            } else {
                format!("measure longer: --seconds {seconds}")
            })
        }
    };
    let quieter = "use a quieter machine".to_owned();
    let advice: Vec<String> = [longer, Some(quieter), allow].into_iter().flatten().collect();
    text + &format!("\n  hint: {}", advice.join("; or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Spread, Verdict};

    fn change(needed: Needed, noise_percent: f64) -> Change {
        let spread = Spread { median: 1.0, mad: 0.5 };
        let name = "line, 1 thread".to_owned();
        let verdict = Verdict::Unclear;
        Change { name, before: spread, now: spread, percent: 99.0, noise_percent, needed: Some(needed), verdict }
    }

    fn of(needed: Needed, noise: f64) -> String {
        told(&[&change(needed, noise)], 10.0, [5, 4], false, |n| Duration::from_secs(3 * n))
    }

    #[test]
    fn it_says_what_would_help() {
        let here = of(Needed::Here(40), 31.2);
        assert_eq!(
            here,
            "warning: noise exceeds the allowed regression of 10 %: a stage could have got so much slower unseen\n  \
             line, 1 thread: +99.0 %, noise 31.2 %; 40 rounds would tell\n  there were 4 rounds, 5 in the baseline\n  \
             hint: measure longer: --seconds 120; or use a quieter machine; or allow more: --max-regression 32"
        );
        let both = of(Needed::Both(1000), 80.0);
        assert!(both.contains("in the baseline too") && both.contains("each with --seconds 3000"), "{both}");
        // Nobody is told to wait for days, or to allow what is no share any more.
        let long = of(Needed::Both(1 << 30), 1e9);
        assert!(long.contains("1073741824 rounds") && !long.contains("--seconds") && !long.contains("--max"), "{long}");
        assert!(!of(Needed::Never, 3.0).contains("rounds would"));
    }
}
