"""What the criteria of `toktrain wordpiece --score` are worth on a text, as a table in Markdown.

    python wordpiece_quality.py [--sizes 8000,16000,32000] [--uncased] [CORPUS]

The last twentieth of the bytes, from a line end on, is kept apart; the rest is learned from. Of both it
says into how many tokens a word is cut on the average, by longest match as encoders do, and of the
vocabulary how much never comes up in the text that it was learned from. Without CORPUS: the big English
one if it is there, else the project's own texts.
"""

import argparse
import array
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import peers  # noqa: E402

CRITERIA = {
    "frequency": ["--score", "frequency"],
    "likelihood, at least 1": ["--score", "likelihood", "--min-pair-count", 1],
    "likelihood, at least 10": ["--score", "likelihood", "--min-pair-count", 10],
    "likelihood, auto": ["--score", "likelihood"],
    "gain": ["--score", "gain"],
    "top-down": ["--score", "top-down"],
    "top-down, as TensorFlow Text": ["--score", "top-down", "--compat", "tensorflow-text"],
}
# Bytes kept apart: one in so many.
HELD_OUT = 20


def parts(corpus, folder):
    """The text to learn from and the one kept apart."""
    text = corpus.read_bytes()
    cut = text.find(b"\n", len(text) - len(text) // HELD_OUT) + 1 or len(text)
    places = folder / "learned", folder / "held-out"
    for place, part in zip(places, (text[:cut], text[cut:])):
        place.write_bytes(part)
    return places


def cut(model, text, folder, continuing):
    """Tokens and words of a text, and the ids that come up."""
    binary = folder / "ids"
    peers.toktrain("encode", model, text, "-b", "u32", "-o", binary, "--quiet", "--force")
    ids = array.array("I", binary.read_bytes())
    return len(ids), sum(not continuing[i] for i in ids), set(ids)


def row(name, options, size, texts, folder, case):
    """Cells of one criterion at one size."""
    model = folder / "model"
    run = peers.toktrain("wordpiece", texts[0], "-v", size, "-o", model, "--force", *options, *case)
    minimum = re.search(r"minimum pair count: ([\d,]+)", run.stderr.decode())
    tokens = peers.read_lines(model / "vocab.txt")
    continuing = [token.startswith("##") for token in tokens]
    counts = [cut(model, text, folder, continuing) for text in texts]
    held_out, learned = (f"{found / words:.3f}" for found, words, _ in reversed(counts))
    unused = len(tokens) - len(peers.BERT_TOKENS) - len(counts[0][2] - set(range(5)))
    if minimum:
        name += f" ({minimum[1]})" if "auto" in name else ""
    return [name, f"{len(tokens):,}", held_out, learned, f"{unused / len(tokens):.1%}"]


def main():
    parser = argparse.ArgumentParser(description="what the criteria of WordPiece are worth")
    parser.add_argument("corpus", nargs="?", type=pathlib.Path)
    parser.add_argument("--sizes", default="32000")
    parser.add_argument("--uncased", action="store_true")
    arguments = parser.parse_args()
    corpus = arguments.corpus or peers.corpus("english") or peers.own_corpus()
    if not corpus.is_file():
        sys.exit(f"{corpus}: no such file")
    print("| criterion | tokens | tokens a word, kept apart | learned from | never used |")
    print("|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        texts = parts(corpus, folder)
        for size in arguments.sizes.split(","):
            for name, options in CRITERIA.items():
                case = [] if arguments.uncased else ["--cased"]
                cells = row(name, options, int(size), texts, folder, case)
                print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
