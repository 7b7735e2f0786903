"""What `toktrain pieces --sentencepiece-cuts` keeps apart, SentencePiece's trainers never join."""

import io
import itertools
import json
import random
import re

import peers
import pytest
import sentencepiece

FLAGS = ["begins,scripts,numbers", "begins,scripts", "begins,scripts,numbers,digits", "begins",
         "begins,scripts,digits", "scripts,numbers", "ends,scripts,numbers", "ends,digits"]
CHARACTERS = [*"abZ019.-_ё¼א٣", "б", "中", "カ", "ー", "ひ", "．", "９", "0", "\u0301", "\u200d", "ا",
              "\u0915", "\u0953", "\u061c", "€", "𝒳", "\u1c90", "\ua7c1", "क", "ア"]


def options(flags):
    flags = flags.split(",")
    return {
        "split_by_whitespace": "begins" in flags or "ends" in flags,
        "treat_whitespace_as_suffix": "ends" in flags,
        "split_by_unicode_script": "scripts" in flags,
        "split_by_number": "numbers" in flags,
        "split_digits": "digits" in flags,
    }


def learned(lines, size, **flags):
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=model, vocab_size=size, model_type="bpe",
            normalization_rule_name="identity", add_dummy_prefix=False, character_coverage=1.0,
            remove_extra_whitespaces=False, minloglevel=3, **flags)
    except RuntimeError as error:
        most = re.search(r"<= (\d+)", str(error))
        assert most, error
        return learned(lines, int(most[1]), **flags)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return [processor.id_to_piece(index) for index in range(3, processor.get_piece_size())]


def cut(flags, texts):
    """The pieces of each text."""
    run = peers.toktrain("pieces", f"--sentencepiece-cuts={flags}", "--documents",
                         "separator:\x02", input="\x02".join(texts).encode())
    result, document = [], []
    for line in run.stdout.decode().split("\n"):
        if line:
            document.append(json.loads(line)[2])
        else:
            result.append(document)
            document = []
    return result[: len(texts)]


@pytest.mark.parametrize("flags", FLAGS)
def test_pairs_are_pieces_unless_cut(flags):
    pairs = ["".join(pair) for pair in itertools.product(CHARACTERS, repeat=2)]
    random.Random(flags).shuffle(pairs)
    pairs = [pair for pair in pairs if pair[0] != pair[1]][:400]
    # The mark is last in no piece where it does not end words.
    pairs += ["a▁", "1▁", "中▁"] if "ends" in flags else ["▁a", "▁1", "▁中"]
    # Each pair stands by itself, often enough to be merged before anything else touches it.
    lines = [pair.replace("▁", " ") for pair in pairs for _ in range(3)]
    pieces = set(learned(lines, 5000, **options(flags)))
    for pair, parts in zip(pairs, cut(flags, pairs), strict=True):
        assert (pair in pieces) == (len(parts) == 1), (pair, [hex(ord(c)) for c in pair])


@pytest.mark.parametrize("flags", FLAGS)
def test_no_learned_piece_reaches_across_a_cut(flags):
    text = peers.own_corpus().read_text(encoding="utf-8").split("\n")
    pieces = [piece for piece in learned(text, 4000, **options(flags)) if piece[0] != "<"]
    assert len(pieces) > 1000
    for piece, parts in zip(pieces, cut(flags, pieces), strict=True):
        assert len(parts) == 1, piece
