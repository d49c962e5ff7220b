#!/usr/bin/env python3
"""`tables/utility`, computed again from the people of the same world, and its sketches beside Apache DataSketches.

    pip install 'duckdb==1.*' datasketches scikit-learn shapiq
    tests/oracle/utility.py --outflow target/debug/outflow

Runs `bi-designs` in a small world, exports it, and computes from people alone, by what docs/FORMAT.md says: how many users each policy identifies, has under a key, counts and keeps; the true indicators; what linked accounts
estimate. Sketches of the union, ours and those of DataSketches with as many registers, must both lie within five standard errors of the truth.

Then `necessity`, in which much is abuse: signals of each account by DuckDB from events, points from the scenario; recall at a share of false bans and average precision by scikit-learn, where what the parent returns is enumerated; and Shapley values
from recall under every subset by the shapiq package's exact computer or, where it is not there, over all orders.
"""

import argparse
import csv
import itertools
import math
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import datasketches
import duckdb
import numpy
import shapiq
import sklearn.metrics

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PURPOSE = "business_intelligence"
failures = []
compared = 0


def same(what, ours, theirs, tolerance=1e-9):
    global compared
    compared += 1
    if abs(ours - theirs) > tolerance * max(1.0, abs(theirs)):
        failures.append(f"{what}: {ours} here, {theirs} there")


def security(outflow):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        share = lambda id: ["--set", f"abuse_class.{id}.share=0.02"]
        small = ["--people", "6000", "--days", "3", "--quiet", *share("bulk_sender"), *share("group_spammer"), *share("clone_farm"), *share("slow_scammer")]
        for verb in [["run", "necessity", "--replicates", "1", "--output", "run"], ["export", "necessity", "--to", "records"]]:
            done = subprocess.run([outflow, *verb, *small], cwd=folder, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(done.stderr)
        with open(folder / "run" / "tables" / "utility.csv", newline="") as file:
            rows = {(r["model"], r["policy"], r["indicator"], r["metric"], r["parameter"]): float(r["value"]) for r in csv.DictReader(file) if r["model"] in ("security", "necessity")}
        scenario = tomllib.loads((folder / "records" / "scenario.resolved.toml").read_text())
        model = scenario["utility"]["security"]
        connection = duckdb.connect()
        connection.sql(f"CREATE VIEW events AS SELECT *, CAST(time AT TIME ZONE 'UTC' AS DATE) AS day FROM '{folder}/records/events.parquet'")
        to_one = "('text_message', 'photo_message', 'voice_message', 'video_message', 'other_message')"
        to_groups = "('group_text', 'group_photo', 'group_voice', 'group_video', 'group_other')"
        by_day = connection.sql(f"""
            WITH pairs AS (SELECT DISTINCT day, actor, counterparties[1] AS other FROM events WHERE kind IN {to_one}),
            written AS (
                SELECT a.day, a.actor AS person, count(*) AS people_written_to, count(*) FILTER (WHERE b.actor IS NULL) AS unanswered
                FROM pairs a LEFT JOIN pairs b ON a.day = b.day AND a.actor = b.other AND a.other = b.actor GROUP BY ALL),
            entered AS (SELECT day, actor AS person, count(*) AS groups_entered FROM events WHERE kind = 'group_join' GROUP BY ALL),
            sent AS (SELECT day, actor AS person, count(*) AS group_messages FROM events WHERE kind IN {to_groups} GROUP BY ALL)
            SELECT person, day, coalesce(people_written_to, 0) AS people_written_to, coalesce(unanswered, 0) AS unanswered,
                coalesce(groups_entered, 0) AS groups_entered, coalesce(group_messages, 0) AS group_messages
            FROM written FULL JOIN entered USING (day, person) FULL JOIN sent USING (day, person)""").fetchall()
        people = connection.sql(f"SELECT person_id, abuse, has_parent_account, new_account, linked_by FROM '{folder}/records/people.parquet' WHERE is_user").fetchall()
    names = ["people_written_to", "unanswered", "groups_entered", "group_messages"]
    strongest, reached = {}, {}
    for person, _, *signals in by_day:
        points = 0
        for name, n in zip(names, signals):
            steps = [k for k, least in enumerate(model["signals"][name]["from"]) if n >= least]
            points += model["signals"][name]["points"][steps[-1]] if steps else 0
            for k in steps:
                reached.setdefault((name, k), set()).add(person)
        strongest[person] = max(strongest.get(person, 0), points)
    kind = {person: abuse for person, abuse, *_ in people}
    kinds = ["none", *(c["id"] for c in scenario["abuse_class"])]
    word = lambda k: "ordinary" if k == "none" else k
    necessity = lambda *key: rows["necessity", "all", *key]
    for name in names:
        for k, least in enumerate(model["signals"][name]["from"]):
            for one in kinds:
                n = sum(kind[person] == one for person in reached.get((name, k), ()))
                same(f"{name} from {least}, {one}", necessity(name, "accounts", f"from={least},{word(one)}"), n)
    base, abusive, known = [], [], []
    for person, abuse, account, new, linked in people:
        links = linked.split("+") if linked else []
        base.append(strongest.get(person, 0) + model["new_account_points"] * new + sum(model["links"][link]["points"] for link in links))
        abusive.append(abuse != "none")
        known.append(account)
    base, abusive, known = numpy.array(base), numpy.array(abusive), numpy.array(known)
    standing, shared = model["standing"], model["categories"]

    def scored(subset):
        """Every account once for all that the parent might return: score, whether it is abusive, with what probability."""
        found = 1 - math.prod(1 - shared[c].get("finds", 0) for c in subset)
        scores, labels, weights = [], [], []
        for of in (False, True):
            which = "abusive" if of else "ordinary"
            flagged, young = standing[f"flagged_{which}"]["value"], standing[f"young_{which}"]["value"]
            for account in (False, True):
                f = found if account else 0
                outcomes = [(p, f * q) for p, q in zip(standing["points"], (flagged, young, 1 - flagged - young))] + [(0, 1 - f)]
                marks = [(c, shared[c].get(f"marks_{which}", 0)) for c in subset if shared[c].get("points", 0)]
                at = (abusive == of) & (known == account)
                for points, chance in outcomes:
                    for drawn in itertools.product((False, True), repeat=len(marks)):
                        more = sum(shared[c]["points"] for (c, _), yes in zip(marks, drawn) if yes)
                        p = chance * math.prod(m if yes else 1 - m for (_, m), yes in zip(marks, drawn))
                        if p > 0:
                            scores.append(base[at] + points + more)
                            labels.append(numpy.full(at.sum(), of))
                            weights.append(numpy.full(at.sum(), p))
        return map(numpy.concatenate, (scores, labels, weights))

    def recall(subset, rate):
        scores, labels, weights = scored(subset)
        false, true, _ = sklearn.metrics.roc_curve(labels, scores, sample_weight=weights, drop_intermediate=False)
        return float(numpy.interp(rate, false, true))

    told = {"everything": ["phone_number", "contacts", "device_id", "os_version", "app_version", "mobile_network", "ip_address", "registered_at", "last_seen", "feature_usage", "profile_name", "profile_photo"],
            "two-identifiers": ["phone_number", "device_id"], "one-identifier": ["device_id"], "nothing": []}
    requested = next(p for p in scenario["purpose"] if p["id"] == "security")["requests"]
    rates = sorted({model["false_bans"]["value"], *model["curve"]})
    for policy, subset in told.items():
        # Of an actor's own categories the purpose gets what it requests and kinds of event collect about the one who acts.
        collected = {c for k in scenario["kind"] for c in k["actor"]}
        subset = [c for c in subset if c in requested and c in collected and c in shared]
        same(f"{policy}, categories", rows["security", policy, "all", "categories_per_user", ""], len(subset))
        for rate in rates:
            key = next(k for k in rows if k[:4] == ("security", policy, "all", "recall") and k[4].startswith("false_bans=") and float(k[4][11:]) == rate)
            same(f"{policy}, recall at {rate}", rows[key], recall(subset, rate), 1e-7)
        scores, labels, weights = scored(subset)
        precision = sklearn.metrics.average_precision_score(labels, scores, sample_weight=weights)
        same(f"{policy}, average precision", rows["security", policy, "all", "average_precision", ""], float(precision), 1e-7)
    telling = [c for c in shared if shared[c].get("finds", 0) or shared[c].get("points", 0)]
    ids = [k[2] for k in rows if k[3:] == ("shapley_value", "")]
    rate = model["false_bans"]["value"]
    values = {}
    for n in range(len(telling) + 1):
        for subset in itertools.combinations([c for c in ids if c in telling], n):
            values[subset] = recall(subset, rate)
            linked = known.mean() * (1 - math.prod(1 - shared[c].get("finds", 0) for c in subset))
            same(f"linked by {subset}", necessity("+".join(subset) or "nothing", "users_linked", "subset"), float(linked))
            same(f"recall of {subset}", necessity("+".join(subset) or "nothing", "recall", "subset"), values[subset], 1e-7)
    players = [c for c in ids if c in telling]
    game = lambda coalitions: numpy.array([values[tuple(c for c, there in zip(players, row) if there)] for row in coalitions])
    exact = shapiq.ExactComputer(n_players=len(players), game=game)("SV", order=1)
    for i, category in enumerate(players):
        same(f"Shapley value of {category}", necessity(category, "shapley_value", ""), float(exact[(i,)]), 1e-7)
    for category in set(ids) - set(telling):
        same(f"Shapley value of {category}", necessity(category, "shapley_value", ""), 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outflow", default="target/debug/outflow")
    outflow = str((ROOT / parser.parse_args().outflow).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        small = ["--people", "20000", "--days", "1", "--quiet"]
        for verb in [["run", "bi-designs", "--replicates", "1", "--output", "run"], ["export", "bi-designs", "--to", "records"]]:
            done = subprocess.run([outflow, *verb, *small], cwd=folder, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(done.stderr)
        with open(folder / "run" / "tables" / "utility.csv", newline="") as file:
            rows = {(r["policy"], r["indicator"], r["metric"], r["parameter"]): float(r["value"]) for r in csv.DictReader(file)}
        people = duckdb.sql(f"SELECT person_id, is_user, has_parent_account, attitude FROM '{folder}/records/people.parquet'").fetchall()
        (place,) = tomllib.loads((folder / "records" / "scenario.resolved.toml").read_text())["jurisdiction"]
    objects, agrees = place["objects"][PURPOSE], place["agrees"][PURPOSE]
    users = [(person, account, attitude) for person, user, account, attitude in people if user]
    accounts = sum(account for _, _, account, _ in people)
    both = sum(account for _, account, _ in users)
    everybody = lambda attitude: True
    nobody = lambda attitude: False
    # How the identifier of a user with this attitude is let out.
    designs = {
        "identified": ("users_identified", everybody),
        "keyed": ("users_pseudonymous", everybody),
        "counts": ("users_counted", everybody),
        "opt-in": ("users_identified", lambda attitude: attitude >= 1 - agrees),
        "opt-out": ("users_identified", lambda attitude: attitude >= objects),
        "nothing": ("users_kept", nobody),
    }
    for policy, (metric, told) in designs.items():
        get = lambda *key: rows[policy, *key]
        of = [account for _, account, attitude in users if told(attitude)]
        for name in ["users_identified", "users_pseudonymous", "users_counted"]:
            same(f"{policy}, {name}", get("all", name, ""), len(of) if name == metric else 0)
        same(f"{policy}, users_kept", get("all", "users_kept", ""), len(users) - len(of))
        same(f"{policy}, both", get("users_of_both", "truth", ""), both)
        same(f"{policy}, family", get("users_of_family", "truth", ""), len(users) + accounts - both)
        linked = metric in ("users_identified", "users_pseudonymous") and len(of) > 0
        estimate = sum(of) * len(users) / len(of) if linked else 0
        same(f"{policy}, both by links", get("users_of_both", "estimate", "linked"), estimate)
        same(f"{policy}, error of it", get("users_of_both", "error", "linked"), abs(estimate - both) / both if linked else 1)
        same(f"{policy}, usefulness", get("users_of_both", "usefulness", "linked"), 1 - min(1, abs(estimate - both) / both / 0.05) if linked else 0)
        if linked:
            family = len(users) + accounts - estimate
            same(f"{policy}, family by links", get("users_of_family", "estimate", "linked"), family)
    # Everybody's sketches, in the design that hands over nothing else.
    union = [person for person, user, account, _ in people if user or account]
    for bits in [8, 12, 16]:
        error = 5 * 1.04 / math.sqrt(2**bits)
        theirs = datasketches.hll_sketch(bits, datasketches.tgt_hll_type.HLL_8)
        for person in union:
            theirs.update(person)
        same(f"union by DataSketches, {bits} bits", theirs.get_estimate(), len(union), error)
        ours = rows["counts", "users_of_family", "estimate", f"sketch_bits={bits}"]
        same(f"union by a sketch of {bits} bits", ours, len(union), error)
    security(outflow)
    if failures:
        sys.exit("\n".join(failures) + f"\n{len(failures)} of {compared} figures differ")
    print(f"{compared} figures of tables/utility are those of the people")


if __name__ == "__main__":
    main()
