"""One peer that encodes and decodes, as its own users call it: the process that encoding.py measures.

    python encoding_peer.py PEER MODEL DOCUMENTS BETWEEN THREADS PASSES OUTPUT

Encodes the documents that stand between the text BETWEEN, a list of them at once, PASSES times, and
decodes what came out, a document a call. Writes the ids as 32-bit numbers to OUTPUT, and to stdout, as
JSON, the nanoseconds of loading, of the first and of the fastest other pass and of decoding, by the
clock and by the processors.
"""

import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Interop"))

import peers  # noqa: E402

# As tiktoken has it (tiktoken_ext/openai_public.py).
CL100K = (r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
          r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s")


def tokenizers(model, threads):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(model)
    return (lambda batch: tokenizer.encode_batch_fast(batch, add_special_tokens=False),
            lambda encoding: encoding.ids,
            lambda ids: tokenizer.decode(ids, skip_special_tokens=False))


def sentencepiece(model, threads):
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    return (lambda batch: processor.encode(batch, num_threads=threads), list, processor.decode)


def tiktoken(model, threads):
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe

    if model.endswith(".tiktoken"):
        pattern, ranks = CL100K, load_tiktoken_bpe(model)
    else:
        alphabet = {character: byte for byte, character in peers.byte_alphabet().items()}
        # GPT-2's ids are its ranks, and <|endoftext|> is spelled by no bytes.
        pattern, ranks = peers.GPT2, {
            bytes(alphabet[character] for character in token): rank
            for rank, token in enumerate(peers.read_bpe(model)[0])
            if all(character in alphabet for character in token) and token != "<|endoftext|>"}
    encoding = tiktoken.Encoding("x", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return (lambda batch: encoding.encode_ordinary_batch(batch, num_threads=threads), list,
            encoding.decode_bytes)


def kitoken(model, threads):
    import kitoken

    tokenizer = kitoken.Kitoken.from_file(model)
    # Without its own specials, which a text may not spell.
    return lambda batch: tokenizer.encode_all(batch, False), list, tokenizer.decode


def gigatoken(model, threads):
    import gigatoken

    load = {".model": gigatoken.Tokenizer.from_sentencepiece,
            ".tiktoken": gigatoken.Tokenizer.from_tiktoken}
    tokenizer = load.get(pathlib.Path(model).suffix, gigatoken.Tokenizer)(model)
    return (lambda batch: tokenizer.encode_batch(batch, parallel=threads > 1), list,
            tokenizer.decode)


def timed(run):
    """What it returns, and nanoseconds by the clock and by the processors."""
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    result = run()
    return result, time.perf_counter_ns() - wall, time.process_time_ns() - cpu


def main():
    peer, model, documents, between, threads, passes, output = sys.argv[1:8]
    os.environ["RAYON_NUM_THREADS"] = threads
    (encode, ids_of, decode), load, _ = timed(lambda: globals()[peer](model, int(threads)))
    text = pathlib.Path(documents).read_bytes()
    batch = [document.decode() for document in text.split(between.encode())]
    numbers = {"bytes": len(text) - (len(batch) - 1) * len(between.encode()), "load": load}
    if peer == "gigatoken":
        from gigatoken import BytesSource

        # Faster than a list of documents.
        batch = BytesSource(text, separator=between)
    result, numbers["cold_wall"], numbers["cold"] = timed(lambda: encode(batch))
    for _ in range(int(passes) - 1):
        result, wall, cpu = timed(lambda: encode(batch))
        numbers["warm_wall"] = min(wall, numbers.get("warm_wall", wall))
        numbers["warm"] = min(cpu, numbers.get("warm", cpu))
    ids = [ids_of(encoding) for encoding in result]
    for _ in range(2):
        _, _, cpu = timed(lambda: [decode(document) for document in ids])
        numbers["decode"] = min(cpu, numbers.get("decode", cpu))
    numbers["tokens"] = sum(map(len, ids))
    with open(output, "wb") as out:
        import array

        for document in ids:
            out.write(array.array("I", document).tobytes())
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
