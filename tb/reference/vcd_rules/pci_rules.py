"""PCI 2.2 rules over the pins sampled at every rising edge. docs/bus.md numbers its own rules; 'PCI' are sections of PCI 2.2."""

SUSTAINED = ("FRAME_n", "IRDY_n", "TRDY_n", "DEVSEL_n", "STOP_n", "REQ64_n", "ACK64_n", "PERR_n")
HALVES = (("AD", "CBE_n", "PAR"), ("AD_high", "CBE_n_high", "PAR64"))      # the lower and the upper
MEMORY, INPUT_OUTPUT = (0x6, 0x7, 0xC, 0xE, 0xF), (0x2, 0x3)
RESERVED = (0x4, 0x5, 0x8, 0x9)
MEMORY_WRITE_AND_INVALIDATE, DUAL_ADDRESS_CYCLE = 0xF, 0xD


def low(value):
    return value == "0"


HOST_BRIDGE_FIRST = 32     # clocks from FRAME# that a host bridge may take for the first word, to write back a modified line first


class Bus:
    """Follows one bus. Levels are the strings of the VCD: '0', '1', 'z', 'x'; AD and C/BE# all their bits."""

    def __init__(self, pins, report, first_limit=16, next_limit=8, power_on=0, latency_timers=None, host_memory=0, cache_line=None, parity_faults=False, parity_reported=False):
        self.report = report
        self.first_limit = first_limit
        self.next_limit = next_limit
        self.host_memory = host_memory           # bytes: reads of memory below are answered by the host bridge (PCI 2.2, 3.5.1.1)
        self.latency_timers = latency_timers     # clocks: of all masters, or {master: clocks}; None: not checked
        self.parity_faults = parity_faults       # wrong PAR is no breach
        self.parity_reported = parity_reported   # every agent reports it
        self.perr_due = self.serr_due = False
        self.was_address = self.was_data = False # what passed one clock ago
        self.cache_line = cache_line             # bytes; None: not checked
        self.wide = all(p in pins for p in HALVES[1] + ("REQ64_n", "ACK64_n"))
        self.sustained = [p for p in SUSTAINED if p in pins]
        self.power_on = power_on # the first edge that samples what was driven at another
        self.requests = {p[len("REQ_n_"):]: p for p in pins if p.startswith("REQ_n_")}
        self.grants = {p[len("GNT_n_"):]: p for p in pins if p.startswith("GNT_n_")}
        self.idsels = [p for p in pins if p.startswith("IDSEL_")]
        self.of_host_bridge = False
        self.interrupts = [p for p in pins if p in ("INTA_n", "INTB_n", "INTC_n", "INTD_n")]
        self.always = ["RST_n"] * ("RST_n" in pins) + list(self.requests.values()) + list(self.grants.values()) + self.idsels
        self.before = None       # the pins one clock ago
        self.nobody = False      # no IDSEL is high in this configuration access: the slot is empty
        self.settled = False     # nothing happens on an edge equal to the last one
        self.tenure = False
        self.holder, self.held = None, 0         # who has GNT#, for how many edges of an idle bus
        self.holder_before = None                # who had it one edge earlier

    def skip(self, edges):
        """As many edges equal to the last one, on an idle bus."""
        self.held += edges

    def edge(self, time, now):
        """One rising edge with the pins as sampled there."""
        was = self.before
        self.before = now
        if low(now.get("RST_n", "1")):
            self.tenure = False
            self.settled = now == was
            self.before = None
            return

        def wrong(rule, text=""):
            self.report(time, rule, text)

        for pin, value in now.items():
            if "x" in value:
                wrong("unknown", pin)
        for pin in self.always:
            if now[pin] == "z":
                wrong("always_driven", pin)
        for pin in self.interrupts:
            if now[pin] == "1":
                wrong("interrupt", pin)
        granted = [m for m, pin in self.grants.items() if low(now[pin])]
        if len(granted) > 1:
            wrong("grant_one", ", ".join(granted))
        if was is None:
            # From power-on everything is released; a waveform that begins later is followed from its first idle edge on.
            idle = not low(now["FRAME_n"]) and not low(now["IRDY_n"])
            if not idle and time > self.power_on:
                self.before = None
                self.settled = False
                return
            if idle:
                self.holder, self.held, self.holder_before = (granted or [None])[0], 0, None
                self.settled = False
                return
            was = {pin: now[pin] if pin in self.always else "z" * len(now[pin]) for pin in now}
        for pin in self.sustained:
            if low(was[pin]) and now[pin] == "z":
                wrong("sustained", pin)
        self.parity(was, now, wrong)

        self.was_address = self.was_data = False
        was_idle = not low(was["FRAME_n"]) and not low(was["IRDY_n"])
        granted_before = [m for m, pin in self.grants.items() if low(was[pin])]
        if was_idle and granted_before and granted and granted != granted_before:
            wrong("grant_gap", f"{granted_before[0]} to {granted[0]}")

        if not self.tenure:
            if low(now["FRAME_n"]):
                self.address_phase(time, was, now, was_idle, granted_before, wrong)
            else:
                self.idle(was, now, granted, wrong)
        else:
            self.data_phase(time, was, now, granted_before, wrong)
            if not self.tenure:
                self.holder, self.held, self.holder_before = (granted or [None])[0], 0, None
        self.settled = not self.tenure and now == was

    # -------------------------------------------------------------- rules that hold everywhere
    def reports(self, was, now, bad, wrong):
        for rule, pin, due in (("perr", "PERR_n", self.perr_due), ("serr", "SERR_n", self.serr_due)):
            if low(now.get(pin, "z")) and not due:
                wrong(rule, "for nothing")
            elif due and self.parity_reported and not low(now.get(pin, "z")):
                wrong(rule, "is missing")
        self.perr_due, self.serr_due = bad and self.was_data, bad and self.was_address

    def parity(self, was, now, wrong):
        bad = False
        for ad, cbe, par in HALVES[:2 if self.wide else 1]:
            driven = "z" not in was[ad]
            if driven != (now[par] != "z"):
                wrong("parity_driven", f"{par} {now[par]} after {ad} {was[ad]}")
            elif driven and "x" not in was[ad] and "z" not in was[cbe] and now[par] in "01":
                if (was[ad].count("1") + was[cbe].count("1") + (now[par] == "1")) % 2:
                    bad = True
                    if not self.parity_faults:
                        wrong("parity_value", par)
        self.reports(was, now, bad, wrong)

    def idle(self, was, now, granted, wrong):
        if low(now["IRDY_n"]):
            wrong("irdy_after_frame")
        for pin in ("TRDY_n", "DEVSEL_n", "STOP_n"):
            if low(now[pin]):
                wrong("target_idle", pin)
        if any(now[p] == "1" for p in self.idsels):
            wrong("idsel", "on an idle bus")
        self.upper_idle(now, wrong)
        # The holder that all sampled one clock ago may drive now.
        for pin in ("AD", "CBE_n"):
            if now[pin].strip("z") and self.holder is None:
                wrong("parking", f"{pin} {now[pin]} without GNT#")
            elif "z" in now[pin] and self.holder is not None and self.held >= 8:
                wrong("parking", f"{pin} {now[pin]} after {self.held} clocks")
        holder = (granted or [None])[0]
        self.held = self.held + 1 if holder == self.holder else 0
        self.holder_before, self.holder = self.holder, holder

    def upper_idle(self, now, wrong):
        if not self.wide:
            return
        for pin in HALVES[1][:2]:
            if now[pin].strip("z"):
                wrong("wide_idle", f"{pin} {now[pin]}")
        if low(now["REQ64_n"]):
            wrong("wide_request", "without FRAME#")
        if low(now["ACK64_n"]):
            wrong("wide_acknowledge", "outside a tenure")

    # -------------------------------------------------------------- the address phase
    def address_phase(self, time, was, now, was_idle, granted, wrong, follows=False):
        before = getattr(self, "master", None)
        self.tenure = self.was_address = True
        self.age = 0                 # clocks since the address phase
        self.phase = 0               # clocks since the last data phase or the address phase
        self.words = 0
        self.claimed = self.aborted = self.stopped = self.frame_gone = self.irdy_gone = False
        self.master = granted[0] if granted else None
        if follows:
            if not granted or granted[0] != before:
                wrong("back_to_back", "without GNT#")
        elif not was_idle or not granted:
            wrong("frame_granted")
        if was["FRAME_n"] != "z" and not follows:
            wrong("turnaround", "FRAME_n")
        for pin in ("IRDY_n", "TRDY_n", "DEVSEL_n", "STOP_n"):
            if low(now[pin]):
                wrong("irdy_after_frame" if pin == "IRDY_n" else "target_idle", pin)
            elif now[pin] != "z" and not follows:
                wrong("turnaround", pin)
        for pin in ("AD", "CBE_n"):
            if not follows and was[pin].strip("z") and self.holder_before != self.master:
                wrong("turnaround", pin)
        if "z" in now["AD"] or "z" in now["CBE_n"]:
            wrong("address_driven")
            self.command = None
        else:
            self.command = int(now["CBE_n"], 2) if "x" not in now["CBE_n"] else None
        if self.command in RESERVED:
            wrong("command", f"{self.command:X}")
        self.dual = self.second = self.command == DUAL_ADDRESS_CYCLE
        self.asked = self.wide and low(now["REQ64_n"])
        self.width = None                        # of the data phases, in bytes: known with DEVSEL#
        self.address = int(now["AD"], 2) if set(now["AD"]) <= set("01") else None
        self.commanded(wrong)
        if self.asked and any("z" in now[pin] for pin in HALVES[1][:2]):
            wrong("address_driven", "upper half")
        elif not self.asked and self.wide:
            self.upper_idle(now, wrong)
        self.lane = int(now["AD"][-2:], 2) if set(now["AD"][-2:]) <= set("01") else None
        known = set(now["AD"]) <= set("01")
        self.of_host_bridge = self.command in MEMORY and known and int(now["AD"], 2) < self.host_memory
        if (self.command in MEMORY or self.dual) and self.lane:
            wrong("burst_order", f"AD {now['AD']}")
        if self.idsels:
            selected = sum(now[p] == "1" for p in self.idsels)
            configuration = self.command is not None and self.command & 0xE == 0xA
            if selected > configuration or (selected and self.lane):             # AD[1:0]: 0 in type 0, 1 in type 1
                wrong("idsel", f"{selected} of them high")
            self.nobody = configuration and not selected and self.lane != 1      # type 1 is for bridges
        self.requests_high(now, wrong)

    # The command proper: that of the second address phase if there are two.
    def commanded(self, wrong):
        self.read = self.command is not None and not self.command & 1
        if self.dual and self.second:
            return
        if self.asked and self.command not in MEMORY:
            wrong("wide_request", f"command {self.command}")
        if self.command == MEMORY_WRITE_AND_INVALIDATE and self.cache_line and self.address is not None and self.address % self.cache_line:
            wrong("whole_lines", f"begins at {self.address:X}")

    def second_address(self, now, wrong):
        self.second = False
        if not low(now["FRAME_n"]) or low(now["IRDY_n"]) or "1" not in now["AD"] or "z" in now["AD"] or "z" in now["CBE_n"]:
            wrong("dual_address")
        self.command = int(now["CBE_n"], 2) if set(now["CBE_n"]) <= set("01") else None
        if self.command not in MEMORY:
            wrong("dual_address", f"C/BE# {now['CBE_n']}")
        self.of_host_bridge = False
        self.commanded(wrong)
        self.upper(now, wrong)

    def requests_high(self, now, wrong):
        if self.master in self.requests and low(now[self.requests[self.master]]):
            wrong("request_released", self.master)

    # -------------------------------------------------------------- everything up to and including the idle edge
    def data_phase(self, time, was, now, granted_before, wrong):
        self.requests_high(now, wrong)
        if self.second:
            return self.second_address(now, wrong)
        self.age += 1
        self.phase += 1
        frame, irdy, trdy = low(now["FRAME_n"]), low(now["IRDY_n"]), low(now["TRDY_n"])
        devsel, stop = low(now["DEVSEL_n"]), low(now["STOP_n"])
        frame_before, irdy_before, trdy_before = low(was["FRAME_n"]), low(was["IRDY_n"]), low(was["TRDY_n"])
        stop_before = low(was["STOP_n"])

        # The last edge completed the tenure, or told the master to end it with FRAME# high already.
        ended = not frame_before and irdy_before and (trdy_before or stop_before)
        given_up = not self.claimed and self.age >= 6 and not frame_before
        if ended or (given_up and not irdy):
            self.lines_ended(wrong)
            if frame and irdy:
                wrong("frame_again")
            elif frame:
                return self.follow(time, was, now, granted_before, ended and trdy_before and not stop_before, wrong)
            for pin in ("IRDY_n", "TRDY_n", "DEVSEL_n", "STOP_n"):
                if low(now[pin]):
                    wrong("stop_release" if pin == "STOP_n" and stop_before else "end_idle", pin)
            self.tenure = False
            self.idle_pins(now, wrong)
            return
        if not frame and not irdy:
            if irdy_before or self.age > 1 and not frame_before:
                wrong("irdy_hold")
            else:
                wrong("frame_irdy")
            self.tenure = False
            return

        if frame and self.frame_gone:
            wrong("frame_again")
        if not frame:
            self.frame_gone = True
        if irdy_before and not irdy:
            wrong("irdy_hold")
        if not irdy and self.age >= 8:
            wrong("master_latency")
        if self.stopped and frame and frame_before and stop_before:
            wrong("frame_after_stop")

        self.target(was, now, wrong, devsel, trdy, stop, trdy_before, stop_before, irdy_before, frame_before)
        self.pins(now, wrong)
        if self.age > 1 and not (irdy_before and trdy_before):
            if now["CBE_n"] != was["CBE_n"]:
                wrong("enables_stable")
            if now["AD"] != was["AD"] and (irdy_before if not self.read else trdy_before):
                wrong("data_stable")
        if self.age == 1 and self.command in INPUT_OUTPUT and "0" in now["CBE_n"] and now["CBE_n"][::-1].index("0") != self.lane:
            wrong("io_enables", f"C/BE# {now['CBE_n']} at {self.lane}")
        self.latency(was, frame, wrong)
        self.upper(now, wrong)

        first = max(self.first_limit, HOST_BRIDGE_FIRST) if self.of_host_bridge else self.first_limit
        most = self.next_limit if self.words else first
        if self.phase == most + 1 and self.claimed and not self.stopped:
            wrong("next_data" if self.words else "first_data")
        if irdy and trdy:
            halves = HALVES[:2 if self.width == 8 else 1]
            for ad, cbe, _ in halves:
                if "z" in now[ad] or "z" in now[cbe]:
                    wrong("data_driven", f"{ad} {now[ad]}")
                if self.command == MEMORY_WRITE_AND_INVALIDATE and now[cbe] != "0000":
                    wrong("write_and_invalidate", f"{cbe} {now[cbe]}")
            if len(halves) == 2 and self.words == 0 and self.address & 4 and (now["AD"], now["CBE_n"]) != (now["AD_high"], now["CBE_n_high"]):
                wrong("wide_odd", f"AD {now['AD']}, AD_high {now['AD_high']}")
            if self.stopped:
                wrong("data_after_stop")
            self.words += 1
            self.phase = 0
            self.was_data = True
        if stop:
            self.stopped = True

    # Right behind a tenure another one, or FRAME# low for no reason.
    def follow(self, time, was, now, granted, may, wrong):
        if not may or self.read:
            wrong("frame_again" if not may else "back_to_back", "" if not may else "after a read")
        self.address_phase(time, was, now, False, granted, wrong, follows=True)

    def lines_ended(self, wrong):
        if self.command != MEMORY_WRITE_AND_INVALIDATE or not self.cache_line or self.stopped or not self.claimed or self.address is None:
            return
        width = self.width or 4
        end = self.address // width * width + self.words * width
        if end % self.cache_line:
            wrong("whole_lines", f"ends at {end:X}")

    # REQ64#, ACK64# and what they say about AD[63:32].
    def upper(self, now, wrong):
        if not self.wide:
            return
        if low(now["REQ64_n"]) != (self.asked and low(now["FRAME_n"])):
            wrong("wide_request", f"REQ64# {now['REQ64_n']}, FRAME# {now['FRAME_n']}")
        if low(now["DEVSEL_n"]) and self.width is None:
            self.width = 8 if low(now["ACK64_n"]) else 4
            self.settled_at = self.age
        if low(now["ACK64_n"]) != (self.width == 8 and low(now["DEVSEL_n"])) or low(now["ACK64_n"]) and not self.asked:
            wrong("wide_acknowledge", f"ACK64# {now['ACK64_n']}, DEVSEL# {now['DEVSEL_n']}")
        if not self.asked or self.width == 4 and self.age > self.settled_at:
            for pin in HALVES[1][:2]:
                if now[pin].strip("z"):
                    wrong("wide_idle", f"{pin} {now[pin]}")

    def target(self, was, now, wrong, devsel, trdy, stop, trdy_before, stop_before, irdy_before, frame_before):
        if devsel:
            if not self.claimed and self.age > 4:
                wrong("devsel_window", f"{self.age} clocks after the address phase")
            if self.claimed and self.aborted:
                wrong("devsel_hold", "after a target abort")
            if not self.claimed and self.nobody:
                wrong("idsel", "claimed without one")
            self.claimed = True
        elif self.claimed and not self.aborted:
            if stop and not stop_before:
                self.aborted = True
            else:
                wrong("devsel_hold")
        if trdy and not devsel:
            wrong("trdy_devsel")
        if trdy_before and not irdy_before and not trdy:
            wrong("trdy_hold")
        if trdy and self.read and self.age < 2:
            wrong("read_turnaround")
        if stop and not devsel and (not low(was["DEVSEL_n"]) and not stop_before or trdy):
            wrong("stop_devsel")
        if stop_before and not stop and frame_before:
            wrong("stop_hold")
        if not self.claimed and self.age == 7:
            wrong("master_abort")

    def latency(self, was, frame, wrong):
        timers = self.latency_timers
        timer = timers.get(self.master) if isinstance(timers, dict) else timers
        if timer is None or self.master not in self.grants or self.command == MEMORY_WRITE_AND_INVALIDATE:
            return
        if frame and self.age + self.dual > timer and not low(was[self.grants[self.master]]):
            wrong("latency_timer", f"{self.age} clocks after the address phase")

    def pins(self, now, wrong):
        if "z" in now["CBE_n"]:
            wrong("enables_driven", "within a tenure")
        if self.read and self.age == 1 and now["AD"].strip("z"):
            wrong("ad_idle", "no turnaround after the address phase")
        if any(now[p] == "1" for p in self.idsels):
            wrong("idsel", "outside an address phase")

    def idle_pins(self, now, wrong):
        if now["AD"].strip("z"):
            wrong("ad_idle", f"AD {now['AD']} at the idle edge")
        if now["CBE_n"].strip("z"):
            wrong("enables_driven", f"C/BE# {now['CBE_n']} at the idle edge")
        self.upper_idle(now, wrong)
