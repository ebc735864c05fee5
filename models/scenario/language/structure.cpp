#include "scenario/language/structure.h"

#include "nicteam/scenario/language.h"

namespace nicteam::scenario {
namespace {

constexpr const char* ours = "the scenario language (docs/decisions)";
constexpr const char* author = "given by the author of the scenario";

constexpr parameter_info name_row{
    "name", quantity::text, "", nullptr, nullptr, nullptr, "name of the component: a-z, then a-z, 0-9 or _; a step of every path below it",
    author, nullptr};

const parameter_info top_rows[] = {
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "name of the scenario; the file's name without .toml when it is left out", author, nullptr},
    {"title", quantity::text, "", nullptr, nullptr, nullptr, "one line that says what the scenario shows; `list` prints it", author, nullptr},
    {"description", quantity::text, "", nullptr, nullptr, nullptr, "what to look for, in as many lines as it takes", author, nullptr},
    {"extends", quantity::text, "", nullptr, nullptr, nullptr,
     "a scenario file, or a list of them, that this one is laid over, found from this file; tables merge key by key, arrays of tables by name, all else is "
     "replaced; name, title and description are each file's own",
     ours, nullptr},
    {"schema", quantity::count, "1", "1", "1", nullptr, "version of the scenario language", ours, nullptr},
    {"duration", quantity::time, "10 ms", "1 ns", "1000000 s", nullptr, "simulated time from start to end of the run, warm-up included", ours, nullptr},
    {"until", quantity::time, "", "1 ns", "1000000 s", nullptr,
     "the run ends here instead of at `duration`, before it or behind it: --until. Before it, what the scenario has for later does not happen, expectations "
     "are not judged, and the summary says so", ours, nullptr},
    {"warm_up", quantity::time, "0 ps", "0 ps", "1000000 s", nullptr,
     "what happens before this time is left out of the summary and of expectations; if not given, it ends when the first traffic or "
     "replay begins", ours, nullptr},
    {"seed", quantity::count, "1", "0", nullptr, nullptr, "seed of every random stream of the run", ours, nullptr},
    {"start", quantity::choice, "ready", nullptr, nullptr, "ready|cold",
     "ready: devices have their addresses, links are up and drivers set up their devices at once; cold: power-up at time 0: NICs read their EEPROMs, links are "
     "negotiated, firmware finds the devices by configuration cycles, drivers start in full; traffic and replays then begin at 3 s if they do "
     "not say so themselves",
     ours, nullptr},
    {"traffic_start", quantity::time, "1 ms", "0 ps", nullptr, nullptr,
     "when traffic and replays begin, and ports are first read, that do not say so themselves: after the drivers, which take some 100 us", ours, nullptr},
    {"payload", quantity::choice, "real", nullptr, nullptr, "real|timing-only",
     "what associations do to octets: timing-only encrypts nothing and checks with a short keyed checksum of the same length, so that long runs "
     "and many of them take less time; every instant, length and count is that of real. What a recording brings was encrypted: it does not verify then",
     ours, nullptr},
    {"pace", quantity::ratio, "1", "1e-6", "9", nullptr,
     "simulated seconds per second of the wall clock while a port has a socket; all other runs go as fast as they can", ours, nullptr},
};
const parameter_info host_rows[] = {name_row};
const parameter_info cpu_rows[] = {
    name_row,
    {"host", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the host that it belongs to", author, nullptr},
};
const parameter_info bus_rows[] = {
    name_row,
    {"host", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the host that it belongs to", author, nullptr},
    {"behind", quantity::text, "", nullptr, nullptr, nullptr, "path of the PCI-to-PCI bridge that it is behind; left out: the host's own bridge", author, nullptr},
};
const parameter_info sa_rows[] = {
    name_row,
    {"sent_back_to", quantity::text, "", nullptr, nullptr, nullptr,
     "path of a crypto_card, or of the nic that received it, whose ring decrypts what is left to the host; left out: its CPU does", author, nullptr},
    {"put_on_by", quantity::text, "", nullptr, nullptr, nullptr,
     "path of the nic through which its packets leave, whose ring puts it on and sends them (process-and-transmit), or of a crypto_card, whose ring puts "
     "it on and gives them back (process-and-return); left out: the nic does, in line, or the CPU",
     author, nullptr},
    {"when_unable", quantity::choice, "drop", nullptr, nullptr, "drop|cpu",
     "while the team that puts it on says that it cannot: its packets are dropped, or the CPU puts it on, under numbers of the same owner",
     "source documents 000/001, 34: heterogeneous sharing terminates; decision 182", nullptr},
    {"added", quantity::time, "", "1 us", "1000 s", nullptr, "when its user adds it to the team that has it at this end; left out: it is there from the start", "own choice: LB-2", nullptr},
    {"deleted", quantity::time, "", "1 us", "1000 s", nullptr, "when its user deletes it there; left out: never", "own choice: LB-2", nullptr},
};
const parameter_info pci_bridge_rows[] = {
    name_row,
    {"bus", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the bus that it is plugged into", author, nullptr},
    {"slot", quantity::count, "", "1", "20", nullptr,
     "PCI device number: its IDSEL line and place in arbitration; left out: the next free one in scenario order",
     "PCI 2.2, 3.2.2.3.5: IDSEL from AD[31:11], device 0 is the bridge", nullptr},
};
const parameter_info slot_rows[] = {
    name_row,
    {"bus", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the bus that it is plugged into", author, nullptr},
    {"slot", quantity::count, "", "1", "20", nullptr,
     "PCI device number: its IDSEL line and place in arbitration; left out: the next free one in scenario order",
     "PCI 2.2, 3.2.2.3.5: IDSEL from AD[31:11], device 0 is the bridge", nullptr},
    {"present", quantity::flag, "true", nullptr, nullptr, nullptr,
     "in its slot when the run begins; false: the slot is empty until a fault `inserted` puts it in", ours, nullptr},
};
const parameter_info background_rows[] = {
    slot_rows[0],
    slot_rows[1],
    slot_rows[2],
    slot_rows[3],
    {"over_software", quantity::flag, "false", nullptr, nullptr, nullptr,
     "the window that window_address gives may lie over memory of drivers and stacks; what it does to packets there is for the checkers to find",
     ours, nullptr},
};
const parameter_info nic_rows[] = {
    name_row,
    {"bus", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the bus that it is plugged into", author, nullptr},
    {"slot", quantity::count, "", "1", "20", nullptr,
     "PCI device number: its IDSEL line and place in arbitration; left out: the next free one in scenario order",
     "PCI 2.2, 3.2.2.3.5: IDSEL from AD[31:11], device 0 is the bridge", nullptr},
    {"present", quantity::flag, "true", nullptr, nullptr, nullptr,
     "in its slot when the run begins; false: the slot is empty until a fault `inserted` puts it in", ours, nullptr},
    {"address", quantity::text, "", nullptr, nullptr, nullptr,
     "IPv4 address and prefix length of the host on this nic; left out: the next free one of 192.0.2.0/24",
     "RFC 5737: addresses for documentation", nullptr},
};
const parameter_info switch_rows[] = {
    name_row,
    {"static_addresses", quantity::list, "", nullptr, nullptr, nullptr,
     "stations that it knows from the beginning, each with its port, called by its link or by what is at the other end: \"02:00:00:00:00:05 lan0\"; they "
     "neither age nor move",
     "IEEE 802.1D 7.9.1", nullptr},
};
const parameter_info port_group_rows[] = {
    name_row,
    {"switch", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the switch", author, nullptr},
    {"ports", quantity::list, nullptr, nullptr, nullptr, nullptr, "its ports, each called by its link, or by what is at the other end of it", author, nullptr},
};
const parameter_info team_rows[] = {
    name_row,
    {"host", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the host that it belongs to", author, nullptr},
    {"members", quantity::list, nullptr, nullptr, nullptr, nullptr, "paths of the nics that are the team, 1 to 8; the first of them gives it its MAC address", author, nullptr},
    {"cards", quantity::list, "", nullptr, nullptr, nullptr, "paths of crypto cards whose engines work for the team as well",
     "source documents 000/001, 43: other crypto hardware in the host", nullptr},
    {"address", quantity::text, "", nullptr, nullptr, nullptr,
     "IPv4 address and prefix length of the host on this team; left out: the next free one of 192.0.2.0/24", "RFC 5737: addresses for documentation", nullptr},
};
const parameter_info pass_through_rows[] = {
    name_row,
    {"nic", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the nic above whose driver it sits", author, nullptr},
};
const parameter_info echo_rows[] = {
    name_row,
    {"host", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the host on which it runs", author, nullptr},
};
const parameter_info ping_rows[] = {
    name_row,
    {"from", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the host on which it runs", author, nullptr},
};
const parameter_info crypto_service_rows[] = {
    name_row,
    {"host", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the host whose software asks, and whose devices work", author, nullptr},
    {"devices", quantity::list, "", nullptr, nullptr, nullptr,
     "its engines: paths of crypto_cards, and of nics with crypto.enable and crypto.secondary_use, in the order in which policies see them", author, nullptr},
};
const parameter_info crypto_load_rows[] = {
    name_row,
    {"service", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the crypto_service that it asks; it runs on the first CPU of its host", author, nullptr},
    {"data", quantity::text, "", nullptr, nullptr, nullptr,
     "where its buffers and results lie: path of a crypto_card or nic with `memory`, which its CPU writes and reads word by word; left out: memory of the host",
     author, nullptr},
    {"device", quantity::text, "", nullptr, nullptr, nullptr,
     "who asks: path of a data_device, whose data lies in its own memory and passes no CPU; left out: an application",
     "source documents 000/001, FIG. 6: requester", nullptr},
};
const parameter_info job_server_rows[] = {
    name_row,
    {"service", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the crypto_service, or of the team, that does the jobs; it runs on the first CPU of its host", author, nullptr},
};
const parameter_info remote_load_rows[] = {
    name_row,
    {"from", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the host on which the application runs that asks", author, nullptr},
    {"server", quantity::text, nullptr, nullptr, nullptr, nullptr, "path of the job_server that it asks, on another host", author, nullptr},
    {"in_the_clear", quantity::flag, "false", nullptr, nullptr, nullptr,
     "what it hands over, and what comes back, may be read on the way; else policies have to protect the datagrams both ways with a cipher, or the "
     "scenario is refused",
     "row A-130; docs/remote-jobs.md", nullptr},
};
const parameter_info fault_rows[] = {
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "name of the fault", author, nullptr},
    {"at", quantity::text, nullptr, nullptr, nullptr, nullptr, "path or pattern of what it befalls", author, nullptr},
    {"what", quantity::text, nullptr, nullptr, nullptr, nullptr, "a fault of that component; `nicteam explain` names them", author, nullptr},
    {"from", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "simulated time at which it begins", author, nullptr},
    {"for", quantity::time, "", "1 ps", nullptr, nullptr, "how long it lasts; left out: to the end of the run", author, nullptr},
    {"every", quantity::time, "", "2 ps", "1000000 s", nullptr,
     "it comes again so long after each time that it began, as a link does that flaps; longer than `for`; left out: it comes once", author, nullptr},
    {"times", quantity::count, "", "1", nullptr, nullptr, "how often it comes, with `every`; left out: as long as the run lasts", author, nullptr},
    {"amount", quantity::text, "", nullptr, nullptr, or_integer, "how much of it, in the unit that the fault states", author, nullptr},
};
const parameter_info capture_rows[] = {
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "name of the capture, and of its file", author, nullptr},
    {"at", quantity::text, nullptr, nullptr, nullptr, nullptr, "path or pattern of the capture points whose frames it takes", author, nullptr},
    {"from", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "frames before this time are left out", author, nullptr},
    {"until", quantity::time, "", "0 ps", nullptr, nullptr, "frames from this time on are left out; left out: none", author, nullptr},
    {"hold", quantity::count, "2048", "1", nullptr, nullptr,
     "frames kept in memory so that the file is in order of time; one that is told of later still is written where it comes, and the "
     "summary counts such", ours, nullptr},
    {"limit", quantity::size, "", "1 KiB", nullptr, nullptr,
     "the file takes no further frame from the first on that would make it larger than this, and the summary says when; left out: all frames", ours, nullptr},
};
const parameter_info expect_rows[] = {
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "name of the expectation", author, nullptr},
    {"metric", quantity::text, "", nullptr, nullptr, nullptr, "path or pattern of the metrics that are compared", author, nullptr},
    {"event", quantity::text, "", nullptr, nullptr, nullptr,
     "instead of a metric: path or pattern of what is counted, a stage or an end of packets, a bit that rises or a state that is entered, "
     "as in \"nic.ru_state.no_resources\"", author, nullptr},
    {"flow", quantity::text, "", nullptr, nullptr, nullptr,
     "instead of a metric: who sends and who receives, as in \"client to server.*\": the packets that arrived, or their latency; with stages behind them, "
     "as in \"client to server.* from wire_begin to wire_end\" (`nicteam explain stages`, born, end), those that passed both, or the time from the first "
     "pass of one to the next pass of the other", author, nullptr},
    {"of", quantity::choice, "total", nullptr, nullptr, "total|rate|share|mean|least|greatest|p50|p90|p99|p999|first|last",
     "what of the metric: its growth in the window, per second, as a share of the window, or a property of its samples; of flows: packets, packets "
     "per second, or a property of their latency; of events: how many, or the time of the first or last", ours, nullptr},
    {"together", quantity::flag, "false", nullptr, nullptr, nullptr,
     "true: the sum over all that the pattern matches is compared, instead of each", ours, nullptr},
    {"at_least", quantity::text, "", nullptr, nullptr, or_integer, "least value that holds, with its unit", author, nullptr},
    {"at_most", quantity::text, "", nullptr, nullptr, or_integer, "greatest value that holds, with its unit", author, nullptr},
    {"equals", quantity::text, "", nullptr, nullptr, or_integer, "the only value that holds, with its unit", author, nullptr},
    {"limited_by", quantity::text, "", nullptr, nullptr, nullptr,
     "instead of a metric: path or pattern of the run's limit, the resource that is full (95 %) with the highest demand, "
     "or of what it belongs to", author, nullptr},
};
const parameter_info trace_rows[] = {
    {"wave", quantity::flag, "false", nullptr, nullptr, nullptr, "write wave.vcd or wave.fst, and wave.gtkw", ours, nullptr},
    {"wave_format", quantity::choice, "vcd", nullptr, nullptr, "vcd|fst",
     "vcd: text, for every tool. fst: GTKWave's compressed format, some ten times smaller, where nicteam was built with its writer", ours, nullptr},
    {"pcap", quantity::flag, "true", nullptr, nullptr, nullptr, "write a pcapng file for each [[capture]]", ours, nullptr},
    {"txn", quantity::flag, "false", nullptr, nullptr, nullptr, "write trace.json: tenures, states of units, frames and packets, for ui.perfetto.dev and other viewers", ours, nullptr},
    {"packets", quantity::flag, "false", nullptr, nullptr, nullptr, "write packets.csv, the life of each packet", ours, nullptr},
    {"report", quantity::flag, "false", nullptr, nullptr, nullptr, "write report.html, the run as a page; with packets.csv it shows single packets on their way", ours, nullptr},
    {"scopes", quantity::list, "", nullptr, nullptr, nullptr, "paths or patterns of what the waveform shows; left out: everything", ours, nullptr},
    {"clock", quantity::flag, "false", nullptr, nullptr, nullptr, "draw CLK of each bus as well; it makes the waveform many times larger, a hundred where the bus is mostly idle", ours, nullptr},
    {"mii", quantity::flag, "false", nullptr, nullptr, nullptr,
     "the waveform has the MII pins of each nic as well, at 10 and 100 Mbps; some 40 kB a frame of 1518 B. An octet stands on them during "
     "the octet time before the "
     "instant at which packets.csv and captures have it pass: RX_DV rises one octet time (80 or 800 ns) before a PHY's would",
     ours, nullptr},
    {"from", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "the waveform and trace.json begin here", ours, nullptr},
    {"until", quantity::time, "", "0 ps", nullptr, nullptr, "the waveform and trace.json end here; left out: with the run", ours, nullptr},
    {"wave_limit", quantity::size, "1 GiB", "64 KiB", nullptr, nullptr,
     "the waveform ends when its file has become larger than this, and the summary says when; the run goes on", ours, nullptr},
    {"big_file", quantity::size, "100 MiB", "1 B", nullptr, nullptr,
     "the summary's notes name each file of the run that is larger than this, with its size and what bounds it", ours, nullptr},
    {"packet_limit", quantity::count, "1000000", "1", nullptr, nullptr,
     "packets.csv takes at most this many packets, and says so when it leaves some out", ours, nullptr},
    {"txn_limit", quantity::count, "200000", "1", nullptr, nullptr,
     "trace.json takes at most this many reports, some 250 B each, and says until when it is complete if there are more", ours, nullptr},
};

}  // namespace

const block_info top_keys{"scenario", "what is run and for how long", top_rows, {}, {}, {}, {}, {}, {}};
const block_info host_keys{"host", "a computer: memory, bridge, CPUs, buses and what runs on it", host_rows, {}, {}, {}, {}, {}, {}};
const block_info cpu_keys{"cpu", "a processor of a host", cpu_rows, {}, {}, {}, {}, {}, {}};
const block_info bus_keys{"bus", "a PCI bus of a host", bus_rows, {}, {}, {}, {}, {}, {}};
const block_info background_keys{"background", "a master that loads a bus: a disk, a video card", background_rows, {}, {}, {}, {}, {}, {}};
const block_info link_keys{"link", "a cable between two ends, each of which may be half or full duplex", host_rows, {}, {}, {}, {}, {}, {}};
const block_info repeater_keys{"repeater", "what arrives at one port leaves by all others", host_rows, {}, {}, {}, {}, {}, {}};
const block_info switch_keys{"switch", "what arrives at one port leaves by that of its destination", switch_rows, {}, {}, {}, {}, {}, {}};
const block_info port_group_keys{"port_group", "ports of a switch that are one way for it", port_group_rows, {}, {}, {}, {}, {}, {}};
const block_info peer_keys{"peer", "a station at the other end of a link", host_rows, {}, {}, {}, {}, {}, {}};
const block_info router_keys{"router", "a router or a security gateway between a peer and its link", host_rows, {}, {}, {}, {}, {}, {}};
const block_info port_keys{"port", "a station outside the model, on a unix socket", host_rows, {}, {}, {}, {}, {}, {}};
const block_info echo_keys{"echo", "an application of a host that sends datagrams back", echo_rows, {}, {}, {}, {}, {}, {}};
const block_info ping_keys{"ping", "an application of a host that asks somebody with ICMP echo", ping_rows, {}, {}, {}, {}, {}, {}};
const block_info traffic_keys{"traffic", "what a host or a peer sends", host_rows, {}, {}, {}, {}, {}, {}};
const block_info connections_keys{"connections", "TCP connections between applications", host_rows, {}, {}, {}, {}, {}, {}};
const block_info replay_keys{"replay", "a capture file sent again", host_rows, {}, {}, {}, {}, {}, {}};
const block_info nic_keys{"nic", "a network interface controller in a slot of a bus", nic_rows, {}, {}, {}, {}, {}, {}};
const block_info team_keys{"team", "nics that are one to whatever is above them", team_rows, {}, {}, {}, {}, {}, {}};
const block_info pass_through_keys{"pass_through", "an adapter that hands on what comes", pass_through_rows, {}, {}, {}, {}, {}, {}};
const block_info crypto_card_keys{"crypto_card", "a PCI device without a MAC that takes off IPsec for its host's software", slot_rows, {}, {}, {}, {}, {}, {}};
const block_info copy_engine_keys{"copy_engine", "a PCI device that is no nic: it copies blocks of memory", slot_rows, {}, {}, {}, {}, {}, {}};
const block_info data_device_keys{"data_device", "a PCI device that is no nic: it asks for work on data in its own memory", slot_rows, {}, {}, {}, {}, {}, {}};
const block_info pci_bridge_keys{"pci_bridge", "a PCI-to-PCI bridge in a slot of a bus; another bus is behind it", pci_bridge_rows, {}, {}, {}, {}, {}, {}};
const block_info crypto_service_keys{"crypto_service", "engines of nics and crypto cards as a service that anybody in a host may ask",
                                     crypto_service_rows, {}, {}, {}, {}, {}, {}};
const block_info crypto_load_keys{"crypto_load", "an application that asks a crypto_service", crypto_load_rows, {}, {}, {}, {}, {}, {}};
const block_info job_server_keys{"job_server", "an application that takes jobs for a pool of engines from other hosts",
                                 job_server_rows, {}, {}, {}, {}, {}, {}};
const block_info remote_load_keys{"remote_load", "an application of a host that asks a pool of another one", remote_load_rows, {}, {}, {}, {}, {}, {}};
const block_info fault_keys{"fault", "something goes wrong: what, where, when, for how long", fault_rows, {}, {}, {}, {}, {}, {}};
const block_info capture_keys{"capture", "frames that pass a point, written as pcapng", capture_rows, {}, {}, {}, {}, {}, {}};
const block_info sa_keys{"sa", "a security association, one way", sa_rows, {}, {}, {}, {}, {}, {}};
const block_info policy_keys{"policy", "what becomes of packets: at who sends them, and at the host that receives them", host_rows, {}, {}, {}, {}, {}, {}};
const block_info expect_keys{"expect", "what must hold at the end of the run; it decides the exit status", expect_rows, {}, {}, {}, {}, {}, {}};
const block_info trace_keys{"trace", "which files a run leaves besides its results", trace_rows, {}, {}, {}, {}, {}, {}};

const block_info check_keys{"check", "what a checker does when its rule is broken", {}, {}, {}, {}, {}, {}, {}};

}  // namespace nicteam::scenario
