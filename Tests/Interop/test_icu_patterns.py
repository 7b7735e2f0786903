"""Patterns that only a backtracking engine runs, against Hugging Face's, with all behaviors."""

import json
import random

import peers
import pytest
import tokenizers

ATOMS = ["a", "b", "A", "1", "'", " ", "é", "中", ".", "[ab]", "[^a]", r"\p{L}", r"\p{N}", r"\s", r"\S",
         r"\w", r"\d", r"[^\s\p{L}]", r"\p{Lu}", "ab", "aA", "ss", "ß", "K", "s"]
ALPHABET = list("aabbAB1'  é中\u0301.\t\nsSßſkK") + ["\u212a"]
EDGES = [r"\b", r"\B", "^", "$", r"\A", r"\z", r"\Z"]
QUANTIFIERS = ["", "", "", "", "?", "+", "*", "{1,2}", "{2}", "{,2}", "{2,}", "{2,1}", "+?", "??", "*?",
               "++", "?+", "*+", "{1,2}?", "{2}?", "{1,2}+"]
BEHAVIORS = {"Removed": "removed", "Isolated": "isolated", "Contiguous": "contiguous",
             "MergedWithPrevious": "merged_with_previous", "MergedWithNext": "merged_with_next"}


class Patterns:
    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.groups = 0

    def quantifier(self):
        return self.draw.choice(QUANTIFIERS)

    def piece(self, depth):
        chance = self.draw.random()
        if depth and chance < 0.45:
            kind = self.draw.random()
            if kind >= 0.86:
                behind = self.draw.choice(["a", "ab", "a|bb", "[ab]1", r"\s\S"])
                return f"(?<{self.draw.choice('=!')}{behind})"
            inner = self.alternatives(depth - 1)
            if kind < 0.3:
                self.groups += 1
                return f"({inner}){self.quantifier()}"
            if kind < 0.68:
                opening = self.draw.choice(["(?:", "(?:", "(?>", "(?i:", "(?m:", "(?i-m:", "(?x: "])
                return f"{opening}{inner}){self.quantifier()}"
            if kind < 0.72:
                return f"(?i){inner}"
            return f"(?{self.draw.choice('=!')}{inner})"
        if chance < 0.55 and self.groups:
            return f"\\{self.draw.randint(1, self.groups)}{self.quantifier()}"
        if chance < 0.62:
            return self.draw.choice(EDGES)
        return self.draw.choice(ATOMS) + self.quantifier()

    def alternatives(self, depth):
        return "|".join("".join(self.piece(depth) for _ in range(self.draw.randint(1, 3)))
                        for _ in range(self.draw.randint(1, 2)))

    def lines(self):
        return ["".join(self.draw.choice(ALPHABET) for _ in range(self.draw.randint(1, 14)))
                for _ in range(25)]


def theirs(split, line):
    return [[len(line[:start].encode()), len(line[:end].encode())]
            for _, (start, end) in split.pre_tokenize_str(line)]


def case(seed):
    """A pattern, our cuts of some lines and theirs; None where either engine refuses."""
    patterns = Patterns(seed)
    pattern, lines = patterns.alternatives(3), patterns.lines()
    behavior, invert = patterns.draw.choice(list(BEHAVIORS)), patterns.draw.random() < 0.3
    try:
        split = tokenizers.pre_tokenizers.Split(
            tokenizers.Regex(pattern), BEHAVIORS[behavior], invert)
    except Exception:
        return None
    try:
        expected = [theirs(split, line) for line in lines]
    except BaseException as error:  # their engine panics where it retries too often
        if isinstance(error, (KeyboardInterrupt, AssertionError)):
            raise
        return None
    step = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": invert}
    run = peers.toktrain("pieces", "--pre-tokenizer", json.dumps(step), "--documents",
                         "separator:\x02", input="\x02".join(lines).encode(), check=False)
    if run.returncode == 2 or b"in many ways" in run.stderr or b"too much memory" in run.stderr:
        return None
    assert run.returncode == 0, (seed, pattern, run.stderr)
    result, document = [], []
    for line in run.stdout.decode().split("\n"):
        if line:
            document.append(json.loads(line)[:2])
        else:
            result.append(document)
            document = []
    return pattern, lines, result, expected


def compare(seeds):
    compared = 0
    for seed in seeds:
        if found := case(seed):
            pattern, lines, result, expected = found
            for line, mine, others in zip(lines, result, expected):
                assert mine == others, f"seed {seed}: {pattern!r} on {line!r}"
            compared += 1
    return compared


def test_random_patterns():
    assert compare(range(300)) > 60


@pytest.mark.exact
def test_many_random_patterns():
    assert compare(range(10_000, 40_000)) > 6_000


HOSTILE = [r"(a+)+\1$", r"(a|aa)+(\w)\2$", r"(\w+\s?)*\1x", r"(a*)*\1c", r"(.*)(.*)(.*)(.*)\4\3x"]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_pattern_is_soon_an_error(pattern, tmp_path):
    text = tmp_path / "text"
    text.write_text("fine\n" + "a" * 30_000 + "!\n")
    step = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": False}
    run = peers.toktrain("pieces", "--pre-tokenizer", json.dumps(step), check=False, timeout=20,
                         input=text.read_bytes())
    assert run.returncode == 3 and b"byte " in run.stderr, run.stderr
    run = peers.toktrain("bpe", text, "--documents", "line", "--pattern-regex", pattern, "-o",
                         tmp_path / "out", check=False, timeout=20)
    assert run.returncode == 3 and b"text:2: " in run.stderr, run.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(?:a|a)*b", "a.*?b"])
def test_what_makes_others_backtrack_is_linear_in_the_automaton(pattern):
    run = peers.toktrain("pieces", "--pattern-regex", pattern, input=b"a" * 3_000_000 + b"!",
                         timeout=20)
    assert run.stdout.splitlines()[-1].startswith(b"3000001")


def test_a_reference_is_trained_written_and_read_by_hugging_face(tmp_path):
    """A pattern with a back-reference, from the command line to the other library and back."""
    pattern = r"(\p{L})\1+|\p{L}|\s+|[^\s\p{L}]+"
    peers.toktrain("bpe", peers.own_corpus(), "--vocab-size", 400, "--pattern-regex", pattern,
                   "--normalization", "none", "-o", tmp_path / "model")
    other = tokenizers.Tokenizer.from_file(str(tmp_path / "model/tokenizer.json"))
    lines = [line for line in peers.own_corpus().read_text(encoding="utf-8").split("\n") if line]
    run = peers.toktrain("encode", tmp_path / "model", input="\n".join(lines).encode())
    ids = [[int(word) for word in line.split()] for line in run.stdout.decode().splitlines()]
    assert ids == [encoding.ids for encoding in other.encode_batch(lines)]
