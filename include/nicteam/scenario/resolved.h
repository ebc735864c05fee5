// A scenario as it will be run: every component with every value, and where the value came from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"
#include "nicteam/scenario/language.h"
#include "nicteam/scenario/problem.h"

namespace nicteam::scenario {

enum class origin : std::uint8_t { fallback, made, file, environment, command_line };

struct setting {
    const scenario::section* section = nullptr;
    const parameter_info* row = nullptr;
    nicteam::value value;
    std::string written;  // as the author wrote it; for a fallback, as the table writes it
    origin from = origin::fallback;
    bool refused = false;  // what was written is no value, as a message says; `value` is that from before
    position at;  // of the value, when it was given
    bool given() const { return from != origin::fallback && from != origin::made; }
};

struct component {
    const kind_info* kind = nullptr;
    std::string name;
    std::string path;  // "server.pci0.nic0"; "" for the keys outside all tables
    const component* parent = nullptr;
    position at;
    std::vector<setting> settings;

    const setting* find(std::string_view key) const;  // "slot", "driver.receive_ring"
    const std::string& text(std::string_view key) const;
    std::int64_t integer(std::string_view key) const;  // of a choice: its index
    const std::vector<std::string>& list(std::string_view key) const;
    bool given(std::string_view key) const;  // written in the scenario; a path that may be left out and is "" is left out

    // The configuration of one block, all its rows stored. `section`: when a block's table appears in several.
    template <class Config>
    Config configure(const block_info& info, const char* section = nullptr) const {
        Config c;
        store_into(info, section, &c);
        return c;
    }

private:
    void store_into(const block_info&, const char* section, void* config) const;
};

struct resolved {
    std::string file;       // as given
    std::string directory;  // of that file
    component top;
    std::vector<component> components;  // in scenario order: the base's first

    const std::string& name() const { return top.text("name"); }
    ps end() const { return top.integer(top.given("until") ? "until" : "duration"); }  // of the run
    const component* find(std::string_view path) const;
    std::vector<const component*> of_kind(std::string_view kind) const;
    const component& table(std::string_view kind) const;      // the one of a kind that has no name: "trace", "check"
    // The component whose path is the longest beginning of `path`, or null.
    const component* owner_of(std::string_view path) const;
};

// config.resolved.toml: runnable, each value with a comment that says where it came from.
std::string to_toml(const resolved&, const problems&);
// The same without where values came from, and with whole paths: of every point of a sweep with as many lines.
std::string to_toml(const resolved&);

}  // namespace nicteam::scenario
