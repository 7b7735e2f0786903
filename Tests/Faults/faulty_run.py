"""Runs of the tool in which one system call is made to fail, and what becomes of them."""

import errno
import os
import pathlib
import shutil
import subprocess

import peers

TEXT = b"".join(b"line %d: the cat sat on the mat, the cat sat.\n" % n for n in range(200))

# Calls whose failure must be told; those that remove what is not needed any more; and those where
# the run may know another way, such as looking at a place before something is made there.
ESSENTIAL = {"open", "read", "pread", "write", "pwrite", "ftruncate", "posix_fallocate", "fsync",
             "fstat", "mkdir", "rename", "renameat2", "opendir", "readdir"}
CLEANING = {"unlink", "rmdir", "removal"}
TOLERATED = {"close", "mmap", "stat", "lstat", "realpath", "pthread_create"}
CALLS = ",".join(sorted(ESSENTIAL | CLEANING | TOLERATED))

# What may happen to a call instead of an errno.
PARTIAL, NOTHING_THERE = 0, -1


def old_model(out):
    peers.toktrain("bpe", "t.txt", "-o", out / "m", "-v", 260, "-q", cwd=out.parent)


def old_file(out):
    (out / "ids").write_bytes(b"old")


# Words by name, and what stands in the folder `out` before the run.
BPE = ["bpe", "-v", "300", "-q", "--threads", "1", "-o", "out/m"]
COMMANDS = {
    "bpe": (BPE + ["t.txt"], None),
    "bpe-new-parents": (BPE[:-1] + ["out/a/b/m", "t.txt"], None),
    "bpe-force": (BPE + ["-f", "t.txt"], old_model),
    "bpe-gzip": (BPE + ["t.txt.gz"], None),
    "bpe-list": (BPE + ["@list", "t.jsonl", "--documents", "line"], None),
    "encode": (["encode", "model", "t.txt", "t.jsonl", "-q", "-o", "out/ids", "--threads", "1"],
               None),
    "encode-force": (["encode", "model", "t.txt.gz", "-f", "-q", "-o", "out/ids"], old_file),
    "encode-stdout": (["encode", "model", "folder", "--threads", "1"], None),
    "decode": (["decode", "model", "ids.txt", "-o", "out/ids"], None),
    "inspect": (["inspect", "model"], None),
    "export": (["export", "model", "-d", "8", "--max-length", "4", "--also", "word2vec", "-q", "-o",
                "out/l", "--threads", "1"], None),
}


class Outcome:
    """What a run said and left."""

    def __init__(self, status, stdout, stderr, out):
        self.status, self.stdout = status, stdout
        self.errors = stderr.decode("utf-8", "replace").splitlines()
        below = sorted(out.rglob("*"))
        self.files = {str(path.relative_to(out)): path.read_bytes()
                      for path in below if path.is_file()}
        self.folders = [str(path.relative_to(out)) for path in below if path.is_dir()]
        self.leftovers = [name for name in [*self.files, *self.folders] if "toktrain-" in name]


class FaultyRun:
    """One command, run as often as one likes; `good` is what it does when nothing fails."""

    def __init__(self, place, shim, words, before=None, calls=CALLS):
        self.place, self.shim, self.words, self.before, self.calls = (
            place, shim, words, before, calls)
        self.old = self.clear().files
        self.good = self.run()
        assert self.good.status == 0, self.good.errors
        self.names = self.logged()

    def clear(self):
        out = self.place / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        if self.before:
            self.before(out)
        return Outcome(0, b"", b"", out)

    def run(self, at=0, fault=errno.EIO, signal=0, pause=0):
        self.clear()
        (self.place / "log").unlink(missing_ok=True)
        environment = {
            **os.environ, "LD_PRELOAD": str(self.shim), "FAULT_CALLS": self.calls,
            "FAULT_AT": str(at), "FAULT_ERRNO": str(fault), "FAULT_SIGNAL": str(int(signal)),
            "FAULT_PAUSE": str(pause), "FAULT_LOG": str(self.place / "log")}
        run = subprocess.run([peers.TOOL, *self.words], cwd=self.place, env=environment,
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        return Outcome(run.returncode, run.stdout, run.stderr, self.place / "out")

    def logged(self):
        """Names of the last run's calls in the order of their numbers."""
        lines = (line.split() for line in (self.place / "log").read_text().splitlines())
        return [name for _, name in sorted(lines, key=lambda line: int(line[0]))]

    def fail_each(self, fault, names):
        """Yields case, call and outcome for each call of these names that meets the fault."""
        for number, name in enumerate(self.names, 1):
            if name in names:
                case = f"{name}, call {number} of {len(self.names)}"
                # What was replaced is listed only to be removed.
                removes = name in CLEANING or (
                    name in {"opendir", "readdir"} and "renameat2" in self.names[:number])
                yield case, "removal" if removes else name, self.run(number, fault)

    def is_all_or_nothing(self, outcome):
        """Whether the old output stands there, or the new one, whole, and nothing beside it."""
        if outcome.leftovers:
            return False
        if outcome.files == self.good.files:
            return outcome.folders == self.good.folders
        parents = {str(parent) for file in self.old for parent in pathlib.Path(file).parents}
        return outcome.files == self.old and set(outcome.folders) == parents - {"."}
