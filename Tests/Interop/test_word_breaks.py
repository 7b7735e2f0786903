"""`--word-breaks` bounds what is learned, and nothing else."""

import json

import peers
import pytest

TEXT = "我们在北京大学学习中文语言处理技术。 ประเทศไทยมีภาษาไทยเป็นภาษาราชการ ຂ້ອຍຮຽນພາສາລາວ ខ្ញុំរៀនភាសាខ្មែរ မြန်မာစကား 日本語の文章を分割する。hello world\n"


def train(folder, text, *options):
    (folder / "text").write_text(text, encoding="utf-8")
    peers.toktrain("bpe", folder / "text", "--vocab-size", 600, "--force", "-o", folder / "model",
                   "--min-frequency", 1, "--quiet", *options)
    tokens, _ = peers.read_bpe(folder / "model/tokenizer.json")
    alphabet = {spelling: byte for byte, spelling in peers.byte_alphabet().items()}
    texts = set()
    for token in tokens:
        try:
            texts.add(bytes(alphabet[c] for c in token).decode())
        except (UnicodeDecodeError, KeyError):
            pass
    return texts, (folder / "model")


def test_no_token_spans_two_words(tmp_path):
    free, _ = train(tmp_path, TEXT * 4)
    bound, _ = train(tmp_path, TEXT * 4, "--word-breaks")
    assert "我们在北京大学学习中文语言处理技术" in free and "ีภาษาไทย" in free
    assert {"北京", "大学", "文章", "ราชการ", "ພາສາ", " ประเทศไทย", " world"} <= bound
    for pair in ("们在", "在北", "京大", "学学", "言处", "ษาไ"):
        assert any(pair in token for token in free), pair
        assert not any(pair in token for token in bound), pair


def test_the_pipeline_is_the_same_as_without(tmp_path):
    def pipeline(*options):
        _, model = train(tmp_path, TEXT, *options)
        data = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))
        training = json.loads((model / "training.json").read_text(encoding="utf-8"))
        return data["pre_tokenizer"], training["options"]["word_breaks"]

    without, bound = pipeline(), pipeline("--word-breaks")
    assert without[0] == bound[0] and (without[1], bound[1]) == (False, True)


@pytest.mark.parametrize("documents", ["file", "line"])
def test_text_with_spaces_is_learned_as_without(tmp_path, documents):
    text = peers.own_corpus().read_text(encoding="utf-8")
    text = "".join(c for c in text if ord(c) < 0xE00)
    models = []
    for options in ([], ["--word-breaks"]):
        _, model = train(tmp_path, text, "--documents", documents, *options)
        models.append((model / "tokenizer.json").read_bytes())
    assert models[0] == models[1]


def test_threads_and_blocks_change_nothing(tmp_path):
    text = TEXT * 3000
    models = []
    for threads in (1, 3):
        _, model = train(tmp_path, text, "--word-breaks", "--threads", threads, "--documents", "line")
        models.append((model / "tokenizer.json").read_bytes())
    assert models[0] == models[1]
