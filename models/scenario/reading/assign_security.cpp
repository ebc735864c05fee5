// What of associations and their nics was left out: SPIs, keys, records for drivers.
#include <set>

#include <fmt/format.h>

#include "nicteam/base/random_stream.h"
#include "nicteam/ipsec/association_config.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {
namespace {

constexpr std::int64_t first_spi = 0x1000;
constexpr std::int64_t least_packet = 576;         // that everybody takes: RFC 791, 3.1
constexpr std::int64_t longest_packet = 65'575;       // IPv6: header and 65,535 octets (RFC 8200, 3)
constexpr std::int64_t around_packet = 18;         // octets of Ethernet

setting* find(component& c, std::string_view key) { return const_cast<setting*>(c.find(key)); }
bool is(const component& c, std::string_view kind) { return c.kind->name == kind; }

void make(setting& s, const std::string& text, std::int64_t number) {
    s.value.text = s.written = text;
    s.value.integer = number;
    s.from = origin::made;
}

std::string random_key(const resolved& r, const component& c, const char* purpose, std::size_t octets) {
    random_stream from(static_cast<std::uint64_t>(r.top.integer("seed")), c.name, purpose);
    std::string s = "0x";
    for (std::size_t n = 0; n < octets; ++n) s += fmt::format("{:02x}", from.below(256));
    return octets ? s : "";
}

}  // namespace

void assign_security(resolved& r) {
    std::set<std::int64_t> taken;
    for (const component* c : r.of_kind("sa"))
        if (c->given("spi")) taken.insert(c->integer("spi"));
    for (component& c : r.components) {
        if (is(c, "nic")) {
            if (setting* s = find(c, "driver.receive_records"); s && !s->given() && c.integer("crypto.enable")) make(*s, "true", 1);
            if (setting* s = find(c, "crypto.longest_to_host"); s && !s->given() && c.integer("crypto.enable")) {
                const bool flexible = c.integer("driver.receive_mode") == 1;
                const std::int64_t room = c.integer("driver.receive_buffer") * (flexible ? c.integer("driver.receive_buffers") : 1) - around_packet;
                if (room >= least_packet && room < longest_packet) make(*s, fmt::format("{} B", room), room);
            }
        }
        if (!is(c, "sa")) continue;
        if (setting* s = find(c, "spi"); !s->given()) {
            std::int64_t spi = first_spi;
            while (!taken.insert(spi).second) ++spi;
            make(*s, std::to_string(spi), spi);
        }
        const auto config = c.configure<ipsec::association_config>(ipsec::association_info);
        const bool esp = config.protocol == 0;
        if (setting* s = find(c, "key"); !s->given() && esp) make(*s, random_key(r, c, "key", ipsec::cipher_key_octets(config.cipher)), 0);
        if (setting* s = find(c, "authentication_key"); !s->given())
            make(*s, random_key(r, c, "authentication_key", ipsec::authentication_key_octets(config.authentication)), 0);
    }
}

}  // namespace nicteam::scenario
