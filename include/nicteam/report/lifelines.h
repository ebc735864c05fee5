// The life of each packet: when it was born, which stages it passed, how it ended. From them: flows with their throughput and
// their latency split by stage, losses by reason, and the rows of packets.csv.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/base/metrics.h"
#include "nicteam/base/tables.h"
#include "nicteam/report/distribution.h"
#include "nicteam/report/id_table.h"
#include "nicteam/report/time_series.h"

namespace nicteam::report {

// From one stage of a flow to the next; "born" and the outcome count as stages.
struct hop { std::string from, to; distribution time; };        // ps

// Of a flow's packets, from the first pass of one stage to the next pass of the other, at the same instant or later; "born" and "end" are stages as well.
struct stretch {
    std::string from, to;
    distribution time;                           // ps; of those that passed both in this order
    std::uint64_t other_way = 0;                 // packets that passed both, but the other way round
};

// Packets that were born at one station and ended at another without loss, within the window. A copy, damaged, repeated or
// doubled, is made while its original is under way: it goes on with the original's birth and stages.
struct flow {
    std::string from, to;
    std::uint64_t packets = 0, octets = 0;
    distribution latency;                                        // ps, from birth to end; with its curve
    std::vector<hop> hops;                                       // in the order in which they were first seen
    time_series over_time;                                       // by the end of each packet
    std::vector<stretch> between{};                              // those of lifeline_options::between, in their order
};
struct loss {
    std::string from, where, reason, meaning;
    std::uint64_t packets = 0, octets = 0;
};
struct held { std::string where; std::uint64_t packets = 0; };
// Copies that a repeater brought to an end that they were not for, and that passed them over, while another of the same packet fared better or is the
// one that is told as lost: neither arrived nor lost.
struct passed_over { std::string where, from; std::uint64_t packets = 0; };

// Where the packets of a sender came by, and how far those came that did not arrive.
struct sender { std::string path; std::vector<std::string> places; };
struct unarrived {
    std::string from, stage;                     // the last stage passed; "" if none
    bool waited;                                 // lost for want of room, or held at the end
    std::uint64_t packets = 0;
};

// A packet that has arrived, or is lost; what goes on as copies is told of by these.
struct settled_packet {
    struct pass { const stage_info* stage; std::uint16_t where; ps at; };
    std::uint16_t from, where;                   // lifelines::place_name()
    ps sent, end;                                // sent: when the frame was born that it, or what it is a copy of, was at `from`
    std::uint32_t octets;
    const outcome_info* outcome;
    bool lost;                                   // with an outcome that may not say so: all its copies were passed over
    const std::vector<pass>& passes;             // in order of time
};

struct lifeline_options {
    std::vector<const stage_info*> stages;       // columns of packets.csv in their order; others follow by name
    std::vector<std::pair<std::string, std::string>> between;       // stages by name: each flow's `between`
    ps from = 0, until = never;                  // flows and losses count packets that end in [from, until)
    bool rows = false;                           // keep what packets.csv needs
    std::size_t row_limit = 1'000'000;           // packets.csv takes at most so many
    ps grace = 10 * millisecond;                 // a stage is still noted so long after the end (completions)
};

class lifelines {
public:
    explicit lifelines(lifeline_options = {});

    void born(trace_id, trace_id parent, const std::string& where, std::uint32_t octets, ps);
    void passed(trace_id, const stage_info&, const std::string& where, ps);
    void ended(trace_id, const outcome_info&, const std::string& where, ps);
    // What has not ended is held: where one of those who hold it saw it last, else where it was seen last.
    using holders = std::function<bool(trace_id, const std::string& where)>;
    // Software and receivers may have told ahead of the simulated time: what had not happened at `end` is not in the books.
    void finish(const holders& = {}, ps end = never);

    // Told of each packet soon after its end, or that of the last of its copies, in the warm-up as well.
    std::function<void(const settled_packet&)> on_settled;
    const std::string& place_name(std::uint16_t n) const { return places_[n]; }

    // After finish(), each list in order of its texts.
    std::vector<flow> flows() const;
    std::vector<loss> losses() const;
    time_series lost_over_time() const;           // all losses; steps as long as those of the flows
    std::vector<held> still_held() const;
    std::vector<passed_over> passed_over_by() const;
    std::vector<sender> senders() const;
    std::vector<unarrived> not_arrived() const;
    std::string last_place(trace_id) const;                   // "lan0.a_to_b after wire_begin"; of a packet under way
    std::uint64_t left_out() const { return left_out_; }      // packets beyond row_limit
    // A row per packet in order of birth, then id; times in ps. `to`: where it ended, or was seen last; length in octets as born: of the frame on a wire.
    // One column per stage: the first time that it was passed under this id; a copy's stages before its birth are its parent's. `fate`: what
    // the end counts as; docs/outputs.md describes all columns.
    std::string csv() const;

private:
    static constexpr std::uint16_t nowhere = UINT16_MAX;
    static constexpr std::uint32_t no_group = UINT32_MAX, no_slot = UINT32_MAX;
    static constexpr std::size_t no_row = SIZE_MAX;
    struct pass { ps at; std::uint16_t stage, where; bool inherited = false; };
    struct life {
        trace_id id = 0, parent = 0;
        ps born = 0, end = 0, sent = 0;          // sent: birth of the frame that it is a copy of, at `sender`
        std::uint32_t octets = 0;
        std::uint16_t birthplace = 0, endplace = 0, sender = 0, copied_at = nowhere;
        const outcome_info* outcome = nullptr;
        unsigned copies = 0;                     // that still go on, or have arrived or were lost: if this one is lost, they tell
        bool as_long = false;                    // as what it is a copy of
        std::uint32_t among = no_group, own = no_group;         // the copies that it is one of; those of it
        std::size_t row = no_row;                // in rows_
        std::vector<pass> passes;                // capacity kept when the record is used again
    };
    struct row {
        trace_id id, parent;
        ps born, end;
        std::uint32_t octets, passes;
        std::size_t first;
        std::uint16_t birthplace, endplace;
        const outcome_info* outcome;
        const char* fate;
    };
    struct flow_books {
        std::uint16_t from, to;
        std::uint64_t packets = 0, octets = 0;
        histogram latency;
        struct hop_books { std::uint16_t from, to; histogram time; };
        std::deque<hop_books> hops;
        time_series over_time;
        struct stretch_books { histogram time; std::uint64_t other_way = 0; };
        std::vector<stretch_books> between;
    };
    struct loss_books { std::uint16_t from, where; const outcome_info* reason; std::uint64_t packets = 0, octets = 0; };

    // Copies of one packet. Of those that a repeater made, and of those as long as the packet, one that arrives is enough; pieces are each wanted.
    struct copies_of_one {
        std::uint32_t up = no_group;             // the packet is itself one of these
        std::uint32_t open = 0, first_lost = no_slot;           // not settled yet; the life that is lost if none fares better
        bool closed = false, to_all = false;     // no more come; a repeater made them
        bool fared_better = false;               // one has arrived or is under way at the end
    };
    struct passed_over_books { std::uint16_t where, from; std::uint64_t packets = 0; };
    struct sender_books { std::uint16_t path; std::vector<std::uint16_t> places; };
    struct unarrived_books { std::uint16_t from, stage; bool waited; std::uint64_t packets = 0; };

    std::uint16_t place(const std::string&);
    std::uint16_t find_place(const std::string&);
    std::uint16_t stage(const stage_info&);
    std::uint16_t find_stage(const stage_info&);
    bool settle(std::uint32_t slot);             // true: its life is kept until its copies are settled
    void note_arrived(const life&);
    void note_between(const life&, flow_books&) const;
    void note_lost(const life&);
    void tell(const life&, bool lost);
    std::uint32_t copies_of(life&);
    bool settle_copy(std::uint32_t slot);
    void leave(std::uint32_t group);
    void close_group(std::uint32_t group, std::uint32_t up);
    void resolve(std::uint32_t group);
    void offer(std::uint32_t group, std::uint32_t slot);
    void pass_by(std::uint32_t slot);
    void lose(std::uint32_t slot);
    bool was_passed_over(const life& l) const { return l.outcome && l.outcome->for_others && copies_to_all(l.copied_at); }
    bool went_on(const life& l) const { return l.outcome && (l.outcome->goes_on || (l.outcome->lost && l.copies)); }
    bool in_window(const life& l) const { return !l.outcome || (l.end >= options_.from && l.end < options_.until); }
    void note_passed_over(const life&);
    bool copies_to_all(std::uint16_t where) const;
    void note_places(const life&);
    void note_unarrived(const life&);
    std::string last_place(const life&, const holders& = {}) const;
    const char* fate(const life&) const;
    void keep(const life&);
    void cut(life&, ps end);
    void close(std::uint32_t slot);
    flow_books& books_of(std::uint16_t from, std::uint16_t to);
    ps longest_step() const;
    const char* stage_name(std::uint16_t) const;

    // What was looked up last, by address: most packets pass the same few stations.
    struct remembered { const void* key = nullptr; std::uint16_t value = 0; };
    struct recent {
        remembered& of(const void* key) { return cells[(reinterpret_cast<std::uintptr_t>(key) >> 4) % cells.size()]; }
        std::array<remembered, 128> cells;
    };
    lifeline_options options_;
    std::vector<life> lives_;                    // grows when none is free
    std::vector<std::uint32_t> free_;
    std::deque<std::uint32_t> waiting_;          // ended, within their grace
    id_table live_;
    std::vector<std::string> places_;
    std::unordered_map<const std::string*, std::uint16_t> place_of_;
    std::vector<const stage_info*> stages_;
    std::unordered_map<const stage_info*, std::uint16_t> stage_of_;
    struct named_stages { std::vector<bool> from, to; };           // of each stage, whether it has the name; tables may share one
    std::vector<named_stages> between_;          // as options_.between
    recent recent_places_, recent_stages_;
    std::deque<flow_books> flows_;
    std::vector<loss_books> losses_;
    std::vector<passed_over_books> passed_over_;
    std::vector<std::uint16_t> repeaters_;       // where packets went on to all
    time_series lost_;
    std::vector<sender_books> senders_;
    std::vector<unarrived_books> unarrived_;
    std::vector<copies_of_one> groups_;
    std::vector<std::uint32_t> free_groups_;
    std::vector<row> rows_;
    std::vector<pass> passes_;
    std::vector<held> held_;
    std::vector<settled_packet::pass> told_;     // of the packet at hand
    std::vector<std::uint16_t> left_;            // stations that the packet at hand has left
    std::uint64_t left_out_ = 0;
    bool finished_ = false;
};

}  // namespace nicteam::report
