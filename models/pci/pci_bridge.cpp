#include "nicteam/pci/pci_bridge.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "bridge_errors.h"
#include "bridge_header.h"
#include "bridge_way.h"
#include "nicteam/pci/reset_line.h"
#include "nicteam/sim/session.h"

namespace nicteam::pci {
namespace {

// Status registers, primary and secondary (bridge specification 1.1, 3.2.4.4 and 3.2.4.6).
constexpr std::uint16_t signaled_target_abort = 0x0800, received_target_abort = 0x1000, received_master_abort = 0x2000;
// Behind what was lost: the buffer that a descriptor tells of lies there. For observers.
constexpr std::uint32_t reach = 64;

}  // namespace

struct pci_bridge::machinery : bridge_way_user, reset_user {
    machinery(pci_bridge& b, const pci_bridge_config& c, bus& p, int slot, bus& s)
        : config(c),
          primary(p),
          secondary(s),
          errors(header, p, s, c.crossing),
          downstream("downstream", *this, config, p.clock(), s.clock()),
          upstream("upstream", *this, config, s.clock(), p.clock()),
          primary_side(*this),
          secondary_side(*this),
          on_primary("primary_target", primary_side),
          on_secondary("secondary_target", secondary_side),
          to_primary("primary_master", p.clock(), upstream),
          to_secondary("secondary_master", s.clock(), downstream),
          station(sim::bind_station(b)) {
        if (&p == &s) throw std::invalid_argument(std::string(b.name()) + ": a bridge joins two buses");
        downstream.bind(to_secondary, upstream);
        upstream.bind(to_primary, downstream);
        primary_pair = p.plug(to_primary, slot + 1);
        p.plug(on_primary, slot);
        secondary_pair = s.plug(to_secondary, 0);
        s.plug(on_secondary);
        p.rst().listen(*this);
        carries_for(s.name());
        sim::session::current().doubt_of(p.name()).lies_behind(s.name(), p.name());
        station.holding = [this](const sim::station::claim& c) {
            for (const trace_id id : lost_packets) c(id);
        };
    }

    pci_bridge_config config;
    bus &primary, &secondary;
    bridge_header header;
    bridge_errors errors;
    bridge_way downstream, upstream;

    // ------------------------------------------------------------ on the primary bus
    struct primary_target : target_user {
        explicit primary_target(machinery& m) : bridge(m) {}
        machinery& bridge;
        bool own = false;             // the access under way is to the header

        bool claims(command c, std::uint64_t address) const override {
            const bridge_header& h = bridge.header;
            if (bridge.primary.rst().low()) return false;
            if (is_configuration(c)) return address & type_1_configuration ? bridge.bus_behind(address) : address < 0x100;
            if (!is_memory(c) && !is_io(c)) return false;
            return h.behind(is_io(c), address);
        }
        answer decode(access& a) override {
            own = is_configuration(a.command) && !(a.address & type_1_configuration);
            bridge.pass_on();
            if (!own) return bridge.downstream.decode(a, bridge.going_down(a));
            answer reply;
            reply.words = 1;
            reply.how = stop::with_data;
            return reply;
        }
        void ended(access& a, ps at) override {
            if (a.bus->why == ending::target_abort) bridge.header.space.raise_status(signaled_target_abort);
            if (!own) return bridge.downstream.ended(a);
            if (a.bus->done == 0) return;
            const auto offset = static_cast<unsigned>(a.address);
            const std::uint32_t bytes = a.bytes_in(1);
            if (a.write()) {
                std::uint32_t v = 0;
                for (unsigned i = 0; i < bytes; ++i) v |= static_cast<std::uint32_t>(a.data[i]) << 8 * i;
                bridge.configure(offset, bytes, v, at);
            } else {
                const std::uint32_t v = bridge.header.space.read(offset, bytes);
                for (unsigned i = 0; i < bytes; ++i) a.data[i] = static_cast<std::uint8_t>(v >> 8 * i);
            }
        }
        bool parity_error(const access&, std::uint32_t word) override {
            if (!own) bridge.downstream.came_wrong(word);
            return bridge.errors.written(bridge_side::primary);
        }
        bool address_parity_error(unsigned master, ps idle) override {
            return master != bridge.primary_pair && bridge.errors.address(bridge_side::primary, idle + bridge.primary.clock().period());
        }
    };

    // ------------------------------------------------------------ on the secondary bus
    struct secondary_target : target_user {
        explicit secondary_target(machinery& m) : bridge(m) {}
        machinery& bridge;

        // What is not behind the bridge goes up, if it may be a master there. No configuration cycle does.
        bool claims(command c, std::uint64_t address) const override {
            const bridge_header& h = bridge.header;
            if ((!is_memory(c) && !is_io(c)) || !h.space.master_enabled() || bridge.secondary.rst().low()) return false;
            return address >> 32 == 0 && !h.behind(is_io(c), address);        // dual address cycles do not pass
        }
        answer decode(access& a) override {
            bridge.pass_on();
            passage p;
            p.address = a.address;
            p.end = bridge.header.end_of_side(is_io(a.command), a.address);
            p.line = bridge.header.space.cache_line_bytes();
            p.prefetchable = a.command != command::memory_read;       // memory of the host; a memory read alone asks for no more
            return bridge.upstream.decode(a, p);
        }
        void ended(access& a, ps) override {
            if (a.bus->why == ending::target_abort) bridge.header.raise_secondary_status(signaled_target_abort);
            bridge.upstream.ended(a);
        }
        bool parity_error(const access&, std::uint32_t word) override {
            bridge.upstream.came_wrong(word);
            return bridge.errors.written(bridge_side::secondary);
        }
        bool address_parity_error(unsigned master, ps idle) override {
            return master != bridge.secondary_pair &&
                   bridge.errors.address(bridge_side::secondary, idle + bridge.secondary.clock().period());
        }
    };

    bool bus_behind(std::uint64_t address) const {
        const auto number = static_cast<unsigned>(address >> 16 & 0xFF);
        return number && number >= header.secondary_bus() && number <= header.subordinate_bus();
    }

    // Type 1 becomes type 0 on the bus that it names, and goes on as it is to those behind (bridge specification 1.1, 2.1).
    passage going_down(const access& a) const {
        passage p;
        p.address = a.address;
        if (is_configuration(a.command)) {
            if ((a.address >> 16 & 0xFF) == header.secondary_bus()) p.address = a.address & 0xFFFF;
            p.end = a.address + 4;
            return p;
        }
        p.end = header.end_of_side(is_io(a.command), a.address);
        p.line = header.space.cache_line_bytes();
        p.prefetchable = is_memory(a.command) && header.prefetchable().holds(a.address);
        return p;
    }

    void configure(unsigned offset, std::uint32_t bytes, std::uint32_t v, ps at) {
        header.space.write(offset, bytes, v);
        pass_on();
        secondary.rst().drive(header.secondary_reset(), at);
        if (secondary.rst().low()) clear(at);
    }
    void clear(ps at) {
        downstream.reset(at);
        upstream.reset(at);
    }
    // RST# of the primary bus resets the bridge, which holds its own bus in reset for as long (bridge specification 1.1, 11.1).
    void reset_line_changed(bool low, ps at) override {
        if (low) {
            header.space.reset();
            clear(at);
            pass_on();
        }
        secondary.rst().drive(low, at);
    }

    void pass_on() {
        primary.set_latency_timer(primary_pair, header.space.latency_timer());
        primary.set_cache_line(primary_pair, header.space.cache_line_bytes());
        secondary.set_latency_timer(secondary_pair, header.secondary_latency_timer());
        secondary.set_cache_line(secondary_pair, header.space.cache_line_bytes());
    }

    // ------------------------------------------------------------ for the ways
    bool aborts_as_errors() const override { return header.aborts_as_errors(); }
    ps discard_after(const bridge_way& w) const override {
        const bool down = &w == &downstream;
        return header.discard_clocks(down) * (down ? primary : secondary).clock().period();
    }
    void aborted(const bridge_way& w, transfer_result r) override {
        mislead(w);                             // the device is not told: it takes ones for what it reads
        const std::uint16_t bit = r == transfer_result::master_abort ? received_master_abort : received_target_abort;
        if (&w == &downstream) header.raise_secondary_status(bit);
        else header.space.raise_status(bit);
    }
    // A packet whose octets or status never came to memory: it has not ended, and this is where it was seen last.
    void lost(const bridge_way& w, const transfer& t, transfer_result r, ps known) override {
        errors.write_lost(other_side(w), r == transfer_result::target_abort, known);
        if (&w != &upstream || !station.watched()) return;
        for (const sim::shadow* s : shadows)
            for (std::uint64_t a = t.address; a < t.address + t.bytes + reach; a += 4)
                if (const trace_id id = s->at(a); id && std::find(lost_packets.begin(), lost_packets.end(), id) == lost_packets.end())
                    lost_packets.push_back(id);
    }
    void carries_for(const std::string& bus_path) { shadows.push_back(&sim::session::current().shadow_of(bus_path)); }
    void old_answer(const bridge_way& w) override { mislead(w); }
    void mislead(const bridge_way& w) {
        if (&w == &upstream) sim::session::current().doubt_of(primary.name()).raise(secondary.name());
    }
    void discarded(const bridge_way& w, ps known) override { errors.discarded(asking_side(w), known); }

    bridge_side asking_side(const bridge_way& w) const { return &w == &downstream ? bridge_side::primary : bridge_side::secondary; }
    bridge_side other_side(const bridge_way& w) const { return &w == &downstream ? bridge_side::secondary : bridge_side::primary; }
    bool responds(const bridge_way& w) const override { return errors.responds(asking_side(w)); }
    void wrong_request(const bridge_way& w) override { errors.written(asking_side(w)); }
    bool read_wrong(const bridge_way& w) override { return errors.read(other_side(w)); }
    bool perr(const bridge_way& w, bool alone, ps known) override { return errors.perr(other_side(w), alone, known); }

    primary_target primary_side;
    secondary_target secondary_side;
    target on_primary, on_secondary;
    initiator to_primary, to_secondary;
    unsigned primary_pair = 0, secondary_pair = 0;
    sim::station& station;
    std::vector<const sim::shadow*> shadows;
    std::vector<trace_id> lost_packets;
};

pci_bridge::pci_bridge(sc_core::sc_module_name name, const pci_bridge_config& c, bus& primary, int slot, bus& secondary)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, c, primary, slot, secondary)) {
    if (slot < 0) throw std::invalid_argument(std::string(this->name()) + ": a bridge needs an IDSEL line");
}
pci_bridge::~pci_bridge() = default;

void pci_bridge::carries_for(const std::string& bus_path) { machinery_->carries_for(bus_path); }
configuration_space& pci_bridge::registers() { return machinery_->header.space; }
void pci_bridge::overlay_posted(std::uint64_t address, std::uint8_t* data, std::size_t n) const {
    machinery_->upstream.overlay(address, data, n);
}
bus& pci_bridge::primary() const { return machinery_->primary; }
bus& pci_bridge::secondary() const { return machinery_->secondary; }

}  // namespace nicteam::pci
