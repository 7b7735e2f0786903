"""The same bytes whatever the threads, the packing and the cutting of the input."""

import gzip
import subprocess

import pytest

import peers

MODEL_FILES = ("tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json")


def files(place):
    return {path.name: path.read_bytes() for path in sorted(place.iterdir())}


def model_files(place):
    return {name: (place / name).read_bytes() for name in MODEL_FILES}


def text_of(tmp_path):
    """A text long enough to be cut for threads."""
    path = peers.corpus_slice("multilingual", 2_000_000)
    if path is None:
        path = tmp_path / "repeated.txt"
        own = peers.own_corpus().read_bytes()
        path.write_bytes(b"".join(own.replace(b"e", bytes([97 + n])) for n in range(20)))
    return path


@pytest.mark.parametrize("options", [
    [], ["--documents", "line", "--pattern", "gpt2", "--normalization", "none"],
    ["--pattern", "o200k", "--documents", "separator:the"],
], ids=["defaults", "lines", "separator"])
def test_threads_change_no_byte(tmp_path, options):
    path, first = text_of(tmp_path), None
    for run, threads in enumerate([1, 2, 3, 8, 2]):
        place = tmp_path / str(run) / "m"
        place.parent.mkdir()
        peers.toktrain("bpe", path, "-o", place, "--vocab-size", 8000, "--threads", threads,
                       *options)
        first = first or files(place)
        assert files(place) == first, f"{threads} threads"
    assert set(first) >= {*MODEL_FILES, "training.json"}


def test_packing_and_cutting_change_no_model(tmp_path):
    path = text_of(tmp_path)
    text = path.read_bytes()
    options = ["--documents", "line", "--vocab-size", 8000]
    peers.toktrain("bpe", path, "-o", tmp_path / "plain", *options)
    expected = model_files(tmp_path / "plain")

    (tmp_path / "t.gz").write_bytes(gzip.compress(text, 1))
    (tmp_path / "t.members.gz").write_bytes(
        gzip.compress(text[:77_777], 1) + gzip.compress(text[77_777:], 1))
    subprocess.run(["zstd", "-q", "-1", str(path), "-o", str(tmp_path / "t.zst")], check=True)
    for name in ("t.gz", "t.members.gz", "t.zst"):
        peers.toktrain("bpe", tmp_path / name, "-o", tmp_path / "m", "--force", *options)
        assert model_files(tmp_path / "m") == expected, name

    peers.toktrain("bpe", "-", "-o", tmp_path / "m", "--force", *options, input=text)
    assert model_files(tmp_path / "m") == expected, "stdin"

    lines, parts = text.splitlines(keepends=True), tmp_path / "parts"
    parts.mkdir()
    for number in range(5):
        part = lines[number * len(lines) // 5:(number + 1) * len(lines) // 5]
        (parts / f"{number}.txt").write_bytes(b"".join(part))
    (tmp_path / "list").write_text("".join(f"{p}\n" for p in sorted(parts.iterdir())))
    for source in (parts, f"@{tmp_path / 'list'}"):
        peers.toktrain("bpe", source, "-o", tmp_path / "m", "--force", *options)
        assert model_files(tmp_path / "m") == expected, source


def test_locale_and_folder_change_no_byte(tmp_path):
    for name, locale in (("a", "C"), ("b", "tr_TR.UTF-8")):
        (tmp_path / name).mkdir()
        peers.toktrain("bpe", peers.own_corpus(), "-o", "m", cwd=tmp_path / name,
                       env={"LC_ALL": locale, "LANG": locale, "PATH": "/usr/bin:/bin"})
    assert files(tmp_path / "a/m") == files(tmp_path / "b/m")


def test_threads_change_no_ids(tmp_path, model):
    path = text_of(tmp_path)
    ids = {peers.toktrain("encode", model, path, "--threads", n).stdout for n in (1, 2, 3, 8)}
    assert len(ids) == 1
