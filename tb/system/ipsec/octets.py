"""The program under judgement, line by line."""
import random
import subprocess
import sys


class Octets:
    def __init__(self, seed=1):
        self.process = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.random = random.Random(seed)

    def ask(self, *words):
        self.process.stdin.write(" ".join(str(w) for w in words) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().rstrip("\n")
        if not answer:
            raise SystemExit("no answer to " + " ".join(str(w) for w in words)[:200])
        return answer

    def octets(self, n):
        return bytes(self.random.getrandbits(8) for _ in range(n))


def text(octets):
    return octets.hex() or "-"


def octets(answer):
    return b"" if answer == "-" else bytes.fromhex(answer)
