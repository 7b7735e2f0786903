"""Pieces of `toktrain pieces` against Hugging Face's and tiktoken's own engines."""
import os
import pathlib
import subprocess

import pytest

tokenizers = pytest.importorskip("tokenizers")
ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("TOKTRAIN", str(ROOT / ".build/release/toktrain"))
CORPORA = pathlib.Path(os.environ.get("TOKTRAIN_CORPORA", "corpora"))
L3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
])
CL100K = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++\z|\s*[\r\n]|\s+(?!\S)|\s"
)
PATTERNS = {
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "cl100k": CL100K, "o200k": O200K, "llama3": L3 % r"\p{N}{1,3}", "qwen2": L3 % r"\p{N}",
    "whitespace": r"\S+|\s+",
}
STRANGE = "\n\n a\r\n \t\n  b'S 'ſ don'T 1234567 \u3000\u0085x  \n   \n'll  é e\u0301'vE ǅa中文 \n  "


def ours(name, text, documents="file"):
    run = subprocess.run(
        [BINARY, "pieces", "--pattern", name, "--documents", documents],
        input=text.encode(), capture_output=True, check=True)
    return [int(end) for end in run.stdout.split()]


def theirs(name, text, documents="file"):
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(PATTERNS[name]), "isolated")
    ends, total = [], 0
    for part in text.split("\n") if documents == "line" else [text]:
        pieces = split.pre_tokenize_str(part + "\n" if documents == "line" else part)
        for piece, _ in pieces:
            total += len(piece.encode())
            ends.append(total)
    return ends


def slice_of(corpus, size):
    data = (CORPORA / f"{corpus}.txt").open("rb").read(size)
    return data[: data.rindex(b"\n")].decode()


@pytest.mark.parametrize("name", PATTERNS)
def test_strange_texts(name):
    for cut in range(len(STRANGE)):
        assert ours(name, STRANGE[cut:]) == theirs(name, STRANGE[cut:]), STRANGE[cut:]


@pytest.mark.parametrize("name", PATTERNS)
def test_every_code_point(name):
    points = (chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000)
    text = "\n".join(f"a{c}b {c} {c}{c}{c}1{c}" for c in points)
    assert ours(name, text) == theirs(name, text)


@pytest.mark.parametrize("documents", ["file", "line"])
@pytest.mark.parametrize("corpus", ["english", "multilingual", "code"])
@pytest.mark.parametrize("name", PATTERNS)
def test_corpora(name, corpus, documents):
    if not (CORPORA / f"{corpus}.txt").exists():
        pytest.skip("no corpus; set TOKTRAIN_CORPORA")
    text = slice_of(corpus, 200_000)
    if documents == "line":
        assert ours(name, text + "\n", documents) == theirs(name, text, documents)
    else:
        assert ours(name, text) == theirs(name, text)
