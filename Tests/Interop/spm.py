"""SentencePiece's side of comparisons: its models, and ours as it reads them."""

import io
import struct

import sentencepiece

import peers


def value(text):
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def pieces(processor):
    """Text, score (its bits: -0 is not 0) and kind of each piece."""
    return [(processor.id_to_piece(i), processor.get_score(i), str(processor.get_score(i)),
             processor.is_control(i), processor.is_unknown(i), processor.is_byte(i))
            for i in range(processor.get_piece_size())]


def theirs(kind, path, size, options):
    def train():
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            input=str(path), model_writer=model, vocab_size=size, model_type=kind,
            max_sentence_length=1 << 30, minloglevel=2,
            **{name: value(text) for name, text in options.items()})
        return model.getvalue().hex()

    words = [kind, size, sorted(options.items())]
    model = bytes.fromhex(peers.cached("sentencepiece", words, path, train))
    return sentencepiece.SentencePieceProcessor(model_proto=model)


def ours(verb, path, place, size, options):
    """Our model of the same options, as SentencePiece loads it."""
    words = [f"--{name}={text}" for name, text in options.items()
             if name not in ("normalization_rule_name", "num_threads")]
    if "normalization_rule_name" in options:
        words += ["-n", options["normalization_rule_name"]]
    peers.toktrain(*verb, path, "-v", size, "-o", place, "--quiet", "--force", *words)
    return sentencepiece.SentencePieceProcessor(model_file=str(place / "tokenizer.model"))


def assert_equal(found, expected):
    for number, (a, b) in enumerate(zip(found, expected)):
        assert a == b, f"piece {number}: ours {a}, theirs {b}"
    assert len(found) == len(expected)


def encoded(place, lines, *options):
    run = peers.toktrain("encode", place, *options, input="".join(l + "\n" for l in lines).encode())
    return [[int(word) for word in line.split()]
            for line in run.stdout.decode().split("\n")[:len(lines)]]


def decoded(place, ids):
    text = "".join(" ".join(map(str, line)) + "\n" for line in ids)
    return peers.toktrain("decode", place, input=text.encode()).stdout.decode().split("\n")[:-1]


def compare_ids(place, processor, lines):
    found, expected = encoded(place, lines), processor.encode(lines)
    for line, a, b in zip(lines, found, expected):
        assert a == b, f"{line!r}: ours {a}, theirs {b}"
    for line, a, b in zip(lines, decoded(place, expected), processor.decode(expected)):
        assert a == b, f"{line!r}: ours {a!r}, theirs {b!r}"


# What changes how text is encoded.
ENCODING_OPTIONS = [{}, {"byte_fallback": "true"}, {"user_defined_symbols": "the,<sep>,ng ,e"},
                    {"treat_whitespace_as_suffix": "true"}, {"remove_extra_whitespaces": "false"}]
ODD_LINES = ["", "  two  blanks ", "unknown: ☃ ☃☃ 🦆", "<s> </s> <unk>", "the <sep>them", "\ttab",
             "m" * 1200, "eee" * 40, "]]]" * 20]


def own_lines():
    return peers.own_corpus().read_text(encoding="utf-8").split("\n")[:-1] + ODD_LINES


def compare_own_texts(verb, place, options):
    processor = ours(verb, peers.own_corpus(), place, 2000, options)
    compare_ids(place, processor, own_lines())


def compare_with_hugging_face(verb, place):
    """Its library reads our tokenizer.json and gives the ids and texts of our tokenizer.model."""
    from tokenizers import Tokenizer

    for options in ({}, {"byte_fallback": "true"}):
        processor = ours(verb, peers.own_corpus(), place, 2000, options)
        loaded = Tokenizer.from_file(str(place / "tokenizer.json"))
        # Rows of equal letters have ties, which are decided there in another precision.
        for line in own_lines()[:-3]:
            ids = processor.encode(line)
            assert loaded.encode(line).ids == ids, line
            assert loaded.decode(ids, skip_special_tokens=False) == processor.decode(ids), line


def fields(message):
    """Numbers and values of a protobuf message: integers, bytes, and bytes of fixed width."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while place < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = varint() if key & 7 == 2 else {1: 8, 5: 4}[key & 7]
        yield key >> 3, message[place:place + size]
        place += size


def best_ways(processor, line, count):
    """Ids and score of each of the best ways to cut a line (`NBestSentencePieceText`)."""
    ways = []
    for _, way in fields(processor.NBestEncode(
            line, nbest_size=count, return_type="serialized_proto")):
        parts = list(fields(way))
        ids = [dict(fields(piece)).get(2, 0) for number, piece in parts if number == 2]
        ways.append((ids, struct.unpack("<f", dict(parts)[3])[0]))
    return ways
