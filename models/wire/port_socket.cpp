#include "wire/port_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::wire {
namespace {

constexpr std::size_t chunk = 65'536;
constexpr std::chrono::seconds longest_wait{2};    // of the wall clock, for another run that looks at the same directory: that takes no ms
constexpr int chunks_a_look = 4;                   // then the model goes on, however much comes

sockaddr_un address_of(const std::string& path) {
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    path.copy(a.sun_path, sizeof a.sun_path - 1);
    return a;
}

int new_socket() {
    const int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0) throw std::runtime_error(std::string("no socket can be made: ") + std::strerror(errno));
    return s;
}

// 0, or why not.
int connect_to(int s, const std::string& path) {
    const sockaddr_un a = address_of(path);
    return connect(s, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0 ? 0 : errno;
}

// Asked without knocking: to a socket of another type the kernel refuses whoever is there, listening or about to, with another reason
// than nobody (unix(7), connect(2): EPROTOTYPE, ECONNREFUSED), and nobody there hears of it. Any other reason is no answer, and thrown.
bool somebody_has(const std::string& path) {
    const int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) throw std::runtime_error(std::string("no socket can be made: ") + std::strerror(errno));
    const int answer = connect_to(probe, path);
    ::close(probe);
    switch (answer) {
        case 0:                                    // of that type itself
        case EPERM:                                // the same, and connected to another
        case EPROTOTYPE: return true;
        case ECONNREFUSED:
        case ENOENT: return false;                 // ENOENT: went in this moment
        default: throw std::runtime_error(path + ": whether somebody listens there cannot be found out: " + std::strerror(answer));
    }
}

// Of two runs that find a socket that was left behind, the second must see what the first makes of it.
class directory_lock {
public:
    explicit directory_lock(const std::string& path) {
        const std::size_t slash = path.rfind('/');
        const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
        directory_ = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (directory_ < 0) return;                // whether a socket can be made in it shows when it is
        const auto begun = std::chrono::steady_clock::now();
        while (flock(directory_, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR)) {
            if (std::chrono::steady_clock::now() - begun >= longest_wait) {
                close(directory_);
                throw std::runtime_error(path + ": another program holds the lock of its directory (flock), for more than 2 s");
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    ~directory_lock() {
        if (directory_ >= 0) close(directory_);
    }
    directory_lock(const directory_lock&) = delete;
    directory_lock& operator=(const directory_lock&) = delete;

private:
    int directory_;
};

}  // namespace

port_socket::port_socket(external_port& p)
    : port_(p), config_(p.config()), decoder_(static_cast<std::size_t>(config_.max_frame) - packet::fcs_octets, static_cast<std::size_t>(config_.longest_length)) {
    if (config_.role == socket_role::listen) listen();
}

port_socket::~port_socket() {
    if (connection_ >= 0) close(connection_);
    if (listener_ < 0) return;
    if (is_ours()) unlink(config_.socket.c_str());
    close(listener_);
}

bool port_socket::is_ours() const {
    struct stat there;
    return lstat(config_.socket.c_str(), &there) == 0 && there.st_dev == device_ && there.st_ino == inode_;
}

// A socket that a run which was killed left behind is taken over; one that somebody has, or another file, is not touched.
void port_socket::listen() {
    const directory_lock alone(config_.socket);
    const auto fail = [this](const std::string& why) { return std::runtime_error(config_.socket + ": " + why); };
    struct stat there;
    if (lstat(config_.socket.c_str(), &there) == 0) {
        if (!S_ISSOCK(there.st_mode)) throw fail("is there and is no socket");
        if (somebody_has(config_.socket)) throw fail("somebody listens there already");
        unlink(config_.socket.c_str());
    }
    listener_ = new_socket();
    const sockaddr_un a = address_of(config_.socket);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0 && ::listen(listener_, 1) == 0 && lstat(config_.socket.c_str(), &there) == 0) {
        device_ = there.st_dev;
        inode_ = there.st_ino;
        return;
    }
    const int error = errno;
    ::close(listener_);
    listener_ = -1;
    throw fail(std::string("cannot listen there: ") + std::strerror(error));
}

void port_socket::watch(std::vector<pollfd>& all) {
    if (connection_ < 0) {
        if (listener_ >= 0) all.push_back({listener_, POLLIN, 0});
        return;
    }
    const int wanted = (port_.has_room() ? POLLIN : 0) | (unread_.empty() || deaf_ ? 0 : POLLOUT);
    if (wanted) all.push_back({connection_, static_cast<short>(wanted), 0});
}

void port_socket::look() {
    if (connection_ < 0) find_connection();
    if (connection_ < 0) return;
    flush();
    receive();
}

void port_socket::find_connection() {
    if (listener_ < 0) return try_to_connect();
    const int c = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (c >= 0) attach(c);
}

void port_socket::try_to_connect() {
    const auto now = wall::now();
    if (now < next_try_) return;
    next_try_ = now + std::chrono::nanoseconds(config_.retry / nanosecond);
    const int c = new_socket();
    if (connect_to(c, config_.socket) == 0) return attach(c);
    ::close(c);
}

void port_socket::attach(int c) {
    connection_ = c;
    deaf_ = false;
    port_.note(happening::attached);
}

void port_socket::detach() {
    ::close(connection_);
    connection_ = -1;
    if (!decoder_.idle()) port_.note(happening::refused_partial);
    if (!unread_.empty()) port_.note(happening::abandoned, unread_.size());
    port_.note(happening::detached);
    decoder_.reset();
    unread_.clear();
    gone_ = 0;
}

void port_socket::receive() {
    std::array<std::uint8_t, chunk> buffer;
    for (int n = 0; n < chunks_a_look; ++n) {
        if (!hand_on()) return;
        const ssize_t got = recv(connection_, buffer.data(), buffer.size(), 0);
        if (got > 0) decoder_.feed({buffer.data(), static_cast<std::size_t>(got)});
        else if (got == 0 || (errno != EAGAIN && errno != EINTR)) return detach();
        else return;
    }
    hand_on();
}

// What has come so far, while there is room. False: nothing more is to be read now. Frames refused in a row are told of at once, so that a
// flood of them costs little.
bool port_socket::hand_on() {
    happening refused = happening::frame;
    std::uint64_t count = 0;
    const auto tell = [&] {
        if (count) port_.note(refused, count);
        count = 0;
    };
    const auto refuse = [&](happening why) {
        if (why != refused) tell();
        refused = why;
        ++count;
    };
    while (port_.has_room()) {
        stream_decoder::item i = decoder_.next();
        switch (i.what) {
            case stream_decoder::kind::none: return tell(), true;
            case stream_decoder::kind::empty: refuse(happening::refused_empty); break;
            case stream_decoder::kind::too_long: refuse(happening::refused_long); break;
            case stream_decoder::kind::foreign:
                tell();
                port_.note(happening::refused_framing);
                decoder_.reset();
                detach();
                return false;
            case stream_decoder::kind::frame:
                if (i.data.size() < packet::ethernet_header) {
                    refuse(happening::refused_short);
                    break;
                }
                tell();
                port_.note(happening::frame, 1, std::move(i.data));
                break;
        }
    }
    tell();
    return false;
}

bool port_socket::send(packet::octets frame) {
    if (connection_ < 0) return true;              // gone since; the port hears of it at the next edge
    if (unread_.size() >= static_cast<std::size_t>(config_.output_queue)) flush();
    if (unread_.size() >= static_cast<std::size_t>(config_.output_queue)) return false;
    unread_.emplace_back();
    unread_.back().reserve(stream_header + frame.size);
    put_stream_frame(unread_.back(), frame);
    flush();
    return true;
}

void port_socket::flush() {
    while (!unread_.empty() && !deaf_ && connection_ >= 0) {
        const bytes& f = unread_.front();
        const ssize_t n = ::send(connection_, f.data() + gone_, f.size() - gone_, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            deaf_ = errno != EAGAIN;               // its end shows when it is read
            return;
        }
        gone_ += static_cast<std::size_t>(n);
        if (gone_ < f.size()) return;
        unread_.pop_front();
        gone_ = 0;
    }
}

}  // namespace nicteam::wire
