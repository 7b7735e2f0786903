"""Counting apart from training: counts, sums of counts and tables train what the text trains."""

import pytest

import peers

TRAINERS = {
    "bpe": ["bpe"], "spbpe": ["bpe", "--style", "sentencepiece"],
    "wordpiece": ["wordpiece"], "unigram": ["unigram"],
}


def text_of(corpus, size):
    return peers.corpus_slice(corpus, size) or peers.own_corpus()


def files(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def halves(path, folder):
    """The two halves of a text, cut at a line end, and the text whose parts they are."""
    text = path.read_bytes()
    middle = text.index(b"\n", len(text) // 2) + 1
    parts = []
    for number, part in enumerate((text[:middle], text[middle:])):
        parts.append(folder / f"part{number}.txt")
        parts[-1].write_bytes(part)
    return parts


@pytest.mark.parametrize("trainer", TRAINERS)
def test_counts_and_their_sums_train_what_the_text_trains(tmp_path, trainer):
    parts = halves(text_of("multilingual", 400_000), tmp_path)
    train = [*TRAINERS[trainer], "-v", "3000"]
    peers.toktrain(*train, *parts, "-o", tmp_path / "text")
    peers.toktrain("count", "--for", trainer, *parts, "-o", tmp_path / "all.counts")
    counts = []
    for part in parts:
        counts.append(part.with_suffix(".counts"))
        peers.toktrain("count", "--for", trainer, part, "-o", counts[-1], "--threads", "1")
    peers.toktrain("count", "--merge", *reversed(counts), "-o", tmp_path / "sum.counts")
    assert (tmp_path / "sum.counts").read_bytes() == (tmp_path / "all.counts").read_bytes()
    peers.toktrain(*train, "--counts", tmp_path / "sum.counts", "-o", tmp_path / "counted")
    assert files(tmp_path / "counted") == files(tmp_path / "text")


@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_table_trains_the_same_tokens(tmp_path, trainer):
    text = text_of("english", 200_000)
    train = [*TRAINERS[trainer], "-v", "2000"]
    peers.toktrain(*train, text, "-o", tmp_path / "text")
    peers.toktrain("count", "--for", trainer, text, "--to", "tsv", "-o", tmp_path / "t.tsv")
    peers.toktrain(*train, "--counts", tmp_path / "t.tsv", "-o", tmp_path / "counted")
    expected, found = files(tmp_path / "text"), files(tmp_path / "counted")
    for name in expected.keys() - {"training.json"}:
        assert found[name] == expected[name], name


def test_options_must_be_those_of_the_counting(tmp_path):
    (tmp_path / "t.txt").write_text("the cat sat on the mat\n" * 9)
    peers.toktrain("count", tmp_path / "t.txt", "-o", tmp_path / "c", "--pattern", "gpt2")
    run = peers.toktrain("bpe", "--counts", tmp_path / "c", "-o", tmp_path / "m", check=False)
    error = run.stderr.decode()
    assert run.returncode == 3 and "pre_tokenizer" in error and not (tmp_path / "m").exists()
    run = peers.toktrain("unigram", "--counts", tmp_path / "c", "-o", tmp_path / "m", check=False)
    assert run.returncode == 3 and "documents" in run.stderr.decode()
    peers.toktrain("bpe", "--counts", tmp_path / "c", "-o", tmp_path / "m", "--pattern", "gpt2",
                   "-v", "300")


@pytest.mark.parametrize("words, part", [
    (["bpe"], "INPUT is missing"),
    (["bpe", "t.txt", "--counts", "c"], "exclude each other"),
    (["unigram", "--counts", "c", "--compat", "sentencepiece"], "--compat"),
    (["count", "t.txt", "--merge", "--to", "tsv"], "--merge"),
    (["count", "--for", "unigram", "--pattern", "gpt2", "t.txt"], "--pattern"),
    (["count", "--for", "bpe", "--max-line-bytes", "9", "t.txt"], "--max-line-bytes"),
])
def test_what_cannot_be_asked_is_told(words, part):
    run = peers.toktrain(*words, check=False)
    assert run.returncode == 2 and part in run.stderr.decode()


def test_what_is_no_counts_is_told(tmp_path):
    (tmp_path / "t.txt").write_text("the cat sat on the mat\n" * 9)
    for words in (["count", "--merge", tmp_path / "t.txt", "-o", tmp_path / "s"],
                  ["bpe", "--counts", tmp_path / "t.txt", "-o", tmp_path / "m"]):
        run = peers.toktrain(*words, check=False)
        assert run.returncode == 3 and "t.txt" in run.stderr.decode()
    run = peers.toktrain("bpe", "--counts", tmp_path / "none", "-o", tmp_path / "m", check=False)
    assert run.returncode == 4 and "none" in run.stderr.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.txt"]
