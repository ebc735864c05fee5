// Our TCP against the kernel's over a TUN device, in real time: both open, 10 MB each way under loss and reordering that we inject, urgent data,
// a window that closes, every way to close. Exit status 77, said aloud, where the machine has no /dev/net/tun for us.
#include <poll.h>
#include <netinet/tcp.h>

#include <ctime>
#include <functional>
#include <map>

#include "nicteam/base/random_stream.h"
#include "nicteam/tcp/connection_table.h"
#include "unit/tcp/octet_at.h"
#include "unit/tcp/tun_device.h"

using namespace nicteam;
using namespace nicteam::tcp;
using nicteam::tcp::test::octet_at;
using nicteam::tcp::test::tun_device;

namespace {

[[noreturn]] void fail(const std::string& what) {
    std::printf("FAILED: %s\n", what.c_str());
    std::exit(1);
}
void demand(bool holds, const std::string& what) {
    if (!holds) fail(what);
}

ps clock_now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * second + t.tv_nsec * nanosecond;
}

// Our side of the device: a table of connections, and what goes wrong between it and the kernel.
class our_side {
public:
    our_side(int fd, const runner& by)
        : fd_(fd), dice_(7, "against_kernel", "line"), table(by, [this](const auto& local, const auto& remote) { return path_to(local, remote); }, {1, 2}) {}

    std::int64_t loss = 0, late = 0;                 // per mille, each way
    std::function<bool(const segment_view&)> loses_from_kernel;
    std::uint64_t lost = 0, delayed = 0;
    ps now = clock_now();

    // Until it is so; fails after `limit`.
    void until(const std::string& what, const std::function<bool()>& done, ps limit = 60 * second) {
        const ps end = clock_now() + limit;
        while (!done()) {
            demand(clock_now() < end, "too slow: " + what);
            turn();
        }
    }
    void turn() {
        now = clock_now();
        const ps first_held = held_.empty() ? never : held_.begin()->first;
        const ps wait = std::clamp<ps>(std::min({table.next_deadline(), first_held, now + millisecond}) - now, 0, millisecond);
        pollfd p{fd_, POLLIN, 0};
        const timespec t{0, static_cast<long>(wait / nanosecond)};
        ppoll(&p, 1, &t, nullptr);
        now = clock_now();
        std::uint8_t packet[65536];
        for (unsigned k = 0; k < 64; ++k) {
            const ssize_t n = read(fd_, packet, sizeof packet);
            if (n <= 0) break;
            bytes b(packet, packet + n);
            if (!goes_wrong(b, true)) from_kernel(b);
        }
        while (!held_.empty() && held_.begin()->first <= now) {
            const auto [from, b] = std::move(held_.begin()->second);
            held_.erase(held_.begin());
            if (from) from_kernel(b);
            else to_kernel(b);
        }
        table.on_timer(now, r);
        flush();
    }
    // What our calls left to send.
    void flush() {
        for (auto& s : r.segments) {
            packet::ip_fields f;
            f.source = s.from;
            f.destination = s.to;
            f.protocol = packet::ip_protocol::tcp;
            bytes b;
            packet::append_ip(b, f, s.segment.size());
            b.insert(b.end(), s.segment.begin(), s.segment.end());
            if (!goes_wrong(b, false)) to_kernel(b);
        }
        r.segments.clear();
        for (const auto& e : r.events) events[e.connection.index] |= e.events;
        r.events.clear();
    }
    template <class F>
    void use(state::handle h, F&& f) {
        now = clock_now();
        table.use(h, r, [&](connection& c, actions& a) { f(c, a); });
        flush();
    }

private:
    int fd_;
    random_stream dice_;

public:
    connection_table table;
    results r;
    std::map<std::uint32_t, std::uint32_t> events;

private:
    bool goes_wrong(const bytes& b, bool from) {
        if (static_cast<std::int64_t>(dice_.below(1000)) < loss) {
            ++lost;
            return true;
        }
        if (static_cast<std::int64_t>(dice_.below(1000)) >= late) return false;
        ++delayed;
        held_.emplace(now + dice_.between(20, 2000) * microsecond, std::make_pair(from, b));
        return true;
    }
    void from_kernel(const bytes& b) {
        const auto ip = packet::ip_view::parse(b);
        if (!ip || ip->protocol != packet::ip_protocol::tcp) return;
        const auto s = segment_view::parse(ip->payload, ip->source, ip->destination);
        demand(s.verdict == packet::transport_verdict::good, "the kernel's checksums are good");
        if (loses_from_kernel && loses_from_kernel(s)) return;
        table.on_segment(now, ip->source, ip->destination, ip->payload, r);
    }
    void to_kernel(const bytes& b) {
        if (write(fd_, b.data(), b.size()) < 0 && errno != EAGAIN && errno != ENOBUFS) fail("write to the device");
    }
    std::shared_ptr<path> path_to(const packet::ip_address& local, const packet::ip_address& remote) {
        auto& p = paths_[remote];
        if (!p) p = std::make_shared<path>(path_constant{remote, local}, path_cached{1500});
        return p;
    }

    std::multimap<ps, std::pair<bool, bytes>> held_;
    std::map<packet::ip_address, std::shared_ptr<path>> paths_;
};

struct addresses {
    packet::ip_address kernel, ours;
};

// A socket of the kernel's.
class kernel_socket {
public:
    kernel_socket() = default;
    explicit kernel_socket(const addresses& a) : fd(::socket(a.kernel.version == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        const int yes = 1;
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    }
    ~kernel_socket() { close(); }
    kernel_socket(kernel_socket&& o) noexcept : fd(o.fd) { o.fd = -1; }
    kernel_socket& operator=(kernel_socket&& o) noexcept {
        std::swap(fd, o.fd);
        return *this;
    }
    void close() {
        if (fd >= 0) ::close(fd);
        fd = -1;
    }
    void reset() {
        const linger l{1, 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
        close();
    }
    static std::pair<sockaddr_storage, socklen_t> name(const packet::ip_address& a, std::uint16_t port) {
        sockaddr_storage s{};
        if (a.version == 4) {
            auto& v = reinterpret_cast<sockaddr_in&>(s);
            v.sin_family = AF_INET;
            v.sin_port = htons(port);
            std::memcpy(&v.sin_addr, a.octets.data(), 4);
            return {s, sizeof v};
        }
        auto& v = reinterpret_cast<sockaddr_in6&>(s);
        v.sin6_family = AF_INET6;
        v.sin6_port = htons(port);
        std::memcpy(&v.sin6_addr, a.octets.data(), 16);
        return {s, sizeof v};
    }
    void bind(const packet::ip_address& a, std::uint16_t port) {
        const auto [s, n] = name(a, port);
        demand(::bind(fd, reinterpret_cast<const sockaddr*>(&s), n) == 0, std::string("bind: ") + std::strerror(errno));
    }
    void connect(const packet::ip_address& a, std::uint16_t port) {
        const auto [s, n] = name(a, port);
        demand(::connect(fd, reinterpret_cast<const sockaddr*>(&s), n) == 0 || errno == EINPROGRESS, "connect");
    }
    int error() const {
        int e = 0;
        socklen_t n = sizeof e;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n);
        return e;
    }
    tcp_info info() const {
        tcp_info i{};
        socklen_t n = sizeof i;
        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &n);
        return i;
    }

    int fd = -1;
};

std::uint16_t next_port = 2000;

struct both {
    state::handle ours;
    kernel_socket theirs;
    std::uint32_t& events(our_side& o) { return o.events[ours.index]; }
};

both we_connect(our_side& o, const addresses& a) {
    kernel_socket listener(a);
    const std::uint16_t port = next_port++;
    listener.bind(a.kernel, port);
    demand(::listen(listener.fd, 5) == 0, "listen");
    both b;
    b.ours = o.table.connect(o.now, {a.ours, a.kernel, next_port++, port}, o.r);
    o.events[b.ours.index] = 0;
    o.flush();
    o.until("we connect", [&] {
        if (b.theirs.fd < 0) b.theirs.fd = ::accept4(listener.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        return b.theirs.fd >= 0 && o.table.find(b.ours)->state() == connection_state::established;
    });
    return b;
}

both kernel_connects(our_side& o, const addresses& a) {
    const std::uint16_t port = next_port++;
    demand(o.table.listen(port, 5), "our listener");
    both b;
    b.theirs = kernel_socket(a);
    b.theirs.connect(a.ours, port);
    o.until("the kernel connects", [&] {
        if (!b.ours) b.ours = o.table.accept(port);
        return static_cast<bool>(b.ours);
    });
    o.events[b.ours.index] = 0;
    return b;
}

// `octets` each way at once; each end reads unless told not to.
void transfer(our_side& o, both& b, std::uint64_t octets, const std::function<bool()>& kernel_reads = {}, const std::function<bool()>& we_read = {}) {
    std::uint64_t sent[2] = {}, got[2] = {};
    bytes buffer(65536);
    o.until("transfer", [&] {
        o.use(b.ours, [&](connection& c, actions& a) {
            bytes text(std::min<std::uint64_t>({c.room_to_send(), octets - sent[0], 65536}));
            for (std::size_t k = 0; k < text.size(); ++k) text[k] = octet_at(1, sent[0] + k);
            sent[0] += c.send(o.now, text, a);
            if (we_read && !we_read()) return;
            const std::size_t n = c.received().size();
            for (std::size_t k = 0; k < n; ++k) demand(c.received().data()[k] == octet_at(2, got[0] + k), "we got another octet");
            got[0] += n;
            if (n) c.consume(o.now, n, a);
        });
        for (unsigned round = 0; round < 4; ++round) {
            const std::size_t want = std::min<std::uint64_t>(octets - sent[1], buffer.size());
            for (std::size_t k = 0; k < want; ++k) buffer[k] = octet_at(2, sent[1] + k);
            const ssize_t n = want ? ::send(b.theirs.fd, buffer.data(), want, MSG_NOSIGNAL) : 0;
            if (n > 0) sent[1] += static_cast<std::uint64_t>(n);
            if (kernel_reads && !kernel_reads()) break;
            const ssize_t m = ::recv(b.theirs.fd, buffer.data(), buffer.size(), 0);
            const std::size_t came = m > 0 ? static_cast<std::size_t>(m) : 0;
            for (std::size_t k = 0; k < came; ++k) demand(buffer[k] == octet_at(1, got[1] + k), "the kernel got another octet");
            got[1] += came;
        }
        return got[0] == octets && got[1] == octets;
    });
}

bool kernel_at_end(const kernel_socket& s) {
    char c;
    return ::recv(s.fd, &c, 1, 0) == 0;
}

enum class closing { ours_first, theirs_first, at_once, our_reset, their_reset };

void close_both(our_side& o, both& b, closing how) {
    const auto gone = [&] { return !o.table.find(b.ours) || o.table.find(b.ours)->state() == connection_state::closed; };
    const auto close_ours = [&] { o.use(b.ours, [&](connection& c, actions& a) { c.close(o.now, a); }); };
    switch (how) {
    case closing::ours_first:
        close_ours();
        o.until("the kernel sees our FIN", [&] { return kernel_at_end(b.theirs); });
        b.theirs.close();
        o.until("we see the kernel's", [&] { return (b.events(o) & event::peer_closed) != 0; });
        o.until("TIME-WAIT ends", gone);
        break;
    case closing::theirs_first:
        ::shutdown(b.theirs.fd, SHUT_WR);
        o.until("we see the kernel's FIN", [&] { return (b.events(o) & event::peer_closed) != 0; });
        o.use(b.ours, [&](connection& c, actions& a) { c.send(o.now, bytes{1, 2, 3}, a); });       // half closed: we may still send
        char three[4];
        o.until("data over a half closed connection", [&] { return ::recv(b.theirs.fd, three, 4, MSG_PEEK) == 3; });
        close_ours();
        o.until("LAST-ACK is answered", gone);
        demand(::recv(b.theirs.fd, three, 4, 0) == 3 && kernel_at_end(b.theirs), "three octets and the end");
        break;
    case closing::at_once:
        close_ours();
        ::shutdown(b.theirs.fd, SHUT_WR);
        o.until("both are closed", gone);
        o.until("the kernel too", [&] { return b.theirs.info().tcpi_state == TCP_CLOSE || b.theirs.info().tcpi_state == TCP_TIME_WAIT; });
        break;
    case closing::our_reset:
        o.use(b.ours, [&](connection& c, actions& a) { c.abort(o.now, a); });
        o.until("the kernel is reset", [&] { return b.theirs.info().tcpi_state == TCP_CLOSE; });
        demand(b.theirs.error() == ECONNRESET, "the kernel says that it was reset");
        break;
    case closing::their_reset:
        b.theirs.reset();
        o.until("we are reset", [&] { return (b.events(o) & event::was_reset) != 0; });
        break;
    }
    o.table.release(o.now, b.ours, o.r);
    o.flush();
}

// Urgent data each way: where the pointer points is what both take it for (RFC 6093).
void urgent_data(our_side& o, const addresses& a) {
    both b = we_connect(o, a);
    demand(::send(b.theirs.fd, "abc", 3, MSG_OOB) == 3, "MSG_OOB");
    o.until("the kernel's urgent data", [&] { return o.table.find(b.ours)->received().size() == 3; });
    demand((b.events(o) & event::urgent) != 0, "we are told of urgent data");
    demand(o.table.find(b.ours)->urgent_octets() == 3, "three octets up to the pointer");
    o.use(b.ours, [&](connection& c, actions& x) { c.consume(o.now, 3, x), c.send_urgent(o.now, bytes{'x', 'y', 'z'}, x); });
    char got[4] = {};
    o.until("our urgent data", [&] { return ::recv(b.theirs.fd, got, 1, MSG_OOB) == 1; });
    demand(got[0] == 'z', "the last urgent octet");
    demand(::recv(b.theirs.fd, got, 4, 0) == 2 && got[0] == 'x' && got[1] == 'y', "what stood before it");
    close_both(o, b, closing::theirs_first);
}

void refused(our_side& o, const addresses& a) {
    const auto h = o.table.connect(o.now, {a.ours, a.kernel, next_port++, 9}, o.r);
    o.events[h.index] = 0;
    o.flush();
    o.until("we are refused", [&] { return (o.events[h.index] & event::refused) != 0; });
    o.table.release(o.now, h, o.r);
    kernel_socket s(a);
    s.connect(a.ours, 9);
    o.until("the kernel is refused", [&] { return s.error() == ECONNREFUSED; });
}

// The kernel's SYN is lost, and we open towards it: its answer is the one of figure 7 in RFC 9293.
void both_open(our_side& o, const addresses& a) {
    const std::uint16_t ours = next_port++, theirs = next_port++;
    kernel_socket s(a);
    s.bind(a.kernel, theirs);
    bool seen = false;
    o.loses_from_kernel = [&](const segment_view& v) { return !seen && v.has(flag::syn) ? (seen = true) : false; };
    s.connect(a.ours, ours);
    o.until("the kernel's SYN", [&] { return seen; });
    o.loses_from_kernel = {};
    both b;
    b.ours = o.table.connect(o.now, {a.ours, a.kernel, ours, theirs}, o.r);
    o.events[b.ours.index] = 0;
    o.flush();
    o.until("both opened at once", [&] { return o.table.find(b.ours)->state() == connection_state::established; });
    b.theirs = std::move(s);
    o.until("the kernel too", [&] { return b.theirs.info().tcpi_state == TCP_ESTABLISHED; });
    transfer(o, b, 5'000);
    close_both(o, b, closing::ours_first);
}

// One side does not read for a while: its window closes, the other one probes, and all arrives.
void closed_window(our_side& o, const addresses& a, bool ours) {
    both b = we_connect(o, a);
    const ps reads_at = clock_now() + 300 * millisecond;
    unsigned probes = 0;
    const auto probed_twice = [&] { return (probes = std::max<unsigned>(probes, o.table.find(b.ours)->delegated().further.probe_backoff)) >= 2; };
    const auto later = [=] { return clock_now() > reads_at; };
    const std::function<bool()> at_once;
    if (ours) transfer(o, b, 2'000'000, at_once, later);
    else transfer(o, b, 4'000'000, probed_twice, at_once);
    close_both(o, b, closing::ours_first);
}

void keep_alive(our_side& o, const addresses& a) {
    both b = we_connect(o, a);
    o.use(b.ours, [&](connection& c, actions&) {
        transport_cached x = c.cached();
        x.flags |= cached_flag::keep_alive;
        x.keep_alive_interval = x.keep_alive_delta = 50 * millisecond;
        x.keep_alive_probes = 2;
        c.set_cached(x);
    });
    tun_device::set("ipv4/tcp_invalid_ratelimit", "0");        // its own limit on such answers: one in 500 ms
    const ps end = clock_now() + 500 * millisecond;
    unsigned answered = 0;
    std::uint8_t before = 0;
    o.until("probes are answered", [&] {
        const std::uint8_t n = o.table.find(b.ours)->delegated().keep_alive_probe_count;
        answered += before == 1 && n == 0;
        before = n;
        return clock_now() > end;
    });
    demand(answered >= 3 && o.table.find(b.ours)->state() == connection_state::established, "the kernel answers keep-alive probes");
    o.loses_from_kernel = [](const segment_view&) { return true; };
    o.until("nobody answers", [&] { return (b.events(o) & event::timed_out) != 0; });
    o.loses_from_kernel = {};
    o.table.release(o.now, b.ours, o.r);
}

void say(const char* what, ps since, const our_side& o) {
    std::printf("%-62s %6.2f s, %llu lost, %llu late\n", what, static_cast<double>(clock_now() - since) / second, static_cast<unsigned long long>(o.lost),
                static_cast<unsigned long long>(o.delayed));
    std::fflush(stdout);
}

}  // namespace

int main() {
    nicteam::tcp::test::tun_device device;
    std::string why;
    if (!device.open(why)) {
        std::printf("SKIPPED: %s\n", why.c_str());
        return 77;
    }
    runner by;
    tcp_rules& r = by.rules;
    r.timeout.least = 200 * millisecond;
    r.least_probe = 100 * millisecond;
    r.maximum_segment_lifetime = 50 * millisecond;
    r.cached.initial_receive_window = r.send_capacity = 1 << 20;
    const addresses v4{packet::ip_address(0xC0000201), packet::ip_address(0xC0000202)};
    const addresses v6{*packet::parse_ip("2001:db8::1"), *packet::parse_ip("2001:db8::2")};
    constexpr std::uint64_t ten_megabytes = 10'000'000;

    our_side o(device.fd(), by);
    const auto one = [&](const char* what, const addresses& a, bool we_open, std::uint64_t octets, closing how) {
        const ps begun = clock_now();
        both b = we_open ? we_connect(o, a) : kernel_connects(o, a);
        if (octets) transfer(o, b, octets);
        close_both(o, b, how);
        say(what, begun, o);
    };
    one("we open, 10 MB each way, we close first", v4, true, ten_megabytes, closing::ours_first);
    demand(o.lost + o.delayed == 0, "nothing was injected yet");
    o.loss = 5, o.late = 20;
    one("we open, 10 MB each way, loss and reordering", v4, true, ten_megabytes, closing::ours_first);
    one("the kernel opens, 10 MB each way, loss and reordering", v4, false, ten_megabytes, closing::theirs_first);
    if (device.has_ipv6()) one("IPv6, 2 MB each way, loss and reordering", v6, true, 2'000'000, closing::theirs_first);
    else std::printf("SKIPPED part: IPv6, which the device does not have\n");
    o.loss = o.late = 0;
    for (const closing how : {closing::ours_first, closing::theirs_first, closing::at_once, closing::our_reset, closing::their_reset})
        for (const bool we_open : {true, false}) one("closes of every kind", v4, we_open, 20'000, how);
    const auto part = [&](const char* what, const std::function<void()>& f) {
        const ps begun = clock_now();
        f();
        say(what, begun, o);
    };
    part("urgent data each way", [&] { urgent_data(o, v4); });
    part("connections refused", [&] { refused(o, v4); });
    part("both open at once", [&] { both_open(o, v4); });
    part("we do not read for a while", [&] { closed_window(o, v4, true); });
    part("the kernel does not read for a while", [&] { closed_window(o, v4, false); });
    part("keep-alive", [&] { keep_alive(o, v4); });
    o.loss = 5, o.late = 10;
    for (unsigned without = 0; without < 4; ++without) {
        r.sack = without != 0 && without != 3;
        r.timestamps = without != 1 && without != 3;
        r.window_scaling = without != 2 && without != 3;
        const char* const names[] = {"without SACK, 2 MB each way", "without timestamps, 2 MB each way", "without window scaling, 2 MB each way",
                                     "without any of them, 2 MB each way"};
        one(names[without], v4, without % 2, 2'000'000, closing::ours_first);
    }
    std::printf("all held\n");
    return 0;
}
