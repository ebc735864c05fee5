// What does jobs for a pool: a nic's rings, a crypto card, a CPU with software. The requester does not see which (source documents 000/001, ¶31).
#pragma once

#include "nicteam/driver/crypto_job.h"
#include "nicteam/secondary/pooled_associations.h"

namespace nicteam::secondary {

class engine;
class engine_user {
public:
    virtual ~engine_user() = default;
    virtual void finished(host::cpu&, engine&, driver::crypto_job&) = 0;
};

class engine {
public:
    virtual ~engine() = default;
    virtual const char* engine_name() const = 0;         // for people
    void bind(engine_user& u) { user_ = &u; }            // elaboration; one user

    // Elaboration: an association that its jobs may name. Nothing: it cannot have it.
    virtual state::handle hold(const pooled_associations::request&) = 0;
    virtual bool offers(driver::job_service s) const { return s == driver::job_service::ipsec; }
    // Finishes once, perhaps before it returns. `association` by the name that hold() gave.
    virtual void submit(host::cpu&, driver::crypto_job&) = 0;

protected:
    engine_user* user_ = nullptr;
};

}  // namespace nicteam::secondary
