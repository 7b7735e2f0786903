"""Normalization in the built binary against Python's unicodedata and Hugging Face's normalizers.

The model has one token for each byte and no merges, so the ids that `toktrain encode` prints are the
bytes of the normalized text.
"""

import functools
import json
import os
import pathlib
import random
import subprocess
import unicodedata

import pytest
from tokenizers import normalizers

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("TOKTRAIN", ROOT / ".build/release/toktrain"))
FORMS = ["NFC", "NFD", "NFKC", "NFKD"]

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason=f"{TOOL} is not built")


def byte_alphabet():
    """GPT-2's printable character for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(256 + i) for i, b in enumerate(others)}}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
                  "use_regex": False}
    paths = {}
    for form in FORMS:
        model = {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
            "normalizer": {"type": form}, "pre_tokenizer": byte_level, "post_processor": None,
            "decoder": byte_level,
            "model": {
                "type": "BPE", "dropout": None, "unk_token": None,
                "continuing_subword_prefix": None, "end_of_word_suffix": None,
                "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                "vocab": {character: byte for byte, character in byte_alphabet().items()},
                "merges": [],
            },
        }
        paths[form] = folder / f"{form}.json"
        paths[form].write_text(json.dumps(model, ensure_ascii=False), encoding="utf-8")
    return paths


def normalized(models, form, lines):
    """Each line as the binary normalizes it."""
    text = "".join(line + "\n" for line in lines).encode()
    run = subprocess.run([TOOL, "encode", models[form], "-", "--documents", "line", "--quiet"],
                         input=text, capture_output=True, check=True)
    rows = run.stdout.decode().split("\n")[:-1]
    assert len(rows) == len(lines)
    return [bytes(map(int, row.split())).decode() for row in rows]


def normalized_as_of_today(form, lines):
    """Each line with the characters that ICU knows, not only those that Hugging Face knows."""
    text = "".join(line + "\n" for line in lines).encode()
    run = subprocess.run([TOOL, "normalize", "-", "-n", form.lower(), "--unicode", "current"],
                         input=text, capture_output=True, check=True)
    rows = run.stdout.decode().split("\n")[:-1]
    assert len(rows) == len(lines)
    return rows


def check(models, form, lines, reference):
    compare(form, lines, normalized(models, form, lines), reference)


def compare(form, lines, results, reference):
    for line, result in zip(lines, results):
        expected = reference(line)
        assert result == expected, f"{form} of {ascii(line)}: {ascii(result)}, not {ascii(expected)}"


@functools.cache
def assigned(database):
    """What a version of Unicode assigns, line feeds and surrogates excepted."""
    return [c for c in map(chr, range(0x110000))
            if database.category(c) not in ("Cn", "Cs") and c != "\n"]


def in_context(characters):
    """Lines in which each character meets itself, a letter and a mark."""
    contexts = [f"{c}{c}a{c}\u0301{c}b" for c in characters]
    return ["".join(contexts[i:i + 64]) for i in range(0, len(contexts), 64)]


def random_lines(characters, seed, count):
    """Lines of characters that have a decomposition or a combining class, and some letters."""
    chance = random.Random(seed)
    active = [c for c in characters if unicodedata.combining(c) or unicodedata.decomposition(c)]
    marks = [c for c in active if unicodedata.combining(c)]
    active += [chr(c) for c in range(0x1100, 0x1200)]
    return ["".join(chance.choice(chance.choice([active, marks, "aeo "])) for _ in range(12))
            for _ in range(count)]


@pytest.mark.parametrize("form", FORMS)
def test_python_agrees_on_every_character_it_knows(form):
    characters = assigned(unicodedata)
    reference = functools.partial(unicodedata.normalize, form)
    for lines in (in_context(characters), random_lines(characters, 1, 20_000)):
        compare(form, lines, normalized_as_of_today(form, lines), reference)


@pytest.mark.parametrize("form", FORMS)
def test_hugging_face_agrees_on_characters_older_than_its_tables(models, form):
    # Its tables are of Unicode 9; younger characters pass through it unchanged. Python knows the
    # characters of Unicode 3.2 apart.
    characters = assigned(unicodedata.ucd_3_2_0)
    reference = getattr(normalizers, form)().normalize_str
    check(models, form, in_context(characters), reference)
    check(models, form, random_lines(characters, 2, 20_000), reference)


@pytest.mark.parametrize("form", FORMS)
def test_hugging_face_agrees_on_texts(models, form):
    texts = sorted(ROOT.glob("Corpora/*.txt"))
    lines = [line for path in texts
             for line in path.read_bytes().decode().replace("\r", "").split("\n") if line]
    assert lines
    lines += [unicodedata.normalize("NFD", line) for line in lines]
    check(models, form, lines, getattr(normalizers, form)().normalize_str)


def test_marks_in_the_worst_order_end(models):
    line = "a" + "\u0301\u0323" * 50_000
    assert normalized(models, "NFC", [line]) == ["\u1ea1" + "\u0323" * 49_999 + "\u0301" * 50_000]
