"""MB/s of one thread that cuts text by patterns: our automaton, the same with matches marked, ICU.

    python patterns.py [--runs N] [CORPUS...]

Documents of 128 KB from memory, CPU time, the fastest of some runs; ICU's engine on the first 2 MB,
made to run each pattern by a branch that the automaton refuses and that never matches. The second
table has, for each pattern, the slowest and the fastest of texts that are made to be hard.
"""

import argparse
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Interop"))

import peers  # noqa: E402
import test_patterns as named  # noqa: E402

CASED = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]%s[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]%s"
ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
OTHERS = {
    "deepseek": r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
                r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "kimi": "|".join([r"[\p{Han}]+", CASED % ("*", "+") + ENDING, CASED % ("+", "*") + ENDING, r"\p{N}{1,3}",
                      r" ?[^\s\p{L}\p{N}]+[\r\n]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"]),
    "bloom": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "scripts": r"\p{Han}+|\p{Hiragana}+|\p{Katakana}+|[\p{L}\p{M}]+|\p{N}|[^\s\p{L}\p{N}]+|\s+",
    "look-behind": r"(?<=\p{L})\p{N}+|(?<!\s)[^\s\p{L}\p{N}]+|\p{L}+|\p{N}|\s+|.",
}
# A match may stay undecided while any number of others end in it.
UNDECIDED = {"a*b|a": r"a*b|a", r"\w+ing|\w": r"\w+ing|\w", r"\S+@\S+|\w+|\S": r"\S+@\S+|\w+|\S",
             "quoted": r'"[^"\n]*"|\S+'}
TIKTOKEN = {"cl100k", "o200k"}
NEVER = r"|(?:x(?<!x))(x)\1"

HARD = {
    "blanks": " ", "line feeds": "\n", "line feed, blanks, x": "\n" + " " * 200 + "x", "a": "a", "aA": "aA",
    "Aa": "Aa", "digits": "1", "1a": "1a", "a b": "a b", "' r": "'r", " (": " (", "punctuation": "!",
    "quotes": '"', "ing": "ing", "a@": "a@", "no-break spaces": "\u00a0", "ideographs": "中", "ideograph, a": "中a",
    "marks": "\u0301", "a, marks": "a" + "\u0301" * 40, "Hangul jamo": "\u1100\u1161\u11a8",
    "emoji": "\U0001f600", "joined emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467", "Cyrillic, blank": "я ",
    "Arabic digits": "\u0661", "é1": "é1",
}
BYTES = {
    "truncated sequences": b"\xe4\xb8", "continuations": b"\x80", "ASCII and 0xFF": b"a\xff",
    "any bytes": random.Random(1).randbytes(1 << 16),
    "any ASCII": bytes(byte & 127 for byte in random.Random(2).randbytes(1 << 16)),
}


def measure(options, text, runs):
    run = peers.toktrain("pattern-speed", *options, "--runs", runs, input=text)
    return json.loads(run.stdout)


def speed(numbers, of):
    return numbers["bytes"] * 1000 / numbers[of]


def cell(name):
    return "`" + name.replace("|", r"\|") + "`"


def choices():
    """(name, options, options that make ICU run it)."""
    for name in named.PATTERNS:
        dialect = "tiktoken" if name in TIKTOKEN else "huggingface"
        text = named.TIKTOKEN.get(name, named.PATTERNS[name])
        yield (name, ["--pattern", name],
               [f"--pattern-regex={text}{NEVER}", "--pattern-dialect", dialect])
    for name, text in {**OTHERS, **UNDECIDED}.items():
        yield name, [f"--pattern-regex={text}"], [f"--pattern-regex={text}{NEVER}"]


def corpus_rows(corpora, runs):
    print("\n| pattern | first compile, ms | " + " | ".join(
        f"{name} | marked | ICU" for name, _ in corpora) + " |")
    print("|---|---:|" + "---:|" * 3 * len(corpora))
    for name, options, for_icu in choices():
        cells, compile_time = [], float("inf")
        for _, text in corpora:
            numbers = measure(options, text, runs)
            assert numbers["engine"] == "automaton", name
            compile_time = min(compile_time, numbers["compile"])
            part = text[:2_000_000]
            part = part[:part.rindex(b"\n") + 1]
            icu = measure(for_icu, part, 1)
            assert icu["engine"] == "ICU", name
            if (pieces := measure(options, part, 1)["pieces"]) != icu["pieces"]:
                print(f"{name}: {pieces} pieces here, {icu['pieces']} by ICU", file=sys.stderr)
            cells += [speed(numbers, "cut"), speed(numbers, "mark"), speed(icu, "cut")]
        print(f"| {cell(name)} | {compile_time / 1e6:.1f} | "
              + " | ".join(f"{value:.0f}" for value in cells) + " |", flush=True)


def hard_rows(runs):
    texts = {**{name: text.encode() for name, text in HARD.items()}, **BYTES}
    texts = {name: text * (1_000_000 // len(text)) for name, text in texts.items()}
    print(f"\n| pattern | slowest of {len(texts)} hard texts of 1 MB | MB/s | marked | fastest | MB/s |")
    print("|---|---|---:|---:|---|---:|")
    for name, options, _ in choices():
        speeds = {}
        for kind, text in texts.items():
            numbers = measure(options, text, runs)
            speeds[kind] = (speed(numbers, "cut"), speed(numbers, "mark"))
        slow, fast = min(speeds, key=speeds.get), max(speeds, key=speeds.get)
        print(f"| {cell(name)} | {slow} | {speeds[slow][0]:.0f} | {min(s[1] for s in speeds.values()):.0f} "
              f"| {fast} | {speeds[fast][0]:.0f} |", flush=True)


def table(corpora, runs):
    """Both tables in Markdown, for (name, path) of corpora."""
    corpus_rows([(name, path.read_bytes()) for name, path in corpora], runs)
    hard_rows(runs)


def main():
    parser = argparse.ArgumentParser(description="patterns on one thread")
    parser.add_argument("corpus", nargs="*", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    corpora = [(path.stem, path) for path in arguments.corpus] or [
        (name, path) for name in peers.BIG if (path := peers.corpus(name))]
    table(corpora or [("Corpora", peers.own_corpus())], arguments.runs)


if __name__ == "__main__":
    main()
