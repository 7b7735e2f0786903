"""Bad input: the exit status, one line that says where and what to do, and nothing half written."""

import gzip
import json
import os
import pathlib
import re
import subprocess

import pytest

import peers

TEXT = b"the cat sat on the mat, the cat sat.\n" * 40


def fails(run, status, *words):
    """The error is one line with these words, and no backtrace or crash."""
    message = run.stderr.decode("utf-8", "replace")
    errors = [line for line in message.splitlines() if line.startswith("toktrain: error:")]
    assert run.returncode == status, f"status {run.returncode}: {message}"
    assert len(errors) == 1, message
    assert not any(word in message for word in ("Fatal", "Thread ", "0x0", "Crash")), message
    for word in words:
        assert str(word).lower() in errors[0].lower(), f"no {word!r} in: {message}"


def leaves_nothing(folder, *expected):
    assert sorted(path.name for path in folder.iterdir()) == sorted(expected)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path


def train_fails(folder, source, status, *words, options=(), **run_options):
    run = peers.toktrain("bpe", source, "-o", folder / "out/m", *options, check=False,
                         **run_options)
    fails(run, status, *words)
    leaves_nothing(folder / "out")


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


def flipped(data, place):
    changed = bytearray(data)
    changed[place] ^= 0xFF
    return bytes(changed)


INPUTS = {
    "empty": ("t.txt", b"", 3, ()),
    "utf16le": ("t.txt", b"\xff\xfe" + TEXT.decode().encode("utf-16-le"), 3, ("UTF-16", "iconv")),
    "utf16be": ("t.txt", b"\xfe\xff" + TEXT.decode().encode("utf-16-be"), 3, ("UTF-16", "iconv")),
    "overlong": ("t.txt", b"good\nbad \xc0\xaf\n", 3, ("t.txt:2", "9", "--invalid-utf8")),
    "surrogate": ("t.txt", b"good\nbad \xed\xa0\x80\n", 3, ("t.txt:2", "9")),
    "cut-character": ("t.txt", TEXT + "東".encode()[:2], 3, ("t.txt:41", len(TEXT))),
    "cut-gzip": ("t.gz", gzip.compress(TEXT)[:-9], 3, ("t.gz",)),
    "gzip-checksum": ("t.gz", flipped(gzip.compress(TEXT), -7), 3, ("t.gz",)),
    "cut-zstd": ("t.zst", zstd(TEXT)[:-9], 3, ("t.zst",)),
    "bad-json": ("t.jsonl", b'{"text": "a b"}\n{"text": \n', 3, ("t.jsonl:2",)),
    "no-field": ("t.jsonl", b'{"text": "a b"}\n{"other": "a"}\n', 3, ("t.jsonl:2", "text")),
    "no-string": ("t.jsonl", b'{"text": 5}\n', 3, ("t.jsonl:1", "text")),
}


@pytest.mark.parametrize("name, data, status, words", INPUTS.values(), ids=INPUTS.keys())
def test_bad_text_is_told_in_training(folder, name, data, status, words):
    (folder / name).write_bytes(data)
    train_fails(folder, folder / name, status, name.split(".")[0], *words)


def test_a_blank_corpus_is_told(folder):
    (folder / "t.txt").write_bytes(b"\n\n  \n")
    run = peers.toktrain("bpe", folder / "t.txt", "-o", folder / "out/m", check=False)
    fails(run, 3, "text")


@pytest.mark.parametrize("how", ["error", "replace", "bytes"])
def test_invalid_text_can_be_taken(folder, how):
    (folder / "t.txt").write_bytes(TEXT + b"\xff\xfe\n")
    run = peers.toktrain("bpe", folder / "t.txt", "-o", folder / "out/m", "--invalid-utf8", how,
                         check=False)
    assert run.returncode == (3 if how == "error" else 0)


def test_missing_and_unreadable_inputs_are_told(folder):
    train_fails(folder, folder / "missing.txt", 4, "missing.txt")
    (folder / "bare").mkdir()
    run = peers.toktrain("bpe", folder / "bare", "-o", folder / "out/m", check=False)
    assert run.returncode in (3, 4)
    fails(run, run.returncode, "bare")
    if os.geteuid() != 0:
        (folder / "locked.txt").write_bytes(TEXT)
        (folder / "locked.txt").chmod(0)
        train_fails(folder, folder / "locked.txt", 4, "locked.txt")


def test_names_with_control_characters_are_escaped(folder):
    run = subprocess.run(
        [peers.TOOL, "bpe", os.fsencode(folder) + b"/a\x1b[2J\n\xff", "-o", folder / "out/m"],
        capture_output=True)
    fails(run, 4)
    assert b"\x1b" not in run.stderr


def test_closed_standard_input_is_told(folder):
    run = subprocess.run(f"{peers.TOOL} bpe - -o {folder}/out/m <&-", shell=True,
                         capture_output=True)
    fails(run, run.returncode)
    assert run.returncode in (3, 4)
    leaves_nothing(folder / "out")


@pytest.mark.parametrize("size, status, words", [
    ("0", 2, ("--vocab-size",)), ("-5", 2, ("--vocab-size",)), ("ten", 2, ("--vocab-size",)),
    ("100", 3, ("256",)),
])
def test_a_size_that_cannot_be_is_told(folder, size, status, words):
    (folder / "t.txt").write_bytes(TEXT)
    run = peers.toktrain("bpe", folder / "t.txt", "-o", folder / "out/m", "--vocab-size", size,
                         check=False)
    fails(run, 2, *words)
    leaves_nothing(folder / "out")


def test_an_exact_size_beyond_the_text_is_told(folder):
    (folder / "t.txt").write_bytes(TEXT)
    train_fails(folder, folder / "t.txt", 3, "--vocab-size", options=["--exact-size"])


@pytest.mark.parametrize("pattern, words", [
    (r"a(b", ()), (r"[z-a]", ()), (r"\p{Nonsense}", ("nonsense",)), (r"(a)\2", ()),
    (r"\w+|(?<=x)y*+)", ()),
])
def test_a_pattern_that_cannot_be_is_told_with_its_place(folder, pattern, words):
    (folder / "t.txt").write_bytes(TEXT)
    run = peers.toktrain("bpe", folder / "t.txt", "-o", folder / "out/m", "--pattern-regex",
                         pattern, check=False)
    fails(run, 2, *words)
    assert re.search(r"character \d+", run.stderr.decode()), "no place in the pattern"
    leaves_nothing(folder / "out")


def test_an_unwritable_target_is_told_before_training(folder):
    """The input is missing too late to be seen: a pipe that nobody writes to."""
    (folder / "file").write_bytes(b"x")
    os.mkfifo(folder / "pipe")
    holder = os.open(folder / "pipe", os.O_RDWR)
    try:
        for target in (folder / "file/m", "/proc/m/n", folder / "file"):
            run = peers.toktrain("bpe", folder / "pipe", "-o", target, check=False, timeout=10)
            fails(run, 4, pathlib.Path(target).name)
    finally:
        os.close(holder)
    assert (folder / "file").read_bytes() == b"x"


def test_only_what_toktrain_wrote_is_replaced(folder):
    (folder / "t.txt").write_bytes(TEXT)
    (folder / "out/m").mkdir()
    (folder / "out/m/mine").write_bytes(b"dear")
    for options in ([], ["--force"]):
        run = peers.toktrain("bpe", folder / "t.txt", "-o", folder / "out/m", *options, check=False)
        fails(run, 4, "out/m")
    leaves_nothing(folder / "out/m", "mine")
    leaves_nothing(folder / "out", "m")
    peers.toktrain("bpe", folder / "t.txt", "-o", folder / "out/n")
    before = (folder / "out/n/vocab.json").read_bytes()
    assert peers.toktrain("bpe", folder / "t.txt", "-o", folder / "out/n",
                          check=False).returncode != 0
    peers.toktrain("bpe", folder / "t.txt", "-o", folder / "out/n", "--force")
    assert (folder / "out/n/vocab.json").read_bytes() == before






def encode_fails(model, arguments, status, *words, **options):
    run = peers.toktrain("encode", model, *arguments, check=False, **options)
    fails(run, status, *words)


def test_bad_text_is_told_in_encoding(folder, model):
    encode_fails(model, [folder / "missing.txt"], 4, "missing.txt")
    for key in ("utf16le", "cut-gzip", "cut-zstd", "bad-json"):
        name, data, status, words = INPUTS[key]
        (folder / name).write_bytes(data)
        run = peers.toktrain("encode", model, folder / name, "-o", folder / "out/ids", check=False)
        fails(run, status, name, *words)
        leaves_nothing(folder / "out")


def test_an_empty_text_has_no_ids(model):
    assert peers.toktrain("encode", model, input=b"").stdout == b""
    assert peers.toktrain("encode", model, input=b"\n").stdout == b"\n"


@pytest.mark.parametrize("data", [b"1 2 x\n", b"1 -2\n", b"1 99999999\n",
                                  b"1 99999999999999999999999\n"])
def test_bad_ids_are_told_in_decoding(folder, model, data):
    (folder / "ids").write_bytes(b"1 2\n" + data)
    run = peers.toktrain("decode", model, folder / "ids", check=False)
    fails(run, 3, "ids:2")


def test_a_model_that_is_none_is_told(folder, model):
    for verb in ("encode", "decode", "inspect"):
        fails(peers.toktrain(verb, folder / "none", input=b"", check=False), 4, "none")
        (folder / "bad.json").write_bytes(b'{"model": ')
        fails(peers.toktrain(verb, folder / "bad.json", input=b"", check=False), 3, "bad.json")
        run = peers.toktrain(verb, folder, input=b"", check=False)
        assert run.returncode in (3, 4)
        fails(run, run.returncode)


def test_a_model_cut_anywhere_is_told(folder, model):
    whole = (model / "tokenizer.json").read_bytes().rstrip()
    for number in range(60):
        (folder / "cut.json").write_bytes(whole[:number * (len(whole) - 1) // 59])
        fails(peers.toktrain("inspect", folder / "cut.json", check=False), 3, "cut.json")


@pytest.mark.parametrize("arguments, words", [
    (["bpe"], ("input",)), (["bpe", "x", "--vocb-size", "3"], ("--vocab-size",)),
    (["bep", "x"], ("bpe",)), (["bpe", "x", "--threads", "0"], ("--threads",)),
    (["bpe", "x", "--pattern", "gpt3"], ("gpt2",)),
    (["bpe", "x", "--pattern", "gpt2", "--pattern-regex", "a"], ("--pattern-regex",)),
])
def test_a_mistyped_line_is_told(arguments, words):
    run = peers.toktrain(*arguments, check=False)
    assert run.returncode == 2
    message = run.stderr.decode()
    assert all(word.lower() in message.lower() for word in words), message


def test_text_without_a_token_is_told(folder):
    """A model that has no unknown token: the error names the document, and ids of others are right."""
    model = {"type": "Unigram", "unk_id": None, "vocab": [["a", -1.0], ["b", -2.0]]}
    data = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
            "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None,
            "model": model}
    (folder / "m.json").write_text(json.dumps(data))
    assert peers.toktrain("encode", folder / "m.json", input=b"ab\nba\n").stdout == b"0 1\n1 0\n"
    for text in ("é".encode(), b"\xff", b"\x80\x80", b"a\xe5\xad"):
        for options in ([], ["--json"], ["--threads", 3], ["--offsets"]):
            fails(peers.toktrain("encode", folder / "m.json", *options, input=b"ab\n" + text,
                                 check=False), 3, "document 2", "no token")


LONE = [b"\x80", b"\xbf" * 40, b"a\x80b", b"\xc3", b"\xe5\xad", b"\xf0\x9f\x99", b"\xed\xa0\x80",
        b"\xf5\x80\x80\x80", b"\xc0\xaf", b"\xff\xfe", bytes(range(256)).replace(b"\n", b"")]


@pytest.mark.parametrize("verb, options", [
    ("bpe", ["-n", "none"]), ("bpe", ["--style", "sentencepiece"]), ("wordpiece", []),
    ("unigram", []), ("unigram", ["--byte-fallback"])])
def test_bytes_that_are_no_text_are_encoded(folder, verb, options):
    """Never a trap: ids that can be decoded, the same alone and with all that is known of them, and
    places inside the text in every unit."""
    peers.toktrain(verb, peers.own_corpus(), "-o", folder / "m", "--vocab-size", 3000, "-q", *options)
    text = b"\n".join(LONE) + b"\n"
    ids = peers.toktrain("encode", folder / "m", input=text).stdout.decode().split("\n")[:-1]
    assert len(ids) == len(LONE)
    decoded = peers.toktrain("decode", folder / "m", input="\n".join(ids).encode() + b"\n").stdout
    if verb == "bpe" and options[0] == "-n":
        assert decoded == text
    for unit in ("bytes", "scalars", "utf16"):
        rows = peers.toktrain("encode", folder / "m", "--json", "--offset-units", unit,
                              input=text).stdout.decode().split("\n")[:-1]
        for line, row, source in zip(ids, map(json.loads, rows), LONE):
            assert row["ids"] == list(map(int, line.split()))
            shown = source.decode("utf-8", "replace")
            length = {"bytes": len(source), "scalars": len(shown),
                      "utf16": len(shown.encode("utf-16-le")) // 2}[unit]
            assert all(0 <= first <= last <= length for first, last in row["offsets"]), source
            assert not row["offsets"] or verb != "bpe" or row["offsets"][-1][1] == length
