"""One peer, once, as its own users call it: the process that bench.py measures.

    python peer.py train PEER CORPUS SIZE OUTPUT     trains and, if the peer can, writes OUTPUT
    python peer.py encode PEER MODEL CORPUS BETWEEN OUTPUT
        encodes the documents that stand between the text BETWEEN, writes their ids as 32-bit
        numbers, and says on stderr the MB/s of the best of three passes
"""

import array
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Interop"))

import peers  # noqa: E402


def train(peer, corpus, size, output):
    output.mkdir(parents=True, exist_ok=True)
    if peer == "tokenizers":
        from tokenizers import pre_tokenizers, trainers

        tokenizer = peers.hugging_face_tokenizer()
        tokenizer.train([corpus], trainers.BpeTrainer(
            vocab_size=size, min_frequency=2, show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
        tokenizer.save(str(output / "tokenizer.json"))
    elif peer == "wordpiece":
        tokens = peers.hugging_face_wordpiece(corpus, size)
        (output / "vocab.txt").write_bytes("".join(token + "\n" for token in tokens).encode())
    elif peer == "gigatoken":
        import gigatoken

        gigatoken.train_bpe(pathlib.Path(corpus), size, [])
    elif peer == "rustbpe":
        import rustbpe

        with open(corpus, encoding="utf-8", newline="") as text:
            rustbpe.Tokenizer().train_from_iterator(text, size, pattern=peers.GPT2)
    elif peer in ("sentencepiece", "sentencepiece-bpe", "sentencepiece-unigram"):
        import sentencepiece

        sentencepiece.SentencePieceTrainer.train(
            input=corpus, model_prefix=str(output / "spm"), vocab_size=size,
            model_type="unigram" if peer.endswith("unigram") else "bpe",
            num_threads=2, input_sentence_size=0, max_sentence_length=100_000_000, minloglevel=1)
    else:
        sys.exit(f"unknown peer {peer}")


def encoder(peer, model):
    """Documents to ids, a list of numbers for each, on one thread."""
    if peer == "tokenizers":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(model)
        return lambda batch: tokenizer.encode_batch_fast(batch, add_special_tokens=False)
    if peer == "gigatoken":
        import gigatoken

        return gigatoken.Tokenizer(model).encode_batch
    if peer == "tiktoken":
        import tiktoken

        alphabet = {character: byte for byte, character in peers.byte_alphabet().items()}
        tokens, _ = peers.read_bpe(model)
        ranks = {bytes(alphabet[character] for character in token): rank
                 for rank, token in enumerate(tokens)}
        encoding = tiktoken.Encoding(
            "ours", pat_str=peers.GPT2, mergeable_ranks=ranks, special_tokens={})
        return lambda batch: encoding.encode_ordinary_batch(batch, num_threads=1)
    sys.exit(f"unknown peer {peer}")


def encode(peer, model, corpus, between, output):
    batch = pathlib.Path(corpus).read_bytes().decode("utf-8").split(between)
    size = sum(len(document.encode()) for document in batch)
    run, best = encoder(peer, model), float("inf")
    for _ in range(3):
        start = time.perf_counter()
        result = run(batch)
        best = min(best, time.perf_counter() - start)
    ids = array.array("I")
    for document in result:
        ids.extend(document.ids if peer == "tokenizers" else document)
    pathlib.Path(output).write_bytes(ids.tobytes())
    print(f"{size / best / 1e6:.1f} MB/s", file=sys.stderr)


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(sys.argv[2], sys.argv[3], int(sys.argv[4]), pathlib.Path(sys.argv[5]))
    else:
        encode(*sys.argv[2:7])
