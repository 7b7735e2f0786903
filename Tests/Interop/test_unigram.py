"""`unigram`: pieces, scores and ids against SentencePiece's own trainer and encoder."""

import io
import random

import pytest
import sentencepiece

import peers
import spm

UNIGRAM = ["unigram"]
EXACT = ["unigram", "--compat", "sentencepiece", "--max-line-bytes", 1 << 30]

# What changes the text, what may be a piece, or how many rounds there are.
OPTIONS = [
    {"byte_fallback": "true"},
    {"split_digits": "true"},
    {"split_by_unicode_script": "false"},
    {"split_by_number": "false"},
    {"character_coverage": "1.0"},
    {"user_defined_symbols": "the,<sep>,ab"},
    {"control_symbols": "<a>,</s>"},
    {"allow_whitespace_only_pieces": "true"},
    {"remove_extra_whitespaces": "false"},
    {"normalization_rule_name": "identity"},
    {"normalization_rule_name": "nfkc_cf"},
    {"max_sentencepiece_length": "4"},
    {"seed_sentencepiece_size": "5000"},
    {"shrinking_factor": "0.9"},
    {"num_sub_iterations": "3"},
    {"unk_id": "3", "bos_id": "0", "eos_id": "-1", "pad_id": "1"},
    {"required_chars": "ǈ√"},
    {"add_dummy_prefix": "false"},
    {"add_dummy_prefix": "false", "user_defined_symbols": "the,In,a"},
    {"split_by_whitespace": "false"},
    {"split_by_whitespace": "false", "add_dummy_prefix": "false"},
    {"split_by_whitespace": "false", "allow_whitespace_only_pieces": "true",
     "remove_extra_whitespaces": "false"},
    {"treat_whitespace_as_suffix": "true"},
    {"treat_whitespace_as_suffix": "true", "allow_whitespace_only_pieces": "true",
     "remove_extra_whitespaces": "false"},
    {"treat_whitespace_as_suffix": "true", "add_dummy_prefix": "false"},
    {"treat_whitespace_as_suffix": "true", "split_by_whitespace": "false"},
]


def compare(path, place, size, options, lanes=16):
    expected = spm.pieces(spm.theirs(
        "unigram", path, size, {**options, "num_threads": str(lanes)}))
    verb = [*EXACT, "--compat-threads", lanes]
    spm.assert_equal(spm.pieces(spm.ours(verb, path, place, size, options)), expected)


@pytest.mark.parametrize("options", [{}] + OPTIONS, ids=str)
def test_own_texts_give_sentencepiece_s_pieces_and_scores(tmp_path, options):
    compare(peers.own_corpus(), tmp_path / "m", 2000, options)


@pytest.mark.parametrize("lanes", [1, 2, 16])
def test_scores_follow_the_number_of_its_threads(tmp_path, lanes):
    path = peers.need(peers.corpus_slice("english", 2_000_000))
    compare(path, tmp_path / "m", 4000, {}, lanes)


@pytest.mark.exact
@pytest.mark.parametrize("lanes", [1, 2, 16])
@pytest.mark.parametrize("name, size", [("english", 16_000), ("multilingual", 32_000),
                                        ("code", 8000)])
def test_whole_corpora_give_sentencepiece_s_pieces_and_scores(tmp_path, name, size, lanes):
    compare(peers.need(peers.corpus(name)), tmp_path / "m", size, {}, lanes)


@pytest.mark.exact
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_options_on_a_whole_corpus(tmp_path, options):
    # So few substrings give no more.
    size = 4000 if "seed_sentencepiece_size" in options else 8000
    compare(peers.need(peers.corpus("english")), tmp_path / "m", size, options)


def seed_file(path, place, more=()):
    """Substrings of words with counts that have nothing to do with the text."""
    source = random.Random(7)
    text = path.read_text(encoding="utf-8")[:200_000]
    words = ["▁" + word for word in text.split()]
    found = {}
    for word in words:
        start = source.randrange(len(word))
        found[word[start:start + source.randint(1, 9)]] = source.randint(1, 4000)
    lines = [f"{piece}\t{count}" for piece, count in found.items()] + list(more)
    place.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
    return place


@pytest.mark.parametrize("options", [{}, {"seed_sentencepiece_size": "2500"}], ids=str)
def test_seeds_from_a_file_give_sentencepiece_s_pieces_and_scores(tmp_path, options):
    seeds = seed_file(peers.own_corpus(), tmp_path / "seeds.tsv", [
        "zzqq\t77", "the\t5", "the\t6", "a▁b\t50", "x\t9", "⁂⁂\t3000", "▁and\t12\tmore"])
    compare(peers.own_corpus(), tmp_path / "m", 1500,
            {**options, "seed_sentencepieces_file": str(seeds)})


def test_a_seed_that_occurs_nowhere_becomes_no_piece(tmp_path):
    (tmp_path / "seeds.tsv").write_text("qqqq\t100000000\nthe\t3\n▁the\t8\nou\t9\n")
    peers.toktrain("unigram", peers.own_corpus(), "-o", tmp_path / "m", "-v", 1488,
                   "--seed-pieces", tmp_path / "seeds.tsv")
    pieces = (tmp_path / "m" / "tokenizer.vocab").read_text().splitlines()
    assert not any(line.startswith("qqqq") for line in pieces)


@pytest.mark.parametrize("line", ["the", "the\tmany", "the\t0", "\t5"])
def test_a_bad_seed_is_told_with_its_line(tmp_path, line):
    (tmp_path / "seeds.tsv").write_text(f"ab\t5\n{line}\n")
    run = peers.toktrain("unigram", peers.own_corpus(), "-o", tmp_path / "m", "--seed-pieces",
                         tmp_path / "seeds.tsv", check=False)
    assert run.returncode == 3 and "seeds.tsv: line 2: " in run.stderr.decode()


def small_text(source):
    alphabet = source.choice(["ab ", "abc  ", "aб1 .", "abcdefgh   "])
    lines = ["".join(source.choice(alphabet) for _ in range(source.randint(1, 12)))
             for _ in range(source.randint(1, 6))]
    return "\n".join(lines) + "\n"


SMALL_OPTIONS = [
    {}, {"add_dummy_prefix": "false"}, {"treat_whitespace_as_suffix": "true"},
    {"split_by_whitespace": "false"}, {"remove_extra_whitespaces": "false"},
    {"allow_whitespace_only_pieces": "true", "remove_extra_whitespaces": "false"},
    {"user_defined_symbols": "ab"}, {"character_coverage": "0.98"},
]


@pytest.mark.parametrize("seed", range(4))
def test_small_texts_give_sentencepiece_s_pieces_and_scores(tmp_path, seed):
    print("seed", seed)
    source = random.Random(seed)
    compared = 0
    while compared < 20:
        path = tmp_path / "text.txt"
        path.write_text(small_text(source), encoding="utf-8", newline="")
        size = source.randint(7, 20)
        options = {}
        for choice in source.sample(SMALL_OPTIONS, 2):
            options |= choice
        try:
            model = io.BytesIO()
            sentencepiece.SentencePieceTrainer.train(
                input=str(path), model_writer=model, vocab_size=size, model_type="unigram",
                minloglevel=3, **{name: spm.value(text) for name, text in options.items()})
        except RuntimeError:
            continue
        expected = spm.pieces(sentencepiece.SentencePieceProcessor(model_proto=model.getvalue()))
        found = spm.pieces(spm.ours(EXACT, path, tmp_path / "m", size, options))
        assert found == expected, f"seed {seed}, size {size}, {options}: {path.read_text()!r}"
        compared += 1


def near(path, place, size):
    """How many pieces of the fast kernel SentencePiece has, too, and how many words are cut alike."""
    exact = spm.theirs("unigram", path, size, {"num_threads": "16"})
    fast = spm.ours(UNIGRAM, path, place, size, {})
    theirs = {exact.id_to_piece(i) for i in range(size)}
    ours = {fast.id_to_piece(i) for i in range(size)}
    words = sorted(set(path.read_text(encoding="utf-8")[-2_000_000:].split()))
    alike = sum(a == b for a, b in zip(exact.encode(words, out_type=str),
                                       fast.encode(words, out_type=str)))
    return len(ours & theirs) / size, alike / len(words)


def test_the_fast_kernel_is_near(tmp_path):
    pieces, words = near(peers.need(peers.corpus_slice("english", 2_000_000)), tmp_path / "m", 4000)
    assert pieces >= 0.998 and words >= 0.998, (pieces, words)


@pytest.mark.exact
@pytest.mark.parametrize("name, size", [("english", 16_000), ("multilingual", 32_000)])
def test_the_fast_kernel_is_as_near_as_another_number_of_threads(tmp_path, name, size):
    pieces, words = near(peers.need(peers.corpus(name)), tmp_path / "m", size)
    print(name, pieces, words)
    assert pieces >= 0.9995 and words >= 0.999, (pieces, words)


@pytest.mark.parametrize("options", spm.ENCODING_OPTIONS, ids=str)
def test_ids_are_sentencepiece_s(tmp_path, options):
    spm.compare_own_texts(UNIGRAM, tmp_path / "m", options)


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_ids_of_whole_corpora_are_sentencepiece_s(tmp_path, name):
    path = peers.need(peers.corpus(name))
    processor = spm.ours(UNIGRAM, path, tmp_path / "m", 8000, {})
    lines = path.read_bytes().decode("utf-8").split("\n")[:-1]
    spm.compare_ids(tmp_path / "m", processor, lines)


def test_hugging_face_reads_the_same_tokenizer(tmp_path):
    spm.compare_with_hugging_face(UNIGRAM, tmp_path / "m")


@pytest.mark.parametrize("words", [[], ["--compat", "sentencepiece"]])
def test_any_number_of_threads_gives_the_same_files(tmp_path, words):
    first = None
    for threads in (1, 2, 3, 8):
        place = tmp_path / str(threads)
        peers.toktrain("unigram", "-v", 2000, "--threads", threads, peers.own_corpus(), "-o",
                       place, *words)
        files = {file.name: file.read_bytes() for file in place.iterdir()}
        first = first or files
        assert files == first


@pytest.mark.parametrize("words, status, message", [
    (["-v", "10"], 2, "cannot hold"),
    (["-v", "900000"], 3, "ask for at most"),
    (["--compat-threads", "2"], 2, "--compat sentencepiece"),
    (["--user-symbol", "a", "--user-symbol", "a"], 2, "asked for twice"),
    (["--shrinking-factor", "1"], 2, "0.5 to 0.95"),
    (["-n", "lower"], 2, "give nmt_nfkc"),
])
def test_contradictions_are_named(tmp_path, words, status, message):
    run = peers.toktrain("unigram", peers.own_corpus(), "-o", tmp_path / "m", *words, check=False)
    assert run.returncode == status and message in run.stderr.decode(), run.stderr.decode()
    assert not (tmp_path / "m").exists()


def test_one_character_and_one_long_line(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("a" * 1_000_000 + "\n")
    peers.toktrain("unigram", path, "-v", 5, "-o", tmp_path / "a", timeout=60)
    path.write_text("a\n")
    run = peers.toktrain("unigram", path, "-v", 100, "-o", tmp_path / "b", check=False)
    assert run.returncode == 3 and "ask for at most" in run.stderr.decode()
