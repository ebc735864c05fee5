#include "nicteam/pci/initiator.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "nicteam/sim/session.h"

namespace nicteam::pci {

struct initiator::machinery {
    machinery(initiator& i, const clock_domain& c, initiator_user& u) : self(i), clock(c), user(u) {}

    initiator& self;
    const clock_domain& clock;
    initiator_user& user;

    struct entry {
        transfer* what;
        ps act;
        std::uint64_t serial;
        ps limit = never;
        bool repeat = false;              // after a retry: the same command
        bool again = false;               // nothing has passed since it was asked for
        command repeated = command::memory_read;
    };
    std::vector<entry> waiting;           // the one under way included
    std::uint64_t serial = 0;
    payload* request = nullptr;           // from PCI_REQUEST to PCI_END
    bool begun = false;                   // its address phase is past
    transfer* current = nullptr;          // null during a tenure: forgotten by reset()
    ps idle = std::numeric_limits<ps>::min();   // of the latest tenure, or of the edge at which we withdrew
    bool inside = false;                  // in a call from the bus: REQ# is looked at before it returns

    // What reset() forgot, for the one case that its decision was taken before: copies, with the bytes to write.
    struct forgotten {
        const transfer* which;
        transfer what;
        ps act;
        std::uint64_t serial;
        bool repeat;
        command repeated;
        bool again;
        bytes data;
    };
    std::vector<forgotten> dying;
    const transfer* orphan = nullptr;     // forgotten in the tenure under way
    ps reset_at = std::numeric_limits<ps>::min();
    bool wide = false;
    back_to_back follow = back_to_back::never;
    bool left_over = false;               // the latest tenure left some of its transfer
    bytes scratch;

    void send(const tlm::tlm_phase& phase) {
        tlm::tlm_phase ph = phase;
        sc_core::sc_time zero;
        self.socket->nb_transport_fw(*request, ph, zero);
    }

    // ------------------------------------------------------------ REQ#
    void ask() {
        if (inside || begun || waiting.empty()) return;
        ps act = never;
        for (const entry& e : waiting) act = std::min(act, e.act);
        const ps first = std::max(act, idle) + clock.period();
        if (!request) {
            request = &make_payload();
            extension_of(*request).request = first;
            send(PCI_REQUEST);
        } else if (first < extension_of(*request).request) {
            extension_of(*request).request = first;
            send(PCI_REPLAN);
        }
    }

    void submit(transfer& t, ps act) {
        if (t.bytes == 0) throw std::logic_error(std::string(self.name()) + ": a transfer without bytes");
        if (!t.withdrawn) t.done = t.attempts = t.retries = 0;
        t.withdrawn = false;
        t.under_way = nullptr;
        t.attempt_bytes = 0;
        waiting.push_back({&t, clock.at_or_after(std::max(act, sim::now())), serial++});
        ask();
    }

    std::vector<entry>::iterator find(const transfer* t) {
        auto e = waiting.begin();
        while (e != waiting.end() && e->what != t) ++e;
        return e;
    }

    void limit(transfer& t, ps from) {
        const auto e = find(&t);
        if (e == waiting.end()) return;
        if (from != never) from = clock.at_or_after(from);
        e->limit = from;
        if (!begun || current != &t) return;
        ps& planned = extension_of(*request).limit;
        if (planned == from || (planned != never && planned < sim::now())) return;   // what was reached stays
        planned = from;
        if (!inside) send(PCI_REPLAN);
    }

    // ------------------------------------------------------------ the address phase
    std::vector<entry>::iterator best(ps decision) {
        auto found = waiting.end();
        for (auto e = waiting.begin(); e != waiting.end(); ++e) {
            if (e->act > decision) continue;
            if (found == waiting.end() || e->what->priority < found->what->priority ||
                (e->what->priority == found->what->priority && e->serial < found->serial))
                found = e;
        }
        return found;
    }

    void fill(transfer& t, const attempt& a, bool again, std::uint8_t* data) {
        pci_extension& x = extension_of(*request);
        x.again = again;
        const std::uint64_t address = t.address + t.done;
        x.command = a.command;
        x.words = data_phases(address, a.bytes, x.word_bytes);
        x.wide = wide && is_memory(a.command) && data_phases(address, a.bytes, 8) > 1;
        if (t.wrong && !t.wrong->empty()) {
            x.wrong = t.wrong;
            x.wrong_from = static_cast<std::uint32_t>(address / 4 - t.address / 4);
        }
        request->set_command(is_write(a.command) ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
        request->set_address(address);
        request->set_data_ptr(data);
        request->set_data_length(a.bytes);
        request->set_streaming_width(a.bytes);
    }

    // Whole lines of a known size only (PCI 2.2, 3.1.1): what is left of one goes as a plain write.
    static void whole_lines(attempt& a, std::uint64_t address, std::uint32_t line) {
        if (line == 0 || address % line != 0 || a.bytes < line) a.command = command::memory_write;
        else a.bytes -= a.bytes % line;
    }

    void address(ps at) {
        const ps decision = at - clock.period();
        begun = true;
        if (!dying.empty()) {
            if (reset_at >= decision && address_of_forgotten(decision)) return;
            nothing_passed(at);
        }
        pci_extension& x = extension_of(*request);
        inside = true;
        for (auto e = best(decision); e != waiting.end(); e = best(decision)) {
            transfer& t = *e->what;
            attempt a = user.decide(t, decision);
            e = find(&t);                       // decide() may have submitted others
            if (a.bytes == 0) {
                t.withdrawn = true;
                waiting.erase(e);
                continue;
            }
            if (a.bytes > t.bytes - t.done) throw std::logic_error(std::string(self.name()) + ": an attempt beyond the transfer");
            if (e->repeat) a.command = e->repeated;
            if (a.command == command::memory_write_and_invalidate) whole_lines(a, t.address + t.done, x.line_bytes);
            fill(t, a, e->again, t.data + t.done);
            current = &t;
            ++t.attempts;
            t.under_way = request;
            t.attempt_bytes = a.bytes;
            if (e->limit != never && e->limit < decision) e->limit = never;
            x.limit = e->limit;
            inside = false;
            return;
        }
        inside = false;
        withdraw(at);
    }

    void withdraw(ps at) {
        begun = false;
        extension_of(*request).words = 0;
        request->release();                     // the bus holds it until it has seen this
        request = nullptr;
        idle = at;
        ask();
    }

    // reset() came at or after the decision for this very address phase: the attempt begins, and ends at once.
    bool address_of_forgotten(ps decision) {
        forgotten* found = nullptr;
        for (forgotten& f : dying) {
            if (f.act > decision) continue;
            if (!found || f.what.priority < found->what.priority || (f.what.priority == found->what.priority && f.serial < found->serial))
                found = &f;
        }
        if (!found) return false;
        scratch = std::move(found->data);
        attempt a{found->repeat ? found->repeated : found->what.command, found->what.bytes - found->what.done};
        if (a.command == command::memory_write_and_invalidate)
            whole_lines(a, found->what.address + found->what.done, extension_of(*request).line_bytes);
        fill(found->what, a, found->again, scratch.data());
        extension_of(*request).limit = reset_at;
        current = nullptr;
        orphan = found->which;
        dying.erase(dying.begin() + (found - dying.data()));
        nothing_passed(sim::now());
        return true;
    }

    void nothing_passed(ps at) {
        for (const forgotten& f : std::exchange(dying, {})) user.forgotten(*f.which, 0, at);
    }

    // REQ# that would be decided only later.
    void take_back() {
        extension_of(*request).request = never;
        send(PCI_REPLAN);
        request->release();
        request = nullptr;
    }

    // ------------------------------------------------------------ the end
    void end(ps at) {
        const pci_extension& x = extension_of(*request);
        idle = x.idle;
        begun = false;
        payload& p = *request;
        request = nullptr;
        if (current) {
            inside = true;
            settle(*current, x, at);
            inside = false;
        }
        if (const transfer* which = std::exchange(orphan, nullptr)) user.forgotten(*which, x.octets, at);
        current = nullptr;
        p.release();
        ask();
    }

    void settle(transfer& t, const pci_extension& x, ps at) {
        const auto e = find(&t);
        t.done += x.octets;
        t.under_way = nullptr;
        t.attempt_bytes = 0;
        current = nullptr;
        const bool aborted = x.why == ending::master_abort || x.why == ending::target_abort;
        left_over = !aborted && t.done != t.bytes;
        if (!left_over) {
            waiting.erase(e);
            user.ended(t, x.why == ending::master_abort ? transfer_result::master_abort
                          : aborted                     ? transfer_result::target_abort
                                                        : transfer_result::done, at);
            return;
        }
        e->act = x.idle;
        e->limit = never;
        e->repeat = x.why == ending::retry;
        e->repeated = x.command;
        e->again = x.octets == 0;
        if (e->repeat) ++t.retries;
        user.attempt_ended(t, x.why, x.idle);
    }

    void reset(ps at) {
        if (waiting.empty() && !begun) return;
        if (request && !begun && at < extension_of(*request).request - clock.period()) take_back();
        nothing_passed(at);
        reset_at = at;
        for (entry& e : waiting) {
            transfer& t = *e.what;
            const std::uint32_t left = t.bytes - t.done;
            if (begun && current == &t) {
                const std::uint32_t n = request->get_data_length();
                scratch.assign(request->get_data_ptr(), request->get_data_ptr() + n);
                request->set_data_ptr(scratch.data());
                orphan = &t;
            } else if (request && !begun) {
                dying.push_back(
                    {&t, t, e.act, e.serial, e.repeat, e.repeated, e.again, t.data ? bytes(t.data + t.done, t.data + t.done + left) : bytes(left)});
            }
            t.under_way = nullptr;
        }
        waiting.clear();
        current = nullptr;
        if (!begun) return;
        ps& limit = extension_of(*request).limit;
        limit = std::min(limit, clock.at_or_after(at));
        if (!inside) send(PCI_REPLAN);
    }
};

initiator::initiator(sc_core::sc_module_name name, const clock_domain& clock, initiator_user& user)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, clock, user)) {
    socket.register_nb_transport_bw(this, &initiator::from_bus);
}
initiator::~initiator() = default;

tlm::tlm_sync_enum initiator::from_bus(payload& p, tlm::tlm_phase& phase, sc_core::sc_time&) {
    machinery& m = *machinery_;
    if (phase == PCI_ADDRESS) m.address(sim::now());
    else if (phase == PCI_END) m.end(sim::now());
    else if (phase == PCI_REPLAN && m.current) m.user.planned(*m.current, sim::now());
    return tlm::TLM_ACCEPTED;
}

void initiator::submit(transfer& t, ps act) { machinery_->submit(t, act); }
void initiator::limit(transfer& t, ps from) { machinery_->limit(t, from); }
bool initiator::parity_error(std::uint32_t word) { return machinery_->user.parity_error(machinery_->current, word); }
void initiator::perr_seen(std::uint32_t word) { machinery_->user.perr_seen(machinery_->current, word); }
void initiator::set_wide(bool w) { machinery_->wide = w; }
void initiator::set_back_to_back(back_to_back b) { machinery_->follow = b; }
back_to_back initiator::may_follow() const { return machinery_->follow; }
const transfer* initiator::next(ps decision) const {
    const auto e = machinery_->best(decision);
    return machinery_->begun || machinery_->left_over || e == machinery_->waiting.end() ? nullptr : e->what;
}
bool initiator::busy() const { return machinery_->begun || !machinery_->waiting.empty(); }
void initiator::reset(ps at) { machinery_->reset(at); }
bool initiator::undecided(const transfer& t) const {
    const auto& dying = machinery_->dying;
    return machinery_->orphan == &t || std::any_of(dying.begin(), dying.end(), [&](const auto& f) { return f.which == &t; });
}

}  // namespace nicteam::pci
