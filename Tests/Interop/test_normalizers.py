"""Every normalizer of Hugging Face's library with its options, in the built binary against the wheel.

`toktrain normalize` takes a normalizer as tokenizer.json has it, so both sides read the same JSON.
"""

import itertools
import json
import random
import subprocess

import pytest

import peers

tokenizers = pytest.importorskip("tokenizers")

# Stands between texts, in none of them.
SEPARATOR = "\x1e\x1d|\x1c\x1b|\x1a"


def bert(clean, chinese, accents, lower):
    return {"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": chinese,
            "strip_accents": accents, "lowercase": lower}


def strip(left, right):
    return {"type": "Strip", "strip_left": left, "strip_right": right}


def replace(text, content):
    return {"type": "Replace", "pattern": {"String": text}, "content": content}


def sequence(*steps):
    return {"type": "Sequence", "normalizers": list(steps)}


SIMPLE = [{"type": name} for name in
          ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt", "ByteLevel")]
BERTS = [bert(*options) for options in
         itertools.product((True, False), (True, False), (None, True, False), (True, False))]
OTHERS = [
    *(strip(*sides) for sides in itertools.product((True, False), repeat=2)),
    replace("a", "é"), replace("aa", "a"), replace(" ", "▁"), replace("\u0301", ""),
    {"type": "Prepend", "prepend": "▁"}, {"type": "Prepend", "prepend": "e"},
    sequence({"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}),
    sequence({"type": "Nmt"}, {"type": "NFKC"}, replace(" ", "▁"), strip(True, True)),
    sequence({"type": "Prepend", "prepend": "e"}, {"type": "NFC"}, {"type": "ByteLevel"}),
    sequence({"type": "StripAccents"}, {"type": "NFC"}, {"type": "Lowercase"}, {"type": "NFKD"}),
    sequence(),
]
# One of each kind, for the tests that must be quick.
CHOSEN = [*SIMPLE, bert(True, True, None, True), bert(True, False, None, False),
          bert(False, True, True, False), *OTHERS]


def named(normalizer):
    return "".join(c for c in json.dumps(normalizer) if c.isalnum())[:60]


def reference(normalizer):
    """What the wheel makes of texts."""
    data = {"version": "1.0", "normalizer": normalizer, "pre_tokenizer": None, "decoder": None,
            "model": {"type": "BPE", "vocab": {}, "merges": []}, "added_tokens": []}
    peer = tokenizers.Tokenizer.from_str(json.dumps(data)).normalizer
    return peer.normalize_str if peer else lambda text: text


def normalized(normalizer, texts):
    run = subprocess.run(
        [peers.TOOL, "normalize", "--documents", f"separator:{SEPARATOR}", "--quiet",
         "-n", json.dumps(normalizer)],
        input=SEPARATOR.join(texts).encode() + SEPARATOR.encode(), capture_output=True)
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout.decode()


def check(normalizer, texts, expected=None):
    expected = expected or reference(normalizer)
    wanted = [expected(text) for text in texts]
    if normalized(normalizer, texts) == "".join(text + "\n" for text in wanted):
        return
    for text, want in zip(texts, wanted):
        got = normalized(normalizer, [text])[:-1]
        assert got == want, f"{ascii(text)}: {ascii(got)}, not {ascii(want)}"
    raise AssertionError("single texts agree, all together do not")


def in_context(code_points):
    """Each code point beside itself, letters, a mark, a blank, and at the ends of the text."""
    contexts = [f"{c}{c}a{c}\u0301{c}B {c}" for c in map(chr, code_points)]
    return ["".join(contexts[i:i + 16]) for i in range(0, len(contexts), 16)]


ALL = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
# Where neighboring code points differ: the rest are ideographs, syllables, private use, nothing.
VARIOUS = [c for c in ALL if c < 0x3500 or 0x4DA0 <= c < 0x4E20 or 0x9FE0 <= c < 0xAC80
           or 0xD780 <= c < 0xE020 or 0xF8E0 <= c < 0x12000 or 0x16800 <= c < 0x16F00
           or 0x1BC00 <= c < 0x1F200 or 0x2A6C0 <= c < 0x2A720 or 0x2B720 <= c < 0x2B940
           or 0x2CE80 <= c < 0x2CEC0 or 0x2F7E0 <= c < 0x2FA40 or 0xE0000 <= c < 0xE0200
           or c & 0xFFFF >= 0xFFF0]

MARKS = [chr(c) for c in (*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x64B, 0x660),
                          *range(0x900, 0x950), 0x302E, 0x302F, 0x3099, 0x1D165, 0x1D16D,
                          0x1AC0, 0x1E94A, 0x11938, 0xE31, 0x1E000)]
PIECES = [*"aEé Ａﬁ漢豈한İßΣςǆ…①", "\u1112\u1161\u11ab", "\u200d", "\ufe0f", "\u20e3", "\u00ad",
          "👩\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "1\ufe0f\u20e3", "🇩🇪", "👍🏽", "\r\n", "\n", "\t",
          "\x00", "\x01", "\x0b", "\x1c", "\x7f", "\x85", "\u2028", "\u3000", "\ufffd", "\ufeff",
          "\ue000", "\U0001d160", "\U0001f1e6", "\u0fdb", "\u1885", "\u2581"]


def random_texts(seed, count):
    chance = random.Random(seed)

    def piece():
        return chance.choice(MARKS if chance.random() < 0.4 else PIECES)

    return ["".join(piece() for _ in range(chance.randrange(16))) for _ in range(count)]


@pytest.mark.parametrize("normalizer", CHOSEN, ids=named)
def test_code_points_that_differ(normalizer):
    check(normalizer, in_context(VARIOUS))


@pytest.mark.exact
@pytest.mark.parametrize("normalizer", [*SIMPLE, *BERTS, *OTHERS], ids=named)
def test_all_code_points(normalizer):
    check(normalizer, in_context(ALL))


@pytest.mark.parametrize("normalizer", [*SIMPLE, *BERTS, *OTHERS], ids=named)
def test_random_texts(normalizer):
    check(normalizer, random_texts(3, 4000))


@pytest.mark.parametrize("normalizer", CHOSEN, ids=named)
def test_own_texts(normalizer):
    check(normalizer, peers.own_corpus().read_text(encoding="utf-8").splitlines(keepends=True))


@pytest.mark.exact
@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("normalizer", CHOSEN, ids=named)
def test_corpora(normalizer, corpus):
    path = peers.corpus(corpus)
    if path is None:
        pytest.skip("no big corpora here")
    lines = path.read_text(encoding="utf-8", newline="").splitlines(keepends=True)
    check(normalizer, lines)
