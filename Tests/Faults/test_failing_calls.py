"""Every system call of a run fails once: either the run ends as if nothing had been, or it ends
with one line and status 4 and leaves either nothing or all of its output."""

import errno
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

import peers

HERE = pathlib.Path(__file__).resolve().parent
TEXT = b"".join(b"line %d: the cat sat on the mat, the cat sat.\n" % n for n in range(200))

# Calls whose failure must be told; those that remove what is not needed any more; and those where
# the run may know another way, such as looking at a place before something is made there.
ESSENTIAL = {"open", "read", "pread", "write", "fsync", "fstat", "mkdir", "rename", "renameat2",
             "opendir", "readdir"}
CLEANING = {"unlink", "rmdir", "removal"}
TOLERATED = {"close", "mmap", "stat", "lstat", "realpath", "pthread_create"}
CALLS = ",".join(sorted(ESSENTIAL | CLEANING | TOLERATED))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is of Linux")


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    library = tmp_path_factory.mktemp("shim") / "failing_call.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library,
                    HERE / "failing_call.c", "-ldl"], check=True)
    return library


@pytest.fixture
def place(model):
    """A folder with inputs, in memory if it can be: hundreds of runs wait for the disk."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as name:
        folder = pathlib.Path(name)
        (folder / "t.txt").write_bytes(TEXT)
        (folder / "t.txt.gz").write_bytes(gzip.compress(TEXT))
        (folder / "t.jsonl").write_bytes(b'{"text": "the cat sat on the mat"}\n' * 50)
        (folder / "ids.txt").write_bytes(b"5 6 7\n" * 50)
        (folder / "list").write_bytes(b"t.txt\nfolder\n")
        (folder / "folder/below").mkdir(parents=True)
        (folder / "folder/a.txt").write_bytes(TEXT)
        (folder / "folder/below/b.txt").write_bytes(b"more text, more text\n")
        shutil.copytree(model, folder / "model")
        yield folder


class Outcome:
    def __init__(self, run, place):
        self.status, self.stdout = run.returncode, run.stdout
        self.errors = run.stderr.decode("utf-8", "replace").splitlines()
        out = place / "out"
        self.files = {str(path.relative_to(out)): path.read_bytes()
                      for path in sorted(out.rglob("*")) if path.is_file()}
        self.folders = sorted(str(path.relative_to(out)) for path in out.rglob("*")
                              if path.is_dir())
        self.leftovers = [name for name in [*self.files, *self.folders] if "toktrain-" in name]


class Command:
    def __init__(self, place, shim, words, before=None, calls=CALLS):
        self.place, self.shim, self.words, self.before, self.calls = (
            place, shim, words, before, calls)
        self.good = self.run()
        assert self.good.status == 0, self.good.errors
        self.names = self.logged()

    def logged(self):
        """Names of the last run's calls in the order of their numbers."""
        lines = (line.split() for line in (self.place / "log").read_text().splitlines())
        return [name for _, name in sorted(lines, key=lambda line: int(line[0]))]

    def run(self, at=0, code=errno.EIO):
        out, log = self.place / "out", self.place / "log"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        if self.before:
            self.before(out)
        log.unlink(missing_ok=True)
        environment = {**os.environ, "LD_PRELOAD": str(self.shim), "FAULT_CALLS": self.calls,
                       "FAULT_AT": str(at), "FAULT_ERRNO": str(code), "FAULT_LOG": str(log)}
        run = subprocess.run([peers.TOOL, *self.words], cwd=self.place, env=environment,
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        return Outcome(run, self.place)

    def before_files(self):
        shutil.rmtree(self.place / "out", ignore_errors=True)
        (self.place / "out").mkdir()
        if self.before:
            self.before(self.place / "out")
        return Outcome(subprocess.CompletedProcess([], 0, b"", b""), self.place).files

    def fail_each(self, code, names):
        """Yields what becomes of the run when each call of these names fails with `code`."""
        for number, name in enumerate(self.names, 1):
            if name in names:
                case = f"{name}, call {number} of {len(self.names)}"
                # What was replaced is listed only to be removed.
                removes = name in CLEANING or (
                    name in {"opendir", "readdir"} and "renameat2" in self.names[:number])
                yield case, "removal" if removes else name, self.run(number, code)


def old_output(name):
    def put(out):
        peers.toktrain("bpe", "t.txt", "-o", out / name, "-v", 260, "-q", cwd=out.parent)
    return put


def old_file(out):
    (out / "ids").write_bytes(b"old")


BPE = ["bpe", "-v", "300", "-q", "--threads", "1", "-o", "out/m"]
COMMANDS = {
    "bpe": (BPE + ["t.txt"], None),
    "bpe-new-parents": (BPE[:-1] + ["out/a/b/m", "t.txt"], None),
    "bpe-force": (BPE + ["-f", "t.txt"], old_output("m")),
    "bpe-gzip": (BPE + ["t.txt.gz"], None),
    "bpe-list": (BPE + ["@list", "t.jsonl"], None),
    "bpe-line-nfc": (BPE + ["t.txt", "--documents", "line"], None),
    "encode": (["encode", "model", "t.txt", "t.jsonl", "-q", "-o", "out/ids", "--threads", "1"],
               None),
    "encode-force": (["encode", "model", "t.txt.gz", "-f", "-q", "-o", "out/ids"], old_file),
    "encode-stdout": (["encode", "model", "folder", "--threads", "1"], None),
    "decode": (["decode", "model", "ids.txt", "-o", "out/ids"], None),
    "inspect": (["inspect", "model"], None),
}


@pytest.fixture(params=COMMANDS, ids=COMMANDS)
def command(request, place, shim):
    return Command(place, shim, *COMMANDS[request.param])


def is_whole(outcome, command, old):
    return (outcome.files in (command.good.files, old)
            and all(not name.startswith(".") for name in outcome.folders))


def test_a_failing_call_ends_the_run_cleanly_or_not_at_all(command):
    old = command.before_files()
    for case, name, outcome in command.fail_each(errno.EIO, ESSENTIAL | TOLERATED | CLEANING):
        if outcome.status == 0:
            assert name not in ESSENTIAL, f"{case}: nobody noticed"
            assert outcome.stdout == command.good.stdout, case
            kept = {k: v for k, v in outcome.files.items() if "toktrain-" not in k}
            assert kept == command.good.files, case
            # Only where the removal itself failed may what was to be removed stay.
            assert name in CLEANING or not outcome.leftovers, f"{case}: {outcome.leftovers}"
            continue
        assert outcome.status == 4, f"{case}: status {outcome.status}, {outcome.errors}"
        assert len(outcome.errors) == 1, f"{case}: {outcome.errors}"
        assert outcome.errors[0].startswith("toktrain: error: "), f"{case}: {outcome.errors}"
        assert name == "mmap" or "Input/output error" in outcome.errors[0], case
        assert not outcome.leftovers, f"{case}: {outcome.leftovers}"
        assert is_whole(outcome, command, old), f"{case}: {sorted(outcome.files)}"
        if outcome.files == old:
            assert outcome.folders == sorted(
                {str(pathlib.Path(file).parent) for file in old} - {"."}), case


def test_a_full_disk_is_named_whichever_call_meets_it(command):
    old = command.before_files()
    for case, name, outcome in command.fail_each(
            errno.ENOSPC, {"write", "fsync", "mkdir", "renameat2", "rename"}):
        assert outcome.status == 4, f"{case}: status {outcome.status}, {outcome.errors}"
        assert len(outcome.errors) == 1 and "No space left" in outcome.errors[0], case
        assert not outcome.leftovers and is_whole(outcome, command, old), case


def test_interrupted_and_partial_calls_are_continued(command):
    interrupted = command.fail_each(errno.EINTR, {"open", "read", "pread", "write", "fsync"})
    partial = command.fail_each(0, {"read", "pread", "write"})
    for case, _, outcome in [*interrupted, *partial]:
        assert outcome.status == 0, f"{case}: {outcome.errors}"
        assert outcome.files == command.good.files, case
        assert outcome.stdout == command.good.stdout, case


def test_a_file_system_without_exchange_gives_the_same(command):
    """Such as NFS and many a FUSE: `renameat2` knows no flags there."""
    for case, _, outcome in command.fail_each(errno.EINVAL, {"renameat2"}):
        assert outcome.status == 0, f"{case}: {outcome.errors}"
        assert outcome.files == command.good.files and not outcome.leftovers, case


def test_threads_that_meet_a_failing_call_end_together(place, shim):
    (place / "big.txt").write_bytes(TEXT * 150)
    words = ["bpe", "-v", "300", "-q", "--threads", "3", "-o", "out/m", "big.txt", "t.txt.gz"]
    command = Command(place, shim, words, calls="open,pread,read,pthread_create,mmap")
    for number in range(1, len(command.names) + 1):
        outcome = command.run(number)
        # Threads take turns as they like: which call it was is known afterwards.
        case = command.logged()[number - 1]
        if outcome.status == 0:
            assert case in TOLERATED and outcome.files == command.good.files, case
        else:
            assert case != "pthread_create", outcome.errors
            assert outcome.status == 4 and len(outcome.errors) == 1, f"{case}: {outcome.errors}"
            assert not outcome.leftovers and is_whole(outcome, command, {}), case
