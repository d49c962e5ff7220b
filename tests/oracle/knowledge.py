#!/usr/bin/env python3
"""`tables/knowledge`, computed again by DuckDB and numpy from the records of the same world.

    pip install 'duckdb==1.*' 'numpy==2.*'
    tests/oracle/knowledge.py --outflow target/debug/outflow

Runs small worlds with all families of [exposure] metrics over all their communities, exports them, and computes from people, events, address books and disclosures, by what docs/FORMAT.md says: informants
(histogram, by way), ties seen and degrees, people linked to accounts by number and by hashes, classes of people and the three risks, unique neighbourhoods, leakage and mutual information, guesses from contacts.
Counts must be equal, ratios to 10^-12. What is drawn at random (pairs of the link prediction, hashes that are tried, contacts in others' places) must lie where theory has it.
"""

import argparse
import collections
import csv
import math
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import duckdb
import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOLD_BY = {
    "jurisdiction": {"pd:TelephoneNumber", "pd:Country"},
    "os": {"pd:DeviceOperatingSystem"},
    "age_band": {"pd:Age", "pd:AgeRange", "pd:AgeExact", "pd:BirthDate"},
    "contacts": {"pd:SocialNetwork"},
    "days_active": {"pd:ServiceConsumptionBehaviour"},
}
WAYS = {"contact_sync": "address_books", "call": "calls"}
MORE = """
[exposure]
metrics = ["informants", "graph", "linking", "singling_out", "leakage", "inference"]
sample = 1000
quasi_identifiers = ["jurisdiction", "os", "age_band", "contacts", "days_active"]
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
        rows = db.sql(f"SELECT person_id, community, jurisdiction, is_user, has_parent_account, attitude, os, age_band FROM {table('people')}").fetchall()
        self.people = {r[0]: dict(zip(["community", "jurisdiction", "user", "account", "attitude", "os", "age_band"], r[1:])) for r in rows}
        self.books = db.sql(f"SELECT owner, contact FROM {table('address_books')}").fetchall()
        self.spoke = db.sql(f"SELECT DISTINCT actor, unnest(counterparties) FROM {table('events')}").fetchall()
        active = db.sql(f"SELECT actor, count(DISTINCT time::DATE) FROM {table('events')} GROUP BY ALL").fetchall()
        listed = collections.Counter(contact for owner, contact in self.books if self.near(owner, contact))
        for person in self.people.values():
            person["days_active"], person["contacts"] = 0, 0
        for person, days in active:
            self.people[person]["days_active"] = days
        for person, n in listed.items():
            self.people[person]["contacts"] = n.bit_length()
        flows = f"(SELECT d.*, e.actor, e.kind FROM {table('disclosures')} d JOIN {table('events')} e USING (event_id) WHERE resolution NOT LIKE 'aggregate%')"
        db.sql(f"CREATE TABLE told AS SELECT DISTINCT policy, purpose, subject, actor, kind FROM {flows} WHERE role = 'counterparty' AND subject <> actor")
        db.sql(f"CREATE TABLE held AS SELECT DISTINCT policy, purpose, subject, role, category, resolution FROM {flows}")
        self.db = db
        self.rates = {j["code"]: j["objects"] for j in self.scenario["jurisdiction"]}
        self.agrees = {j["code"]: j["agrees"] for j in self.scenario["jurisdiction"]}
        self.bands = [band["id"] for band in self.scenario["age_band"]]
        self.systems = sorted({name for j in self.scenario["jurisdiction"] for name in j["os"]})
        self.dpv = {c["id"]: c["dpv"] for c in self.scenario["category"]}
        self.ties = {self.tie(*pair) for pair in [*self.books, *self.spoke] if self.near(*pair)}

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


def graph(world, cell, people, figure):
    seen = seen_ties(world, cell)
    acted = {subject for subject, role, _, _ in world.rows("held", cell) if role == "actor"}
    silent = {tie for tie in world.ties if not acted.intersection(tie)}
    for name, ties in [("", world.ties), ("between_silent", silent)]:
        figure("all", "ties", name, len(ties))
        figure("all", "ties_seen", name, len(ties & seen))
        figure("all", "share_of_ties_seen", name, len(ties & seen) / len(ties) if ties else 0)
    degree = {name: collections.Counter(person for tie in ties for person in tie) for name, ties in [("true", world.ties), ("seen", seen)]}
    for population, members in people.items():
        for name in ["true", "seen"]:
            figure(population, "degree", name, sum(degree[name][person] for person in members) / len(members) if members else 0)
        shares = [degree["seen"][person] / degree["true"][person] for person in members if degree["true"][person]]
        figure(population, "degree_share_seen", "mean", numpy.mean(shares) if shares else 0)


def told_apart(numbers, bits):
    rate = numbers / 2**bits
    return -math.expm1(-rate) / rate


def linking(world, cell, people, figure, near):
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
    names = [name for name in TOLD_BY if name in asked]
    held = collections.defaultdict(set)
    for subject, _, category, resolution in world.rows("held", cell):
        if resolution == "exact" or resolution.startswith("round_"):
            held[subject].update(name for name in names if world.dpv[category] in TOLD_BY[name])
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
            figure(population, "mutual_information", name, plain - bias)


def most(values):
    """The most frequent value, the least of equally frequent ones."""
    return min(collections.Counter(values).items(), key=lambda item: (-item[1], item[0]))[0]


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
        guess = {person: most([value[contact] for contact in of]) for person, of in contacts.items()}
        for population, members in people.items():
            attacked = [person for person in members if person in guess]
            n = max(len(attacked), 1)
            figure(population, "people_attacked", name, len(attacked))
            figure(population, "guessed_by_contacts", name, sum(guess[person] == value[person] for person in attacked) / n)
            figure(population, "guessed_by_baseline", name, sum(base[world.people[person]["community"]] == value[person] for person in attacked) / n)


def residual(attack, control, n):
    """As Anonymeter has it: rates and errors after Wilson."""
    z = 1.959963984540054

    def wilson(share):
        s = share * n
        return (s + z * z / 2) / (n + z * z), z / (n + z * z) * math.sqrt((s * (n - s) / n if n else 0) + z * z / 4)

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
                def figure(population, metric, parameter, value):
                    key = (policy, purpose, population, family, metric, parameter)
                    if key not in ours:
                        failures.append(f"{what}: there is no {key}")
                    near(population, metric, parameter, float(value), 1e-12 * max(1.0, abs(float(value))), family)
                return figure

            cell = (policy, purpose)
            informants(world, cell, people, held("informants"))
            graph(world, cell, people, held("graph"))
            linking(world, cell, people, held("linking"), near)
            singling_out(world, cell, people, held("singling_out"))
            leakage(world, cell, people, held("leakage"))
            inference(world, cell, people, held("inference"))
            for population in people:
                for name in ATTRIBUTES:
                    get = lambda metric: ours[policy, purpose, population, "inference", metric, name]
                    rate, error = residual(get("guessed_by_contacts"), get("guessed_by_control"), get("people_attacked"))
                    near(population, "guessed_by_control", name, 0.5, 0.5, "inference")
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
