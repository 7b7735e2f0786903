"""How long a browser takes to show the page of `toktrain compare --html`, as a table in Markdown.

    python page.py [--runs N]

Three vocabularies of the project's own texts are compared on these texts, a line a document. Times are
Chromium's own, from the start of navigation in a new page of a process that runs already.
"""

import argparse
import pathlib
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import chromium  # noqa: E402
import peers  # noqa: E402

MODELS = [["bpe"], ["wordpiece"], ["unigram"]]


def written(work):
    """The page, once."""
    models = []
    for verb in MODELS:
        models.append(work / f"page-{verb[0]}")
        peers.toktrain(*verb, peers.own_corpus(), "-v", 4000, "-o", models[-1], "--quiet")
    page = work / "page.html"
    texts = sorted((peers.ROOT / "Corpora").glob("*.txt"))
    peers.toktrain("compare", *models, "--html", page, "--worst", 200, "--corpus", *texts)
    return page


def table(runs, work):
    print("\n### A page in a browser\n")
    if chromium.PROGRAM is None:
        print("No Chromium here.")
        return
    page = written(work)
    times = []
    with chromium.Browser() as browser:
        for _ in range(runs):
            browser.open(page)
            times.append(browser.evaluate("""(() => {
              const [page] = performance.getEntriesByType("navigation");
              const paint = performance.getEntriesByName("first-contentful-paint")[0];
              return [paint ? paint.startTime : 0, page.loadEventEnd];
            })()"""))
    paint, load = (statistics.median(values) for values in zip(*times))
    print("| page | first paint | loaded |\n|---|---:|---:|")
    print(f"| {page.stat().st_size:,} bytes | {paint:.0f} ms | {load:.0f} ms |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    with tempfile.TemporaryDirectory() as folder:
        table(parser.parse_args().runs, pathlib.Path(folder))


if __name__ == "__main__":
    main()
