"""Copies UTF-8 text with every word altered: each letter becomes another of its script and case.

    python altered_copy.py < text > altered

Scripts, word shapes, lengths in bytes and the number of different words stay; the words do not.
Letters are those of Unicode 3.2, which every Python carries, so the result is the same everywhere.
"""

import sys
import unicodedata


def rotation():
    groups = {}
    for code in range(0x30000):
        character = chr(code)
        category = unicodedata.ucd_3_2_0.category(character)
        if category not in ("Ll", "Lu", "Lo"):
            continue
        script = unicodedata.ucd_3_2_0.name(character, "?").split()[0].split("-")[0]
        # What decomposes stays among its kind, so that normalization has the same work.
        composed = bool(unicodedata.ucd_3_2_0.decomposition(character))
        key = (script, category, len(character.encode()), composed)
        groups.setdefault(key, []).append(code)
    table = {}
    for letters in groups.values():
        step = max(1, len(letters) // 2)
        for place, code in enumerate(letters):
            table[code] = letters[(place + step) % len(letters)]
    return table


def main():
    table = rotation()
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(line.decode("utf-8").translate(table).encode("utf-8"))


if __name__ == "__main__":
    main()
