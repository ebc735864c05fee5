// A network device of the kernel's, in a network namespace of our own, that hands every datagram to us: the kernel's TCP is our peer.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace nicteam::tcp::test {

class tun_device {
public:
    // `why` says what is missing when this machine does not let us.
    bool open(std::string& why) {
        const auto failed = [&](const char* what) {
            why = std::string(what) + ": " + std::strerror(errno);
            return false;
        };
        if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return failed("no network namespace of our own");
        fd_ = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (fd_ < 0) return failed("/dev/net/tun cannot be opened");
        ifreq r{};
        std::strcpy(r.ifr_name, "tcp0");
        r.ifr_flags = IFF_TUN | IFF_NO_PI;
        if (ioctl(fd_, TUNSETIFF, &r) != 0) return failed("no TUN device");
        const int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        auto& a = reinterpret_cast<sockaddr_in&>(r.ifr_addr);
        a.sin_family = AF_INET;
        bool good = inet_pton(AF_INET, "192.0.2.1", &a.sin_addr) == 1 && ioctl(s, SIOCSIFADDR, &r) == 0;
        good = good && inet_pton(AF_INET, "255.255.255.0", &a.sin_addr) == 1 && ioctl(s, SIOCSIFNETMASK, &r) == 0;
        r.ifr_flags = IFF_UP | IFF_RUNNING;
        good = good && ioctl(s, SIOCSIFFLAGS, &r) == 0;
        ::close(s);
        if (!good) return failed("the TUN device cannot be set up");
        has_ipv6_ = give_ipv6();
        return true;
    }
    ~tun_device() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fd() const { return fd_; }
    bool has_ipv6() const { return has_ipv6_; }

    // In this namespace alone. false: the kernel has no such setting.
    static bool set(const char* setting, const char* value) {
        std::FILE* f = std::fopen((std::string("/proc/sys/net/") + setting).c_str(), "w");
        if (!f) return false;
        const bool good = std::fputs(value, f) >= 0;
        return std::fclose(f) == 0 && good;
    }

private:
    bool give_ipv6() {
        set("ipv6/conf/tcp0/accept_dad", "0");
        struct {
            in6_addr address;
            std::uint32_t prefix;
            int index;
        } r{};                                            // in6_ifreq: <linux/ipv6.h> does not go with <netinet/in.h>
        inet_pton(AF_INET6, "2001:db8::1", &r.address);
        r.prefix = 64;
        r.index = static_cast<int>(if_nametoindex("tcp0"));
        const int s = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        const bool good = s >= 0 && ioctl(s, SIOCSIFADDR, &r) == 0;
        if (s >= 0) ::close(s);
        return good;
    }

    int fd_ = -1;
    bool has_ipv6_ = false;
};

}  // namespace nicteam::tcp::test
