// Any octets from the wire, whole, damaged or cut, over a cable of any mode: full or half duplex, agreed on or not, with PAUSE or without,
// that goes down in between. Controller, driver and stack answer some of them; each packet ends exactly once or is held by somebody at the end.
#include "fuzz/target.h"
#include "nicteam/check/conservation.h"
#include "nicteam/packet/arp.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/icmp.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/peer/peer.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;
using nicteam::fuzz::demand;
using nicteam::fuzz::tape;

namespace {

constexpr unsigned most_frames = 24, most_octets = 4096;
constexpr packet::mac_address host_mac{2, 0, 0, 0, 0, 1}, station_mac{2, 0, 0, 0, 0, 9};
constexpr packet::ipv4_address host_ip = 0x0A00'0001, station_ip = 0x0A00'0009;

void put(bytes& b, std::initializer_list<std::uint8_t> what) { b.insert(b.end(), what); }

// How a frame begins: what the MAC, the driver and the stack let pass further; what follows is the input's.
bytes beginning(tape& t, unsigned kind) {
    bytes b;
    switch (kind) {
        case 0: break;                                                // not even an address
        case 1: packet::append_ethernet(b, host_mac, station_mac, static_cast<std::uint16_t>(t.word())); break;
        case 2: packet::build_arp_request(b, station_mac, station_ip, host_ip); break;
        case 3:
            packet::append_ethernet(b, host_mac, station_mac, packet::ether_type::ipv4);
            put(b, {0x45});
            break;
        case 4:                                                       // MAC control: PAUSE, if the operation is left as it is
            packet::append_ethernet(b, {1, 0x80, 0xC2, 0, 0, 1}, station_mac, 0x8808);
            put(b, {0, static_cast<std::uint8_t>(1 + t.octet() / 128)});
            break;
        case 5:                                                       // a VLAN tag before it
            packet::append_ethernet(b, host_mac, station_mac, packet::ether_type::vlan);
            put(b, {static_cast<std::uint8_t>(t.octet()), 5, 8, 0, 0x45});
            break;
        case 6:                                                       // to a group
            put(b, {static_cast<std::uint8_t>(t.octet() | 1), 0, 0x5E, 0, 0, static_cast<std::uint8_t>(t.octet())});
            break;
        default: {                                                    // is answered
            const std::vector<std::uint8_t> data(t.word() % 1473, 0x5A);
            packet::append_ethernet(b, host_mac, station_mac, packet::ether_type::ipv4);
            packet::append_ipv4(b, {station_ip, host_ip, packet::ip_protocol::icmp}, packet::icmp_echo_header + data.size());
            packet::append_icmp_echo(b, false, 1, 1, {data.data(), data.size()});
        }
    }
    return b;
}

// The frames of an input, one behind the other or at some distance.
class input_frames : public peer::frame_source {
public:
    explicit input_frames(tape& t) {
        for (unsigned n = 0; n < most_frames && t.left(); ++n) {
            const unsigned how = t.octet();
            job j;
            bytes b = beginning(t, how & 7);
            if (how & 8) {
                const auto more = t.octets(t.octet());
                b.insert(b.end(), more.begin(), more.end());
            }
            if (how & 16) b.resize(std::min<std::size_t>(b.size() + t.word() % most_octets, most_octets));
            if (how & 32) b.resize(b.size() - t.word() % (b.size() + 1));      // too short for what it says
            if (!(how & 8)) packet::pad_to_minimum(b);
            if (b.empty()) b.push_back(0);                            // the wire brings an octet at least
            j.what.data = frame::make();
            j.what.data->data = std::move(b);
            const unsigned fcs = how & 64 ? t.octet() : 0;
            if (fcs & 1) j.what.data->fcs_known = true;               // the last octets are what they are
            else packet::append_lazy_fcs(*j.what.data);
            if (fcs) j.what.quality = wire::wire_end::bad_fcs;
            if (how & 128) j.gap = t.octet() * microsecond / 2;
            jobs_.push_back(std::move(j));
        }
        if (!jobs_.empty()) next_at_ = millisecond;
    }
    ps ready() const override { return next_at_; }
    peer::outgoing take(ps now) override {
        peer::outgoing out = std::move(jobs_[next_++].what);
        next_at_ = next_ < jobs_.size() ? now + jobs_[next_].gap : never;
        return out;
    }

private:
    struct job {
        peer::outgoing what;
        ps gap = 0;
    };
    std::vector<job> jobs_;
    std::size_t next_ = 0;
    ps next_at_ = never;
};

machine_config machine_of(tape& t) {
    machine_config c = numbered(1);
    const unsigned driver = t.octet(), chip = t.octet();
    c.driver.save_bad = driver & 1;
    c.driver.long_frames = driver & 2;
    c.driver.promiscuous = driver & 4;
    c.driver.discard_short = driver & 8;
    c.driver.crc_to_memory = driver & 16;
    c.driver.flow_control = driver & 32;
    c.driver.flow_control_threshold = chip >> 5;
    c.driver.policy = driver >> 6 & 1;
    if (driver & 128) c.driver.receive_ring = 2;
    c.driver.transmit_timeout = 5 * millisecond;
    c.driver.link_poll = 200 * microsecond;
    switch (chip & 3) {
        case 0: break;
        case 1:
            c.nic.identity = nic::nic_identity::i82557;
            c.driver.standard_tcb = true;
            c.driver.write_and_invalidate = false;
            c.driver.flow_control = false;
            break;
        case 2: c.nic.identity = nic::nic_identity::i82550; break;
        default:
            c.nic.identity = nic::nic_identity::extended;
            c.nic.rx_fifo = chip & 4 ? 256 : 3072;
            if (chip & 8) c.nic.rx_burst = nic::rx_burst_mode::frame;
            break;
    }
    if (chip & 16) c.nic.rx_stage_clocks = 50, c.nic.tx_stage_clocks = 50;
    return c;
}

wire::cable_config cable_of(unsigned mode) {
    wire::cable_config c;
    if (mode & 8) c.rate = 10'000'000;
    if (mode & 16) c.delay = 2 * microsecond;
    if (mode & 32) {
        c.negotiation = wire::negotiation_mode::timed;
        c.negotiation_takes = {50 * microsecond, 20 * microsecond, 2, 100 * microsecond, 10 * microsecond};
    }
    return c;
}

peer::peer_config station_of(unsigned mode) {
    peer::peer_config c;
    c.mac = "02:00:00:00:00:09";
    c.ip = "10.0.0.9";
    c.duplex = mode & 1 ? peer::wire_duplex::half : peer::wire_duplex::full;
    c.autonegotiation = !(mode & 2);                                  // and full duplex: the other end is in half duplex all the same
    c.pause = mode & 4;
    return c;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    if (octets > 8192) return 0;
    tape t(input, octets);
    fresh_kernel kernel;
    const machine_config c = machine_of(t);
    const unsigned mode = t.octet();
    struct down { ps after, lasts; };
    std::vector<down> downs(mode >> 6);
    for (down& d : downs) d = {t.word() % 4096 * 100 * nanosecond, (1 + t.octet()) * microsecond};
    machine m("a", c);
    peer::peer station("k", station_of(mode));
    station.add_source(std::make_unique<input_frames>(t));
    wire::cable cable("l", cable_of(mode), m.nic, station);
    sim::session& session = sim::session::current();
    check::breaches found(session, {}, [] {});
    check::conservation books(found);
    session.observe(&books);
    session.settle_order();
    simulate(millisecond);
    for (const down& d : downs) {
        simulate(d.after);
        cable.set_link(false, sim::now());
        simulate(d.lasts);
        cable.set_link(true, sim::now());
    }
    simulate(30 * millisecond);
    books.finish(sim::now(), session);
    if (found.stopped()) std::fprintf(stderr, "%s\n", found.reason().c_str());
    demand(!found.stopped(), "each packet ends exactly once, or is held by somebody");
    return 0;
}
