// The unit's side towards memory: questions and buffers are read, answers are written.
#include "nicteam/rings/offload_registers.h"
#include "nicteam/rings/offload_unit.h"

namespace nicteam::rings {

namespace {
constexpr std::uint32_t address_octets = 8, message_octets = chimney::message_octets;
}

// ---------------------------------------------------------------- reading: buffers first, for answers may wait for them

void offload_unit::fetch(ps at) {
    if (!(status_.seen(at) & offload_registers::status_running)) return;
    if (fetching_ != fetching::nothing) {
        if (fetched_ == at) wake(slot_fetch, at);            // just now: for the next edge
        if (fetched_ >= at) return;
        fetched_ = never;
        fetched(at);
        if (fetching_ != fetching::nothing || !(status_.latest() & offload_registers::status_running)) return;
    }
    for (const auto* r : {&question_tail_, &buffer_tail_})
        if (r->seen(at) != r->latest()) wake(slot_fetch, at);        // written at this edge, seen from the next
    if (const std::uint32_t posted = buffer_tail_.seen(at) - buffers_read_; posted && free_buffers_.size() < config_.buffers) {
        const auto room = static_cast<std::uint32_t>(config_.buffers - free_buffers_.size()), to_end = buffers_.size - (buffers_read_ & (buffers_.size - 1));
        addresses_.resize(std::min({posted, room, to_end}) * address_octets);
        return ask(fetching::buffers, buffers_.of(buffers_read_, address_octets), addresses_.data(), static_cast<std::uint32_t>(addresses_.size()), at);
    }
    if (question_tail_.seen(at) != question_head_.latest() && asked_.size() < config_.questions)
        ask(fetching::entry, questions_.of(question_head_.latest(), message_octets), entry_.data(), message_octets, at);
}

void offload_unit::ask(fetching what, std::uint64_t address, std::uint8_t* to, std::uint32_t octets, ps at) {
    fetching_ = what;
    fetched_ = never;
    fetch_ = pci::transfer{};
    fetch_.address = address;
    fetch_.bytes = octets;
    fetch_.data = to;
    fetch_.command = pci::read_command(address, octets, bus_.configuration().cache_line_bytes());
    fetch_.priority = 1;                                     // what is to be written goes first
    fetch_open_ = true;
    bus_.start(fetch_, at);
}

void offload_unit::fetched(ps at) {
    const fetching what = std::exchange(fetching_, fetching::nothing);
    if (what == fetching::buffers) {
        if (fetch_failed_) return die(at);
        for (std::size_t i = 0; i < addresses_.size(); i += address_octets) {
            std::uint64_t a = 0;
            for (std::size_t k = 0; k < address_octets; ++k) a |= std::uint64_t{addresses_[i + k]} << 8 * k;
            free_buffers_.push_back(a);
            ++buffers_read_;
        }
        return wake(slot_store, at);
    }
    if (what == fetching::entry) {
        if (fetch_failed_) return die(at);
        coming_ = {};
        coming_.is_question = true;
        coming_.asked = chimney::decode_question(entry_);
        const std::uint32_t n = coming_.asked.octets();
        if (n && n <= config_.longest_question) {
            coming_.octets.resize(n);
            return ask(fetching::octets, coming_.asked.address, coming_.octets.data(), n, at);
        }
        fetch_failed_ = n > config_.longest_question;
    }
    coming_.failed = fetch_failed_;
    question_head_.set(at, question_head_.latest() + 1);     // its octets are here: their room is the host's again
    asked_.push_back(std::move(coming_));
    wake_processor(at);
}

// ---------------------------------------------------------------- writing: an answer's octets into buffers, each with an entry behind it

void offload_unit::store(ps at) {
    if (!(status_.latest() & offload_registers::status_running)) return;
    if (storing_ != storing::nothing) {
        if (stored_ == at) wake(slot_store, at);
        if (stored_ >= at) return;
        stored_ = never;
        if (store_failed_) return die(at);
        if (storing_ == storing::octets) {
            free_buffers_.pop_front();
            wake(slot_fetch, at);
            written_ += piece_;
            storing_ = storing::nothing;
            chimney::answer_entry e;
            e.said = said_.front();
            e.said.octets.clear();
            e.said.from += static_cast<std::uint32_t>(written_ - piece_);
            e.length = piece_;
            e.more = written_ < said_.front().octets.size();
            e.phase = chimney::phase_of(answer_tail_.latest(), answers_.size);
            message_ = chimney::encode(e);
            storing_ = storing::entry;
        } else {
            storing_ = storing::nothing;
            if (written_ == said_.front().octets.size()) {
                said_.pop_front();
                written_ = 0;
                wake_processor(at);
            }
        }
    }
    begin_store(at);
}

void offload_unit::begin_store(ps at) {
    if (said_.empty()) return;
    store_ = pci::transfer{};
    store_.command = pci::command::memory_write;
    if (storing_ == storing::nothing) {
        if (answer_tail_.latest() - answer_head_.seen(at) >= answers_.size) return;       // the host makes room, or posts buffers: both wake this side
        const chimney::answer& a = said_.front();
        piece_ = static_cast<std::uint32_t>(std::min<std::size_t>(a.octets.size() - written_, buffer_octets_));
        if (piece_) {
            if (free_buffers_.empty()) return;
            storing_ = storing::octets;
            store_.address = free_buffers_.front();
            store_.bytes = piece_;
            store_.data = said_.front().octets.data() + written_;
        } else {
            chimney::answer_entry e;
            e.said = a;
            e.phase = chimney::phase_of(answer_tail_.latest(), answers_.size);
            message_ = chimney::encode(e);
            storing_ = storing::entry;
        }
    }
    if (storing_ == storing::entry) {
        store_.address = answers_.of(answer_tail_.latest(), message_octets);
        store_.bytes = message_octets;
        store_.data = message_.data();
    }
    store_open_ = true;
    bus_.start(store_, at);
}

void offload_unit::ended(pci::transfer& t, pci::transfer_result r, ps at) {
    const bool failed = r != pci::transfer_result::done;
    const bool reading = &t == &fetch_;
    (reading ? fetch_open_ : store_open_) = false;
    if (resetting_) return fetch_open_ || store_open_ ? void() : wake(slot_reset, at);
    if (reading) {
        fetched_ = at, fetch_failed_ = failed;
        if (!failed) read_.add(t.bytes);
        return wake(slot_fetch, at);
    }
    stored_ = at, store_failed_ = failed;
    if (!failed) written_octets_.add(t.bytes);
    if (storing_ == storing::entry && !failed) {
        count_answers_.add();
        answer_tail_.set(at, answer_tail_.latest() + 1);
        change_status(status_.latest() | offload_registers::status_answer, at);
    }
    wake(slot_store, at);
}

}  // namespace nicteam::rings
