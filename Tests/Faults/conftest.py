import gzip
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from faulty_run import COMMANDS, TEXT, FaultyRun  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def interruptible():
    """Shells start what runs in the background with SIGINT ignored, nohup with SIGHUP, and programs
    inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("LD_PRELOAD is of Linux")
    library = tmp_path_factory.mktemp("shim") / "failing_call.so"
    source = pathlib.Path(__file__).with_name("failing_call.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source,
                    "-ldl"], check=True)
    return library


@pytest.fixture
def place(model):
    """A folder with inputs, in memory if it can be: hundreds of runs would wait for the disk."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as name:
        folder = pathlib.Path(name)
        (folder / "t.txt").write_bytes(TEXT)
        (folder / "t.txt.gz").write_bytes(gzip.compress(TEXT))
        (folder / "t.jsonl").write_bytes(b'{"text": "the cat sat on the mat"}\n' * 50)
        (folder / "ids.txt").write_bytes(b"5 6 7\n" * 50)
        (folder / "list").write_bytes(b"t.txt\nfolder\n")
        (folder / "folder/below").mkdir(parents=True)
        (folder / "folder/a.txt").write_bytes(TEXT)
        (folder / "folder/below/b.txt").write_bytes(b"more text, more text\n")
        shutil.copytree(model, folder / "model")
        yield folder


@pytest.fixture(params=COMMANDS, ids=COMMANDS)
def command(request, place, shim):
    return FaultyRun(place, shim, *COMMANDS[request.param])
