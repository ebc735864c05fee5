#include "offload/crypto_tables.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "nicteam/ipsec/drops.h"
#include "nicteam/offload/engine_set.h"
#include "nicteam/offload/engine_faults.h"

namespace nicteam::offload {
namespace {

using c = crypto_config;
constexpr std::uint32_t least_cut = 64;             // octets: the headers, and the shortest frame (IEEE 802.3 3.2.8)
constexpr std::uint32_t least_142 = 1'536;          // octets: the longest frame of IEEE 802.3, and a tag
constexpr std::uint32_t least_to_host = 576;       // octets
constexpr const char* ours = "own design, no real device";
constexpr const char* left_open = "choice: source document 004 leaves it open";

constexpr const char* ring_sizes =
    "2|4|8|16|32|64|128|256|512|1024|2048|4096|8192|16384|32768|65536";
constexpr parameter_info parameters[] = {
    {"enable", quantity::flag, "false", nullptr, nullptr, nullptr, "the nic has the crypto block of source document 004", "choice: an 82559 has none",
     store<&c::enable>},
    {"period", quantity::period, "30 ns", "1 ns", "1 us", nullptr, "clock of the block; a whole number of ps for each octet of a word", "choice: that of the PCI bus at 33 MHz",
     store<&c::period>},
    {"word", quantity::count, "4", nullptr, nullptr, "1|2|4|8|16", "octets that pass each joint of the block in a clock", "choice: the width of the PCI bus", store<&c::word_octets>},
    {"engines", quantity::list, "3des-cascade, aes-128-round, aes-192-iterative, aes-256-iterative, md5, sha1, sha256, ghash", nullptr, nullptr, nullptr,
     "cipher and authentication engines, one for each time that a core is named; `docs/timing.md` has the cores", "choice: one for each algorithm that a measured core does",
     store<&c::engines>},
    {"coupling", quantity::choice, "chained", nullptr, nullptr, "chained|series", "cipher and hash of a packet side by side, or one behind the other", left_open, store<&c::coupling>},
    {"places", quantity::count, "2", "1", "64", nullptr, "packets within IPsec logic 21a, from their first word in to their last word out",
     "choice: one comes in while another is worked on", store<&c::places>},
    {"crossing", quantity::count, "2", "1", "16", nullptr, "clocks of the block from a frame's last octet until it is seen whole", "choice: two-edge synchroniser (docs/decisions/0005)",
     store<&c::crossing>},
    {"chips", quantity::count, "1", nullptr, nullptr, "1|2|3", "integrated circuits: all in one; 21a on its own (100 of FIG. 4) and the rest on another (102); or the MAC with buffer 142 and the frame buffer on a third",
     "source document 004, 18", store<&c::chips>},
    {"link_word", quantity::count, "4", nullptr, nullptr, "1|2|4|8|16", "octets that pass each joint between two chips in a clock of the link", left_open, store<&c::link_word>},
    {"link_period", quantity::period, "30 ns", "1 ns", "1 us", nullptr, "clock of the links between chips", "choice: that of the PCI bus at 33 MHz", store<&c::link_period>},
    {"link_latency", quantity::count, "2", "0", "1000", nullptr, "clocks of the link from the edge behind a take to the first word; the last word is seen `crossing` clocks of the block behind it", left_open,
     store<&c::link_latency>},
    {"lookup_clocks", quantity::count, "8", "0", "100000", nullptr, "clocks to find a packet's association, before its engines; spent on every packet that shows IPsec", left_open,
     store<&c::lookup_clocks>},
    {"transport_clocks", quantity::count, "4", "0", "100000", nullptr, "clocks of 22b behind a packet's last word, which the checksum is computed with", left_open,
     store<&c::transport_clocks>},
    {"buffer_142", quantity::size, "4 KiB", "0 B", "1 MiB", nullptr,
     "buffer 142 between the MAC 16b and multiplexer 120, 1536 B at least; 0 B: none, 16b holds off with the frame that it has, and loses whole what comes meanwhile",
     "source document 004, 26: its size is left open", store<&c::buffer_142>},
    {"cut_through", quantity::size, "0 B", "0 B", "1518 B", nullptr,
     "buffer 142 offers a frame to 21a when so many octets of it have been seen, 64 B at least, and aborts what turns out bad; 0 B: when it is whole and good (store-and-forward)", "docs/decisions/0122", store<&c::cut_through>},
    {"buffer_140", quantity::count, "2", "0", "1024", nullptr, "datagrams that buffer 140 holds on feedback path 110; 0: none, 22b keeps the datagram and holds off until it has gone back",
     "source document 004, 23: its size is left open", store<&c::buffer_140>},
    {"feedback_input", quantity::choice, "mux_120", nullptr, nullptr, "mux_120|separate_150|transmit_152_tag|transmit_152_control",
     "what is fed back shares input 124 of 21a through the un-interrupting multiplexer, or has input 150 for itself: both pass at once then, and `priority` says who gets the last place; or it goes back over the transmit path 152 behind 22a, told apart from what is to be sent by a tag, a word in front of it, or by a control signal, "
     "and `priority` says which of the two goes first", "source document 004, 21, 27 and 28", store<&c::feedback_input>},
    {"when_140_full", quantity::choice, "hold_off", nullptr, nullptr, "hold_off|drop", "22b holds off when buffer 140 is full, or drops the datagram", "source document 004, 23",
     store<&c::when_140_full>},
    {"priority", quantity::choice, "feedback_first", nullptr, nullptr, "feedback_first|feedforward_first|alternate", "which input of multiplexer 120 goes first when both wait",
     "docs/decisions/0070", store<&c::priority>},
    {"bubble_rule", quantity::flag, "false", nullptr, nullptr, nullptr, "input 130 is let through only if a free place remains in 21a and buffer 140 together; with path 152: 22b takes what comes forward only while fewer datagrams than buffer 140 has places for go round", "docs/decisions/0070 and 0115",
     store<&c::bubble_rule>},
    {"return_path", quantity::choice, "feedback_110", nullptr, nullptr, "feedback_110|host",
     "what was fragmented behind its encryption: put together by 22b and fed back (FIG. 5), or left to the host as it came (FIG. 7, the prior art)", "source document 004, 6-7 and 19-20",
     store<&c::return_path>},
    {"bypass", quantity::flag, "false", nullptr, nullptr, nullptr,
     "whole packets that show no IPsec, and what is not IP, go from 16b to 22b past 21a, which takes turns with what comes from 21a", "source document 004, 18, 26 and 29", store<&c::bypass>},
    {"bypass_room", quantity::size, "0 B", "0 B", "1 MiB", nullptr,
     "of buffer 142, what only frames that go past 21a may take: 16b drops frames for 21a instead; 1536 B or more of the buffer are left to those", "source document 004, 26",
     store<&c::bypass_room>},
    {"cache_entries", quantity::count, "0", "0", "65536", nullptr, "associations that 21a has at hand; 0: all of them", left_open, store<&c::cache_entries>},
    {"cache_ways", quantity::count, "4", "1", "65536", nullptr, "entries of a set, in which an association is found by its index; cache_entries is a multiple", left_open, store<&c::cache_ways>},
    {"cache_replacement", quantity::choice, "least_recently_used", nullptr, nullptr, "least_recently_used|first_in_first_out|most_packets",
     "what goes from a set that is full; most_packets: the one with the fewest, if the newcomer has `cache_hysteresis` more, else that is fetched and not kept", "left open; most_packets: US 7,124,293",
     store<&c::cache_replacement>},
    {"cache_hysteresis", quantity::count, "8", "0", "1000000", nullptr, "most_packets: packets that a newcomer has to be ahead of the one that goes: what a replacement is worth", "US 7,124,293; figure: choice",
     store<&c::cache_hysteresis>},
    {"cache_decay", quantity::count, "4096", "0", "1000000000", nullptr, "most_packets: look-ups after which all counts halve; 0: never", "US 7,124,293; figure: choice", store<&c::cache_decay>},
    {"cache_miss", quantity::choice, "clocks", nullptr, nullptr, "clocks|over_the_bus|to_host",
     "what an association costs that is not at hand: `cache_miss_clocks`; or its CONST and CACHED part are read from host memory over the bus, and what is behind its packet in 21a waits; or its packet goes to the host as it came, which has it decrypted as secondary use",
     "docs/decisions/0079, 0128, 0172", store<&c::cache_miss>},
    {"cache_miss_clocks", quantity::count, "64", "0", "100000", nullptr,
     "cache_miss = \"clocks\": clocks to fetch an association that is not at hand, or to find that there is none, on top of `lookup_clocks`; the bus does not see it",
     "choice: a record of 64 words, a word a clock", store<&c::cache_miss_clocks>},
    {"associations", quantity::count, "256", "1", "65536", nullptr, "security associations that there are places for", left_open, store<&c::associations>},
    {"duplicates", quantity::choice, "refused", nullptr, nullptr, "refused|taken",
     "an association whose SPI, destination and protocol are there already: refused; or taken into a place of its own, as by tables that compare nothing: packets meet the newest",
     "refused: RFC 4301, 4.1; taken: Linux bonding, c4c5c5d2ef40 (a device filled with the same state)", store<&c::duplicates>},
    {"contexts", quantity::count, "16", "1", "65536", nullptr, "datagrams that 22b puts together at once", left_open, store<&c::contexts>},
    {"when_full", quantity::choice, "evict_oldest", nullptr, nullptr, "evict_oldest|refuse_new", "with all contexts taken: the oldest datagram goes for another, or no other begins",
     left_open, store<&c::when_full>},
    {"least_first", quantity::size, "0 B", "0 B", "1480 B", nullptr, "octets behind the IP header that a first fragment has at least, or is dropped; 0 B: any", "RFC 1858, 3.2.2",
     store<&c::least_first>},
    {"fragments", quantity::count, "64", "2", "8192", nullptr, "fragments of one datagram", "choice: as Linux (inet_frag), 64", store<&c::fragments>},
    {"reassembly_memory", quantity::size, "128 KiB", "2 KiB", "1 GiB", nullptr, "octets that 22b holds over all contexts", "choice: two of the longest datagrams", store<&c::reassembly_memory>},
    {"reassembly_timeout", quantity::time, "30 s", "1 us", "1000 s", nullptr, "a datagram is given up so long after its first fragment", "RFC 1122 3.3.2: 60 to 120 s; Linux: 30 s",
     store<&c::reassembly_timeout>},
    {"overlaps", quantity::choice, "discard_all", nullptr, nullptr, "discard_all|first_wins|last_wins", "what octets that two fragments bring do to their datagram", "RFC 5722",
     store<&c::overlaps>},
    {"longest_to_host", quantity::size, "0 B", "0 B", "64 KiB", nullptr,
     "an IP packet that is longer goes to the receive unit as fragments no longer than this, which fit its buffers, 576 B at least; 0 B: whole, however long. Left out: what driver.receive_buffer has room for", "docs/decisions/0118",
     store<&c::longest_to_host>},
    {"engines_shared", quantity::flag, "false", nullptr, nullptr, nullptr, "both directions use the same engines; at one edge the receive side asks first", left_open,
     store<&c::engines_shared>},
    {"transmit_engines", quantity::list, "", nullptr, nullptr, nullptr, "engines of the transmit side; left out: the list of `engines` once more", left_open,
     store<&c::transmit_engines>},
    {"package_clocks", quantity::count, "4", "0", "100000", nullptr, "clocks of 22a behind a packet's last word, which the checksums are computed with", left_open,
     store<&c::package_clocks>},
    {"frame_buffer", quantity::size, "4 KiB", "1536 B", "1 MiB", nullptr, "frame buffer between 21a and the MAC 16a", left_open, store<&c::frame_buffer>},
    {"frame_buffer_frames", quantity::count, "8", "1", "1024", nullptr, "frames that it holds at most", left_open, store<&c::frame_buffer_frames>},
    {"frame_start", quantity::choice, "whole", nullptr, nullptr, "whole|early",
     "16a begins when the frame is whole in the frame buffer, or as soon as the rest of it, which passes a word a clock, cannot be late", left_open, store<&c::frame_start>},
    {"engine_watchdog", quantity::count, "1024", "128", "1000000000", nullptr,
     "clocks without a block from an engine until its packet is given up; the slowest core takes 82 a block", left_open, store<&c::engine_watchdog>},
    {"self_test", quantity::count, "0", "0", "1000000000", nullptr,
     "a direction's engines work on 64 octets with a known answer before each so many of its packets; 0: never", left_open, store<&c::self_test>},
    {"engine_failures", quantity::count, "3", "0", "1000000000", nullptr,
     "packets in a row that a direction's engines fail at, by watchdog or self-test, until they are out of use, which a reset of the block ends; 0: they stay in use", left_open,
     store<&c::engine_failures>},
    {"longest_packet", quantity::size, "1500 B", "576 B", "64 KiB", nullptr, "a packet that is longer behind its association is refused", "IEEE 802.3 3.2.7",
     store<&c::longest_packet>},
    {"secondary_use", quantity::flag, "true", nullptr, nullptr, nullptr, "its rings take jobs: process-and-return, process-and-transmit", left_open, store<&c::secondary_use>},
    {"digest_octets", quantity::count, "0", "0", "64", nullptr, "octets a clock of an engine for CRC-32c (RFC 3720), beside the others; 0: it has none",
     "own choice: a remainder of 4 octets a clock is a few levels of exclusive or", store<&c::digest_octets>},
    {"ring_places", quantity::count, "4", "1", "256", nullptr, "entries of its command ring inside, from their reading to their completion", ours, store<&c::ring_places>},
    {"command_depth", quantity::count, "256", nullptr, nullptr, ring_sizes, "entries of the largest command ring, a power of two", ours, store<&c::command_depth>},
    {"completion_depth", quantity::count, "256", nullptr, nullptr, ring_sizes, "entries of the largest completion ring, a power of two", ours, store<&c::completion_depth>},
    {"longest_job", quantity::size, "2 KiB", "64 B", "64 KiB", nullptr, "the longest packet of a job, before and after", "own choice: an Ethernet frame with room for headers",
     store<&c::longest_job>},
};

constexpr metric_info metric_rows[] = {
#define CRYPTO_METRIC(name, unit, kind, meaning) {#name, unit, meaning, metric_info::kind},
#include "offload/crypto_metrics.def"
#undef CRYPTO_METRIC
};
enum metric_row : unsigned {
#define CRYPTO_METRIC(name, unit, kind, meaning) name##_row,
#include "offload/crypto_metrics.def"
#undef CRYPTO_METRIC
};

constexpr metric_info step_rows[] = {
    {"step_200", "packets", "source document 004, FIG. 5: asked whether it is fragmented"},
    {"step_202", "packets", "source document 004, FIG. 5: whole packets decrypted, once for each association"},
    {"step_204", "packets", "source document 004, FIG. 5: transport completed"},
    {"step_206", "packets", "source document 004, FIG. 5: asked whether a fragment is encrypted"},
    {"step_208", "packets", "source document 004, FIG. 5: plain fragments put together, each"},
    {"step_210", "packets", "source document 004, FIG. 5: asked whether it was fragmented before it was encrypted"},
    {"step_212", "packets", "source document 004, FIG. 5: decrypted what turned out to be a fragment"},
    {"step_214", "packets", "source document 004, FIG. 5: asked whether all fragmentation was behind all encryption"},
    {"step_216", "packets", "source document 004, FIG. 5: fragments of an encrypted packet put together, each"},
    {"step_218", "packets", "source document 004, FIG. 5: fed back"},
    {"step_220", "packets", "source document 004, FIG. 5: a tunnel taken off from around a fragment that is still encrypted"},
    {"step_700", "packets", "source document 004, FIG. 7: received, in a nic without the feedback path"},
    {"step_702", "packets", "source document 004, FIG. 7: decrypted there"},
    {"step_704", "packets", "source document 004, FIG. 7: put together when plain, and completed there"},
    {"step_706", "packets", "source document 004, FIG. 7: fragmented behind its encryption: left to the host, whose CPU does 708"},
};

constexpr const char* selections[] = {"none", "feedforward_130", "feedback_122", nullptr};
constexpr const char* logic_21a_states[] = {"idle", "receiving", "working", "offering", "full", nullptr};
constexpr const char* logic_22b_states[] = {"idle", "receiving", "working", "waits_for_140", "waits_for_output", nullptr};
constexpr const char* cache_states[] = {"none", "hit", "miss", nullptr};
constexpr probe_info probe_rows[] = {
    {"mux_select", 0, selections, "the input of multiplexer 120 that passes, from its take to its last word"},
    {"input_150", 1, nullptr, "a datagram that was fed back passes the separate input 150 of 21a"},
    {"request_130", 1, nullptr, "a frame waits in buffer 142 for multiplexer 120, whole or, with cut_through, in part"},
    {"request_122", 1, nullptr, "a datagram waits in buffer 140 for multiplexer 120"},
    {"level_142", 24, nullptr, "octets in buffer 142, drawn when frames come whole and leave"},
    {"level_140", 16, nullptr, "datagrams in buffer 140, the one that leaves among them"},
    {"logic_21a", 0, logic_21a_states, "IPsec logic 21a: what goes on, the first of offering, receiving, working that does; full: all places are taken"},
    {"engines", 1, nullptr, "engines of 21a work on a packet"},
    {"packet_21a", 48, nullptr, "number of the packet whose work began last in 21a: as in packets.csv, without its station"},
    {"logic_22b", 0, logic_22b_states, "receiver IP logic 22b"},
    {"contexts", 16, nullptr, "datagrams that 22b is putting together"},
    {"association_cache", 0, cache_states, "of the cache of 21a: the latest look-up; drawn when it changes"},
    {"locked_up", 1, nullptr, "the loop 21a, 22b, 140 stands still for good: each waits for the next"},
};

constexpr stage_info stage_rows[] = {
    {"in_142", "whole in buffer 142; not of one that passes while it comes in (cut_through)"},
    {"mux_130", "its first word is about to pass multiplexer 120, from buffer 142"},
    {"mux_122", "… from buffer 140, fed back"},
    {"path_152", "its first word is about to pass the transmit path 152, from buffer 140"},
    {"past_21a", "its first word is about to pass from buffer 142 to 22b, past 21a"},
    {"engines_start", "the engines of 21a began"},
    {"engines_done", "they are done"},
    {"fed_back", "put together, and into buffer 140"},
    {"delivered_22b", "offered to the receive FIFO"},
};

constexpr outcome_info outcome_rows[] = {
    {"taken_off", false, "IPsec was taken off: it goes on as what was inside", true},
    {"joined", false, "a fragment: it goes on as part of its datagram", true},
    {"lost_142", true, "found no room in buffer 142", false, true},
    {"lost_140", true, "found no room in buffer 140", false, true},
    {"reassembly_refused", true, "a fragment that the reassembly refused, or of a datagram that it gave up"},
    {"duplicate", false, "a fragment that was there already", true},
    {"unfit_for_140", true, "put together, but too short or misaligned for its ESP or AH: dropped, not fed back"},
    {"cut_for_host", false, "longer than a receive buffer: it goes on as fragments that fit", true},
    {"block_reset", true, "thrown away by a reset while in the crypto block"},
};

}  // namespace

const block_info crypto_info = {"crypto",    "the crypto block of source document 004: docs/crypto-block.md", parameters, metric_rows, probe_rows, engine_faults, {},
                                stage_rows, outcome_rows};
const block_info crypto_drop_info = {"crypto", "packets that IPsec logic 21a left encrypted, by reason", {}, ipsec::drop_metrics, {}, {}, {}, {}, {}};

const block_info crypto_step_info = {"crypto", "steps of source document 004 that packets took", {}, step_rows, {}, {}, {}, {}, {}};

crypto_metrics::crypto_metrics(const sc_core::sc_object& o)
    : end_of_list(0)
#define bind_counter_row sim::bind_counter
#define bind_level_row sim::bind_level
#define CRYPTO_METRIC(name, unit, kind, meaning) , name(bind_##kind##_row(o, metric_rows[name##_row]))
#include "offload/crypto_metrics.def"
#undef CRYPTO_METRIC
#undef bind_counter_row
#undef bind_level_row
{
    for (const metric_info& m : step_rows) steps.push_back(&sim::bind_counter(o, m));
    for (const metric_info& m : ipsec::drop_metrics) drops.push_back(&sim::bind_counter(o, m));
}

counter* crypto_metrics::of(packet::reassembly_step s) {
    using step = packet::reassembly_step;
    switch (s) {
        case step::malformed: return &reassembly_malformed;
        case step::tiny: return &reassembly_tiny;
        case step::no_context: return &reassembly_no_context;
        case step::no_memory: return &reassembly_no_memory;
        case step::poisoned: return &reassembly_poisoned;
        case step::oversize: return &reassembly_oversize;
        case step::too_many: return &reassembly_too_many;
        case step::overlap: return &reassembly_overlap;
        case step::conflict: return &reassembly_conflict;
        case step::congestion: return &reassembly_congestion;
        case step::whole:
        case step::held:
        case step::duplicate:
        case step::complete: break;
    }
    return nullptr;
}

namespace {

constexpr std::uint32_t ethernet_around = 14;      // octets in front of a packet in the frame buffer; the MAC adds the FCS

void unknown_engine(const char* key, const std::vector<std::string>& names, std::vector<crypto_problem>& found) {
    for (const std::string& e : names) {
        if (core_named(e)) continue;
        std::string all;
        for (const engine_core& row : engine_cores) all += fmt::format("{}{}", all.empty() ? "" : ", ", row.name);
        return found.push_back({key, fmt::format("there is no engine \"{}\"; allowed: {}", e, all)});
    }
}

}  // namespace

const crypto_config& checked(const crypto_config& c) {
    const auto problems = check(c);
    if (!problems.empty()) throw std::invalid_argument("crypto." + problems[0].parameter + ": " + problems[0].message);
    return c;
}

std::vector<crypto_problem> check(const crypto_config& k) {
    std::vector<crypto_problem> found;
    if (!k.enable) return found;
    if (k.period % static_cast<ps>(k.word_octets))
        found.push_back({"period", fmt::format("each of the {} octets of a word takes a whole number of ps; {} ps do not divide by {}", k.word_octets, k.period, k.word_octets)});
    if (k.buffer_142 && k.buffer_142 < least_142)
        found.push_back({"buffer_142", fmt::format("{} B are less than the longest frame; {} B at least, or 0 B: none, 16b holds off", k.buffer_142, least_142)});
    if (k.cut_through && k.cut_through < least_cut)
        found.push_back({"cut_through", fmt::format("{} B do not show what a frame is; {} B at least, or 0 B: whole frames", k.cut_through, least_cut)});
    const auto not_cut = [&](const char* what) { found.push_back({"cut_through", fmt::format("{}; allowed: 0 B", what)}); };
    if (k.cut_through && k.buffer_142 == 0) not_cut("without buffer 142 (buffer_142) 16b has one frame's register, and lets whole frames go");
    if (k.cut_through && k.feedback_input == feedback_input::separate_150) not_cut("input 150 (feedback_input) takes datagrams while a frame comes in, and the order in which both ask for engines would be open");
    if (k.cut_through && k.chips > 1) not_cut("a lane between chips (chips) takes whole packets");
    if (k.cut_through && k.engines_shared) not_cut("the transmit side (engines_shared) would find engines busy with what may be aborted");
    if (k.bypass && k.buffer_142 == 0) found.push_back({"bypass", "without buffer 142 there is nothing that could be sorted"});
    if (k.bypass_room && !k.bypass) found.push_back({"bypass_room", "is kept for what goes past 21a; bypass = true lets it"});
    if (k.bypass && k.buffer_142 && k.bypass_room + least_142 > k.buffer_142)
        found.push_back({"bypass_room", fmt::format("{} B of a buffer_142 of {} B leave less than a frame, {} B, to what goes to 21a", k.bypass_room, k.buffer_142, least_142)});
    if (k.cache_ways && k.cache_entries % k.cache_ways) found.push_back({"cache_entries", fmt::format("{} entries are no whole number of sets of {}", k.cache_entries, k.cache_ways)});
    if (k.cache_miss == cache_miss::to_host && k.cache_entries == 0) found.push_back({"cache_miss", "with cache_entries = 0 all associations are at hand, and nothing goes to the host for one; allowed: \"clocks\""});
    if (k.cache_miss == cache_miss::over_the_bus) {
        if (k.cache_entries == 0) found.push_back({"cache_miss", "with cache_entries = 0 all associations are at hand, and none is fetched; allowed: \"clocks\""});
        if (over_152(k.feedback_input)) found.push_back({"cache_miss", "what goes back over path 152 is decrypted in the transmit side's 21a, which fetches nothing; allowed: \"clocks\""});
        if (k.chips > 1) found.push_back({"cache_miss", "21a is on a chip of its own (chips), away from the bus; allowed: \"clocks\""});
    }
    if (k.bubble_rule && k.buffer_140 == 0 && k.places == 1 && !over_152(k.feedback_input))
        found.push_back({"bubble_rule", "of one place in 21a and none in buffer 140 none is free afterwards: nothing would ever be let in; places = 2, or buffer_140 = 1"});
    if (k.engines_shared && !k.transmit_engines.empty())
        found.push_back({"transmit_engines", "the transmit side has no engines of its own while both directions share theirs (engines_shared)"});
    if (k.longest_packet + ethernet_around > k.frame_buffer)
        found.push_back({"frame_buffer", fmt::format("a frame around the longest packet of {} octets does not fit into {} octets", k.longest_packet, k.frame_buffer)});
    if (k.longest_to_host && k.longest_to_host < least_to_host)
        found.push_back({"longest_to_host", fmt::format("{} B are less than a packet of IPv4 that everybody takes, {} B (RFC 791, 3.1)", k.longest_to_host, least_to_host)});
    if (k.chips > 1 && k.frame_start == frame_start::early)
        found.push_back({"frame_start", "words that come from another chip (chips) are not one a clock to the last: a frame that is begun early could be late; allowed: \"whole\""});
    const auto whole_ring = [&](const char* key, unsigned n) {
        if (n & (n - 1)) found.push_back({key, fmt::format("a ring of {} entries; they are a power of two", n)});
    };
    whole_ring("command_depth", k.command_depth);
    whole_ring("completion_depth", k.completion_depth);
    if (k.engines.empty()) found.push_back({"engines", "a block without an engine decrypts nothing"});
    unknown_engine("engines", k.engines, found);
    unknown_engine("transmit_engines", k.transmit_engines, found);
    return found;
}

}  // namespace nicteam::offload
