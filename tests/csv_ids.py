"""What pandas makes of ids in CSV: `outflow validate` must warn of each id that is not read back as it is, and say why.

    python3 tests/csv_ids.py --outflow target/debug/outflow
"""

import argparse
import io
import subprocess
import sys
from pathlib import Path

import pandas as pd

BASE = (Path(__file__).parent / "diagnostics" / "base.toml").read_text()
IDS = """NA nan NaN null NULL None none -nan -NaN Nan na true True TRUE false 1e5 1E5 2016-09 -x +1 007 1.5 inf -inf Infinity .5 5.
1_000 0x10 1e e5 1-2 mar1 sept-2 FR DE cnil-2017 opt-out v1.2 x NAM ROW a+b""".split()


def read(*ids, **options):
    """A column of these ids, as pandas reads it."""
    table = "policy,value\n" + "".join(f"{i},1\n" for i in ids)
    return pd.read_csv(io.StringIO(table), **options)["policy"].tolist()


def warning(outflow, identifier):
    """What `validate` says of a policy with this id, on one line."""
    scenario = BASE.replace('id = "opt-out"', f'id = "{identifier}"')
    said = subprocess.run([outflow, "validate", "-"], input=scenario, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return " ".join(said.stderr.split())


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--outflow", default="target/release/outflow")
    args = args.parse_args()
    wrong = []
    for i in IDS:
        text = warning(args.outflow, i)
        alone, mixed = read(i)[0], read(i, "opt-out")[0]
        if not isinstance(mixed, str):
            fits = "pandas reads it as a missing value" in text and "keep_default_na=False" in text
        elif not isinstance(alone, str):
            fits = "where all of a column are" in text
        else:
            fits = "pandas reads it" not in text and "where all of a column" not in text
        # The advice works: with it every id comes back, and empty fields are missing all the same.
        advice = read(i, "opt-out", "", keep_default_na=False, na_values=[""])
        as_text = pd.read_csv(io.StringIO(f"policy,value\n{i},1\n"), dtype=str, keep_default_na=False)["policy"][0]
        if not fits or advice[:2] != [i, "opt-out"] or not pd.isna(advice[2]) or as_text != i:
            wrong.append(f"{i}: pandas reads {alone!r} alone, {mixed!r} among others; validate says: {text or 'nothing'}")
    for line in wrong:
        print(line)
    print(f"{len(IDS)} ids, pandas {pd.__version__}: {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
