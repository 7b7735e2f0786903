"""Embedding layers: files as their own libraries write them, numbers as formulas and distributions say."""

import io
import json
import math
import os
import statistics
import subprocess

import numpy
import pytest
import safetensors
import safetensors.numpy

import layers
import peers
import transformer_layer

DRAWN = {"--dim": 192, "--max-length": 50}


def options(**changes):
    chosen = {**DRAWN, **{"--" + name.replace("_", "-"): value for name, value in changes.items()}}
    return [word for pair in chosen.items() for word in pair if word is not None]


@pytest.fixture(scope="module")
def layer(model, tmp_path_factory):
    place = tmp_path_factory.mktemp("layer") / "transformer"
    layers.export(model, place, *options())
    return place


@pytest.mark.parametrize("dtype", ["f32", "f16", "bf16"])
def test_files_are_what_the_safetensors_library_writes(model, tmp_path, dtype):
    layers.export(model, tmp_path / "l", *options(dtype=dtype))
    raw = layers.raw_tensors(tmp_path / "l/embeddings.safetensors")
    names = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}
    buffers = {name: numpy.frombuffer(data, "u1") for name, (*_, data) in raw.items()}
    expected = safetensors.serialize(
        {name: safetensors.TensorSpec(dtype=names[kind], shape=shape, data_len=len(data),
                                      data_ptr=buffers[name].ctypes.data)
         for name, (kind, shape, data) in raw.items()}, {"format": "pt"})
    assert (tmp_path / "l/embeddings.safetensors").read_bytes() == bytes(expected)
    if dtype != "bf16":  # numpy has none
        loaded = safetensors.numpy.load_file(tmp_path / "l/embeddings.safetensors")
        for name, table in layers.tensors(tmp_path / "l").items():
            assert (loaded[name] == table).all()


@pytest.mark.parametrize("dtype", ["f32", "f16"])
def test_arrays_are_what_numpy_writes(model, tmp_path, dtype):
    layers.export(model, tmp_path / "l", *options(dtype=dtype, positions="alibi", also="npy"))
    tables = layers.tensors(tmp_path / "l")
    for name, file in [("token_embedding.weight", "token_embedding.npy"),
                       ("segment_embedding.weight", "segment_embedding.npy"),
                       ("alibi.slopes", "alibi_slopes.npy")]:
        expected = io.BytesIO()
        numpy.save(expected, tables[name])
        assert (tmp_path / "l" / file).read_bytes() == expected.getvalue()


def test_types_are_the_nearest_numbers(model, layer, tmp_path):
    exact = layers.tensors(layer)
    for dtype, convert in [("f16", lambda table: table.astype("<f2")), ("bf16", layers.bf16)]:
        layers.export(model, tmp_path / dtype, *options(dtype=dtype))
        for name, table in layers.tensors(tmp_path / dtype).items():
            assert (table == convert(exact[name])).all(), name


@pytest.mark.parametrize("preset,std,table", [
    ("torch", 1.0, 0), ("gpt2", 0.02, 0), ("gpt2", 0.01, 1), ("t5", 1.0, 0), ("llama", 0.02, 0),
    ("transformer", 192 ** -0.5, 0), ("transformer", 1.0, 2), ("mlx", 192 ** -0.5, 0)])
def test_draws_are_quantiles_of_the_words_of_philox(model, tmp_path, preset, std, table):
    seed = 0xFEDCBA9876543210
    layers.export(model, tmp_path / "l", *options(init=preset, seed=seed))
    name = ["token_embedding", "position_embedding", "segment_embedding"][table] + ".weight"
    found = layers.tensors(tmp_path / "l")[name]
    normal = statistics.NormalDist()
    for row in (0, 1, len(found) - 1):
        for value, word in zip(found[row], layers.words(seed, table, row, 192)):
            share = ((word & 0x7FFFFFFF) + 0.5) / 2 ** 32
            expected = normal.inv_cdf(share) * std * (-1 if word >> 31 else 1)
            assert abs(value - expected) <= 1e-7 * abs(expected) + 1e-11 * std


def distance(values, cumulative):
    """Kolmogorov's: how far the share of values below one is from what it should be, at most."""
    values = numpy.sort(values)
    expected = cumulative(values)
    steps = numpy.arange(len(values) + 1) / len(values)
    return max(numpy.abs(expected - steps[:-1]).max(), numpy.abs(expected - steps[1:]).max())


def normal_share(x):
    return 0.5 * (1 + numpy.vectorize(math.erf)(x / math.sqrt(2)))


@pytest.mark.parametrize("init,std,cumulative", [
    ("gpt2", 0.02, lambda x: normal_share(x / 0.02)),
    ("bert", 0.02 * 0.87963, lambda x: (normal_share(x / 0.02) - 0.02275013) / 0.95449974),
    ("keras", 0.05 / 3 ** 0.5, lambda x: (x / 0.05 + 1) / 2)])
def test_draws_are_distributed_as_they_should(model, tmp_path, init, std, cumulative):
    layers.export(model, tmp_path / "l", *options(init=init))
    values = layers.tensors(tmp_path / "l")["token_embedding.weight"].astype(float)
    count = values.size
    assert abs(values.mean()) < 5 * std / count ** 0.5
    assert abs(values.std() / std - 1) < 5 / (2 * count) ** 0.5
    # At this distance one true sample in a thousand is; the seed is fixed.
    assert distance(values.ravel(), cumulative) < 1.949 / count ** 0.5
    # Neither rows nor columns know of each other.
    assert abs(numpy.corrcoef(values[:-1].ravel(), values[1:].ravel())[0, 1]) < 5 / count ** 0.5
    assert abs(numpy.corrcoef(values[:, :-1].ravel(), values[:, 1:].ravel())[0, 1]) < 5 / count ** 0.5
    assert len({row.tobytes() for row in values}) == len(values)


def test_orthogonal_tables_are_orthogonal(model, tmp_path):
    layers.export(model, tmp_path / "l", *options(init="orthogonal"))
    tables = layers.tensors(tmp_path / "l")
    tokens = tables["token_embedding.weight"].astype(float)
    assert numpy.abs(tokens.T @ tokens - numpy.eye(192)).max() < 1e-6
    segments = tables["segment_embedding.weight"].astype(float)
    assert numpy.abs(segments @ segments.T - numpy.eye(2)).max() < 1e-6


def test_layers_are_the_same_for_any_threads_and_rows_stay_when_a_vocabulary_grows(model, tmp_path):
    contents = set()
    for threads in (1, 2, 7):
        layers.export(model, tmp_path / str(threads), *options(), "--threads", threads)
        contents.add(tuple((path.name, path.read_bytes())
                           for path in sorted((tmp_path / str(threads)).iterdir())))
    assert len(contents) == 1
    peers.toktrain("bpe", peers.own_corpus(), "-o", tmp_path / "larger", "-v", 1200, "--quiet")
    layers.export(tmp_path / "larger", tmp_path / "l", *options(), "--pad-vocab", 128)
    small = layers.tensors(tmp_path / "1")["token_embedding.weight"]
    large = layers.tensors(tmp_path / "l")["token_embedding.weight"]
    assert large.shape == (1280, 192) and (large[:1000] == small).all()
    assert large[1000:1200].any(axis=1).all() and not large[1200:].any()


@pytest.mark.parametrize("layout", ["interleaved", "halves"])
@pytest.mark.parametrize("spacing", ["paper", "t2t"])
def test_sinusoids_are_the_formulas(model, tmp_path, layout, spacing):
    layers.export(model, tmp_path / "l", "--dim", 64, "--max-length", 3000, "--layout", layout,
                  "--spacing", spacing)
    found = layers.tensors(tmp_path / "l")["position_embedding.weight"]
    expected = layers.sinusoids(3000, 64, layout, spacing)
    assert numpy.abs(found - expected).max() <= 6e-8
    assert (found == expected).mean() > 0.999
    # As frameworks compute it, in single precision.
    half = 32 if spacing == "paper" else 31
    slow = numpy.float32(10000) ** (-numpy.arange(32, dtype="f4") / numpy.float32(half))
    angles = numpy.arange(2048, dtype="f4")[:, None] * slow
    sines = found[:2048, 0::2] if layout == "interleaved" else found[:2048, :32]
    assert numpy.abs(sines - numpy.sin(angles)).max() < 3e-4


@pytest.mark.parametrize("layout", ["halves", "interleaved"])
@pytest.mark.parametrize("scaling", [False, True])
def test_rope_turns_as_its_formula(model, tmp_path, layout, scaling):
    layers.export(model, tmp_path / "l", "--dim", 256, "--positions", "rope", "--heads", 4,
                  "--max-length", 3000, "--layout", layout,
                  *(["--rope-scaling", "llama3"] if scaling else []))
    tables = layers.tensors(tmp_path / "l")
    frequencies = (500000.0 if scaling else 10000.0) ** (-numpy.arange(0, 64, 2) / 64)
    if scaling:  # as in meta-llama/llama-models, by wave length
        lengths = 2 * numpy.pi / frequencies
        smooth = (8192 / lengths - 1) / 3
        blended = (1 - smooth) * frequencies / 8 + smooth * frequencies
        frequencies = numpy.where(lengths > 8192, frequencies / 8,
                                  numpy.where(lengths < 2048, frequencies, blended))
    angles = numpy.arange(3000)[:, None] * frequencies
    angles = numpy.hstack([angles, angles]) if layout == "halves" else angles.repeat(2, axis=1)
    assert numpy.abs(tables["rotary.cosines"] - numpy.cos(angles)).max() < 6e-8
    assert numpy.abs(tables["rotary.sines"] - numpy.sin(angles)).max() < 6e-8
    assert "position_embedding.weight" not in tables


@pytest.mark.parametrize("heads", [1, 2, 6, 8, 12, 16, 20])
def test_slopes_are_those_of_the_authors(model, tmp_path, heads):
    def slopes(count):  # get_slopes of the ALiBi paper's repository
        if math.log2(count).is_integer():
            start = 2 ** (-2 ** -(math.log2(count) - 3))
            return [start * start ** i for i in range(count)]
        below = 2 ** math.floor(math.log2(count))
        return slopes(below) + slopes(2 * below)[0::2][:count - below]

    layers.export(model, tmp_path / "l", "--dim", 8, "--positions", "alibi", "--heads", heads)
    assert layers.tensors(tmp_path / "l")["alibi.slopes"] == pytest.approx(slopes(heads), rel=1e-7)


@pytest.mark.parametrize("naming,names", [
    ("gpt2", {"transformer.wte.weight", "transformer.wpe.weight"}),
    ("bert", {f"bert.embeddings.{part}_embeddings.weight" for part in
              ("word", "position", "token_type")}),
    ("llama", {"model.embed_tokens.weight", "rotary.cosines", "rotary.sines"}),
    ("t5", {"shared.weight"})])
def test_tensors_have_the_names_of_models(model, tmp_path, naming, names):
    layers.export(model, tmp_path / "l", *options(init=naming, naming=naming))
    assert set(layers.tensors(tmp_path / "l")) == names


def test_sums_are_token_segment_and_position(model, layer, tmp_path):
    tables = layers.tensors(layer)
    run = peers.toktrain("embed", layer, "How are you?", "--pair", "Größe, 東京", "--position-offset", 7,
                         "--json", "--npy", tmp_path / "sums.npy")
    found = json.loads(run.stdout)
    ids, types = numpy.array(found["ids"]), numpy.array(found["type_ids"])
    first = peers.toktrain("encode", model, input="How are you?".encode()).stdout.split()
    assert types.tolist() == [0] * len(first) + [1] * (len(ids) - len(first))
    tokens = tables["token_embedding.weight"][ids] * numpy.float32(layers.record(layer)["tokens"]["scale"])
    segments = tables["segment_embedding.weight"][types]
    positions = tables["position_embedding.weight"][7:7 + len(ids)]
    for name, part in [("token", tokens), ("segment", segments), ("position", positions),
                       ("sum", tokens + segments + positions)]:
        assert (numpy.array(found[name], "f4") == part).all(), name
    assert (numpy.load(tmp_path / "sums.npy") == tokens + segments + positions).all()
    assert math.isclose(layers.record(layer)["tokens"]["scale"], 192 ** 0.5)


def test_the_directory_is_loaded_as_the_tokenizer_it_came_from(model, layer):
    text = peers.own_corpus().read_bytes()[:20000]
    ids = [peers.toktrain("encode", place, input=text).stdout for place in (model, layer)]
    assert ids[0] == ids[1]
    assert (layer / "tokenizer.json").read_bytes() == (model / "tokenizer.json").read_bytes()
    rows = (layer / "vocab.tsv").read_text().split("\n")
    assert len(rows) == 1002 and rows[0] == "id\ttoken\tkind\tscore\tcount"
    tokens, _ = peers.read_bpe(model / "tokenizer.json")
    spelled = {char: byte for byte, char in peers.byte_alphabet().items()}
    for id, token in enumerate(tokens):
        number, text, kind, *_ = rows[id + 1].split("\t")
        content = bytes(spelled[char] for char in token)
        escaped = "".join(chr(b) if 32 <= b < 127 and b != 92 else f"\\x{b:02X}" for b in content)
        assert (int(number), text) == (id, escaped) and kind == ("byte" if len(content) == 1 else "token")


def test_rows_of_a_file_are_resized_and_converted(model, tmp_path):
    chance = numpy.random.default_rng(1)
    for rows in (700, 1000, 1300):
        old = chance.normal(size=(rows, 48)).astype("f4")
        safetensors.numpy.save_file(
            {"transformer.wte.weight": old, "other": old[:3], "bias": old[0]}, tmp_path / "old")
        numpy.save(tmp_path / "old.npy", old)
        tables = []
        for source in ("old", "old.npy"):
            layers.export(model, tmp_path / "l", "--resize", tmp_path / source, "--dtype", "bf16",
                          "--pad-vocab", 64, "--force", "--init", "torch")
            tables.append(layers.tensors(tmp_path / "l")["token_embedding.weight"])
        assert (tables[0] == tables[1]).all() and tables[0].shape == (1024, 48)
        assert layers.record(tmp_path / "l")["tokens"]["rows_from_file"] == min(rows, 1000)
        kept = min(rows, 1000)
        assert (tables[0][:kept] == layers.bf16(old[:kept])).all()
        layers.export(model, tmp_path / "d", "--dim", 48, "--dtype", "bf16", "--force", "--init", "torch")
        drawn = layers.tensors(tmp_path / "d")["token_embedding.weight"]
        assert (tables[0][kept:1000] == drawn[kept:]).all() and not tables[0][1000:].any()


def test_a_resized_table_stands_alone_unless_more_is_asked_for(model, tmp_path):
    numpy.save(tmp_path / "old.npy", numpy.ones((1000, 16), "f4"))
    layers.export(model, tmp_path / "l", "--resize", tmp_path / "old.npy")
    assert list(layers.tensors(tmp_path / "l")) == ["token_embedding.weight"]
    assert layers.record(tmp_path / "l")["tokens"]["scale"] == 1
    layers.export(model, tmp_path / "m", "--resize", tmp_path / "old.npy", "--positions", "learned",
                  "--segments", 3)
    assert {name: table.shape for name, table in layers.tensors(tmp_path / "m").items()} == {
        "token_embedding.weight": (1000, 16), "position_embedding.weight": (2048, 16),
        "segment_embedding.weight": (3, 16)}


def test_a_transformer_layer_takes_what_embed_writes(layer, tmp_path):
    peers.toktrain("embed", layer, "Dolphins leap gracefully over waves.", "--npy", tmp_path / "x.npy")
    entering = numpy.load(tmp_path / "x.npy")
    leaving = transformer_layer.Layer(192, heads=4)(entering)
    assert leaving.shape == entering.shape and numpy.isfinite(leaving).all()
    # Attention alone cannot tell the order of tokens; positions do.
    order = numpy.arange(len(entering))[::-1]
    assert numpy.allclose(transformer_layer.Layer(192, heads=4)(entering[order])[order], leaving, atol=1e-4)
    run = peers.toktrain("embed", layer, " over over", "--npy", tmp_path / "y.npy")
    first, second = numpy.load(tmp_path / "y.npy")[[0, -1]]
    assert run.returncode == 0 and not numpy.allclose(first, second)


def bad_matrix(tmp_path, kind):
    values = numpy.ones((1000, 8), "f4")
    if kind == "nan":
        values[712, 3] = numpy.nan
    if kind == "huge":
        values[712, 3] = 1e6
    path = tmp_path / f"{kind}.npy"
    numpy.save(path, values.T if kind == "fortran" else values)
    if kind == "cut":
        path.write_bytes(path.read_bytes()[:-5])
    return path


def test_what_makes_no_sense_is_told(model, tmp_path):
    bad = {kind: bad_matrix(tmp_path, kind) for kind in ("nan", "huge", "cut", "fortran", "good")}
    (tmp_path / "header").write_bytes((1 << 60).to_bytes(8, "little") + b"{}")
    (tmp_path / "text").write_bytes(b"some text that is no matrix")
    cases = [
        ([], 2, "--dim is missing"), (["--dim", 0], 2, "whole number from 1"),
        (["--dim", 7], 2, "7 is odd"), (["--dim", 8, "--tensor", "x"], 2, "--resize"),
        (["--dim", 8, "--dtype", "bf16", "--also", "npy"], 2, "numpy has no bf16"),
        (["--dim", 10, "--positions", "rope", "--heads", 3], 2, "3 heads"),
        (["--dim", 8, "--positions", "learned", "--heads", 2], 2, "--heads says nothing"),
        (["--dim", 8, "--naming", "llama"], 2, "llama have no table of positions"),
        (["--dim", 8, "--init", "xavier", "--std", 1], 2, "width of xavier"),
        (["--dim", 8, "--init", "nomral"], 2, "will not do"),
        (["--resize", bad["nan"]], 3, "row 712, column 3: nan"),
        (["--resize", bad["huge"], "--dtype", "f16"], 3, "row 712, column 3: 1000000.0 is too large"),
        (["--resize", bad["cut"]], 3, "may be cut short"),
        (["--resize", bad["fortran"]], 3, "columns stand together"),
        (["--resize", bad["good"], "--dim", 16], 3, "1000 × 8"),
        (["--resize", tmp_path / "header"], 3, "1152921504606846976 bytes"),
        (["--resize", tmp_path / "text"], 3, "neither a safetensors file nor a .npy file"),
        (["--resize", tmp_path / "absent"], 4, "No such file"),
        (["--resize", bad["good"], "--tensor", "x"], 3, "no tensor 'x'"),
    ]
    for words, status, text in cases:
        run = layers.export(model, tmp_path / "l", *words, check=False)
        errors = run.stderr.decode()
        assert run.returncode == status and text in errors, (words, errors)
        assert len([line for line in errors.splitlines() if line.startswith("toktrain: error: ")]) == 1
        assert not (tmp_path / "l").exists()
    layers.export(model, tmp_path / "l", "--dim", 8)
    assert layers.export(model, tmp_path / "l", "--dim", 8, check=False).returncode == 4
    for words, status in [(["x", "--position-offset", 5000], 3), (["x", "--allow-special", "<a>"], 3)]:
        assert peers.toktrain("embed", tmp_path / "l", *words, check=False).returncode == status
    assert peers.toktrain("embed", model, "x", check=False).returncode == 4


def test_a_part_that_drowns_another_is_told(model, tmp_path):
    def warning(*words):
        run = peers.toktrain("export", model, "-o", tmp_path / "l", "--force", "--dim", 64, *words)
        return b"warning" in run.stderr

    assert warning("--init", "normal") and warning("--init", "gpt2", "--positions", "sinusoidal")
    assert not warning("--init", "normal", "--positions", "learned")
    for preset in ("transformer", "gpt2", "bert", "t5", "llama", "torch", "keras", "mlx"):
        assert not warning("--init", preset), preset


def export_memory(model, place, *words):
    """Bytes of memory that writing a layer takes."""
    process = subprocess.Popen([peers.TOOL, "export", model, "-o", place, "--quiet", "--force",
                                *map(str, words)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


def test_memory_does_not_follow_the_size_of_the_tables(model, tmp_path):
    words = ["--dtype", "bf16", "--max-length", 16, "--threads", 2]
    small = export_memory(model, tmp_path / "l", "--dim", 512, *words)
    large = export_memory(model, tmp_path / "l", "--dim", 32768, *words)
    assert (tmp_path / "l/embeddings.safetensors").stat().st_size > 64_000_000
    assert large < small + 8_000_000


@pytest.mark.exact
def test_a_table_of_four_gigabytes_takes_less_than_300_megabytes(tmp_path):
    vocabulary = {f"t{id}": id for id in range(256_000)}
    (tmp_path / "tokenizer.json").write_text(json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None, "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "t0"}}))
    memory = export_memory(tmp_path / "tokenizer.json", tmp_path / "l", "--dim", 8192, "--dtype", "bf16",
                           "--max-length", 2048, "--threads", 2)
    size = (tmp_path / "l/embeddings.safetensors").stat().st_size
    assert size > 256_000 * 8192 * 2
    print(f"{size} bytes, {memory} of memory")
    assert memory < 300_000_000


TORCH = """
import sys, torch
from safetensors.torch import load_file
w = load_file(sys.argv[1])
emb = torch.nn.Embedding.from_pretrained(w["token_embedding.weight"], freeze=False)
ids = torch.tensor([5, 0, 999])
assert torch.equal(emb(ids), w["token_embedding.weight"][ids])
torch.save({name: table.float() for name, table in w.items()}, sys.argv[2])
for name, table in w.items():
    table.float().numpy().tofile(sys.argv[2] + "." + name)
print(torch.__version__)
"""


@pytest.mark.exact
@pytest.mark.parametrize("dtype", ["f32", "f16", "bf16"])
def test_torch_loads_a_layer_in_one_line(model, tmp_path, dtype):
    """Debian's python3-torch, with the safetensors wheel, which is for any Python."""
    (tmp_path / "path").mkdir()
    wheel = safetensors.__file__.rsplit("/", 1)[0]
    (tmp_path / "path/safetensors").symlink_to(wheel)
    probe = subprocess.run(["/usr/bin/python3", "-c", "import torch"], capture_output=True)
    if probe.returncode:
        pytest.skip("no python3-torch; make exact installs it")
    layers.export(model, tmp_path / "l", *options(dtype=dtype))
    subprocess.run(["/usr/bin/python3", "-c", TORCH, tmp_path / "l/embeddings.safetensors",
                    tmp_path / "out"], check=True,
                   env={**os.environ, "PYTHONPATH": str(tmp_path / "path")})
    for name, table in layers.tensors(tmp_path / "l").items():
        found = numpy.fromfile(f"{tmp_path / 'out'}.{name}", "<f4").reshape(table.shape)
        if dtype == "bf16":
            table = (table.astype("<u4") << 16).view("<f4")
        assert (found == table.astype("f4")).all()


@pytest.mark.exact
def test_gensim_loads_word_vectors(model, tmp_path):
    gensim = pytest.importorskip("gensim")
    layers.export(model, tmp_path / "l", "--dim", 16, "--also", "word2vec", "--also", "word2vec-binary")
    tokens, _ = peers.read_bpe(model / "tokenizer.json")
    expected = layers.tensors(tmp_path / "l")["token_embedding.weight"]
    for name, binary in [("token_embedding.txt", False), ("token_embedding.bin", True)]:
        vectors = gensim.models.KeyedVectors.load_word2vec_format(tmp_path / "l" / name, binary=binary)
        assert vectors.index_to_key == tokens and (vectors.vectors == expected).all()
