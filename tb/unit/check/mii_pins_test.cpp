// MII pins of a frame: as many nibbles of preamble as it has, from their octet on.
#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <sstream>

#include "nicteam/check/mii_pins.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/report/vcd_writer.h"
#include "unit/fresh_kernel.h"
#include "unit/report/scratch.h"

using namespace nicteam;

namespace {

constexpr ps octet = 80'000, half = octet / 2;
const capture_info wire_info{"wire", "what passes"};
const probe_info busy_info{"busy", 1, nullptr, "a frame passes"};

struct sample {
    ps at;
    unsigned nibble;
};

// What TXD was at each rising edge of TX_CLK while TX_EN was high, and when TX_EN rose.
std::vector<sample> sampled(const std::string& path, ps& rose) {
    std::map<std::string, std::string> names;
    std::map<std::string, unsigned> now, before;
    std::vector<sample> all;
    std::ifstream in(path);
    ps at = 0;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string w, type, bits, id, name;
        words >> w;
        if (w == "$var") {
            words >> type >> bits >> id >> name;
            names[id] = name.substr(0, name.find('['));
        } else if (w[0] == '#') {
            at = std::stoll(w.substr(1));
            before = now;
        } else if (w[0] == 'b') {
            words >> id;
            now[names[id]] = static_cast<unsigned>(std::stoul(w.substr(1), nullptr, 2));
        } else if ((w[0] == '0' || w[0] == '1') && names.count(w.substr(1))) {
            const std::string& pin = names[w.substr(1)];
            now[pin] = w[0] == '1';
            if (pin == "TX_EN" && w[0] == '1') rose = at;
            if (pin == "TX_CLK" && w[0] == '1' && before["TX_EN"]) all.push_back({at, before["TXD"]});
        }
    }
    return all;
}

}  // namespace

TEST_CASE("MII pins: a preamble has as many nibbles as its frame says and the data stand where they pass") {
    for (const unsigned octets : {2u, 4u, 8u, 16u}) {
        test::scratch dir;
        test::fresh_kernel kernel;
        auto& wire = kernel.session().bind_capture("server.pci0.nic0.wire", wire_info);
        auto& tx = kernel.session().bind_probe("server.pci0.nic0.tx_active", busy_info);
        auto& rx = kernel.session().bind_probe("server.pci0.nic0.rx_active", busy_info);
        {
            report::waveform_options options;
            options.settle = [] { return never; };
            report::vcd_writer out(dir / "w.vcd", options);
            check::mii_pins pins("server.pci0.nic0", wire, tx, rx, out);
            const auto f = frame::make();
            for (unsigned i = 0; i < 60; ++i) f->data.push_back(static_cast<std::uint8_t>(i * 37));
            packet::append_lazy_fcs(*f);
            f->preamble_octets = static_cast<std::uint8_t>(octets);
            const ps first = 100 * octet, last = first + 63 * octet;       // of the data
            sc_core::sc_start(sim::to_sc_time(last));
            wire.take(frame_ref(f), first, sim::direction::out);
            pins.settle(last + octet, true);
            out.close(last + octet);
            INFO(octets);
            ps rose = never;
            const std::vector<sample> s = sampled(dir / "w.vcd", rose);
            CHECK(rose == first - static_cast<ps>(octets + 1) * octet);
            REQUIRE(s.size() == 2 * (octets + 64));
            for (unsigned n = 0; n < 2 * octets; ++n) CHECK(s[n].nibble == (n == 2 * octets - 1 ? 0xD : 0x5));
            for (unsigned n = 0; n < 64; ++n) CHECK((s[2 * (octets + n)].nibble | s[2 * (octets + n) + 1].nibble << 4) == f->data[n]);
            CHECK(s[2 * octets + 1].at == first);          // the upper nibble of the first octet, as it passes
            CHECK(s[2 * octets].at == first - half);
        }
    }
}
