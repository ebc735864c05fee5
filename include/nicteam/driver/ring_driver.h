// The driver of the one face: fills the command ring, keeps the ledger, reads completions. Of a card by itself; of a nic as a part of the
// nic's driver, which starts and stops it and hands it interrupts.
#pragma once

#include <functional>
#include <memory>

#include "nicteam/driver/ring_ledger.h"
#include "nicteam/host/host.h"
#include "nicteam/rings/command_processor.h"
#include "nicteam/rings/registers.h"

namespace nicteam::driver {

struct ring_driver_config {
    unsigned command_ring = 64, completion_ring = 64;    // entries; fewer when the unit has no such depth
    ps timeout = 0;                      // nothing concludes for so long: the unit is told again, then it counts as stuck; 0: never
    bool early = false;                  // the unit interrupts when a result is on its way, not when its completion lies in memory
    ps poll = microsecond;               // between looks for a completion that was told of early
};
extern const block_info ring_driver_info;                 // kind "ring_driver"

class ring_user {
public:
    virtual ~ring_user() = default;
    virtual void ready(host::cpu&) {}                     // it takes entries from now on
    virtual void gone(host::cpu&) {}                      // its unit was pulled out
    virtual void concluded(host::cpu&, const ring_conclusion&) = 0;      // every entry that was posted, once
};

// Where the unit is within its device.
struct ring_window {
    unsigned base_register = 0;          // whose window has the registers of the face
    bool managed = false;                // started, stopped and interrupted by the device's own driver
};

// What it takes of the host's memory when it is built.
struct ring_memory {
    std::uint64_t commands = 0, completions = 0;
};
ring_memory take_memory(host::memory&, const ring_driver_config&);

// Must be one of a place's devices; what it posts is not looked at before kick().
class ring_driver : public sc_core::sc_module, private host::interrupt_handler, private host::hot_plug_user {
public:
    ring_driver(sc_core::sc_module_name, const ring_driver_config&, const host::place&, ring_window = {});
    ~ring_driver() override;
    void bind(ring_user& u) { user_ = &u; }
    // The unit concludes nothing, although it was told again: who manages it resets it, or ends it.
    void on_stuck(std::function<void(host::cpu&)> f) { stuck_ = std::move(f); }

    bool ready() const { return ready_; }
    const rings::capability& able() const { return able_; }
    std::uint32_t ciphers() const { return ciphers_; }                   // bits, as in the capability block
    std::uint32_t authentications() const { return authentications_; }
    std::size_t room() const { return ready_ ? command_size_ - ledger_.outstanding() : 0; }

    // Its cookie; 0: there is no room, or the unit is not ready. The command's own cookie is not used.
    std::uint64_t post(host::cpu&, rings::command);
    void kick(host::cpu&);
    void abort(host::cpu&);              // all that was posted completes, executed or not
    void halt(host::cpu&);               // the unit is reset; what was outstanding concludes before this returns
    const ring_ledger& ledger() const { return ledger_; }
    void reap(host::cpu&);               // what has completed, without an interrupt

    // For who manages it. The unit is as after a reset; false: it is not there, or refuses its rings. No interrupts before listen().
    bool start(host::cpu&);
    void listen(host::cpu&);
    void end(host::cpu&);                // the unit was reset or is gone: all that is outstanding concludes
    bool interrupt(host::cpu&) override; // false: not its own
    void asked(host::cpu&);              // for a job: what the driver spends on taking it
    void came_alone(ps waited);          // an interrupt told of completions only, and the manager's handler waited so long to know

private:
    void start_of_simulation() override;
    void inserted(host::cpu& c) override { start(c); }
    void removed(host::cpu&) override;

    std::uint32_t read(host::cpu&, const rings::register_row&);
    void write(host::cpu&, const rings::register_row&, std::uint32_t);
    bool set_up(host::cpu&);
    void conclude(host::cpu&, const ring_conclusion&);
    void await(host::cpu&, std::uint32_t status);
    bool is_awaited() const { return static_cast<std::int16_t>(told_of_ - static_cast<std::uint16_t>(taken_)) > 0; }
    void look_again(host::cpu&);
    void watch(ps at);
    void look_for_progress(host::cpu&);

    ring_driver_config config_;
    host::place place_;
    ring_window where_;
    ring_user* user_ = nullptr;
    ring_ledger ledger_;
    rings::capability able_;
    std::uint32_t ciphers_ = 0, authentications_ = 0;
    std::uint64_t commands_ = 0, completions_ = 0, window_ = 0;          // addresses
    std::uint32_t command_size_ = 0, completion_size_ = 0;
    std::uint32_t posted_ = 0, told_ = 0, taken_ = 0;    // entries since the start; of them known to the unit; completions read
    std::uint16_t told_of_ = 0;          // completions since the start that the unit told of early, modulo 65,536
    bool looking_ = false;               // for one of them
    bool ready_ = false;
    std::function<void(host::cpu&)> stuck_;
    ps progress_ = 0;                    // something concluded last, or the first entry began to wait
    bool watching_ = false, told_again_ = false;
    counter &timeouts_, &count_posted_, &executed_, &not_executed_, &unknown_, &stray_, &failed_, &asked_, &handled_, &alone_, &waited_, &early_, &looks_;
};

}  // namespace nicteam::driver
