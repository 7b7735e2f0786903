"""`--sample` and `--report`: what is drawn, and what a run says of itself."""

import gzip
import json

import pytest

import peers

VERBS = [["unigram"], ["bpe", "--style", "sentencepiece"]]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_sample_is_the_same_for_any_number_of_threads_and_compressed(tmp_path, verb):
    corpus = peers.own_corpus()
    packed = tmp_path / "corpus.txt.gz"
    packed.write_bytes(gzip.compress(corpus.read_bytes()))
    first = None
    for source, threads in [(corpus, 1), (corpus, 3), (packed, 2)]:
        place = tmp_path / f"{source.name}{threads}"
        run = peers.toktrain(*verb, source, "-v", 1600, "-o", place, "--threads", threads,
                             "--sample", "300lines", "--seed", 4)
        assert "drawn: 300 documents" in run.stderr.decode()
        model = (place / "tokenizer.model").read_bytes()
        first = first or model
        assert model == first
    other = tmp_path / "other"
    peers.toktrain(*verb, corpus, "-v", 1600, "-o", other, "--sample", "300lines", "--seed", 5)
    assert (other / "tokenizer.model").read_bytes() != first
    record = json.loads((other / "training.json").read_text())
    assert record["options"]["sample"] == {"documents": 300, "seed": "5"}
    assert record["not_counted"]["documents_not_drawn"] > 0


def test_a_sample_larger_than_the_corpus_is_all_of_it(tmp_path):
    corpus = peers.own_corpus()
    peers.toktrain("unigram", corpus, "-v", 1600, "-o", tmp_path / "all")
    peers.toktrain("unigram", corpus, "-v", 1600, "-o", tmp_path / "drawn", "--sample", "1GB")
    assert (tmp_path / "all" / "tokenizer.model").read_bytes() \
        == (tmp_path / "drawn" / "tokenizer.model").read_bytes()


@pytest.mark.parametrize("words, message", [
    (["--sample", "10"], "1000000lines"),
    (["--sample", "0lines"], "1000000lines"),
    (["--seed", "3"], "--sample"),
    (["--sample", "5lines", "--compat", "sentencepiece"], "exclude"),
])
def test_contradictions_are_named(tmp_path, words, message):
    run = peers.toktrain("unigram", peers.own_corpus(), "-o", tmp_path / "m", *words, check=False)
    assert run.returncode == 2 and message in run.stderr.decode()


def test_standard_input_cannot_be_sampled(tmp_path):
    run = peers.toktrain("unigram", "-", "-o", tmp_path / "m", "--sample", "5lines", check=False,
                         input=b"a b c\n")
    assert run.returncode == 3 and "read twice" in run.stderr.decode()
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("verb", [["bpe"], ["wordpiece"], *VERBS], ids=" ".join)
def test_a_report_has_times_and_losses(tmp_path, verb):
    report = tmp_path / "report.json"
    peers.toktrain(*verb, peers.own_corpus(), "-v", 1700, "-o", tmp_path / "m", "--report", report)
    told = json.loads(report.read_text())
    names = [phase["name"] for phase in told["phases"]]
    assert names[:2] == ["starting", "counting"] and names[-1] == "writing"
    assert told["seconds"] == pytest.approx(sum(p["seconds"] for p in told["phases"]), abs=1e-4)
    assert told["peak_memory_bytes"] > 1 << 20
    [vocabulary] = told["vocabularies"]
    assert vocabulary["tokens"] == 1700
    rounds = vocabulary["each_round"]
    if verb == ["unigram"]:
        assert len(rounds) == vocabulary["rounds"] and "estimating" in names
        assert all(len(each["objectives"]) == 2 for each in rounds)
        assert rounds[-1]["objectives"][-1] == vocabulary["objective"]
        pieces = [each["pieces"] for each in rounds]
        assert pieces == sorted(pieces, reverse=True)
    else:
        assert rounds == [] and "merging" in names
    run = peers.toktrain(*verb, peers.own_corpus(), "-v", 1700, "-o", tmp_path / "n", "--report",
                         report, check=False)
    assert run.returncode == 4 and not (tmp_path / "n").exists()
