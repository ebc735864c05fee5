#include "nicteam/driver/base_driver.h"

#include "driver/base_driver/machinery.h"

namespace nicteam::driver {
namespace {
using c = base_driver_config;
constexpr parameter_info parameters[] = {
    {"transmit_ring", quantity::count, "64", "4", "1024", nullptr, "transmit command blocks",
     "choice: as common drivers of the 8255x family", store<&c::transmit_ring>},
    {"receive_ring", quantity::count, "64", "2", "1024", nullptr, "receive frame descriptors, each with a buffer",
     "choice: as transmit_ring", store<&c::receive_ring>},
    {"receive_buffer", quantity::size, "1518 B", "64 B", "16382 B", nullptr, "bytes of one receive buffer",
     "IEEE 802.3 3.2.7: longest untagged frame; SDM 6.4.3.1: 14 bits, even", store<&c::receive_buffer>},
    {"transmit_threshold", quantity::count, "224", "1", "224", nullptr, "transmission starts with this many units of 8 bytes in the FIFO",
     "SDM 6.4.2.5; E0h: whole frames, no underrun", store<&c::transmit_threshold>},
    {"standard_tcb", quantity::flag, "false", nullptr, nullptr, nullptr, "transmit commands without embedded buffer descriptors",
     "SDM 6.4.2.3, configure byte 6 bit 4", store<&c::standard_tcb>},
    {"rx_fifo_limit", quantity::count, "8", "0", "15", nullptr, "configure byte 1: a receive burst is asked for at (16 - v) x 8 bytes",
     "SDM 6.4.2.3, configure byte 1", store<&c::rx_fifo_limit>},
    {"underrun_retry", quantity::count, "1", "0", "3", nullptr, "configure byte 7 bits 2:1: retries after an underrun",
     "SDM 6.4.2.3, configure byte 7", store<&c::underrun_retry>},
    {"two_frames", quantity::flag, "true", nullptr, nullptr, nullptr, "two frames in the transmit FIFO",
     "SDM 6.4.2.3, configure byte 7 bit 6", store<&c::two_frames>},
    {"discard_short", quantity::flag, "true", nullptr, nullptr, nullptr, "frames below 64 octets are discarded",
     "SDM 6.4.2.3, configure byte 7 bit 0", store<&c::discard_short>},
    {"save_bad", quantity::flag, "false", nullptr, nullptr, nullptr, "bad frames come to memory and are counted there",
     "SDM 6.4.2.3, configure byte 6 bit 7", store<&c::save_bad>},
    {"write_and_invalidate", quantity::flag, "true", nullptr, nullptr, nullptr, "memory write and invalidate where whole cache lines are written",
     "SDM 6.4.2.3, configure byte 3 bit 0", store<&c::write_and_invalidate>},
    {"crc_to_memory", quantity::flag, "false", nullptr, nullptr, nullptr, "the FCS comes to memory as well",
     "SDM 6.4.2.3, configure byte 18 bit 2", store<&c::crc_to_memory>},
    {"long_frames", quantity::flag, "false", nullptr, nullptr, nullptr, "frames above 1518 octets are received",
     "SDM 6.4.2.3, configure byte 18 bit 3", store<&c::long_frames>},
    {"padding", quantity::flag, "true", nullptr, nullptr, nullptr, "short frames are padded to 64 octets",
     "SDM 6.4.2.3, configure byte 18 bit 1", store<&c::padding>},
    {"promiscuous", quantity::flag, "false", nullptr, nullptr, nullptr, "every frame is received", "SDM 6.4.2.3, configure byte 15 bit 0",
     store<&c::promiscuous>},
    {"completion_interrupt", quantity::count, "16", "0", "1024", nullptr, "every n-th transmit command asks for an interrupt; 0: none does",
     "choice: bounds the work and the delay of reaping", store<&c::completion_interrupt>},
    {"interrupt_when_idle", quantity::flag, "true", nullptr, nullptr, nullptr, "an interrupt when the command unit has nothing left (CNA)",
     "SDM 6.3.1: CNA; without it the last packets complete with later work", store<&c::interrupt_when_idle>},
    {"policy", quantity::choice, "acknowledge", nullptr, nullptr, "acknowledge|mask_and_poll",
     "what the interrupt handler does before it leaves the rings to deferred work: acknowledge: the device may interrupt again at once, which is quickest at "
     "low load; mask_and_poll: the device stays masked until that work finds nothing more, which bounds interrupts at high load (docs/cpu.md)",
     "choice: acknowledge is a plain 8255x driver, mask_and_poll is Linux e100 with NAPI", store<&c::policy>},
    {"read_back", quantity::flag, "true", nullptr, nullptr, nullptr,
     "the interrupt handler reads the device behind its acknowledgement or mask, a posted write: INTA# is released before the handler ends. Without it a fast "
     "CPU finds the line active once more, for nothing (cpu.spurious)",
     "Linux e100: e100_write_flush; PCI 2.2, 3.2.5: a read pushes posted writes", store<&c::read_back>},
    {"budget", quantity::count, "64", "1", "100000", nullptr, "most frames taken in one piece of deferred work", "choice: one ring", store<&c::budget>},
    {"accept_polls", quantity::count, "20000", "1", "1000000", nullptr, "reads of the command byte, one behind the other, before a command counts as hung",
     "Linux e100: E100_WAIT_SCB_TIMEOUT", store<&c::accept_polls>},
    {"reset_time", quantity::time, "10 us", "0 ps", "1 s", nullptr, "wait after a PORT reset",
     "SDM 6.3.3: 10 PCI clocks and 5 transmit clocks, 10 us", store<&c::reset_time>},
    {"block_poll", quantity::time, "1 us", "1 ns", "1 s", nullptr, "between looks for the end of the command blocks that set the device up",
     "choice: FreeBSD fxp looks every 2 us", store<&c::block_poll>},
    {"block_timeout", quantity::time, "20 ms", "1 us", "1000 s", nullptr, "a device that has not done these blocks after this counts as dead",
     "FreeBSD fxp: 10,000 looks, 2 us apart", store<&c::block_timeout>},
    {"statistics_poll", quantity::time, "20 us", "1 us", "1 s", nullptr, "between looks for the completion word of a counter dump",
     "choice: ten times what a dump takes on a free bus", store<&c::statistics_poll>},
    {"statistics_timeout", quantity::time, "20 ms", "1 us", "1000 s", nullptr,
     "a request for statistics has failed when the completion word is not there after this", "choice: as block_timeout",
     store<&c::statistics_timeout>},
    {"link_poll", quantity::time, "2 s", "1 us", "1000 s", nullptr,
     "between looks at the link's state; the device has no interrupt for it, so a lost link is noticed this late at most",
     "Linux e100: E100_WATCHDOG_PERIOD", store<&c::link_poll>},
    {"transmit_timeout", quantity::time, "2 s", "0 ps", "1000 s", nullptr,
     "the device is reset when it has completed none of its command blocks for this long; 0 ps: never",
     "Linux e100: watchdog_timeo is E100_WATCHDOG_PERIOD", store<&c::transmit_timeout>},
    {"after_timeout", quantity::choice, "give_up", nullptr, nullptr, "give_up|resend",
     "what was outstanding at that reset completes as not done, or is sent again (frames that had left are then doubled)",
     "Linux e100: e100_tx_timeout frees it", store<&c::after_timeout>},
    {"mac", quantity::text, "02:00:00:00:00:01", nullptr, nullptr, nullptr, "individual address set up in the device",
     "choice: locally administered, IEEE 802 8.2.2", store<&c::mac>},
};
constexpr metric_info metrics[] = {
    {"sent_packets", "packets", "packets whose transmit command completed"},
    {"sent_bytes", "B", "bytes of those packets, without FCS"},
    {"received_packets", "packets", "packets handed up"},
    {"received_bytes", "B", "bytes of those packets, without FCS"},
    {"receive_errors", "frames", "frames that the device marked as bad"},
    {"receive_skipped", "descriptors", "receive descriptors whose status never came although that of a later one did: a bus abort, the frame is lost"},
    {"no_room", "packets", "packets refused because the ring was full or the device not ready"},
    {"underruns", "packets", "transmit commands whose status reports an underrun"},
    {"resumes", "commands", "CU start and resume commands"},
    {"receiver_restarts", "commands", "RU start commands after the receiver ran out of descriptors"},
    {"interrupts", "interrupts", "interrupts of this device served"},
    {"not_mine", "interrupts", "interrupts of a shared line that were another device's, or already served"},
    {"acceptance_polls", "reads", "reads of the command byte while waiting for acceptance"},
    {"hung_commands", "commands", "commands that were not accepted in time"},
    {"refused", "requests", "packets, control requests and jobs that were refused, or requests that found no room"},
    {"controls", "requests", "control requests that completed as done"},
    {"failed_controls", "requests", "control requests that the device failed or did not answer in time"},
    {"not_done", "packets", "packets and requests that a halt, or a reset by the watchdog, completed before the device did"},
    {"failed_start", "devices", "1 if the device did not answer during initialisation"},
    {"transmit_timeouts", "resets", "times that the device completed nothing for transmit_timeout and was reset"},
    {"resent", "packets", "packets given to the device again after such a reset"},
    {"failed_resets", "resets", "resets after which the device did not answer; the next is tried transmit_timeout later"},
    {"failed", "packets", "packets whose transmit command completed without OK: the device could not send them"},
    {"transmit_used", "blocks", "command blocks that the device has", metric_info::level},
    {"receive_posted", "descriptors", "receive frame descriptors that the device has", metric_info::level},
};
static_assert(sizeof metrics / sizeof *metrics == static_cast<unsigned>(driver_level::number_of));
constexpr probe_info probes[] = {
    {"transmit_used", 16, nullptr, "command blocks that the device has"},
    {"receive_posted", 16, nullptr, "receive frame descriptors that the device has"},
};
constexpr stage_info stages[] = {
    {"driver_queued", "the transmit command block is in memory"},
    {"nic_notified", "the driver told the device"},
    {"driver_reaped", "the driver saw that the transmit command completed"},
    {"driver_received", "the driver took the frame off its receive list"},
};
constexpr outcome_info outcomes[] = {
    {"driver_not_done", true, "the adapter was halted, or its device reset, before it completed the packet"},
    {"receive_error", true, "the device stored the frame as bad"},
    {"transmit_failed", true, "the device completed its command block without OK and without having seen it"},
    {"resent", false, "outstanding when the device was reset: goes on as a copy", true},
};
}  // namespace

const block_info base_driver_info = {"driver", "base driver of an 82559", parameters, metrics, probes, {}, {}, stages, outcomes};

}  // namespace nicteam::driver
