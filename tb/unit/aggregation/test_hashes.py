"""Flow hashes against the formulas of Documentation/networking/bonding.rst, computed from the fields of random flows before any frame is made
of them; and for frames cut anywhere."""
import ipaddress
import random
import struct
import subprocess
import sys

rng = random.Random(11)
PORTED = {"tcp": 6, "udp": 17, "dccp": 33, "sctp": 132, "udplite": 136}


def little(octets):
    return int.from_bytes(octets, "little")


def address(version):
    return rng.randbytes(4 if version == 4 else 16)


def folded(a):
    """An IPv6 address counts as the XOR of its four words."""
    x = 0
    for i in range(0, len(a), 4):
        x ^= little(a[i:i + 4])
    return x


def layer2(destination, source, ether_type):
    return destination[5] ^ source[5] ^ ether_type


def fold(h):
    h ^= h >> 16
    return h ^ (h >> 8)


class Packet:
    """An IP packet with what the policies want to know of it: whether the outer and the inner reading see the same."""

    def __init__(self, version, source, destination, protocol, payload, fragment=False, offset=0, extensions=0):
        self.version, self.source, self.destination, self.fragment = version, source, destination, fragment
        if version == 4:
            options = bytes(4 * rng.randrange(3))
            flags = ((0x2000 if fragment and not offset else 0) | offset) if fragment else rng.choice([0, 0x4000])
            self.octets = struct.pack(">BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), rng.randrange(65536), flags, 64,
                                      protocol, 0, source, destination) + options + payload
        else:
            chain = b""
            if fragment:
                chain, protocol = struct.pack(">BBHI", protocol, 0, offset << 3 | (0 if offset else 1), rng.randrange(2**32)), 44
            for _ in range(extensions):
                chain, protocol = struct.pack(">BBHI", protocol, 0, 0x0104, 0) + chain, 60
            self.octets = struct.pack(">IHBB16s16s", 6 << 28 | rng.randrange(2**20), len(chain) + len(payload), protocol, 64, source, destination) + chain + payload
        self.ether_type = 0x0800 if version == 4 else 0x86DD
        self.extensions = extensions if version == 6 else 0


def flow(version=None):
    """A packet and the four octets that stand for its ports, as the outer and as the inner reading take them."""
    version = version or rng.choice([4, 6])
    source, destination = address(version), address(version)
    kind = rng.choice(list(PORTED) + ["esp", "ah", "other", "echo", "error", "fragment", "extended"])
    ports = rng.randbytes(4)
    body = ports + rng.randbytes(30)
    if kind in PORTED:
        return Packet(version, source, destination, PORTED[kind], body), little(ports), little(ports)
    if kind == "esp":
        return Packet(version, source, destination, 50, body), little(ports), little(ports)
    if kind == "ah":
        return Packet(version, source, destination, 51, struct.pack(">BBH", 6, 4, 0) + body), little(ports), little(ports)
    if kind == "other":
        return Packet(version, source, destination, 89, body), 0, 0
    if kind == "fragment":
        return Packet(version, source, destination, 17, body, True, rng.choice([0, 185])), 0, 0
    if kind == "extended":
        n = 1 if version == 6 else 0
        return Packet(version, source, destination, 17, body, extensions=n), 0 if n else little(ports), little(ports)
    icmp = 1 if version == 4 else 58
    if kind == "echo":
        type_, identifier = rng.choice([8, 0] if version == 4 else [128, 129]), rng.choice([0, rng.randrange(65536)])
        p = Packet(version, source, destination, icmp, struct.pack(">BBHHH", type_, 0, 0, identifier, 7) + bytes(20))
        n = type_ | (identifier or 1) << 16
        return p, n, n
    # An error is hashed as the packet that it is about; the inner reading does not look that far.
    caused = Packet(version, address(version), address(version), 17, body)
    p = Packet(version, source, destination, icmp, struct.pack(">BBHI", rng.choice([3, 11] if version == 4 else [1, 2, 3]), 0, 0, 0) + caused.octets)
    p.caused = caused
    return p, little(ports), 0


def tunnelled(p):
    """The packet within another, by IP in IP or GRE; the outer addresses."""
    version = rng.choice([4, 6])
    source, destination = address(version), address(version)
    if rng.random() < 0.5:
        return Packet(version, source, destination, 4 if p.version == 4 else 41, p.octets)
    flags = rng.choice([0, 0x2000, 0x8000, 0xB000])
    more = 4 * bin(flags).count("1")
    if rng.random() < 0.5:
        return Packet(version, source, destination, 47, struct.pack(">HH", flags, p.ether_type) + rng.randbytes(more) + p.octets)
    return Packet(version, source, destination, 47, struct.pack(">HH", flags, 0x6558) + rng.randbytes(more) + rng.randbytes(12) + struct.pack(">H", p.ether_type) + p.octets)


def expected(frame_destination, frame_source, vlan, outer, outer_ports, inner, inner_ports):
    l2 = layer2(frame_destination, frame_source, outer.ether_type)
    named = getattr(outer, "caused", outer)
    a = folded(named.source) ^ folded(named.destination)
    b = folded(inner.source) ^ folded(inner.destination)
    vendor, device = int.from_bytes(frame_source[:3], "big"), int.from_bytes(frame_source[3:], "big")
    return [l2, fold(l2 ^ a), fold(outer_ports ^ a) >> 1, fold(l2 ^ b), fold(inner_ports ^ b) >> 1, vendor ^ device ^ vlan]


asked = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def hashes(frame):
    asked.stdin.write("hash " + frame.hex() + "\n")
    asked.stdin.flush()
    return [int(x) for x in asked.stdout.readline().split()]


# Worked by hand: 192.0.2.1 port 40000 to 192.0.2.2 port 80, 02:00:00:00:00:01 to 02:00:00:00:00:02, TCP.
hand = bytes.fromhex("020000000002" "020000000001" "0800" "45000028000040004006" "0000" "c0000201" "c0000202" "9c400050")
#   layer2 1 ^ 2 ^ 0800h = 0803h.   layer2+3 addresses XOR to 03000000h; 03000803h, 03000B03h, 03030B08h.
#   layer3+4 ports read 5000409Ch; XOR 5300409Ch; ^ >> 16: 5300139Ch; ^ >> 8: 5353138Fh; >> 1: 29A989C7h.
assert hashes(hand) == [0x0803, 0x03030B08, 0x29A989C7, 0x03030B08, 0x29A989C7, 0x020000 ^ 1], hashes(hand)

seen = set()
for n in range(4000):
    destination, source = rng.randbytes(6), rng.randbytes(6)
    inner, outer_ports, inner_ports = flow()
    outer, depth = inner, rng.choice([0, 0, 1, 2])
    for _ in range(depth):
        outer, outer_ports = tunnelled(outer), 0
    vlan = rng.choice([0, rng.randrange(1, 4095)])
    tag = struct.pack(">HH", 0x8100, rng.randrange(8) << 13 | vlan) if vlan else b""
    frame = destination + source + tag + struct.pack(">H", outer.ether_type) + outer.octets
    want = expected(destination, source, vlan, outer, outer_ports, inner, inner_ports)
    got = hashes(frame)
    assert got == want, f"{frame.hex()}: {got}, not {want}"
    seen.add((outer.version, inner.version, depth))
    # Cut anywhere it is read without harm, and the hash of layer 2 stays.
    cut = hashes(frame[:rng.randrange(18, len(frame))])
    assert cut[0] == want[0] and cut[5] == want[5]
assert len(seen) == 10, seen

# A flow's whole and fragmented datagrams differ in ports only, so they may take two links by layer3+4 and never do by layer2+3.
apart = 0
for n in range(200):
    source, destination, body = address(4), address(4), rng.randbytes(40)
    head = rng.randbytes(12) + b"\x08\x00"
    whole = hashes(head + Packet(4, source, destination, 17, body).octets)
    piece = hashes(head + Packet(4, source, destination, 17, body, True, 0).octets)
    assert whole[1] == piece[1]
    apart += whole[2] % 2 != piece[2] % 2
assert 60 < apart < 140, apart
print("4200 frames, six policies: as computed")
