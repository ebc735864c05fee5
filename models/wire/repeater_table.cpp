// The rows of [[repeater]].
#include "wire/repeater_port.h"

namespace nicteam::wire {
namespace {

using c = repeater_config;

const parameter_info parameters[] = {
    {"ports", quantity::count, "8", "2", "64", nullptr, "Number of ports.", "choice", store<&c::ports>},
    {"latency", quantity::time, "460 ns", "1 ns", "1 ms", nullptr, "From an octet in to the same octet out.",
     "IEEE 802.3 table 29-3: class II repeater, 92 bit times round trip at 100 Mb/s", store<&c::latency>},
    {"duplex", quantity::choice, "full", nullptr, nullptr, "full|half",
     "Full: a buffered distributor, frames wait at its ports. Half: one collision domain, it offers its links half duplex only and joins them bit by bit.",
     "IEEE 802.3 clauses 9 and 27: a repeater is half duplex", store<&c::half_duplex>},
    {"queue", quantity::count, "1024", "1", "1000000", nullptr, "Frames that may wait at a port for its line; more are lost.", "choice",
     store<&c::queue>},
};

}  // namespace

const metric_info repeater_metrics[] = {
    {"frames", "frames", "Frames received at all ports.", metric_info::counter},
    {"octets", "B", "Their octets, destination address to FCS.", metric_info::counter},
    {"waited", "frames", "Copies that waited because their port was busy.", metric_info::counter},
    {"collisions", "collisions", "Half duplex: times that several ports received at once.", metric_info::counter},
    {"full", "frames", "Copies lost because a port's queue was full.", metric_info::counter},
    {"control", "frames", "Full duplex: MAC control frames, which end here.", metric_info::counter},
    {"busy", "ps", "Half duplex: time in which some port receives, and the gap behind.", metric_info::counter},
    {"collided", "frames", "Half duplex: frames, whole or not, that met another one.", metric_info::counter},
    {"spoiled", "frames", "Half duplex: frames of these whose sender did not notice: lost.", metric_info::counter},
    {"through", "frames", "Half duplex: frames that came alone and whole.", metric_info::counter},
    {"carried", "ps", "Half duplex: of `busy`, preamble and octets of those frames; the rest are gaps, fragments and jams.", metric_info::counter},
    {"contended", "ps", "Half duplex: besides `busy`, time in which nobody sends although a station has something to send: back-off, deferral, propagation.", metric_info::counter},
};

const outcome_info repeater_outcomes[] = {
    {"repeated", false, "Goes on as a copy at every other port.", true, false, true},
    {"repeater_full", true, "A repeater's port had no room.", false, true},
    {"no_other_port", true, "Nothing else is attached to the repeater."},
    {"fragment", false, "Half duplex: the rest of an attempt that collided, drowned in a jam.", true},
    {"drowned", true, "Half duplex: came whole while a jam went out, and its sender does not know."},
    {"cut_at_port", true, "Cut off before its first octet while it waited at a port."},
    {"mac_control_at_repeater", false, "A MAC control frame: for one end of a link by the other, never passed on."},
};

const block_info repeater_info = {"repeater", "A repeater: every end sees every frame. Between half-duplex links frames collide, between full-duplex links they wait.", parameters, repeater_metrics, {}, {}, {}, {},
                                  repeater_outcomes};

}  // namespace nicteam::wire
