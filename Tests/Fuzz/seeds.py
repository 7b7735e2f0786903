"""Writes what fuzzing starts from: python seeds.py DIRECTORY makes one directory for each target."""

import base64
import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import test_normalizers  # noqa: E402
import test_pretokenizers  # noqa: E402
import test_tokenizer_json  # noqa: E402

TEXT = "The 2nd café, it's 1,234;\r\n  日本語 ประเทศ e\u0301 👩\u200d🚀 ﬁ\n".encode()
PATTERNS = [
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|\s*[\r\n]|\s+(?!\S)|\s",
    r"(?<=\d)(?=(?:\d{3})+\b)|[[:alpha:]&&[^aeiou]]+|\x{41}|(a|b)\1|(?>x+)y|^.*?$", r"a*", r"\bé\B"]
RULES = b"41\t61\nFB01\t66 69\n# one to none\nAD\n65 301\tE9\n"
MODEL = {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "\u0120": 3}, "merges": [["a", "b"]]}
TOKENIZER = {"version": "1.0", "truncation": None, "padding": None, "normalizer": {"type": "NFC"},
             "added_tokens": [{"id": 4, "content": "<s>", "single_word": False, "lstrip": False,
                               "rstrip": False, "normalized": False, "special": True}],
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False,
                               "trim_offsets": True, "use_regex": True},
             "post_processor": None, "decoder": {"type": "ByteLevel", "add_prefix_space": True,
                                                 "trim_offsets": True, "use_regex": True},
             "model": MODEL}


def sentencepiece_model(kind):
    """A model of a few pieces: fields of protocol buffers, one after the other."""
    def field(number, content):
        return bytes([number << 3 | 2, len(content)]) + content

    def piece(text, score, kind):
        return field(1, field(1, text.encode()) + b"\x15" + struct.pack("<f", score)
                     + bytes([3 << 3, kind]))

    pieces = [("<unk>", 0, 2), ("<s>", 0, 3), ("\u2581", -1, 1), ("a", -2, 1), ("b", -3, 1),
              ("ab", -1.5, 1), ("<sep>", 0, 4), ("<0x41>", 0, 6)]
    return (b"".join(piece(*row) for row in pieces) + field(2, bytes([3 << 3, kind]))
            + field(3, bytes([3 << 3, 1])))


def count_files():
    """Files of counts of some text, where the tool is built."""
    tool = HERE.parents[1] / ".build/release/toktrain"
    if not tool.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        text, counts = pathlib.Path(folder, "t.txt"), pathlib.Path(folder, "c")
        text.write_bytes(TEXT * 3)
        for choice, trainer in enumerate(("bpe", "unigram")):
            subprocess.run([tool, "count", "--for", trainer, text, "-o", counts, "-f", "-q"],
                           check=True, stdout=subprocess.DEVNULL)
            yield bytes([choice]) + counts.read_bytes()


def tokenizers():
    """A file for each model, and one for each decoder and post-processor."""
    from tokenizers import Tokenizer, models

    words = {"<unk>": 0, "a": 1, "b": 2, "##b": 3, "ab": 4, "<0x61>": 5}
    merges = [("a", "b")]
    for model in (models.WordLevel(words, "<unk>"), models.WordPiece(words, unk_token="<unk>"),
                  models.BPE(words, merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True),
                  models.BPE(words, [], continuing_subword_prefix="##", end_of_word_suffix="b"),
                  models.Unigram([(text, -1.0) for text in words], 0, True)):
        yield Tokenizer(model).to_str().encode()
    for decoder in filter(None, test_tokenizer_json.DECODERS.values()):
        tokenizer = Tokenizer(models.WordLevel(words, "<unk>"))
        tokenizer.decoder = decoder
        yield tokenizer.to_str().encode()
    for processor in filter(None, test_tokenizer_json.POST.values()):
        tokenizer = Tokenizer(models.WordLevel(words, "<unk>"))
        tokenizer.post_processor = processor
        tokenizer.add_special_tokens(["<s>"])
        yield tokenizer.to_str().encode()


def tensor_files():
    """Tensors of several types as safetensors writes them, and an array as numpy does."""
    import io

    import numpy
    import safetensors.numpy

    table = numpy.arange(12, dtype="f4").reshape(4, 3)
    yield safetensors.numpy.save({"a": table, "b": table.astype("f2"), "c": table.astype("i8")})
    yield safetensors.numpy.save({"wte.weight": table}, {"format": "pt"})
    header = b'{"x":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}}'
    yield struct.pack("<Q", len(header)) + header + bytes(range(8))
    for version in ((1, 0), (2, 0), (3, 0)):
        output = io.BytesIO()
        numpy.lib.format.write_array(output, table.astype("f2"), version)
        yield output.getvalue()


def seeds():
    steps = [*test_normalizers.SIMPLE, *test_normalizers.BERTS, *test_normalizers.OTHERS]
    yield "normalizer", [json.dumps(step).encode() + b"\xff" + TEXT for step in steps]
    cuts = test_pretokenizers.ALL.values()
    yield "pre-tokenizer", [json.dumps(step).encode() + b"\xff" + TEXT for step in cuts]
    yield "pattern", [bytes([choice]) + pattern.encode() + b"\xff" + TEXT
                      for pattern in PATTERNS for choice in range(4)]
    pair = json.dumps({"a": 0, "b": 1, "ab": 2, "\u0120": 3}).encode() + b"\0#version: 0.2\na b\n"
    yield "older-files", [
        pair, pair + b'\0{"add_prefix_space": true, "eos_token": "b", "added_tokens_decoder": '
        b'{"1": {"content": "b", "special": true}}}', b"[PAD]\n[UNK]\na\n##b\nab\n",
        pair + b'\0\0{"eos_token": {"content": "<s>", "lstrip": true}, "additional_special_tokens": '
        b'["b", "x"]}\0{"<s>": 4, "ab ": 5}',
        b'[UNK]\r\nA\r\n##b\0\0{"do_lower_case": false, "unk_token": {"content": "A"}}']
    yield "ranks", [b"dGg= 256\ndGhl 257\naGU= 258\nbWU= 300\n", b"dGhlbWU= 259\r\n\r\nZW0= 256",
                    b"YWE= 257\nYWFh 256\n" + base64.b64encode(b"ab" * 80) + b" 400\n"]
    yield "rank-sidecar", [b'{"format": "toktrain/ranks/1", "pattern": "\\\\S+|\\\\s+", '
                           b'"special_tokens": {"<s>": 256, "</s>": 300}}']
    yield "tekken", [b'"config": {"pattern": "\\\\S+|\\\\s+", "default_vocab_size": 276, '
                     b'"default_num_special_tokens": 20, "version": "v3"}, "special_tokens": '
                     b'[{"rank": 0, "token_str": "<s>", "is_control": true}]}']
    yield "rules", [RULES]
    yield "sentencepiece", [sentencepiece_model(kind) for kind in (1, 2)]
    yield "tokenizer", [json.dumps(TOKENIZER).encode(), *tokenizers()]
    yield "training-record", [
        b'{\n  "format": "toktrain/training/1",\n  "unicode": {"patterns": "16.0", '
        b'"normalization": "15.0", "icu": "72.1"},\n  "options": {"unicode": "current"}\n}\n']
    records = b'{"text": {"a": "caf\\u00e9 <s>"}}\n{"text": {"a": "b"}, "x": [1, null]}\n'
    yield "counts", [bytes([2]) + b"the\t5\n the\t7\n\\xC3\\t\t1\n",
                     bytes([3]) + "\u2581the\t5\t2\n\u2581a\t1\t1\n".encode(), *count_files()]
    yield "corpus", [bytes([choice]) + body for choice in (0, 1, 6, 9)
                     for body in (TEXT * 4, gzip.compress(TEXT * 4, mtime=0), records)
                     ] + [bytes([16]) + records]
    for target in ("safetensors", "npy"):
        yield target, tensor_files()
    yield "word-vectors", [b"2 2\na 1 -2.5 \nb 1e-3 4 \n", b"1 1\nab \0\0\x80\x3f\n"]
    yield "layer-record", [
        b'{"format": "toktrain/layer/1", "vocabulary_size": 3, "padded_size": 4, "dimension": 2, '
        b'"tokens": {"tensor": "a", "scale": 1.5}, "positions": {"encoding": "learned", "tensor": "b", '
        b'"length": 9}, "segments": {"tensor": null, "count": 0}}']
    yield "comparison", [bytes([width]) + bytes([3, 1, 19, 2, 5, 16, 9]) * 4 + b"\0" + text
                         for width in (30, 158) for text in (TEXT, b"\x1b[2J<b>&'\"\xe6\x9d" + TEXT)]
    # A length of 4 bytes, the trie's array, then results that end in 0.
    yield "charsmap", [bytes([8, 0, 0, 0]) + bytes(8) + b"fi\0"]


def main():
    for target, inputs in seeds():
        folder = pathlib.Path(sys.argv[1]) / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(inputs):
            (folder / f"seed-{number:03}").write_bytes(data)


if __name__ == "__main__":
    main()
