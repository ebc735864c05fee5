// What the layer keeps. outgoing.cpp is FIG. 4, incoming.cpp FIG. 5, engines.cpp hands work to members' engines, rights.cpp says whose may do it, routes.cpp binds frames to members,
// control_frames.cpp sends the team's own, policies.cpp runs modes and monitors, operator.cpp does what an operator asks for, identification.cpp finds out who the members are.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "nicteam/driver/crypto_job.h"
#include "nicteam/driver/packet_lists.h"
#include "nicteam/driver/questions.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/secondary/task.h"
#include "nicteam/sim/session.h"
#include "nicteam/team/augmentation_layer_250.h"
#include "team/chronicle.h"
#include "team/engine_rights.h"
#include "team/member_port.h"
#include "team/number_ways.h"
#include "team/virtual_nic_driver_204.h"
#include "team/workload.h"

namespace nicteam::team {

enum class step : unsigned {
#define NICTEAM_STEP(name, unit, meaning) name,
#include "team/steps.def"
#undef NICTEAM_STEP
    number_of
};
constexpr unsigned step_count = static_cast<unsigned>(step::number_of);

enum class team_metric : unsigned {
    no_member, no_engine, no_buffer, jobs_failed, replayed, not_authentic, standby_copies, control_sent, control_received, control_lost,
    announcements, changes_of_active, member_lost, member_found, addresses_taken, addresses_given_back, bypassed, second_filter, expired,
    orders, orders_refused, gone_with_member, number_of
};
constexpr unsigned team_metric_count = static_cast<unsigned>(team_metric::number_of);

enum class team_outcome : unsigned {
    no_member, no_engine, put_on, job_failed, sent_to_several, taken_off, replayed, not_authentic, standby_copy, control, unknown, no_place, expired, outdated, gone_with_member
};
enum class team_stage : unsigned { delivered_308, forwarded_316, returned_320, received_322, forwarded_336, returned_338, delivered_340 };

// Where the mode wants a frame to leave, and which of its turns that was: routes.cpp.
struct choice {
    route to;
    unsigned turn = 0;
};

// A place of host memory for one packet that the layer has made, with the packet that names it.
struct carrier {
    driver::packet packet;               // owner = this
    std::uint64_t address = 0;           // of `room` octets
    bool in_use = false;
    driver::packet* original = nullptr;  // down: whose end it is; none: a control frame
    unsigned port = 0;
    unsigned turn = 0;                   // of the mode, when it chose the port
    bool copy = false;                   // one of several: each member's own
    unsigned control_of = no_member;     // the member whose control frames it is for; none: for packets
    unsigned lies_in = no_member;        // its octets behind the Ethernet header: in this member's own memory; none: all in memory of the host
    bool gone = false;                   // … which went meanwhile
    mac_address under{};                 // of a control frame: its member's address when it was made …
    ps made = 0;                         // … and when that was
};

// A packet's, or a user's, work with an engine.
struct work final : secondary::task {
    enum class what : std::uint8_t { out, in, of_user };
    what kind = what::out;
    bool in_use = false;
    driver::packet* original = nullptr;  // out: the user's packet; in: the member's
    driver::crypto_job* asked = nullptr; // of_user
    carrier* place = nullptr;
    choice where;                        // out: where it shall leave
    unsigned own_of = no_member;         // out: the member that does it for itself, by its ring
    unsigned port = 0;                   // in: where it came
    unsigned home = no_member;           // of associations that move, when it was handed over
};

constexpr std::uint32_t room = 2'048;    // octets of a carrier's place
constexpr std::uint32_t control_room = 256;      // … of one for a control frame
constexpr std::uint32_t looked_at = 128; // octets of a frame that policies see

struct augmentation_layer_250::machinery final : port_user {
    machinery(augmentation_layer_250&, team_setup, const host::place&, driver::intermediary_102&);
    ~machinery() override;

    augmentation_layer_250& layer;
    team_setup setup;
    const team_config& config;
    const bool one_active;               // else the mode uses all members
    host::place home;
    host::memory& ram;
    std::unique_ptr<member_port> ports;
    virtual_nic_driver_204 above;        // 204
    sim::station& station;
    driver::packet_lists lists;
    counter* steps[step_count];
    counter* counters[team_metric_count];
    std::vector<counter*> sent_octets;                // by member
    sim::probe &active_probe, &usable_probe, &borrowing_probe;
    struct costs { host::operation send, check, mask, repackage, receive, identify; } costs;

    void count(step s, std::uint64_t n = 1) { steps[static_cast<unsigned>(s)]->add(n); }
    void count(team_metric m, std::uint64_t n = 1) { counters[static_cast<unsigned>(m)]->add(n); }
    void end(trace_id id, team_outcome o, ps at) const { station.ended(id, team_info.outcomes.rows[static_cast<unsigned>(o)], at); }
    void pass(trace_id id, team_stage s, ps at) const { station.passed(id, team_info.stages.rows[static_cast<unsigned>(s)], at); }
    trace_id made_of(trace_id before, std::uint32_t octets, ps at);
    trace_id newborn(std::uint32_t octets, ps at);
    void claim(const sim::station::claim&) const;
    unsigned members_count() const { return static_cast<unsigned>(members.size()); }
    unsigned port_count() const { return members_count() + static_cast<unsigned>(setup.cards.size()); }
    int unit_of(unsigned port) const { return units[port]; }
    secondary::pooled_associations& pool() const { return service->associations(); }
    std::vector<int> units;                           // by port: its engine's number; -1: none
    frame_view look(std::uint64_t address, std::uint32_t first, std::uint32_t whole, ps at);             // into `head`
    frame_view look(const carrier& k, ps at) { return look(k.lies_in == no_member ? k.packet : *k.original, at); }     // … as far as the host has it
    frame_view look(const driver::packet& p, ps at) { return look(p.pieces[0].address, p.pieces[0].bytes, p.bytes, at); }
    std::array<std::uint8_t, looked_at> head;

    // carriers.cpp
    std::vector<std::unique_ptr<carrier>> carriers;
    std::vector<carrier*> free_carriers;
    std::vector<std::vector<carrier*>> free_control;              // by member
    std::unordered_map<const driver::packet*, carrier*> own;      // all carriers, by their packets
    struct queue_of { std::deque<carrier*> control, all; bool flushing = false, came_back = false; };
    std::vector<queue_of> waiting;                    // by member: for room in its driver
    void lay_out();
    carrier* take(std::vector<carrier*>& free);       // null: all are in use
    carrier* take() { return take(free_carriers); }
    void put(carrier&);
    void send_carrier(host::cpu&, carrier&);
    void pass_down(host::cpu&, carrier&);
    void hand_to(unsigned member, std::uint32_t bytes);
    void carrier_sent(host::cpu&, carrier&, driver::status);
    void flush(host::cpu&, unsigned member, bool control_only = false);

    // peer_places.cpp
    void place_result(work&);                         // where it shall lie when it comes back
    void repackage(work&, carrier&, ps at);           // what came back, behind its header
    bool lost_with_member(host::cpu&, work&);
    void lose_places(host::cpu&, unsigned member);    // it went

    // control_frames.cpp
    void announce(host::cpu&, unsigned member);
    void send_frame(host::cpu&, unsigned member, const std::vector<std::uint8_t>&);
    void pass_control(host::cpu&, carrier&);
    void left(host::cpu&, unsigned member, ps made);
    void never_leaves(host::cpu&, unsigned member, const frame_view&);
    actions::frame frame_to_send;                     // no list on a CPU's stack: it is dropped as it is when a run ends

    // routes.cpp
    unsigned turn = 0, carrying = 0;                  // carrying: members that carry regular traffic, a bit each
    bool begins_turn(bool members_changed);
    choice choose(const frame_view&, ps now);
    bool is_of_now(const choice& w) const { return w.turn == turn; }
    void write(const route&, std::uint64_t address, ps at);                          // over the header that lies there
    void restore(std::uint64_t address, std::uint32_t bytes, ps at);                 // the header as its stack made it
    void depart(host::cpu&, carrier&, choice);        // with `original`
    void send_again(host::cpu&, carrier&);            // the mode may want another member for it now
    void bind_anew(host::cpu&);                       // … of all that wait for room
    std::optional<mac_address> address_for_others(unsigned member) const;
    bool may_send_for_others(unsigned member) const;
    bool write_source(const driver::crypto_job&, unsigned member, ps at);

    // outgoing.cpp
    void send(host::cpu&, const driver::packet_list&);
    void send_one(host::cpu&, driver::packet&);
    void send_on(host::cpu&, driver::packet&);        // by whom the mode chooses now
    void send_regular(host::cpu&, driver::packet&, const route&);
    void send_unaugmented(host::cpu&, driver::packet&);                               // 312, past the layer
    void pass_on(host::cpu&, driver::packet&, unsigned member);
    void send_copies(host::cpu&, driver::packet& original, const driver::packet& what, const route&);
    void gather(const driver::packet&, std::uint8_t* to, ps at);
    void hand_up(host::cpu&, driver::packet&, driver::status);
    bool protects_itself(host::cpu&, unsigned member, state::handle name);
    void to_backup(host::cpu&, driver::packet&, const choice&, std::uint64_t among = ~std::uint64_t{0});
    bool has_jobs_before(unsigned member, state::handle name) const;
    void by_own_ring(host::cpu&, driver::packet&, const choice&);
    void ask_engines(host::cpu&, driver::packet&, const choice&, bool transmit, unsigned own_of, std::uint64_t among);
    void drop(host::cpu&, driver::packet&, team_metric, team_outcome, driver::status);
    void sent(host::cpu&, unsigned port, const driver::packet_list&, driver::status) override;
    struct several { unsigned open = 0; bool done = false; };
    std::map<driver::packet*, several> copies;        // packets that left through several members

    // incoming.cpp
    void received(host::cpu&, unsigned port, const driver::packet_list&) override;
    void receive_one(host::cpu&, unsigned port, driver::packet&);
    void deliver(host::cpu&, driver::packet&);
    bool by_second_filter(unsigned port, const frame_view&) const;
    bool done_below(host::cpu&, unsigned port, driver::packet&);                      // 326
    bool decrypted_below(host::cpu&, unsigned port, driver::packet&);
    bool forward(host::cpu&, unsigned port, driver::packet&, const frame_view&);      // 324, 332 to 336
    void open(host::cpu&, unsigned port, driver::packet&, state::handle name, std::uint64_t among = ~std::uint64_t{0});      // 336
    void give_back_below(host::cpu&, unsigned port, driver::packet&);
    void give_back(host::cpu&, const driver::packet_list&);
    std::unordered_map<const driver::packet*, unsigned> came_through;

    // engines.cpp
    struct link;                                      // 206, 208, 210: an engine of the service behind a port
    struct asking;                                    // a requester of the service: the team, its users
    std::vector<std::unique_ptr<link>> links;         // by port; null: it has no engines
    std::unique_ptr<secondary::crypto_service> service;
    std::unique_ptr<asking> own_asking, users_asking;
    unsigned own_number = 0, users_number = 0;
    std::vector<std::unique_ptr<work>> works;
    unsigned borrowing = 0;                           // members with another one's address, a bit each
    bool starved = false;                             // the user was told that there is no room
    void relieve(host::cpu&);
    work* new_work();
    void release(work&);
    number_ways ways;
    bool by_software() const { return setup.sharing.software != 0; }      // of the host: no member has to lend engines for that
    void hand_over(host::cpu&, work&);
    void submit(host::cpu&, driver::job&);
    void finished(host::cpu&, unsigned port, driver::job&) override;
    void concluded(host::cpu&, work&);
    void encrypted(host::cpu&, work&);                // 318, 320
    void decrypted(host::cpu&, work&);                // 338, 340
    void not_done(host::cpu&, work&);
    work* own_work_of(const driver::crypto_job&) const;          // by_own_ring()
    void ended_by_own_ring(host::cpu&, const work&, bool done);
    unsigned by_own_rings = 0;                        // packets under way so
    // weigh.cpp
    std::vector<workload> own_work;                   // by member
    void weigh_again(ps at);
    void weigh(host::cpu&);

    void show_uses(host::cpu&);                       // what members are used for, to the service

    // rehomer.h
    struct rehomer;
    std::unique_ptr<rehomer> rehoming;                // null: associations lie where they can, and stay

    // rights.cpp
    engine_rights may_work;
    // What drivers and jobs have told of a port's engines. `out_of_use`: as jobs to encrypt and to decrypt found them since.
    struct engines_of { bool there = true, protected_once = false, out_of_use[2] = {}; };
    std::vector<engines_of> engines;                  // by port
    bool look_at_engines(unsigned port);              // false: all is as it was
    bool in_use(unsigned port) const { return unit_of(port) >= 0 && !(may_work.out_of_use(engine_rights::encrypts) >> unit_of(port) & 1u); }
    void look_at_job(host::cpu&, unsigned port, const driver::crypto_job&);
    void card_changed(host::cpu&, unsigned port, bool there);
    void rights_changed(host::cpu&);
    using rights = secondary::crypto_service::rights;
    std::uint64_t allowed(state::handle name, bool inbound, bool transmit) const;      // engines that may, a bit each
    rights rights_of(const secondary::task&) const;   // … now, and later
    bool several(engine_rights::work) const;
    bool any_engine(state::handle name, bool inbound, bool transmit, std::uint64_t among = ~std::uint64_t{0}) const;

    // policies.cpp
    team::members members;
    actions wanted;
    chronicle story;
    bool begun = false, carrying_out = false;
    ps due_at = never;
    unsigned due_of = 0, shown_active = no_member, judged = 0;      // judged: members that are usable, a bit each
    bool had_active = false;
    void begin(host::cpu&);
    void changed(host::cpu&, unsigned port, const driver::link_state&) override;
    unsigned verdicts() const;
    void judge_members(host::cpu&);                   // what monitors say, and what the mode makes of it
    void carry_out(host::cpu&);
    void tell_active(host::cpu&);
    void schedule(ps now);
    void due(host::cpu&, unsigned of);
    bool own_frame(host::cpu&, unsigned member, const frame_view&);
    void present(host::cpu&, bool tell);
    bool can_protect() const;                         // promises.cpp
    bool carriers_protect(state::handle name) const;  // each for itself; nothing: some association
    bool can_put_on(state::handle name) const;
    bool promise_each();                              // false: all is as it was
    std::deque<bool> puts_on;                         // by the pool's name
    void take_addresses(host::cpu&);
    std::vector<actions::address> addresses_to_take;

    // operator.cpp
    void bind_operator();
    void order(host::cpu&, bool clear, unsigned member);
    struct of_user { ps at; state::handle name; bool lives; };
    std::vector<of_user> of_users;                    // by the users of associations, at their times

    // identification.cpp
    struct identity { driver::identify asked; bool known = false, refused = false, under_way = false; };
    std::vector<std::unique_ptr<identity>> identities;        // by port
    std::vector<std::unique_ptr<driver::set_mac>> addresses;   // by member; the address that it shall have
    std::vector<mac_address> asked_address;
    std::vector<bool> address_under_way, address_set;
    std::vector<std::unique_ptr<driver::set_filter>> filters;  // by member: what its mode and monitors must hear
    std::vector<bool> filter_under_way, filter_set;
    std::vector<std::unique_ptr<driver::link_look>> looks;
    std::vector<bool> look_under_way;
    bool sharing = false, terminated = false;
    bool spreading = false, spreading_ended = false;
    void verify_spreading(host::cpu&);                // spreading.cpp
    void identify(host::cpu&, unsigned port);
    void identified(host::cpu&, unsigned port);
    void verify(host::cpu&);
    void set_address(host::cpu&, unsigned member);
    void set_groups(host::cpu&, unsigned member);
    std::vector<mac_address> heard_by(unsigned member) const;     // beside its own address and broadcasts
    void request(host::cpu&, driver::control&);       // of the user
    void completed(host::cpu&, unsigned port, driver::control&) override;
    struct spread {                                   // a request of the user on its way to several ports
        driver::control* original = nullptr;
        std::vector<std::pair<unsigned, std::unique_ptr<driver::control>>> copies;
        unsigned open = 0;
        bool done = false;
    };
    std::vector<std::unique_ptr<spread>> spreads;

    driver::capabilities able;
    bool presented = false;                           // 306: as able to protect
};

}  // namespace nicteam::team
