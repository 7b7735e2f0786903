"""The metrics of `toktrain compare`, from numpy, Hugging Face's library and ICU's own functions: nothing of
toktrain's is used. Documents are UTF-8."""

import ctypes
import ctypes.util
import json
import re

import numpy as np
import tokenizers

import peers

# Most units that resampling draws from: of a corpus, for what depends on the distribution of tokens, and of
# a language.
UNITS = 4096
GROUPS = 128
LANGUAGE_UNITS = 512
RATIOS = {
    "round-trip": ("exact", "documents"), "bytes/token": ("bytes", "tokens"),
    "tokens/word": ("tokens", "words"), "tokens/character": ("tokens", "characters"),
    "whole-words": ("whole", "words"), "unknown": ("unknown", "tokens"),
    "byte-fallback": ("fallback", "tokens"), "whole-characters": ("complete", "tokens"),
    "split-characters": ("split", "wide"),
}

# What the WordPiece decoder does to each token (decoders/wordpiece.rs, `cleanup`).
CLEANUP = ((" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
           (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"))


class Words:
    """Word breaks of the installed ICU, through its C interface."""

    def __init__(self):
        name = ctypes.util.find_library("icuuc")
        self.library = ctypes.CDLL(name)
        version = re.search(r"\.so\.(\d+)", name).group(1)
        self.call = {short: getattr(self.library, f"ubrk_{short}_{version}")
                     for short in ("open", "setText", "next", "getRuleStatus")}
        self.call["open"].restype = ctypes.c_void_p
        status = ctypes.c_int(0)
        self.iterator = ctypes.c_void_p(
            self.call["open"](1, b"", None, 0, ctypes.byref(status)))
        assert status.value <= 0

    def of(self, text):
        """Start and end of each word of a str, in bytes of its UTF-8."""
        units = np.frombuffer(text.encode("utf-16-le"), dtype=np.uint16)
        # Bytes of UTF-8 before each unit; half of a pair stands for half of four bytes.
        sizes = np.where(units < 0x80, 1, np.where(units < 0x800, 2, 3))
        sizes[(units >= 0xD800) & (units < 0xE000)] = 2
        places = np.concatenate([[0], np.cumsum(sizes)])
        buffer = np.ascontiguousarray(units)
        status = ctypes.c_int(0)
        self.call["setText"](self.iterator, buffer.ctypes.data_as(ctypes.c_void_p), len(units),
                             ctypes.byref(status))
        words, start = [], 0
        while True:
            end = self.call["next"](self.iterator)
            if end < 0:
                return words
            if self.call["getRuleStatus"](self.iterator) >= 100:
                words.append((places[start], places[end]))
            start = end


class Model:
    """A tokenizer.json as Hugging Face's library has it."""

    def __init__(self, path):
        data = json.loads(path.read_text(encoding="utf-8"))
        self.tokenizer = tokenizers.Tokenizer.from_file(str(path))
        self.tokenizer.encode_special_tokens = True
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        # Old files do not say it.
        kind = data["model"].get("type", "BPE" if "merges" in data["model"] else "WordPiece")
        vocabulary = self.tokenizer.get_vocab(with_added_tokens=True)
        self.special = {entry["id"] for entry in data["added_tokens"] if entry["special"]}
        self.size = len(vocabulary)
        self.ids = max(vocabulary.values()) + 1
        fallback = data["model"].get("byte_fallback", False)
        self.drops_blanks = kind == "WordPiece"
        self.is_byte_level = "ByteLevel" in json.dumps(data["decoder"])
        alphabet = {character: byte for byte, character in peers.byte_alphabet().items()}
        self.texts, self.fallback = {}, set()
        for token, id in vocabulary.items():
            if self.is_byte_level:
                text = bytes(alphabet[c] for c in token) if id not in self.special else token.encode()
            elif kind == "WordPiece":
                text = token[2:] if token.startswith("##") else " " + token
                if data["decoder"]["cleanup"]:
                    for shown, clean in CLEANUP:
                        text = text.replace(shown, clean)
                text = text.encode()
            elif fallback and re.fullmatch("<0x[0-9A-F]{2}>", token):
                text = bytes([int(token[3:5], 16)])
                self.fallback.add(id)
            else:
                text = token.replace("▁", " ").encode()
            self.texts[id] = text
        unknown = data["model"].get("unk_token")
        self.unknown = vocabulary.get(unknown)
        if kind == "Unigram":
            self.unknown = data["model"]["unk_id"]

    def divide_characters(self, text, ids, starts, ends):
        """Gives each of the bytes that a character falls back to its own place, or that of the character if
        normalization changed it; Hugging Face's offsets of all are those of the run of such characters."""
        is_byte = np.isin(ids, list(self.fallback))
        first = 0
        while first < len(ids):
            last = first + 1
            while is_byte[first] and last < len(ids) and is_byte[last] and starts[last] == starts[first]:
                last += 1
            if is_byte[first]:
                before = text[starts[first]:ends[first]].decode()
                after = b"".join(self.texts[id] for id in ids[first:last]).decode()
                if len(before) == len(after):
                    place = starts[first]
                    places = []
                    for old, new in zip(before, after):
                        size = len(old.encode())
                        # ～ becomes another one and then itself again (SentencePiece's rules leave it alone).
                        places += ([(place + k, place + k + 1) for k in range(size)] if old == new != "～"
                                   else [(place, place + size)] * len(new.encode()))
                        place += size
                    starts[first:last], ends[first:last] = zip(*places)
            first = last

    def cut(self, documents):
        """For all documents: id, start, end and document of each token, and whether each document comes
        back."""
        ids, starts, ends, numbers, exact = [], [], [], [], []
        base = 0
        encodings = self.tokenizer.encode_batch(documents, add_special_tokens=False)
        decoded = self.tokenizer.decode_batch([e.ids for e in encodings], skip_special_tokens=False)
        for number, (document, encoding, text) in enumerate(zip(documents, encodings, decoded)):
            size = len(document.encode())
            lengths = np.array([len(self.texts[id]) for id in encoding.ids], dtype=np.int64)
            total = int(lengths.sum())
            exact.append(text == document)
            blank = total - size
            # Borders are where offsets are, which Hugging Face's library has for whole characters only: for
            # bytes of characters, lengths of tokens tell them. BERT's decoder guesses blanks.
            if not self.drops_blanks and text == document and (
                    blank == 0 or blank == 1 and self.texts[encoding.ids[0]].startswith(b" ")):
                border = np.maximum(np.cumsum(lengths) - blank, 0)
                start, end = np.concatenate([[0], border[:-1]]), border
            else:
                places = np.concatenate(
                    [[0], np.cumsum([len(c.encode()) for c in document])]).astype(np.int64)
                offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
                start, end = places[offsets[:, 0]], places[offsets[:, 1]]
                self.divide_characters(document.encode(), np.array(encoding.ids), start, end)
                # A blank that is put before a text has the place of the first character.
                end[:-1] = np.minimum(end[:-1], start[1:])
            ids.append(np.array(encoding.ids, dtype=np.int64))
            starts.append(start[:len(lengths)] + base)
            ends.append(end + base)
            numbers.append(np.full(len(lengths), number))
            base += size
        joined = [np.concatenate(part).astype(np.int64) for part in (ids, starts, ends, numbers)]
        return *joined, np.array(exact)


def measure(models, documents, words, groups):
    """Counts of each document: those of the text, and those of each model; and uses of ids by the groups that
    documents are in."""
    sizes = np.array([len(d.encode()) for d in documents])
    ends = np.cumsum(sizes)
    text = np.frombuffer("".join(documents).encode(), dtype=np.uint8)
    count = len(documents)
    owner = np.repeat(np.arange(count), sizes)
    tails = np.concatenate([(text & 0xC0) == 0x80, [False]])
    is_inner = np.ones(len(text) + 1, dtype=bool)
    is_inner[np.concatenate([[0], ends])] = False
    spans, digits = [], []
    for number, document in enumerate(documents):
        base = ends[number] - sizes[number]
        spans += [(base + start, base + end, number) for start, end in words.of(document)]
        digits += [(base + run.start(), base + run.end(), number)
                   for run in re.finditer(rb"[0-9]+", document.encode())]
    spans = np.array(spans, dtype=np.int64).reshape(-1, 3)
    digits = np.array(digits, dtype=np.int64).reshape(-1, 3)
    digit_places = [(p, number, (end - p) % 3 == 0) for start, end, number in digits
                    for p in range(start + 1, end)]
    digit_places = np.array(digit_places, dtype=np.int64).reshape(-1, 3)
    leads = np.flatnonzero(~tails[:-1] & tails[1:])
    # The character that each byte belongs to, by its first byte.
    first_bytes = np.maximum.accumulate(np.where(tails[:-1], 0, np.arange(len(text))))

    def per_document(numbers, weights=None):
        return np.bincount(numbers, weights, minlength=count).astype(np.int64)

    shared = {
        "documents": np.ones(count, dtype=np.int64), "bytes": sizes,
        "characters": per_document(owner[~tails[:-1]]), "words": per_document(spans[:, 2]),
        "wide": per_document(owner[leads]), "groups": per_document(
            digit_places[:, 1], digit_places[:, 2]),
    }
    rows, uses, borders = [], [], []
    for model in models:
        ids, starts, stops, numbers, exact = model.cut(documents)
        border = np.zeros(len(text) + 1, dtype=bool)
        border[starts] = border[stops] = True
        border &= is_inner
        borders.append(border)
        unknown = np.zeros(len(text) + 1, dtype=np.int64)
        for start, stop in zip(starts[ids == model.unknown], stops[ids == model.unknown]):
            if not exact[np.searchsorted(ends, start, side="right")]:
                unknown[start:stop] = 1
        before = np.concatenate([[0], np.cumsum(border)])
        lost = np.concatenate([[0], np.cumsum(unknown)])
        is_whole = ((before[spans[:, 1]] - before[spans[:, 0] + 1] == 0)
                    & (lost[spans[:, 1]] - lost[spans[:, 0]] == 0))
        cut = np.unique(first_bytes[np.flatnonzero(border & tails)])
        at_digits = border[digit_places[:, 0]]
        rows.append({
            "tokens": per_document(numbers), "exact": exact.astype(np.int64),
            "whole": per_document(spans[is_whole, 2]),
            "unknown": per_document(numbers[ids == model.unknown]),
            "fallback": per_document(numbers[np.isin(ids, list(model.fallback))]),
            "complete": per_document(numbers[~(tails[starts] | tails[stops])]),
            "split": per_document(owner[cut]),
            "both": per_document(owner[np.flatnonzero(border & borders[0])]),
            "either": per_document(owner[np.flatnonzero(border | borders[0])]),
            "digits": per_document(digit_places[at_digits, 1]),
            "grouped": per_document(digit_places[at_digits, 1], digit_places[at_digits, 2]),
        })
        uses.append(np.bincount(np.asarray(groups)[numbers] * model.ids + ids,
                                minlength=GROUPS * model.ids).reshape(GROUPS, model.ids))
    return shared, rows, uses


def measure_all(models, documents, seed, numbers=None, step=20_000):
    """`measure` of many documents, a batch after the other, in the groups of resampling. Documents of one
    number are drawn together."""
    words = Words()
    groups = dealt(np.arange(len(documents)) if numbers is None else numbers, GROUPS, seed)
    counts, rows, uses = [], [], [0] * len(models)
    for start in range(0, len(documents), step):
        part = measure(models, documents[start:start + step], words, groups[start:start + step])
        counts.append(part[0])
        rows.append(part[1])
        uses = [total + more for total, more in zip(uses, part[2])]
    return ({name: np.concatenate([part[name] for part in counts]) for name in counts[0]},
            [{name: np.concatenate([part[number][name] for part in rows]) for name in rows[0][number]}
             for number in range(len(models))], uses)


def ratios(shared, rows):
    """Values of the metrics that are ratios of sums, from sums (or arrays of them)."""
    values = []
    for row in rows:
        counts = {**shared, **row}
        with np.errstate(divide="ignore", invalid="ignore"):
            found = {name: np.divide(counts[part], counts[whole], dtype=float)
                     for name, (part, whole) in RATIOS.items()}
            found["length"] = np.divide(row["tokens"], rows[0]["tokens"], dtype=float)
            found["digit-grouping"] = np.divide(
                2 * row["grouped"], row["digits"] + shared["groups"], dtype=float)
            found["boundaries"] = np.divide(row["both"], row["either"], dtype=float)
        values.append(found)
    return values


def efficiencies(uses, size):
    """Shannon's and Rényi's entropies by the logarithm of the size of the vocabulary."""
    shares = uses[uses > 0] / uses.sum()
    shannon = -np.sum(shares * np.log2(shares)) / np.log2(size)
    return shannon, np.log2(np.sum(shares ** 2.5)) / (1 - 2.5) / np.log2(size)


def philox(counter, key):
    """Philox4x32-10 (Salmon et al. 2011) of arrays of counters, four words of 32 bits each."""
    c = [np.asarray(word, dtype=np.uint64) for word in counter]
    k = [np.uint64(key[0]), np.uint64(key[1])]
    mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        first, second = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [second >> half ^ c[1] ^ k[0], second & mask, first >> half ^ c[3] ^ k[1], first & mask]
        k = [k[0] + np.uint64(0x9E3779B9) & mask, k[1] + np.uint64(0xBB67AE85) & mask]
    return c


def words_of_chance(seed, places, count):
    """The first words of the random sequences of some places, a row each."""
    blocks = -(-count // 4)
    block = np.tile(np.arange(blocks, dtype=np.uint64), (len(places), 1))
    place = np.repeat(np.asarray(places, dtype=np.uint64)[:, None], blocks, axis=1)
    half = np.uint64(32)
    words = philox([block & np.uint64(0xFFFFFFFF), block >> half,
                    place & np.uint64(0xFFFFFFFF), place >> half],
                   (seed & 0xFFFFFFFF, seed >> 32))
    return np.stack(words, axis=-1).reshape(len(places), -1)[:, :count]


def dealt(numbers, limit, seed):
    """The unit of each document: its number, or one of so many groups that chance makes of all numbers."""
    numbers = np.asarray(numbers, dtype=np.int64)
    if numbers.max() < limit:
        return numbers
    places = numbers.astype(np.uint64) | np.uint64(1 << 63)
    return (words_of_chance(seed, places, 1)[:, 0] % limit).astype(np.int64)


def resampled(columns, replicates, seed, first_place=0):
    """Sums of arrays of units, by resampling."""
    count = len(next(iter(columns.values())))
    sums = {name: np.empty(replicates, dtype=column.dtype) for name, column in columns.items()}
    for first in range(0, replicates, 100):
        places = range(first, min(first + 100, replicates))
        drawn = words_of_chance(seed, [first_place + place for place in places], count)
        drawn = (drawn * np.uint64(count) >> np.uint64(32)).astype(np.int64)
        for name, column in columns.items():
            sums[name][first:first + len(places)] = column[drawn].sum(axis=1)
    return sums


def percentiles(values):
    """Where 95 of 100 values lie; None for less than two."""
    values = values[np.isfinite(values)]
    return np.percentile(values, [2.5, 97.5]) if len(values) > 1 else None


def difference_ends(other, first):
    with np.errstate(divide="ignore", invalid="ignore"):
        absolute = other - first
        return [percentiles(absolute), percentiles(absolute / first)]


def intervals(shared, rows, replicates, seed, numbers=None):
    """By other model and metric: ends of the differences' intervals, absolute and relative; for boundaries
    those of the value. Documents of one number are drawn together."""
    columns = {("", name): column for name, column in shared.items()}
    for number, row in enumerate(rows):
        columns |= {(number, name): column for name, column in row.items()}
    total = len(shared["documents"])
    group = dealt(np.arange(total) if numbers is None else numbers, UNITS, seed)
    size = min(UNITS, total if numbers is None else max(numbers) + 1)
    sums = resampled({name: np.bincount(group, column, minlength=size).astype(np.int64)
                      for name, column in columns.items()}, replicates, seed)
    shared_sums = {name: s for (owner, name), s in sums.items() if owner == ""}
    row_sums = [{name: s for (owner, name), s in sums.items() if owner == number}
                for number in range(len(rows))]
    values = ratios(shared_sums, row_sums)
    for value, row in zip(values, row_sums):
        # As if groups had all as many documents.
        value["tokens"] = row["tokens"] / shared_sums["documents"] * total
    return [{name: percentiles(other[name]) if name == "boundaries"
             else difference_ends(other[name], values[0][name]) for name in other} for other in values[1:]]


def evenness_intervals(uses, sizes, replicates, seed, count):
    """By other model: ends of the differences' intervals of Shannon's and Rényi's efficiencies, by their
    derivatives. `count`: groups that documents can be in."""
    columns = {}
    logarithms = []
    for number, matrix in enumerate(uses):
        matrix = matrix[:count].astype(float)
        total = matrix.sum(axis=0)
        shares = total[total > 0] / total.sum()
        columns |= {(number, "tokens"): matrix.sum(axis=1),
                    (number, "surprisal"): -matrix[:, total > 0] @ np.log2(shares),
                    (number, "power"): matrix[:, total > 0] @ shares ** 1.5}
        logarithms.append(np.log2(np.sum(shares ** 2.5)))
    sums = resampled(columns, replicates, seed)
    values = []
    for number, size in enumerate(sizes):
        tokens = sums[number, "tokens"]
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.log2(sums[number, "power"] / tokens)
            values.append({
                "shannon": sums[number, "surprisal"] / tokens / np.log2(size),
                "renyi": (2.5 * power - 1.5 * logarithms[number]) / (1 - 2.5) / np.log2(size)})
    return [{name: difference_ends(other[name], values[0][name]) for name in other}
            for other in values[1:]]


def gini_intervals(languages, replicates, seed, is_parallel):
    """By other model: ends of the differences' intervals. `languages`: of each, by name, what a document costs
    for each of, and its tokens by model."""
    sums = []
    for place, (whole, tokens) in enumerate(languages):
        group = dealt(np.arange(len(whole)), LANGUAGE_UNITS, seed)
        size = min(LANGUAGE_UNITS, len(whole))
        columns = {number: np.bincount(group, column, minlength=size).astype(np.int64)
                   for number, column in enumerate([whole, *tokens])}
        sums.append(resampled(columns, replicates, seed, (1 if is_parallel else place + 1) << 32))
    models = range(1, len(languages[0][1]) + 1)
    values = [np.array([gini([s[model][replicate] / s[0][replicate] for s in sums])
                        for replicate in range(replicates)]) for model in models]
    return [difference_ends(other, values[0]) for other in values[1:]]


def gini(costs):
    """Mean distance of two costs by twice their mean."""
    costs = np.array(costs, dtype=float)
    distance = np.abs(costs[:, None] - costs[None, :]).sum()
    return distance / (2 * len(costs) ** 2 * costs.mean())
