"""Time and memory of comparing three tokenizers on a text, beside a script that does the same with Hugging
Face's library and numpy, as a table in Markdown.

    python comparison.py TEXT [--runs N]

Both measure GPT-2's, BERT's and Llama 2's tokenizers with all metrics and 1000 resamplings; both run in
turn, each as a whole process; medians are quoted.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import metrics  # noqa: E402
import peers  # noqa: E402

MODELS = ("gpt2", "bert_base_cased", "llama2")
REPLICATES = 1000


def models():
    return [peers.MODELS / f"{name}.json" for name in MODELS]


def measure(path):
    """What the peer does: the values of all metrics, printed."""
    sides = [metrics.Model(model) for model in models()]
    lines = pathlib.Path(path).read_bytes().decode().split("\n")
    lines = lines if lines[-1] else lines[:-1]
    shared, rows, uses = metrics.measure_all(sides, lines, 0)
    metrics.intervals(shared, rows, REPLICATES, 0)
    metrics.evenness_intervals(
        uses, [side.size for side in sides], REPLICATES, 0, min(metrics.GROUPS, len(lines)))
    values = metrics.ratios({name: column.sum() for name, column in shared.items()},
                            [{name: column.sum() for name, column in row.items()} for row in rows])
    for model, matrix in zip(sides, uses):
        metrics.efficiencies(matrix.sum(axis=0), model.size)
    print(json.dumps([value["bytes/token"] for value in values]))


def spawned(command, output):
    """Wall seconds, CPU seconds and peak KB of a process."""
    with tempfile.NamedTemporaryFile("r") as result:
        with open(output, "wb") as file:
            subprocess.run(
                [sys.executable, "-S", HERE / "spawn.py", result.name, *map(str, command)],
                stdout=file, check=True)
        *figures, status = map(float, result.read().split())
    if status:
        sys.exit(f"{' '.join(map(str, command))}: status {status:.0f}")
    return figures


def table(text, runs, work):
    if text is None or not all(model.exists() for model in models()):
        print("\nComparison: no models; set TOKTRAIN_MODELS\n")
        return
    commands = {
        "toktrain": [peers.TOOL, "compare", *models(), "--corpus", text, "--json", "--quiet"],
        "Python": [sys.executable, __file__, "--peer", text],
    }
    figures = {name: [] for name in commands}
    outputs = {name: work / f"comparison-{name}" for name in commands}
    for run in range(runs):
        for name, command in commands.items():
            # The peer takes minutes.
            if name == "toktrain" or run == 0:
                figures[name].append(spawned(command, outputs[name]))
    report = json.loads(outputs["toktrain"].read_text())
    found = next(row for row in report["metrics"] if row["name"] == "bytes/token")["values"]
    expected = json.loads(outputs["Python"].read_text())
    if any(abs(a - b) > 1e-9 * b for a, b in zip(found, expected)):
        sys.exit(f"comparison: {found} is not {expected}")
    size = pathlib.Path(text).stat().st_size / 1e6
    print(f"\n### Comparing GPT-2, BERT cased and Llama 2 on {pathlib.Path(text).name} ({size:.0f} MB)\n")
    print("| | seconds | CPU seconds | peak MB |\n|---|---|---|---|")
    for name, rows in figures.items():
        wall, cpu, peak = map(statistics.median, zip(*rows))
        unit = 1e6 if sys.platform == "darwin" else 1e3
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak / unit:.0f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("text", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", action="store_true")
    arguments = parser.parse_args()
    if arguments.peer:
        return measure(arguments.text)
    with tempfile.TemporaryDirectory() as work:
        table(arguments.text, arguments.runs, pathlib.Path(work))


if __name__ == "__main__":
    main()
