#!/usr/bin/env python3
"""Indices of `outflow sensitivity`, computed again by SALib from the draws that it leaves.

    pip install 'SALib==1.*' 'pandas==2.*'
    tests/sensitivity.py --outflow target/debug/outflow

Runs a study by Morris over all that a scenario assumes, and one by Sobol' over five numbers; feeds the values of each figure in `tables/draws.csv` to
SALib's `analyze.morris` and `analyze.sobol`; and holds every index of `tables/sensitivity.csv` to theirs, to a relative 1e-6. Intervals are drawn
otherwise there (a bootstrap with numpy's generator, and a normal half width): of those of Sobol' indices it is asked that they are of about the same width.
"""

import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy
from SALib.analyze import morris, sobol

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIVE = [
    "traffic.messages_per_active_day=40..70",
    "traffic.contact_syncs_per_active_day=log:0.1..0.9",
    "world.unlisted_non_users=logit:0.05..0.4",
    "world.weak_ties_anywhere=0..3",
    "jurisdiction.*.objects.targeted_advertising=0.1..0.6",
]


def study(outflow, people, folder, *options):
    """Runs a study, and reads its tables."""
    command = [outflow, "sensitivity", "cnil-2017", "--people", str(people), "--days", "2", "--replicates", "1", "--quiet", "--to", folder]
    subprocess.run([*command, *options], check=True, cwd=ROOT)
    read = lambda name: list(csv.DictReader(open(pathlib.Path(folder) / f"tables/{name}.csv", newline="")))
    return read("draws"), read("sensitivity")


def arrays(draws, rows):
    """The parameters of a study, their values at each point, and those of each figure."""
    parameters = list(dict.fromkeys(row["parameter"] for row in rows))
    figures = list(dict.fromkeys(tuple(row[c] for c in ("policy", "metric", "population", "purpose")) for row in rows))
    x = numpy.array([[float(draw[p]) for p in parameters] for draw in draws])
    y = {figure: numpy.array([float(draw[":".join(figure)]) for draw in draws]) for figure in figures}
    return parameters, x, y


def held(failures, what, ours, theirs, size):
    """Compares two numbers; `size` is that of what they are made of."""
    if abs(ours - theirs) > 1e-6 * max(abs(theirs), abs(ours)) + 1e-9 * size:
        failures.append(f"{what}: {ours} here, {theirs} by SALib")
    return 1


def compare(rows, figure, parameters, index, theirs, size, failures, method):
    """Holds an index of every parameter for a figure to SALib's."""
    columns = ("policy", "metric", "population", "purpose")
    ours = {r["parameter"]: r for r in rows if tuple(r[c] for c in columns) == figure and r["index"] == index}
    count = 0
    for parameter, value in zip(parameters, theirs):
        what = f"{method}: {index} of {parameter} for {':'.join(figure)}"
        count += held(failures, what, float(ours[parameter]["value"]), float(value), size)
    return count, ours


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outflow", required=True, help="the program")
    parser.add_argument("--people", type=int, default=600)
    options = parser.parse_args()
    outflow = str(pathlib.Path(options.outflow).resolve())
    failures, count = [], 0
    with tempfile.TemporaryDirectory() as home:
        levels = 6
        draws, rows = study(outflow, options.people, f"{home}/m", "--trajectories", "3", "--levels", str(levels))
        parameters, x, y = arrays(draws, rows)
        problem = {"num_vars": len(parameters), "names": parameters, "bounds": [[0, 1]] * len(parameters)}
        for figure, values in y.items():
            found = morris.analyze(dict(problem), x, values, num_levels=levels, num_resamples=10, seed=1)
            for index in ("mu", "mu_star", "sigma"):
                count += compare(rows, figure, parameters, index, found[index], values.max(), failures, "morris")[0]
        print(f"morris: {len(parameters)} parameters, {len(draws)} points, {len(y)} figures")

        params = [word for key in FIVE for word in ("--params", key)]
        figures = "disclosed_values,coverage:non_user:targeted_advertising,depth_mean:objecting"
        draws, rows = study(outflow, options.people, f"{home}/s", *params, "--method", "sobol", "--draws", "32", "--output", figures)
        parameters, _, y = arrays(draws, rows)
        problem = {"num_vars": len(parameters), "names": parameters, "bounds": [[0, 1]] * len(parameters)}
        for figure, values in y.items():
            if values.min() == values.max():
                # SALib divides by nothing there: here there is no index.
                columns = ("policy", "metric", "population", "purpose")
                mine = [r["value"] for r in rows if tuple(r[c] for c in columns) == figure]
                if any(mine):
                    failures.append(f"sobol: {figure} never varies, and has indices")
                continue
            found = sobol.analyze(dict(problem), values, calc_second_order=False, num_resamples=1000, seed=1)
            for index, theirs in (("first_order", "S1"), ("total_order", "ST")):
                n, ours = compare(rows, figure, parameters, index, found[theirs], 1.0, failures, "sobol")
                count += n
                for parameter, half in zip(parameters, found[f"{theirs}_conf"]):
                    width = float(ours[parameter]["hi"]) - float(ours[parameter]["lo"])
                    if abs(width - 2 * half) > 0.25 * 2 * half + 1e-9:
                        failures.append(f"sobol: interval of {index} of {parameter}: {width} wide here, {2 * half} by SALib")
        print(f"sobol: {len(parameters)} parameters, {len(draws)} points, {len(y)} figures")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{count} indices, {len(failures)} differ")
    return 1 if failures or count < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
