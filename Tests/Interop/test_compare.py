"""`toktrain compare` on corpora measures what other programs measure."""

import json
import math
import re
import subprocess
import unicodedata

import numpy as np
import pytest

import metrics
import peers

REPLICATES = 200


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    place = tmp_path_factory.mktemp("models")
    # Models whose offsets are Hugging Face's: nothing is composed, and no marks are dropped.
    for verb, name in ((["bpe", "--normalization", "none"], "bpe"),
                       (["wordpiece", "--cased"], "wordpiece"),
                       (["unigram", "--byte-fallback"], "unigram")):
        peers.toktrain(*verb, peers.own_corpus(), "-v", 3000, "-o", place / name, "--quiet")
    return [place / name / "tokenizer.json" for name in ("bpe", "wordpiece", "unigram")]


def compare(models, *arguments, **options):
    run = peers.toktrain("compare", *models, *arguments, "--json", **options)
    return json.loads(run.stdout)


def documents(path):
    lines = path.read_bytes().decode().split("\n")
    return lines if lines[-1] else lines[:-1]


def close(found, expected):
    if found is None or expected is None or math.isnan(expected):
        return found is None and (expected is None or math.isnan(expected))
    return found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def without_dropped_characters(lines):
    """Where BERT's cleaning drops a character, offsets are not Hugging Face's (see README, encode --json)."""
    dropped = {c for c in set("".join(lines))
               if c == "\ufffd" or c not in "\t\n\r" and unicodedata.category(c).startswith("C")}
    return [line for line in lines if dropped.isdisjoint(line)]


def check(paths, corpus, seed=3):
    models = [metrics.Model(path) for path in paths]
    report = compare(paths, "--corpus", corpus, "--seed", seed, "--replicates", REPLICATES)
    lines = documents(corpus)
    shared, rows, group_uses = metrics.measure_all(models, lines, seed)
    uses = [matrix.sum(axis=0) for matrix in group_uses]
    values = metrics.ratios({name: column.sum() for name, column in shared.items()},
                            [{name: column.sum() for name, column in row.items()} for row in rows])
    found = {row["name"]: row for row in report["metrics"]}
    for number, (model, row) in enumerate(zip(models, rows)):
        expected = values[number]
        expected["tokens"] = float(row["tokens"].sum())
        expected["vocabulary-used"] = np.count_nonzero(uses[number]) / model.size
        expected["shannon"], expected["renyi"] = metrics.efficiencies(uses[number], model.size)
        texts = [{text for id, text in side.texts.items() if id not in side.special}
                 for side in (models[0], model)]
        expected["vocabulary-overlap"] = len(texts[0] & texts[1]) / len(texts[0] | texts[1])
        for name, value in expected.items():
            if number == 0 and name in ("boundaries", "vocabulary-overlap"):
                value = None
            assert close(found[name]["values"][number], value), (name, number)
        assert report["vocabularies"][number]["used_once"] == np.count_nonzero(uses[number] == 1)
        falling = sorted(uses[number][uses[number] > 0], reverse=True)
        for point in report["vocabularies"][number]["ranks"]:
            assert point["count"] == falling[point["rank"] - 1]
        lengths = {}
        for id, text in model.texts.items():
            if id not in model.special:
                tokens, total = lengths.get(len(text), (0, 0))
                lengths[len(text)] = (tokens + 1, total + int(uses[number][id]))
        assert {point["bytes"]: (point["tokens"], point["uses"])
                for point in report["vocabularies"][number]["lengths"]} == lengths
    even = metrics.evenness_intervals(
        group_uses, [model.size for model in models], REPLICATES, seed, min(metrics.GROUPS, len(lines)))
    for number, expected in enumerate(metrics.intervals(shared, rows, REPLICATES, seed), 1):
        assert all(map(close, found["boundaries"]["intervals"][number], expected.pop("boundaries")))
        check_intervals(found, expected | even[number - 1], number)
    for name in ("vocabulary-used", "vocabulary-overlap"):
        assert all(difference is None or difference["interval"] is None
                   for difference in found[name]["differences"]), name


def check_intervals(found, expected, number):
    """Of the differences of a model."""
    for name, pair in expected.items():
        difference = found[name]["differences"][number]
        for key, ends in zip(("interval", "relative_interval"), pair):
            if ends is None:
                assert difference is None or difference[key] is None, name
            else:
                assert all(map(close, difference[key], ends)), (name, number, key)


def test_metrics_are_those_of_other_programs(own, tmp_path):
    lines = without_dropped_characters(documents(peers.own_corpus()))
    (tmp_path / "own").write_text("\n".join(lines), encoding="utf-8")
    assert len(lines) > 300
    check(own[:2], tmp_path / "own")


def test_bytes_that_are_fallen_back_to_are_counted_in_files_of_both_kinds(own):
    files = [own[2], own[2].with_name("tokenizer.model")]
    report = compare(files, "--corpus", peers.own_corpus())
    model = metrics.Model(own[2])
    ids = model.cut(documents(peers.own_corpus()))[0]
    expected = np.isin(ids, list(model.fallback)).sum() / len(ids)
    assert expected > 0
    row = next(row for row in report["metrics"] if row["name"] == "byte-fallback")
    assert row["values"] == pytest.approx([expected] * 2, rel=1e-9)


@pytest.mark.parametrize("name", peers.BIG)
def test_metrics_of_well_known_models(own, name):
    models = [peers.need(peers.MODELS / f"{model}.json")
              for model in ("gpt2", "bert_base_cased", "llama2")]
    check(models, peers.need(peers.corpus_slice(name, 150_000)))


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_metrics_of_well_known_models_on_whole_corpora(name, tmp_path):
    models = [peers.need(peers.MODELS / f"{model}.json")
              for model in ("gpt2", "bert_base_cased", "llama2")]
    lines = documents(peers.need(peers.corpus(name)))
    kept = without_dropped_characters(lines)
    assert len(kept) > 0.99 * len(lines)
    (tmp_path / "text").write_text("\n".join(kept), encoding="utf-8", newline="")
    check(models, tmp_path / "text")


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_metrics_of_a_model_that_falls_back_to_bytes(own, tmp_path, name):
    # Where normalization drops blanks, offsets are SentencePiece's, not Hugging Face's: the token before has them.
    lines = [line for line in documents(peers.need(peers.corpus_slice(name, 4_000_000)))
             if line == " ".join(line.split())]
    (tmp_path / "text").write_text("\n".join(lines), encoding="utf-8")
    assert len(lines) > 5000
    check([peers.need(peers.MODELS / "gpt2.json"), own[2]], tmp_path / "text")


@pytest.mark.exact
@pytest.mark.parametrize("name", peers.BIG)
def test_efficiencies_are_those_of_tokenization_scorer(own, name, tmp_path):
    import tokenization_scorer

    corpus = peers.need(peers.corpus_slice(name, 1_000_000))
    model = peers.need(peers.MODELS / "gpt2.json")
    report = compare([model, own[0]], "--corpus", corpus, "--replicates", 0)
    found = {row["name"]: row["values"] for row in report["metrics"]}
    for number, path in enumerate((model, own[0])):
        ids = peers.toktrain("encode", path, corpus).stdout.decode().splitlines()
        types = len(set(" ".join(ids).split()))
        size = report["models"][number]["vocabulary"]
        # It divides by the number of tokens that occur; its powers are those of the definition.
        scale = math.log(types) / math.log(size)
        for name, metric, options in (("renyi", "renyi", {"power": 2.5}), ("shannon", "shannon_efficiency", {})):
            score = tokenization_scorer.score(ids, metric=metric, **options)
            assert found[name][number] == pytest.approx(score * scale, rel=1e-9), name


def test_languages_are_compared_with_english(own, tmp_path):
    for language, text in (("en", "the house\nis old\n"), ("de", "das Haus\nist alt\n"),
                           ("ru", "дом\nстар\n")):
        (tmp_path / f"text.{language}").write_text(text, encoding="utf-8")
    models = [metrics.Model(path) for path in own]
    for options in ([], ["--parallel"]):
        report = compare(own, "--corpus", tmp_path, *options)
        assert [group["name"] for group in report["languages"]] == ["de", "en", "ru"]
        assert [group["reference"] for group in report["languages"]] == [False, True, False]
        ginis = next(r["values"] for r in report["metrics"] if r["name"] == "language-gini")
        for number, model in enumerate(models):
            costs = []
            for language in ("de", "en", "ru"):
                lines = documents(tmp_path / f"text.{language}")
                tokens = sum(len(model.cut([line])[0]) for line in lines)
                costs.append(tokens / (len(lines) if options else sum(len(l.encode()) for l in lines)))
            assert ginis[number] == pytest.approx(metrics.gini(costs), rel=1e-9)
            for group, cost in zip(report["languages"], costs):
                assert group["parity"][number] == pytest.approx(cost / costs[1], rel=1e-9)


@pytest.mark.parametrize("count", [7, 600])
@pytest.mark.parametrize("options", [[], ["--parallel"]])
def test_intervals_of_languages(own, tmp_path, count, options):
    words = "one two three four five six seven eight nine ten".split()
    # Languages of equal lines, or not, in two files each of which some are longer than others.
    counts = {"en": count, "de": count if options else count + 30, "fr": count if options else count - 3}
    models = [metrics.Model(path) for path in own]
    languages, lines, numbers = [], [], []
    for language in sorted(counts):
        texts = [" ".join((language + words[(i * i + k) % 10]) for k in range(i % 7 + 1))
                 for i in range(counts[language])]
        for part, half in enumerate((texts[:count // 3], texts[count // 3:])):
            (tmp_path / f"{language}{part}.{language}").write_text("\n".join(half), encoding="utf-8")
        tokens = [np.bincount(model.cut(texts)[3], minlength=len(texts)) for model in models]
        whole = [1 if options else len(text.encode()) for text in texts]
        languages.append((np.array(whole), tokens))
        lines += texts
        numbers += range(len(texts))
    report = compare(own, "--corpus", tmp_path, *options, "--seed", 5, "--replicates", 100)
    assert [group["documents"] for group in report["languages"]] == [counts[name] for name in sorted(counts)]
    found = {row["name"]: row for row in report["metrics"]}
    ginis = metrics.gini_intervals(languages, 100, 5, bool(options))
    if not options:
        numbers = range(len(lines))
    shared, rows, uses = metrics.measure_all(models, lines, 5, numbers)
    expected = metrics.intervals(shared, rows, 100, 5, numbers)
    even = metrics.evenness_intervals(
        uses, [model.size for model in models], 100, 5, min(metrics.GROUPS, max(numbers) + 1))
    for number, pair in enumerate(ginis, 1):
        del expected[number - 1]["boundaries"]
        check_intervals(found, {"language-gini": pair} | expected[number - 1] | even[number - 1], number)


def test_one_document_of_a_language_is_nothing_to_draw_from(own, tmp_path):
    for language in ("en", "de"):
        (tmp_path / f"text.{language}").write_text(f"{language} is all", encoding="utf-8")
    (tmp_path / "more.en").write_text("and more of it\nand more", encoding="utf-8")
    for options, has_intervals in (([], True), (["--parallel"], False)):
        if options:
            (tmp_path / "more.en").unlink()
        report = compare(own, "--corpus", tmp_path, *options)
        found = {row["name"]: row["differences"][1] for row in report["metrics"]}
        assert found["language-gini"]["interval"] is None
        assert (found["bytes/token"]["interval"] is not None) == has_intervals
        assert any("one document alone" in line for line in report["warnings"]) != has_intervals


def test_samples_are_the_documents_that_differ_most(own):
    report = compare(own, "--corpus", peers.own_corpus(), "--worst", 30)
    models = [metrics.Model(path) for path in own]
    lines = documents(peers.own_corpus())
    counts = np.array([np.bincount(model.cut(lines)[3], minlength=len(lines)) for model in models])
    spread = np.abs(counts - counts[0]).max(axis=0)
    order = sorted(range(len(lines)), key=lambda line: (-spread[line], line))[:30]
    assert [sample["number"] - 1 for sample in report["samples"]] == order
    for sample in report["samples"]:
        assert sample["counts"] == list(counts[:, sample["number"] - 1])
        assert sample["text"] == lines[sample["number"] - 1]
        for model, tokens in zip(models, sample["tokens"]):
            encoding = model.tokenizer.encode(sample["text"], add_special_tokens=False)
            assert [token["id"] for token in tokens] == encoding.ids


def test_threads_and_ways_of_reading_change_nothing(own, tmp_path):
    packed = tmp_path / "own.txt.gz"
    subprocess.run(["gzip", "-c", peers.own_corpus()], stdout=packed.open("wb"), check=True)
    reports = [peers.toktrain("compare", *own, "--corpus", corpus, "--json", "--threads", threads).stdout
               for threads, corpus in ((1, peers.own_corpus()), (3, peers.own_corpus()), (2, packed))]
    assert reports[0] == reports[1]
    assert reports[2].replace(str(packed).encode(), str(peers.own_corpus()).encode()) == reports[0]
    piped = peers.toktrain("compare", *own, "--corpus", "-", "--json",
                           input=peers.own_corpus().read_bytes()).stdout
    assert json.loads(piped)["metrics"] == json.loads(reports[0])["metrics"]


def test_corpus_may_be_left_out(own, tmp_path):
    (tmp_path / "more.jsonl").write_text('{"text": "some words"}\n', encoding="utf-8")
    texts = [peers.own_corpus(), tmp_path / "more.jsonl"]
    with_option = peers.toktrain("compare", *own, "--corpus", *texts).stdout
    assert peers.toktrain("compare", *own, *texts).stdout == with_option
    # A broken tokenizer is no text.
    broken = tmp_path / "tokenizer.json"
    broken.write_bytes(own[0].read_bytes()[:5000])
    run = peers.toktrain("compare", *own[:2], broken, check=False)
    assert run.returncode == 3 and b"tokenizer.json" in run.stderr
    run = peers.toktrain("compare", own[0], peers.own_corpus(), check=False)
    assert run.returncode == 3
    run = peers.toktrain("compare", *own, check=False)
    assert run.returncode == 2 and b"--corpus" in run.stderr


def test_table_for_programs(own):
    run = peers.toktrain("compare", *own, "--corpus", peers.own_corpus(), "--by-file", "--worst", 2)
    lines = [line.split("\t") for line in run.stdout.decode().splitlines()]
    assert all(len(line) == len(lines[0]) for line in lines)
    assert [line[0] for line in lines] == ["scope"] + ["corpus"] * 54 + ["file"] * 9 + ["document"] * 6
    report = compare(own, "--corpus", peers.own_corpus())
    table = {(line[2], line[3]): line[4:11] for line in lines if line[0] == "corpus"}
    for row in report["metrics"]:
        for model, value in enumerate(row["values"]):
            cells = table[row["name"], "ABC"[model]]
            difference = row["differences"][model] or dict.fromkeys(
                ("absolute", "interval", "relative", "relative_interval"))
            interval = row["intervals"][model] or difference["interval"]
            assert (interval is None) == (row["name"] in ("vocabulary-used", "vocabulary-overlap", "language-gini")
                                          or model == 0)
            expected = [value, difference["absolute"], *(interval or [None] * 2),
                        difference["relative"], *(difference["relative_interval"] or [None] * 2)]
            assert [float(cell) if cell else None for cell in cells] == expected


def test_a_row_for_each_file(own, tmp_path):
    files = [tmp_path / name for name in ("b.txt", "a.txt", "c.jsonl")]
    files[0].write_text("one\ntwo words\n", encoding="utf-8")
    files[1].write_text("東京\n" * 40, encoding="utf-8")
    files[2].write_text('{"text": "x y z"}\n', encoding="utf-8")
    run = peers.toktrain("compare", *own[:2], "--corpus", *files, "--by-file")
    rows = [line.split("\t") for line in run.stdout.decode().splitlines()]
    found = {(row[1], row[2], row[3]): float(row[4]) for row in rows if row[0] == "file"}
    models = [metrics.Model(path) for path in own[:2]]
    for path, lines in zip(files, (["one", "two words"], ["東京"] * 40, ["x y z"])):
        for letter, model in zip("AB", models):
            tokens = len(model.cut(lines)[0])
            assert found[str(path), "tokens", letter] == tokens
            assert found[str(path), "bytes/token", letter] == pytest.approx(
                sum(len(line.encode()) for line in lines) / tokens, rel=1e-9)


@pytest.mark.parametrize("documents, count", [("line", 4), ("file", 1), ("separator:\n\n", 2)])
def test_what_a_document_is(own, tmp_path, documents, count):
    (tmp_path / "text").write_text("a\nb\n\nc\n", encoding="utf-8")
    report = compare(own, "--corpus", tmp_path / "text", "--documents", documents)
    assert report["corpus"]["documents"] == count
    assert report["resampling"] == {"seed": 0, "replicates": 1000 if count > 1 else 0, "units": count,
                                    "token_units": count}


def test_speed_is_said_beside_what_stays_the_same(own):
    command = ["compare", *own, "--corpus", peers.own_corpus(), "--json"]
    plain, timed = peers.toktrain(*command), peers.toktrain(*command, "--speed")
    assert plain.stdout == timed.stdout and b"speed" not in plain.stderr
    for letter in "ABC":
        assert re.search(f"speed of {letter}: [0-9.,]+ MB/s", timed.stderr.decode())


def test_names_of_texts_and_models_are_text(own, tmp_path):
    name = "\x1b]0;x\x07\u202e<img src=x onerror=y>&\n=1.de"
    (tmp_path / name).write_bytes(b"a <b> c\nd\x1b[2J\xff\n")
    (tmp_path / "other.en").write_text("a b c d e\n", encoding="utf-8")
    model = tmp_path / ("model" + name)
    model.write_bytes(own[0].read_bytes())
    command = ["compare", own[1], model, "--by-file", "--worst", "5", "--corpus", tmp_path / name,
               tmp_path / "other.en"]
    page = tmp_path / "page.html"
    for options in ([], ["--color", "never"], ["--html", page]):
        run = peers.toktrain(*command, *options)
        for text in (run.stdout.decode(), run.stderr.decode()):
            assert all(unicodedata.category(c) not in ("Cc", "Cf") or c in "\n\t" for c in text), text
    assert "<img" not in page.read_text(encoding="utf-8")
    for text in (page.read_text(encoding="utf-8"), run.stdout.decode()):
        assert "\\u{1B}]0;x\\u{7}\\u{202E}" in text
    names = [file["name"] for file in compare([own[1], model], *command[3:])["files"]]
    assert names == [str(tmp_path / name), str(tmp_path / "other.en")]


@pytest.mark.parametrize("condition, status", [
    ("bytes/token<-1%", 0), ("bytes/token>-1%", 1), ("whole-words<0.01", 1), ("tokens>0", 0),
    ("nothing<1", 2), ("bytes/token", 2), ("bytes/token<", 2), ("bytes/token<inf", 2),
    ("bytes/token<0x1", 2), ("boundaries<1", 2), ("unknown<1%", 3)])
def test_fail_if(own, tmp_path, condition, status):
    text = tmp_path / "text"
    text.write_text("plain words\nand more of them\n", encoding="utf-8")
    # The same model twice: all differences are 0.
    run = peers.toktrain("compare", own[0], own[0], "--corpus", text, "--fail-if", condition,
                         check=False)
    assert run.returncode == status, run.stderr
    assert (b"--fail-if" in run.stderr) == (status > 0)


def test_bad_input_is_said_plainly(own, tmp_path):
    def run(content, *options):
        (tmp_path / "text").write_bytes(content)
        found = peers.toktrain("compare", *own, "--corpus", tmp_path / "text", *options, check=False)
        return found.returncode, found.stdout.decode(), found.stderr.decode()

    status, output, errors = run(b"")
    assert status == 0 and "no text" in errors and "corpus\t\ttokens\tA\t0" in output
    status, output, errors = run(b"one document")
    assert status == 0 and "one document alone" in errors
    assert "bytes/token\tA" in output
    status, output, errors = run(b"a\xff\n\x80\n")
    assert status == 0 and "2 documents have bytes that are not UTF-8" in errors
    status, output, errors = run(b"a\nb\n", "--parallel")
    assert status == 3 and "two languages" in errors
    run = peers.toktrain("compare", *own, "--corpus", tmp_path / "absent", check=False)
    assert run.returncode == 4 and b"absent" in run.stderr
