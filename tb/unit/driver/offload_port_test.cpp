// The port of a device that runs connections, through the intermediary.
#include <catch2/catch.hpp>

#include "nicteam/driver/intermediary.h"
#include "nicteam/driver/offload_port.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;

namespace {
struct port final : driver::offload_port {
    chimney::dispatch_table table() override { return {}; }
    void bind(chimney::answers&, driver::offload_user&) override {}
    void flush(host::cpu&) override {}
};
struct fake : driver::adapter {
    driver::offload_port* own = nullptr;
    driver::capabilities what;
    const char* adapter_name() const override { return "fake"; }
    void bind(driver::adapter_user&) override {}
    const driver::capabilities& able() const override { return what; }
    void send(host::cpu&, const driver::packet_list&, const driver::send_how&) override {}
    void request(host::cpu&, driver::control&) override {}
    void submit(host::cpu&, driver::job&) override {}
    void give_back(host::cpu&, const driver::packet_list&) override {}
    void halt(host::cpu&, driver::halt_reason) override {}
};
struct able_fake final : fake {
    driver::offload_port* offload() override { return own; }
};
}  // namespace

TEST_CASE("the port of a device that runs connections is found through the intermediary, none of one that runs none") {
    test::fresh_kernel k;
    port its;
    fake plain;
    able_fake runs;
    plain.own = runs.own = &its;
    driver::intermediary_102 layer("intermediary");
    CHECK(layer.offload(layer.attach(plain)) == nullptr);
    CHECK(layer.offload(layer.attach(runs)) == &its);
}
