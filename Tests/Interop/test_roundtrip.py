"""decode(encode(x)) == x for every byte string, whatever the pattern."""

import random

import pytest

import peers

PATTERNS = ["gpt2", "cl100k", "o200k", "llama3", "qwen2", "none", "whitespace"]
PIECES = ["a", "B", "7", " ", "\t", "\n", "\r", "\r\n", "\0", "é", "e\u0301", "東", "\u2028",
          "\ufeff", "\u2581", "\u2585", "😀", "👩‍👩‍👧", "'s", "<|endoftext|>", "\u00a0", "ſ"]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("roundtrip")
    for pattern in PATTERNS:
        peers.toktrain("bpe", peers.own_corpus(), "-o", folder / pattern, "--pattern", pattern,
                       "--normalization", "none", "--vocab-size", 1500,
                       "--special-token", "<|endoftext|>", "--quiet")
    return folder


def byte_strings(source):
    yield b""
    yield bytes(range(256))
    yield b"\xed\xa0\x80\xc0\xaf\xf5\x80\x80\x80\xe6\x9d"
    for _ in range(25):
        yield source.randbytes(source.randint(1, 400))
        yield "".join(source.choice(PIECES) for _ in range(source.randint(1, 200))).encode()
        mixed = bytearray("".join(source.choice(PIECES) for _ in range(60)).encode())
        for _ in range(source.randint(1, 8)):
            mixed[source.randrange(len(mixed))] = source.randrange(256)
        yield bytes(mixed)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_bytes_come_back(models, pattern):
    seed = 11
    print("seed", seed)
    for data in byte_strings(random.Random(seed)):
        if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
            continue  # Taken for UTF-16, gzip or zstd.
        ids = peers.toktrain("encode", models / pattern, "--documents", "file", input=data).stdout
        back = peers.toktrain("decode", models / pattern, "--raw", input=ids).stdout
        assert back == data, f"{data!r} gave {back!r} with {pattern}"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_lines_come_back(models, pattern):
    source = random.Random(12)
    lines = [bytes(b for b in source.randbytes(source.randint(0, 80)) if b != 10)
             for _ in range(2000)]
    lines[0] = b"text first"
    data = b"".join(line + b"\n" for line in lines)
    ids = peers.toktrain("encode", models / pattern, input=data).stdout
    assert ids.count(b"\n") == len(lines)
    assert peers.toktrain("decode", models / pattern, input=ids).stdout == data


def test_long_runs_come_back(models):
    for data in (b"a" * 1_000_000, b" " * 300_000, "e\u0301\u0301".encode() * 50_000):
        for pattern in ("cl100k", "none"):
            ids = peers.toktrain("encode", models / pattern, "--documents", "file", input=data,
                                 timeout=60).stdout
            assert peers.toktrain("decode", models / pattern, "--raw", input=ids).stdout == data
