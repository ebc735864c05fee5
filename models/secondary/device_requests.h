// The driver of a data_device: takes its requests at each interrupt, hands them to a pool as jobs on its own memory, and tells it what became of them.
#pragma once

#include <vector>

#include "nicteam/host/host.h"
#include "nicteam/host/hot_plug.h"
#include "nicteam/secondary/crypto_service.h"
#include "nicteam/secondary/data_device.h"

namespace nicteam::secondary {

class device_requests final : private host::interrupt_handler, private host::hot_plug_user, private requester {
public:
    device_requests(const sc_core::sc_object& owner, const host::place&, crypto_service&, driver::job_service, unsigned places, std::uint32_t room,
                    std::function<state::handle(bool inbound)> session, bool found);
    ~device_requests() override = default;

    void begin();                            // when the run does: behind the firmware

private:
    struct asked {
        secondary::task task;
        std::uint32_t word = 0;              // as it asked
        bool busy = false;
        std::uint32_t next = 0, next_octets = 0;         // of behind a reset of the device, while this one is with an engine
    };
    void inserted(host::cpu& c) override { find(c); }
    void removed(host::cpu&) override { registers_ = 0; }
    void find(host::cpu&);
    bool interrupt(host::cpu&) override;
    void submit(host::cpu&, std::uint32_t word, std::uint32_t octets);
    void finished(host::cpu&, task&) override;
    void tell(host::cpu&, asked&);

    host::place place_;
    crypto_service& service_;
    driver::job_service work_;
    std::uint32_t room_;
    std::function<state::handle(bool)> session_;
    bool found_;
    unsigned by_;
    std::vector<std::unique_ptr<asked>> all_;
    std::uint64_t registers_ = 0, memory_ = 0;           // bus addresses; 0: nobody is there
};

}  // namespace nicteam::secondary
