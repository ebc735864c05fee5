"""Pictures of pages, for scripts/screenshots: of a sweep in light and dark, of a comparison, of a run. All of shipped scenarios."""
import pathlib
import subprocess
import sys
import tempfile

from browser import Browser, need_browser
from palette import with_palette
from sweeping import NICTEAM

MOST_OCTETS = 120_000


def main(to):
    need_browser()
    to.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def nicteam(*words, statuses=(0,)):
            done = subprocess.run([NICTEAM, *words], cwd=folder, capture_output=True, text=True)
            if done.returncode not in statuses:
                sys.exit(f"screenshots: nicteam {' '.join(map(str, words))}: {done.stderr}")

        nicteam("sweep", "q02-return-or-transmit", "-q", "-o", "sweep")
        nicteam("sweep", "q03-own-packets", "-q", "-o", "bus-66-mhz")
        nicteam("sweep", "q03-own-packets", "-q", "-o", "bus-33-mhz", "--set", "server.pci0.period=33 MHz", statuses=(0, 1))   # its closed forms are for 66 MHz
        nicteam("compare", "bus-66-mhz", "bus-33-mhz", "-o", "ab.html", statuses=(0, 1))
        nicteam("run", "team-failover", "-q", "--trace", "packets,report", "-o", "run")
        nicteam("report", "run")
        b = Browser(None, width=1120, height=900)

        def picture(name, *part, **more):
            b.whole_picture(folder / "page.png", *part, **more)
            octets = with_palette(b, (folder / "page.png").read_bytes())
            (to / f"{name}.png").write_bytes(octets)
            print(f"{to / name}.png: {len(octets)} octets")
            if len(octets) > MOST_OCTETS:
                sys.exit(f"screenshots: {name}.png is of more than {MOST_OCTETS} octets")

        try:
            b.open(folder / "sweep" / "report.html")
            picture("sweep-light", "#limits", until="#parallel")
            b.open(folder / "sweep" / "report.html", dark=True)
            picture("sweep-dark", until="#map")
            b.open(folder / "ab.html")
            b.run("const s = document.querySelector('#chart-differences select'); s.value = 1; s.dispatchEvent(new Event('change'))")
            picture("comparison", until="#table-differences tbody tr:nth-child(8)")
            b.open(folder / "run" / "report.html")
            picture("run", "#charts", until="#chart-stages")
        finally:
            b.driver.quit()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
