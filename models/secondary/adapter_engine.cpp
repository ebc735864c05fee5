#include "nicteam/secondary/adapter_engine.h"

namespace nicteam::secondary {

adapter_engine::adapter_engine(std::string name, driver::intermediary_102& i, unsigned adapter, pooled_associations::holder hold, bool digests)
    : name_(std::move(name)), intermediary_(i), adapter_(adapter), hold_(std::move(hold)), digests_(digests) {}

void adapter_engine::submit(host::cpu& c, driver::crypto_job& j) { intermediary_.submit(c, *this, adapter_, j); }

void adapter_engine::finished(host::cpu& c, unsigned, driver::job& j) { user_->finished(c, *this, dynamic_cast<driver::crypto_job&>(j)); }

}  // namespace nicteam::secondary
