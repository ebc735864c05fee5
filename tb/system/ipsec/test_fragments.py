"""Fragments that scapy makes come together here, and ours there, octet for octet."""
import sys

try:
    from scapy.all import IP, IPv6, IPv6ExtHdrFragment, UDP, Raw, defragment, defragment6, fragment, fragment6
except ImportError:
    print("skipped: python3-scapy is not installed")
    sys.exit(0)

from octets import Octets, octets, text

judged = Octets()
counted = 0
for n in range(120):
    size = judged.random.choice([judged.random.randint(600, 4000), judged.random.randint(4000, 20000)])
    mtu = judged.random.choice([576, 1280, 1499, 1500])
    payload = judged.octets(size)
    if n % 2:
        whole = bytes(IP(src="192.0.2.1", dst="192.0.2.2", id=n, flags=0) / UDP(sport=40000, dport=40001) / Raw(payload))
        theirs = [bytes(f) for f in fragment(IP(whole), mtu - 20)]
        ours = [octets(f) for f in judged.ask("fragment", mtu, 0, text(whole)).split()]
        if len(ours) > 1:
            together = defragment([IP(f) for f in ours])
            assert len(together) == 1, "scapy does not join our IPv4 fragments"
            again = together[0]
            del again.chksum
            assert bytes(IP(bytes(again))) == whole, "IPv4 differs after scapy's reassembly"
    else:
        mtu = max(mtu, 1280)
        packet = IPv6(src="2001:db8::1", dst="2001:db8::2") / UDP(sport=40000, dport=40001) / Raw(payload)
        whole = bytes(packet)
        theirs = [bytes(f) for f in fragment6(IPv6(src="2001:db8::1", dst="2001:db8::2") / IPv6ExtHdrFragment(id=n) / UDP(sport=40000, dport=40001) / Raw(payload), mtu)]
        ours = [octets(f) for f in judged.ask("fragment", mtu, n, text(whole)).split()]
        if len(ours) > 1:
            again = defragment6([IPv6(f) for f in ours])
            again.plen = len(bytes(again)) - 40
            assert bytes(again) == whole, "IPv6 differs after scapy's reassembly"
    judged.random.shuffle(theirs)
    if len(theirs) > 1:
        counted += 1
        assert octets(judged.ask("reassemble", *[text(f) for f in theirs])) == whole, "scapy's fragments do not give the datagram"
assert counted > 60, counted
print(counted, "datagrams taken apart and put together by both")
