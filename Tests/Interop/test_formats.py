"""Files that toktrain writes, read by those who will read them."""

import json

import pytest

import peers

tokenizers = pytest.importorskip("tokenizers")
PATTERNS = ["gpt2", "cl100k", "o200k", "llama3", "qwen2", "none", "whitespace"]


@pytest.fixture(scope="module", params=PATTERNS)
def model(request, tmp_path_factory):
    place = tmp_path_factory.mktemp("formats") / request.param
    form = {"gpt2": "none", "llama3": "nfkc", "qwen2": "nfd"}.get(request.param, "nfc")
    peers.toktrain("bpe", peers.own_corpus(), "-o", place, "--pattern", request.param,
                   "--normalization", form, "--vocab-size", 1200,
                   "--special-token", "<|start of text|>", "--special-token", "</s>", "--quiet")
    return place


def test_hugging_face_writes_the_same_bytes(model, tmp_path):
    tokenizer = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.save(str(tmp_path / "again.json"))
    assert (tmp_path / "again.json").read_bytes() == (model / "tokenizer.json").read_bytes()
    tokenizer.model.save(str(tmp_path))
    for name in ("vocab.json", "merges.txt"):
        assert (tmp_path / name).read_bytes() == (model / name).read_bytes()


def test_special_tokens_have_the_first_ids(model):
    tokenizer = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
    assert tokenizer.token_to_id("<|start of text|>") == 0
    assert tokenizer.token_to_id("</s>") == 1
    assert tokenizer.encode("</s>a").ids[0] == 1


def test_vocabulary_and_merges_alone_make_the_same_model(model):
    from tokenizers import models

    whole = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
    alone = models.BPE.from_file(str(model / "vocab.json"), str(model / "merges.txt"))
    text = "Hello wörld, 東京 1234"
    spelled = "".join(token for token, _ in tokenizers.pre_tokenizers.ByteLevel(
        add_prefix_space=False, use_regex=False).pre_tokenize_str(text))
    assert [t.id for t in alone.tokenize(spelled)] == [
        t.id for t in whole.model.tokenize(spelled)]


def test_auto_tokenizer_loads_it_offline(model, monkeypatch):
    transformers = pytest.importorskip("transformers")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    auto = transformers.AutoTokenizer.from_pretrained(str(model))
    assert auto.is_fast
    whole = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
    text = "Hello , world</s> naïve 東京"
    assert auto(text)["input_ids"] == whole.encode(text).ids
    assert auto.decode([0], skip_special_tokens=True) == ""


def test_a_file_is_a_model_as_its_directory_is(model):
    text = "Hello wörld\n\n 東京 1234\n".encode()
    by_directory = peers.toktrain("encode", model, input=text).stdout
    assert by_directory == peers.toktrain("encode", model / "tokenizer.json", input=text).stdout


@pytest.mark.parametrize("damage, named", [
    (lambda data: data["model"]["merges"].append(["Ġ", "no such token"]), "no such token"),
    (lambda data: data["model"]["vocab"].update({"a": 0}), "0"),
    (lambda data: data["model"]["vocab"].update({"a": -1}), "\"a\""),
    (lambda data: data["model"]["vocab"].update({"a": 10 ** 9}), "\"a\""),
    (lambda data: data.update(normalizer={"type": "NFX"}), "NFX"),
    (lambda data: data["model"].update(type="Bigram"), "Bigram"),
    (lambda data: data["model"].update(type="Unigram"), "model.vocab"),
    (lambda data: data["decoder"].update(type="NoDecoder"), "NoDecoder"),
    (lambda data: data.update(truncation={"max_length": -1}), "truncation.max_length"),
    (lambda data: data.update(padding=[]), "padding"),
])
def test_broken_files_are_one_line_and_status_3(model, tmp_path, damage, named):
    data = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))
    damage(data)
    (tmp_path / "broken.json").write_text(json.dumps(data), encoding="utf-8")
    run = peers.toktrain("encode", tmp_path / "broken.json", input=b"a\n", check=False)
    assert run.returncode == 3 and run.stdout == b""
    message = run.stderr.decode()
    assert message.count("\n") == 1 and "broken.json" in message and named in message


def test_files_cut_short_are_status_3(model, tmp_path):
    whole = (model / "tokenizer.json").read_bytes()
    for length in [0, 1, 2, 100, 1000, len(whole) // 2, len(whole) - 2]:
        (tmp_path / "cut.json").write_bytes(whole[:length])
        run = peers.toktrain("encode", tmp_path / "cut.json", input=b"a\n", check=False)
        assert run.returncode == 3, length
        assert run.stderr.count(b"\n") == 1
