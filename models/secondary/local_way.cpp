// Jobs of an application whose data lies in its own host.
#include <algorithm>
#include <vector>

#include "nicteam/ipsec/process.h"
#include "nicteam/secondary/job_way.h"

namespace nicteam::secondary {
namespace {

class local_way final : public job_way, private requester {
public:
    local_way(const setup& s, host::cpu& cpu, const std::function<std::uint64_t()>& device)
        : setup_(s), cpu_(cpu), device_(device), by_(s.service.add_requester(s.owner, *this)) {
        for (unsigned n = 0; n < s.places; ++n) {
            tasks_.push_back(std::make_unique<task>());
            task& t = *tasks_.back();
            t.service = s.work;
            if (!s.found) t.allowed = 0;                 // the crypto API knows nobody for it
            t.room = s.room;
        }
    }

    // To where it lies: memory of the host, or word by word into a device's.
    void ask(host::cpu& c, unsigned place, bool inbound, const bytes& made) override {
        task& t = *tasks_[place];
        t.inbound = inbound;
        t.length = static_cast<std::uint32_t>(made.size());
        t.source = (device_ ? device_() : setup_.base) + std::uint64_t{2} * place * t.room;
        t.in_device = static_cast<bool>(device_);
        t.destination = t.source + t.room;
        if (device_) {
            write_words(c, t.source, made);
        } else {
            c.catch_up();
            setup_.ram.write(t.source, made.data(), made.size(), c.now());
        }
        if (t.service == driver::job_service::ipsec) t.association = setup_.session(inbound);
        setup_.service.submit(c, by_, t);
    }

private:
    static void write_words(host::cpu& c, std::uint64_t at, const bytes& made) {
        const auto octet = [&](std::size_t n) { return n < made.size() ? std::uint32_t{made[n]} : 0u; };
        for (std::size_t n = 0; n < made.size(); n += 4) c.write(at + n, 4, octet(n) | octet(n + 1) << 8 | octet(n + 2) << 16 | octet(n + 3) << 24);
    }
    void read_words(host::cpu& c, std::uint64_t at, std::uint32_t octets) {
        answer_.octets.resize((octets + 3) & ~std::uint32_t{3});
        for (std::size_t n = 0; n < answer_.octets.size(); n += 4) {
            const std::uint32_t v = c.read(at + n, 4);
            for (unsigned k = 0; k < 4; ++k) answer_.octets[n + k] = static_cast<std::uint8_t>(v >> 8 * k);
        }
        answer_.octets.resize(octets);
    }

    // In what thread or handler ever: the rest is the application's own work.
    void finished(host::cpu& c, task& t) override {
        const auto at = std::find_if(tasks_.begin(), tasks_.end(), [&](const auto& one) { return one.get() == &t; });
        cpu_.post(c.now(), [this, place = static_cast<unsigned>(at - tasks_.begin())](host::cpu& k) { tell(k, place); });
    }

    void tell(host::cpu& c, unsigned place) {
        c.catch_up();
        const task& t = *tasks_[place];
        answer_.done = t.result == driver::status::done && t.verdict == static_cast<std::uint8_t>(ipsec::outcome::done);
        answer_.value = t.sequence;
        answer_.octets.clear();
        if (answer_.done && t.service == driver::job_service::ipsec) {
            if (device_) read_words(c, t.destination, t.written);
            else answer_.octets.resize(t.written), setup_.ram.read(t.destination, answer_.octets.data(), t.written, c.now());
        }
        setup_.answered(c, place, answer_);
    }

    setup setup_;
    host::cpu& cpu_;
    const std::function<std::uint64_t()>& device_;       // where its memory is; none: the host's
    unsigned by_;
    std::vector<std::unique_ptr<task>> tasks_;
    job_answer answer_;                                  // kept here: time passes while it is needed
};

}  // namespace

std::unique_ptr<job_way> make_local_way(const job_way::setup& s, host::cpu& cpu, const std::function<std::uint64_t()>& device) {
    return std::make_unique<local_way>(s, cpu, device);
}

}  // namespace nicteam::secondary
