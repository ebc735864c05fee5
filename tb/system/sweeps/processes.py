"""Processes of a sweep, by their words: for tests that kill some."""
import os
import pathlib
import signal


def of(*words):
    """Those whose command line has all of them."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if all(word in line for word in words):
            found.append(int(entry.name))
    return found


def kill(*words):
    """How many there were."""
    all_of_them = of(*words)
    for process in all_of_them:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return len(all_of_them)
