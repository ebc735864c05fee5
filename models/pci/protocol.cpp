#include "nicteam/pci/protocol.h"

#include <memory>
#include <vector>

namespace nicteam::pci {
namespace {

// Payloads keep their extension, and the extension its span's capacity, from use to use.
class pool : public tlm::tlm_mm_interface {
public:
    payload& take() {
        if (free_.empty()) {
            all_.push_back(std::make_unique<payload>(this));
            free_.push_back(all_.back().get());
        }
        payload* p = free_.back();
        free_.pop_back();
        p->acquire();
        return *p;
    }
    void free(tlm::tlm_generic_payload* g) override {
        payload* p = static_cast<payload*>(g);      // it made no others
        pci_extension& e = extension_of(*p);
        span kept = std::move(e.data);
        kept.clear();
        e = pci_extension{};
        e.data = std::move(kept);
        p->set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        free_.push_back(p);
    }

private:
    std::vector<std::unique_ptr<payload>> all_;      // also those under way when a run ends
    std::vector<payload*> free_;
};

pool& the_pool() {
    static pool p;
    return p;
}

}  // namespace

payload& make_payload() { return the_pool().take(); }

tlm::tlm_extension_base* pci_extension::clone() const { return new pci_extension(*this); }
void pci_extension::copy_from(const tlm::tlm_extension_base& o) { *this = static_cast<const pci_extension&>(o); }

const char* name_of(command c) {
    switch (c) {
    case command::interrupt_acknowledge: return "interrupt_acknowledge";
    case command::special_cycle: return "special_cycle";
    case command::io_read: return "io_read";
    case command::io_write: return "io_write";
    case command::memory_read: return "memory_read";
    case command::memory_write: return "memory_write";
    case command::configuration_read: return "configuration_read";
    case command::configuration_write: return "configuration_write";
    case command::memory_read_multiple: return "memory_read_multiple";
    case command::dual_address_cycle: return "dual_address_cycle";
    case command::memory_read_line: return "memory_read_line";
    case command::memory_write_and_invalidate: return "memory_write_and_invalidate";
    }
    return "reserved";
}

const char* name_of(ending e) {
    switch (e) {
    case ending::completed: return "completed";
    case ending::limited: return "limited";
    case ending::latency_timer: return "latency_timer";
    case ending::disconnect: return "disconnect";
    case ending::retry: return "retry";
    case ending::master_abort: return "master_abort";
    case ending::target_abort: return "target_abort";
    }
    return "unknown";
}

}  // namespace nicteam::pci
