// The scenario language: which tables a scenario may hold and which rows each of them has. Every row belongs to the table of
// a room or, for what only holds a scenario together (names, ends, references), to this one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nicteam/base/tables.h"

namespace nicteam::host {
struct operation;
}

namespace nicteam::scenario {

// A key whose value names other components.
struct reference_info {
    const char* key;      // "bus"
    const char* kinds;    // what it may name: "nic|peer|repeater"
    bool parent = false;  // the component's path is that one's path and its own name
};

// A group of keys: section "" is the table itself, "driver" the table [nic.driver].
struct section {
    const char* name;
    const block_info* info;
};

enum class shape : std::uint8_t {
    top,       // the keys outside all tables
    table,     // [trace]
    named,     // [[nic]], each with a name
    numbered,  // [[expect]]: a name may be left out and is then made from kind and number
};

struct kind_info {
    const char* name;
    shape form;
    std::vector<section> sections;
    std::vector<reference_info> references;
    std::vector<section> inside{};  // parts below it without keys of their own, by the last step of their path;
                                    // "*" in a name: a number
    std::vector<const char*> taken{};  // other names below it that no component can have
    bool for_sweeps = false;           // without meaning for a single run

    const char* meaning() const { return sections[sections.size() > 1 && !*sections[1].name ? 1 : 0].info->meaning; }
    const section* find_section(std::string_view) const;
};

// One key of a table as an author may write it. A row of the language stands before a room's of the same name.
struct key_info {
    const section* in;
    const parameter_info* row;
    const reference_info* reference;  // null: it names no component

    std::string name() const { return *in->name ? std::string(in->name) + "." + row->name : row->name; }
};
std::vector<key_info> keys_of(const kind_info&);
// For a key that is made when it is left out because it must differ from component to component: how; else null.
const char* made_value(const kind_info&, const key_info&);

// Another name of a key of a table's own, for those who look for it by that: "clock" of a bus is its `period`. Where something has that name by itself, it is
// that which is meant. "": it has none.
std::string_view other_name(std::string_view kind, std::string_view key);

const std::vector<kind_info>& kinds();
const kind_info* find_kind(std::string_view name);
const kind_info& top_kind();

// Every table that a row can come from, each once: those of kinds() and those of parts that have no table of their own.
struct table_entry {
    std::string path;  // "nic", "nic.driver", "link.a_to_b", "host.sink_*": a kind, and where below it
    const block_info* info;
};
const std::vector<table_entry>& all_tables();

// What software costs: each has a row `cost_NAME` in the table of the CPU.
const std::vector<const host::operation*>& all_operations();

// Text rows with this in `choices` take a bare integer as well.
inline constexpr const char or_integer[] = "text or integer";

}  // namespace nicteam::scenario
