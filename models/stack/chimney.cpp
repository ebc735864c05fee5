#include "stack/chimney.h"

namespace nicteam::stack {
namespace {

using config = chimney_config;
constexpr parameter_info parameters[] = {
    {"when", quantity::choice, "never", nullptr, nullptr, "never|established|after_octets",
     "when a connection goes into the device of its adapter, if that runs connections: never, as soon as it is open, or when `after` octets have gone either way",
     "source document 002, paragraph 62: policies are the host's", store<&config::when>},
    {"after", quantity::size, "64 KiB", "1 B", "1 GiB", nullptr, "after_octets: handed over by the application and consumed by it", "choice: a few windows", store<&config::after>},
};

enum : unsigned { offloaded_row, refused_row, returned_row, gone_row, updates_row, indicated_row };
constexpr metric_info metrics[] = {
    {"offloaded", "connections", "that went into the device"},
    {"refused", "connections", "that a layer or the device refused: they stay in the host"},
    {"returned", "connections", "whose state came back from the device"},
    {"gone", "connections", "that ended in the device, or with it"},
    {"updates", "updates", "cached updates that went down (640)"},
    {"indicated", "connections", "that the device wanted to be rid of (702)"},
};

}  // namespace

const block_info chimney_info = {"chimney", "when a host hands connections to a device: docs/offload.md", parameters, {}, {}, {}, {}, {}, {}};
const block_info chimney_over_info = {"chimney_over", "connections in an adapter's device, as the host sees them: docs/offload.md", {}, metrics, {}, {}, {}, {}, {}};

chimney_over::chimney_over(sc_core::sc_module_name n, driver::offload_port& p, tcp::connection_table& table, tcp::results& out, chimney_user& u)
    : sc_module(n), port_(p), user_(u), driver_(p.table(), *this), framing_(driver_, options_, *this), network_(framing_, driver_, options_, *this),
      transport_(table, out, network_, driver_, *this), top_(transport_, table, out, driver_, *this, *this),
      offloaded_(sim::bind_counter(*this, metrics[offloaded_row])), refused_(sim::bind_counter(*this, metrics[refused_row])),
      returned_(sim::bind_counter(*this, metrics[returned_row])), gone_(sim::bind_counter(*this, metrics[gone_row])),
      updates_(sim::bind_counter(*this, metrics[updates_row])), indicated_(sim::bind_counter(*this, metrics[indicated_row])) {
    p.bind(driver_, *this);
}

void chimney_over::answered(host::cpu& c) { user_.answered(c); }

void chimney_over::moved(ps, std::uint64_t name, chimney::place p, chimney::refusal f) {
    if (f) refused_.add();
    else if (p == chimney::place::device) offloaded_.add();
    else if (p == chimney::place::host) returned_.add();
    else if (p == chimney::place::gone) gone_.add();
    user_.moved(name, p, f);
}

void chimney_over::acted(chimney::act a, std::size_t of) {
    if (a == chimney::act::update_640) updates_.add(of);
    if (a == chimney::act::indicate_702) indicated_.add(of);
}

}  // namespace nicteam::stack
