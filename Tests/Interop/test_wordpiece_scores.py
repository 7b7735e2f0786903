"""WordPiece by likelihood and by gain, against the rules written plainly."""

import json
import random

import pytest

import pair_scores
import peers
from test_wordpiece import ours

tokenizers = pytest.importorskip("tokenizers")

SPECIAL = len(peers.BERT_TOKENS)
LONGEST = 100


def alphabet(tokens, words):
    """How many of our tokens are special or single characters."""
    bare = {character for word, _ in words for character in word}
    continuing = {character for word, _ in words for character in word[1:]}
    return SPECIAL + len(bare) + len(continuing)


def compare(path, place, size, score, least, *options):
    mine = ours(path, place, "-v", size, "--score", score, *options)
    words = list(peers.bert_words(path, LONGEST).items())
    base = alphabet(mine, words)
    plain = pair_scores.PairScores(words, mine[:base])
    for number in range(base, size):
        if score == "likelihood":
            pair = plain.best_by_likelihood(least)
            best = [pair] if pair else []
        else:
            best = plain.best_by_gain(least)
        if not best:
            assert len(mine) == number, f"ours goes on after {number} with {mine[number]!r}"
            return mine
        assert len(mine) > number, f"ours ends at {number} before {plain.joined(best[0])!r}"
        # Doubles can't tell gains apart that are nearly equal: there ours may be any of them.
        same = [pair for pair in best if plain.joined(pair) == mine[number]]
        assert same, f"tokens differ first at {number}: {mine[number]!r}, {plain.joined(best[0])!r}"
        plain.merge(same[0])
    assert len(mine) == size
    return mine


CASES = [("likelihood", 1), ("likelihood", 2), ("likelihood", 10), ("gain", 2), ("gain", 1)]


def options_of(score, least):
    return ["--min-pair-count" if score == "likelihood" else "--min-frequency", least]


@pytest.mark.parametrize("score, least", CASES)
def test_own_texts(tmp_path, score, least):
    compare(peers.own_corpus(), tmp_path / "m", 1800, score, least, *options_of(score, least))


@pytest.mark.exact
@pytest.mark.parametrize("score, least", CASES)
def test_a_slice_of_english(tmp_path, score, least):
    path = peers.need(peers.corpus_slice("english", 1_000_000))
    compare(path, tmp_path / "m", 3000, score, least, *options_of(score, least))


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
@pytest.mark.parametrize("score, least", [("likelihood", None), ("likelihood", 2), ("gain", 2)])
def test_whole_corpora_take_the_best_pair_every_so_often(tmp_path, name, score, least):
    """Merges are followed; at every 400th all pairs are looked at."""
    path = peers.need(peers.corpus(name))
    options = options_of(score, least) if least else []
    mine = ours(path, tmp_path / "m", "-v", 32_000, "--score", score, *options)
    least = least or account(tmp_path / "m")["result"]["min_pair_count"]
    words = list(peers.bert_words(path, LONGEST).items())
    base = alphabet(mine, words)
    plain = pair_scores.PairScores(words, mine[:base])
    ids = {token: number for number, token in enumerate(mine[:base])}
    for number in range(base, len(mine)):
        # No two pairs make the same text: of the splits one stands somewhere.
        pair = next(pair for pair in plain.splits(mine[number], ids) if plain.pairs[pair] > 0)
        if number % 400 == 0:
            best = ([plain.best_by_likelihood(least)] if score == "likelihood"
                    else plain.best_by_gain(least))
            assert pair in best, (mine[number], [plain.joined(other) for other in best])
        plain.merge(pair)
        ids[mine[number]] = number


@pytest.mark.parametrize("seed", range(3))
def test_small_texts_with_ties(tmp_path, seed):
    print("seed", seed)
    source = random.Random(seed)
    for number in range(30):
        letters = source.choice(["ab", "abc ", "a b", "aé ", "ab1 '", "a東b ", "abcdefgh  ", "a#b "])
        lines = []
        for _ in range(source.randint(1, 12)):
            line = "".join(source.choice(letters) for _ in range(source.randint(1, 40)))
            lines += [line] * source.choice([1, 1, 1, 2, 3])
        path = tmp_path / f"{number}.txt"
        path.write_text("\n".join(lines) + "\nx\n", encoding="utf-8", newline="")
        size, (score, least) = source.choice([30, 60, 100]), source.choice(CASES)
        try:
            compare(path, tmp_path / "m", size, score, least, *options_of(score, least))
        except AssertionError as error:
            raise AssertionError(f"seed {seed} text {number}: {path.read_text()!r}") from error


def account(place):
    return json.loads((place / "training.json").read_text())


def test_the_automatic_minimum_is_the_highest_that_fills(tmp_path):
    path = peers.own_corpus()
    mine = ours(path, tmp_path / "m", "-v", 2500, "--score", "likelihood")
    found = account(tmp_path / "m")
    least = found["result"]["min_pair_count"]
    assert found["options"]["min_pair_count"] == "auto" and len(mine) == 2500 and least > 1
    same = ours(path, tmp_path / "n", "-v", 2500, "--score", "likelihood", "--min-pair-count", least)
    assert same == mine
    fewer = ours(path, tmp_path / "n", "-v", 2500, "--score", "likelihood",
                 "--min-pair-count", least + 1)
    assert len(fewer) < 2500


def test_a_minimum_far_below_the_automatic_one_is_warned_of(tmp_path):
    run = peers.toktrain("wordpiece", peers.own_corpus(), "-v", 2000, "-o", tmp_path / "m",
                         "--score", "likelihood", "--min-pair-count", 1)
    assert "warning: " in run.stderr.decode() and "--min-pair-count" in run.stderr.decode()
    run = peers.toktrain("wordpiece", peers.own_corpus(), "-v", 2000, "-o", tmp_path / "m", "-f",
                         "--score", "likelihood")
    assert "warning" not in run.stderr.decode()
    assert "minimum pair count: " in run.stderr.decode()


@pytest.mark.parametrize("score", ["likelihood", "gain", "top-down"])
def test_threads_change_no_byte_and_sizes_are_as_from_runs_of_their_own(tmp_path, score):
    path = peers.corpus_slice("multilingual", 500_000) or peers.own_corpus()
    sizes = (6000, 5000)
    ours_of = {}
    for size in sizes:
        for threads in (1, 3):
            place = tmp_path / f"{size}-{threads}"
            ours(path, place, "-v", size, "--threads", threads, "--score", score)
            files = {file.name: file.read_bytes() for file in place.iterdir()}
            assert ours_of.setdefault(size, files) == files
    peers.toktrain("wordpiece", path, "--vocab-sizes", "6k,5k", "-o", tmp_path / "m", "--score", score)
    for size in sizes:
        files = {file.name: file.read_bytes() for file in (tmp_path / f"m-{size}").iterdir()}
        assert files == ours_of[size]


@pytest.mark.parametrize("score", ["likelihood", "gain", "top-down"])
def test_what_is_left_out_is_counted_and_said(tmp_path, score):
    path = tmp_path / "t.txt"
    path.write_text("the cat sat on the mat, the cat sat.\n" * 20 + ("y" * 101 + "\n") * 3
                    + "naïve zaïr\n" * 2)
    limit = "--max-characters" if score == "top-down" else "--limit-alphabet"
    run = peers.toktrain("wordpiece", path, "-v", 60, "-o", tmp_path / "m", "--cased",
                         "--score", score, limit, 11)
    assert "not learned from: 3 words too long, " in run.stderr.decode()
    result = account(tmp_path / "m")["result"]
    assert result["too_long_words"] == 3 and result["unspelled_words"] >= 4
    assert not any("ï" in token or "y" in token for token in peers.read_lines(tmp_path / "m/vocab.txt"))


@pytest.mark.parametrize("options, words", [
    (["--score", "likely"], ["--score", "likelihood"]),
    (["--score", "likelihood", "--min-frequency", 2], ["--min-frequency", "--min-pair-count"]),
    (["--min-pair-count", 2], ["--min-pair-count", "likelihood"]),
    (["--score", "gain", "--slack", 0.1], ["--slack", "top-down"]),
    (["--score", "top-down", "--limit-alphabet", 9], ["--limit-alphabet"]),
    (["--score", "top-down", "--min-frequency", 9], ["--min-frequency"]),
    (["--compat", "tensorflow-text"], ["--compat", "top-down"]),
    (["--score", "top-down", "--slack", 1], ["--slack", "0.5"]),
    (["--score", "top-down", "--iterations", 0], ["--iterations"]),
    *[(["--score", score, "-v", 12], ["12", "at least"])
      for score in ("likelihood", "gain", "top-down")],
])
def test_bad_options_are_told(tmp_path, options, words):
    path = tmp_path / "t.txt"
    path.write_text("the cat sat on the mat, the cat sat.\n" * 20)
    run = peers.toktrain("wordpiece", path, "-o", tmp_path / "m", *options, check=False)
    message = run.stderr.decode()
    assert run.returncode == 2, message
    errors = [line for line in message.splitlines() if line.startswith("toktrain: error:")]
    assert len(errors) == 1 and all(word in message for word in words), message
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("score", ["likelihood", "gain", "top-down"])
def test_a_corpus_of_nothing_that_can_be_learned_from_is_told(tmp_path, score):
    path = tmp_path / "t.txt"
    path.write_text("x" * 101 + "\n" + "y" * 300 + "\n")
    run = peers.toktrain("wordpiece", path, "-o", tmp_path / "m", "--score", score, check=False)
    message = run.stderr.decode()
    assert run.returncode == 3 and "100 characters" in message, message


@pytest.mark.parametrize("score", ["likelihood", "gain", "top-down"])
def test_few_words_give_the_closest_and_say_so(tmp_path, score):
    path = tmp_path / "t.txt"
    path.write_text("the cat sat on the mat, the cat sat.\n" * 20)
    run = peers.toktrain("wordpiece", path, "-o", tmp_path / "m", "-v", 5000, "--score", score)
    assert "not 5,000" in run.stderr.decode()
    run = peers.toktrain("wordpiece", path, "-o", tmp_path / "m", "-v", 5000, "--score", score, "-f",
                         "--exact-size", check=False)
    assert run.returncode == 3


@pytest.mark.parametrize("score", ["likelihood", "gain", "top-down"])
def test_hostile_texts_train_and_no_token_comes_twice(tmp_path, score):
    texts = ["ab" * 50 + " x y x y", "\n".join(["#", "##", "###a", "##a"] * 9), "a " * 5000,
             "[UNK] e the [PAD] them\n" * 30]
    for text in texts:
        (tmp_path / "t.txt").write_text(text)
        for options in ([], ["-s", "e", "-s", "##e", "-s", "the"], ["-n", "none"]):
            tokens = ours(tmp_path / "t.txt", tmp_path / "m", "-v", 300, "--score", score, *options)
            assert len(set(tokens)) == len(tokens)
            tokenizers.Tokenizer.from_file(str(tmp_path / "m/tokenizer.json")).encode(text)
