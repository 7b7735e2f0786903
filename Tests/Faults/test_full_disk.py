"""Real limits of real disks: nothing is left, the reason is named, the status is 4."""

import json
import resource
import subprocess

import numpy
import pytest

import peers


def fails(run, *words):
    errors = run.stderr.decode().splitlines()
    assert run.returncode == 4 and len(errors) == 1, errors
    assert errors[0].startswith("toktrain: error: ")
    assert all(word in errors[0] for word in words), errors


def test_a_full_disk_leaves_nothing(small_disk, model):
    text = peers.own_corpus()
    for words in (["bpe", text, "-o", small_disk / "m"],
                  ["encode", model, text, "-o", small_disk / "ids"],
                  ["export", model, "--dim", 64, "-o", small_disk / "layer"]):
        fails(peers.toktrain(*words, check=False), "No space left", str(small_disk))
        assert not any(small_disk.iterdir())


@pytest.mark.parametrize("limit", [0, 1, 1000, 20_000])
def test_a_limit_on_the_size_of_files_is_told(tmp_path, model, limit):
    """RLIMIT_FSIZE would end the process by a signal if nobody looked."""
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    out = tmp_path / "out"
    text = peers.own_corpus()
    for words in (["bpe", text, "-o", out / "m"], ["encode", model, text, "-o", out / "ids"],
                  ["export", model, "--dim", 64, "-o", out / "layer"]):
        run = peers.toktrain(*words, check=False, preexec_fn=limited)
        fails(run, "File too large", str(out))
        assert not out.exists()


def test_a_full_standard_output_is_told(model):
    for words in (["encode", model, peers.own_corpus()], ["inspect", model], ["--help"]):
        with open("/dev/full", "wb") as full:
            run = subprocess.run([peers.TOOL, *words], stdout=full, stderr=subprocess.PIPE)
        fails(run, "stdout")


@pytest.mark.parametrize("limit", [0, 1, 1000])
def test_counts_that_do_not_fit_are_told(tmp_path, limit):
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    text = peers.own_corpus()
    peers.toktrain("count", text, "-o", tmp_path / "c")
    for words in (["count", text, "-o", tmp_path / "out"],
                  ["count", "--merge", tmp_path / "c", tmp_path / "c", "-o", tmp_path / "out"],
                  ["count", text, "--to", "tsv", "-o", tmp_path / "out"]):
        fails(peers.toktrain(*words, check=False, preexec_fn=limited), "File too large", "out")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["c"]


def test_a_full_disk_leaves_no_tables(small_disk, model, tmp_path):
    rows = len(json.loads((model / "vocab.json").read_text())) + 8
    numpy.save(tmp_path / "rows.npy", numpy.ones((rows, 64), numpy.float32))
    words = ["transfer", "--from", tmp_path / "rows.npy", "--from-tokenizer", model,
             "--to-tokenizer", model, "-o"]
    fails(peers.toktrain(*words, small_disk / "new.safetensors", check=False), "No space left",
          str(small_disk))
    assert not any(small_disk.iterdir())
    fails(peers.toktrain(*words, tmp_path / "new.npy", "--report", "/dev/full", check=False),
          "/dev/full")
    assert not (tmp_path / "new.npy").exists()
