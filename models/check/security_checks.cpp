#include "nicteam/check/security_checks.h"

#include <algorithm>

#include "nicteam/packet/fcs.h"

namespace nicteam::check {

class security_checks::transmitter : public sim::capture_sink {
public:
    transmitter(sender& s, sim::capture_point& p, std::function<bool()> recorded) : sender_(s), point_(p), recorded_(std::move(recorded)) {
        p.sinks.push_back(this);
    }
    ~transmitter() override { point_.sinks.erase(std::remove(point_.sinks.begin(), point_.sinks.end(), this), point_.sinks.end()); }

    const sender& of() const { return sender_; }

    void take(const sim::capture_point& p, const frame_ref& f, ps at, sim::direction d, const char* comment) override {
        if (d != sim::direction::out || f->data.size() < packet::fcs_octets || (recorded_ && recorded_())) return;
        const packet::octets whole{f->data.data(), f->data.size() - packet::fcs_octets};
        sender_.clear.left(whole, f->id, p.path, at);
        sender_.used.left(whole, comment != nullptr, f->id, p.path, at);
    }

private:
    sender& sender_;
    sim::capture_point& point_;
    std::function<bool()> recorded_;
};

security_checks::security_checks(breaches& b, sim::session& s) : breaches_(b), session_(s) {}
security_checks::~security_checks() = default;

security_checks::sender& security_checks::of_sender(const std::string& path) {
    senders_.push_back({{breaches_, path}, {breaches_, path}});
    return senders_.back();
}

void security_checks::watch(sender& s, sim::capture_point& p, std::function<bool()> recorded) {
    transmitters_.push_back(std::make_unique<transmitter>(s, p, std::move(recorded)));
}

std::optional<report::exposure> security_checks::exposure() const {
    report::exposure all;
    for (const auto& t : transmitters_) all.ports += t->of().clear.protects();
    if (!all.ports) return {};
    for (const sender& s : senders_) {
        if (!s.clear.protects()) continue;
        all.frames += s.clear.found().judged;
        all.in_the_clear += s.clear.found().clear;
        all.octets += s.clear.found().octets;
    }
    return all;
}

admission& security_checks::of_receiver(const std::string& host) {
    if (!openings_) {
        openings_ = std::make_unique<openings>();
        session_.observe(openings_.get());
    }
    receivers_.emplace_back(breaches_, *openings_, host);
    return receivers_.back();
}

joints& security_checks::of_block(const std::string& path) {
    blocks_.emplace_back(breaches_, path);
    return blocks_.back();
}

}  // namespace nicteam::check
