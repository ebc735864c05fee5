"""Pictures of pages, for scripts/screenshots: of a sweep in light and dark and on paper, of a comparison, of a run."""
import pathlib
import subprocess
import sys
import tempfile

from browser import Browser, need_browser
from sweeping import EXAMPLE, NICTEAM, SOURCE


def main(to):
    need_browser()
    to.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "frames.toml").write_text(EXAMPLE.replace("Held to the wire: </script> a frame takes its octets, preamble and gap.",
                                                            "The closed form is the wire's: a frame takes its octets, preamble and gap."))

        def nicteam(*words, statuses=(0,)):
            done = subprocess.run([NICTEAM, *words], cwd=folder, capture_output=True, text=True)
            if done.returncode not in statuses:
                sys.exit(f"screenshots: nicteam {' '.join(map(str, words))}: {done.stderr}")

        nicteam("sweep", "frames.toml", "-q", "-o", "before")
        nicteam("sweep", "frames.toml", "-q", "-o", "after", "--set", "server.cpu0.clock=400 MHz")
        nicteam("compare", "before", "after", "-o", "ab.html", statuses=(1,))
        nicteam("run", SOURCE / "scenarios/overrun-and-recovery.toml", "-q", "--trace", "all", "-o", "run")
        nicteam("report", "run")
        b = Browser(None, width=1120, height=900)
        try:
            for dark in (False, True):
                b.open(folder / "before" / "report.html", dark=dark)
                b.whole_picture(to / f"sweep-{'dark' if dark else 'light'}.png", until="#map" if dark else "#parallel")
            b.open(folder / "before" / "report.html")
            b.paper(folder / "sweep.pdf")
            b.open(folder / "ab.html")
            b.run("const s = document.querySelector('#chart-differences select'); s.value = 2; s.dispatchEvent(new Event('change'))")
            b.whole_picture(to / "comparison.png", until="#table-differences tbody tr:nth-child(12)")
            b.open(folder / "run" / "report.html")
            b.whole_picture(to / "run.png", "#charts")
        finally:
            b.driver.quit()
        subprocess.run(["pdftoppm", "-r", "60", "-f", "1", "-l", "1", "-png", "-singlefile", folder / "sweep.pdf", to / "sweep-paper"], check=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
