"""How fast text is normalized, on one core, beside ICU alone, Python, Hugging Face and SentencePiece.

    python normalization.py [CORPUS...]      a table in Markdown; without corpora the three big ones

Before anything is timed, results are compared: with Python for characters that it knows, with Hugging
Face for all. Speeds are megabytes of text from memory to memory in a second of the processor, the best of
some passes.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import peers  # noqa: E402

STEPS = ["nfc", "nfd", "nfkc", "nfkd", "nfkc-casefold", "lower", "fold", "strip-accents", "nmt",
         "bert", "nmt_nfkc", "sentencepiece"]
HUGGING_FACE = {
    "nfc": "NFC", "nfd": "NFD", "nfkc": "NFKC", "nfkd": "NFKD", "lower": "Lowercase",
    "strip-accents": "StripAccents", "nmt": "Nmt", "bert": "BertNormalizer"}
SENTENCEPIECE = {"nfkc": "nfkc", "nfkc-casefold": "nfkc_cf", "nmt_nfkc": "nmt_nfkc",
                 "sentencepiece": "nmt_nfkc"}
# Peers get a part of the text: the slowest make a megabyte a second.
PART = 4_000_000


def best(run, size, passes=3):
    times = []
    for _ in range(passes):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return size / min(times) / 1e6


def icu_alone(folder):
    """The program, or None without a C++ compiler."""
    compiler = shutil.which("c++") or shutil.which("clang++") or shutil.which("g++")
    if compiler is None:
        return None
    program = folder / "icu_alone"
    built = subprocess.run([compiler, "-O2", "-std=c++17", HERE / "icu_alone.cpp", "-licuuc", "-o",
                            program], capture_output=True)
    return program if built.returncode == 0 else None


def own_speed(corpus, step, *options):
    return float(peers.toktrain("normalization-speed", corpus, "-n", step, *options)
                 .stdout.decode().replace(",", ""))


def check_results(corpus, lines):
    """Our results against the peers' on the same lines."""
    from tokenizers import normalizers

    text = "\n".join(lines) + "\n"
    for step, name in HUGGING_FACE.items():
        ours = peers.toktrain("normalize", "-n", step, input=text.encode()).stdout.decode()
        peer = getattr(normalizers, name)()
        theirs = "".join(peer.normalize_str(line) + "\n" for line in lines)
        assert ours == theirs, f"{corpus}: {step} differs from Hugging Face's"
    for form in ("nfc", "nfd", "nfkc", "nfkd"):
        ours = peers.toktrain("normalize", "-n", form, "--unicode", "current",
                              input=text.encode()).stdout.decode()
        assert ours == unicodedata.normalize(form.upper(), text), f"{corpus}: {form} differs"


def peer_speeds(step, lines):
    """MB/s of Python, Hugging Face and SentencePiece; None for what they do not do."""
    from tokenizers import normalizers

    size = sum(len(line.encode()) + 1 for line in lines)
    python = hugging_face = sentencepiece = None
    if step in ("nfc", "nfd", "nfkc", "nfkd"):
        python = best(lambda: [unicodedata.normalize(step.upper(), line) for line in lines], size)
    elif step in ("lower", "fold"):
        change = str.lower if step == "lower" else str.casefold
        python = best(lambda: [change(line) for line in lines], size)
    if step in HUGGING_FACE:
        peer = getattr(normalizers, HUGGING_FACE[step])()
        hugging_face = best(lambda: [peer.normalize_str(line) for line in lines], size, 1)
    if step in SENTENCEPIECE:
        try:
            from sentencepiece import SentencePieceNormalizer
        except ImportError:
            return python, hugging_face, None
        spaces = step == "sentencepiece"
        peer = SentencePieceNormalizer(
            rule_name=SENTENCEPIECE[step], add_dummy_prefix=spaces, escape_whitespaces=spaces,
            remove_extra_whitespaces=spaces)
        sentencepiece = best(lambda: peer.normalize(lines), size, 1)
    return python, hugging_face, sentencepiece


def shown(speed):
    return "" if speed is None else f"{speed:,.0f}"


def decomposed(corpus, folder):
    path = folder / f"{corpus.name}-nfd.txt"
    peers.toktrain("normalize", corpus, "-n", "nfd", "--unicode", "current", "--documents", "file",
                   "-o", path)
    return path


def table(corpora):
    print("\n| text | step | toktrain | with offsets | ICU alone | Python | Hugging Face "
          "| SentencePiece |\n|---|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        program = icu_alone(folder)
        for title, corpus in corpora:
            with open(corpus, encoding="utf-8", newline="") as file:
                lines = file.read(PART).split("\n")[:-1]
            check_results(title, lines)
            rows = [(title, corpus, lines, step) for step in STEPS]
            if not title.startswith("english"):
                taken_apart = unicodedata.normalize("NFD", "\n".join(lines)).split("\n")
                rows.append((f"{title}, NFD", decomposed(corpus, folder), taken_apart, "nfc"))
            for text, path, part, step in rows:
                alone = None
                if program and step not in ("strip-accents", "nmt", "bert", "nmt_nfkc", "sentencepiece"):
                    run = subprocess.run([program, path, step], capture_output=True, check=True)
                    alone = float(run.stdout.split()[1])
                speeds = [own_speed(path, step), own_speed(path, step, "--edits"), alone,
                          *peer_speeds(step, part)]
                print(f"| {text} | {step} | {' | '.join(map(shown, speeds))} |", flush=True)
    print("\nMB of text a second, one core, from memory to memory; ICU takes the whole text in one "
          "call, the peers in Python take lines.")


if __name__ == "__main__":
    chosen = [(pathlib.Path(p).name, pathlib.Path(p)) for p in sys.argv[1:]]
    table(chosen or [(n, peers.corpus(n)) for n in peers.BIG if peers.corpus(n)]
          or [("Corpora", peers.own_corpus())])
