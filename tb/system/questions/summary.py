"""One line for each question: what it is held to, and what came out. Markdown."""
import math

HEAD = """| question | closed form | points | bounds: the closest, the farthest | closeness asked for at saturation | equalities and means: error | widest confidence (95 %) | runs of a point |
|---|---|---|---|---|---|---|---|"""


def percent(values, sign="+"):
    return " … ".join(f"{100 * v:{sign}.1f} %" for v in ((min(values), max(values)) if len(values) > 1 else values)) if values else ""


def line(name, form, rows):
    far = [r for r in rows if abs(r.closed) > 0.0011]                # not what shall never be
    never = len(rows) - len(far)
    bounds = [r for r in far if r.highest]
    others = [r for r in far if not r.highest and math.inf not in (r.below, r.above)]
    ends = [r for r in far if not r.highest and math.inf in (r.below, r.above)]
    asked = sorted({r.below for r in bounds if r.below < math.inf})
    random = [r.half / r.closed for r in far if not r.certain]
    counts = sorted({(len(r.all), r.certain) for r in rows}, key=lambda c: (c[1], c[0]))
    said = ", ".join(f"{n} {'alike' if certain else 'seeds'}" for n, certain in counts)
    points = f"{len(rows)}{f', of which {never} that never shall be' if never else ''}{f', {len(ends)} with one end' if ends else ''}"
    return (f"| {name.upper()} | {form} | {points} | {percent([r.error for r in bounds])} | {percent(asked, '')} | {percent([r.error for r in others])} | {percent([max(random)], '') if random else 'none'} | {said} |"
            + ("" if all(r.good for r in rows) else " **OFF**"))
