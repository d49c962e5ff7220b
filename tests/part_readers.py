#!/usr/bin/env python3
"""The parts of a run, read and added up by other programs: an old pyarrow (14) and the newest one, pandas, polars and DuckDB.

Makes a run of two worlds, the same as one part and as three, and lets each reader add up the three, counter by counter: that must be the one part.
What it counted by kind of event must be what the run's manifest has; its metadata what docs/FORMAT.md says; its digest what another BLAKE3 makes of the
file with zeros in the digest's place. Prints a line for each reader. Exit code: 0 all the same, 1 something differs, 2 the program or pip did not run.

    tests/part_readers.py --outflow target/debug/outflow

The environments are those of tests/readers.py.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from readers import NEW, OLD, ROOT, environment

READERS = [("old", "pyarrow"), ("old", "pandas"), ("new", "pyarrow"), ("new", "pandas"), ("new", "polars"), ("new", "duckdb")]
WORLD = ["cnil-2017", "--people", "900", "--days", "2", "--replicates", "2", "--set", "world.community_size=128", "--quiet"]
TYPES = {"replicate": {"uint32", "UInt32", "UINTEGER"}, "counter": {"large_string", "object", "str", "String", "VARCHAR"},
         "index": {"uint64", "UInt64", "UBIGINT"}, "value": {"uint64", "UInt64", "UBIGINT"}}
# Columns that make a counter, and the query that adds them up.
KEY = ["replicate", "counter", "index"]
QUERY = "SELECT replicate, counter, index, sum(value)::UBIGINT AS value FROM parts GROUP BY ALL ORDER BY ALL"


def added(kind, paths):
    """Types of the columns, rows in all, and the sums over parts in order of their keys."""
    if kind == "polars":
        import polars as pl

        frame = pl.concat([pl.read_ipc(path) for path in paths])
        sums = frame.group_by(KEY).agg(pl.col("value").sum()).sort(KEY)
        return {name: str(kind) for name, kind in frame.schema.items()}, len(frame), sums.rows()
    if kind == "pandas":
        import pandas as pd

        frame = pd.concat([pd.read_feather(path) for path in paths])
        sums = frame.groupby(KEY, sort=True)["value"].sum().reset_index()
        return {name: str(kind) for name, kind in frame.dtypes.items()}, len(frame), list(sums.itertuples(index=False, name=None))
    import pyarrow.dataset as ds

    parts = ds.dataset(paths, format="ipc")
    if kind == "duckdb":
        import duckdb

        types = {row[0]: row[1] for row in duckdb.sql("DESCRIBE SELECT * FROM parts").fetchall()}
        return types, parts.count_rows(), duckdb.sql(QUERY).fetchall()
    table = parts.to_table()
    sums = table.group_by(KEY).aggregate([("value", "sum")]).sort_by([(key, "ascending") for key in KEY]).to_pydict()
    return {f.name: str(f.type) for f in parts.schema}, len(table), list(zip(*(sums[name] for name in [*KEY, "value_sum"]), strict=True))


def metadata(path):
    """What a part says about itself, and whether its digest is right; asked of the newest pyarrow."""
    import blake3
    import pyarrow.ipc

    with pyarrow.ipc.open_file(path) as part:
        head = json.loads(part.schema.metadata[b"outflow.part"])
    data = pathlib.Path(path).read_bytes()
    blank, places = re.subn(rb'("format":"outflow-part/1","digest":")[0-9a-f]{64}', rb"\g<1>" + b"0" * 64, data)
    right = places == 1 and blake3.blake3(blank).hexdigest() == head["digest"]
    return head | {"right": right and blake3.blake3(head["resolved"].encode()).hexdigest() == head["scenario_digest"]}


def main_of_reader(kind, paths):
    """Reads, and says what was found as JSON: of the first part, and of all others together."""
    found = {"version": __import__(kind).__version__}
    for name, some in [("whole", paths[:1]), ("sum", paths[1:])]:
        types, rows, sums = added(kind, some)
        lines = "\n".join(" ".join(map(str, row)) for row in sums)
        events = collections.Counter()
        for _, counter, index, value in sums:
            if counter == "by_kind":
                events[str(index)] += int(value)
        found[name] = {"types": types, "rows": rows, "counters": len(sums), "digest": hashlib.sha256(lines.encode()).hexdigest(), "events": events}
    if kind == "pyarrow" and int(found["version"].split(".")[0]) > 14:
        found["heads"] = [metadata(path) for path in paths]
    json.dump(found, sys.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outflow", type=pathlib.Path, default=ROOT / "target" / "debug" / "outflow", help="the program")
    parser.add_argument("--python", default=sys.executable, help="the Python that environments are made of (default: this one)")
    parser.add_argument("--read", metavar="READER", help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        return main_of_reader(options.read, options.paths)
    try:
        pythons = {"old": environment("old", OLD, options.python), "new": environment("new", NEW, options.python)}
    except subprocess.CalledProcessError as error:
        print(f"error: {error}\n  help: pyarrow 14 needs Python 3.8 to 3.12: --python", file=sys.stderr)
        return 2
    failed = []
    with tempfile.TemporaryDirectory() as home:
        def run(*arguments):
            ended = subprocess.run([options.outflow.resolve(), *arguments], cwd=home, capture_output=True, text=True)
            if ended.returncode:
                sys.exit(f"{' '.join(arguments)} ended with {ended.returncode}:\n{ended.stderr}")

        run("run", *WORLD, "--output", "run")
        paths = []
        for shard, of in [(0, 1), (0, 3), (1, 3), (2, 3)]:
            paths.append(str(pathlib.Path(home) / f"{shard}-of-{of}.arrow"))
            run("shard", *WORLD, "--shard", str(shard), "--of", str(of), "--to", paths[-1])
        manifest = json.loads((pathlib.Path(home) / "run/manifest.json").read_text())
        answers = {}
        for where, kind in READERS:
            ended = subprocess.run([pythons[where], __file__, "--read", kind, *paths], capture_output=True, text=True)
            if ended.returncode:
                failed.append(f"{where} {kind} could not be asked: {ended.stderr.strip().splitlines()[-1:]}")
                continue
            found = json.loads(ended.stdout)
            name = f"{kind} {found['version']}"
            answers[name] = found
            whole, total = found["whole"], found["sum"]
            print(f"{name}: {whole['rows']:,} rows in one part, {total['rows']:,} in three, {total['counters']:,} counters added up")
            if whole["counters"] != whole["rows"] or whole["rows"] == 0:
                failed.append(f"{name}: a counter stands twice in a part, or none is there")
            if total["digest"] != whole["digest"]:
                failed.append(f"{name}: three parts do not add up to the one")
            for column, same in TYPES.items():
                if total["types"].get(column) not in same or len(total["types"]) != len(TYPES):
                    failed.append(f"{name}: {column} is {total['types'].get(column)}, among {list(total['types'])}")
            if sum(total["events"].values()) != manifest["events"]:
                failed.append(f"{name}: {sum(total['events'].values())} events, and {manifest['events']} in the run")
            if sorted(total["events"].values()) != sorted(n for n in manifest["events_by_kind"].values() if n):
                failed.append(f"{name}: other events by kind than the run's")
            for (shard, of), head in zip([(0, 1), (0, 3), (1, 3), (2, 3)], found.get("heads", []), strict=False):
                said = [head[key] for key in ("format", "shard", "of", "replicates", "scenario", "scenario_digest", "version", "right")]
                want = ["outflow-part/1", shard, of, 2, *(manifest[key] for key in ("scenario", "scenario_digest", "version")), True]
                if said != want:
                    failed.append(f"{name}: the metadata of {shard} of {of} are {said}, not {want}")
        if len({found["whole"]["digest"] for found in answers.values()}) != 1:
            failed.append("readers see different counters")
        if not any(found.get("heads") for found in answers.values()):
            failed.append("nobody looked at the metadata")
    for line in failed:
        print(f"FAIL {line}")
    if not failed:
        print("ok   every reader adds parts up to the run")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
