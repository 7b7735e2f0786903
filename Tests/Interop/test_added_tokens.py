"""Added tokens in any number, special tokens that a text may not have, and memory that stays flat."""

import json
import random
import subprocess
import sys

import pytest

import peers

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import AddedToken, Tokenizer, models  # noqa: E402

MANY = 400_000


def added(folder, count, seed=1):
    """A model with so many added tokens, as its file."""
    print("seed", seed)
    source = random.Random(seed)
    peers.toktrain("bpe", peers.own_corpus(), "-o", folder / "m", "--vocab-size", 1000, "-q", "-f")
    data = json.loads((folder / "m/tokenizer.json").read_text(encoding="utf-8"))
    start = max(data["model"]["vocab"].values()) + 1
    contents = set()
    while len(contents) < count:
        contents.add("".join(source.choice("abcdefgh<é字 ") for _ in range(source.randint(3, 12))))
    contents = sorted(contents - {token.replace("Ġ", " ") for token in data["model"]["vocab"]})
    data["added_tokens"] = [
        {"id": start + place, "content": content, "single_word": place % 50 == 3,
         "lstrip": place % 31 == 5, "rstrip": place % 37 == 7, "normalized": place % 3 == 0,
         "special": place % 5 == 0} for place, content in enumerate(contents)]
    model = folder / f"{count}.json"
    model.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    lines = ["".join(source.choice("abcdefgh<é字 x") if source.random() < 0.5 else
                     source.choice(contents) for _ in range(source.randint(0, 30)))
             for _ in range(3000)]
    return model, lines


def encode(model, folder, lines, *options):
    (folder / "text").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    output = peers.toktrain("encode", model, folder / "text", *options).stdout.decode()
    return [list(map(int, line.split())) for line in output.split("\n")[:-1]]


@pytest.mark.parametrize("count", [10, 3000, MANY])
def test_many_added_tokens(tmp_path, count):
    """That it comes to an end is a part of the test: a look at each token in each place would not."""
    model, lines = added(tmp_path, count)
    peer = Tokenizer.from_file(str(model))
    for special, options in [(False, ("--allow-special", "all")), (True, ())]:
        peer.encode_special_tokens = special
        theirs = peer.encode_batch_fast(lines, add_special_tokens=False)
        for text, ids, their in zip(lines, encode(model, tmp_path, lines, *options), theirs):
            assert ids == their.ids, repr(text)
    if count == MANY:
        # The wheel takes characters of added tokens for bytes where they may be.
        ids = [their.ids for text, their in zip(lines, theirs) if "é" not in text][:500]
        (tmp_path / "ids").write_text("".join(" ".join(map(str, row)) + "\n" for row in ids))
        decoded = peers.toktrain("decode", model, tmp_path / "ids").stdout.decode()
        assert decoded.split("\n")[:-1] == [peer.decode(row) for row in ids]


def test_a_special_token_that_is_not_allowed_is_told(tmp_path):
    tokenizer = Tokenizer.from_file(str(added(tmp_path, 10)[0]))
    tokenizer.add_special_tokens([AddedToken("<|end|>"), AddedToken("<|pad|>")])
    tokenizer.save(str(tmp_path / "m.json"))
    text = "eins\nzwei\né<|end|>\n<|pad|>\n"
    (tmp_path / "text").write_text(text, encoding="utf-8")
    for options in [(), ("--allow-special", "<|pad|>"), ("--json",), ("--max-length", 3)]:
        for threads in (1, 3):
            run = peers.toktrain("encode", tmp_path / "m.json", tmp_path / "text", "--special",
                                 "error", *options, "--threads", threads, check=False)
            assert run.returncode == 3
            assert ('document 3 (%s:3): the text has the special token "<|end|>" at byte 2'
                    % (tmp_path / "text")) in run.stderr.decode()
    for options in [("--special", "error", "--allow-special", "all"), ("--special", "text"), (),
                    ("--special", "error", "--allow-special", "<|end|>", "--allow-special",
                     "<|pad|>")]:
        peers.toktrain("encode", tmp_path / "m.json", tmp_path / "text", *options)


@pytest.mark.exact
def test_single_words_stand_beside_the_same_characters(tmp_path):
    tokenizer = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
    tokenizer.add_tokens([AddedToken("W", single_word=True, normalized=False)])
    tokenizer.save(str(tmp_path / "m.json"))
    beside = [chr(code) for code in range(0x110000)
              if not 0xD800 <= code < 0xE000 and chr(code) not in "\nW"]
    texts = [character + "W" for character in beside] + ["W" + character for character in beside]
    (tmp_path / "text").write_bytes("\n".join(texts).encode())
    lines = peers.toktrain("encode", tmp_path / "m.json", tmp_path / "text").stdout.splitlines()
    theirs = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    assert [[int(word) for word in line.split()] for line in lines] == theirs


def test_tiktoken_refuses_the_same(tmp_path):
    tiktoken = pytest.importorskip("tiktoken")
    pytest.importorskip("tiktoken.load")
    model = peers.need(peers.MODELS / "cl100k_base.tiktoken")
    ranks = tiktoken.load.load_tiktoken_bpe(str(model))
    special = {"<|endoftext|>": 100257, "<|fim_prefix|>": 100258, "<|endofprompt|>": 100276}
    peer = tiktoken.Encoding("m", pat_str=peers.CL100K, mergeable_ranks=ranks,
                             special_tokens=special)
    for text in ["a<|endoftext|>b", "<|fim_prefix|>", "<|endofprompt|><|endoftext|>", "<|end|>"]:
        for allowed in [(), ("<|endoftext|>",), ("<|endofprompt|>", "<|endoftext|>")]:
            options = [word for token in allowed for word in ("--allow-special", token)]
            run = peers.toktrain("encode", model, "--special", "error", *options,
                                 input=text.encode(), check=False)
            try:
                theirs = peer.encode(text, allowed_special=set(allowed))
            except ValueError:
                assert run.returncode == 3 and b"special token" in run.stderr, (text, allowed)
            else:
                assert list(map(int, run.stdout.split())) == theirs, (text, allowed)


PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(*words):
    """Most memory of a run, in KB."""
    run = subprocess.run([sys.executable, "-c", PEAK, peers.TOOL, *map(str, words)], check=True,
                         capture_output=True)
    return int(run.stdout)


@pytest.mark.parametrize("verb, options", [
    ("bpe", []), *(pytest.param(verb, options, marks=pytest.mark.exact) for verb, options in [
        ("wordpiece", []), ("unigram", ["--byte-fallback"]), ("bpe", ["--style", "sentencepiece"])]),
])
def test_memory_stays_flat(tmp_path, verb, options):
    """Caches are full after a while; a million different words, each a call, add nothing to that."""
    peers.toktrain(verb, peers.own_corpus(), "-o", tmp_path / "m", "--vocab-size", 3000, "-q",
                   *options)
    source = random.Random(4)
    words = ["".join(source.choices("abcdefghijklmnopqrstuvwxyzäöü", k=source.randint(5, 40)))
             for _ in range(1_000_000)]
    for name, count in [("some", 500_000), ("all", 1_000_000)]:
        (tmp_path / name).write_text("\n".join(words[:count]) + "\n", encoding="utf-8")
    peaks = [peak("encode", tmp_path / "m", tmp_path / name, "--threads", 1, "--binary", "u32")
             for name in ("some", "all")]
    assert peaks[1] < peaks[0] * 1.05 + 2000, peaks
