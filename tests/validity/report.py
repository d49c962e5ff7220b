#!/usr/bin/env python3
"""Prints the statistics of an export, full and thinned, beside published values, and the marks that its construction leaves.

    tests/validity/report.py EXPORT                                    an export that is there
    tests/validity/report.py --outflow target/debug/outflow            makes one of a single country first
    ... --check                                                        exit code 1 if a mark stands out, or a held statistic is out of range

Exit code 2: there is no export, or too little in it.

What the columns mean: README.md beside this file. Needs Python 3.11, duckdb, pandas, numpy, scipy.
"""

import argparse
import json
import math
import os
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import activity
import artefacts
import books
import export
import groups
import likeness
import places
import rhythm
import ties
from published import HELD, ROWS, TRACES

COLUMNS = ("full", "thinned")
FEWEST = 200


def measure(world, keep):
    """All statistics: by key, the value on the full and on the thinned export (absent where it does not depend on traffic)."""
    thin = world.trace.thinned(keep)
    full = {**books.statistics(world), **groups.statistics(world), **places.statistics(world), **likeness.entries(world)}
    few = {}
    for module in (activity, rhythm, ties):
        full |= module.statistics(world.trace)
        few |= module.statistics(thin) if len(thin.src) >= FEWEST else {}
    full |= likeness.statistics(world, world.trace)
    few |= likeness.statistics(world, thin) if len(thin.src) >= FEWEST else {}
    return {"full": full, "thinned": few}


def verdict(row, values):
    """inside: between the two traces. near: within their noise of it. OUTSIDE: neither. Empty where nothing is published, or measured."""
    value = values[row.judged].get(row.key, math.nan) if row.judged else math.nan
    if not row.real or math.isnan(value):
        return ""
    low, high = min(row.real), max(row.real)
    if low <= value <= high:
        return "inside"
    return "near" if low - row.noise <= value <= high + row.noise else "OUTSIDE"


def held(values, claims=HELD):
    """What `--check` holds: key, column, value, range, and whether the value is in it. One that could not be measured has left it."""
    for key, claim in claims.items():
        if claim is not None:
            column, low, high = claim
            value = values[column].get(key, math.nan)
            yield key, column, value, low, high, low <= value <= high


def number(x):
    if x is None or math.isnan(x):
        return "-"
    return f"{x:.3f}" if abs(x) < 100 else f"{x:.0f}"


def finite(x):
    """For JSON, which has no other numbers."""
    return float(x) if math.isfinite(x) else None


def table(values):
    """The lines of the table of statistics, section by section; one of a country or an age band follows its kind, one that the export
    does not have (places, with one community) and nothing is published of is left out."""
    yield f"{'statistic':52s}{'full':>9s}{'thinned':>9s}{TRACES[0]:>10s}{TRACES[1]:>9s}  judged    verdict"
    section = ""
    for row in ROWS:
        keys = [k for k in values["full"] if k == row.key or k.startswith(row.key + " ")] or [row.key] * bool(row.real)
        if keys and row.module != section:
            section = row.module
            yield f"\n{section}"
        for key in keys:
            label = row.label + key[len(row.key):].replace(" ", ", ", 1)
            cells = [number(values[c].get(key)) for c in COLUMNS] + ([number(x) for x in row.real] or ["", ""])
            words = f"{row.judged:8s}  {verdict(row, values):8s} {row.source}".rstrip()
            yield f"  {label:50s}{cells[0]:>9s}{cells[1]:>9s}{cells[2]:>10s}{cells[3]:>9s}  {words}".rstrip()


def marks_table(found):
    yield f"\n{'mark of construction':66s}{'observed':>10s}{'chance':>10s}{'threshold':>26s}"
    for m in found:
        limit = f"{m.high:.4g}" if m.low == -math.inf else f"at least {m.low:.4g}" if m.high == math.inf else f"{m.low:.4g} to {m.high:.4g}"
        word = "MARK" if m.stands_out else "" if m.judged else "not judged"
        yield f"  {m.name:64s}{m.observed:10.4g}{m.chance:10.3g}{limit:>26s}  {word}".rstrip()


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("export", nargs="?", help="folder of an export")
    p.add_argument("--outflow", help="make the export with this program")
    p.add_argument("--people", type=int, default=1500)
    p.add_argument("--days", type=int, default=28)
    p.add_argument("--seed", type=int)
    p.add_argument("--country", default="ES", help="the country of all people, or `all` for those of the scenario")
    p.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="passed on to outflow")
    p.add_argument("--keep", type=float, default=0.04, help="share of conversations that the thinned export keeps")
    p.add_argument("--json", metavar="FILE", help="all figures, for programs")
    p.add_argument("--check", action="store_true")
    a = p.parse_args()
    if bool(a.export) == bool(a.outflow):
        p.error("one of EXPORT and --outflow, please")
    return a


def main():
    a = arguments()
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    with tempfile.TemporaryDirectory() as scratch:
        folder = a.export or os.path.join(scratch, "export")
        if a.outflow:
            export.make(a.outflow, folder, a.people, a.days, a.seed, a.country, a.set)
        world = export.load(folder)
    if len(world.trace.src) < FEWEST:
        print(f"{len(world.trace.src)} messages between two people say nothing: {FEWEST} are the least", file=sys.stderr)
        return 2
    values = measure(world, a.keep)
    found = artefacts.marks(world)
    trace = world.trace
    print(f"{len(world.people)} people, {int(world.user.sum())} users, {trace.days} days, {len(trace.src)} messages between two people; "
          f"thinned: {a.keep:.3g} of the conversations\n")
    print("\n".join([*table(values), *marks_table(found)]))
    stand_out = [m for m in found if m.stands_out]
    left = [h for h in held(values) if not h[-1]]
    print(f"\n{len(stand_out)} of {sum(m.judged for m in found)} marks stand out; "
          f"{len(left)} of {len(list(held(values)))} held statistics are out of their range.")
    for key, column, value, low, high, _ in left:
        print(f"  {key} ({column}): {value:.3f}, held to {low} to {high}")
    if a.json:
        with open(a.json, "w", encoding="utf-8") as f:
            clean = {c: {k: finite(v) for k, v in values[c].items()} for c in COLUMNS}
            verdicts = {r.key: verdict(r, values) for r in ROWS if r.real}
            json.dump({"people": len(world.people), "days": trace.days, "keep": a.keep, **clean, "verdicts": verdicts,
                       "marks": [{"name": m.name, "observed": finite(m.observed), "chance": finite(m.chance), "low": finite(m.low),
                                  "high": finite(m.high), "stands_out": bool(m.stands_out)} for m in found]}, f, indent=1)
    return 1 if a.check and (stand_out or left) else 0


if __name__ == "__main__":
    sys.exit(main())
