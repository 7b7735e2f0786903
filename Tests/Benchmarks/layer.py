"""Speed of drawing embedding tables, beside numpy, as a table in Markdown.

    python layer.py [--runs N]

toktrain: a whole process that draws a table and writes it to memory (/dev/shm where that is), less one
that writes a small table; peers: the call that draws, nothing written. CPU seconds, in turn; medians.
"""

import argparse
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import peers  # noqa: E402

COUNT = 1 << 26


def spent(command):
    """CPU seconds of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(list(map(str, command)), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def drawn_by_numpy(call):
    start = time.process_time()
    call()
    return time.process_time() - start


def table(runs, work):
    import numpy

    memory = pathlib.Path("/dev/shm")
    place = pathlib.Path(tempfile.mkdtemp(dir=memory if memory.exists() else work))
    model = work / "layer-model"
    peers.toktrain("bpe", peers.own_corpus(), "-v", 1024, "-o", model, "--quiet", "--force")
    chance = numpy.random.Generator(numpy.random.PCG64(1))
    ways = {
        "normal": lambda: chance.standard_normal(COUNT, dtype="f4"),
        "truncated-normal": None,
        "uniform": lambda: chance.random(COUNT, dtype="f4"),
    }
    print("\n| distribution | toktrain f32 MB/s | bf16 MB/s of f32 | numpy MB/s | ours ÷ numpy |")
    print("|---|---:|---:|---:|---:|")

    def ours(init, dtype, dimension):
        return spent([peers.TOOL, "export", model, "--dim", dimension, "--init", init, "--dtype", dtype,
                      "--positions", "none", "--segments", 0, "--threads", 1, "--force", "--quiet",
                      "-o", place / "layer"])

    try:
        for name, call in ways.items():
            rows = {"f32": [], "bf16": [], "numpy": []}
            for _ in range(runs):
                empty = ours(name, "f32", 16)
                for dtype in ("f32", "bf16"):
                    rows[dtype].append(ours(name, dtype, COUNT // 1024) - empty)
                if call:
                    rows["numpy"].append(drawn_by_numpy(call))
            speed = {key: 4e-6 * COUNT / statistics.median(values)
                     for key, values in rows.items() if values}
            peer = f"{speed['numpy']:.0f} | {speed['f32'] / speed['numpy']:.1f}×" if call else "- | -"
            print(f"| {name} | {speed['f32']:.0f} | {speed['bf16']:.0f} | {peer} |", flush=True)
    finally:
        subprocess.run(["rm", "-rf", str(place)], check=True)


def main():
    parser = argparse.ArgumentParser(description="drawing tables beside numpy")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        table(arguments.runs, pathlib.Path(work))


if __name__ == "__main__":
    main()
