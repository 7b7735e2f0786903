"""The trained vocabulary and merges against Hugging Face's, rustbpe's and a plain oracle."""

import collections
import json
import random

import pytest

import peers

COMPARABLE = ["--documents", "line", "--normalization", "none", "--pattern", "gpt2"]


def ours(source, place, *options):
    peers.toktrain("bpe", source, "-o", place, "--quiet", "--force", *options)
    return peers.read_bpe(place / "tokenizer.json")


def assert_equal(mine, theirs):
    """Says the first place that differs rather than two lists of 32,000."""
    for what, left, right in zip(("tokens", "merges"), mine, theirs):
        right = [tuple(entry) if isinstance(entry, list) else entry for entry in right]
        for place, (a, b) in enumerate(zip(left, right)):
            assert a == b, f"{what} differ first at {place}: ours {a!r}, theirs {b!r}"
        assert len(left) == len(right), f"number of {what}"


def compare_with_hugging_face(path, place, size, frequency):
    theirs = peers.cached("tokenizers", ["gpt2", "line", size, frequency], path,
                          lambda: peers.hugging_face(path, size, frequency))
    assert len(theirs[1]) > 200
    mine = ours(path, place, *COMPARABLE, "--vocab-size", size, "--min-frequency", frequency)
    assert_equal(mine, theirs)


@pytest.mark.parametrize("frequency", [0, 2])
def test_own_texts_equal_hugging_face(tmp_path, frequency):
    compare_with_hugging_face(peers.own_corpus(), tmp_path / "m", 6000, frequency)


@pytest.mark.parametrize("frequency", [0, 2])
@pytest.mark.parametrize("name", peers.BIG)
def test_slices_equal_hugging_face(tmp_path, name, frequency):
    path = peers.need(peers.corpus_slice(name, 2_000_000))
    compare_with_hugging_face(path, tmp_path / "m", 32_000, frequency)


def test_one_whole_corpus_equals_hugging_face(tmp_path):
    compare_with_hugging_face(peers.need(peers.corpus("english")), tmp_path / "m", 32_000, 2)


@pytest.mark.exact
@pytest.mark.parametrize("frequency", [0, 2])
@pytest.mark.parametrize("name, size", [(n, 32_000) for n in peers.BIG]
                         + [("multilingual", 100_000)])
def test_whole_corpora_equal_hugging_face(tmp_path, name, size, frequency):
    compare_with_hugging_face(peers.need(peers.corpus(name)), tmp_path / "m", size, frequency)


def compare_cl100k(path, place, size):
    theirs = peers.cached(
        "tokenizers", ["cl100k", "nfc", "line", size, 2], path,
        lambda: peers.hugging_face(path, size, 2, pattern=peers.CL100K, nfc=True))
    mine = ours(path, place, "--documents", "line", "--vocab-size", size)
    assert_equal(mine, theirs)


def test_cl100k_with_nfc_equals_hugging_face(tmp_path):
    compare_cl100k(peers.own_corpus(), tmp_path / "own", 6000)
    for name in peers.BIG:
        compare_cl100k(peers.need(peers.corpus_slice(name, 2_000_000)), tmp_path / name, 16_000)


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_cl100k_with_nfc_equals_hugging_face_on_whole_corpora(tmp_path, name):
    compare_cl100k(peers.need(peers.corpus(name)), tmp_path / "m", 32_000)


def small_text(source):
    """A few lines over a small alphabet: equal counts are everywhere."""
    alphabet = source.choice(["ab", "abc", "a b", "aé ", "ab1 '", "a東b\t ", "abcdefgh  "])
    lines = []
    for _ in range(source.randint(1, 12)):
        line = "".join(source.choice(alphabet) for _ in range(source.randint(1, 40)))
        lines += [line] * source.choice([1, 1, 1, 2, 3])
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(6))
def test_small_texts_with_ties_equal_hugging_face(tmp_path, seed):
    print("seed", seed)
    source = random.Random(seed)
    for number in range(50):
        path = tmp_path / f"{number}.txt"
        path.write_text(small_text(source), encoding="utf-8", newline="")
        size, frequency = source.choice([270, 300, 400]), source.choice([0, 2, 3])
        mine = ours(path, tmp_path / "m", *COMPARABLE, "--vocab-size", size,
                    "--min-frequency", frequency)
        try:
            assert_equal(mine, peers.hugging_face(path, size, frequency))
        except AssertionError as error:
            raise AssertionError(f"seed {seed} text {number}: {path.read_text()!r}") from error


def token_bytes(tokens):
    codes = {character: byte for byte, character in peers.byte_alphabet().items()}
    return [bytes(codes[c] for c in token) for token in tokens]


def compare_with_rustbpe(path, place, size):
    theirs = peers.cached("rustbpe", ["gpt2", "line", size], path,
                          lambda: [token.hex() for token in peers.rustbpe(path, size)])
    theirs = [bytes.fromhex(token) for token in theirs]
    tokens, _ = ours(path, place, *COMPARABLE, "--tie-break", "raw-bytes", "--vocab-size", size,
                     "--min-frequency", 0)
    mine = token_bytes(tokens)
    assert sorted(mine[:256]) == theirs[:256]
    assert_equal((mine[256:], []), (theirs[256:], []))


def test_raw_bytes_equal_rustbpe(tmp_path):
    compare_with_rustbpe(peers.own_corpus(), tmp_path / "own", 4000)
    for name in peers.BIG:
        compare_with_rustbpe(peers.need(peers.corpus_slice(name, 2_000_000)), tmp_path / name, 16_000)


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_raw_bytes_equal_rustbpe_on_whole_corpora(tmp_path, name):
    compare_with_rustbpe(peers.need(peers.corpus(name)), tmp_path / "m", 32_000)


def greatest_bytes_merges(text, count):
    """The definition: of the most frequent pairs, the one greatest as a pair of byte strings."""
    words = collections.Counter()
    for line in text.splitlines(keepends=True):
        words[tuple(bytes([b]) for b in line.encode())] += 1
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, weight in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += weight
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        renewed = collections.Counter()
        for word, weight in words.items():
            result, place = [], 0
            while place < len(word):
                if word[place:place + 2] == best:
                    result.append(best[0] + best[1])
                    place += 2
                else:
                    result.append(word[place])
                    place += 1
            renewed[tuple(result)] += weight
        words = renewed
    return merges


def test_greatest_bytes_equal_their_definition(tmp_path):
    source = random.Random(7)
    for number in range(40):
        path = tmp_path / f"{number}.txt"
        path.write_text(small_text(source), encoding="utf-8", newline="")
        _, merges = ours(path, tmp_path / "m", "--documents", "line", "--normalization", "none",
                         "--pattern", "none", "--tie-break", "greatest-bytes",
                         "--vocab-size", 290, "--min-frequency", 1)
        mine = [tuple(token_bytes(pair)) for pair in merges]
        assert mine == greatest_bytes_merges(path.read_text(encoding="utf-8"), 34), path.read_text()


@pytest.mark.exact
def test_merges_of_more_places_than_a_packed_sum_counts_are_the_same(tmp_path):
    """One word in which a pair stands more than 2^24 times; the same text fewer times as oracle."""
    source = random.Random(11)
    block = "".join(source.choice(["ab", "ab", "ab", "ca", "d", "bc"]) for _ in range(50_000))
    assert block.count("ab") > 24_000
    results = []
    for times in (3, 720):
        path = tmp_path / "text"
        path.write_text(block * times)
        results.append(ours(path, tmp_path / "m", "--pattern", "none", "--normalization", "none",
                            "--vocab-size", 330))
    assert results[0] == results[1] and len(results[0][1]) == 74


def test_a_longest_token_is_never_longer(tmp_path):
    for limit in (1, 2, 3, 5, 8):
        tokens, _ = ours(peers.own_corpus(), tmp_path / "m", "--vocab-size", 2000,
                         "--max-token-length", limit)
        assert max(map(len, tokens)) == limit


def test_special_tokens_come_first_and_are_never_learned(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("aa<|x|>aa\n" * 50)
    tokens, merges = ours(path, tmp_path / "m", *COMPARABLE, "--vocab-size", 400,
                          "--special-token", "<|x|>", "--special-token", "<pad>")
    data = json.loads((tmp_path / "m/tokenizer.json").read_text())
    added = {entry["content"]: entry["id"] for entry in data["added_tokens"]}
    assert added == {"<|x|>": 0, "<pad>": 1}
    assert not any("<" in left + right or "|" in left + right for left, right in merges)
    assert ("a", "a") in merges


def test_the_alphabet_can_be_limited(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("aaaa bbb cc d\n" * 9)
    tokens, _ = ours(path, tmp_path / "m", *COMPARABLE, "--initial-alphabet", "none",
                     "--limit-alphabet", 3, "--vocab-size", 3)
    assert len(tokens) == 3 and set(tokens) == {"a", "b", "Ġ"}


def ids_equal(path, place, documents=2000):
    """The ids of `toktrain encode` and of Hugging Face's encoder with our file."""
    from tokenizers import Tokenizer

    peer = Tokenizer.from_file(str(place / "tokenizer.json"))
    text = path.read_bytes().decode("utf-8")
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    out = peers.toktrain("encode", place, path, "--quiet").stdout.decode().split("\n")
    out.pop()
    assert len(out) == len(lines)
    for start in range(0, len(lines), documents):
        batch = lines[start:start + documents]
        encoded = peer.encode_batch_fast(batch, add_special_tokens=False)
        for offset, encoding in enumerate(encoded):
            mine = [int(word) for word in out[start + offset].split()]
            assert mine == encoding.ids, f"line {start + offset + 1}: {batch[offset]!r}"


@pytest.mark.parametrize("pattern", ["gpt2", "cl100k", "o200k", "llama3", "qwen2", "none"])
def test_ids_equal_hugging_face_with_our_file(tmp_path, pattern):
    ours(peers.own_corpus(), tmp_path / "m", "--pattern", pattern, "--vocab-size", 3000)
    ids_equal(peers.own_corpus(), tmp_path / "m")


@pytest.mark.parametrize("name", peers.BIG)
def test_ids_of_slices_equal_hugging_face(tmp_path, name):
    path = peers.need(peers.corpus_slice(name, 2_000_000))
    ours(path, tmp_path / "m", "--vocab-size", 16_000)
    ids_equal(path, tmp_path / "m")


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_ids_of_whole_corpora_equal_hugging_face(tmp_path, name):
    path = peers.need(peers.corpus(name))
    ours(path, tmp_path / "m")
    ids_equal(path, tmp_path / "m")


def test_transformers_loads_the_directory(model, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "1")
    transformers = pytest.importorskip("transformers")
    text = "Größer, 東京 and  blanks"
    try:
        loaded = transformers.AutoTokenizer.from_pretrained(str(model))
    except ImportError as error:
        pytest.skip(f"transformers cannot run here: {error}")
    line = peers.toktrain("encode", model, input=text.encode()).stdout.split()
    assert loaded(text, add_special_tokens=False)["input_ids"] == [int(word) for word in line]
