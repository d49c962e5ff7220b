#!/usr/bin/env python3
"""`outflow audit`, computed again by scipy and pandas from records.

    pip install 'numpy==2.*' 'scipy==1.*' 'pandas==2.*' 'pyarrow'
    tests/oracle/audit.py --outflow target/debug/outflow

Exports a small world, counts for each person what an order prohibits from its deadline on, and holds every probability and every least sample of `audit plan` to `scipy.stats`: the
hypergeometric distribution where it is fixed what leaks, and for a rate the mean over all samples (person by person) and the binomial mixture (record by record). Then writes a
sample, judges its rows by what the policy says in words, and holds the bounds of `audit check` to scipy's beta and hypergeometric distributions.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy
import pandas
from scipy import stats

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORLD = ["--days", "3", "--set", "scenario.start=2018-01-17"]
DEADLINE = "2018-01-18"
LEAKS = ["all", "policy", "0.001", "0.05", "kind=contact_sync", "kind=call", "people=0.02"]
failures = []
compared = 0


def run(outflow, *args, code=0):
    done = subprocess.run([outflow, *args], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"outflow {' '.join(args)} ended with {done.returncode}\n{done.stderr}")
    return done.stdout


def held(what, ours, theirs, tolerance=1e-9):
    global compared
    compared += 1
    if not (ours == theirs or abs(ours - theirs) <= tolerance * max(1.0, abs(theirs))):
        failures.append(f"{what}: {ours} here, {theirs} there")


def mean_over_samples(silent, n):
    """The mean, over all samples of n things, of the product of their probabilities of silence: thing by thing."""
    mean = numpy.zeros(n + 1)
    mean[0] = 1.0
    for i, q in enumerate(silent, start=1):
        with_it = numpy.arange(n + 1) / i
        shifted = numpy.concatenate([[0.0], mean[:-1]])
        mean = numpy.where(with_it <= 1, (1 - with_it) * mean + with_it * q * shifted, 0.0)
    return mean[n]


def miss(leak, unit, n, counts, days, rest):
    """Probability that a sample of n finds nothing."""
    rate = float(leak.split("=")[1]) if leak.startswith("rate=") else None
    things = {"people": counts, "days": days}.get(unit)
    if things is not None and rate is None:
        return stats.hypergeom(len(things), int((things > 0).sum()), n).pmf(0)
    if things is not None:
        return mean_over_samples(numpy.power(1 - rate, things.astype(float)), n)
    flows = int(counts.sum())
    if rate is None:
        return stats.hypergeom(rest + flows, flows, min(n, rest + flows)).pmf(0)
    leaked = numpy.arange(0, flows + 1)
    weights = stats.binom(flows, rate).pmf(leaked)
    keep = weights > 1e-18
    none = [stats.hypergeom(rest + k, k, min(n, rest + k)).pmf(0) for k in leaked[keep].tolist()]
    return float(numpy.dot(weights[keep], none))


def plans(outflow, people, folder):
    records = pathlib.Path(folder) / "records"
    run(outflow, "export", "cnil-2017", "--people", str(people), *WORLD, "--quiet", "--to", str(records))
    persons = pandas.read_parquet(records / "people.parquet")
    events = pandas.read_parquet(records / "events.parquet", columns=["event_id", "kind"])
    flows = pandas.read_parquet(records / "disclosures.parquet")
    ids = persons[persons.jurisdiction == "FR"].person_id.to_numpy()
    flows = flows[flows.subject.isin(ids) & (flows.time >= pandas.Timestamp(DEADLINE, tz="UTC"))].merge(events, on="event_id")
    prohibited = flows[(flows.purpose == "business_intelligence") & (flows.policy == "full-sharing")]
    for policy in ["security-only", "opt-out"]:
        leaks = [word for leak in LEAKS for word in ("--leak", leak)]
        asked = ["audit", "plan", "cnil-2017", "--policy", policy, "--order", "cnil-2017", "--people", str(people), *WORLD]
        found = json.loads(run(outflow, *asked, *leaks, "--draws", "2000", "--json"))
        plan = found["plan"]
        own = flows[flows.policy == policy]
        rest = int((own.purpose != "business_intelligence").sum())
        held(f"{policy}: people", plan["people"], len(ids))
        held(f"{policy}: other values", plan["other_values"], rest)
        for leak in plan["leaks"]:
            name = leak["leak"]
            some = prohibited
            if name == "policy":
                some = own[own.purpose == "business_intelligence"]
            if name.startswith("kind="):
                some = prohibited[prohibited.kind == name[5:]]
            counts = some.groupby("subject").size().reindex(ids, fill_value=0).to_numpy()
            dates = pandas.date_range(DEADLINE, periods=plan["days"], tz="UTC")
            days = some.groupby(some.time.dt.floor("D")).size().reindex(dates, fill_value=0).to_numpy()
            what = f"{policy}, {name}"
            if name.startswith("people="):
                # Who is chosen is drawn by the seed: how many must be right, within four standard errors.
                share, of = float(name[7:]), int((prohibited.groupby("subject").size() > 0).sum())
                held(what, leak["people"], of * share, 4 * math.sqrt(of * share * (1 - share)) / max(1.0, of * share))
                unit = leak["units"][0]
                for point in unit["curve"]:
                    held(f"{what}, {point['n']} people", point["probability"], 1 - stats.hypergeom(len(ids), leak["people"], point["n"]).pmf(0))
                continue
            held(f"{what}: values", leak["flows"], int(counts.sum()))
            held(f"{what}: people", leak["people"], int((counts > 0).sum()))
            for unit in leak["units"]:
                for point in unit["curve"]:
                    n = point["n"]
                    held(f"{what}, {n} {unit['unit']}", point["probability"], 1 - miss(name, unit["unit"], n, counts, days, rest), 1e-8)
                    of = unit["of"]
                    if of > 0:
                        most = round(point["bound"] * of)
                        hidden = lambda k: stats.hypergeom(of, k, min(n, of)).pmf(0)
                        right = (most == 0 or hidden(most) > 0.05 - 1e-9) and (most >= of - n or hidden(most + 1) <= 0.05 + 1e-9)
                        held(f"{what}: bound at {n} of {of} {unit['unit']}", right, True)
                least = unit["least"]
                if least is None:
                    continue
                p = 1 - miss(name, unit["unit"], least, counts, days, rest)
                held(f"{what}: least {unit['unit']} is enough", p >= 0.95 - 1e-9, True)
                if least > 1:
                    fewer = 1 - miss(name, unit["unit"], least - 1, counts, days, rest)
                    held(f"{what}: one fewer of {unit['unit']} is not", fewer < 0.95 + 1e-9, True)
                error = math.sqrt(max(p * (1 - p), 0) / 2000)
                if unit["drawn"] is not None:
                    held(f"{what}: drawn {unit['unit']}", unit["drawn"], p, 5 * error + 1e-9)


def checks(outflow, people, folder):
    sample = str(pathlib.Path(folder) / "sample")
    run(outflow, "sample", "cnil-2017", "--policy", "opt-out", "--jurisdiction", "FR", "--people", "120", *WORLD, "--set", f"scenario.people={people}", "--quiet", "--to", sample)
    rows = pandas.read_parquet(pathlib.Path(sample) / "disclosures.parquet")
    drawn = pandas.read_parquet(pathlib.Path(sample) / "people.parquet")
    late = rows.time >= pandas.Timestamp(DEADLINE, tz="UTC")
    cases = [
        ("security-only", [], rows.purpose != "security"),
        ("opt-out", [], rows.purpose == "nothing"),
        ("opt-out", ["--order", "cnil-2017"], late & (rows.purpose == "business_intelligence")),
    ]
    for policy, more, wrong in cases:
        for confidence in [0.9, 0.95, 0.99]:
            of = 500
            asked = ["audit", "check", sample, "--policy", policy, *more, "--confidence", str(confidence), "--json"]
            code = 1 if wrong.any() else 0
            found = json.loads(run(outflow, *asked, code=code))["sample"]
            finite = json.loads(run(outflow, *asked, "--population", str(of), code=code))["sample"]
            n, x = len(drawn), rows[wrong].subject.nunique()
            what = f"{policy} {' '.join(more)} at {confidence}"
            held(f"{what}: rows", found["rows_in_breach"], int(wrong.sum()))
            held(f"{what}: people", found["people_in_breach"], x)
            held(f"{what}: unclear", found["rows_unclear"], 0)
            held(f"{what}: upper", found["people_share_at_most"], stats.beta.ppf(confidence, x + 1, n - x) if x < n else 1.0)
            held(f"{what}: lower", found["people_share_at_least"], stats.beta.ppf(1 - confidence, x, n - x + 1) if x > 0 else 0.0)
            most = max(k for k in range(x, of - (n - x) + 1) if stats.hypergeom(of, k, n).cdf(x) > 1 - confidence)
            held(f"{what}: of {of}", finite["population_in_breach_at_most"], most)
            m = rows.groupby("subject").size().to_numpy().astype(float)
            y = wrong.groupby(rows.subject).sum().to_numpy().astype(float)
            worth = float(len(m))
            if 0 < y.sum() < m.sum():
                r, k = y.sum() / m.sum(), len(m)
                variance = k / (k - 1) * ((y - r * m) ** 2).sum() / m.sum() ** 2
                worth = min(r * (1 - r) / variance, m.sum())
            held(f"{what}: effective rows", found["effective_rows"], worth, 1e-9)
            some = worth * y.sum() / m.sum()
            held(f"{what}: share of rows", found["rows_share_at_most"], stats.beta.ppf(confidence, some + 1, worth - some), 1e-8)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outflow", default="target/debug/outflow")
    parser.add_argument("--people", type=int, default=1000)
    args = parser.parse_args()
    outflow = str((ROOT / args.outflow).resolve())
    with tempfile.TemporaryDirectory() as folder:
        plans(outflow, args.people, folder)
        checks(outflow, args.people, folder)
    if failures:
        sys.exit("\n".join(failures[:40]) + f"\n{len(failures)} of {compared} figures differ")
    print(f"{compared} figures of `audit` are those of scipy")


if __name__ == "__main__":
    main()
