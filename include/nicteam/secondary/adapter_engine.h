// An engine behind an adapter that others use too: jobs go through the intermediary 102, which knows whose they are.
#pragma once

#include <functional>
#include <string>

#include "nicteam/driver/intermediary.h"
#include "nicteam/secondary/engine.h"

namespace nicteam::secondary {

class adapter_engine final : public engine, private driver::protocol_user {
public:
    // `adapter`: its number there. `hold`: how its driver takes an association.
    // `digests`: its unit has an engine for CRC-32c.
    adapter_engine(std::string name, driver::intermediary_102&, unsigned adapter, pooled_associations::holder hold, bool digests = false);

    const char* engine_name() const override { return name_.c_str(); }
    state::handle hold(const pooled_associations::request& r) override { return hold_(r); }
    bool offers(driver::job_service s) const override { return s == driver::job_service::ipsec || digests_; }
    void submit(host::cpu&, driver::crypto_job&) override;

private:
    void sent(host::cpu&, unsigned, const driver::packet_list&, driver::status) override {}
    void received(host::cpu&, unsigned, const driver::packet_list&) override {}
    void completed(host::cpu&, unsigned, driver::control&) override {}
    void finished(host::cpu&, unsigned adapter, driver::job&) override;

    std::string name_;
    driver::intermediary_102& intermediary_;
    unsigned adapter_;
    pooled_associations::holder hold_;
    bool digests_;
};

}  // namespace nicteam::secondary
