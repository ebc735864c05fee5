"""Rows A-01 to A-132 of source document 000 (docs/rows.md): each is there once, with code, tests that run in the suite, and decisions that exist."""
import ast
import pathlib
import re
import unittest

import command

DOCS, TESTS = command.SOURCE / "docs", command.SOURCE / "tb" / "system"
PAGE = (DOCS / "rows.md").read_text()
USED = [*range(1, 7), *range(10, 25), *range(30, 44), *range(50, 103), *range(110, 116), *range(120, 133)]
PARTS = {  # what a cell of the last column is made of: how it is written
    "outcome": re.compile(r"`(test_\w+)\.(\w+)\.(test_\w+)`"),
    "unit": re.compile(r'`(\w+/\w+\.cpp)` "([^"]+)"'),
    "named": re.compile(r"`(questions|campaign): (\w+)`"),
    "scenario": re.compile(r"`scenarios/([\w./-]+\.toml)`"),
    "decision": re.compile(r"\[decision (\d+)\]\((decisions/[\w.-]+\.md)\)"),
}


def rows():
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line.startswith("| A-")]


def listed(folder, loop="part"):
    """What a CMakeLists.txt makes a test of."""
    return {word for block in re.findall(rf"foreach\({loop}(.*?)\)", (TESTS / folder / "CMakeLists.txt").read_text(), re.S) for word in block.split()}


def outcomes():
    """Each test of each file that the suite runs."""
    found = set()
    for name in listed("outcomes"):
        for c in ast.parse((TESTS / "outcomes" / f"test_{name}.py").read_text()).body:
            if isinstance(c, ast.ClassDef):
                found |= {(f"test_{name}", c.name, f.name) for f in c.body if isinstance(f, ast.FunctionDef)}
    return found


def cases(file):
    path = command.SOURCE / "tb" / "unit" / file
    return re.findall(r'(?:TEST_CASE|SCENARIO)\(\s*"([^"]*)"', path.read_text()) if path.exists() else []


class page(unittest.TestCase):
    def found(self, kind):
        return [(row[0], m.groups()) for row in rows() for m in PARTS[kind].finditer(row[-1])]

    def test_every_row_is_there_once_and_whole(self):
        self.assertEqual([row[0] for row in rows()], [f"A-{n:02}" for n in USED])
        for row in rows():
            self.assertEqual([len(row), all(row)], [5, True], row)
            said = PARTS["outcome"].sub("", row[-1])
            for kind in ("unit", "named", "scenario"):
                said = PARTS[kind].sub("", said)
            self.assertEqual(re.findall(r"`[^`]*`", said), [], f"{row[0]} names what is nothing that this page knows")
            self.assertNotEqual([k for k in PARTS if k != "decision" and PARTS[k].search(row[-1])], [], f"{row[0]} is shown by nothing")

    def test_the_code_is_there(self):
        for row in rows():
            named = re.findall(r"`([^`]+)`", row[3])
            self.assertGreater(len(named), 0, row[0])
            self.assertEqual([p for p in named if not p.startswith(("models/", "include/")) or not (command.SOURCE / p).exists()], [], row[0])

    def test_outcome_tests_are_there_and_run(self):
        there = outcomes()
        self.assertEqual([(row, ".".join(t)) for row, t in self.found("outcome") if t not in there], [])

    def test_unit_cases_are_there(self):
        for row, (file, words) in self.found("unit"):
            self.assertEqual(len([c for c in cases(file) if words in c]), 1, f"{row}: cases of {file} that say \"{words}\"")
            registered = (command.SOURCE / "tb" / "unit" / pathlib.Path(file).parent / "CMakeLists.txt").read_text()
            self.assertIn(pathlib.Path(file).stem, registered, f"{row}: {file} is in no binary")

    def test_questions_and_campaigns_run(self):
        run = {"questions": listed("questions"), "campaign": listed("campaign")}
        self.assertEqual([(row, t) for row, t in self.found("named") if t[1] not in run[t[0]]], [])

    def test_scenarios_are_there_expect_something_and_run(self):
        shipped = {str(p.relative_to(command.SOURCE / "scenarios")): p.read_text() for p in command.SCENARIOS}
        self.assertEqual([(row, name) for row, (name,) in self.found("scenario") if "[[expect]]" not in shipped.get(name, "")], [])

    def test_decisions_are_there_and_are_those(self):
        wrong = [(row, t) for row, t in self.found("decision") if not t[1].startswith(f"decisions/{int(t[0]):04}-") or not (DOCS / t[1]).exists()]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
