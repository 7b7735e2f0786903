"""Every system call of a run fails once: either the run ends as if nothing had been, or it ends
with one line and status 4 and leaves either nothing or all of its output."""

import errno

from faulty_run import (BPE, CLEANING, ESSENTIAL, NOTHING_THERE, PARTIAL, TEXT, TOLERATED,
                        FaultyRun)


def test_a_failing_call_ends_the_run_cleanly_or_not_at_all(command):
    for case, name, outcome in command.fail_each(errno.EIO, ESSENTIAL | TOLERATED | CLEANING):
        if outcome.status == 0:
            assert name not in ESSENTIAL, f"{case}: nobody noticed"
            assert outcome.stdout == command.good.stdout, case
            # Only where the removal itself failed may what was to be removed stay.
            kept = {k: v for k, v in outcome.files.items() if "toktrain-" not in k}
            assert kept == command.good.files, case
            assert name in CLEANING or not outcome.leftovers, f"{case}: {outcome.leftovers}"
            continue
        assert outcome.status == 4, f"{case}: status {outcome.status}, {outcome.errors}"
        assert len(outcome.errors) == 1, f"{case}: {outcome.errors}"
        assert outcome.errors[0].startswith("toktrain: error: "), f"{case}: {outcome.errors}"
        assert name == "mmap" or "Input/output error" in outcome.errors[0], case
        assert command.is_all_or_nothing(outcome), f"{case}: {sorted(outcome.files)}"


def test_a_full_disk_is_named_whichever_call_meets_it(command):
    for case, _, outcome in command.fail_each(
            errno.ENOSPC, {"write", "pwrite", "posix_fallocate", "fsync", "mkdir", "renameat2",
                           "rename"}):
        assert outcome.status == 4, f"{case}: status {outcome.status}, {outcome.errors}"
        assert len(outcome.errors) == 1 and "No space left" in outcome.errors[0], case
        assert command.is_all_or_nothing(outcome), case


def test_interrupted_and_partial_calls_are_continued(command):
    interrupted = command.fail_each(
        errno.EINTR, {"open", "read", "pread", "write", "pwrite", "posix_fallocate", "fsync"})
    partial = command.fail_each(PARTIAL, {"read", "pread", "write", "pwrite"})
    for case, _, outcome in [*interrupted, *partial]:
        assert outcome.status == 0, f"{case}: {outcome.errors}"
        assert outcome.files == command.good.files, case
        assert outcome.stdout == command.good.stdout, case


def test_a_file_system_without_exchange_gives_the_same(command):
    """Such as NFS and many a FUSE: `renameat2` knows no flags there."""
    for case, _, outcome in command.fail_each(errno.EINVAL, {"renameat2"}):
        assert outcome.status == 0, f"{case}: {outcome.errors}"
        assert outcome.files == command.good.files and not outcome.leftovers, case


def test_a_file_that_ends_too_early_is_told(place, shim):
    """As if it had been cut while it was read. The first look at its bytes may find none."""
    (place / "big.txt").write_bytes(TEXT * 100)
    for source, call, status in (("big.txt", "pread", 4), ("t.txt.gz", "read", 3)):
        command = FaultyRun(place, shim, BPE + [source], calls=call)
        outcomes = [outcome for *_, outcome in command.fail_each(NOTHING_THERE, {call})]
        assert any(outcome.status for outcome in outcomes)
        for outcome in outcomes:
            if outcome.status == 0:
                assert outcome.files == command.good.files
                continue
            assert outcome.status == status and len(outcome.errors) == 1, outcome.errors
            # A stream that ends before its first byte is an empty file.
            assert source in outcome.errors[0] or "no text" in outcome.errors[0]
            assert not outcome.files


def test_threads_that_meet_a_failing_call_end_together(place, shim):
    (place / "big.txt").write_bytes(TEXT * 150)
    words = ["bpe", "-v", "300", "-q", "--threads", "3", "-o", "out/m", "big.txt", "t.txt.gz"]
    command = FaultyRun(place, shim, words, calls="open,pread,read,pthread_create,mmap")
    for number in range(1, len(command.names) + 1):
        outcome = command.run(number)
        # Threads take turns as they like: which call it was, if any, is known afterwards.
        case = (command.logged() + ["close"] * number)[number - 1]
        if outcome.status == 0:
            assert case in TOLERATED and outcome.files == command.good.files, case
        else:
            assert case != "pthread_create", outcome.errors
            assert outcome.status == 4 and len(outcome.errors) == 1, f"{case}: {outcome.errors}"
            assert command.is_all_or_nothing(outcome), case
