// The transmit side of the crypto block as a device carries it: frames whole in the FIFO in, words into the frame buffer out.
#include "unit/offload/transmit_rig.h"

using namespace nicteam;
using namespace nicteam::test::transmit;
using nicteam::test::fresh_kernel;

TEST_CASE("a packet that is put behind an association takes the closed form of its way") {
    fresh_kernel k;
    crypto_config c = usual();
    c.lookup_clocks = 11;
    c.package_clocks = 6;
    c.crossing = 3;
    rig r(c);
    r.settle();
    const state::handle h = r.install(tunnel());
    const bytes f = clear_frame(400);
    const ps whole = 1'000'001;                      // between two edges
    r.frame_at(whole, f, protection_order{h, 0});
    r.frame_at(whole + millisecond, f, protection_order{h, 0});
    r.run();
    REQUIRE(r.out.size() == 2);
    const engine_set set(c.engines, c.coupling);
    const auto p = tunnel();
    const std::size_t text = esp_text(p.algorithms, f.size() - packet::ethernet_header);
    const clock_domain clock(period);
    for (int n = 0; n < 2; ++n) {
        const auto engines = esp_clocks(set.serving(p, way::out).with, p.algorithms, way::out, text, false, n == 0);
        const ps seen = clock.after(whole + n * millisecond, 3);
        const ps into_22a = seen + edges(1), in_22a = into_22a + edges(words(f.size())), offered = in_22a + edges(6);
        const ps into_21a = offered + edges(1), in_21a = into_21a + edges(words(f.size())), done = in_21a + edges(11 + engines.total);
        CHECK(r.out[n].taken == done + edges(1));
        CHECK(r.left[n] == in_22a);
        CHECK(r.out[n].octets == packet::ethernet_header + 20 + 8 + 16 + text + 12);
        CHECK(r.out[n].words.first() == r.out[n].taken + period);
        CHECK(r.out[n].words.units() == words(r.out[n].octets));
    }
    CHECK(r.count("engine_visits") == 2);
    CHECK(r.count("frames") == 2);
    CHECK(r.count("buffered") == 2);
}

TEST_CASE("what is not protected passes as it is with no engine and keeps its place in the order") {
    fresh_kernel k;
    rig r(usual());
    r.settle();
    const state::handle h = r.install(tunnel());
    const bytes f = clear_frame(1'000), small = clear_frame(10);
    r.frame_at(period, f, protection_order{h, 0});
    r.frame_at(2 * period, small);
    r.run();
    REQUIRE(r.out.size() == 2);
    CHECK(r.out[0].octets > f.size());
    CHECK(r.out[1].octets == small.size());
    CHECK(r.out[1].frame->data == small);
    CHECK(r.out[1].taken > r.out[0].taken);
    CHECK(r.count("engine_visits") == 1);
    CHECK(r.count("protected") == 1);
}

TEST_CASE("the far end opens what went out and no number and no IV comes twice") {
    fresh_kernel k;
    rig r(usual());
    r.settle();
    const state::handle h = r.install(tunnel());
    ipsec::association peer(tunnel());
    std::map<bytes, int> ivs;
    std::vector<bytes> clear;
    for (int n = 0; n < 20; ++n) {
        clear.push_back(clear_frame(static_cast<std::size_t>(n * 61)));
        r.frame_at(n * 100 * microsecond + 1, clear.back(), protection_order{h, 0});
    }
    r.run();
    REQUIRE(r.out.size() == 20);
    for (int n = 0; n < 20; ++n) {
        std::uint64_t sequence = 0;
        CHECK(opened(r.out[n], peer, &sequence) == inner(clear[n]));
        CHECK(sequence == static_cast<std::uint64_t>(n) + 1);
        const bytes& d = r.out[n].frame->data;
        ++ivs[bytes(d.begin() + 14 + 20 + 8, d.begin() + 14 + 20 + 8 + 16)];
        CHECK(packet::check_fcs(*r.out[n].frame));
    }
    CHECK(ivs.size() == 20);
}

TEST_CASE("every refusal has its reason and its counter and lets nothing out") {
    fresh_kernel k;
    rig r(usual());
    r.settle();
    auto limited = tunnel(0x1002);
    limited.hard.packets = 1;
    auto narrow = tunnel(0x1003);
    narrow.path_mtu = 600;
    auto transport = tunnel(0x1004);
    transport.mode = ipsec::association_mode::transport;
    const state::handle lent = r.install(tunnel(0x1000), 1), numbers = r.install(tunnel(0x1001), 0), dead = r.install(limited), cliff = r.install(narrow),
                        through = r.install(transport);
    const state::handle last = r.install(tunnel(0x1005), 0);
    REQUIRE(r.block.associations().find(last)->take({0xFFFF'FFFF, 0xFFFF'FFFF}));
    const bytes f = clear_frame(100), whole = clear_frame(1'472);
    bytes arp = f, cut = f;
    arp[12] = 0x08, arp[13] = 0x06;
    cut.resize(packet::ethernet_header + 10);
    std::vector<bytes> pieces;
    const bytes big = inner(clear_frame(900, false));
    packet::fragment({big.data(), big.size()}, 576, 0, pieces);
    bytes piece(f.begin(), f.begin() + packet::ethernet_header);
    piece.insert(piece.end(), pieces.at(0).begin(), pieces.at(0).end());

    using t = transmit_refusal;
    const struct {
        bytes frame;
        protection_order order;
        t want;
        const char* counted;
        ipsec::outcome why = ipsec::outcome::done;
    } rows[] = {
        {f, {lent, 0}, t::none, "protected"},
        {f, {lent, 0}, t::no_number, "no_number"},
        {f, {{lent.index, lent.generation + 1}, 0}, t::stale_handle, "stale_handle"},
        {f, {{77, 1}, 0}, t::stale_handle, "stale_handle"},
        {f, {lent, 5}, t::none, "protected"},
        {f, {lent, 5}, t::number_refused, "number_refused"},
        {f, {lent, 4}, t::number_refused, "number_refused"},
        {f, {numbers, 9}, t::none, "protected"},
        {f, {cliff, 9}, t::number_refused, "number_refused"},      // numbers are lent to it
        {f, {dead, 0}, t::none, "protected"},
        {f, {dead, 0}, t::expired, "expired"},
        {whole, {numbers, 10}, t::too_long, "too_long"},
        {clear_frame(600), {cliff, 0}, t::too_long, "too_long"},
        {arp, {numbers, 10}, t::packet, "unprotectable", ipsec::outcome::malformed},
        {cut, {numbers, 10}, t::packet, "unprotectable", ipsec::outcome::malformed},
        {piece, {through, 0}, t::packet, "unprotectable", ipsec::outcome::fragment},
        {f, {last, 0}, t::none, "protected"},
        {f, {last, 0}, t::exhausted, "exhausted"},
    };
    ps at = microsecond;
    std::size_t let_out = 0;
    for (const auto& row : rows) {
        const std::uint64_t before = r.count(row.counted);
        r.frame_at(at, row.frame, row.order);
        r.run(at + 400 * microsecond);
        at += 500 * microsecond;
        INFO(row.counted << " " << let_out);
        CHECK(r.refusals.back() == row.want);
        CHECK(r.why == row.why);
        CHECK(r.count(row.counted) == before + 1);
        let_out += row.want == t::none;
        CHECK(r.out.size() == let_out);
    }
    CHECK(r.count("frames") == let_out);
}

TEST_CASE("a full frame buffer holds everything off in order and loses nothing") {
    fresh_kernel k;
    crypto_config c = usual();
    rig r(c);
    r.settle();
    const state::handle h = r.install(tunnel());
    r.room_from = never;
    for (int n = 0; n < 6; ++n) r.frame_at(1 + n, clear_frame(static_cast<std::size_t>(200 + n)), protection_order{h, 0});
    r.run(5 * millisecond);
    CHECK(r.out.empty());
    CHECK(r.left.size() == 4);                       // two in 21a, one offered by 22a and one in it
    r.timers.set(2, 6 * millisecond + 7);
    r.run();
    REQUIRE(r.out.size() == 6);
    CHECK(r.out[0].taken == clock_domain(period).after(6 * millisecond + 7));
    ipsec::association peer(tunnel());
    for (int n = 0; n < 6; ++n) CHECK(opened(r.out[n], peer) == inner(clear_frame(static_cast<std::size_t>(200 + n))));
    for (int n = 1; n < 6; ++n) CHECK(r.out[n].taken >= r.out[n - 1].words.last());
    CHECK(r.out[1].taken == r.out[0].words.last());  // no idle clock between what waited
}

TEST_CASE("a reset in the middle throws away what is inside and its number is a gap") {
    fresh_kernel k;
    struct books : sim::packet_observer {
        std::map<trace_id, std::string> ends;
        void born(trace_id, trace_id, const std::string&, std::uint32_t, ps) override {}
        void passed(trace_id, const stage_info&, const std::string&, ps) override {}
        void ended(trace_id id, const outcome_info& o, const std::string&, ps) override { ends[id] = o.name; }
        void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
    } seen;
    rig r(usual());
    sim::session::current().observe(&seen);
    r.settle();
    const state::handle h = r.install(tunnel());
    r.frame_at(1, clear_frame(1'200), protection_order{h, 0}, 1);
    r.frame_at(2, clear_frame(1'200), protection_order{h, 0}, 2);
    r.timers.set(1, 25 * microsecond);               // the first is with the engines
    r.frame_at(100 * microsecond, clear_frame(300), protection_order{h, 0}, 3);
    r.run();
    REQUIRE(r.out.size() == 1);
    ipsec::association peer(tunnel());
    std::uint64_t sequence = 0;
    CHECK(opened(r.out[0], peer, &sequence) == inner(clear_frame(300)));
    CHECK(sequence == 3);
    CHECK(seen.ends.at(1) == "put_on");
    CHECK(seen.ends.at(2) == "block_reset");
    std::size_t thrown = 0;
    for (const auto& [id, how] : seen.ends) thrown += how == "block_reset";
    CHECK(thrown == 2);
}

namespace {

// Receives nothing but keeps engines busy.
struct both : receive_block_user {
    explicit both(const crypto_config& c) : in("crypto", c, *this), out(c, &in) {}
    bool has_room(std::uint32_t, ps) const override { return true; }
    void comes(const delivered&, const span&, ps) override {}
    void came(const delivered&, ps at) override { came_at.push_back(at); }
    receive_block in;
    rig out;
    std::vector<ps> came_at;
};

ipsec::association_parameters inbound() {
    auto p = tunnel(0x2000);
    std::swap(p.source, p.destination);
    p.tunnel.source = p.source, p.tunnel.destination = p.destination;
    return p;
}

// When both are done: a packet in and a packet out that ask for the engines `apart` behind each other.
std::pair<ps, ps> side_by_side(bool shared, ps apart) {
    fresh_kernel k;
    crypto_config c = usual();
    c.engines_shared = shared;
    both b(c);
    b.out.settle();
    REQUIRE(b.in.install(inbound()) == "");
    const state::handle h = b.out.install(tunnel());
    ipsec::association sender(inbound());
    const bytes clear = clear_frame(1'000);
    bytes protected_packet;
    ipsec::work w;
    const bytes iv(16, 3), plain = inner(clear);
    REQUIRE(ipsec::protect(sender, {plain.data(), plain.size()}, 1, iv.data(), protected_packet, w) == ipsec::outcome::done);
    const ref<frame> f = frame::make();
    packet::append_ethernet(f->data, {2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, packet::ether_type::ipv4);
    f->data.insert(f->data.end(), protected_packet.begin(), protected_packet.end());
    packet::append_lazy_fcs(*f);
    struct sender_of : sim::agenda_user {
        sender_of(receive_block& b, frame_ref f) : block(b), what(std::move(f)), timers("sender", *this, 1) { timers.set(0, microsecond); }
        void due(unsigned, ps at) override {
            if (begun) return block.end(what, true);
            begun = true;
            span o;
            o.append({at, 8'000, static_cast<std::uint32_t>(what->data.size())});
            block.begin(what, o);
            timers.set(0, o.last());
        }
        receive_block& block;
        frame_ref what;
        sim::agenda timers;
        bool begun = false;
    } from(b.in, frame_ref(f));
    // 21a of the receive side is whole at: last octet, crossing, take, words.
    const clock_domain clock(period);
    const ps last = microsecond + 8'000 * static_cast<ps>(f->data.size() - 1);
    const ps in_whole = clock.after(last, 2) + edges(1 + words(f->data.size()));
    const ps out_way = edges(2 + 1 + words(clear.size()) + 4 + 1 + words(clear.size()));      // from an edge
    b.out.frame_at(in_whole - out_way + apart, clear, protection_order{h, 0});
    b.out.run();
    REQUIRE(b.out.out.size() == 1);
    REQUIRE(b.came_at.size() == 1);
    return {b.came_at[0], b.out.out[0].taken};
}

}  // namespace

TEST_CASE("directions with engines of their own do not meet and with shared ones the receive side goes first at one edge") {
    const ps afar = edges(60'000);
    const auto alone = side_by_side(false, afar);
    const auto own = side_by_side(false, 0);
    CHECK(own.first == alone.first);
    CHECK(own.second == alone.second - afar);
    CHECK(side_by_side(true, afar) == alone);
    const auto shared = side_by_side(true, 0), later = side_by_side(true, period), sooner = side_by_side(true, -period);
    CHECK(shared.first == alone.first);
    CHECK(shared.second > own.second + 30 * microsecond / 2);
    CHECK(later.second == shared.second);            // it waits for the same end
    CHECK(later.first == alone.first);
    CHECK(sooner.second == own.second - period);
    CHECK(sooner.first > alone.first + 30 * microsecond / 2);
}

TEST_CASE("contradictions of the transmit side are told") {
    crypto_config c = usual();
    CHECK(check(c).empty());
    c.transmit_engines = {"sha1"};
    CHECK(check(c).empty());
    c.engines_shared = true;
    CHECK(check(c).at(0).parameter == "transmit_engines");
    c = usual();
    c.transmit_engines = {"abacus"};
    CHECK(check(c).at(0).parameter == "transmit_engines");
    c = usual();
    c.longest_packet = 9'000;
    CHECK(check(c).at(0).parameter == "frame_buffer");
    fresh_kernel k;
    c = usual();
    c.transmit_engines = {"sha1"};
    rig r(c);
    CHECK(r.block.install(tunnel()).refused.find("aes") != std::string::npos);
}
