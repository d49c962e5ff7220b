#!/usr/bin/env python3
"""`tables/utility`, computed again from the people of the same world, and its sketches beside Apache DataSketches.

    pip install 'duckdb==1.*' datasketches
    tests/oracle/utility.py --outflow target/debug/outflow

Runs `bi-designs` in a small world, exports it, and computes from people alone, by what docs/FORMAT.md says: how many users each policy identifies, has under a key, counts and keeps; the true indicators; what linked accounts
estimate. Sketches of the union, ours and those of DataSketches with as many registers, must both lie within five standard errors of the truth.
"""

import argparse
import csv
import math
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import datasketches
import duckdb

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PURPOSE = "business_intelligence"
failures = []
compared = 0


def same(what, ours, theirs, tolerance=1e-9):
    global compared
    compared += 1
    if abs(ours - theirs) > tolerance * max(1.0, abs(theirs)):
        failures.append(f"{what}: {ours} here, {theirs} there")


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
    if failures:
        sys.exit("\n".join(failures) + f"\n{len(failures)} of {compared} figures differ")
    print(f"{compared} figures of tables/utility are those of the people")


if __name__ == "__main__":
    main()
