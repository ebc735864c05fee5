// The way of a load's jobs to a pool on another host.
#include <unordered_map>
#include <vector>

#include "nicteam/host/costs.h"
#include "nicteam/secondary/remote_jobs_format.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/remote_jobs.h"

namespace nicteam::stack {
namespace {

using config = remote_requests_config;
using secondary::remote_work;

constexpr parameter_info parameters[] = {
    {"port", quantity::count, "7008", "1", "65535", nullptr, "UDP port from which it asks", "own choice", store<&config::port>},
    {"timeout", quantity::time, "20 ms", "1 us", "1000 s", nullptr, "a request without a reply is given up after this time", "own choice", store<&config::timeout>},
};
constexpr metric_info metrics[] = {
    {"answered", "jobs", "jobs whose result came back, done and found good"},
    {"turned_down", "jobs", "jobs that the server says it did not do, or not with success"},
    {"unanswered", "jobs", "jobs without a reply in time, or that the stack did not take"},
    {"strays", "packets", "datagrams that are no reply, or one that nobody waits for"},
    {"round_trip", "ps", "from the request to its reply, of jobs that were answered", metric_info::histogram},
};
enum : unsigned { m_answered, m_turned_down, m_unanswered, m_strays, m_round_trip };
constexpr outcome_info outcomes[] = {
    {"job_reply_taken", false, "a requester took the reply to its request"},
    {"job_reply_stray", false, "a datagram came that is no reply, or one that nobody waits for"},
    {"job_request_not_sent", true, "the stack did not take a request", false, true},
};

class remote_way final : public secondary::job_way, private socket_user {
public:
    remote_way(const setup& s, const config& c, host::cpu& p, socket& k, destination server, unsigned session)
        : setup_(s), config_(c), cpu_(p), socket_(k), server_(server), session_(session), station_(sim::bind_station(s.owner)),
          round_trip_(sim::bind_histogram(s.owner, metrics[m_round_trip])), answers_(s.places) {
        for (unsigned n = 0; n < m_round_trip; ++n) counters_[n] = &sim::bind_counter(s.owner, metrics[n]);
        k.user(*this);
    }

    void ask(host::cpu& c, unsigned place, bool inbound, const bytes& made) override {
        secondary::remote_message m;
        m.work = setup_.work == driver::job_service::crc32c ? remote_work::crc32c : inbound ? remote_work::decrypt : remote_work::encrypt;
        m.number = ++number_;
        m.session = static_cast<std::uint16_t>(session_);
        m.data = made;
        datagram_.clear();
        secondary::append_remote(datagram_, m);
        const waiting& w = waiting_[m.number] = {place, m.work, c.now()};
        cpu_.post(w.since + config_.timeout, [this, n = m.number](host::cpu& k) { give_up(k, n); });
        c.spend(of(host::cost::application_send));
        trace_id id = 0;
        if (station_.watched()) {
            id = station_.next_id();
            station_.born(id, 0, on_wire(socket_.headers() + datagram_.size()), c.now());
        }
        const sim::in_hand at_work(station_, id);
        if (socket_.send(c, server_, datagram_, id, 0) != driver::status::done) station_.ended(id, outcomes[2], c.now());      // given up in its time
    }

private:
    struct waiting {
        unsigned place = 0;
        remote_work work = remote_work::encrypt;
        ps since = 0;
    };

    void give_up(host::cpu& c, std::uint32_t number) {
        const auto at = waiting_.find(number);
        if (at == waiting_.end()) return;
        const unsigned place = at->second.place;
        waiting_.erase(at);
        counters_[m_unanswered]->add();
        answers_[place] = {};
        setup_.answered(c, place, answers_[place]);
    }

    void received(host::cpu& c, socket&, const arrival& a) override {
        c.spend(of(host::cost::application_receive));
        const auto m = secondary::read_remote(a.data);
        const auto at = m && m->kind == secondary::remote_kind::reply && m->session == session_ && a.from == server_.to && a.from_port == server_.port
                            ? waiting_.find(m->number) : waiting_.end();
        if (at == waiting_.end() || (at->second.work != m->work && m->status != secondary::remote_status::malformed)) {
            counters_[m_strays]->add();
            return station_.ended(a.id, outcomes[1], c.now());
        }
        station_.ended(a.id, outcomes[0], c.now());
        const waiting w = at->second;
        waiting_.erase(at);
        const bool done = m->status == secondary::remote_status::done;
        counters_[done ? m_answered : m_turned_down]->add();
        if (done) round_trip_.add(c.now() - w.since);
        secondary::job_answer& kept = answers_[w.place];
        kept.done = done;
        kept.value = m->value;
        kept.octets.assign(m->data.data, m->data.data + m->data.size);
        cpu_.post(c.now(), [this, place = w.place](host::cpu& k) { setup_.answered(k, place, answers_[place]); });
    }

    setup setup_;
    config config_;
    host::cpu& cpu_;
    socket& socket_;
    destination server_;
    unsigned session_;
    sim::station& station_;
    counter* counters_[m_round_trip];
    histogram& round_trip_;
    std::unordered_map<std::uint32_t, waiting> waiting_;         // by number
    std::uint32_t number_ = 0;
    bytes datagram_;                                             // kept here: time passes while it is needed
    std::vector<secondary::job_answer> answers_;                 // by place
};

}  // namespace

const block_info remote_requests_info = {"remote_load", "how a load asks a job_server", parameters, metrics, {}, {}, {}, {}, outcomes};

std::unique_ptr<secondary::job_way> make_remote_way(const secondary::job_way::setup& s, const config& c, host::cpu& cpu, socket& k, destination server, unsigned session) {
    return std::make_unique<remote_way>(s, c, cpu, k, server, session);
}

}  // namespace nicteam::stack
