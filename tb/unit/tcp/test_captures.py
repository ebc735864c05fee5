"""tshark's analysis of our connections: nothing malformed, every checksum good; without losses no warning, with losses exactly the lost segments sent again."""
import os
import shutil
import subprocess
import sys
import tempfile

if not shutil.which("tshark"):
    print("skipped: tshark not installed")
    sys.exit(0)
ANALYSIS = ["retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order", "lost_segment", "ack_lost_segment", "duplicate_ack",
            "zero_window", "window_full", "zero_window_probe", "zero_window_probe_ack", "keep_alive", "reused_ports"]
FIELDS = ["tcp.len", "tcp.stream", "_ws.malformed", "ip.checksum.status", "tcp.checksum.status", "tcp.srcport"] + ["tcp.analysis." + a for a in ANALYSIS]
SENT_AGAIN = {"retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order"}


def run(what, seed, folder):
    path = os.path.join(folder, "capture.pcapng")
    told = subprocess.run([sys.argv[1], what, path, str(seed)], capture_output=True, text=True, check=True).stdout.split()
    command = ["tshark", "-n", "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-T", "fields"]
    for field in FIELDS:
        command += ["-e", field]
    rows = [line.split("\t") for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()]
    assert rows
    for r in rows:
        assert r[2] == "", "malformed"
        assert r[3] in ("1", ""), "checksum of IP"
        assert r[4] == "1", "checksum of TCP"
    found = [{a for a, v in zip(ANALYSIS, r[6:]) if v} for r in rows]
    return [int(x) for x in told], rows, found


with tempfile.TemporaryDirectory() as folder:
    for what in ("lossless", "ipv6"):
        (lost, first, second), rows, found = run(what, 1, folder)
        assert lost == 0
        assert not set().union(*found), (what, set().union(*found))
        assert sum(int(r[0]) for r in rows if r[5] == "40000") == first and sum(int(r[0]) for r in rows if r[5] == "40001") == second, "each octet once"
    all_lost = 0
    for seed in range(1, 6):
        (lost, first, _), rows, found = run("lossy", seed, folder)
        again = [f for f in found if f & SENT_AGAIN]
        assert len(again) == lost, (seed, lost, len(again))
        others = set().union(*found) - SENT_AGAIN - {"duplicate_ack"}
        assert not others, (seed, others)
        all_lost += lost
    assert all_lost >= 10, all_lost
    (lost, first, second), rows, found = run("closed_window", 1, folder)
    kinds = set().union(*found)
    assert {"zero_window", "zero_window_probe", "zero_window_probe_ack"} <= kinds, kinds
    assert not kinds & SENT_AGAIN and not kinds & {"lost_segment", "ack_lost_segment", "keep_alive"}, kinds
print(f"8 captures, {all_lost} segments lost and sent again: as tshark sees them")
