#include "nicteam/secondary/device_load.h"

#include <algorithm>

#include "nicteam/secondary/job_content.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"
#include "secondary/device_requests.h"
#include "secondary/job_pace.h"
#include "secondary/load_tables.h"

namespace nicteam::secondary {

using config = crypto_load_config;

struct device_load::machinery final : private data_device::user, private sim::agenda_user {
    struct place {
        job_content::job job;
        bool busy = false;
    };

    machinery(device_load& l, const config& c, ipsec::payload_kind payload, unsigned number, crypto_service& s, data_device& d, const host::place& p)
        : config(c), device(d), pace(l, c), due_(sim::bind_counter(l, load_metrics[l_due])), lost(sim::bind_counter(l, load_metrics[l_lost])),
          damaged(sim::bind_counter(l, load_metrics[l_damaged])), content(l, c, payload, number, s.associations()), places(places_of(c)), agenda("agenda", *this, 1),
          found(uses_ipsec(c) ? s.announces(ipsec::info(c.cipher).name) && s.announces(ipsec::info(c.authentication).name) : s.announces("crc32c")),
          requests(l, p, s, c.work, places_of(c), room_of(c), [this](bool inbound) { return content.session(inbound); }, found) {
        d.bind(*this);
    }

    void begin() {
        requests.begin();
        agenda.set(0, edge(pace.next()));
    }
    ps edge(ps at) const { return device.clock().at_or_after(at); }

    // Open: a job falls due. Closed: each place without one has the next.
    void due(unsigned, ps at) override {
        agenda.clear(0);
        if (pace.over(at, content.chosen())) return;
        if (config.pace == 0) {
            for (place& p : places)
                if (!p.busy) ask(p, at);
            return;
        }
        agenda.set(0, std::max(edge(pace.next()), device.clock().after(at)));
        const auto free = std::find_if(places.begin(), places.end(), [](const auto& p) { return !p.busy; });
        if (free != places.end() && device.present()) return ask(*free, at);
        content.pass_over();
        due_.add();
        lost.add();
    }

    void ask(place& p, ps at) {
        if (pace.over(at, content.chosen()) || !device.present()) return;
        p.busy = true;
        content.choose(p.job);
        due_.add();
        device.ask(static_cast<unsigned>(&p - places.data()), p.job.inbound, content.make(p.job), at);
    }

    void concluded(const data_device::answer& a, ps at) override {
        place& p = places[a.place];
        p.busy = false;
        device.result(a.place, a.octets, octets);
        if (a.good && !content.good(p.job, octets, a.value)) damaged.add();
        if (config.pace == 0 && found) agenda.set(0, device.clock().after(at));
    }

    void forgotten(ps at) override {
        for (place& p : places) p.busy = false;
        if (config.pace == 0 && at > 0) agenda.set(0, device.clock().after(std::max(at, edge(config.start))));
    }

    secondary::crypto_load_config config;
    data_device& device;
    job_pace pace;
    counter &due_, &lost, &damaged;
    job_content content;
    std::vector<place> places;
    sim::agenda agenda;
    bool found;                                          // by the crypto API
    device_requests requests;
    bytes octets;                                        // of a result
};

device_load::device_load(sc_core::sc_module_name name, const config& c, ipsec::payload_kind payload, unsigned number, crypto_service& s, data_device& d, const host::place& p)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, c, payload, number, s, d, p)) {}
device_load::~device_load() = default;

void device_load::start_of_simulation() { machinery_->begin(); }

}  // namespace nicteam::secondary
