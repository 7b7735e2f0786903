"""Every pre-tokenizer of Hugging Face, piece by piece with offsets, against `toktrain pieces`."""

import io
import itertools
import json
import random
import subprocess
import sys

import peers
import pytest
import tokenizers

BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def byte_level(space=False, regex=True):
    return {"type": "ByteLevel", "add_prefix_space": space, "trim_offsets": True,
            "use_regex": regex}


def metaspace(scheme="always", cuts=True, replacement="▁"):
    return {"type": "Metaspace", "replacement": replacement, "prepend_scheme": scheme,
            "split": cuts}


def sequence(*steps):
    return {"type": "Sequence", "pretokenizers": list(steps)}


SINGLE = {
    "bert": {"type": "BertPreTokenizer"},
    "whitespace": {"type": "Whitespace"},
    "whitespace-split": {"type": "WhitespaceSplit"},
    "digits": {"type": "Digits", "individual_digits": False},
    "digits-each": {"type": "Digits", "individual_digits": True},
    "delimiter": {"type": "CharDelimiterSplit", "delimiter": "b"},
    "delimiter-bracket": {"type": "CharDelimiterSplit", "delimiter": "]"},
    "scripts": {"type": "UnicodeScripts"},
    "fixed": {"type": "FixedLength", "length": 3},
    "fixed-one": {"type": "FixedLength", "length": 1},
    **{f"punctuation-{b}": {"type": "Punctuation", "behavior": b} for b in BEHAVIORS},
    **{f"byte-level-{s}-{r}": byte_level(s, r) for s in (False, True) for r in (False, True)},
    **{f"metaspace-{s}-{c}": metaspace(s, c) for s in ("always", "first", "never")
       for c in (False, True)},
    "metaspace-other": metaspace("always", True, "_"),
    **{f"literal-{b}-{i}": split("b ", b, i, "String") for b in BEHAVIORS for i in (False, True)},
    **{f"regex-{b}-{i}": split(r"\s?\p{L}|\d+", b, i) for b in BEHAVIORS for i in (False, True)},
    "literal-signs": split("(b|c)*", kind="String"),
    "literal-nothing": split("", kind="String"),
    "regex-nothing": split(r"\d*", "MergedWithNext"),
    "reference": split(r"(\w)\1+", "Removed"),
}
SEQUENCES = {
    "none": sequence(),
    "starcoder": sequence({"type": "Digits", "individual_digits": True}, byte_level()),
    "llama3": sequence(split(r"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|\s+(?!\S)|\s+|."),
                       byte_level(False, False)),
    "deepseek": sequence(split(r"\p{N}{1,3}"), split("[一-龥ぁ-ゟァ-ヿ]+"),
                         split(r"[!-~]?\p{L}+| ?[\p{P}\p{S}]+|\s+(?!\S)|\s+"),
                         byte_level(False, False)),
    "t5": sequence({"type": "WhitespaceSplit"}, metaspace()),
    "t5-first": sequence({"type": "WhitespaceSplit"}, metaspace("first")),
    "marked-then-cut": sequence(metaspace("always", False), split("▁", "MergedWithPrevious", kind="String")),
    "blank-in-each": sequence({"type": "Punctuation", "behavior": "Isolated"}, byte_level(True)),
    "bytes-first": sequence(byte_level(True), split("Ġ", "Removed", kind="String")),
    "bytes-twice": sequence(byte_level(), byte_level()),
    "nested": sequence({"type": "Whitespace"}, sequence({"type": "Digits", "individual_digits": False}),
                       {"type": "FixedLength", "length": 2}),
    "scripts-of-words": sequence({"type": "WhitespaceSplit"}, {"type": "UnicodeScripts"}),
}
ALL = {**SINGLE, **SEQUENCES}
STRANGE = [
    "", " ", "  ", "\n", "a", "Hey friend!  How are\tyou?!?", " leading", "trailing  ", "▁a ▁▁ b▁",
    "a\r\n\n b", "it's 12345 ½ Ⅻ ٣٤ days", "どこで生れ。Yes ー ア", "e\u0301 \u0301a a\u200db\u200cc",
    "👩\u200d👩\u200d👧\ufe0f 🇩🇪!", "\u3000x\u00a0y\u0085z", "naïve—“quoted” …", "b b b ]x] (b|c)*",
    "\x00\x01\x7f\u00ad\ufeff\ufffd", "אבא ואמא 中文mixed текст١٢", "aab bb1 11  22", "_a_ b",
]


def peer(step):
    """The same step, as Hugging Face reads it."""
    tokenizer = json.loads(tokenizers.Tokenizer(tokenizers.models.BPE()).to_str())
    tokenizer["pre_tokenizer"] = step
    return tokenizers.Tokenizer.from_str(json.dumps(tokenizer)).pre_tokenizer


def theirs(step, lines):
    """The pieces of each line as one JSON array, offsets in bytes."""
    step = peer(step)
    for line in lines:
        pieces = step.pre_tokenize_str(line)
        if line.isascii():
            found = [[start, end, piece] for piece, (start, end) in pieces]
        else:
            # Offsets of characters, to offsets of bytes.
            places = [0, *itertools.accumulate(len(character.encode()) for character in line)]
            found = [[places[start], places[end], piece] for piece, (start, end) in pieces]
        yield json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def ours(step, lines):
    """The same, from the lines that the tool prints for each piece, and an empty one between texts."""
    text = "\x02".join(lines).encode()
    run = peers.toktrain("pieces", "--pre-tokenizer", json.dumps(step), "--documents",
                         "separator:\x02", input=text)
    document = []
    for line in io.BytesIO(run.stdout):
        if line != b"\n":
            document.append(line[:-1])
        else:
            yield (b"[" + b",".join(document) + b"]").decode()
            document.clear()


def compare(step, lines):
    assert all("\x02" not in line for line in lines)
    lines = [line for line in lines if line]
    for line, mine, expected in zip(
            lines, ours(step, lines), theirs(step, lines), strict=True):
        # Written in other words, perhaps: an escape where the other has the character.
        assert mine == expected or json.loads(mine) == json.loads(expected), repr(line)


def in_context(points):
    return [f"a{c}b {c} {c}{c}1{c}" for c in points]


def code_points(step):
    return [chr(c) for c in range(0, 0x110000, step) if not 0xD800 <= c < 0xE000 and c != 2]


@pytest.mark.parametrize("name", ALL)
def test_strange_texts(name):
    compare(ALL[name], STRANGE)


@pytest.mark.parametrize("name", ALL)
def test_some_code_points(name):
    compare(ALL[name], in_context(code_points(499) + [chr(c) for c in range(0x300) if c != 2]))


@pytest.mark.exact
@pytest.mark.parametrize("name", ALL)
def test_every_code_point(name):
    compare(ALL[name], in_context(code_points(1)))


def random_lines(seed, count):
    draw = random.Random(seed)
    parts = [*"aabbAZ019  \t\n'.,!_▁-]", "é", "e\u0301", "中", "ア", "ー", "х", "ب", "\u0301\u0323",
             "\u200d", "\u200c", "👩🏽", "½", "\r\n", "\u00a0", "\u3000", "¿", "€", "\u180e"]
    return ["".join(draw.choice(parts) for _ in range(draw.randint(1, 20))) for _ in range(count)]


@pytest.mark.parametrize("name", ALL)
def test_random_texts(name):
    compare(ALL[name], random_lines(name, 200))


@pytest.mark.exact
@pytest.mark.parametrize("name", ALL)
def test_many_random_texts(name):
    compare(ALL[name], random_lines(name + "!", 100_000))


def corpus_lines(corpus, size):
    path = peers.corpus(corpus) if size is None else peers.corpus_slice(corpus, size)
    if path is None:
        pytest.skip(f"no big corpora in {peers.SHARED}; set TOKTRAIN_CORPORA")
    return path.read_bytes().decode().split("\n")


@pytest.mark.parametrize("name", ALL)
def test_slices_of_corpora(name):
    compare(ALL[name], [line for corpus in peers.BIG for line in corpus_lines(corpus, 10_000)])


@pytest.mark.exact
@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("name", ALL)
def test_whole_corpora(name, corpus):
    # Each line is a document of its own, so that a second one like it shows nothing new.
    compare(ALL[name], list(dict.fromkeys(corpus_lines(corpus, None))))


def test_the_script_table_is_what_the_generator_writes(tmp_path):
    generator = peers.ROOT / "Tests/Interop/generate_script_table.py"
    subprocess.run([sys.executable, generator, tmp_path / "table.c"], check=True)
    table = peers.ROOT / "Sources/NativeBridges/script_table.c"
    assert (tmp_path / "table.c").read_bytes() == table.read_bytes()


@pytest.mark.parametrize("name", ALL)
def test_a_long_text_is_cut_in_chunks_as_in_one(name):
    """Chunks are some 32 KB: a text of 100 KB has some."""
    lines = corpus_lines("multilingual", 50_000) + corpus_lines("code", 50_000) + random_lines(1, 300)
    compare(ALL[name], ["\n".join(lines)])
