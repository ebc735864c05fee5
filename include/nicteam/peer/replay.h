// A capture file sent again: with the file's timing, scaled, or as fast as possible; addresses rewritten on request.
#pragma once

#include <memory>
#include <string>

#include "nicteam/base/tables.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/packet/capture_file.h"
#include "nicteam/peer/frame_source.h"
#include "nicteam/sim/session.h"

namespace nicteam::peer {

enum class replay_timing : std::uint8_t { file, scaled, fast };
enum class replay_fcs : std::uint8_t { as_file, append, included };

struct replay_config {
    std::string peer;                          // who sends; who builds the system resolves it
    std::string file;
    replay_timing timing = replay_timing::file;
    std::int64_t scale = 1'000'000'000'000'000'000;   // of the file's gaps, in 10^-18
    ps start = 0;
    std::int64_t repeat = 1;
    std::int64_t count = 0;                    // frames; 0: all
    std::string only_from;                     // MAC or IPv4 address of the side to replay; empty: all frames
    std::string source_mac, destination_mac;   // empty: as in the file
    std::string source_ip, destination_ip;
    replay_fcs fcs = replay_fcs::as_file;
    bool as_is = false;
    std::int64_t max_frame = 1518;
};
extern const block_info replay_info;           // kind "replay"

class replay : public frame_source {
public:
    // Reads the file. Throws packet::capture_error on a foreign or damaged one, std::invalid_argument on an address that is none.
    replay(const std::string& path, const replay_config&);
    ~replay() override;
    // What is wrong with a configuration, the file with it, or "". Nothing is built.
    static std::string problem_of(const replay_config&);

    ps ready() const override { return next_at_; }
    outgoing take(ps now) override;
    bool from_recording() const override { return true; }
    ps made(ps free) const override { return config_.timing == replay_timing::fast ? frame_source::made(free) : next_at_; }
    ps next_arrival() const override { return config_.timing == replay_timing::fast ? never : arriving_at_; }
    void arrive() override;
    std::uint64_t waiting() const override { return waiting_; }
    std::size_t frames_in_file() const;        // after selection and refusals
    const std::string& note_on_times() const;  // of the file, where they do not go forward; ""

private:
    struct content;
    void plan(ps now);
    ps due(std::size_t index, std::int64_t round, std::int64_t sent) const;      // by the file's times; `never`: no more
    replay_config config_;
    std::unique_ptr<content> content_;
    std::size_t index_ = 0, other_ = 0;        // the next to be sent, and to be turned down
    std::int64_t sent_ = 0, round_ = 0;
    ps next_at_ = never;
    std::size_t ahead_ = 0;                    // the next to come to the queue
    std::int64_t ahead_round_ = 0, came_ = 0;
    std::uint64_t waiting_ = 0;
    ps arriving_at_ = never;
    counter &frames_, &octets_;
    counter* turned_down_[4];                  // refused_long ... padded
};

}  // namespace nicteam::peer
