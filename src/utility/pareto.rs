//! What no alternative beats in both of two respects.

/// Of alternatives, each with what it costs and what it achieves: whether no other one costs as little and achieves as much, and one of the two better. Equal ones are on the front together.
pub fn on_front(alternatives: &[(f64, f64)]) -> Vec<bool> {
    let beaten = |&(cost, gain): &(f64, f64)| {
        alternatives.iter().any(|&(other_cost, other_gain)| {
            other_cost <= cost && other_gain >= gain && (other_cost < cost || other_gain > gain)
        })
    };
    alternatives.iter().map(|of| !beaten(of)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beaten_is_not_on_the_front() {
        let of = [(0.0, 0.5), (2.0, 0.8), (2.0, 0.7), (12.0, 0.8), (3.0, 0.9), (0.0, 0.5)];
        assert_eq!(on_front(&of), [true, true, false, false, true, true]);
        assert!(on_front(&[]).is_empty());
    }
}
