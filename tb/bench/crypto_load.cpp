// One NIC whose crypto block protects and opens every packet, full duplex at line rate, 1500 octets of IP on the wire, whole-frame bursts.
// NICTEAM_SUITE: "3des", "aes", "timing" (aes with payload = "timing-only"). The far end protects and opens as many: a packet costs one of each.
// With 3DES the ciphers are nearly all of the work, so the rate is held against what Crypto++ alone does for the same packets.
#include <cstdio>
#include <string>
#include <string_view>

#include <cryptopp/aes.h>
#include <cryptopp/des.h>

#include <systemc>

#include "bench/alone.h"
#include "bench/counted.h"
#include "bench/whole_system.h"

using namespace nicteam;

namespace {

constexpr std::string_view suite = NICTEAM_SUITE;
constexpr bool triple = suite == "3des";

// Inner datagrams that fill the tunnel: 1,446 octets with 3DES (20 + 8 + 8 + 1,448 + 12 = 1,496), 1,438 with AES (20 + 8 + 16 + 1,440 + 12).
constexpr int inner = triple ? 1446 : 1438, text_octets = triple ? 1448 : 1440;

const char* const text = R"(extends = "%/scenarios/parts/one-nic.toml"
title = "one NIC with a crypto block, full duplex, line rate"
duration = "1 s"
payload = "@payload"
[[cpu]]
name = "cpu0"
clock = "2 GHz"
[[nic]]
name = "nic0"
identity = "extended"
rx_burst = "frame"
[nic.crypto]
enable = true
period = "5 ns"
engines = ["@engine", "sha1"]
[[sa]]
name = "to_client"
from = "server"
to = "client"
cipher = "@cipher"
[[sa]]
name = "to_server"
from = "client"
to = "server"
cipher = "@cipher"
[[policy]]
name = "out"
from = "server"
to = "client"
bundle = ["to_client"]
[[policy]]
name = "back"
from = "client"
to = "server"
bundle = ["to_server"]
[[traffic]]
name = "down"
from = "client"
to = "server"
pace = "line_rate"
frame_size = "@size B"
[[traffic]]
name = "up"
from = "server"
to = "client"
pace = "line_rate"
frame_size = "@size B"
)";

std::string with(std::string s, std::string_view key, const std::string& value) {
    for (std::size_t at; (at = s.find(key)) != std::string::npos;) s.replace(at, key.size(), value);
    return s;
}

double alone() {
    return triple ? bench::alone<CryptoPP::DES_EDE3>(text_octets, 0.5) : bench::alone<CryptoPP::AES>(text_octets, 0.5);
}

}  // namespace

int sc_main(int, char**) {
    std::string scenario = with(text, "@payload", suite == "timing" ? "timing-only" : "real");
    scenario = with(scenario, "@engine", triple ? "3des-area" : "aes-128-round");
    scenario = with(scenario, "@cipher", triple ? "3des-cbc" : "aes-cbc");
    scenario = with(scenario, "@size", std::to_string(inner + 18));
    const std::string name = suite == "3des" ? "crypto_3des_sha1" : suite == "aes" ? "crypto_aes_128_sha1" : "crypto_timing_only";
    const double before = bench::counting() ? 0 : alone();
    bench::whole_system system("crypto_load", scenario);
    const bench::whole_system::measured done = system.run(name.c_str());
    const auto packets = static_cast<double>(done.packets);
    if (bench::counting()) {
        std::printf("%s %.0f packet -\n", name.c_str(), packets);
        return system.finish();
    }
    const double rate = packets / done.seconds, after = alone();
    std::printf("%s %.0f packets/s %s\n", name.c_str(), rate, suite == "3des" ? "-" : suite == "aes" ? "120000" : "160000");
    std::printf("%s_by_crypto++_alone %.0f packets/s -\n", name.c_str(), (before + after) / 2);
    if (triple) std::printf("%s_share_of_crypto++_alone %.3f share 0.85\n", name.c_str(), rate / ((before + after) / 2));
    for (const char* counter : {"server.pci0.nic0.crypto.lost_142", "server.pci0.nic0.crypto_transmit.no_number"})
        std::fprintf(stderr, "%s %llu\n", counter, static_cast<unsigned long long>(system.value(counter)));
    return system.finish();
}
