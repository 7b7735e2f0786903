"""Pieces of `toktrain pieces` against Hugging Face's and tiktoken's own engines."""

import random
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


ATOMS = ["a", "b", "A", "1", "'", " ", "é", "中", ".", "[ab]", "[^a]", r"\p{L}", r"\p{N}", r"\s",
         r"\S", r"\w", r"\d", r"[^\s\p{L}]", r"\p{Lu}", r"[\p{Ll}\p{M}]"]
ALPHABET = list("abAB1'  é中\u0301.\t")


def random_piece(draw, depth):
    if depth and draw.random() < 0.3:
        if draw.random() < 0.15:
            return "(?i:%s)" % draw.choice(["ab", "b", "a1", "[ab]"])
        inner = "|".join(random_sequence(draw, depth - 1) for _ in range(draw.randint(1, 3)))
        return f"(?:{inner})" + draw.choice(["", "", "?", "+", "{1,2}", "+?"])
    quantifiers = ["", "", "", "", "?", "+", "*", "{1,2}", "{2}", "+?", "??", "*?", "++", "?+", "*+"]
    return draw.choice(ATOMS) + draw.choice(quantifiers)


def random_sequence(draw, depth):
    text = "".join(random_piece(draw, depth) for _ in range(draw.randint(1, 3)))
    if draw.random() < 0.2:
        text += draw.choice([r"(?!\S)", r"(?=\s)", "(?!a)", "(?=[ab])", r"\b", "$"])
    if draw.random() < 0.1:
        text = draw.choice(["(?<=a)", r"(?<!\s)", r"\b"]) + text
    return text


def random_case(seed):
    """A pattern, our cuts of forty lines, and theirs; None where either engine refuses."""
    draw = random.Random(seed)
    pattern = "|".join(random_sequence(draw, 2) for _ in range(draw.randint(1, 3))) + r"|[\s\S]"
    lines = ["".join(draw.choice(ALPHABET) for _ in range(draw.randint(1, 14)))
             for _ in range(40)]
    text = "\n".join(lines) + "\n"
    run = run_pieces(text, f"--pattern-regex={pattern}", "--documents", "line", check=False)
    if run.returncode == 2 or b"in many ways" in run.stderr:
        return None
    assert run.returncode == 0, (seed, pattern, run.stderr)
    try:
        expected = theirs(pattern, text, "line")
    except BaseException as error:  # their engine panics where it retries too often
        if isinstance(error, (KeyboardInterrupt, AssertionError)):
            raise
        return None
    return pattern, [int(end) for end in run.stdout.split()], expected


def check_random_patterns(seeds):
    compared = 0
    for seed in seeds:
        if case := random_case(seed):
            pattern, mine, expected = case
            assert mine == expected, f"seed {seed}: {pattern}"
            compared += 1
    return compared


def test_random_patterns():
    assert check_random_patterns(range(1500)) > 150


@pytest.mark.exact
def test_many_random_patterns():
    assert check_random_patterns(range(10_000, 40_000)) > 3_000
