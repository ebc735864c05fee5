// Connections of one [[connections]] of a scenario: the end that opens them and asks, and the end that listens and answers, on a host or at a peer.
#pragma once

#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "nicteam/base/metrics.h"
#include "nicteam/base/tables.h"
#include "nicteam/tcp/stream_calls.h"
#include "nicteam/tcp/stream_observer.h"

namespace nicteam::tcp {

enum class ip_versions : std::uint8_t { four, six };           // choices "4|6"

struct connections_config {
    std::string from, to;                                      // who builds the system resolves them
    std::int64_t port = 5000;
    ip_versions ip_version = ip_versions::four;
    std::int64_t count = 1;
    ps start = 0, interval = 0;                                // between openings; 0: all at once
    std::int64_t rounds = 1;
    std::int64_t request = 100, response = 1000;
    ps pause = 0;
    tcp::closing closing = closing::client;
    bool half_close = false;
};
extern const block_info connections_info;                      // kind "connections": the end that opens
extern const block_info listener_info;                         // the end that listens, one for each port
// What makes no sense; empty: nothing.
std::vector<std::string> problems_of(const connections_config&);

// Where rows become instances.
struct row_binder {
    std::function<counter&(const metric_info&)> count;
    std::function<histogram&(const metric_info&)> samples;
};

class opening_end {
public:
    opening_end(const connections_config&, std::uint16_t group, const packet::ip_address& to, const row_binder&);

    // When it wants to be called next; `never`: only when something happens.
    ps next_at() const;
    exchanged on_time(stream_calls&, ps now);
    // Bits of tcp::event, of a connection that it opened.
    exchanged happened(stream_calls&, state::handle, std::uint32_t events, ps now);
    bool has(state::handle) const;
    void watch(stream_observer& o) { watcher_ = &o; }

private:
    struct one {
        exchange_client talk;
        state::handle handle;
        ps opened_at = 0;
        bool over = false;
    };
    void open(stream_calls&, ps now, exchanged&);
    void pump(stream_calls&, std::uint32_t number, ps now, exchanged&, std::uint32_t events = 0);

    connections_config config_;
    exchange_plan plan_;
    packet::ip_address to_;
    std::vector<one> all_;
    std::vector<std::uint32_t> number_of_;                     // by index of the handle
    using due = std::pair<ps, std::uint32_t>;
    std::priority_queue<due, std::vector<due>, std::greater<due>> pauses_;
    stream_observer* watcher_ = nullptr;
    counter &failed_, &completed_, &rounds_, &sent_, &heard_, &damaged_, &cut_short_;
    histogram &time_to_open_, &round_time_;
};

class listening_end {
public:
    explicit listening_end(const row_binder&);

    void accepted(state::handle);
    exchanged happened(stream_calls&, state::handle, std::uint32_t events, ps now);
    void watch(stream_observer& o) { watcher_ = &o; }

private:
    struct one {
        exchange_server talk;
        state::handle handle;
    };
    std::vector<std::unique_ptr<one>> all_;                    // by index of the handle
    stream_observer* watcher_ = nullptr;
    counter &served_, &rounds_, &sent_, &heard_, &damaged_, &cut_short_, &foreign_;
    histogram& request_time_;
};

}  // namespace nicteam::tcp
