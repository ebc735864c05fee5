// Whether what software wants of a host's memory is there, and whose it is. No model is built.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "nicteam/driver/base_driver.h"
#include "nicteam/driver/chimney_driver.h"
#include "nicteam/driver/crypto_card_driver.h"
#include "nicteam/host/memory_bank.h"
#include "nicteam/pci/background_master.h"
#include "nicteam/secondary/crypto_load.h"
#include "nicteam/stack/buffers.h"
#include "nicteam/stack/protocol_stack.h"
#include "nicteam/stack/remote_jobs.h"
#include "nicteam/team/augmentation_layer_250.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/loads.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/security.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

// Gives out ranges as a host's memory does, without end.
class plan : public host::memory {
public:
    std::uint64_t size() const override { return used_; }
    void read(std::uint64_t, void*, std::size_t, ps) override {}
    void write(std::uint64_t, const void*, std::size_t, ps) override {}
    std::uint64_t allocate(std::size_t n, std::size_t align) override {
        const std::uint64_t at = (used_ + align - 1) & ~static_cast<std::uint64_t>(align - 1);
        used_ = at + n;
        return at;
    }

private:
    std::uint64_t used_ = 0;
};

// Of what devices of this host hold: as system::hold_association does. Of a window only the receiver's.
void take_rooms(const component& host, const resolved& r, plan& memory) {
    const auto take = [&](const component& device, const component& sa, bool sends) {
        if (host_of(&device) != &host) return;
        driver::unit_associations::take_room(memory, ipsec::association(sends ? outbound_parameters_of(sa, r) : parameters_of(sa, r)));
    };
    const auto take_in_units = [&](const component& team, const component& sa, bool sends) {
        const std::uint64_t bits = units_for(team, sends ? outbound_parameters_of(sa, r) : parameters_of(sa, r), !sends, r);
        const auto units = units_of(team, r);
        for (std::size_t n = 0; n < units.size(); ++n)
            if (bits >> n & 1u) take(*units[n], sa, sends);
    };
    for (const component* sa : r.of_kind("sa")) {
        if (const component* at = receiver_of(*sa, r); at && is_team(*at) && !taken_off_by_cpu(*sa)) take_in_units(*at, *sa, false);
        else if (at && has_engines(*at, r) && !taken_off_by_cpu(*sa)) take(*at, *sa, false);
        if (put_on_by_cpu(*sa)) continue;
        if (const component* at = sender_of(*sa, r); at && is_team(*at)) {
            take_in_units(*at, *sa, true);
            continue;
        }
        if (put_on_by_card(*sa, r)) take(*r.find(sa->text("put_on_by")), *sa, true);
        else if (const component* nic = sender_of(*sa, r)) take(*nic, *sa, true);
    }
    bool any = false;
    for (const component* sa : r.of_kind("sa")) {
        const component* ring = sa->given("sent_back_to") ? r.find(sa->text("sent_back_to")) : nullptr;
        if (const component* at = receiver_of(*sa, r); !ring && at && is_team(*at) && has_engines(*at, r) && !taken_off_by_cpu(*sa)) ring = at;
        if (!ring || host_of(ring) != &host) continue;
        if (ring->kind->name == std::string_view("crypto_card")) take(*ring, *sa, false);
        if (!std::exchange(any, true)) stack::take_sent_back(memory);
    }
}

// As system::load_services does: each session in each engine that can have it, then the buffers of its load.
void take_services(const component& host, const resolved& r, plan& memory) {
    const auto sessions = [&](const load& l) {
        for (const bool inbound : {false, true}) {
            if (!(inbound ? secondary::decrypts(l.config) : secondary::encrypts(l.config))) continue;
            const ipsec::association session(secondary::session_of(l.config, l.number, inbound, 0));
            for (std::size_t k = 0; k < engines_of_service(*l.service, r).size(); ++k) driver::unit_associations::take_room(memory, session);
        }
    };
    const auto remote = [](const load& l) { return std::string_view(l.of->kind->name) == "remote_load"; };
    for (const load& l : loads_of(r)) {
        if (remote(l) || host_of(l.of) != &host) continue;
        sessions(l);
        if (l.of->text("device").empty()) secondary::take_memory(memory, l.config);
    }
    for (const component* c : r.of_kind("job_server"))
        if (host_of(c) == &host) stack::take_memory(memory, c->configure<stack::job_server_config>(stack::job_server_info));
    for (const load& l : loads_of(r))
        if (remote(l) && host_of(l.service) == &host) sessions(l);
}

// In the order in which a system is built: windows, then each nic's driver, then those of cards, then the stack, then what devices hold, then services.
void check_host(const component& host, const resolved& r, problems& found) {
    plan memory;
    std::vector<std::pair<const component*, pci::background_master_config>> placed;
    for (const component* c : r.of_kind("background")) {
        if (host_of(c) != &host) continue;
        const auto config = c->configure<pci::background_master_config>(pci::background_master_info);
        if (c->given("window_address"))
            placed.emplace_back(c, config);
        else
            memory.allocate(config.window_size, 4096);
    }
    const std::uint64_t first = memory.size();
    bool any = false;
    for (const component* c : r.of_kind("nic")) {
        if (host_of(c) != &host) continue;
        const auto config = c->configure<driver::base_driver_config>(driver::base_driver_info);
        driver::take_memory(memory, config);
        any = true;
        if (c->integer("chimney.enable")) driver::take_memory(memory, driver::chimney_driver_config{});
        if (!config.receive_records) continue;
        driver::take_memory(memory, driver::ring_driver_config{});
        driver::unit_associations::take_blocks(memory);
    }
    for (const component* c : r.of_kind("crypto_card")) {
        if (host_of(c) != &host) continue;
        const auto config = c->configure<driver::crypto_card_driver_config>(driver::crypto_card_driver_info, "driver");
        driver::take_memory(memory, driver::ring_driver_config{config.command_ring, config.completion_ring});
        driver::unit_associations::take_blocks(memory);
    }
    for (const component* t : r.of_kind("team"))
        if (t->parent == &host) team::take_memory(memory, t->configure<team::team_config>(team::team_info), static_cast<unsigned>(t->list("members").size()));
    if (any) stack::buffer_pool(memory, host.configure<stack::stack_config>(stack::stack_info).buffers, stack::buffer_room);
    take_rooms(host, r, memory);
    take_services(host, r, memory);
    const setting& size = *host.find("memory.size");
    const std::uint64_t end = memory.size();
    if (end > static_cast<std::uint64_t>(size.value.integer))
        found.add(size.given() ? size.at : host.at,
                  fmt::format("host.memory.size = {}: drivers, stack and windows of {} take {} B of it", to_toml(*size.row, size.value), host.path, end));
    for (const auto& [c, config] : placed)
        if (first < end && config.window_address < end && config.window_address + config.window_size > first && !c->integer("over_software"))
            found.add(c->find("window_address")->at, fmt::format("background.window_address = {}: the window lies over memory of drivers "
                                                                 "and stack of {}; allowed: from {} on, or over_software = true",
                                                                 config.window_address, host.path, end));
}

}  // namespace

void check_memory(const resolved& r, problems& found) {
    for (const component* host : r.of_kind("host"))
        if (!host->path.empty()) check_host(*host, r, found);
}

}  // namespace nicteam::scenario
