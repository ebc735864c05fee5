"""Processes of a sweep, by their words: for tests that kill some."""
import os
import pathlib
import signal
import time


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


def children(process):
    """Of one, by number; its threads' as well."""
    found = []
    for thread in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(word) for word in thread.read_text().split()]
        except OSError:
            pass
    return found


def wait_until(what, happened, seconds=120):
    """Events are waited for, not times: a machine may be slow. `seconds` only ends a test that would never end."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.005)


def state(process):
    """As /proc has it: T stands, Z has ended."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


def kill_a_child(process, asked=signal.SIGKILL, seconds=1):
    """The next one that begins, long before its end: it is stopped first. False: none began."""
    before, until = set(children(process)), time.monotonic() + seconds
    while time.monotonic() < until:
        for child in set(children(process)) - before:
            try:
                os.kill(child, signal.SIGSTOP)
                wait_until("the end of a child, or that it stands", lambda: state(child) in "TZ")
                if state(child) == "T":
                    os.kill(child, asked)
                    if asked != signal.SIGKILL:  # which one that stands takes as well, and it may be gone by now
                        os.kill(child, signal.SIGCONT)
                    return True
            except ProcessLookupError:
                pass
    return False
