// What remembering what was encrypted and a thread for ciphers bring: the transforms alone, and one NIC and four whose crypto blocks protect and
// open every packet, 3DES-CBC and HMAC-SHA1, full duplex at line rate. Ratios, in pairs: by CPU time for the cache, by the clock for the thread.
#include <cstdio>
#include <deque>
#include <string>

#include <systemc>

#include "bench/counted.h"
#include "bench/in_pairs.h"
#include "bench/whole_system.h"
#include "nicteam/ipsec/transform_service.h"

using namespace nicteam;

namespace {

constexpr std::size_t text_octets = 1'448, esp_octets = ipsec::esp_header + 8 + text_octets, icv_octets = 12;
constexpr std::uint32_t warm_up = 6'000;      // packets: the cache is full, and as many are under way as shall be

// CPU seconds to seal and open packets, so many of them between the one and the other.
double transforms(bool cache, std::size_t in_flight, unsigned packets) {
    ipsec::transform_service service({cache, 0});
    const ipsec::algorithms a{ipsec::cipher_kind::des3_cbc, ipsec::authentication_kind::hmac_sha1_96};
    ipsec::keys k{bytes(24), bytes(20)};
    for (std::size_t i = 0; i < 24; ++i) k.cipher[i] = static_cast<std::uint8_t>(37 * i + 11);
    const auto from = service.make(a, k), to = service.make(a, k);
    std::deque<bytes> flying;
    double begin = 0;
    for (std::uint32_t n = 1; n <= warm_up + packets; ++n) {
        if (n == warm_up + 1) begin = bench::cpu_seconds();
        bytes p(esp_octets + icv_octets, static_cast<std::uint8_t>(n));
        packet::put32(p.data() + 4, n);
        from->seal(p.data(), esp_octets, {});
        flying.push_back(std::move(p));
        if (flying.size() <= in_flight) continue;
        if (!to->open(flying.front().data(), esp_octets, {})) return 0;
        flying.pop_front();
    }
    return bench::cpu_seconds() - begin;
}

void add_way(std::string& s, const std::string& from, const std::string& to, const std::string& name) {
    s += "[[sa]]\nname = \"" + name + "\"\nfrom = \"" + from + "\"\nto = \"" + to + "\"\ncipher = \"3des-cbc\"\n";
    s += "[[policy]]\nname = \"protect_" + name + "\"\nfrom = \"" + from + "\"\nto = \"" + to + "\"\nbundle = [\"" + name + "\"]\n";
    s += "[[traffic]]\nname = \"load_" + name + "\"\nfrom = \"" + from + "\"\nto = \"" + to + "\"\npace = \"line_rate\"\nframe_size = \"1464 B\"\n";
}

// One NIC at a client, or several of a team through a switch to as many clients: by the addresses' hash each has a cable of its own, both ways (team_load.cpp).
std::string scenario(int nics) {
    const bool team = nics > 1;
    std::string s = "extends = \"%/scenarios/parts/host.toml\"\ntitle = \"3DES at line rate\"\nduration = \"2 s\"\n[[cpu]]\nname = \"cpu0\"\nclock = \"8 GHz\"\n";
    if (team) s += "[[switch]]\nname = \"core\"\nports = " + std::to_string(2 * nics) + "\n";
    std::string paths, cables;
    for (int i = 0; i < nics; ++i) {
        const std::string n = std::to_string(i), nic = "server.pci0.nic" + n, client = "client" + n, far = team ? "core" : client;
        paths += (i ? ", \"" : "\"") + nic + "\"";
        cables += (i ? ", \"lan" : "\"lan") + n + "\"";
        s += "[[nic]]\nname = \"nic" + n + "\"\nbus = \"server.pci0\"\nidentity = \"extended\"\nrx_burst = \"frame\"\n";
        if (!team) s += "address = \"192.0.2.1/24\"\n";
        s += "[nic.crypto]\nenable = true\nperiod = \"5 ns\"\nengines = [\"3des-area\", \"sha1\"]\n[[peer]]\nname = \"" + client + "\"\n";
        s += "[[link]]\nname = \"lan" + n + "\"\na = \"" + nic + "\"\nb = \"" + far + "\"\n";
        if (team) s += "[[link]]\nname = \"to_" + client + "\"\na = \"" + client + "\"\nb = \"core\"\n";
        add_way(s, "server", client, "to" + n);
        add_way(s, client, "server", "from" + n);
    }
    if (!team) return s;
    s += "[[team]]\nname = \"team0\"\nhost = \"server\"\nmembers = [" + paths + "]\naddress = \"192.0.2.1/24\"\nmode = \"balance_xor\"\n";
    return s + "[[port_group]]\nname = \"to_server\"\nswitch = \"core\"\nports = [" + cables + "]\nchoice = \"source_mac\"\n";
}

struct seconds {
    double cpu, clock;
};
seconds whole(const ipsec::transform_options& o, int nics) {
    ipsec::transform_service service(o);
    const ipsec::transform_service::in_force now(service);
    bench::whole_system system("host_work", scenario(nics), nics);
    const double begin = bench::cpu_seconds();
    const double clock = system.run("host_work").seconds;
    const seconds took{bench::cpu_seconds() - begin, clock};
    const ipsec::transform_service::counts c = service.count();
    const auto n = [](std::uint64_t v) { return static_cast<unsigned long long>(v); };
    std::fprintf(stderr, "%d nics, cache %d, threads %u: %.2f s, CPU %.2f s; kept %llu, hits %llu; ahead %llu, by the simulation %llu, foreseen %llu\n", nics, o.cache,
                 o.threads, took.clock, took.cpu, n(c.kept), n(c.hits), n(c.ahead), n(c.by_caller), n(c.foreseen));
    if (system.finish() != 0) std::exit(1);
    return took;
}

void print(const char* name, double times, const char* target) {
    std::printf("%s %.2f times %s\n", name, times, target);
    std::fflush(stdout);
}

constexpr ipsec::transform_options in_place{}, cache{true, 0}, thread{false, 1}, both{true, 1};

}  // namespace

int sc_main(int, char**) {
    if (bench::counting()) return transforms(true, 2, 8) >= 0 ? 0 : 1;      // nothing to count
    for (const std::size_t in_flight : {64u, 4'096u}) {
        const auto how = [in_flight](bool with) { return [in_flight, with] { return transforms(with, in_flight, 12'000); }; };
        print(("transform_cache_" + std::to_string(in_flight) + "_in_flight").c_str(), bench::times_as_fast(how(false), how(true), 5), "1.8");
    }
    for (const int nics : {1, 4}) {
        const std::string n = std::to_string(nics) + (nics == 1 ? "_nic" : "_nics");
        const auto clock = [nics](ipsec::transform_options o) { return [nics, o] { return whole(o, nics).clock; }; };
        const auto cpu = [nics](ipsec::transform_options o) { return [nics, o] { return whole(o, nics).cpu; }; };
        print(("transform_cache_" + n).c_str(), bench::times_as_fast(cpu(in_place), cpu(cache), 3), "1.6");
        print(("crypto_worker_" + n).c_str(), bench::times_as_fast(clock(in_place), clock(thread), 3), "1.5");
        print(("crypto_worker_beside_cache_" + n).c_str(), bench::times_as_fast(clock(cache), clock(both), 3), "-");
    }
    return 0;
}
