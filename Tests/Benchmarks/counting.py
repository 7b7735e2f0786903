"""Counting apart from training: threads, bounded memory, adding up, training from counts.

    python counting.py [--runs N] [CORPUS...]

Whole processes. Rates of counting are of the text; of adding up, of the content of the files before it
is compressed (each word by what it does not share with the one before), of two halves of the corpus.
"""

import argparse
import pathlib
import statistics
import struct
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import peers  # noqa: E402


def content(path):
    """Bytes of the blocks of a file of counts, before compression, its header left out."""
    file = path.read_bytes()
    place, sizes = 8, []
    while place < len(file):
        length, compressed = struct.unpack_from("<II", file, place)
        sizes.append(length)
        place += 16 + compressed
    return sum(sizes[1:])


def halves(text, folder):
    whole = text.read_bytes()
    middle = whole.index(b"\n", len(whole) // 2) + 1
    for number, part in enumerate((whole[:middle], whole[middle:])):
        path = folder / f"half{number}.txt"
        path.write_bytes(part)
        counts = folder / f"half{number}.counts"
        peers.spawned([peers.TOOL, "count", path, "-o", counts, "-f"])
        yield counts


def table(corpora, runs):
    print("\n| corpus | counting | wall s | CPU s | peak MB | MB/s |")
    print("|---|---|---:|---:|---:|---:|")
    for name, text in corpora:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            out = folder / "all.counts"
            parts = [*halves(text, folder)]
            count = [peers.TOOL, "count", text, "-o", out, "-f"]
            size = text.stat().st_size
            steps = {
                "one thread": (size, [*count, "--threads", 1]),
                "two threads": (size, [*count, "--threads", 2]),
                "in 64 MB": (size, [*count, "--threads", 2, "--max-memory", "64M"]),
                "adding up two halves": (sum(map(content, parts)), [
                    peers.TOOL, "count", "--merge", *parts, "-o", folder / "sum.counts", "-f"]),
                "32,000 tokens of counts": (size, [
                    peers.TOOL, "bpe", "--counts", out, "-v", 32_000, "-f", "-o", folder / "m"]),
            }
            times = {step: [] for step in steps}
            for _ in range(runs):
                for step, (_, command) in steps.items():
                    times[step].append(peers.spawned(command))
            for step, (size, _) in steps.items():
                wall, cpu, peak = map(statistics.median, zip(*times[step]))
                print(f"| {name} | {step} | {wall:.2f} | {cpu:.2f} | {peak:.0f} "
                      f"| {size / 1e6 / wall:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="*", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    corpora = [(path.stem, path) for path in arguments.corpus]
    table(corpora or [(name, peers.corpus(name)) for name in peers.BIG], arguments.runs)


if __name__ == "__main__":
    main()
