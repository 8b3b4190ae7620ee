#!/usr/bin/env python3
"""Measures a build against the floor and against other tools: the table of docs/performance.md.

Each comparison runs the two programs in turn and takes the median of the ratios of CPU seconds
(user + system), because two runs side by side see the same machine. Rows whose programs or trees
are not named are left out.

    benches/compare.py --ours target/dist/faasible --floor floor \\
        --tutorials DIR --nacos DIR --train-ticket DIR [--eight DIR] \\
        [--ast-grep ast-grep --ast-grep-rules FILE] [--semgrep semgrep --semgrep-rules FILE] \\
        [--pmd pmd --pmd-rules FILE] [--runs 5]

`floor STAGE DIR [flags]` is a program that does one stage of a scan and nothing else: `stat`, `read`,
`parse`. `--eight` is a directory with eight copies of tutorials.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


class Run:
    def __init__(self, cpu, wall, peak):
        self.cpu, self.wall, self.peak = cpu, wall, peak


def run(command):
    """CPU seconds, wall seconds, peak MiB of the largest process."""
    start = time.monotonic()
    with open(os.devnull, "w") as nowhere:
        child = subprocess.Popen([str(word) for word in command], stdout=nowhere, stderr=nowhere)
        _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return Run(usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024)


def median(values):
    return statistics.median(values)


def pairs(ours, other, runs):
    """Both in turn: the runs of each, and the median of the ratios of CPU."""
    run(ours), run(other)
    found = [(run(ours), run(other)) for _ in range(runs)]
    return [a for a, _ in found], [b for _, b in found], median([a.cpu / b.cpu for a, b in found])


def row(number, what, ours, other, ratio, target, met):
    print(f"| {number} | {what} | {other} | {ours} | {ratio} | {target} | {'yes' if met else 'no'} |", flush=True)


def cpu(runs):
    return f"{median([r.cpu for r in runs]):.2f} s"


def instructions(command, scratch):
    out = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch}/callgrind"] + [str(w) for w in command],
        capture_output=True, text=True, check=False).stderr
    found = re.search(r"refs:\s+([\d,]+)", out)
    return int(found.group(1).replace(",", "")) if found else None


def main():
    parser = argparse.ArgumentParser()
    for name in ["ours", "floor", "tutorials", "nacos", "train-ticket", "eight", "ast-grep", "ast-grep-rules", "semgrep",
                 "semgrep-rules", "pmd", "pmd-rules"]:
        parser.add_argument("--" + name)
    parser.add_argument("--runs", type=int, default=5)
    a = parser.parse_args()
    if not a.ours:
        parser.error("--ours is needed")
    scratch = tempfile.mkdtemp(prefix="faasible-compare-")
    trees = [(n, d) for n, d in [("tutorials", a.tutorials), ("nacos", a.nacos), ("train-ticket", a.train_ticket)] if d]

    def ours(tree, *more):
        return [a.ours, "scan", tree, "--quiet", "--no-config", "--threads", "2",
                "-o", f"{scratch}/report.json", "-o", f"{scratch}/report.sarif", *more]

    def floor(stage, tree, *more):
        return [a.floor, stage, tree, "--threads", "2", *more]

    print("| # | what | other | ours | ratio | target | met |\n|---|---|---|---|---|---|---|")
    if a.floor and a.tutorials:
        mine, base, ratio = pairs(ours(a.tutorials), floor("read", a.tutorials, "--skip-tests", "--ext", "all"), a.runs)
        row(1, "tutorials ÷ reading it", cpu(mine), cpu(base), f"{ratio:.1f}", "≤ 6", ratio <= 6)
        mine, base, ratio = pairs(ours(a.tutorials, "--tests"), floor("read", a.tutorials, "--ext", "all"), a.runs)
        row(1, "the same with tests", cpu(mine), cpu(base), f"{ratio:.1f}", "≤ 6", ratio <= 6)
    if a.floor:
        for name, tree in trees:
            mine, base, ratio = pairs(ours(tree), floor("parse", tree, "--skip-tests"), a.runs)
            row(2, f"{name} ÷ parsing it", cpu(mine), cpu(base), f"{ratio:.2f}", "≤ 1.0", ratio <= 1)
    for name, tree in trees:
        if a.ast_grep and a.ast_grep_rules:
            peer = [a.ast_grep, "scan", "--rule", a.ast_grep_rules, "--json=compact", "--threads", "2",
                    "--globs", "!**/src/test/**", tree]
            mine, base, ratio = pairs(ours(tree), peer, a.runs)
            row(3, f"{name}: ast-grep, 40 rules ÷ ours", cpu(mine), cpu(base), f"{1 / ratio:.1f}", "≥ 2", ratio <= 0.5)
    least = {"tutorials": 25, "nacos": 35, "train-ticket": 50}
    for name, tree in trees:
        if a.semgrep and a.semgrep_rules:
            peer = [a.semgrep, "scan", "--config", a.semgrep_rules, "--json", "--jobs", "2", "--metrics", "off",
                    "--disable-version-check", "--exclude", "src/test", tree]
            mine, base, ratio = pairs(ours(tree), peer, min(a.runs, 2))
            row(4, f"{name}: semgrep ÷ ours", cpu(mine), cpu(base), f"{1 / ratio:.0f}", f"≥ {least[name]}",
                1 / ratio >= least[name])
    if a.pmd and a.pmd_rules and a.tutorials:
        peer = [a.pmd, "check", "-d", a.tutorials, "-R", a.pmd_rules, "-f", "csv", "-t", "2", "--no-cache"]
        mine, base, ratio = pairs(ours(a.tutorials, "--tests"), peer, min(a.runs, 2))
        row(5, "tutorials: PMD 7, CPU ÷ ours", cpu(mine), cpu(base), f"{1 / ratio:.0f}", "≥ 20", 1 / ratio >= 20)
        peaks = median([r.peak for r in base]) / median([r.peak for r in mine])
        row(5, "tutorials: PMD 7, memory ÷ ours", f"{median([r.peak for r in mine]):.0f} MiB",
            f"{median([r.peak for r in base]):.0f} MiB", f"{peaks:.0f}", "≥ 30", peaks >= 30)
    if a.floor and a.tutorials:
        warm = ours(a.tutorials, "--cache", f"{scratch}/cache")
        run(warm)
        mine, base, ratio = pairs(warm, floor("stat", a.tutorials, "--skip-tests", "--ext", "all"), a.runs)
        row(6, "tutorials, warm cache ÷ stat", cpu(mine), cpu(base), f"{ratio:.1f}", "≤ 1.8", ratio <= 1.8)
    for name, tree, most in [("tutorials", a.tutorials, 48), ("8 × tutorials", a.eight, 128)]:
        if tree:
            peak = max(run(ours(tree)).peak for _ in range(2))
            row(7, f"{name}: peak memory, JSON and SARIF written", f"{peak:.0f} MiB", "", "", f"≤ {most} MiB", peak <= most)
    if a.eight and a.tutorials:
        _, _, ratio = pairs(ours(a.eight), ours(a.tutorials), min(a.runs, 3))
        row(8, "CPU of 8 × tutorials ÷ tutorials", "", "", f"{ratio:.2f}", "≤ 8.6", ratio <= 8.6)
    if a.tutorials:
        single = [w if w != "2" else "1" for w in ours(a.tutorials)]
        one, two, _ = pairs(single, ours(a.tutorials), a.runs)
        faster = median([x.wall / y.wall for x, y in zip(one, two)])
        dearer = median([y.cpu / x.cpu - 1 for x, y in zip(one, two)])
        row(9, "tutorials, wall of one thread ÷ two", "", "", f"{faster:.2f}", "≥ 1.65", faster >= 1.65)
        row(9, "tutorials, CPU of two threads over one", "", "", f"{dearer:+.0%}", "≤ +12 %", dearer <= 0.12)
    empty = tempfile.mkdtemp(dir=scratch)
    for what, command, most in [("--version", [a.ours, "--version"], 0.010), ("an empty directory", ours(empty), 0.010)] + (
            [("train-ticket", ours(a.train_ticket), 0.12)] if a.train_ticket else []):
        found = median([run(command).cpu for _ in range(a.runs * 2)])
        row(10, f"CPU of {what}", f"{found * 1000:.0f} ms", "", "", f"≤ {most * 1000:.0f} ms", found <= most)
    if a.floor and a.train_ticket and shutil.which("valgrind"):
        mine = instructions([w if w != "2" else "1" for w in ours(a.train_ticket)], scratch)
        base = instructions([w if w != "2" else "1" for w in floor("parse", a.train_ticket, "--skip-tests")], scratch)
        row(12, "train-ticket, instructions of one thread ÷ parsing it", f"{mine / 1e6:.0f} M", f"{base / 1e6:.0f} M",
            f"{mine / base:.2f}", "≤ 1.0", mine <= base)
    shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
