"""Who can judge what: scapy makes and opens ESP and AH with keyed hashes; OpenSSL (python3-cryptography) opens the rest, AES-GMAC,
AES-XCBC-MAC and 64-bit sequence numbers among it; tshark decrypts and verifies a capture of all that it knows."""
import os
import shutil
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
try:
    from esp_and_ah import CIPHERS, HASHES, open_ah, open_esp, wrong
except ImportError:
    print("skipped: python3-cryptography is not installed")
    sys.exit(0)
try:
    from scapy.all import IP, IPv6, UDP, Raw, Ether, HBHOptUnknown, IPv6ExtHdrHopByHop, wrpcap
    from scapy.layers.ipsec import AH, ESP, SecurityAssociation
except ImportError:
    print("skipped: python3-scapy is not installed")
    sys.exit(0)

from ip_octets import carried
from octets import Octets, octets, text

judged = Octets()
rng = judged.random

ENDS = {4: ("192.0.2.1", "192.0.2.2"), 6: ("2001:db8::1", "2001:db8::2")}


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


counts = {"openssl": 0, "scapy opens ours": 0, "we open scapy's": 0, "AH": 0, "AH, OpenSSL": 0, "tshark": 0}
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

# AH with 64-bit numbers, XCBC and GMAC too, behind IPv6 with options that change on the way as well.
def with_options(n):
    """Hop-by-hop and destination options: one of each that may change on the way (third bit), one that may not (RFC 8200, 4.2)."""
    changing, fixed = HBHOptUnknown(otype=0x3E, optdata=judged.octets(5)), HBHOptUnknown(otype=0x1E, optdata=judged.octets(3))
    head = IPv6(src=ENDS[6][0], dst=ENDS[6][1], tc=0x2E, fl=0xABCDE, hlim=61) / IPv6ExtHdrHopByHop(options=[changing, fixed])
    return bytes(head / UDP(sport=40000, dport=40001) / Raw(judged.octets(n)))


for mac in HASHES:
    for mode in ("transport", "tunnel") if mac != "null" else ():
        for high in (None, 0, 7):
            for version, options in ((4, False), (6, False), (6, True)):
                spi += 1
                mkey = judged.octets(HASHES[mac][1])
                extended = "short" if high is None else "extended"
                words = ["ah", mode, "null", "-", mac, text(mkey), spi, 9 + (high or 0) * 2**32, extended, "-"]
                before = with_options(rng.randint(0, 1300)) if options else inner(version, 5)
                iv = judged.octets(8) if mac == "aes-gmac" else b""
                how, sealed = judged.ask("protect", *words, text(iv), *ENDS[version], text(before)).split()
                assert how == "done", (how, mac)
                sealed = octets(sealed)
                protocol, at, _ = carried(sealed)
                assert protocol == 51 and at == (20 if version == 4 else 56 if options and mode == "transport" else 40), (protocol, at)
                body, following = open_ah(sealed, at, mac, mkey, high)
                head = at if mode == "transport" else 0
                assert (body, following) == (before[head:], (4 if version == 4 else 41) if mode == "tunnel" else 17), (mac, mode, high, version, options)
                for place, changes in () if version == 4 else ((1, True), (3, True), (7, True), (8, False), (39, False)) + (((45, True), (53, False)) if at > 40 else ()):
                    other = bytearray(sealed)
                    other[place] ^= 1
                    ours = judged.ask("unprotect", *words, "-", *ENDS[version], text(bytes(other))).split()[0]
                    try:
                        theirs = bool(open_ah(bytes(other), at, mac, mkey, high))
                    except wrong:
                        theirs = False
                    assert theirs == changes, (place, mode, options)
                    if place < 8 or place > 40:
                        assert (ours == "done") == changes, (ours, place, mode, options)
                for other in ({None, 0, 7} - {high}) | {8}:
                    try:
                        open_ah(sealed, at, mac, mkey, other)
                        raise SystemExit("an upper half that was not sent with is taken for right: %s %s" % (mac, mode))
                    except wrong:
                        pass
                counts["AH, OpenSSL"] += 1

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
