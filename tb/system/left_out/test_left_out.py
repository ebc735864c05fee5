"""Leaves each numbered step of a figure out (steps.py), runs the test that docs/claims.md names for it, and asks that it fails and says what that page quotes.

    test_left_out.py FIGURE | NUMBER …     with NICTEAM = nicteam_left_out; --say only prints what each test says"""
import io
import os
import pathlib
import re
import sys
import unittest

from steps import FIGURES

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tb/system/outcomes"))


def rows():
    """number: the name of its test, and what that says when the step is left out."""
    found = {}
    for line in (ROOT / "docs/claims.md").read_text().splitlines():
        if re.match(r"\| 3\d\d \|", line):
            cells = [c.strip() for c in line.strip("|").split("|")]
            found[int(cells[0])] = cells[3].strip("`"), cells[4]
    return found


def outcome_of(test, number):
    """What the test says when that step is left out; empty: it passes. 0 leaves nothing out."""
    os.environ["NICTEAM_LEFT_OUT"] = str(number)
    result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromName(test))
    if result.testsRun != 1 or result.errors:
        return f"an error, not a failure: {result.errors}"
    return re.sub(r"^AssertionError: ", "", result.failures[0][1].strip().splitlines()[-1]) if result.failures else ""


def main(words):
    numbers = FIGURES.get(words[0]) or [int(w) for w in words if w.isdigit()]
    known, wrong, whole = rows(), 0, {}
    for n in numbers:
        test, quoted = known[n]
        if test not in whole:
            whole[test] = outcome_of(test, 0)
        says = outcome_of(test, n)
        good = not whole[test] and says and says == quoted
        wrong += not good
        print(f"{n}: {says or 'NOBODY NOTICES that it is left out'}", flush=True)
        if whole[test]:
            print(f"    {test} fails with all steps in place: {whole[test]}")
        elif says and says != quoted and "--say" not in words:
            print(f"    docs/claims.md quotes: {quoted}")
    return bool(wrong) and "--say" not in words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
