// The receive side of the crypto block as a device carries it: octets in at the MAC's edges, octets and records out.
#include "unit/offload/block_rig.h"

using namespace nicteam;
using namespace nicteam::offload;
using namespace nicteam::test::block;
using nicteam::test::fresh_kernel;

TEST_CASE("a whole packet is decrypted on its way through and its record names the association") {
    fresh_kernel k;
    rig r(usual());
    sender s;
    s.table.add(tunnel(0x1234));
    REQUIRE(r.block.install(tunnel(0x1234)) == "");
    for (int n = 0; n < 2; ++n) r.frame_of(s.send(datagram(600), {"sa"})[0]);
    r.frame_of(datagram(30));
    r.run();
    REQUIRE(r.out.size() == 3);
    CHECK(r.out[0].packet == datagram(600));
    CHECK(r.out[1].record.verdict == verdict::verified);
    REQUIRE(r.out[1].record.associations.size() == 1);
    CHECK(r.out[1].record.associations[0].sequence == 2);
    CHECK(r.block.associations().find(r.out[1].record.associations[0].association)->parameters().spi == 0x1234);
    CHECK(r.out[1].record.flags == (checksums_checked | checksums_good));
    CHECK(r.out[2].record.verdict == verdict::plain);
    CHECK(r.out[2].record.associations.empty());
    bytes tail;
    r.out[1].record.append_to(tail);
    CHECK(tail.size() == 20);
    CHECK(tail[8] == 2);
    CHECK(bytes(tail.end() - 4, tail.end()) == bytes{1, 0, 12, 1});
    CHECK(r.count("delivered_clear") == 2);
    CHECK(r.count("delivered_plain") == 1);
}

TEST_CASE("the steps of a packet are on the block's edges and take what the closed forms say") {
    fresh_kernel k;
    books b;
    rig r(usual(), &b);
    sender s;
    s.table.add(tunnel(0x1234));
    r.block.install(tunnel(0x1234));
    r.frame_of(s.send(datagram(600), {"sa"})[0]);
    const_cast<frame&>(*r.frames[0].first).id = 1;
    r.run();
    const std::uint32_t frame = static_cast<std::uint32_t>(r.frames[0].first->data.size());
    const ps last = octet + octet * (frame - 1);
    const clock_domain edges(period);
    const ps taken = edges.after(edges.after(last, 2));          // seen whole two edges later, taken at the next
    REQUIRE(b.stages["mux_130"].size() == 1);
    CHECK(b.stages["mux_130"][0] == taken);
    const ps whole = taken + period * ((frame + 3) / 4);
    CHECK(b.stages["engines_start"][0] == whole + period * 8);
    // 20 + 8 + 600 octets inside, 640 of text: 40 blocks of 13 clocks, the first 12; key set-up 12. SHA-1 of 664: 11 blocks and the outer.
    const engine_set e({"aes-128-round", "sha1"}, coupling::chained);
    const engine_work w = e.inbound(e.serving(tunnel(1), way::in), tunnel(1), {640, 664, 0}, true);
    CHECK(b.stages["engines_done"][0] - b.stages["engines_start"][0] == period * std::max(w.cipher, w.authentication));
    const std::uint32_t out = 14 + 628;
    // Offered at that edge, taken by 22b at the next; its words, its own clocks; offered, taken; the first octet with the first word.
    CHECK(r.out[0].first == b.stages["engines_done"][0] + period * (1 + (out + 4 + 3) / 4 + 4 + 1 + 1));
    CHECK(r.out[0].last == r.out[0].first + period / 4 * (out + 20 - 1));
    CHECK(b.ends.at(1) == "taken_off");
}

TEST_CASE("fragments of an encrypted datagram are put together and fed back once and decrypted then") {
    fresh_kernel k;
    books b;
    rig r(usual(), &b);
    sender s;
    s.table.add(tunnel(0x1234));
    r.block.install(tunnel(0x1234));
    auto pieces = s.send(datagram(1'300), {"sa"}, 576);
    REQUIRE(pieces.size() == 3);
    std::swap(pieces[0], pieces[2]);
    for (const bytes& p : pieces) r.frame_of(p);
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.run();
    REQUIRE(r.out.size() == 1);
    CHECK(r.out[0].packet == datagram(1'300));
    CHECK(r.out[0].record.verdict == verdict::verified);
    CHECK((r.out[0].record.flags & (was_reassembled | was_fed_back)) == (was_reassembled | was_fed_back));
    CHECK(r.count("visits_130") == 3);
    CHECK(r.count("visits_122") == 1);
    CHECK(r.count("fragments_held") == 2);
    CHECK(b.stages["fed_back"].size() == 1);
    CHECK(b.stages["mux_122"][0] > b.stages["fed_back"][0]);
    CHECK(b.stages["engines_start"].size() == 1);
    CHECK(b.stages["engines_start"][0] > b.stages["mux_122"][0]);
    for (trace_id id = 1; id <= 3; ++id) CHECK(b.ends.at(id) == "joined");
}

TEST_CASE("with the prior art what was cut behind its encryption goes to the host as it came") {
    fresh_kernel k;
    crypto_config c = usual();
    c.return_path = return_path::host;
    rig r(c);
    sender s;
    s.table.add(tunnel(0x1234));
    r.block.install(tunnel(0x1234));
    const auto pieces = s.send(datagram(1'300), {"sa"}, 576);
    for (const bytes& p : pieces) r.frame_of(p);
    r.frame_of(s.send(datagram(600), {"sa"})[0]);
    r.run();
    REQUIRE(r.out.size() == 4);
    for (int n = 0; n < 3; ++n) {
        CHECK(r.out[n].packet == pieces[n]);
        CHECK(r.out[n].record.verdict == verdict::fragment);
    }
    CHECK(r.out[3].packet == datagram(600));
    CHECK(r.count("fed_back") == 0);
}

TEST_CASE("fragmented between two tunnels: one is taken off each fragment and the other behind the feedback path") {
    fresh_kernel k;
    rig r(usual());
    sender s;
    s.table.add(tunnel(0x1001, "inner"));
    s.table.add(tunnel(0x1002, "outer"));
    r.block.install(tunnel(0x1001, "inner"));
    r.block.install(tunnel(0x1002, "outer"));
    for (const bytes& cut : s.send(datagram(1'000), {"inner"}, 576)) r.frame_of(s.send(cut, {"outer"})[0]);
    r.run();
    REQUIRE(r.out.size() == 1);
    CHECK(r.out[0].packet == datagram(1'000));
    CHECK(r.out[0].record.associations.size() == 2);
    CHECK(r.count("visits_122") == 1);
    CHECK(r.count("associations_taken_off") == 3);
    CHECK(r.count("engine_visits") == 3);
}

TEST_CASE("what does not verify or has no association goes on encrypted with the reason and is counted") {
    fresh_kernel k;
    rig r(usual());
    sender s;
    s.table.add(tunnel(0x1234));
    s.table.add(tunnel(0x9999, "unknown"));
    r.block.install(tunnel(0x1234));
    bytes bad = s.send(datagram(200), {"sa"})[0];
    bad[bad.size() - 1] ^= 1;
    const bytes strange = s.send(datagram(200), {"unknown"})[0], good = s.send(datagram(200), {"sa"})[0];
    for (const bytes& p : {bad, strange, good, good}) r.frame_of(p);
    r.run();
    REQUIRE(r.out.size() == 4);
    CHECK(r.out[0].packet == bad);
    CHECK(r.out[0].record.verdict == verdict::refused);
    CHECK(r.out[0].record.reason == 64 + static_cast<unsigned>(ipsec::outcome::bad_icv));
    CHECK(r.out[1].packet == strange);
    CHECK(r.out[1].record.verdict == verdict::no_association);
    CHECK(r.out[2].record.verdict == verdict::verified);
    CHECK(r.out[3].record.verdict == verdict::refused);
    CHECK(r.count("bad_icv") == 1);
    CHECK(r.count("no_association") == 1);
    CHECK(r.count("replayed") == 1);
    CHECK(r.count("delivered_encrypted") == 3);
}

TEST_CASE("without room behind it the block holds off until buffer 142 is full and loses frames whole") {
    fresh_kernel k;
    books b;
    rig r(usual(), &b);
    r.room = false;
    for (int n = 0; n < 12; ++n) r.frame_of(datagram(1'000));
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.run(5 * millisecond);
    CHECK(r.out.empty());
    // One is offered, one waits in 22b, two are in 21a, and of 4,096 octets 142 has room for three of 1,046.
    CHECK(r.count("lost_142") == 12 - 7);
    for (trace_id id = 8; id <= 12; ++id) CHECK(b.ends.at(id) == "lost_142");
    r.room = true;
    r.block.room_again();
    r.run(10 * millisecond);
    CHECK(r.out.size() == 7);
}

TEST_CASE("a datagram that finds buffer 140 full is dropped or holds off as is asked") {
    for (const bool drops : {true, false}) {
        fresh_kernel k;
        crypto_config c = usual();
        // Behind a packet that engines work on, the last fragments of two datagrams wait in 21a: the first goes round for longer than the
        // second takes to come.
        c.word_octets = 1;
        c.places = 3;
        c.buffer_142 = 8'192;
        c.buffer_140 = 1;
        c.when_140_full = drops ? feedback_full::drop : feedback_full::hold_off;
        books b;
        rig r(c, &b);
        sender s;
        s.table.add(tunnel(0x1234));
        r.block.install(tunnel(0x1234));
        const auto one = s.send(datagram(1'300), {"sa"}, 576), other = s.send(datagram(1'301), {"sa"}, 576);
        for (const bytes& p : {one[0], other[0], one[1], other[1], s.send(datagram(1'200), {"sa"})[0], one[2], other[2]}) r.frame_of(p);
        for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
        r.run();
        CHECK(r.count("lost_140") == drops);
        REQUIRE(r.out.size() == (drops ? 2u : 3u));
        CHECK(r.out.back().packet == datagram(drops ? 1'300 : 1'301));
        unsigned lost = 0;
        for (const auto& [id, how] : b.ends) lost += how == "lost_140";
        CHECK(lost == drops);
    }
}

TEST_CASE("a reset throws away what is in the block: every packet ends once and associations stay") {
    fresh_kernel k;
    books b;
    rig r(usual(), &b);
    sender s;
    s.table.add(tunnel(0x1234));
    r.block.install(tunnel(0x1234));
    const auto pieces = s.send(datagram(1'300), {"sa"}, 576);
    r.frame_of(pieces[0]);                       // held in a context
    r.frame_of(datagram(900));
    r.frame_of(datagram(900));                   // on the wire
    r.frame_of(s.send(datagram(600), {"sa"})[0]);
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.room = false;
    r.timers.set(2, 180 * microsecond);
    r.run(190 * microsecond);
    CHECK(b.ends.size() == 3);
    for (const auto& [id, how] : b.ends) CHECK(how == "block_reset");
    r.room = true;
    r.run();
    REQUIRE(r.out.size() == 1);
    CHECK(r.out[0].packet == datagram(600));
    CHECK(r.count("frames") == 3);               // the one on the wire was never whole
}

TEST_CASE("damaged frames leave the block and a datagram is given up in time") {
    fresh_kernel k;
    crypto_config c = usual();
    c.reassembly_timeout = millisecond;
    books b;
    rig r(c, &b);
    sender s;
    s.table.add(tunnel(0x1234));
    r.block.install(tunnel(0x1234));
    const auto pieces = s.send(datagram(1'300), {"sa"}, 576);
    r.frame_of(pieces[0]);
    r.frame_of(pieces[1], false);
    r.frame_of(pieces[2]);
    for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
    r.run();
    CHECK(r.out.empty());
    CHECK(r.count("frames") == 2);
    CHECK(r.count("reassembly_given_up") == 1);
    CHECK(b.ends.at(1) == "reassembly_refused");
    CHECK(b.ends.at(3) == "reassembly_refused");
    CHECK(b.ends.count(2) == 0);                 // the MAC's to tell
}

TEST_CASE("a datagram that no ESP can be ends where it was put together") {
    for (const auto& [less, why] : {std::pair{5u, "misaligned"}, {640u, "short_packet"}}) {
        fresh_kernel k;
        books b;
        rig r(usual(), &b);
        sender s;
        s.table.add(tunnel(0x1234));
        r.block.install(tunnel(0x1234));
        bytes whole = s.send(datagram(600), {"sa"}, 1'500)[0];
        whole.resize(whole.size() - less);
        packet::put16(&whole[2], static_cast<std::uint16_t>(whole.size()));
        packet::finish_ip(whole);
        std::vector<bytes> pieces;
        packet::fragment({whole.data(), whole.size()}, less > 600 ? 36 : 400, 7, pieces);
        for (const bytes& p : pieces) r.frame_of(p);
        for (std::size_t n = 0; n < r.frames.size(); ++n) const_cast<frame&>(*r.frames[n].first).id = n + 1;
        r.run();
        CHECK(r.out.empty());
        CHECK(r.count("reassembled") == 1);
        CHECK(r.count("fed_back") == 0);
        CHECK(r.count("visits_122") == 0);
        CHECK(r.count("unfit_for_140") == 1);
        CHECK(r.count(why) == 1);
        CHECK(r.count("reassembly_drops") == 0);
        std::size_t told = 0;
        for (const auto& [id, how] : b.ends) told += how == "unfit_for_140";
        CHECK(told == 1);
        CHECK(b.ends.size() == pieces.size() + 1);
    }
}

TEST_CASE("what a block has not is refused with the reason") {
    crypto_config c = usual();
    CHECK(check(c).empty());
    c.engines.clear();
    CHECK(check(c).at(0).parameter == "engines");
    c.engines = {"abacus"};
    CHECK(check(c).at(0).message.find("3des-area, ") != std::string::npos);
    c = usual();
    c.period = 30'002;
    CHECK(check(c).at(0).parameter == "period");
    c.enable = false;
    CHECK(check(c).empty());
    fresh_kernel k;
    rig r(usual());
    ipsec::association_parameters p = tunnel(0x1234);
    CHECK(r.block.install(p) == "");
    CHECK(r.block.install(p) != "");             // the SPI is taken
    p = tunnel(0x1235, "other");
    p.algorithms.authentication = ipsec::authentication_kind::hmac_md5_96;
    p.keys.authentication.resize(16);
    CHECK(r.block.install(p).find("hmac-md5-96") != std::string::npos);
}
