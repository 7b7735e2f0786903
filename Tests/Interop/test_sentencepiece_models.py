"""SentencePiece models that others trained: loaded from the file, with SentencePiece's own ids."""

import pytest
import sentencepiece

import peers
import spm


def need(name):
    path = peers.MODELS / f"{name}.model"
    return peers.need(path), sentencepiece.SentencePieceProcessor(model_file=str(path))


@pytest.mark.parametrize("name", ["llama2", "xlnet_base_cased"])
def test_ids_and_texts_on_own_texts(name):
    path, processor = need(name)
    spm.compare_ids(path, processor, spm.own_lines())


@pytest.mark.parametrize("name", ["llama2", "xlnet_base_cased"])
def test_ids_and_texts_on_hard_inputs(name):
    path, processor = need(name)
    for text in sorted((peers.MODELS / "inputs").glob("*.txt")):
        lines = text.read_bytes().decode("utf-8").split("\n")
        spm.compare_ids(path, processor, [line for line in lines if "\r" not in line])


@pytest.mark.exact
@pytest.mark.parametrize("corpus", peers.BIG)
@pytest.mark.parametrize("name", ["llama2", "xlnet_base_cased"])
def test_ids_and_texts_on_whole_corpora(name, corpus):
    path, processor = need(name)
    lines = peers.corpus(corpus).read_bytes().decode("utf-8").split("\n")[:-1]
    spm.compare_ids(path, processor, lines)


def test_a_damaged_model_is_named(tmp_path):
    path = tmp_path / "damaged.model"
    for damage, message in ((b"\x0a\x7f\x0a\x01a", "announced"), (b"\x0a\x03\x0a\x01a", "UNKNOWN")):
        path.write_bytes(damage)
        run = peers.toktrain("encode", path, input=b"a\n", check=False)
        assert run.returncode == 3 and message in run.stderr.decode(), run.stderr.decode()
        assert "damaged.model" in run.stderr.decode()
