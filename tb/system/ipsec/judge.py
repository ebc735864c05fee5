"""Judges every ESP and AH packet of a capture with the associations in a run's config.resolved.toml. It shares no code with the model.

    judge.py RUN CAPTURE      tells what is wrong with which frame; status 1 if anything is, or if there was nothing to judge"""
import collections
import ipaddress
import pathlib
import struct
import sys
import tomllib

from esp_and_ah import open_ah, open_esp, wrong
from ip_octets import carried, header, reassembler, whole

ESP, AH, UDP, NAT_PORT = 50, 51, 17, 4500
# frame: from 1, that which completed the packet; why: "" when all is right; inner: the IP packet that was in it
verdict = collections.namedtuple("verdict", "frame protocol spi number why packet inner")


def frames(path):
    """What is behind each Ethernet header of type IPv4 or IPv6 in a pcapng file; None for the other frames."""
    data, at, order = path.read_bytes(), 0, "<"
    while at < len(data):
        kind = data[at:at + 4]
        if kind == b"\n\r\r\n":
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, size = struct.unpack_from(order + "II", data, at)
        if kind == 6:
            length, = struct.unpack_from(order + "I", data, at + 20)
            frame = data[at + 28:at + 28 + length]
            version = {b"\x08\x00": 4, b"\x86\xdd": 6}.get(frame[12:14])
            if version and frame[14] >> 4 != version:
                raise ValueError(f"{path}: an EtherType of IPv{version} in front of IPv{frame[14] >> 4}")
            yield frame[14:] if version else None
        at += size


class judge:
    def __init__(self, config):
        run = tomllib.loads(pathlib.Path(config).read_text())
        self.associations = collections.defaultdict(list)
        for sa in run.get("sa", []):
            key = {"esp": ESP, "ah": AH}[sa["protocol"]], sa["spi"]
            keys = [bytes.fromhex(sa.get(k, "")[2:]) for k in ("key", "authentication_key")]
            self.associations[key].append((self.ends_at(run, sa), {**sa, "keys": keys}))
        self.highest = collections.defaultdict(int)

    @staticmethod
    def ends_at(run, sa):
        """Of IPv6 2001:db8:: with the IPv4 address in the last 32 bits."""
        four = ipaddress.IPv4Address(judge.address(run, sa["to"]))
        return ipaddress.IPv6Address("2001:db8::") + int(four) if sa["ip_version"] == "ipv6" else four

    @staticmethod
    def address(run, path):
        """Of a peer, port, router or team, or of a host's or bus's first nic, or its team."""
        for kind in ("peer", "port"):
            for c in run.get(kind, []):
                if c["name"] == path:
                    return c.get("ip")
        for router in run.get("router", []):
            if router["peer"] + "." + router["name"] == path:
                return router["ip"]
        teams = run.get("team", [])
        for team in teams:
            if team["host"] + "." + team["name"] == path:
                return team["address"].split("/")[0]
        for nic in run.get("nic", []):
            if (nic["bus"] + "." + nic["name"] + ".").startswith(path + "."):
                own = [t for t in teams if nic["bus"] + "." + nic["name"] in t["members"]]
                return (own[0] if own else nic)["address"].split("/")[0]
        raise KeyError(path)

    def association(self, protocol, spi, packet):
        to = ipaddress.ip_address(packet[16:20] if packet[0] >> 4 == 4 else packet[24:40])
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
        if packet[0] >> 4 != 4:
            return False                        # of IPv6 the fragment header is inside
        at = 20 if packet[9] == ESP else 24
        sa = packet[9] in (ESP, AH) and len(packet) >= at + 4 and self.association(packet[9], struct.unpack_from(">I", packet, at)[0], packet)
        return bool(sa) and sa["fragments_in_transport"]

    def outermost(self, n, packet):
        protocol, at, _ = carried(packet)
        in_udp = protocol == UDP and NAT_PORT in struct.unpack_from(">HH", packet, at) and packet[at + 8:at + 12] != bytes(4) and len(packet) >= at + 16
        if in_udp:
            protocol, at = ESP, at + 8
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
            if sa["udp"] != in_udp:
                raise wrong("encapsulation")
            if protocol == ESP:
                body, following = open_esp(packet[at:], sa["cipher"], sa["keys"][0], sa["authentication"], sa["keys"][1], high)
            else:
                body, following = open_ah(packet, at, sa["authentication"], sa["keys"][1], high)
            inner = body if sa["mode"] == "tunnel" else header(packet, following, body)
            if sa["mode"] == "tunnel" and (following, body[:1]) != (4, b"\x45") and (following, body[0] >> 4) != (41, 6):
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
