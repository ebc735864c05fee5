"""Clocks that a packet takes on a PCI bus, by itself: docs/bus.md. Descriptors, registers and their like come on top of it."""

TENURE = 248                              # words at most, by the latency timer that scenarios here set
WRITE, READ = 3, 3 + 8                    # clocks of a tenure beside its words; a read waits for memory: bridge.read_wait


def clocks(octets, beside, width=4):
    words = -(-octets // width)
    return words + -(-words // TENURE) * beside


def job(octets, written, width=4):
    """Read from memory, and written back."""
    return clocks(octets, READ, width) + clocks(written, WRITE, width)
