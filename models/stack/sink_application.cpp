#include <vector>

#include "nicteam/host/costs.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/applications.h"

namespace nicteam::stack {
namespace {
constexpr parameter_info parameters[] = {
    {"verify", quantity::flag, "true", nullptr, nullptr, nullptr, "payloads of traffic patterns are compared byte by byte",
     "choice: a byte gone wrong shall not go unseen", store<&sink_application_config::verify>},
};
constexpr metric_info metrics[] = {
    {"received", "packets", "datagrams or frames taken"},
    {"received_bytes", "B", "their payload bytes"},
    {"damaged", "packets", "payloads that differ from what was sent"},
    {"foreign", "packets", "payloads without the mark of a traffic pattern"},
    {"missing", "packets", "sequence numbers jumped over, less those that came later", metric_info::level},
    {"late", "packets", "sequence numbers below one that had come before: reordered or duplicated"},
    {"latency", "ps", "from the application that sent to this one", metric_info::histogram},
};
constexpr outcome_info outcomes[] = {
    {"delivered", false, "an application took it, its payload as sent"},
    {"delivered_damaged", true, "an application took it and found its payload wrong"},
    {"delivered_foreign", false, "an application took it; its payload names no traffic pattern"},
};
}  // namespace

const block_info sink_application_info = {"sink_application", "an application that takes, verifies and counts", parameters, metrics, {}, {}, {}, {}, outcomes};

struct sink_application::machinery {
    machinery(sink_application& a, const sink_application_config& c)
        : config(c), station(sim::bind_station(a)), received(sim::bind_counter(a, metrics[0])), received_bytes(sim::bind_counter(a, metrics[1])),
          damaged(sim::bind_counter(a, metrics[2])), foreign(sim::bind_counter(a, metrics[3])), missing(sim::bind_level(a, metrics[4])),
          late(sim::bind_counter(a, metrics[5])), latency(sim::bind_histogram(a, metrics[6])) {}

    sink_application_config config;
    sim::station& station;
    counter &received, &received_bytes, &damaged, &foreign;
    level& missing;
    counter& late;
    histogram& latency;
    std::vector<std::uint32_t> expected;          // next sequence number, by stream
};

sink_application::sink_application(sc_core::sc_module_name name, const sink_application_config& config, socket& s)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, config)) {
    s.user(*this);
}
sink_application::~sink_application() = default;

void sink_application::received(host::cpu& c, socket&, const arrival& a) {
    machinery& m = *machinery_;
    c.spend(of(host::cost::application_receive));
    if (m.config.verify) c.spend(of(host::cost::verify_byte), a.data.size);
    c.catch_up();                                         // counts when it is done, not ahead: the run may end before
    m.received.add();
    m.received_bytes.add(a.data.size);
    packet::payload_fields f;
    const bool whole = a.to_port == 0 && a.from == 0;     // raw: the mark lies behind the frame's headers
    const auto frame = whole ? packet::ethernet_view::parse(a.data) : std::nullopt;
    const auto state = packet::check_payload(frame ? frame->payload : a.data, f);
    if (state == packet::payload_state::unmarked) {
        m.foreign.add();
        return m.station.ended(a.id, outcomes[2], c.now());
    }
    if (state == packet::payload_state::damaged && m.config.verify) {
        m.damaged.add();
        return m.station.ended(a.id, outcomes[1], c.now());
    }
    if (m.expected.size() <= f.stream) m.expected.resize(f.stream + 1u);
    std::uint32_t& next = m.expected[f.stream];
    if (f.sequence >= next) {
        m.missing.add(c.now(), f.sequence - next);
        next = f.sequence + 1;
    } else {
        m.late.add();
        if (m.missing.value() > 0) m.missing.add(c.now(), -1);
    }
    m.latency.add(c.now() - f.at);
    m.station.ended(a.id, outcomes[0], c.now());
}

}  // namespace nicteam::stack
