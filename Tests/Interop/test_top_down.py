"""The top-down WordPiece learner against TensorFlow Text's algorithm, with both of its rules."""

import random

import pytest

import peers
import top_down

tokenizers = pytest.importorskip("tokenizers")
SLICE = 50_000


def ours(source, place, *options):
    peers.toktrain("wordpiece", source, "-o", place, "--quiet", "--force", "--score", "top-down",
                   *options)
    return peers.read_lines(place / "vocab.txt")


def compare(path, place, size, options=(), **rules):
    """The shipped rule token by token. The documented one is filled or trimmed to the size: what both
    have must stand in the same order, and nothing may be missing unless it had to go."""
    words = peers.bert_words(path)
    theirs = top_down.learn(words, size, peers.BERT_TOKENS, shipped=True, **rules)
    mine = ours(path, place, "--vocab-size", size, "--compat", "tensorflow-text", *options)
    for number, (a, b) in enumerate(zip(mine, theirs)):
        assert a == b, f"tokens differ first at {number}: ours {a!r}, theirs {b!r}"
    assert len(mine) == len(theirs)

    theirs = top_down.learn(words, size, peers.BERT_TOKENS, shipped=False, longest=100, **rules)
    mine = ours(path, place, "--vocab-size", size, *options)
    both = set(mine) & set(theirs)
    assert len(set(mine)) == len(mine) <= size
    assert len(both) == min(len(mine), len(theirs))
    assert [token for token in mine if token in both] == [t for t in theirs if t in both]
    return mine


def test_own_texts(tmp_path):
    assert len(compare(peers.own_corpus(), tmp_path / "m", 4000)) == 4000


@pytest.mark.parametrize("name", peers.BIG)
def test_slices(tmp_path, name):
    path = peers.need(peers.corpus_slice(name, SLICE))
    compare(path, tmp_path / "m", 3000)


@pytest.mark.exact
@pytest.mark.parametrize("name, size", [
    ("english", 1000), ("english", 3000), ("code", 1000), ("code", 3000),
    # More than 1,000 of its tokens are single characters.
    ("multilingual", 3000), ("multilingual", 6000)])
def test_a_megabyte(tmp_path, name, size):
    path = peers.need(peers.corpus_slice(name, 1_000_000))
    compare(path, tmp_path / "m", size)


@pytest.mark.parametrize("seed", range(3))
def test_small_texts_with_ties(tmp_path, seed):
    print("seed", seed)
    source = random.Random(seed)
    for number in range(30):
        alphabet = source.choice(["ab", "abc ", "a b", "aé ", "ab1 '", "a東b ", "abcdefgh  "])
        lines = []
        for _ in range(source.randint(1, 12)):
            line = "".join(source.choice(alphabet) for _ in range(source.randint(1, 40)))
            lines += [line] * source.choice([1, 3, 9, 12, 30])
        path = tmp_path / f"{number}.txt"
        path.write_text("\n".join(lines) + "\nx\n", encoding="utf-8", newline="")
        size, slack, iterations = source.choice([40, 60, 100]), source.choice([0, 0.05, 0.2]), 3
        characters = source.choice([3, 1000])
        counts = peers.bert_words(path)
        allowed = top_down.most_frequent_characters(counts.items(), characters)
        if not any(allowed.issuperset(word) for word in counts):
            characters = 1000
        try:
            compare(path, tmp_path / "m", size,
                    ["--slack", slack, "--iterations", iterations, "--max-characters", characters],
                    slack=slack, iterations=iterations, characters=characters)
        except AssertionError as error:
            raise AssertionError(f"seed {seed} text {number}: {path.read_text()!r}") from error
