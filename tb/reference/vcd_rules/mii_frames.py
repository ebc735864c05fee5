#!/usr/bin/env python3
"""Frames from the MII pins in a VCD (IEEE 802.3 clause 22), knowing nothing but the waveform.

Pins are found by name in one scope per port: TX_CLK, TX_EN, TXD[3:0], RX_CLK, RX_DV, RXD[3:0], RX_ER, CRS, COL. A change stands at
the rising edge at which it is driven and is sampled at the next one. Prints a line per frame: scope, tx or rx, time in ps at which the
first octet behind the start delimiter was there, octets in hexadecimal. Exit status: 0; 1 a rule is broken; 2 no such pins.
"""
import sys

PINS = ("TX_CLK", "TX_EN", "TXD", "RX_CLK", "RX_DV", "RXD", "RX_ER", "CRS", "COL")


class broken(Exception):
    pass


def read(path):
    """{scope: [(time, {pin: value})]}: what changes at each time; timescale 1 ps."""
    names, scopes, now, ports = {}, [], 0, {}
    with open(path) as lines:
        for line in lines:
            word = line.split()
            if not word:
                continue
            if word[0] == "$scope":
                scopes.append(word[2])
            elif word[0] == "$upscope":
                scopes.pop()
            elif word[0] == "$var" and word[4].split("[")[0] in PINS and scopes[-1] == "mii":
                names[word[3]] = (".".join(scopes), word[4].split("[")[0])
                ports.setdefault(".".join(scopes), [])
            elif word[0][0] == "#":
                now = int(word[0][1:])
            else:
                if word[0][0] == "b" and len(word) == 2:
                    value, who = word[0][1:], word[1]
                elif word[0][0] in "01":
                    value, who = word[0][0], word[0][1:]
                else:
                    continue
                if who in names:
                    scope, pin = names[who]
                    here = ports[scope]
                    if not here or here[-1][0] != now:
                        here.append((now, {}))
                    here[-1][1][pin] = int(value, 2)
    return ports


def octets(nibbles):
    if len(nibbles) % 2:
        raise broken("half an octet")
    return bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2]))


def frames(port, clock, enable, data, way):
    """(time, octets) of each frame of a direction."""
    now = dict.fromkeys(PINS, 0)
    nibbles, found, when = [], [], []
    for time, changes in port:
        if changes.get(clock) == 1 and now[clock] == 0:                  # a rising edge samples what was there before
            if now[enable]:
                nibbles.append(now[data])
                when.append(time)
            elif nibbles:
                raise broken(f"{enable} fell between edges")
        elif time and any(changes.get(p, now[p]) != now[p] for p in (enable, data)):
            raise broken(f"{time}: {enable} or {data} changes without an edge of {clock}")
        falls = now[enable] and changes.get(enable) == 0
        now.update(changes)
        if now[enable] and not now["CRS"]:
            raise broken(f"{time}: {enable} without CRS")
        if now["COL"] and not now["TX_EN"]:
            raise broken(f"{time}: COL while nothing is sent")
        if falls:
            whole = octets(nibbles)
            preamble = len(whole) - len(whole.lstrip(b"\x55")) + 1           # of any length, the delimiter included
            if preamble < 2 or whole[preamble - 1:preamble] != b"\xd5":
                raise broken(f"{time}: {way} frame without preamble and delimiter")
            found.append((when[2 * preamble + 1], whole[preamble:]))
            nibbles, when = [], []
    return found


def decode(path):
    """{scope: {"tx": [(time, octets)], "rx": […]}}; raises broken."""
    return {scope: {"tx": frames(port, "TX_CLK", "TX_EN", "TXD", "tx"), "rx": frames(port, "RX_CLK", "RX_DV", "RXD", "rx")}
            for scope, port in read(path).items()}


def main(path):
    try:
        ports = decode(path)
    except broken as e:
        print(f"{path}: {e}")
        return 1
    for scope, ways in sorted(ports.items()):
        for way in ("tx", "rx"):
            for time, content in ways[way]:
                print(scope, way, time, content.hex())
    return 0 if ports else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
