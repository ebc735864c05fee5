#include "secondary/service_tables.h"

#include "nicteam/secondary/crypto_service.h"

namespace nicteam::secondary {
namespace {

using config = crypto_service_config;
constexpr const char* ours = "own choice";
constexpr const char* dpdk = "DPDK cryptodev scheduler library, packet size distribution: 128 B";

template <auto Member>
void in_options(void* c, const value& v) {
    store<Member>(&static_cast<config*>(c)->options, v);
}

constexpr parameter_info parameters[] = {
    {"dispatch", quantity::choice, "shortest_queue", nullptr, nullptr, dispatch_choices,
     "which of the engines that may have a job gets it: in turn; by rate and workload; the fewest jobs; the first without any, else the job waits; by size; the first "
     "with room; in turn for bursts; the earliest expected end by what was measured; any",
     "source documents 000/001, paragraphs 41 to 49; DPDK; what-if Q4", store<&config::dispatch>},
    {"order", quantity::choice, "in_order", nullptr, nullptr, "in_order|all_alike",
     "engines of members that cannot transmit first, then of idle ones and cards, then of active ones up to `threshold`; or all without difference",
     "source documents 000/001, paragraphs 41, 47 to 49: AFT, ALB", store<&config::order>},
    {"queue", quantity::count, "16", "1", "65536", nullptr, "jobs that an engine may have, waiting and given to its unit", ours, store<&config::queue>},
    {"given", quantity::count, "4", "1", "64", nullptr, "of these, given to its unit at a time", "own choice: places of a crypto card", store<&config::given>},
    {"threshold", quantity::count, "2", "0", "65536", nullptr, "of a team with one active member (aft, active_backup): jobs that this one's engine may have: "
     "whether it has room (FIG. 6, 370). At most `queue`. 0: only those that no other engine could do, nor software that may, and one at a time. Where all members carry traffic each may have `queue`", ours,
     store<&config::threshold>},
    {"waiting", quantity::count, "1024", "0", "1000000", nullptr, "jobs that may wait in common; what comes then finds no room", ours, store<&config::waiting>},
    {"software", quantity::choice, "never", nullptr, nullptr, "never|last_resort|another",
     "whether a CPU of the host does jobs: not; when no other engine that works can; as one more idle engine", "source documents 000/001, paragraph 32", store<&config::software>},
    {"announce", quantity::list, "", nullptr, nullptr, nullptr,
     "algorithms that it announces to the operating system's crypto API, ciphers, authentications and crc32c by name, or \"nothing\"; left out: all. What applications ask beyond that is refused",
     "source documents 000/001, paragraph 35 and step 306", store<&config::announce>},
    {"rates", quantity::list, "", nullptr, nullptr, nullptr, "what engines are said to do, \"83 Mbps\" each, in their order; left out: all alike. For proportional, and expected_end "
     "until it has measured", ours, store<&config::rates>},
    {"workload_window", quantity::time, "10 ms", "10 us", "1000 s", nullptr, "proportional: how busy a member's engines are is measured over so much time, again and again: octets that they put "
     "on or took off in line, in the busier direction, of what `rates` says that they do; without rates of what the line carries. Of cards and of nics in no team: 0", ours, store<&config::workload_window>},
    {"size_threshold", quantity::size, "128 B", "1 B", "64 KiB", nullptr, "by_size: packets of so many octets and more are large", dpdk, in_options<&dispatch_options::size_threshold>},
    {"large_engines", quantity::count, "1", "1", "63", nullptr, "by_size: the first so many engines get the large ones", dpdk, in_options<&dispatch_options::large_engines>},
    {"burst", quantity::count, "8", "1", "65536", nullptr, "burst: jobs in a row to one engine", ours, in_options<&dispatch_options::burst>},
    {"submit_cycles", quantity::count, "300", "0", "10000000", nullptr, "CPU cycles to take a job in and choose its engine", "choice: order of magnitude of short kernel paths",
     store<&config::submit_cycles>},
    {"finish_cycles", quantity::count, "200", "0", "10000000", nullptr, "CPU cycles to take a job back and hand it to its requester", "choice, likewise", store<&config::finish_cycles>},
    {"crc32c_cycles", quantity::count, "7", "0", "1000", nullptr, "CPU cycles of software for each octet of a CRC-32c", "choice: a look-up in a table of 256 entries an octet",
     store<&config::crc32c_cycles>},
    {"retry", quantity::time, "1 ms", "1 us", "1000 s", nullptr, "an engine that is gone is left alone for this long", ours, store<&config::retry>},
};

}  // namespace

const block_info crypto_service_info = {"crypto_service", "jobs of requesters, shared among engines", parameters, service_metrics, {}, {}, {}, {}, {}};
const block_info service_engine_info = {"service_engine", "an engine as its service sees it, or software", {}, engine_metrics, {}, {}, {}, {}, {}};
const block_info requester_info = {"requester", "jobs that somebody asked for", {}, requester_metrics, {}, {}, {}, {}, {}};

}  // namespace nicteam::secondary
