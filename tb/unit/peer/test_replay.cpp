#include <catch2/catch.hpp>

#include <fstream>
#include <map>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/pcapng_writer.h"
#include "unit/packet/scratch_file.h"
#include "unit/peer/two_peers.h"
#include "source_dir.h"

using namespace nicteam;
using namespace nicteam::test;
using peer::replay_config;

namespace {

const std::string recorded_file = std::string(NICTEAM_SOURCE_DIR) + "/scenarios/captures/web-and-ping.pcapng";

std::vector<packet::capture_record> records_of(const std::string& path) {
    std::vector<packet::capture_record> all(1);
    const auto file = packet::capture_reader::open(path);
    while (file->next(all.back())) all.emplace_back();
    all.pop_back();
    return all;
}

bytes padded(bytes b) {
    packet::pad_to_minimum(b);
    return b;
}

bytes without_fcs(const bytes& b) { return bytes(b.begin(), b.end() - 4); }

void write(const std::string& path, const std::vector<bytes>& frames, unsigned fcs = 0) {
    packet::pcapng_writer w(path, "test");
    packet::capture_interface i;
    i.fcs_octets = fcs;
    w.add_interface(i);
    for (std::size_t k = 0; k < frames.size(); ++k) w.packet(0, static_cast<ps>(k) * 200 * microsecond, frames[k], packet::packet_direction::unknown);
    REQUIRE(w.close());
}

struct sent {
    std::vector<recorder::item> items;
    std::map<std::string, std::uint64_t> counts;
};

sent replayed(const replay_config& c, ps until = second) {
    two_peers net;
    recorder seen;
    seen.attach(net.kernel.session(), "a.port");
    net.a->add_replay("file", c);
    net.run(until);
    sent s{seen.items, {}};
    s.items.erase(std::remove_if(s.items.begin(), s.items.end(), [](const auto& i) { return i.way != sim::direction::out; }), s.items.end());
    for (const char* n : {"frames", "refused_long", "refused_cut", "refused_empty", "padded"}) s.counts[n] = net.count(std::string("a.file.") + n);
    s.counts["b.bad_fcs"] = net.count("b.bad_fcs");
    s.counts["b.short"] = net.count("b.short");
    return s;
}

}  // namespace

TEST_CASE("the recorded traffic goes out with its octets and in its own time") {
    const auto file = records_of(recorded_file);
    REQUIRE(file.size() >= 30);
    REQUIRE(file.size() <= 60);
    replay_config c;
    c.file = recorded_file;
    c.start = microsecond;
    const sent s = replayed(c);
    REQUIRE(s.items.size() == file.size());
    ps line_free = 0;
    for (std::size_t i = 0; i < file.size(); ++i) {
        CHECK(without_fcs(s.items[i].data) == padded(file[i].data));
        const auto since = static_cast<ps>(file[i].seconds - file[0].seconds) * second + file[i].fraction - file[0].fraction;
        const ps begun = std::max(c.start + since, line_free);
        REQUIRE(s.items[i].at == begun + 8 * 80'000);
        line_free = begun + static_cast<ps>(s.items[i].data.size() + 20) * 80'000;
    }
    CHECK(s.counts.at("b.bad_fcs") == 0);
}

TEST_CASE("one side alone is replayed to another host with good checksums") {
    replay_config c;
    c.file = recorded_file;
    c.only_from = "192.0.2.1";
    c.timing = peer::replay_timing::fast;
    c.source_mac = "02:00:00:00:00:0a";
    c.destination_mac = "02:00:00:00:00:0b";
    c.source_ip = "198.51.100.7";
    c.destination_ip = "192.0.2.11";
    c.repeat = 2;
    const auto file = records_of(recorded_file);
    std::size_t from_client = 0;
    for (const auto& r : file) from_client += packet::ethernet_view::parse(r.data)->source[5] == 1;
    const sent s = replayed(c);
    REQUIRE(s.items.size() == 2 * from_client);
    ps at = 8 * 80'000;
    std::size_t datagrams = 0;
    for (const auto& i : s.items) {
        CHECK(i.at == at);   // back to back
        at += static_cast<ps>(i.data.size() + 20) * 80'000;
        const auto e = packet::ethernet_view::parse(i.data);
        CHECK(packet::to_text(e->source) == c.source_mac);
        if (const auto ip = packet::ipv4_view::parse(e->payload)) {
            ++datagrams;
            CHECK(packet::to_text(e->destination) == c.destination_mac);
            CHECK(packet::to_text(ip->source) == c.source_ip);
            CHECK(packet::to_text(ip->destination) == c.destination_ip);
            CHECK(ip->checksum_good);
        }
    }
    CHECK(datagrams > 20);
    // A MAC address picks the same side.
    c.only_from = "02:00:00:00:00:01";
    CHECK(replayed(c).items.size() == s.items.size());
}

TEST_CASE("gaps are scaled exactly and rounds follow each other") {
    const scratch_file path("scaled.pcapng");
    write(path.name, {bytes(60), bytes(61), bytes(62)});
    replay_config c;
    c.file = path.name;
    c.timing = peer::replay_timing::scaled;
    c.scale = probability_one / 4;
    c.repeat = 3;
    c.count = 7;
    const sent s = replayed(c);
    REQUIRE(s.items.size() == 7);
    for (std::size_t i = 0; i < 7; ++i) CHECK(s.items[i].at == static_cast<ps>(i) * 50 * microsecond + 640'000);
    CHECK(s.items[6].data.size() == 64);
}

TEST_CASE("what a station would not send is refused and counted unless asked for as it is") {
    const scratch_file path("odd.pcapng");
    write(path.name, {bytes(1), bytes(0), bytes(60), bytes(1514), bytes(1515), bytes(4000)});
    replay_config c;
    c.file = path.name;
    sent s = replayed(c);
    REQUIRE(s.items.size() == 3);
    CHECK(s.counts["refused_long"] == 2);
    CHECK(s.counts["refused_empty"] == 1);
    CHECK(s.counts["padded"] == 1);
    CHECK(s.items[0].data.size() == 64);
    c.as_is = true;
    s = replayed(c);
    REQUIRE(s.items.size() == 5);
    CHECK(s.items[0].data.size() == 5);
    CHECK(s.items[4].data.size() == 4004);
    CHECK(s.counts["b.short"] == 1);
    CHECK(s.counts["b.bad_fcs"] == 0);
    c.fcs = peer::replay_fcs::included;   // the last four octets are the FCS: all wrong here, and so they go out
    s = replayed(c);
    REQUIRE(s.items.size() == 5);
    CHECK(s.items[0].data.size() == 1);
    CHECK(s.items[2].data == bytes(1514));
    CHECK(s.counts["b.bad_fcs"] == 5);
}

TEST_CASE("what is not sent is counted when its turn comes and in every round") {
    const scratch_file path("odd.pcapng");
    write(path.name, {bytes(4000), bytes(60), bytes(0), bytes(60), bytes(4000), bytes(1)});   // 200 us apart
    replay_config c;
    c.file = path.name;
    c.start = millisecond;
    sent s = replayed(c, 900 * microsecond);
    CHECK(s.counts["refused_long"] == 0);
    s = replayed(c, 1100 * microsecond);
    CHECK(s.counts["refused_long"] == 1);
    CHECK(s.counts["refused_empty"] == 0);
    c.repeat = 3;
    s = replayed(c);
    CHECK(s.items.size() == 9);
    CHECK(s.counts["refused_long"] == 6);
    CHECK(s.counts["refused_empty"] == 3);
    CHECK(s.counts["padded"] == 3);
}

TEST_CASE("a file of which nothing can be sent is refused") {
    const scratch_file path("odd.pcapng");
    write(path.name, {bytes(4000), bytes(0)});
    replay_config c;
    c.file = path.name;
    CHECK(peer::replay::problem_of(c) == path.name + ": holds no frame that can be sent: 1 longer than max_frame, 0 cut short in the file, 1 without an octet");
}

TEST_CASE("an FCS that the file holds is sent as it is") {
    const scratch_file path("fcs.pcapng");
    auto good = frame::make(), bad = frame::make();
    good->data = bytes(60, 7);
    packet::append_lazy_fcs(*good);
    packet::ensure_fcs(*good);
    bad->data = good->data;
    bad->data[20] ^= 1;
    write(path.name, {good->data, bad->data}, 4);
    replay_config c;
    c.file = path.name;
    const sent s = replayed(c);
    REQUIRE(s.items.size() == 2);
    CHECK(s.items[0].data == good->data);
    CHECK(s.items[1].data == bad->data);
    CHECK(s.items[1].comment == "sent with a bad FCS");
    CHECK(s.counts.at("b.bad_fcs") == 1);
}

TEST_CASE("a file that cannot be replayed says why") {
    replay_config c;
    c.file = "/nonexistent.pcap";
    CHECK_THROWS_WITH(replayed(c), Catch::Contains("/nonexistent.pcap: at octet 0: cannot be opened"));
    const scratch_file path("foreign.bin");
    std::ofstream(path.name) << "this is no capture";
    c.file = path.name;
    CHECK_THROWS_WITH(replayed(c), Catch::Contains("expected pcapng"));
    c.file = recorded_file;
    c.source_ip = "1.2.3";
    CHECK_THROWS_WITH(replayed(c), Catch::Contains("source_ip: \"1.2.3\" is no IPv4 address"));
    c.source_ip = "";
    c.only_from = "somebody";
    CHECK_THROWS_WITH(replayed(c), Catch::Contains("neither a MAC nor an IPv4 address"));
    const scratch_file wifi("wifi.pcapng");
    {
        packet::pcapng_writer w(wifi.name, "test");
        packet::capture_interface i;
        i.link_type = 105;
        w.add_interface(i);
        w.packet(0, 0, bytes(60), packet::packet_direction::unknown);
    }
    c.only_from = "";
    c.file = wifi.name;
    CHECK_THROWS_WITH(replayed(c), Catch::Contains("expected link type 1 (Ethernet), found 105"));
}
