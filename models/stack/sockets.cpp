#include "stack/sockets.h"

#include "nicteam/packet/checksum.h"

namespace nicteam::stack {
namespace {
constexpr std::uint32_t longest = 65'535;         // octets of a datagram, RFC 791 3.1
constexpr std::size_t ip_checksum_at = packet::ethernet_header + 10, udp_at = packet::ethernet_header + packet::ipv4_header, udp_checksum_at = udp_at + 6;

// What the device is to insert, and the sum of the pseudo header that it begins with.
void leave_checksums(bytes& datagram, const packet::ipv4_fields& f) {
    const auto length = static_cast<std::uint16_t>(datagram.size() - udp_at);
    packet::put16(datagram.data() + ip_checksum_at, 0);
    packet::put16(datagram.data() + udp_checksum_at, packet::internet_sum({}, packet::pseudo_header_sum(f.source, f.destination, f.protocol, length)));
}
}  // namespace

std::uint32_t udp_socket::headers(bool six) const {
    return static_cast<std::uint32_t>(packet::ethernet_header + (six ? packet::ipv6_header : packet::ipv4_header) + packet::udp_header);
}

std::uint32_t udp_socket::most() const { return longest - static_cast<std::uint32_t>(packet::ipv4_header + packet::udp_header); }

driver::status udp_socket::send(host::cpu& c, const destination& d, packet::octets data, trace_id id, std::uint64_t tag) {
    if (d.six) return send_ipv6(c, d, data, id, tag);
    ipv4_address hop = 0;
    const int interface = stack_.route(d.to, hop);
    if (interface < 0) stack_.count(stack_metric::no_route);
    if (interface < 0 || data.size > most()) return driver::status::refused;
    const auto through = static_cast<unsigned>(interface);
    packet::ipv4_fields f = stack_.unnumbered(through, d.to, packet::ip_protocol::udp);
    const way_out w = stack_.way(through, f, {port_, d.port}, packet::ipv4_header + packet::udp_header + data.size, c.now());
    if (w.frames > stack_.config.buffers) return driver::status::refused;
    c.spend(of(cost::udp_send));
    c.spend(of(cost::copy_byte), data.size);
    const bool offloaded = stack_.config.udp_checksum && !w.by_cpu && !w.by_ring && stack_.below.able(stack_.interfaces[through].adapter).checksums;
    if (stack_.config.udp_checksum && !offloaded) c.spend(of(cost::checksum_byte), data.size + packet::udp_header);
    c.spend(of(cost::ip_send));
    buffer* b = stack_.take(this, tag, w.frames);
    if (!b) return driver::status::no_room;
    bytes& out = stack_.out;
    out.clear();
    packet::append_ethernet(out, {}, {}, packet::ether_type::ipv4);
    f.identification = stack_.identification++;
    packet::append_udp_datagram(out, f, port_, d.port, data);
    if (!stack_.config.udp_checksum) packet::put16(out.data() + udp_checksum_at, 0);      // RFC 768: none
    b->packet.insert_checksums = offloaded;
    if (offloaded) leave_checksums(out, f);
    stack_.send_ip(c, through, hop, *b, id, w);
    return driver::status::done;
}

bool udp_socket::deliver(host::cpu& c, const arrival& a) {
    if (!user_) return false;
    stack_.station.passed(a.id, stack_info.stages.rows[1], c.now());
    user_->received(c, *this, a);
    return true;
}

std::uint32_t echo_socket::headers(bool) const { return static_cast<std::uint32_t>(packet::ethernet_header + packet::ipv4_header + packet::icmp_echo_header); }

std::uint32_t echo_socket::most() const { return longest - static_cast<std::uint32_t>(packet::ipv4_header + packet::icmp_echo_header); }

driver::status echo_socket::send(host::cpu& c, const destination& d, packet::octets data, trace_id id, std::uint64_t tag) {
    ipv4_address hop = 0;
    const int interface = stack_.route(d.to, hop);
    if (interface < 0) stack_.count(stack_metric::no_route);
    if (interface < 0 || data.size > most()) return driver::status::refused;
    const auto through = static_cast<unsigned>(interface);
    packet::ipv4_fields f = stack_.unnumbered(through, d.to, packet::ip_protocol::icmp);
    const way_out w = stack_.way(through, f, {packet::icmp_echo_request << 8, 0}, packet::ipv4_header + packet::icmp_echo_header + data.size, c.now());
    if (w.frames > stack_.config.buffers) return driver::status::refused;
    c.spend(of(cost::icmp));
    c.spend(of(cost::copy_byte), data.size);
    c.spend(of(cost::checksum_byte), data.size + packet::icmp_echo_header);
    c.spend(of(cost::ip_send));
    buffer* b = stack_.take(this, tag, w.frames);
    if (!b) return driver::status::no_room;
    bytes& out = stack_.out;
    out.clear();
    packet::append_ethernet(out, {}, {}, packet::ether_type::ipv4);
    f.identification = stack_.identification++;
    packet::append_ipv4(out, f, packet::icmp_echo_header + data.size);
    packet::append_icmp_echo(out, false, identifier_, d.port, data);
    stack_.send_ip(c, through, hop, *b, id, w);
    return driver::status::done;
}

bool echo_socket::deliver(host::cpu& c, const arrival& a) {
    if (!user_) return false;
    c.spend(of(cost::copy_byte), a.data.size);
    stack_.station.passed(a.id, stack_info.stages.rows[1], c.now());
    user_->received(c, *this, a);
    return true;
}

raw_socket::raw_socket(protocol_stack_100::machinery& m, driver::protocol p, unsigned adapter)
    : stack_(m), adapter_(adapter), outlet_(m.below, *this, adapter, m.config.buffers, m.station) {
    m.below.bind(*this, p, adapter);
}

std::uint32_t raw_socket::most() const { return stack_.below.able(adapter_).mtu + static_cast<std::uint32_t>(packet::ethernet_header); }

driver::status raw_socket::send(host::cpu& c, const destination&, packet::octets data, trace_id id, std::uint64_t tag) {
    if (data.size < packet::ethernet_header || data.size > most()) return driver::status::refused;
    c.spend(of(cost::raw_send));
    c.spend(of(cost::copy_byte), data.size);
    buffer* b = stack_.take(this, tag);
    if (!b) return driver::status::no_room;
    stack_.out.assign(data.data, data.data + data.size);
    stack_.fill(c, *b, id);
    stack_.posted(id, c.now());
    outlet_.send(c, *b);
    return driver::status::done;
}

void raw_socket::sent(host::cpu& c, unsigned, const driver::packet_list& packets, driver::status s) {
    for (driver::packet* p : packets) {
        auto& b = *static_cast<buffer*>(p->owner);
        if (s == driver::status::no_room) outlet_.keep(b);
        else stack_.complete(c, b, s);
    }
    if (s != driver::status::no_room) outlet_.flush(c);
}

void raw_socket::received(host::cpu& c, unsigned adapter, const driver::packet_list& packets) {
    for (const driver::packet* p : packets) {
        c.spend(of(cost::raw_receive));
        c.spend(of(cost::copy_byte), p->bytes);
        stack_.count(stack_metric::received);
        stack_.count(stack_metric::received_bytes, p->bytes);
        if (!user_ || !user_->listens()) {
            stack_.count(stack_metric::no_socket);
            stack_.end(p->id, stack_outcome::no_socket, c.now());
            continue;
        }
        copy_in(stack_.ram, *p, in_, c.now());
        if (in_.size() >= packet::ethernet_header && stack_.from_nobody(c, in_, p->id)) continue;
        stack_.station.passed(p->id, stack_info.stages.rows[1], c.now());
        user_->received(c, *this, {in_, 0, 0, 0, p->id, c.now()});
    }
    stack_.below.give_back(c, adapter, packets);
}

}  // namespace nicteam::stack
