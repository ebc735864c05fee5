// The rows of [[link]].
#include "wire/cable_table.h"

namespace nicteam::wire {
namespace {

using c = cable_config;
using i = impairment_config;

template <auto Direction, auto Field>
void store_in(void* config, const value& v) {
    (static_cast<c*>(config)->*Direction).*Field = v.integer;
}

using t = negotiation_times;

template <auto Field>
void store_time(void* config, const value& v) {
    static_cast<c*>(config)->negotiation_takes.*Field = v.integer;
}
template <auto Field>
void store_count(void* config, const value& v) {
    static_cast<c*>(config)->negotiation_takes.*Field = static_cast<unsigned>(v.integer);
}

const parameter_info parameters[] = {
    {"a", quantity::text, nullptr, nullptr, nullptr, nullptr, "One end: a NIC, a peer, or a port of a repeater or a switch.", "scenario", store<&c::a>},
    {"b", quantity::text, nullptr, nullptr, nullptr, nullptr, "The other end.", "scenario", store<&c::b>},
    {"rate", quantity::rate, "100 Mbps", "1 kbps", "1000 Gbps", nullptr, "Bits per second in each direction, at most: its ends may agree on 10 Mbps of 100.",
     "IEEE 802.3: 10 Mb/s 14, 100 Mb/s 25, 1000 Mb/s 40", store<&c::rate>},
    {"delay", quantity::time, "56 ns", "0 ps", "10 s", nullptr, "Propagation delay in each direction; the default is 10 m of category 5.",
     "IEEE 802.3 table 29-3: 1.112 bit times a metre and round trip at 100 Mb/s", store<&c::delay>},
    {"max_frame", quantity::size, "16 KiB", "64 B", "16 KiB", nullptr,
     "Longest frame that the link carries, destination address to FCS: an MTU of 1500 is 1518 B. Longer ones are lost. The default "
     "carries whatever is sent.", "choice", store<&c::max_frame>},
    {"loss_a_to_b", quantity::ratio, "0", "0", "1", nullptr, "Share of frames lost from a to b.", "choice", store_in<&c::a_to_b, &i::loss>},
    {"loss_b_to_a", quantity::ratio, "0", "0", "1", nullptr, "Share of frames lost from b to a.", "choice", store_in<&c::b_to_a, &i::loss>},
    {"bit_error_ratio_a_to_b", quantity::ratio, "0", "0", "1", nullptr, "Share of bits that arrive wrong from a to b, independent of each other.",
     "IEEE 802.3 25.4: at most 1e-9 for 100BASE-TX", store_in<&c::a_to_b, &i::bit_error_ratio>},
    {"bit_error_ratio_b_to_a", quantity::ratio, "0", "0", "1", nullptr, "Share of bits that arrive wrong from b to a, independent of each other.",
     "IEEE 802.3 25.4: at most 1e-9 for 100BASE-TX", store_in<&c::b_to_a, &i::bit_error_ratio>},
    {"duplication_a_to_b", quantity::ratio, "0", "0", "1", nullptr, "Share of frames from a to b that arrive twice, the copy right behind.", "choice",
     store_in<&c::a_to_b, &i::duplication>},
    {"duplication_b_to_a", quantity::ratio, "0", "0", "1", nullptr, "Share of frames from b to a that arrive twice, the copy right behind.", "choice",
     store_in<&c::b_to_a, &i::duplication>},
    {"reordering_a_to_b", quantity::ratio, "0", "0", "1", nullptr, "Share of frames from a to b that are held back and overtaken.", "choice",
     store_in<&c::a_to_b, &i::reordering>},
    {"reordering_b_to_a", quantity::ratio, "0", "0", "1", nullptr, "Share of frames from b to a that are held back and overtaken.", "choice",
     store_in<&c::b_to_a, &i::reordering>},
    {"reorder_frames", quantity::count, "3", "1", "1000", nullptr, "A frame held back goes on after this many later ones, or after `reorder_time`.",
     "RFC 4737, 4.2", store<&c::reorder_frames>},
    {"reorder_time", quantity::time, "1 ms", "1 ns", "100 s", nullptr, "A frame is held back no longer than this.", "RFC 4737, 4.2",
     store<&c::reorder_time>},
    {"impairment_queue", quantity::count, "64", "1", "100000", nullptr,
     "Frames that may wait at the far end because duplicates or held frames go first; more are lost.", "choice", store<&c::impairment_queue>},
    {"negotiation", quantity::choice, "instant", nullptr, nullptr, "instant|timed",
     "How the ends come to rate and duplex mode: at once, or in the time that autonegotiation takes, at power-up and whenever the link was lost.",
     "choice: instant is a run that begins with its links up", store<&c::negotiation>},
    {"far_end_fault", quantity::choice, "as_negotiated", nullptr, nullptr, "as_negotiated|none|indicated",
     "What the other end sees of one that hears nothing (fault `link_down` of a direction). An end that negotiates begins anew, and the other loses the link with it, while one "
     "that is set to a mode sends idle on; nothing, as by fibre or media converters; or the end tells, and both are without a link. Either way nothing passes.",
     "IEEE 802.3 28.3.2, 24.2.4.2; far-end fault indication: 24.3.2.1", store<&c::far_end>},
    {"break_link_time", quantity::time, "1200 ms", "0 ps", "10 s", nullptr, "Timed: an end that begins to negotiate is silent for so long, so that its partner begins too.",
     "IEEE 802.3 28.3.2: break_link_timer, 1200 to 1500 ms", store_time<&t::break_link>},
    {"burst_interval", quantity::time, "16 ms", "1 ns", "1 s", nullptr, "Timed: from a burst of fast link pulses, which carries one link code word, to the next.",
     "IEEE 802.3 28.2.1.1.1: 16 ms, 8 more or less", store_time<&t::burst_interval>},
    {"bursts", quantity::count, "12", "1", "1000", nullptr, "Timed: bursts until both ends have word and acknowledgement.",
     "IEEE 802.3 28.2.1.2 and 28.3.4: three equal words, three with the acknowledge bit, six to eight more", store_count<&t::bursts>},
    {"parallel_detection_time", quantity::time, "500 ms", "0 ps", "10 s", nullptr,
     "Timed: how long an idle signal must be there before a partner without pulses is taken for what it sends.",
     "IEEE 802.3 28.3.2: autoneg_wait_timer, 500 to 1000 ms", store_time<&t::parallel_detection>},
    {"link_monitor_time", quantity::time, "330 us", "0 ps", "1 s", nullptr, "Timed: how long a receiver looks at the idle signal before the link is good.",
     "IEEE 802.3 24.3.4.4: stabilize_timer, 330 to 1000 us", store_time<&t::link_monitor>},
};

const fault_info faults[] = {
    {"link_down", "", "The cable is cut: both ends lose carrier, frames under way are cut."},
    {"bit_errors", "ratio", "Bits arrive wrong with this ratio instead of the configured one, in both directions; of several at once the highest holds."},
};

const fault_info direction_faults[] = {
    {"bit_errors", "ratio", "Bits arrive wrong with this ratio instead of the configured one; of several at once the highest holds."},
    {"link_down", "", "Nothing passes in this direction: the end that it leads to hears nothing, loses its link and sends no data; what the other end sees is `far_end_fault`."},
};

const capture_info captures[] = {{"wire", "What arrives at the far end, damaged and cut frames included; `out` from a to b, `in` from b to a."}};

}  // namespace

const metric_info cable_metrics[] = {
    {"frames", "frames", "Frames sent into the cable.", metric_info::counter},
    {"octets", "B", "Their octets, destination address to FCS.", metric_info::counter},
    {"busy", "ps", "Time taken by preamble, frame and the gap behind each, up to the very instant at which it is read; of what meets a link that is down nothing.", metric_info::counter},
    {"arrived", "frames", "Frames that arrived whole at the far end, duplicates and damaged ones included.", metric_info::counter},
    {"damaged", "frames", "Frames that arrived with wrong bits.", metric_info::counter},
    {"duplicated", "frames", "Copies that the cable added.", metric_info::counter},
    {"reordered", "frames", "Frames held back and overtaken.", metric_info::counter},
    {"cut", "frames", "Frames of which only a first part arrived.", metric_info::counter},
    {"lost", "frames", "Frames lost to the loss ratio.", metric_info::counter},
    {"lost_link_down", "frames", "Frames of which nothing arrived because the link was down.", metric_info::counter},
    {"lost_oversize", "frames", "Frames longer than max_frame.", metric_info::counter},
    {"lost_queue", "frames", "Frames lost because impairment_queue was full.", metric_info::counter},
};

const metric_info whole_cable_metrics[] = {
    {"contended", "ps", "Half duplex: time in which neither end sends although one has something to send: back-off, deferral, propagation. With a repeater at one end see there.",
     metric_info::counter},
};

const stage_info cable_stages[] = {
    {"wire_begin", "First preamble octet sent."},
    {"wire_end", "Last octet arrived at the far end."},
};

const outcome_info cable_outcomes[] = {
    {"lost_on_wire", true, "Lost to the loss ratio of a link."},
    {"link_down", true, "Sent or under way while the link was down."},
    {"oversize", true, "Longer than the link carries."},
    {"impairment_queue", true, "No room behind duplicates and held frames."},
    {"fragment_lost", false, "Half duplex: the rest of an attempt that collided did not arrive either.", true},
};

const block_info cable_info = {"link", "A cable; its directions are a_to_b and b_to_a.", parameters, whole_cable_metrics, {}, faults, {}, {}, {}};
const block_info direction_info = {"direction", "One direction of a link, from its end a to its end b or back.",
                                   {}, cable_metrics, {}, direction_faults, captures, cable_stages, cable_outcomes};

}  // namespace nicteam::wire
