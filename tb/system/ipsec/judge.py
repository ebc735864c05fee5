"""Judges every ESP and AH packet of a capture with the associations in a run's config.resolved.toml. It shares no code with the model.

    judge.py RUN CAPTURE      tells what is wrong with which frame; status 1 if anything is, or if there was nothing to judge"""
import collections
import ipaddress
import pathlib
import struct
import sys
import tomllib

from esp_and_ah import open_ah, open_esp, wrong

ESP, AH, UDP, NAT_PORT = 50, 51, 17, 4500
# frame: from 1, that which completed the packet; why: "" when all is right; inner: the IP packet that was in it
verdict = collections.namedtuple("verdict", "frame protocol spi number why packet inner")


def whole(packet):
    """Without what fills up a frame, and without its FCS."""
    return packet[:struct.unpack_from(">H", packet, 2)[0]]


def frames(path):
    """What is behind each Ethernet header of type IPv4 in a pcapng file, with the number of its frame; None for the others."""
    data, at, order = path.read_bytes(), 0, "<"
    while at < len(data):
        kind = data[at:at + 4]
        if kind == b"\n\r\r\n":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, size = struct.unpack_from(order + "II", data, at)
        if kind == 6:
            length, = struct.unpack_from(order + "I", data, at + 20)
            frame = data[at + 28:at + 28 + length]
            yield frame[14:] if frame[12:14] == b"\x08\x00" else None
        at += size


def checksum(octets):
    total = sum(struct.unpack(">%dH" % (len(octets) // 2), octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def header(packet, protocol, payload, fragment=None):
    """The IPv4 packet with another protocol and payload."""
    h = bytearray(packet[:20])
    struct.pack_into(">H", h, 2, 20 + len(payload))
    if fragment is not None:
        struct.pack_into(">H", h, 6, fragment)
    h[9] = protocol
    h[10:12] = b"\0\0"
    struct.pack_into(">H", h, 10, checksum(h))
    return bytes(h) + payload


class reassembler:
    """RFC 791, for pieces that do not overlap."""

    def __init__(self):
        self.held = {}

    def add(self, packet):
        """The packet, or the datagram that is complete with it; None while pieces miss."""
        flags, = struct.unpack_from(">H", packet, 6)
        if not flags & 0x3FFF:
            return packet
        key = packet[4:6] + packet[9:10] + packet[12:20]
        pieces = self.held.setdefault(key, {})
        pieces[(flags & 0x1FFF) * 8] = packet
        at, payload = 0, b""
        while at in pieces:
            piece = pieces[at]
            payload += piece[20:]
            at += len(piece) - 20
            if not struct.unpack_from(">H", piece, 6)[0] & 0x2000:
                del self.held[key]
                return header(pieces[0], piece[9], payload, fragment=0)
        return None


class judge:
    def __init__(self, config):
        run = tomllib.loads(pathlib.Path(config).read_text())
        self.associations = collections.defaultdict(list)
        for sa in run.get("sa", []):
            key = {"esp": ESP, "ah": AH}[sa["protocol"]], sa["spi"]
            keys = [bytes.fromhex(sa.get(k, "")[2:]) for k in ("key", "authentication_key")]
            self.associations[key].append((self.address(run, sa["to"]), {**sa, "keys": keys}))
        self.highest = collections.defaultdict(int)

    @staticmethod
    def address(run, path):
        """Of a peer, port or router, or of a host's or bus's first nic."""
        for kind in ("peer", "port"):
            for c in run.get(kind, []):
                if c["name"] == path:
                    return c.get("ip")
        for router in run.get("router", []):
            if router["peer"] + "." + router["name"] == path:
                return router["ip"]
        for nic in run.get("nic", []):
            if (nic["bus"] + "." + nic["name"] + ".").startswith(path + "."):
                return nic["address"].split("/")[0]
        raise KeyError(path)

    def association(self, protocol, spi, packet):
        to = str(ipaddress.IPv4Address(packet[16:20]))
        return next((sa for address, sa in self.associations[protocol, spi] if address == to), None)

    def number(self, protocol, spi, low):
        """The extended number nearest to the highest that was right."""
        top = self.highest[protocol, spi]
        return min((h << 32 | low for h in range(max(0, (top >> 32) - 1), (top >> 32) + 2)), key=lambda n: abs(n - top))

    def judge(self, path):
        """A verdict on each association of each packet, in order; packets without any give none."""
        again = reassembler()
        for n, packet in enumerate(frames(pathlib.Path(path)), 1):
            while packet:
                packet = whole(packet)
                if not self.protected_as_fragment(packet):
                    packet = again.add(packet)
                v = packet and self.outermost(n, packet)
                if not v:
                    break
                yield v
                packet = v.inner

    def protected_as_fragment(self, packet):
        """By a sender that does not conform (RFC 4303, 3.3.4), and whose association says so."""
        at = 20 if packet[9] == ESP else 24
        sa = packet[9] in (ESP, AH) and len(packet) >= at + 4 and self.association(packet[9], struct.unpack_from(">I", packet, at)[0], packet)
        return bool(sa) and sa["fragments_in_transport"]

    def outermost(self, n, packet):
        protocol, at = packet[9], 20
        if protocol == UDP and NAT_PORT in struct.unpack_from(">HH", packet, 20) and packet[28:32] != bytes(4) and len(packet) >= 36:
            protocol, at = ESP, 28
        if protocol not in (ESP, AH):
            return None
        if len(packet) < at + 12:
            return verdict(n, protocol, None, None, "length", packet, None)
        spi, low = struct.unpack_from(">II", packet, at if protocol == ESP else at + 4)
        sa = self.association(protocol, spi, packet)
        if not sa:
            return verdict(n, protocol, spi, low, "association", packet, None)
        extended = sa["extended_sequence"]
        number = self.number(protocol, spi, low) if extended else low
        high = number >> 32 if extended else None
        try:
            if sa["udp"] != (at == 28):
                raise wrong("encapsulation")
            if protocol == ESP:
                body, following = open_esp(packet[at:], sa["cipher"], sa["keys"][0], sa["authentication"], sa["keys"][1], high)
            else:
                body, following = open_ah(packet, sa["authentication"], sa["keys"][1], high)
            inner = body if sa["mode"] == "tunnel" else header(packet, following, body)
            if sa["mode"] == "tunnel" and (following != 4 or body[0] != 0x45):
                raise wrong("inner")
        except wrong as why:
            return verdict(n, protocol, spi, number, str(why), packet, None)
        self.highest[protocol, spi] = max(number, self.highest[protocol, spi])
        return verdict(n, protocol, spi, number, "", packet, inner)


if __name__ == "__main__":
    directory, capture = map(pathlib.Path, sys.argv[1:3])
    verdicts = list(judge(directory / "config.resolved.toml").judge(directory / capture))
    for v in verdicts:
        if v.why:
            print(f"frame {v.frame}: SPI {v.spi}, number {v.number}: wrong {v.why}")
    right = sum(not v.why for v in verdicts)
    print(f"{right} of {len(verdicts)} are right")
    sys.exit(right == 0 or right < len(verdicts))
