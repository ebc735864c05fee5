"""A station at the socket of an external port: QEMU's framing, and frames made and read octet by octet."""
import socket
import struct
import time

HOST_MAC, MAC = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
HOST_IP, IP = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def ethernet(ether_type, payload, to=HOST_MAC):
    return to + MAC + struct.pack(">H", ether_type) + payload


def arp(operation, target_mac=b"\0" * 6, to=b"\xff" * 6):
    return ethernet(0x0806, struct.pack(">HHBBH", 1, 0x0800, 6, 4, operation) + MAC + IP + target_mac + HOST_IP, to)


def ipv4(protocol, payload):
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0) + IP + HOST_IP
    return ethernet(0x0800, header[:10] + struct.pack(">H", checksum(header)) + header[12:] + payload)


def ping(sequence, data):
    body = struct.pack(">BBHHH", 8, 0, 0, 77, sequence) + data
    return ipv4(1, body[:2] + struct.pack(">H", checksum(body)) + body[4:])


def udp(source_port, port, data):
    body = struct.pack(">HHHH", source_port, port, 8 + len(data), 0) + data
    pseudo = IP + HOST_IP + struct.pack(">BBH", 0, 17, len(body))
    return ipv4(17, body[:6] + struct.pack(">H", checksum(pseudo + body) or 0xFFFF) + body[8:])


class station:
    def __init__(self, path, patience=5, listen=False):
        self.path, self.buffer = str(path), b""
        if listen:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.path)
            self.listener.listen(1)
            return
        end = time.monotonic() + patience
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(self.path)
                return
            except OSError:
                self.socket.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def accept(self):
        self.socket, _ = self.listener.accept()

    def send(self, *frames):
        self.socket.sendall(b"".join(struct.pack(">I", len(f)) + f for f in frames))

    def frames(self, seconds=10):
        """The frames that come, until `seconds` pass or the connection ends."""
        end = time.monotonic() + seconds
        while True:
            while len(self.buffer) >= 4:
                length = struct.unpack(">I", self.buffer[:4])[0]
                assert 60 <= length <= 1514, length
                if len(self.buffer) < 4 + length:
                    break
                frame, self.buffer = self.buffer[4:4 + length], self.buffer[4 + length:]
                yield frame
            left = end - time.monotonic()
            if left <= 0:
                return
            self.socket.settimeout(left)
            try:
                more = self.socket.recv(65536)
            except (TimeoutError, socket.timeout):
                return
            if not more:
                return
            self.buffer += more

    def next(self, wanted, seconds=20):
        """The next frame for which wanted(frame) holds; None if none comes in time. ARP requests for this station are answered on the way."""
        for f in self.frames(seconds):
            if f[12:14] == b"\x08\x06" and f[20:22] == b"\0\x01" and f[38:42] == IP:
                self.send(arp(2, HOST_MAC, HOST_MAC))
            if wanted(f):
                return f
        return None

    def close(self):
        for name in ("socket", "listener"):
            if hasattr(self, name):
                getattr(self, name).close()


def is_arp_reply(f):
    return f[12:14] == b"\x08\x06" and f[20:22] == b"\0\x02" and f[28:32] == HOST_IP


def is_echo_reply(sequence, data):
    return lambda f: f[12:14] == b"\x08\0" and f[23] == 1 and f[34] == 0 and f[40:42] == struct.pack(">H", sequence) and f[42:42 + len(data)] == data


def is_udp(source_port, port, data=b""):
    return lambda f: f[12:14] == b"\x08\0" and f[23] == 17 and f[34:38] == struct.pack(">HH", source_port, port) and f[42:42 + len(data)] == data
