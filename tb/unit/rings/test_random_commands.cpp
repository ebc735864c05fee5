// Random commands on a crypto card with aborts and resets at any time: what completes is as a plain list of what happened says, each
// cookie once and in order, no number twice, and no key in anything that the card writes.
#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>

#include "card_bench.h"
#include "list_model.h"
#include "nicteam/base/random_stream.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::size_t associations = 3;
constexpr std::uint32_t spis = 5, first_spi = 300;

rings::crypto_card_config small_card(random_stream& random) {
    rings::crypto_card_config c;
    c.unit.able.associations = associations;
    if (random.below(2)) c.unit.engines = {"3des-area", "3des-area", "aes-128-round", "sha1", "sha1", "ghash"};
    c.unit.places = 1 + static_cast<unsigned>(random.below(5));
    c.unit.engine_period = random.below(2) ? 30'000 : 8'000;
    return c;
}

struct tally {
    std::size_t executed = 0, refused = 0, aborted = 0, gone = 0;
};

class random_host {
public:
    random_host(std::uint64_t seed, tally& t) : random_(seed, "rings", "commands"), tally_(t), bench_(small_card(random_)), model_(associations) {
        for (std::uint32_t i = 0; i < spis; ++i) {
            const auto p = with_spi(some(i % 2 ? des3_sha1 : gcm), first_spi + i);
            ours_.emplace_back(p, i);
            peers_.emplace_back(std::make_unique<ipsec::association>(p, 0, i + 50));
        }
        bench_.start();
    }

    void run(unsigned steps) {
        while (steps--) {
            for (std::uint64_t n = random_.below(4); n && outstanding_.size() < bench_.entries; --n) post();
            if (bench_.posted != bell_) bench_.bell();
            bell_ = bench_.posted;
            bench_.run(static_cast<ps>(random_.below(random_.below(2) ? 60'000 : 6'000)) * 1'000);
            if (random_.below(6) == 0) abort();
            if (random_.below(25) == 0) reset();
            collect();
        }
        bench_.run_until_idle();
        collect();
        CHECK(outstanding_.empty());
        CHECK((bench_.status() & ~rings::status_completion) == rings::status_running);
        look_for_keys();
    }

private:
    struct waiting {
        meant what;
        bool may_be_aborted = false;
    };
    struct held {                                // what the host knows of a handle that it was given
        state::handle handle;
        std::uint32_t spi;
        std::uint64_t epoch = 0;                 // times that its state was given back
        bytes state;                             // DELEGATED, while the host has it
    };

    held* some_handle() { return handles_.empty() ? nullptr : &handles_[random_.below(handles_.size())]; }
    static std::uint32_t index(std::uint32_t spi) { return spi - first_spi; }

    void post() {
        meant m;
        m.place = bench_.posted % bench_.entries;
        held* h = some_handle();
        const std::uint64_t draw = random_.below(20);
        if (!h || draw < 4) return install(m);
        m.handle = h->handle;
        m.spi = h->spi;
        if (draw < 7) return lend(m);
        if (draw < 11) return job_out(m);
        if (draw < 15) return job_in(m);
        if (draw == 15) return plain_command(m, meant::remove, make_command(opcode::remove, m.handle));
        if (draw == 16) return give_back(m, *h);
        if (draw == 17) return plain_command(m, meant::abort_all, make_command(opcode::abort_all));
        if (draw == 18) return plain_command(m, meant::junk, make_command(static_cast<opcode>(9 + random_.below(200)), m.handle));
        m.first = h->epoch;
        rings::command c = make_command(opcode::freeze_and_read, m.handle, 2'048, random_.below(2) ? rings::goes_on : 0);
        c.address = card_bench::results + m.place * card_bench::step;
        plain_command(m, c.flags ? meant::look : meant::freeze, c);
    }
    void posted(meant m, std::uint64_t cookie) {
        m.cookie = cookie;
        if (m.what == meant::abort_all)
            for (waiting& w : outstanding_) w.may_be_aborted = true;
        outstanding_.push_back({std::move(m)});
    }
    void plain_command(meant& m, meant::what_kind what, const rings::command& c) {
        m.what = what;
        posted(m, bench_.put(c));
    }
    void install(meant& m) {
        m.what = meant::install;
        m.spi = first_spi + static_cast<std::uint32_t>(random_.below(spis));
        posted(m, bench_.put_parts(make_command(opcode::install), ours_[index(m.spi)].constant, m.place));
    }
    void lend(meant& m) {
        m.what = meant::lend;
        ipsec::association& a = ours_[index(m.spi)].host;
        m.first = a.next_sequence();
        const bytes lease = ours_[index(m.spi)].lease(1 + random_.below(4));
        m.last = a.next_sequence() - 1;
        posted(m, bench_.put_parts(make_command(opcode::change, m.handle, 0, rings::lends), lease, m.place));
    }
    void job_out(meant& m) {
        m.what = meant::out;
        m.plain = ip_packet(false, random_.below(500));
        posted(m, bench_.put_job(m.handle, m.plain, 0, m.place));
    }
    void job_in(meant& m) {
        m.what = meant::in;
        auto& sent = sent_[m.spi];
        if (sent.empty() || random_.below(3)) {
            const bytes plain = ip_packet(false, random_.below(300));
            const auto s = protect_next(*peers_[index(m.spi)], plain);
            sent.push_back({s.sequence, plain, s.packet});
            if (sent.size() > 10) sent.pop_front();
        }
        const auto& s = sent[random_.below(sent.size())];
        m.first = s.number;
        m.plain = s.plain;
        posted(m, bench_.put_job(m.handle, s.packet, rings::inbound, m.place));
    }
    void give_back(meant& m, held& h) {
        if (h.state.empty()) return;
        m.what = meant::give_back;
        posted(m, bench_.put_parts(make_command(opcode::change, m.handle), h.state, m.place));
        h.state.clear();
        ++h.epoch;
    }

    void abort() {
        for (waiting& w : outstanding_) w.may_be_aborted = true;
        bench_.write(rings::reg::control, rings::control_abort);
    }
    void reset() {
        bench_.write(rings::reg::control, rings::control_reset);
        bench_.run(2'000'000);
        take_all();
        const std::size_t pieces = bench_.written.size();
        bench_.run_until_idle();
        CHECK(bench_.written.size() == pieces);
        tally_.gone += outstanding_.size();      // nothing more will ever be said of these
        outstanding_.clear();
        model_.forget();
        bench_.start();
        bell_ = 0;
    }
    void take_all() {
        for (rings::completion c; bench_.next(c);) came(c);
    }
    void collect() {
        const std::uint32_t before = bench_.taken;
        take_all();
        if (bench_.taken != before) bench_.write(rings::reg::completion_head, bench_.taken);
    }

    void came(const rings::completion& c) {
        REQUIRE_FALSE(outstanding_.empty());
        const waiting w = std::move(outstanding_.front());
        outstanding_.pop_front();
        REQUIRE(c.cookie == w.what.cookie);
        if (c.reason == reason::aborted) {
            CHECK(w.may_be_aborted);
            CHECK_FALSE(c.was_executed());
            ++tally_.aborted;
            return;
        }
        const auto expected = model_.next(w.what, c.handle);
        INFO("kind " << w.what.what << ", cookie " << c.cookie << ", " << rings::name(c.reason) << ", expected " << rings::name(expected.why));
        REQUIRE(c.reason == expected.why);
        CHECK(c.was_executed() == (expected.why == reason::none));
        ++(c.was_executed() ? tally_.executed : tally_.refused);
        if (!c.was_executed()) return;
        CHECK(c.sequence == expected.sequence);
        CHECK(c.verdict == expected.verdict);
        const bytes result = bench_.result(c, w.what.place);
        switch (w.what.what) {
            case meant::install:
                CHECK(model_.fresh());
                handles_.push_back({c.handle, w.what.spi, 0, {}});
                if (handles_.size() > 6) handles_.erase(handles_.begin());
                break;
            case meant::out: went_out(w.what, c, result); break;
            case meant::in: CHECK(result == (c.verdict ? bytes() : w.what.plain)); break;
            case meant::freeze: froze(w.what, result); break;
            default: break;
        }
    }
    void went_out(const meant& m, const rings::completion& c, const bytes& result) {
        CHECK(used_.insert({m.spi, c.sequence}).second);
        ipsec::association far(ours_[index(m.spi)].host.constants());
        ipsec::opened o;
        ipsec::work w;
        REQUIRE(ipsec::unprotect(far, result, o, w) == ipsec::outcome::done);
        CHECK(o.packet == m.plain);
        CHECK(o.sequence == c.sequence);
    }
    void froze(const meant& m, const bytes& parts) {
        for (held& h : handles_)
            if (h.handle == m.handle && h.epoch == m.first)
                h.state.assign(parts.begin() + static_cast<std::ptrdiff_t>(ours_[index(m.spi)].cached.size()), parts.end());
    }

    void look_for_keys() {
        constexpr std::size_t enough = 6;
        for (const handed_over& h : ours_)
            for (const bytes* key : {&h.host.parameters().keys.cipher, &h.host.parameters().keys.authentication})
                for (const bytes& piece : bench_.written)
                    for (std::size_t i = 0; i + enough <= key->size(); ++i) {
                        const auto from = key->begin() + static_cast<std::ptrdiff_t>(i);
                        if (std::search(piece.begin(), piece.end(), from, from + enough) != piece.end()) FAIL("a key in what the card wrote");
                    }
    }

    struct sent_packet {
        std::uint64_t number;
        bytes plain, packet;
    };
    random_stream random_;
    tally& tally_;
    card_bench bench_;
    list_model model_;
    std::deque<handed_over> ours_;
    std::vector<std::unique_ptr<ipsec::association>> peers_;
    std::map<std::uint32_t, std::deque<sent_packet>> sent_;
    std::deque<waiting> outstanding_;
    std::vector<held> handles_;
    std::set<std::pair<std::uint32_t, std::uint64_t>> used_;
    std::uint32_t bell_ = 0;
};

}  // namespace

TEST_CASE("Random commands: each completes once as a plain list of them says") {
    tally t;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        INFO("seed " << seed);
        random_host host(seed, t);
        host.run(80);
    }
    CHECK(t.executed > 2'000);
    CHECK(t.refused > 1'000);
    CHECK(t.aborted > 300);
    CHECK(t.gone > 100);
}
