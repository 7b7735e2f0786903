import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Interop"))

import peers  # noqa: E402


def pytest_collection_modifyitems(items):
    if not peers.TOOL.exists():
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"{peers.TOOL} is not built; make build"))


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A small model of the project's own texts that keeps every byte."""
    place = tmp_path_factory.mktemp("model") / "own"
    peers.toktrain("bpe", peers.own_corpus(), "-o", place, "--vocab-size", 1000,
                   "--normalization", "none", "--quiet")
    return place
