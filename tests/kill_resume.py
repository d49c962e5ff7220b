#!/usr/bin/env python3
"""Kills runs at random moments and goes on with them: the results are those of an undisturbed run, byte for byte.

    tests/kill_resume.py --outflow target/debug/outflow [--kills 300] [--shard-kills 100] [--seed 1] [--people 3000] [--days 4] [--replicates 3]

Besides: checkpoints that are cut short or have a bit flipped (named, and the run begins anew), a scenario that was changed (refused, and what differs is
said), a second run into the same folder (refused), an interrupt (ends within a second, keeps the checkpoint), other numbers of threads after each kill,
a disk that is full (the run ends all the same).

Shards likewise: one that is killed leaves nothing, or the part of a shard before it, under the name of its part; made again it has the same bytes, on any
number of threads; and the merged parts give the tables of the undisturbed run, with a merge that was killed before. Needs nothing but Python.
"""

import argparse
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONTROL = Path(".outflow/checkpoint")


class Trial:
    """Runs of one scenario into folders of their own."""

    def __init__(self, args, home):
        self.args, self.home = args, Path(home)
        self.command = [str(Path(args.outflow).resolve()), "run", "cnil-2017", "--people", str(args.people), "--days", str(args.days),
                        "--replicates", str(args.replicates), "--set", "world.community_size=128", "--quiet"]
        self.failed = 0

    def start(self, folder, *options, threads=2, **more):
        return subprocess.Popen([*self.command, "--output", str(folder), "--threads", str(threads), *options], cwd=self.home,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more)

    def finish(self, folder, *options, **more):
        process = self.start(folder, *options, **more)
        _, said = process.communicate(timeout=600)
        return process.returncode, said

    def files(self, folder):
        """All that must not differ: tables, charts but that of speed, the scenario; and the digest of the results."""
        names = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in (".csv", ".parquet", ".toml", ".svg"))
        inside = [p for p in names if not p.relative_to(folder).parts[0].startswith("outflow-results-")]
        kept = {str(p.relative_to(folder)): p.read_bytes() for p in inside}
        return kept | {"digest": json.loads((folder / "manifest.json").read_text())["results_digest"]}

    def check(self, what, fine, why=""):
        self.failed += not fine
        if not fine:
            print(f"FAIL {what}: {why}")

    def same(self, what, folder, want):
        got = self.files(folder) if (folder / "manifest.json").exists() else {}
        self.check(what, got == want, [name for name in want if got.get(name) != want[name]])
        self.check(what, not (folder / ".outflow").exists(), "something is left in .outflow")
        # Of a run that was killed when its results were complete, and not yet in place: they are whole, too.
        for refuge in folder.glob("outflow-results-*"):
            self.check(f"{what}: {refuge.name}", self.files(refuge) == want, "not the results")


def shards(trial, luck, kills, want, took):
    """Kills shards, and merges, at random moments."""
    folder, of = trial.home / "shards", 4
    folder.mkdir()
    program, run, *options = trial.command
    assert run == "run"

    def shard(number, name, threads=2, **more):
        command = [program, "shard", *options, "--shard", str(number), "--of", str(of), "--to", str(folder / name), "--threads", str(threads)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more)

    parts = {}
    for number in range(of):
        process = shard(number, f"{number}.arrow")
        _, said = process.communicate()
        if process.returncode != 0:
            sys.exit(f"the undisturbed shard failed: {said}")
        parts[number] = (folder / f"{number}.arrow").read_bytes()
    killed, over, made = 0, 0, 0
    while killed < kills:
        number = luck.randrange(of)
        # Half of the time over the part of an earlier call: it stays until the new one is whole.
        name = luck.choice([f"{number}.arrow", "new.arrow"])
        before = (folder / name).read_bytes() if (folder / name).exists() else None
        process = shard(number, name, luck.choice([1, 2, 3, 7]))
        try:
            _, said = process.communicate(timeout=luck.uniform(0, 1.2 * took / of))
            trial.check("a shard", process.returncode == 0, said)
            made += 1
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
            over += before is not None
        found = (folder / name).read_bytes() if (folder / name).exists() else None
        # It may have ended just before the signal.
        trial.check(f"a shard that was killed, {killed}", found in (before, parts[number]), "neither the part before nor the new one")
        if name == "new.arrow" and found is not None:
            (folder / name).unlink()
    for number in range(of):
        # What killed shards left unfinished is no part, and is not in the way.
        (folder / f"{number}.arrow").unlink()
        process = shard(number, f"{number}.arrow", luck.choice([1, 2, 3, 7]))
        _, said = process.communicate()
        trial.check("a shard again", process.returncode == 0 and (folder / f"{number}.arrow").read_bytes() == parts[number], said)
    names = [str(folder / f"{number}.arrow") for number in range(of)]
    luck.shuffle(names)
    merges = 0
    for _ in range(1 + kills // 4):
        process = subprocess.Popen([program, "merge", *names, "--to", str(folder / "merged"), "--quiet"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        try:
            process.communicate(timeout=luck.uniform(0, 0.5 * took))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            merges += 1
    process = subprocess.run([program, "merge", *names, "--to", str(folder / "merged"), "--quiet"], capture_output=True, text=True)
    trial.check("a merge after kills", process.returncode == 0, process.stderr)
    trial.same("merged after kills", folder / "merged", want)
    process = shard(0, "interrupted.arrow")
    time.sleep(0.3 * took / of)
    process.send_signal(signal.SIGINT)
    process.communicate()
    left = [p.name for p in folder.iterdir() if p.name == "interrupted.arrow"]
    trial.check("an interrupted shard", process.returncode in (0, 130) and (process.returncode == 0) == bool(left), f"{process.returncode}: {left}")

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    process = shard(0, "full.arrow", preexec_fn=limit)
    _, said = process.communicate()
    trial.check("a full disk", process.returncode == 1 and "can't save" in said and not (folder / "full.arrow").exists(), said)
    print(f"{killed} shards killed, {over} of them over an earlier part, {made} that were not, {merges} merges killed: parts and merged tables byte for byte the same")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outflow", required=True)
    for name, default in [("kills", 20), ("shard-kills", 12), ("seed", 1), ("people", 3000), ("days", 4), ("replicates", 3)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    args = parser.parse_args()
    luck = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as home:
        trial = Trial(args, home)
        whole = trial.home / "whole"
        begun = time.monotonic()
        code, said = trial.finish(whole, "--checkpoint-every", "0")
        took = time.monotonic() - begun
        if code != 0:
            sys.exit(f"the undisturbed run failed: {said}")
        want = trial.files(whole)

        kills, resumed, folders, kept = 0, 0, 0, 0
        while kills < args.kills:
            folder, folders = trial.home / f"out{folders}", folders + 1
            for _ in range(100):
                options = ["--checkpoint-every", luck.choice(["0", "0.02", "0.1"])] + (["--resume"] if folder.exists() else [])
                process = trial.start(folder, *options, threads=luck.choice([1, 2, 3, 7]))
                try:
                    _, said = process.communicate(timeout=luck.uniform(0, 1.1 * took))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    _, said = process.communicate()
                    kills += 1
                    kept += (folder / CONTROL).exists()
                    continue
                trial.check("a run that was killed", process.returncode == 0, said)
                break
            else:
                trial.finish(folder, "--resume")
            resumed += 1
            trial.same(f"after kills (seed {args.seed}, folder {folders - 1})", folder, want)
        print(f"{kills} kills, {kept} of them with a checkpoint, {resumed} runs gone on with: compared byte for byte with an undisturbed one")

        shards(trial, luck, args.shard_kills, want, took)

        def stopped(folder):
            """A run that was killed with a checkpoint in place."""
            for _ in range(50):
                process = trial.start(folder, "--checkpoint-every", "0")
                deadline = time.monotonic() + took
                while not (folder / CONTROL).exists() and process.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.002)
                time.sleep(luck.uniform(0, 0.3 * took))
                process.kill()
                process.communicate()
                if (folder / CONTROL).exists():
                    return folder / CONTROL
            sys.exit("no run was stopped with a checkpoint in place")

        for number, harm in enumerate(["cut", "flip", "flip", "empty", "text"]):
            folder = trial.home / f"harm{number}"
            path = stopped(folder)
            data = bytearray(path.read_bytes())
            at = luck.randrange(len(data))
            if harm == "flip":
                data[at] ^= 1 << luck.randrange(8)
            path.write_bytes({"cut": data[:at], "flip": data, "empty": b"", "text": b"hello\n" * 99}[harm])
            code, said = trial.finish(folder, "--resume")
            trial.check(f"checkpoint: {harm}", code == 0 and "damaged" in said, said)
            trial.same(f"checkpoint: {harm}", folder, want)

        folder = trial.home / "changed"
        path = stopped(folder)
        before = path.read_bytes()
        code, said = trial.finish(folder, "--resume", "--set", "traffic.reply_share=0.5")
        trial.check("changed scenario", code == 2 and "traffic.reply_share" in said and "0.5" in said, said)
        code, said = trial.finish(folder, "--resume", "--seed", "99")
        trial.check("changed seed", code == 2 and "scenario.seed" in said, said)
        trial.check("refused", path.read_bytes() == before, "the checkpoint was touched")
        code, said = trial.finish(folder, "--resume")
        trial.same("changed back", folder, want)

        folder = trial.home / "busy"
        first = trial.start(folder, "--checkpoint-every", "0")
        while not (folder / ".outflow/lock").exists() and first.poll() is None:
            time.sleep(0.002)
        code, said = trial.finish(folder)
        trial.check("a second run", code == 2 and "is being written by another outflow" in said, said)
        first.communicate()
        trial.same("the first of two runs", folder, want)

        folder = trial.home / "interrupted"
        process = trial.start(folder, "--checkpoint-every", "0")
        while not (folder / CONTROL).exists() and process.poll() is None:
            time.sleep(0.002)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
        trial.check("interrupt", process.returncode == 130 and time.monotonic() - sent < 1 and "--resume" in said, said)
        trial.check("interrupt", (folder / CONTROL).exists(), "no checkpoint")
        code, said = trial.finish(folder, "--resume")
        trial.check("after an interrupt", code == 0 and "going on with an unfinished run" in said, said)
        trial.same("after an interrupt", folder, want)

        # Files of at most a kilobyte: no checkpoint can be kept, and in the end no results; nothing may be left half.
        folder = trial.home / "full"

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

        code, said = trial.finish(folder, "--checkpoint-every", "0", preexec_fn=limit)
        trial.check("a full disk", code == 1 and "can't be kept" in said and "can't write" in said, f"{code}: {said}")
        trial.check("a full disk", not (folder / "tables").exists(), "half of the results are there")
        trial.finish(folder, "--resume")
        trial.same("after a full disk", folder, want)
    print(f"{trial.failed} checks failed" if trial.failed else "all checks fine")
    return 1 if trial.failed else 0


if __name__ == "__main__":
    sys.exit(main())
