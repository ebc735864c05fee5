// Engines of a device with a crypto block that are out of use: the device tells it with what it refuses, in line or as a job. Until they are back the adapter says
// that it does not protect; whoever is stacked on it sends such packets another way, or not at all.
#include <utility>

#include "driver/base_driver/machinery.h"
#include "nicteam/rings/entries.h"

namespace nicteam::driver {
using namespace i82559;

bool base_driver::machinery::refused_by_engines(const packet& p, unsigned status) const {
    return p.protection && (status & reason_mask) == static_cast<unsigned>(rings::reason::without_engines);
}

bool base_driver::machinery::refused_by_engines(const crypto_job& j) const {
    return !j.inbound && j.service == job_service::ipsec && j.result == status::failed && j.detail == rings::name(rings::reason::without_engines);
}

void base_driver::machinery::lose_engines(host::cpu& c) {
    if (std::exchange(engines_out, true)) return;
    able.protects = false;
    count(driver_metric::engines_lost);
    if (user) user->changed(c, link);
}

// The device has been reset: its engines are tried again.
void base_driver::machinery::engines_are_back() {
    engines_out = false;
    able.protects = !outbound.empty();
}

}  // namespace nicteam::driver
