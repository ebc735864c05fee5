"""Who can judge what: scapy makes and opens ESP and AH with keyed hashes; OpenSSL (python3-cryptography) opens the rest, AES-GMAC,
AES-XCBC-MAC and 64-bit sequence numbers among it; tshark decrypts and verifies a capture of all that it knows."""
import hashlib
import hmac
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    print("skipped: python3-cryptography is not installed")
    sys.exit(0)
try:
    from scapy.all import IP, IPv6, UDP, Raw, Ether, wrpcap
    from scapy.layers.ipsec import AH, ESP, SecurityAssociation
except ImportError:
    print("skipped: python3-scapy is not installed")
    sys.exit(0)

from octets import Octets, octets, text

judged = Octets()
rng = judged.random

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
ENDS = {4: ("192.0.2.1", "192.0.2.2"), 6: ("2001:db8::1", "2001:db8::2")}


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
    if cipher.startswith("aes-gcm"):
        size = int(cipher.split("-")[2])
        sealed, tag = esp[16:-size], esp[-size:]
        decryptor = Cipher(algorithms.AES(ckey[:-4]), modes.GCM(ckey[-4:] + esp[8:16], tag, min_tag_length=8)).decryptor()
        decryptor.authenticate_additional_data(esp[:4] + number + esp[4:8])
        body = decryptor.update(sealed) + decryptor.finalize()
    elif mac == "aes-gmac":
        AESGCM(mkey[:-4]).decrypt(mkey[-4:] + esp[8:16], esp[-16:], esp[:4] + number + esp[4:-16])
        body = esp[16:-16]
    else:
        size, iv = HASHES[mac][2], CIPHERS[cipher][3]
        covered = esp[:len(esp) - size]
        if size:
            assert icv_of(mac, mkey, covered + number) == esp[-size:], "ICV"
        body = clear_text(cipher, ckey, esp[8:8 + iv], covered[8 + iv:])
    pad = body[-2]
    assert body[-2 - pad:-2] == bytes(range(1, pad + 1)), "padding"
    return body[:-2 - pad], body[-1]


def pairs():
    for cipher in CIPHERS:
        for mac in HASHES:
            if cipher.startswith("aes-gcm") and mac != "null" or mac == "aes-gmac" and cipher != "null":
                continue
            if mac == "null" and cipher in ("null", "aes-ctr"):
                continue
            yield cipher, mac


def inner(version, n):
    source, destination = ENDS[version]
    head = IP(src=source, dst=destination, id=n, ttl=61) if version == 4 else IPv6(src=source, dst=destination, hlim=61)
    return bytes(head / UDP(sport=40000, dport=40001) / Raw(judged.octets(rng.randint(0, 1300))))


def parse(octets_):
    return IP(octets_) if octets_[0] >> 4 == 4 else IPv6(octets_)


counts = {"openssl": 0, "scapy opens ours": 0, "we open scapy's": 0, "AH": 0, "tshark": 0}
captured, table = [], []
spi = 0x1000
for cipher, mac in pairs():
    for version in (4, 6):
        for mode in ("transport", "tunnel"):
            spi += 1
            ckey = judged.octets(rng.choice(CIPHERS[cipher][1]) + CIPHERS[cipher][2])
            mkey = judged.octets(HASHES[mac][1])
            iv_size = CIPHERS[cipher][3] + (8 if mac == "aes-gmac" else 0)
            source, destination = ENDS[version]
            for extended in (False, True):
                udp = "udp" if rng.random() < 0.2 and not extended else "-"
                sequence = rng.randint(1, 2**32 - 1) + (rng.randint(1, 9) << 32 if extended else 0)
                words = ["esp", mode, cipher, text(ckey), mac, text(mkey), spi, sequence, "extended" if extended else "short", udp]
                before = inner(rng.choice((4, 6)) if mode == "tunnel" else version, spi & 0xFFFF)
                how, sealed = judged.ask("protect", *words, text(judged.octets(iv_size)), source, destination, text(before)).split()
                assert how == "done", how
                sealed = octets(sealed)
                esp = sealed[(20 if version == 4 else 40) + (8 if udp == "udp" else 0):]
                body, following = open_esp(esp, cipher, ckey, mac, mkey, sequence >> 32 if extended else None)
                head = 20 if before[0] >> 4 == 4 else 40
                if mode == "tunnel":
                    assert body == before and following == (4 if head == 20 else 41)
                else:
                    assert body == before[head:] and following == 17
                counts["openssl"] += 1
                how, opened = judged.ask("unprotect", *words, "-", source, destination, text(sealed)).split()
                assert how == "done" and octets(opened) == before, how

                theirs = CIPHERS[cipher][0], HASHES[mac][0]
                if extended or None in theirs:
                    continue
                tunnel = (IP if version == 4 else IPv6)(src=source, dst=destination) if mode == "tunnel" else None
                key_of_scapy = dict(crypt_algo=theirs[0], crypt_key=ckey or None, auth_algo=theirs[1], auth_key=mkey or None)
                if udp == "-":
                    association = SecurityAssociation(ESP, spi=spi, tunnel_header=tunnel, **key_of_scapy)
                    assert bytes(association.decrypt(parse(sealed))) == before, (cipher, mac, version, mode)
                    counts["scapy opens ours"] += 1
                    made = bytes(association.encrypt(parse(before), seq_num=7))
                    words[7] = 7
                    how, opened = judged.ask("unprotect", *words, "-", source, destination, text(made)).split()
                    assert how == "done" and octets(opened) == before, (how, cipher, mac, version, mode)
                    counts["we open scapy's"] += 1
                if CIPHERS[cipher][4] and HASHES[mac][4]:
                    captured.append(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / parse(sealed))
                    table.append('"IPv%d","*","*","0x%08x","%s","%s","%s","%s"' % (version, spi, CIPHERS[cipher][4], "0x" + ckey.hex() if ckey else "",
                                                                                  HASHES[mac][4], "0x" + mkey.hex() if mkey else ""))

for mac in HASHES:
    for version in (4, 6):
        for mode in ("transport", "tunnel"):
            if HASHES[mac][0] in (None, "NULL"):
                continue
            spi += 1
            mkey = judged.octets(HASHES[mac][1])
            source, destination = ENDS[version]
            words = ["ah", mode, "null", "-", mac, text(mkey), spi, 9, "short", "-"]
            before = inner(version, 5)
            how, sealed = judged.ask("protect", *words, "-", source, destination, text(before)).split()
            assert how == "done", how
            tunnel = (IP if version == 4 else IPv6)(src=source, dst=destination) if mode == "tunnel" else None
            association = SecurityAssociation(AH, spi=spi, auth_algo=HASHES[mac][0], auth_key=mkey, tunnel_header=tunnel)
            assert bytes(association.decrypt(parse(octets(sealed)))) == before, (mac, version, mode)
            made = bytes(association.encrypt(parse(before), seq_num=9))
            how, opened = judged.ask("unprotect", *words, "-", source, destination, text(made)).split()
            assert how == "done" and octets(opened) == before, (how, mac, version, mode)
            bad = bytearray(octets(sealed))
            bad[-1] ^= 0x10
            assert judged.ask("unprotect", *words, "-", source, destination, text(bytes(bad))).split()[0] == "bad_icv"
            counts["AH"] += 1

if shutil.which("tshark"):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "esp.pcap")
        bad = captured[-1].copy()
        wrpcap(path, captured)
        command = ["tshark", "-n", "-r", path, "-o", "esp.enable_encryption_decode:TRUE", "-o", "esp.enable_authentication_check:TRUE",
                   "-o", "udp.check_checksum:TRUE", "-Y", "esp", "-T", "fields", "-E", "separator=,", "-E", "occurrence=l",
                   "-e", "esp.icv_good", "-e", "esp.icv_bad", "-e", "esp.sequence", "-e", "udp.checksum.status"]
        for row in table:
            command += ["-o", "uat:esp_sa:" + row]
        seen = subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[:-1]
        assert len(seen) == len(captured), (len(seen), len(captured))
        for line, row in zip(seen, table):
            good, wrong, _, checksum = line.split(",")
            assert wrong in ("", "0") and (good == "1" or '"NULL",""' in row) and checksum == "1", (line, row)
            counts["tshark"] += 1
print(", ".join("%s: %d" % item for item in counts.items()))
