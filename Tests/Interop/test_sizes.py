"""Several vocabularies from one run: each is byte for byte that of a run of its own."""

import pytest

import peers

# Above the alphabet of the project's own texts, and below all that they can give.
SIZES = (2000, 3500, 2700, 5000)


@pytest.mark.parametrize("words", [
    ["bpe"],
    ["bpe", "-s", "Ġthe", "-s", "in", "--initial-alphabet", "none", "--min-frequency", "1"],
    ["bpe", "--style", "sentencepiece"],
    ["bpe", "--style", "sentencepiece", "--byte-fallback", "--user-symbol", "the"],
    ["wordpiece"],
    ["wordpiece", "--cased", "-s", "the", "-s", "##ing", "--limit-alphabet", "300"],
    ["unigram"],
], ids=["bpe", "bpe-special", "spbpe", "spbpe-bytes", "wordpiece", "wordpiece-special", "unigram"])
def test_each_size_is_that_of_its_own_run(tmp_path, words):
    verb, *options = words
    corpus = peers.corpus_slice("english", 2_000_000) or peers.own_corpus()
    names = ",".join(f"{size // 1000}k" if size % 1000 == 0 else str(size) for size in SIZES)
    run = peers.toktrain(verb, corpus, "-o", tmp_path / "m", "--vocab-sizes", names, *options)
    assert run.stdout.decode().count("wrote ") == len(SIZES)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"m-{size}" for size in SIZES)
    for size in SIZES:
        peers.toktrain(verb, corpus, "-o", tmp_path / "own", "-f", "-v", size, *options)
        own = {file.name: file.read_bytes() for file in (tmp_path / "own").iterdir()}
        found = {file.name: file.read_bytes() for file in (tmp_path / f"m-{size}").iterdir()}
        assert own.keys() == found.keys()
        for name, content in own.items():
            assert found[name] == content, f"{size}: {name}"


def test_a_size_out_of_reach_writes_what_there_is(tmp_path):
    (tmp_path / "t.txt").write_text("the cat sat on the mat\n" * 9)
    run = peers.toktrain("bpe", tmp_path / "t.txt", "-o", tmp_path / "m",
                         "--vocab-sizes", "260,5k")
    assert "5,000" in run.stderr.decode() and "260" not in run.stderr.decode()
    peers.toktrain("bpe", tmp_path / "t.txt", "-o", tmp_path / "own", "-v", "5000")
    for file in (tmp_path / "own").iterdir():
        assert file.read_bytes() == (tmp_path / "m-5000" / file.name).read_bytes()
    run = peers.toktrain("bpe", tmp_path / "t.txt", "-o", tmp_path / "n", "--exact-size",
                         "--vocab-sizes", "260,5k", check=False)
    assert run.returncode == 3
    assert not list(tmp_path.glob("n*"))


@pytest.mark.parametrize("sizes", ["", "8k,", "8k,8000", "0", "8K", "3000000k", "-1"])
def test_bad_sizes_are_told(tmp_path, sizes):
    (tmp_path / "t.txt").write_text("the cat sat on the mat\n" * 9)
    run = peers.toktrain("bpe", tmp_path / "t.txt", "-o", tmp_path / "m", "--vocab-sizes", sizes,
                         check=False)
    assert run.returncode == 2 and "--vocab-sizes" in run.stderr.decode()
    run = peers.toktrain("bpe", tmp_path / "t.txt", "-v", "300", "--vocab-sizes", "8k", check=False)
    assert run.returncode == 2
