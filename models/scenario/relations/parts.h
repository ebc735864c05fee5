// Where in a scenario which rows are: each component, and the parts below it, with the path that metrics, waveform, captures,
// faults and --set call it. Known from the scenario alone; a test holds it to what the built model binds.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

struct part {
    const component* on;
    std::string path;  // "server.pci0.nic0", "server.pci0.bridge", "server.sink_9"
    const block_info* block;
};
std::vector<part> parts_of(const resolved&);  // in scenario order

// Those with names of their own: what a limit, a flow, a scope can be.
std::vector<std::string> places_among(const std::vector<part>&);

template <class Row>
struct placed {
    std::string path;  // of the part and the row: "server.pci0.nic0.rx_frames"
    const Row* row;
};

// All rows of one kind: rows_at(parts, &block_info::metrics).
template <class Row>
std::vector<placed<Row>> rows_at(const std::vector<part>& parts, table<Row> block_info::*rows) {
    std::vector<placed<Row>> all;
    for (const part& p : parts)
        for (const Row& row : p.block->*rows) all.push_back({p.path + "." + row.name, &row});
    return all;
}

// What an [[expect]] can count as events: stages and ends of packets, states that a probe enters, bits that rise.
struct event_place {
    std::string path;  // "server.pci0.nic0.ru_state.no_resources"
    const char* meaning;
};
std::vector<event_place> events_at(const std::vector<part>& parts);

// The [[echo]] that takes what this traffic brings to a host, or null: then a sink does.
const component* echo_for(const component& traffic, const resolved&);

const component* host_of(const component*);  // the host that it belongs to, or null

}  // namespace nicteam::scenario
