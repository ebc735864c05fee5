// Software as an engine of a pool: the CPU puts associations on and takes them off, and pays for each octet.
#pragma once

#include <string>
#include <vector>

#include "nicteam/host/memory.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/identification.h"
#include "nicteam/secondary/engine.h"

namespace nicteam::secondary {

class software_engine final : public engine {
public:
    software_engine(std::string name, host::cpu&, host::memory&, std::uint64_t crc32c_cycles = 7);

    const char* engine_name() const override { return name_.c_str(); }
    state::handle hold(const pooled_associations::request&) override;
    bool offers(driver::job_service) const override { return true; }
    void submit(host::cpu&, driver::crypto_job&) override;           // done as work of its CPU, in order

private:
    void work_on(host::cpu&, driver::crypto_job&);
    void digest(host::cpu&, driver::crypto_job&);
    void protect(host::cpu&, ipsec::association&, driver::crypto_job&);
    void unprotect(host::cpu&, ipsec::association&, driver::crypto_job&);

    std::string name_;
    host::cpu& cpu_;
    host::memory& ram_;
    host::operation digest_octet_;
    std::vector<ipsec::association*> all_;       // the pool's: name: place here, generation 1
    packet::identification_source identifications_;
    bytes in_, out_;                             // kept here: time passes while they are needed
    ipsec::sealed_later later_;
    ipsec::opened opened_;
};

}  // namespace nicteam::secondary
