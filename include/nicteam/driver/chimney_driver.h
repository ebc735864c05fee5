// The driver of a nic's Offload Target (source document 002: chimney driver 212): questions of the layers into the ring, answers to them. A part of the nic's
// driver, which starts and stops it and hands it interrupts.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "nicteam/chimney/messages.h"
#include "nicteam/driver/offload_port.h"
#include "nicteam/host/host.h"
#include "nicteam/rings/fields.h"

namespace nicteam::driver {

struct chimney_driver_config {
    unsigned base_register = 5;                  // whose window has the registers
    unsigned questions = 256, answers = 256;     // entries of the rings; fewer when the unit has no such depth
    unsigned buffers = 64, buffer_octets = 2'048;
    std::uint32_t room = 1u << 20;               // octets of host memory for what questions point to
    ps poll = microsecond;                       // between looks whether there is room again
};
extern const block_info chimney_driver_info;     // kind "chimney_driver"

// What it takes of the host's memory when it is built.
struct chimney_memory {
    std::uint64_t questions = 0, answers = 0, buffer_ring = 0, buffers = 0, arena = 0;
};
chimney_memory take_memory(host::memory&, const chimney_driver_config&);

class chimney_driver : public sc_core::sc_module, public offload_port {
public:
    chimney_driver(sc_core::sc_module_name, const chimney_driver_config&, const host::place&);
    ~chimney_driver() override;

    chimney::dispatch_table table() override;
    void bind(chimney::answers& a, offload_user& u) override { answers_ = &a, user_ = &u; }
    void flush(host::cpu&) override;

    bool ready() const { return ready_; }
    // For who manages it. The unit is as after a reset; false: it is not there, or refuses its rings. No interrupts before listen().
    bool start(host::cpu&);
    void listen(host::cpu&);
    void end(host::cpu&);                        // the unit was reset or is gone: what is outstanding is answered, its connections are lost
    bool interrupt(host::cpu&);                  // false: not its own

private:
    struct waiting {
        chimney::question asked;
        bytes octets;
    };
    struct outstanding {
        chimney::opcode what{};
        state::handle handle;
        bool whole_state = false;                // a DELEGATED part: with it the connection runs there
        state::block_list list;
    };

    void ask(chimney::opcode, chimney::ticket, state::handle, bytes, std::uint8_t argument = 0, std::uint32_t length = 0);
    bool put(host::cpu&, const waiting&);
    bool place(std::uint32_t octets, std::uint32_t& at);
    void free_places(host::cpu&);
    void reap(host::cpu&);
    void post_buffer(unsigned n, ps at);
    void heard(host::cpu&, const chimney::answer&);
    void answer_as(ps now, chimney::ticket, const outstanding&, chimney::status);
    void refuse_all(ps now);
    std::uint32_t read(host::cpu&, const rings::register_row&);
    void write(host::cpu&, const rings::register_row&, std::uint32_t);
    bool set_up(host::cpu&);

    chimney_driver_config config_;
    host::place place_;
    host::memory& ram_;
    chimney_memory at_;                          // addresses
    chimney::answers* answers_ = nullptr;
    offload_user* user_ = nullptr;
    chimney::abilities able_;
    std::uint32_t longest_ = 0;
    std::uint64_t window_ = 0;
    std::uint32_t question_size_ = 0, answer_size_ = 0;

    bool ready_ = false, flushing_ = false, looks_ = false;
    std::deque<waiting> pending_;
    std::uint32_t posted_ = 0, told_ = 0, taken_ = 0, buffers_posted_ = 0, buffers_told_ = 0, next_buffer_ = 0;
    std::uint32_t question_head_ = 0;            // as last read
    struct piece_of_arena {
        std::uint32_t question, first, octets;   // of the question of that number
    };
    std::deque<piece_of_arena> used_;
    chimney::answer coming_;                     // its octets, as they come
    std::map<chimney::ticket, outstanding> asked_;
    using name = std::pair<std::uint32_t, std::uint32_t>;
    std::set<name> granted_, there_;             // connections with a slot in the device; those that run there
    counter &count_asked_, &count_heard_, &octets_down_, &octets_up_, &waited_, &failed_, &lost_;
};

}  // namespace nicteam::driver
