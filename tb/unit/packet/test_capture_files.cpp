#include <catch2/catch.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "nicteam/base/random_stream.h"
#include "nicteam/packet/capture_file.h"
#include "nicteam/packet/pcapng_writer.h"
#include "scratch_file.h"

using namespace nicteam;
using namespace nicteam::packet;
using nicteam::test::scratch_file;

namespace {

bytes read_all(const std::string& path) {
    std::ifstream f(path, std::ios::binary);
    return bytes(std::istreambuf_iterator<char>(f), {});
}

struct maker {
    bytes out;
    bool big;
    void u16(unsigned v) { big ? out.insert(out.end(), {std::uint8_t(v >> 8), std::uint8_t(v)}) : out.insert(out.end(), {std::uint8_t(v), std::uint8_t(v >> 8)}); }
    void u32(std::uint32_t v) {
        if (big) { u16(v >> 16); u16(v & 0xFFFF); } else { u16(v & 0xFFFF); u16(v >> 16); }
    }
    void data(const bytes& d) {
        out.insert(out.end(), d.begin(), d.end());
        while (out.size() % 4) out.push_back(0);
    }
};

bytes pcap(bool big, bool nano, std::uint32_t link = 1) {
    maker m{{}, big};
    m.u32(nano ? 0xA1B23C4D : 0xA1B2C3D4);
    m.u16(2);
    m.u16(4);
    m.u32(0);
    m.u32(0);
    m.u32(262144);
    m.u32(link);
    for (unsigned i = 0; i < 3; ++i) {
        m.u32(1000 + i);
        m.u32(123456);
        m.u32(20);
        m.u32(i == 2 ? 99 : 20);
        m.data(bytes(20, static_cast<std::uint8_t>(i)));
    }
    return m.out;
}

bytes pcapng(bool big, std::uint8_t resolution) {
    maker m{{}, big};
    for (const std::uint32_t v : {0x0A0D0D0Au, 28u, 0x1A2B3C4Du}) m.u32(v);
    m.u16(1);
    m.u16(0);
    m.u32(0xFFFFFFFF);
    m.u32(0xFFFFFFFF);
    m.u32(28);
    m.u32(1);
    m.u32(20 + 8 + 8 + 4);
    m.u16(1);
    m.u16(0);
    m.u32(0);
    m.u16(9);
    m.u16(1);
    m.data({resolution, 0, 0, 0});
    m.u16(13);
    m.u16(1);
    m.data({4, 0, 0, 0});
    m.u32(0);
    m.u32(40);
    m.u32(0x0BAD);   // a block that nobody knows
    m.u32(16);
    m.u32(7);
    m.u32(16);
    m.u32(6);
    m.u32(32 + 24 + 12);
    m.u32(0);
    m.u32(0x10);
    m.u32(0x00000003);
    m.u32(21);
    m.u32(21);
    m.data(bytes(21, 9));
    m.u16(2);
    m.u16(4);
    m.u32(2);
    m.u32(0);
    m.u32(68);
    m.u32(3);   // simple packet
    m.u32(20);
    m.u32(3);
    m.data({1, 2, 3});
    m.u32(20);
    return m.out;
}

}  // namespace

TEST_CASE("pcap files of both byte orders and resolutions are read") {
    for (const bool big : {false, true})
        for (const bool nano : {false, true}) {
            auto file = capture_reader::over(pcap(big, nano), "x.pcap");
            capture_record r;
            for (unsigned i = 0; i < 3; ++i) {
                REQUIRE(file->next(r));
                CHECK(r.seconds == 1000 + i);
                CHECK(r.fraction == (nano ? 123'456'000 : 123'456'000'000));
                CHECK(r.data == bytes(20, static_cast<std::uint8_t>(i)));
                CHECK(r.whole() == (i != 2));
            }
            CHECK_FALSE(file->next(r));
        }
    CHECK(capture_reader::over(pcap(false, false, 1u | 1u << 26 | 2u << 28), "x")->interfaces()[0].fcs_octets == 4);
}

TEST_CASE("pcapng files of both byte orders and any resolution are read") {
    for (const bool big : {false, true}) {
        auto file = capture_reader::over(pcapng(big, 0x80 | 32), "x.pcapng");   // 2^-32 s: seconds in the high word
        capture_record r;
        REQUIRE(file->next(r));
        CHECK(r.seconds == 0x10);
        CHECK(r.fraction == 3 * second / (ps{1} << 32));
        CHECK(r.direction == packet_direction::outbound);
        CHECK(r.data == bytes(21, 9));
        CHECK(file->interfaces()[0].fcs_octets == 4);
        REQUIRE(file->next(r));
        CHECK(r.data == bytes{1, 2, 3});
        CHECK_FALSE(file->next(r));
        file = capture_reader::over(pcapng(big, 9), "x.pcapng");
        REQUIRE(file->next(r));
        CHECK(r.seconds == 68);   // 2^36 ns + 3 ns
        CHECK(r.fraction == (0x1000000003 - 68'000'000'000) * nanosecond);
    }
}

TEST_CASE("a file cut anywhere gives an error that says where and what was expected") {
    for (const bytes& whole : {pcap(true, false), pcapng(false, 6), pcapng(true, 6)}) {
        std::size_t complete = 0;
        for (std::size_t n = 0; n < whole.size(); ++n) {
            capture_record r;
            try {
                auto file = capture_reader::over(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)), "cut.pcap");
                while (file->next(r)) {}
                ++complete;   // ended between two records
            } catch (const capture_error& e) {
                const std::string what = e.what();
                REQUIRE_THAT(what, Catch::StartsWith("cut.pcap: at octet "));
                REQUIRE_THAT(what, Catch::Contains("expected"));
                REQUIRE_THAT(what, Catch::Contains("found the end of the file"));
                REQUIRE(e.offset <= n);
            }
        }
        CHECK(complete >= 3);
        CHECK(complete <= 4);
    }
}

TEST_CASE("foreign files are refused by name") {
    CHECK_THROWS_WITH(capture_reader::over({'P', 'K', 3, 4, 0, 0}, "a.zip"), Catch::StartsWith("a.zip: at octet 0: expected pcapng"));
    CHECK_THROWS_WITH(capture_reader::over({}, "empty"), Catch::Contains("expected a capture file's magic number of 4 octets"));
    CHECK_THROWS_WITH(capture_reader::open("/nonexistent/x.pcap"), Catch::StartsWith("/nonexistent/x.pcap: at octet 0: cannot be opened"));
    auto damaged = pcap(false, false);
    damaged[24 + 8 + 3] = 0x7F;   // a record of 2 GB
    capture_record r;
    auto file = capture_reader::over(damaged, "x");
    CHECK_THROWS_WITH(file->next(r), Catch::Contains("at octet 32") && Catch::Contains("at most 262144 octets"));
}

TEST_CASE("damaged files never do worse than an error") {
    random_stream r(5, "fuzz", "test");
    for (int i = 0; i < 3'000; ++i) {
        bytes data = r.below(2) ? pcapng(r.below(2), 9) : pcap(r.below(2), r.below(2));
        for (std::uint64_t k = r.below(6) + 1; k; --k) data[r.below(data.size())] = static_cast<std::uint8_t>(r.below(2) ? r.next() : 0xFF);
        capture_record record;
        try {
            auto file = capture_reader::over(data, "x");
            while (file->next(record)) {}
        } catch (const capture_error&) {
        }
    }
}

TEST_CASE("what the writer writes the reader reads") {
    const scratch_file path("round-trip.pcapng");
    capture_interface i;
    i.name = "lan0.a_to_b.wire";
    i.description = "arrivals";
    i.speed = 100'000'000;
    i.fcs_octets = 4;
    const auto write = [&] {
        pcapng_writer w(path.name, "nicteam");
        const unsigned a = w.add_interface(i), b = w.add_interface({});
        for (unsigned n = 0; n < 200; ++n)
            w.packet(n % 2 ? b : a, 2 * second + n * 6'720'400, bytes(n, static_cast<std::uint8_t>(n)), n % 2 ? packet_direction::inbound : packet_direction::unknown,
                     n == 7 ? pcapng_writer::crc_error : 0, n == 9 ? "cut short" : nullptr);
        w.statistics(a, 3 * second, 100, 0);
        REQUIRE(w.close());
    };
    write();
    const bytes first = read_all(path.name);
    write();
    CHECK(read_all(path.name) == first);
    auto file = capture_reader::open(path.name);
    capture_record r;
    for (unsigned n = 0; n < 200; ++n) {
        REQUIRE(file->next(r));
        REQUIRE(r.data == bytes(n, static_cast<std::uint8_t>(n)));
        REQUIRE(r.interface == n % 2);
        REQUIRE(r.direction == (n % 2 ? packet_direction::inbound : packet_direction::unknown));
        REQUIRE(static_cast<ps>(r.seconds) * second + r.fraction == (2 * second + n * 6'720'400 + 500) / 1000 * 1000);
        REQUIRE(r.comment == (n == 9 ? "cut short" : ""));
    }
    CHECK_FALSE(file->next(r));
    CHECK(file->interfaces()[0].name == i.name);
    CHECK(file->interfaces()[0].description == i.description);
    CHECK(file->interfaces()[0].speed == i.speed);
    CHECK(file->interfaces()[0].fcs_octets == 4);
}

TEST_CASE("a writer that cannot write says so") {
    // Below a file there is no room for another, whoever asks.
    const scratch_file blocked("blocked");
    std::ofstream(blocked.name) << "a file, no directory";
    const std::string nowhere = blocked.name + "/x.pcapng";
    CHECK_THROWS_WITH(pcapng_writer(nowhere, "nicteam"), Catch::StartsWith(nowhere + ": cannot be created"));
    if (!std::filesystem::exists("/dev/full")) return;
    pcapng_writer w("/dev/full", "nicteam");
    const unsigned i = w.add_interface({});
    w.packet(i, 0, bytes(100), packet_direction::unknown);
    CHECK_FALSE(w.flush());
    CHECK_THAT(w.error(), Catch::StartsWith("/dev/full: cannot be written"));
    CHECK_FALSE(w.close());
}
