"""Nearest tokens, analogies and the map, against numpy."""

import json
import re
import xml.etree.ElementTree

import numpy
import pytest

import peers

WORDS = ["tokenizer", "text", "the", "words", "language"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A model and random vectors for it."""
    place = tmp_path_factory.mktemp("neighbors")
    peers.toktrain("bpe", peers.own_corpus(), "-v", 1500, "-o", place / "model", "--quiet")
    vectors = numpy.random.default_rng(3).standard_normal((1504, 40)).astype(numpy.float32)
    vectors[1300] = 0
    numpy.save(place / "v.npy", vectors)
    return place


def neighbors(place, *words, options=()):
    run = peers.toktrain("neighbors", place / "model", "--vectors", place / "v.npy", "--json",
                         *options, *words)
    return [json.loads(line) for line in run.stdout.splitlines()]


def principal_plane(points):
    """Places on the two directions in which points differ most, and the share of each direction."""
    centered = points - points.mean(axis=0)
    _, lengths, directions = numpy.linalg.svd(centered, full_matrices=False)
    return centered @ directions[:2].T, (lengths**2 / (lengths**2).sum())[:2]


def unit(rows):
    return rows / numpy.linalg.norm(rows, axis=-1, keepdims=True)


def directions(place):
    vectors = numpy.load(place / "v.npy")[:1500].astype(float)
    lengths = numpy.linalg.norm(vectors, axis=1, keepdims=True)
    return numpy.divide(vectors, lengths, out=numpy.zeros_like(vectors), where=lengths > 0)


def assert_nearest(found, rows, direction, excluded, count):
    cosines = rows @ direction
    allowed = [id for id in range(len(rows)) if id not in excluded and rows[id].any()]
    order = sorted(allowed, key=lambda id: (-cosines[id], id))[:count]
    assert [neighbor["id"] for neighbor in found] == order
    for neighbor in found:
        assert abs(neighbor["cosine"] - cosines[neighbor["id"]]) < 1e-5


def test_nearest_tokens_are_numpys(place):
    rows = directions(place)
    answers = neighbors(place, *WORDS, options=("-n", 25))
    words, pairs = answers[:len(WORDS)], answers[len(WORDS):]
    found = {}
    for word, answer in zip(WORDS, words):
        assert answer["word"] == word
        found[word] = unit(rows[answer["ids"]].mean(axis=0))
        assert_nearest(answer["neighbors"], rows, found[word], answer["ids"], 25)
    expected = [[first, second] for place, first in enumerate(WORDS) for second in WORDS[place + 1:]]
    assert [pair["words"] for pair in pairs] == expected
    for pair in pairs:
        first, second = pair["words"]
        assert abs(pair["cosine"] - found[first] @ found[second]) < 1e-5


def test_analogies_are_numpys(place):
    rows = directions(place)
    three = WORDS[1:4]
    [answer] = neighbors(place, *three, options=("--analogy",))
    assert answer["analogy"] == three
    parts = [unit(rows[word["ids"]].mean(axis=0)) for word in neighbors(place, *three)[:3]]
    assert_nearest(answer["neighbors"], rows, unit(parts[1] - parts[0] + parts[2]), answer["ids"], 10)


def test_the_map_shows_principal_components(place, tmp_path):
    rows = directions(place)
    answers = neighbors(place, "the", "text", options=("--plot", tmp_path / "map.svg", "-n", 12))
    root = xml.etree.ElementTree.parse(tmp_path / "map.svg").getroot()
    name = "{http://www.w3.org/2000/svg}"
    dots = numpy.array([[float(dot.get("cx")), float(dot.get("cy"))]
                        for dot in root.iter(name + "circle")])
    ids = [answer["ids"] for answer in answers[:2]]
    for answer in answers[:2]:
        ids += [[neighbor["id"]] for neighbor in answer["neighbors"] if [neighbor["id"]] not in ids]
    points = numpy.array([unit(rows[row].mean(axis=0)) for row in ids])
    expected, shares = principal_plane(points)
    dots, expected = dots - dots.mean(axis=0), expected - expected.mean(axis=0)
    # Up to one scale for both axes and the sign of each. Places are written in tenths of a pixel.
    scale = numpy.linalg.norm(dots) / numpy.linalg.norm(expected)
    for axis in (0, 1):
        sign = numpy.sign(dots[:, axis] @ expected[:, axis])
        assert numpy.abs(dots[:, axis] - sign * scale * expected[:, axis]).max() < 0.2
    texts = [text.text for text in root.iter(name + "text")]
    assert texts[:2] == ["the", "text"] and len(texts) == len(dots) + 1
    said = [int(share) for share in re.findall(r"(\d+)%", texts[-1])]
    assert said == [round(100 * share) for share in shares]


def test_what_cannot_be_compared_is_told(place, tmp_path):
    vectors = numpy.load(place / "v.npy")

    def failing(vectors, *words, options=()):
        numpy.save(tmp_path / "bad.npy", vectors)
        run = peers.toktrain("neighbors", place / "model", "--vectors", tmp_path / "bad.npy",
                             *options, *words, check=False)
        return run.returncode, run.stderr.decode()

    status, said = failing(vectors[:1400], "the")
    assert status == 3 and "1400 rows" in said and "1500 ids" in said
    broken = vectors.copy()
    broken[700, 5] = numpy.nan
    status, said = failing(broken, "the")
    assert status == 3 and "row 700" in said and "column 5" in said
    status, said = failing(numpy.zeros_like(vectors), "the")
    assert status == 3 and "zero" in said
    status, said = failing(vectors, "the", options=("--analogy",))
    assert status == 2 and "three words" in said
    status, said = failing(vectors, "the", options=("--plot", tmp_path / "m.svg", "-n", 900))
    assert status == 2 and "500 points" in said
    run = peers.toktrain("neighbors", place / "model", "the", check=False)
    assert run.returncode == 4 and b"embeddings.safetensors" in run.stderr
