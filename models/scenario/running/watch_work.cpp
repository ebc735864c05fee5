#include "scenario/running/watch_work.h"

#include "nicteam/host/cpu_core.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/transmit_block.h"
#include "nicteam/rings/crypto_card.h"
#include "scenario/relations/parts.h"

namespace nicteam::scenario {

void watch_work(const resolved& r, system& built, const std::function<check::work_books&()>& books) {
    bool any = false;
    for (const component* n : r.of_kind("nic")) {
        if (!n->integer("crypto.enable")) continue;
        built.watch_work(n->path, books().of_device(n->path));
        any = true;
    }
    for (const component* c : r.of_kind("crypto_card")) {
        built.watch_work(c->path, books().of_device(c->path));
        any = true;
    }
    if (!any) return;
    std::vector<check::watched_host> hosts;
    for (const component* h : r.of_kind("host")) {
        check::watched_host w;
        w.path = h->path, w.cpus = 0;
        for (const component* c : r.of_kind("cpu")) {
            if (c->parent != h || w.cpus++) continue;
            const auto config = c->configure<host::cpu_config>(host::cpu_info);
            w.period = config.period, w.costs = config.costs;
        }
        if (w.cpus) hosts.push_back(std::move(w));
    }
    books().watch(hosts);
}

}  // namespace nicteam::scenario
