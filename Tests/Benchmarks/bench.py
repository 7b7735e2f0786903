"""Time and memory of toktrain beside its peers, as one table in Markdown.

    python bench.py [--quick] [--keep] [--runs N] [CORPUS...]

Training: every run is a fresh process with two threads, its reading and writing included; runs of
all programs alternate, and medians are quoted. A ratio stands only where toktrain's merges were
found equal to those of Hugging Face for the same settings. Encoding: one thread, on documents of
about 4 KB, from memory to memory, loading apart; a ratio stands only where the ids are equal to
those of Hugging Face. --keep takes the peers' training times of an earlier run on this machine,
same versions and same corpus; --quick is one run on one small corpus.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import comparison  # noqa: E402
import counting  # noqa: E402
import encoding  # noqa: E402
import layer  # noqa: E402
import loading  # noqa: E402
import normalization  # noqa: E402
import page  # noqa: E402
import patterns  # noqa: E402
import peers  # noqa: E402
import pretokenizers  # noqa: E402
import vectors  # noqa: E402

# Who trains, and by which settings; who encodes with a model of toktrain's.
PEERS = {"gigatoken": "its own", "rustbpe": "gpt2, lines", "sentencepiece": "its own",
         "tokenizers": "gpt2, lines"}
ENCODING_PEERS = ("gigatoken", "tiktoken", "tokenizers")
NAMES = {"sentencepiece": "SentencePiece BPE", "tokenizers": "Hugging Face"}
COMPARABLE = ["--documents", "line", "--normalization", "none", "--pattern", "gpt2"]
# A row of its own shows what four times the tokens cost.
LARGE_FACTOR = 4


class Failed(Exception):
    """A program that cannot do it, with its last words."""


def python():
    venv = peers.ROOT / ".venv/bin/python"
    return str(venv) if venv.exists() else sys.executable


def measured(command, environment=None):
    """Wall seconds, CPU seconds and peak MB of a process, and what it said on stderr."""
    env = {**os.environ, "RAYON_NUM_THREADS": "2", "TOKENIZERS_PARALLELISM": "true",
           **(environment or {})}
    words = [word if isinstance(word, bytes) else str(word) for word in command]
    spawn = [sys.executable, "-S", HERE / "spawn.py"]
    with tempfile.NamedTemporaryFile("r") as result, tempfile.TemporaryFile() as errors:
        subprocess.run([*spawn, result.name, *words], stdout=subprocess.DEVNULL, stderr=errors,
                       env=env, check=False)
        wall, cpu, peak, status = map(float, result.read().split())
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    if status:
        lines = said.strip().splitlines() or [f"status {status:.0f}"]
        raise Failed(lines[-1][:120].replace("|", "/"))
    # In KB on Linux, in bytes on macOS.
    unit = 1 << 20 if platform.system() == "Darwin" else 1 << 10
    return (wall, cpu, peak / unit), said


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
        is_kept = self.wanted and names[0] in PEERS
        return self.rows.get(self.key(*names)) if is_kept else None

    def put(self, numbers, *names):
        if names[0] not in PEERS:
            return
        self.rows[self.key(*names)] = numbers
        self.place.parent.mkdir(exist_ok=True)
        self.place.write_text(json.dumps(self.rows, indent=1))


def medians(runs):
    return [statistics.median(column) for column in zip(*runs)]


def train_programs(corpus, size, scratch):
    """Commands by (program, settings): toktrain's rows first."""
    commands = {
        ("toktrain", "gpt2, lines"): toktrain_command(corpus, size, scratch / "same", COMPARABLE),
        ("toktrain", "defaults"): toktrain_command(corpus, size, scratch / "defaults", []),
        ("toktrain", f"gpt2, lines, {LARGE_FACTOR * size:,} tokens"): toktrain_command(
            corpus, LARGE_FACTOR * size, scratch / "large", COMPARABLE),
    }
    for peer, settings in PEERS.items():
        commands[peer, settings] = peer_command(peer, corpus, size, scratch / peer)
    return commands


def train_rows(corpus, arguments, kept, scratch):
    """Medians by (program, settings), of alternating runs; a string where a program failed."""
    rows, samples = {}, {}
    commands = train_programs(corpus, arguments.size, scratch)
    for program in commands:
        numbers = kept.get(program[0], corpus, arguments.size)
        # Equality is checked against what Hugging Face wrote, so it always runs.
        if numbers and program[0] != "tokenizers":
            rows[program] = numbers
        else:
            samples[program] = []
    for _ in range(arguments.runs):
        for program, runs in samples.items():
            if program in rows:
                continue
            try:
                runs.append(measured(commands[program])[0])
            except Failed as error:
                rows[program] = str(error)
    for program, runs in samples.items():
        if program not in rows:
            rows[program] = medians(runs)
            kept.put(rows[program], program[0], corpus, arguments.size)
    return {program: rows[program] for program in commands}


def is_equal_to_hugging_face(scratch):
    ours, theirs = (scratch / name / "tokenizer.json" for name in ("same", "tokenizers"))
    return ours.exists() and theirs.exists() and peers.read_bpe(ours) == peers.read_bpe(theirs)


def ratio_of(program, rows, equal):
    """What the last column says of a row of the training table."""
    wall = rows[program][0]
    best = min((row[0] for (name, _), row in rows.items()
                if name != "toktrain" and not isinstance(row, str)), default=None)
    if program[1].endswith("tokens"):
        return f"{wall / rows['toktrain', 'gpt2, lines'][0]:.2f}× the time"
    if best is None:
        return ""
    if program == ("toktrain", "gpt2, lines") and not equal:
        return "merges differ!"
    return f"{best / wall:.1f}×"


def train_table(corpora, arguments, kept, work):
    print("| corpus | program | settings | wall s | CPU s | peak MB | speed ÷ fastest peer's |")
    print("|---|---|---|---:|---:|---:|---:|")
    healthy = True
    for name, corpus in corpora:
        scratch = work / name
        scratch.mkdir()
        rows = train_rows(corpus, arguments, kept, scratch)
        equal = is_equal_to_hugging_face(scratch)
        healthy &= equal
        place = f"{name}, {corpus.stat().st_size / 1e6:.0f} MB"
        for program, row in rows.items():
            cells = f"| {place} | {NAMES.get(program[0], program[0])} | {program[1]} |"
            if isinstance(row, str):
                print(f"{cells} failed: {row} | | | |", flush=True)
                continue
            wall, cpu, peak = row
            print(f"{cells} {wall:.2f} | {cpu:.2f} | {peak:.0f} "
                  f"| {ratio_of(program, rows, equal)} |", flush=True)
    return healthy


def wordpiece_table(corpora, arguments, work):
    """A ratio stands only where ours, with the order of characters of theirs, is theirs."""
    print("\n| corpus | WordPiece | wall s | CPU s | peak MB | speed ÷ Hugging Face's |")
    print("|---|---|---:|---:|---:|---:|")
    healthy = True
    for name, corpus in corpora:
        place = {who: work / f"{name}-wordpiece-{who}" for who in ("ours", "theirs", "same")}
        ours = [peers.TOOL, "wordpiece", corpus, "-v", arguments.size, "--threads", 2, "--force",
                "--quiet", "-o"]
        theirs = peer_command("wordpiece", corpus, arguments.size, place["theirs"])
        runs = [(measured([*ours, place["ours"]])[0], measured(theirs)[0])
                for _ in range(arguments.runs)]
        order = place["theirs"] / "vocab.txt"
        measured([*ours, place["same"], "--alphabet-order", order])
        equal = (place["same"] / "vocab.txt").read_bytes() == order.read_bytes()
        healthy &= equal
        rows = [medians(program) for program in zip(*runs)]
        ratio = f"{rows[1][0] / rows[0][0]:.1f}×" if equal else "tokens differ!"
        for program, (wall, cpu, peak), last in zip(("toktrain", "Hugging Face"), rows,
                                                    (ratio, "1.0×")):
            print(f"| {name} | {program} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {last} |",
                  flush=True)
    return healthy


LEARNERS = {
    "frequency": [],
    "likelihood, at least 35": ["--score", "likelihood", "--min-pair-count", 35],
    "likelihood, auto": ["--score", "likelihood"],
    "gain": ["--score", "gain"],
    "top-down": ["--score", "top-down"],
    "top-down, as TensorFlow Text": ["--score", "top-down", "--compat", "tensorflow-text"],
}


def learners_table(corpora, arguments, work):
    """The criteria of WordPiece on one thread; learning: without reading, counting and writing."""
    print("\n| corpus | WordPiece by | learning s | all s | peak MB | tokens |")
    print("|---|---|---:|---:|---:|---:|")
    for name, corpus in corpora:
        place, report = work / f"{name}-learner", work / f"{name}-report.json"
        for criterion, options in LEARNERS.items():
            runs = []
            for _ in range(arguments.runs):
                (wall, _, peak), _ = measured([
                    peers.TOOL, "wordpiece", corpus, "-v", arguments.size, "--threads", 1, "--force",
                    "--quiet", "-o", place, "--report", report, *options])
                phases = json.loads(report.read_text())["phases"]
                learning = sum(phase["seconds"] for phase in phases
                               if phase["name"] in ("preparing", "merging", "estimating"))
                runs.append((learning, wall, peak))
            learning, wall, peak = medians(runs)
            tokens = len(peers.read_lines(place / "vocab.txt"))
            print(f"| {name} | {criterion} | {learning:.2f} | {wall:.2f} | {peak:.0f} "
                  f"| {tokens:,} |", flush=True)


def pieces_of(model):
    """Text and score of each piece of a SentencePiece model, one row a piece."""
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    return [(processor.id_to_piece(i), processor.get_score(i))
            for i in range(processor.get_piece_size())]


def sentencepiece_table(corpora, arguments, work):
    """A ratio stands only where pieces and scores are SentencePiece's, bit for bit; of the fast
    Unigram kernel, where 99.9 % of the pieces are."""
    print("\n| corpus | program | wall s | CPU s | peak MB | speed ÷ SentencePiece's |")
    print("|---|---|---:|---:|---:|---:|")
    healthy = True
    for name, corpus in corpora:
        place = work / f"{name}-pieces"
        for kind, size, programs in (
                ("bpe", 32_000, {"BPE": ["bpe", "--style", "sentencepiece"]}),
                ("unigram", 16_000, {
                    "Unigram": ["unigram"],
                    "Unigram, its very sums": ["unigram", "--compat", "sentencepiece",
                                               "--compat-threads", 2,
                                               "--max-line-bytes", 100_000_000]})):
            commands = {f"toktrain {what}": [
                peers.TOOL, *words, corpus, "-v", size, "--threads", 2, "--force", "--quiet", "-o",
                place / what] for what, words in programs.items()}
            commands[f"SentencePiece {kind}"] = peer_command(
                f"sentencepiece-{kind}", corpus, size, place / "theirs")
            runs = [[measured(command)[0] for command in commands.values()]
                    for _ in range(arguments.runs)]
            rows = [medians(program) for program in zip(*runs)]
            theirs = pieces_of(place / "theirs/spm.model")
            for program, (wall, cpu, peak) in zip(commands, rows):
                last = "1.0×"
                if program.startswith("toktrain"):
                    ours = pieces_of(place / program.removeprefix("toktrain ") / "tokenizer.model")
                    common = len({text for text, _ in ours} & {text for text, _ in theirs})
                    equal = (common >= 0.999 * size if program == "toktrain Unigram"
                             else ours == theirs)
                    healthy &= equal
                    last = f"{rows[-1][0] / wall:.1f}×" if equal else "pieces differ!"
                print(f"| {name} | {program}, {size:,} | {wall:.2f} | {cpu:.2f} | {peak:.0f} "
                      f"| {last} |", flush=True)
    return healthy


def write_documents(corpus, place):
    """The corpus as documents of about 4 KB, cut at line ends; returns what stands between."""
    text = corpus.read_bytes()
    between = next((mark for mark in (b"\x1e", b"\x1f", b"\x1d", b"\x1c") if mark not in text),
                   b"\x1e<between documents>\x1e")
    with open(place, "wb") as out:
        size = 0
        for line in text.splitlines(keepends=True):
            if size > 4000:
                out.write(between)
                size = 0
            out.write(line)
            size += len(line)
    return between


def encode_speeds(model, documents, between, arguments, scratch):
    """MB/s by program, and whether its ids are toktrain's; a string where it failed."""
    ids = {"toktrain": scratch / "toktrain.ids"}
    split = ["--documents", b"separator:" + between, "--threads", 1]
    measured([peers.TOOL, "encode", model, documents, *split, "-b", "u32", "-o", ids["toktrain"]])
    commands = {"toktrain": [peers.TOOL, "encode", model, *[documents] * 3, *split, "-b", "u32",
                             "--stats"]}
    for peer in ENCODING_PEERS:
        ids[peer] = scratch / f"{peer}.ids"
        commands[peer] = [python(), HERE / "peer.py", "encode", peer, model / "tokenizer.json",
                          documents, between, ids[peer]]
    speeds = {program: [] for program in commands}
    for _ in range(arguments.runs):
        for program, command in commands.items():
            if isinstance(speeds[program], str):
                continue
            try:
                _, said = measured(command, {"RAYON_NUM_THREADS": "1"})
                speeds[program].append(float(re.search(r"([\d,.]+) MB/s", said)[1].replace(",", "")))
            except Failed as error:
                speeds[program] = str(error)
    expected = ids["toktrain"].read_bytes()
    return {program: (runs if isinstance(runs, str) else statistics.median(runs),
                      not isinstance(runs, str) and ids[program].read_bytes() == expected)
            for program, runs in speeds.items()}


def encode_table(corpora, arguments, work):
    """A ratio stands only beside ids that are those of Hugging Face."""
    print("\n| corpus | program | settings | MB/s | speed ÷ fastest peer's |")
    print("|---|---|---|---:|---:|")
    healthy = True
    for name, corpus in corpora:
        scratch = work / name
        documents = scratch / "documents"
        between = write_documents(corpus, documents)
        speeds = encode_speeds(scratch / "same", documents, between, arguments, scratch)
        equal = speeds["tokenizers"][1]
        healthy &= equal
        best = max((speed for program, (speed, same) in speeds.items()
                    if program != "toktrain" and same), default=None)
        for program, (speed, same) in speeds.items():
            cells = f"| {name} | {NAMES.get(program, program)} | one thread, warm |"
            if isinstance(speed, str):
                print(f"{cells} failed: {speed} | |", flush=True)
                continue
            is_checked = equal if program == "toktrain" else same
            ratio = f"{speed / best:.1f}×" if is_checked and best else "ids differ!"
            print(f"{cells} {speed:.0f} | {ratio} |", flush=True)
    return healthy


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


def unpacked(path, work):
    """The text itself: peers read no .gz or .zst."""
    for suffix, command in ((".gz", "gzip"), (".zst", "zstd")):
        if path.suffix == suffix:
            plain = work / path.stem
            with open(plain, "wb") as out:
                subprocess.run([command, "-dc", path], stdout=out, check=True)
            return plain
    return path


def chosen_corpora(arguments, work):
    if arguments.corpus:
        for path in arguments.corpus:
            if not path.is_file():
                sys.exit(f"{path}: no such file")
        texts = [unpacked(path.resolve(), work) for path in arguments.corpus]
        return [(f"{path.name} ({number})" if len(texts) > 1 else path.name, path)
                for number, path in enumerate(texts, 1)]
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
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        corpora = chosen_corpora(arguments, work)
        healthy = train_table(corpora, arguments, Kept(arguments.keep), work)
        healthy &= wordpiece_table(corpora[:3], arguments, work)
        learners_table(corpora[:2], arguments, work)
        counting.table(corpora[:3], arguments.runs)
        healthy &= sentencepiece_table(corpora[:3], arguments, work)
        healthy &= encode_table(corpora[:3], arguments, work)
        healthy &= encoding.table(corpora[:3], arguments.runs)
        loading.table(arguments.runs, work)
        layer.table(arguments.runs, work)
        vectors.tables([path for _, path in corpora][:1], arguments.runs)
        normalization.table(corpora[:3])
        patterns.table(corpora[:3], arguments.runs)
        pretokenizers.table(corpora[:3])
        comparison.table(corpora[0][1], arguments.runs, work)
        page.table(arguments.runs, work)
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, medians of {arguments.runs} runs, "
          f"{arguments.size:,} tokens. gigatoken and SentencePiece cut by rules of their own; "
          "toktrain's defaults are cl100k, NFC and whole files.")
    sys.exit(0 if healthy else 1)


if __name__ == "__main__":
    main()
