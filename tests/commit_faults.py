#!/usr/bin/env python3
"""Results folders under attack, from outside: every system call of a commit fails, or is the last; signals come at any time; power goes.

    python3 tests/commit_faults.py --outflow target/debug/outflow            all of it (some ten minutes)
    python3 tests/commit_faults.py --outflow target/debug/outflow --quick    a sample (under two minutes)

Needs strace. The images of a loss of power need the right to mount a loop device (and mkfs.ext4); where there is none, that part says so and
is left out (src/output/staging/power_loss.rs tries every moment in a model of a disk).

After each attack: `outflow verify` finds old or new results whole, a file of the user's among them is untouched, a run that ended well has
left the new ones, the next run works, and nothing is left behind.
"""

import argparse
import collections
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "cnil-2017.toml"
# What changes files and folders, or says what is there. (Failing reads and looks may refuse a run; they must not lose anything.)
CALLS = ["openat", "write", "fsync", "close", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "mkdir",
         "mkdirat", "flock", "chmod", "fchmod", "chown", "lchown", "statx", "getdents64", "linkat", "link", "ftruncate"]


class Attack:
    def __init__(self, outflow, home):
        self.outflow, self.home, self.tried, self.new = str(Path(outflow).resolve()), Path(home), 0, 0
        self.target = self.home / "results"

    def command(self, seed, target=None):
        return [self.outflow, "export", str(SCENARIO), "--people", "60", "--days", "1", "--policy", "security-only",
                "--seed", str(seed), "--quiet", "--to", str(target or self.target)]

    def seed(self, target=None):
        return json.loads(((target or self.target) / "manifest.json").read_text())["seed"]

    def old(self):
        """Results with seed 1, and a file of the user's among them."""
        shutil.rmtree(self.target, ignore_errors=True)
        subprocess.run(self.command(1), check=True)
        (self.target / "mine.txt").write_text("years of work")

    def check(self, case, code, said=""):
        """Whole, and the next run works."""
        self.tried += 1
        verified = subprocess.run([self.outflow, "verify", "--quick", str(self.target)], capture_output=True, text=True)
        if verified.returncode != 0:
            fail(case, f"not whole: {verified.stdout}{verified.stderr}")
        seed = self.seed()
        if code == 0 and seed != 2 or seed not in (1, 2):
            fail(case, f"exit code {code}, but the results are those of seed {seed}\n{said}")
        if "nothing was written" in said and seed != 1:
            fail(case, f"says {said!r}, but the new results are there")
        if "are in place" in said and seed != 2:
            fail(case, f"says {said!r}, but the old results are there")
        if (self.target / "mine.txt").read_text() != "years of work":
            fail(case, "the user's file is not as it was")
        self.new += seed == 2
        again = subprocess.run(self.command(3), capture_output=True, text=True)
        if again.returncode != 0 or self.seed() != 3:
            fail(case, f"the next run does not work: {again.stderr}")
        # Complete results of a killed run are kept beside.
        for refuge in self.target.glob("outflow-results-*"):
            if subprocess.run([self.outflow, "verify", "--quick", str(refuge)], capture_output=True).returncode != 0 or self.seed(refuge) != 2:
                fail(case, f"{refuge} is not whole")
        left = [n for n in os.listdir(self.target) if n.startswith(".outflow")] + \
               [n for n in os.listdir(self.home) if n not in ("results", "strace.log")]
        if left:
            fail(case, f"left behind: {left}")


def fail(case, what):
    print(f"FAILED: {case}: {what}", file=sys.stderr)
    sys.exit(1)


def calls_of_main_thread(attack):
    """The calls of the main thread, numbered by kind: those of the commit (from the first sync on), and those before on the target."""
    log = attack.home / "strace.log"
    attack.old()
    subprocess.run(["strace", "-f", "-qq", "-e", "trace=" + ",".join(CALLS), "-o", str(log), *attack.command(2)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    count, before, commit, main = collections.Counter(), [], [], None
    begun = False
    for line in log.read_text(errors="replace").splitlines():
        found = re.match(r"(\d+)\s+(\w+)\(", line)
        if not found:
            continue
        thread, call = found.groups()
        main = main or thread
        if thread != main:
            continue
        count[call] += 1
        begun = begun or ".outflow" in line
        if commit or call == "fsync":
            commit.append((call, count[call]))
        elif begun:
            before.append((call, count[call]))
    return before, commit


def system_calls(attack, quick, random_source):
    before, commit = calls_of_main_thread(attack)

    def attacked(calls):
        return [(call, n, how) for call, n in calls for how in ("error=EIO", "error=ENOSPC", "signal=KILL", "forever")]

    earlier, cases = attacked(before), attacked(commit)
    total, some = len(cases), random_source.sample(earlier, min(10 if quick else 200, len(earlier)))
    if quick:
        cases = random_source.sample(cases, min(60, total))
    cases += some
    codes = collections.Counter()
    for call, n, how in cases:
        attack.old()
        inject = f"{call}:error=EIO:when={n}+" if how == "forever" else f"{call}:{how}:when={n}"
        ran = subprocess.run(["strace", "-f", "-qq", "-e", f"trace={call}", "-e", f"inject={inject}", "-o", "/dev/null",
                              *attack.command(2)], capture_output=True, text=True, timeout=120)
        codes[ran.returncode] += 1
        # A refuge for results that could not be put in place is told, and the user's to remove.
        for refuge in attack.target.glob("outflow-results-*"):
            if refuge.name not in ran.stderr or attack.seed(refuge) != 2:
                fail((call, n, how), f"{refuge} is not told: {ran.stderr}")
        # The standard library itself panics when a folder can't be closed.
        if "panicked" in ran.stderr and "closedir" not in ran.stderr:
            fail((call, n, how), f"panic: {ran.stderr}")
        attack.check((call, n, how), ran.returncode, ran.stderr)
    print(f"system calls: {len(cases) - len(some)} of the {total} attacks on the commit's {len(commit)} calls, and {len(some)} of the "
          f"{len(earlier)} on those before; exit codes {dict(codes)}; "
          f"new results afterwards in {attack.new}, old in {attack.tried - attack.new}")


def heed_signals():
    """Whoever runs this in the background may have chosen to ignore interrupts, and the program would heed that."""
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, signal.SIG_DFL)


def signals(attack, times, random_source):
    attack.old()
    begun = time.monotonic()
    subprocess.run(attack.command(2), check=True)
    length = time.monotonic() - begun
    codes, attack.tried, attack.new = collections.Counter(), 0, 0
    for _ in range(times):
        attack.old()
        which = random_source.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
        process = subprocess.Popen(attack.command(2), stderr=subprocess.PIPE, text=True, preexec_fn=heed_signals)
        if random_source.random() < 0.3:
            time.sleep(random_source.uniform(0.3, 1.0) * length)
        else:
            # The results are complete: they are being synced and moved.
            while process.poll() is None and not list(attack.target.glob(".outflow/attempt-*/manifest.json")):
                time.sleep(0.0002)
            time.sleep(random_source.uniform(0, 0.02))
        process.send_signal(which)
        said = process.communicate(timeout=60)[1]
        codes[process.returncode] += 1
        if which != signal.SIGKILL and process.returncode not in (0, 130, -which):
            fail(which, f"exit code {process.returncode}: {said}")
        attack.check(f"{which.name} within {length:.3f} s", process.returncode, said)
    print(f"signals: {times}, exit codes {dict(codes)}; new results afterwards in {attack.new}, old in {attack.tried - attack.new}")


def power(attack, times):
    """Copies of the image of a mounted file system, as if power had gone just after the program ended."""
    image, mounted = attack.home / "disk.img", attack.home / "mounted"
    mounted.mkdir()

    def quiet(*command):
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    possible = quiet("truncate", "-s", "64M", str(image)) and quiet("mkfs.ext4", "-q", "-F", str(image)) \
        and quiet("mount", "-o", "loop", str(image), str(mounted))
    if not possible:
        print("power: no file system can be mounted here; left out")
        shutil.rmtree(mounted)
        image.unlink(missing_ok=True)
        return
    try:
        # The results are in the root of the disk: a mount point can't be replaced.
        for seed in range(1, times + 1):
            subprocess.run(attack.command(seed, mounted), check=True)
            copy, after = attack.home / "copy.img", attack.home / "after"
            shutil.copy(image, copy)
            after.mkdir(exist_ok=True)
            if not quiet("mount", "-o", "loop", str(copy), str(after)):
                fail("power", "the copied image cannot be mounted")
            try:
                verified = subprocess.run([attack.outflow, "verify", "--quick", str(after)], capture_output=True, text=True)
                if verified.returncode != 0 or attack.seed(after) != seed:
                    fail(f"power after run {seed}", verified.stdout + verified.stderr)
            finally:
                quiet("umount", str(after))
    finally:
        quiet("umount", str(mounted))
    print(f"power: {times} images of a disk right after the end of a run, each with the new results, whole")


def threads(attack):
    """No more threads than there are: the work is done on those that can be started, or refused in words."""
    if os.getuid() != 0:
        print("threads: limits on them bind other users than root only; left out")
        return
    home = attack.home / "nobody"
    home.mkdir(mode=0o755)
    os.chmod(attack.home, 0o755)
    program = shutil.copy(attack.outflow, home / "outflow")
    os.chown(home, 65534, 65534)
    scenario = shutil.copy(SCENARIO, home / "s.toml")

    def limited():
        import resource
        os.setgid(65534)
        os.setuid(65534)
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))

    codes = {}
    for most in (1, 2, 3, 5, 8):
        for verb, option in (("export", "--to"), ("run", "--output")):
            target = home / f"{verb}-{most}"
            ran = subprocess.run([program, verb, scenario, "--people", "300", "--days", "1", "--quiet", option, str(target)],
                                 capture_output=True, text=True, preexec_fn=limited, timeout=120)
            if "panicked" in ran.stderr or ran.returncode not in (0, 1):
                fail(f"{verb} with at most {most} threads", ran.stderr)
            codes[f"{verb} {most}"] = ran.returncode
            if ran.returncode == 0:
                subprocess.run([attack.outflow, "verify", "--quick", str(target)], check=True, stdout=subprocess.DEVNULL)
    print(f"threads: exit codes by verb and limit {codes}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outflow", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not shutil.which("strace"):
        sys.exit("strace is needed")
    random_source = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as home:
        system_calls(Attack(options.outflow, home), options.quick, random_source)
    with tempfile.TemporaryDirectory() as home:
        signals(Attack(options.outflow, home), 30 if options.quick else 200, random_source)
    with tempfile.TemporaryDirectory() as home:
        threads(Attack(options.outflow, home))
    with tempfile.TemporaryDirectory() as home:
        power(Attack(options.outflow, home), 3 if options.quick else 10)


if __name__ == "__main__":
    main()
