"""Conversions: each result in the library that it is for, against the original in its own."""

import json

import pytest

import peers

tokenizers = pytest.importorskip("tokenizers")
SLICE = 300_000


def convert(model, target, place, *options, status=0):
    run = peers.toktrain("convert", model, "--to", target, "-o", place, *options, check=False)
    assert run.returncode == status, run.stderr.decode() + run.stdout.decode()
    return run


def texts():
    paths = [peers.own_corpus()] + [peers.corpus_slice(name, SLICE) for name in peers.BIG]
    for path in filter(None, paths):
        yield path, path.read_bytes().decode().split("\n")


def hugging_face(path):
    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    tokenizer.encode_special_tokens = True

    def encode(lines):
        return [e.ids for e in tokenizer.encode_batch_fast(lines, add_special_tokens=False)]

    return encode


def sentencepiece(path):
    import sentencepiece as library

    processor = library.SentencePieceProcessor(model_file=str(path))
    return processor.encode


def tiktoken(place):
    import tiktoken as library
    import tiktoken.load

    sidecar = json.loads((place / "tokenizer.tiktoken.json").read_text())
    encoding = library.Encoding(
        "converted", pat_str=sidecar["pattern"],
        mergeable_ranks=tiktoken.load.load_tiktoken_bpe(str(place / "tokenizer.tiktoken")),
        special_tokens=sidecar["special_tokens"])
    return lambda lines: encoding.encode_ordinary_batch(lines, num_threads=1)


def ours(model):
    def encode(lines):
        run = peers.toktrain("encode", model, "--quiet", input="\n".join(lines + [""]).encode())
        return [list(map(int, line.split())) for line in run.stdout.decode().split("\n")[:-1]]

    return encode


def compare(original, converted, most=0):
    """`most`: lines of a thousand that may differ, for what a note of the conversion says."""
    for path, lines in texts():
        pairs = zip(original(lines), converted(lines), lines, strict=True)
        different = [line for a, b, line in pairs if a != b]
        assert len(different) * 1000 <= most * len(lines), f"{path}: {different[0]!r}"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Models of every family, of the project's own texts."""
    folder = tmp_path_factory.mktemp("trained")
    options = {
        "bpe": ["bpe", "-v", 2000, "-n", "none"],
        "gpt2": ["bpe", "-v", 2000, "-n", "none", "-p", "gpt2", "-s", "<|endoftext|>"],
        "wordpiece": ["wordpiece", "-v", 2500],
        "spbpe": ["bpe", "--style", "sentencepiece", "-v", 2500, "--byte-fallback"],
        "unigram": ["unigram", "-v", 2500],
        "llama": ["bpe", "--style", "sentencepiece", "-v", 2500, "--byte-fallback", "-n", "identity",
                  "--remove-extra-whitespace=false"],
    }
    for name, words in options.items():
        peers.toktrain(*words, peers.own_corpus(), "-o", folder / name, "--quiet")
    return folder


def test_gpt2_in_every_file_that_can_say_it(tmp_path):
    model = peers.need(peers.MODELS / "gpt2.json")
    for target in ("tiktoken", "hf", "hf-legacy"):
        run = convert(model, target, tmp_path / target)
        assert b"lines of the built-in sample have equal ids" in run.stdout
    original = hugging_face(model)
    compare(original, tiktoken(tmp_path / "tiktoken"))
    compare(original, hugging_face(tmp_path / "hf/tokenizer.json"))
    compare(original, ours(tmp_path / "hf-legacy"))


@pytest.mark.parametrize("name", ["gpt2.json", "bert_base_cased.json"])
def test_auto_tokenizer_loads_older_files(tmp_path, monkeypatch, name):
    transformers = pytest.importorskip("transformers")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    model = peers.need(peers.MODELS / name)
    convert(model, "hf-legacy", tmp_path / "m")
    auto = transformers.AutoTokenizer.from_pretrained(str(tmp_path / "m"))
    original = hugging_face(model)
    for _, lines in texts():
        lines = [line for line in lines if "[" not in line and "<|" not in line][:3000]
        expected = original(lines)
        got = auto(lines, add_special_tokens=False)["input_ids"]
        for line, a, b in zip(lines, expected, got, strict=True):
            assert a == b, repr(line)


def test_llama_goes_to_sentencepiece_and_back(tmp_path):
    original = hugging_face(peers.need(peers.MODELS / "llama2.json"))
    convert(peers.MODELS / "llama2.json", "sentencepiece", tmp_path / "spm")
    compare(original, sentencepiece(tmp_path / "spm/tokenizer.model"))
    convert(tmp_path / "spm", "hf", tmp_path / "hf")
    compare(original, hugging_face(tmp_path / "hf/tokenizer.json"))
    compare(sentencepiece(peers.MODELS / "llama2.model"), hugging_face(tmp_path / "hf/tokenizer.json"))


def test_cl100k_goes_to_hugging_face_and_back(tmp_path):
    model = peers.need(peers.MODELS / "cl100k_base.tiktoken")
    convert(model, "tiktoken", tmp_path / "same")
    assert (tmp_path / "same/tokenizer.tiktoken").read_bytes() == model.read_bytes()
    convert(model, "hf", tmp_path / "hf")
    compare(tiktoken(tmp_path / "same"), hugging_face(tmp_path / "hf/tokenizer.json"))
    convert(tmp_path / "hf", "tiktoken", tmp_path / "back")
    assert (tmp_path / "back/tokenizer.tiktoken").read_bytes() == model.read_bytes()


@pytest.mark.parametrize("name", ["spbpe", "unigram", "llama"])
def test_pieces_go_to_hugging_face_and_back(trained, tmp_path, name):
    convert(trained / name, "hf", tmp_path / "hf")
    if name == "unigram":
        # Its rules read as Hugging Face's, ties are decided otherwise.
        convert(tmp_path / "hf", "sentencepiece", tmp_path / "spm", "--proof", peers.own_corpus())
    else:
        convert(tmp_path / "hf", "sentencepiece", tmp_path / "spm")
    original = sentencepiece(trained / name / "tokenizer.model")
    compare(original, sentencepiece(tmp_path / "spm/tokenizer.model"), most=1)
    compare(original, hugging_face(tmp_path / "hf/tokenizer.json"), most=10)


def test_ours_in_the_other_libraries(trained, tmp_path):
    convert(trained / "bpe", "tiktoken", tmp_path / "tiktoken")
    compare(ours(trained / "bpe"), tiktoken(tmp_path / "tiktoken"))
    convert(trained / "gpt2", "hf-legacy", tmp_path / "pair")
    assert ((tmp_path / "pair/vocab.json").read_bytes()
            == (trained / "gpt2/vocab.json").read_bytes())
    compare(ours(trained / "gpt2"), ours(tmp_path / "pair/vocab.json"))
    convert(trained / "wordpiece", "wordpiece", tmp_path / "list")
    compare(ours(trained / "wordpiece"), ours(tmp_path / "list/vocab.txt"))


@pytest.mark.parametrize("name, target, word", [
    ("bpe", "hf-legacy", "how text is cut"), ("bpe", "sentencepiece", "Unigram"),
    ("bpe", "wordpiece", "WordPiece"), ("wordpiece", "tiktoken", "normalization"),
    ("unigram", "tiktoken", "normalization"), ("wordpiece", "sentencepiece", "Unigram"),
])
def test_what_files_cannot_say_is_named(trained, tmp_path, name, target, word):
    run = convert(trained / name, target, tmp_path / "m", status=3)
    assert word in run.stderr.decode() and target in run.stderr.decode()
    assert not (tmp_path / "m").exists()


def step(kind, **members):
    return {"type": kind, **members}


BYTES = {"add_prefix_space": False, "trim_offsets": True, "use_regex": True}
AROUND = {"sep": ["<|endoftext|>", 0], "cls": ["<|endoftext|>", 0]}


@pytest.mark.parametrize("member, value, word", [
    ("normalizer", step("Lowercase"), "normalization"),
    ("normalizer", step("Prepend", prepend="x"), "normalization"),
    ("pre_tokenizer", step("Sequence", pretokenizers=[
        step("Digits", individual_digits=True), step("ByteLevel", **BYTES)]), "how text is cut"),
    ("pre_tokenizer", step("ByteLevel", **BYTES | {"use_regex": False}), "how text is cut"),
    ("post_processor", step("BertProcessing", **AROUND), "post_processor"),
    ("post_processor", step("RobertaProcessing", **AROUND, trim_offsets=True,
                            add_prefix_space=False), "post_processor"),
    ("decoder", step("Sequence", decoders=[step("ByteLevel", **BYTES), step("Fuse")]), "decoder"),
    ("truncation", {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0},
     "truncation"),
    ("padding", {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None,
                 "pad_id": 0, "pad_type_id": 0, "pad_token": "<|endoftext|>"}, "padding"),
    ("model.ignore_merges", True, "ignore_merges"),
], ids=lambda value: str(value)[:40])
def test_what_the_pair_cannot_carry_is_named(trained, tmp_path, member, value, word):
    data = json.loads((trained / "gpt2/tokenizer.json").read_text(encoding="utf-8"))
    *path, name = member.split(".")
    (data[path[0]] if path else data)[name] = value
    (tmp_path / "t.json").write_text(json.dumps(data), encoding="utf-8")
    run = convert(tmp_path / "t.json", "hf-legacy", tmp_path / "m", status=3)
    message = run.stderr.decode()
    assert "in files of kind hf-legacy" in message and word in message and "--lossy" in message
    assert not (tmp_path / "m").exists()
    run = peers.toktrain("convert", tmp_path / "t.json", "--to", "hf-legacy", "-o", tmp_path / "m",
                         "--lossy", check=False)
    lost = [line for line in run.stdout.decode().splitlines() if line.startswith("given up: ")]
    assert run.returncode in (0, 1) and len(lost) == 1 and word in lost[0]
    assert json.loads((tmp_path / "m/conversion.json").read_text())["given_up"] == [
        lost[0].removeprefix("given up: ")]


def test_flags_that_only_newer_libraries_read_are_noted(trained, tmp_path):
    tokenizer = tokenizers.Tokenizer.from_file(str(trained / "gpt2/tokenizer.json"))
    tokenizer.add_tokens([tokenizers.AddedToken("new", lstrip=True)])
    tokenizer.save(str(tmp_path / "t.json"))
    run = convert(tmp_path / "t.json", "hf-legacy", tmp_path / "m")
    assert b"note: releases of transformers before 4.34" in run.stderr and b'"new"' in run.stderr
    text = b"a  new b\n"
    assert (peers.toktrain("encode", tmp_path / "t.json", input=text).stdout
            == peers.toktrain("encode", tmp_path / "m", input=text).stdout)


@pytest.mark.parametrize("change, word", [
    ({"normalizer": {"type": "Lowercase"}}, "BERT's (lower)"),
    ({"pre_tokenizer": {"type": "Whitespace"}}, "cuts other than BERT's"),
    ({"post_processor": None}, "post_processor"),
    ({"decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False}}, "decoder"),
])
def test_what_a_list_cannot_carry_is_named(trained, tmp_path, change, word):
    data = json.loads((trained / "wordpiece/tokenizer.json").read_text(encoding="utf-8"))
    (tmp_path / "t.json").write_text(json.dumps(data | change), encoding="utf-8")
    run = convert(tmp_path / "t.json", "wordpiece", tmp_path / "m", status=3)
    assert word in run.stderr.decode()
    run = peers.toktrain("convert", tmp_path / "t.json", "--to", "wordpiece", "-o", tmp_path / "m",
                         "--lossy", check=False)
    assert run.returncode in (0, 1) and run.stdout.count(b"given up: ") == 1


def test_inspect_says_by_whose_custom_files_are_read(trained, tmp_path):
    convert(trained / "gpt2", "hf-legacy", tmp_path / "pair")
    convert(trained / "wordpiece", "wordpiece", tmp_path / "list")
    (tmp_path / "words.txt").write_bytes((tmp_path / "list/vocab.txt").read_bytes())
    for model, word in [("pair", "GPT-2's"), ("pair/vocab.json", "GPT-2's"), ("list", "BERT's"),
                        ("pair/merges.txt", "GPT-2's"), ("words.txt", "BERT's")]:
        run = peers.toktrain("inspect", tmp_path / model)
        assert f"read as         {word}" in run.stdout.decode() and not run.stderr
    for model in ("gpt2", "wordpiece", "unigram"):
        assert b"read as" not in peers.toktrain("inspect", trained / model).stdout
    # Where a tokenizer.json stands beside, it should be asked.
    run = peers.toktrain("encode", trained / "bpe/vocab.json", input=b"a\n")
    assert run.stderr.count(b"\n") == 1 and b"tokenizer.json beside it says it" in run.stderr


def test_what_is_given_up_is_listed_and_the_proof_shows_it(trained, tmp_path):
    run = convert(trained / "bpe", "hf-legacy", tmp_path / "m", "--lossy", status=1)
    assert "given up: how text is cut" in run.stdout.decode()
    assert "first difference, line " in run.stdout.decode()
    account = json.loads((tmp_path / "m/conversion.json").read_text())
    assert account["given_up"] and account["kind"] == "hf-legacy"
    convert(trained / "gpt2", "hf-legacy", tmp_path / "m", status=4)
    convert(trained / "gpt2", "hf-legacy", tmp_path / "m", "--force")


def test_a_result_is_the_same_each_time(trained, tmp_path):
    for name, target in [("spbpe", "hf"), ("gpt2", "tiktoken"), ("wordpiece", "wordpiece")]:
        for place in ("a", "b"):
            convert(trained / name, target, tmp_path / target / place)
        files = [{f.name: f.read_bytes() for f in (tmp_path / target / place).iterdir()}
                 for place in ("a", "b")]
        assert files[0] == files[1]


@pytest.mark.parametrize("options, status, word", [
    (["-o", "m"], 2, "--to"), (["--to", "hf"], 2, "-o"), (["--to", "gguf", "-o", "m"], 2, "--to"),
    (["--to", "hf", "-o", "m", "--proof", "/no/such/file"], 4, "/no/such/file"),
])
def test_bad_options_are_told(trained, tmp_path, options, status, word):
    run = peers.toktrain("convert", trained / "gpt2", *options, check=False, cwd=tmp_path)
    assert run.returncode == status and word in run.stderr.decode()
    assert not (tmp_path / "m").exists()


def test_older_files_in_their_own_libraries(tmp_path):
    """vocab.txt without a word beside it: cased or not is read off the tokens."""
    model = peers.need(peers.MODELS / "bert_base_cased.json")
    convert(model, "wordpiece", tmp_path / "m")
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        (tmp_path / "m" / name).unlink()
    compare(hugging_face(model), ours(tmp_path / "m"))
    compare(hugging_face(model), ours(tmp_path / "m/vocab.txt"))


@pytest.mark.parametrize("content, word", [
    (b"a\nb\n[UNK]\na\n", "two ids"), (b"[UNK]\n\xff\n", "line 2"), (b"", "the file is empty"),
])
def test_broken_lists_are_told(tmp_path, content, word):
    (tmp_path / "list.txt").write_bytes(content)
    run = peers.toktrain("encode", tmp_path / "list.txt", input=b"a\n", check=False)
    assert run.returncode == 3 and word in run.stderr.decode(), run.stderr.decode()


@pytest.mark.parametrize("vocabulary, merges, word", [
    ('{"a": 0, "b": 1, "ab": 2}', "#version: 0.2\na c\n", "merge 0"),
    ('{"a": 0, "b": 1, "ab": 2}', "a b c\n", "merge 0"),
    ('{"a": 0, "a": 1}', "", "two ids"), ('{"a": -1}', "", "0..."), ('{"a": "x"}', "", "integer"),
    ('["a"]', "", "object"), ("{", "", "JSON"),
])
def test_broken_pairs_are_told(tmp_path, vocabulary, merges, word):
    (tmp_path / "vocab.json").write_text(vocabulary)
    (tmp_path / "merges.txt").write_text(merges)
    run = peers.toktrain("encode", tmp_path, input=b"a\n", check=False)
    assert run.returncode == 3 and word in run.stderr.decode(), run.stderr.decode()
