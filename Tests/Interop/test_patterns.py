"""Pieces of `toktrain pieces` against Hugging Face's and tiktoken's own engines."""

import re
import subprocess
import sys

import peers
import pytest
import tokenizers

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


def run_pieces(text, *options, check=True):
    return peers.toktrain("pieces", *options, input=text.encode(), check=check)


def ours(name, text, documents="file"):
    run = run_pieces(text, "--pattern", name, "--documents", documents)
    return [int(end) for end in run.stdout.split()]


def theirs(pattern, text, documents="file"):
    """Ends of the pieces of the text, or of each of its lines with its line feed."""
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")
    ends, total = [], 0
    parts = re.findall(r"[^\n]*\n|[^\n]+", text) if documents == "line" else [text]
    for part in parts:
        for piece, _ in split.pre_tokenize_str(part):
            total += len(piece.encode())
            ends.append(total)
    return ends


@pytest.mark.parametrize("name", PATTERNS)
def test_strange_texts(name):
    for cut in range(len(STRANGE)):
        assert ours(name, STRANGE[cut:]) == theirs(PATTERNS[name], STRANGE[cut:]), STRANGE[cut:]


def test_the_class_table_is_what_the_generator_writes(tmp_path):
    generator = peers.ROOT / "Tests/Interop/generate_unicode_tables.py"
    subprocess.run([sys.executable, generator, tmp_path / "table.c"], check=True)
    table = peers.ROOT / "Sources/NativeBridges/unicode_tables.c"
    assert (tmp_path / "table.c").read_bytes() == table.read_bytes()


def in_context(points):
    return "\n".join(f"a{c}b {c} {c}{c}{c}1{c}" for c in points) + "\n"


def code_points(step):
    return [chr(c) for c in range(0, 0x110000, step) if not 0xD800 <= c < 0xE000]


@pytest.mark.parametrize("name", PATTERNS)
def test_some_code_points(name):
    text = in_context(code_points(97) + [chr(c) for c in range(0x800)])
    assert ours(name, text, "line") == theirs(PATTERNS[name], text, "line")


@pytest.mark.exact
@pytest.mark.parametrize("name", PATTERNS)
def test_every_code_point(name):
    text = in_context(code_points(1))
    assert ours(name, text, "line") == theirs(PATTERNS[name], text, "line")


def corpus_text(corpus, size):
    path = peers.corpus(corpus) if size is None else peers.corpus_slice(corpus, size)
    if path is None:
        pytest.skip(f"no big corpora in {peers.SHARED}; set TOKTRAIN_CORPORA")
    return path.read_bytes().decode()


@pytest.mark.parametrize("documents", ["file", "line"])
@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("name", PATTERNS)
def test_slices_of_corpora(name, corpus, documents):
    text = corpus_text(corpus, 200_000)
    assert ours(name, text, documents) == theirs(PATTERNS[name], text, documents)


@pytest.mark.exact
@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("name", PATTERNS)
def test_whole_corpora(name, corpus):
    text = corpus_text(corpus, None)
    assert ours(name, text, "line") == theirs(PATTERNS[name], text, "line")


# tiktoken's texts of its own patterns (tiktoken_ext/openai_public.py), one of which Hugging Face's
# engine reads in another way.
TIKTOKEN = {
    "cl100k": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$"
              r"|\s*[\r\n]|\s+(?!\S)|\s",
    "o200k": O200K,
}


@pytest.mark.parametrize("corpus", [*peers.BIG, "strange"])
@pytest.mark.parametrize("name", TIKTOKEN)
def test_tiktoken_cuts_so(name, corpus):
    """With a token for every byte and for what stands in a text, ids tell where tiktoken cuts."""
    import tiktoken

    text = STRANGE * 3 if corpus == "strange" else corpus_text(corpus, 200_000)
    ends = ours(name, text)
    data = text.encode()
    pieces = [data[a:b] for a, b in zip([0, *ends], ends)]
    ranks = {bytes([byte]): byte for byte in range(256)}
    for piece in pieces:
        ranks.setdefault(piece, len(ranks))
    encoding = tiktoken.Encoding(
        name, pat_str=TIKTOKEN[name], mergeable_ranks=ranks, special_tokens={})
    assert encoding.encode_ordinary(text) == [ranks[piece] for piece in pieces]
