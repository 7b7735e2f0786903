"""Encoding and decoding with well-known models beside the fastest peers, as tables in Markdown.

    python encoding.py [--runs N] [--threads N] [--families LIST] [CORPUS...]

Documents of about 4 KB from memory to memory, loading apart. Cold: the first pass of a process, warm:
the fastest of the others. One thread by the processor's clock, which what else runs cannot touch; more
by the wall's. Peers that would take minutes have the first megabytes of a corpus, as the table says;
their ids are compared with ours for that part. A ratio stands only beside equal ids.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import peers  # noqa: E402

# Our model, and by peer what it loads in its place.
FAMILIES = {
    "GPT-2": ("gpt2.json", {"gigatoken": None, "tiktoken": None, "kitoken": None, "tokenizers": None}),
    "cl100k": ("cl100k_base.tiktoken", {"gigatoken": None, "tiktoken": None, "kitoken": None}),
    "Llama 2": ("llama2.model", {"gigatoken": None, "sentencepiece": None, "kitoken": None,
                                 "tokenizers": "llama2.json"}),
    "XLNet": ("xlnet_base_cased.model", {"sentencepiece": None, "kitoken": None,
                                         "tokenizers": "xlnet_base_cased.json"}),
    "BERT cased": ("bert_base_cased.json", {"kitoken": None, "tokenizers": None}),
}
NAMES = {"sentencepiece": "SentencePiece", "tokenizers": "Hugging Face"}
# Bytes of a corpus for those that make less than some 50 MB/s.
LIMITS = {"tiktoken": 4_000_000, "kitoken": 4_000_000, "sentencepiece": 4_000_000,
          "tokenizers": 2_000_000}
HARD = {"a": b"a", "^": b"^", "blanks": b" ", "combining marks": "\u0301".encode()}


class Failed(Exception):
    """A program that cannot do it, with its last words."""


def python():
    venv = peers.ROOT / ".venv/bin/python"
    return str(venv) if venv.exists() else sys.executable


def numbers_of(command):
    words = [word if isinstance(word, bytes) else str(word) for word in command]
    run = subprocess.run(words, capture_output=True, check=False)
    if run.returncode:
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines() or ["?"]
        raise Failed(lines[-1][:120].replace("|", "/"))
    return json.loads(run.stdout.splitlines()[-1])


def ours(model, documents, between, threads, ids=None, passes=5):
    output = ["-o", ids] if ids else []
    return numbers_of([
        peers.TOOL, "encoding-speed", model, documents, "--documents", b"separator:" + between,
        "--threads", threads, "--passes", passes, *output])


def theirs(peer, model, documents, between, threads, ids):
    passes = 4 if peer == "gigatoken" else 2
    return numbers_of([python(), HERE / "encoding_peer.py", peer, model, documents, between,
                       threads, passes, ids])


def middle(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def speed(numbers, of, threads):
    """MB/s by the processors' time of one thread, or by the clock of several."""
    return numbers["bytes"] * 1e3 / numbers[of + ("_wall" if threads > 1 else "")]


def write_documents(corpus, place, limit=None):
    """The corpus, or its beginning, as documents of about 4 KB, cut at line ends."""
    with open(corpus, "rb") as file:
        text = file.read(limit) if limit else file.read()
    if limit:
        text = text[:text.rindex(b"\n") + 1]
    between = next((mark for mark in (b"\x01", b"\x1e", b"\x1f", b"\x1d", b"\x1c") if mark not in text),
                   b"\x1e<between documents>\x1e")
    documents, size = [b""], 0
    for line in text.splitlines(keepends=True):
        if size > 4000:
            documents.append(b"")
            size = 0
        documents[-1] += line
        size += len(line)
    place.write_bytes(between.join(documents))
    return place, between


def rows_of(family, corpus, threads, runs, work):
    """(program, MB, cold, warm, decoding, whether ids are ours) of each; a string for a failure."""
    model, loads = FAMILIES[family]
    whole = write_documents(corpus, work / "whole")
    run = middle([ours(peers.MODELS / model, *whole, threads) for _ in range(runs)])
    yield "toktrain", run, True
    for peer, other in loads.items():
        limit = LIMITS.get(peer)
        part = write_documents(corpus, work / "part", limit) if limit else whole
        ids = [work / "ours.ids", work / "theirs.ids"]
        try:
            results = [theirs(peer, peers.MODELS / (other or model), *part, threads, ids[1])
                       for _ in range(runs if peer == "gigatoken" else 1)]
        except Failed as failure:
            yield peer, str(failure), False
            continue
        ours(peers.MODELS / model, *part, threads, ids[0], passes=2)
        yield peer, middle(results), ids[0].read_bytes() == ids[1].read_bytes()


def corpus_table(corpora, families, threads, runs):
    print(f"\n{threads} thread{'s' if threads > 1 else ''}; MB/s, and how many times as fast toktrain is\n")
    print("| model | text | program | MB | cold | × | warm | × | decoding | × |")
    print("|---|---|---|---:|---:|---:|---:|---:|---:|---:|")
    healthy = True
    for family in families:
        for name, corpus in corpora:
            with tempfile.TemporaryDirectory() as folder:
                first = None
                for program, run, equal in rows_of(family, corpus, threads, runs, pathlib.Path(folder)):
                    cells = f"| {family} | {name} | {NAMES.get(program, program)} |"
                    if isinstance(run, str):
                        print(f"{cells} failed: {run} | | | | | | |", flush=True)
                        continue
                    values = [speed(run, "cold", threads), speed(run, "warm", threads),
                              run["bytes"] * 1e3 / run["decode"]]
                    first = first or values
                    healthy &= equal or program in ("tokenizers", "kitoken")
                    ratios = [f"{mine / other:.1f}" if equal else "ids differ"
                              for mine, other in zip(first, values)]
                    print(f"{cells} {run['bytes'] / 1e6:.0f} | " + " | ".join(
                        f"{value:.0f} | {'' if program == 'toktrain' else ratio}"
                        for value, ratio in zip(values, ratios)) + " |", flush=True)
    return healthy


def hard_table(families):
    """Lines that are hard for others: twice the length in about twice the time."""
    print("\n| model | a line of | of 1 MB, ms | of 2 MB, ms | time(2n) / time(n) |")
    print("|---|---|---:|---:|---:|")
    healthy = True
    with tempfile.TemporaryDirectory() as folder:
        for family in families:
            for name, unit in HARD.items():
                times = []
                for size in (1_000_000, 2_000_000):
                    line = pathlib.Path(folder) / "line"
                    line.write_bytes(unit * (size // len(unit)))
                    run = [numbers_of([peers.TOOL, "encoding-speed", peers.MODELS / FAMILIES[family][0],
                                       line, "--documents", "file", "--passes", 1, "--decodings", 0])
                           for _ in range(3)]
                    times.append(min(numbers["cold"] for numbers in run))
                ratio = times[1] / times[0]
                healthy &= ratio < 2.6
                print(f"| {family} | {name} | {times[0] / 1e6:.1f} | {times[1] / 1e6:.1f} | {ratio:.2f} |",
                      flush=True)
    return healthy


def table(corpora, runs, threads=(1, 2), families=FAMILIES):
    """All tables, for (name, path) of corpora; whether all that must be equal is. Nothing where there
    are no models."""
    families = [family for family in families if (peers.MODELS / FAMILIES[family][0]).exists()]
    healthy = True
    for count in threads if families else ():
        healthy &= corpus_table(corpora, families, count, runs)
    return healthy and (not families or hard_table(families))


def main():
    parser = argparse.ArgumentParser(description="encoding and decoding beside the fastest peers")
    parser.add_argument("corpus", nargs="*", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, action="append")
    parser.add_argument("--families", default=",".join(FAMILIES))
    arguments = parser.parse_args()
    corpora = ([(path.name, path) for path in arguments.corpus]
               or [(name, peers.corpus(name)) for name in peers.BIG if peers.corpus(name)])
    healthy = table(corpora, arguments.runs, arguments.threads or (1, 2), arguments.families.split(","))
    sys.exit(0 if healthy else 1)


if __name__ == "__main__":
    main()
