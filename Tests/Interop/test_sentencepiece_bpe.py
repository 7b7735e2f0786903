"""`bpe --style sentencepiece`: pieces, scores and ids against SentencePiece's own trainer and encoder."""

import io
import random

import pytest
import sentencepiece

import peers
import spm

# Names and values as SentencePiece spells them; ours takes the same words.
OPTIONS = [
    {"byte_fallback": "true"},
    {"split_digits": "true"},
    {"split_by_unicode_script": "false"},
    {"split_by_number": "false"},
    {"character_coverage": "1.0"},
    {"user_defined_symbols": "the,<sep>,ab"},
    {"control_symbols": "<a>,</s>"},
    {"treat_whitespace_as_suffix": "true"},
    {"allow_whitespace_only_pieces": "true"},
    {"max_sentencepiece_length": "64"},
    {"user_defined_symbols": "the,qq", "split_by_number": "false", "split_digits": "true",
     "byte_fallback": "true"},
    {"unk_id": "3", "bos_id": "0", "eos_id": "-1", "pad_id": "1"},
    {"required_chars": "ǈ√"},
]
SMALL = [
    {"split_by_whitespace": "false"},
    {"remove_extra_whitespaces": "false"},
    {"add_dummy_prefix": "false"},
    {"normalization_rule_name": "identity"},
    {"normalization_rule_name": "nfkc_cf"},
]


BPE = ["bpe", "--style", "sentencepiece"]


def compare(path, place, size, options):
    expected = spm.pieces(spm.theirs("bpe", path, size, options))
    spm.assert_equal(spm.pieces(spm.ours(BPE, path, place, size, options)), expected)


@pytest.mark.parametrize("options", OPTIONS + SMALL, ids=str)
def test_own_texts_give_sentencepiece_s_pieces(tmp_path, options):
    compare(peers.own_corpus(), tmp_path / "m", 2000, options)


@pytest.mark.parametrize("name", peers.BIG)
def test_slices_give_sentencepiece_s_pieces(tmp_path, name):
    compare(peers.need(peers.corpus_slice(name, 2_000_000)), tmp_path / "m", 8000, {})


@pytest.mark.exact
@pytest.mark.parametrize("size", [8000, 32_000])
@pytest.mark.parametrize("name", peers.BIG)
def test_whole_corpora_give_sentencepiece_s_pieces(tmp_path, name, size):
    compare(peers.need(peers.corpus(name)), tmp_path / "m", size, {})


@pytest.mark.exact
@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("name", peers.BIG)
def test_options_on_whole_corpora(tmp_path, name, options):
    compare(peers.need(peers.corpus(name)), tmp_path / "m", 8000, options)


def small_text(source):
    alphabet = source.choice(["ab", "abc ", "a\u0301b", "ab1 2", "漢かカa", "aб1. ", "abcdefgh  "])
    lines = []
    for _ in range(source.randint(1, 10)):
        line = "".join(source.choice(alphabet) for _ in range(source.randint(1, 25)))
        lines += [line] * source.choice([1, 1, 2, 3])
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(8))
def test_small_texts_give_sentencepiece_s_pieces_down_to_the_last(tmp_path, seed):
    """Down to pairs that no longer occur: many of these texts cannot fill the vocabulary."""
    print("seed", seed)
    source = random.Random(seed)
    compared = 0
    while compared < 25:
        path = tmp_path / "text.txt"
        path.write_text(small_text(source), encoding="utf-8", newline="")
        options = source.choice([{}, {}, {"split_by_unicode_script": "false"},
                                 {"split_digits": "true"}, {"split_by_number": "false"}])
        size = source.randint(8, 120)
        try:
            model = io.BytesIO()
            sentencepiece.SentencePieceTrainer.train(
                input=str(path), model_writer=model, vocab_size=size, model_type="bpe",
                num_threads=1, minloglevel=3, hard_vocab_limit=False, character_coverage=1.0,
                **{name: spm.value(text) for name, text in options.items()})
        except RuntimeError:
            continue
        expected = spm.pieces(sentencepiece.SentencePieceProcessor(model_proto=model.getvalue()))
        found = spm.pieces(spm.ours(BPE, path, tmp_path / "m", size, {**options, "character_coverage": "1.0"}))
        assert found == expected, f"seed {seed}, size {size}, {options}: {path.read_text()!r}"
        compared += 1


@pytest.mark.parametrize("options", spm.ENCODING_OPTIONS, ids=str)
def test_ids_are_sentencepiece_s(tmp_path, options):
    spm.compare_own_texts(BPE, tmp_path / "m", options)


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_ids_of_whole_corpora_are_sentencepiece_s(tmp_path, name):
    path = peers.need(peers.corpus(name))
    processor = spm.ours(BPE, path, tmp_path / "m", 8000, {})
    lines = path.read_bytes().decode("utf-8").split("\n")[:-1]
    spm.compare_ids(tmp_path / "m", processor, lines)


def test_hugging_face_reads_the_same_tokenizer(tmp_path):
    spm.compare_with_hugging_face(BPE, tmp_path / "m")


def test_lines_that_sentencepiece_skips_are_skipped_when_asked(tmp_path):
    path = tmp_path / "text.txt"
    text = "a fine line with words\n" * 20 + "x" * 4193 + "\n" + "y" * 4192 + "\nwith \u2585 in it\n"
    path.write_text(text, encoding="utf-8")
    run = peers.toktrain("bpe", "--style", "sentencepiece", "--compat", "sentencepiece", "-v", 40,
                         path, "-o", tmp_path / "m")
    assert b"left out: 1 line too long, 1 line with U+2585" in run.stderr
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(input=str(path), model_writer=model, vocab_size=40,
                                             model_type="bpe", minloglevel=3)
    assert spm.pieces(sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())) == spm.pieces(
        sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "m" / "tokenizer.model")))


@pytest.mark.parametrize("words, status, message", [
    (["-v", "10"], 2, "cannot hold"),
    (["--user-symbol", "a", "--user-symbol", "a"], 2, "asked for twice"),
    (["--control-symbol", "<unk>"], 2, "asked for twice"),
    (["--unk-id=-1"], 2, "unknown piece"),
    (["--bos-id=2"], 2, "is given to both"),
    (["--pad-id=9000"], 2, "not within 0...7999"),
    (["--character-coverage", "0.5"], 2, "0.98"),
    (["--pattern", "gpt2"], 2, "--pattern is for byte-level"),
    (["-n", "nfc,lower"], 2, "one set of rules"),
])
def test_contradictions_are_named(tmp_path, words, status, message):
    run = peers.toktrain("bpe", "--style", "sentencepiece", peers.own_corpus(), "-o",
                         tmp_path / "m", *words, check=False)
    assert run.returncode == status and message in run.stderr.decode(), run.stderr.decode()
    assert not (tmp_path / "m").exists()


def test_options_of_pieces_need_the_style(tmp_path):
    run = peers.toktrain("bpe", peers.own_corpus(), "-o", tmp_path / "m", "--byte-fallback",
                         check=False)
    assert run.returncode == 2 and "--style sentencepiece" in run.stderr.decode()


def test_any_number_of_threads_gives_the_same_files(tmp_path):
    first = None
    for threads in (1, 2, 3, 8):
        place = tmp_path / str(threads)
        peers.toktrain("bpe", "--style", "sentencepiece", "-v", 2000, "--threads", threads,
                       peers.own_corpus(), "-o", place)
        files = {file.name: file.read_bytes() for file in place.iterdir()}
        first = first or files
        assert files == first
