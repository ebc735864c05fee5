#include "nicteam/scenario/language.h"

#include <algorithm>

#include "scenario/language/blocks.h"
#include "scenario/language/structure.h"

namespace nicteam::scenario {
namespace {

kind_info make(const char* name, shape form, const block_info& keys, std::vector<reference_info> references = {}) {
    kind_info k{name, form, {{"", &keys}}, std::move(references)};
    for (const section& s : room_sections(name)) k.sections.push_back(s);
    k.inside = room_insides(name);
    k.taken = names_taken(name);
    return k;
}

kind_info for_sweeps(kind_info k) {
    k.for_sweeps = true;
    return k;
}

std::vector<kind_info> make_kinds() {
    const reference_info host{"host", "host", true}, bus{"bus", "bus", true};
    return {
        make("scenario", shape::top, top_keys),
        make("host", shape::named, host_keys),
        make("cpu", shape::named, cpu_keys, {host}),
        make("bus", shape::named, bus_keys, {host, {"behind", "pci_bridge"}}),
        make("nic", shape::named, nic_keys, {bus}),
        make("team", shape::named, team_keys, {host, {"members", "nic"}, {"cards", "crypto_card"}}),
        make("pass_through", shape::named, pass_through_keys, {{"nic", "nic", true}}),
        make("background", shape::named, background_keys, {bus}),
        make("copy_engine", shape::named, copy_engine_keys, {bus}),
        make("data_device", shape::named, data_device_keys, {bus}),
        make("crypto_card", shape::named, crypto_card_keys, {bus}),
        make("pci_bridge", shape::named, pci_bridge_keys, {bus}),
        make("link", shape::named, link_keys, {{"a", "nic|peer|repeater|switch|port"}, {"b", "nic|peer|repeater|switch|port"}}),
        make("repeater", shape::named, repeater_keys),
        make("switch", shape::named, switch_keys),
        make("port_group", shape::named, port_group_keys, {{"switch", "switch", true}, {"ports", "link|nic|peer|repeater|switch|port"}}),
        make("peer", shape::named, peer_keys),
        make("router", shape::named, router_keys, {{"peer", "peer", true}}),
        make("port", shape::named, port_keys),
        make("echo", shape::named, echo_keys, {host}),
        make("ping", shape::named, ping_keys, {{"from", "host", true}, {"to", "peer|host|nic|team|port"}}),
        make("traffic", shape::named, traffic_keys, {{"from", "peer|host|nic|team", true}, {"to", "peer|host|nic|team|port"}}),
        make("connections", shape::named, connections_keys, {{"from", "peer|host", true}, {"to", "peer|host|nic|team"}}),
        make("replay", shape::named, replay_keys, {{"peer", "peer", true}}),
        make("sa", shape::named, sa_keys, {{"from", "peer|host|router"}, {"to", "peer|host|nic|team|router"},
              {"sent_back_to", "nic|crypto_card"}, {"put_on_by", "nic|crypto_card"}}),
        make("policy", shape::named, policy_keys, {{"from", "peer|host|router"}, {"to", "peer|host|nic|team|port"}, {"bundle", "sa"}}),
        make("crypto_service", shape::named, crypto_service_keys, {host, {"devices", "nic|crypto_card"}}),
        make("crypto_load", shape::named, crypto_load_keys, {{"service", "crypto_service|team", true}, {"data", "crypto_card|nic"}, {"device", "data_device"}}),
        make("job_server", shape::named, job_server_keys, {{"service", "crypto_service|team", true}}),
        make("remote_load", shape::named, remote_load_keys, {{"from", "host", true}, {"server", "job_server"}}),
        make("fault", shape::numbered, fault_keys),
        make("capture", shape::numbered, capture_keys),
        make("expect", shape::numbered, expect_keys),
        make("trace", shape::table, trace_keys),
        make("check", shape::table, check_keys),
        for_sweeps(make("sweep", shape::table, sweep_keys)),
        for_sweeps(make("vary", shape::numbered, vary_keys)),
        for_sweeps(make("derive", shape::numbered, derive_keys)),
        for_sweeps(make("point", shape::numbered, point_keys)),
        for_sweeps(make("figure", shape::numbered, figure_keys)),
    };
}

}  // namespace

const section* kind_info::find_section(std::string_view wanted) const {
    for (const section& s : sections)
        if (s.name == wanted) return &s;
    return nullptr;
}

std::vector<key_info> keys_of(const kind_info& kind) {
    std::vector<key_info> keys;
    for (const section& s : kind.sections) {
        for (const parameter_info& row : s.info->parameters) {
            const bool hidden = std::any_of(keys.begin(), keys.end(), [&](const key_info& k) {
                return std::string_view(k.row->name) == row.name && std::string_view(k.in->name) == s.name;
            });
            if (hidden) continue;
            const reference_info* reference = nullptr;
            for (const reference_info& r : kind.references)
                if (!*s.name && std::string_view(r.key) == row.name) reference = &r;
            keys.push_back({&s, &row, reference});
        }
    }
    return keys;
}

const char* made_value(const kind_info& kind, const key_info& key) {
    struct made {
        const char *kind, *key, *how;
    };
    static constexpr made all[] = {
        {"nic", "slot", "the first free slot of the bus"},
        {"background", "slot", "the first free slot of the bus"},
        {"copy_engine", "slot", "the first free slot of the bus"},
        {"data_device", "slot", "the first free slot of the bus"},
        {"crypto_card", "slot", "the first free slot of the bus"},
        {"pci_bridge", "slot", "the first free slot of the bus"},
        {"nic", "mac", "the first free of 02:00:00:00:00:01 … fe"},
        {"peer", "mac", "the first free of 02:00:00:00:00:01 … fe"},
        {"port", "mac", "the first free of 02:00:00:00:00:01 … fe"},
        {"switch", "mac", "the first free of 02:00:00:00:01:01 … fe"},
        {"nic", "driver.mac", "as mac"},
        {"team", "address", "the first free of 192.0.2.1/24 … 192.0.2.254/24, as of a nic"},
        {"nic", "address", "the first free of 192.0.2.1/24 … 192.0.2.254/24; on further links of a host of 198.51.100.0/24, 203.0.113.0/24, 198.18.0.0/24 …"},
        {"peer", "ip", "the first free of the network of its link"},
        {"port", "ip", "the first free of the network of its link"},
        {"router", "ip", "as ip of its peer: a bump in the wire"},
        {"host", "stack.address", "as address of the first nic"},
        {"sa", "spi", "the first free from 1000h"},
        {"sa", "key", "drawn from the seed, as long as the algorithm's shortest"},
        {"sa", "authentication_key", "drawn from the seed, as long as the algorithm's shortest"},
        {"nic", "driver.receive_records", "as crypto.enable"},
        {"traffic", "source_port", "the first free from 9000, or drawn: ports"},
        {"traffic", "start", "as traffic_start"},
        {"connections", "start", "as traffic_start"},
        {"ping", "start", "as traffic_start"},
        {"crypto_load", "start", "as traffic_start"},
        {"remote_load", "start", "as traffic_start"},
        {"port", "start", "as traffic_start"},
        {"replay", "start", "as traffic_start"},
        {"background", "window_address", "memory of the host set aside"},
        {"scenario", "name", "the file's name without .toml"},
        {"fault", "name", "fault and its number"},
        {"capture", "name", "capture and its number"},
        {"expect", "name", "expect and its number"},
        {"vary", "name", "vary and its number"},
        {"derive", "name", "derive and its number"},
        {"point", "name", "point and its number"},
        {"figure", "name", "figure and its number"},
    };
    for (const made& m : all)
        if (std::string_view(m.kind) == kind.name && key.name() == m.key) return m.how;
    return nullptr;
}

std::string_view other_name(std::string_view kind, std::string_view key) {
    struct name {
        std::string_view kind, key, other;
    };
    static constexpr name all[] = {{"bus", "period", "clock"}};
    for (const name& n : all)
        if (n.kind == kind && n.key == key) return n.other;
    return "";
}

const std::vector<kind_info>& kinds() {
    static const std::vector<kind_info> all = make_kinds();
    return all;
}

const kind_info* find_kind(std::string_view name) {
    for (const kind_info& k : kinds())
        if (k.name == name && k.form != shape::top) return &k;
    return nullptr;
}

const kind_info& top_kind() { return kinds().front(); }

const std::vector<table_entry>& all_tables() {
    static const std::vector<table_entry> all = [] {
        std::vector<table_entry> tables;
        const auto add = [&](std::string path, const block_info* info) {
            for (const table_entry& t : tables)
                if (t.info == info) return;
            tables.push_back({std::move(path), info});
        };
        for (const kind_info& k : kinds())
            for (const section& s : k.sections) add(*s.name ? std::string(k.name) + "." + s.name : k.name, s.info);
        for (const kind_info& k : kinds())
            for (const section& s : k.inside) add(std::string(k.name) + "." + s.name, s.info);
        for (const block_info* b : other_blocks()) add(b->kind, b);
        return tables;
    }();
    return all;
}

}  // namespace nicteam::scenario
