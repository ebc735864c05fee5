#include "nic/tables.h"

#include "nic/mac/mac_faults.h"

namespace nicteam::nic {
namespace {

constexpr parameter_info parameters[] = {
    {"identity", quantity::choice, "82559", nullptr, nullptr, "82557|82558|82559|82550|extended",
     "which controller: the real ones stay within their datasheets; extended has the programming interface of the 82559 with FIFO sizes, link rate and bus free",
     "DS 1.1", store<&nic_config::identity>},
    {"pci_id", quantity::text, "", nullptr, nullptr, nullptr,
     "vendor, device and, if written, revision that the configuration header tells, as another maker's controller would: \"10ec:8139:10\"; if not given, 8086:1229 with the revision of the "
     "identity: 82557 03, 82558 05, 82559 and extended 08, 82550 0c", "PCI 2.2, 6.2.1; SDM table 3; source document 000, paragraph 33", store<&nic_config::pci_id>},
    {"mac", quantity::text, "02:00:00:00:00:01", nullptr, nullptr, nullptr, "individual address in an EEPROM that is made, six octets in hexadecimal",
     "choice: locally administered (IEEE 802 8.2)", store<&nic_config::mac>},
    {"eeprom", quantity::text, "", nullptr, nullptr, nullptr,
     "file with the EEPROM's content: 64 or 256 words of four hexadecimal digits, # begins a comment; if not given, it is made from mac", "SDM 3.1",
     store<&nic_config::eeprom>},
    {"eeprom_words", quantity::count, "64", nullptr, nullptr, "64|256", "words of an EEPROM that is made: 64 (93C46) or 256 (93C66)", "SDM 6.3.4",
     store<&nic_config::eeprom_words>},
    {"eeprom_programming", quantity::time, "10 ms", "1 ps", "1 s", nullptr, "how long the EEPROM takes to write or erase", "AT93C46 datasheet: self-timed, at most 10 ms",
     store<&nic_config::eeprom_programming>},
    {"eeprom_half_clock", quantity::time, "1 us", "0 ps", "1 s", nullptr, "levels of the EEPROM's clock that are shorter are counted in eeprom_too_fast", "SDM 6.3.4",
     store<&nic_config::eeprom_half_clock>},
    {"eeprom_load_clocks", quantity::count, "16", "1", "100000", nullptr,
     "PCI clocks of a level of the EEPROM's clock while the controller reads it behind power-up or RST#: seven words, configuration cycles are retried meanwhile",
     "DS 4.2.1.1.3, SDM A.7: about 6000 PCI clocks in all on an 82558", store<&nic_config::eeprom_load_clocks>},
    {"slot", quantity::count, "0", "0", "20", nullptr, "PCI device number: the IDSEL line", "PCI 2.2 3.2.2.3.5", store<&nic_config::slot>},
    {"link_rate", quantity::rate, "100 Mbps", "1 Mbps", "400 Gbps", nullptr, "highest rate of the PHY; the link's own rate counts", "DS 1.1",
     store<&nic_config::link_rate>},
    {"tx_fifo", quantity::size, "3 KiB", "256 B", "1 MiB", nullptr, "transmit FIFO", "DS 1.1", store<&nic_config::tx_fifo>},
    {"rx_fifo", quantity::size, "3 KiB", "256 B", "1 MiB", nullptr, "receive FIFO", "DS 1.1", store<&nic_config::rx_fifo>},
    {"memory", quantity::size, "0 B", "0 B", "1 MiB", nullptr,
     "memory of its own in a window of the bus, base address register 4, without wait states: for octets of jobs and of packets to be sent, which its units then have without the bus, a word a "
     "clock; a power of two, 4 KiB at least; 0: none", "own design, no real device; identity extended", store<&nic_config::memory>},
    {"bus_width", quantity::choice, "32", nullptr, nullptr, "32|64", "bits of AD that it uses as a master, on a bus that has them", "DS 1.1: 32; 64: identity extended, PCI 2.2, 3.8",
     store<&nic_config::bus_width>},
    {"rx_burst", quantity::choice, "configure", nullptr, nullptr, "configure|frame",
     "when receive data ask for the bus: at the threshold of Configure byte 1, or when the whole frame is in the FIFO", "SDM 6.4.2.3",
     store<&nic_config::rx_burst>},
    {"cu_accept", quantity::count, "2", "1", "100000", nullptr, "PCI clocks from a command unit command to its acceptance",
     "choice: not in SDM or DS", store<&nic_config::cu_accept>},
    {"ru_accept", quantity::count, "2", "1", "100000", nullptr, "PCI clocks from a receive unit command to its acceptance",
     "choice: not in SDM or DS", store<&nic_config::ru_accept>},
    {"port_accept", quantity::count, "10", "1", "100000", nullptr, "PCI clocks after a PORT reset during which SCB commands are refused",
     "SDM 6.3.3: 10 PCI clocks and 5 transmit clocks", store<&nic_config::port_accept>},
    {"cid_unit", quantity::count, "256", "1", "100000", nullptr, "PCI clocks that a CID of 1 in a transmit block holds the CNA interrupt back",
     "SDM 6.4.2.5: about 8 us a unit, 10 to 20 % more on the chip", store<&nic_config::cid_unit>},
    {"bundle_frames", quantity::count, "1", "1", "65535", nullptr,
     "received frames of which one FR interrupt tells, as microcode does it that drivers load; 1: each has its own; not of an 82557",
     "Linux e100 (BUNDLEMAX) and FreeBSD fxp(4) (bundle_max) take 6", store<&nic_config::bundle_frames>},
    {"bundle_time", quantity::time, "1 ms", "1 ps", "1 s", nullptr, "FR comes so long behind the first frame of a bundle at the latest",
     "FreeBSD fxp(4), int_delay: 1000 us; Linux e100 (INTDELAY): 1536 units of 2/3 us", store<&nic_config::bundle_time>},
    {"mdi_frame", quantity::time, "25600 ns", "1 ps", "1 s", nullptr, "from the write of the MDI control register to its Ready bit",
     "IEEE 802.3 22.2.4.5: 64 bits at 2.5 MHz; MDC and what the chip adds are not in SDM or DS", store<&nic_config::mdi_frame>},
    {"tbd_poll", quantity::count, "32", "1", "100000", nullptr, "PCI clocks until a dynamic TBD that is not yet valid is read again",
     "choice: not in SDM or DS", store<&nic_config::tbd_poll>},
    {"descriptor_loops", quantity::choice, "as_chip", nullptr, nullptr, "as_chip|stop",
     "a link that leads to a command block or receive descriptor which the unit has completed and nobody has handed over again: taken as any other, or the unit stops there, "
     "counted in descriptor_stops", "as_chip: no manual says that it would notice; stop: docs/decisions/0092", store<&nic_config::descriptor_loops>},
    {"microcode_dwords", quantity::count, "64", "1", "256", nullptr, "dwords that the command Load Microcode fetches",
     "SDM 6.4.2.6; Linux e100 has 134 for an 82559", store<&nic_config::microcode_dwords>},
    {"self_test", quantity::time, "1 ms", "1 ps", "1 s", nullptr, "from the PORT write that asks for a self-test to the write of its result",
     "choice: SDM and DS give none, drivers wait 10 ms", store<&nic_config::self_test>},
    {"tx_stage_clocks", quantity::count, "0", "0", "100000", nullptr,
     "identity stage where the crypto block will sit: octet clocks from transmit FIFO to MAC", "choice: 0 is an 82559", store<&nic_config::tx_stage_clocks>},
    {"rx_stage_clocks", quantity::count, "0", "0", "100000", nullptr,
     "identity stage in the place of the crypto block: PCI clocks from MAC to receive FIFO", "choice: 0 is an 82559", store<&nic_config::rx_stage_clocks>},
};

constexpr metric_info metric_rows[] = {
#define NIC_METRIC(name, unit, kind, meaning) {#name, unit, meaning, metric_info::kind},
#include "nic/metrics.def"
#undef NIC_METRIC
};

constexpr const char* cu_states[] = {"idle", "suspended", "active", nullptr};
constexpr const char* ru_states[] = {"idle", "suspended", "no_resources", "ready", "suspended_no_rbds", "no_resources_no_rbds", "ready_no_rbds", nullptr};
constexpr probe_info probe_rows[] = {
    {"cu_state", 0, cu_states, "state of the command unit (SDM 6.4.1)"},
    {"ru_state", 0, ru_states, "state of the receive unit (SDM 6.4.3); no_rbds: its list of buffers has come to its end"},
    {"tx_fifo_level", 16, nullptr, "bytes in the transmit FIFO, drawn at the ends of bursts and frames: in between it moves word by word, octet by octet"},
    {"rx_fifo_level", 16, nullptr, "bytes in the receive FIFO, drawn at the starts and ends of bursts and the ends of frames: in between it moves octet by octet, word by word"},
    {"tx_active", 1, nullptr, "the MAC is sending"},
    {"rx_active", 1, nullptr, "the MAC is receiving"},
    {"link", 1, nullptr, "the PHY's link is up"},
};

constexpr table<fault_info> fault_rows = nic_fault_rows;

constexpr capture_info capture_rows[] = {
    {"host", "frames as they cross between host memory and the NIC; with their FCS, which is not in memory unless Configure byte 18 bit 2 asks for it"},
    {"wire", "frames as they pass the MAC, damaged and unmatched ones included"},
};

constexpr stage_info stage_rows[] = {
    {"nic_tx_fetch", "the bus is asked for the frame's first data"},
    {"nic_tx_fifo_start", "enough is in the transmit FIFO: the first preamble octet passes"},
    {"wire_tx", "the last octet passed the MAC"},
    {"rx_first_octet", "the first octet of the destination address arrives at the MAC"},
    {"rx_in_fifo", "the last octet arrived"},
    {"rx_dma_start", "the bus is asked for the first burst towards host memory"},
    {"rx_dma_done", "the last data word reached host memory"},
    {"status_written", "the receive descriptor's status reached host memory"},
    {"interrupt", "the frame's interrupt cause was set; in a bundle: that of all its frames"},
};

constexpr outcome_info outcome_rows[] = {
    {"tx_underrun", true, "lost to underruns after the last retry"},
    {"tx_max_collisions", true, "given up after 16 collisions"},
    {"tx_late_collision", true, "given up: it met another frame later than one slot after its begin"},
    {"tx_unsendable", true, "empty, too long, malformed, or the MAC is not enabled"},
    {"tx_no_link", true, "sent while no cable is plugged in, or the PHY isolated from the MAC"},
    {"tx_mac_dead", true, "sent by a MAC of which nothing comes out (fault mac_dead or transmit_dead): to the driver it counts as sent"},
    {"tx_reset", true, "thrown away by a reset while under way"},
    {"rx_unmatched", true, "not for this NIC by its address filter", false, false, false, true},
    {"rx_short", true, "below 64 octets"},
    {"rx_long", true, "above 1518 octets while long frames are not allowed"},
    {"rx_bad_fcs", true, "damaged or cut on its way"},
    {"rx_overrun", true, "found the receive FIFO full", false, true},
    {"rx_no_resources", true, "found the receive FIFO full while the receive unit had no descriptors or was suspended", false, true},
    {"rx_idle", true, "found the receive FIFO full while the receive unit was idle, or the MAC not enabled"},
    {"rx_aborted", true, "thrown away by a reset or an abort of the receive unit"},
    {"rx_untold", true, "its status met an abort on the bus, or went where nobody looks: software never hears of it"},
    {"rx_isolated", true, "arrived while the PHY was isolated from the MAC, or the MAC in loopback"},
    {"rx_mac_dead", true, "arrived at a MAC that hears nothing (fault mac_dead or receive_dead)"},
    {"rx_control", true, "a MAC control frame: for the MAC, not for memory"},
    {"rx_asleep", true, "arrived in one of the power states D1 to D3"},
    {"rx_fragment", false, "the rest of an attempt that collided: its sender goes on with a copy", true},
    {"rx_offloaded", false, "of a connection that the nic runs: its Offload Target has it", false, false, false, false, true},
    {"rx_offload_full", true, "of such a connection, and too many wait for the Offload Target already"},
};

}  // namespace

const block_info nic_info = {"nic", "an 82559 class network interface controller on a PCI bus", parameters, metric_rows, probe_rows, fault_rows,
                             capture_rows, stage_rows, outcome_rows};

namespace {
enum metric_row : unsigned {
#define NIC_METRIC(name, unit, kind, meaning) name##_row,
#include "nic/metrics.def"
#undef NIC_METRIC
};
}  // namespace

metrics::metrics(const sc_core::sc_object& o)
    : end_of_list(0)
#define bind_counter_row sim::bind_counter
#define bind_level_row sim::bind_level
#define NIC_METRIC(name, unit, kind, meaning) , name(bind_##kind##_row(o, metric_rows[name##_row]))
#include "nic/metrics.def"
#undef NIC_METRIC
#undef bind_counter_row
#undef bind_level_row
{
}

}  // namespace nicteam::nic
