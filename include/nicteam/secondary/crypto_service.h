// Secondary use as a service (source documents 000/001, FIG. 6 and ¶30-49): jobs of requesters - the team, an OS crypto API, an application, another
// device - are shared among the engines of a pool. Each job finishes once towards who asked for it. Of an engine that dies it goes to
// another one, with a new sequence number, or fails and says so (rows ).
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/host/memory.h"
#include "nicteam/secondary/engine.h"
#include "nicteam/secondary/job_watcher.h"
#include "nicteam/secondary/software_engine.h"
#include "nicteam/secondary/task.h"

namespace nicteam::secondary {

enum class software_use : unsigned { never, last_resort, another };

struct crypto_service_config {
    unsigned dispatch = 0;                   // dispatch_choices
    dispatch_options options;
    unsigned order = 0;                      // "in_order|all_alike": loading
    unsigned queue = 16, given = 4;          // jobs of an engine that carries no traffic: engine_setting
    unsigned threshold = 2;                  // most jobs of one that does, never above `queue`: row A-88; 0: engine_setting::most
    unsigned waiting = 1'024;                // in common
    unsigned software = 0;                   // software_use
    std::vector<std::string> announce;       // algorithms, to the crypto API of the operating system; empty: all
    std::vector<std::string> rates;          // of engines, in their order; empty: all alike
    std::uint64_t submit_cycles = 300, finish_cycles = 200;
    std::uint64_t crc32c_cycles = 7;         // of software, for an octet
    ps workload_window = 10 * millisecond;   // weighs(): what engines' own traffic took in this time
    bool weighs() const { return static_cast<dispatch_kind>(dispatch) == dispatch_kind::proportional; }
    ps retry = millisecond;                  // an engine that did not do a job is left alone for this long
};
extern const block_info crypto_service_info;        // kind "crypto_service"
extern const block_info service_engine_info;        // of its engines: engine_0, engine_1 …
extern const block_info requester_info;             // rows bound under the name of a requester

// Why such rates cannot be, by engine; empty: they can.
std::string rates_refused(const std::vector<std::string>&, std::size_t engines);

class crypto_service : public sc_core::sc_module, private engine_user {
public:
    // Software, if the configuration wants it, works on `cpu`; it is the last engine, and there when the first association is held.
    crypto_service(sc_core::sc_module_name, const crypto_service_config&, host::cpu&, host::memory&);
    ~crypto_service() override;

    // Elaboration: engines first, then associations, then requesters. The service does not own an engine.
    unsigned add(engine&);
    void complete();                         // all engines are there
    pooled_associations& associations() { return associations_; }
    unsigned add_requester(const sc_core::sc_object& owner, requester&);

    // Whose engines may do a job, a bit each, now, or not now but later, when who permits says so by reconsider(); asked whenever a job wants a place (300, 302,
    // 350). 352, 354: whether the policy is asked to choose among them; else the first that may have it gets it. Nothing: all may, and it is.
    struct rights { std::uint64_t now = ~std::uint64_t{0}, later = 0; bool spread = true; };
    using permission = std::function<rights(const task&)>;
    void permit(permission p) { permission_ = std::move(p); }
    void reconsider(host::cpu&);             // the permission says otherwise than before: jobs that wait are asked about again

    void submit(host::cpu&, unsigned requester, task&);
    void watch(job_watcher& w) { watchers_.push_back(&w); }
    bool is_software(unsigned engine) const;
    std::uint64_t crc32c_cycles() const { return config_.crc32c_cycles; }       // of software, for an octet
    const char* engine_name(unsigned engine) const;          // for people
    std::size_t requesters() const { return customers_.size(); }
    const std::string& requester_name(unsigned) const;       // of its owner: a path
    // 306, ¶35: whether the operating system's crypto API finds this service for an algorithm, by its name in scenarios; "null" needs nobody.
    bool announces(std::string_view algorithm) const;

    std::size_t engines() const { return pool_.engines(); }
    const engine_setting& setting(unsigned engine) const { return pool_.setting(engine); }
    // At run time: what its member is used for, how many jobs it may have, what it does beside. `up` is the service's own.
    void set(host::cpu&, unsigned engine, engine_setting);
    engine_setting usual(engine_use) const;  // as the configuration has it for that use
    void use(host::cpu&, unsigned engine, engine_use);       // from now on; what it is said to do, and does beside, stays

private:
    struct part;                             // an engine with its metrics
    struct customer;
    void finished(host::cpu&, engine&, driver::crypto_job&) override;
    void give(host::cpu&);
    void try_again(host::cpu&, task&, unsigned engine, bool may_never);
    void conclude(host::cpu&, task&, driver::status, std::string detail);
    void lost(host::cpu&, unsigned engine);
    void strand(host::cpu&);
    void show(ps at);
    unsigned number_of(const engine&) const;
    void find_engines(task&) const;          // that can do it and may: `can` and `later`

    crypto_service_config config_;
    host::cpu& cpu_;
    host::memory& ram_;
    host::operation submitting_, finishing_;
    pooled_associations associations_;
    job_pool pool_;
    std::vector<std::unique_ptr<part>> parts_;
    std::vector<std::unique_ptr<customer>> customers_;
    std::unique_ptr<software_engine> software_;
    std::unordered_map<const driver::crypto_job*, task*> running_;
    std::vector<job_watcher*> watchers_;
    permission permission_;
    bool giving_ = false;
    ps shown_ = 0;
    level& waiting_;
    counter &again_, &lost_, &idle_, &delivered_, &looped_back_;
    ipsec::lifetimes lifetimes_;             // of the pool's associations
};

}  // namespace nicteam::secondary
