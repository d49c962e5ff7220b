//! People in columns, worked out in vectors: what traffic and policies need to know of them.

use super::class::Classes;
use super::layout::CommunityInfo;
use super::levels::LEVELS;
use super::likeness::{Likeness, Nearest, Score, Trait, circles_of};
use super::people::{LEVEL_SHIFT, People};
use super::standing::Standing;
use crate::random::{Stream, mix};
use crate::simd::kernel;

/// Some people of a community, all of the same standing: `first`, `first + step`, ... as local indices.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// What they are to address books.
    pub standing: Standing,
    /// Local index of the first.
    pub first: u32,
    /// From one to the next.
    pub step: i32,
    /// How many.
    pub n: usize,
}

impl People {
    /// Appends class, level and presence of some people of a community. As [`People::person`] gives them one by one. Of the community's own people the
    /// users are to be appended before the others, who live near them.
    pub fn append(&self, classes: &Classes, shape: &CommunityInfo, run: Run, to: &mut PersonColumns) {
        let known = run.standing != Standing::User && shape.users > 0;
        self.append_run((classes, shape), run, known, to);
    }

    /// The same of people of another community than the one at hand.
    pub fn append_elsewhere(&self, classes: &Classes, shape: &CommunityInfo, run: Run, to: &mut PersonColumns) {
        self.append_run((classes, shape), run, false, to);
    }

    /// `known` says whether the columns know what the users have in common near whom these people live.
    fn append_run(&self, (classes, shape): (&Classes, &CommunityInfo), run: Run, known: bool, to: &mut PersonColumns) {
        let Run { standing, first, step, n } = run;
        let user = standing == Standing::User;
        let streams = self.streams(shape.number);
        let (_, first_class) = classes.bands(shape.jurisdiction, user);
        // What passing into an age band adds: to the class, to the level, to the score of attitude. Of others than users only the class is asked.
        let attitude = self.likeness.score(Trait::Attitude);
        let of = |band: usize| {
            let minor = u16::from(self.minor.get(band).is_some_and(|m| *m));
            let shift = self.age_shift.get(band).map_or(0, |&s| s as i16);
            let attitude = attitude.shifts.get(band).copied().unwrap_or(0);
            if user { (minor, shift, attitude) } else { (minor, 0, 0) }
        };
        let bands: Vec<Band> = (1..)
            .zip(&self.ages[standing as usize])
            .map(|(band, &from)| {
                let (before, here) = (of(band - 1), of(band));
                let (class, attitude) = (here.0.wrapping_sub(before.0), here.2.wrapping_sub(before.2));
                Band { from, class, shift: here.1 - before.1, attitude }
            })
            .filter(|band| (band.class, band.shift, band.attitude) != (0, 0, 0))
            .collect();
        let (minor, shift, attitude_shift) = of(0);
        let rule = Rule {
            cuts: if user { &self.cuts[shape.jurisdiction] } else { &[] },
            parent: self.parent[usize::from(!user)][shape.jurisdiction],
            bands,
            first: (first_class + minor, shift, attitude_shift),
            user,
        };
        let mut buffer = to.buffer.take().unwrap_or_default();
        let shared = self.likeness.streams(shape.number).map(|stream| stream.start());
        let mut done = 0;
        while done < n {
            let here = (n - done).min(BLOCK);
            let at = first.wrapping_add((step as u32).wrapping_mul(done as u32));
            let draw = |stream: Stream, out: &mut [u64; BLOCK]| {
                stream.fill(at.into(), i64::from(step) as u64, &mut out[..here])
            };
            let near = Nearest::new(shape);
            if !known {
                share(&mut buffer, here, (at, step), near, &self.likeness, shared);
            } else {
                live_near(&mut buffer, here, at, near, &to.common);
            }
            if standing == Standing::User && step == 1 {
                to.common.resize(shape.users as usize, [0; 2]);
                keep(&buffer, here, &mut to.common[at as usize..]);
            }
            draw(streams[1], &mut buffer.account);
            if user {
                draw(streams[0], &mut buffer.attitude);
                draw(streams[3], &mut buffer.activity);
            }
            let (class, level, presence) = to.room(here);
            classify(&mut buffer, here, &self.likeness, &rule, class);
            if user {
                enliven(&mut buffer, here, self.likeness.score(Trait::Activity), &self.level, level, presence);
            } else {
                level.fill(0);
                presence.fill(0);
            }
            done += here;
        }
        to.buffer = Some(buffer);
    }
}

/// People whose attributes are worked out at once.
const BLOCK: usize = 512;

/// Words of a block of people, and their age bands.
#[derive(Clone, Debug)]
struct Buffer {
    attitude: [u64; BLOCK],
    account: [u64; BLOCK],
    activity: [u64; BLOCK],
    /// What they have in common with household, friends and neighbourhood, by trait.
    common: [[u32; BLOCK]; 4],
    /// Scores of age, then of another trait.
    age: [u32; BLOCK],
    score: [u32; BLOCK],
    /// What age adds to the level, and to the score of attitude.
    shift: [i16; BLOCK],
    attitude_shift: [u32; BLOCK],
}

/// An age band that differs from the one before.
struct Band {
    /// First score that is in it.
    from: u64,
    /// What it adds to the class, modulo 2^16, to the level, and to the score of attitude, modulo 2^32.
    class: u16,
    shift: i16,
    attitude: u32,
}

/// Where people are of another class.
struct Rule<'a> {
    /// Scores of attitude from which on they are of the next band of attitude.
    cuts: &'a [u64],
    /// Score below which they have an account with the parent.
    parent: u64,
    bands: Vec<Band>,
    /// Of the first band of attitude and age: class, what is added to the level, and to the score of attitude.
    first: (u16, i16, u32),
    /// Whether they are users, who have a choice.
    user: bool,
}

impl Default for Buffer {
    fn default() -> Self {
        Buffer {
            attitude: [0; BLOCK],
            account: [0; BLOCK],
            activity: [0; BLOCK],
            common: [[0; BLOCK]; 4],
            age: [0; BLOCK],
            score: [0; BLOCK],
            shift: [0; BLOCK],
            attitude_shift: [0; BLOCK],
        }
    }
}

/// What traffic and policies need to know of people, in columns of equal length.
#[derive(Clone, Debug, Default)]
pub struct PersonColumns {
    /// Class number.
    pub class: Vec<u16>,
    /// Level of activity, 0 for non-users.
    pub level: Vec<u8>,
    /// Level of presence in the low six bits, above them the shape of the social signature; 0 for non-users.
    pub presence: Vec<u8>,
    /// Places that are filled in.
    filled: usize,
    /// What the community's users have in common in accounts with the parent and in age, for those who live near them.
    common: Vec<[u32; 2]>,
    buffer: Option<Box<Buffer>>,
}

impl PersonColumns {
    /// Begins anew. What is there stays until it is written over: [`PersonColumns::end`] drops the rest.
    pub fn begin(&mut self) {
        self.filled = 0;
    }

    /// The next `n` places of each column, to be filled in.
    pub fn room(&mut self, n: usize) -> (&mut [u16], &mut [u8], &mut [u8]) {
        let (from, to) = (self.filled, self.filled + n);
        if self.class.len() < to {
            self.class.resize(to, 0);
            self.level.resize(to, 0);
            self.presence.resize(to, 0);
        }
        self.filled = to;
        (&mut self.class[from..to], &mut self.level[from..to], &mut self.presence[from..to])
    }

    /// Fills the next places with zeros, up to number `to`.
    pub fn pad(&mut self, to: usize) {
        let (class, level, presence) = self.room(to.saturating_sub(self.filled));
        class.fill(0);
        level.fill(0);
        presence.fill(0);
    }

    /// Ends the columns with what was filled in.
    pub fn end(&mut self) {
        self.class.truncate(self.filled);
        self.level.truncate(self.filled);
        self.presence.truncate(self.filled);
    }
}

/// What each of `n` people has in common with household, friends and neighbourhood.
#[kernel]
fn share(
    buffer: &mut Buffer,
    n: usize,
    (first, step): (u32, i32),
    nearest: Nearest,
    likeness: &Likeness,
    starts: [u64; 3],
) {
    let n = n.min(BLOCK);
    let [attitude, parent, age, activity] = buffer.common.each_mut().map(|common| &mut common[..n]);
    let scores = [Trait::Attitude, Trait::ParentAccount, Trait::Age, Trait::Activity].map(|of| likeness.score(of));
    for i in 0..n {
        let numbers = circles_of(nearest.user(first.wrapping_add((step as u32).wrapping_mul(i as u32))));
        let word = |circle: usize| mix(Stream::new(starts[circle]).place(numbers[circle].into()));
        let shared = [word(0), word(1), word(2)];
        attitude[i] = scores[0].common(shared, Trait::Attitude as u32);
        parent[i] = scores[1].common(shared, Trait::ParentAccount as u32);
        age[i] = scores[2].common(shared, Trait::Age as u32);
        activity[i] = scores[3].common(shared, Trait::Activity as u32);
    }
}

/// Keeps what users have in common in accounts with the parent and in age.
#[kernel]
fn keep(buffer: &Buffer, n: usize, to: &mut [[u32; 2]]) {
    let n = n.min(BLOCK).min(to.len());
    let [_, parent, age, _] = buffer.common.each_ref().map(|common| &common[..n]);
    for i in 0..n {
        to[i] = [parent[i], age[i]];
    }
}

/// Gives people who are not users what the users have in common near whom they live.
#[kernel]
fn live_near(buffer: &mut Buffer, n: usize, first: u32, nearest: Nearest, users: &[[u32; 2]]) {
    let n = n.min(BLOCK);
    let [_, parent, age, _] = buffer.common.each_mut().map(|common| &mut common[..n]);
    let last = users.len() - 1;
    for i in 0..n {
        let near = users[(nearest.user(first + i as u32) as usize).min(last)];
        (parent[i], age[i]) = (near[0], near[1]);
    }
}

/// Scores of a trait, from one half of each word: the high one if `high`.
#[inline(always)]
fn scores(score: &Score, words: &[u64], high: bool, common: &[u32; BLOCK], to: &mut [u32]) {
    let n = to.len().min(words.len()).min(BLOCK);
    let (words, common, to) = (&words[..n], &common[..n], &mut to[..n]);
    for i in 0..n {
        let own = if high { (words[i] >> 32) as u32 } else { words[i] as u32 };
        to[i] = score.of(own, common[i]);
    }
}

/// Class of each of `n` people of the buffer, and what their age adds to the level: bands of attitude and of age are where
/// thresholds are passed.
#[kernel]
fn classify(buffer: &mut Buffer, n: usize, likeness: &Likeness, rule: &Rule, class: &mut [u16]) {
    let n = n.min(BLOCK).min(class.len());
    let Buffer { attitude, account, common, age, score, shift, attitude_shift, .. } = buffer;
    let (attitude, account) = (&attitude[..n], &account[..n]);
    let (age, score, shift, attitude_shift) =
        (&mut age[..n], &mut score[..n], &mut shift[..n], &mut attitude_shift[..n]);
    let class = &mut class[..n];
    scores(likeness.score(Trait::Age), account, true, &common[Trait::Age as usize], age);
    let parents = likeness.score(Trait::ParentAccount);
    scores(parents, account, false, &common[Trait::ParentAccount as usize], score);
    // Scores are below 2^32, so that a threshold of 2^32 or more is passed by all.
    let below = |score: u32, threshold: u64| u16::from(u64::from(score) < threshold);
    for i in 0..n {
        class[i] = rule.first.0.wrapping_add(2 * below(score[i], rule.parent));
    }
    shift.fill(rule.first.1);
    attitude_shift.fill(rule.first.2);
    for &Band { from, class: of_class, shift: of_level, attitude: of_attitude } in &rule.bands {
        // All ones of those who are in it: a condition would be a branch.
        let in_it = |age: u32| below(age, from).wrapping_sub(1);
        for (class, &age) in class.iter_mut().zip(age.iter()) {
            *class = class.wrapping_add(of_class & in_it(age));
        }
        for (shift, &age) in shift.iter_mut().zip(age.iter()) {
            *shift = shift.wrapping_add(of_level & in_it(age) as i16);
        }
        for (shift, &age) in attitude_shift.iter_mut().zip(age.iter()) {
            *shift = shift.wrapping_add(of_attitude & i32::from(in_it(age) as i16) as u32);
        }
    }
    if !rule.user {
        return;
    }
    let attitudes = likeness.score(Trait::Attitude);
    scores(attitudes, attitude, false, &common[Trait::Attitude as usize], score);
    for i in 0..n {
        score[i] =
            score[i].wrapping_add(attitudes.fraction((attitude[i] >> 32) as u32)).wrapping_add(attitude_shift[i]);
    }
    for &cut in rule.cuts {
        for (class, &score) in class.iter_mut().zip(score.iter()) {
            *class = class.wrapping_add(4 * (1 - below(score, cut)));
        }
    }
}

/// Level and presence of each of `n` users of the buffer.
#[kernel]
fn enliven(
    buffer: &mut Buffer,
    n: usize,
    activities: &Score,
    levels: &[u8; 4096],
    level: &mut [u8],
    presence: &mut [u8],
) {
    let n = n.min(BLOCK).min(level.len()).min(presence.len());
    let Buffer { activity, common, score, shift, .. } = buffer;
    let (activity, score, shift) = (&activity[..n], &mut score[..n], &shift[..n]);
    let (level, presence) = (&mut level[..n], &mut presence[..n]);
    scores(activities, activity, false, &common[Trait::Activity as usize], score);
    for i in 0..n {
        level[i] = levels[(score[i] >> LEVEL_SHIFT) as usize & 4095];
    }
    for i in 0..n {
        let shifted = i16::from(level[i]) + shift[i];
        level[i] = shifted.clamp(0, LEVELS as i16 - 1) as u8;
        presence[i] = (activity[i] >> 32) as u8;
    }
}
