#!/usr/bin/env python3
"""Measures over a real history how well fingerprints last.

    tests/tools/fingerprints.py FAASIBLE GIT_DIR [COMMITS]

Each of the last COMMITS (200) commits of the first-parent line is scanned. A finding is *untouched* when
the diff to the next commit leaves its line as it is and the rule is met there again within the same
`Class.method`; its fingerprint must then be the same. Told are the share over all steps, the
share within the files that a step changes, and the share from the first commit to the last at once.
"""
import collections, json, os, re, subprocess, sys, tempfile

HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class History:
    def __init__(self, git_dir, tree):
        self.git_dir, self.tree, self.files = git_dir, tree, {}
        self.cat = subprocess.Popen(
            ["git", "--git-dir", git_dir, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def git(self, *args):
        return subprocess.run(["git", "--git-dir", self.git_dir, *args], capture_output=True, check=True).stdout

    def commits(self, count):
        return self.git("rev-list", "--first-parent", f"-{count}", "HEAD").decode().split()[::-1]

    def check_out(self, commit):
        """Writes what differs from what is there; symbolic links and blobs that are not there are passed over."""
        wanted = {}
        for entry in filter(None, self.git("ls-tree", "-r", "-z", commit).split(b"\0")):
            meta, path = entry.split(b"\t", 1)
            mode, kind, sha = meta.split()
            if kind == b"blob" and mode != b"120000":
                wanted[path] = sha
        for path in self.files.keys() - wanted.keys():
            full = os.path.join(os.fsencode(self.tree), path)
            if os.path.exists(full):
                os.remove(full)
        for path, sha in wanted.items():
            if self.files.get(path) != sha:
                self.write(path, sha)
        self.files = wanted

    def write(self, path, sha):
        self.cat.stdin.write(sha + b"\n")
        self.cat.stdin.flush()
        head = self.cat.stdout.readline().split()
        if head[1] == b"missing":
            return
        data = self.cat.stdout.read(int(head[2]))
        self.cat.stdout.read(1)
        full = os.path.join(os.fsencode(self.tree), path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(data)

    def moves(self, before, after):
        """(renames, hunks): where each line of `before` is in `after`."""
        renames, hunks, path = {}, collections.defaultdict(list), None
        diff = self.git("-c", "core.quotepath=off", "diff", "-U0", "-M", "--no-color", "--no-ext-diff", before, after)
        for line in diff.split(b"\n"):
            if line.startswith(b"diff --git a/"):
                path = None
            elif line.startswith((b"--- a/", b"rename from ")):
                path = os.fsdecode(line.split(b"a/", 1)[1] if line.startswith(b"---") else line[12:]).rstrip("\t")
                hunks[path]
            elif line.startswith((b"+++ b/", b"rename to ")) and path:
                renames[path] = os.fsdecode(line.split(b"b/", 1)[1] if line.startswith(b"+++") else line[10:]).rstrip("\t")
            elif path and (found := HUNK.match(line)):
                old, removed, _, added = (int(n) if n is not None else 1 for n in found.groups())
                hunks[path].append((old, removed, added))
        return renames, hunks


def moved(line, hunks):
    """The line's number behind the hunks; none when it is changed."""
    shift = 0
    for old, removed, added in hunks:
        if old <= line < old + removed:
            return None
        if line > old or (removed == 0 and line > old):
            shift += added - removed
    return line + shift


def scan(program, tree, cache):
    out = subprocess.run([program, "scan", tree, "--cache", cache, "--no-config", "-q", "-f", "json"], capture_output=True)
    return json.loads(out.stdout)["findings"] if out.stdout else []


def compare(before, after, moves):
    renames, hunks = moves
    there = collections.defaultdict(list)
    for finding in after:
        there[finding["rule"], finding["path"], finding["line"], finding["context"]].append(finding)
    totals, lost = collections.Counter(), []
    for finding in before:
        path, changed = finding["path"], finding["path"] in hunks
        line = moved(finding["line"], hunks.get(path, ()))
        found = there.get((finding["rule"], renames.get(path, path), line, finding["context"]))
        if line is None or not found:
            totals["touched or gone"] += 1
            continue
        same = any(other["fingerprint"] == finding["fingerprint"] for other in found)
        for part in ["all", "changed files"] if changed else ["all"]:
            totals[part] += 1
            totals[part + " kept"] += same
        if not same:
            lost.append((finding["rule"], path, finding["line"], finding["unit"], found[0]["unit"], found[0]["path"]))
    return totals, lost


def told(name, totals):
    for part in ["all", "changed files"]:
        if totals[part]:
            kept, of = totals[part + " kept"], totals[part]
            print(f"{name}, {part}: {kept} of {of} fingerprints last ({100 * kept / of:.3f} %)")
    print(f"{name}: {totals['touched or gone']} findings touched or gone")


def main():
    program, git_dir = os.path.abspath(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    with tempfile.TemporaryDirectory(prefix="fingerprints-") as work:
        tree, cache = os.path.join(work, "tree"), os.path.join(work, "cache")
        os.mkdir(tree)
        history = History(git_dir, tree)
        commits = history.commits(count + 1)
        sums, first, before = collections.Counter(), None, None
        for step, commit in enumerate(commits):
            history.check_out(commit)
            after = scan(program, tree, cache)
            first = first or after
            if before is not None:
                totals, lost = compare(before, after, history.moves(commits[step - 1], commit))
                sums += totals
                for one in lost[:20]:
                    print(f"lost at {commit[:10]}:", *one, file=sys.stderr)
            before = after
        told(f"step by step over {len(commits) - 1} commits", sums)
        totals, lost = compare(first, before, history.moves(commits[0], commits[-1]))
        told("from the first to the last", totals)
        for one in lost[:50]:
            print("lost from first to last:", *one, file=sys.stderr)


main()
