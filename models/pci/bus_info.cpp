#include "nicteam/pci/bus.h"

#include "bus_books.h"
#include "nicteam/pci/parity.h"

namespace nicteam::pci {
namespace {

constexpr parameter_info parameters[] = {
    {"period", quantity::period, "33 MHz", "1 ns", "1 us", nullptr, "CLK period of the bus, or its frequency; `clock` is another name of it",
     "PCI 2.2, 4.2.3.1: 30 ns is the least period of a 33 MHz bus", store<&bus_config::period>},
    {"phase", quantity::time, "0 ps", "0 ps", "1 us", nullptr, "instant of the first rising edge of CLK",
     "free: only the relation to other clocks matters", store<&bus_config::phase>},
    {"arbiter", quantity::choice, "round_robin", nullptr, nullptr, "round_robin|fixed", "which requesting master gets GNT#",
     "PCI 2.2, 3.4: left to the system; a fair scheme is asked for", store<&bus_config::arbiter>},
    {"parking", quantity::choice, "last", nullptr, nullptr, "last|first|none",
     "who holds GNT# while nobody asks: the latest master, master 0 or nobody", "PCI 2.2, 3.4.3", store<&bus_config::parking>},
    {"m66en", quantity::choice, "honoured", nullptr, nullptr, "honoured|ignored",
     "honoured: with a device that is no 66 MHz device the bus runs at 33 MHz whatever `period` asks for; ignored: at `period`",
     "PCI 2.2, 7.5.1", store<&bus_config::m66en>},
    {"width", quantity::choice, "32", nullptr, nullptr, "32|64",
     "bits of AD; 64: REQ64#, ACK64# and the upper half are wired, each tenure settles its own width", "PCI 2.2, 3.8",
     store<&bus_config::width>},
};

}  // namespace

const metric_info bus_metrics[18] = {
    {"tenures", "tenures", "times that the bus was taken", metric_info::counter},
    {"words", "words", "data phases that completed; each takes one clock", metric_info::counter},
    {"octets", "B", "bytes that passed in data phases", metric_info::counter},
    {"overhead_clocks", "clocks", "clocks of tenures in which no word passed: address, DEVSEL#, wait states, ends", metric_info::counter},
    {"retries", "tenures", "tenures that the target ended before any word", metric_info::counter},
    {"disconnects", "tenures", "tenures that the target ended after some words", metric_info::counter},
    {"latency_timeouts", "tenures", "tenures that the latency timer ended with words left", metric_info::counter},
    {"limited", "tenures", "tenures that the master itself ended with words left", metric_info::counter},
    {"master_aborts", "tenures", "tenures that no target claimed", metric_info::counter},
    {"target_aborts", "tenures", "tenures that the target aborted", metric_info::counter},
    {"withdrawals", "requests", "requests that were given up when granted", metric_info::counter},
    {"decode_conflicts", "tenures", "address phases that more than one target claimed; the lowest device number won", metric_info::counter},
    {"wide_tenures", "tenures", "tenures of 64-bit data phases: REQ64# was answered by ACK64#", metric_info::counter},
    {"back_to_back", "tenures", "tenures that began without an idle clock", metric_info::counter},
    {"perr", "data phases", "data phases with wrong parity that the agent which received them reported by PERR#", metric_info::counter},
    {"serr", "address phases", "address phases with wrong parity that an agent reported by SERR#", metric_info::counter},
    {"grant_wait", "ps", "from REQ# (or the decision of a parked master) to FRAME#", metric_info::histogram},
    {"busy", "", "1 while FRAME# or IRDY# is low: its mean is the utilisation", metric_info::level},
};

namespace {

constexpr const char* states[] = {"idle", "busy", nullptr};

}  // namespace

const probe_info bus_probes[] = {
    {"state", 0, states, "FRAME# or IRDY# low"},
    {"master", 8, nullptr, "master of the current or latest tenure: 0 is the bridge, n + 1 the device in slot n"},
};

const block_info bus_info = {
    "bus", "a PCI bus: arbitration, tenures, utilisation", parameters, bus_metrics, bus_probes, parity_fault_rows, {}, {}, {}};

}  // namespace nicteam::pci
