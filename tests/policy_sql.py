#!/usr/bin/env python3
"""Checks policies exported as SQL: runs each query on the records of a small world, and compares what it yields with the
disclosures that the program recorded, row by row.

Takes the shipped scenarios, and one of random policies over all constraints and transforms in which people leave. Needs Python
3.11 and DuckDB (pip install duckdb). Prints one line per policy. Exit code: 0 all equal, 1 something differs, 2 the program
did not run.

    tests/policy_sql.py --outflow target/debug/outflow --people 300 --days 2
"""

import argparse
import random
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = "purpose, event_id, subject, role, category, resolution, time"
PURPOSES = ["targeted_advertising", "business_intelligence", "security"]
JURISDICTIONS = ["FR", "DE", "UK"]
KINDS = ["text_message", "photo_message", "group_text", "call", "contact_sync", "device_checkin", "profile_update"]
TIMES = ["registered_at", "last_seen", "message_metadata"]
CATEGORIES = ["phone_number", "contacts", "device_id", "feature_usage", "profile_name", "group_membership", *TIMES]
HOSTILE = "a '\\\" -- /* */ # ; \\n\\r\\u2028 {x} ) OR TRUE --"


def outflow(program, *words):
    """Runs the program; gives what it writes to stdout."""
    try:
        done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, encoding="utf-8")
    except OSError as error:
        print(f"can't run {program}: {error}\nbuild it, or name it with --outflow", file=sys.stderr)
        sys.exit(2)
    if done.returncode != 0:
        print(f"{program} {' '.join(map(str, words))}\n{done.stderr}", file=sys.stderr)
        sys.exit(2)
    return done.stdout


def contradicts(keys):
    """Whether a rule can never match, which is an error in a scenario."""
    non_users, roles = keys.get("subjects") == ["non_user"], keys.get("roles", [])
    alone = "kinds" in keys and set(keys["kinds"]) <= {"device_checkin", "profile_update"}
    apart = {*keys.get("jurisdictions", JURISDICTIONS)}.isdisjoint(keys.get("actor_jurisdictions", JURISDICTIONS))
    return (non_users and (keys.get("choice_of") in ("subject", "both") or roles == ["actor"] or alone)
            or roles == ["counterparty"] and alone or roles == ["actor"] and apart)


def rule(dice):
    """A random rule as TOML."""
    while contradicts(keys := draw(dice)):
        pass
    return "[[policy.rule]]\n" + "".join(f"{key} = {toml(value, key)}\n" for key, value in keys.items())


def draw(dice):
    """Constraints and transform of a rule."""
    def some(names):
        return dice.sample(names, dice.randint(1, len(names)))

    permit = dice.random() < 0.7
    keys = {"effect": "permit" if permit else "forbid", "title": HOSTILE}
    shape = dice.random()
    if permit and shape < 0.3:
        keys |= {"as": dice.choice([{"hash_bits": dice.choice([12, 39])}, {"keyed_hash": True}, {"aggregate_k": 5}])}
    elif permit and shape < 0.5:
        keys |= {"as": {"round": dice.choice(["hour", "day", "week", "month"])}, "categories": some(TIMES)}
    lists = {"purposes": PURPOSES, "categories": CATEGORIES, "kinds": KINDS, "roles": ["actor", "counterparty"],
             "jurisdictions": JURISDICTIONS, "actor_jurisdictions": JURISDICTIONS, "subjects": ["user", "non_user"]}
    for key, names in lists.items():
        if key not in keys and dice.random() < 0.35:
            keys[key] = some(names)
    for key in ["parent_account", "minor"]:
        if dice.random() < 0.2:
            keys[key] = dice.random() < 0.5
    if dice.random() < 0.4:
        keys |= {"choice": dice.choice(["objects", "agrees"]), "choice_of": dice.choice(["actor", "subject", "either", "both"])}
    first, last = sorted(dice.sample(range(25, 31), 2))
    for key, day in [("from", first), ("until", last)]:
        if dice.random() < 0.25:
            keys[key] = f"2017-11-{day}"
    return keys


def toml(value, key=""):
    """A value as TOML; text is written as it stands here, with the escapes that it holds."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return value if key in ("from", "until") else f'"{value}"'
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case dict():
            return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + " }"


def random_scenario(policies, seed):
    """A scenario of random policies, some of which extend others, in which those who object leave soon."""
    dice = random.Random(seed)
    parts = ["""[scenario]
name = "random"
title = "Random policies"
analysis = "None."
seed = 5
start = 2017-11-27
days = 3
people = 150
presets = ["whatsapp-2017", "countries-2017"]

[uninstall]
purposes = ["targeted_advertising"]
from = 2017-11-27
within_days = { value = 3, source = "So that days differ", quality = "assumed" }
"""]
    # Rates with many digits: what the query compares with must be the same number.
    for code, share, rate in zip(JURISDICTIONS, [0.5, 0.3, 0.2], [0.1 + 0.2, 1 / 3, 0.123456789012345678]):
        parts.append(f'[[jurisdiction]]\ncode = "{code}"\nshare = {share}\nobjects.targeted_advertising = {rate}\n'
                     f"agrees.targeted_advertising = {rate}\nagrees.security = {1 - rate - 0.1}\n")
    for i in range(policies):
        extends = f'extends = "random-{dice.randrange(i)}"\n' if i and dice.random() < 0.3 else ""
        parts.append(f'[[policy]]\nid = "random-{i}"\ntitle = "{HOSTILE}"\nsource = "{HOSTILE}"\n{extends}')
        # One policy without a rule of its own.
        parts.extend(rule(dice) for _ in range(dice.randint(1, 5) if i else 0))
    return "\n".join(parts)


def check(program, scenario, options, scratch):
    """Compares each policy of a scenario; gives the number of policies that differ."""
    records = scratch / scenario.stem
    outflow(program, "export", scenario, *options, "--to", records, "--quiet")
    con = duckdb.connect()
    # Another time zone than that of the records: the query must not depend on it.
    con.execute("SET TimeZone = 'Pacific/Kiritimati'")
    for name in ["people", "events", "disclosures"]:
        con.from_parquet(str(records / f"{name}.parquet")).create_view(name)
    if "resolution" not in con.table("disclosures").columns:
        sys.exit("disclosures.parquet has no column resolution: the program is older than this check")
    failed = 0
    for policy in tomllib.loads((records / "scenario.resolved.toml").read_text(encoding="utf-8"))["policy"]:
        query = outflow(program, "policy", "show", scenario, policy["id"], "--format", "sql")
        con.execute(f"CREATE OR REPLACE TEMP TABLE want AS {query}")
        con.execute("CREATE OR REPLACE TEMP TABLE got AS FROM disclosures WHERE policy = ?", [policy["id"]])
        (want,), (got,) = (con.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ["want", "got"])
        differences, examples = 0, []
        for a, b, what in [("want", "got", "not recorded"), ("got", "want", "not in the query's")]:
            con.execute(f"CREATE OR REPLACE TEMP TABLE diff AS SELECT {COLUMNS} FROM {a} EXCEPT ALL SELECT {COLUMNS} FROM {b}")
            differences += con.execute("SELECT count(*) FROM diff").fetchone()[0]
            rows = con.execute("SELECT * REPLACE (CAST(time AS VARCHAR) AS time) FROM diff LIMIT 4").fetchall()
            examples += [f"       {what}: {row}" for row in rows]
        name = f"{scenario.stem} {policy['id']}"
        if differences:
            failed += 1
            print(f"FAIL {name}: {want:,} by the query, {got:,} recorded, {differences:,} differences", *examples, sep="\n")
        else:
            print(f"ok   {name}: {got:,} disclosures equal", flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outflow", type=Path, default=ROOT / "target" / "debug" / "outflow", help="the program")
    parser.add_argument("--scenario", type=Path, action="append", help="only these")
    for name, default in [("people", 300), ("days", 2), ("random", 12), ("seed", 3)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    args = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="policy-sql-") as scratch:
        scratch = Path(scratch)
        for scenario in args.scenario or sorted((ROOT / "scenarios").glob("*.toml")):
            failed += check(args.outflow, scenario, ["--people", args.people, "--days", args.days], scratch)
        if args.random and not args.scenario:
            scenario = scratch / f"random-{args.seed}.toml"
            scenario.write_text(random_scenario(args.random, args.seed), encoding="utf-8")
            failed += check(args.outflow, scenario, [], scratch)
    print(f"{failed} policies differ" if failed else "all policies equal")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
