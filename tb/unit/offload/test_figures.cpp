// FIG. 5 and FIG. 7 of source document 004 through the block with time: which numbered steps a datagram takes, in which order they happen,
// and both directions in which multiplexer 120 makes one wait for the other. What no case takes is printed, and fails.
#include <algorithm>
#include <iostream>
#include <set>
#include <sstream>

#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

bytes may_be_cut(std::size_t payload) {
    bytes p = datagram(payload);
    p[6] = 0;
    packet::finish_ip(p);
    return p;
}

std::vector<bytes> cut(const std::vector<bytes>& whole, std::size_t mtu) {
    std::vector<bytes> out;
    std::uint32_t id = 500;
    for (const bytes& w : whole) packet::fragment({w.data(), w.size()}, mtu, ++id, out);
    return out;
}

enum class how { plain, encrypted, cut_plain, cut_before, cut_behind, cut_between };

struct journey : rig {
    explicit journey(const crypto_config& c, sim::packet_observer* o = nullptr) : rig(c, o) {
        for (const auto& [spi, name] : {std::pair{0x1001u, "inner"}, {0x1002u, "outer"}}) {
            from.table.add(tunnel(spi, name));
            block.install(tunnel(spi, name));
        }
    }
    void comes(how h) {
        std::vector<bytes> wire{may_be_cut(1'000)};
        const auto protect = [&](const char* name) {
            std::vector<bytes> out;
            for (const bytes& w : wire) out.push_back(from.send(w, {name})[0]);
            wire = out;
        };
        if (h == how::cut_plain || h == how::cut_before) wire = cut(wire, 576);
        if (h == how::encrypted || h == how::cut_behind || h == how::cut_between) protect("inner");
        if (h == how::cut_behind || h == how::cut_between) wire = cut(wire, 576);
        if (h == how::cut_before) protect("inner");
        if (h == how::cut_between) protect("outer");
        for (const bytes& w : wire) frame_of(w);
    }
    sender from;
};

std::string way_of(how h, return_path path = return_path::feedback_110) {
    fresh_kernel k;
    crypto_config c = usual();
    c.return_path = path;
    journey r(c);
    r.comes(h);
    r.run();
    REQUIRE(!r.out.empty());
    CHECK(r.count("step_204") + r.count("step_704") + r.count("step_706") >= r.out.size());
    std::istringstream words(r.out.back().way);
    for (std::string n; words >> n;) CHECK(r.count("step_" + n) > 0);
    return r.out.back().way;
}

}  // namespace

TEST_CASE("every way through FIG 5 in the block with time") {
    CHECK(way_of(how::plain) == "200 204");
    CHECK(way_of(how::encrypted) == "200 202 204");
    CHECK(way_of(how::cut_plain) == "200 206 208 204");
    CHECK(way_of(how::cut_before) == "200 206 210 212 208 204");
    CHECK(way_of(how::cut_behind) == "200 206 210 214 216 218 202 204");
    CHECK(way_of(how::cut_between) == "200 206 210 214 220 216 218 202 204");
}

TEST_CASE("every way through FIG 7 in a block without the feedback path") {
    CHECK(way_of(how::plain, return_path::host) == "700 704");
    CHECK(way_of(how::encrypted, return_path::host) == "700 702 704");
    CHECK(way_of(how::cut_plain, return_path::host) == "700 704");
    CHECK(way_of(how::cut_before, return_path::host) == "700 702 704");
    CHECK(way_of(how::cut_behind, return_path::host) == "700 706");
    CHECK(way_of(how::cut_between, return_path::host) == "700 702 706");
    // 708 is the host's: tb/system/outcomes/test_figures.py.
}

TEST_CASE("the events of a datagram that goes round come in the order of the figure") {
    fresh_kernel k;
    books b;
    journey r(usual(), &b);
    r.comes(how::cut_between);
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.run();
    REQUIRE(r.out.size() == 1);
    auto& s = b.stages;
    const std::size_t pieces = r.frames.size();
    REQUIRE(pieces == 2);
    REQUIRE(s["mux_130"].size() == pieces);
    REQUIRE(s["engines_done"].size() == pieces + 1);      // 220 of each piece, then 202
    for (std::size_t n = 0; n < pieces; ++n) {
        CHECK(s["in_142"][n] < s["mux_130"][n]);          // 200
        CHECK(s["mux_130"][n] < s["engines_start"][n]);   // 206 210 214: behind its last word, with the look-up
        CHECK(s["engines_start"][n] < s["engines_done"][n]);      // 220
    }
    REQUIRE(s["fed_back"].size() == 1);
    REQUIRE(s["mux_122"].size() == 1);
    CHECK(s["engines_done"][pieces - 1] < s["fed_back"][0]);      // 216, 218
    CHECK(s["fed_back"][0] < s["mux_122"][0]);
    CHECK(s["mux_122"][0] < s["engines_start"][pieces]);
    CHECK(s["engines_start"][pieces] < s["engines_done"][pieces]);        // 202
    CHECK(s["engines_done"][pieces] < s["delivered_22b"][0]);             // 204
    CHECK(s["delivered_22b"].size() == 1);
}

TEST_CASE("either input of multiplexer 120 waits for the last word of what passes from the other") {
    fresh_kernel k;
    crypto_config c = slow();
    c.engines.assign(8, "aes-128-round");
    c.engines.insert(c.engines.end(), 8, "sha1");
    c.places = 16;
    c.buffer_140 = 8;
    books b;
    loop r(c, &b);
    r.interleaved(8);
    for (int n = 0; n < 12; ++n) r.frame_of(datagram(700));
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.run(50 * millisecond);
    REQUIRE(b.stages["mux_122"].size() == 8);
    REQUIRE(b.stages["mux_130"].size() == r.frames.size());
    struct passing {
        ps from, until;
        bool back;
    };
    std::vector<passing> all;
    for (std::size_t n = 0; n < r.frames.size(); ++n) {
        const auto words = static_cast<ps>((r.frames[n].first->data.size() + 3) / 4);
        all.push_back({b.stages["mux_130"][n], b.stages["mux_130"][n] + words * c.period, false});
    }
    for (std::size_t n = 0; n < 8; ++n) {
        const std::size_t inside = 20 + 8 + 16 + (20 + 8 + 560 + n + 2 + 15) / 16 * 16 + 12;
        all.push_back({b.stages["mux_122"][n], b.stages["mux_122"][n] + static_cast<ps>((14 + inside + 4 + 3) / 4) * c.period, true});
    }
    std::sort(all.begin(), all.end(), [](const passing& x, const passing& y) { return x.from < y.from; });
    unsigned back_waited = 0, forward_waited = 0;
    for (std::size_t n = 1; n < all.size(); ++n) {
        CHECK(all[n].from >= all[n - 1].until);           // un-interrupting: I-7
        if (all[n].back != all[n - 1].back && all[n].from == all[n - 1].until) ++(all[n].back ? back_waited : forward_waited);
    }
    CHECK(back_waited > 0);                      // at the very edge of the last word
    CHECK(forward_waited > 0);
    CHECK(r.count("waits_for_feedforward") >= back_waited);
    CHECK(r.count("waits_for_feedback") >= forward_waited);
}

TEST_CASE("every number of both figures but the host's is taken by some way") {
    std::set<std::string> hit;
    for (const how h : {how::plain, how::encrypted, how::cut_plain, how::cut_before, how::cut_behind, how::cut_between})
        for (const return_path path : {return_path::feedback_110, return_path::host}) {
            std::istringstream words(way_of(h, path));
            for (std::string n; words >> n;) hit.insert(n);
        }
    std::string missing;
    for (const step_info& s : flow_chart()) {
        const std::string n = std::to_string(static_cast<unsigned>(s.number));
        if (s.number != step::reassemble_in_host_708 && !hit.count(n)) missing += "\n  " + n + " of " + s.figure + ": " + s.meaning;
    }
    if (!missing.empty()) std::cout << "numbers that no way takes:" << missing << '\n';
    CHECK(missing == "");
}
