"""Time and memory of toktrain beside its peers, as one table in Markdown.

    python bench.py [--quick] [--keep] [--runs N] [CORPUS...]

Every run is a fresh process with two threads, its reading and writing included; runs of all
programs alternate, and medians are quoted. A ratio stands only where toktrain's merges were found
equal to those of Hugging Face for the same settings. --keep takes the peers' numbers of an earlier
run on this machine, same versions and same corpus; --quick is one run on one small corpus.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import normalization  # noqa: E402
import peers  # noqa: E402

PEERS = ("gigatoken", "rustbpe", "sentencepiece", "tokenizers")
COMPARABLE = ["--documents", "line", "--normalization", "none", "--pattern", "gpt2"]


def python():
    venv = peers.ROOT / ".venv/bin/python"
    return str(venv) if venv.exists() else sys.executable


def measured(command, environment=None, capture=False):
    """Wall seconds, CPU seconds and peak MB of a process, and what it printed if captured."""
    env = {**os.environ, "RAYON_NUM_THREADS": "2", "TOKENIZERS_PARALLELISM": "true",
           **(environment or {})}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        sink = out if capture else subprocess.DEVNULL
        start = time.perf_counter()
        process = subprocess.Popen([str(c) for c in command], stdout=sink, stderr=errors, env=env)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise SystemExit(f"{command}: {process.returncode}\n{errors.read().decode()}")
        out.seek(0)
        # ru_maxrss is in KB on Linux, in bytes on macOS.
        unit = 1 << 20 if platform.system() == "Darwin" else 1 << 10
        return (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit), out.read()


def toktrain_command(corpus, size, output, options):
    return [peers.TOOL, "bpe", corpus, "-o", output, "--vocab-size", size, "--threads", 2,
            "--force", "--quiet", *options]


def peer_command(peer, corpus, size, output):
    return [python(), HERE / "peer.py", "train", peer, corpus, size, output]


class Kept:
    """Peers' numbers by version, corpus content, size and machine; used only on request."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.place = peers.CACHE / "bench.json"
        self.rows = json.loads(self.place.read_text()) if self.place.exists() else {}

    def key(self, peer, corpus, size):
        pins = (HERE.parent / "Interop/requirements.txt").read_text().split()
        pin = next(pin for pin in pins if pin.startswith(peer + "=="))
        return f"{pin} {peers.fingerprint(corpus)} {size} {platform.node()} {os.cpu_count()}"

    def get(self, *names):
        return self.rows.get(self.key(*names)) if self.wanted else None

    def put(self, numbers, *names):
        self.rows[self.key(*names)] = numbers
        self.place.parent.mkdir(exist_ok=True)
        self.place.write_text(json.dumps(self.rows, indent=1))


def medians(runs):
    return [statistics.median(column) for column in zip(*runs)]


def train_rows(corpus, size, arguments, kept, scratch):
    """Rows (program, settings, medians) of one corpus: alternating runs of all programs."""
    programs = {
        ("toktrain", "gpt2, lines"): toktrain_command(corpus, size, scratch / "same", COMPARABLE),
        ("toktrain", "defaults: cl100k, NFC, file"): toktrain_command(
            corpus, size, scratch / "defaults", []),
    }
    rows = {}
    for peer in PEERS:
        numbers = kept.get(peer, corpus, size)
        # Equality is checked against what Hugging Face wrote, so it always runs.
        if numbers and peer != "tokenizers":
            rows[(peer, "kept")] = numbers
        else:
            programs[(peer, "gpt2, lines" if peer in ("tokenizers", "rustbpe") else "its own")] = (
                peer_command(peer, corpus, size, scratch / peer))
    samples = {program: [] for program in programs}
    for _ in range(arguments.runs):
        for program, command in programs.items():
            samples[program].append(measured(command)[0])
    for program, runs in samples.items():
        rows[program] = medians(runs)
        if program[0] != "toktrain":
            kept.put(rows[program], program[0], corpus, size)
    return rows


def equal_to_hugging_face(scratch):
    return (peers.read_bpe(scratch / "same/tokenizer.json")
            == peers.read_bpe(scratch / "tokenizers/tokenizer.json"))


def print_rows(name, corpus, rows, equal):
    best = min(n[0] for (p, _), n in rows.items() if p != "toktrain")
    megabytes = corpus.stat().st_size / 1e6
    for (program, settings), (wall, cpu, peak) in rows.items():
        ratio = f"{best / wall:.1f}×" if equal or program != "toktrain" else "merges differ!"
        if settings.startswith("defaults"):
            ratio += " (peers: not these settings)"
        print(f"| {name} ({megabytes:.0f} MB) | {program} | {settings} | {wall:.2f} | {cpu:.2f} "
              f"| {peak:.0f} | {ratio} |", flush=True)


def train_table(corpora, arguments, kept, work):
    print("| corpus | program | settings | wall s | CPU s | peak MB | speed ÷ fastest peer's |")
    print("|---|---|---|---:|---:|---:|---:|")
    healthy = True
    for name, corpus in corpora:
        scratch = work / name
        scratch.mkdir()
        rows = train_rows(corpus, arguments.size, arguments, kept, scratch)
        equal = equal_to_hugging_face(scratch)
        healthy &= equal
        print_rows(name, corpus, rows, equal)
    return healthy


def growth_table(name, corpus, arguments, work):
    print("\n| corpus | tokens | wall s | CPU s | peak MB | time ÷ that at 32,000 |")
    print("|---|---:|---:|---:|---:|---:|")
    samples = {32_000: [], 128_000: []}
    for _ in range(max(3, arguments.runs)):
        for size, runs in samples.items():
            runs.append(measured(
                toktrain_command(corpus, size, work / f"grow-{size}", COMPARABLE))[0])
    base = medians(samples[32_000])[0]
    for size, runs in samples.items():
        wall, cpu, peak = medians(runs)
        print(f"| {name} | {size:,} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {wall / base:.2f} |")


def encode_table(corpora, arguments, work):
    print("\n| corpus | encoder, one thread | MB/s |")
    print("|---|---|---:|")
    for name, corpus in corpora:
        model = work / name / "same"
        size = corpus.stat().st_size / 1e6
        command = [peers.TOOL, "encode", model, corpus, "--binary", "u32", "--threads", 1]
        wall = statistics.median(measured(command)[0][0] for _ in range(arguments.runs))
        print(f"| {name} | toktrain, whole process, loading and writing included | {size / wall:.0f} |")
        for peer in ("gigatoken", "tokenizers"):
            command = [python(), HERE / "peer.py", "encode", peer, model / "tokenizer.json", corpus]
            _, speed = measured(command, {"RAYON_NUM_THREADS": "1"}, capture=True)
            print(f"| {name} | {peer}, warm, from memory | {speed.decode().strip()} |", flush=True)


def mixes():
    """All three corpora together, and the same followed by its altered copy."""
    parts = [peers.corpus(name) for name in peers.BIG]
    once, twice = (peers.CACHE / f"corpora/mix-{n}.txt" for n in ("once", "twice"))
    if not once.exists():
        with open(once.with_suffix(".part"), "wb") as out:
            for part in parts:
                with open(part, "rb") as text:
                    shutil.copyfileobj(text, out)
        once.with_suffix(".part").replace(once)
    if not twice.exists():
        with open(twice.with_suffix(".part"), "wb") as out:
            with open(once, "rb") as text:
                shutil.copyfileobj(text, out)
            out.flush()
            with open(once, "rb") as text:
                subprocess.run([sys.executable, HERE / "altered_copy.py"], stdin=text, stdout=out,
                               check=True)
        twice.with_suffix(".part").replace(twice)
    return [("all three", once), ("all three and an altered copy", twice)]


def chosen_corpora(arguments):
    if arguments.corpus:
        return [(path.name, path) for path in arguments.corpus]
    if peers.corpus("english") is None:
        print("No big corpora here; the project's own texts are too small to tell much.\n")
        return [("Corpora", peers.own_corpus())]
    if arguments.quick:
        return [("english", peers.corpus_slice("english", 2_000_000))]
    return [(name, peers.corpus(name)) for name in peers.BIG] + mixes()


def main():
    parser = argparse.ArgumentParser(description="toktrain beside its peers")
    parser.add_argument("corpus", nargs="*", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--size", type=int)
    arguments = parser.parse_args()
    arguments.runs = arguments.runs or (1 if arguments.quick else 5)
    arguments.size = arguments.size or (8_000 if arguments.quick else 32_000)
    corpora = chosen_corpora(arguments)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        healthy = train_table(corpora, arguments, Kept(arguments.keep), work)
        name, corpus = corpora[min(1, len(corpora) - 1)]
        if not arguments.quick:
            growth_table(name, corpus, arguments, work)
        encode_table(corpora[:3], arguments, work)
    normalization.table(corpora[:3])
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, medians of {arguments.runs} runs, two "
          "threads; gigatoken and SentencePiece cut by "
          "rules of their own.")
    sys.exit(0 if healthy else 1)


if __name__ == "__main__":
    main()
