"""Ids, offsets and special tokens of `toktrain encode` against Hugging Face's library."""

import json
import pathlib
import random

import pytest

import peers

tokenizers = pytest.importorskip("tokenizers")
SLICE = 2_000_000


def train(place, pattern, normalizer=None, ignore_merges=False, **options):
    """A tokenizer that Hugging Face trained on the project's own texts."""
    from tokenizers import decoders, models, pre_tokenizers, trainers

    tokenizer = tokenizers.Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    options.setdefault("initial_alphabet", sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.train([str(peers.own_corpus())],
                    trainers.BpeTrainer(vocab_size=3000, show_progress=False, **options))
    tokenizer.save(str(place))
    return place


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    from tokenizers import normalizers

    folder = tmp_path_factory.mktemp("models")
    peers.toktrain("bpe", peers.own_corpus(), "-o", folder / "own", "--vocab-size", 3000,
                   "--special-token", "<s>", "--special-token", "<a b>", "--quiet")
    two = normalizers.Sequence([normalizers.NFKD(), normalizers.NFC()])
    train(folder / "nfc.json", peers.CL100K, normalizers.NFC(), special_tokens=["<s>", "</s>"])
    train(folder / "whole.json", peers.CL100K, two, ignore_merges=True)
    train(folder / "limited.json", peers.CL100K, initial_alphabet=[], limit_alphabet=100)
    return {"own": folder / "own", "gpt2": peers.MODELS / "gpt2.json",
            **{path.stem: path for path in folder.glob("*.json")}}


def peer(model, specials_are_text=True):
    path = pathlib.Path(model)
    tokenizer = tokenizers.Tokenizer.from_file(
        str(path / "tokenizer.json" if path.is_dir() else path))
    tokenizer.encode_special_tokens = specials_are_text
    return tokenizer


def check(model, inputs, documents, *options, add=False, specials_are_text=True):
    """Compares line by line, so that a failure shows one document."""
    lines = peers.toktrain("encode", model, *inputs, *options).stdout.decode().splitlines()
    assert len(lines) == len(documents)
    tokenizer = peer(model, specials_are_text)
    for start in range(0, len(documents), 4000):
        batch = documents[start:start + 4000]
        theirs = tokenizer.encode_batch_fast(batch, add_special_tokens=add)
        for text, line, expected in zip(batch, lines[start:], theirs):
            assert list(map(int, line.split())) == expected.ids, repr(text[:300])


def check_lines(model, path):
    text = path.read_bytes().decode()
    lines = text.split("\n")
    check(model, [path], lines[:-1] if lines[-1] == "" else lines)


def check_documents(model, path, folder, size=65536):
    folder.mkdir()
    text = path.read_bytes()
    documents, start = [], 0
    while start < len(text):
        end = min(start + size, len(text))
        while end < len(text) and text[end] & 0xC0 == 0x80:
            end += 1
        documents.append(text[start:end].decode())
        (folder / f"{len(documents):06}.txt").write_bytes(text[start:end])
        start = end
    check(model, [folder], documents, "--documents", "file")


@pytest.mark.parametrize("model", ["own", "nfc", "whole", "limited"])
def test_own_texts(models, tmp_path, model):
    check_lines(models[model], peers.own_corpus())
    check_documents(models[model], peers.own_corpus(), tmp_path / "documents", 5000)


@pytest.mark.parametrize("name", peers.BIG)
@pytest.mark.parametrize("model", ["gpt2", "own", "nfc"])
def test_slices(models, tmp_path, model, name):
    path = peers.need(peers.corpus_slice(name, SLICE))
    check_lines(peers.need(models[model]), path)
    check_documents(models[model], path, tmp_path / "documents")


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
@pytest.mark.parametrize("model", ["gpt2", "own", "nfc", "whole", "limited"])
def test_whole_corpora(models, tmp_path, model, name):
    path = peers.need(peers.corpus(name))
    check_lines(peers.need(models[model]), path)
    check_documents(models[model], path, tmp_path / "documents")


def test_special_tokens_in_text(models, tmp_path):
    from tokenizers import AddedToken

    tokenizer = peer(models["nfc"])
    tokenizer.add_special_tokens([
        AddedToken("<m>", lstrip=True, normalized=False), AddedToken("<m>x", normalized=False),
        AddedToken("<r>", rstrip=True, normalized=False),
        AddedToken("<w>", single_word=True, normalized=False)])
    tokenizer.add_tokens([
        AddedToken("wor", single_word=True, normalized=True), AddedToken("né", normalized=True),
        AddedToken("lo", normalized=True, lstrip=True, rstrip=True),
        AddedToken("lower", normalized=True)])
    tokenizer.save(str(tmp_path / "special.json"))
    seed = 5
    print("seed", seed)
    source = random.Random(seed)
    parts = ["<m>", "<r>", "<m>x", "<w>", "wor", "ne\u0301", "né", "lo", "lower", " ", "  ",
             "\u3000", "\t", "a", "B", "_", "字", ".", "e", "\u0301", "<", ">", "hello", "<s>"]
    lines = ["".join(source.choice(parts) for _ in range(source.randint(1, 25)))
             for _ in range(5000)]
    (tmp_path / "text").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    check(tmp_path / "special.json", [tmp_path / "text"], lines, "--allow-special", "all",
          specials_are_text=False)
    # Without leave they are text like any other; added words that are no special tokens are taken.
    check(tmp_path / "special.json", [tmp_path / "text"], lines)


def test_template(models, tmp_path):
    from tokenizers import processors

    tokenizer = peer(models["nfc"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s> </s>", pair="<s> $A </s> $B:1 </s>:1",
        special_tokens=[("<s>", 0), ("</s>", 1)])
    tokenizer.save(str(tmp_path / "template.json"))
    lines = ["", "Hello, world", "ein <s> mehr"]
    (tmp_path / "text").write_text("\n".join(lines) + "\n", encoding="utf-8")
    check(tmp_path / "template.json", [tmp_path / "text"], lines, "--add-special", add=True)


def test_offsets(models):
    """Hugging Face gives whole characters to tokens that split one; ours lie inside."""
    model = models["gpt2"] if models["gpt2"].exists() else models["own"]
    tokenizer = peer(model)
    # A byte-level post-processor may trim blanks; the pre-tokenizer's own offsets are compared.
    tokenizer.post_processor = tokenizers.processors.ByteLevel(trim_offsets=False)
    text = peers.own_corpus().read_bytes().decode()
    lines = text.split("\n")[:-1]
    output = peers.toktrain("encode", model, peers.own_corpus(), "--json", "--offsets").stdout
    compared = 0
    for line, row in zip(lines, map(json.loads, output.splitlines())):
        theirs = tokenizer.encode(line, add_special_tokens=False)
        assert row["ids"] == theirs.ids
        bytes_before = [0]
        for character in line:
            bytes_before.append(bytes_before[-1] + len(character.encode()))
        end = 0
        for (lower, upper), (first, last) in zip(row["offsets"], theirs.offsets):
            assert bytes_before[first] <= lower < upper <= bytes_before[last]
            assert lower >= end
            end = upper
            compared += 1
    assert compared > 10_000 and len(lines) == len(output.splitlines())
