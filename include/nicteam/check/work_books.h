// Who did which work, for the report: what blocks of nics put on and take off in line, jobs of services by the engine that did them, and what that would have
// cost the CPUs of their hosts. Own books beside those of services and devices; no model decision depends on them.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "nicteam/check/failovers.h"
#include "nicteam/host/costs.h"
#include "nicteam/offload/work_observer.h"
#include "nicteam/report/result.h"
#include "nicteam/secondary/job_watcher.h"

namespace nicteam::check {

// A host that has devices with engines: the cost table of its first CPU.
struct watched_host {
    std::string path;
    unsigned cpus = 1;
    ps period = 0;
    std::array<std::uint64_t, host::cost_count> costs{};
};

class work_books final : private secondary::job_watcher {
public:
    struct amount {
        std::uint64_t count = 0, octets = 0;
        void add(std::uint64_t n) { ++count, octets += n; }
    };

    // Elaboration.
    offload::work_observer& of_device(const std::string& path);  // its block in the way of frames, and its rings
    void watch(secondary::crypto_service&);
    void watch(const std::vector<watched_host>& hosts) { hosts_ = hosts; }

    void begin_window();
    // When the result has its metrics. Classes without any work are left out.
    void tell(report::run_result&, const std::vector<watched_team>&) const;

private:
    struct device final : offload::work_observer {
        void worked(const ipsec::association_parameters&, const ipsec::work&) override;
        void passed(offload::way w, std::uint32_t octets) override { in_line[static_cast<unsigned>(w)].add(octets); }
        std::string path;
        amount in_line[2];                                       // offload::way
        std::array<std::uint64_t, host::cost_count> charged{};   // rows of the cost table
    };
    enum class work : unsigned { encrypt, decrypt, crc32c };
    static constexpr unsigned works = 3;
    struct of_service {
        const secondary::crypto_service* service;
        std::vector<std::array<std::vector<amount>, works>> jobs;        // by requester, work, engine
    };

    void given(const secondary::crypto_service&, const secondary::task&, bool) override {}
    void back(const secondary::crypto_service&, const secondary::task&, unsigned engine, bool done, ps at) override;
    const device* at(const std::string& path) const;
    void share_traffic(report::run_result&, const watched_team&) const;
    void share_jobs(report::run_result&, const of_service&, const std::string& owner, std::vector<std::string> engines) const;
    report::saved_cycles saved(const report::run_result&, const watched_host&) const;

    std::deque<device> devices_;
    std::deque<of_service> services_;
    std::vector<watched_host> hosts_;
};

}  // namespace nicteam::check
