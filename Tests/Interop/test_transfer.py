"""Rows for another vocabulary, against plain numpy with the same vocabularies."""

import json
import subprocess

import numpy
import pytest
import safetensors.numpy

import peers

INPUT, OUTPUT = "model.embed_tokens.weight", "lm_head.weight"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two models, and tables of the old one."""
    place = tmp_path_factory.mktemp("transfer")
    texts = peers.own_corpus().read_bytes().splitlines(keepends=True)
    (place / "old.txt").write_bytes(b"".join(texts[::2]))
    (place / "new.txt").write_bytes(b"".join(texts[1::2]))
    peers.toktrain("bpe", place / "old.txt", "-v", 900, "-o", place / "old", "--quiet")
    peers.toktrain("bpe", place / "new.txt", "-v", 1400, "-o", place / "new", "--quiet")
    random = numpy.random.default_rng(5)
    tables = {name: random.standard_normal((904, 24)).astype(numpy.float32)
              for name in (INPUT, OUTPUT)}
    safetensors.numpy.save_file({**tables, "model.norm.weight": numpy.ones(24, numpy.float32)},
                                place / "old.safetensors")
    return place


def vocabulary(model):
    return json.loads((model / "vocab.json").read_text())


def transferred(place, output, *options):
    peers.toktrain("transfer", "--from", place / "old.safetensors", "--from-tokenizer",
                   place / "old", "--to-tokenizer", place / "new", "-o", output, "--report",
                   output.with_suffix(".json"), *options)
    report = json.loads(output.with_suffix(".json").read_text())
    return safetensors.numpy.load_file(output), report


def old_tables(place):
    tables = safetensors.numpy.load_file(place / "old.safetensors")
    return {name: tables[name].astype(float) for name in (INPUT, OUTPUT)}


def pieces_of(place, spellings):
    """Ids that the old tokenizer of Hugging Face makes of tokens, spelled as in vocab.json."""
    import tokenizers

    old = tokenizers.Tokenizer.from_file(str(place / "old/tokenizer.json"))
    return [[old.token_to_id(token.value) for token in old.model.tokenize(spelling)]
            for spelling in spellings]


def expected_rows(place, table, build):
    """Copies where both have a token; `build` makes the others from their spellings and ids."""
    old, new = vocabulary(place / "old"), vocabulary(place / "new")
    rows = numpy.zeros((len(new), table.shape[1]))
    missing = {}
    for token, id in new.items():
        if token in old:
            rows[id] = table[old[token]]
        else:
            missing[token] = id
    for id, row in build(missing).items():
        rows[id] = row
    return rows, missing


def test_subword_means_are_numpys(place, tmp_path):
    found, report = transferred(place, tmp_path / "new.safetensors")
    assert set(found) == {INPUT, OUTPUT}
    for name, table in old_tables(place).items():
        def build(missing):
            pieces = pieces_of(place, missing)
            return {id: table[ids].mean(axis=0) for id, ids in zip(missing.values(), pieces)}

        rows, missing = expected_rows(place, table, build)
        assert found[name].shape == (1400, 24)
        assert numpy.abs(found[name] - rows).max() < 1e-6
        assert report["counts"]["pieces"] == len(missing) > 300
        assert report["counts"]["copied"] == 1400 - len(missing)
    tokens = {id: token for token, id in vocabulary(place / "new").items()}
    old = vocabulary(place / "old")
    built = [row for row in report["rows"] if row["origin"] == "pieces"]
    assert [row["from"] for row in built] == pieces_of(place, [row["token"] for row in built])
    for row in report["rows"]:
        assert row["token"] == tokens[row["id"]]
        if row["origin"] == "copied":
            assert row["from"] == [old[row["token"]]]


def test_means_are_those_of_resizing(place, tmp_path):
    found, _ = transferred(place, tmp_path / "new.safetensors", "--method", "mean")
    for name, table in old_tables(place).items():
        mean = table[:900].mean(axis=0)
        rows, _ = expected_rows(place, table, lambda missing: dict.fromkeys(missing.values(), mean))
        assert numpy.abs(found[name] - rows).max() < 1e-6
    sampled, report = transferred(place, tmp_path / "sampled.safetensors", "-m", "sampled-mean")
    again, _ = transferred(place, tmp_path / "again.safetensors", "-m", "sampled-mean",
                           "--threads", 1)
    drawn = [row["id"] for row in report["rows"] if row["origin"] == "drawn"]
    for name, table in old_tables(place).items():
        assert sampled[name].tobytes() == again[name].tobytes()
        # Deviations of 1 times √10⁻⁹, in some 10,000 draws.
        differences = sampled[name][drawn] - table[:900].mean(axis=0)
        deviation = table[:900].std() * 1e-9**0.5
        assert abs(differences.std() / deviation - 1) < 0.1
        assert numpy.abs(differences).max() < 6 * deviation


RESIZE = """
import sys
import numpy, torch, transformers

old = torch.from_numpy(numpy.load(sys.argv[1]))
torch.manual_seed(0)
model = transformers.GPT2LMHeadModel(transformers.GPT2Config(
    vocab_size=old.shape[0], n_embd=old.shape[1], n_layer=1, n_head=2, n_positions=8))
with torch.no_grad():
    model.get_input_embeddings().weight.copy_(old)
model.resize_token_embeddings(int(sys.argv[2]), mean_resizing=True)
numpy.save(sys.argv[3], model.get_input_embeddings().weight.detach().numpy())
"""


@pytest.mark.exact
def test_means_are_those_of_transformers(place, tmp_path):
    """Its resizing needs PyTorch, Debian's here, in an environment of its own."""
    python = peers.ROOT / ".venv/torch/bin/python"
    if not python.exists():
        pytest.skip("no .venv/torch; make exact makes it")
    table = old_tables(place)[INPUT][:900].astype("<f4")
    numpy.save(tmp_path / "old.npy", table)
    subprocess.run([python, "-c", RESIZE, tmp_path / "old.npy", "2000", tmp_path / "new.npy"],
                   check=True)
    theirs = numpy.load(tmp_path / "new.npy")
    assert (theirs[:900] == table).all()
    found, report = transferred(place, tmp_path / "mean.safetensors", "-m", "mean")
    built = [row["id"] for row in report["rows"] if row["origin"] != "copied"]
    # It means to draw, but asks whether eigenvalues are complex by their type, which they always are.
    assert len(built) > 300
    assert numpy.abs(theirs[900:] - found[INPUT][built[0]]).max() < 1e-6
    assert (found[INPUT][built] == found[INPUT][built[0]]).all()


def sparsemax(values):
    ordered = numpy.sort(values)[::-1]
    sums = numpy.cumsum(ordered)
    support = numpy.count_nonzero(1 + numpy.arange(1, len(values) + 1) * ordered > sums)
    return numpy.maximum(values - (sums[support - 1] - 1) / support, 0)


def test_focus_is_numpys_with_the_same_vectors(place, tmp_path):
    auxiliary = numpy.random.default_rng(6).standard_normal((1400, 10)).astype(numpy.float32)
    auxiliary[1300:1310] = 0
    numpy.save(tmp_path / "aux.npy", auxiliary)
    found, report = transferred(place, tmp_path / "new.safetensors", "-m", "focus", "--aux",
                                tmp_path / "aux.npy")
    old, new = vocabulary(place / "old"), vocabulary(place / "new")
    shared = [(id, old[token]) for token, id in new.items()
              if token in old and auxiliary[id].any()]
    length = numpy.linalg.norm(auxiliary.astype(float), axis=1, keepdims=True)
    unit = numpy.divide(auxiliary, length, where=length > 0, out=numpy.zeros(auxiliary.shape))
    anchors = unit[[new for new, _ in shared]]
    for name, table in old_tables(place).items():
        source = table[[old for _, old in shared]]

        def build(missing):
            return {id: sparsemax(anchors @ unit[id]) @ source for id in missing.values()
                    if auxiliary[id].any()}

        rows, missing = expected_rows(place, table, build)
        drawn = [row["id"] for row in report["rows"] if row["origin"] == "drawn"]
        assert set(drawn) == {id for id in missing.values() if not auxiliary[id].any()}
        kept = numpy.setdiff1d(numpy.arange(1400), drawn)
        assert numpy.abs(found[name][kept] - rows[kept]).max() < 1e-5
    weights = [row["weights"] for row in report["rows"] if row["origin"] == "weighted"]
    assert all(abs(sum(row) - 1) < 1e-5 and min(row) > 0 for row in weights)


def test_focus_learns_from_a_corpus(place, tmp_path):
    files = []
    for threads in (1, 3):
        output = tmp_path / f"{threads}.safetensors"
        transferred(place, output, "-m", "focus", "--corpus", place / "new.txt", "--threads",
                    threads)
        files.append(output.read_bytes())
    assert files[0] == files[1]


def test_types_padding_and_names(place, tmp_path):
    found, _ = transferred(place, tmp_path / "new.safetensors", "--tensor", OUTPUT, "--dtype",
                           "f16", "--pad-vocab", 64)
    assert set(found) == {OUTPUT}
    assert found[OUTPUT].dtype == numpy.float16 and found[OUTPUT].shape == (1408, 24)
    assert not found[OUTPUT][1400:].any()
    whole, _ = transferred(place, tmp_path / "whole.safetensors")
    assert (found[OUTPUT][:1400] == whole[OUTPUT].astype(numpy.float16)).all()
    output = tmp_path / "new.npy"
    transferred_run = peers.toktrain(
        "transfer", "--from", place / "old.safetensors", "--from-tokenizer", place / "old",
        "--to-tokenizer", place / "new", "--tensor", INPUT, "-o", output)
    assert b"copied" in transferred_run.stderr
    assert (numpy.load(output) == whole[INPUT]).all()


@pytest.mark.parametrize("options, status, words", [
    (("--tensor", "nothing"), 3, ["nothing", INPUT]),
    (("--method", "focus"), 2, ["--corpus"]),
    (("--corpus", "x"), 2, ["focus"]),
    (("--from-tokenizer", "new"), 3, ["904 rows", "1400 ids"]),
    (("--dtype", "f16", "--from", "large.safetensors"), 3, ["f16", "row 7", "column 3"]),
    (("--from", "cut.safetensors"), 3, ["cut.safetensors"]),
])
def test_what_does_not_fit_is_told(place, tmp_path, options, status, words):
    table = numpy.zeros((900, 24), numpy.float32)
    # A row that both have keeps its number, if not its id; of the first ids all are bytes.
    table[7, 3] = 1e6
    safetensors.numpy.save_file({INPUT: table}, place / "large.safetensors")
    (place / "cut.safetensors").write_bytes((place / "old.safetensors").read_bytes()[:-5])
    output = tmp_path / "new.safetensors"
    run = peers.toktrain(
        "transfer", "--from", "old.safetensors", "--from-tokenizer", "old", "--to-tokenizer", "new",
        "-o", output, *options, check=False, cwd=place)
    said = run.stderr.decode()
    assert run.returncode == status, said
    assert all(word in said for word in words), said
    assert not output.exists()
