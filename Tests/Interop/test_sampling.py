"""Encoding by chance, the best cuts and the entropy, against SentencePiece and Hugging Face's library."""

import collections
import functools
import json
import math

import pytest
import sentencepiece

import peers
import spm

DRAWS = 4000


@pytest.fixture(scope="module")
def unigram_models(tmp_path_factory):
    """Unigram models by name, as file and as SentencePiece loads it."""
    models = {}
    xlnet = peers.MODELS / "xlnet_base_cased.model"
    if xlnet.exists():
        models["xlnet"] = xlnet, sentencepiece.SentencePieceProcessor(model_file=str(xlnet))
    for name, options in (("plain", {}), ("bytes", {"byte_fallback": "true"}),
                          ("symbols", {"user_defined_symbols": "the,<sep>,ng ,é"})):
        place = tmp_path_factory.mktemp("models") / name
        processor = spm.ours(["unigram"], peers.own_corpus(), place, 2000, options)
        models[name] = place / "tokenizer.model", processor
    return models


def records(model, lines, *options):
    text = "".join(line + "\n" for line in lines).encode()
    run = peers.toktrain("encode", model, "--json", *options, input=text)
    return [json.loads(line) for line in run.stdout.splitlines()]


def compare_best(model, processor, lines, count):
    found = records(model, lines, "--nbest", count)
    assert len(found) == len(lines)
    for line, record in zip(lines, found):
        ours = [(entry["ids"], entry["score"]) for entry in record["nbest"]]
        assert ours == spm.best_ways(processor, line, count), line


def lines_of(corpus, size):
    path = peers.need(peers.corpus_slice(corpus, size))
    return path.read_bytes().decode("utf-8").split("\n")[:-1]


def test_best_cuts_are_sentencepieces(unigram_models):
    for name, (model, processor) in unigram_models.items():
        lines = [line for line in spm.own_lines() if len(line) < 400][::6]
        # The rows of equal letters have ties: their order is that of the wheel's heap.
        lines += ["", " ", "aaaa", "m" * 30, "eee" * 8, "unknown ☃ ☃☃ é", "mmm nnn mmm", "<s> </s>"]
        for count, step in ((2, 3), (10, 1), (64, 4)):
            compare_best(model, processor, lines[::step], count)


def test_searches_without_end_stop_where_sentencepieces_do(unigram_models):
    model, processor = unigram_models["plain"]
    lines = ["m" * 2500, "th" * 900, "e " * 700]
    compare_best(model, processor, lines, 200)
    assert 1 in [len(record["nbest"]) for record in records(model, lines, "--nbest", 200)]


@pytest.mark.exact
@pytest.mark.parametrize("corpus", peers.BIG)
def test_best_cuts_of_big_corpora(unigram_models, corpus):
    for name in ("xlnet", "bytes"):
        if name in unigram_models:
            model, processor = unigram_models[name]
            compare_best(model, processor, lines_of(corpus, 1_000_000), 8)


@functools.cache
def text_pieces(processor):
    """Scores of pieces that text becomes, and that of an unknown character."""
    ids = range(processor.get_piece_size())
    scores = {processor.id_to_piece(i): processor.get_score(i) for i in ids
              if not (processor.is_control(i) or processor.is_unknown(i) or processor.is_byte(i))}
    return scores, min(scores.values()) - 10


def edges(scores, unknown, text, start):
    found = [(end, scores[text[start:end]]) for end in range(start + 1, len(text) + 1)
             if text[start:end] in scores]
    return found if text[start:start + 1] in scores else found + [(start + 1, unknown)]


def log_sum(values):
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))


def backward(processor, text, alpha):
    """Of each place the logarithm of the sum over all ways to the end, and their entropy."""
    scores, unknown = text_pieces(processor)
    sums, entropies = [0.0] * (len(text) + 1), [0.0] * (len(text) + 1)
    for start in reversed(range(len(text))):
        ways = edges(scores, unknown, text, start)
        sums[start] = log_sum([alpha * score + sums[end] for end, score in ways])
        for end, score in ways:
            share = alpha * score + sums[end] - sums[start]
            entropies[start] += math.exp(share) * (entropies[end] - share)
    return sums, entropies


def escaped(processor, line):
    """A line as the model sees it."""
    return processor.normalize(line).replace(" ", "▁")


def test_entropy_is_that_of_all_ways(unigram_models):
    for name, (model, processor) in unigram_models.items():
        if name == "symbols":
            continue
        lines = [line for line in spm.own_lines() if 0 < len(line) < 200][::9]
        for alpha in (0, 0.1, 1):
            found = records(model, lines, "--entropy", alpha)
            for line, record in zip(lines, found):
                expected = backward(processor, escaped(processor, line), alpha)[1][0]
                assert record["entropy"] == pytest.approx(expected, rel=1e-9, abs=1e-9), line


def too_far(observed, expected):
    """Whether counts are improbable under expected ones: five deviations of chi-square."""
    pairs = [(observed.get(way, 0), count) for way, count in expected.items() if count >= 5]
    rest = sum(observed.values()) - sum(o for o, _ in pairs), sum(expected.values()) - sum(
        e for _, e in pairs)
    if rest[1] >= 5:
        pairs.append(rest)
    square = sum((o - e) ** 2 / e for o, e in pairs)
    return square > len(pairs) + 5 * math.sqrt(2 * len(pairs)) + 10


def differ(first, second):
    """Whether two samples of one size are improbable to be from one source."""
    ways = [way for way in first.keys() | second.keys() if first[way] + second[way] >= 10]
    square = sum((first[way] - second[way]) ** 2 / (first[way] + second[way]) for way in ways)
    return square > len(ways) + 5 * math.sqrt(2 * len(ways)) + 10


def drawn(model, word, *options, count=DRAWS):
    run = peers.toktrain("encode", model, *options, input=(word + "\n").encode() * count)
    return collections.Counter(run.stdout.decode().split("\n")[:-1])


def probabilities(processor, word, alpha):
    """Of each way through a short word."""
    text = escaped(processor, word)
    scores, unknown = text_pieces(processor)

    def ways(start):
        if start == len(text):
            yield 0.0, ()
            return
        for end, score in edges(scores, unknown, text, start):
            for rest, ends in ways(end):
                yield alpha * score + rest, (text[start:end], *ends)

    total = backward(processor, text, alpha)[0][0]
    return {" ".join(str(processor.piece_to_id(piece)) for piece in ways_):
            math.exp(weight - total) for weight, ways_ in ways(0)}


@pytest.mark.parametrize("alpha", [0.1, 0.5, 1])
def test_ways_are_drawn_as_the_lattice_says(unigram_models, alpha):
    for name in ("plain", "xlnet"):
        if name not in unigram_models:
            continue
        model, processor = unigram_models[name]
        word = "tokens in"
        expected = {way: DRAWS * share
                    for way, share in probabilities(processor, word, alpha).items()}
        ours = drawn(model, word, "--sampling", f"alpha={alpha}")
        assert not too_far(ours, expected)
        theirs = collections.Counter(
            " ".join(map(str, processor.SampleEncodeAsIds(word, nbest_size=-1, alpha=alpha)))
            for _ in range(DRAWS))
        assert not differ(ours, theirs)


def test_candidates_are_drawn_as_sentencepiece_does(unigram_models):
    model, processor = unigram_models["plain"]
    for alpha, count in ((0.2, 5), (1, 64)):
        ours = drawn(model, "sampled words", "--sampling", f"alpha={alpha},nbest={count}")
        best = spm.best_ways(processor, "sampled words", count)
        total = log_sum([alpha * score for _, score in best])
        expected = collections.Counter()
        for ids, score in best:
            expected[" ".join(map(str, ids))] += DRAWS * math.exp(alpha * score - total)
        assert not too_far(ours, expected)
        theirs = collections.Counter(
            " ".join(map(str, processor.SampleEncodeAsIds(
                "sampled words", nbest_size=count, alpha=alpha))) for _ in range(DRAWS))
        assert not differ(ours, theirs)


@pytest.fixture(scope="module")
def sentencepiece_bpe(tmp_path_factory):
    place = tmp_path_factory.mktemp("bpe") / "model"
    processor = spm.ours(
        ["bpe", "--style", "sentencepiece"], peers.own_corpus(), place, 2000,
        {"byte_fallback": "true"})
    return place / "tokenizer.model", processor


def test_dropout_of_sentencepiece_models(sentencepiece_bpe):
    model, processor = sentencepiece_bpe
    for word in ("understanding", "in the beginning ☃", "aaaaaaaa"):
        for probability in (0.1, 0.5):
            theirs = collections.Counter(
                " ".join(map(str, processor.SampleEncodeAsIds(
                    word, nbest_size=-1, alpha=probability))) for _ in range(DRAWS))
            assert not differ(drawn(model, word, "--dropout", probability), theirs), word
    lines = [line for line in spm.own_lines() if line][::5]
    assert spm.encoded(model, lines, "--dropout", 0) == processor.encode(lines)
    assert spm.encoded(model, lines, "--dropout", 1) == [
        processor.SampleEncodeAsIds(line, nbest_size=-1, alpha=1.0) for line in lines]


@pytest.fixture(scope="module")
def bpe(tmp_path_factory):
    place = tmp_path_factory.mktemp("bpe") / "model"
    peers.toktrain("bpe", peers.own_corpus(), "-v", 3000, "-o", place, "--quiet", "-n", "none")
    return place / "tokenizer.json"


def test_dropout_of_tokenizer_json(bpe, tmp_path):
    from tokenizers import Tokenizer

    for word in (" understanding", " the beginning of it", " aaaaaaaa"):
        for probability in (0.1, 0.5, 0.9):
            peer = Tokenizer.from_file(str(bpe))
            peer.model.dropout = probability
            theirs = collections.Counter(
                " ".join(map(str, peer.encode(word).ids)) for _ in range(DRAWS))
            assert not differ(drawn(bpe, word, "--dropout", probability), theirs), word
            # A file that says so does it by itself, and is written as it was.
            peer.save(str(tmp_path / "dropout.json"))
            assert drawn(tmp_path / "dropout.json", word) == drawn(
                bpe, word, "--dropout", probability)
    lines = spm.own_lines()
    plain = spm.encoded(bpe, lines)
    assert spm.encoded(bpe, lines, "--dropout", 0) == plain
    peer = Tokenizer.from_file(str(bpe))
    peer.model.dropout = 1.0
    single = [peer.encode(line).ids for line in lines]
    assert spm.encoded(bpe, lines, "--dropout", 1) == single


def test_chance_is_the_same_for_any_threads_and_any_company(bpe, unigram_models):
    model, _ = unigram_models["plain"]
    text = peers.own_corpus().read_bytes() * 20
    for path, *options in ((bpe, "--dropout", 0.2), (model, "--sampling", "alpha=0.3"),
                           (model, "--sampling", "nbest=8")):
        sample = text if path == bpe else text[:300_000]
        runs = {peers.toktrain("encode", path, *options, "--threads", threads,
                               input=sample).stdout for threads in (1, 2, 5)}
        assert len(runs) == 1
        whole = runs.pop()
        assert peers.toktrain("encode", path, *options, "--seed", 1, input=sample).stdout != whole
        first = sample.split(b"\n")[0] + b"\n"
        alone = peers.toktrain("encode", path, *options, input=first).stdout
        assert whole.startswith(alone)
        # With more known of each token, the ids are the same.
        details = peers.toktrain("encode", path, *options, "--json", "--offsets", input=sample)
        ids = [json.loads(line)["ids"] for line in details.stdout.splitlines()]
        assert [" ".join(map(str, line)) for line in ids] == whole.decode().split("\n")[:-1]


def test_what_does_not_fit_is_refused(bpe, unigram_models):
    model, _ = unigram_models["plain"]
    for path, *options in ((bpe, "--sampling", "alpha=1"), (model, "--dropout", "0.1"),
                           (bpe, "--nbest", "3"), (bpe, "--entropy", "1"),
                           (model, "--sampling", "alpha=-1"), (model, "--sampling", "nbest=0"),
                           (model, "--sampling", "nbest=513"), (bpe, "--dropout", "1.5"),
                           (bpe, "--dropout", "nan"), (bpe, "--seed", "-1"),
                           (model, "--nbest", "3", "--dropout", "0.1")):
        run = peers.toktrain("encode", path, *options, input=b"a\n", check=False)
        assert run.returncode == 2 and run.stderr.startswith(b"toktrain: error: "), options
