"""Counts the words of a corpus on Apache Spark, for one machine to train from.

    spark-submit count_corpus.py --input URI... --output FILE --toktrain DIR_OR_ARCHIVE
        [--format text|jsonl|parquet] [--column NAME] [--partitions N]
        [-- options of toktrain count]

Each task hands the bytes of its records to `toktrain count`, which writes a file of counts: sorted,
compressed, a small part of the text's size. Tasks pass these files on, and others add some of them
up with `toktrain count --merge`, level by level, until few are left for the driver. So the shuffle
carries compressed blocks, and no word passes through Python.

What is counted is what one machine counts of the same files. Where Spark's reader of lines would
change a text, that file goes whole to one task: where a file is a document, where it is compressed,
begins with a byte-order mark (which Spark takes away) or ends without a line feed (of which Spark
says nothing).
"""

import argparse
import collections.abc
import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

import py4j.protocol
import pyspark
import pyspark.errors
import pyspark.sql
from pyspark.sql import functions

# A file of counts travels in pieces of so many bytes: no row of Spark's may have 2 GB.
PIECE = 4 << 20
# A whole file passes through Java's arrays, some of them twice its size, which end at 2 GB.
WHOLE_FILE_LIMIT = 512 << 20
# Text that one task counts, unless --partitions says otherwise.
TEXT_OF_TASK = 1 << 30
# What toktrain says of a corpus without a word. A partition may have none.
NO_TEXT = "no text in"
GZIP, ZSTD, BYTE_ORDER_MARK = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xef\xbb\xbf"
# Names by which Spark takes files for compressed ones, whatever is in them.
COMPRESSED_NAMES = (".gz", ".zst", ".bz2", ".deflate", ".snappy", ".lz4")
REFUSED = {
    "output": "say --output before --",
    "force": "say --force before --",
    "merge": "files are added up by themselves",
    "to": "the result is a file of counts",
    "jsonl-field": "say --column before --",
    "threads": "a task has as many as spark.task.cpus says",
    "sample": "what chance draws would depend on the partitions; sample the text first",
}

Rows = collections.abc.Iterator
# Number of a file of counts, place of a piece in it, the piece.
Piece = tuple[int, int, bytes]


class CountingError(Exception):
    """What went wrong, in words for the one who called."""


# Arguments

def arguments(words: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """What was asked for, and the options of toktrain count."""
    own, options = words, []
    if "--" in words:
        own, options = words[: words.index("--")], words[words.index("--") + 1:]
    parser = argparse.ArgumentParser(
        prog="count_corpus.py", allow_abbrev=False,
        description="Counts the words of a corpus on Apache Spark.",
        usage="spark-submit %(prog)s --input URI... --output FILE --toktrain DIR_OR_ARCHIVE "
              "[options] [-- options of toktrain count]")
    parser.add_argument("--input", nargs="+", required=True, metavar="URI",
                        help="files, folders or patterns, wherever Spark can read")
    parser.add_argument("--output", required=True, type=pathlib.Path, metavar="FILE",
                        help="the file of counts, written by the driver")
    parser.add_argument("--toktrain", required=True, metavar="DIR_OR_ARCHIVE",
                        help="what `make relocatable` made: the directory, or it as .tar.gz "
                             "(a path or a URI); it is sent to the executors")
    parser.add_argument("--format", choices=("text", "jsonl", "parquet"), default="text")
    parser.add_argument("--column", default="text", metavar="NAME",
                        help="field of JSONL or column of Parquet that holds the text; a.b is a "
                             "field in a field (default text)")
    parser.add_argument("--partitions", type=positive, metavar="N",
                        help="tasks that count (default: one a GiB, and one a core at least)")
    parser.add_argument("--fan-in", type=at_least_two, default=32, metavar="N",
                        help="files that are added up at once (default 32)")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    return parser.parse_args(own), options


def positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return number


def at_least_two(word: str) -> int:
    number = int(word)
    if number < 2:
        raise argparse.ArgumentTypeError("2 or more")
    return number


def value_of(options: list[str], name: str) -> str | None:
    """The value of an option of toktrain count: the last one, as there."""
    found = None
    for word, following in itertools.zip_longest(options, options[1:]):
        key, equals, value = word.partition("=")
        if key.replace("_", "-") == f"--{name}":
            found = value if equals else following
    return found


def check_options(options: list[str]) -> None:
    """Refuses options of toktrain count that mean something else here."""
    for word in options:
        name = word.partition("=")[0].replace("_", "-")
        name = {"-o": "--output", "-f": "--force"}.get(name, name)
        if name.startswith("--") and name[2:] in REFUSED:
            raise CountingError(f"{word}: not here; {REFUSED[name[2:]]}")
        if word == "--":
            raise CountingError("a second --: inputs are named by --input")


# On the executors, and on the driver for the last level

def program_in(folder: pathlib.Path) -> pathlib.Path:
    program = folder / "bin/toktrain"
    if not program.exists():
        raise CountingError("no bin/toktrain in the directory or archive of --toktrain; make "
                            "relocatable makes one")
    return program


def sent_program() -> pathlib.Path:
    """The program, where Spark has unpacked it."""
    return program_in(pathlib.Path(pyspark.SparkFiles.get("toktrain")))


@contextlib.contextmanager
def scratch() -> collections.abc.Iterator[pathlib.Path]:
    """A folder that is gone at the end. Of a task that was killed, the next one removes it, or Spark
    with all files of the executor."""
    root = pathlib.Path(pyspark.SparkFiles.getRootDirectory())
    for left in root.glob("scratch-*-*"):
        if not is_alive(int(left.name.split("-")[1])):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"scratch-{os.getpid()}-", dir=root) as name:
        yield pathlib.Path(name)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def toktrain(program: pathlib.Path, words: list[str], folder: pathlib.Path,
             feed: Rows = iter(())) -> tuple[int, str]:
    """Runs it with some bytes on its standard input. Gives its status and what it says."""
    with open(folder / "messages", "w+b") as messages:
        process = subprocess.Popen([program, *words], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=messages)
        is_read = False
        try:
            # It may end before it has read all, and then says why.
            with contextlib.suppress(BrokenPipeError):
                for piece in feed:
                    process.stdin.write(piece)
                process.stdin.flush()
                is_read = True
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if not status and not is_read:
            raise CountingError("toktrain ended before it had read all")
        messages.seek(0)
        return status, messages.read().decode(errors="replace").strip()


def counted(program: pathlib.Path, words: list[str], folder: pathlib.Path,
            feed: Rows = iter(())) -> pathlib.Path | None:
    """Counts what is fed or named; `None` where there is no word in it."""
    place = folder / "counts"
    status, message = toktrain(program, [*words, "-o", str(place)], folder, feed)
    if status == 3 and NO_TEXT in message:
        return None
    if status or not place.exists():
        raise CountingError(failure(status, message))
    return place


def failure(status: int, message: str) -> str:
    message = message.removeprefix("toktrain: error: ")
    if status < 0:
        return f"toktrain was ended by signal {-status}" + (message and f": {message}")
    return message or f"toktrain ended with status {status}"


def pieces(number: int, path: pathlib.Path) -> collections.abc.Iterator[Piece]:
    with open(path, "rb") as file:
        place = 0
        while piece := file.read(PIECE):
            yield number, place, piece
            place += len(piece)


def contents(batches: Rows) -> Rows:
    """The bytes of all records: Arrow has those of a batch in one row, without a gap."""
    import numpy

    for batch in batches:
        column = batch.column(0)
        if len(column):
            _, borders, text = column.buffers()
            borders = numpy.frombuffer(borders, numpy.int32, len(column) + 1,
                                       offset=4 * column.offset)
            yield memoryview(text)[borders[0]:borders[-1]]


def count_records(words: list[str]) -> collections.abc.Callable[[Rows], Rows]:
    """What a task does with lines, line feeds included."""

    def count(batches: Rows) -> Rows:
        import pyarrow

        number = pyspark.TaskContext.get().partitionId()
        with scratch() as folder:
            try:
                place = counted(sent_program(), [*words, "-"], folder, contents(batches))
            except CountingError as error:
                raise CountingError(f"partition {number}: {error}") from None
            for number, start, piece in pieces(number, place) if place else ():
                yield pyarrow.RecordBatch.from_pydict(
                    {"number": pyarrow.array([number], pyarrow.int32()),
                     "place": pyarrow.array([start], pyarrow.int64()),
                     "piece": pyarrow.array([piece], pyarrow.binary())})

    return count


def count_files(words: list[str], ending: str) -> collections.abc.Callable[[Rows], Rows]:
    """What a task does with whole files. By their ending toktrain knows records."""

    def count(files: Rows) -> Rows:
        with scratch() as folder:
            sources = {}
            for path, content in files:
                place = folder / f"{len(sources)}{ending}"
                place.write_bytes(content)
                sources[str(place)] = path
            if not sources:
                return
            (folder / "list").write_text("".join(f"{name}\n" for name in sources))
            try:
                place = counted(sent_program(), [*words, f"@{folder / 'list'}"], folder)
            except CountingError as error:
                # Longest names first: one may begin like another.
                message = str(error)
                for name in sorted(sources, key=len, reverse=True):
                    message = message.replace(name, sources[name])
                raise CountingError(message) from None
            for name in sources:
                pathlib.Path(name).unlink()
            if place:
                yield from pieces(pyspark.TaskContext.get().partitionId(), place)

    return count


def stored(rows: collections.abc.Iterable[Piece], folder: pathlib.Path) -> list[pathlib.Path]:
    """Files of counts from their pieces, which come in any order."""
    names = set()
    for number, place, piece in rows:
        path = folder / f"{number}.counts"
        with open(path, "r+b" if path in names else "wb") as file:
            file.seek(place)
            file.write(piece)
        names.add(path)
    return sorted(names)


def add_up(group: int, rows: Rows) -> Rows:
    """What a task does with the files of its group."""
    with scratch() as folder:
        files = stored((piece for _, piece in rows), folder)
        if len(files) > 1:
            total = folder / "total"
            words = ["count", "--merge", "--quiet", "-o", str(total), *map(str, files)]
            status, message = toktrain(sent_program(), words, folder)
            if status:
                raise CountingError(failure(status, message))
            for file in files:
                file.unlink()
            files = [total]
        for file in files:
            yield from pieces(group, file)


# On the driver

class Corpus:
    """The files of a corpus as records and whole files, in partitions."""

    def __init__(self, spark: pyspark.sql.SparkSession, plan: "Plan") -> None:
        self.spark = spark
        asked = plan.asked
        self.format = asked.format
        self.column = asked.column
        self.documents = plan.documents
        self.invalid = plan.invalid
        sizes = self.sizes(asked.input)
        if not sizes:
            raise CountingError(f"no text in {' '.join(asked.input)}")
        total = sum(sizes.values())
        self.partitions = asked.partitions or max(
            spark.sparkContext.defaultParallelism, -(-total // TEXT_OF_TASK))
        spark.conf.set("spark.sql.files.maxPartitionBytes", max(1, -(-total // self.partitions)))
        spark.conf.set("spark.sql.files.openCostInBytes", 0)
        for path in sizes:
            if self.format == "text" and re.search(r"\.(jsonl|ndjson)(\.gz|\.zst)?$", path):
                raise CountingError(f"{path}: is named as records are; say --format jsonl, or "
                                    "rename it")
        whole = {}
        if self.format != "parquet":
            reasons = self.reasons(sizes)
            whole = {path: reason for path, reason in reasons.items() if reason}
        for path, reason in whole.items():
            if sizes[path] > WHOLE_FILE_LIMIT:
                raise CountingError(
                    f"{path}: {reason}, so that one task must count it, which takes "
                    f"{WHOLE_FILE_LIMIT >> 20} MiB at most")
        self.whole = sorted(whole)
        self.cut = sorted(set(sizes) - set(whole))

    def sizes(self, inputs: list[str]) -> dict[str, int]:
        """The files, as Spark finds them, that hold anything."""
        files = self.spark.read.format("binaryFile").option("recursiveFileLookup", "true")
        rows = files.load(inputs).select("path", "length").collect()
        return {row.path: row.length for row in rows if row.length}

    def reasons(self, sizes: dict[str, int]) -> dict[str, str | None]:
        """Why a file must not be cut at any line; `None` where it may be."""
        hadoop = self.spark.sparkContext._jvm.org.apache.hadoop.fs.Path
        settings = self.spark.sparkContext._jsc.hadoopConfiguration()

        def reason(path: str) -> str | None:
            if self.format == "text" and self.documents != "line":
                return ("it is one document, or separators cut it (--documents line makes each "
                        "line one)")
            if path.endswith(COMPRESSED_NAMES):
                return "it is compressed"
            place = hadoop(path)
            stream = place.getFileSystem(settings).open(place)
            try:
                start = bytes(stream.read() for _ in range(min(4, sizes[path])))
                stream.seek(sizes[path] - 1)
                end = stream.read()
            finally:
                stream.close()
            if start.startswith((GZIP, ZSTD)):
                return "it is compressed"
            if start.startswith(BYTE_ORDER_MARK):
                return "it begins with a byte-order mark"
            if self.format == "text" and end != ord("\n"):
                return "it ends without a line feed"
            return None

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            return dict(zip(sizes, pool.map(reason, sizes)))

    @staticmethod
    def patterns(paths: list[str]) -> list[str]:
        """For Spark, which takes names of files for patterns."""
        return [re.sub(r"([\[\]{}*?\\])", r"\\\1", path) for path in paths]

    def read(self) -> pyspark.sql.DataFrame:
        """The files that may be cut."""
        reader = self.spark.read.option("recursiveFileLookup", "true")
        if self.format == "parquet":
            return reader.parquet(*self.patterns(self.cut))
        return reader.text(self.patterns(self.cut), lineSep="\n")

    def line(self, rows: pyspark.sql.DataFrame) -> pyspark.sql.Column:
        """A record as toktrain reads it: the very bytes of a line, or JSON."""
        if self.format != "parquet":
            return functions.expr("concat(cast(value as binary), X'0A')")
        kind = rows.select(functions.col(self.column)).schema[0].dataType
        if not isinstance(kind, (pyspark.sql.types.StringType, pyspark.sql.types.BinaryType)):
            raise CountingError(f"the column {self.column} holds {kind.simpleString()}, not text; "
                                "name another by --column")
        text = functions.col(self.column).cast("string")
        record = text
        for name in reversed(self.column.split(".")):
            record = functions.struct(record.alias(name))
        line = functions.encode(
            functions.concat(functions.to_json(record, {"ignoreNullFields": "false"}),
                             functions.lit("\n")), "UTF-8")
        if self.invalid == "replace":
            return line
        # JSON is made of characters: what is none would become U+FFFD and nobody would know.
        is_text = functions.encode(text, "UTF-8") == text.cast("binary")
        message = functions.concat(
            functions.col("_metadata.file_path"), functions.lit(": not valid UTF-8; repair the "
                                                                "text, or choose --invalid-utf8 "
                                                                "replace: "),
            functions.substring(text, 1, 80))
        return functions.when(text.isNull() | is_text, line).otherwise(
            functions.raise_error(message).cast("binary"))

    def gathered(self, rows: pyspark.sql.DataFrame) -> pyspark.sql.DataFrame:
        return rows.coalesce(self.partitions)

    def counts(self, words: list[str]) -> pyspark.RDD:
        """Files of counts in pieces, one file a partition; its number is that of the task."""
        parts = []
        if self.cut:
            rows = self.read()
            lines = self.gathered(rows.select(self.line(rows).alias("line")))
            schema = "number int, place long, piece binary"
            parts.append(lines.mapInArrow(count_records(words), schema).rdd.map(
                lambda row: (row[0], row[1], bytes(row[2]))))
        if self.whole:
            ending = ".jsonl" if self.format == "jsonl" else ".txt"
            files = self.spark.read.format("binaryFile").option("recursiveFileLookup", "true")
            files = files.load(self.patterns(self.whole)).select("path", "content")
            parts.append(self.gathered(files).rdd.mapPartitions(count_files(words, ending)))
        return self.spark.sparkContext.union(parts)

    def record(self, partition: int, line: int) -> tuple[str, str] | None:
        """The file that a record of a partition comes from, and the record."""
        rows = self.read()
        rows = self.gathered(rows.select(
            functions.col("_metadata.file_path").alias("path"), self.line(rows).alias("line"))).rdd
        found = self.spark.sparkContext.runJob(
            rows, lambda rows: list(itertools.islice(rows, line - 1, line)), [partition])
        if not found:
            return None
        text = bytes(found[0].line).decode(errors="backslashreplace").rstrip("\n")
        return found[0].path, text if len(text) <= 200 else text[:200] + "…"


def added_up(parts: pyspark.RDD, fan_in: int) -> pyspark.RDD:
    """Adds up files of counts in levels, until there are `fan_in` of them at most."""
    tasks = count = parts.getNumPartitions()
    while count > fan_in:
        count = -(-count // fan_in)
        parts = (parts.map(lambda part: (part[0] // fan_in, part)).partitionBy(count, int)
                 .mapPartitionsWithIndex(add_up))
    # The driver takes one partition after the other: behind a shuffle all files are made at once,
    # and none of the partitions is large.
    return (parts.map(lambda part: (part[0] + part[1] // PIECE, part))
            .partitionBy(min(tasks, 1024), int).values())


def send(spark: pyspark.sql.SparkSession, source: str, folder: pathlib.Path) -> pathlib.Path:
    """Sends the program to the executors. Gives it as the driver has it."""
    if pathlib.Path(source).is_dir():
        archive = folder / "toktrain.tar.gz"
        with tarfile.open(archive, "w:gz", compresslevel=1, dereference=True) as file:
            file.add(source, arcname=".")
        source = archive.as_uri()
    elif pathlib.Path(source).exists():
        source = pathlib.Path(source).resolve().as_uri()
    spark.sparkContext.addArchive(f"{source}#toktrain")
    return sent_program()


def try_options(program: pathlib.Path, words: list[str], asked: argparse.Namespace) -> None:
    """Counts a letter, so that options which make no sense cost no cluster's time."""
    text = "a"
    if asked.format != "text":
        for name in reversed(asked.column.split(".")):
            text = {name: text}
        text = json.dumps(text)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        counted(program, [*words, "-"], folder, iter([f"{text}\n".encode()]))
        status, _ = toktrain(program, [*words, "-o", str(folder / "none")], folder)
        if status != 2:
            raise CountingError("behind -- stand options of toktrain count, no inputs")


def check_output(asked: argparse.Namespace) -> None:
    """A place that cannot be written must not cost a run."""
    if asked.output.exists() and not asked.force:
        raise CountingError(f"{asked.output}: is there already; --force replaces it")
    with tempfile.TemporaryFile(dir=asked.output.parent):
        pass


class Plan:
    """What was asked for, once it makes sense."""

    def __init__(self, asked: argparse.Namespace, options: list[str]) -> None:
        check_options(options)
        check_output(asked)
        if len(set(asked.input)) < len(asked.input):
            raise CountingError("an input is named twice; Spark would read it once")
        self.asked = asked
        trainer = value_of(options, "for") or "bpe"
        self.documents = value_of(options, "documents") or ("file" if trainer == "bpe" else "line")
        if any("\n" in option for option in options):
            # A special token with a line feed is looked for across lines.
            self.documents = "file"
        self.invalid = value_of(options, "invalid-utf8") or "error"
        if asked.format == "parquet" and self.invalid == "bytes":
            raise CountingError("--invalid-utf8 bytes: columns go to toktrain as JSON, which holds "
                                "no such bytes")
        self.words = ["count", *options, "--quiet"]
        if asked.format != "text":
            self.words += ["--jsonl-field", asked.column]
        source = pathlib.Path(asked.toktrain)
        if source.is_dir():
            try_options(program_in(source), self.words, asked)
        elif not source.exists() and ":" not in asked.toktrain:
            raise CountingError(f"{source}: no such directory or archive; make relocatable makes "
                                "one")


def count_corpus(spark: pyspark.sql.SparkSession, plan: Plan) -> None:
    # Files that cannot be read are errors, whatever the cluster's settings say.
    for setting in ("ignoreCorruptFiles", "ignoreMissingFiles"):
        spark.conf.set(f"spark.sql.files.{setting}", False)
    spark.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", 16 << 20)
    spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", False)
    with tempfile.TemporaryDirectory() as name:
        program = send(spark, plan.asked.toktrain, pathlib.Path(name))
        if not pathlib.Path(plan.asked.toktrain).is_dir():
            try_options(program, plan.words, plan.asked)
        corpus = Corpus(spark, plan)
        words = [*plan.words, "--threads", spark.conf.get("spark.task.cpus", "1")]
        parts = added_up(corpus.counts(words), plan.asked.fan_in)
        try:
            with scratch() as folder:
                files = stored(parts.toLocalIterator(), folder)
                if not files:
                    raise CountingError(f"no text in {' '.join(plan.asked.input)}")
                write_total(program, files, plan.asked)
        except (py4j.protocol.Py4JError, pyspark.errors.PySparkException) as error:
            raise CountingError(explained(error, corpus)) from None


def write_total(program: pathlib.Path, files: list[pathlib.Path],
                asked: argparse.Namespace) -> None:
    """The last sum, which also says what is in it."""
    force = ["--force"] if asked.force else []
    run = subprocess.run([program, "count", "--merge", *force, "-o", asked.output, *files],
                         stderr=subprocess.PIPE, text=True)
    if run.returncode:
        raise CountingError(failure(run.returncode, run.stderr.strip()))


def explained(error: Exception, corpus: Corpus | None = None) -> str:
    """What a task said, without Spark's many lines around it, and which record it spoke of."""
    text = str(error)
    said = re.search(r"CountingError: (.+)", text)
    if not said:
        # Spark's own errors begin with a name in brackets, wherever they stand.
        own = re.search(r"\[[A-Z_.0-9]+\] .*", text)
        return own[0] if own else text
    message = said[1].strip()
    place = re.match(r"partition (\d+): standard input:(\d+)( \(byte \d+\))?: (.*)", message)
    if not place or not corpus:
        return message
    record = corpus.record(int(place[1]), int(place[2]))
    return f"{record[0]}: {place[4]}; the record: {record[1]}" if record else message


def main(words: list[str]) -> int:
    spark = None
    try:
        plan = Plan(*arguments(words))
        spark = pyspark.sql.SparkSession.builder.appName("toktrain count").getOrCreate()
        count_corpus(spark, plan)
        return 0
    except (CountingError, OSError) as error:
        message = str(error)
    except (py4j.protocol.Py4JError, pyspark.errors.PySparkException) as error:
        message = explained(error)
    finally:
        if spark:
            spark.stop()
    print(f"count_corpus.py: error: {message}", file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
