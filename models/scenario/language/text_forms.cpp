#include "scenario/language/text_forms.h"

#include <set>

#include <fmt/format.h>

#include "nicteam/nic/nic.h"
#include "nicteam/packet/ip.h"

namespace nicteam::scenario {
namespace {

#define MAC "[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}"
#define OCTET "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
#define ADDRESS OCTET "(\\." OCTET "){3}"
#define GROUP "[0-9A-Fa-f]{1,4}"
#define ADDRESS_6                                                                                                                            \
    "((" GROUP ":){7}" GROUP "|(" GROUP ":){1,7}:|(" GROUP ":){1,6}:" GROUP "|(" GROUP ":){1,5}(:" GROUP "){1,2}|(" GROUP ":){1,4}(:" GROUP \
    "){1,3}|(" GROUP ":){1,3}(:" GROUP "){1,4}|(" GROUP ":){1,2}(:" GROUP "){1,5}|" GROUP ":(:" GROUP "){1,6}|:((:" GROUP "){1,7}|:))"
#define BITS "([0-2]?[0-9]|3[0-2])"
#define PCI_ID "[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}(:[0-9A-Fa-f]{2})?"
#define BITS_6 "(0?[0-9]?[0-9]|1[01][0-9]|12[0-8])"

bool mac(const std::string& s) { return packet::parse_mac(s).has_value(); }
bool ipv4(const std::string& s) { return packet::parse_ipv4(s).has_value(); }

bool pci_id(const std::string& s) { return nic::parse_pci_id(s).has_value(); }

bool mac_or_ipv4(const std::string& s) { return mac(s) || ipv4(s); }

bool bits_behind(const std::string& s, std::size_t slash, std::size_t digits, int most) {
    const std::string bits = s.substr(slash + 1);
    return !bits.empty() && bits.size() <= digits && bits.find_first_not_of("0123456789") == std::string::npos && std::stoi(bits) <= most;
}

bool ipv4_and_prefix(const std::string& s) {
    const std::size_t slash = s.find('/');
    return slash != std::string::npos && ipv4(s.substr(0, slash)) && bits_behind(s, slash, 2, 32);
}

bool ip_and_prefix(const std::string& s) {
    const std::size_t slash = s.find('/');
    if (ipv4_and_prefix(s)) return true;
    if (slash == std::string::npos || s.find('.') != std::string::npos) return false;
    return packet::parse_ip(s.substr(0, slash)) && bits_behind(s, slash, 3, 128);
}

const text_form forms[] = {
    {"MAC address", "six octets in hexadecimal, as in \"02:00:00:00:00:01\"", MAC, mac,
     {"mac", "driver.mac", "source_mac", "destination_mac", "ad_actor_system"}},
    {"IPv4 address", "four decimal parts, as in \"192.0.2.1\"", ADDRESS, ipv4, {"ip", "stack.gateway", "source_ip", "destination_ip"}},
    {"IPv4 address with its prefix length", "as in \"192.0.2.1/24\"", ADDRESS "/" BITS, ipv4_and_prefix, {"address", "stack.address"}},
    {"address with its prefix length", "as in \"192.0.2.1/24\" or \"2001:db8::/32\"", ADDRESS "/" BITS "|" ADDRESS_6 "/" BITS_6, ip_and_prefix,
     {"source_prefix", "destination_prefix", "inner_source", "inner_destination"}},
    {"PCI identification", "vendor, device and, if wanted, revision in hexadecimal, as in \"10ec:8139\" or \"10ec:8139:10\"", PCI_ID, pci_id, {"pci_id"}},
    {"MAC or IPv4 address", "as in \"02:00:00:00:00:01\" or \"192.0.2.1\"", MAC "|" ADDRESS, mac_or_ipv4, {"only_from"}},
};

#undef PCI_ID
#undef MAC
#undef ADDRESS
#undef GROUP
#undef ADDRESS_6
#undef BITS
#undef BITS_6
#undef OCTET

std::size_t steps_to(const kind_info& kind) {
    for (const reference_info& r : kind.references)
        if (r.parent) return 1 + steps_to(*find_kind(std::string_view(r.kinds).substr(0, std::string_view(r.kinds).find('|'))));
    return 1;
}

}  // namespace

const text_form* form_of(std::string_view key) {
    for (const text_form& f : forms)
        for (const char* k : f.keys)
            if (key == k) return &f;
    return nullptr;
}

std::string said_elsewhere(const setting& s, const std::string& written) {
    if (s.row->name != std::string_view("cipher") || s.row->kind != quantity::choice) return "";
    for (const char* bits : {"128", "192", "256"})
        if (written.find(bits) != std::string::npos)
            return fmt::format("; AES of {} bits is a `key` of so many, {} octets, a salt apart", bits, std::stoi(bits) / 8);
    return "";
}

std::string path_pattern_of(std::string_view kinds) {
    std::set<std::size_t> steps;
    for (std::size_t bar; !kinds.empty(); kinds.remove_prefix(bar == std::string_view::npos ? kinds.size() : bar + 1)) {
        bar = kinds.find('|');
        steps.insert(steps_to(*find_kind(kinds.substr(0, bar))));
    }
    std::string all;
    for (const std::size_t n : steps) all += fmt::format("{}[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*){{{}}}", all.empty() ? "" : "|", n - 1);
    return all;
}

}  // namespace nicteam::scenario
