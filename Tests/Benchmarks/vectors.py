"""Vectors of tokens beside the libraries that make and search them, as tables in Markdown.

    python vectors.py [--runs N] [CORPUS...]

Learning: a whole process of toktrain, its reading and encoding included, beside gensim's skip-grams (five
epochs, five negative samples, two threads), which get the ids ready-made in memory. Quality: Spearman's
correlation with WordSim-353, and the purity of the five nearest words of a list of categories.
Neighbors: one word among 100,000 random rows of 512 numbers, beside numpy and scikit-learn with the table
in memory; toktrain reads it from its file, so the time of an answer is the difference between asking for
many words and for one.
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile
import time

import numpy

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import peers  # noqa: E402
import word_similarity  # noqa: E402

SIZE, DIMENSION = 16384, 256


def learning_table(corpora, runs, work):
    print("\n| corpus | vectors by | wall s | CPU s | peak MB | WordSim-353 | purity |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for corpus in corpora:
        model, output = work / "model", work / "vectors.npy"
        peers.toktrain("bpe", corpus, "-v", SIZE, "-o", model, "--quiet", "--force")
        vocabulary = json.loads((model / "vocab.json").read_text())
        rows = [peers.spawned([peers.TOOL, "corpus-vectors", model, corpus, "-o", output, "--dim",
                         DIMENSION, "--threads", 2]) for _ in range(runs)]
        wall, cpu, peak = map(statistics.median, zip(*rows))
        found = numpy.load(output)
        quality = word_similarity.scores(found, vocabulary)
        row(corpus, "toktrain", f"{wall:.1f}", f"{cpu:.1f}", f"{peak:.0f}", quality)
        ids = peers.toktrain("encode", model, corpus).stdout.decode().splitlines()
        start = time.process_time()
        theirs, seconds = word_similarity.skip_grams([line.split() for line in ids], len(found),
                                                     DIMENSION)
        row(corpus, "gensim, skip-grams", f"{seconds:.1f}", f"{time.process_time() - start:.1f}", "",
            word_similarity.scores(theirs, vocabulary))
        chance = numpy.random.default_rng(1).standard_normal(found.shape)
        row(corpus, "chance", "", "", "", word_similarity.scores(chance, vocabulary))


def row(corpus, who, wall, cpu, peak, quality):
    print(f"| {corpus.name} | {who} | {wall} | {cpu} | {peak} | {quality['correlation']:.3f} "
          f"| {quality['purity']:.2f} |", flush=True)


def neighbors_table(corpus, runs, work):
    """One word among a table of 100,000 rows, if the corpus has as many tokens."""
    import sklearn.neighbors

    dimension, words = 512, 200
    model = work / "large"
    peers.toktrain("bpe", corpus, "-v", 100_000, "-o", model, "--quiet", "--force")
    # A small corpus has fewer.
    count = len(json.loads((model / "vocab.json").read_text()))
    table = numpy.random.default_rng(2).standard_normal((count, dimension)).astype(numpy.float32)
    numpy.save(work / "table.npy", table)
    command = [peers.TOOL, "neighbors", model, "--vectors", work / "table.npy", "--json",
               "--threads", 2]
    asked = list("abcdefghij") * (words // 10)

    def ours(words):
        return peers.spawned([*command, *words])[0]

    times = {"toktrain": [], "numpy": [], "scikit-learn": []}
    lengths = numpy.linalg.norm(table, axis=1)
    nearest = sklearn.neighbors.NearestNeighbors(n_neighbors=11, metric="cosine", n_jobs=2)
    nearest.fit(table)
    for _ in range(runs):
        times["toktrain"].append((ours(asked) - ours(asked[:1])) / (words - 1))
        start = time.perf_counter()
        cosines = table @ table[7] / lengths
        numpy.argpartition(-cosines, 11)[:11]
        times["numpy"].append(time.perf_counter() - start)
        start = time.perf_counter()
        nearest.kneighbors(table[7:8])
        times["scikit-learn"].append(time.perf_counter() - start)
    print(f"\n| one word among {count:,} × {dimension} | ms |")
    print("|---|---:|")
    for who, seconds in times.items():
        print(f"| {who} | {statistics.median(seconds) * 1e3:.1f} |", flush=True)


def tables(corpora, runs):
    with tempfile.TemporaryDirectory() as work:
        neighbors_table(corpora[0], runs, pathlib.Path(work))
        learning_table(corpora, runs, pathlib.Path(work))


def main():
    parser = argparse.ArgumentParser(description="vectors of tokens beside their peers")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("corpora", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    tables(arguments.corpora or [peers.need(peers.corpus("english"))], arguments.runs)


if __name__ == "__main__":
    main()
