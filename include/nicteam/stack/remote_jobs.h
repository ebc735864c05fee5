// Jobs for a pool from elsewhere in the network (source documents 000/001, paragraph 54; row A-130): an application of the pool's host that serves requests in UDP,
// and how the jobs of a load on another host get to it. secondary/remote_jobs_format.h has the octets. Neither protects anything: that is IPsec's to do
// on the way, and a scenario in which it does not has to say so.
#pragma once

#include <functional>
#include <memory>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/secondary/job_way.h"
#include "nicteam/stack/socket.h"

namespace nicteam::stack {

struct job_server_config {
    std::int64_t port = 7'007;               // UDP; of the socket: who opens it sees to that
    unsigned places = 64;                    // jobs at a time; what comes then is told that there is no room
    std::uint32_t longest = 2'048;           // octets of a packet or buffer; what is longer is malformed
};
extern const block_info job_server_info;     // kind "job_server"

// What it takes of its host's memory: a place for each job and for its result.
std::uint64_t take_memory(host::memory&, const job_server_config&);

class job_server : public sc_core::sc_module, private socket_user, private secondary::requester {
public:
    // On `cpu`, of the service's host.
    job_server(sc_core::sc_module_name, const job_server_config&, secondary::crypto_service&, host::cpu& cpu, host::memory&, socket&);
    ~job_server() override;

    // Elaboration: the next session, and its number. Work of another kind in its name is refused.
    unsigned add_session(driver::job_service, std::function<state::handle(bool inbound)>);

private:
    void received(host::cpu&, socket&, const arrival&) override;
    void finished(host::cpu&, secondary::task&) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;   // models/stack/job_server.cpp
};

struct remote_requests_config {
    std::int64_t port = 7'008;               // UDP, of its own socket
    ps timeout = 20 * millisecond;           // a request without an answer is given up
};
extern const block_info remote_requests_info;        // part of kind "remote_load"

// `cpu`: of the application.
std::unique_ptr<secondary::job_way> make_remote_way(const secondary::job_way::setup&, const remote_requests_config&, host::cpu& cpu, socket&, destination server,
                                                    unsigned session);

}  // namespace nicteam::stack
