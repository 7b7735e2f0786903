"""Unigram training against SentencePiece 0.2.3: pieces, their order and every bit of their scores."""

import random

import numpy
import pytest
import sentencepiece

import peers

# Its suffixes are found nowhere else: SentencePiece sees the end of its whole text behind the last
# line, which gives the suffixes of that line a second chance.
LAST = "\u0416\u0429"

OPTIONS = {
    "defaults": ({}, []),
    "numbers": ({"split_by_number": False}, ["--split-by-number=false"]),
    "scripts": ({"split_by_unicode_script": False}, ["--split-by-script=false"]),
    "digits": ({"split_digits": True}, ["--split-digits"]),
    "bytes": ({"byte_fallback": True}, ["--byte-fallback"]),
    "symbols": ({"user_defined_symbols": ["the", "<sep>"]},
                ["--user-symbol", "the", "--user-symbol", "<sep>"]),
    "coverage": ({"character_coverage": 0.98}, ["--character-coverage", "0.98"]),
    "long": ({"max_sentencepiece_length": 40}, ["--max-piece-length", "40"]),
    "short": ({"max_sentencepiece_length": 3}, ["--max-piece-length", "3"]),
    "seeds": ({"seed_sentencepiece_size": 700}, ["--seed-size", "700"]),
    "shrinking": ({"shrinking_factor": 0.6, "num_sub_iterations": 3},
                  ["--shrinking-factor", "0.6", "--sub-iterations", "3"]),
}


def pieces(model):
    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    return [(processor.id_to_piece(i), int(numpy.float32(processor.get_score(i)).view(numpy.uint32)))
            for i in range(processor.get_piece_size())]


def compare(corpus, folder, size, lanes=16, theirs={}, ours=[]):
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "theirs"), vocab_size=size,
        model_type="unigram", num_threads=lanes, minloglevel=2, **theirs)
    peers.subprocess.run(
        [peers.TOOL, "unigram", "--quiet", "--compat", "sentencepiece", "--exact-size", "-v",
         str(size), "--compat-threads", str(lanes), *ours, corpus, "-o", folder / "ours"],
        check=True)
    return pieces(folder / "theirs.model"), pieces(folder / "ours" / "tokenizer.model")


def check(*arguments, **named):
    expected, found = compare(*arguments, **named)
    assert [piece for piece, _ in found] == [piece for piece, _ in expected]
    assert found == expected


def lines(seed, count=1500):
    generator = random.Random(seed)
    syllables = ["".join(generator.choices("abcdeiotr", k=generator.randint(1, 3)))
                 for _ in range(40)]
    others = ["the", "1", "20", "\u0431\u0430", "\u6f22", "\u5b57", "\u304b\u306a", "e\u0301", "-",
              ".", "<sep>", "\u0e01", "\u00e9"]
    words = ["".join(generator.choices(syllables, k=generator.randint(1, 4)))
             + "".join(generator.choices(others, k=generator.choice((0, 0, 1, 2))))
             for _ in range(700)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    return [" ".join(generator.choices(words, weights, k=generator.randint(1, 8)))
            for _ in range(count)]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("seed", range(3))
def test_small_corpora(options, seed, tmp_path):
    print("seed", seed)
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("\n".join(lines(seed) + [LAST]) + "\n", encoding="utf-8")
    theirs, ours = OPTIONS[options]
    size = 150 + (256 if options == "bytes" else 0)
    check(corpus, tmp_path, size, lanes=(1, 2, 16)[seed], theirs=theirs, ours=ours)


def test_lines_as_words(tmp_path):
    """SentencePiece adds up such sentences in their order, which counts no longer know: the last
    bits differ, and with them a few pieces of nearly equal scores."""
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("\n".join(lines(4) + [LAST]) + "\n", encoding="utf-8")
    expected, found = compare(corpus, tmp_path, 150, theirs={"split_by_whitespace": False},
                              ours=["--split-by-whitespace=false"])
    common = {piece for piece, _ in expected} & {piece for piece, _ in found}
    assert len(common) >= 147


@pytest.mark.exact
@pytest.mark.parametrize("name,size", [("english", 16_000), ("multilingual", 32_000),
                                       ("code", 8_000)])
def test_whole_corpora(name, size, tmp_path):
    corpus = peers.corpus(name)
    if corpus is None:
        pytest.skip("no such corpus")
    check(corpus, tmp_path, size)
