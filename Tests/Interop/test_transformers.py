"""Our directories in `AutoTokenizer.from_pretrained`, offline, and those of `transformers` read here."""

import json

import pytest

import peers

transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

TEXTS = ["", "Hello, world! It's  two  blanks", "naïve Größe, 東京 e\u0301", "a b\tc", "don't ##x é"]
# What is trained, the texts of special tokens by part, and those without one.
FAMILIES = {
    "bpe": (["bpe", "-s", "<|endoftext|>", "-s", "<m>"], {"eos_token": "<|endoftext|>"}, ["<m>"]),
    "plain": (["bpe"], {}, []),
    "gpt2": (["bpe", "-p", "gpt2", "-n", "none", "-s", "<s>", "-s", "</s>", "-s", "<pad>"],
             {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}, []),
    "wordpiece": (["wordpiece", "-s", "[NEW]"],
                  {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]",
                   "cls_token": "[CLS]", "mask_token": "[MASK]"}, ["[NEW]"]),
    "pieces": (["bpe", "--style", "sentencepiece", "--byte-fallback", "--control-symbol", "<x>",
                "--pad-id", 3],
               {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"},
               ["<x>"]),
    "unigram": (["unigram", "--control-symbol", "<mask>"],
                {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
                 "mask_token": "<mask>"}, []),
}


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "1")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("transformers")
    for name, (words, _, _) in FAMILIES.items():
        peers.toktrain(*words, peers.own_corpus(), "-v", 2500, "-o", folder / name, "--quiet")
    return folder


def ours(model, lines, *options):
    run = peers.toktrain("encode", model, "--quiet", *options,
                         input="".join(line + "\n" for line in lines).encode())
    return [list(map(int, row.split())) for row in run.stdout.decode().split("\n")[:-1]]


def check(place, parts, others, fast=True, original=None):
    """`original`: where the ids of special tokens are known, if not in the same place."""
    auto = transformers.AutoTokenizer.from_pretrained(str(place), use_fast=fast)
    assert auto.is_fast == fast
    assert {name: str(text) for name, text in auto.special_tokens_map.items()
            if name != "additional_special_tokens"} == parts
    assert auto.additional_special_tokens == others
    special = list(dict.fromkeys([*parts.values(), *others]))
    assert set(auto.all_special_tokens) == set(special)
    lines = [*TEXTS, *peers.own_corpus().read_text(encoding="utf-8").split("\n")[:200]]
    for line, ids in zip(lines, ours(place, lines), strict=True):
        assert auto(line, add_special_tokens=False)["input_ids"] == ids, line
    # Special tokens in a text are found, and left out again.
    for token in special:
        (id,), *_ = ours(original or place, [token], "--allow-special", "all")
        assert auto.convert_tokens_to_ids(token) == id and id in auto.all_special_ids
        assert auto(token, add_special_tokens=False)["input_ids"] == [id]
        assert auto.decode([id], skip_special_tokens=True) == ""
    return auto


@pytest.mark.parametrize("name", FAMILIES)
def test_trained_directories(trained, name):
    _, parts, others = FAMILIES[name]
    check(trained / name, parts, others)
    files = {file.name for file in (trained / name).iterdir()}
    assert ("special_tokens_map.json" in files) == bool(parts or others)
    assert "added_tokens.json" not in files


@pytest.mark.parametrize("name", FAMILIES)
def test_converted_directories(trained, tmp_path, name):
    _, parts, others = FAMILIES[name]
    peers.toktrain("convert", trained / name, "--to", "hf", "-o", tmp_path / "m")
    # Control symbols of SentencePiece are special in tokenizer_config.json alone.
    check(tmp_path / "m", parts, others, original=trained / name)


def with_added_tokens(folder):
    """A tokenizer like GPT-2's, with tokens behind its vocabulary."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train([str(peers.own_corpus())], trainers.BpeTrainer(
        vocab_size=900, show_progress=False, special_tokens=["<|endoftext|>"],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    tokenizer.add_special_tokens(["<|x|>", AddedToken("<|left|>", lstrip=True, normalized=False)])
    tokenizer.add_tokens([AddedToken("größer", normalized=True)])
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder / "tokenizer.json"


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "slow"])
def test_added_tokens_beside_the_pair(tmp_path, fast):
    model = with_added_tokens(tmp_path)
    place = tmp_path / "pair"
    peers.toktrain("convert", model, "--to", "hf-legacy", "-o", place)
    assert json.loads((place / "added_tokens.json").read_text()) == {
        "<|x|>": 900, "<|left|>": 901, "größer": 902}
    end = dict.fromkeys(["bos_token", "eos_token", "unk_token"], "<|endoftext|>")
    auto = check(place, end, ["<|x|>", "<|left|>"], fast)
    peer = tokenizers.Tokenizer.from_file(str(model))
    texts = ["x größer y", "a <|left|>b<|x|>c", "<|endoftext|> größergroß"]
    for text, ids in zip(texts, ours(place, texts, "--allow-special", "all"), strict=True):
        assert ids == peer.encode(text).ids
        # The slow one strips what is around added tokens.
        if fast:
            assert auto(text)["input_ids"] == ids
    # Without tokenizer_config.json, what older releases wrote says the same.
    (place / "tokenizer_config.json").unlink()
    assert ours(place, texts, "--allow-special", "all") == [peer.encode(t).ids for t in texts]
    run = peers.toktrain("encode", place, "--json", "--allow-special", "all", input=b"a <|left|>b\n")
    assert json.loads(run.stdout)["ids"].count(901) == 1


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "slow"])
def test_added_tokens_beside_a_list(trained, tmp_path, fast):
    from tokenizers import AddedToken, Tokenizer

    tokenizer = Tokenizer.from_file(str(trained / "wordpiece/tokenizer.json"))
    tokenizer.add_special_tokens(["<x>"])
    tokenizer.add_tokens([AddedToken("größer", normalized=True)])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    place = tmp_path / "list"
    peers.toktrain("convert", tmp_path / "tokenizer.json", "--to", "wordpiece", "-o", place)
    _, parts, others = FAMILIES["wordpiece"]
    check(place, parts, [*others, "<x>"], fast)
    texts = ["so <x>y größer [MASK]", "[NEW]a"]
    for _ in range(2):
        for text, ids in zip(texts, ours(place, texts, "--allow-special", "all"), strict=True):
            assert ids == tokenizer.encode(text, add_special_tokens=False).ids, text
        (place / "tokenizer_config.json").unlink(missing_ok=True)


@pytest.mark.parametrize("kind", ["gpt2", "bert"])
def test_directories_of_its_slow_tokenizers_are_read(trained, tmp_path, kind):
    """As releases before `tokenizer.json` wrote them: all three files beside the vocabulary."""
    from transformers import BertTokenizer, GPT2Tokenizer

    if kind == "gpt2":
        slow = GPT2Tokenizer(str(trained / "gpt2/vocab.json"), str(trained / "gpt2/merges.txt"),
                             unk_token="<s>", bos_token="<s>", eos_token="</s>")
    else:
        slow = BertTokenizer(str(trained / "wordpiece/vocab.txt"), do_lower_case=True)
    slow.add_special_tokens({"additional_special_tokens": ["<new>", "<last>"]})
    slow.add_tokens(["größer", "ab ab"])
    slow.save_pretrained(str(tmp_path))
    assert json.loads((tmp_path / "added_tokens.json").read_text())["größer"] == 2502
    fast = transformers.AutoTokenizer.from_pretrained(str(tmp_path))
    assert fast.is_fast
    texts = [*TEXTS, "x<new>größer<last> ab ab", "</s><s>[SEP]", "größergroß"]
    for text, ids in zip(texts, ours(tmp_path, texts, "--allow-special", "all"), strict=True):
        assert fast(text, add_special_tokens=False)["input_ids"] == ids, text
    run = peers.toktrain("decode", tmp_path, "--skip-special", input=b"2500 2503 2501\n")
    assert run.stdout.decode() == fast.decode([2500, 2503, 2501], skip_special_tokens=True) + "\n"
