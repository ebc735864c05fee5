#include "nicteam/scenario/language.h"

#include "scenario/blocks.h"
#include "scenario/structure.h"

namespace nicteam::scenario {
namespace {

kind_info make(const char* name, shape form, const block_info& keys, std::vector<reference_info> references = {}) {
    kind_info k{name, form, {{"", &keys}}, std::move(references)};
    for (const section& s : room_sections(name)) k.sections.push_back(s);
    k.inside = room_insides(name);
    return k;
}

std::vector<kind_info> make_kinds() {
    const reference_info host{"host", "host", true}, bus{"bus", "bus", true};
    return {
        make("scenario", shape::top, top_keys),
        make("host", shape::named, host_keys),
        make("cpu", shape::named, cpu_keys, {host}),
        make("bus", shape::named, bus_keys, {host}),
        make("nic", shape::named, nic_keys, {bus}),
        make("pass_through", shape::named, pass_through_keys, {{"nic", "nic", true}}),
        make("background", shape::named, background_keys, {bus}),
        make("copy_engine", shape::named, copy_engine_keys, {bus}),
        make("link", shape::named, link_keys, {{"a", "nic|peer|repeater"}, {"b", "nic|peer|repeater"}}),
        make("repeater", shape::named, repeater_keys),
        make("peer", shape::named, peer_keys),
        make("traffic", shape::named, traffic_keys, {{"from", "peer|host|nic", true}, {"to", "peer|host|nic"}}),
        make("replay", shape::named, replay_keys, {{"peer", "peer", true}}),
        make("fault", shape::numbered, fault_keys),
        make("capture", shape::numbered, capture_keys),
        make("expect", shape::numbered, expect_keys),
        make("trace", shape::table, trace_keys),
        make("check", shape::table, check_keys),
    };
}

}  // namespace

const section* kind_info::find_section(std::string_view wanted) const {
    for (const section& s : sections)
        if (s.name == wanted) return &s;
    return nullptr;
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
            for (const section& s : k.inside) add(s.info->kind, s.info);
        for (const block_info* b : other_blocks()) add(b->kind, b);
        return tables;
    }();
    return all;
}

}  // namespace nicteam::scenario
