//! Which colour is whose: by id, not by place, so that a policy looks the same in every output.

use plotters::style::RGBColor;

use super::Named;
use super::look::Theme;

/// One of the colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hue(u8);

/// Each colour on white and on black. Their lightness (CIE L*) rises from the first to the last in steps of 2.5 or more, so that they stay apart in grey;
/// hues were chosen so that any two are at least 15 apart (CIE76) to normal sight and to that of protanopes, deuteranopes and tritanopes (Machado 2009).
const COLOURS: [[u32; 2]; 12] = [
    [0x58_2f00, 0xad_fc95],
    [0x00_4b54, 0x81_ecfe],
    [0x79_2b88, 0xfe_c5ae],
    [0xa3_1d6f, 0xce_cb54],
    [0x79_5d03, 0xff_a2bd],
    [0x69_5bbf, 0xa8_adfe],
    [0x07_8257, 0x6f_bc59],
    [0xd4_475b, 0xf6_72bc],
    [0xa9_7806, 0x74_93fe],
    [0xc9_63bc, 0xca_6ecc],
    [0x55_8cf4, 0xc3_7723],
    [0x0a_a789, 0x10_9270],
];

/// How many colours there are.
pub const HUES: usize = COLOURS.len();

/// Policies that ship, and ids that people give to the like.
const POLICIES: [(&str, u8); 22] = [
    ("full-sharing", 7),
    ("full-2016", 7),
    ("everything", 7),
    ("as-it-is", 7),
    ("identified", 7),
    ("security-only", 1),
    ("opt-out", 10),
    ("optout-2016", 10),
    ("opt-out-all", 10),
    ("opt-in", 4),
    ("opt-in-all", 4),
    ("hamburg-2016", 2),
    ("security-pseudonymous", 11),
    ("counts", 11),
    ("keyed", 5),
    ("eu-pause-2016-11", 9),
    ("ico-2018", 8),
    ("bi-opt-in", 3),
    ("bi-aggregate", 6),
    ("row-2021", 9),
    ("nothing", 0),
    ("pre-2016", 0),
];

impl Hue {
    /// All of them, the darkest on white first.
    #[cfg(test)]
    pub fn all() -> impl Iterator<Item = Hue> {
        (0..HUES as u8).map(Hue)
    }

    /// What it looks like on a ground.
    pub fn rgb(self, theme: Theme) -> RGBColor {
        let [light, dark] = COLOURS[usize::from(self.0) % HUES];
        let [_, r, g, b] = if theme == Theme::Dark { dark } else { light }.to_be_bytes();
        RGBColor(r, g, b)
    }
}

/// The colours of policies, in their order. Those that are known have theirs; each other id has one by its letters, or the next that is free among these policies.
pub fn of_policies(policies: &[Named]) -> Vec<Hue> {
    let known = |id: &str| POLICIES.iter().find(|(of, _)| *of == id).map(|(_, hue)| *hue);
    let mut order: Vec<usize> = (0..policies.len()).collect();
    // Not by place: whoever changes the order of a scenario keeps its colours.
    order.sort_by_key(|&i| (known(&policies[i].id).is_none(), policies[i].id.clone()));
    let mut taken = [false; HUES];
    let mut hues = vec![Hue(0); policies.len()];
    for i in order {
        let id = &policies[i].id;
        let wanted = usize::from(known(id).unwrap_or_else(|| by_letters(id)));
        let free = (0..HUES).map(|k| (wanted + k * 5) % HUES).find(|at| !taken[*at]).unwrap_or(wanted);
        taken[free] = true;
        hues[i] = Hue(free as u8);
    }
    hues
}

/// The colour of one of the three populations.
pub fn of_population(id: &str) -> Hue {
    Hue(match id {
        "not_objecting" => 6,
        "objecting" => 8,
        "non_user" => 2,
        _ => 0,
    })
}

/// The colour of what is no policy, population or purpose.
pub const PLAIN: Hue = Hue(5);

/// A colour from an id (FNV-1a).
fn by_letters(id: &str) -> u8 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    (hash % HUES as u64) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::theme::luminance;

    fn named(ids: &[&str]) -> Vec<Named> {
        ids.iter().map(|id| Named { id: (*id).into(), title: (*id).to_owned() }).collect()
    }

    /// CIE L* of what is left of a colour in grey.
    fn lightness(color: RGBColor) -> f64 {
        116.0 * libm::cbrt(luminance(color)) - 16.0
    }

    #[test]
    fn colours_stay_apart_in_grey() {
        for theme in [Theme::Light, Theme::Dark] {
            let mut grey: Vec<f64> = Hue::all().map(|hue| lightness(hue.rgb(theme))).collect();
            grey.sort_by(f64::total_cmp);
            assert!(grey.windows(2).all(|pair| pair[1] - pair[0] > 2.0), "{theme:?} {grey:?}");
        }
        let three = of_policies(&named(&["full-sharing", "security-only", "opt-out"]));
        for (i, a) in three.iter().enumerate() {
            for b in &three[i + 1..] {
                let apart = (lightness(a.rgb(Theme::Light)) - lightness(b.rgb(Theme::Light))).abs();
                assert!(apart > 7.0, "{a:?} {b:?}: {apart}");
            }
        }
    }

    #[test]
    fn a_policy_has_its_colour_wherever_it_stands() {
        let one = of_policies(&named(&["full-sharing", "security-only", "mine"]));
        let other = of_policies(&named(&["mine", "security-only", "full-sharing"]));
        assert_eq!(one, other.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(of_policies(&named(&["security-only"]))[0], one[1]);
        // As long as there are colours, no two policies share one.
        let ids: Vec<String> = (0..HUES).map(|i| format!("policy-{i}")).collect();
        let all = of_policies(&named(&ids.iter().map(String::as_str).collect::<Vec<_>>()));
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), HUES);
    }
}
