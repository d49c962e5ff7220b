//! Student's t distribution: how far a mean of few values may lie from what it estimates.

/// The number that Student's t with so many degrees of freedom (at least 1) stays below with probability 0.975: the half width of a 95 % interval of a mean, in
/// standard errors.
///
/// Two degrees of freedom and one have closed forms; of others the distribution function is inverted by bisection. It is a finite sum (Abramowitz and Stegun
/// 26.7.3 and 26.7.4), of as many terms as half the degrees of freedom.
pub fn student_t(degrees: u32) -> f64 {
    match degrees {
        0 | 1 => return libm::tan(std::f64::consts::PI * 0.475),
        2 => return 0.95 * libm::sqrt(2.0 / (1.0 - 0.95 * 0.95)),
        // Beyond that the expansion around the normal distribution is exact to ten digits (26.7.5).
        1001.. => return near_normal(f64::from(degrees)),
        _ => {}
    }
    // A is the probability to lie between -t and t.
    let (mut low, mut high) = (1.9, 4.31);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if within(middle, degrees) < 0.95 { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// Probability that t lies between `-t` and `t`.
fn within(t: f64, degrees: u32) -> f64 {
    let theta = libm::atan(t / libm::sqrt(f64::from(degrees)));
    let (sin, cos) = (libm::sin(theta), libm::cos(theta));
    let odd = degrees % 2 == 1;
    // cos (1 + 2/3 cos^2 + 2 4/(3 5) cos^4 ...) up to cos^(n - 2), or 1 + 1/2 cos^2 + 1 3/(2 4) cos^4 ...
    let (mut term, mut power) = if odd { (cos, 1) } else { (1.0, 0) };
    let mut sum = if degrees > 1 { term } else { 0.0 };
    while power + 2 <= degrees - 2 {
        term *= cos * cos * f64::from(power + 1) / f64::from(power + 2);
        power += 2;
        sum += term;
    }
    if odd { (theta + sin * sum) * std::f64::consts::FRAC_2_PI } else { sin * sum }
}

/// Cornish and Fisher's expansion.
fn near_normal(n: f64) -> f64 {
    const X: f64 = 1.959_963_984_540_054;
    let powers = |k: i32| libm::pow(X, f64::from(k));
    X + (powers(3) + X) / (4.0 * n)
        + (5.0 * powers(5) + 16.0 * powers(3) + 3.0 * X) / (96.0 * n * n)
        + (3.0 * powers(7) + 19.0 * powers(5) + 17.0 * powers(3) - 15.0 * X) / (384.0 * n * n * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published tables, to their digits.
    #[test]
    fn known_values() {
        for (degrees, t) in [
            (1, 12.706_204_736),
            (2, 4.302_652_730),
            (3, 3.182_446_305),
            (4, 2.776_445_105),
            (5, 2.570_581_836),
            (9, 2.262_157_163),
            (10, 2.228_138_852),
            (30, 2.042_272_456),
            (199, 1.971_956_544),
            (1000, 1.962_339_081),
        ] {
            assert!((student_t(degrees) - t).abs() < 5e-9, "{degrees}: {}", student_t(degrees));
        }
    }

    #[test]
    fn it_falls_to_the_normal_distribution_without_a_step() {
        let all: Vec<f64> = (1..=1200).map(student_t).collect();
        assert!(all.windows(2).all(|w| w[0] > w[1]));
        assert!((student_t(1000) - near_normal(1000.0)).abs() < 1e-9);
        assert!((student_t(u32::MAX) - 1.959_964).abs() < 1e-6);
    }
}
