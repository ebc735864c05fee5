// I-4: what an application takes from a connection is what the other end handed to it, from the first octet on and in order; all of it, if FIN ended the
// stream. The books have the octets that are under way, and no idea what they mean. Who listens learns
// from the first 32 octets whose they are: a stream that ends before is not judged.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "nicteam/check/breaches.h"
#include "nicteam/tcp/stream_observer.h"

namespace nicteam::check {

class streams final : public tcp::stream_observer {
public:
    explicit streams(breaches& b) : breaches_(b) {}
    void name(std::uint16_t group, std::string path) { paths_[group] = std::move(path); }

    void handed(const tcp::stream_name&, packet::octets, ps) override;
    void taken(const tcp::stream_name&, packet::octets, ps) override;
    void ended(const tcp::stream_name&, std::size_t unread, ps) override;

private:
    struct books {
        bytes under_way;             // from `begin` on
        std::size_t begin = 0;
        std::uint64_t taken = 0;
        bool ended = false;
    };
    using key = std::tuple<std::uint16_t, std::uint32_t, bool>;
    static key key_of(const tcp::stream_name& n) { return {n.group, n.connection, n.answers}; }
    void report(const tcp::stream_name&, ps, const std::string& what);

    breaches& breaches_;
    std::map<std::uint16_t, std::string> paths_;
    std::map<key, books> all_;
};

}  // namespace nicteam::check
