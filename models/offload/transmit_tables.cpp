#include "offload/transmit_tables.h"

#include "nicteam/offload/engine_faults.h"

namespace nicteam::offload {
namespace {

constexpr metric_info metric_rows[] = {
#define TRANSMIT_METRIC(name, unit, kind, meaning) {#name, unit, meaning, metric_info::kind},
#include "offload/transmit_metrics.def"
#undef TRANSMIT_METRIC
};
enum metric_row : unsigned {
#define TRANSMIT_METRIC(name, unit, kind, meaning) name##_row,
#include "offload/transmit_metrics.def"
#undef TRANSMIT_METRIC
};

constexpr const char* logic_22a_states[] = {"idle", "receiving", "working", "waits_for_21a", nullptr};
constexpr const char* logic_21a_states[] = {"idle", "receiving", "working", "offering", "full", nullptr};
constexpr probe_info probe_rows[] = {
    {"fifo_frames", 16, nullptr, "frames that are whole in the transmit FIFO and not yet in 22a"},
    {"logic_22a", 0, logic_22a_states, "transmitter IP logic 22a"},
    {"logic_21a", 0, logic_21a_states, "IPsec logic 21a, transmit side: the first of offering, receiving, working that goes on; full: all places are taken"},
    {"engines", 1, nullptr, "engines work on a packet of the transmit side"},
    {"packet_21a", 48, nullptr, "number of the packet whose work began last: as in packets.csv, without its station"},
    {"frame_buffer", 24, nullptr, "octets in the frame buffer, drawn when frames come and leave"},
};
constexpr stage_info stage_rows[] = {
    {"whole_in_fifo", "whole in the transmit FIFO, its number drawn if it is to be protected"},
    {"packaged_22a", "22a is done with it"},
    {"protect_start", "the engines of 21a, transmit side, began"},
    {"protect_done", "they are done"},
    {"frame_buffer", "its first word is about to pass into the frame buffer"},
};
constexpr outcome_info outcome_rows[] = {
    {"put_on", false, "IPsec was put on: it goes on as what came out", true},
    {"not_protected", true, "could not be protected as its command asked: nothing of it went out"},
    {"block_reset", true, "thrown away by a reset while in the crypto block"},
};

constexpr fault_info fault_rows[] = {
    engine_fault_rows[0], engine_fault_rows[1], engine_fault_rows[2],
    {"repeated_numbers", "", "each packet of an association goes out with the number, and in counter modes the IV, of the one before: what must never be"},
};

}  // namespace

const block_info crypto_transmit_info = {"crypto_transmit", "the crypto block's transmit side: docs/crypto-block.md", {}, metric_rows, probe_rows, fault_rows, {}, stage_rows, outcome_rows};

transmit_metrics::transmit_metrics(const sc_core::sc_object& o)
    : end_of_list(0)
#define bind_counter_row sim::bind_counter
#define bind_level_row sim::bind_level
#define TRANSMIT_METRIC(name, unit, kind, meaning) , name##_(bind_##kind##_row(o, metric_rows[name##_row]))
#include "offload/transmit_metrics.def"
#undef TRANSMIT_METRIC
#undef bind_counter_row
#undef bind_level_row
{}

counter& transmit_metrics::of(transmit_refusal r) {
    switch (r) {
        case transmit_refusal::stale_handle: return stale_handle_;
        case transmit_refusal::number_refused: return number_refused_;
        case transmit_refusal::no_number: return no_number_;
        case transmit_refusal::exhausted: return exhausted_;
        case transmit_refusal::expired: return expired_;
        case transmit_refusal::frozen: return frozen_;
        case transmit_refusal::too_long: return too_long_;
        case transmit_refusal::without_engines: return without_engines_;
        default: return unprotectable_;
    }
}

}  // namespace nicteam::offload
