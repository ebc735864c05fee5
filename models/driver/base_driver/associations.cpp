// What the driver keeps in a device with a crypto block: its associations go in through the device's ring at each bring-up, come home
// before a halt, and work for the jobs of users.
#include <stdexcept>

#include "driver/base_driver/machinery.h"

namespace nicteam::driver {

state::handle base_driver::machinery::hold(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload, direction d,
                                               ipsec::association* numbers, bool at_bring_up) {
    if (!associations) throw std::logic_error(std::string(driver.name()) + ": an association for a device without a crypto block");
    const state::handle name = associations->add(p, iv_seed, payload, d == direction::receives ? rings::receives : rings::sends, numbers, at_bring_up);
    if (d == direction::receives) return name;
    outbound.push_back({name, 0});
    able.protects = true;
    return name;
}

// The device has been reset: it has none.
bool base_driver::machinery::install_associations(host::cpu& c) {
    if (!rings) return true;
    for (lent_numbers& n : outbound) n.with_device = 0;
    return rings->start(c) && associations->install(c);
}

// It has no numbers of a lease from an earlier time there.
void base_driver::machinery::change_place(host::cpu& c, association_change& r) {
    if (!associations) return finish(c, r, status::refused, "this adapter has no engines");
    if (lent_numbers* n = numbers_of(r.association)) n->with_device = 0;
    associations->change_place(c, r);
}

void base_driver::machinery::take_associations_home(host::cpu& c) {
    if (!rings || !rings->ready()) return;
    rings->abort(c);
    associations->take_home(c);
}

// A window that nobody can read any more is closed up to what was told: of all but one that refused.
void base_driver::machinery::translate(security_status& s) {
    for (security_status::seen& n : s.associations) {
        if (s.verdict != security_verdict::refused || &n != &s.associations.back()) associations->told(n.association, n.sequence);
        n.association = associations->name_of(n.association);
    }
}

void base_driver::machinery::submit(host::cpu& c, job& j) {
    if (rings) rings->asked(c);
    else c.spend(host::of(host::cost::driver_request));
    auto* const wanted = dynamic_cast<crypto_job*>(&j);
    if (!halted && associations && wanted) {
        if (associations->submit(c, *wanted)) return;
    } else {
        j.result = halted ? status::not_done : status::refused;
        j.detail = halted ? "halted" : !associations ? "this adapter has no engines" : "unknown kind of job";
    }
    count(j.result == status::refused ? driver_metric::refused : j.result == status::no_room ? driver_metric::no_room : driver_metric::not_done);
    if (user) user->finished(c, j);
}

void base_driver::machinery::finished(host::cpu& c, crypto_job& j) {
    if (refused_by_engines(j)) lose_engines(c);
    if (user) user->finished(c, j);
}

}  // namespace nicteam::driver
