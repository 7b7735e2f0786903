"""Vectors learned from a corpus, against counts in plain Python and the SVD of scipy."""

import json

import numpy
import pytest
import safetensors.numpy
import scipy.sparse
import scipy.sparse.linalg

import peers
import word_similarity

WINDOW, SMOOTHING = 5, 0.75


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    place = tmp_path_factory.mktemp("models") / "bpe"
    peers.toktrain("bpe", peers.own_corpus(), "-v", 1500, "-o", place, "--quiet")
    return place


def learned(model, corpus, output, *options):
    run = peers.toktrain("corpus-vectors", model, corpus, "-o", output, *options)
    return json.loads(run.stdout), numpy.load(output)


def documents(model, corpus):
    run = peers.toktrain("encode", model, corpus)
    return [numpy.array(line.split(), dtype=int) for line in run.stdout.decode().splitlines()]


def information(model, corpus, count, minimum):
    """Positive pointwise mutual information, as its definition has it."""
    texts = documents(model, corpus)
    pairs = [(ids[:-distance], ids[distance:], distance)
             for ids in texts for distance in range(1, WINDOW + 1) if len(ids) > distance]
    left, right = (numpy.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    weights = numpy.concatenate([numpy.full(len(ids), WINDOW + 1 - distance)
                                 for ids, _, distance in pairs])
    counts = scipy.sparse.coo_matrix(
        (numpy.tile(weights, 2), (numpy.append(left, right), numpy.append(right, left))),
        shape=(count, count), dtype=float).tocsr()
    frequency = numpy.bincount(numpy.concatenate(texts), minlength=count)
    cells = counts.tocoo()
    sums = numpy.asarray(counts.sum(axis=1)).ravel()
    smoothed = sums**SMOOTHING
    values = numpy.log(cells.data * smoothed.sum() / (sums[cells.row] * smoothed[cells.col]))
    kept = (values > 0) & (frequency[cells.row] >= minimum) & (frequency[cells.col] >= minimum)
    return scipy.sparse.csr_matrix(
        (values[kept], (cells.row[kept], cells.col[kept])), shape=(count, count))


def test_vectors_are_those_of_scipys_decomposition(model, tmp_path):
    rank = 24
    said, found = learned(model, peers.own_corpus(), tmp_path / "v.npy", "--dim", rank,
                          "--iterations", 12, "--oversampling", 40)
    matrix = information(model, peers.own_corpus(), len(found), 5)
    left, values, _ = scipy.sparse.linalg.svds(matrix, k=rank, random_state=1)
    order = numpy.argsort(-values)
    left, values = left[:, order], values[order]
    assert numpy.abs(numpy.array(said["singular_values"]) / values - 1).max() < 1e-3
    known = numpy.asarray(matrix.sum(axis=1)).ravel() > 0
    assert said["learned"] == known.sum()
    assert not found[~known].any()
    expected = (left * values**0.5)[known]
    expected -= expected.mean(axis=0)
    expected *= 0.02 / numpy.sqrt((expected**2).mean())
    # The same up to a rotation: inner products are equal.
    products = expected @ expected.T
    difference = found[known].astype(float) @ found[known].astype(float).T - products
    assert numpy.abs(difference).max() < 0.01 * numpy.abs(products).max()
    assert abs(numpy.sqrt((found[known].astype(float)**2).mean()) - 0.02) < 1e-6
    assert numpy.abs(found[known].astype(float).mean(axis=0)).max() < 1e-6


def test_files_are_equal_for_any_number_of_threads(model, tmp_path):
    files = []
    for threads in (1, 2, 7):
        output = tmp_path / f"{threads}.npy"
        learned(model, peers.own_corpus(), output, "--dim", 16, "--threads", threads)
        files.append(output.read_bytes())
    assert files[0] == files[1] == files[2]


def test_a_layer_has_learned_rows_and_draws_the_rest(model, tmp_path):
    corpus = peers.own_corpus()
    _, found = learned(model, corpus, tmp_path / "v.npy", "--dim", 16, "--seed", 42)
    peers.toktrain("export", model, "--dim", 16, "-o", tmp_path / "drawn")
    peers.toktrain("export", model, "--dim", 16, "--init", "corpus", "--corpus", corpus, "-o",
                   tmp_path / "learned")
    drawn, rows = (safetensors.numpy.load_file(tmp_path / name / "embeddings.safetensors")
                   ["token_embedding.weight"] for name in ("drawn", "learned"))
    known = found.any(axis=1)
    assert 0 < known.sum() < len(known)
    assert (rows[~known] == drawn[~known]).all()
    # The preset draws with a deviation of 16^-1/2.
    assert numpy.abs(rows[known] - found[known] * (0.25 / 0.02)).max() < 1e-5
    record = json.loads((tmp_path / "learned/layer.json").read_text())
    assert record["tokens"]["origin"].startswith("neighbors ")
    answer = json.loads(peers.toktrain("neighbors", tmp_path / "learned", "the", "--json").stdout)
    assert len(answer["neighbors"]) == 10


@pytest.mark.parametrize("options, status, words", [
    (("--init", "corpus"), 2, ["--corpus"]),
    (("--corpus", "empty"), 3, ["0 tokens", "5 times"]),
    (("--corpus", "absent"), 4, ["absent"]),
    (("--corpus", "empty", "--init", "orthogonal"), 2, ["orthogonal"]),
])
def test_what_cannot_be_learned_is_told(model, tmp_path, options, status, words):
    (tmp_path / "empty").write_bytes(b"")
    run = peers.toktrain("export", model, "--dim", 16, "-o", tmp_path / "layer", *options,
                         check=False, cwd=tmp_path)
    said = run.stderr.decode()
    assert run.returncode == status, said
    assert all(word in said for word in words), said
    assert not (tmp_path / "layer").exists()


@pytest.mark.exact
def test_meaning_is_at_least_that_of_gensim(tmp_path):
    """On english.txt: word similarity and category purity, against SGNS of five epochs."""
    corpus = peers.need(peers.corpus("english"))
    model = tmp_path / "model"
    peers.toktrain("bpe", corpus, "-v", 16384, "-o", model, "--quiet")
    said, found = learned(model, corpus, tmp_path / "v.npy", "--dim", 256)
    vocabulary = json.loads((model / "vocab.json").read_text())
    other, seconds = word_similarity.skip_grams(documents(model, corpus), len(found), 256)
    random = numpy.random.default_rng(1).standard_normal(found.shape)
    ours, theirs, control = (word_similarity.scores(vectors, vocabulary)
                             for vectors in (found, other, random))
    print("toktrain", ours, said["seconds"], "gensim", theirs, seconds, "random", control)
    assert ours["correlation"] >= theirs["correlation"]
    assert ours["purity"] >= theirs["purity"]
    assert abs(control["correlation"]) < 0.2
    assert said["seconds"] < seconds / 5
    word = {name: found[vocabulary["Ġ" + name]] for name in ("apple", "banana", "car", "truck")
            if "Ġ" + name in vocabulary}
    if len(word) == 4:
        near = word_similarity.cosine
        assert near(word["apple"], word["banana"]) > near(word["apple"], word["truck"])
        assert near(word["car"], word["truck"]) > near(word["apple"], word["truck"])
