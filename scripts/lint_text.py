"""Part of scripts/lint: text of the files named on the command line. Prints file:line for each breach; exit status 1 if there is any."""
import os
import re
import sys

WIDEST, LONG, LONGEST = 160, 500, 1000
NARROW = re.compile(r"^(tb/runner|tb/fuzz|tb/unit/(scenario|report|sweep)|tb/system/(outcomes|sweeps|pages)|models/(scenario|report|check|sweep|pages))/.*\.(h|cpp|py)$")
ROW_OF_A_TABLE = re.compile(r'^ *\{"')
LINK = re.compile(r"\]\(([^)#: ]+)")

bad, wide = False, 0


def complain(text):
    global bad
    bad = True
    print(text)


def check_width(name, lines):
    global wide
    if name.endswith((".h", ".cpp")):
        wide += sum(len(line) > WIDEST for line in lines)
    if not NARROW.match(name) or name.endswith("/page_style.h"):
        return
    for number, line in enumerate(lines, 1):
        if len(line) > WIDEST and not ROW_OF_A_TABLE.match(line):
            complain(f"{name}:{number}: wider than {WIDEST} columns")


def check(name):
    with open(name, "rb") as file:
        octets = file.read()
    if not octets or b"\0" in octets:
        return
    text = octets.decode(errors="replace")
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n"):
        complain(f"{name}: no newline at the end")
    for number, line in enumerate(lines, 1):
        if line.endswith(" "):
            complain(f"{name}:{number}: trailing blanks")
    check_width(name, lines)
    if name.endswith((".h", ".cpp")):
        for number, line in enumerate(lines, 1):
            if "\t" in line:
                complain(f"{name}:{number}: tabs")
        if name.endswith(".h") and "#pragma once" not in lines:
            complain(f"{name}:1: no #pragma once")
        if len(lines) > LONGEST:
            complain(f"{name}:1: longer than {LONGEST} lines")
        elif len(lines) > LONG:
            print(f"lint: {name} has {len(lines)} lines; one idea per file keeps them near 100")
    if name.endswith(".md"):
        for link in LINK.findall(text):
            if not os.path.exists(os.path.join(os.path.dirname(name), link)):
                complain(f"{name}: no such file: {link}")


for name in sys.argv[1:]:
    if os.path.isfile(name):
        check(name)
if wide:
    print(f"lint: {wide} lines are wider than {WIDEST} columns (rows of tables may be)")
sys.exit(bad)
