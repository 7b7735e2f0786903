"""What `toktrain why` says of a word is what happens to it."""

import json

import pytest
import sentencepiece

import peers
import spm

TEXTS = ["understanding", " the beginning", "Größe 東京 ☃", "aaaaaaaaaaaa", "", " ", "x" * 300,
         "several words, one after the other."]


def why(model, *texts, options=()):
    run = peers.toktrain("why", model, *options, "--json", "--", *texts)
    return [json.loads(line) for line in run.stdout.splitlines()]


def words(record):
    return [part for part in record["parts"] if "word" in part]


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    place = tmp_path_factory.mktemp("models")
    for verb, name in ((["bpe"], "bpe"), (["bpe", "--style", "sentencepiece"], "pieces"),
                       (["unigram"], "unigram"), (["wordpiece"], "wordpiece")):
        peers.toktrain(*verb, peers.own_corpus(), "-v", 2000, "-o", place / name, "--quiet")
    return {path.name: path for path in place.iterdir()}


def test_ids_are_those_of_encoding(own):
    for model in own.values():
        texts = [text for text in TEXTS if "\n" not in text]
        for text, record, ids in zip(texts, why(model, *texts), spm.encoded(model, texts)):
            found = [id for part in record["parts"]
                     for id in part.get("ids", [part.get("special")])]
            assert found == ids, text
            assert [entry["id"] for entry in record["tokens"]] == list(dict.fromkeys(ids))


def test_merges_are_those_of_the_file(own):
    tokens, merges = peers.read_bpe(own["bpe"] / "tokenizer.json")
    for record in why(own["bpe"], *TEXTS):
        for word in words(record):
            ids = word["symbols"]
            for merge in word["merges"]:
                left, right = merge["pair"]
                assert merges[merge["rank"]] == (tokens[left], tokens[right])
                pairs = list(zip(ids, ids[1:]))
                ranks = [merges.index((tokens[a], tokens[b])) for a, b in pairs
                         if (tokens[a], tokens[b]) in merges]
                assert merge["rank"] == min(ranks)
                place = pairs.index((left, right))
                ids = ids[:place] + [merge["result"]] + ids[place + 2:]
                assert merge["ids"] == ids
            assert ids == word["ids"]
        for entry in record["tokens"]:
            if entry["origin"] == "merge":
                assert merges[entry["rank"]] == tuple(tokens[id] for id in entry["pair"])
            else:
                assert entry["origin"] == "byte"


def test_ways_are_the_best_ones_and_their_scores_add_up(own):
    processor = sentencepiece.SentencePieceProcessor(
        model_file=str(own["unigram"] / "tokenizer.model"))
    texts = [text for text in TEXTS if text.strip()]
    for text, record in zip(texts, why(own["unigram"] / "tokenizer.model", *texts,
                                       options=["--ways", "7"])):
        (word,) = words(record)
        best = spm.best_ways(processor, text, 7)
        assert [way["score"] for way in word["ways"]] == [score for _, score in best]
        assert word["ways"][0]["taken"]
        for way in word["ways"]:
            total = sum(piece["score"] for piece in way["pieces"])
            assert way["score"] == pytest.approx(total, rel=1e-5)
            assert [piece["range"][0] for piece in way["pieces"]][1:] == [
                piece["range"][1] for piece in way["pieces"]][:-1]


def test_matches_are_the_longest_tokens(own):
    tokens = set(peers.read_lines(own["wordpiece"] / "vocab.txt"))
    by_id = peers.read_lines(own["wordpiece"] / "vocab.txt")
    for record in why(own["wordpiece"], *TEXTS):
        for word in words(record):
            if word["by"] == "too-long":
                assert len(word["word"]) > 100
                continue
            text = word["word"].encode()
            for match in word["matches"]:
                prefix = "##" if match["start"] else ""
                rest = text[match["start"]:].decode()
                expected = [prefix + rest[:size] for size in range(len(rest), 0, -1)
                            if prefix + rest[:size] in tokens]
                assert [by_id[id] for id in match["found"]] == expected


def test_lines_fit_a_terminal_and_hold_no_escapes(own):
    import unicodedata

    for model in own.values():
        run = peers.toktrain("why", model, "--", *TEXTS, "\x1b[31mred", "é\u0301" * 50,
                             "tokenization understanding " * 20)
        for line in run.stdout.decode().split("\n"):
            width = sum(0 if unicodedata.combining(c) else
                        2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            assert width <= 80, line
            assert "\x1b" not in line
        assert run.stderr == b""


def test_real_models_are_explained():
    for name in ("gpt2.json", "bert_base_cased.json", "llama2.model", "llama2.json",
                 "xlnet_base_cased.json", "xlnet_base_cased.model", "cl100k_base.tiktoken"):
        path = peers.MODELS / name
        if not path.exists():
            continue
        ids = spm.encoded(path, [" Understanding tokens"])[0]
        (record,) = why(path, " Understanding tokens")
        assert [id for word in words(record) for id in word["ids"]] == ids
        assert all(entry["origin"] for entry in record["tokens"])
    path = peers.need(peers.MODELS / "gpt2.json")
    (record,) = why(path, "a<|endoftext|>b", options=["--allow-special", "all"])
    assert [part.get("special") for part in record["parts"]] == [None, 50256, None]
    assert record["parts"][1]["range"] == [1, 14]
