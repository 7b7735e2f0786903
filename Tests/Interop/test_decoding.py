"""Decoding: id by id, the bytes of single tokens, input without an end, ids that are none."""

import random
import subprocess

import pytest

import peers
import spm


def models():
    names = ("gpt2.json", "bert_base_cased.json", "llama2.json", "llama2.model",
             "xlnet_base_cased.json", "xlnet_base_cased.model", "cl100k_base.tiktoken")
    return [name for name in names if (peers.MODELS / name).exists()]


@pytest.fixture(scope="module", params=models() + ["own"])
def model(request, tmp_path_factory):
    if request.param != "own":
        return peers.MODELS / request.param
    place = tmp_path_factory.mktemp("models") / "own"
    peers.toktrain("bpe", peers.own_corpus(), "-v", 3000, "-o", place, "--quiet")
    return place


def decode(model, text, *options, check=True):
    return peers.toktrain("decode", model, *options, input=text, check=check)


def check_stream(model, ids, *options):
    whole = decode(model, " ".join(map(str, ids)).encode(), "--raw", *options).stdout
    for step in (1, 7):
        parts = [ids[place:place + step] for place in range(0, len(ids), step)]
        text = "".join(" ".join(map(str, part)) + "\n" for part in parts).encode()
        assert decode(model, text, "--raw", "--stream", *options).stdout == whole


def test_id_by_id_gives_what_all_at_once_give(model):
    ids = [int(word) for word in peers.toktrain(
        "encode", model, "--documents", "file", peers.own_corpus()).stdout.split()]
    check_stream(model, ids[:20_000])
    numbers = random.Random(1)
    known = sorted(set(ids)) + [0, 1, 2]
    for options in ((), ("--skip-special",)):
        check_stream(model, [numbers.choice(known) for _ in range(3000)], *options)


@pytest.mark.exact
@pytest.mark.parametrize("corpus", peers.BIG)
def test_id_by_id_on_whole_corpora(model, corpus, tmp_path):
    path = peers.need(peers.corpus(corpus))
    ids = tmp_path / "ids"
    peers.toktrain("encode", model, "--documents", "file", path, "-o", ids)
    whole = peers.toktrain("decode", model, ids, "--raw").stdout
    ids.write_bytes(ids.read_bytes().replace(b" ", b"\n"))
    assert peers.toktrain("decode", model, ids, "--raw", "--stream").stdout == whole


def test_bytes_of_single_tokens_are_tiktokens():
    path = peers.need(peers.MODELS / "cl100k_base.tiktoken")
    from tiktoken.load import load_tiktoken_bpe

    ranks = load_tiktoken_bpe(str(path))
    tokens = {rank: token for token, rank in ranks.items()}
    ids = [id for id in range(0, len(tokens), 7)]
    shown = decode(path, " ".join(map(str, ids)).encode(), "--tokens").stdout.decode()
    words = shown[:-1].split(" ")
    assert len(words) == len(ids)
    for id, word in zip(ids, words):
        text = word.replace("␣", " ")
        if "\\" not in text:
            assert text.encode() == tokens[id], id


def test_input_without_an_end_is_answered_line_by_line(model):
    for options in ((), ("--stream",)):
        process = subprocess.Popen(
            [peers.TOOL, "decode", model, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ids = peers.toktrain("encode", model, input="one two three\n".encode()).stdout.split()
        expected = decode(model, b" ".join(ids)).stdout
        answer = b""
        for id in ids:
            process.stdin.write(id + b"\n")
            process.stdin.flush()
            if not options:
                assert process.stdout.readline() == decode(model, id).stdout
        if options:
            # All but the line feed at the end is there while the input goes on.
            answer = process.stdout.read(len(expected) - 1)
        process.stdin.close()
        answer += process.stdout.read()
        assert process.wait() == 0
        assert answer == (expected if options else b"")


@pytest.mark.parametrize("line", ["1 -2", "1 99999999", "1 2x", "1 99999999999999999999", "1 1.5"])
def test_what_is_no_id_is_named_with_its_place(model, tmp_path, line):
    (tmp_path / "ids").write_text("1 2\n" + line + "\n")
    for options in ((), ("--stream",), ("--tokens",)):
        run = peers.toktrain("decode", model, tmp_path / "ids", *options, check=False)
        message = run.stderr.decode()
        assert run.returncode == 3
        assert f"{tmp_path / 'ids'}:2 (byte 3 of the line): '{line[2:]}' is no token id" in message


def test_a_hole_of_the_ids_is_named_with_its_place(tmp_path):
    from tokenizers import Tokenizer, models as kinds

    Tokenizer(kinds.WordLevel({"a": 0, "b": 5}, unk_token="a")).save(str(tmp_path / "holes.json"))
    for options in ((), ("--stream",), ("--tokens",)):
        run = decode(tmp_path / "holes.json", b"0\n5 0 3\n", *options, check=False)
        assert run.returncode == 3
        assert b"standard input:2 (id 3 of the line): the model has no token 3" in run.stderr
