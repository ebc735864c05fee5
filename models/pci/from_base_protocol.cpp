#include "nicteam/pci/from_base_protocol.h"

#include "nicteam/sim/session.h"

namespace nicteam::pci {

struct from_base_protocol::machinery : initiator_user {
    machinery(bus& b, int pair) : the_bus(b), master("master", b.clock(), *this) { b.plug(master, pair); }

    struct call : transfer {
        transfer_result result = transfer_result::done;
        sc_core::sc_event over;
        bool done = false;
    };

    void ended(transfer& t, transfer_result r, ps) override {
        call& c = static_cast<call&>(t);
        c.result = r;
        c.done = true;
        c.over.notify();
    }

    bus& the_bus;
    initiator master;
};

from_base_protocol::from_base_protocol(sc_core::sc_module_name name, bus& b, int pair)
    : sc_module(name), machinery_(std::make_unique<machinery>(b, pair)) {
    socket.register_b_transport(this, &from_base_protocol::b_transport);
}
from_base_protocol::~from_base_protocol() = default;

void from_base_protocol::b_transport(tlm::tlm_generic_payload& p, sc_core::sc_time& delay) {
    if (p.get_command() == tlm::TLM_IGNORE_COMMAND) {
        p.set_response_status(tlm::TLM_OK_RESPONSE);
        return;
    }
    if (p.get_byte_enable_ptr()) return p.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    if (p.get_data_length() == 0 || p.get_streaming_width() < p.get_data_length())
        return p.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    if (delay != sc_core::SC_ZERO_TIME) {
        sc_core::wait(delay);
        delay = sc_core::SC_ZERO_TIME;
    }
    machinery::call c;
    c.address = p.get_address();
    c.bytes = p.get_data_length();
    c.data = p.get_data_ptr();
    c.command = p.is_write() ? command::memory_write : command::memory_read;
    machinery_->master.submit(c, machinery_->the_bus.clock().at_or_after(sim::now()));
    while (!c.done) sc_core::wait(c.over);
    switch (c.result) {
    case transfer_result::done: p.set_response_status(tlm::TLM_OK_RESPONSE); break;
    case transfer_result::master_abort: p.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE); break;
    case transfer_result::target_abort: p.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE); break;
    }
}

}  // namespace nicteam::pci
