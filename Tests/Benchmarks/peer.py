"""One peer, once, as its own users call it: the process that bench.py measures.

    python peer.py train PEER CORPUS SIZE OUTPUT     trains and, if the peer can, writes OUTPUT
    python peer.py encode PEER MODEL CORPUS          prints MB/s of the best of three warm passes
"""

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
    elif peer == "gigatoken":
        import gigatoken

        gigatoken.train_bpe(pathlib.Path(corpus), size, [])
    elif peer == "rustbpe":
        import rustbpe

        with open(corpus, encoding="utf-8", newline="") as text:
            rustbpe.Tokenizer().train_from_iterator(text, size, pattern=peers.GPT2)
    elif peer == "sentencepiece":
        import sentencepiece

        sentencepiece.SentencePieceTrainer.train(
            input=corpus, model_prefix=str(output / "spm"), vocab_size=size, model_type="bpe",
            num_threads=2, input_sentence_size=0, max_sentence_length=100_000_000, minloglevel=1)
    else:
        sys.exit(f"unknown peer {peer}")


def documents(corpus):
    """Documents of about 4 KB, cut at line ends."""
    result, current, size = [], [], 0
    for line in pathlib.Path(corpus).read_bytes().decode("utf-8").splitlines(keepends=True):
        current.append(line)
        size += len(line)
        if size > 4000:
            result.append("".join(current))
            current, size = [], 0
    return result + ["".join(current)]


def encode(peer, model, corpus):
    if peer == "tokenizers":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(model)
        run = lambda batch: tokenizer.encode_batch_fast(batch, add_special_tokens=False)  # noqa: E731
    else:
        import gigatoken

        run = gigatoken.Tokenizer(model).encode_batch
    batch, best = documents(corpus), float("inf")
    size = pathlib.Path(corpus).stat().st_size
    for _ in range(3):
        start = time.perf_counter()
        run(batch)
        best = min(best, time.perf_counter() - start)
    print(f"{size / best / 1e6:.1f}")


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(sys.argv[2], sys.argv[3], int(sys.argv[4]), pathlib.Path(sys.argv[5]))
    else:
        encode(*sys.argv[2:5])
