#!/usr/bin/env python3
"""Checks outflow from outside: recomputes what a run reports from the records that an export of the same world writes.

A applies the rules of every policy anew to people and events, and compares with the recorded disclosures and their
resolution; B aggregates these to every row of the run's tables, and compares with the run; C checks laws that
the records obey whatever the scenario. Shares nothing with the program but docs/FORMAT.md. Needs Python 3.11 and DuckDB (pip
install duckdb). Prints one line per check. Exit code: 0 all equal, 1 something differs, 2 the program did not run.

    tests/recompute.py --scenario my.toml --people 20000 --days 2 --seed 5 --set traffic.reply_share=0.1
"""

import argparse
import csv
import datetime
import json
import math
import os
import subprocess
import sys
import tempfile
import tomllib
from itertools import product
from pathlib import Path

import duckdb

from oracle import families

ROOT = Path(__file__).resolve().parent.parent
PAIR_MESSAGES = ["text_message", "photo_message", "voice_message", "video_message", "other_message"]
GROUP_MESSAGES = ["group_text", "group_photo", "group_voice", "group_video", "group_other"]
RULE_KEYS = {"effect", "title", "source", "purposes", "categories", "kinds", "roles", "jurisdictions", "actor_jurisdictions",
             "subjects", "parent_account", "minor", "choice", "choice_of", "from", "until",
             "as"}
COARSER = ["exact", "hash_bits", "keyed_hash", "round", "aggregate_k"]  # of several permits the finest decides
ROUNDS = ["hour", "day", "week", "month"]
UNITS = {"disclosed_values": "flows", "disclosed_events": "events", "disclosed_bytes": "bytes", "people_exposed": "people",
         "people": "people", "coverage": "share", "coverage_of_group": "share", "depth_mean": "categories",
         "person_days": "person-days", "share_of_disclosed": "share", "days": "days", **families.UNITS}
COUNTED = list(UNITS)[:4]  # in the order of the sums in aggregate()
SHOWN = 4  # differences printed per check


class Report:
    failed = 0

    def check(self, name, fine, differences, total=None):
        """Prints one line, and the first differences below it."""
        total = len(differences) if total is None else total
        self.failed += total > 0
        print(f"FAIL {name}: {total:,} differences" if total else f"ok   {name}: {fine}", flush=True)
        for line in differences[:SHOWN]:
            print(f"       {line}")


def within(column, names):
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"{column} IN ({listed})" if names else "FALSE"


def bits(names, all_names):
    return sum(1 << list(all_names).index(name) for name in set(names))


def midnight_ms(day):
    return (day - datetime.date(1970, 1, 1)).days * 86_400_000


class World:
    """The scenario as it was resolved, and its records as tables of a scratch database."""

    def __init__(self, folder, con):
        self.con, self.folder = con, folder
        self.scenario = tomllib.loads((folder / "scenario.resolved.toml").read_text())
        self.categories = {c["id"]: c["bytes"] for c in self.scenario["category"]}
        self.purposes = {p["id"]: p["requests"] for p in self.scenario["purpose"]}
        self.jurisdictions = {j["code"]: j for j in self.scenario["jurisdiction"]}
        self.policies = {p["id"]: p for p in self.scenario["policy"]}
        self.uninstall = self.scenario.get("uninstall")
        rules = [rule for policy in self.policies.values() for rule in policy.get("rule", [])]
        self.resolutions = sorted({resolution(rule) for rule in rules} | {resolution({})})  # fine to coarse
        self.start, self.days, self.people = (self.scenario["scenario"][key] for key in ("start", "days", "people"))

        con.execute("CREATE TABLE rates (jurisdiction VARCHAR, bit BIGINT, objects DOUBLE, agrees_from DOUBLE)")
        for (code, j), name in product(self.jurisdictions.items(), self.purposes):
            objects, agrees = float(j.get("objects", {}).get(name, 0)), float(j.get("agrees", {}).get(name, 0))
            con.execute("INSERT INTO rates VALUES (?, ?, ?, ?)", [code, bits([name], self.purposes), objects, 1.0 - agrees])
        con.execute("CREATE TABLE collects (kind VARCHAR, role VARCHAR, mask BIGINT)")
        for kind, role in product(self.scenario["kind"], ["actor", "counterparty"]):
            con.execute("INSERT INTO collects VALUES (?, ?, ?)", [kind["id"], role, bits(kind[role], self.categories)])
        con.execute("CREATE TABLE category_bit (category VARCHAR, bit BIGINT)")
        con.executemany("INSERT INTO category_bit VALUES (?, ?)", [[c, bits([c], self.categories)] for c in self.categories])
        for name in ["people", "events", "address_books", "disclosures"]:
            con.from_parquet(str(folder / f"{name}.parquet")).create_view(name)
        # People, with the purposes that each objects or agrees to as sets of bits: none for those who were never users. Who
        # left keeps these, by which tables split people, and is gone from a midnight on.
        con.execute("""CREATE TABLE person AS
            SELECT p.*, epoch_ms(left_on::TIMESTAMP) AS gone_ms,
                        coalesce(bit_or(r.bit) FILTER (is_user AND attitude < objects), 0)::BIGINT AS objected,
                        coalesce(bit_or(r.bit) FILTER (is_user AND attitude >= agrees_from), 0)::BIGINT AS agreed
            FROM people p LEFT JOIN rates r USING (jurisdiction) GROUP BY ALL""")
        con.execute(f"""CREATE TABLE event AS
            SELECT *, epoch_ms(time) AS ms, (epoch_ms(time) - {midnight_ms(self.start)}) // 86400000 AS day FROM events""")
        con.execute("""CREATE TABLE part AS
            SELECT event_id, ms, kind, actor, actor AS subject, 'actor' AS role FROM event UNION ALL
            SELECT event_id, ms, kind, actor, unnest(counterparties), 'counterparty' FROM event""")
        con.execute("CREATE TABLE flow (policy VARCHAR, purpose VARCHAR, event_id UBIGINT, subject UBIGINT, mask BIGINT, "
                    "masks BIGINT[])")

    def orders(self):
        """Laws of the order of rows: what each table is sorted by. Lists of counterparties are, too."""
        for table, by, join in [("people", "community, person_id", ""), ("events", "event_id", ""),
                                ("address_books", "community, owner, contact", "JOIN person ON person_id = owner")]:
            file = str(self.folder / f"{table}.parquet").replace("'", "''")
            yield (f"order of {table}", f"by {by}",
                   f"SELECT * FROM (SELECT row({by}, 0) AS key, lag(key) OVER (ORDER BY file_row_number) AS before "
                   f"FROM read_parquet('{file}', file_row_number = true) {join}) WHERE before >= key")
        # Of a policy on a community's day: that of the events, the actor first, then by subject.
        file = str(self.folder / "disclosures.parquet").replace("'", "''")
        yield ("order of disclosures", "that of events; of one the actor, then the others by id",
               "SELECT * FROM (SELECT *, row(event_id, role = 'counterparty', subject) AS key, lag(key) OVER (PARTITION BY policy "
               f"ORDER BY file_row_number) AS before FROM read_parquet('{file}', file_row_number = true)) WHERE before > key")
        yield "order of counterparties", "by id", "SELECT event_id FROM event WHERE counterparties <> list_sort(counterparties)"

    def rules(self, policy):
        """The rules of a policy: its own, and those of the policies that it extends."""
        own, base = self.policies[policy].get("rule", []), self.policies[policy].get("extends")
        for rule in own:
            assert set(rule) <= RULE_KEYS, f"unknown keys in a rule of {policy}: {set(rule) - RULE_KEYS}"
        return own + (self.rules(base) if base else [])


def resolution(rule):
    """How exactly a rule lets values out: a rank, lower for finer, and the word in tables."""
    if not rule.get("as"):
        return (0, 0), "exact"
    (kind, value), = rule["as"].items()
    fine = {"hash_bits": lambda: -value, "keyed_hash": lambda: 0, "round": lambda: ROUNDS.index(value),
            "aggregate_k": lambda: value}[kind]()
    return (COARSER.index(kind), fine), kind if kind == "keyed_hash" else f"{kind}_{value}"


def here(who):
    """Whether a person has an account at the time of part e, as SQL: who left is no user to rules any more."""
    return f"({who}.is_user AND ({who}.gone_ms IS NULL OR e.ms < {who}.gone_ms))"


def condition(rule, purpose_bit):
    """A rule's constraints, but for purposes and categories, as SQL over part e, subject s and actor a."""
    terms = ["TRUE"]
    for key, column in [("kinds", "e.kind"), ("roles", "e.role"), ("subjects", f"if({here('s')}, 'user', 'non_user')"),
                        ("jurisdictions", "s.jurisdiction"), ("actor_jurisdictions", "a.jurisdiction"),
                        ("parent_account", "s.has_parent_account"), ("minor", "s.minor")]:
        if key in rule:
            terms.append(f"{column} = {rule[key]}" if isinstance(rule[key], bool) else within(column, rule[key]))
    if "choice" in rule:
        column = {"objects": "objected", "agrees": "agreed"}[rule["choice"]]
        subject, actor = (f"({here(who)} AND ({who}.{column} & {purpose_bit}) <> 0)" for who in "sa")
        terms.append({"subject": subject, "actor": actor, "either": f"({subject} OR {actor})",
                      "both": f"({subject} AND {actor})"}[rule.get("choice_of", "subject")])
    for key, compared in [("from", ">="), ("until", "<")]:
        if key in rule:
            terms.append(f"e.ms {compared} {midnight_ms(rule[key])}")
    return " AND ".join(terms)


def disclosed_masks(world, policy, purpose):
    """What a policy lets out to a purpose, as SQL: the categories that may go, as no forbid matches, and those that permits of
    each resolution match."""
    masks = {name: ["0::BIGINT"] for name in ["forbid", *(resolution for _, resolution in world.resolutions)]}
    for rule in world.rules(policy):
        if purpose in rule.get("purposes", [purpose]):
            matches, mask = condition(rule, bits([purpose], world.purposes)), rule.get("categories", world.categories)
            name = "forbid" if rule["effect"] == "forbid" else resolution(rule)[1]
            masks[name].append(f"if({matches}, {bits(mask, world.categories)}::BIGINT, 0::BIGINT)")
    requested = bits(world.purposes[purpose], world.categories)
    forbidden, *permitted = (f"({' | '.join(terms)})" for terms in masks.values())
    return f"c.mask & {requested}::BIGINT & ~{forbidden}", permitted


def check_disclosures(world, report):
    """A. The rules anew. Keeps the disclosures as recorded in table flow, one row per (policy, purpose, event, person)."""
    con = world.con
    pairs = con.execute("SELECT DISTINCT policy, purpose FROM disclosures").fetchall()
    report.check("disclosures", f"{len(pairs)} pairs of policy and purpose, all of the scenario",
                 [str(pair) for pair in pairs if pair[0] not in world.policies or pair[1] not in world.purposes])
    recorded = ", ".join(f"coalesce(bit_or(bit) FILTER (resolution = '{name}'), 0)::BIGINT" for _, name in world.resolutions)
    # The finest resolution that permits a category decides.
    finest = ", ".join(f"open & permits[{k + 1}] & ~({' | '.join(['0::BIGINT', *(f'permits[{f + 1}]' for f in range(k))])})"
                       for k in range(len(world.resolutions)))
    for policy in world.policies:
        rows, total, examples = 0, 0, []
        for purpose in world.purposes:
            may, permits = disclosed_masks(world, policy, purpose)
            con.execute(f"""CREATE OR REPLACE TEMP TABLE got AS
                SELECT event_id, subject, role, coalesce(bit_or(bit), 0)::BIGINT AS mask, [{recorded}] AS masks,
                       count(*) AS n, epoch_ms(min(time)) AS first, epoch_ms(max(time)) AS last
                FROM disclosures LEFT JOIN category_bit USING (category) WHERE policy = ? AND purpose = ? GROUP BY ALL""",
                        [policy, purpose])
            con.execute("INSERT INTO flow SELECT ?, ?, event_id, subject, mask, masks FROM got", [policy, purpose])
            con.execute(f"""CREATE OR REPLACE TEMP TABLE diff AS
                WITH matched AS (
                    SELECT e.event_id, e.subject, e.role, kind, e.ms, {may} AS open, [{", ".join(permits)}] AS permits
                    FROM part e JOIN collects c USING (kind, role)
                    JOIN person s ON s.person_id = e.subject JOIN person a ON a.person_id = e.actor),
                want AS (SELECT *, [{finest}] AS masks FROM matched)
                SELECT event_id, subject, role, w.masks AS want, g.masks AS got, kind, g.n, [w.ms, g.first, g.last] AS times
                FROM (FROM want WHERE list_sum(masks) <> 0) w FULL JOIN got g USING (event_id, subject, role)
                WHERE w.masks IS DISTINCT FROM g.masks OR g.n <> bit_count(g.mask) OR g.first <> w.ms OR g.last <> w.ms""")
            rows += con.execute("SELECT coalesce(sum(n), 0)::BIGINT FROM got").fetchone()[0]
            total += con.execute("SELECT count(*) FROM diff").fetchone()[0]
            for event, subject, role, want, got, *rest in con.execute(f"FROM diff LIMIT {SHOWN}").fetchall():
                want, got = ([f"{c} {name}" for mask, (_, name) in zip(masks or [], world.resolutions)
                              for k, c in enumerate(world.categories) if mask >> k & 1] for masks in (want, got))
                examples.append(f"{purpose}, event {event}, {role} {subject}: rules give {want}, records {got}; {rest}")
        report.check(f"disclosures of {policy}", f"{rows:,} equal to the rules applied anew", examples, total)


def aggregate(world):
    """B. Every row of the tables of what is disclosed, from the disclosures: key -> value."""
    con, exposure, daily, first = world.con, {}, {}, {}
    splits = list(product([*world.jurisdictions, "all"], ["not_objecting", "objecting", "non_user", "all"]))
    dates = [world.start + datetime.timedelta(days=k) for k in range(world.days)]
    sizes = " + ".join(f"((f.mask >> {k}) & 1) * {size}" for k, size in enumerate(world.categories.values()))
    for purpose, policy in product([*world.purposes, "all"], world.policies):
        counts = bits(world.purposes if purpose == "all" else [purpose], world.purposes)  # the objections that count here
        population = f"CASE WHEN NOT is_user THEN 'non_user' WHEN (objected & {counts}) <> 0 THEN 'objecting' ELSE 'not_objecting' END"
        people = {(jur or "all", pop or "all"): n for jur, pop, n in con.execute(
            f"SELECT jurisdiction, {population} AS pop, count(*) FROM person GROUP BY CUBE (jurisdiction, pop)").fetchall()}
        con.execute(f"""CREATE OR REPLACE TEMP TABLE here AS
            SELECT f.purpose, f.event_id, e.day, {families.WAY} AS way, coalesce(e.ms >= s.gone_ms, false) AS after, f.subject, jurisdiction AS jur, {population} AS pop, f.mask, f.masks, {sizes} AS bytes
            FROM flow f JOIN event e USING (event_id) JOIN person s ON s.person_id = f.subject
            WHERE policy = ? AND (purpose = ? OR ? = 'all')""", [policy, purpose, purpose])
        sums = {(day, jur or "all", pop or "all"): figures for day, jur, pop, *figures in con.execute("""
            SELECT day, jur, pop, sum(bit_count(mask))::BIGINT, count(DISTINCT event_id), sum(bytes)::BIGINT,
                   count(DISTINCT subject)
            FROM here GROUP BY CUBE (day, jur, pop) HAVING count(*) > 0""").fetchall()}
        # How many people have which set of categories let out, and how many (event, subject) pairs.
        sets = con.execute("""SELECT jur, pop, mask, count(*) FROM
            (SELECT jur, pop, subject, bit_or(mask) AS mask FROM here GROUP BY ALL) GROUP BY ALL""").fetchall()
        pairs = con.execute("SELECT mask, count(*) FROM here GROUP BY ALL").fetchall()
        for jur, pop in splits:
            figures = dict(zip(COUNTED, sums.get((None, jur, pop), [0] * 4)))
            exposed, size = figures["people_exposed"], people.get((jur, pop), 0)
            depths = [(mask.bit_count(), n) for j, p, mask, n in sets if jur in (j, "all") and pop in (p, "all")]
            figures |= {"people": size, "coverage": exposed / world.people, "coverage_of_group": exposed / max(size, 1),
                        "depth_mean": sum(depth * n for depth, n in depths) / max(exposed, 1)}
            for k in range(1, len(world.categories) + 1) if jur == "all" else []:
                figures[f"people_at_depth_{k}"] = sum(n for depth, n in depths if depth == k)
            exposure |= {(policy, purpose, jur, pop, "all", metric): value for metric, value in figures.items()}
            for (day, date), (at, metric) in product(enumerate(dates), enumerate(COUNTED)):
                daily[date, policy, purpose, jur, pop, metric] = sums.get((day, jur, pop), [0] * 4)[at]
        for k, (category, size) in enumerate(world.categories.items()):
            key, values = (policy, purpose, "all", "all", category), sum(n for mask, n in pairs if mask >> k & 1)
            exposure |= {(*key, "disclosed_values"): values, (*key, "disclosed_bytes"): values * size,
                         (*key, "people_exposed"): sum(n for _, _, mask, n in sets if mask >> k & 1)}
        # Each resolution apart, if there is more than the exact one.
        for at, (_, name) in enumerate(world.resolutions if len(world.resolutions) > 1 else [], 1):
            flows = con.execute(f"SELECT jur, pop, masks[{at}] AS mask, count(*) FROM here GROUP BY ALL").fetchall()
            sets = con.execute(f"""SELECT jur, pop, mask, count(*) FROM
                (SELECT jur, pop, subject, bit_or(masks[{at}]) AS mask FROM here GROUP BY ALL) GROUP BY ALL""").fetchall()
            each_category = [("all", "all", k) for k in range(len(world.categories))]
            for jur, pop, k in [*((*split, None) for split in splits), *each_category]:
                counted = ~0 if k is None else 1 << k
                key = (policy, purpose, jur, pop, "all" if k is None else list(world.categories)[k])
                flow, person = ([((mask & counted), n) for j, p, mask, n in rows if jur in (j, "all") and pop in (p, "all")]
                                for rows in (flows, sets))
                exposure |= {(*key, f"disclosed_values_as_{name}"): sum(mask.bit_count() * n for mask, n in flow),
                             (*key, f"people_exposed_as_{name}"): sum(n for mask, n in person if mask)}
        known, soon = families.families(world, policy, purpose, people, population)
        exposure, first = exposure | known, first | soon
    return exposure, daily, first


def deadline(order):
    """The day from which an order must be obeyed: written as a day, or as a span after the notice."""
    if isinstance(order["deadline"], datetime.date):
        return order["deadline"]
    number, unit = order["deadline"].split()
    notice, unit = order["notice"], unit.rstrip("s")
    if unit in ("day", "week"):
        return notice + datetime.timedelta(days=int(number) * {"day": 1, "week": 7}[unit])
    months = notice.month - 1 + int(number) * {"month": 1, "year": 12}[unit]
    year, month = notice.year + months // 12, months % 12 + 1
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, month, min(notice.day, last))


def exceed(world):
    """B. Every row of the tables of what orders prohibit, from the disclosures: key -> value."""
    con, rows, daily = world.con, {}, {}
    dates = [world.start + datetime.timedelta(days=k) for k in range(world.days)]
    for order, policy in product(world.scenario.get("order", []), world.policies):
        ends, prohibited = (order["notice"], deadline(order)), [p for p in world.purposes if p in order["prohibits"]]
        phase_of = ["before_notice" if date < ends[0] else "grace" if date < ends[1] else "after_deadline" for date in dates]
        con.execute("CREATE OR REPLACE TEMP TABLE phase (day BIGINT, phase VARCHAR)")
        con.executemany("INSERT INTO phase VALUES (?, ?)", [[k, name] for k, name in enumerate(phase_of)])
        mask = bits(order.get("categories") or world.categories, world.categories)
        sizes = " + ".join(f"(((f.mask & {mask}) >> {k}) & 1) * {size}" for k, size in enumerate(world.categories.values()))
        whole = con.execute("SELECT coalesce(sum(bit_count(mask)), 0)::BIGINT FROM flow WHERE policy = ?", [policy]).fetchone()[0]
        for purpose in [*prohibited, "all"]:
            counts = bits(prohibited if purpose == "all" else [purpose], world.purposes)
            # In rows of all purposes the objection to any counts, prohibited or not.
            counts = bits(world.purposes, world.purposes) if purpose == "all" else counts
            population = f"CASE WHEN NOT is_user THEN 'non_user' WHEN (objected & {counts}) <> 0 THEN 'objecting' ELSE 'not_objecting' END"
            sums = {(phase or "all", day, pop or "all"): figures for phase, day, pop, *figures in con.execute(f"""
                SELECT phase, day, pop, sum(n)::BIGINT, sum(bytes)::BIGINT, count(DISTINCT subject), count(DISTINCT (subject, day)) FROM (
                    SELECT phase, e.day, f.subject, {population} AS pop, bit_count(f.mask & {mask}) AS n, {sizes} AS bytes
                    FROM flow f JOIN event e USING (event_id) JOIN phase USING (day) JOIN person s ON s.person_id = f.subject
                    WHERE policy = ? AND {within("purpose", prohibited if purpose == "all" else [purpose])} AND f.mask & {mask} <> 0
                      AND {within("s.jurisdiction", order["jurisdictions"])})
                GROUP BY GROUPING SETS ((phase, pop), (phase), (pop), (), (phase, day, pop), (phase, day)) HAVING count(*) > 0""",
                [policy]).fetchall()}
            for phase, pop in product(["before_notice", "grace", "after_deadline", "all"], ["not_objecting", "objecting", "non_user", "all"]):
                key, figures = (order["id"], policy, purpose, pop, phase), sums.get((phase, None, pop), [0] * 4)
                rows |= {(*key, metric): n for metric, n in zip(["disclosed_values", "disclosed_bytes", "people_exposed", "person_days"],
                                                                figures)}
                if (purpose, pop) == ("all", "all"):
                    rows[*key, "share_of_disclosed"] = figures[0] / max(whole, 1)
                    rows[*key, "days"] = world.days if phase == "all" else phase_of.count(phase)
                for k, date in enumerate(dates if phase != "all" else []):
                    if phase_of[k] == phase:
                        of_day = zip(["disclosed_values", "disclosed_bytes", "people_exposed"], sums.get((phase, k, pop), [0] * 4))
                        daily |= {(date, order["id"], policy, purpose, pop, phase, metric): n for metric, n in of_day}
    return rows, daily


SPLITS = ("order", "policy", "purpose", "jurisdiction", "population", "phase", "category")


def check_beside(run, con, baseline, manifest, report):
    """`replicates` of the one world is `exposure`; `differences` are those of its rows, policy against baseline."""
    read = lambda name: con.from_parquet(str(run / "tables" / f"{name}.parquet"))
    keys = "purpose, jurisdiction, population, category, metric, unit"
    exposure, replicates, differences = read("exposure"), read("replicates"), read("differences")
    wrong = con.sql(f"""(SELECT policy, {keys}, value FROM exposure EXCEPT SELECT policy, {keys}, value FROM replicates
        WHERE replicate = 0 AND seed = {manifest['seed']}) LIMIT {SHOWN}""").fetchall()
    rows = con.sql("SELECT count(*) FROM replicates").fetchone()[0]
    wrong += [("rows", rows)] * (rows != con.sql("SELECT count(*) FROM exposure").fetchone()[0])
    report.check("replicates", f"{rows:,} rows, those of exposure", [str(row) for row in wrong])
    wrong = con.sql(f"""
        WITH want AS (SELECT p.policy, b.policy AS baseline, {', '.join('p.' + k for k in keys.split(', '))}, p.value - b.value AS absolute,
            CASE WHEN b.value <> 0 THEN 100 * (p.value - b.value) / b.value END AS percent
            FROM exposure p JOIN exposure b USING ({keys}) WHERE b.policy = '{baseline}' AND p.policy <> '{baseline}')
        SELECT * FROM want FULL JOIN differences d USING (policy, baseline, {keys})
        WHERE (abs(want.absolute - d.absolute) <= 1e-9 * abs(want.absolute) AND d.lo IS NULL AND d.hi IS NULL AND d.replicates = 1
            AND (want.percent IS NULL AND d.percent IS NULL OR abs(want.percent - d.percent) <= 1e-9 * abs(want.percent))) IS NOT TRUE
        LIMIT {SHOWN}""").fetchall()
    rows = con.sql("SELECT count(*) FROM differences").fetchone()[0]
    report.check("differences", f"{rows:,} rows, against {baseline}", [str(row) for row in wrong])


def check_table(name, run, con, want, manifest, report):
    """A table of the run against the figures recomputed, its CSV file against its Parquet file."""
    table = con.from_parquet(str(run / "tables" / f"{name}.parquet"))
    header, rows = table.columns, table.fetchall()
    figures = ("split", "value", "lo", "hi", "replicates", "unit", "scenario", "run")
    dimensions = [k for k, column in enumerate(header) if column not in figures]
    value_at = header.index("value")
    got = {tuple(row[k] for k in dimensions): row[value_at] for row in rows}
    wrong = [f"missing {key}" for key in want.keys() - got.keys()] + [f"unexpected {key}" for key in got.keys() - want.keys()]
    if len({len(rows), len(got), manifest["rows"][name]}) > 1:
        wrong.append(f"{len(rows)} rows, {len(got)} keys, manifest has {manifest['rows'][name]}")
    for key in want.keys() & got.keys():
        if not math.isclose(want[key], got[key], rel_tol=0 if isinstance(want[key], int) else 1e-12):
            wrong.append(f"{key}: recomputed {want[key]}, table has {got[key]}")
    for row in (dict(zip(header, row)) for row in rows):
        if "unit" in header and row["unit"] != UNITS.get(row["metric"].split("_as_")[0], "people"):
            wrong.append(f"unit of {row}")
        if [row["replicates"], row["lo"], row["hi"], row["scenario"], row["run"]] != [1, None, None, manifest["scenario"], manifest["run"]]:
            wrong.append(f"replicates, interval or run of {row}")
        by = [column for column in header if column in SPLITS and row[column] != "all"]
        if row["split"] != ",".join(by):
            wrong.append(f"split of {row}: {by}")
    report.check(name, f"{len(rows):,} rows equal", sorted(wrong))

    lines = list(csv.reader((run / "tables" / f"{name}.csv").read_text().splitlines()))
    wrong = [f"{len(lines)} lines, header {lines[0]}"] * (len(lines) != len(rows) + 1 or lines[0] != header)
    for row, line in zip(rows, lines[1:]):
        value, text = row[value_at], line[value_at]
        others = ["" if cell is None else str(cell) for cell in row[:value_at] + row[value_at + 1:]]
        if float(text) != value or not (text.lstrip('-').isdigit() or value % 1) or line[:value_at] + line[value_at + 1:] != others:
            wrong.append(f"{line} is not {row}")
    report.check(f"{name}.csv", f"{len(rows):,} rows equal to the Parquet file", wrong)


def check_manifest(world, manifest, report):
    kinds = {kind["id"]: 0 for kind in world.scenario["kind"]}
    kinds |= dict(world.con.execute("SELECT kind, count(*) FROM event GROUP BY ALL").fetchall())
    delivered = world.con.execute("SELECT coalesce(sum(len(counterparties)), 0)::BIGINT FROM event "
                                  f"WHERE {within('kind', PAIR_MESSAGES + GROUP_MESSAGES)}").fetchone()[0]
    people, users = world.con.execute("SELECT count(*), count(*) FILTER (is_user) FROM people").fetchone()
    given, total = world.scenario["scenario"], sum(kinds.values())
    want = {"events": total, "events_by_kind": kinds, "delivered": delivered, "people": people, "users": users,
            "days": given["days"], "start": str(given["start"]), "seed": given["seed"], "scenario": given["name"]}
    wrong = [f"{key}: recomputed {value}, manifest has {manifest[key]}" for key, value in want.items() if manifest[key] != value]
    report.check("manifest", f"{total:,} events, {delivered:,} delivered, {people:,} people, {users:,} users", wrong)


def check_laws(world, report):
    """C. Laws of the records: a name, what holds, and a query for the records that break it."""
    con, given = world.con, world.scenario
    people, events, parts, contacts = (con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                                       for table in ["person", "event", "part", "address_books"])
    pair, group = within("kind", [*PAIR_MESSAGES, "call"]), within("kind", GROUP_MESSAGES)
    alone = within("kind", ["device_checkin", "registration", "profile_update", "group_join"])
    everybody = "list_sort(list_append(counterparties, actor))"
    minors = within("age_band", [band["id"] for band in given["age_band"] if band["minor"]])
    # Who must leave, and the first and the last day on which somebody does.
    leave = world.uninstall or {"purposes": [], "from": world.start, "within_days": {"value": 1}}
    first, last = leave["from"], leave["from"] + datetime.timedelta(days=int(leave["within_days"]["value"]) - 1)
    must_leave = f"(is_user AND (objected & {bits(leave['purposes'], world.purposes)}) <> 0)"
    leavers, gone = con.execute(f"SELECT count(left_on), count(*) FILTER (gone_ms < {midnight_ms(world.start)} + "
                                f"{world.days * 86_400_000}) FROM person").fetchone()
    systems = within("jurisdiction || '/' || os", [f"{code}/{os}" for code, j in world.jurisdictions.items() for os in j["os"]])
    for name, fine, query in [
        ("ids", f"{people:,} people and {events:,} events, each its own",
         "SELECT person_id AS id, count(*) AS n FROM people GROUP BY ALL HAVING n > 1 UNION ALL "
         "SELECT event_id, count(*) AS n FROM event GROUP BY ALL HAVING n > 1"),
        ("actors", "all users",
         "SELECT event_id, kind, actor FROM event ANTI JOIN (FROM person WHERE is_user) ON person_id = actor"),
        ("counterparties", f"{parts - events:,}, known, distinct, never the actor; of messages and calls all users",
         "SELECT event_id, kind, counterparties FROM event WHERE counterparties IS NULL OR "
         "list_contains(counterparties, actor) OR len(list_distinct(counterparties)) <> len(counterparties) UNION ALL "
         "SELECT event_id, kind, [subject] FROM part LEFT JOIN person ON person_id = subject "
         f"WHERE is_user IS NULL OR (NOT is_user AND ({pair} OR {group}))"),
        ("kinds", "one counterparty of a pair event, some of a group's, none of those alone",
         f"SELECT event_id, kind, counterparties FROM event WHERE CASE WHEN {pair} THEN len(counterparties) <> 1 OR group_id "
         f"IS NOT NULL WHEN {group} THEN len(counterparties) = 0 OR group_id IS NULL WHEN {alone} THEN len(counterparties) > 0 "
         "ELSE kind <> 'contact_sync' END"),
        ("groups", "actor and counterparties are the same people in all events of a group, less those who left",
         f"WITH said AS (SELECT event_id, group_id, ms, {everybody} AS members FROM event WHERE {group}), "
         "member AS (SELECT group_id, gone_ms FROM (SELECT DISTINCT group_id, unnest(members) AS person_id FROM said) "
         "JOIN person USING (person_id)) "
         "SELECT event_id, group_id, len(members) AS n, count(*) FILTER (gone_ms IS NULL OR ms < gone_ms) AS expected "
         "FROM said JOIN member USING (group_id) GROUP BY event_id, group_id, n HAVING n <> expected"),
        ("conversations", "those of pair events are between two people, the others in one group",
         f"SELECT conversation_id, count(DISTINCT if({pair}, {everybody}, [group_id])) AS n FROM event "
         f"WHERE conversation_id IS NOT NULL GROUP BY ALL HAVING n > 1 OR NOT bool_and({pair} OR {group})"),
        ("address books", f"{contacts:,} entries, each once, of users, about known others",
         "SELECT owner, contact, count(*) AS n FROM address_books GROUP BY ALL HAVING n > 1 OR owner = contact UNION ALL "
         "SELECT owner, contact, 1 FROM address_books LEFT JOIN person o ON o.person_id = owner "
         "LEFT JOIN person c ON c.person_id = contact WHERE o.is_user IS NOT TRUE OR c.person_id IS NULL"),
        ("contact_sync", "counterparties are the address book of the actor",
         "WITH book AS (SELECT owner, list(contact ORDER BY contact) AS book FROM address_books GROUP BY ALL) "
         "SELECT event_id, actor, len(counterparties), len(book) FROM event LEFT JOIN book ON owner = actor "
         "WHERE kind = 'contact_sync' AND list_sort(counterparties) IS DISTINCT FROM coalesce(book, [])"),
        ("times", f"inside {world.days} days from {world.start}",
         f"SELECT event_id, ms FROM event WHERE (ms >= {midnight_ms(world.start)} AND day < {world.days}) IS NOT TRUE"),
        ("people", "attitude in [0, 1), minor as the age band, jurisdiction and system of the scenario",
         "SELECT person_id, attitude, minor, age_band, jurisdiction, os FROM person "
         f"WHERE (attitude >= 0 AND attitude < 1 AND minor = {minors} AND {systems}) IS NOT TRUE"),
        ("leaving", f"{leavers:,} leave, {gone:,} of them before the end: whoever objects, from {first} to {last}"
         if world.uninstall else "nobody, as the scenario says",
         "SELECT person_id, is_user, objected, left_on FROM person "
         f"WHERE (left_on IS NOT NULL) <> {must_leave} OR NOT left_on BETWEEN '{first}' AND '{last}'"),
        ("gone", "who left neither acts nor hears from anybody; only uploads of address books are about them",
         "SELECT kind, role, subject, left_on, ms FROM part JOIN person ON person_id = subject "
         "WHERE ms >= gone_ms AND NOT (role = 'counterparty' AND kind = 'contact_sync')"),
        ("communities", "at most 65,536 people, numbered without gaps; one jurisdiction each",
         "SELECT community, count(*) AS n FROM person GROUP BY community HAVING n > 65536 OR count(DISTINCT jurisdiction) > 1 "
         "UNION ALL SELECT max(community), count(DISTINCT community) FROM person "
         "HAVING max(community) + 1 <> count(DISTINCT community)"),
        ("ids of people", "0 to people - 1, each once",
         "SELECT min(person_id), max(person_id), count(DISTINCT person_id), count(*) AS n FROM person "
         f"HAVING n <> {world.people} OR min(person_id) <> 0 OR max(person_id) <> n - 1 OR count(DISTINCT person_id) <> n"),
        ("ids of events", "number the events of a community by time",
         "SELECT event_id, actor, before FROM (SELECT *, lag(ms, 1, 0) OVER (PARTITION BY event_id >> 40 ORDER BY event_id) AS "
         "before, lag(event_id) OVER (PARTITION BY event_id >> 40 ORDER BY event_id) AS last FROM event) JOIN person ON person_id "
         "= actor WHERE event_id >> 40 <> community OR ms < before OR event_id <> coalesce(last + 1, community::UBIGINT << 40)"),
        *world.orders(),
    ]:
        rows = con.execute(f"SELECT * FROM ({query}) LIMIT {SHOWN}").fetchall()
        total = con.execute(f"SELECT count(*) FROM ({query})").fetchone()[0] if rows else 0
        report.check(name, fine, [str(row) for row in rows], total)

    check_ids(world, report)

    # Sizes of jurisdictions by largest remainder, users by rounding; a tie may go either way.
    wrong, up, down = [], [], []
    got = {code: (n, users) for code, n, users in con.execute(
        "SELECT jurisdiction, count(*), count(*) FILTER (is_user) FROM person GROUP BY ALL").fetchall()}
    for code, j in world.jurisdictions.items():
        (n, users), exact = got.get(code, (0, 0)), world.people * j["share"]
        if abs(n - exact) > 1 + 1e-6 or abs(users - n * j["users"]) > 0.5 + 1e-9:
            wrong.append(f"{code}: {n} people, {users} users; its shares give {exact} and {n * j['users']}")
        (up if n > exact else down).append((exact % 1, code))
    if up and down and min(up)[0] < max(down)[0] - 1e-6 and min(up)[0] > 1e-6:
        wrong.append(f"{min(up)} was rounded up before {max(down)}")
    report.check("shares", ", ".join(f"{code} {n:,} ({users:,} users)" for code, (n, users) in sorted(got.items())), wrong)


def check_ids(world, report):
    """Ids say neither who uses the service nor who knows whom: correlations are those of a random permutation, by 6 standard
    deviations (one in a thousand million). Ids are brought to mean 0 and variance 1."""
    n = world.people
    if n < 3:
        return
    place = f"((id - {(n - 1) / 2}) / {math.sqrt((n * n - 1) / 12)})"
    users, mean = world.con.execute(
        f"SELECT count(*), coalesce(avg({place}), 0) FROM (SELECT person_id::DOUBLE AS id FROM person WHERE is_user)").fetchone()
    deviation = math.sqrt((n - users) / max(users, 1) / (n - 1))
    wrong = [f"users have mean {mean}, deviation {deviation}"] * (abs(mean) > 6 * deviation + 1e-9)
    # Of pairs that stand in a list in either direction, each once.
    for what, table in [("contacts", "address_books"), ("people who act on each other",
                        "(SELECT DISTINCT actor AS owner, unnest(counterparties) AS contact FROM event)")]:
        pairs, sum_ = world.con.execute(
            f"WITH pair AS (SELECT DISTINCT least(owner, contact)::DOUBLE AS a, greatest(owner, contact)::DOUBLE AS b FROM {table}) "
            f"SELECT count(*), coalesce(sum({place.replace('id', 'a', 1)} * {place.replace('id', 'b', 1)}), 0) FROM pair").fetchone()
        # Drawn without replacement, two are a little on either side of each other: -1 / (n - 1).
        r, limit = sum_ / max(pairs, 1), 6 / math.sqrt(max(pairs, 1)) + 8 / n
        wrong += [f"ids of {what} correlate: {r}, limit {limit}"] * (abs(r) > limit)
    report.check("ids tell nothing", "neither who uses the service nor who knows whom", wrong)


def outflow(*words):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print(f"{' '.join(map(str, words))}\nexit code {done.returncode}: {done.stderr.strip()}", file=sys.stderr)
        raise SystemExit(2)


def compare(export, run, database=":memory:", threads=1):
    """Recomputes a run from an export of the same world, in a database of its own: that of a small world fits in memory."""
    con = duckdb.connect(str(database))
    con.execute(f"SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET memory_limit = '4GB'; SET threads = {threads}")
    report, world, manifest = Report(), World(export, con), json.loads((run / "manifest.json").read_text())
    resolved = {(folder / "scenario.resolved.toml").read_bytes() for folder in (run, export)}
    report.check("scenario.resolved.toml", "the same in run and export", ["not the same"] * (len(resolved) - 1))
    check_laws(world, report)
    check_disclosures(world, report)
    for name, want in zip(["exposure", "daily", "first_exposure"], aggregate(world)):
        check_table(name, run, con, want, manifest, report)
    for name, want in zip(["exceedance", "exceedance_daily"], exceed(world) if world.scenario.get("order") else []):
        check_table(name, run, con, want, manifest, report)
    check_beside(run, con, world.scenario["scenario"].get("baseline", next(iter(world.policies), "")), manifest, report)
    check_manifest(world, manifest, report)
    con.close()
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outflow", type=Path, default=ROOT / "target" / "release" / "outflow", help="the program")
    parser.add_argument("--scenario", type=Path, default=ROOT / "scenarios" / "cnil-2017.toml")
    for name, default in [("people", 3000), ("days", 4), ("seed", None)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    args = parser.parse_args()
    options = ["--people", args.people, "--days", args.days, "--set", "scenario.replicates=1", *(word for change in args.set for word in ("--set", change))]
    options += [] if args.seed is None else ["--seed", args.seed]
    with tempfile.TemporaryDirectory(prefix="recompute-") as scratch:
        export, run = Path(scratch) / "export", Path(scratch) / "run"
        outflow(args.outflow, "export", args.scenario, *options, "--to", export)
        outflow(args.outflow, "run", args.scenario, *options, "--output", run, "--quiet", "--threads", 2)
        report = compare(export, run, Path(scratch) / "scratch.db", os.cpu_count())
    print(f"{report.failed} checks failed" if report.failed else "all checks fine")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
