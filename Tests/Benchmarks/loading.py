"""Time and memory of loading a model, beside the libraries that the files are from, as a table in Markdown.

    python loading.py [--runs N]

toktrain: a whole process that encodes nothing, less one that only says its version; peak memory in the
same way. Peers: the call that loads, in a fresh Python that has imported the library already. All run in
turn; medians are quoted. Two large files of random tokens show that time grows with size alone.
"""

import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import peers  # noqa: E402

FILES = {
    "GPT-2": {"gpt2.json": "tokenizers"},
    "BERT cased": {"bert_base_cased.json": "tokenizers"},
    "Llama 2": {"llama2.model": "sentencepiece", "llama2.json": "tokenizers"},
    "XLNet": {"xlnet_base_cased.model": "sentencepiece", "xlnet_base_cased.json": "tokenizers"},
    "cl100k": {"cl100k_base.tiktoken": "tiktoken"},
}
NAMES = {"sentencepiece": "SentencePiece", "tokenizers": "Hugging Face"}


def spawned(command):
    """Wall milliseconds and peak KB of a process."""
    with tempfile.NamedTemporaryFile("r") as result:
        subprocess.run([sys.executable, "-S", HERE / "spawn.py", result.name, *map(str, command)],
                       stdout=subprocess.DEVNULL, check=True)
        wall, _, peak, status = map(float, result.read().split())
    if status:
        sys.exit(f"{' '.join(map(str, command))}: status {status:.0f}")
    return wall * 1e3, peak


def load(peer, path):
    """Milliseconds of one loading, printed: what the process of a peer does."""
    if peer == "tokenizers":
        from tokenizers import Tokenizer

        def call():
            Tokenizer.from_file(path)
    elif peer == "sentencepiece":
        import sentencepiece

        def call():
            sentencepiece.SentencePieceProcessor(model_file=path)
    else:
        import tiktoken
        import tiktoken.load

        def call():
            ranks = tiktoken.load.load_tiktoken_bpe(path)
            tiktoken.Encoding("it", pat_str=peers.GPT2, mergeable_ranks=ranks, special_tokens={})
    start = time.perf_counter()
    call()
    print((time.perf_counter() - start) * 1e3)


def loaded_by(peer, path):
    run = subprocess.run([sys.executable, __file__, "--peer", peer, path], capture_output=True,
                         text=True, check=True, env={"TIKTOKEN_CACHE_DIR": ""})
    return float(run.stdout)


def large_files(work):
    """A tokenizer.json of 50 MB with merges of random tokens, and one with random pieces."""
    numbers = random.Random(15)
    tokens = sorted(peers.byte_alphabet().values())
    known, merges = set(tokens), []
    while len(merges) < 480_000:
        pair = numbers.choice(tokens), numbers.choice(tokens)
        if len("".join(pair)) <= 16 and "".join(pair) not in known:
            tokens.append("".join(pair))
            known.add(tokens[-1])
            merges.append(pair)
    step = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    rest = {"version": "1.0", "added_tokens": [], "normalizer": None, "post_processor": None}
    models = {
        "480,000 merges": {**rest, "pre_tokenizer": step, "decoder": step, "model": {
            "type": "BPE", "vocab": {token: id for id, token in enumerate(tokens)},
            "merges": merges}},
        "1,000,000 pieces": {**rest, "pre_tokenizer": None, "decoder": None, "model": {
            "type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0]] + [
                [f"{numbers.getrandbits(44):x}{number:x}", -20 * numbers.random()]
                for number in range(1_000_000)]}},
    }
    for name, model in models.items():
        path = work / (name.replace(",", "").replace(" ", "-") + ".json")
        path.write_text(json.dumps(model, ensure_ascii=False, indent=1), encoding="utf-8")
        yield name, path, "tokenizers"


def table(runs, work):
    """Whether ids are equal is compared elsewhere."""
    print("\n| model | file | toktrain ms | memory ÷ size | by | ms | its time ÷ ours |")
    print("|---|---|---:|---:|---|---:|---:|")
    files = [(family, peers.MODELS / name, peer) for family, own in FILES.items()
             for name, peer in own.items() if (peers.MODELS / name).exists()]
    for family, path, peer in [*files, *large_files(work)]:
        empty, ours, theirs = [], [], []
        for _ in range(runs):
            empty.append(spawned([peers.TOOL, "--version"]))
            ours.append(spawned([peers.TOOL, "encode", path, "/dev/null"]))
            theirs.append(loaded_by(peer, path))
        wall, peak = (statistics.median(column) - statistics.median(none)
                      for column, none in zip(zip(*ours), zip(*empty)))
        size, their = path.stat().st_size, statistics.median(theirs)
        print(f"| {family} | {path.name}, {size / 1e6:.1f} MB | {wall:.1f} | {peak * 1024 / size:.1f} "
              f"| {NAMES.get(peer, peer)} | {their:.0f} | {their / wall:.1f}× |", flush=True)


def main():
    parser = argparse.ArgumentParser(description="loading models beside the fastest peers")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--peer", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        return load(*arguments.peer)
    with tempfile.TemporaryDirectory() as work:
        table(arguments.runs, pathlib.Path(work))
    return None


if __name__ == "__main__":
    main()
