"""`toktrain plan`: each row against Python, and the memory and time it reckons against what training
took."""

import collections
import json
import re
import subprocess

import pytest

import peers

TRAINERS = {"bpe": ["bpe"], "spbpe": ["bpe", "--style", "sentencepiece"],
            "wordpiece": ["wordpiece"], "unigram": ["unigram"]}


def rows(*words, **options):
    run = peers.toktrain("plan", *words, **options)
    found = {}
    for line in run.stdout.decode().splitlines():
        name, value = re.split(r"  +", line.strip(), maxsplit=1)
        found[name] = value
    return found


def number(text):
    return int(re.match(r"[\d,]+", text).group().replace(",", ""))


def test_rows_are_what_python_counts(tmp_path):
    text = (peers.corpus_slice("multilingual", 200_000) or peers.own_corpus()).read_bytes()
    path = tmp_path / "text.txt"
    path.write_bytes(text + b"x" * 300 + b" end\nlast")
    told = rows(path, "--threads", "2")
    whole = path.read_bytes()
    assert number(told["bytes"]) == len(whole) and told["files"] == "1"
    lines = whole.count(b"\n") + 1
    assert number(told["lines"]) == lines
    assert told["longest word"] == f"300 bytes, {path}:{lines - 1}: " + "x" * 24 + "..."
    peers.toktrain("count", path, "--to", "tsv", "-o", tmp_path / "t.tsv")
    words = [line.split("\t") for line in (tmp_path / "t.tsv").read_text().splitlines()]
    assert told["distinct words"].startswith(f"{len(words):,}, of ")
    characters = collections.Counter(whole.decode())
    assert number(told["characters"]) == len(characters)
    total = sum(characters.values())
    for part in ("98.00", "99.50", "99.99"):
        share, kept = 0, 0
        for _, count in characters.most_common():
            if share >= float(part) / 100 * total:
                break
            share, kept = share + count, kept + 1
        assert number(told[f"{part} % of the text"]) == kept


def test_bytes_that_are_not_utf8_have_a_place(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"fine\n" * 9)
    (tmp_path / "b.txt").write_bytes(b"fine\nfine\nbad \xff and \xe2\x82 here\n")
    told = rows(tmp_path)
    assert told["not UTF-8"] == f"2 sequences, the first in {tmp_path}/b.txt:3"
    assert rows(tmp_path / "a.txt")["not UTF-8"] == "0 sequences"


@pytest.mark.parametrize("trainer", TRAINERS)
def test_the_longest_word_has_the_line_of_its_sentence(tmp_path, trainer):
    lines = ["some words that are short"] * 4000
    lines[2345] = "a word " + "longer" * 9 + " than all others"
    (tmp_path / "t.txt").write_text("\n".join(lines))
    told = rows("--for", trainer, tmp_path / "t.txt")
    assert f"t.txt:2346: " in told["longest word"]
    packed = tmp_path / "t.txt.gz"
    subprocess.run(["gzip", "-k", tmp_path / "t.txt"], check=True)
    assert rows("--for", trainer, packed)["distinct words"] == told["distinct words"]


@pytest.mark.exact
@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("trainer", TRAINERS)
def test_memory_and_time_are_near_what_training_takes(tmp_path, trainer, corpus):
    """Memory within a quarter; time within a factor of two, and a tenth of a second."""
    text = peers.need(peers.corpus(corpus))
    told = rows("--for", trainer, "-v", "16000", text)
    megabytes = float(re.search(r"and ([\d.,]+) MB", told["both"]).group(1).replace(",", ""))
    seconds = float(re.search(r"about ([\d.,]+) s", told["both"]).group(1))
    _, _, peak = peers.spawned([peers.TOOL, *TRAINERS[trainer], "-v", "16000", text, "-o",
                                tmp_path / "m", "--report", tmp_path / "r"])
    taken = peak * 1024 * 1024 / 1e6
    assert 0.75 * taken <= megabytes <= 1.25 * taken, (megabytes, taken)
    took = json.loads((tmp_path / "r").read_text())["seconds"]
    assert took / 2 - 0.1 <= seconds <= 2 * took + 0.1, (seconds, took)
