"""ESP and AH by RFC 4303, 4302, 3566, 4106 and 4543, opened by OpenSSL (python3-cryptography), hashlib and hmac. It has 64-bit sequence
numbers, AES-XCBC-MAC-96 and AES-GMAC, which tshark and scapy have not. What does not verify raises."""
import hashlib
import hmac
import struct
import warnings

warnings.filterwarnings("ignore")
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class wrong(Exception):
    """What is wrong with a packet, in a word: ICV, padding, length …"""


CIPHERS = {  # name: (scapy, key sizes, salt, iv, tshark)
    "null": ("NULL", [0], 0, 0, "NULL"),
    "des-cbc": ("DES", [8], 0, 8, "DES-CBC [RFC2405]"),
    "3des-cbc": ("3DES", [24], 0, 8, "TripleDES-CBC [RFC2451]"),
    "aes-cbc": ("AES-CBC", [16, 24, 32], 0, 16, "AES-CBC [RFC3602]"),
    "aes-ctr": ("AES-CTR", [16, 24, 32], 4, 8, "AES-CTR [RFC3686]"),
    "aes-gcm-8": (None, [16, 24, 32], 4, 8, "AES-GCM with 8 octet ICV [RFC4106]"),
    "aes-gcm-12": (None, [16, 24, 32], 4, 8, "AES-GCM with 12 octet ICV [RFC4106]"),
    "aes-gcm-16": ("AES-GCM", [16, 24, 32], 4, 8, "AES-GCM with 16 octet ICV [RFC4106]"),
}
HASHES = {  # name: (scapy, key, icv, hashlib, tshark)
    "null": ("NULL", 0, 0, None, "NULL"),
    "hmac-md5-96": ("HMAC-MD5-96", 16, 12, hashlib.md5, "HMAC-MD5-96 [RFC2403]"),
    "hmac-sha1-96": ("HMAC-SHA1-96", 20, 12, hashlib.sha1, "HMAC-SHA-1-96 [RFC2404]"),
    "hmac-sha2-256-128": ("SHA2-256-128", 32, 16, hashlib.sha256, "HMAC-SHA-256-128 [RFC4868]"),
    "hmac-sha2-384-192": ("SHA2-384-192", 48, 24, hashlib.sha384, "HMAC-SHA-384-192 [RFC4868]"),
    "hmac-sha2-512-256": ("SHA2-512-256", 64, 32, hashlib.sha512, "HMAC-SHA-512-256 [RFC4868]"),
    "aes-xcbc-mac-96": (None, 16, 12, None, None),
    "aes-gmac": (None, 20, 16, None, None),
}


def xcbc(key, data):
    """RFC 3566, section 4, over OpenSSL's AES."""
    block = lambda k, b: Cipher(algorithms.AES(k), modes.ECB()).encryptor().update(b)
    k1, k2, k3 = (block(key, bytes([i]) * 16) for i in (1, 2, 3))
    xor = lambda a, b: bytes(x ^ y for x, y in zip(a, b))
    e = bytes(16)
    blocks = [data[i:i + 16] for i in range(0, len(data), 16)] or [b""]
    for b in blocks[:-1]:
        e = block(k1, xor(e, b))
    last = blocks[-1]
    last = xor(last, k2) if len(last) == 16 else xor((last + b"\x80").ljust(16, b"\0"), k3)
    return block(k1, xor(e, last))[:12]


def clear_text(cipher, key, iv, sealed):
    if cipher == "null":
        return sealed
    if cipher == "aes-ctr":
        return Cipher(algorithms.AES(key[:-4]), modes.CTR(key[-4:] + iv + b"\0\0\0\1")).decryptor().update(sealed)
    algorithm = algorithms.AES(key) if cipher == "aes-cbc" else algorithms.TripleDES(key)
    return Cipher(algorithm, modes.CBC(iv)).decryptor().update(sealed)


def icv_of(name, key, data):
    if name == "aes-xcbc-mac-96":
        return xcbc(key, data)
    return hmac.new(key, data, HASHES[name][3]).digest()[:HASHES[name][2]]


def open_esp(esp, cipher, ckey, mac, mkey, high):
    """Body and next header, by RFC 4303, 4106 and 4543, from OpenSSL and hashlib."""
    number = struct.pack(">I", high) if high is not None else b""
    text = len(esp) - 8 - CIPHERS[cipher][3] - (8 if mac == "aes-gmac" else 0) - (int(cipher.split("-")[2]) if "gcm" in cipher else HASHES[mac][2])
    if text < 2 or text % (CIPHERS[cipher][3] if "cbc" in cipher else 4):
        raise wrong("length")
    if cipher.startswith("aes-gcm"):
        size = int(cipher.split("-")[2])
        sealed, tag = esp[16:-size], esp[-size:]
        decryptor = Cipher(algorithms.AES(ckey[:-4]), modes.GCM(ckey[-4:] + esp[8:16], tag, min_tag_length=8)).decryptor()
        decryptor.authenticate_additional_data(esp[:4] + number + esp[4:8])
        body = decryptor.update(sealed)
        try:
            body += decryptor.finalize()
        except InvalidTag:
            raise wrong("ICV") from None
    elif mac == "aes-gmac":
        try:
            AESGCM(mkey[:-4]).decrypt(mkey[-4:] + esp[8:16], esp[-16:], esp[:4] + number + esp[4:-16])
        except InvalidTag:
            raise wrong("ICV") from None
        body = esp[16:-16]
    else:
        size, iv = HASHES[mac][2], CIPHERS[cipher][3]
        covered = esp[:len(esp) - size]
        if size:
            if not hmac.compare_digest(icv_of(mac, mkey, covered + number), esp[-size:]):
                raise wrong("ICV")
        body = clear_text(cipher, ckey, esp[8:8 + iv], covered[8 + iv:])
    pad = body[-2]
    if pad + 2 > len(body) or body[-2 - pad:-2] != bytes(range(1, pad + 1)):
        raise wrong("padding")
    return body[:-2 - pad], body[-1]


def zeroed(octets, *ranges):
    out = bytearray(octets)
    for begin, end in ranges:
        out[begin:end] = bytes(end - begin)
    return bytes(out)


def options_zeroed(octets):
    """A hop-by-hop or destination options header: data of options that change on the way count as zero (RFC 4302, 3.3.3.1.2.2)."""
    out, at = bytearray(octets), 2
    while at < len(out):
        if out[at] == 0:
            at += 1
            continue
        if out[at] & 0x20:
            out[at + 2:at + 2 + out[at + 1]] = bytes(out[at + 1])
        at += 2 + out[at + 1]
    return bytes(out)


def immutable(packet, at):
    """What stands before AH as the receiver's ICV covers it: RFC 4302, 3.3.3.1. IPv4 without options; IPv6 with its extension headers."""
    if packet[0] >> 4 == 4:
        if packet[0] != 0x45:
            raise wrong("length")
        return zeroed(packet[:20], (1, 2), (6, 9), (10, 12))
    out, kind, here = b"\x60\0\0\0" + packet[4:7] + b"\0" + packet[8:40], packet[6], 40
    while here < at:
        end = here + 8 * (packet[here + 1] + 1)
        out += options_zeroed(packet[here:end]) if kind in (0, 60) else packet[here:end]
        kind, here = packet[here], end
    return out


def open_ah(packet, at, mac, mkey, high):
    """Body and next header of a packet that carries AH at `at`: RFC 4302, 3.3.3."""
    unit = 4 if packet[0] >> 4 == 4 else 8
    if len(packet) < at + 12:
        raise wrong("length")
    icv_at, size = at + 12 + (8 if mac == "aes-gmac" else 0), HASHES[mac][2]
    end = at + (icv_at - at + size + unit - 1) // unit * unit
    if len(packet) < end or at + 4 * (packet[at + 1] + 2) != end:
        raise wrong("length")
    icv = packet[icv_at:icv_at + size]
    covered = immutable(packet, at) + zeroed(packet[at:], (icv_at - at, icv_at - at + size)) + (struct.pack(">I", high) if high is not None else b"")
    if mac == "aes-gmac":
        try:
            AESGCM(mkey[:-4]).decrypt(mkey[-4:] + packet[at + 12:at + 20], icv, covered)
        except InvalidTag:
            raise wrong("ICV") from None
    elif not hmac.compare_digest(icv_of(mac, mkey, covered), icv):
        raise wrong("ICV")
    return packet[end:], packet[at]
