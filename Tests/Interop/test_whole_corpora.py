"""Everything that the trainers write, in the library that it is for, on whole corpora.

A peer's ids are kept as fingerprints of a few thousand lines each, by the peer's version and the
contents of model and corpus; where one differs, its lines are encoded again.
"""

import hashlib
import json

import pytest

import peers

BLOCK = 4000
SLICE = 2_000_000
FAMILIES = {
    "bpe": ["bpe", "-v", 16_000],
    "bpe-gpt2": ["bpe", "-v", 16_000, "-n", "none", "-p", "gpt2", "-s", "<|endoftext|>"],
    "bpe-cl100k": ["bpe", "-v", 16_000, "-n", "none", "-p", "cl100k", "-s", "<|endoftext|>"],
    "pieces": ["bpe", "--style", "sentencepiece", "-v", 16_000],
    "pieces-bytes": ["bpe", "--style", "sentencepiece", "-v", 16_000, "--byte-fallback"],
    "wordpiece": ["wordpiece", "-v", 16_000],
    "wordpiece-cased": ["wordpiece", "-v", 16_000, "--cased"],
    "unigram": ["unigram", "-v", 16_000],
    "unigram-exact": ["unigram", "-v", 16_000, "--compat", "sentencepiece", "--byte-fallback"],
}
PIECES = ["pieces", "pieces-bytes", "unigram", "unigram-exact"]
corpora = pytest.mark.parametrize("corpus", peers.BIG)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A directory of each family, made when it is asked for, of a part of each corpus."""
    folder = tmp_path_factory.mktemp("whole")
    text = folder / "text.txt"

    def directory(name):
        if not text.exists():
            parts = [peers.need(peers.corpus_slice(corpus, SLICE)) for corpus in peers.BIG]
            text.write_bytes(b"".join(part.read_bytes() for part in parts))
        if not (folder / name).exists():
            peers.toktrain(*FAMILIES[name], text, "-o", folder / name, "--quiet")
        return folder / name

    return directory


def blocks(path):
    lines = path.read_bytes().decode().split("\n")
    if lines[-1] == "":
        lines.pop()
    return [lines[start:start + BLOCK] for start in range(0, len(lines), BLOCK)]


def digest(rows):
    text = "\n".join(" ".join(map(str, row)) for row in rows)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def compare(model, corpus, peer, file, encode, most=0):
    """`encode` gives the ids of lines by the peer, which read `file`; `most` lines may differ."""
    path = peers.need(peers.corpus(corpus))
    texts = blocks(path)
    expected = peers.cached(peer, ["ids of lines", BLOCK, peers.fingerprint(file)], path,
                            lambda: [digest(encode(lines)) for lines in texts])
    run = peers.toktrain("encode", model, path, "--quiet", "--threads", 2)
    rows = run.stdout.decode().split("\n")[:-1]
    assert len(expected) == len(texts) and len(rows) == sum(map(len, texts))
    different = []
    for number, lines in enumerate(texts):
        ours = [list(map(int, row.split())) for row in rows[number * BLOCK:][:BLOCK]]
        if digest(ours) == expected[number]:
            continue
        theirs = encode(lines)
        different += [(text, a, b) for text, a, b in zip(lines, ours, theirs) if a != b]
    assert len(different) <= most, f"{len(different)} lines, such as {different[0]!r}"


def hugging_face(file):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.encode_special_tokens = True
    return lambda lines: [row.ids for row in tokenizer.encode_batch_fast(
        lines, add_special_tokens=False)]


@pytest.mark.exact
@corpora
@pytest.mark.parametrize("name", FAMILIES)
def test_tokenizer_json_in_tokenizers(trained, name, corpus):
    file = trained(name) / "tokenizer.json"
    # SentencePiece's own file beside it says more, and is what the directory is loaded from.
    compare(file, corpus, "tokenizers", file, hugging_face(file))


@pytest.mark.exact
@corpora
@pytest.mark.parametrize("name", PIECES)
def test_tokenizer_model_in_sentencepiece(trained, name, corpus):
    import sentencepiece

    file = trained(name) / "tokenizer.model"
    processor = sentencepiece.SentencePieceProcessor(model_file=str(file))
    compare(trained(name), corpus, "sentencepiece", file,
            lambda lines: processor.encode(lines, num_threads=2))


@pytest.mark.exact
@corpora
@pytest.mark.parametrize("name", PIECES)
def test_both_files_of_pieces_are_nearly_one(trained, name, corpus):
    """What `convert` notes: sequences of marks that are rare, and ties, come out otherwise."""
    path = peers.need(peers.corpus(corpus))
    rows = [peers.toktrain("encode", model, path, "--quiet").stdout.split(b"\n")
            for model in (trained(name), trained(name) / "tokenizer.json")]
    different = sum(a != b for a, b in zip(*rows, strict=True))
    print(name, corpus, different, "of", len(rows[0]), "lines")
    assert different * 1000 <= len(rows[0])


@pytest.mark.exact
@corpora
@pytest.mark.parametrize("name", ["bpe-gpt2", "bpe-cl100k"])
def test_rank_files_in_tiktoken(trained, tmp_path, name, corpus):
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe

    peers.toktrain("convert", trained(name), "--to", "tiktoken", "-o", tmp_path / "m")
    file = tmp_path / "m/tokenizer.tiktoken"
    sidecar = json.loads((tmp_path / "m/tokenizer.tiktoken.json").read_text())
    encoding = tiktoken.Encoding(name, pat_str=sidecar["pattern"],
                                 mergeable_ranks=load_tiktoken_bpe(str(file)),
                                 special_tokens=sidecar["special_tokens"])
    compare(tmp_path / "m", corpus, "tiktoken", file,
            lambda lines: encoding.encode_ordinary_batch(lines, num_threads=2))


@pytest.mark.exact
@corpora
def test_the_pair_of_gpt2_in_tokenizers(trained, tmp_path, corpus):
    """`vocab.json` and `merges.txt`, read as GPT-2's on both sides."""
    from tokenizers.implementations import ByteLevelBPETokenizer

    peers.toktrain("convert", trained("bpe-gpt2"), "--to", "hf-legacy", "-o", tmp_path / "m")
    files = [str(tmp_path / "m" / name) for name in ("vocab.json", "merges.txt")]
    tokenizer = ByteLevelBPETokenizer.from_file(*files)
    compare(tmp_path / "m", corpus, "tokenizers", tmp_path / "m/vocab.json",
            lambda lines: [row.ids for row in tokenizer.encode_batch(
                lines, add_special_tokens=False)])
