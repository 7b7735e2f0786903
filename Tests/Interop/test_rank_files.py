"""Rank files (`.tiktoken`) and tekken.json against the tiktoken library."""

import base64
import json
import pathlib
import random

import pytest

import peers
from test_bad_input import fails
from test_encoding import SLICE

tiktoken = pytest.importorskip("tiktoken")
from tiktoken.load import load_tiktoken_bpe  # noqa: E402
from tiktoken_ext import openai_public  # noqa: E402

WORDS = r"\S+|\s+"
KNOWN = ["r50k_base", "p50k_base", "cl100k_base"]


def rank_file(tokens):
    """The lines of tokens by id."""
    return b"".join(base64.b64encode(token) + b" %d\n" % id for token, id in sorted(
        tokens.items(), key=lambda entry: entry[1]))


def sidecar(path, pattern, specials):
    path.with_name(path.name + ".json").write_text(json.dumps(
        {"format": "toktrain/ranks/1", "pattern": pattern, "special_tokens": specials}))


def ids(path, text, *options, form="file"):
    """What toktrain makes of a text, a document; or of its lines."""
    run = peers.toktrain("encode", path, "--documents", form, *options, input=text)
    lines = [[int(id) for id in line.split()] for line in run.stdout.decode().splitlines()]
    return lines if form == "line" else lines[0] if lines else []


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Published vocabularies: cl100k as it is, the older ones from GPT-2's, of which they are made."""
    folder = tmp_path_factory.mktemp("ranks")
    data = json.loads(peers.need(peers.MODELS / "gpt2.json").read_text(encoding="utf-8"))["model"]["vocab"]
    byte = {character: byte for byte, character in peers.byte_alphabet().items()}
    gpt2 = {bytes(byte[c] for c in token): id for token, id in data.items()
            if token != "<|endoftext|>"}
    spaces = {b" " * length: 50255 + length for length in range(2, 26)}
    (folder / "r50k_base.tiktoken").write_bytes(rank_file(gpt2))
    (folder / "p50k_base.tiktoken").write_bytes(rank_file({**gpt2, **spaces}))
    (folder / "cl100k_base.tiktoken").write_bytes(
        peers.need(peers.MODELS / "cl100k_base.tiktoken").read_bytes())
    return folder


def library(known, name):
    """tiktoken's own encoding; it checks the SHA-256 of what it is given."""
    class Reader:
        @staticmethod
        def load(_, expected_hash):
            return load_tiktoken_bpe(str(known / f"{name}.tiktoken"), expected_hash)

    given = openai_public.load_tiktoken_bpe
    openai_public.load_tiktoken_bpe = Reader.load
    try:
        return tiktoken.Encoding(**openai_public.ENCODING_CONSTRUCTORS[name]())
    finally:
        openai_public.load_tiktoken_bpe = given


def compare(path, encoding, text):
    """Whole, and line by line, so that a failure shows a line."""
    lines = text.decode().split("\n")
    lines = lines[:-1] if lines[-1] == "" else lines
    ours = ids(path, text, form="line")
    assert len(ours) == len(lines)
    for line, found in zip(lines, ours):
        assert found == encoding.encode_ordinary(line), repr(line[:300])
    assert ids(path, text) == encoding.encode_ordinary(text.decode())


@pytest.mark.parametrize("name", KNOWN)
def test_known_vocabularies_on_hard_texts(known, name):
    encoding = library(known, name)
    texts = sorted((peers.MODELS / "inputs").glob("*.txt"))
    assert texts
    for path in [*texts, peers.own_corpus()]:
        compare(known / f"{name}.tiktoken", encoding, path.read_bytes())


@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("name", KNOWN)
def test_known_vocabularies_on_slices(known, name, corpus):
    text = peers.need(peers.corpus_slice(corpus, SLICE)).read_bytes()
    compare(known / f"{name}.tiktoken", library(known, name), text)


@pytest.mark.exact
@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("name", KNOWN)
def test_known_vocabularies_on_whole_corpora(known, name, corpus):
    text = peers.need(peers.corpus(corpus)).read_bytes()
    compare(known / f"{name}.tiktoken", library(known, name), text)


@pytest.mark.parametrize("name", KNOWN)
def test_special_tokens_of_known_vocabularies(known, name):
    encoding = library(known, name)
    for special in encoding.special_tokens_set:
        text = f"a {special}b {special}"
        assert ids(known / f"{name}.tiktoken", text.encode(), "--allow-special", "all") == (
            encoding.encode(text, allowed_special="all"))
        assert ids(known / f"{name}.tiktoken", text.encode()) == encoding.encode_ordinary(text)
    run = peers.toktrain("decode", known / f"{name}.tiktoken", "--raw",
                         input=str(encoding.eot_token).encode())
    assert run.stdout == b"<|endoftext|>"


def test_known_vocabularies_in_other_forms_are_known(known, tmp_path):
    text = (known / "r50k_base.tiktoken").read_bytes()
    (tmp_path / "crlf.tiktoken").write_bytes(text.replace(b"\n", b"\r\n"))
    (tmp_path / "turned.tiktoken").write_bytes(b"\n".join(text.split(b"\n")[::-1]))
    for path in tmp_path.iterdir():
        assert ids(path, b"hello world") == [31373, 995]


def test_unknown_vocabularies_need_a_pattern(known, tmp_path):
    lines = (known / "r50k_base.tiktoken").read_bytes().splitlines(keepends=True)
    path = tmp_path / "short.tiktoken"
    path.write_bytes(b"".join(lines[:-1]))
    fails(peers.toktrain("encode", path, input=b"a", check=False), 3, "short.tiktoken", ".json",
          "pattern", "r50k_base")
    sidecar(path, openai_public.r50k_pat_str, {"<|endoftext|>": 50255})
    assert ids(path, b"hello world<|endoftext|>", "--allow-special", "all") == [31373, 995, 50255]
    path.with_name("short.tiktoken.json").write_text('{"format": "toktrain/ranks/1"}')
    fails(peers.toktrain("encode", path, input=b"a", check=False), 3, "short.tiktoken.json",
          "pattern")


@pytest.mark.parametrize("seed", range(60))
def test_random_vocabularies(tmp_path, seed):
    """Tokens of several splits, ids in no order, gaps; short and long words."""
    chance = random.Random(seed)
    letters = "abcde"[:chance.randint(1, 5)]
    words = {bytes([byte]) for byte in range(256)}
    known = [letter.encode() for letter in letters]
    for _ in range(chance.randint(1, 80)):
        word = (chance.choice(known) + chance.choice(known) if chance.random() < 0.8 else
                "".join(chance.choices(letters, k=chance.randint(2, 6))).encode())
        if len(word) <= (300 if seed % 5 == 0 else 12) and word not in words:
            words.add(word)
            known.append(word)
    order = sorted(words)
    if seed % 3:
        chance.shuffle(order)
    else:
        order.sort(key=len)
    places = sorted(chance.sample(range(2 * len(order)), len(order)))
    ranks = dict(zip(order, places))
    path = tmp_path / "random.tiktoken"
    path.write_bytes(rank_file(ranks))
    sidecar(path, WORDS, {"<s>": 2 * len(order)})
    encoding = tiktoken.Encoding("random", pat_str=WORDS, mergeable_ranks=ranks,
                                 special_tokens={"<s>": 2 * len(order)})
    text = "\n".join("".join(chance.choices(letters, k=chance.choice([1, 2, 3, 5, 8, 20, 45, 130])))
                     for _ in range(300)) + "\n"
    assert ids(path, text.encode(), form="line") == [
        encoding.encode_ordinary(line) for line in text.splitlines()]
    assert ids(path, text.encode()) == encoding.encode_ordinary(text)


@pytest.mark.parametrize("pattern", [r"[a-z]+", r"\p{L}+|\d", r"(?:ab)+|\s"])
def test_text_between_matches_is_left_out(tmp_path, pattern):
    ranks = {bytes([byte]): byte for byte in range(256)} | {b"ab": 256, b"abab": 257}
    path = tmp_path / "gaps.tiktoken"
    path.write_bytes(rank_file(ranks))
    sidecar(path, pattern, {})
    encoding = tiktoken.Encoding("gaps", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    text = "abab, x1 é ababab\n12!ab ABab"
    assert ids(path, text.encode()) == encoding.encode_ordinary(text)


@pytest.fixture(scope="module")
def tekken(tmp_path_factory):
    """A file of Mistral's form, with more tokens than it takes."""
    words = [b"th", b" t", b"he", b"the", b" the", b"in", b"an", b"and", "é".encode(), b"  "]
    tokens = [bytes([byte]) for byte in range(256)] + words
    pattern = r" ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    data = {
        "config": {"pattern": pattern, "num_vocab_tokens": len(tokens),
                   "default_vocab_size": 30 + len(tokens) - 2, "default_num_special_tokens": 30,
                   "version": "v3"},
        "vocab": [{"rank": rank, "token_bytes": base64.b64encode(token).decode(),
                   "token_str": None} for rank, token in enumerate(tokens)]}
    path = tmp_path_factory.mktemp("tekken") / "tekken.json"
    path.write_text(json.dumps(data))
    ranks = {token: rank for rank, token in enumerate(tokens[:-2])}
    return path, tiktoken.Encoding("tekken", pat_str=pattern, mergeable_ranks=ranks,
                                   special_tokens={})


def test_tekken_ids_follow_the_special_tokens(tekken):
    path, encoding = tekken
    text = peers.own_corpus().read_bytes()
    expected = [id + 30 for id in encoding.encode_ordinary(text.decode())]
    assert ids(path, text) == expected
    assert ids(path.parent, text) == expected
    decoded = peers.toktrain("decode", path, "--raw", input=b"1 20 29 " + b" ".join(
        str(id).encode() for id in expected[:100])).stdout
    assert decoded.startswith(b"<s><SPECIAL_20><SPECIAL_29>")


def damaged(data):
    lines = data.splitlines(keepends=True)
    yield "base64", b"".join(lines[:300]) + b"Y*Jj 300\n", 301
    yield "negative", b"".join(lines[:300]) + b"YWJjYWJj -1\n", 301
    yield "huge", b"".join(lines[:300]) + b"YWJjYWJj 900000000\n", 301
    yield "beyond", b"".join(lines[:300]) + b"YWJjYWJj 99999999999999999999\n", 301
    yield "rank", b"".join(lines[:300]) + b"YWJjYWJj 299\n", 301
    yield "token", b"".join(lines[:300]) + lines[299].split()[0] + b" 300\n", 301
    yield "empty", b"".join(lines[:300]) + b" 300\n", 301
    yield "trailing", data + b"\0", len(lines) + 1


def test_damage_is_told_with_its_line(known, tmp_path):
    for name, data, line in damaged((known / "r50k_base.tiktoken").read_bytes()):
        path = tmp_path / f"{name}.tiktoken"
        path.write_bytes(data)
        fails(peers.toktrain("inspect", path, check=False), 3, path.name, f"line {line}")


def test_files_cut_anywhere_are_told(known, tmp_path):
    data = (known / "r50k_base.tiktoken").read_bytes()
    path = tmp_path / "cut.tiktoken"
    for number in range(60):
        path.write_bytes(data[:number * (len(data) - 2) // 59])
        fails(peers.toktrain("inspect", path, check=False), 3, path.name)


def test_memory_is_bounded_by_the_file(known, tmp_path):
    """Also where a small file names great ids."""
    small = tmp_path / "small.tiktoken"
    small.write_bytes(rank_file({bytes([byte]): byte for byte in range(256)} | {b"ab": 16_000_000}))
    fails(peers.toktrain("encode", small, input=b"a", check=False), 3, "line 257", "65536")


def test_written_files_are_tiktokens(tmp_path):
    """There is no verb for it yet: the units write; here the merges of ours are those of ranks."""
    model = tmp_path / "model"
    peers.toktrain("bpe", peers.own_corpus(), "-o", model, "--vocab-size", 3000, "--quiet",
                   "--normalization", "none", "--special-token", "<s>")
    tokens, merges = peers.read_bpe(model / "tokenizer.json")
    byte = {character: byte for byte, character in peers.byte_alphabet().items()}
    ranks = {bytes(byte[c] for c in token): id for id, token in enumerate(tokens)
             if token != "<s>"}
    path = tmp_path / "own.tiktoken"
    path.write_bytes(rank_file(ranks))
    pattern = openai_public.cl100k_base.__code__.co_consts
    pattern = next(text for text in pattern if isinstance(text, str) and text.startswith("'(?i"))
    sidecar(path, pattern, {"<s>": 0})
    encoding = tiktoken.Encoding("own", pat_str=pattern, special_tokens={"<s>": 0},
                                 mergeable_ranks=load_tiktoken_bpe(str(path)))
    compare(path, encoding, peers.own_corpus().read_bytes())
    text = peers.own_corpus().read_bytes()
    assert ids(path, text) == ids(model, text)


def test_a_pattern_can_be_named(known, tmp_path, model):
    lines = (known / "r50k_base.tiktoken").read_bytes().splitlines(keepends=True)
    path = tmp_path / "short.tiktoken"
    path.write_bytes(b"".join(lines[:-1]))
    text = peers.own_corpus().read_bytes()
    expected = library(known, "r50k_base").encode_ordinary(text.decode())
    if 50255 not in expected:
        assert ids(path, text, "--pattern", "gpt2") == expected
    assert ids(path, b"hello world", "--pattern", "gpt2") == [31373, 995]
    fails(peers.toktrain("encode", model, "--pattern", "gpt2", input=b"", check=False), 2,
          "--pattern")
    sidecar(path, WORDS, {})
    fails(peers.toktrain("encode", path, "--pattern", "gpt2", input=b"", check=False), 2,
          "--pattern", "short.tiktoken.json")
