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


@pytest.mark.parametrize("verb", [["bpe"], ["wordpiece"]], ids=" ".join)
def test_a_sample_of_lines_is_what_training_on_them_gives(tmp_path, verb):
    """The same lines for any threads; those that were not drawn are told."""
    corpus = peers.own_corpus()
    options = ["-v", 900, "--sample", "200lines", "--seed", 1]
    first = None
    for threads in (1, 3):
        place = tmp_path / f"m{threads}"
        run = peers.toktrain(*verb, corpus, "-o", place, "--threads", threads, *options)
        assert "drawn: 200 documents" in run.stderr.decode()
        first = first or (place / "tokenizer.json").read_bytes()
        assert (place / "tokenizer.json").read_bytes() == first
    record = json.loads((place / "training.json").read_text())
    assert record["options"]["sample"] == {"documents": 200, "seed": "1"}
    assert record["options"]["documents"] == "line"
    lines = corpus.read_bytes().splitlines(keepends=True)
    assert record["not_counted"]["documents_not_drawn"] == len(lines) - 200


def test_whole_files_are_drawn_where_files_are_documents(tmp_path):
    names = []
    for number in range(9):
        names.append(tmp_path / f"{number}.txt")
        names[-1].write_text(f"word{number} " * 200_000)
    peers.toktrain("count", *names, "-o", tmp_path / "c.tsv", "--to", "tsv", "--sample", "4lines",
                   "--documents", "file")
    counts = {row.split("\t")[0]: int(row.split("\t")[1])
              for row in (tmp_path / "c.tsv").read_text().splitlines()}
    assert counts[" word"] + counts["word"] == 4 * 200_000


@pytest.mark.parametrize("bounds", [[], ["--max-memory", "64M"]], ids=["free", "bounded"])
@pytest.mark.parametrize("trainer", ["bpe", "wordpiece", "unigram", "spbpe"])
def test_a_weight_is_as_if_a_file_stood_there_so_often(tmp_path, trainer, bounds):
    text = peers.own_corpus().read_bytes()
    middle = text.index(b"\n", len(text) // 2) + 1
    (tmp_path / "de").mkdir()
    one, two = tmp_path / "one.txt", tmp_path / "de" / "two.txt"
    one.write_bytes(text[:middle])
    two.write_bytes(text[middle:])
    ways = ["count", "--for", trainer]
    peers.toktrain(*ways, one, two, two, two, "-o", tmp_path / "c.tsv", "--to", "tsv")
    peers.toktrain(*ways, one, two, "-o", tmp_path / "w.counts", "--weight", "de/*.txt=3", *bounds)
    train = {"spbpe": ["bpe", "--style", "sentencepiece"]}.get(trainer, [trainer])
    for name in ("c.tsv", "w.counts"):
        peers.toktrain(*train, "-v", 1500, "--counts", tmp_path / name, "-o", tmp_path / name[0])
    peers.toktrain(*train, "-v", 1500, one, two, "--weight", "*two*=3", "-o", tmp_path / "t", *(
        ["--max-memory", "1G"] if bounds else []))
    for place in ("w", "t"):
        assert (tmp_path / place / "tokenizer.json").read_bytes() \
            == (tmp_path / "c" / "tokenizer.json").read_bytes()
    record = json.loads((tmp_path / "t" / "training.json").read_text())
    assert record["corpus"]["weighted_bytes"] == len(text) + 2 * (len(text) - middle)
    assert record == json.loads((tmp_path / "w" / "training.json").read_text())


@pytest.mark.parametrize("words, status, message", [
    (["bpe", "--weight", "none*=2"], 3, "none*"),
    (["bpe", "--weight", "a=0"], 2, "1 to 1000"),
    (["bpe", "--weight", "=2"], 2, "1 to 1000"),
    (["bpe", "--weight", "*=2", "--sample", "5lines"], 2, "--weight"),
    (["unigram", "--weight", "*=2", "--compat", "sentencepiece"], 2, "--compat"),
    (["plan", "--weight", "*=2"], 2, "--weight"),
])
def test_weights_that_cannot_be_are_told(tmp_path, words, status, message):
    output = [] if words[0] == "plan" else ["-o", tmp_path / "m"]
    run = peers.toktrain(*words, peers.own_corpus(), *output, check=False)
    assert run.returncode == status and message in run.stderr.decode()


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
