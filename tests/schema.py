#!/usr/bin/env python3
"""The schema of scenarios, judged by a validator that is not ours: it accepts every scenario, and refuses damaged ones.

    pip install 'jsonschema==4.*'
    tests/schema.py --outflow target/debug/outflow
"""

import argparse
import copy
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib

from jsonschema import Draft7Validator, FormatChecker

ROOT = pathlib.Path(__file__).resolve().parent.parent


def plain(value):
    """A TOML document as editors see it: days are strings."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value


def damaged(good):
    """Documents that are wrong, with what was done to them."""

    def one(what, change):
        bad = copy.deepcopy(good)
        change(bad)
        return what, bad

    rule, header = ("policy", 0, "rule", 0), ("scenario",)

    def put(path, key, value):
        def change(document):
            for step in path:
                document = document[step]
            document[key] = value

        return change

    def drop(path, key):
        def change(document):
            for step in path:
                document = document[step]
            del document[key]

        return change

    yield one("unknown table", put((), "weather", {}))
    yield one("unknown key", put(header, "colour", "red"))
    yield one("unknown key in a rule", put(rule, "colour", "red"))
    yield one("no seed", drop(header, "seed"))
    yield one("no effect", drop(rule, "effect"))
    yield one("no policies", drop((), "policy"))
    yield one("no share", drop(("jurisdiction", 0), "share"))
    yield one("days as a string", put(header, "days", "30"))
    yield one("no days", put(header, "days", 0))
    yield one("too many days", put(header, "days", 5000))
    yield one("a name that is no folder", put(header, "name", "My Base"))
    yield one("no such preset", put(header, "presets", ["countries-2016"]))
    yield one("not a day", put(header, "start", "27 November"))
    yield one("null", put(rule, "minor", None))
    yield one("effect", put(rule, "effect", "allow"))
    yield one("kind of event", put(rule, "kinds", ["smoke_signal"]))
    yield one("empty list", put(rule, "purposes", []))
    yield one("string for a list", put(rule, "purposes", "security"))
    yield one("whose choice, but none", put(rule, "choice_of", "actor"))
    yield one("two transforms", put(rule, "as", {"hash_bits": 39, "keyed_hash": True}))
    yield one("no transform", put(rule, "as", {}))
    yield one("bits", put(rule, "as", {"hash_bits": 300}))
    yield one("not a hash", put(rule, "as", {"keyed_hash": False}))
    yield one("share", put(("jurisdiction", 0), "share", 30))
    yield one("reserved id", put(("policy", 0), "id", "all"))
    yield one("empty title", put(("policy", 0), "title", ""))
    yield one("number without its table", put((), "traffic", {"reply_share": 0.5}))
    yield one("quantity out of range", put((), "traffic", {"reply_share": {"value": 60}}))
    yield one("quantity that is not whole", put((), "world", {"groups_per_user": {"value": 3.5}}))
    yield one("series", put((), "traffic", {"weekdays": {"values": [1, 2]}}))
    yield one("deadline", put(("order", 0), "deadline", "soon"))
    sweep = {"key": "traffic.reply_share", "from": 0.2, "to": 0.8, "steps": 3, "scale": "logit"}
    yield one("scale of a sweep", put((), "sweep", [{**sweep, "scale": "lag"}]))
    yield one("steps of a sweep", put((), "sweep", [{**sweep, "steps": 1}]))
    yield one("unknown key of a sweep", put((), "sweep", [{**sweep, "step": 3}]))
    yield one("quality", put(("order", 0), "quality", "guessed"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outflow", required=True)
    outflow = parser.parse_args().outflow
    schema = json.loads((ROOT / "schema/scenario.schema.json").read_text())
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema, format_checker=FormatChecker())
    failures = []

    with tempfile.TemporaryDirectory() as folder:
        new = pathlib.Path(folder) / "new.toml"
        subprocess.run([outflow, "init", "new", "--to", new], check=True, capture_output=True)
        good = sorted((ROOT / "scenarios").glob("*.toml")) + [new, ROOT / "tests/diagnostics/base.toml"]
        for path in good:
            document = plain(tomllib.loads(path.read_text()))
            for error in validator.iter_errors(document):
                failures.append(f"{path.name} at {list(error.path)}: {error.message[:200]}")
        document = plain(tomllib.loads(new.read_text()))

    sweeps = [{"key": "traffic.reply_share", "values": [0.2, 0.4]}, {"key": "traffic.contacts", "from": 2, "to": 80, "steps": 3, "scale": "log"}]
    for error in validator.iter_errors({**document, "sweep": sweeps}):
        failures.append(f"[[sweep]] at {list(error.path)}: {error.message[:200]}")

    spans = ["1 month", "30 days", "2 weeks", "1 year", "2018-01-18"]
    for span in spans:
        document["order"][0]["deadline"] = span
        if not validator.is_valid(document):
            failures.append(f"deadline {span} is refused")
    count = 0
    for what, bad in damaged(document):
        count += 1
        if validator.is_valid(bad):
            failures.append(f"accepted: {what}")

    print("\n".join(failures) or f"{len(good)} scenarios accepted, {count} damaged ones refused")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
