// Four NICs of a team, full duplex at line rate through a switch to four clients; the team's layer and its drivers on the host's CPU, whole-frame bursts.
// NICTEAM_SUITE: "plain" (1500 octets of IP, payload = "timing-only"), "small" (64-octet frames, the same; the bus carries what it can of what comes),
// "3des" (each member's own engines protect and open each packet: real octets, 3DES and SHA-1).
// Prints simulated seconds per second of the host too: tb/bench/bridged_hosts.cpp is the same load in ns-3.
#include <cstdio>
#include <string>
#include <string_view>

#include <cryptopp/des.h>

#include <systemc>

#include "bench/alone.h"
#include "bench/counted.h"
#include "bench/whole_system.h"

using namespace nicteam;

namespace {

constexpr std::string_view suite = NICTEAM_SUITE;
constexpr bool triple = suite == "3des", small = suite == "small";
constexpr int members = 4;

// Inner datagrams that fill the tunnel, as in crypto_load.cpp.
constexpr int inner = 1446, text_octets = 1448;

std::string frame_size() {
    return std::to_string(small ? 64 : triple ? inner + 18 : 1518);
}

void add_protection(std::string& s, const std::string& from, const std::string& to, const std::string& name) {
    s += "[[sa]]\nname = \"" + name + "\"\nfrom = \"" + from + "\"\nto = \"" + to + "\"\ncipher = \"3des-cbc\"\n";
    s += "[[policy]]\nname = \"protect_" + name + "\"\nfrom = \"" + from + "\"\nto = \"" + to + "\"\nbundle = [\"" + name + "\"]\n";
}

void add_traffic(std::string& s, const std::string& from, const std::string& to, const std::string& name) {
    s += "[[traffic]]\nname = \"" + name + "\"\nfrom = \"" + from + "\"\nto = \"" + to + "\"\npace = \"line_rate\"\nframe_size = \"" + frame_size() + " B\"\n";
}

// The layer-2 hashes of the team and of the switch give each of the four clients a cable of its own, both ways: all four are full.
std::string scenario() {
    std::string s = "extends = \"%/scenarios/parts/host.toml\"\ntitle = \"a team of four, full duplex, line rate\"\nduration = \"2 s\"\n";
    s += std::string("payload = \"") + (triple ? "real" : "timing-only") + "\"\n";
    s += "[[cpu]]\nname = \"cpu0\"\nclock = \"8 GHz\"\n[[switch]]\nname = \"core\"\nports = 8\n";
    std::string paths, cables;
    for (int i = 0; i < members; ++i) {
        const std::string n = std::to_string(i), nic = "server.pci0.nic" + n, client = "client" + n;
        paths += (i ? ", \"" : "\"") + nic + "\"";
        cables += (i ? ", \"lan" : "\"lan") + n + "\"";
        s += "[[nic]]\nname = \"nic" + n + "\"\nbus = \"server.pci0\"\nidentity = \"extended\"\nrx_burst = \"frame\"\n";
        if (triple) s += "[nic.crypto]\nenable = true\nperiod = \"5 ns\"\nengines = [\"3des-area\", \"sha1\"]\n";
        s += "[[peer]]\nname = \"" + client + "\"\n";
        s += "[[link]]\nname = \"lan" + n + "\"\na = \"" + nic + "\"\nb = \"core\"\n[[link]]\nname = \"to_" + client + "\"\na = \"" + client + "\"\nb = \"core\"\n";
        add_traffic(s, "server", client, "down" + n);
        add_traffic(s, client, "server", "up" + n);
        if (!triple) continue;
        add_protection(s, "server", client, "to" + n);
        add_protection(s, client, "server", "from" + n);
    }
    s += "[[team]]\nname = \"team0\"\nhost = \"server\"\nmembers = [" + paths + "]\naddress = \"192.0.2.1/24\"\nmode = \"balance_xor\"\n";
    return s + "[[port_group]]\nname = \"to_server\"\nswitch = \"core\"\nports = [" + cables + "]\nchoice = \"source_mac\"\n";
}

}  // namespace

int sc_main(int, char**) {
    const std::string name = triple ? "team_of_4_3des_sha1" : small ? "team_of_4_64_octets" : "team_of_4_timing_only";
    const double before = bench::counting() || !triple ? 0 : bench::alone<CryptoPP::DES_EDE3>(text_octets, 0.5);
    bench::whole_system system("team_load", scenario(), members);
    const bench::whole_system::measured done = system.run(name.c_str());
    const auto packets = static_cast<double>(done.packets);
    if (bench::counting()) {
        std::printf("%s %.0f packet %s\n", name.c_str(), packets, suite == "plain" ? "100000" : "-");
        return system.finish();
    }
    const double rate = packets / done.seconds;
    std::printf("%s %.0f packets/s %s\n", name.c_str(), rate, triple ? "-" : small ? "400000" : "160000");
    std::printf("%s_simulated %.3f s/s -\n", name.c_str(), done.simulated / done.seconds);
    if (triple) {
        const double alone = (before + bench::alone<CryptoPP::DES_EDE3>(text_octets, 0.5)) / 2;
        std::printf("%s_by_crypto++_alone %.0f packets/s -\n%s_share_of_crypto++_alone %.3f share 0.85\n", name.c_str(), alone, name.c_str(), rate / alone);
    }
    return system.finish();
}
