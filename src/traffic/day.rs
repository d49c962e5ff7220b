//! A community's day: who is active, what they do, what spills into the next day.

mod abuse;
mod daily_counts;
mod day_states;
mod departures;
mod direct;
mod groups;
mod part;
mod solo;
mod weak;
mod weak_tie_run;

use crate::population::{AddressBookBatch, Book, Community, Population, TurnoverDay};
use crate::traffic::batch::{Batch, Shape};
use crate::traffic::conversation::Conversation;
use crate::traffic::count::message_counts::MessageCounts;
use crate::traffic::expand::expander::Expander;
use crate::traffic::expand::partitioner::Partitioner;
use crate::traffic::group_conversation::GroupConversation;
use crate::traffic::plan::group_block::GroupBlock;
use crate::traffic::plan::present::Present;
use crate::traffic::plan::strong_ties::StrongTieBlock;
use crate::traffic::plan::weak_ties::WeakTieBlock;
use crate::traffic::sink::Sink;
use crate::traffic::traffic_tables::{LONGEST, TrafficTables};
use daily_counts::DailyCounts;
use day_states::DayStates;
use part::PART;
use weak_tie_run::WeakTieRun;

/// Events per batch: the columns of one shape stay in the L1 and L2 caches.
const BATCH: usize = 2048;
/// Members of audiences per batch: address books are long.
const MEMBERS: usize = 32_768;
/// Users whose check-ins are made at once.
const USERS: usize = 512;

/// Makes the traffic of one community, day after day. The buffers are used again for the next community.
#[derive(Debug)]
pub struct Traffic<'a> {
    population: &'a Population,
    tables: &'a TrafficTables,
    /// What is to be known of each acting slot today.
    day_states: DayStates,
    /// Which alters have changed places.
    turnover: Box<TurnoverDay>,
    /// What each user does.
    daily_counts: DailyCounts,
    /// Conversations over strong ties, before they begin.
    block: StrongTieBlock,
    /// Conversations over weak ties, before they begin: those of the others, in whose zone, and those of our users.
    weak: [WeakTieBlock; 2],
    zone: u8,
    /// Conversations over any ties that may run past midnight.
    late: Vec<Conversation>,
    /// Weak ties at hand.
    weak_tie_run: WeakTieRun,
    /// Conversations of groups.
    group_block: GroupBlock,
    /// Who is still in them.
    present: Present,
    sent: MessageCounts,
    expander: Expander,
    partitioner: Box<Partitioner>,
    out: Buffers,
    /// Events after midnight of conversations that began before.
    carry: Buffers,
    spare: Buffers,
    /// Events of conversations over weak ties, or of late ones, before they are sorted.
    conversation: Batch,
    /// Those of late conversations, today's and tomorrow's.
    late_events: [Batch; 2],
    members: Vec<u32>,
    /// Groups with a conversation today.
    active_groups: Vec<u32>,
    /// Conversations of groups that may run past midnight, with their numbers in the block.
    late_groups: Vec<(usize, GroupConversation)>,
    /// Their events, before they are sorted into today's and tomorrow's.
    late_audience: Batch,
    words: Vec<u64>,
    rests: Vec<u64>,
    /// Chronotypes of users, by local index, where times are asked; and of those who start the conversations of a block.
    chronotypes: Vec<u8>,
    clocks: Vec<u8>,
    calls: Vec<(u16, u16)>,
    book: Book,
    books: AddressBookBatch,
    /// Uploads of each of the books.
    times: Vec<u32>,
    today: u32,
    /// Whether the sink counts today.
    counting: bool,
}

/// One batch of each shape.
#[derive(Debug)]
struct Buffers {
    pair: Batch,
    incoming: Batch,
    solo: Batch,
    audience: Batch,
}

impl Buffers {
    fn new(capacity: usize) -> Self {
        Buffers {
            pair: Batch::new(Shape::Pair, capacity),
            incoming: Batch::new(Shape::Incoming, capacity),
            solo: Batch::new(Shape::Solo, capacity),
            audience: Batch::new(Shape::Audience, capacity),
        }
    }

    fn each(&mut self) -> [&mut Batch; 4] {
        [&mut self.pair, &mut self.incoming, &mut self.solo, &mut self.audience]
    }

    fn flush(&mut self, community: &Community, day: u32, sink: &mut impl Sink) {
        for batch in self.each() {
            if !batch.is_empty() {
                sink.batch(community, day, batch);
            }
            batch.clear();
        }
    }
}

impl<'a> Traffic<'a> {
    /// Traffic of a population, drawn from these tables.
    pub fn new(population: &'a Population, tables: &'a TrafficTables) -> Self {
        Traffic {
            population,
            tables,
            day_states: DayStates::default(),
            turnover: Box::default(),
            daily_counts: DailyCounts::default(),
            block: StrongTieBlock::default(),
            weak: [WeakTieBlock::default(), WeakTieBlock::default()],
            zone: 0,
            late: Vec::new(),
            weak_tie_run: WeakTieRun::default(),
            group_block: GroupBlock::default(),
            present: Present::default(),
            sent: MessageCounts::default(),
            expander: Expander::default(),
            partitioner: Box::default(),
            out: Buffers::new(BATCH + LONGEST),
            carry: Buffers::new(0),
            spare: Buffers::new(0),
            conversation: Batch::new(Shape::Pair, LONGEST),
            late_events: [0; 2].map(|_| Batch::new(Shape::Pair, 0)),
            members: Vec::new(),
            active_groups: Vec::new(),
            late_groups: Vec::new(),
            late_audience: Batch::new(Shape::Audience, 0),
            words: Vec::new(),
            rests: Vec::new(),
            chronotypes: Vec::new(),
            clocks: Vec::new(),
            calls: Vec::new(),
            book: Book::default(),
            books: AddressBookBatch::default(),
            times: Vec::new(),
            today: 0,
            counting: false,
        }
    }

    /// Forgets what spilled from the community before: call at the start of each community.
    pub fn begin(&mut self) {
        for batch in self.carry.each() {
            batch.clear();
        }
    }

    /// All that happens on UTC day `day` and concerns the community's people, in no particular order. Days must follow each
    /// other, from any first day; what began before the first one is left out.
    pub fn day(&mut self, community: &Community, day: u32, sink: &mut impl Sink) {
        self.today = day;
        self.counting = sink.counts(day);
        let tables: &'a TrafficTables = self.tables;
        if !self.counting {
            let of = |user| self.population.chronotypes.of(community.shape.number, user);
            self.chronotypes.clear();
            self.chronotypes.extend((0..community.shape.users).map(of));
        }
        let profiles = tables.profiles(day);
        let profile = &profiles[usize::from(community.zone)];
        std::mem::swap(&mut self.carry, &mut self.spare);
        self.spare.drop_gone(community, day);
        self.spare.flush(community, day, sink);
        self.day_states.deal(self.population, tables, community, day);
        self.population.turnover.fill(community.shape.number, day, &mut self.turnover);
        let [_, conversations, counts, rest] = self.day_states.streams();
        self.daily_counts.make(tables, self.day_states.own(), community.shape.users as usize, counts, rest);
        let (users, mut words) = (community.shape.users as usize, std::mem::take(&mut self.words));
        for from in (0..users).step_by(PART) {
            let n = PART.min(users - from);
            words.resize(n, 0);
            conversations.fill(from as u64, 1, &mut words);
            let mut at = (0, 0);
            loop {
                let starts = (&self.daily_counts.starts[from..][..n], &words[..]);
                let circles = (&community.circles, &*self.turnover);
                at = self.block.start(circles, self.day_states.own(), from, starts, at);
                if at.0 == n {
                    break;
                }
                self.strong(community, profile, sink);
            }
        }
        self.words = words;
        self.checkins(community, profile, sink);
        self.calls(community, profile, sink);
        self.rarely(community, profile, sink);
        self.uploads(community, profile, sink);
        self.weak(community, profiles, sink);
        self.abuse(community, profile, sink);
        self.strong(community, profile, sink);
        self.late(community, sink);
        self.groups(community, day, profile, sink);
        self.out.flush(community, day, sink);
    }

    /// Hands full batches on.
    fn make_room(&mut self, community: &Community, sink: &mut impl Sink) {
        for batch in self.out.each() {
            if batch.len() >= BATCH || batch.members.len() >= MEMBERS {
                sink.batch(community, self.today, batch);
                batch.clear();
            }
        }
    }
}
