//! Numbers in their ranges, and shares that sum to 1.

use super::Checker;
use crate::scenario::schema;
use crate::scenario::source::Path;

/// Quantities that are whole numbers or have ranges other than 0 and above: (name, least, most, whole).
pub const LIMITS: [(&str, f64, f64, bool); 62] = [
    ("community_size", 64.0, 65_536.0, true),
    ("weak_ties_domestic", 0.0, 4.0, true),
    ("weak_ties_anywhere", 0.0, 4.0, true),
    ("address_book_median", 0.0, 10_000.0, false),
    ("address_book_sigma", 0.0, 3.0, false),
    ("address_book_similarity", 0.0, 1.0, false),
    ("address_book_activity", -1.0, 1.0, false),
    ("address_book_max", 0.0, 10_000.0, true),
    ("address_book_user_odds", 0.0, 1e6, false),
    ("unlisted_non_users", 0.0, 1.0, false),
    ("groups_per_user", 0.0, 64.0, true),
    ("group_size_mean", 2.0, 1000.0, false),
    ("group_size_dispersion", 0.01, 1000.0, false),
    ("group_size_max", 2.0, 4096.0, true),
    ("attitude_household", 0.0, 1.0, false),
    ("attitude_friends", 0.0, 1.0, false),
    ("attitude_neighbourhood", 0.0, 1.0, false),
    ("age_household", 0.0, 1.0, false),
    ("age_friends", 0.0, 1.0, false),
    ("age_neighbourhood", 0.0, 1.0, false),
    ("parent_account_household", 0.0, 1.0, false),
    ("parent_account_friends", 0.0, 1.0, false),
    ("parent_account_neighbourhood", 0.0, 1.0, false),
    ("activity_household", 0.0, 1.0, false),
    ("activity_friends", 0.0, 1.0, false),
    ("activity_neighbourhood", 0.0, 1.0, false),
    ("messages_per_active_day", 0.0, 1000.0, false),
    ("active_day_share", 0.0, 1.0, false),
    ("active_day_concentration", 0.1, 1000.0, false),
    ("active_day_memory", 0.0, 1.0, false),
    ("own_clock_hours", 0.0, 6.0, false),
    ("activity_sigma", 0.0, 3.0, false),
    ("activity_most", 1.0, 1e6, false),
    ("activity_dominance", 0.0, 4.0, false),
    ("group_share", 0.0, 1.0, false),
    ("group_recipients", 1.0, 4096.0, false),
    ("weak_tie_share", 0.0, 0.125, false),
    ("contact_rank_exponent", 0.0, 5.0, false),
    ("contact_rank_spread", 0.0, 3.0, false),
    ("contacts", 1.0, 273.0, false),
    ("contacts_by_activity", 0.0, 3.0, false),
    ("tie_spell_days", 0.0, 36_500.0, true),
    ("tie_turnover_days", 0.0, 36_500.0, true),
    ("conversation_length", 1.0, 100.0, false),
    ("conversation_tail", 1.5, 20.0, false),
    ("reply_share", 0.0, 1.0, false),
    ("gap_median_s", 0.001, 21_600.0, false),
    ("gap_sigma", 0.0, 4.0, false),
    ("reply_median_s", 0.001, 21_600.0, false),
    ("reply_sigma", 0.0, 4.0, false),
    ("photo_share", 0.0, 1.0, false),
    ("voice_share", 0.0, 1.0, false),
    ("video_share", 0.0, 1.0, false),
    ("other_share", 0.0, 1.0, false),
    ("size_sigma", 0.0, 3.0, false),
    ("calls_per_active_day", 0.0, 100.0, false),
    ("contact_syncs_per_active_day", 0.0, 100.0, false),
    ("contact_sync_entry_bytes", 0.0, 100_000.0, false),
    ("device_checkins_per_active_day", 1.0, 1000.0, false),
    ("registrations_per_active_day", 0.0, 1.0, false),
    ("profile_updates_per_active_day", 0.0, 1.0, false),
    ("group_joins_per_active_day", 0.0, 1.0, false),
];

/// Series, and how many values each has.
pub const SERIES: [(&str, usize); 2] = [("hours", 24), ("weekdays", 7)];

/// Most bytes of anything.
pub const MAX_BYTES: f64 = 1e9;

impl Checker<'_> {
    /// Checks all numbers of a scenario. Shares that sum to 1 but for their rounding are made to.
    pub(super) fn ranges(&mut self, file: &mut schema::File) {
        for (table, quantities) in [
            ("world", file.world.quantities()),
            ("likeness", file.likeness.quantities()),
            ("traffic", file.traffic.quantities()),
        ] {
            for (name, q) in quantities {
                let path = Path::root().key(table).key(name).key("value");
                let (least, most, whole) =
                    LIMITS.iter().find(|l| l.0 == name).map_or((0.0, MAX_BYTES, false), |l| (l.1, l.2, l.3));
                between(self, &path, name, q.value, least, most);
                if whole && q.value.fract() != 0.0 {
                    let help = format!("write {} or {}", q.value.floor(), q.value.ceil());
                    self.error(&path, format!("`{name}` is a whole number, not {}", q.value), "not whole", help);
                }
            }
        }
        for (name, count) in SERIES {
            if let Some((_, values)) = file.traffic.series().into_iter().find(|(n, _)| *n == name) {
                series(self, name, values, count);
            }
        }
        media(self, &mut file.traffic);
        likeness(self, &file.likeness);
        groups(self, file);
        for (i, category) in file.categories.iter().enumerate() {
            let path = Path::root().key("category").index(i);
            between(self, &path.key("weight"), "weight", category.weight, 0.0, 1e6);
            between(self, &path.key("bytes"), "bytes", f64::from(category.bytes), 0.0, MAX_BYTES);
        }
        people(self, file);
        devices(self, file);
    }
}

/// Versions and networks.
fn devices(c: &mut Checker, file: &mut schema::File) {
    let Some(exposure) = &mut file.exposure else { return };
    for (key, what, all) in [
        ("os_versions", "versions", &mut exposure.os_versions),
        ("mobile_networks", "mobile networks", &mut exposure.mobile_networks),
    ] {
        for (name, of) in all {
            let path = Path::root().key("exposure").key(key).key(name).key("shares");
            for (option, &share) in &of.shares {
                between(c, &path.key(option), option, share, 0.0, 1.0);
            }
            let shares: Vec<(&str, f64)> = of.shares.iter().map(|(name, share)| (name.as_str(), *share)).collect();
            if let Some(sum) = one(c, &path, &format!("shares of {what} of {name}"), &shares) {
                of.shares.values_mut().for_each(|share| *share /= sum);
            }
        }
    }
}

fn media(c: &mut Checker, t: &mut schema::Traffic) {
    let path = Path::root().key("traffic").key("photo_share");
    let shares = [&mut t.photo_share, &mut t.voice_share, &mut t.video_share, &mut t.other_share];
    let parts: Vec<(&str, f64)> = MEDIA.into_iter().zip(shares.iter().map(|q| q.value)).collect();
    let rest = "the rest are text messages";
    if let Some(sum) = at_most_one(c, &path, "media shares", &parts, "more than all messages", rest) {
        shares.into_iter().for_each(|q| q.value /= sum);
    }
}

/// What is shared is no more than the whole.
fn likeness(c: &mut Checker, of: &schema::Likeness) {
    for strengths in of.quantities().chunks(3) {
        let path = Path::root().key("likeness").key(strengths[0].0);
        let parts: Vec<(&str, f64)> = strengths.iter().map(|(name, q)| (*name, q.value)).collect();
        at_most_one(
            c,
            &path,
            "strengths of likeness",
            &parts,
            "more than what there is to have in common",
            "the rest is one's own",
        );
    }
}

/// Messages to groups need groups.
fn groups(c: &mut Checker, file: &schema::File) {
    let share = file.traffic.group_share.value;
    // As the world rounds them.
    if share > 0.0 && file.world.groups_per_user.value.round() == 0.0 {
        c.warning(
            &Path::root().key("traffic").key("group_share"),
            format!("nobody is in a group (`world.groups_per_user` is 0), and {share} of all messages are to groups"),
            "these messages are lost",
            "write group_share = 0, or groups_per_user of at least 1".into(),
        );
    }
}

const MEDIA: [&str; 4] = ["photo_share", "voice_share", "video_share", "other_share"];

fn people(c: &mut Checker, file: &mut schema::File) {
    for (i, j) in file.jurisdictions.iter_mut().enumerate() {
        let path = Path::root().key("jurisdiction").index(i);
        for (key, value) in [
            ("share", j.share),
            ("users", j.users),
            ("parent_account", j.parent_account),
            ("parent_account_non_users", j.parent_account_non_users),
        ] {
            between(c, &path.key(key), key, value, 0.0, 1.0);
        }
        between(c, &path.key("users_millions"), "users_millions", j.users_millions, 0.0, 1e5);
        for (key, rates) in [("objects", &j.objects), ("agrees", &j.agrees), ("os", &j.os)] {
            for (name, &value) in rates {
                between(c, &path.key(key).key(name), name, value, 0.0, 1.0);
            }
        }
        let os: Vec<(&str, f64)> = j.os.iter().map(|(name, share)| (name.as_str(), *share)).collect();
        if let Some(sum) = one(c, &path.key("os"), &format!("shares of operating systems in {}", j.code), &os) {
            j.os.values_mut().for_each(|share| *share /= sum);
        }
        for (z, zone) in j.time_zones.iter().enumerate() {
            let path = path.key("time_zones").index(z);
            between(c, &path.key("share"), "share", zone.share, 0.0, 1.0);
            between(c, &path.key("utc_offset"), "utc_offset", zone.utc_offset, -12.0, 14.0);
        }
        let names: Vec<String> = j.time_zones.iter().map(|z| format!("UTC{:+}", z.utc_offset)).collect();
        let zones: Vec<(&str, f64)> = names.iter().zip(&j.time_zones).map(|(n, z)| (n.as_str(), z.share)).collect();
        if let Some(sum) = one(c, &path.key("time_zones"), &format!("shares of time zones in {}", j.code), &zones) {
            j.time_zones.iter_mut().for_each(|zone| zone.share /= sum);
        }
    }
    let shares: Vec<(&str, f64)> = file.jurisdictions.iter().map(|j| (j.code.as_str(), j.share)).collect();
    if !shares.is_empty()
        && let Some(sum) = one(c, &Path::root().key("jurisdiction"), "shares of jurisdictions", &shares)
    {
        file.jurisdictions.iter_mut().for_each(|j| j.share /= sum);
    }
    for (i, b) in file.age_bands.iter().enumerate() {
        let path = Path::root().key("age_band").index(i);
        between(c, &path.key("share"), "share", b.share, 0.0, 1.0);
        between(c, &path.key("activity"), "activity", b.activity, 0.0, 100.0);
        between(c, &path.key("unlisted"), "unlisted", b.unlisted, 0.0, 1e6);
        between(c, &path.key("objection_shift"), "objection_shift", b.objection_shift, -4.0, 4.0);
    }
    let bands: Vec<(&str, f64)> = file.age_bands.iter().map(|b| (b.id.as_str(), b.share)).collect();
    if !bands.is_empty()
        && let Some(sum) = one(c, &Path::root().key("age_band"), "shares of age bands", &bands)
    {
        file.age_bands.iter_mut().for_each(|band| band.share /= sum);
    }
    for (i, a) in file.abuse_classes.iter().enumerate() {
        let path = Path::root().key("abuse_class").index(i);
        for (name, value, least, most) in [
            ("share", a.share, 0.0, 1.0),
            ("strangers", a.strangers, 0.0, 10_000.0),
            ("answered", a.answered, 0.0, 1.0),
            ("burst_days", a.burst_days, 0.01, 1.0),
            ("groups", a.groups, 0.0, 10.0),
            ("group_members", a.group_members.into(), 0.0, 1024.0),
            ("posts", a.posts, 0.0, 1000.0),
            ("farm", a.farm.into(), 1.0, 10_000.0),
            ("new_accounts", a.new_accounts, 0.0, 1.0),
        ] {
            between(c, &path.key(name), name, value, least, most);
        }
    }
    let abuse: Vec<(&str, f64)> = file.abuse_classes.iter().map(|a| (a.id.as_str(), a.share)).collect();
    let (path, rest) = (Path::root().key("abuse_class"), "they are shares of users; the rest are ordinary accounts");
    if let Some(sum) = at_most_one(c, &path, "shares of abuse classes", &abuse, "more than everybody", rest) {
        file.abuse_classes.iter_mut().for_each(|class| class.share /= sum);
    }
}

fn between(c: &mut Checker, path: &Path, name: &str, value: f64, least: f64, most: f64) {
    // Written so that NaN is outside.
    if !(value >= least && value <= most) {
        let help = match (least, most) {
            (0.0, 1.0) if (2.0..=100.0).contains(&value) => {
                format!("write a share as a fraction: {} for {value} %", rounded(value / 100.0))
            }
            _ => format!("write a number between {least} and {most}"),
        };
        c.error(path, format!("`{name}` is out of range: {value}"), "out of range", help);
    }
}

/// Shares that must sum to 1. Their sum, by which to divide them, if they do but for rounding.
fn one(c: &mut Checker, path: &Path, what: &str, shares: &[(&str, f64)]) -> Option<f64> {
    let sum = sum(shares);
    let gap = (sum - 1.0).abs();
    if gap <= rounding(shares.len()) {
        return divided(c, path, what, sum);
    }
    let (word, verb) = if sum < 1.0 { ("missing", "raise") } else { ("too much", "lower") };
    let help = match shares {
        [] => "name at least one, with share = 1.0".to_owned(),
        _ => format!("{} is {word}: {verb} one of {}", rounded(gap), parts(shares)),
    };
    c.error(path, format!("{what} sum to {}, not 1", rounded(sum)), "these shares", help);
    None
}

/// Shares of a whole that has a rest: they may sum to less than 1. Their sum, by which to divide them, if they are more by
/// no more than their rounding.
fn at_most_one(
    c: &mut Checker,
    path: &Path,
    what: &str,
    shares: &[(&str, f64)],
    more: &str,
    rest: &str,
) -> Option<f64> {
    let sum = sum(shares);
    if sum <= 1.0 + rounding(shares.len()) {
        return if sum > 1.0 { divided(c, path, what, sum) } else { None };
    }
    let help = format!("take {} off one of {}", rounded(sum - 1.0), parts(shares));
    c.error(path, format!("{what} sum to {}, {more}", rounded(sum)), "these shares", help);
    c.hint(rest);
    None
}

/// From 0, not from -0, which is the sum of nothing.
fn sum(shares: &[(&str, f64)]) -> f64 {
    shares.iter().fold(0.0, |sum, s| sum + s.1)
}

/// How far the sum of so many shares is from what it would be without rounding, if each has six digits.
fn rounding(shares: usize) -> f64 {
    // And a little, because the digits are no binary ones.
    (0.5e-6 * shares as f64).max(1e-6) + 1e-12
}

/// What shares are divided by that do not sum to 1 exactly: said, unless nobody could have written it better.
fn divided(c: &mut Checker, path: &Path, what: &str, sum: f64) -> Option<f64> {
    if (sum - 1.0).abs() <= 1e-9 {
        return None;
    }
    let help = "nothing has to be done; with more digits, or shares that sum to 1, this is not said".into();
    c.warning(path, format!("{what} sum to {}: taken as rounded", rounded(sum)), "each is divided by the sum", help);
    Some(sum)
}

/// Shares with their names, if they are few.
fn parts(shares: &[(&str, f64)]) -> String {
    match shares.len() {
        n if n <= 12 => shares.iter().map(|(name, share)| format!("{name} {share}")).collect::<Vec<_>>().join(", "),
        n => format!("the {n} shares"),
    }
}

/// Without the noise of a sum's last digits.
pub(super) fn rounded(sum: f64) -> f64 {
    (sum * 1e9).round() / 1e9
}

fn series(c: &mut Checker, name: &str, s: &schema::Series, count: usize) {
    let path = Path::root().key("traffic").key(name).key("values");
    if s.values.len() != count {
        let help = format!("write {count} numbers");
        c.error(&path, format!("`{name}` has {} values, not {count}", s.values.len()), "wrong number", help);
    }
    for (i, &v) in s.values.iter().enumerate() {
        between(c, &path.index(i), name, v, 0.0, 1e6);
    }
    if s.values.iter().all(|v| *v <= 0.0) {
        c.error(
            &path,
            format!("`{name}` has no positive value"),
            "nothing happens",
            "write at least one weight above 0".into(),
        );
    }
}
