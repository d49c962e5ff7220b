#!/usr/bin/env python3
"""Random scenarios, rich in edges, run on every path of instructions and on 1, 2 and 7 threads, and recomputed with DuckDB.

A scenario follows from its seed alone. All its runs must have one digest of results; then its records must give every figure of
the run (`recompute.py`, imported). With --edges not random ones, but each quantity of [world], [traffic] and of jurisdictions
at the ends of its range and next to them, in a tiny world. A scenario that fails is named with what repeats it, and its file
is kept. Needs Python 3.11 and DuckDB. Exit code: 0 all equal, 1 something differs.

    tests/random_worlds.py --outflow target/debug/outflow --count 300
    tests/random_worlds.py --outflow target/debug/outflow --first 17 --count 1     # the one of seed 17 again
    tests/random_worlds.py --outflow target/debug/outflow --edges
"""

import argparse
import concurrent.futures
import contextlib
import datetime
import io
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import recompute
import worlds

ROOT = Path(__file__).resolve().parent.parent
# Instructions and threads of the runs of a scenario.
RUNS = [("portable", 1), ("avx2", 2), ("avx512", 7)]


class Failed(Exception):
    """What differs, or what the program said."""


def outflow(program, *words, path="avx512"):
    environment = os.environ | {"OUTFLOW_PATH": path, "NO_COLOR": "1"}
    return subprocess.run([str(word) for word in (program, *words)], capture_output=True, text=True, env=environment, timeout=600)


def must(done):
    if done.returncode:
        raise Failed(f"{' '.join(done.args)}\nexit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def check(program, text, runs=RUNS):
    """Runs and recomputes a scenario. Gives the number of its events, None if the program refuses it."""
    with tempfile.TemporaryDirectory(prefix="random-worlds-") as scratch:
        scratch = Path(scratch)
        file = scratch / "scenario.toml"
        file.write_text(text)
        valid = outflow(program, "validate", file)
        if valid.returncode == 2:
            return None, valid.stderr
        must(valid)
        digests = {}
        for path, threads in runs:
            run = scratch / f"run-{path}-{threads}"
            said = must(outflow(program, "run", file, "--json", "--threads", threads, "--output", run, path=path))
            digests[f"{path}, {threads} threads"] = json.loads(said)["results_digest"]
        if len(set(digests.values())) > 1:
            raise Failed(f"digests differ: {digests}")
        must(outflow(program, "export", file, "--to", scratch / "export", "--quiet"))
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            report = recompute.compare(scratch / "export", run)
        if report.failed:
            wrong = [line for line in said.getvalue().splitlines() if not line.startswith("ok")]
            raise Failed("\n".join(wrong))
        return json.loads((run / "manifest.json").read_text())["events"], ""


def one(job):
    """Tries one scenario: (name, text, runs) to (name, text, events, what went wrong, why it was refused)."""
    program, (name, text), runs = job
    try:
        events, refused = check(program, text, runs)
        return name, text, events, "", refused
    except Failed as failed:
        return name, text, None, str(failed), ""
    except Exception as error:  # a fault of the check itself is none of the figures, but must be seen
        return name, text, None, f"{type(error).__name__}: {error}", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outflow", type=Path, default=ROOT / "target" / "debug" / "outflow", help="the program")
    parser.add_argument("--count", type=int, default=12, help="scenarios that are tried")
    parser.add_argument("--first", type=int, default=1, help="seed of the first of them")
    parser.add_argument("--edges", action="store_true", help="quantities at the ends of their ranges instead")
    parser.add_argument("--only", default="", help="with --edges: only those whose name has this text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="scenarios at once")
    parser.add_argument("--keep", type=Path, default=ROOT / "target" / "random-worlds", help="folder for those that fail")
    parser.add_argument("--print", action="store_true", help="print the scenarios, try nothing")
    args = parser.parse_args()
    if args.edges:
        schema = json.loads(must(outflow(args.outflow, "schema")))
        scenarios, runs = [edge for edge in worlds.edges(schema) if args.only in edge[0]], RUNS[1:2]
    else:
        seeds = range(args.first, args.first + args.count)
        scenarios, runs = [(f"seed {seed}", worlds.world(random.Random(seed), seed)) for seed in seeds], RUNS
    if args.print:
        print("\n".join(f"# {name}\n{text}" for name, text in scenarios))
        return 0
    started, tried, failed, refused, events = datetime.datetime.now(), 0, 0, 0, 0
    with concurrent.futures.ProcessPoolExecutor(max_workers=args.jobs) as pool:
        for name, text, n, wrong, why in pool.map(one, [(args.outflow, scenario, runs) for scenario in scenarios]):
            tried += 1
            if wrong or (why and args.edges):
                failed += 1
                args.keep.mkdir(parents=True, exist_ok=True)
                kept = args.keep / f"{name.replace(' ', '-').replace('/', '-')}.toml"
                kept.write_text(text)
                again = f"--edges --only '{name}'" if args.edges else f"--first {name.split()[1]} --count 1"
                print(f"FAIL {name}: kept as {kept}; repeat with {sys.argv[0]} {again}\n{wrong or why}", flush=True)
            refused += bool(why)
            events += n or 0
    seconds = (datetime.datetime.now() - started).total_seconds()
    print(f"{tried} scenarios, {refused} of them refused, {events:,} events recomputed, {failed} failed, in {seconds:.0f} s")
    if not args.edges and refused > tried / 2:
        print("most scenarios are refused: the generator no longer knows the rules")
        failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
