"""The peers and the binary under test, each called as its own users call it, and where things lie."""

import collections
import hashlib
import importlib.metadata
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("RAYON_NUM_THREADS", "2")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("TOKTRAIN", ROOT / ".build/release/toktrain")).resolve()
CACHE = ROOT / ".cache"
SHARED = pathlib.Path(os.environ.get("TOKTRAIN_CORPORA", ROOT.parent / "shared/corpora"))
BIG = ("english", "multilingual", "code")
MODELS = pathlib.Path(os.environ.get("TOKTRAIN_MODELS", ROOT.parent / "shared/models"))

GPT2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
# cl100k as Hugging Face's engine reads it like tiktoken: no possessive interval, \z for the end.
CL100K = (r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}"
          r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++\z|\s*[\r\n]|\s+(?!\S)|\s")


def corpus(name):
    """A big corpus, unpacked once into the cache; None if this machine has none."""
    packed = SHARED / f"{name}.txt.zst"
    plain = CACHE / "corpora" / f"{name}.txt"
    if plain.exists():
        return plain
    if not packed.exists():
        return None
    plain.parent.mkdir(parents=True, exist_ok=True)
    part = plain.with_name(f"{plain.name}.{os.getpid()}")
    subprocess.run(["zstd", "-q", "-d", "-f", str(packed), "-o", str(part)], check=True)
    part.replace(plain)
    return plain


def corpus_slice(name, size):
    """The first `size` bytes of a corpus, cut at a line end."""
    whole = corpus(name)
    if whole is None:
        return None
    part = CACHE / "corpora" / f"{name}-{size}.txt"
    if not part.exists():
        with open(whole, "rb") as file:
            text = file.read(size)
        # Nobody who reads it meanwhile shall find a part.
        whole = part.with_name(f"{part.name}.{os.getpid()}")
        whole.write_bytes(text[: text.rindex(b"\n") + 1])
        whole.replace(part)
    return part


def spawned(command, **options):
    """Wall seconds, CPU seconds and peak MB of a process, which must succeed."""
    spawn = ROOT / "Tests/Benchmarks/spawn.py"
    with tempfile.NamedTemporaryFile("r") as result:
        run = subprocess.run([sys.executable, "-S", spawn, result.name, *map(str, command)],
                             capture_output=True, **options)
        wall, cpu, peak, status = map(float, result.read().split())
    if status:
        raise AssertionError(f"{' '.join(map(str, command))}: {status:.0f}\n{run.stderr.decode()}")
    return wall, cpu, peak / 1024


def need(path):
    """A big corpus or a model, without which a test has nothing to do."""
    if path is None or not pathlib.Path(path).exists():
        import pytest

        pytest.skip("no big corpora or models; set TOKTRAIN_CORPORA and TOKTRAIN_MODELS")
    return path


def own_corpus():
    """The project's own texts as one file."""
    texts = sorted((ROOT / "Corpora").glob("*.txt"))
    whole = CACHE / "corpora" / "own.txt"
    content = b"".join(text.read_bytes() for text in texts)
    if not whole.exists() or whole.read_bytes() != content:
        whole.parent.mkdir(parents=True, exist_ok=True)
        # Nobody who reads it meanwhile shall find a part.
        part = whole.with_name(f"{whole.name}.{os.getpid()}")
        part.write_bytes(content)
        part.replace(whole)
    return whole


def toktrain(*arguments, check=True, **options):
    run = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, **options)
    if check and run.returncode:
        raise AssertionError(f"toktrain {arguments}: {run.returncode}\n{run.stderr.decode()}")
    return run


def byte_alphabet():
    """GPT-2's printable character for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(256 + i) for i, b in enumerate(others)}}


def read_bpe(model):
    """Tokens in the order of their ids, and merges as pairs, of a tokenizer.json."""
    data = json.loads(pathlib.Path(model).read_text(encoding="utf-8"))["model"]
    tokens = sorted(data["vocab"], key=data["vocab"].get)
    assert [data["vocab"][token] for token in tokens] == list(range(len(tokens)))
    merges = [tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in data["merges"]]
    return tokens, merges


def hugging_face_tokenizer(pattern="gpt2", nfc=False):
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.BPE())
    if nfc:
        tokenizer.normalizer = normalizers.NFC()
    if pattern == "gpt2":
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        steps = [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
        if pattern != "none":
            steps.insert(0, pre_tokenizers.Split(Regex(pattern), "isolated"))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def hugging_face(path, size, frequency=0, pattern="gpt2", nfc=False, lines=None, **options):
    """Tokens and merges of Hugging Face's trainer; of `lines` if given, else of the file."""
    from tokenizers import pre_tokenizers, trainers

    tokenizer = hugging_face_tokenizer(pattern, nfc)
    options.setdefault("initial_alphabet", pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=frequency, show_progress=False, **options)
    if lines is None:
        tokenizer.train([str(path)], trainer)
    else:
        tokenizer.train_from_iterator(lines, trainer)
    data = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(data["vocab"], key=data["vocab"].get)
    return tokens, [tuple(merge) for merge in data["merges"]]


BERT_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def hugging_face_wordpiece(path, size, frequency=2, cased=False, prefix="##", special=(), **options):
    """Tokens of Hugging Face's WordPiece trainer in the order of their ids, which is another in
    every run."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=not cased)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=frequency, continuing_subword_prefix=prefix,
        special_tokens=[*BERT_TOKENS, *special], show_progress=False, **options)
    tokenizer.train([str(path)], trainer)
    vocabulary = tokenizer.get_vocab(with_added_tokens=False)
    return sorted(vocabulary, key=vocabulary.get)


def bert_words(path, longest=None):
    """Words of a text as BERT cuts them, and how often each occurs."""
    from tokenizers import normalizers, pre_tokenizers

    words = collections.Counter()
    normalizer, cutter = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    with open(path, encoding="utf-8", newline="") as text:
        for line in text:
            line = normalizer.normalize_str(line)
            words.update(word for word, _ in cutter.pre_tokenize_str(line)
                         if longest is None or len(word) <= longest)
    return words


def read_lines(path):
    """Tokens of a vocab.txt."""
    text = pathlib.Path(path).read_bytes().decode("utf-8")
    assert text.endswith("\n")
    return text[:-1].split("\n")


def rustbpe(path, size):
    """Byte strings by id: 256 bytes, then one for each merge."""
    import rustbpe as peer

    tokenizer = peer.Tokenizer()
    with open(path, encoding="utf-8", newline="") as text:
        tokenizer.train_from_iterator(text, size, pattern=GPT2)
    return [bytes(token) for token, _ in sorted(tokenizer.get_mergeable_ranks(),
                                                key=lambda entry: entry[1])]


def fingerprint(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:24]


def cached(peer, options, path, make):
    """What `make()` gives, kept by the peer's version, the options and the corpus's content."""
    key = json.dumps([peer, importlib.metadata.version(peer), options, fingerprint(path)])
    place = CACHE / "peers" / (hashlib.blake2b(key.encode()).hexdigest()[:24] + ".json")
    if place.exists():
        return json.loads(place.read_text(encoding="utf-8"))["result"]
    result = make()
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.{os.getpid()}")
    part.write_text(json.dumps({"key": key, "result": result}), encoding="utf-8")
    part.replace(place)
    return json.loads(place.read_text(encoding="utf-8"))["result"]
