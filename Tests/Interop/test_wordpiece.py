"""WordPiece: vocabularies, files and ids against Hugging Face's library."""

import collections
import json
import pathlib
import random

import pytest

import peers

tokenizers = pytest.importorskip("tokenizers")
BERT = peers.MODELS / "bert_base_cased.json"
SLICE = 2_000_000


def ours(source, place, *options):
    peers.toktrain("wordpiece", source, "-o", place, "--quiet", "--force", *options)
    return peers.read_lines(place / "vocab.txt")


def compare(path, folder, theirs, *options):
    """Our vocabulary with the order of the characters of theirs, token by token."""
    folder.mkdir(exist_ok=True)
    order = folder / "order.txt"
    order.write_bytes("".join(token + "\n" for token in theirs).encode())
    mine = ours(path, folder / "m", "--alphabet-order", order, *options)
    for place, (a, b) in enumerate(zip(mine, theirs)):
        assert a == b, f"tokens differ first at {place}: ours {a!r}, theirs {b!r}"
    assert len(mine) == len(theirs)


def compare_corpus(path, folder, size, cased=False):
    theirs = peers.cached("tokenizers", ["wordpiece", size, cased], path,
                          lambda: peers.hugging_face_wordpiece(path, size, cased=cased))
    compare(path, folder, theirs, "--vocab-size", size, *(["--cased"] if cased else []))


@pytest.mark.parametrize("cased", [False, True], ids=["uncased", "cased"])
def test_own_texts_equal_a_run_of_hugging_face(tmp_path, cased):
    compare_corpus(peers.own_corpus(), tmp_path, 5000, cased)


@pytest.mark.parametrize("name", peers.BIG)
def test_slices_equal_a_run_of_hugging_face(tmp_path, name):
    compare_corpus(peers.need(peers.corpus_slice(name, SLICE)), tmp_path, 32_000)


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_whole_corpora_equal_a_run_of_hugging_face(tmp_path, name):
    compare_corpus(peers.need(peers.corpus(name)), tmp_path, 32_000)


@pytest.mark.parametrize("options, theirs", [
    (["--continuing-prefix", "@@"], {"prefix": "@@"}),
    (["--min-frequency", 5], {"frequency": 5}),
    (["--min-frequency", 0], {"frequency": 0}),
    (["--initial-alphabet", "text:zßЖ\u4e00"], {"initial_alphabet": list("zßЖ\u4e00")}),
    (["-s", "[NEW]", "-s", "e", "-s", "##e"], {"special": ["[NEW]", "e", "##e"]}),
], ids=["prefix", "frequency", "all", "alphabet", "special"])
def test_options_equal_a_run_of_hugging_face(tmp_path, options, theirs):
    path = tmp_path / "text"
    # A special token in the text would be a border here and is text there.
    text = peers.own_corpus().read_text(encoding="utf-8")
    if "special" in theirs:
        text = "".join(line for line in text.splitlines(keepends=True)
                       if "e" not in line and "##" not in line)
    path.write_text(text, encoding="utf-8", newline="")
    expected = peers.hugging_face_wordpiece(path, 4000, **theirs)
    compare(path, tmp_path / "c", expected, "--vocab-size", 4000, *options)


def test_a_limited_alphabet_equals_a_run_of_hugging_face(tmp_path):
    path = tmp_path / "text"
    letters = "etaoinshrdlu"
    # No two characters are equally frequent: there the order is that of a hash table.
    source = random.Random(3)
    words = ["".join(source.choices(letters, [2 ** -n for n in range(12)], k=source.randint(1, 9)))
             for _ in range(3000)]
    path.write_text("\n".join(words) + "\n")
    counts = collections.Counter("".join(words)).most_common()
    assert len({count for _, count in counts}) == len(counts)
    expected = peers.hugging_face_wordpiece(path, 300, limit_alphabet=6)
    compare(path, tmp_path / "c", expected, "--vocab-size", 300, "--limit-alphabet", 6)


@pytest.mark.parametrize("seed", range(4))
def test_small_texts_with_ties_equal_a_run_of_hugging_face(tmp_path, seed):
    print("seed", seed)
    source = random.Random(seed)
    for number in range(40):
        alphabet = source.choice(["ab", "abc ", "a b", "aé ", "ab1 '", "a東b ", "abcdefgh  "])
        lines = []
        for _ in range(source.randint(1, 12)):
            line = "".join(source.choice(alphabet) for _ in range(source.randint(1, 40)))
            lines += [line] * source.choice([1, 1, 1, 2, 3])
        path = tmp_path / f"{number}.txt"
        path.write_text("\n".join(lines) + "\nx\n", encoding="utf-8", newline="")
        size, frequency = source.choice([30, 60, 100]), source.choice([0, 2, 3])
        try:
            compare(path, tmp_path, peers.hugging_face_wordpiece(path, size, frequency),
                    "--vocab-size", size, "--min-frequency", frequency)
        except AssertionError as error:
            raise AssertionError(f"seed {seed} text {number}: {path.read_text()!r}") from error


def test_the_order_of_characters_is_that_of_words_by_falling_count(tmp_path):
    words = peers.bert_words(peers.own_corpus())
    order = {}
    for word in sorted(words, key=lambda word: (-words[word], word.encode())):
        for character in word[1:]:
            order.setdefault("##" + character, len(order))
    mine = ours(peers.own_corpus(), tmp_path / "m", "--vocab-size", 3000)
    bare = sorted({character for word in words for character in word})
    assert mine[:5] == peers.BERT_TOKENS
    assert mine[5:5 + len(bare)] == bare
    assert mine[5 + len(bare):5 + len(bare) + len(order)] == list(order)


@pytest.fixture(scope="module", params=["uncased", "cased", "nfkc"])
def trained(request, tmp_path_factory):
    place = tmp_path_factory.mktemp("wordpiece") / request.param
    options = {"uncased": [], "cased": ["--cased"], "nfkc": ["-n", "nfkc,lower"]}[request.param]
    ours(peers.own_corpus(), place, "--vocab-size", 3000, *options)
    return place


def peer(model):
    path = pathlib.Path(model)
    tokenizer = tokenizers.Tokenizer.from_file(
        str(path / "tokenizer.json" if path.is_dir() else path))
    tokenizer.encode_special_tokens = True
    return tokenizer


def lines_of(path):
    lines = path.read_bytes().decode().split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def check_ids(model, path):
    lines, tokenizer = lines_of(path), peer(model)
    output = peers.toktrain("encode", model, path, "--quiet").stdout.decode().splitlines()
    assert len(output) == len(lines)
    for start in range(0, len(lines), 4000):
        batch = lines[start:start + 4000]
        encoded = tokenizer.encode_batch_fast(batch, add_special_tokens=False)
        for text, line, expected in zip(batch, output[start:], encoded):
            assert list(map(int, line.split())) == expected.ids, repr(text[:300])


def test_ids_of_own_texts(trained):
    check_ids(trained, peers.own_corpus())


@pytest.mark.parametrize("name", peers.BIG)
def test_ids_of_slices(trained, name):
    path = peers.need(peers.corpus_slice(name, SLICE))
    check_ids(trained, path)
    check_ids(peers.need(BERT), path)


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_ids_of_whole_corpora(trained, name):
    path = peers.need(peers.corpus(name))
    check_ids(trained, path)
    check_ids(peers.need(BERT), path)


def test_template_and_special_tokens(trained, tmp_path):
    lines = ["", "Hello, world", "a [MASK] b [SEP]", "don't ##x"]
    (tmp_path / "text").write_text("\n".join(lines) + "\n", encoding="utf-8")
    tokenizer = peer(trained)
    tokenizer.encode_special_tokens = False
    output = peers.toktrain("encode", trained, tmp_path / "text", "--add-special",
                            "--allow-special", "all").stdout.decode().splitlines()
    for line, row in zip(lines, output, strict=True):
        assert list(map(int, row.split())) == tokenizer.encode(line).ids


def test_offsets(trained):
    """Equal, but where normalization drops characters: ours reach over them."""
    tokenizer, lines = peer(trained), lines_of(peers.own_corpus())
    output = peers.toktrain("encode", trained, peers.own_corpus(), "--json", "--offsets").stdout
    compared = differing = 0
    for line, row in zip(lines, map(json.loads, output.splitlines()), strict=True):
        theirs = tokenizer.encode(line, add_special_tokens=False)
        assert row["ids"] == theirs.ids
        before = [0]
        for character in line:
            before.append(before[-1] + len(character.encode()))
        for (lower, upper), (first, last) in zip(row["offsets"], theirs.offsets, strict=True):
            assert lower <= before[first] and before[last] <= upper
            compared += 1
            differing += (lower, upper) != (before[first], before[last])
    assert compared > 10_000 and differing < compared / (50 if trained.name == "uncased" else 1000)


@pytest.mark.parametrize("cleanup", [True, False])
@pytest.mark.parametrize("skip", [True, False])
def test_decoding(trained, tmp_path, cleanup, skip):
    data = json.loads((trained / "tokenizer.json").read_text(encoding="utf-8"))
    data["decoder"]["cleanup"] = cleanup
    model = tmp_path / "tokenizer.json"
    model.write_text(json.dumps(data), encoding="utf-8")
    tokenizer = tokenizers.Tokenizer.from_file(str(model))
    source = random.Random(5)
    rows = [[source.randrange(3000) for _ in range(source.randint(1, 30))] for _ in range(500)]
    rows += [tokenizer.encode(line).ids for line in lines_of(peers.own_corpus()) if line]
    given = "".join(" ".join(map(str, row)) + "\n" for row in rows).encode()
    output = peers.toktrain("decode", model, *(["--skip-special"] if skip else []),
                            input=given).stdout.decode()
    expected = [tokenizer.decode(row, skip_special_tokens=skip) for row in rows]
    assert output == "".join(text + "\n" for text in expected)


def test_hugging_face_writes_the_same_bytes(trained, tmp_path):
    tokenizer = tokenizers.Tokenizer.from_file(str(trained / "tokenizer.json"))
    tokenizer.save(str(tmp_path / "again.json"))
    assert (tmp_path / "again.json").read_bytes() == (trained / "tokenizer.json").read_bytes()
    tokenizer.model.save(str(tmp_path))
    assert (tmp_path / "vocab.txt").read_bytes() == (trained / "vocab.txt").read_bytes()


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "slow"])
def test_auto_tokenizer_loads_it_offline(trained, monkeypatch, fast):
    transformers = pytest.importorskip("transformers")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    if trained.name == "nfkc" and not fast:
        pytest.skip("only BERT's cleaning has a slow tokenizer")
    auto = transformers.AutoTokenizer.from_pretrained(str(trained), use_fast=fast)
    assert auto.is_fast == fast
    parts = ["pad", "unk", "cls", "sep", "mask"]
    assert [getattr(auto, f"{part}_token_id") for part in parts] == [0, 1, 2, 3, 4]
    assert len(auto) == 3000
    for text in ["Größer, 東京 and  blanks don't", "naïve [MASK] É", "##x # #"]:
        ids = peers.toktrain("encode", trained, "--add-special", "--allow-special", "all",
                             input=text.encode()).stdout.split()
        assert auto(text)["input_ids"] == list(map(int, ids)), text
    pair = auto("a b", "c")
    assert pair["token_type_ids"] == [0] * 4 + [1] * 2


def test_threads_and_packing_change_no_byte(tmp_path):
    path = peers.corpus_slice("multilingual", SLICE) or peers.own_corpus()
    first = None
    for threads in (1, 2, 7):
        ours(path, tmp_path / "m", "--threads", threads, "--vocab-size", 9000)
        found = {file.name: file.read_bytes() for file in (tmp_path / "m").iterdir()}
        first = first or found
        assert found == first, f"{threads} threads"
    assert set(first) == {"tokenizer.json", "vocab.txt", "tokenizer_config.json",
                          "special_tokens_map.json", "training.json"}


@pytest.mark.parametrize("options, status, words", [
    (["--vocab-size", 20], 2, ["20", "at least"]),
    (["--vocab-size", 4], 2, ["4", "at least 5"]),
    (["--cased", "-n", "nfc"], 2, ["--cased", "--normalization"]),
    (["--invalid-utf8", "bytes"], 2, ["--invalid-utf8", "error or replace"]),
    (["--continuing-prefix", ""], 2, ["--continuing-prefix"]),
    (["--initial-alphabet", "all"], 2, ["--initial-alphabet", "text:ABC"]),
    (["--special-token", "a\nb"], 2, ["line end", "6"]),
    (["--max-input-chars-per-word", 0], 2, ["--max-input-chars-per-word"]),
    (["--alphabet-order", "/no/such/file"], 4, ["/no/such/file"]),
    (["--exact-size"], 3, ["30,000", "--vocab-size"]),
])
def test_bad_options_are_told(tmp_path, options, status, words):
    path = tmp_path / "t.txt"
    path.write_text("the cat sat on the mat, the cat sat.\n" * 20)
    run = peers.toktrain("wordpiece", path, "-o", tmp_path / "m", *options, check=False)
    message = run.stderr.decode()
    assert run.returncode == status, message
    errors = [line for line in message.splitlines() if line.startswith("toktrain: error:")]
    assert len(errors) == 1
    for word in words:
        assert word in errors[0], message
    assert not (tmp_path / "m").exists()


def test_hostile_texts_train_and_come_back(tmp_path):
    """One long word, one character, words of the prefix: a result, and files that load."""
    for text in ["a" * 300_000, "\n".join(["#", "##", "###a", "##a"] * 9), "ab" * 200 + " x y x y"]:
        (tmp_path / "t.txt").write_text(text)
        tokens = ours(tmp_path / "t.txt", tmp_path / "m", "--vocab-size", 500)
        assert len(set(tokens)) == len(tokens)
        assert max(len(token.removeprefix("##")) for token in tokens) <= 100
        output = peers.toktrain("encode", tmp_path / "m", tmp_path / "t.txt").stdout.decode()
        theirs = peer(tmp_path / "m").encode_batch(text.split("\n"))
        theirs = [e.ids[1:-1] for e in theirs]
        assert [list(map(int, line.split())) for line in output.splitlines()] == theirs
