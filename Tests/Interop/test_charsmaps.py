"""SentencePiece's normalization rules and Hugging Face's `Precompiled`, in the built binary against
the wheels."""

import base64
import io
import json
import random
import unicodedata

import pytest

import peers
from test_normalizers import (ALL, MARKS, PIECES, SEPARATOR, VARIOUS, byte_model, in_context,
                              random_texts, reference)

sentencepiece = pytest.importorskip("sentencepiece")
tokenizers = pytest.importorskip("tokenizers")

# Ours by SentencePiece's names; `nfkc` is all of NFKC here.
NAMES = {"nmt_nfkc": "nmt_nfkc", "nmt_nfkc_cf": "nmt_nfkc_cf", "nfkc": "sp_nfkc",
         "nfkc_cf": "nfkc_cf"}


def rules_only(**rules):
    return sentencepiece.SentencePieceNormalizer(
        add_dummy_prefix=False, escape_whitespaces=False, remove_extra_whitespaces=False, **rules)


def everything():
    return sentencepiece.SentencePieceNormalizer(
        rule_name="nmt_nfkc", add_dummy_prefix=True, escape_whitespaces=True,
        remove_extra_whitespaces=True)


def normalized(steps, texts):
    run = peers.toktrain("normalize", "--documents", f"separator:{SEPARATOR}", "--quiet", "-n", steps,
                         input=(SEPARATOR.join(texts) + SEPARATOR).encode())
    return run.stdout.decode()


def check(steps, peer, texts, expected=lambda text: text):
    wanted = [expected(text) for text in peer.normalize(texts)]
    if normalized(steps, texts) == "".join(text + "\n" for text in wanted):
        return
    for text, want in zip(texts, wanted):
        got = normalized(steps, [text])[:-1]
        assert got == want, f"{ascii(text)}: {ascii(got)}, not {ascii(want)}"
    raise AssertionError("single texts agree, all together do not")


def decompositions():
    """What characters are taken apart to, and each beginning of it with every mark."""
    forms = {unicodedata.normalize(form, chr(c)) for c in ALL for form in ("NFD", "NFKD")}
    long = [text for text in forms if len(text) > 1]
    bases = sorted({text[0] for text in long if unicodedata.combining(text[1])})
    marks = sorted({c for text in long for c in text if unicodedata.combining(c)})
    return sorted(long) + [base + mark for base in bases for mark in marks]


@pytest.mark.parametrize("name", NAMES)
def test_code_points_that_differ(name):
    check(NAMES[name], rules_only(rule_name=name), in_context(VARIOUS))


@pytest.mark.exact
@pytest.mark.parametrize("name", NAMES)
def test_all_code_points(name):
    check(NAMES[name], rules_only(rule_name=name), in_context(ALL))


@pytest.mark.parametrize("name", NAMES)
def test_bases_with_marks(name):
    texts = decompositions()
    assert len(texts) > 30_000
    check(NAMES[name], rules_only(rule_name=name), texts)


@pytest.mark.parametrize("name", NAMES)
def test_random_texts(name):
    check(NAMES[name], rules_only(rule_name=name), random_texts(5, 4000))


@pytest.mark.parametrize("name", NAMES)
def test_own_texts(name):
    check(NAMES[name], rules_only(rule_name=name),
          peers.own_corpus().read_text(encoding="utf-8").splitlines(keepends=True))


def test_spaces_too():
    chance = random.Random(6)
    spaces = [" ", "  ", "\u3000", "\t", "\u2581", "\u200b", "\xa0"]
    texts = ["".join(chance.choice(spaces if chance.random() < 0.5 else PIECES + MARKS[:9])
                     for _ in range(chance.randrange(12))) for _ in range(4000)]
    check("sentencepiece", everything(), texts)
    check("sentencepiece", everything(),
          peers.own_corpus().read_text(encoding="utf-8").splitlines(keepends=True))


# Rules are no algorithm, and Precompiled is neither; Normalization.md lists these.
@pytest.mark.parametrize("text, nfkc, by_rules, by_precompiled", [
    # Rules know only what characters are taken apart to.
    ("\u00c2\u0301", "\u1ea4", "\u00c2\u0301", "\u00c2\u0301"),
    ("\uac00\u11a8", "\uac01", "\uac00\u11a8", "\uac00\u11a8"),
    ("o\u0331\u0301", "\u00f3\u0331", "o\u0331\u0301", "o\u0331\u0301"),
    ("\ufb01\u0301", "f\u00ed", "fi\u0301", "fi"),
    # Precompiled takes the shortest rule of a short character and drops the rest of it.
    ("\u2460\u0301", "1\u0301", "1\u0301", "1"),
    ("\u304b\u3099", "\u304c", "\u304c", "\u304b\u3099"),
    ("\u1112\u1161\u11ab", "\ud55c", "\ud55c", "\u1112\u1161\u11ab"),
])
def test_rules_beside_forms(text, nfkc, by_rules, by_precompiled, tmp_path):
    assert unicodedata.normalize("NFKC", text) == nfkc
    assert normalized("nfkc", [text]) == nfkc + "\n"
    assert rules_only(rule_name="nmt_nfkc").normalize(text) == by_rules
    assert normalized("nmt_nfkc", [text]) == by_rules + "\n"
    normalizer = precompiled(blob(rule_name="nmt_nfkc"))
    assert reference(normalizer)(text) == by_precompiled
    check_precompiled(normalizer, [text], tmp_path)


def test_rules_that_change_nothing_protect(tmp_path):
    path = rule_file(tmp_path, "61\t61\n61 62\t78\n")
    with pytest.raises(ValueError):
        rules_only(rule_tsv=str(path))
    assert normalized(f"rules:{path}", ["abaa"]) == "xaa\n"


def test_bytes_of_no_character():
    text = b"a\xff\xe3\x81b"
    assert rules_only(rule_name="nmt_nfkc").normalize(text) == "a\ufffd\ufffd\ufffdb".encode()
    run = peers.toktrain("normalize", "-n", "nmt_nfkc", input=text)
    assert run.stdout == "a\ufffd\ufffd\ufffdb\n".encode()


RULES = """41\t61
E9\t65 301\ta comment
61 308\t61 65
U+DF\t73 73
2026\t2E 2E 2E
200D
3C 62 72 3E\tA
1112 1161 11AB\tD55C
"""
RULE_TEXT = ["A\u00e9a\u0308\u00df\u2026x\u200dy<br><b\u1112\u1161\u11abz a\u0301 A  A", "", "plain",
             "a\u0308\u0308<br", "\u00dfA\u00df"]


def rule_file(folder, text):
    path = folder / "rules.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_rules(tmp_path):
    path = rule_file(tmp_path, RULES)
    texts = RULE_TEXT + random_texts(8, 500)
    check(f"rules:{path}", rules_only(rule_tsv=str(path)), texts)
    # As one step among others: 41 is 61 when the rules see it.
    assert normalized(f"lower,rules:{path}", ["A\u00c9 \u2026"]) == "ae\u0301 ...\n"
    assert normalized(f"rules:{path},nfc", ["\u00e9\u0323"]) == "\u1eb9\u0301\n"


def test_random_rules(tmp_path):
    chance = random.Random(9)
    letters = [0x61, 0x62, 0x20, 0xE9, 0x301, 0x304B, 0x3099, 0x1F600]

    def column(least):
        return [chance.choice(letters) for _ in range(chance.randint(least, 3))]

    for _ in range(25):
        lines = {tuple(column(1)): column(0) for _ in range(chance.randint(2, 12))}
        # The peer refuses rules that change nothing.
        lines = {key: value for key, value in lines.items() if list(key) != value} or {(97,): [98]}
        path = rule_file(tmp_path, "".join(
            " ".join(f"{c:X}" for c in key) + "\t" + " ".join(f"{c:X}" for c in value) + "\n"
            for key, value in lines.items()))
        texts = ["".join(chr(chance.choice(letters)) for _ in range(chance.randrange(12)))
                 for _ in range(200)]
        check(f"rules:{path}", rules_only(rule_tsv=str(path)), texts)


def test_own_rules_as_a_trained_model_applies_them(tmp_path):
    path = rule_file(tmp_path, RULES)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(peers.own_corpus().read_text(encoding="utf-8").splitlines()),
        model_writer=model, vocab_size=2000, hard_vocab_limit=False, normalization_rule_tsv=str(path),
        add_dummy_prefix=False, remove_extra_whitespaces=False, minloglevel=2)
    trained = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    texts = RULE_TEXT + random_texts(10, 500)
    wanted = "".join(trained.normalize(text) + "\n" for text in texts)
    assert normalized(f"rules:{path}", texts).replace(" ", "\u2581") == wanted


@pytest.mark.parametrize("line, problem", [
    ("zz\t61", '"zz"'), ("\t61", "replaces nothing"), ("D800\t61", "D800"), ("61\t110000", "110000"),
    ("41 " * 1025, "1024 bytes")])
def test_bad_rules_are_named(line, problem, tmp_path):
    path = rule_file(tmp_path, f"41\t61\n{line}\n")
    run = peers.toktrain("normalize", "-n", f"rules:{path}", input=b"a", check=False)
    message = run.stderr.decode()
    assert run.returncode == 3 and not run.stdout
    assert str(path) in message and "line 2" in message and problem in message, message


def test_missing_and_empty_rules_are_named(tmp_path):
    run = peers.toktrain("normalize", "-n", f"rules:{tmp_path}/none", input=b"a", check=False)
    assert run.returncode == 4 and f"{tmp_path}/none" in run.stderr.decode()
    path = rule_file(tmp_path, "")
    run = peers.toktrain("normalize", "-n", f"rules:{path}", input=b"a", check=False)
    assert run.returncode == 3 and str(path) in run.stderr.decode()


# MARK: Precompiled

def fields(message):
    """Numbers and values of a protobuf message."""
    def varint(place):
        value = shift = 0
        while True:
            value |= (message[place] & 0x7F) << shift
            shift += 7
            place += 1
            if message[place - 1] < 0x80:
                return value, place

    place = 0
    while place < len(message):
        key, place = varint(place)
        value, place = varint(place)
        if key & 7 == 2:
            value, place = message[place:place + value], place + value
        yield key >> 3, value


def blob(**rules):
    """A charsmap as SentencePiece's models hold it: NormalizerSpec.precompiled_charsmap."""
    return dict(fields(rules_only(**rules).serialized_normalizer_spec()))[2]


def precompiled(charsmap):
    return {"type": "Precompiled",
            "precompiled_charsmap": base64.b64encode(charsmap).decode()}


def ids(model, texts):
    run = peers.toktrain("encode", model, "--json", "--documents", f"separator:{SEPARATOR}",
                         input=(SEPARATOR.join(texts) + SEPARATOR).encode())
    return [json.loads(line)["ids"] for line in run.stdout.splitlines()]


def check_precompiled(normalizer, texts, folder):
    model = folder / "tokenizer.json"
    model.write_text(byte_model(normalizer), encoding="utf-8")
    peer = tokenizers.Tokenizer.from_file(str(model))
    for text, ours in zip(texts, ids(model, texts), strict=True):
        theirs = peer.encode(text).ids
        assert ours == theirs, f"{ascii(text)}: {ours}, not {theirs}"


@pytest.mark.parametrize("name", NAMES)
def test_precompiled(name, tmp_path):
    normalizer = precompiled(blob(rule_name=name))
    texts = in_context(VARIOUS)[::4] + random_texts(12, 2000)
    check_precompiled(normalizer, texts, tmp_path)


@pytest.mark.exact
@pytest.mark.parametrize("name", NAMES)
def test_precompiled_on_all_code_points(name, tmp_path):
    normalizer = precompiled(blob(rule_name=name))
    check_precompiled(normalizer, in_context(ALL) + decompositions(), tmp_path)


def test_precompiled_among_other_steps(tmp_path):
    steps = {"type": "Sequence", "normalizers": [
        precompiled(blob(rule_name="nmt_nfkc")),
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        {"type": "Lowercase"}]}
    check_precompiled(steps, random_texts(13, 2000), tmp_path)


def test_precompiled_is_written_as_it_was_read(tmp_path):
    charsmap = blob(rule_tsv=str(rule_file(tmp_path, RULES)))
    normalizer = precompiled(charsmap)
    corpus = peers.own_corpus()
    peers.toktrain("bpe", corpus, "-v", 2000, "-n", json.dumps(normalizer), "-o", tmp_path / "model")
    model = tmp_path / "model" / "tokenizer.json"
    assert json.loads(model.read_text(encoding="utf-8"))["normalizer"] == normalizer
    peer = tokenizers.Tokenizer.from_file(str(model))
    texts = corpus.read_text(encoding="utf-8").splitlines() + RULE_TEXT
    assert ids(model, texts) == [peer.encode(text).ids for text in texts]
