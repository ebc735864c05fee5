// One run: its seed, and the registers in which every component binds its rows of the tables to instances.
//
// A session is made before the model and outlives it; while it lives it is `session::current()`. Components bind in
// their constructors. Observers attach after elaboration. With nobody attached, probes and lifelines cost one test.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include <systemc>

#include "nicteam/base/frame.h"
#include "nicteam/base/metrics.h"
#include "nicteam/base/random_stream.h"
#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"
#include "nicteam/sim/doubt.h"

namespace nicteam::sim {

// The resolution is 1 ps. sc_time_stamp() says the same, but cannot be inlined.
inline ps now() { return static_cast<ps>(sc_core::sc_get_curr_simcontext()->time_stamp().value()); }
inline sc_core::sc_time to_sc_time(ps t) { return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(t)); }

// ---------------------------------------------------------------- probes: values over time, for waveforms
class probe;
class probe_sink {
public:
    virtual ~probe_sink() = default;
    virtual void change(const probe&, ps past, std::uint64_t v) = 0;
};
class probe {
public:
    // May report late (when a span settles), never ahead of the simulated time, never backwards for one probe.
    void change(ps past, std::uint64_t v) { if (sink) sink->change(*this, past, v); }
    bool watched() const { return sink != nullptr; }

    std::string path;               // "server.pci0.nic0.cu_state"
    const probe_info* info = nullptr;
    probe_sink* sink = nullptr;
    // Called when a wave is closed or a window ends: brings spans up to date.
    std::function<void(ps)> settle;
};

// ---------------------------------------------------------------- captures: frames at a hand-over point
enum class direction : std::uint8_t { none, in, out };
class capture_point;
class capture_sink {
public:
    virtual ~capture_sink() = default;
    virtual void take(const capture_point&, const frame_ref&, ps at, direction, const char* comment) = 0;
};
class capture_point {
public:
    bool on() const { return !sinks.empty(); }
    // `at`: when the first octet of the destination address passed. `comment`: nullptr or what befell the frame.
    void take(const frame_ref& f, ps at, direction d, const char* comment = nullptr) const { for (auto* s : sinks) s->take(*this, f, at, d, comment); }

    std::string path;               // "lan0.a_to_b.wire"
    const capture_info* info = nullptr;
    std::vector<capture_sink*> sinks;
};

// ---------------------------------------------------------------- faults: a time line acts on a component
class fault_port {
public:
    // begin: what happens when the fault begins (true) and ends (false), at `at`; `amount` as the fault's unit says, at both.
    using action = std::function<void(bool begin, std::int64_t amount, ps at)>;
    std::string path;               // path of the component
    const fault_info* info = nullptr;
    action act;
};

// Faults of one kind at one place may overlap: the place has the fault from the first one's begin to the last one's end.
class fault_count {
public:
    // True if the fault comes or goes.
    bool change(bool begin) {
        if (begin) return on_++ == 0;
        return on_ && --on_ == 0;
    }

private:
    unsigned on_ = 0;
};

// ---------------------------------------------------------------- lifelines: where each packet is
// A packet is born once, passes stages, and ends once. What has not ended at the end of a run is held, at its last place.
class packet_observer {
public:
    virtual ~packet_observer() = default;
    virtual void born(trace_id, trace_id parent, const std::string& where, std::uint32_t octets, ps) = 0;
    virtual void passed(trace_id, const stage_info&, const std::string& where, ps) = 0;
    virtual void ended(trace_id, const outcome_info&, const std::string& where, ps) = 0;
    virtual void crossed(trace_id, const std::string& bus, std::uint32_t octets, ps) = 0;   // body octets over a host bus
    virtual bool over(trace_id) const { return false; }      // it has ended, as far as this observer keeps it
};

// A component's place on lifelines. Bind one per component that hands packets on.
class station {
public:
    using claim = std::function<void(trace_id)>;

    void born(trace_id id, trace_id parent, std::uint32_t octets, ps at) const { for (auto* o : *observers) o->born(id, parent, path, octets, at); }
    void passed(trace_id id, const stage_info& s, ps at) const { if (id) for (auto* o : *observers) o->passed(id, s, path, at); }
    void ended(trace_id id, const outcome_info& w, ps at) const { if (id) for (auto* o : *observers) o->ended(id, w, path, at); }
    void crossed(trace_id id, const std::string& bus, std::uint32_t octets, ps at) const { if (id) for (auto* o : *observers) o->crossed(id, bus, octets, at); }
    bool watched() const { return !observers->empty(); }

    // Names every packet that is here at the present instant, 0 and a packet twice allowed. Asked at the end of a run: a packet
    // that was born, has not ended and that nobody claims has vanished.
    void claims(const claim& c) const {
        for (const trace_id id : hands) c(id);
        if (holding) holding(c);
    }
    std::function<void(const claim&)> holding;   // set by the component: what lies in its queues, FIFOs, rings
    std::vector<trace_id> hands;                 // see in_hand

    // A new name for a packet that begins here: (number of this station in path order, running number).
    trace_id next_id() { return (static_cast<trace_id>(number) << 40) | ++serial; }

    std::string path;
    std::uint32_t number = 0;       // 1 ..., given at the start of simulation in order of path
    std::uint64_t serial = 0;
    const std::vector<packet_observer*>* observers = nullptr;
};

// What packets take up within a component at the present instant, by its own books: places of a buffer, contexts, entries of a table.
struct held_place {
    const char* name;               // "buffer 140"
    std::uint64_t used;             // places, or 1: something of it
    std::vector<trace_id> by;       // the packets that have them
    std::uint64_t otherwise = 0;    // places that are known to be in use for another reason
};
// Asked at the end of a run: a place that is in use and that nobody has is lost.
struct keeper {
    std::string path;
    std::function<std::vector<held_place>(ps)> places;
};

// A packet that software works on, between two queues: claimed by the station while this lives.
class in_hand {
public:
    in_hand(station& s, trace_id id) : hands_(s.hands), id_(id) { hands_.push_back(id); }
    ~in_hand() {
        std::size_t i = hands_.size();                // the latest of its name: several CPUs may work here
        while (hands_[--i] != id_) {}
        hands_.erase(hands_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    in_hand(const in_hand&) = delete;
    in_hand& operator=(const in_hand&) = delete;

private:
    std::vector<trace_id>& hands_;
    trace_id id_;
};

// Which packet lies where in a memory: ranges to trace ids. The model writes it and stamps new frames from it; no
// decision reads it. One per address space, named by the bus that addresses it.
class shadow {
public:
    void mark(std::uint64_t address, std::uint32_t octets, trace_id id);     // id 0 wipes the range
    trace_id at(std::uint64_t address) const;                                // 0 if none
    bool any(std::uint64_t address, std::uint64_t octets) const;             // some octet of the range belongs to a packet
    // Whose octets lie there, and how many in a row.
    void each(std::uint64_t address, std::uint64_t octets, const std::function<void(trace_id, std::uint32_t octets)>&) const;

private:
    struct range { std::uint64_t first, end; trace_id id; };
    std::vector<range>::const_iterator find(std::uint64_t address) const;    // the first range that ends behind it
    std::vector<range> ranges_;     // in order of address, no overlaps: a few hundred buffers, looked at more than changed
    mutable std::size_t latest_ = 0;    // what find() found last: bursts go on where they stopped
};

// ---------------------------------------------------------------- the session
struct bound_metric {
    std::string path;               // "server.pci0.bus.tenures"
    const metric_info* info = nullptr;
    counter* as_counter = nullptr;
    level* as_level = nullptr;
    histogram* as_histogram = nullptr;
    std::function<void(ps)> settle; // brings the metric up to date before it is read; may be empty
};

class session {
public:
    explicit session(std::uint64_t seed = 1);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    static session& current();      // throws std::logic_error when there is none
    std::uint64_t seed() const { return seed_; }

    counter& bind_counter(const std::string& path, const metric_info&, std::function<void(ps)> settle = {});
    level& bind_level(const std::string& path, const metric_info&, std::function<void(ps)> settle = {});
    histogram& bind_histogram(const std::string& path, const metric_info&);
    probe& bind_probe(const std::string& path, const probe_info&);
    capture_point& bind_capture(const std::string& path, const capture_info&);
    void bind_fault(const std::string& path, const fault_info&, fault_port::action);
    station& bind_station(const std::string& path);
    void bind_keeper(const std::string& path, std::function<std::vector<held_place>(ps)> places) { keepers_.push_back({path, std::move(places)}); }
    shadow& shadow_of(const std::string& bus_path) { return shadows_[bus_path]; }
    doubt& doubt_of(const std::string& bus_path) { return doubt_of_host(bus_path.substr(0, bus_path.rfind('.'))); }
    doubt& doubt_of_host(const std::string& path);

    void observe(packet_observer* o) { observers_.push_back(o); }
    // Gives stations their numbers and sorts all registers by path, so that nothing depends on the order of
    // construction. Call once after elaboration, before sc_start.
    void settle_order();

    std::deque<bound_metric>& metrics() { return metrics_; }
    std::deque<probe>& probes() { return probes_; }
    std::deque<capture_point>& captures() { return captures_; }
    std::deque<fault_port>& faults() { return faults_; }
    std::deque<station>& stations() { return stations_; }
    const std::deque<keeper>& keepers() const { return keepers_; }
    const std::vector<packet_observer*>& observers() const { return observers_; }

private:
    std::uint64_t seed_;
    session* outer_;
    std::deque<counter> counters_;
    std::deque<level> levels_;
    std::deque<histogram> histograms_;
    std::deque<bound_metric> metrics_;
    std::deque<probe> probes_;
    std::deque<capture_point> captures_;
    std::deque<fault_port> faults_;
    std::deque<station> stations_;
    std::deque<keeper> keepers_;
    std::unordered_map<std::string, shadow> shadows_;
    std::unordered_map<std::string, doubt> doubts_;
    std::vector<packet_observer*> observers_;
};

// Shorthands for a component's constructor. `info` must be a row of the component's own table.
inline std::string path_of(const sc_core::sc_object& o, const char* name) { return std::string(o.name()) + "." + name; }
inline counter& bind_counter(const sc_core::sc_object& o, const metric_info& i) { return session::current().bind_counter(path_of(o, i.name), i); }
inline level& bind_level(const sc_core::sc_object& o, const metric_info& i) { return session::current().bind_level(path_of(o, i.name), i); }
inline histogram& bind_histogram(const sc_core::sc_object& o, const metric_info& i) { return session::current().bind_histogram(path_of(o, i.name), i); }
inline probe& bind_probe(const sc_core::sc_object& o, const probe_info& i) { return session::current().bind_probe(path_of(o, i.name), i); }
inline capture_point& bind_capture(const sc_core::sc_object& o, const capture_info& i) { return session::current().bind_capture(path_of(o, i.name), i); }
inline void bind_fault(const sc_core::sc_object& o, const fault_info& i, fault_port::action a) { session::current().bind_fault(o.name(), i, std::move(a)); }
inline station& bind_station(const sc_core::sc_object& o) { return session::current().bind_station(o.name()); }
inline random_stream stream_of(const sc_core::sc_object& o, const char* purpose) { return random_stream(session::current().seed(), o.name(), purpose); }

}  // namespace nicteam::sim
