"""Speed of pre-tokenizers beside the tokenizers library, as one table in Markdown.

    python pretokenizers.py [CORPUS...]

One thread, documents of 128 KB from memory, CPU time; toktrain's best of five passes, the library's only
pass over the first 2 MB, its objects for Python included. Pieces of that part are counted by both.
"""

import json
import pathlib
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
DOCUMENT = 128 << 10


def ours(name, text, runs=5):
    run = peers.toktrain("pattern-speed", "--pre-tokenizer", json.dumps(steps.ALL[name]),
                         "--runs", runs, input=text)
    return json.loads(run.stdout)


def theirs(name, text):
    """Seconds and pieces."""
    step = steps.peer(steps.ALL[name])
    documents = []
    while text:
        # As toktrain cuts: at a border of characters.
        end = min(DOCUMENT, len(text))
        while end < len(text) and text[end] & 0xC0 == 0x80:
            end += 1
        documents.append(text[:end].decode())
        text = text[end:]
    start = time.process_time()
    pieces = sum(len(step.pre_tokenize_str(document)) for document in documents)
    return time.process_time() - start, pieces


def cells(name, text):
    numbers = ours(name, text)
    part = text[:PEER_BYTES]
    part = part[:part.rindex(b"\n") + 1]
    seconds, pieces = theirs(name, part)
    if ours(name, part, 1)["pieces"] != pieces:
        return f"{numbers['bytes'] * 1000 / numbers['cut']:.0f} | pieces differ!"
    return f"{numbers['bytes'] * 1000 / numbers['cut']:.0f} | {len(part) / seconds / 1e6:.1f}"


def table(corpora):
    """In Markdown, for (name, path) of corpora."""
    print("\n| pre-tokenizer | " + " | ".join(
        f"{name}, MB/s | Hugging Face" for name, _ in corpora) + " |")
    print("|---|" + "---:|---:|" * len(corpora))
    for name in ROWS:
        print(f"| {name} | " + " | ".join(cells(name, path.read_bytes()) for _, path in corpora)
              + " |", flush=True)


def main():
    corpora = [pathlib.Path(path) for path in sys.argv[1:]]
    if not corpora:
        corpora = [path for path in map(peers.corpus, peers.BIG) if path] or [peers.own_corpus()]
    table([(path.stem, path) for path in corpora])


if __name__ == "__main__":
    main()
