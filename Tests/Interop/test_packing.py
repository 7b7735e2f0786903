"""Corpora packed into numbers for training: as numpy reads them, in any order of files, in flat memory."""

import io
import os
import subprocess

import numpy
import pytest

import peers


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    place = tmp_path_factory.mktemp("models") / "own"
    peers.toktrain("bpe", peers.own_corpus(), "-v", 3000, "-o", place, "--quiet",
                   "--special-token", "<|endoftext|>", "--special-token", "<s>")
    return place


def lines_of_ids(model, *inputs):
    text = peers.toktrain("encode", model, *inputs).stdout.decode()
    return [[int(word) for word in line.split()] for line in text.split("\n")[:-1]]


@pytest.mark.parametrize("width", ["u16", "u32"])
def test_a_numpy_file_is_what_numpy_writes(model, tmp_path, width):
    documents = lines_of_ids(model, peers.own_corpus())
    flat = numpy.array([id for ids in documents for id in ids], dtype=f"<u{int(width[1:]) // 8}")
    peers.toktrain("encode", model, peers.own_corpus(), "--binary", width,
                   "-o", tmp_path / "ids.npy", "--index", tmp_path / "begins.npy")
    expected = io.BytesIO()
    numpy.save(expected, flat)
    assert (tmp_path / "ids.npy").read_bytes() == expected.getvalue()
    begins = numpy.load(tmp_path / "begins.npy")
    assert begins.dtype == numpy.dtype("<u8") and len(begins) == len(documents) + 1
    mapped = numpy.load(tmp_path / "ids.npy", mmap_mode="r")
    for number, ids in enumerate(documents):
        assert mapped[begins[number]:begins[number + 1]].tolist() == ids
    # Raw files are the same without the header.
    peers.toktrain("encode", model, peers.own_corpus(), "--binary", width,
                   "-o", tmp_path / "ids.bin", "--index", tmp_path / "begins.bin")
    assert (tmp_path / "ids.bin").read_bytes() == flat.tobytes()
    assert (tmp_path / "begins.bin").read_bytes() == begins.tobytes()


def test_the_width_is_the_least_that_holds_all_ids(model, tmp_path):
    peers.toktrain("encode", model, peers.own_corpus(), "-o", tmp_path / "ids.npy")
    assert numpy.load(tmp_path / "ids.npy").dtype == numpy.dtype("<u2")


@pytest.mark.parametrize("separator", ["0", "<|endoftext|>", "Ġ"])
def test_a_separator_stands_behind_each_document(model, tmp_path, separator):
    documents = lines_of_ids(model, peers.own_corpus())
    peers.toktrain("encode", model, peers.own_corpus(), "--separator-id", separator,
                   "-o", tmp_path / "ids.npy", "--index", tmp_path / "begins.npy")
    ids, begins = numpy.load(tmp_path / "ids.npy"), numpy.load(tmp_path / "begins.npy")
    tokenizer = pytest.importorskip("tokenizers").Tokenizer.from_file(str(model / "tokenizer.json"))
    number = int(separator) if separator.isdigit() else tokenizer.token_to_id(separator)
    assert begins[-1] == len(ids)
    for place, document in enumerate(documents):
        assert ids[begins[place]:begins[place + 1]].tolist() == document + [number]


def test_files_keep_their_order_for_any_number_of_threads(model, tmp_path):
    texts = sorted((peers.ROOT / "Corpora").glob("*.txt"))[::-1]
    expected = [id for text in texts for ids in lines_of_ids(model, text) for id in ids]
    outputs = set()
    for threads in (1, 2, 5):
        peers.toktrain("encode", model, *texts, "--binary", "u16", "--threads", threads, "--force",
                       "-o", tmp_path / "ids", "--index", tmp_path / "index")
        outputs.add((tmp_path / "ids").read_bytes() + (tmp_path / "index").read_bytes())
        assert numpy.fromfile(tmp_path / "ids", dtype="<u2").tolist() == expected
    assert len(outputs) == 1


def test_nothing_is_packed_as_nothing(model, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    peers.toktrain("encode", model, tmp_path / "empty", "-o", tmp_path / "ids.npy",
                   "--index", tmp_path / "begins.npy")
    assert len(numpy.load(tmp_path / "ids.npy")) == 0
    assert numpy.load(tmp_path / "begins.npy").tolist() == [0]


def test_what_makes_no_sense_is_refused(model, tmp_path):
    cases = [
        (["--index", tmp_path / "i"], 2), (["--separator-id", "0"], 2),
        (["-o", tmp_path / "x.npy", "--json"], 2), (["-o", tmp_path / "x.npy", "--tokens"], 2),
        (["--binary", "u16", "--separator-id", "999999"], 2),
        (["--binary", "u16", "--separator-id", "no such token"], 2),
        (["--binary", "u16", "--index", "-"], 2),
        (["--binary", "u16", "-o", tmp_path / "same", "--index", tmp_path / "same"], 2),
    ]
    for options, status in cases:
        run = peers.toktrain("encode", model, *options, input=b"a\n", check=False)
        assert run.returncode == status, (options, run.stderr)
    assert list(tmp_path.iterdir()) == []


def peak_memory(model, text, repeats, output):
    """Bytes of memory that packing a text takes that comes again and again through a pipe."""
    process = subprocess.Popen(
        [peers.TOOL, "encode", str(model), "--binary", "u16", "-o", str(output), "--force", "--threads",
         "2"], stdin=subprocess.PIPE)
    for _ in range(repeats):
        process.stdin.write(text)
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


def test_memory_does_not_follow_the_size_of_the_input(model, tmp_path):
    text = peers.own_corpus().read_bytes()
    small = peak_memory(model, text, 8_000_000 // len(text), tmp_path / "small")
    large = peak_memory(model, text, 80_000_000 // len(text), tmp_path / "large")
    assert os.path.getsize(tmp_path / "large") > 9 * os.path.getsize(tmp_path / "small")
    assert large < small + 8_000_000
