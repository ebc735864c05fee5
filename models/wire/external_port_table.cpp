// The rows of [[port]].
#include "wire/external_port_table.h"

#include "nicteam/wire/external_port.h"

namespace nicteam::wire {
namespace {

using c = external_port_config;

const parameter_info parameters[] = {
    {"socket", quantity::text, "", nullptr, nullptr, nullptr,
     "Path of a unix socket, found from where the command runs, with the framing of QEMU's -netdev stream. The run is paced to the wall clock.",
     "unix(7)", store<&c::socket>},
    {"role", quantity::choice, "listen", nullptr, nullptr, "listen|connect",
     "listen: makes the socket, one at a time may connect (QEMU: server=off); connect: to one that is there (server=on).",
     "choice: the model stays while guests come and go", store<&c::role>},
    {"wait", quantity::flag, "true", nullptr, nullptr, nullptr, "Simulated time begins when somebody is attached.",
     "choice: no traffic before there is a listener", store<&c::wait>},
    {"start", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "Frames that come earlier wait in the socket, until hosts and NICs listen.",
     "choice: no frame of a quick station is lost", store<&c::start>},
    {"replay", quantity::text, "", nullptr, nullptr, nullptr,
     "Record of an earlier run (NAME.record.pcapng): the same run again, without the socket and not paced.", "choice", store<&c::replay>},
    {"mac", quantity::text, "02:00:00:00:00:01", nullptr, nullptr, nullptr, "MAC address of the station behind the port, for a peer's traffic to it.",
     "IEEE 802, 8.2: locally administered", store<&c::mac>},
    {"ip", quantity::text, "192.0.2.1", nullptr, nullptr, nullptr, "IPv4 address of the station behind the port, for traffic to it.",
     "RFC 5737: for documentation", store<&c::ip>},
    {"max_frame", quantity::size, "1518 B", "64 B", "16 KiB", nullptr, "Longest frame taken in either direction, destination address to FCS.",
     "IEEE 802.3 3.2.7", store<&c::max_frame>},
    {"longest_length", quantity::size, "68 KiB", "64 B", "1 MiB", nullptr,
     "Greatest length that is believed: a longer frame is passed over up to here, beyond the stream is another's and is closed.",
     "QEMU, include/net/net.h: NET_BUFSIZE 4096 + 65536", store<&c::longest_length>},
    {"input_queue", quantity::count, "256", "1", "1000000", nullptr, "Frames that may wait for the line; then the socket is not read, and nothing is lost.",
     "choice", store<&c::input_queue>},
    {"output_queue", quantity::count, "256", "1", "1000000", nullptr, "Frames that may wait for the other side to read; more are lost.",
     "QEMU, net/queue.c: 10000; choice: less delay", store<&c::output_queue>},
    {"retry", quantity::time, "100 ms", "1 ms", "100 s", nullptr, "Wall-clock time between two attempts to connect.", "choice", store<&c::retry>},
};

const capture_info captures[] = {{"port", "Frames from and to the socket, stamped with their first octet behind the preamble."}};

}  // namespace

const metric_info port_metrics[] = {
    {"received", "frames", "Frames that came in.", metric_info::counter},
    {"received_octets", "B", "Their octets with FCS.", metric_info::counter},
    {"padded", "frames", "Of them those padded to the 60 octets that a frame has at least without FCS.", metric_info::counter},
    {"sent", "frames", "Frames handed to whoever is attached.", metric_info::counter},
    {"sent_octets", "B", "Their octets with FCS.", metric_info::counter},
    {"bad_fcs", "frames", "Frames not handed on: bad FCS.", metric_info::counter},
    {"cut", "frames", "Frames not handed on: only a part arrived.", metric_info::counter},
    {"long", "frames", "Frames not handed on: longer than max_frame.", metric_info::counter},
    {"unheard", "frames", "Frames not handed on: nobody was attached.", metric_info::counter},
    {"attached", "times", "Somebody connected.", metric_info::counter},
    {"detached", "times", "The connection ended.", metric_info::counter},
    {"refused_empty", "frames", "Came in with a length of 0.", metric_info::counter},
    {"refused_short", "frames", "Came in with fewer than the 14 octets of a header.", metric_info::counter},
    {"refused_long", "frames", "Came in longer than max_frame and were passed over.", metric_info::counter},
    {"refused_partial", "frames", "The connection ended within them.", metric_info::counter},
    {"refused_framing", "times", "A length beyond longest_length came in and the connection was closed.", metric_info::counter},
    {"dropped", "frames", "Frames lost because the other side does not read.", metric_info::counter},
    {"abandoned", "frames", "Handed over, and not yet in the socket when the connection ended.", metric_info::counter},
};

const outcome_info port_outcomes[] = {
    {"left", false, "Left the model by an external port."},
    {"bad_fcs", true, "Dropped by an external port: bad FCS."},
    {"cut", true, "Dropped by an external port: only a part arrived."},
    {"long", true, "Dropped by an external port: longer than it takes."},
    {"nobody_attached", true, "Nobody was attached to the external port."},
    {"not_read", true, "Whoever is attached to the external port does not read.", false, true},
    {"fragment", false, "The rest of an attempt that collided arrived at an external port.", true},
};

const block_info external_port_info = {"port", "A link's end on a unix socket: a station outside the model.",
                                       parameters, port_metrics, {}, {}, captures, {}, port_outcomes};

}  // namespace nicteam::wire
