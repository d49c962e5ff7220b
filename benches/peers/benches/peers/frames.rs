//! Polars: the same question as a plan over data frames, the fastest that was found.
//!
//! Events are factorised by hand, with all that one can know about the policies beforehand: events are counted by classes of
//! actor and target, people by the roles that they had, and the policies are joined to the little that is left. Kinds of
//! event go into both only if the policies tell them apart, which those of the scenario do not.
//!
//! Tried besides, with 12.8 million events on one thread, best of three or four (this plan: 156 ms for the volumes, 289 ms for the people):
//!
//! - volumes by the streaming engine 211 ms; with the kind in the key 190 to 231 ms; look-ups in a closure instead of
//!   `gather`, which is the same within noise;
//! - people by the in-memory engine 1,141 ms; by `group_by` without `unique` 314 ms; a mark of each kind, joined by
//!   `bitwise_or` in one grouping per role 379 ms (in memory 1,400), in one grouping of both roles 476 ms (1,054);
//!   distinct pairs of person and kind first 952 ms (1,874);
//! - both out of the distinct triples of actor, target and kind: these alone take 1,272 ms (3,263).

use polars::prelude::*;

use crate::data::{Answer, Data, Figures, KINDS, Masks};

/// What the plan is made of.
pub struct Frames {
    events: DataFrame,
    /// By person: what its class adds to the key of an event, as its actor and as its target.
    as_actor: Series,
    as_target: Series,
    class: Series,
    /// By kind: the number of its context, the same for kinds that no policy tells apart.
    context: Series,
    contexts: usize,
    /// By key and cell (policy and purpose): values, events and bytes of an event.
    volumes: DataFrame,
    /// By class and cell: the marks that mean that something is let out.
    reaches: DataFrame,
    cells: usize,
}

impl Frames {
    /// Puts the data in frames; not measured.
    pub fn new(data: &Data) -> Self {
        let (given, masks) = (&data.given, &data.masks);
        let classes = masks.classes;
        let (context, kinds) = contexts(data);
        let contexts = kinds.len();
        assert!(classes * classes * contexts <= 1 << 16 && contexts <= 16, "keys or marks do not fit");
        let (mut key, mut cell) = (Vec::<u16>::new(), Vec::<u8>::new());
        let (mut values, mut events, mut bytes) = (Vec::<u64>::new(), Vec::<u64>::new(), Vec::<u64>::new());
        for (ca, ct) in (0..classes).flat_map(|ca| (0..classes).map(move |ct| (ca, ct))) {
            for (context, &kind) in kinds.iter().enumerate() {
                let pairs = masks.of_actor(kind, ca as u8).iter().zip(masks.of_counterparty(kind, ct as u8));
                for (c, (a, t)) in pairs.enumerate().filter(|(_, (a, t))| a.categories | t.categories != 0) {
                    key.push(((ca * classes + ct) * contexts + context) as u16);
                    cell.push(c as u8);
                    values.push(u64::from(a.values + t.values));
                    events.push(1);
                    bytes.push(u64::from(a.bytes + t.bytes));
                }
            }
        }
        let volumes = df!("key" => key, "cell" => cell, "values" => values, "events" => events, "bytes" => bytes);
        let (mut of, mut cell, mut matter) = (Vec::<u8>::new(), Vec::<u8>::new(), Vec::<u32>::new());
        for (class, c) in (0..classes as u8).flat_map(|class| (0..masks.cells).map(move |c| (class, c))) {
            let marks = kinds.iter().enumerate().fold(0, |marks, (context, &kind)| {
                let actor = masks.of_actor(kind, class)[c].categories != 0;
                let target = masks.of_counterparty(kind, class)[c].categories != 0;
                marks | u32::from(actor) << (2 * context) | u32::from(target) << (2 * context + 1)
            });
            of.push(class);
            cell.push(c as u8);
            matter.push(marks);
        }
        let reaches = df!("class" => of, "cell" => cell, "matter" => matter);
        let by_person = |name: &str, factor: usize| {
            let keys: Vec<u16> = given.class.iter().map(|&c| (usize::from(c) * factor) as u16).collect();
            Series::new(name.into(), keys)
        };
        Frames {
            events: df!("actor" => &given.actor, "target" => &given.target, "kind" => &given.kind).expect("columns"),
            as_actor: by_person("as_actor", classes * contexts),
            as_target: by_person("as_target", contexts),
            class: Series::new("class".into(), &given.class),
            context: Series::new("context".into(), context),
            contexts,
            volumes: volumes.expect("columns"),
            reaches: reaches.expect("columns"),
            cells: masks.cells,
        }
    }

    /// Runs both plans.
    pub fn answer(&self) -> Answer {
        let run = |plan: LazyFrame, engine| plan.collect_with_engine(engine).expect("a plan that runs").unwrap_single();
        let mut answer = vec![Figures::default(); self.cells];
        let volume = run(self.volume(), Engine::InMemory);
        fill(&volume, ["values", "events", "bytes"], |cell, [values, events, bytes]| {
            (answer[cell].values, answer[cell].events, answer[cell].bytes) = (values, events, bytes);
        });
        let people = run(self.people(), Engine::Streaming);
        fill(&people, ["people"], |cell, [people]| answer[cell].people = people);
        answer
    }

    fn volume(&self) -> LazyFrame {
        let classes = look_up(&self.as_actor, "actor") + look_up(&self.as_target, "target");
        let key = if self.contexts == 1 { classes } else { classes + look_up(&self.context, "kind") };
        let events = self.events.clone().lazy().select([key.alias("key")]);
        events
            .group_by([col("key")])
            .agg([len().cast(DataType::UInt64).alias("n")])
            .inner_join(self.volumes.clone().lazy(), col("key"), col("key"))
            .group_by([col("cell")])
            .agg(["values", "events", "bytes"].map(|figure| (col(figure) * col("n")).sum().alias(figure)))
    }

    fn people(&self) -> LazyFrame {
        let or = |frame: LazyFrame| frame.group_by([col("person")]).agg([col("mark").bitwise_or()]);
        let roles = [("actor", 1u32), ("target", 2)].map(|(role, mark)| {
            let events = self.events.clone().lazy();
            if self.contexts == 1 {
                let people = events.select([col(role).alias("person")]).unique(None, UniqueKeepStrategy::Any);
                return people.select([col("person"), lit(mark).alias("mark")]);
            }
            let marks = self.context.u16().expect("numbers").into_no_null_iter().map(|c| mark << (2 * c));
            let marks = Series::new("mark".into(), marks.collect::<Vec<u32>>());
            or(events.select([col(role).alias("person"), look_up(&marks, "kind").alias("mark")]))
        });
        or(concat(roles, UnionArgs::default()).expect("same columns"))
            .select([look_up(&self.class, "person").alias("class"), col("mark")])
            .group_by([col("class"), col("mark")])
            .agg([len().alias("n")])
            .inner_join(self.reaches.clone().lazy(), col("class"), col("class"))
            .filter(col("mark").and(col("matter")).neq(lit(0u32)))
            .group_by([col("cell")])
            .agg([col("n").sum().cast(DataType::UInt64).alias("people")])
    }
}

/// Number of the context of each kind, and a kind of each context: kinds of the events whose masks are equal share one.
fn contexts(data: &Data) -> (Vec<u16>, Vec<u8>) {
    let Masks { classes, .. } = data.masks;
    let masks = |kind: u8| {
        let of = |class| data.masks.of_actor(kind, class).iter().chain(data.masks.of_counterparty(kind, class));
        (0..classes as u8).flat_map(of).map(|m| m.categories).collect::<Vec<u32>>()
    };
    let (mut context, mut kinds) = (vec![0; KINDS], Vec::new());
    for kind in (0..KINDS as u8).filter(|k| data.given.kind.contains(k)) {
        let like = kinds.iter().position(|&k| masks(k) == masks(kind));
        context[usize::from(kind)] = like.unwrap_or(kinds.len()) as u16;
        if like.is_none() {
            kinds.push(kind);
        }
    }
    (context, kinds)
}

/// What a table has in the rows that a column numbers.
fn look_up(table: &Series, column: &str) -> Expr {
    lit(table.clone()).gather(col(column).cast(DataType::UInt32), false)
}

/// Hands the figures of each cell on.
fn fill<const N: usize>(frame: &DataFrame, names: [&str; N], mut set: impl FnMut(usize, [u64; N])) {
    let cells = frame.column("cell").expect("cells").u8().expect("small numbers");
    let columns = names.map(|name| frame.column(name).expect("a column").u64().expect("counts"));
    for (row, cell) in cells.into_no_null_iter().enumerate() {
        set(usize::from(cell), columns.map(|c| c.get(row).expect("no null")));
    }
}
