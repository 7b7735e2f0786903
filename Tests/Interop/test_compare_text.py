"""What `toktrain compare` says of a text, held against other libraries, and against itself on a terminal."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import unicodedata

import pytest
import tokenizers

import peers

TEXTS = ["Tokenizers aren't naïve: 12345 東京", "a", "", " \n\t x", "e\u0301\u0302 ☃ 👨\u200d👩\u200d👧 🇩🇪",
         "\x1b[2J\x1b]0;x\x07\u202eabc\u2066\u200b\ufeff\U000e0041", "=1+1", "x" * 300, "<s>&amp;\"'",
         "नमस्ते 한국어", "The quick brown fox jumps over the lazy dog. " * 8]
RIGHT_TO_LEFT = "hello שלום عربي end"
STYLE = re.compile(r"\x1b\[(?:4;)?38;5;16;48;5;\d+m|\x1b\[0m")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    place = tmp_path_factory.mktemp("models")
    for verb, name in (("bpe", "bpe"), ("wordpiece", "wordpiece"), ("unigram", "unigram")):
        peers.toktrain(verb, peers.own_corpus(), "-v", 2000, "-o", place / name, "--quiet")
    return [place / name for name in ("bpe", "wordpiece", "unigram")]


def compare(models, texts, *options):
    return peers.toktrain("compare", *models, *options, "--", *texts)


def compared(models, texts):
    return [json.loads(line) for line in compare(models, texts, "--json").stdout.splitlines()]


def spans(side):
    return [(t["start"], t["end"]) for t in side["tokens"] if t["start"] < t["end"]]


def test_tokens_are_those_of_the_other_library(models):
    for model in models[:2]:
        theirs = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
        for text, record in zip(TEXTS, compared([model, model], TEXTS)):
            ids = theirs.encode(text, add_special_tokens=False).ids
            side = record["models"][0]
            assert [token["id"] for token in side["tokens"]] == ids, text
            assert side["bytes_per_token"] == (len(text.encode()) / len(ids) if ids else None)


def test_tokens_and_their_places_are_those_of_encode(models):
    texts = [text for text in TEXTS if text]
    records = compared(models, texts)
    for place, model in enumerate(models):
        run = peers.toktrain("encode", model, "--json", "--documents", "separator:@@@",
                             input="@@@".join(texts).encode())
        for line, record in zip(run.stdout.splitlines(), records, strict=True):
            encoded, tokens = json.loads(line), record["models"][place]["tokens"]
            assert [token["id"] for token in tokens] == encoded["ids"]
            assert [[token["start"], token["end"]] for token in tokens] == encoded["offsets"]


def test_agreement_is_what_sets_of_numbers_say(models):
    for record in compared(models, TEXTS):
        length = len(record["text"].encode())
        first = spans(record["models"][0])
        everywhere = set.intersection(*(set(spans(side)) for side in record["models"]))
        for side in record["models"]:
            a, b = ({place for span in cut for place in span} - {0, length}
                    for cut in (first, spans(side)))
            assert side["agreement"] == {
                "shared_boundaries": len(a & b), "boundaries": len(a | b),
                "shared_spans": len(set(first) & set(spans(side))),
                "spans": len(set(first) | set(spans(side)))}
            for token in side["tokens"]:
                assert token["shared"] == ((token["start"], token["end"]) in everywhere)


def unescape(text):
    names = {"n": b"\n", "t": b"\t", "r": b"\r", "\\": b"\\"}
    parts = re.split(r"\\(?:u\{([0-9A-F]+)\}|x([0-9A-F]{2})|([ntr\\]))", text)
    out = parts[0].encode()
    for scalar, byte, name, rest in zip(*(parts[i::4] for i in range(1, 5))):
        out += chr(int(scalar, 16)).encode() if scalar else bytes([int(byte, 16)]) if byte else names[name]
        out += rest.encode()
    return out


def test_a_pipe_gets_a_table_that_says_the_same(models):
    lines = compare(models, TEXTS).stdout.decode().split("\n")
    header = lines[0].split("\t")
    assert header == ["model", "start", "end", "id", "bytes", "token", "shared", "unknown"]
    rows = [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:-1]]
    expected = [(name, token) for record in compared(models, TEXTS)
                for name, side in zip("ABC", record["models"]) for token in side["tokens"]]
    for row, (name, token) in zip(rows, expected, strict=True):
        assert (row["model"], row["start"], row["end"], row["id"]) == (
            name, *(str(token[key]) for key in ("start", "end", "id")))
        assert bytes.fromhex(row["bytes"]) == bytes(token["bytes"]) == unescape(row["token"])
        assert row["token"][:1] not in {"=", "+", "-", "@"}
        assert (row["shared"], row["unknown"]) == tuple(
            "yes" if token[key] else "no" for key in ("shared", "unknown"))


def on_terminal(arguments, width=80, **environment):
    """What the tool writes to a terminal of that width."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    run = subprocess.Popen([peers.TOOL, *map(str, arguments)], stdout=slave,
                           env={**clean, "TERM": "xterm-256color", **environment})

    # The end of a terminal is no end of what was written to it: where its last writer closes it
    # between the kernel's look for bytes and its look for writers, reading fails and the bytes are
    # lost. So it stays open here, and a byte that the tool never writes says that all was read.
    def mark_the_end():
        run.wait()
        os.write(slave, b"\0")

    waiting = threading.Thread(target=mark_the_end)
    waiting.start()
    written = b""
    while not written.endswith(b"\0"):
        written += os.read(master, 65536)
    waiting.join()
    os.close(slave)
    os.close(master)
    assert run.returncode == 0
    return written[:-1].decode()


def columns(line):
    def of(c):
        if unicodedata.category(c) in ("Mn", "Me") or "\u1160" <= c <= "\u11ff":
            return 0
        return 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return sum(map(of, line))


def test_a_terminal_gets_rows_that_fit_and_nothing_that_it_acts_on(models):
    for width in (80, 57):
        for text in [*TEXTS, RIGHT_TO_LEFT]:
            arguments = ["compare", *models, "--ids", "--offsets", "--bytes", "--", text]
            colored = on_terminal(arguments, width)
            # Without colors there is nothing to see of blanks at the end of a line.
            plain = re.sub(" +\n", "\n", STYLE.sub("", colored))
            assert "\x1b[0m" in colored or not text or text == RIGHT_TO_LEFT
            assert on_terminal(arguments, width, NO_COLOR="1") == plain
            assert on_terminal(arguments, width, TERM="dumb") == plain
            for line in plain.split("\n"):
                assert all(unicodedata.category(c)[0] not in "CZ" or c == " " for c in line), line
                assert columns(line) <= width, line


def test_names_of_files_are_text(models, tmp_path):
    name = tmp_path / "\x1b[31m\u202ex\n<b>.json"
    name.write_bytes((models[0] / "tokenizer.json").read_bytes())
    shown = on_terminal(["compare", models[0], name, "--", "text"], 400, NO_COLOR="1")
    assert "\\u{1B}[31m\\u{202E}x\\n<b>.json" in shown
    record, = compared([name, models[0]], ["text"])
    assert record["models"][0]["name"] == str(name)


def test_what_is_missing_is_said(models):
    for arguments, word in [
        ([models[0], "--", "x"], "two to six models"),
        ([*models, *models, models[0], "--", "x"], "not 7"),
        (models, "nothing to compare on"),
        ([models[0], "/nowhere", "--", "x"], "/nowhere"),
    ]:
        run = peers.toktrain("compare", *arguments, check=False)
        assert run.returncode in (2, 4)
        assert word in run.stderr.decode()
        assert run.stdout == b""


def test_steps_are_those_of_why(models):
    shown = compare(models, ["understanding"], "--color", "never", "--merges").stdout.decode()
    for model in models:
        steps = peers.toktrain("why", model, "understanding").stdout.decode()
        steps = steps.split("\n\ntokens")[0].split("\n\n")[-1]
        assert steps in shown
