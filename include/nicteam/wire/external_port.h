// A link's end on a unix socket: whoever is at the socket (QEMU, another program) sends and receives frames as a station on the link.
//
// What comes from outside takes effect at the next edge of the line's octet clock and is written down with that time; from there on a
// live run and the replay of its record are the same. Frames that come in wait for the line in order; when `input_queue` wait, the
// socket is no longer read, so nothing is lost; nor is it before `start`, when hosts may not listen yet. Frames that go out leave with their last octet; what the other side does not read waits
// up to `output_queue` frames and is then lost, counted, with its reason. Full duplex only: with an end that is half duplex, or forced to
// one mode, no link comes up.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/pacing.h"
#include "nicteam/wire/link.h"
#include "nicteam/wire/port_record.h"

namespace nicteam::wire {

enum class socket_role : std::uint8_t { listen, connect };

struct external_port_config {
    std::string socket;                        // path; found from where the command runs
    socket_role role = socket_role::listen;
    bool wait = true;                          // the run begins when somebody is there
    ps start = 0;                              // until then nothing is read: frames wait in the socket
    std::string replay;                        // a record: the socket is left alone
    std::string mac = "02:00:00:00:00:01", ip = "192.0.2.1";   // of the station behind it: whom traffic to the port is for
    std::int64_t max_frame = 1518;
    std::int64_t longest_length = 69'632;
    std::int64_t input_queue = 256, output_queue = 256;        // frames
    ps retry = 100 * millisecond;              // of the wall clock
};
extern const block_info external_port_info;    // kind "port"

class port_socket;

class external_port : public sc_core::sc_module, public wire_end_point, private wire_sink, private sim::agenda_user {
public:
    // Reads the record, if one is to be replayed; throws packet::capture_error. The socket is not touched.
    external_port(sc_core::sc_module_name, const external_port_config&);
    ~external_port() override;
    // What is wrong with a configuration, the record with it, or "". Neither socket nor model is touched.
    static std::string problem_of(const external_port_config&);

    // Opens the socket, unless a record is replayed. Throws std::runtime_error naming the path and the reason.
    void open();
    sim::outside* live();                      // null: a replay, or not open
    // Writes down all that comes in, from here and before the start of simulation. Throws report::write_error.
    void record_to(const std::string& path);
    std::string check_record();                // why it could not be written: then it is given up, and told of once; else ""
    void close();                              // the socket goes, the record is whole; throws report::write_error

    // From outside, at the present time, between two steps of the kernel.
    void note(happening, std::uint64_t count = 1, bytes frame = {});
    // Who wants to hear when the other side comes or goes, with the simulated time at which that takes effect.
    void on_connection(std::function<void(bool there, ps at)> tell) { tell_ = std::move(tell); }
    bool has_room() const { return sim::now() >= config_.start && waiting_.size() + pending_.size() < static_cast<std::size_t>(config_.input_queue); }
    const external_port_config& config() const { return config_; }

    // wire_end_point
    wire_sink& receiver() override { return *this; }
    void plug(wire_source&) override;
    const char* end_point_name() const override { return name(); }
    // Full duplex only: the outside has no carrier to sense.
    phy_setting phy() const override { return {phy_setting::role::negotiates, full_10 | full_100}; }

private:
    void start_of_simulation() override;
    void due(unsigned slot, ps at) override;
    void take(happened&);
    void take_frame(bytes&, ps at);
    void begin_frame(ps at);
    void finish_frame();
    void plan();

    // wire_sink: frames that leave.
    void begin(const frame_ref&, const span& octets) override { heard_ = octets; }
    void replan(const span& octets) override { heard_ = octets; }
    void end(const frame_ref&, wire_end) override;
    unsigned judge(const frame&, wire_end, ps at);
    bool not_read(const frame&, ps at);

    external_port_config config_;
    sim::station& station_;
    sim::capture_point& capture_;
    sim::agenda agenda_;
    std::vector<counter*> counters_;
    std::unique_ptr<port_socket> socket_;
    std::unique_ptr<port_record_writer> record_;
    std::function<void(bool, ps)> tell_;
    std::deque<happened> pending_;             // of outside, in order of time
    std::deque<ps> drops_;                     // of a record: when frames were not taken
    bool attached_ = false;                    // as the model knows it
    bool started_ = false;
    std::deque<ref<frame>> waiting_;           // for the line
    wire_source* line_ = nullptr;
    ref<frame> sending_;
    span sent_, heard_;
    ps free_at_ = 0, octet_ = 0;
};

}  // namespace nicteam::wire
