"""For each rule of the checker one way, or several, to break it."""

OUTPUT, READ, WRITE, CONFIGURATION, INVALIDATE = 0x3, 0x6, 0x7, 0xA, 0xF

# For each rule one way to break it: a function that changes good samples.
MUTATIONS = {}


def breaks(rule):
    def add(function):
        MUTATIONS.setdefault(rule, []).append(function)
        return function
    return add


@breaks("unknown")
def _(s): s.set(s.tenure(WRITE) + 2, AD="x" * 32)


@breaks("unknown")
def _(s): s.set(5, TRDY_n="x")


@breaks("always_driven")
def _(s): s.set(9, REQ_n_1="z")


@breaks("grant_one")
def _(s): s.set(9, GNT_n_0="0", GNT_n_1="0")


@breaks("grant_gap")
def _(s):
    i = s.tenures[-1] + 40                   # idle, parked
    holder, other = ("0", "1") if s.edges[i]["GNT_n_0"] == "0" else ("1", "0")
    s.set(i, **{f"GNT_n_{holder}": "1", f"GNT_n_{other}": "0"})


@breaks("frame_granted")
def _(s): s.set(s.tenure(CONFIGURATION) - 1, GNT_n_0="1", GNT_n_1="1")


@breaks("request_released")
def _(s): s.set(s.tenure(CONFIGURATION) + 1, REQ_n_0="0")


@breaks("frame_irdy")
def _(s):
    a = s.tenure(WRITE)
    s.set(a + 1, FRAME_n="1", IRDY_n="z")


@breaks("frame_again")
def _(s):
    a = s.tenure(READ, 1)
    s.set(a + 3, FRAME_n="1")


@breaks("irdy_after_frame")
def _(s): s.set(s.tenures[-1] + 40, IRDY_n="0")


@breaks("irdy_hold")
def _(s): s.set(s.tenure(READ, 1) + 4, IRDY_n="1")


@breaks("master_latency")
def _(s):
    a = s.tenure(WRITE)
    for i in range(a + 1, a + 9):
        s.edges[i] = {**s.edges[a + 1], "IRDY_n": "z", "FRAME_n": "0"}


@breaks("end_idle")
def _(s): s.set(s.first(s.tenure(WRITE), FRAME_n="1", TRDY_n="0") + 1, IRDY_n="0")


@breaks("target_idle")
def _(s): s.set(s.tenures[-1] + 40, DEVSEL_n="0")


@breaks("devsel_window")
def _(s):
    a = [t for t in s.tenures if s.edges[t]["AD"] == f"{0x90000000:032b}"][0]
    s.set(a + 5, DEVSEL_n="0")


@breaks("devsel_hold")
def _(s): s.set(s.first(s.tenure(READ, 1), DEVSEL_n="0", IRDY_n="0", TRDY_n="0") + 1, DEVSEL_n="1")


@breaks("trdy_devsel")
def _(s): s.set(s.tenure(WRITE) + 1, TRDY_n="0")


@breaks("trdy_hold")
def _(s):
    a = s.tenure(READ, 1)
    d = s.first(a, TRDY_n="0")
    s.set(d, IRDY_n="1")
    s.set(d + 1, TRDY_n="1")


@breaks("read_turnaround")
def _(s): s.set(s.tenure(READ) + 1, TRDY_n="0", DEVSEL_n="0")


@breaks("stop_devsel")
def _(s): s.set(s.tenure(WRITE) + 1, STOP_n="0")


@breaks("stop_hold")
def _(s): s.set(s.first(0, STOP_n="0", FRAME_n="0") + 1, STOP_n="1", FRAME_n="0")


@breaks("stop_release")
def _(s):
    i = s.first(0, STOP_n="0", FRAME_n="1")
    s.set(i + 1, STOP_n="0")


@breaks("data_after_stop")
def _(s): s.set(s.first(0, STOP_n="0", FRAME_n="0") + 1, TRDY_n="0")


@breaks("frame_after_stop")
def _(s): s.set(s.first(0, STOP_n="0", FRAME_n="0") + 1, FRAME_n="0")


@breaks("master_abort")
def _(s):
    a = [t for t in s.tenures if s.edges[t]["AD"] == f"{0x90000000:032b}"][0]
    for i in range(a + 6, a + 12):
        s.edges[i] = dict(s.edges[a + 5])


def stretched(s, at, n):
    """n more clocks like the one at `at`."""
    s.edges[at:at] = [dict(s.edges[at]) for _ in range(n)]


@breaks("first_data")
def _(s):
    a = s.tenure(READ)
    d = s.first(a, TRDY_n="0")
    stretched(s, d, 16)
    for i in range(d, d + 16):
        s.set(i, TRDY_n="z")


@breaks("next_data")
def _(s):
    d = s.first(s.tenure(READ), TRDY_n="0") + 2
    stretched(s, d, 9)
    for i in range(d, d + 9):
        s.set(i, TRDY_n="1" if i == d else "z")


@breaks("parity_value")
def _(s):
    i = s.tenure(WRITE) + 3
    s.set(i, PAR="1" if s.edges[i]["PAR"] == "0" else "0")


@breaks("parity_driven")
def _(s): s.set(s.tenure(WRITE) + 2, PAR="z")


@breaks("parity_driven")
def _(s): s.set(s.tenures[-1] + 40, PAR="z")


@breaks("sustained")
def _(s): s.set(s.first(0, IRDY_n="1"), IRDY_n="z")


@breaks("turnaround")
def _(s): s.set(s.tenure(CONFIGURATION) - 1, FRAME_n="1")


@breaks("turnaround")
def _(s): s.set(s.tenure(CONFIGURATION), TRDY_n="1")


@breaks("turnaround")
def _(s):
    a = s.tenure(CONFIGURATION)              # another has GNT# before, and AD to the last moment
    s.set(a - 3, GNT_n_0="1", GNT_n_1="0")
    s.set(a - 2, GNT_n_0="1", GNT_n_1="1")
    s.set(a - 1, AD="0" * 32)


@breaks("address_driven")
def _(s): s.set(s.tenure(CONFIGURATION), AD="z" * 32)


@breaks("data_driven")
def _(s): s.set(s.first(s.tenure(READ), TRDY_n="0"), AD="z" * 32)


@breaks("enables_driven")
def _(s): s.set(s.tenure(WRITE) + 3, CBE_n="zzzz")


@breaks("enables_driven")
def _(s): s.set(s.first(s.tenure(WRITE), FRAME_n="1", TRDY_n="0") + 1, CBE_n="0000")


@breaks("ad_idle")
def _(s): s.set(s.first(s.tenure(WRITE), FRAME_n="1", TRDY_n="0") + 1, AD="0" * 32)


@breaks("parking")
def _(s):                                    # nobody has GNT#, somebody drives
    i = s.tenures[-1] + 40
    for k in range(3):
        s.set(i + k, GNT_n_0="1", GNT_n_1="1")


@breaks("parking")
def _(s):                                    # who has it leaves AD alone
    for i in range(s.tenures[-1] + 40, s.tenures[-1] + 50):
        s.set(i, AD="z" * 32, PAR="z" if i > s.tenures[-1] + 40 else "0")


@breaks("data_stable")
def _(s):
    d = s.first(s.tenure(WRITE), TRDY_n="0")
    s.set(d, AD=s.edges[d - 1]["AD"].translate(str.maketrans("01", "10")))


@breaks("enables_stable")
def _(s): s.set(s.first(s.tenure(READ), TRDY_n="0") - 1, CBE_n="0001")


@breaks("burst_order")
def _(s): s.set(s.tenure(READ), AD=s.edges[s.tenure(READ)]["AD"][:-2] + "01")


@breaks("io_enables")
def _(s):
    a = s.tenure(OUTPUT)
    for i in range(a + 1, a + 3):
        s.set(i, CBE_n="1101")


@breaks("latency_timer")
def _(s):
    a = [t for t in s.tenures if s.edges[t]["REQ_n_1"] == "0"][0]    # master 0 has 4 clocks while master 1 waits
    for i in range(a + 4, a + 8):
        s.set(i, FRAME_n="0")


@breaks("perr")
def _(s): s.set(s.tenure(WRITE) + 5, PERR_n="0")


@breaks("serr")
def _(s): s.set(s.tenure(WRITE) + 2, SERR_n="0")


@breaks("serr")
def _(s): s.set(s.tenures[-1] + 40, SERR_n="0")


@breaks("ad_idle")
def _(s): s.set(s.tenure(READ) + 1, AD="0" * 32)


@breaks("command")
def _(s): s.set(s.tenure(WRITE), CBE_n="0101")


@breaks("idsel")
def _(s): s.set(s.tenure(CONFIGURATION), IDSEL_3="0")


@breaks("idsel")
def _(s): s.set(s.tenure(WRITE), IDSEL_3="1")


@breaks("write_and_invalidate")
def _(s):
    d = s.first(s.tenure(INVALIDATE), TRDY_n="0")
    s.set(d, CBE_n="0001")


DUAL = 0xD


def following(s):
    """The address phase of the tenure that follows without an idle clock."""
    for i in range(1, len(s.edges)):
        if s.edges[i]["FRAME_n"] == "0" and s.edges[i - 1]["FRAME_n"] != "0" and s.edges[i - 1]["IRDY_n"] == "0":
            return i
    raise AssertionError("none follows")


@breaks("back_to_back")
def _(s): s.set(following(s) - 1, GNT_n_0="1", GNT_n_1="0")


@breaks("frame_again")
def _(s): s.set(following(s) - 1, STOP_n="0")


@breaks("dual_address")
def _(s): s.set(s.tenure(DUAL) + 1, AD="0" * 32)


@breaks("dual_address")
def _(s): s.set(s.tenure(DUAL) + 1, IRDY_n="0")


@breaks("wide_request")
def _(s): s.set(s.tenure(WRITE) + 2, REQ64_n="1")


@breaks("wide_request")
def _(s): s.set(s.tenure(CONFIGURATION), REQ64_n="0")


@breaks("wide_acknowledge")
def _(s): s.set(s.first(s.tenure(DUAL), ACK64_n="0") + 1, ACK64_n="1")


@breaks("wide_acknowledge")
def _(s): s.set(s.first(s.tenure(CONFIGURATION), DEVSEL_n="0"), ACK64_n="0")


@breaks("wide_idle")
def _(s): s.set(s.tenures[-1] + 60, AD_high="0" * 32)


@breaks("wide_idle")
def _(s): s.set(s.first(s.tenure(WRITE), DEVSEL_n="0") + 1, CBE_n_high="0000")


@breaks("wide_odd")
def _(s):
    d = s.first(s.tenure(DUAL), ACK64_n="0", TRDY_n="0")
    s.set(d, AD=s.edges[d]["AD"].translate(str.maketrans("01", "10")))


@breaks("whole_lines")
def _(s):
    a = s.tenure(INVALIDATE)
    s.set(a, AD=f"{int(s.edges[a]['AD'], 2) + 8:032b}")


@breaks("parity_value")
def _(s):
    i = s.first(s.tenure(DUAL), ACK64_n="0", TRDY_n="0") + 1
    s.set(i, PAR64="1" if s.edges[i]["PAR64"] == "0" else "0")


@breaks("interrupt")
def _(s): s.set(50, INTA_n="1")
