#include "nicteam/pci/to_base_protocol.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/sim/session.h"

namespace nicteam::pci {

struct to_base_protocol::machinery : target_user {
    machinery(to_base_protocol& s, const to_base_protocol_config& c, bus& b)
        : self(s), config(c), clock(b.clock()), slave("target", *this) {
        b.plug(slave);
    }

    to_base_protocol& self;
    to_base_protocol_config config;
    clock_domain clock;
    target slave;
    tlm::tlm_generic_payload carrier;
    std::uint64_t errors = 0;

    // A read that took longer than the master may wait: kept until the master asks again.
    std::uint64_t fetched_address = 0;
    bytes fetched;
    bool kept = false, failed = false;
    ps ready = 0;

    bool claims(command c, std::uint64_t address) const override {
        return (config.io ? is_io(c) : is_memory(c)) && address >= config.address && address - config.address < config.size;
    }

    sc_core::sc_time forward(tlm::tlm_command c, std::uint64_t address, std::uint8_t* data, std::uint32_t n) {
        carrier.set_command(c);
        carrier.set_address(address);
        carrier.set_data_ptr(data);
        carrier.set_data_length(n);
        carrier.set_streaming_width(n);
        carrier.set_byte_enable_ptr(nullptr);
        carrier.set_dmi_allowed(false);
        carrier.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        sc_core::sc_time delay;
        self.socket->b_transport(carrier, delay);
        return delay;
    }

    answer decode(access& a) override {
        const ps now = sim::now();
        const std::uint64_t offset = a.address - config.address;
        answer reply;
        const std::uint64_t left = config.size - offset;
        if (a.bytes > left) {
            reply.how = stop::with_data;
            reply.words = static_cast<std::uint32_t>((a.address % 4 + left + 3) / 4);
        }
        if (a.write()) return reply;
        if (!kept || fetched_address != a.address) {
            fetched.resize(static_cast<std::size_t>(std::min<std::uint64_t>(a.bytes, left)));
            const sc_core::sc_time delay =
                forward(tlm::TLM_READ_COMMAND, offset, fetched.data(), static_cast<std::uint32_t>(fetched.size()));
            failed = !carrier.is_response_ok();
            fetched_address = a.address;
            ready = now + static_cast<ps>(delay.value());
        }
        if (failed) {
            kept = false;
            reply.how = stop::abort;
            reply.words = 0;
            return reply;
        }
        // Data that are ready strictly before an edge may pass at it; without waits that is two clocks after the address.
        const ps earliest = clock.after(now, static_cast<unsigned>(reply.select));
        const ps edge = clock.after(ready);
        reply.first_wait = edge > earliest ? static_cast<unsigned>(clock.cycles(earliest, edge)) : 0;
        kept = reply.first_wait > config.longest_wait;
        if (kept) {
            reply.first_wait = 0;
            reply.how = stop::retry;
            return reply;
        }
        if (a.bytes > fetched.size() && reply.how == stop::none) {       // asks for more than it did before
            reply.how = stop::with_data;
            reply.words = static_cast<std::uint32_t>((a.address % 4 + fetched.size() + 3) / 4);
        }
        std::memcpy(a.data, fetched.data(), std::min<std::size_t>(a.bytes, fetched.size()));
        return reply;
    }

    void ended(access& a, ps) override {
        if (!a.write() || a.bus->done == 0) return;
        forward(tlm::TLM_WRITE_COMMAND, a.address - config.address, a.data, a.bytes_in(a.bus->done));
        if (!carrier.is_response_ok()) ++errors;
    }
};

to_base_protocol::to_base_protocol(sc_core::sc_module_name name, const to_base_protocol_config& c, bus& b)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, c, b)) {
    if (c.size == 0 || c.size % 4 != 0 || c.address % 4 != 0)
        throw std::invalid_argument(std::string(this->name()) + ": window must be whole dwords");
}
to_base_protocol::~to_base_protocol() = default;
std::uint64_t to_base_protocol::write_errors() const { return machinery_->errors; }

}  // namespace nicteam::pci
