"""Counting and training in bounded memory, and counting that is ended and goes on."""

import fcntl
import random
import signal
import subprocess
import time

import pytest

import peers
from test_counts import TRAINERS, files

LEAST, LEAST_BYTES = "64M", 64_000_000
SEEDS = range(3)


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """12 MB in which nearly each word is new: more than 64 MB of memory hold."""
    chance = random.Random(19)
    path = tmp_path_factory.mktemp("words") / "words.txt"
    lines = []
    for _ in range(130_000):
        lines.append(" ".join("".join(chance.choices("abcdeikmnoprstuz", k=chance.randint(3, 17)))
                              for _ in range(9)))
    path.write_text("\n".join(lines) + "\n")
    return path


def peak(words):
    """Runs the tool; returns the bytes that were resident at once at most."""
    return peers.spawned([peers.TOOL, *words])[2] * 1024 * 1024


@pytest.mark.parametrize("trainer", TRAINERS)
def test_memory_stays_in_bounds_and_counts_are_the_same(tmp_path, words, trainer):
    ways = ["count", "--for", trainer, words]
    free = peak([*ways, "-o", tmp_path / "free.counts"])
    bound = peak([*ways, "-o", tmp_path / "bound.counts", "--max-memory", LEAST])
    assert bound <= LEAST_BYTES < free
    assert (tmp_path / "bound.counts").read_bytes() == (tmp_path / "free.counts").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bound.counts", "free.counts"]


def test_standard_input_is_counted_in_bounds(tmp_path, words):
    peers.toktrain("count", words, "-o", tmp_path / "a.counts")
    with open(words, "rb") as text:
        peers.toktrain("count", "-", "-o", tmp_path / "b.counts", "--max-memory", LEAST, stdin=text)
    assert (tmp_path / "a.counts").read_bytes() == (tmp_path / "b.counts").read_bytes()
    with open(words, "rb") as text:
        run = peers.toktrain("count", "-", "-o", tmp_path / "c.counts", "--resume", stdin=text,
                             check=False)
    assert run.returncode == 2 and "standard input" in run.stderr.decode()


@pytest.mark.parametrize("trainer", TRAINERS)
def test_training_in_bounds_gives_the_same_tokenizer(tmp_path, trainer):
    text = peers.corpus_slice("multilingual", 3_000_000) or peers.own_corpus()
    train = [*TRAINERS[trainer], "-v", "3000", text]
    peers.toktrain(*train, "-o", tmp_path / "free")
    peers.toktrain(*train, "-o", tmp_path / "bound", "--max-memory", "300M")
    assert files(tmp_path / "bound") == files(tmp_path / "free")


def test_what_has_no_room_is_told_with_a_floor_that_has(tmp_path, words):
    train = ["bpe", "-v", "400", words, "-o", tmp_path / "m", "--max-memory", LEAST]
    run = peers.toktrain(*train, check=False)
    error = run.stderr.decode()
    assert run.returncode == 4 and "--min-word-count " in error and "%" in error
    assert not (tmp_path / "m").exists()
    floor = error.split("--min-word-count ")[1].split(",")[0]
    run = peers.toktrain(*train, "--min-word-count", floor)
    assert "left out by --min-word-count" in run.stderr.decode()
    assert list(tmp_path.iterdir()) == [tmp_path / "m"]


def test_a_floor_is_that_of_the_table(tmp_path):
    text = peers.corpus_slice("english", 300_000) or peers.own_corpus()
    peers.toktrain("count", text, "--to", "tsv", "-o", tmp_path / "t.tsv")
    rows = [row.split("\t") for row in (tmp_path / "t.tsv").read_text().splitlines()]
    kept = [row for row in rows if int(row[1]) >= 3]
    (tmp_path / "kept.tsv").write_text("".join("\t".join(row) + "\n" for row in kept))
    peers.toktrain("bpe", "-v", "1500", "--counts", tmp_path / "kept.tsv", "-o", tmp_path / "a")
    run = peers.toktrain("bpe", "-v", "1500", text, "--min-word-count", "3", "-o", tmp_path / "b")
    lost = sum(int(row[1]) for row in rows) - sum(int(row[1]) for row in kept)
    assert f"{len(rows) - len(kept):,} distinct words, {lost:,} occurrences" in run.stderr.decode()
    for name in ("tokenizer.json", "merges.txt"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_counting_that_is_killed_again_and_again_comes_to_the_same_end(tmp_path, words, seed):
    chance = random.Random(seed)
    ways = ["count", words, "--max-memory", LEAST]
    start = time.monotonic()
    peers.toktrain(*ways, "-o", tmp_path / "whole.counts")
    duration = time.monotonic() - start
    command = [peers.TOOL, *map(str, ways), "-o", tmp_path / "x.counts", "--resume"]
    for _ in range(12):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(chance.random() * duration)
        process.send_signal(chance.choice([signal.SIGKILL, signal.SIGINT, signal.SIGTERM]))
        errors = process.communicate()[1].decode()
        assert process.returncode in (0, -9, -2, -15, 130, 143), errors
        if (tmp_path / "x.counts").exists():
            break
        assert process.returncode != 0
    if (tmp_path / "x.counts").exists() and process.returncode != 0:
        # It was ended when the file stood and runs may not have been removed.
        assert (tmp_path / "x.counts").read_bytes() == (tmp_path / "whole.counts").read_bytes()
        command.append("--force")
    if process.returncode != 0:
        subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "x.counts").read_bytes() == (tmp_path / "whole.counts").read_bytes()
    left = {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")}
    assert left == {"whole.counts", "x.counts"}


def test_runs_that_are_there_are_not_taken_by_accident(tmp_path, words):
    ways = ["count", words, "--max-memory", LEAST, "-o", tmp_path / "x.counts"]
    runs = tmp_path / "x.counts.runs"
    process = subprocess.Popen([peers.TOOL, *map(str, ways)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    while not runs.exists() or not any(path.name.startswith("run-") for path in runs.iterdir()):
        assert process.poll() is None
    process.kill()
    process.wait()
    run = peers.toktrain(*ways, check=False)
    assert run.returncode == 4 and "--resume" in run.stderr.decode()
    with open(runs / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = peers.toktrain(*ways, "--resume", check=False)
        assert run.returncode == 4 and "another process" in run.stderr.decode()
    other = ["count", words, "--pattern", "gpt2", "-o", tmp_path / "x.counts", "--resume"]
    run = peers.toktrain(*other, check=False)
    assert run.returncode == 3 and "another corpus" in run.stderr.decode()
    damaged = next(path for path in runs.iterdir() if path.name.startswith("run-"))
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-30])
    run = peers.toktrain(*ways, "--resume", check=False)
    assert run.returncode == 3 and damaged.name in run.stderr.decode()
    damaged.write_bytes(whole)
    peers.toktrain(*ways, "--resume")
    # What a killed process was writing has a name that nothing is taken for.
    left = [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")]
    assert left == ["x.counts"]


@pytest.mark.parametrize("words_, part", [
    (["count", "--merge", "a", "--resume"], "--merge"),
    (["count", "--merge", "a", "--max-memory", "1G"], "--merge"),
    (["count", "a", "--to", "tsv", "--resume"], "--to tsv"),
    (["bpe", "a", "--max-memory", "1M"], "64MB"),
    (["bpe", "a", "--max-memory", "1.5G"], "such as"),
    (["bpe", "a", "--min-word-count", "0"], "--min-word-count"),
    (["unigram", "a", "--compat", "sentencepiece", "--max-memory", "1G"], "--compat"),
    (["unigram", "a", "--compat", "sentencepiece", "--min-word-count", "2"], "--compat"),
])
def test_what_cannot_be_asked_is_told(words_, part):
    run = peers.toktrain(*words_, check=False)
    assert run.returncode == 2 and part in run.stderr.decode()


@pytest.mark.parametrize("small_disk", ["4m"], indirect=True)
def test_a_disk_that_is_full_keeps_the_runs_it_has(tmp_path, small_disk, words):
    ways = ["count", words, "--max-memory", LEAST, "-o", small_disk / "x.counts", "--resume"]
    run = peers.toktrain(*ways, check=False)
    assert run.returncode == 4 and "No space left" in run.stderr.decode()
    assert [path.name for path in small_disk.iterdir()] == ["x.counts.runs"]
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    peers.toktrain(*ways)
    peers.toktrain("count", words, "-o", tmp_path / "whole.counts")
    assert (small_disk / "x.counts").read_bytes() == (tmp_path / "whole.counts").read_bytes()


def test_what_fails_with_nothing_put_down_leaves_nothing(tmp_path):
    (tmp_path / "t.txt").write_bytes(b"fine\n" * 9 + b"\xff\n")
    run = peers.toktrain("count", tmp_path / "t.txt", "-o", tmp_path / "c", "--resume", check=False)
    assert run.returncode == 3 and [path.name for path in tmp_path.iterdir()] == ["t.txt"]


@pytest.mark.exact
def test_a_corpus_twenty_times_larger_than_the_limit(tmp_path):
    """Copies of which each has words of its own, in memory of a twentieth."""
    text = peers.need(peers.corpus("multilingual")).read_bytes()
    paths = []
    for copy in range(22):
        table = bytes.maketrans(b"aeiou", bytes(b"aeiou"[(copy * (k + 1) + k) % 5] for k in range(5)))
        paths.append(tmp_path / f"{copy}.txt")
        # A letter, since patterns cut words at digits.
        mark = bytes([ord("a") + copy])
        paths[-1].write_bytes(text.translate(table).replace(b"s", b"s" + mark))
    assert sum(path.stat().st_size for path in paths) >= 20 * LEAST_BYTES
    ways = ["count", *paths, "-o", tmp_path / "b.counts", "--max-memory", LEAST]
    assert peak(ways) <= LEAST_BYTES
    peers.toktrain("count", *paths, "-o", tmp_path / "a.counts")
    assert (tmp_path / "a.counts").read_bytes() == (tmp_path / "b.counts").read_bytes()
