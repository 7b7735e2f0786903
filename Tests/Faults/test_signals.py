"""Signals at every system call and at random moments: the run ends at once, with its status, one
line, and nothing half written."""

import random
import signal
import subprocess
import time

import pytest

import peers
from faulty_run import FaultyRun, Outcome

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@pytest.mark.parametrize("number", STATUS, ids=lambda number: number.name)
def test_a_signal_at_every_call_leaves_all_or_nothing(place, shim, number):
    """Without a pause the run races with its end, with one the signal comes first."""
    words = ["bpe", "-v", "300", "-q", "--threads", "2", "-o", "out/a/m", "t.txt"]
    command = FaultyRun(place, shim, words, calls="open,write,fsync,mkdir,renameat2,pread,close")
    for at in range(1, len(command.names) + 1):
        for pause in (0, 20_000):
            outcome = command.run(at, signal=number, pause=pause)
            case = f"{command.names[at - 1]}, call {at}, pause {pause}: {outcome.errors}"
            assert command.is_all_or_nothing(outcome), case
            if outcome.status == 0:
                assert pause == 0 and outcome.files == command.good.files, case
            else:
                assert outcome.status == STATUS[number], case
                assert len(outcome.errors) == 1, case
                assert outcome.errors[0].startswith("toktrain: error: "), case


@pytest.mark.parametrize("verb", ["bpe", "spbpe", "wordpiece", "unigram", "encode"])
def test_a_signal_at_a_random_moment_leaves_all_or_nothing(tmp_path, model, verb):
    text, out = tmp_path / "t.txt", tmp_path / "out"
    text.write_bytes(peers.own_corpus().read_bytes() * 40)
    options = [text, "-o", out / "m", "-v", "5000", "-f"]
    words = {"bpe": ["bpe", *options], "wordpiece": ["wordpiece", *options],
             "spbpe": ["bpe", "--style", "sentencepiece", *options],
             "unigram": ["unigram", *options],
             "encode": ["encode", model, text, "-o", out / "m", "-f"]}[verb]
    out.mkdir()
    start = time.monotonic()
    peers.toktrain(*words)
    duration = time.monotonic() - start
    good = Outcome(0, b"", b"", out).files
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    for _ in range(15):
        number = chance.choice([*STATUS])
        process = subprocess.Popen([peers.TOOL, *words], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        # Before the first instruction the signal ends the process as the system has it.
        time.sleep(0.02 + chance.random() * duration)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=10)
        outcome = Outcome(process.returncode, stdout, stderr, out)
        case = f"seed {seed}: {number.name}, status {outcome.status}, {outcome.errors}"
        assert outcome.status in (0, STATUS[number], -number), case
        assert outcome.files == good and not outcome.leftovers, case
        # The summary may have been on its way.
        complaints = [line for line in outcome.errors if line.startswith("toktrain: error: ")]
        assert len(complaints) == 1 or outcome.status <= 0, case


def test_a_run_that_waits_for_text_is_interrupted_at_once(tmp_path):
    process = subprocess.Popen([peers.TOOL, "bpe", "-", "-o", tmp_path / "out/m"],
                               stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (tmp_path / "out").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=5)
    assert process.returncode == 130 and errors.count(b"\n") == 1, errors
    assert not any(tmp_path.iterdir())
