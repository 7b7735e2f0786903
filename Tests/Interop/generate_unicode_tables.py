"""Writes Sources/NativeBridges/unicode_tables.c from Unicode 16.0 (unicodedata2, regex).

    python generate_unicode_tables.py [FILE]
"""
import pathlib
import sys

import regex
import unicodedata2

assert unicodedata2.unidata_version == "16.0.0"
LIMIT = 0x110000
EVERYTHING = "".join(map(chr, range(LIMIT)))
CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn"
# Binary properties by their names in lower case without separators, short name last.
BINARY = (
    "lowercase|lower uppercase|upper cased caseignorable|ci hexdigit|hex ideographic|ideo"
    " unifiedideograph|uideo radical emoji emojipresentation|epres emojimodifier|emod"
    " emojimodifierbase|ebase emojicomponent|ecomp extendedpictographic|extpict"
    " regionalindicator|ri variationselector|vs dash diacritic|dia extender|ext"
    " defaultignorablecodepoint|di idstart|ids idcontinue|idc math quotationmark|qmark"
    " joincontrol|joinc noncharactercodepoint|nchar sentenceterminal|sterm"
    " terminalpunctuation|term softdotted|sd graphemeextend|grext patternsyntax|patsyn"
    " patternwhitespace|patws bidicontrol|bidic deprecated|dep logicalorderexception|loe"
).split()


def category_runs():
    index = {name: number for number, name in enumerate(CATEGORIES.split())}
    alphabetic = set(range(LIMIT)) & set(members(r"\p{Alphabetic}"))
    runs, last = [], None
    for point in range(LIMIT):
        value = index[unicodedata2.category(chr(point))] | (32 if point in alphabetic else 0)
        if value != last:
            runs.append(point << 6 | value)
            last = value
    return runs


def spans(pattern):
    return [match.span() for match in regex.finditer(f"(?:{pattern})+", EVERYTHING)]


def members(pattern):
    return [point for first, end in spans(pattern) for point in range(first, end)]


def scripts():
    names = {}
    for name, number in regex._regex.get_properties()["SCRIPT"][1].items():
        names.setdefault(number, []).append(name.lower())
    for number, aliases in sorted(names.items()):
        pattern = rf"\p{{Script={aliases[0]}}}"
        if number and spans(pattern):  # 0 is what has no script
            yield "|".join(aliases), pattern


def varint(value):
    data = []
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return data + [value]


def properties():
    """Names, where the differences of the bounds begin, how many bounds; and the differences."""
    entries, data = [], []
    binary = [(names, rf"\p{{{names.split('|')[0]}}}") for names in BINARY]
    for names, pattern in binary + list(scripts()):
        last, count, start = 0, 0, len(data)
        for bound in (bound for span in spans(pattern) for bound in span):
            data += varint(bound - last)
            last, count = bound, count + 1
        entries.append(f'{{"{names}", {start}, {count}}}')
    return entries, data


def foldings():
    """Runs of code points that fold to one other: first, count, step, difference to the other; and
    code points that fold to several, with those."""
    pairs, expansions = [], []
    for point in range(LIMIT):
        char = chr(point)
        if 0xD800 <= point < 0xE000:
            continue
        # Turkish rules are an option nowhere.
        folded = "i" if char == "I" else regex._regex.fold_case(regex.I | regex.U, char)
        if folded != char:
            pairs.append((point, ord(folded) - point))
        full = char if char == "I" else regex._regex.fold_case(regex.I | regex.U | regex.F, char)
        if char == "\u0130":
            full = "i\u0307"
        if len(full) > 1:
            expansions.append([point, *map(ord, full)] + [0] * (3 - len(full)))
    runs = []
    for point, difference in pairs:
        if runs and runs[-1][3] == difference:
            first, count, step, _ = runs[-1]
            gap = point - (first + (count - 1) * step)
            if gap <= 2 and (count == 1 or gap == step):
                runs[-1] = [first, count + 1, gap, difference]
                continue
        runs.append([point, 1, 1, difference])
    return runs, expansions


def block(declaration, items, width):
    lines = [", ".join(items[i : i + width]) + "," for i in range(0, len(items), width)]
    return f"{declaration} = {{\n  " + "\n  ".join(lines) + "\n};\n"


def main():
    runs = [hex(run) for run in category_runs()]
    entries, data = properties()
    fold_runs, expansions = foldings()
    braced = lambda rows: ["{" + ", ".join(map(str, row)) + "}" for row in rows]  # noqa: E731
    parts = [
        "// Written by Tests/Interop/generate_unicode_tables.py; Unicode 16.0.\n"
        '#include "include/tt_unicode.h"\n',
        f"const uint32_t tt_unicode_run_count = {len(runs)};\n"
        + block(f"const uint32_t tt_unicode_runs[{len(runs)}]", runs, 8),
        f"const uint32_t tt_unicode_property_count = {len(entries)};\n"
        + block(f"const tt_unicode_property tt_unicode_properties[{len(entries)}]", entries, 3),
        block(f"const uint8_t tt_unicode_bounds[{len(data)}]", [str(b) for b in data], 24),
        f"const uint32_t tt_unicode_fold_count = {len(fold_runs)};\n"
        + block(f"const int32_t tt_unicode_folds[{len(fold_runs)}][4]", braced(fold_runs), 5),
        f"const uint32_t tt_unicode_expansion_count = {len(expansions)};\n"
        + block(f"const uint32_t tt_unicode_expansions[{len(expansions)}][4]", braced(expansions), 4),
    ]
    root = pathlib.Path(__file__).resolve().parents[2] / "Sources/NativeBridges"
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "unicode_tables.c"
    target.write_text("\n".join(parts))


main()
