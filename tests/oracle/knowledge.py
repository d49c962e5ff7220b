#!/usr/bin/env python3
"""`tables/knowledge`, computed again by DuckDB and numpy from the records of the same world.

    pip install 'duckdb==1.*' 'numpy==2.*' pycanon scikit-learn statsmodels
    tests/oracle/knowledge.py --outflow target/debug/outflow

Runs small worlds with all families of [exposure] metrics over all their communities, exports them, and computes from people, events, address books and disclosures, by what docs/FORMAT.md says: informants
(histogram, by way), ties seen and degrees, people linked to accounts by number and by hashes, how long pseudonyms can be followed, classes of people and the three risks, unique neighbourhoods, leakage and mutual information, guesses
from contacts, and whose clock can be told from times of use. Classes go through pycanon, mutual information through scikit-learn, intervals through statsmodels besides.
Counts must be equal, ratios to 10^-12. What is drawn at random (pairs of the link prediction, hashes that are tried, contacts in others' places, people's clocks) must lie where theory has it.
"""

import argparse
import collections
import csv
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import tomllib

import duckdb
import numpy
import pandas
import pycanon.anonymity
import sklearn.metrics
import statsmodels.stats.proportion

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOLD_BY = {
    "jurisdiction": {"pd:TelephoneNumber", "pd:Country"},
    "os": {"pd:DeviceOperatingSystem"},
    "age_band": {"pd:Age", "pd:AgeRange", "pd:AgeExact", "pd:BirthDate"},
    "contacts": {"pd:SocialNetwork"},
    "days_active": {"pd:ServiceConsumptionBehaviour"},
    "os_version": {"pd:DeviceOperatingSystem"},
}
# What a scenario names categories for.
TOLD_BY_CATEGORY = {"mobile_network": "network_codes", "hours_of_use": "times_of_use"}
WAYS = {"contact_sync": "address_books", "call": "calls"}
MORE = """
[exposure]
metrics = ["informants", "graph", "linking", "singling_out", "leakage", "inference", "presence"]
sample = 1000
quasi_identifiers = ["jurisdiction", "os", "age_band", "contacts", "days_active", "os_version", "mobile_network", "hours_of_use"]
"""
# Somebody tells only if they agree: neither everybody nor nobody is silent.
AGREEING = """
[[policy]]
id = "agreeing"
title = "What people do who agree"
source = "a test"
[[policy.rule]]
effect = "permit"
choice = "agrees"
choice_of = "actor"

[[policy]]
id = "hashed"
title = "Numbers as hashes, and not of everybody"
source = "a test"
[[policy.rule]]
effect = "permit"
as = { hash_bits = 30 }
[[policy.rule]]
effect = "permit"
choice = "agrees"
choice_of = "subject"
as = { hash_bits = 24 }
[[policy.rule]]
effect = "permit"
categories = ["os_version", "last_seen"]

[[policy]]
id = "rounded"
title = "Times to the day, and of those who agree to the hour"
source = "a test"
[[policy.rule]]
effect = "permit"
categories = ["last_seen"]
as = { round = "day" }
[[policy.rule]]
effect = "permit"
choice = "agrees"
categories = ["last_seen"]
as = { round = "hour" }
[[policy.rule]]
effect = "permit"
categories = ["mobile_network"]
[[policy.rule]]
effect = "permit"
categories = ["phone_number"]
purposes = ["security"]
"""
failures = []
compared = 0


def run(outflow, *args):
    done = subprocess.run([outflow, *args], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"outflow {' '.join(args)} ended with {done.returncode}\n{done.stderr}")
    return done.stdout


def way(kind):
    return WAYS.get(kind, "groups" if kind.startswith("group_") else "messages")


class World:
    """What the records of an export say."""

    def __init__(self, folder):
        db = duckdb.connect()
        self.scenario = tomllib.loads((folder / "scenario.resolved.toml").read_text())
        table = lambda name: f"'{folder / name}.parquet'"
        # Devices are in the records if people are to be told apart by them.
        exposure = self.scenario["exposure"]
        asked = exposure["quasi_identifiers"] if "singling_out" in exposure["metrics"] else []
        devices = "os || ' ' || os_version, mobile_network" if {"os_version", "mobile_network"}.intersection(asked) else "NULL, NULL"
        rows = db.sql(f"SELECT person_id, community, jurisdiction, is_user, has_parent_account, attitude, os, age_band, {devices} FROM {table('people')}").fetchall()
        self.people = {r[0]: dict(zip(["community", "jurisdiction", "user", "account", "attitude", "os", "age_band", "os_version", "mobile_network"], r[1:])) for r in rows}
        self.books = db.sql(f"SELECT owner, contact FROM {table('address_books')}").fetchall()
        self.spoke = db.sql(f"SELECT DISTINCT actor, unnest(counterparties) FROM {table('events')}").fetchall()
        active = db.sql(f"SELECT actor, count(DISTINCT time::DATE) FROM {table('events')} GROUP BY ALL").fetchall()
        listed = collections.Counter(contact for owner, contact in self.books if self.near(owner, contact))
        for person in self.people.values():
            person["days_active"], person["contacts"] = 0, 0
        for person, days in active:
            self.people[person]["days_active"] = days
        self.hours_of_use(db, table("events"))
        for person, n in listed.items():
            self.people[person]["contacts"] = n.bit_length()
        flows = f"(SELECT d.*, e.actor, e.kind FROM {table('disclosures')} d JOIN {table('events')} e USING (event_id) WHERE resolution NOT LIKE 'aggregate%')"
        db.sql(f"CREATE TABLE told AS SELECT DISTINCT policy, purpose, subject, actor, kind FROM {flows} WHERE role = 'counterparty' AND subject <> actor")
        db.sql(f"CREATE TABLE held AS SELECT DISTINCT policy, purpose, subject, role, category, resolution FROM {flows}")
        db.sql(f"CREATE TABLE let_out AS SELECT DISTINCT policy, purpose, subject, role, category, resolution, d.time::DATE AS day, floor(epoch_ms(d.time) / 1800000)::BIGINT AS half_hour FROM {table('disclosures')} d WHERE resolution NOT LIKE 'aggregate%'")
        self.db = db
        self.rates = {j["code"]: j["objects"] for j in self.scenario["jurisdiction"]}
        self.agrees = {j["code"]: j["agrees"] for j in self.scenario["jurisdiction"]}
        self.bands = [band["id"] for band in self.scenario["age_band"]]
        self.systems = sorted({name for j in self.scenario["jurisdiction"] for name in j["os"]})
        self.dpv = {c["id"]: c["dpv"] for c in self.scenario["category"]}
        self.ties = {self.tie(*pair) for pair in [*self.books, *self.spoke] if self.near(*pair)}

    def hours_of_use(self, db, events):
        """Four hours of the day in which a person did something in most half hours, from 1, the first of equals."""
        counts = collections.defaultdict(lambda: [0] * 6)
        for actor, half_hour in db.sql(f"SELECT DISTINCT actor, floor(epoch_ms(time) / 1800000)::BIGINT FROM {events}").fetchall():
            counts[actor][half_hour % 48 // 8] += 1
        for person, who in self.people.items():
            most = max(counts[person]) if person in counts else 0
            who["hours_of_use"] = counts[person].index(most) + 1 if most else 0

    def rows(self, what, cell):
        """Rows of a table under a policy, for a purpose or all."""
        columns = {"told": "subject, actor, kind", "held": "subject, role, category, resolution"}[what]
        return self.db.execute(f"SELECT DISTINCT {columns} FROM {what} WHERE policy = ? AND ? IN ('all', purpose)", cell).fetchall()

    def near(self, a, b):
        return a != b and self.people[a]["community"] == self.people[b]["community"]

    @staticmethod
    def tie(a, b):
        return (a, b) if a < b else (b, a)

    def attribute(self, person, name, purpose):
        """The value of an attribute, as a number: of equally frequent ones the least is guessed."""
        who = self.people[person]
        if name == "age_band":
            return self.bands.index(who["age_band"])
        if name == "os":
            return self.systems.index(who["os"])
        if name == "parent_account":
            return int(who["account"])
        if not who["user"]:
            return 0
        place, attitude = who["jurisdiction"], who["attitude"]
        purposes = list(self.rates[place]) if purpose == "all" else [purpose]
        objects = [attitude < self.rates[place][p] for p in purposes]
        agrees = [not o and attitude >= 1 - self.agrees[place][p] for p, o in zip(purposes, objects)]
        return 1 if any(objects) else 2 if any(agrees) else 0

    def population(self, person, purpose):
        who = self.people[person]
        if not who["user"]:
            return "non_user"
        rates = self.rates[who["jurisdiction"]]
        rates = rates.values() if purpose == "all" else [rates[purpose]]
        return "objecting" if any(who["attitude"] < rate for rate in rates) else "not_objecting"


def informants(world, cell, people, figure):
    who, by = collections.defaultdict(set), collections.defaultdict(set)
    for subject, actor, kind in world.rows("told", cell):
        who[subject].add(actor)
        by[subject, way(kind)].add(actor)
    for population, members in people.items():
        numbers = numpy.array([len(who[person]) for person in members])
        n = len(members)
        figure(population, "people", "", n)
        figure(population, "links", "", numbers.sum())
        figure(population, "people_told_of", "", (numbers > 0).sum() / n if n else 0)
        figure(population, "informants", "mean", numbers.sum() / n if n else 0)
        figure(population, "informants", "max", numbers.max() if n else 0)
        for name, q in [("median", 0.5), ("p90", 0.9), ("p99", 0.99)]:
            figure(population, "informants", name, numpy.quantile(numbers, q, method="inverted_cdf") if n else 0)
        for least, most in [(0, 0)] + [(1 << p, (2 << p) - 1) for p in range(20)]:
            name = str(least) if least == most else f"{least}-{most}"
            figure(population, "people_by_informants", name, ((numbers >= least) & (numbers <= most)).sum())
        for name in ["address_books", "messages", "groups", "calls"]:
            numbers = numpy.array([len(by[person, name]) for person in members])
            figure(population, "people_told_of_by_way", name, (numbers > 0).sum() / n if n else 0)
            figure(population, "informants_by_way", name, numbers.sum() / n if n else 0)


def seen_ties(world, cell):
    return {world.tie(subject, actor) for subject, actor, _ in world.rows("told", cell) if world.near(subject, actor)}


def tie_prediction(world, seen, silent):
    """Areas under the curve of all hidden ties between silent people against all pairs of them that are no ties, by scikit-learn: the mean over communities."""
    communities = collections.defaultdict(list)
    for person, who in world.people.items():
        communities[who["community"]].append(person)
    areas = []
    for members in communities.values():
        place = {person: i for i, person in enumerate(members)}
        tied, near = numpy.zeros((2, len(members), len(members)))
        for matrix, ties in [(tied, world.ties), (near, seen)]:
            for a, b in ties:
                if a in place:
                    matrix[place[a], place[b]] = matrix[place[b], place[a]] = 1
        quiet = [place[person] for person in members if person in silent]
        rows, columns = (numpy.array(quiet, dtype=int)[i] for i in numpy.triu_indices(len(quiet), 1))
        kept = near[rows, columns] == 0
        rows, columns = rows[kept], columns[kept]
        labels = tied[rows, columns]
        if 0 < labels.sum() < len(labels):
            degree = numpy.maximum(near.sum(axis=0), 2)
            weights = [numpy.ones(len(members)), 1 / numpy.log(degree), 1 / degree]
            areas.append([sklearn.metrics.roc_auc_score(labels, numpy.round((near * weight @ near)[rows, columns], 9)) for weight in weights])
    return numpy.mean(areas, axis=0) if areas else None


def graph(world, cell, people, figure, near):
    seen = seen_ties(world, cell)
    acted = {subject for subject, role, _, _ in world.rows("held", cell) if role == "actor"}
    silent = {tie for tie in world.ties if not acted.intersection(tie)}
    for name, ties in [("", world.ties), ("between_silent", silent)]:
        figure("all", "ties", name, len(ties))
        figure("all", "ties_seen", name, len(ties & seen))
        figure("all", "share_of_ties_seen", name, len(ties & seen) / len(ties) if ties else 0)
    areas = tie_prediction(world, seen, set(world.people) - acted)
    for name, area in zip(["common_neighbours", "adamic_adar", "resource_allocation"], areas if areas is not None else []):
        near("all", "tie_prediction_auc", name, area, AUC_ERROR, "graph")
    degree = {name: collections.Counter(person for tie in ties for person in tie) for name, ties in [("true", world.ties), ("seen", seen)]}
    for population, members in people.items():
        for name in ["true", "seen"]:
            figure(population, "degree", name, sum(degree[name][person] for person in members) / len(members) if members else 0)
        shares = [degree["seen"][person] / degree["true"][person] for person in members if degree["true"][person]]
        figure(population, "degree_share_seen", "mean", numpy.mean(shares) if shares else 0)


# Five standard errors of two thousand comparisons, each of which is won, lost or drawn.
AUC_ERROR = 5 * 0.5 / math.sqrt(2000)


def told_apart(numbers, bits):
    rate = numbers / 2**bits
    return -math.expm1(-rate) / rate


KEYS = {
    "stable": lambda day: 0,
    "month": lambda day: (day.year, day.month),
    "week": lambda day: day.isocalendar()[:2],
    "day": lambda day: day,
}


def split(days, key):
    """Days by the key that was in use, as numbers."""
    by_key = collections.defaultdict(list)
    for day in days:
        by_key[key(day)].append(day.toordinal())
    return by_key.values()


def linking(world, cell, people, figure, near):
    telling = [id for id, dpv in world.dpv.items() if dpv == "pd:TelephoneNumber"]
    days = collections.defaultdict(set)
    for subject, day in world.db.execute("SELECT DISTINCT subject, day FROM let_out WHERE policy = ? AND ? IN ('all', purpose) AND list_contains(?, category)", [*cell, telling]).fetchall():
        days[subject].add(day)
    numbers = world.scenario["exposure"]["phone_numbers"]["value"]
    held = collections.defaultdict(set)
    for subject, _, category, resolution in world.rows("held", cell):
        if world.dpv[category] == "pd:TelephoneNumber":
            held[subject].add(resolution)
    for population, members in people.items():
        account = [person for person in members if world.people[person]["account"]]
        known, linked = 0, 0.0
        for person in account:
            bits = [int(r.removeprefix("hash_bits_")) for r in held[person] if r.startswith("hash_bits_")]
            if "exact" in held[person]:
                known, linked = known + 1, linked + 1
            elif bits:
                known, linked = known + 1, linked + told_apart(numbers, max(bits))
        n = max(len(members), 1)
        followed = [person for person in members if person in days]
        figure(population, "people_with_number", "", len(followed))
        for name, key in KEYS.items():
            longest = [max(max(of) - min(of) + 1 for of in split(days[person], key)) for person in followed]
            figure(population, "followed_days", f"key={name}", sum(longest) / len(longest) if longest else 0)
        figure(population, "people", "", len(members))
        figure(population, "people_with_parent_account", "", len(account))
        figure(population, "people_with_account_and_number", "", sum(1 for person in account if held[person]))
        figure(population, "linked_share", "as_let_out", linked / n)
        figure(population, "linked_share", "exact", known / n)
        for bits in range(20, 49):
            figure(population, "linked_share", f"bits={bits}", known / n * told_apart(numbers, bits))
            # Of so many, drawn at random.
            near(population, "linked_share_tried", f"bits={bits}", known / n * told_apart(numbers, bits), 5 * 0.5 * math.sqrt(known) / n)


def singling_out(world, cell, people, figure):
    asked = world.scenario["exposure"]["quasi_identifiers"]
    names = [name for name in [*TOLD_BY, *TOLD_BY_CATEGORY] if name in asked]
    tells = lambda category, name: world.dpv[category] in TOLD_BY[name] if name in TOLD_BY else category in world.scenario["exposure"][TOLD_BY_CATEGORY[name]]
    held = collections.defaultdict(set)
    for subject, _, category, resolution in world.rows("held", cell):
        if resolution == "exact" or resolution.startswith("round_"):
            held[subject].update(name for name in names if tells(category, name))
    degree, contacts = collections.Counter(), collections.defaultdict(list)
    for a, b in seen_ties(world, cell):
        contacts[a].append(b)
        contacts[b].append(a)
    shape = {person: tuple(sorted(len(contacts[other]) for other in of)) for person, of in list(contacts.items())}
    alike = collections.Counter(shape.values())
    for population, members in people.items():
        count = [name for name in names if any(name in held[person] for person in members)]
        value = lambda person: tuple(world.people[person][name] for name in count)
        inside = [person for person in members if count and held[person].issuperset(count)]
        classes = collections.Counter(map(value, inside))
        whole = collections.Counter(map(value, members))
        n = len(inside)
        sizes = numpy.array([classes[key] for key in classes], dtype=float)
        of_all = numpy.array([whole[key] for key in classes], dtype=float)
        share = lambda x: float(x) / n if n else 0.0
        figure(population, "attributes_held", "", len(count))
        figure(population, "people_in_classes", "", n)
        figure(population, "people_in_no_class", "", sum(1 for person in members if held[person]) - n)
        figure(population, "classes", "", len(classes))
        figure(population, "smallest_class", "", min(classes.values(), default=0))
        if inside:
            table = pandas.DataFrame([dict(zip(count, value(person))) for person in inside])
            figure(population, "smallest_class", "", pycanon.anonymity.k_anonymity(table, count))
        figure(population, "unique_share", "", share(sizes[sizes == 1].sum()))
        for k in [3, 5, 11, 20]:
            figure(population, "share_in_classes_below", f"k={k}", share(sizes[sizes < k].sum()))
        marketer = share((sizes / of_all).sum()) if n else 0.0
        figure(population, "risk", "prosecutor", share(len(classes)))
        figure(population, "risk", "journalist", max(len(classes) / of_all.sum(), marketer) if n else 0.0)
        figure(population, "risk", "marketer", marketer)
        figure(population, "share_above_risk", "prosecutor", share(sizes[1 / sizes > 0.09].sum()) if n else 0.0)
        figure(population, "share_above_risk", "journalist", share(sizes[1 / of_all > 0.09].sum()) if n else 0.0)
        tied = [person for person in members if person in shape]
        figure(population, "people_with_ties_seen", "", len(tied))
        figure(population, "unique_neighbourhood_share", "", sum(1 for person in tied if alike[shape[person]] == 1) / len(tied) if tied else 0)


ATTRIBUTES = ["age_band", "os", "parent_account", "choice"]


def leakage(world, cell, people, figure):
    held, informants = collections.defaultdict(set), collections.defaultdict(set)
    for subject, _, category, _ in world.rows("held", cell):
        held[subject].add(category)
    for subject, actor, _ in world.rows("told", cell):
        informants[subject].add(actor)
    seen = {person: (tuple(sorted(held[person])), len(informants[person]).bit_length()) for person in world.people}
    for population, members in people.items():
        for name in ATTRIBUTES:
            joint = collections.Counter((seen[person], world.attribute(person, name, cell[1])) for person in members)
            if not members:
                for metric in ["guessed_blindly", "guessed", "min_entropy_leakage", "two_guesses_leakage", "mutual_information"]:
                    figure(population, metric, name, 0)
                continue
            n = len(members)
            views, values = sorted({key[0] for key in joint}), sorted({key[1] for key in joint})
            table = numpy.array([[joint[view, value] for value in values] for view in views], dtype=float)
            best = lambda rows, k: numpy.sort(rows, axis=-1)[..., ::-1][..., :k].sum()
            figure(population, "guessed_blindly", name, best(table.sum(axis=0), 1) / n)
            figure(population, "guessed", name, best(table, 1) / n)
            figure(population, "min_entropy_leakage", name, math.log2(best(table, 1) / best(table.sum(axis=0), 1)))
            figure(population, "two_guesses_leakage", name, math.log2(best(table, 2) / best(table.sum(axis=0), 2)))
            p = table / n
            outer = numpy.outer(p.sum(axis=1), p.sum(axis=0))
            plain = (p[p > 0] * numpy.log2(p[p > 0] / outer[p > 0])).sum()
            bias = ((p > 0).sum() - len(views) - len(values) + 1) / (2 * n * math.log(2))
            by_others = sklearn.metrics.mutual_info_score(None, None, contingency=table) / math.log(2)
            figure(population, "mutual_information", name, by_others - bias)
            figure(population, "mutual_information", name, plain - bias)


def most(values):
    """The most frequent value, the least of equally frequent ones."""
    return min(collections.Counter(values).items(), key=lambda item: (-item[1], item[0]))[0]


def patterns(world, name, value, told, contacts, people_of):
    """What is usual among those who disclosed, in a community: guesses of others and what is gained about the true value, in bits."""
    values = {"age_band": len(world.bands), "os": len(world.systems), "parent_account": 2, "choice": 3}[name]
    of = {person: [value[contact] for contact in contacts.get(person, [])] for person in people_of}
    pattern = lambda person, v: (v, min(len(of[person]).bit_length(), 4), of[person].count(v) * 10 // len(of[person]))
    known = [person for person in people_of if person in told]
    share = [(sum(value[person] == v for person in known) + 1) / (len(known) + values) for v in range(values)]
    seen = collections.defaultdict(list)
    for person in known:
        if of[person]:
            for v in range(values):
                seen[pattern(person, v)].append(person)
    having = {key: sum(value[person] == key[0] for person in of_key) for key, of_key in seen.items()}
    guesses = {}
    for person in people_of:
        if not of[person]:
            continue
        likelihood = []
        for v in range(values):
            key = pattern(person, v)
            own = person in told
            likelihood.append((having.get(key, 0) - (own and value[person] == v) + 10 * share[v]) / (len(seen.get(key, [])) - own + 10))
        gain = math.log2(likelihood[value[person]] / sum(likelihood) / share[value[person]])
        guesses[person] = likelihood.index(max(likelihood)) == value[person], gain
    return guesses


def inference(world, cell, people, figure):
    told = {subject for subject, role, _, _ in world.rows("held", cell) if role == "actor"}
    contacts = collections.defaultdict(list)
    for a, b in seen_ties(world, cell):
        if b in told:
            contacts[a].append(b)
        if a in told:
            contacts[b].append(a)
    for name in ATTRIBUTES:
        value = {person: world.attribute(person, name, cell[1]) for person in world.people}
        in_community = collections.defaultdict(list)
        for person in told:
            in_community[world.people[person]["community"]].append(value[person])
        base = {community: most(values) for community, values in in_community.items()}
        communities = collections.defaultdict(list)
        for person, who in world.people.items():
            communities[who["community"]].append(person)
        usual = {}
        for of_community in communities.values():
            usual.update(patterns(world, name, value, told, contacts, of_community))
        guess = {person: most([value[contact] for contact in of]) for person, of in contacts.items()}
        for population, members in people.items():
            attacked = [person for person in members if person in guess]
            n = max(len(attacked), 1)
            figure(population, "people_attacked", name, len(attacked))
            figure(population, "guessed_by_contacts", name, sum(guess[person] == value[person] for person in attacked) / n)
            figure(population, "guessed_by_pattern", name, sum(usual[person][0] for person in attacked) / n)
            # Gains are added up in parts of 2^-20 bits, each rounded.
            figure(population, "gained_by_pattern", name, sum(usual[person][1] for person in attacked) / n, 2**-20)
            figure(population, "guessed_by_baseline", name, sum(base[world.people[person]["community"]] == value[person] for person in attacked) / n)


def presence(world, cell, people, figure, near):
    """Of whom times of use are held, in how many half hours and hours; how late clocks are is not in the records, so that errors must lie where theory has them."""
    names = world.scenario["exposure"]["times_of_use"]
    times = collections.defaultdict(lambda: collections.defaultdict(set))
    plain = "(resolution = 'exact' OR resolution LIKE 'round_%')"
    query = f"SELECT DISTINCT subject, resolution, half_hour FROM let_out WHERE policy = ? AND ? IN ('all', purpose) AND list_contains(?, category) AND role = 'actor' AND {plain}"
    for subject, resolution, half_hour in world.db.execute(query, [*cell, names]).fetchall():
        times[subject][resolution].add(half_hour)
    for population, members in people.items():
        seen = [person for person in members if person in times]
        n = max(len(seen), 1)
        figure(population, "people_with_times", "", len(seen))
        union = {person: set().union(*times[person].values()) for person in seen}
        hours = lambda of: {half_hour // 2 for half_hour in of}
        as_let_out = [len(times[person].get("exact", ())) + len(hours(times[person].get("round_hour", ()))) for person in seen]
        figure(population, "times_seen", "exact", sum(map(len, union.values())) / n)
        figure(population, "times_seen", "hour", sum(len(hours(of)) for of in union.values()) / n)
        figure(population, "times_seen", "as_let_out", sum(as_let_out) / n)
        # Clocks are normal, in eight equal parts, each at its middle: who guesses blindly errs by the mean of their sizes.
        spread = world.scenario["traffic"]["own_clock_hours"]["value"]
        late = [round(60 * spread * statistics.NormalDist().inv_cdf((i + 0.5) / 8)) / 60 for i in range(8)]
        blind, error = statistics.mean(map(abs, late)), statistics.pstdev(map(abs, late)) / math.sqrt(n)
        for name in ["day", "week"]:
            figure(population, "times_seen", name, 0)
            near(population, "clock_error", name, blind if seen else 0, 5 * error, "presence")
            near(population, "clock_within_an_hour", name, sum(abs(x) <= 1 for x in late) / 8 if seen else 0, 5 * 0.5 / math.sqrt(n), "presence")
            near(population, "clock_entropy", name, 2.5 if len(seen) > 20 else 1.25, 1.25, "presence")
        for name in ["as_let_out", "exact", "hour"]:
            near(population, "clock_error", name, blind / 2 if seen else 0, blind / 2 * 1.1 + 5 * error, "presence")
            near(population, "clock_within_an_hour", name, 0.5, 0.5, "presence")
            near(population, "clock_entropy", name, 2.3, 2.3, "presence")


def residual(attack, control, n):
    """As Anonymeter has it: rates and errors after Wilson."""

    def wilson(share):
        low, high = statsmodels.stats.proportion.proportion_confint(round(share * n), n, method="wilson") if n else (0, 1)
        return (low + high) / 2, (high - low) / 2

    (a, by_a), (c, by_c) = wilson(attack), wilson(control)
    return (a - c) / (1 - c), math.hypot(by_a / (1 - c), (a - 1) / (1 - c) ** 2 * by_c)


def check(outflow, what, text, options, folder):
    global compared
    scenario = folder / f"{what}.toml"
    scenario.write_text(text)
    run(outflow, "run", str(scenario), *options, "--replicates", "1", "--quiet", "--output", str(folder / f"{what}-run"))
    run(outflow, "export", str(scenario), *options, "--quiet", "--to", str(folder / f"{what}-records"))
    with open(folder / f"{what}-run" / "tables" / "knowledge.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = {(r["policy"], r["purpose"], r["population"], r["family"], r["metric"], r["parameter"]): float(r["value"]) for r in rows}
    if len(ours) != len(rows):
        failures.append(f"{what}: a figure stands twice")
    world, left = World(folder / f"{what}-records"), set(ours)
    purposes = [p["id"] for p in world.scenario["purpose"]] + ["all"]
    for policy in [p["id"] for p in world.scenario["policy"]]:
        for purpose in purposes:
            people = collections.defaultdict(list, {name: [] for name in ["all", "not_objecting", "objecting", "non_user"]})
            for person in world.people:
                people["all"].append(person)
                people[world.population(person, purpose)].append(person)

            def near(population, metric, parameter, value, tolerance, family="linking"):
                global compared
                key = (policy, purpose, population, family, metric, parameter)
                if key in ours:
                    compared += 1
                    left.discard(key)
                    if abs(ours[key] - value) > tolerance:
                        failures.append(f"{what}, {key}: {ours[key]} here, {value} there, {tolerance} apart at most")

            def held(family):
                def figure(population, metric, parameter, value, least=1e-12):
                    key = (policy, purpose, population, family, metric, parameter)
                    if key not in ours:
                        failures.append(f"{what}: there is no {key}")
                    near(population, metric, parameter, float(value), least * max(1.0, abs(float(value))), family)
                return figure

            cell = (policy, purpose)
            informants(world, cell, people, held("informants"))
            graph(world, cell, people, held("graph"), near)
            linking(world, cell, people, held("linking"), near)
            singling_out(world, cell, people, held("singling_out"))
            leakage(world, cell, people, held("leakage"))
            inference(world, cell, people, held("inference"))
            presence(world, cell, people, held("presence"), near)
            for population in people:
                for name in ATTRIBUTES:
                    get = lambda metric: ours[policy, purpose, population, "inference", metric, name]
                    rate, error = residual(get("guessed_by_contacts"), get("guessed_by_control"), get("people_attacked"))
                    near(population, "guessed_by_control", name, 0.5, 0.5, "inference")
                    near(population, "guessed_by_pattern_of_control", name, 0.5, 0.5, "inference")
                    # Contacts drawn at random tell nothing of people like those who disclosed; learning from few costs something. Whoever differs from all of those surprises.
                    like_them = population == "all" and name != "choice"
                    near(population, "gained_by_pattern_of_control", name, -0.3, 0.4 if like_them else 20, "inference")
                    near(population, "residual", name, rate, 1e-9, "inference")
                    near(population, "residual_least", name, rate - error, 1e-9, "inference")
                    near(population, "residual_most", name, rate + error, 1e-9, "inference")
    # What is drawn: pairs of ties that are not seen. Ties are likelier than others to share contacts, if any are seen at all.
    for key in sorted(left):
        family, metric = key[3:5]
        if (family, metric) == ("graph", "pairs_compared"):
            hidden = ours[(*key[:4], "ties", "between_silent")] - ours[(*key[:4], "ties_seen", "between_silent")]
            if (hidden == 0) != (ours[key] == 0):
                failures.append(f"{what}, {key}: {ours[key]} pairs, but {hidden} ties that are not seen")
        elif (family, metric) == ("graph", "tie_prediction_auc"):
            pairs = ours[(*key[:4], "pairs_compared", "")]
            if not (0 <= ours[key] <= 1) or (pairs == 0 and ours[key] != 0):
                failures.append(f"{what}, {key}: {ours[key]}")
        else:
            failures.append(f"{what}: nobody computed {key}")
        compared += 1


def closed_forms(outflow, text, folder):
    """Where people agree independently with a rate, what is expected follows from the graph alone. Without large books no choice matters much."""
    global compared
    rate = 0.25
    alike = [w for name in ["household", "friends", "neighbourhood"] for w in ["--set", f"likeness.attitude_{name}=0"]]
    choices = [w for purpose in ["targeted_advertising", "business_intelligence", "security"] for w in ["--set", f"jurisdiction.*.agrees.{purpose}={rate}", "--set", f"jurisdiction.*.objects.{purpose}=0"]]
    codes = ["FR", "DE", "UK", "ES", "IT", "ROW"]
    choices = [w.replace("*", code) for code in codes for w in choices]
    scenario = folder / "independent.toml"
    scenario.write_text(text)
    run(outflow, "export", str(scenario), "--people", "3000", "--days", "1", "--set", "world.address_book_max=60", *alike, *choices, "--quiet", "--to", str(folder / "independent"))
    world = World(folder / "independent")
    who = {policy: collections.defaultdict(set) for policy in ["full-sharing", "agreeing"]}
    for policy in who:
        for subject, actor, _ in world.rows("told", (policy, "all")):
            who[policy][subject].add(actor)
    could, did = who["full-sharing"], who["agreeing"]
    # Share of people told of: one less the generating function of their informants at 1 - rate.
    expected = sum(1 - (1 - rate) ** len(could[person]) for person in could) / len(could)
    found = sum(1 for person in could if did[person]) / len(could)
    both = [(a, b) for a in could for b in could[a] if a < b and a in could.get(b, ())]
    ends = sum(1 for a, b in both if b in did[a] or a in did[b]) / len(both)
    # By how much each figure moves with the choice of one person: from this follow the standard errors (Hajek's projection).
    on_people, on_ties = collections.Counter(), collections.Counter()
    for person in could:
        for informant in could[person]:
            on_people[informant] += (1 - rate) ** (len(could[person]) - 1) / len(could)
    for tie in both:
        for person in tie:
            on_ties[person] += (1 - rate) / len(both)
    for name, here, there, moves in [("people told of", found, expected, on_people), ("ties that both could show", ends, 2 * rate - rate**2, on_ties)]:
        compared += 1
        error = math.sqrt(rate * (1 - rate) * sum(move**2 for move in moves.values()))
        if abs(here - there) > 4 * error or error > 0.04:
            failures.append(f"{name}: {here} here, {there} by the closed form, standard error {error}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outflow", default="target/debug/outflow")
    args = parser.parse_args()
    outflow = str((ROOT / args.outflow).resolve())
    cnil = (ROOT / "scenarios" / "cnil-2017.toml").read_text().split("# What the world that `outflow bench`")[0]
    leaving = (ROOT / "tests" / "uninstall.toml").read_text()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        small = ["--people", "900", "--days", "2", "--set", "world.community_size=300"]
        check(outflow, "cnil", cnil + AGREEING + MORE, small, folder)
        check(outflow, "one", cnil + AGREEING + MORE, ["--people", "400", "--days", "3", "--seed", "5", "--set", 'exposure.quasi_identifiers=["os", "contacts"]'], folder)
        check(outflow, "leaving", leaving + MORE, ["--people", "700", "--days", "5"], folder)
        closed_forms(outflow, cnil + AGREEING + MORE, folder)
    if failures:
        sys.exit("\n".join(failures[:40]) + f"\n{len(failures)} of {compared} figures differ")
    print(f"{compared} figures of tables/knowledge are those of DuckDB and numpy")


if __name__ == "__main__":
    main()
