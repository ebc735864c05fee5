#include "nicteam/peer/generator.h"

#include "nicteam/packet/fcs.h"

namespace nicteam::peer {
namespace {

const metric_info& row(unsigned i) { return packet::traffic_info.metrics.rows[i]; }

}  // namespace

generator::generator(const std::string& path, const packet::traffic_config& c, const packet::traffic_addresses& a)
    : config_(c), addresses_(a), pattern_(c, random_stream(sim::session::current().seed(), path, "traffic")), next_(pattern_.next(0)),
      ahead_(c, random_stream(sim::session::current().seed(), path, "traffic")), arriving_(ahead_.next(0)),
      frames_(sim::session::current().bind_counter(path + "." + row(0).name, row(0))),
      octets_(sim::session::current().bind_counter(path + "." + row(1).name, row(1))),
      late_(sim::session::current().bind_histogram(path + "." + row(2).name, row(2))) {
    addresses_.raw = c.protocol == packet::traffic_protocol::raw;
    addresses_.six = c.protocol == packet::traffic_protocol::udp_ipv6;
    addresses_.snap = c.framing == packet::traffic_framing::llc_snap;
}

void generator::arrive() {
    ++waiting_;
    arriving_ = ahead_.next(0);
}

outgoing generator::take(ps now) {
    outgoing out{frame::make()};
    packet::build_traffic_frame(out.data->data, addresses_, next_.octets, static_cast<std::uint16_t>(config_.stream), next_.sequence, now);
    packet::append_lazy_fcs(*out.data);
    frames_.add();
    octets_.add(next_.octets);
    late_.add(now - next_.at);
    next_ = pattern_.next(now);
    if (waiting_) --waiting_;
    return out;
}

}  // namespace nicteam::peer
