"""Writes Sources/NativeBridges/script_table.c: scripts as SentencePiece and Hugging Face have them.

    python generate_script_table.py [FILE]

Both keep the scripts of Unicode 9. They follow from a newer Scripts.txt and DerivedAge.txt (Debian's
unicode-data) and the four characters whose script has changed since.
"""

import pathlib
import sys

DATA = pathlib.Path("/usr/share/unicode")
CHANGED = {0x589: "Common", 0x61C: "Common", 0x953: "Devanagari", 0x954: "Devanagari"}
# One script for both libraries: kana, and the mark that lengthens it, are read as ideographs.
MERGED = {"Hiragana": "Han", "Katakana": "Han"}


def values(name):
    result = {}
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            points, value = (part.strip() for part in line.split(";")[:2])
            first, *last = points.split("..")
            for point in range(int(first, 16), int((last or [first])[0], 16) + 1):
                result[point] = value
    return result


ages, scripts = values("DerivedAge.txt"), values("Scripts.txt")
numbers = {None: 0, "Common": 1, "Inherited": 2}
runs, last = [], None
for point in range(0x110000):
    age = ages.get(point, "99.0").split(".")
    script = scripts.get(point) if int(age[0]) <= 9 and (int(age[0]), int(age[1])) <= (9, 0) else None
    script = "Han" if point == 0x30FC else CHANGED.get(point, MERGED.get(script, script))
    value = numbers.setdefault(script, len(numbers))
    if value != last:
        runs.append(point << 8 | value)
        last = value
lines = [", ".join(hex(run) for run in runs[i : i + 8]) + "," for i in range(0, len(runs), 8)]
root = pathlib.Path(__file__).resolve().parents[2] / "Sources/NativeBridges"
target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "script_table.c"
target.write_text(
    "// Written by Tests/Interop/generate_script_table.py; Unicode 9.0.\n"
    '#include "include/tt_scripts.h"\n\n'
    f"const uint32_t tt_script_run_count = {len(runs)};\n"
    f"const uint32_t tt_script_runs[{len(runs)}] = {{\n  " + "\n  ".join(lines) + "\n};\n"
)
