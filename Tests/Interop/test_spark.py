"""Counting on Apache Spark, in local mode: what is trained from it is what one machine trains."""

import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

import pytest

import peers

pytestmark = pytest.mark.exact

SCRIPT = peers.ROOT / "Cluster/count_corpus.py"
RELOCATABLE = peers.ROOT / ".build/relocatable"
TRAINERS = {
    "bpe": (["bpe"], ["--documents", "line"]),
    "wordpiece": (["wordpiece"], ["--for", "wordpiece"]),
    "unigram": (["unigram"], ["--for", "unigram"]),
}


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """What goes to the executors: the relocatable directory if it was made, or the tool alone."""
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    folder = tmp_path_factory.mktemp("program")
    if (RELOCATABLE / "bin/toktrain").exists() and peers.TOOL.is_relative_to(peers.ROOT / ".build"):
        shutil.copytree(RELOCATABLE, folder, dirs_exist_ok=True)
    else:
        (folder / "bin").mkdir()
        shutil.copy2(peers.TOOL, folder / "bin/toktrain")
    return folder


@pytest.fixture(scope="session")
def archive(program, tmp_path_factory):
    place = tmp_path_factory.mktemp("archive") / "toktrain.tar.gz"
    with tarfile.open(place, "w:gz", compresslevel=1) as file:
        file.add(program, arcname=".")
    return place


@pytest.fixture(scope="module")
def spark(program, tmp_path_factory):
    """One Spark for all tests that need no other: it takes long to start."""
    from pyspark import cloudpickle
    from pyspark.sql import SparkSession

    sys.path.insert(0, str(SCRIPT.parent))
    import count_corpus

    os.environ["PYSPARK_PYTHON"] = sys.executable
    # As if it were the script that Spark was given.
    cloudpickle.register_pickle_by_value(count_corpus)
    session = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
               .config("spark.local.dir", str(tmp_path_factory.mktemp("spark"))).getOrCreate())
    yield session
    session.stop()


def call(spark, output, archive, inputs, words, options):
    import count_corpus

    words = ["--input", *inputs, "--output", output, "--toktrain", archive, *words, "--", *options]
    plan = count_corpus.Plan(*count_corpus.arguments([str(word) for word in words]))
    count_corpus.count_corpus(spark, plan)


def count(folder, spark, archive, inputs, *words, options=()):
    """Counts, which must go well, and leaves nothing behind but the file of counts."""
    call(spark, folder / "spark.counts", archive, inputs, words, options)
    assert not list(pathlib.Path(spark.conf.get("spark.local.dir")).rglob("counts"))
    return folder / "spark.counts"


def refused(folder, spark, archive, inputs, *words, options=()):
    """The message of a run that must not go well."""
    import count_corpus
    import pyspark.errors

    output = folder / "refused.counts"
    with pytest.raises((count_corpus.CountingError, OSError,
                        pyspark.errors.PySparkException)) as error:
        call(spark, output, archive, inputs, words, options)
    assert not output.exists()
    return str(error.value)


def submit(folder, *words, attempts=1):
    """A run of its own, with two threads on this machine, which tries a task `attempts` times."""
    environment = dict(os.environ, PYSPARK_PYTHON=sys.executable,
                       PYSPARK_DRIVER_PYTHON=sys.executable,
                       SPARK_LOCAL_DIRS=str(folder / "spark"))
    (folder / "spark").mkdir(exist_ok=True)
    return subprocess.run(
        [pathlib.Path(sys.executable).with_name("spark-submit"), "--master", f"local[2,{attempts}]",
         "--conf", "spark.ui.enabled=false", SCRIPT, *map(str, words)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)


def assert_equal_models(one, other, *others):
    """Two trained directories; into how many files their corpora are cut may differ, and thereby
    fingerprints, and what else is named."""
    expected, found = ({file.name: file.read_bytes() for file in folder.iterdir()}
                       for folder in (one, other))
    assert expected.keys() == found.keys()
    for name in expected.keys() - {"training.json"}:
        assert expected[name] == found[name], name
    expected, found = (json.loads(files["training.json"]) for files in (expected, found))
    for record in (expected, found):
        for key in ("xxh3_128", "files", *others):
            record["corpus"].pop(key)
    assert expected == found


def fatal_once(program, folder):
    """The same program, but that kills the task that calls it, and then itself, once each."""
    (folder / "bin").mkdir(parents=True)
    for place in program.iterdir():
        if place.name != "bin":
            (folder / place.name).symlink_to(place)
    shutil.copy2(program / "bin/toktrain", folder / "bin/the-program")
    (folder / "bin/toktrain").write_text(
        "#!/bin/sh\n"
        "if tr '\\0' ' ' < /proc/$PPID/cmdline | grep -q pyspark.daemon; then\n"
        f"  if mkdir '{folder}/first' 2>/dev/null; then kill -9 $PPID; exit 1; fi\n"
        f"  if mkdir '{folder}/second' 2>/dev/null; then kill -9 $$; fi\n"
        "fi\n"
        'exec "$(dirname "$0")/the-program" "$@"\n')
    (folder / "bin/toktrain").chmod(0o755)
    return folder


@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_cluster_and_one_machine_train_the_same(tmp_path, program, trainer):
    text = peers.need(peers.corpus("multilingual"))
    verb, options = TRAINERS[trainer]
    deadly = fatal_once(program, tmp_path / "deadly")
    counts = tmp_path / "spark.counts"
    run = submit(tmp_path, "--input", text, "--output", counts, "--toktrain", deadly,
                 "--partitions", 9, "--fan-in", 3, "--", *options, attempts=3)
    assert run.returncode == 0, run.stdout
    assert (deadly / "first").exists() and (deadly / "second").exists()
    assert not list((tmp_path / "spark").rglob("*counts"))
    reading = options if trainer == "bpe" else []
    train = [*verb, "-v", "8000", *reading]
    peers.toktrain(*train, text, "-o", tmp_path / "one")
    peers.toktrain(*train, "--counts", counts, "-o", tmp_path / "cluster")
    assert_equal_models(tmp_path / "one", tmp_path / "cluster")


def test_texts_that_lines_would_change_go_whole(tmp_path, spark, archive):
    """No line feed at the end, a byte-order mark, compression, names that are patterns to Spark."""
    folder = tmp_path / "texts"
    folder.mkdir()
    lines = peers.own_corpus().read_bytes().splitlines(keepends=True)
    parts = [b"".join(lines[start::6]) for start in range(6)]
    (folder / "a [b],{c}*?.txt").write_bytes(parts[0])
    (folder / "open.txt").write_bytes(parts[1].rstrip(b"\n"))
    (folder / "mark.txt").write_bytes(b"\xef\xbb\xbf" + parts[2].replace(b"\n", b"\r\n"))
    (folder / "packed.txt").write_bytes(gzip.compress(parts[3]))
    (folder / "named.gz").write_bytes(parts[4])
    (folder / "blanks.txt").write_bytes(b"\n \n" * 9)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "more").write_bytes(parts[5])
    peers.toktrain("bpe", folder, "--documents", "line", "-o", tmp_path / "one", "-v", "1000",
                   "--normalization", "none")
    counts = count(tmp_path, spark, archive, [folder], "--partitions", 7, "--fan-in", 2,
                   options=["--documents=line", "--normalization", "none"])
    peers.toktrain("bpe", "--counts", counts, "--documents", "line", "-o", tmp_path / "cluster",
                   "-v", "1000", "--normalization", "none")
    # A task without a word counts nothing.
    assert_equal_models(tmp_path / "one", tmp_path / "cluster", "bytes", "documents")


def test_a_file_is_a_document(tmp_path, spark, archive):
    texts = sorted((peers.ROOT / "Corpora").glob("*.txt"))
    options = ["--pattern", "whitespace"]
    peers.toktrain("bpe", *texts, "-o", tmp_path / "one", "-v", "1000", *options)
    counts = count(tmp_path, spark, archive, texts, "--partitions", 3, options=options)
    peers.toktrain("bpe", "--counts", counts, "-o", tmp_path / "cluster", "-v", "1000", *options)
    assert_equal_models(tmp_path / "one", tmp_path / "cluster")


def documents():
    """Texts with what records and columns must keep: line feeds, marks, nothing at all."""
    lines = peers.own_corpus().read_text(encoding="utf-8").splitlines()
    texts = ["\n".join(lines[start:start + 7]) for start in range(0, len(lines), 7)]
    return [*texts, "", "a\r\nb\n\n", "\ufefftab\tand \"quotes\" \\ \x01 \u2028", "𝒳 astral"]


def test_records(tmp_path, spark, archive):
    records = [json.dumps({"id": 1, "meta": {"body": text}}, ensure_ascii=number % 2 == 0)
               for number, text in enumerate(documents())]
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_text("\n".join(records[:60]), encoding="utf-8")
    (tmp_path / "in/b.jsonl").write_text("\n\n".join(records[60:]) + "\n", encoding="utf-8")
    (tmp_path / "in/c.jsonl.gz").write_bytes(gzip.compress("\n".join(records[:9]).encode()))
    train = ["bpe", "-v", "1000", "--jsonl-field", "meta.body"]
    peers.toktrain(*train, tmp_path / "in", "-o", tmp_path / "one")
    counts = count(tmp_path, spark, archive, [tmp_path / "in"], "--format", "jsonl",
                   "--column", "meta.body", "--partitions", 5)
    peers.toktrain(*train, "--counts", counts, "-o", tmp_path / "cluster")
    # A line feed stands at the end of every record here.
    assert_equal_models(tmp_path / "one", tmp_path / "cluster", "bytes")


def test_columns(tmp_path, spark, archive):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    texts = documents()
    (tmp_path / "in").mkdir()
    for number in range(3):
        parquet.write_table(pyarrow.table({"id": [1] * len(texts[number::3]),
                                           "body": texts[number::3]}),
                            tmp_path / f"in/{number}.parquet", row_group_size=20)
    (tmp_path / "all.jsonl").write_text(
        "".join(json.dumps({"body": text}) + "\n" for text in texts))
    train = ["unigram", "-v", "2000", "--jsonl-field", "body"]
    peers.toktrain(*train, tmp_path / "all.jsonl", "-o", tmp_path / "one")
    counts = count(tmp_path, spark, archive, [tmp_path / "in"], "--format", "parquet",
                   "--column", "body", "--partitions", 4, options=["--for", "unigram"])
    peers.toktrain(*train, "--counts", counts, "-o", tmp_path / "cluster")
    assert_equal_models(tmp_path / "one", tmp_path / "cluster", "bytes")


def test_broken_records_are_named(tmp_path, spark, archive):
    records = "".join(json.dumps({"text": f"word {number}"}) + "\n" for number in range(2000))
    (tmp_path / "good.jsonl").write_text(records)
    (tmp_path / "bad.jsonl").write_text(records + '{"txt": "lost"}\n' + records)
    inputs = [tmp_path / "good.jsonl", tmp_path / "bad.jsonl"]
    error = refused(tmp_path, spark, archive, inputs, "--format", "jsonl", "--partitions", 4)
    assert "bad.jsonl" in error and 'no field "text"' in error and '{"txt": "lost"}' in error
    (tmp_path / "bad.txt").write_bytes(b"good\n" * 2000 + b"b\xffd\n" + b"good\n" * 2000)
    error = refused(tmp_path, spark, archive, [tmp_path / "bad.txt"],
                    options=["--documents", "line"])
    assert "bad.txt" in error and "not valid UTF-8" in error and r"b\xffd" in error
    error = refused(tmp_path, spark, archive, [tmp_path / "bad.txt"])
    assert "bad.txt:2001 (byte 10001)" in error and "not valid UTF-8" in error


def test_broken_columns_are_named(tmp_path, spark, archive):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"text": ["a", None], "n": [1, 2]})
    parquet.write_table(table, tmp_path / "null.parquet")
    error = refused(tmp_path, spark, archive, [tmp_path / "null.parquet"], "--format", "parquet")
    assert "null.parquet" in error and "not a string" in error
    error = refused(tmp_path, spark, archive, [tmp_path / "null.parquet"], "--format", "parquet",
                    "--column", "n")
    assert "holds bigint, not text" in error
    parquet.write_table(pyarrow.table({"text": [b"good", b"b\xffd"]}), tmp_path / "bad.parquet")
    error = refused(tmp_path, spark, archive, [tmp_path / "bad.parquet"], "--format", "parquet")
    assert "bad.parquet" in error and "not valid UTF-8" in error
    count(tmp_path, spark, archive, [tmp_path / "bad.parquet"], "--format", "parquet",
          options=["--invalid-utf8", "replace"])


@pytest.mark.parametrize("options, part", [
    (["--no-such"], "--no-such: no such option"),
    (["--pattern", "nobody"], "nobody"),
    (["--sample", "1GB"], "sample the text first"),
    (["--output", "x"], "before --"),
    (["here.txt"], "no inputs"),
    (["--for", "unigram", "--normalization", "rules:none"], "none"),
])
def test_options_that_cannot_be_are_refused_before_spark_starts(
        tmp_path, program, options, part):
    (tmp_path / "here.txt").write_text("some text\n")
    run = subprocess.run(
        [sys.executable, SCRIPT, "--input", "here.txt", "--output", "counts",
         "--toktrain", program, "--", *options], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 3 and part in run.stderr and "Spark" not in run.stderr
    assert not (tmp_path / "counts").exists()


def test_what_is_not_there_is_told(tmp_path, spark, archive):
    (tmp_path / "t.txt").write_text("some text\n")
    (tmp_path / "blank.txt").write_text("\n \n")
    (tmp_path / "r.jsonl").write_text('{"text": "a"}\n')
    assert "none.txt" in refused(tmp_path, spark, archive, [tmp_path / "none.txt"])
    assert "no text" in refused(tmp_path, spark, archive, [tmp_path / "blank.txt"])
    assert "--format jsonl" in refused(tmp_path, spark, archive, [tmp_path / "r.jsonl"])
    assert "make relocatable" in refused(tmp_path, spark, tmp_path / "none", [tmp_path / "t.txt"])
    assert "bin/toktrain" in refused(tmp_path, spark, tmp_path, [tmp_path / "t.txt"])
    counts = count(tmp_path, spark, archive, [tmp_path / "t.txt"])
    with pytest.raises(Exception, match="--force"):
        call(spark, counts, archive, [tmp_path / "t.txt"], [], [])
