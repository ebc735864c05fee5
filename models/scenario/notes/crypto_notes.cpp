#include "scenario/notes/crypto_notes.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "nicteam/ipsec/audit.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/report/decimal.h"
#include "scenario/notes/counted.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/security.h"

namespace nicteam::scenario {
namespace {

std::int64_t level_now(sim::session& s, const std::string& path) {
    for (const sim::bound_metric& m : s.metrics())
        if (m.path == path && m.as_level) return m.as_level->value();
    return 0;
}

std::string amount(std::uint64_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

// What the host's table asks for such work.
constexpr const char* software[] = {"reassemble", "ipsec", "des_byte", "des3_byte", "aes_byte", "md5_byte", "sha1_byte", "sha2_byte", "galois_byte"};

// Associations that came to an end, by what counts them there.
void note_ends(sim::session& s, const std::string& who, const std::vector<std::string>& where, std::vector<std::string>& notes) {
    const std::pair<const char*, const char*> ends[] = {{"soft_lifetimes", "passed the soft lifetime: they ask for successors"},
                                                        {"hard_lifetimes", "passed the hard lifetime: nothing goes through them any more"},
                                                        {"numbers_used_up", "gave out the last sequence number: nothing is sent through them any more"}};
    for (const auto& [metric, text] : ends) {
        std::uint64_t n = 0;
        for (const std::string& prefix : where) n += counted(s, prefix + metric);
        if (n) notes.push_back(fmt::format("{}: {} of its associations {}", who, n, text));
    }
}

// What the CPU of a host did of IPsec, and which of its associations came to an end.
void note_software(const component& host, const resolved& r, sim::session& s, std::vector<std::string>& notes) {
    const std::string stack = host.path + ".stack.";
    const std::uint64_t whole = counted(s, stack + "security_reassembled"), taken = counted(s, stack + "security_taken_off");
    const std::uint64_t put = counted(s, stack + "put_on_by_cpu");
    if (whole || taken || put) {
        std::uint64_t cycles = 0;
        for (const component* cpu : r.of_kind("cpu"))
            if (cpu->parent == &host)
                for (const char* what : software) cycles += counted(s, fmt::format("{}.cycles_{}", cpu->path, what));
        std::string did = whole ? fmt::format("put together {} encrypted datagrams", whole) : "";
        if (taken) did += fmt::format("{}took off {} associations", did.empty() ? "" : put ? ", " : " and ", taken);
        if (put) did += fmt::format("{}put on {}{}", did.empty() ? "" : " and ", put, taken ? "" : " associations");
        notes.push_back(fmt::format("{}: its CPU {}: {} cycles{}, copies apart", host.path, did, cycles,
                                    taken + put ? fmt::format(", {} for each", cycles / (taken + put)) : ""));
    }
    if (const std::uint64_t sent = counted(s, stack + "sent_by_rings"), returned = counted(s, stack + "put_on_by_rings"); sent || returned)
        notes.push_back(fmt::format("{}: rings put associations on {} packets that they sent on, and on {} that they gave back", host.path, sent, returned));
    if (const std::uint64_t lost = counted(s, stack + "not_put_on_by_rings") + counted(s, stack + "with_lost_rings"))
        notes.push_back(
            fmt::format("{}: dropped {} packets that rings were to protect and did not do, or that were with a unit that is gone", host.path, lost));
    note_ends(s, host.path, {stack, stack + "security_"}, notes);
    std::uint64_t refused = 0;
    for (const char* why : {"not_protected", "protected_too_long", "protection_expired", "protection_exhausted", "unprotectable"})
        refused += counted(s, stack + why);
    if (refused) notes.push_back(fmt::format("{}: dropped {} datagrams that it was to protect and could not: nothing of them was sent", host.path, refused));
}

}  // namespace

std::vector<std::string> crypto_notes(const resolved& r, sim::session& s) {
    std::vector<std::string> notes;
    if (!r.of_kind("sa").empty() && payload_of(r) == ipsec::payload_kind::timing_only)
        notes.push_back("payload = \"timing-only\": nothing was encrypted; what captures show behind a header of ESP is clear, and Wireshark cannot check it");
    for (const component* sa : r.of_kind("sa"))
        if (sa->integer("fragments_in_transport") && sa->text("mode") == "transport")
            notes.push_back(fmt::format("{}: {} protects fragments in transport mode, as the scenario asks: no sender that conforms does "
                                        "(RFC 4303, 3.3.4)",
                                        sa->path, sa->text("from")));
    for (const component* sa : r.of_kind("sa"))
        if (!parameters_of(*sa, r).algorithms.authenticates())
            notes.push_back(fmt::format("{}: encrypts and does not authenticate, as the scenario asks: what is changed on the way goes through as something "
                                        "else (RFC 4303, 1; RFC 8221, 4)",
                                        sa->path));
    for (const component* nic : r.of_kind("nic")) {
        if (!nic->integer("crypto.enable")) continue;
        const std::string block = nic->path + ".crypto.";
        const std::uint64_t over_152 = counted(s, block + "visits_152"), fed_back = counted(s, block + "visits_122") + over_152,
                            opened = counted(s, block + "opened_fed_back");
        if (fed_back)
            notes.push_back(fmt::format("{}: its {} took {} that had come in fragments, encrypted; {} then decrypted in the nic, and nothing of them by "
                                        "the host",
                                        nic->path, over_152 ? "transmit path 152" : "feedback path 110", amount(fed_back, "datagram"),
                                        opened == fed_back ? (opened == 1 ? "it was" : "all were") : fmt::format("{} of them were", opened)));
        const bool priority_helps = nic->text("crypto.feedback_input").rfind("transmit_152", 0) != 0;
        if (level_now(s, block + "locked_up"))
            notes.push_back(fmt::format("{}: its feedback loop has locked up: {}, 21a is full of packets that wait for 22b, and 22b waits {}. {}bubble_rule = "
                                        "true keeps it from that",
                                        nic->path, nic->integer("crypto.buffer_140") ? "buffer 140 is full" : "22b has a datagram to send back",
                                        nic->integer("crypto.buffer_140") ? "for 140" : "for 21a",
                                        priority_helps ? "priority = \"feedback_first\" with a buffer 140, or " : ""));
        const std::string out = nic->path + ".crypto_transmit.";
        if (const std::uint64_t sent = counted(s, out + "protected"))
            notes.push_back(fmt::format("{}: put associations on {} packets on their way out, {} clocks of engines for each", nic->path, sent,
                                        counted(s, out + "engine_clocks") / sent));
        note_ends(s, nic->path, {block, out, nic->path + ".driver.rings."}, notes);
        std::uint64_t refused = 0;
        std::string reasons;
        for (const char* why : {"stale_handle", "number_refused", "no_number", "exhausted", "expired", "frozen", "too_long", "unprotectable", "without_engines",
                                "engine_failures"})
            if (const std::uint64_t n = counted(s, out + why)) {
                refused += n;
                reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", n, why);
            }
        if (refused) notes.push_back(fmt::format("{}: refused {} packets that it was to protect ({}): nothing of them was sent", nic->path, refused, reasons));
        const std::uint64_t hits = counted(s, block + "cache_hits"), misses = counted(s, block + "cache_misses");
        if (nic->integer("crypto.cache_entries") && hits + misses) {
            std::string missed = fmt::format("fetched {}, {} clocks each", misses, nic->integer("crypto.cache_miss_clocks"));
            if (nic->text("crypto.cache_miss") == "over_the_bus") missed = fmt::format("fetched {} over the bus", misses);
            if (nic->text("crypto.cache_miss") == "to_host") missed = fmt::format("left the packets of {} to the host", misses);
            notes.push_back(fmt::format("{}: its cache of associations had {} of {} look-ups at hand and {}", nic->path, hits, hits + misses, missed));
        }
        if (const std::uint64_t pauses = nic->integer("driver.flow_control") ? counted(s, nic->path + ".tx_pauses") : 0)
            notes.push_back(fmt::format("{}: sent {} PAUSE frames, as buffer 142 filled and when it had room again", nic->path, pauses));
        if (const std::uint64_t left = counted(s, block + "delivered_encrypted"))
            notes.push_back(fmt::format("{}: {} packets came to the host encrypted", nic->path, left));
    }
    for (const component* card : r.of_kind("crypto_card")) note_ends(s, card->path, {card->path + ".driver.rings."}, notes);
    for (const component* host : r.of_kind("host")) note_software(*host, r, s, notes);
    for (const char* kind : {"peer", "router"})
        for (const component* c : r.of_kind(kind))
            if (const std::uint64_t unsent = counted(s, c->path + ".unsent"))
                notes.push_back(fmt::format("{}: dropped {} before any frame was made: a policy discards them, or an association is over or makes "
                                            "them too long",
                                            c->path, amount(unsent, "datagram")));
    return notes;
}

std::vector<std::string> device_refusal_notes(const resolved& r, const system& built) {
    std::vector<std::string> notes;
    for (const component& c : r.components)
        if (const driver::unit_associations* there = built.associations_in(c.path))
            for (const auto& n : there->refusals())
                notes.push_back(fmt::format("{}: did not get association {}{}: {}", c.path, n.association,
                                            n.times > 1 ? fmt::format(", {} times", n.times) : "", n.why));
    return notes;
}

std::vector<std::string> audit_notes(const resolved& r, const system& built) {
    std::vector<std::string> notes;
    // What a block does not know its host's CPU may: nothing was dropped then.
    const auto cpu_opens = [&r](const component* host) {
        for (const component* sa : r.of_kind("sa"))
            if (taken_off_by_cpu(*sa) && host_of(receiver_of(*sa, r)) == host) return true;
        return false;
    };
    const auto tell = [&](const std::string& where, const component* host, const ipsec::audit_trail& all) {
        for (const auto& [reason, e] : all.entries()) {
            if (reason == ipsec::name(ipsec::passage::no_association) && cpu_opens(host)) continue;
            notes.push_back(fmt::format("audit: {}: {} {} packet{}, the first at {} from {} to {}{}", where, reason, e.times, e.times == 1 ? "" : "s",
                                        report::time_text(e.at), packet::to_text(e.source), packet::to_text(e.destination),
                                        e.spi || e.sequence ? fmt::format(", SPI {:#010x}, sequence number {}", e.spi, e.sequence) : ""));
        }
    };
    for (const component* n : r.of_kind("nic"))
        if (const offload::receive_block* block = n->integer("crypto.enable") ? built.crypto_of(n->path) : nullptr)
            tell(n->path + ".crypto", host_of(n), block->audited());
    for (const component* h : r.of_kind("host")) {
        const stack::protocol_stack_100* stack = built.stack_of(h->path);
        if (const ipsec::audit_trail* all = stack ? stack->audited() : nullptr) tell(h->path + ".stack", h, *all);
    }
    return notes;
}

}  // namespace nicteam::scenario
