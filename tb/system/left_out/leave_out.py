"""Writes the sources of nicteam_left_out.

    leave_out.py --files         names the sources that steps.py changes
    leave_out.py --check         says which step finds no place any more; status 1 if any
    leave_out.py FILE OUT        writes that source with each of its steps able to be left out"""
import pathlib
import sys

from steps import STEPS

ROOT = pathlib.Path(__file__).resolve().parents[3]
FILES = sorted({file for places in STEPS.values() for file, _, _ in places})


def changed(file):
    """The source with all its steps, and what is wrong."""
    text = (ROOT / file).read_text()
    spans, wrong = [], []
    for number, places in STEPS.items():
        for _, there, without in (p for p in places if p[0] == file):
            if (times := text.count(there)) != 1:
                wrong.append(f"{number}: {file} has {there!r} {times} times; tb/system/left_out/steps.py wants to know where that step is now")
            else:
                spans.append((text.find(there), there, without, number))
    spans.sort()
    for (at, there, _, number), (next_at, *_, other) in zip(spans, spans[1:]):
        if at + len(there) > next_at:
            wrong.append(f"{number}: {file}: its place is also that of {other}")
    for at, there, without, _ in reversed(spans):
        text = text[:at] + without + text[at + len(there):]
    return text, wrong


def main(words):
    if words == ["--files"]:
        print(";".join(FILES))
        return 0
    wrong = [w for file in (FILES if words == ["--check"] else words[:1]) for w in changed(file)[1]]
    for one in wrong:
        print(one, file=sys.stderr)
    if not wrong and len(words) == 2:
        out = pathlib.Path(words[1])
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(f'#include "left_out.h"\n#line 1 "{ROOT / words[0]}"\n' + changed(words[0])[0])
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
