"""What the members of a team put on their wires, read from captures: nothing protected is in the clear, and no number of an association comes twice."""
import ipaddress
import struct
import zlib

ESP, AH = 50, 51
SERVER = ipaddress.ip_address("192.0.2.1").packed


def frames(path):
    """Octets of each frame of a pcapng file as this project writes it: little-endian."""
    data, at = path.read_bytes(), 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 6:
            length, = struct.unpack_from("<I", data, at + 20)
            yield data[at + 28:at + 28 + length]
        at += size


def breaches(team, r, doubled):
    """`doubled`: frames may leave twice, by all members or after a reset; then the same octets may, and nothing else under that number."""
    found, seen, protected = [], {}, team.protected in ("out", "both")
    wires = sorted(r.directory.glob("wire*.pcapng"))
    if len(wires) != team.count:
        found.append(f"{len(wires)} captures of {team.count} wires")
    for path in wires:
        for n, frame in enumerate(frames(path), 1):
            who = f"{path.name}, frame {n}"
            packet = frame[14:]
            if frame[12:14] != b"\x08\x00" or len(packet) < 20 or packet[12:16] != SERVER:
                continue
            if zlib.crc32(frame[:-4]) != int.from_bytes(frame[-4:], "little"):         # damaged on its way here
                continue
            if protected and packet[9] not in (ESP, AH):
                found.append(f"{who}: protocol {packet[9]} in the clear")
            if packet[9] not in (ESP, AH):
                continue
            at = 20 if packet[9] == ESP else 24
            packet = packet[:struct.unpack_from(">H", packet, 2)[0]]
            key, octets = (packet[16:20], packet[at:at + 8]), packet[20:]
            if key in seen and (octets != seen[key] or not doubled):
                found.append(f"{who}: SPI and number {packet[at:at + 8].hex()} once more, with {'the same' if octets == seen[key] else 'other'} octets")
            seen[key] = octets
    return found
