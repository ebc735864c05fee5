"""Leaves each numbered step of a figure out (steps.py), runs the test that docs/claims.md names for it, and asks that it fails and says what that page quotes.

    test_left_out.py FIGURE | NUMBER …     with NICTEAM = nicteam_left_out; --say only prints what each test says
    test_left_out.py claims                the tests of the claims and of the worked example, without each step that the page says they need
    test_left_out.py rows                  those of docs/rows.md, likewise"""
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


PAGES = {"claims": re.compile(r"\| (\d\d?|NIC \d) \|.*\| `(?P<test>\S+)` \|.*\| (?P<steps>[\d, ]+) \|$"),
         "rows": re.compile(r"\| `(?P<test>test_\S+)` \| [^|]+ \| (?P<steps>[\d, ]+) \|$")}


def needed(page):
    """[(test, number)]: which tests say that they need which steps."""
    found = {}
    for line in (ROOT / f"docs/{page}.md").read_text().splitlines():
        if m := PAGES[page].match(line):
            found |= {(m["test"], int(n)): None for n in m["steps"].split(",")}
    return list(found)


def each_needs_its_steps(page):
    pairs = needed(page)
    wrong = [f"{test} fails with all steps in place: {says}" for test in sorted({t for t, _ in pairs}) if (says := outcome_of(test, 0))]
    if not pairs:
        wrong.append(f"docs/{page}.md says of no test which steps it needs")
    for test, number in pairs:
        says = outcome_of(test, number)
        if not says or says.startswith("an error"):
            wrong.append(f"{test} does not notice that {number} is left out {says}")
    print("\n".join(wrong) or f"{len(pairs)} pairs of a test and a step: each test fails without its step")
    return bool(wrong)


def outcome_of(test, number):
    """What the test says when that step is left out; empty: it passes. 0 leaves nothing out."""
    os.environ["NICTEAM_LEFT_OUT"] = str(number)
    result = unittest.TextTestRunner(stream=io.StringIO(), failfast=True).run(unittest.defaultTestLoader.loadTestsFromName(test))
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
    sys.exit(each_needs_its_steps(sys.argv[1]) if sys.argv[1:] and sys.argv[1] in PAGES else main(sys.argv[1:]))
