"""Loading: the three files of an export as arrays, and what is left of the traffic when conversations are dropped.

Nothing is assumed of how ids are built: people are numbered 0, 1, ... in the order of their ids for arithmetic only, and what the ids
themselves tell is looked at in `marks_ids.py` alone. Columns: docs/FORMAT.md, "Records of an export".
"""

import subprocess
import sys
import tomllib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

DIRECT = "('text_message', 'photo_message', 'voice_message', 'video_message', 'other_message')"
TO_GROUP = "('group_text', 'group_photo', 'group_voice', 'group_video', 'group_other')"
ROOT = Path(__file__).resolve().parent.parent.parent
HOUR, DAY, WEEK = 3600.0, 86400.0, 604800.0


@dataclass(frozen=True)
class Trace:
    """Who wrote to whom and when, in order of time; seconds count from midnight UTC of the first day.

    `src`, `dst`, `time`, `conversation`: messages from one person to one person. `sender`, `sent_at`: all that people sent, of a full export
    those to groups too.
    """

    people: int
    days: int
    src: np.ndarray
    dst: np.ndarray
    time: np.ndarray
    conversation: np.ndarray
    sender: np.ndarray
    sent_at: np.ndarray

    @staticmethod
    def of(src, dst, time, *, people=None, days=None, conversation=None):
        """A trace from bare columns, of people who write to one another only."""
        src, dst, time = np.asarray(src, np.int64), np.asarray(dst, np.int64), np.asarray(time, float)
        order = np.argsort(time, kind="stable")
        src, dst, time = src[order], dst[order], time[order]
        conversation = np.zeros(len(src), np.uint64) if conversation is None else np.asarray(conversation, np.uint64)[order]
        people = int(max(src.max(), dst.max())) + 1 if people is None else people
        days = int(time.max() // DAY) + 1 if days is None else days
        return Trace(people, days, src, dst, time, conversation, src, time)

    def thinned(self, share):
        """What the traces would have of it: messages to one person, of a `share` of the conversations, all of each or none, by a hash of
        their ids."""
        on = kept(self.conversation, share)
        src, time = self.src[on], self.time[on]
        return replace(self, src=src, dst=self.dst[on], time=time, conversation=self.conversation[on], sender=src, sent_at=time)

    @cached_property
    def pair(self):
        """One number for the two people of each message, whoever wrote."""
        return np.minimum(self.src, self.dst) * self.people + np.maximum(self.src, self.dst)

    @cached_property
    def ties(self):
        """Pairs that wrote: lower and higher person, messages, and how many of them the lower one wrote."""
        key, at, weight = np.unique(self.pair, return_inverse=True, return_counts=True)
        by_lower = np.bincount(at, weights=self.src < self.dst, minlength=len(key))
        return key // self.people, key % self.people, weight, by_lower

    @cached_property
    def arrows(self):
        """Directed ties: writer, reader, messages."""
        key, weight = np.unique(self.src * self.people + self.dst, return_counts=True)
        return key // self.people, key % self.people, weight


@dataclass(frozen=True)
class World:
    """An export: people (one row each, in order of their ids), entries of books and members of groups as numbers of such rows."""

    people: pd.DataFrame
    owner: np.ndarray
    contact: np.ndarray
    groups: list
    trace: Trace
    group_ids: np.ndarray = None

    @cached_property
    def user(self):
        return self.people.is_user.to_numpy(bool)

    @cached_property
    def country(self):
        return self.people.jurisdiction.astype("category").cat.codes.to_numpy()

    @cached_property
    def books(self):
        """Entries as sorted numbers, for looking up whether somebody lists somebody."""
        return np.sort(self.owner * len(self.people) + self.contact)

    def lists(self, a, b):
        """Whether b stands in a's book."""
        return member(self.books, a * len(self.people) + b)

    @cached_property
    def writes(self):
        """Ties as sorted numbers."""
        low, high, _, _ = self.trace.ties
        return low * len(self.people) + high

    def write(self, a, b):
        """Whether a and b wrote, either to the other."""
        return member(self.writes, np.minimum(a, b) * len(self.people) + np.maximum(a, b))


def member(sorted_keys, keys):
    """For each key, whether it is among the sorted ones."""
    if not len(sorted_keys):
        return np.zeros(len(keys), bool)
    return sorted_keys[np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)] == keys


def kept(ids, share):
    """A fair coin of weight `share` for each id (finaliser of MurmurHash3), the same wherever the id occurs."""
    x = np.asarray(ids, np.uint64).copy()
    with np.errstate(over="ignore"):
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            x = (x ^ (x >> np.uint64(33))) * np.uint64(factor)
    return ((x ^ (x >> np.uint64(33))) >> np.uint64(11)) < share * 2.0**53


def refuse(why):
    print(why, file=sys.stderr)
    raise SystemExit(2)


def make(outflow, folder, people, days, seed, country, extra=()):
    """Exports the world of cnil-2017 with all people in one country, or in the countries of the scenario for `all`."""
    file = ROOT / "scenarios" / "cnil-2017.toml"
    codes = [j["code"] for j in tomllib.loads(file.read_text(encoding="utf-8"))["jurisdiction"]]
    if country not in [*codes, "all"]:
        refuse(f"--country: {country} is none of {', '.join(codes)}, all")
    shares = [] if country == "all" else [f"jurisdiction.{c}.share={int(c == country)}" for c in codes]
    command = [str(outflow), "export", str(file), "--people", str(people), "--days", str(days), "--policy", "security-only",
               *([] if seed is None else ["--seed", str(seed)]), *(x for s in [*shares, *extra] for x in ("--set", s)),
               "--quiet", "--to", str(folder)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        refuse(f"{' '.join(command)}\n{done.stderr}")


def load(folder):
    """Reads people, events and address_books of an export."""
    folder = Path(folder)
    db = duckdb.connect()
    db.execute("set threads = 1; set TimeZone = 'UTC'; set preserve_insertion_order = true")
    for table in ("people", "events", "address_books"):
        if not (folder / f"{table}.parquet").is_file():
            refuse(f"{folder} is no export: {table}.parquet is missing")
        file = str(folder / f"{table}.parquet").replace("'", "''")
        db.execute(f"create view {table} as select * from read_parquet('{file}', file_row_number = true)")
    people = db.execute("select * exclude (left_on) from people order by person_id").df()
    ids = people.person_id.to_numpy(np.uint64)

    def number(column):
        return np.searchsorted(ids, np.asarray(column, np.uint64))

    start, days = db.execute("select epoch_ms(date_trunc('day', min(time))), date_diff('day', min(time), max(time)) + 1 from events").fetchone()
    start, days = start or 0, days or 1  # no event at all
    rows = db.execute(f"""select actor, counterparties[1] as other, (epoch_ms(time) - {start}) / 1000.0 as t, conversation_id
        from events where kind in {DIRECT} order by time, event_id""").fetchnumpy()
    sent = db.execute(f"""select actor, (epoch_ms(time) - {start}) / 1000.0 as t
        from events where kind in {DIRECT} or kind in {TO_GROUP} order by time, event_id""").fetchnumpy()
    trace = Trace(len(people), int(days), number(rows["actor"]), number(rows["other"]), rows["t"].astype(float),
                  np.asarray(rows["conversation_id"], np.uint64), number(sent["actor"]), sent["t"].astype(float))
    book = db.execute("select owner, contact from address_books order by file_row_number").fetchnumpy()
    groups = db.execute(f"""select group_id, any_value([actor]::ubigint[] || counterparties) as members
        from events where kind in {TO_GROUP} group by group_id order by group_id""").fetchnumpy()
    return World(people, number(book["owner"]), number(book["contact"]), [number(m) for m in groups["members"]], trace,
                 np.asarray(groups["group_id"], np.uint64))
