"""What `toktrain inspect` says of published models, held against what Hugging Face's library makes of
real text: no token that it calls unreachable may come out."""

import pytest

import peers
from test_encoding import SLICE

tokenizers = pytest.importorskip("tokenizers")
sentencepiece = pytest.importorskip("sentencepiece")

NAMES = ["gpt2.json", "bert_base_cased.json", "cl100k_base.tiktoken", "llama2.json", "llama2.model",
         "xlnet_base_cased.json", "xlnet_base_cased.model"]


def facts(model, *options):
    """The lines of facts as name, value and ids listed below."""
    text = peers.toktrain("inspect", model, *options).stdout.decode()
    found, name = {}, None
    for line in text.split("\n\n")[0].splitlines()[1:]:
        if line[2:18].strip():
            name = line[2:18].strip()
            found[name] = (line[18:], [])
        elif name and not line[18:].startswith("and "):
            found[name][1].append(int(line[18:].split(" ")[0]))
    return found


def test_published_models():
    gpt2 = facts(peers.need(peers.MODELS / "gpt2.json"))
    assert gpt2["lossless"][0].startswith("yes") and gpt2["bytes"][0] == "all 256"
    assert gpt2["unreachable"][0] == "none" and "in doubt" not in gpt2
    assert facts(peers.MODELS / "cl100k_base.tiktoken")["lossless"][0].startswith("yes")
    bert = facts(peers.MODELS / "bert_base_cased.json")
    assert bert["lossless"][0].startswith("no: normalization")
    assert bert["unreachable"][1][:3] == [1, 2, 3], "[unused1] and so on"
    llama = facts(peers.MODELS / "llama2.model", "--unreachable")
    assert llama["bytes"][0] == "all 256" and llama["lossless"][0].startswith("no: ")
    assert 3 + ord("A") in llama["unreachable"][1] and 3 + 0xFF in llama["unreachable"][1]


def peer_ids(path, lines):
    """The ids that a model's own library makes of lines."""
    if path.suffix == ".model":
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        return {id for ids in processor.encode(lines) for id in ids}
    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    tokenizer.encode_special_tokens = True
    return {id for encoding in tokenizer.encode_batch(lines, add_special_tokens=False)
            for id in encoding.ids}


@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("name", NAMES)
def test_no_unreachable_token_comes_out_of_text(name, corpus):
    path = peers.need(peers.MODELS / name)
    text = peers.need(peers.corpus_slice(corpus, SLICE)).read_bytes()
    found = facts(path, "--unreachable")
    unreachable = set(found["unreachable"][1])
    ids = peers.toktrain("encode", path, input=text).stdout.split()
    assert unreachable.isdisjoint(map(int, ids))
    if path.suffix != ".tiktoken":
        lines = text[:400_000].decode("utf-8", "ignore").split("\n")
        assert unreachable.isdisjoint(peer_ids(path, lines))


@pytest.mark.parametrize("name", ["gpt2.json", "cl100k_base.tiktoken"])
def test_lossless_models_give_every_byte_back(name):
    path = peers.need(peers.MODELS / name)
    text = bytes(range(256)) * 3 + b"\xe2\x82 \xff\xfe\r\n\t  x" + " \u00a0\u2028é".encode()
    ids = peers.toktrain("encode", path, "--documents", "file", input=text).stdout
    assert peers.toktrain("decode", path, "--raw", input=ids).stdout == text
