#include "nicteam/driver/ring_driver.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "driver/ring_tables.h"
#include "nicteam/host/costs.h"
#include "nicteam/sim/session.h"

namespace nicteam::driver {
namespace {

namespace reg = rings::reg;
using rings::entry_octets;

constexpr std::uint32_t nobody = ~0u;
constexpr unsigned first_base_register = 0x10;        // PCI 2.2, 6.2.5
bool power_of_two(unsigned n) { return n >= 2 && (n & (n - 1)) == 0; }

}  // namespace

const block_info ring_driver_info = {"ring_driver", "driver of a unit behind the one face", {}, ring_metrics, {}, {}, {}, {}, {}};

ring_memory take_memory(host::memory& m, const ring_driver_config& c) {
    ring_memory taken;
    taken.commands = m.allocate(c.command_ring * entry_octets, entry_octets);
    taken.completions = m.allocate(c.completion_ring * entry_octets, entry_octets);
    return taken;
}

ring_driver::ring_driver(sc_core::sc_module_name name, const ring_driver_config& c, const host::place& place, ring_window w)
    : sc_module(name), config_(c), place_(place), where_(w), timeouts_(sim::bind_counter(*this, *ring_timeouts)), count_posted_(sim::bind_counter(*this, ring_metrics[0])), executed_(sim::bind_counter(*this, ring_metrics[1])),
      not_executed_(sim::bind_counter(*this, ring_metrics[2])), unknown_(sim::bind_counter(*this, ring_metrics[3])), stray_(sim::bind_counter(*this, ring_metrics[4])), failed_(sim::bind_counter(*this, ring_metrics[5])),
      asked_(sim::bind_counter(*this, ring_costs[0])), handled_(sim::bind_counter(*this, ring_costs[1])), alone_(sim::bind_counter(*this, ring_costs[2])), waited_(sim::bind_counter(*this, ring_costs[3])),
      early_(sim::bind_counter(*this, *ring_early)), looks_(sim::bind_counter(*this, *(ring_early + 1))) {
    if (!place.cpu || !place.ram || !place.interrupts) throw std::invalid_argument(std::string(this->name()) + ": no place in a host");
    if (!power_of_two(c.command_ring) || !power_of_two(c.completion_ring))
        throw std::invalid_argument(std::string(this->name()) + ": rings have a power of two of entries");
    const ring_memory taken = take_memory(*place.ram, c);
    commands_ = taken.commands;
    completions_ = taken.completions;
    if (w.managed) return;
    if (place.slots) place.slots->tell(place.bus, place.device, *this);
    place.cpu->attach(place.interrupts->line_of(place.bus, place.device), *this);
}
ring_driver::~ring_driver() = default;

void ring_driver::start_of_simulation() {
    if (where_.managed) return;
    const auto begin = [this](host::cpu& c) { start(c); };
    if (place_.boot) place_.boot->then(*place_.cpu, begin);
    else place_.cpu->post(0, begin);
}

bool ring_driver::start(host::cpu& c) {
    if (ready_) end(c);
    if (place_.slots && !place_.slots->occupied(place_.bus, place_.device)) return false;
    if (!set_up(c)) return failed_.add(), false;
    ready_ = true;
    if (!where_.managed) listen(c);
    if (user_) user_->ready(c);
    return true;
}

// What has completed by now, unheard, is not heard of later.
void ring_driver::listen(host::cpu& c) {
    write(c, reg::status, rings::status_completion);
    write(c, reg::interrupt_enable, rings::status_completion | rings::status_dead);
    reap(c);
    if (config_.early) await(c, read(c, reg::status));
}

bool ring_driver::set_up(host::cpu& c) {
    const unsigned device = place_.bus << 5 | place_.device;
    if (c.read_configuration(device, 0x00, 2) == 0xFFFF) return false;              // nobody there: PCI 2.2, 6.1
    window_ = c.read_configuration(device, first_base_register + 4 * where_.base_register, 4) & ~0xFu;
    if (!window_ || read(c, reg::format) != rings::format_version) return false;
    able_ = {read(c, reg::associations), read(c, reg::uses), read(c, reg::command_depth), read(c, reg::completion_depth), read(c, reg::longest_job)};
    ciphers_ = read(c, reg::ciphers);
    authentications_ = read(c, reg::authentications);
    command_size_ = std::min(config_.command_ring, able_.command_depth);
    completion_size_ = std::min(config_.completion_ring, able_.completion_depth);
    posted_ = told_ = taken_ = told_of_ = 0;
    const bytes nothing(completion_size_ * entry_octets);                           // no phase of the first round
    place_.ram->write(completions_, nothing.data(), nothing.size(), c.now());
    write(c, reg::command_base_low, static_cast<std::uint32_t>(commands_));
    write(c, reg::command_base_high, static_cast<std::uint32_t>(commands_ >> 32));
    write(c, reg::command_size, command_size_);
    write(c, reg::completion_base_low, static_cast<std::uint32_t>(completions_));
    write(c, reg::completion_base_high, static_cast<std::uint32_t>(completions_ >> 32));
    write(c, reg::completion_size, completion_size_);
    if (config_.early) write(c, reg::early, 1);
    write(c, reg::control, rings::control_run);
    return read(c, reg::status) == rings::status_running;
}

// Of the CPU's own work nothing is left, and nothing interrupts an access.
std::uint32_t ring_driver::read(host::cpu& c, const rings::register_row& r) {
    c.catch_up();
    const ps from = c.now();
    const std::uint32_t v = c.read(window_ + r.offset, 4);
    waited_.add(static_cast<std::uint64_t>(c.now() - from));
    return v;
}

void ring_driver::write(host::cpu& c, const rings::register_row& r, std::uint32_t v) {
    c.catch_up();
    const ps from = c.now();
    c.write(window_ + r.offset, 4, v);
    waited_.add(static_cast<std::uint64_t>(c.now() - from));
}

void ring_driver::asked(host::cpu& c) {
    asked_.add();
    c.spend(host::of(host::cost::driver_request));
}

void ring_driver::came_alone(ps waited) {
    alone_.add();
    waited_.add(static_cast<std::uint64_t>(waited));
    if (where_.managed) handled_.add();          // its device's handler beside this one
}

std::uint64_t ring_driver::post(host::cpu& c, rings::command k) {
    c.spend(host::of(host::cost::driver_request));
    c.catch_up();
    if (room() == 0) return 0;
    count_posted_.add();
    if (!ledger_.outstanding()) progress_ = c.now();
    k.cookie = ledger_.post(k);
    const rings::entry e = rings::encode(k);
    place_.ram->write(commands_ + std::uint64_t{posted_++ & (command_size_ - 1)} * entry_octets, e.data(), e.size(), c.now());
    if (config_.timeout && !watching_) watch(progress_ + config_.timeout);
    return k.cookie;
}

// At most one look is on its way, however much is posted.
void ring_driver::watch(ps at) {
    watching_ = true;
    place_.cpu->post(at, [this](host::cpu& c) { look_for_progress(c); });
}

// What was told may have met an abort: it is told once more before the unit counts as stuck.
void ring_driver::look_for_progress(host::cpu& c) {
    watching_ = false;
    if (ready_) reap(c);                                                            // what concluded without an interrupt
    if (!ready_ || !ledger_.outstanding()) return;
    if (c.now() < progress_ + config_.timeout) return watch(progress_ + config_.timeout);
    timeouts_.add();
    progress_ = c.now();
    if (std::exchange(told_again_, true)) {
        told_again_ = false;
        if (stuck_) stuck_(c);
    } else {
        told_ = posted_;
        write(c, reg::command_tail, posted_);
    }
    if (ready_ && ledger_.outstanding() && !watching_) watch(progress_ + config_.timeout);
}

void ring_driver::kick(host::cpu& c) {
    if (!ready_ || told_ == posted_) return;
    told_ = posted_;
    write(c, reg::command_tail, posted_);
}

void ring_driver::abort(host::cpu& c) {
    if (!ready_) return;
    kick(c);
    write(c, reg::control, rings::control_abort);
}

bool ring_driver::interrupt(host::cpu& c) {
    if (!ready_) return false;
    c.spend(host::of(host::cost::driver_interrupt));
    handled_.add();
    const std::uint32_t before = taken_;
    write(c, reg::status, rings::status_completion);
    // Pushes what the unit had posted, and the acknowledgement before it: what was completed by then lies in memory, what comes later is told of anew.
    const std::uint32_t status = read(c, reg::status);
    if (status == nobody) return false;
    if (status & rings::status_dead) {
        halt(c);
        return true;
    }
    reap(c);
    if (config_.early) await(c, status);
    const bool mine = taken_ != before || looking_;
    if (mine && !where_.managed) came_alone(0);
    return mine;
}

// Told of, and not in memory yet.
void ring_driver::await(host::cpu& c, std::uint32_t status) {
    told_of_ = static_cast<std::uint16_t>(status >> 16);
    if (looking_ || !is_awaited()) return;
    early_.add();
    look_again(c);
}

void ring_driver::look_again(host::cpu& c) {
    looking_ = true;
    place_.cpu->post(c.now() + config_.poll, [this](host::cpu& k) {
        looking_ = false;
        looks_.add();
        reap(k);
        if (ready_ && is_awaited()) look_again(k);
    });
}

// In the order of the ring, as long as the phase is that of this round.
void ring_driver::reap(host::cpu& c) {
    c.mask_interrupts();                                                            // their handler reaps as well
    c.catch_up();
    const std::uint32_t before = taken_;
    for (rings::entry e; ready_;) {
        place_.ram->read(completions_ + std::uint64_t{taken_ & (completion_size_ - 1)} * entry_octets, e.data(), e.size(), c.now());
        if ((e.back() & rings::phase) != rings::phase_of(taken_, completion_size_)) break;
        ++taken_;
        c.spend(host::of(host::cost::driver_reap));
        if (const auto told = ledger_.completed(rings::decode_completion(e))) conclude(c, *told);
        else stray_.add();
        c.catch_up();
    }
    if (taken_ != before) progress_ = c.now(), told_again_ = false;
    if (ready_ && taken_ != before) write(c, reg::completion_head, taken_);
    c.unmask_interrupts();
}

void ring_driver::halt(host::cpu& c) {
    if (!ready_) return;
    write(c, reg::control, rings::control_reset);
    read(c, reg::status);                                                           // behind it nothing is under way any more
    end(c);
}

// The unit writes nothing more: what it told stands in memory, the rest is for the ledger to say.
void ring_driver::end(host::cpu& c) {
    if (!ready_) return;
    reap(c);
    ready_ = false;
    for (const ring_conclusion& left : ledger_.gone()) conclude(c, left);
}

void ring_driver::removed(host::cpu& c) {
    end(c);
    if (user_) user_->gone(c);
}

void ring_driver::conclude(host::cpu& c, const ring_conclusion& what) {
    (what.how == conclusion::executed ? executed_ : what.how == conclusion::not_executed ? not_executed_ : unknown_).add();
    if (user_) user_->concluded(c, what);
}

}  // namespace nicteam::driver
