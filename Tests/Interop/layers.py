"""Embedding layers as their readers see them, and what they must hold, computed by other means."""

import json
import struct

import numpy

import peers

DTYPES = {"F32": numpy.dtype("<f4"), "F16": numpy.dtype("<f2"), "BF16": numpy.dtype("<u2")}


def export(model, place, *options, check=True):
    return peers.toktrain("export", model, "-o", place, "--quiet", *options, check=check)


def raw_tensors(path):
    """Name, type, shape and bytes of each tensor of a safetensors file, read by hand: bf16 stays bits."""
    data = path.read_bytes()
    length, = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    return {name: (entry["dtype"], entry["shape"],
                   data[8 + length + entry["data_offsets"][0]:8 + length + entry["data_offsets"][1]])
            for name, entry in header.items()}


def tensors(place):
    return {name: numpy.frombuffer(data, DTYPES[dtype]).reshape(shape)
            for name, (dtype, shape, data) in raw_tensors(place / "embeddings.safetensors").items()}


def record(place):
    return json.loads((place / "layer.json").read_text())


def bf16(values):
    """Bits of the nearest bfloat16, ties to even."""
    bits = values.astype("<f4").view("<u4").astype(numpy.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def philox(counter, key):
    """Philox4x32-10 in whole numbers of Python (Salmon and others 2011)."""
    (a, b, c, d), (k, l) = counter, key
    for _ in range(10):
        first, second = a * 0xD2511F53, c * 0xCD9E8D57
        a, b, c, d = (second >> 32) ^ b ^ k, second & 0xFFFFFFFF, (first >> 32) ^ d ^ l, (
            first & 0xFFFFFFFF)
        k, l = (k + 0x9E3779B9) & 0xFFFFFFFF, (l + 0xBB67AE85) & 0xFFFFFFFF
    return a, b, c, d


def words(seed, table, row, count):
    key = seed & 0xFFFFFFFF, seed >> 32
    blocks = (philox((block, table, row & 0xFFFFFFFF, row >> 32), key)
              for block in range((count + 3) // 4))
    return [word for block in blocks for word in block][:count]


def sinusoids(length, dimension, layout="interleaved", spacing="paper", base=10000.0, scale=1.0):
    """In double precision, as the formula stands."""
    half = dimension // 2
    frequencies = base ** (-numpy.arange(half) / (half if spacing == "paper" else max(1, half - 1)))
    angles = numpy.arange(length)[:, None] * frequencies
    table = numpy.empty((length, dimension))
    if layout == "interleaved":
        table[:, 0::2], table[:, 1::2] = numpy.sin(angles), numpy.cos(angles)
    else:
        table[:, :half], table[:, half:] = numpy.sin(angles), numpy.cos(angles)
    return (scale * table).astype("<f4")
