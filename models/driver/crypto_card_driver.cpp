#include "nicteam/driver/crypto_card_driver.h"

#include <utility>

#include "driver/ring_tables.h"
#include "nicteam/driver/questions.h"
#include "nicteam/sim/session.h"

namespace nicteam::driver {
namespace {

using config = crypto_card_driver_config;
constexpr const char* ours = "own choice";

constexpr const char* ring_sizes =
    "2|4|8|16|32|64|128|256|512|1024|2048|4096|8192|16384|32768|65536";
constexpr parameter_info parameters[] = {
    {"command_ring", quantity::count, "64", nullptr, nullptr, ring_sizes, "entries of the command ring, a power of two; at most what the card has", ours, store<&config::command_ring>},
    {"completion_ring", quantity::count, "64", nullptr, nullptr, ring_sizes, "entries of the completion ring, likewise", ours, store<&config::completion_ring>},
    {"poll", quantity::time, "1 us", "1 ns", "1 s", nullptr, "between looks at completions that are waited for", ours, store<&config::poll>},
    {"early_interrupt", quantity::flag, "false", nullptr, nullptr, nullptr, "the card interrupts when a result is on its way, so that the way to the handler and the transfer overlap; a handler that is there first looks again, `poll` apart",
     "US 7,299,350; docs/decisions/0171", store<&config::early_interrupt>},
    {"timeout", quantity::time, "20 ms", "1 us", "10 s", nullptr, "so long without them while they are awaited, or twice so long while jobs are under way, and the card counts as dead: it is reset, and "
     "again so long later if it does not answer", ours, store<&config::timeout>},
};

constexpr fault_info faults[] = {
    {"reset", "", "an operator resets the driver: it halts, its jobs complete as done, failed, not done or of unknown outcome, and it sets its card up again"},
};

}  // namespace

const block_info crypto_card_driver_info = {"driver", "driver of a crypto card", parameters, {}, {}, faults, {}, {}, {}};

crypto_card_driver::crypto_card_driver(sc_core::sc_module_name name, const config& c, const host::place& place)
    : sc_module(name), place_(place), ring_("rings", ring_driver_config{c.command_ring, c.completion_ring, c.timeout, c.early_interrupt, c.poll}, place),
      associations_(ring_, *place.ram, sim::session::current().shadow_of(place.bus_path), c.poll, c.timeout, [this](host::cpu& k, crypto_job& j) {
          if (user_) user_->finished(k, j);
      }) {
    timeout_ = c.timeout;
    able_.mtu = 0;
    able_.services = {"process_and_return"};
    associations_.on_ready([this](host::cpu& k) { ready(k); });
    associations_.on_gone([this](host::cpu& k) { tell(k, false); });
    ring_.on_stuck([this, cpu = place.cpu](host::cpu& k) { revive(k, *cpu); });
    sim::bind_fault(*this, faults[0], [this, cpu = place.cpu](bool begin, std::int64_t, ps at) {
        if (begin) cpu->post(at, [this](host::cpu& k) { operator_reset(k); });
    });
}
crypto_card_driver::~crypto_card_driver() = default;

state::handle crypto_card_driver::hold(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload, ipsec::association* numbers) {
    return associations_.add(p, iv_seed, payload, 0, numbers);
}

void crypto_card_driver::ready(host::cpu& c) {
    halted_ = false;
    associations_.install(c);
    tell(c, true);
}

// Of a card that was there from the start nobody has to hear.
void crypto_card_driver::tell(host::cpu& c, bool there) {
    if (std::exchange(told_gone_, !there) == there && user_) user_->changed(c, {false, 0, false, c.now(), there});
}

void crypto_card_driver::send(host::cpu& c, const packet_list& l, const send_how&) {
    if (user_ && !l.empty()) user_->sent(c, l, status::refused);
}

void crypto_card_driver::request(host::cpu& c, control& r) {
    r.result = status::refused;
    r.detail = "a crypto card has no link";
    if (auto* i = dynamic_cast<identify*>(&r)) {
        read_identity(c, place_, *i);
        if (ring_.ready()) lends(ring_.able().uses, *i);
        r.result = status::done;
        r.detail.clear();
    }
    if (user_) user_->completed(c, r);
}

void crypto_card_driver::submit(host::cpu& c, job& j) {
    ring_.asked(c);
    auto* const wanted = dynamic_cast<crypto_job*>(&j);
    if (wanted && !halted_ && associations_.submit(c, *wanted)) return;
    if (halted_) j.result = status::not_done, j.detail = "halted";
    else if (!wanted) j.result = status::refused, j.detail = "unknown kind of job";
    if (user_) user_->finished(c, j);
}

void crypto_card_driver::operator_reset(host::cpu& c) {
    halt(c, halt_reason::reset);
    ring_.start(c);                              // ready() when the card answers
}

// Until it answers; who takes it out or resets it ends that.
void crypto_card_driver::revive(host::cpu& c, host::cpu& home) {
    halt(c, halt_reason::reset);
    const auto again = [this, &home](host::cpu& k) {
        if (halted_) revive(k, home);
    };
    if (!ring_.start(c)) home.post(c.now() + timeout_, again);
}

void crypto_card_driver::halt(host::cpu& c, halt_reason reason) {
    if (halted_) return;
    halted_ = true;
    if (reason != halt_reason::removed) {
        ring_.abort(c);
        associations_.take_home(c);
        ring_.halt(c);
    } else {
        ring_.end(c);
    }
    associations_.lost(c.now());
    tell(c, false);
}

}  // namespace nicteam::driver
