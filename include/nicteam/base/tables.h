// The tables of a block: constant data, read without building a model. From them come the defaults, ranges, error
// messages, `explain`, the schema, the documentation, the names in results and waveforms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "nicteam/base/units.h"

namespace nicteam {

// A view of a constant array.
template <class T>
struct table {
    const T* rows = nullptr;
    std::size_t count = 0;

    constexpr table() = default;
    template <std::size_t N> constexpr table(const T (&array)[N]) : rows(array), count(N) {}
    const T* begin() const { return rows; }
    const T* end() const { return rows + count; }
};

struct parameter_info {
    const char* name;        // key in a scenario: snake_case
    quantity kind;
    const char* fallback;    // as it would be written; nullptr: the scenario must give it
    const char* low;         // inclusive range as written; nullptr: unbounded
    const char* high;
    const char* choices;     // "round_robin|fixed", for quantity::choice
    const char* meaning;     // one sentence
    const char* source;      // document and place, or the reason for the default
    void (*store)(void* config, const value&);   // writes the field of the block's config struct
};

struct metric_info {
    enum kind_type : std::uint8_t { counter, level, histogram };
    const char* name;
    const char* unit;        // "frames", "B", "ps", "edges"
    const char* meaning;
    kind_type kind = counter;
};

struct probe_info {
    const char* name;
    unsigned bits;                     // 1 ... 64; 0: text, drawn from `states`
    const char* const* states;         // names of the values 0, 1, 2 ..., ended by nullptr; nullptr for plain numbers
    const char* meaning;
};

struct fault_info {
    const char* name;        // "link_down"
    const char* unit;        // what `amount` of a fault is: "frames", "ratio", "" = none
    const char* meaning;
    std::int64_t least = 0;  // amount
};

struct capture_info {
    const char* name;        // capture point within the block: "wire", "host"
    const char* meaning;
};

// A station on a packet's way, one column of packets.csv.
struct stage_info {
    const char* name;        // "host_post"
    const char* meaning;
};

// How a packet's way ends. Every drop has one.
struct outcome_info {
    const char* name;        // "delivered", "no_buffer"
    bool lost;
    const char* meaning;
    bool goes_on = false;    // as copies of its own, damaged or repeated: neither delivered nor lost
    bool no_room = false;    // lost because what comes behind was too slow: it counts as demand there
    bool to_all = false;     // goes on as copies to every end that is there, whomever it is for
    bool for_others = false; // it was for another station: of a copy to all neither arrival nor loss
    bool in_device = false;  // arrived, and its octets stay in a device: no bus brings the packet to a host
};

struct block_info {
    const char* kind;        // the table's name in a scenario: "nic"
    const char* meaning;
    table<parameter_info> parameters;
    table<metric_info> metrics;
    table<probe_info> probes;
    table<fault_info> faults;
    table<capture_info> captures;
    table<stage_info> stages;
    table<outcome_info> outcomes;
};

namespace detail {
template <class T> struct member_of;
template <class C, class M> struct member_of<M C::*> { using owner = C; using type = M; };
}  // namespace detail

// The store function of a plain field: store<&nic_config::link_rate>. An enum takes the index of the choice, which the
// reader puts into `integer`.
template <auto Member>
void store(void* config, const value& v) {
    using traits = detail::member_of<decltype(Member)>;
    using type = typename traits::type;
    auto& field = static_cast<typename traits::owner*>(config)->*Member;
    if constexpr (std::is_same_v<type, std::string>) field = v.text;
    else if constexpr (std::is_same_v<type, std::vector<std::string>>) field = v.list;
    else field = static_cast<type>(v.integer);
}

}  // namespace nicteam
