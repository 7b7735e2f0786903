"""Speed of pre-tokenizers beside the tokenizers library, as one table in Markdown.

    python pretokenizers.py [CORPUS...]

One thread, documents of one line, from memory; toktrain's best of five passes, the library's only
pass over the first part of the text, its objects for Python included.
"""

import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import peers  # noqa: E402
import test_pretokenizers as steps  # noqa: E402

ROWS = ["bert", "whitespace", "whitespace-split", "punctuation-Isolated", "digits", "delimiter",
        "scripts", "fixed", "byte-level-False-True", "metaspace-always-True", "starcoder", "llama3",
        "deepseek", "t5", "reference"]
PEER_BYTES = 2_000_000


def ours(name, path):
    with open(path, "rb") as text:
        run = subprocess.run(
            [peers.TOOL, "pieces", "--pre-tokenizer", json.dumps(steps.ALL[name]), "--measure",
             "--documents", "line"], stdin=text, capture_output=True, check=True)
    return run.stdout.decode().strip()


def theirs(name, path):
    step = steps.peer(steps.ALL[name])
    lines, size = [], 0
    with open(path, encoding="utf-8", newline="") as text:
        for line in text:
            lines.append(line)
            size += len(line.encode())
            if size > PEER_BYTES:
                break
    start = time.perf_counter()
    for line in lines:
        step.pre_tokenize_str(line)
    return f"{size / (time.perf_counter() - start) / 1e6:.1f}"


def main():
    corpora = [pathlib.Path(path) for path in sys.argv[1:]]
    if not corpora:
        corpora = [path for path in map(peers.corpus, peers.BIG) if path] or [peers.own_corpus()]
    print("| pre-tokenizer | " + " | ".join(f"{c.stem}, MB/s | tokenizers" for c in corpora) + " |")
    print("|---|" + "---:|---:|" * len(corpora))
    for name in ROWS:
        cells = (f"{ours(name, corpus)} | {theirs(name, corpus)}" for corpus in corpora)
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
