"""Every property, script, POSIX class and case folding against Hugging Face's engine."""

import random

import peers
import pytest
import regex
import test_patterns_random as patterns
import tokenizers

CATEGORIES = (
    "L Lu Ll Lt LC Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Co Cn"
    " Letter Uppercase_Letter Mark Number Decimal_Number Punctuation Symbol Separator Other Control Unassigned"
).split()
BINARY = (
    "Any Assigned ASCII Alphabetic Alpha White_Space Space Lowercase Lower Uppercase Upper Cased Case_Ignorable"
    " CI Hex_Digit AHex XDigit Ideographic Unified_Ideograph Radical Emoji Emoji_Presentation Emoji_Modifier"
    " Emoji_Modifier_Base Emoji_Component Extended_Pictographic Regional_Indicator Variation_Selector Dash"
    " Diacritic Extender Default_Ignorable_Code_Point ID_Start ID_Continue Math Quotation_Mark Join_Control"
    " Noncharacter_Code_Point Sentence_Terminal Terminal_Punctuation Soft_Dotted Grapheme_Extend"
    " Pattern_Syntax Pattern_White_Space Bidi_Control Deprecated Logical_Order_Exception"
    " Alnum Blank Cntrl Digit Graph Print Punct Word PosixPunct"
).split()
POSIX = "alnum alpha ascii blank cntrl digit graph lower print punct space upper xdigit word".split()


def scripts():
    values = {}
    for name, number in regex._regex.get_properties()["SCRIPT"][1].items():
        values.setdefault(number, name)
    return [name for number, name in sorted(values.items())
            if number and name != "KATAKANAORHIRAGANA"]  # which no code point is in


EXPRESSIONS = (
    [rf"\p{{{name}}}" for name in CATEGORIES + BINARY + scripts()]
    + [f"[[:{name}:]]" for name in POSIX] + [f"[[:^{name}:]]" for name in POSIX]
    + [r"\w", r"\W", r"[\w]", r"[\W]", r"\d", r"\s", r"\h", r"\b", r"\B", r"[^\p{L}\p{N}]", r"(?i:[a-z])",
       r"(?i:[^a-z])", r"(?i:[А-я])", r"(?i:[^α-ω])", r"(?i:\p{Lu})", r"(?i:[\p{Lu}&&\p{Cyrillic}])"]
)


def check(expression, text):
    assert patterns.ours(expression, [text], "huggingface") == \
        patterns.hugging_face(expression, [text]), expression


def text_of(points):
    """A line with the code points, each by itself and between letters."""
    return "".join(f"{chr(c)}a{chr(c)}." for c in points
                   if not 0xD800 <= c < 0xE000 and c != 10) + "\n"


SOME = text_of([*range(0x500), *range(0x500, 0x110000, 211)])


@pytest.mark.parametrize("part", range(8))
def test_sets_on_some_code_points(part):
    for expression in EXPRESSIONS[part::8]:
        check(expression, SOME)


@pytest.mark.exact
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_sets_on_every_code_point(expression):
    check(expression, text_of(range(0x110000)))


def cased():
    fold, every = regex._regex.fold_case, regex.I | regex.U
    points = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    changed = {c for c in points if fold(every, chr(c)) != chr(c)}
    return sorted(changed | {ord(fold(every, chr(c))) for c in changed})


def check_literals(chars):
    text = "".join(chr(c) for c in cased()) + "\n"
    compared = 0
    for char in chars:
        pattern = f"(?i:{regex.escape(char, special_only=True)})"
        mine = patterns.ours(pattern, [text], "huggingface")
        if mine is not None:
            assert mine == patterns.hugging_face(pattern, [text]), pattern
            compared += 1
    return compared


def test_caseless_literals():
    chars = [chr(c) for c in random.Random(1).sample(cased(), 60)] + list("sSkKiI\u212aſσςµ")
    assert check_literals(chars) > 55


@pytest.mark.exact
def test_all_caseless_literals():
    assert check_literals(map(chr, cased())) > 2_600


def test_what_equals_several_characters_is_refused():
    for text in ["ß", "ŉ", "ss", "ﬁ", "fi", "[ß]", "st"]:
        assert patterns.ours(f"(?i:{text})", ["a\n"], "huggingface") is None, text
    for text in ["[^ß]", "s+t", "[s]t"]:
        check(f"(?i:{text})", "ssSSßẞstﬆx\n")
