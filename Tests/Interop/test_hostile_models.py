"""Model files from strangers, as large as they can be made cheaply: an error or a model, at once, and
no more memory for an error than in proportion to the file."""

import base64
import json
import resource
import signal
import subprocess
import sys

import pytest

import peers

MILLION = 1_000_000
LONG = "x" * (1 << 20)
BYTES = b"".join(base64.b64encode(bytes([b])) + b" %d\n" % b for b in range(256))


def field(number, content):
    length, rest = b"", len(content)
    while rest >= 0x80:
        length, rest = length + bytes([rest & 0x7F | 0x80]), rest >> 7
    return bytes([number << 3 | 2]) + length + bytes([rest]) + content


def piece(text, kind=1):
    return field(1, field(1, text) + b"\x15\x00\x00\x80\xbf" + bytes([3 << 3, kind]))


UNKNOWN = piece(b"<unk>", 2)
UNIGRAM, BPE = field(2, b"\x18\x01"), field(2, b"\x18\x02")


def tokenizer(model, **members):
    return json.dumps({"version": "1.0", "added_tokens": [], "model": model, **members}).encode()


def words(vocabulary, **members):
    return tokenizer({"type": "WordLevel", "vocab": vocabulary, "unk_token": "a"}, **members)


def added(id, content="<s>"):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": True}


# Names of files, what is in them, and a word of the error; None: the model can be read and used.
FILES = {
    "deep-array": ("t.json", b'{"model":' + b"[" * MILLION, "JSON"),
    "deep-object": ("t.json", b'{"a":' * MILLION, "JSON"),
    "deep-normalizer": ("t.json", b'{"normalizer":' + b'{"type":"Sequence","normalizers":[' * 200_000,
                        "JSON"),
    "long-key": ("t.json", words({"a": 0, LONG: 1}), None),
    "long-word-piece": ("t.json", tokenizer(
        {"type": "WordPiece", "vocab": {"[UNK]": 0, LONG: 1, "##" + LONG: 2}, "unk_token": "[UNK]",
         "continuing_subword_prefix": "##", "max_input_chars_per_word": 2 ** 62}), None),
    "long-unigram": ("t.json", tokenizer(
        {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], [LONG, -1], ["x", -2]]}), None),
    "long-pair": ("t.json", tokenizer(
        {"type": "BPE", "vocab": {"x": 0, LONG: 1, LONG + "x": 2}, "merges": [[LONG, "x"]]}), None),
    "long-special": ("t.json", words({"a": 0}, added_tokens=[added(1, LONG)]), None),
    "many-special": ("t.json", words({"a": 0}, added_tokens=[
        added(n + 1, f"<{n}>") for n in range(50_000)]), None),
    "same-special": ("t.json", words({"a": 0}, added_tokens=[added(n + 1) for n in range(50_000)]),
                     "has two ids"),
    "great-id": ("t.json", words({"a": 0, "b": 16_777_215}), "id 1 "),
    "great-special": ("t.json", words({"a": 0}, added_tokens=[added(16_777_215)]), "id 1 "),
    "great-number": ("t.json", words({"a": 0, "b": 10 ** 400}), "JSON"),
    "long-string": ("t.json", words({"a": 0}, padding=LONG * 10), "padding"),
    "long-pattern": ("t.json", words({"a": 0}, pre_tokenizer={
        "type": "Split", "pattern": {"Regex": "(" * 100_000}, "behavior": "Isolated",
        "invert": False}), "pattern is refused"),
    "trailing": ("t.json", words({"a": 0}) + b" " * MILLION + b"x", "JSON"),
    "length-beyond": ("t.model", UNKNOWN + b"\x12\xff\xff\xff\xff\x07", "announced"),
    "length-2^31": ("t.model", UNKNOWN + b"\x12\x80\x80\x80\x80\x08" + b"\0" * MILLION, "announced"),
    "length-2^64": ("t.model", UNKNOWN + b"\x12" + b"\xff" * 9 + b"\x01", "announced"),
    "nested": ("t.model", UNKNOWN + b"\x12\xff\xff\x7f" * 300_000, "announced"),
    "zeros": ("t.model", UNKNOWN + bytes(MILLION), "number of a field"),
    "long-piece": ("t.model", UNKNOWN + piece(LONG.encode()) + piece(b"x") + UNIGRAM, None),
    "long-bpe-piece": ("t.model", UNKNOWN + piece(LONG.encode()) + BPE, "1048576 bytes"),
    "long-symbol": ("t.model", UNKNOWN + piece(LONG.encode(), 4) + piece(b"x") + UNIGRAM,
                    "longer than 1024 bytes"),
    "many-symbols": ("t.model", UNKNOWN + b"".join(
        piece(b"<%d>" % n, 4) for n in range(50_000)) + UNIGRAM, None),
    "charsmap": ("t.model", UNKNOWN + field(3, field(2, b"\x00\x00\x10\x00" + b"\xff" * (1 << 20))),
                 "charsmap"),
    "long-rank": ("t.tiktoken", BYTES + base64.b64encode(LONG.encode()) + b" 256\n", None),
    "great-rank": ("t.tiktoken", BYTES + b"YWI= 16777215\n", "line 257"),
    "unending-rank": ("t.tiktoken", BYTES + b"YWI= " + b"1" * MILLION + b"\n", "line 257"),
    "empty-lines": ("t.tiktoken", BYTES + b"\n" * MILLION, None),
    "long-line": ("vocab.txt", b"[UNK]\na\n" + LONG.encode(), None),
    "no-lines": ("vocab.txt", b"[UNK]\n" + b"\n" * MILLION, "the id 1 has no token"),
    "many-lines": ("vocab.txt", b"[UNK]\n" + b"".join(b"%07d\n" % n for n in range(400_000)), None),
    "same-lines": ("vocab.txt", b"[UNK]\n" + (b"a" * 9 + b"\n") * 200_000, "has two ids"),
    "many-merges": ("merges.txt", b"#version: 0.2\n" + b"a b\n" * 300_000, None),
    "long-merge": ("merges.txt", b"a " + LONG.encode() + b"\n", "merge 0"),
    "no-merge": ("merges.txt", b"\n" * MILLION + b"a\n", "merge 0"),
    "many-names": ("special_tokens_map.json", json.dumps({"additional_special_tokens": [
        f"<{n}>" for n in range(200_000)]}).encode(), None),
    "many-added": ("added_tokens.json", json.dumps({
        f"<{n}>": n + 4 for n in range(60_000)}).encode(), None),
    "same-added": ("added_tokens.json", json.dumps({
        f"<{n}>": 4 for n in range(60_000)}).encode(), "the id 4 has two tokens"),
    "wrong-format": ("t.json", UNKNOWN + piece(b"a") + UNIGRAM, None),
    "wrong-name": ("vocab.txt", words({"a": 0}), "lacks the unknown token"),
    "no-format": ("t.model", b"\x0a" + b"\xff" * MILLION, ""),
}
PAIRS = [name for name, (file, *_) in FILES.items()
         if file in ("merges.txt", "special_tokens_map.json", "added_tokens.json")]
# Memory for what is refused, in sizes of the file, where it is more than five: a parsed value of JSON
# has its bytes, even if it is written in a few.
MORE_MEMORY = {"same-special": 11, "same-added": 11}


def limit_time():
    """No clock is asked: a run that does not end is ended, by the time that it computes."""
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))


def run(folder, model, *options):
    """The exit status, the errors, and the greatest memory in bytes."""
    spawn = [sys.executable, "-S", peers.ROOT / "Tests/Benchmarks/spawn.py", folder / "result"]
    child = subprocess.run(
        [*spawn, peers.TOOL, "encode", model, "--quiet", *options], input=b"a xx x\n",
        capture_output=True, preexec_fn=limit_time)
    memory, status = (folder / "result").read_text().split()[2:]
    unit = 1 if sys.platform == "darwin" else 1024
    return int(status), child.stderr.decode("utf-8", "replace"), int(memory) * unit


@pytest.mark.parametrize("name", FILES)
def test_strangers_are_told_or_taken(tmp_path, name):
    file, content, word = FILES[name]
    (tmp_path / file).write_bytes(content)
    (tmp_path / "small.json").write_bytes(words({"a": 0}))
    if name in PAIRS:
        (tmp_path / "vocab.json").write_text('{"a": 0, "b": 1, "ab": 2}')
        if file != "merges.txt":
            (tmp_path / "merges.txt").write_text("a b\n")
    options = ["--pattern", "gpt2"] if file.endswith("tiktoken") else []
    _, _, least = run(tmp_path, tmp_path / "small.json")
    model = tmp_path / ("vocab.json" if name in PAIRS else file)
    if name in PAIRS:
        (tmp_path / "small.json").unlink()
    status, errors, most = run(tmp_path, model, *options)
    assert status not in (-signal.SIGXCPU, -signal.SIGKILL), "more than 10 seconds"
    if word is None:
        assert status == 0, errors
    else:
        assert status == 3 and word in errors and str(tmp_path) in errors, (status, errors[:500])
        assert errors.count("\n") == 1 and len(errors) < 2000
    print(name, len(content), (most - least) / max(len(content), 1))
    if word is not None:
        times = MORE_MEMORY.get(name, 5)
        assert most - least <= times * len(content) + (4 << 20), (most - least, len(content))
