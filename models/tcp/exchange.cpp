#include "nicteam/tcp/exchange.h"

#include <algorithm>

namespace nicteam::tcp {
namespace {

constexpr std::uint32_t magic = 0x4E54'4331;
constexpr std::uint16_t server_closes = 1;
constexpr std::size_t at_once = 16'384;          // octets that are made or looked at in one piece

enum class way : std::uint8_t { asking, answering };
octet_pattern pattern(std::uint16_t group, std::uint32_t connection, way w) {
    return octet_pattern{std::uint64_t{group} << 48 | std::uint64_t{connection} << 8 | static_cast<std::uint64_t>(w)};
}

}  // namespace

exchange_client::exchange_client(const exchange_plan& p, std::uint32_t connection) : plan_(&p), connection_(connection) {}

exchanged exchange_client::pump(octet_stream& s, ps now) {
    exchanged done;
    while (!finished() && (!pausing_ || now >= next_)) {
        if (pausing_) began_ = now;
        pausing_ = false;
        ask(s, now, done);
        listen(s, now, done);
        if (!pausing_) break;
    }
    const bool more = s.peer_closed() && (!finished() || s.readable().size);
    if (more && !told_) {
        told_ = done.cut_short = true;
        s.abort();
    }
    const bool all_asked = finished() || (plan_->half_close && round_ + 1 == plan_->rounds && asked_ == plan_->request);
    const bool mine = plan_->closing == closing::client || (plan_->half_close && plan_->closing != closing::nobody) || s.peer_closed();
    if (all_asked && mine && !closed_ && !told_) {
        closed_ = true;
        s.close();
    }
    return done;
}

void exchange_client::ask(octet_stream& s, ps now, exchanged& done) {
    const std::uint64_t before = std::uint64_t{round_} * plan_->request;
    bytes& out = s.scratch();
    while (asked_ < plan_->request) {
        std::size_t room = std::min(s.room(), at_once);
        if (room == 0) return;
        out.clear();
        if (asked_ == 0) {
            if (room < exchange_header) return;
            out.resize(exchange_header);
            const bool last = round_ + 1 == plan_->rounds;
            packet::put32(&out[0], magic);
            packet::put16(&out[4], plan_->group);
            packet::put16(&out[6], last && plan_->closing == closing::server ? server_closes : 0);
            packet::put32(&out[8], connection_);
            packet::put32(&out[12], round_);
            packet::put32(&out[16], plan_->request);
            packet::put32(&out[20], plan_->response);
            packet::put64(&out[24], static_cast<std::uint64_t>(now));
        }
        const std::size_t n = std::min<std::size_t>(room, plan_->request - asked_) - out.size();
        pattern(plan_->group, connection_, way::asking).append(out, before + asked_ + out.size(), n);
        const std::size_t some = out.size();
        s.send(out);
        asked_ += static_cast<std::uint32_t>(some);
        done.sent += some;
    }
}

void exchange_client::listen(octet_stream& s, ps now, exchanged& done) {
    const std::uint64_t before = std::uint64_t{round_} * plan_->response;
    while (heard_ < plan_->response) {
        const packet::octets o = s.readable().first(std::min<std::size_t>(at_once, plan_->response - heard_));
        if (!o.size) return;
        done.damaged |= pattern(plan_->group, connection_, way::answering).same(before + heard_, o) != o.size;
        heard_ += static_cast<std::uint32_t>(o.size);
        done.heard += o.size;
        s.consume(o.size);
    }
    if (asked_ < plan_->request) return;
    ++round_;
    ++done.rounds;
    done.round_time = now - began_;
    asked_ = heard_ = 0;
    pausing_ = true;
    next_ = now + plan_->pause;
}

bool exchange_server::read_header(octet_stream& s, exchanged& done) {
    const packet::octets o = s.readable();
    if (o.size < exchange_header) return false;
    const bool ours = packet::get32(o.data) == magic && packet::get32(o.data + 16) >= exchange_header;
    const std::uint16_t group = packet::get16(o.data + 4);
    const std::uint32_t connection = packet::get32(o.data + 8), round = packet::get32(o.data + 12);
    const bool next = known_ ? group == group_ && connection == connection_ && round == round_ : round == 0;
    if (!ours || !next) {
        (known_ ? done.damaged : done.foreign) = told_ = true;
        s.abort();
        return false;
    }
    known_ = true;
    group_ = group;
    connection_ = connection;
    last_ = packet::get16(o.data + 6) & server_closes;
    request_ = packet::get32(o.data + 16);
    response_ = packet::get32(o.data + 20);
    asked_at_ = static_cast<ps>(packet::get64(o.data + 24));
    in_request_ = true;
    heard_ = exchange_header;
    in_ += exchange_header;
    done.heard += exchange_header;
    s.consume(exchange_header);
    return true;
}

exchanged exchange_server::pump(octet_stream& s, ps now) {
    exchanged done;
    while (!told_ && !closed_) {
        if (!in_request_ && !in_response_ && !read_header(s, done)) break;
        while (in_request_ && heard_ < request_) {
            const packet::octets o = s.readable().first(std::min<std::size_t>(at_once, request_ - heard_));
            if (!o.size) break;
            done.damaged |= pattern(group_, connection_, way::asking).same(in_, o) != o.size;
            heard_ += static_cast<std::uint32_t>(o.size);
            in_ += o.size;
            done.heard += o.size;
            s.consume(o.size);
        }
        if (in_request_ && heard_ < request_) break;
        if (in_request_) in_request_ = false, in_response_ = true, answered_ = 0;
        while (answered_ < response_) {
            const std::size_t n = std::min({s.room(), at_once, std::size_t{response_ - answered_}});
            if (n == 0) return done;
            bytes& out = s.scratch();
            out.clear();
            pattern(group_, connection_, way::answering).append(out, out_, n);
            s.send(out);
            out_ += n;
            answered_ += static_cast<std::uint32_t>(n);
            done.sent += n;
        }
        in_response_ = false;
        ++round_;
        ++done.rounds;
        done.round_time = now - asked_at_;
        if (!last_) continue;
        closed_ = true;
        s.close();
    }
    if (s.peer_closed() && !closed_ && !told_) {
        const bool whole = !in_request_ && !in_response_ && !s.readable().size;
        if (whole) {
            closed_ = true;
            s.close();
        } else if (!in_response_) {
            told_ = done.cut_short = true;
            s.abort();
        }
    }
    return done;
}

}  // namespace nicteam::tcp
