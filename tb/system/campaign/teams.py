"""Seeded teams of two to eight members: what they are made of, how they are used and watched, and who works for whom."""
import random

ALL_GOOD = ["aes-128-round", "sha1"]
CRYPTO = {"good": ALL_GOOD, "other": ["3des-cascade", "md5"], "both": ["aes-128-round", "3des-cascade", "sha1", "md5"], "two": ALL_GOOD * 2}
HASHES = ["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4", "vlan+srcmac"]
CHOICES = ["source_mac", "destination_mac", "both_macs", "round_robin", "source_ip", "destination_ip", "layer2", "layer3+4"]
DISPATCH = ["round_robin", "proportional", "shortest_queue", "first_idle", "by_size", "spill_over", "burst", "expected_end", "random"]
ONE_ACTIVE = ["aft", "active_backup"]
MODES = ONE_ACTIVE * 2 + ["alb", "balance_rr", "balance_xor", "broadcast", "802.3ad", "balance_tlb", "balance_alb"]
ASKS_BY_ARP = ["aft", "active_backup", "balance_rr", "balance_xor", "broadcast"]
OWN_ADDRESSES = ["aft", "alb", "balance_tlb", "balance_alb"]
NEEDS_GROUP = ["balance_rr", "balance_xor", "broadcast", "802.3ad"]        # the switch takes the members' ports for one, or sees one address move about
CLIENTS = {"client": "192.0.2.9", "second": "192.0.2.10"}


def quantity(v):
    return str(v).lower() if isinstance(v, (bool, int)) else "[" + ", ".join(map(quantity, v)) + "]" if isinstance(v, list) else f'"{v}"'


def table(kind, name, **keys):
    return "\n".join([f"[[{kind}]]", f'name = "{name}"'] + [f"{k.replace('__', '.')} = {quantity(v)}" for k, v in keys.items()]) + "\n"


class team:
    """Of one seed; `text()` is a scenario without faults."""

    def __init__(self, seed):
        self.rng = rng = random.Random(f"team {seed}")
        self.ends = random.Random(f"ends {seed}")
        self.count = rng.randint(2, 8)
        self.mode = rng.choice(MODES)
        self.scale = 500 if self.mode == "802.3ad" else 1          # LACP knows whole seconds only
        self.far = self.mode not in NEEDS_GROUP and rng.random() < 0.3         # a second switch behind the first
        self.cards = rng.choice([0, 0, 0, 1, 2])
        self.software = rng.choice(["never", "last_resort", "another"])
        kinds = [rng.choice(["plain", "plain", "good", "good", "both", "two", "other"]) for _ in range(self.count)]
        if self.software == "never" and not self.cards and not set(kinds) & {"good", "both", "two"}:
            kinds[rng.randrange(self.count)] = "good"
        self.kinds = kinds
        self.sends_again = False
        self.absent = set()                      # members that are not in their slots at first
        self.fail_over_mac = ""
        self.outbound = "return" if self.mode == "broadcast" else rng.choice(["return", "return", "transmit", "transmit_as_destination"])
        self.riser = rng.random() < 0.2              # the last members are behind a PCI-to-PCI bridge
        self.clients = sorted(CLIENTS)[:rng.choice([1, 1, 2])]
        self.protected = rng.choice(["both", "both", "out", "in", "none"])

    def chance(self, p):
        return self.rng.random() < p

    def time(self, microseconds):
        return f"{microseconds * self.scale} us"

    def bus_of(self, n):
        return "server.pci1" if self.riser and n >= self.count - 2 else "server.pci0"

    def text(self):
        top = ["schema = 1", f'duration = "{self.time(20000)}"', f'traffic_start = "{self.time(1000)}"', 'warm_up = "0 ps"']
        return "\n".join(top + self.host() + self.members() + self.network() + [self.layer()] + self.work()
                         + self.security() + self.traffic())

    def host(self):
        out = [table("host", "server", stack__arp_timeout="300 us", stack__arp_attempts=6),
               table("cpu", "cpu0", host="server", clock=self.rng.choice(["500 MHz", "1 GHz", "2 GHz"])), table("bus", "pci0", host="server")]
        if self.riser:
            out += [table("pci_bridge", "riser", bus="server.pci0"), table("bus", "pci1", host="server", behind="server.pci0.riser")]
        return out

    def members(self):
        out = []
        for n, kind in enumerate(self.kinds):
            keys = {"bus": self.bus_of(n)}
            if kind != "plain":
                keys.update(identity="extended", crypto__enable=True, crypto__engines=CRYPTO[kind], crypto__secondary_use=self.chance(0.85))
                if kind == "good" and not self.cards and self.software == "never":
                    keys["crypto__secondary_use"] = True
                if self.chance(0.2):
                    keys["driver__numbers"] = "lent"
            if self.chance(0.2):
                keys["driver__policy"] = "mask_and_poll"
            if self.chance(0.15):
                keys["driver__after_timeout"] = "resend"
                self.sends_again = True
            if n and self.chance(0.08):
                keys["present"] = False
                self.absent.add(n)
            out.append(table("nic", f"nic{n}", **keys))
        for n in range(self.cards):
            out.append(table("crypto_card", f"card{n}", bus="server.pci0", engines=ALL_GOOD))
        return out

    def far_end(self):
        """What an end sees when the other alone hears nothing."""
        seen = self.ends.choice(["as_negotiated", "none", "indicated"])
        return {} if seen == "as_negotiated" else {"far_end_fault": seen}

    def network(self):
        out = [table("switch", "core", ports=16, ageing_time=self.rng.choice(["300 s", "2 ms"]))]
        out += [table("peer", c, ip=CLIENTS[c]) for c in self.clients]
        if self.far:
            out += [table("switch", "near"), table("link", "trunk", a="near", b="core")]
        for n in range(self.count):
            out.append(table("link", f"lan{n}", a=f"{self.bus_of(n)}.nic{n}", b="near" if self.far and n < 4 and n % 2 == 0 else "core", **self.far_end()))
        out += [table("link", f"to_{c}", a=c, b="core", **self.far_end()) for c in self.clients]
        if self.mode in NEEDS_GROUP and self.chance(0.9):
            keys = {"switch": "core", "ports": [f"lan{n}" for n in range(self.count)], "choice": self.rng.choice(CHOICES)}
            if self.mode == "802.3ad":
                keys.update(lacp=self.rng.choice(["active", "passive"]), lacp_rate="fast")
            out.append(table("port_group", "team_ports", **keys))
        return out

    def monitors(self):
        rng, keys = self.rng, {}
        by = rng.choice(["media"] * 3 + ["arp"] * (self.mode in ASKS_BY_ARP) + ["none"])
        keys["miimon"] = self.time(rng.choice([50, 100, 300, 1000])) if by == "media" else "0 ps"
        if by == "media":
            if self.chance(0.3):
                keys.update(updelay=self.time(rng.choice([300, 1000, 3000])))
            if self.chance(0.3):
                keys.update(downdelay=self.time(rng.choice([300, 1000])))
            if self.chance(0.2):
                keys.update(use_carrier=True)
        if by == "arp":
            keys.update(arp_interval=rng.choice(["500 us", "1 ms"]), arp_ip_target=[CLIENTS[c] for c in self.clients],
                        arp_validate=rng.choice(["none", "active", "backup", "all", "filter"]) if self.mode in ONE_ACTIVE else "none",
                        arp_all_targets=rng.choice(["any", "all"]), arp_missed_max=rng.randint(1, 3))
        if self.mode in OWN_ADDRESSES and self.chance(0.35):
            keys.update(probe_enable=True, probe_send_time="1 ms", check_time=rng.choice(["1 ms", "2 ms"]), max_retries=rng.randint(0, 2),
                        probe_address=rng.choice(["broadcast", "multicast"]))
        if self.mode in OWN_ADDRESSES and self.chance(0.35):
            keys.update(heartbeat_interval=rng.choice(["500 us", "1 ms"]), heartbeat_misses=rng.randint(1, 3), heartbeat_wait="200 us")
        return keys

    def usage(self):
        rng, keys = self.rng, {"mode": self.mode}
        if self.mode in ONE_ACTIVE + ["balance_tlb", "balance_alb"]:
            if self.chance(0.5):
                keys.update(primary=f"nic{rng.randrange(self.count)}", primary_reselect=rng.choice(["always", "better", "failure"]))
            if self.chance(0.2):
                keys.update(prio=[str(rng.randint(-5, 5)) for _ in range(self.count)])
        if self.mode == "aft" and self.chance(0.3):
            keys.update(fail_back_delay=rng.choice(["500 us", "3 ms"]))
        if self.mode == "active_backup":
            self.fail_over_mac = rng.choice(["none", "active", "follow"])
            keys.update(fail_over_mac=self.fail_over_mac)
        if self.mode in ("balance_xor", "802.3ad"):
            keys.update(xmit_hash_policy=rng.choice(HASHES))
        if self.mode == "alb":
            keys.update(balance=rng.choice(["hash", "round_robin", "load"]))
        if self.mode == "balance_rr":
            keys.update(packets_per_slave=rng.choice([0, 1, 4]))
        if self.mode == "802.3ad":
            keys.update(ad_select=rng.choice(["stable", "bandwidth", "count", "actor_port_prio"]), lacp_rate="fast")
        if self.chance(0.2) and self.mode not in ("balance_rr", "balance_xor", "broadcast"):
            keys.update(all_slaves_active=True)
        return keys

    def layer(self):
        rng = self.rng
        keys = {"host": "server", "members": [f"{self.bus_of(n)}.nic{n}" for n in range(self.count)], "address": "192.0.2.1/24",
                "layer": rng.choice(["around", "monolithic"]), "check": rng.choice(["per_packet", "mask"]), "outbound": self.outbound,
                "buffers": rng.choice([64, 64, 4])}
        if self.cards:
            keys["cards"] = [f"server.pci0.card{n}" for n in range(self.cards)]
        engines = sum(k != "plain" for k in self.kinds) + self.cards + (self.software != "never")
        dispatch = rng.choice([d for d in DISPATCH if d != "by_size" or engines > 1])
        queue = rng.choice([4, 16])
        keys.update(sharing__dispatch=dispatch, sharing__software=self.software, sharing__queue=queue, sharing__given=rng.choice([1, 4]),
                    sharing__threshold=min(queue, rng.choice([0, 1, 2, 8])),
                    sharing__waiting=rng.choice([0, 8, 1024]), sharing__retry=rng.choice(["100 us", "1 ms"]))
        if self.chance(0.3):
            keys["sharing__order"] = rng.choice(["in_order", "all_alike"])
        keys.update(self.usage())
        keys.update(self.monitors())
        return table("team", "team0", **keys)

    def work(self):
        """Of applications."""
        out = []
        self.loads = self.rng.choice([0, 0, 0, 1, 2])
        for n in range(self.loads):
            keys = {"service": "server.team0", "direction": self.rng.choice(["encrypt", "decrypt", "alternate"]), "cipher": "aes-cbc", "start": self.time(500),
                    "size": self.rng.choice(["64 B", "400 B", "1 KiB"])}
            if self.chance(0.5):
                keys.update(threads=self.rng.choice([1, 4]), before=self.time(100), after="5 us")
            else:
                keys.update(pace="open", gap=self.time(self.rng.choice([100, 400])), arrivals=self.rng.choice(["regular", "poisson"]), places=16)
            out.append(table("crypto_load", f"api{n}", **keys))
        return out

    def security(self):
        out, more = [], {}
        if self.chance(0.2):
            more.update(mode="transport")
        if self.chance(0.15):
            more.update(protocol="ah", cipher="null")
        elif self.chance(0.15) and self.software != "never":
            more.update(cipher="aes-ctr", authentication="hmac-sha2-256-128")          # which no member has engines for
        if self.chance(0.2):
            more.update(extended_sequence=True, first_sequence=2**32 - 40, replay_window=128)
        for c in self.clients:
            for there, (a, b) in {"out": ("server", c), "in": (c, "server")}.items():
                if self.protected in (there, "both"):
                    out.append(table("sa", f"{there}_{c}", **{"from": a, "to": b, **more}))
                    out.append(table("policy", f"protect_{there}_{c}", **{"from": a, "to": b, "bundle": [f"{there}_{c}"]}))
        if self.protected in ("out", "in"):
            for c in self.clients:               # what no policy selects is dropped where there are policies
                a, b = ("server", c) if self.protected == "in" else (c, "server")
                out.append(table("policy", f"open_{c}", **{"from": a, "to": b, "action": "bypass"}))
        return out

    def traffic(self):
        out = []
        for c in self.clients:
            for name, (a, b) in {"up": ("server", c), "down": (c, "server")}.items():
                sizes = self.rng.choice([{"frame_size": "512 B"}, {"frame_size": "1400 B"}, {"sizes": "imix"}, {"sizes": "uniform", "greatest_size": "1400 B"}])
                if self.rng.random() < 0.5 or "sizes" not in sizes:
                    sizes.setdefault("arrivals", "poisson")
                pace = {"pace": "frames", "frames_per_second": self.rng.choice([1000, 3000, 8000]) // (4 if self.mode == "broadcast" else min(self.scale, 50))}
                out.append(table("traffic", f"{name}_{c}", **{"from": a, "to": b, **pace, **sizes}))
        if self.chance(0.3) and self.protected == "none":
            out.append(table("ping", "pings", **{"from": "server", "to": "client", "interval": self.time(1000)}))
        return out

    LATE = 20                                        # frames

    def late_traffic(self):
        """When the faults are over and the team has had time to settle."""
        keys = {"pace": "frames", "frames_per_second": 10000 // self.scale, "frame_size": "300 B", "count": self.LATE, "start": self.time(17000)}
        return table("traffic", "late_up", **{"from": "server", "to": "client", **keys}) + table(
            "traffic", "late_down", **{"from": "client", "to": "server", **keys, "destination_port": 7001})

    def captures(self):
        """Of all that the members send, as it arrives at the switch."""
        return "".join(table("capture", f"wire{n}", at=f"lan{n}.a_to_b.wire") for n in range(self.count))

    def nobody_can(self):
        """No member or card that is there has the engines for the suites, and software is never asked."""
        return self.software == "never" and not self.cards and not any(k in ("good", "both", "two") for n, k in enumerate(self.kinds) if n not in self.absent)

    def shares_one_address(self):
        return self.mode == "active_backup" and self.fail_over_mac != "active"

    def may_stay_silent(self, way, faults):
        """Why nothing may come through although every fault is over."""
        if self.nobody_can() and self.protected in ("both", "out" if way == "up" else "in"):
            return "who has the engines is not in its slot"
        engines = any("engines" in f["what"] for f in faults) and self.protected in ("both", "out" if way == "up" else "in")
        if engines and self.software == "never":
            return "engines that failed several times are out of use until a reset"
        if self.loads:
            return "applications keep engines and CPU busy"
        if way == "down" and self.fail_over_mac == "active":
            return "the client did not hear of the team's new address"
        if way == "down" and (self.outbound == "transmit_as_destination" or self.outbound == "transmit" and self.shares_one_address()) and self.mode not in NEEDS_GROUP:
            return "switches took a backup that transmitted for the place of the team's address"
        return ""

    def late_ones_wait(self, r, way):
        """Each of the late frames, or a copy of it, is still held, while those before them still come: more was sent than engines, CPU or wires carry."""
        late = 17_000_000_000 * self.scale
        above = {p["id"]: p["parent"] for p in r.packets}
        born = {p["id"]: p for p in r.packets if not p["parent"]}

        def first_of(p):
            while above.get(p):
                p = above[p]
            return born[p]
        ours = [p for p in born.values() if (p["from"].startswith("server.") if way == "up" else p["from"] in self.clients)]
        held = {first_of(p["id"])["id"] for p in r.packets if p["fate"] == "held"}
        waiting = [p["id"] in held for p in ours if (p["from"] == "server.late_up" if way == "up" else int(p["born_ps"]) >= late)]
        comes = any(p["outcome"] == "delivered" and int(p["ended_ps"]) >= late and first_of(p["id"]) in ours and int(first_of(p["id"])["born_ps"]) < late for p in r.packets)
        return comes and bool(waiting) and all(waiting)

    def no_place_for_them(self, r, way):
        """Every late frame was dropped by name for want of a place in the team, whose places go on being filled and freed: more was sent than its engines do."""
        late = 17_000_000_000 * self.scale
        dropped = [p for p in r.packets if p["outcome"] == "no_place_in_team" and int(p["ended_ps"]) >= late]
        senders = {"server.late_up"} if way == "up" else set(self.clients)
        going_on = any(p["outcome"] == "put_on_by_team" and int(p["ended_ps"]) >= late for p in r.packets)
        return going_on and sum(p["from"] in senders for p in dropped) >= self.LATE

    def does_not_recover(self, r, faults):
        came = {"up": 0, "down": 0}
        for f in r.result["flows"]:
            came["up"] += f["packets"] * (f["from"] == "server.late_up")
            came["down"] += f["packets"] * (f["to"] == "server.sink_7001")
        return [f"of {self.LATE} frames {way} behind the last fault none arrives" for way, n in came.items()
                if not n and not self.may_stay_silent(way, faults) and not self.late_ones_wait(r, way) and not self.no_place_for_them(r, way)]
