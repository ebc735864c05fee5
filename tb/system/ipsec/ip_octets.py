"""Packets of IPv4 without options and of IPv6, as octets: their length, what they carry, other contents, fragments put together."""
import struct

HOP_BY_HOP, ROUTING, FRAGMENT, OPTIONS = 0, 43, 44, 60


def whole(packet):
    """Without what fills up a frame, and without its FCS."""
    if packet[0] >> 4 == 4:
        return packet[:struct.unpack_from(">H", packet, 2)[0]]
    return packet[:40 + struct.unpack_from(">H", packet, 4)[0]]


def carried(packet):
    """The protocol of the payload, where it begins, and where the octet stands that names it. A fragment header counts as payload."""
    if packet[0] >> 4 == 4:
        return packet[9], 20, 9
    protocol, at, named = packet[6], 40, 6
    while protocol in (HOP_BY_HOP, ROUTING, OPTIONS) and at + 2 <= len(packet):
        protocol, at, named = packet[at], at + 8 * (packet[at + 1] + 1), at
    return protocol, at, named


def checksum(octets):
    total = sum(struct.unpack(">%dH" % (len(octets) // 2), octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def header(packet, protocol, payload, fragment=None):
    """The packet with another protocol and payload."""
    _, at, named = carried(packet)
    h = bytearray(packet[:at])
    h[named] = protocol
    if h[0] >> 4 == 6:
        struct.pack_into(">H", h, 4, at - 40 + len(payload))
        return bytes(h) + payload
    struct.pack_into(">H", h, 2, 20 + len(payload))
    if fragment is not None:
        struct.pack_into(">H", h, 6, fragment)
    h[10:12] = b"\0\0"
    struct.pack_into(">H", h, 10, checksum(h))
    return bytes(h) + payload


class reassembler:
    """RFC 791 and RFC 8200, 4.5, for pieces that do not overlap."""

    def __init__(self):
        self.held = {}

    @staticmethod
    def piece(packet):
        """Of a fragment: what it belongs to, where, whether more follow, its payload and the protocol of the whole. None: it is none."""
        protocol, at, _ = carried(packet)
        if packet[0] >> 4 == 4:
            flags, = struct.unpack_from(">H", packet, 6)
            return (packet[4:6] + packet[9:10] + packet[12:20], (flags & 0x1FFF) * 8, bool(flags & 0x2000), packet[20:], protocol) if flags & 0x3FFF else None
        if protocol != FRAGMENT:
            return None
        flags, = struct.unpack_from(">H", packet, at + 2)
        return packet[at + 4:at + 8] + packet[8:40], flags & 0xFFF8, bool(flags & 1), packet[at + 8:], packet[at]

    def add(self, packet):
        """The packet, or the datagram that is complete with it; None while pieces miss."""
        piece = self.piece(packet)
        if not piece:
            return packet
        key, offset, more, payload, protocol = piece
        pieces = self.held.setdefault(key, {})
        pieces[offset] = packet, more, payload
        at, joined = 0, b""
        while at in pieces:
            _, more, payload = pieces[at]
            joined += payload
            at += len(payload)
            if not more:
                return header(self.held.pop(key)[0][0], protocol, joined, fragment=0)
        return None
