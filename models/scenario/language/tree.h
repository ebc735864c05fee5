// What a scenario file says, with the place of every key and value; independent of the TOML library.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/scenario/problem.h"

namespace nicteam::scenario {

struct node {
    enum kind_type : std::uint8_t { table, array, string, integer, real, boolean, other };
    kind_type kind = table;
    std::string text;         // string: its characters; other scalars: as TOML writes them
    std::int64_t number = 0;  // integer, boolean
    position at;              // of the value
    struct entry;
    std::vector<entry> entries;  // table: in order of appearance
    std::vector<node> items;     // array

    entry* find(std::string_view key);
    const entry* find(std::string_view key) const { return const_cast<node*>(this)->find(key); }
};

struct node::entry {
    std::string key;
    position at;  // of the key
    node value;
};

inline node::entry* node::find(std::string_view key) {
    for (entry& e : entries)
        if (e.key == key) return &e;
    return nullptr;
}

const char* name_of(node::kind_type);  // "a table", "a string"

// One file as it stands. False, with the problems added, when it cannot be read or is no TOML.
bool read_toml(const std::string& file, problems&, node& out, position from);
// A value as it could stand in a scenario ("[1, 2]", "\"5 ns\"", "true"); what is no TOML is a string.
node read_value(const std::string& written, position at);

// The file with everything that it extends merged below it.
bool read_extended(const std::string& file, problems&, node& out);
// `over` wins: tables merge key by key, arrays of tables by `name`, all else is replaced.
void merge(node& base, node&& over);

}  // namespace nicteam::scenario
