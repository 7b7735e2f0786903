"""The page that `toktrain compare --html` writes: what stands in it, and how a browser shows it."""

import html.parser
import os
import re

import pytest

import chromium
import peers

browser_tests = [pytest.mark.exact, pytest.mark.skipif(
    chromium.PROGRAM is None, reason="no chromium; apt-get install chromium")]
HOSTILE = ["<script>alert(1)</script>", "\x1b[2J\u202eabc\u2066", "'\"&lt;</title>", "x" * 300, "e\u0301" * 60,
           "שלום 東京 👨\u200d👩\u200d👧", "https://example.org/"]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    place = tmp_path_factory.mktemp("models")
    for verb, name in (("bpe", "bpe"), ("wordpiece", "wordpiece"), ("unigram", "unigram")):
        peers.toktrain(verb, peers.own_corpus(), "-v", 2000, "-o", place / name, "--quiet")
    return [place / name for name in ("bpe", "wordpiece", "unigram")]


@pytest.fixture(scope="module")
def page(models, tmp_path_factory):
    """Three models on the project's own texts."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    corpora = sorted((peers.ROOT / "Corpora").glob("*.txt"))
    peers.toktrain("compare", *models, "--corpus", *corpora, "--html", path)
    return path


@pytest.fixture(scope="module")
def hostile_page(models, tmp_path_factory):
    place = tmp_path_factory.mktemp("hostile")
    named = place / "\x1b]0;x\x07<img src=x onerror=alert(1)>\u202e"
    named.mkdir()
    (named / "tokenizer.json").write_bytes((models[0] / "tokenizer.json").read_bytes())
    path = place / "report.html"
    peers.toktrain("compare", named, *models[1:], "--html", path, "--", *HOSTILE)
    return path


class Outline(html.parser.HTMLParser):
    """Elements, attributes and text of a page, as Python's parser sees them."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.attributes, self.text = [], set(), set(), []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes |= {(tag, name) for name, _ in attributes}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError(data)


ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "aria-label",
              "aria-labelledby", "role", "scope", "tabindex", "open", "viewbox", "x", "y", "x1", "x2", "y1", "y2",
              "cx", "cy", "r", "width", "height", "points", "text-anchor"}


def test_a_page_is_whole_small_and_the_same_again(page, models, tmp_path):
    text = page.read_text(encoding="utf-8")
    outline = Outline(text)
    assert {name for _, name in outline.attributes} <= ATTRIBUTES
    assert "script" not in outline.elements and "link" not in outline.elements
    assert len(text.encode()) < 2_000_000
    again = tmp_path / "again.html"
    corpora = sorted((peers.ROOT / "Corpora").glob("*.txt"))
    peers.toktrain("compare", *models, "--corpus", *corpora, "--html", again, "--threads", 1,
                   env={**os.environ, "LC_ALL": "C", "TZ": "Asia/Tokyo", "TOKTRAIN_X": "1"})
    assert again.read_bytes() == page.read_bytes()
    run = peers.toktrain("compare", *models, "--html", again, "--", "x", check=False)
    assert run.returncode == 4 and b"--force" in run.stderr
    assert again.read_bytes() == page.read_bytes()


def test_foreign_text_stays_text(hostile_page):
    outline = Outline(hostile_page.read_text(encoding="utf-8"))
    assert {name for _, name in outline.attributes} <= ATTRIBUTES
    assert not outline.elements & {"script", "img", "iframe", "object", "link", "form", "base"}
    text = "".join(outline.text)
    assert "<img src=x onerror=alert(1)>" in text and "\\u{1B}]0;x\\u{7}" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text)


CONTRAST = """(() => {
  const channel = c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const luminance = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const parse = s => s.match(/[\\d.]+/g).map(Number);
  const background = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    if (!node.data.trim()) continue;
    const element = node.parentElement, style = getComputedStyle(element);
    if (element.tagName == "title") continue;
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [luminance(ink), luminance(background(element))].sort((x, y) => y - x);
    found.push([(a + .05) / (b + .05), element.tagName + "." + element.className, node.data.slice(0, 20)]);
  }
  found.sort((x, y) => x[0] - y[0]);
  return [found.length, ...found.slice(0, 3)];
})()"""

LINES = """(() => {
  const channel = c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const luminance = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const parse = s => s.match(/[\\d.]+/g).map(Number);
  const paper = luminance(parse(getComputedStyle(document.documentElement).backgroundColor));
  return Math.min(...[...document.querySelectorAll("rect, circle, polyline")].map(e => {
    const style = getComputedStyle(e);
    const own = luminance(parse(e.tagName == "polyline" ? style.stroke : style.fill));
    return (Math.max(own, paper) + .05) / (Math.min(own, paper) + .05);
  }));
})()"""

STRUCTURE = """(() => {
  const all = s => [...document.querySelectorAll(s)];
  const headings = all("h1, h2, h3").map(h => Number(h.tagName[1]));
  return {
    lang: document.documentElement.lang,
    title: document.title.length > 0,
    landmarks: ["header", "nav", "main", "footer"].map(s => all(s).length),
    h1: headings.filter(h => h == 1).length,
    skips: headings.some((h, i) => i > 0 && h > headings[i - 1] + 1),
    tables: all("table").every(t => t.caption && all("th").every(h => h.scope)),
    headed: all("table").every(t => [...t.rows].every(r => r.cells[0].tagName == "TH")),
    drawings: all("svg").every(s => s.getAttribute("role") == "img" && s.getAttribute("aria-label")),
    tabled: all("figure").every(f => f.querySelector("figcaption")),
    links: all("a").every(a => document.getElementById(a.getAttribute("href").slice(1))),
    ids: new Set(all("[id]").map(e => e.id)).size == all("[id]").length,
    lists: all("ol.chips").every(o => [...o.children].every(c => c.tagName == "LI")),
    isolated: all(".chips li").every(c => c.firstElementChild.tagName == "BDI"),
  };
})()"""


@pytest.fixture(scope="module")
def browser():
    with chromium.Browser() as browser:
        yield browser


class TestInBrowser:
    pytestmark = browser_tests

    def test_nothing_is_said_in_the_console_and_nothing_is_loaded(self, browser, page, hostile_page):
        for path in (page, hostile_page):
            for scheme in ("light", "dark"):
                browser.open(path, scheme)
                assert browser.evaluate("document.querySelectorAll('.chips li').length") > 0
                assert len(browser.requests()) == 1 and browser.requests()[0].startswith("file:")
                assert browser.complaints() == []
                assert browser.evaluate("performance.getEntriesByType('resource').length") == 0

    def test_text_and_lines_have_the_contrast_of_level_aa(self, browser, page, hostile_page):
        for path in (page, hostile_page):
            for scheme, media in (("light", "screen"), ("dark", "screen"), ("light", "print")):
                browser.open(path, scheme, media)
                browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                count, *worst = browser.evaluate(CONTRAST)
                assert count > 100
                assert worst[0][0] >= 4.5, (scheme, media, worst)
                assert browser.evaluate(LINES) >= 3, (scheme, media)

    def test_its_structure_can_be_heard(self, browser, page):
        browser.open(page)
        found = browser.evaluate(STRUCTURE)
        assert found == {
            "lang": "en", "title": True, "landmarks": [1, 1, 1, 1], "h1": 1, "skips": False, "tables": True,
            "headed": True, "drawings": True, "tabled": True, "links": True, "ids": True, "lists": True,
            "isolated": True}
        tree = browser.call("Accessibility.getFullAXTree")["nodes"]
        roles = {node["role"]["value"] for node in tree if not node["ignored"]}
        assert {"banner", "navigation", "main", "contentinfo", "region", "table", "columnheader",
                "rowheader", "caption", "image", "list", "listitem", "term", "definition"} <= roles, roles
        for node in tree:
            if node["role"]["value"] in ("image", "region", "link", "table", "navigation") and not node["ignored"]:
                assert node["name"]["value"], node

    def test_a_token_says_what_it_is_when_the_keyboard_reaches_it(self, browser, page):
        browser.open(page)
        shown = browser.evaluate("""(() => {
          const chip = document.querySelector("details[open] .chips li"), tip = chip.querySelector("span");
          const before = getComputedStyle(tip).display;
          chip.focus();
          return [before, getComputedStyle(tip).display, document.activeElement == chip, tip.textContent];
        })()""")
        assert shown[:3] == ["none", "block", True]
        assert re.match(r"id \d+, bytes \d+–\d+: ([0-9A-F]{2} ?)+", shown[3])

    def test_it_fits_a_phone_and_large_letters(self, browser, page):
        for width, size in ((320, "100%"), (1000, "200%")):
            browser.resize(width, 900)
            browser.open(page)
            browser.evaluate(f"document.documentElement.style.fontSize = '{size}'")
            assert browser.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        browser.resize(1000, 1200)

    def test_it_prints(self, browser, page):
        browser.open(page)
        assert browser.pdf().startswith(b"%PDF-")
