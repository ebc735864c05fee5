"""LACPDUs and marker PDUs: tshark finds every field as set and nothing malformed, and what the model reads is what was set."""
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

if not shutil.which("tshark"):
    print("skipped: tshark not installed")
    sys.exit(0)
rng = random.Random(5)
asked = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(line):
    asked.stdin.write(line + "\n")
    asked.stdin.flush()
    return asked.stdout.readline().rstrip("\n")


def station():
    return "02" + rng.randbytes(5).hex()


def party():
    return [rng.randrange(65536), station(), rng.randrange(65536), rng.randrange(65536), rng.randrange(65536), rng.randrange(256)]


def colons(mac):
    return ":".join(mac[i:i + 2] for i in range(0, 12, 2))


PARTY = ["sys_priority", "sysid", "key", "port_priority", "port", "state"]
FIELDS = ["eth.dst", "eth.src", "eth.type", "slow.subtype", "lacp.version"] + ["lacp.actor." + f for f in PARTY] + ["lacp.partner." + f for f in PARTY] + [
    "lacp.collector.max_delay", "marker.requesterPort", "marker.requesterSystem", "marker.requesterTransId", "marker.tlvType", "frame.len", "_ws.malformed", "_ws.expert.message"]


def shown(p):
    return [str(p[0]), colons(p[1]), str(p[2]), str(p[3]), str(p[4]), f"0x{p[5]:02x}"]


frames, wanted = [], []
for n in range(300):
    source = station()
    head = ["01:80:c2:00:00:02", colons(source), "0x8809"]
    if n % 3:
        actor, partner, delay = party(), party(), rng.randrange(65536)
        words = f"{' '.join(map(str, actor + partner))} {delay}"
        frame = ask(f"lacpdu {source} {words}")
        assert ask("parse " + frame) == "lacpdu " + words, words
        wanted.append(head + ["0x01", "0x01"] + shown(actor) + shown(partner) + [str(delay), "", "", "", "", "124", "", ""])
    else:
        port, system, transaction, response = rng.randrange(65536), station(), rng.randrange(2**32), n % 2
        words = f"{port} {system} {transaction} {response}"
        frame = ask(f"marker {source} {words}")
        assert ask("parse " + frame) == "marker " + words, words
        wanted.append(head + ["0x02", ""] + [""] * 13 + [str(port), colons(system), str(transaction), f"0x{1 + response:02x},0x00", "124", "", ""])
    frames.append(bytes.fromhex(frame))

# Short, of another type, with a wrong length field: none of ours. Version, types and reserved octets do not matter.
good = frames[1]
for bad in [good[:123], good[:12] + b"\x88\x08" + good[14:], good[:17] + b"\x13" + good[18:], good[:37] + b"\x15" + good[38:], good[:57] + b"\x0f" + good[58:],
            good[:73] + b"\x01" + good[74:], good[:14] + b"\x03" + good[15:], frames[0][:17] + b"\x0f" + frames[0][18:]]:
    assert ask("parse " + bad.hex()) == "-", bad.hex()
for at in [15, 16, 33, 36, 56, 60, 72, 90]:
    assert ask("parse " + (good[:at] + b"\x77" + good[at + 1:]).hex()) == ask("parse " + good.hex()), at

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "pdus.pcap")
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for n, frame in enumerate(frames):
            f.write(struct.pack("<IIII", n, 0, len(frame), len(frame)) + frame)
    command = ["tshark", "-n", "-r", path, "-T", "fields"]
    for field in FIELDS:
        command += ["-e", field]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
assert len(out) == len(wanted)
for line, want in zip(out, wanted):
    got = line.split("\t")
    assert got == want, "\n".join(f"{f}: {g}, not {w}" for f, g, w in zip(FIELDS, got, want) if g != w)
print("200 LACPDUs and 100 marker PDUs: as set")
