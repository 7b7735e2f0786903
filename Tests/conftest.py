import os
import pathlib
import subprocess
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


@pytest.fixture
def small_disk(tmp_path, request):
    """A disk of 64 KB, or of the size that the test names."""
    place = tmp_path / "disk"
    place.mkdir()
    size = getattr(request, "param", "64k")
    if os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", place],
            capture_output=True).returncode:
        pytest.skip("a small disk needs root and mount")
    yield place
    subprocess.run(["umount", place], check=True)
