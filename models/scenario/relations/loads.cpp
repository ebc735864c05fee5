#include "scenario/relations/loads.h"

namespace nicteam::scenario {
namespace {

secondary::crypto_load_config config_of(const component& c) { return c.configure<secondary::crypto_load_config>(secondary::crypto_load_info); }

// Null: it does no jobs, as is told where it is named.
const component* pool(const component* c) {
    const std::string_view kind = c ? c->kind->name : "";
    return kind == "crypto_service" || kind == "team" ? c : nullptr;
}

}  // namespace

const component* server_of(const component& load, const resolved& r) { return r.find(load.text("server")); }

std::vector<load> loads_of(const resolved& r) {
    std::vector<load> all;
    unsigned number = 0;
    for (const component* c : r.of_kind("crypto_load")) all.push_back({c, pool(c->parent), number++, config_of(*c)});
    for (const component* c : r.of_kind("remote_load")) {
        const component* server = server_of(*c, r);
        all.push_back({c, server ? pool(server->parent) : nullptr, number++, config_of(*c)});
    }
    return all;
}

secondary::crypto_load_config device_load_of(const component& device, const resolved& r) {
    for (const component* c : r.of_kind("crypto_load"))
        if (c->text("device") == device.path) return config_of(*c);
    return {};
}

}  // namespace nicteam::scenario
