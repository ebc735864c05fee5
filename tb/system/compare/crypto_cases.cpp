#include <sstream>

#include "system/compare/crypto_model.h"
#include "system/compare/random.h"

namespace compare {

using nicteam::test::crypto_case;
using nicteam::test::crypto_packet;
using nicteam::test::crypto_visit;

crypto_case random_crypto(std::uint64_t seed, std::uint64_t index) {
    random_source r(seed, index);
    crypto_case c;
    c.block_period = r.any<std::int64_t>({30'000, 15'000, 80'000, 40'000, 22'519});
    c.octet_period = r.any<std::int64_t>({80'000, 8'000, 160'000, 30'000});
    c.word_octets = r.any<unsigned>({1, 4, 4, 8, 16});
    c.crossing = static_cast<unsigned>(r.between(1, 3));
    c.octets_142 = r.any<unsigned>({0, 300, 1'600, 4'096, 16'384});
    c.places = static_cast<unsigned>(r.between(1, 4));
    if (c.octets_142 && r.one_in(2)) c.cut_through = c.word_octets + static_cast<unsigned>(r.between(0, 150));
    c.cipher_engines = static_cast<unsigned>(r.between(1, 3));
    c.authentication_engines = static_cast<unsigned>(r.between(1, 3));
    c.places_140 = static_cast<unsigned>(r.between(0, 3));
    c.separate_150 = !c.cut_through && r.one_in(3);
    c.sorts = c.octets_142 > 1'000 && r.one_in(3);
    if (c.sorts && r.one_in(2)) c.kept_142 = static_cast<unsigned>(r.between(1, 1'000));
    if (r.one_in(3)) {
        c.cache_sets = static_cast<unsigned>(r.between(1, 3));
        c.cache_ways = static_cast<unsigned>(r.between(1, 3));
        c.least_recently_used = r.one_in(2);
        c.miss_clocks = static_cast<unsigned>(r.between(0, 90));
    }
    c.path_152 = !c.separate_150 && r.one_in(3);
    if (c.path_152) {
        c.cache_sets = 0;                 // one cache for both: the order at one edge is the owner's to say
        if (r.one_in(2)) c.tag_152 = c.word_octets;
        c.gap_16a = r.one_in(2) ? 0 : static_cast<unsigned>(r.between(1, 400));
    }
    if (!c.separate_150 && !c.cut_through && r.one_in(3)) {
        c.chips = static_cast<unsigned>(r.between(2, 3));
        c.link_period = r.any<std::int64_t>({30'000, 10'000, 40'000, 22'519, 97'000});
        c.link_word = r.any<unsigned>({1, 2, 4, 8});
        c.link_latency = static_cast<unsigned>(r.between(0, 6));
    }
    c.drop_at_140 = r.one_in(3);
    c.priority = r.any({crypto_case::feedback_first, crypto_case::feedforward_first, crypto_case::alternate});
    c.bubble = r.one_in(4);
    c.sink_gap = r.one_in(2) ? 0 : static_cast<unsigned>(r.between(1, 200));
    const auto octets = [&r] { return static_cast<unsigned>(r.one_in(3) ? r.between(1, 80) : r.between(20, 400)); };
    const unsigned often = static_cast<unsigned>(r.between(1, 5)), heavy = static_cast<unsigned>(r.any({1, 10, 100, 400}));
    for (std::int64_t n = r.between(1, 25); n > 0; --n) {
        crypto_packet p;
        p.gap = r.one_in(3) ? static_cast<unsigned>(r.between(1, 400)) : 12;
        p.octets = octets();
        p.good = !r.one_in(c.cut_through ? 4 : 12);
        p.past_21a = c.sorts && r.one_in(2);
        while (true) {
            crypto_visit v;
            v.lookup = r.one_in(2) ? 0 : static_cast<unsigned>(r.between(1, 40));
            if (r.one_in(2))
                for (std::int64_t n = r.between(1, 3); n > 0; --n) v.associations.push_back(static_cast<unsigned>(r.between(0, 11)));
            for (std::int64_t jobs = r.one_in(3) ? 0 : r.between(1, 2); jobs > 0; --jobs) {
                const auto clocks = [&] { return r.one_in(5) ? 0u : static_cast<unsigned>(r.between(1, heavy)); };
                v.jobs.push_back({clocks(), clocks(), r.one_in(2) ? 0u : static_cast<unsigned>(r.between(1, 20)), !r.one_in(3)});
            }
            v.octets_from_21a = octets();
            v.octets_from_22b = octets();
            v.clocks_22b = r.one_in(2) ? 0 : static_cast<unsigned>(r.between(1, 30));
            v.then = r.one_in(often) && p.visits.size() < 3 && !p.past_21a ? crypto_visit::back : r.any({crypto_visit::out, crypto_visit::out, crypto_visit::held, crypto_visit::dropped});
            p.visits.push_back(v);
            if (v.then != crypto_visit::back) break;
        }
        c.packets.push_back(p);
    }
    if (!c.path_152) return c;
    for (std::int64_t n = r.between(0, 15); n > 0; --n) {
        nicteam::test::crypto_transmission t;
        t.gap = static_cast<unsigned>(r.between(1, 300));
        t.octets = octets();
        t.visit.octets_from_21a = octets();
        t.visit.lookup = r.one_in(2) ? 0 : static_cast<unsigned>(r.between(1, 40));
        if (!r.one_in(3)) t.visit.jobs.push_back({static_cast<unsigned>(r.between(1, heavy)), static_cast<unsigned>(r.between(0, heavy)), static_cast<unsigned>(r.between(0, 20)), r.one_in(2)});
        c.transmitted.push_back(t);
    }
    return c;
}

std::string text_of(const crypto_case& c) {
    std::ostringstream o;
    o << "block " << c.block_period << " octet " << c.octet_period << " word " << c.word_octets << " crossing " << c.crossing << " 142: " << c.octets_142 << " places " << c.places
      << " engines " << c.cipher_engines << '/' << c.authentication_engines << " 140: " << c.places_140 << (c.separate_150 ? " input 150" : c.path_152 ? " path 152" : "") << (c.drop_at_140 ? " drop" : "") << " priority " << c.priority
      << (c.bubble ? " bubble" : "") << " gap " << c.sink_gap;
    if (c.cut_through) o << " cut-through " << c.cut_through;
    if (c.sorts) o << " kept " << c.kept_142;
    if (c.cache_sets) o << " cache " << c.cache_sets << 'x' << c.cache_ways << (c.least_recently_used ? " lru " : " fifo ") << c.miss_clocks;
    if (c.chips > 1) o << " chips " << c.chips << " link " << c.link_period << '/' << c.link_word << '+' << c.link_latency;
    if (c.path_152) o << " tag " << c.tag_152 << " 16a gap " << c.gap_16a;
    for (const auto& t : c.transmitted) o << "\n  sent: gap " << t.gap << " octets " << t.octets << " lookup " << t.visit.lookup << " jobs " << t.visit.jobs.size() << " -> " << t.visit.octets_from_21a;
    o << '\n';
    for (const auto& p : c.packets) {
        o << "  gap " << p.gap << " octets " << p.octets << (p.good ? "" : " bad") << (p.past_21a ? " past 21a" : "") << '\n';
        for (const auto& v : p.visits) {
            o << "    lookup " << v.lookup << " jobs";
            for (const auto& j : v.jobs) o << ' ' << j.cipher << '/' << j.authentication << '+' << j.lag << (j.chained ? "c" : "s");
            o << " -> " << v.octets_from_21a << ", 22b " << v.clocks_22b << " then " << v.then << ' ' << v.octets_from_22b << '\n';
        }
    }
    return o.str();
}

}  // namespace compare
