"""Writes Sources/NativeBridges/unicode_tables.c from Unicode 16.0 (unicodedata2, regex).

    python generate_unicode_tables.py [FILE]
"""
import pathlib
import sys

import regex
import unicodedata2

assert unicodedata2.unidata_version == "16.0.0"
NAMES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn"
INDEX = {name: number for number, name in enumerate(NAMES.split())}
alphabetic = regex.compile(r"\p{Alphabetic}")
runs, last = [], None
for point in range(0x110000):
    value = INDEX[unicodedata2.category(chr(point))]
    if alphabetic.match(chr(point)):
        value |= 32
    if value != last:
        runs.append(point << 6 | value)
        last = value
lines = [", ".join(hex(r) for r in runs[i : i + 8]) + "," for i in range(0, len(runs), 8)]
root = pathlib.Path(__file__).resolve().parents[2] / "Sources/NativeBridges"
target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "unicode_tables.c"
target.write_text(
    "// Written by Tests/Interop/generate_unicode_tables.py; Unicode 16.0.\n"
    '#include "include/tt_unicode.h"\n\n'
    f"const uint32_t tt_unicode_run_count = {len(runs)};\n"
    f"const uint32_t tt_unicode_runs[{len(runs)}] = {{\n  " + "\n  ".join(lines) + "\n};\n"
)
