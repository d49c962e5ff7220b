#!/usr/bin/env python3
"""Every kind of Parquet file that the program writes, opened, filtered, sorted and taken from by the readers that people have.

Makes a small run, two exports and two samples (one of each with days that are missing, one with no disclosure at all), and lets
an old pyarrow (14), the newest one, pandas upon both, polars and DuckDB read them. Of every file each reader must give the same
columns, types and rows; filter every column of text by each of some values; sort by every such column and by all; and take rows
by number. Where a table is there as CSV too, that has the same values. Prints a line for each reader and one for each thing
that differs. Exit code: 0 all the same, 1 something differs, 2 the program or pip did not run.

    tests/readers.py --outflow target/debug/outflow

The readers live in two environments under target/readers, which are made if they are not there: `old` must be a Python that
has wheels of pyarrow 14 (3.8 to 3.12). By hand, in an environment each (--old and --new name the Pythons of two that exist):

    pip install 'pyarrow==14.0.2' 'numpy<2' 'pandas==2.1.4'
    pip install --upgrade pyarrow pandas polars duckdb blake3
"""

import argparse
import concurrent.futures
import csv
import datetime
import hashlib
import io
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
OLD = ["pyarrow==14.0.2", "numpy<2", "pandas==2.1.4"]
# BLAKE3 is for tests/part_readers.py.
NEW = ["pyarrow", "pandas", "polars", "duckdb", "blake3"]
READERS = [("old", "pyarrow"), ("old", "pandas"), ("new", "pyarrow"), ("new", "pandas"), ("new", "polars"), ("new", "duckdb")]
VALUES = 3  # values of a column of text that are filtered by: the first, the last and one between, and one that is not there
ABSENT = "no such value"
# What docs/FORMAT.md calls the types, by what the readers call them.
TYPES = {
    "str": {"large_string", "str", "string", "VARCHAR", "String"},
    "u64": {"uint64", "UBIGINT", "UInt64"},
    "u32": {"uint32", "UINTEGER", "UInt32"},
    "f64": {"double", "DOUBLE", "Float64"},
    "bool": {"bool", "BOOLEAN", "Boolean"},
    "date": {"date32[day]", "DATE", "Date"},
    "timestamp[ms, UTC]": {"timestamp[ms, tz=UTC]", "TIMESTAMP WITH TIME ZONE", "Datetime(time_unit='ms', time_zone='UTC')"},
    "list of u64": {"large_list<item: uint64>", "large_list<element: uint64>", "UBIGINT[]", "List(UInt64)"},
}


# ---- what every reader does, in a process of its environment -------------------------------------------------------------------


def plain(value):
    """A value as text that does not depend on the reader."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "=" + value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(plain(v) for v in value) + "]"
    return str(value)


def digest(columns):
    """Of columns, each a list of values: how many rows, and what is in each column, in order."""
    rows = len(next(iter(columns.values()))) if columns else 0
    sums = {name: hashlib.sha256("\n".join(map(plain, v)).encode()).hexdigest()[:16] for name, v in columns.items()}
    return {"rows": rows, "columns": sums}


def some(values):
    """Values of a column of text to filter by."""
    values = sorted(set(values))
    return [*dict.fromkeys(values[(len(values) - 1) * i // (VALUES - 1)] for i in range(VALUES) if values), ABSENT]


def numbers(rows):
    """Rows to take, in no order, one of them twice."""
    return [(i * 7919 + 13) % rows for i in range(min(rows, 50))] + [0, 0, rows - 1] if rows else []


class PyArrow:
    """As a table, and through the filter of the Parquet reader."""

    def __init__(self, path):
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.csv
        import pyarrow.parquet as pq

        self.path, self.pa, self.pc, self.pq = path, pa, pc, pq
        self.table = pq.read_table(path)
        written = io.BytesIO()
        lists = [f.name for f in self.table.schema if pa.types.is_large_list(f.type) or pa.types.is_list(f.type)]
        pyarrow.csv.write_csv(self.table.drop_columns(lists) if lists else self.table, written)

    def types(self):
        return {f.name: str(f.type) for f in self.table.schema}

    def about(self):
        metadata = self.pq.read_metadata(self.path).metadata or {}
        return {k.decode(): v.decode() for k, v in metadata.items() if k.startswith(b"outflow.")}

    def columns(self, table=None):
        table = self.table if table is None else table
        return {name: table[name].to_pylist() for name in table.column_names}

    def filtered(self, name, value):
        pushed = self.columns(self.pq.read_table(self.path, filters=[(name, "=", value)]))
        among = self.columns(self.pq.read_table(self.path, filters=[(name, "in", [value])]))
        table = self.columns(self.table.filter(self.pc.equal(self.table[name], value)))
        assert pushed == table == among, f"{name} = {value!r} gives {len(pushed[name])} or {len(table[name])} rows"
        return table

    def sorted(self, names):
        return self.columns(self.table.sort_by([(name, "ascending") for name in names]))

    def taken(self, rows):
        return self.columns(self.table.take(self.pa.array(rows, type=self.pa.int64())))


class Pandas:
    """With its own types for what may be missing: its default ones make such whole numbers floats."""

    def __init__(self, path):
        import pandas as pd

        self.pd, self.path = pd, path
        self.frame = self.read()
        assert len(pd.read_parquet(path)) == len(self.frame)

    def read(self, **options):
        return self.pd.read_parquet(self.path, dtype_backend="numpy_nullable", **options)

    def types(self):
        return None  # several of ours are `object` to it

    def about(self):
        return None

    def columns(self, frame=None):
        def value(v):
            if hasattr(v, "tolist") and getattr(v, "ndim", 0) > 0:
                return v.tolist()
            if v is None or v is self.pd.NA or v is self.pd.NaT or isinstance(v, float) and math.isnan(v):
                return None
            return v.to_pydatetime() if isinstance(v, self.pd.Timestamp) else v.item() if hasattr(v, "item") else v

        frame = self.frame if frame is None else frame
        return {name: [value(v) for v in frame[name]] for name in frame.columns}

    def filtered(self, name, value):
        pushed = self.read(filters=[(name, "=", value)])
        default = self.pd.read_parquet(self.path, filters=[(name, "=", value)])
        frame = self.frame[self.frame[name] == value]
        assert len(pushed) == len(frame) == len(default), f"{name} = {value!r} gives {len(pushed)} or {len(frame)} rows"
        return self.columns(frame)

    def sorted(self, names):
        return self.columns(self.frame.sort_values(list(names), na_position="last", kind="stable"))

    def taken(self, rows):
        return self.columns(self.frame.iloc[rows])


class Polars:
    """Eagerly, and scanned."""

    def __init__(self, path):
        import polars as pl

        self.pl, self.path = pl, path
        self.frame = pl.read_parquet(path)

    def types(self):
        return {name: str(dtype) for name, dtype in self.frame.schema.items()}

    def about(self):
        return {k: v for k, v in self.pl.read_parquet_metadata(self.path).items() if k.startswith("outflow.")}

    def columns(self, frame=None):
        return (self.frame if frame is None else frame).to_dict(as_series=False)

    def filtered(self, name, value):
        frame = self.frame.filter(self.pl.col(name) == value)
        scanned = self.pl.scan_parquet(self.path).filter(self.pl.col(name) == value).collect()
        assert scanned.equals(frame), f"{name} = {value!r} gives {len(scanned)} or {len(frame)} rows"
        return self.columns(frame)

    def sorted(self, names):
        return self.columns(self.frame.sort(names, nulls_last=True, maintain_order=True))

    def taken(self, rows):
        return self.columns(self.frame[rows])


class DuckDb:
    """With SQL, from the file."""

    def __init__(self, path):
        import duckdb

        self.db = duckdb.connect()
        self.db.execute("SET TimeZone = 'UTC'")
        self.file = f"read_parquet('{path}', file_row_number = true)"
        self.path = path
        self.names = [row[0] for row in self.db.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]

    def types(self):
        return {row[0]: row[1] for row in self.db.execute(f"DESCRIBE SELECT * FROM '{self.path}'").fetchall()}

    def about(self):
        rows = self.db.execute(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{self.path}')").fetchall()
        return {k: v for k, v in rows if k.startswith("outflow.")}

    def columns(self, after="", parameters=(), order="file_row_number"):
        # A moment with a zone would need pytz: as milliseconds, and back.
        moments = {name for name, kind in self.types().items() if kind == "TIMESTAMP WITH TIME ZONE"}
        listed = ", ".join(f'epoch_ms("{n}")' if n in moments else f'"{n}"' for n in self.names)
        rows = self.db.execute(f"SELECT {listed} FROM {self.file} {after} ORDER BY {order}", list(parameters)).fetchall()
        back = lambda n, v: datetime.datetime.fromtimestamp(v / 1000, datetime.timezone.utc) if n in moments else v
        return {name: [back(name, row[i]) for row in rows] for i, name in enumerate(self.names)}

    def filtered(self, name, value):
        return self.columns(f'WHERE "{name}" = ?', [value])

    def sorted(self, names):
        return self.columns(order=", ".join([*(f'"{name}" ASC NULLS LAST' for name in names), "file_row_number"]))

    def taken(self, rows):
        listed = ", ".join(f"({at}, {row})" for at, row in enumerate(rows)) or "(0, -1)"
        return self.columns(f"JOIN (VALUES {listed}) taken(place, number) ON number = file_row_number", order="place")


def read(kind, path):
    """What a reader makes of a file, as digests that another's are compared with."""
    reader = {"pyarrow": PyArrow, "pandas": Pandas, "polars": Polars, "duckdb": DuckDb}[kind](path)
    columns = reader.columns()
    texts = [name for name, values in columns.items() if any(isinstance(v, str) for v in values)]
    keys = [name for name, values in columns.items() if not any(isinstance(v, (list, tuple)) for v in values)]
    if not next(iter(columns.values())):
        # No value tells what is text: all that can be asked of nothing is asked of the first column.
        texts, keys = [], keys[:1]
    found = {"all": digest(columns), "types": reader.types(), "about": reader.about()}
    for name in texts:
        for value in some(columns[name]):
            found[f"filter {name} = {value}"] = digest(reader.filtered(name, value))
        # Rows with the same value are in any order; the column is not.
        found[f"sort by {name}"] = digest({name: reader.sorted([name])[name]})
    found["sort by all"] = digest(reader.sorted(keys))
    rows = numbers(len(columns[keys[0]]))
    found["take"] = digest(reader.taken(rows))
    return found


def main_of_reader(kind, paths):
    """Reads, and says what was found as JSON."""
    module = __import__(kind)
    found = {"version": module.__version__, "files": {}}
    for path in paths:
        try:
            found["files"][path] = read(kind, path)
        except Exception as error:  # noqa: BLE001: whatever a reader says of a file is what is to be told
            found["files"][path] = {"error": f"{type(error).__name__}: {str(error).splitlines()[0]}"}
    json.dump(found, sys.stdout)


# ---- what compares them ----------------------------------------------------------------------------------------------------------


def environment(name, requirements, python):
    """The Python of an environment under target/readers."""
    folder = ROOT / "target" / "readers" / name
    made = folder / "bin" / "python"
    stamp = folder / "requirements"
    asked = "\n".join(requirements)
    if not made.exists() or not stamp.exists() or stamp.read_text() != asked:
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", *requirements], check=True)
        stamp.write_text(asked)
    return made


def make(outflow, folder):
    """All kinds of Parquet file, by what they are."""

    def run(*arguments):
        ended = subprocess.run([outflow, *map(str, arguments)], cwd=folder, capture_output=True, text=True)
        if ended.returncode:
            sys.exit(f"{' '.join(map(str, arguments))} ended with {ended.returncode}:\n{ended.stderr}") or 2

    cnil, uninstall = ROOT / "scenarios" / "cnil-2017.toml", ROOT / "scenarios" / "uninstall.toml"
    # A policy that lets nothing out, for tables without a row.
    silent = folder / "silent.toml"
    silent.write_text(cnil.read_text() + '\n[[policy]]\nid = "nothing"\ntitle = "Nothing at all"\nsource = "a test"\n'
                      '[[policy.rule]]\neffect = "forbid"\n')
    run("run", cnil, "--people", 2000, "--days", 2, "--quiet", "--output", "run")
    run("export", uninstall, "--people", 120, "--days", 2, "--quiet", "--to", "export")
    run("export", silent, "--policy", "nothing", "--people", 200, "--days", 1, "--quiet", "--to", "export-nothing")
    run("sample", cnil, "--policy", "opt-out", "--jurisdiction", "FR", "--people", 40, "--days", 2, "--to", "sample")
    run("sample", silent, "--policy", "nothing", "--jurisdiction", "FR", "--people", 40, "--days", 1, "--to", "sample-nothing")
    return sorted(str(path) for path in folder.rglob("*.parquet"))


def differences(name, found, first, expected):
    """What a reader found otherwise than the first one."""
    if "error" in found:
        return [f"{name}: {found['error']}"]
    lines = []
    for what, theirs in expected.items():
        ours = found.get(what)
        if what == "types":
            for column, kind in (ours or {}).items():
                if not any(kind in same and theirs[column] in same for same in TYPES.values()):
                    lines.append(f"{name}: column {column} is {kind}, and {theirs[column]} in {first}")
        elif what == "about":
            if ours is not None and ours != theirs:
                lines.append(f"{name}: its metadata are {ours}, and {theirs} in {first}")
        elif ours is None:
            lines.append(f"{name}: no `{what}`")
        elif ours["rows"] != theirs["rows"]:
            lines.append(f"{name}: `{what}` gives {ours['rows']} rows, and {theirs['rows']} in {first}")
        elif ours != theirs:
            columns = [c for c in theirs["columns"] if theirs["columns"][c] != ours["columns"].get(c)]
            lines.append(f"{name}: `{what}` gives other values in {', '.join(columns)} than {first}")
    lines += [f"{name}: `{what}`, which {first} lacks" for what in found if what not in expected]
    return lines


def as_csv(path, types):
    """The digest of a table's CSV, values read as what the Parquet file says they are; none if there is no such file."""
    file = pathlib.Path(path).with_suffix(".csv")
    if not file.exists():
        return None
    with file.open(newline="", encoding="utf-8") as lines:
        head, *rows = csv.reader(lines)

    def value(column, text):
        kind = next(name for name, same in TYPES.items() if types[column] in same)
        if kind == "str":
            return text
        if text == "":
            return None
        return {"u64": int, "u32": int, "f64": float, "bool": {"true": True, "false": False}.get,
                "date": datetime.date.fromisoformat}[kind](text)

    return digest({column: [value(column, row[i]) for row in rows] for i, column in enumerate(head)})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outflow", type=pathlib.Path, default=ROOT / "target" / "debug" / "outflow", help="the program")
    parser.add_argument("--python", default=sys.executable, help="the Python that environments are made of (default: this one)")
    parser.add_argument("--old", help="a Python with the old readers, instead of target/readers/old")
    parser.add_argument("--new", help="a Python with the newest readers, instead of target/readers/new")
    parser.add_argument("--folder", type=pathlib.Path, help="read the Parquet files of this folder, instead of making some")
    parser.add_argument("--read", metavar="READER", help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        return main_of_reader(options.read, options.paths)

    begun = time.monotonic()
    try:
        pythons = {
            "old": options.old or environment("old", OLD, options.python),
            "new": options.new or environment("new", NEW, options.python),
        }
    except subprocess.CalledProcessError as error:
        print(f"error: {error}\n  help: pyarrow 14 needs Python 3.8 to 3.12: --python, or --old and --new", file=sys.stderr)
        return 2
    print(f"environments in {time.monotonic() - begun:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        if options.folder:
            folder = options.folder.resolve()
            paths = sorted(str(path) for path in folder.rglob("*.parquet"))
        else:
            paths = make(options.outflow.resolve(), pathlib.Path(folder).resolve())
        print(f"{len(paths)} files in {time.monotonic() - begun:.1f} s")
        failed = compare(pythons, paths, pathlib.Path(folder).resolve())
    return 1 if failed or not paths else 0


def compare(pythons, paths, folder):
    """Lets all readers read, and prints what differs; gives how much does."""

    def ask(reader):
        begun = time.monotonic()
        command = [pythons[reader[0]], __file__, "--read", reader[1], *paths]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode:
            return reader, {"version": "", "files": {}, "failed": ended.stderr.strip().splitlines()[-1:]}, 0.0
        return reader, json.loads(ended.stdout), time.monotonic() - begun

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, READERS))
    lines, first, expected = [], None, None
    for (_, kind), found, seconds in answers:
        name = f"{kind} {found['version']}"
        lines += [f"{name} could not be asked: {line}" for line in found.get("failed", [])]
        asked = sum(len(f) for f in found["files"].values())
        rows = sum(f["all"]["rows"] for f in found["files"].values() if "all" in f)
        print(f"{name}: {len(found['files'])} files, {rows:,} rows, {asked} answers in {seconds:.1f} s")
        # The newest pyarrow sees all types and metadata; the others are held to it.
        if kind == "pyarrow":
            first, expected = name, found["files"]
    for (_, kind), found, _ in answers:
        name = f"{kind} {found['version']}"
        for path in paths:
            where = str(pathlib.Path(path).relative_to(folder))
            if "error" in expected.get(path, {"error": ""}):
                lines += [f"{where}: {name}: {found['files'].get(path, {}).get('error', 'not read')}"]
                continue
            lines += [f"{where}: {line}" for line in differences(name, found["files"].get(path, {}), first, expected[path])]
    for path in paths:
        if "types" not in expected.get(path, {}):
            continue
        where = str(pathlib.Path(path).relative_to(folder))
        types = expected[path]["types"]
        lines += [f"{where}: column {c} is {t}, which nothing in docs/FORMAT.md is" for c, t in types.items()
                  if not any(t in same for same in TYPES.values())]
        text = as_csv(path, types)
        if text is not None and text != expected[path]["all"]:
            lines.append(f"{where}: the CSV has other values")
    for line in lines:
        print(f"FAIL {line}")
    if not lines:
        print("ok   every reader reads, filters, sorts and takes the same")
    return len(lines)


if __name__ == "__main__":
    sys.exit(main())
