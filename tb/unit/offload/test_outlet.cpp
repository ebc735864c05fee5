// From 22b to whoever stores packets: a packet that there is never room for stalls in the middle and resumes; one that is too long for the host goes in pieces.
#include "nicteam/packet/reassembly.h"
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

namespace {

// Holds `size` octets, and drains `burst` of them every `every`.
struct small_fifo : loop {
    explicit small_fifo(const crypto_config& c, std::uint32_t octets, std::uint32_t each, ps spaced, books* b = nullptr)
        : loop(c, b), size(octets), burst(each), every(spaced), drain(*this), bursts("bursts", drain, 1) {
        sim::session::current().settle_order();
        bursts.set(0, every);
    }
    struct drains : sim::agenda_user {
        explicit drains(small_fifo& f) : fifo(f) {}
        void due(unsigned, ps at) override { fifo.drained(at); }
        small_fifo& fifo;
    };
    std::uint32_t entered(ps at) const { return stored + static_cast<std::uint32_t>(plan.passed(at)); }
    void drained(ps at) {
        const std::uint32_t inside = entered(at) - left;
        highest = std::max(highest, entered(at + 1) - left);
        left += std::min(inside, burst);
        block.room_again();
        bursts.set(0, at + every);
    }
    bool has_room(std::uint32_t octets, ps at) const override { return entered(at) == left || entered(at) - left + octets <= size; }
    std::uint32_t may_hold(std::uint32_t octets, ps at) const override {
        if (octets <= size) return octets;
        return static_cast<std::uint32_t>(plan.passed(at)) + size - (entered(at) - left);
    }
    void replans(const span& octets, ps at) override {
        CHECK(octets.passed_by(at) == plan.passed_by(at));       // what has passed has passed
        plan = octets;
        ++stalls;
    }
    void comes(const delivered& d, const span& octets, ps at) override {
        loop::comes(d, octets, at);
        plan = octets;
    }
    void came(const delivered& d, ps at) override {
        octets_ = plan;
        loop::came(d, at);
        for (const nicteam::run& r : plan.runs()) CHECK(r.first % 32'000 == 0);           // words pass at edges
        stored += static_cast<std::uint32_t>(plan.units());
        plan.clear();
    }

    std::uint32_t size, burst, stored = 0, left = 0, highest = 0;
    ps every;
    span plan;
    unsigned stalls = 0;
    drains drain;
    sim::agenda bursts;
};

}  // namespace

TEST_CASE("a packet that is longer than its sink stalls and resumes and nothing overruns") {
    for (const unsigned word : {1u, 4u, 16u})
        for (const std::uint32_t size : {160u, 512u}) {
            INFO("words of " << word << ", a sink of " << size);
            fresh_kernel k;
            crypto_config c = usual();
            c.period = 32'000;
            c.word_octets = word;
            small_fifo r(c, size, 60, 3'000'001);
            for (const bytes& piece : r.from.send(datagram(3'000), {"sa"}, 576)) r.frame_of(piece);
            r.frame_of(datagram(64));
            r.run(10 * millisecond);
            REQUIRE(r.out.size() == 2);
            const bool large_first = r.out[0].packet.size() > 1'000;              // words of an octet take so long that the other one is faster
            CHECK((r.out[!large_first].packet == datagram(3'000)));
            CHECK((r.out[large_first].packet == datagram(64)));
            CHECK(r.out[1].first > r.out[0].last);               // from the first word to the last it is nobody else's turn
            CHECK(r.stalls > 5);
            CHECK(r.highest <= size);
            CHECK(r.highest > size - 2 * word);
        }
}

TEST_CASE("a packet that is too long for the host goes in fragments that join to the same octets") {
    for (const bool dont_fragment : {false, true}) {
        fresh_kernel k;
        crypto_config c = usual();
        c.longest_to_host = 1'000;
        books b;
        loop r(c, &b);
        bytes clear = datagram(3'000);
        if (dont_fragment) {
            packet::ipv4_fields f;
            f.source = there, f.destination = here, f.dont_fragment = true;
            const bytes data(3'000, 0x5A);
            clear.clear();
            packet::append_udp_datagram(clear, f, 9'000, 9, {data.data(), data.size()});
        }
        for (const bytes& piece : r.from.send(clear, {"sa"}, 576)) r.frame_of(piece);
        for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
        r.run(10 * millisecond);
        REQUIRE(r.out.size() == 4);
        CHECK(r.count("cut_for_host") == 1);
        CHECK(r.count("pieces_for_host") == 4);
        packet::reassembler again({4, 16, 65'536, second}, packet::discard_all());
        packet::reassembly_step step = packet::reassembly_step::held;
        for (const arrived& a : r.out) {
            CHECK(a.packet.size() <= 1'000);
            CHECK(a.record.verdict == verdict::verified);
            CHECK(a.record.flags == (was_reassembled | was_fed_back | was_cut));
            step = again.add({a.packet.data(), a.packet.size()}, 0, 0, 0);
        }
        REQUIRE(step == packet::reassembly_step::complete);
        bytes joined = again.result().datagram;
        REQUIRE(joined.size() == clear.size());
        CHECK(bytes(joined.begin() + 20, joined.end()) == bytes(clear.begin() + 20, clear.end()));
        std::size_t cut = 0;
        for (const auto& [id, how] : b.ends) cut += how == "cut_for_host";
        CHECK(cut == 1);
    }
}

TEST_CASE("packets that are shorter than a packet of IPv4 that everybody takes are not asked for") {
    crypto_config c = usual();
    c.longest_to_host = 575;
    REQUIRE(check(c).size() == 1);
    CHECK(check(c)[0].parameter == "longest_to_host");
    c.longest_to_host = 576;
    CHECK(check(c).empty());
}
