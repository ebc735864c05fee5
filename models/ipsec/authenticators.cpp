#define CRYPTOPP_ENABLE_NAMESPACE_WEAK 1      // MD5 is what old peers speak

#include "ipsec/authenticators.h"

#include <cryptopp/aes.h>
#include <cryptopp/hmac.h>
#include <cryptopp/md5.h>
#include <cryptopp/sha.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace nicteam::ipsec {
namespace {

template <class Hash>
class hmac final : public authenticator {
public:
    explicit hmac(const bytes& key) : mac_(key.data(), key.size()) {}
    void update(packet::octets o) override { mac_.Update(o.data, o.size); }
    void finish(std::uint8_t* icv, std::size_t n) override { mac_.TruncatedFinal(icv, n); }

private:
    CryptoPP::HMAC<Hash> mac_;
};

// RFC 3566, 4: CBC-MAC whose last block is masked by a key of its own.
class xcbc final : public authenticator {
public:
    explicit xcbc(const bytes& key) {
        const CryptoPP::AES::Encryption master(key.data(), key.size());
        std::array<block, 3> derived{};
        for (std::size_t i = 0; i < derived.size(); ++i) {
            derived[i].fill(static_cast<std::uint8_t>(i + 1));
            master.ProcessBlock(derived[i].data());
        }
        cipher_.SetKey(derived[0].data(), size);
        whole_ = derived[1];
        padded_ = derived[2];
    }

    void update(packet::octets o) override {
        while (o.size) {
            if (filled_ == size) {              // more comes: this was not the last block
                add(held_);
                filled_ = 0;
            }
            const std::size_t n = std::min(size - filled_, o.size);
            std::copy_n(o.data, n, held_.begin() + static_cast<std::ptrdiff_t>(filled_));
            filled_ += n;
            o = o.from(n);
        }
    }

    void finish(std::uint8_t* icv, std::size_t n) override {
        const block& mask = filled_ == size ? whole_ : padded_;
        if (filled_ < size) {
            held_[filled_] = 0x80;
            std::fill(held_.begin() + static_cast<std::ptrdiff_t>(filled_) + 1, held_.end(), std::uint8_t{0});
        }
        for (std::size_t i = 0; i < size; ++i) held_[i] ^= mask[i];
        add(held_);
        std::copy_n(sum_.begin(), n, icv);
        sum_.fill(0);
        filled_ = 0;
    }

private:
    static constexpr std::size_t size = 16;
    using block = std::array<std::uint8_t, size>;

    void add(const block& b) {
        for (std::size_t i = 0; i < size; ++i) sum_[i] ^= b[i];
        cipher_.ProcessBlock(sum_.data());
    }

    CryptoPP::AES::Encryption cipher_;
    block whole_{}, padded_{}, sum_{}, held_{};
    std::size_t filled_ = 0;
};

// Eight octets at a time: multiply and add (the multiplier of PCG, odd). Not a cryptographic hash.
class checksum final : public authenticator {
public:
    explicit checksum(const bytes& key) {
        for (const std::uint8_t k : key) seed_ = (seed_ ^ k) * multiplier;
        sum_ = seed_;
    }
    void update(packet::octets o) override {
        size_ += o.size;
        // Four sums side by side: a changed word changes its sum, as the multiplier is odd.
        std::uint64_t a = sum_, b = ~sum_, c = seed_, d = ~seed_;
        const std::uint8_t* p = o.data;
        for (std::size_t left = o.size / 32; left; --left, p += 32) {
            a = (a ^ word(p)) * multiplier;
            b = (b ^ word(p + 8)) * multiplier;
            c = (c ^ word(p + 16)) * multiplier;
            d = (d ^ word(p + 24)) * multiplier;
        }
        for (const std::uint64_t side : {a, b, c, d}) mix(side);
        o = o.from(o.size / 32 * 32);
        for (; o.size >= 8; o = o.from(8)) mix(word(o.data));
        for (std::size_t i = 0; i < o.size; ++i) mix(o[i]);
    }
    void finish(std::uint8_t* icv, std::size_t n) override {
        mix(size_);
        for (std::size_t i = 0; i < n; ++i) {
            if (i % 8 == 0) mix(i);
            icv[i] = static_cast<std::uint8_t>(sum_ >> (56 - i % 8 * 8));
        }
        sum_ = seed_;
        size_ = 0;
    }

private:
    static constexpr std::uint64_t multiplier = 6364136223846793005;
    static std::uint64_t word(const std::uint8_t* p) {      // little endian, whatever the machine
        std::uint64_t v;
        std::memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        v = __builtin_bswap64(v);
#endif
        return v;
    }
    void mix(std::uint64_t v) {
        sum_ = (sum_ ^ v) * multiplier;
        sum_ ^= sum_ >> 32;
    }
    std::uint64_t seed_ = 1442695040888963407, sum_ = 0, size_ = 0;
};

}  // namespace

std::unique_ptr<authenticator> make_authenticator(authentication_kind k, const bytes& key) {
    switch (k) {
        case authentication_kind::hmac_md5_96: return std::make_unique<hmac<CryptoPP::Weak::MD5>>(key);
        case authentication_kind::hmac_sha1_96: return std::make_unique<hmac<CryptoPP::SHA1>>(key);
        case authentication_kind::hmac_sha2_256_128: return std::make_unique<hmac<CryptoPP::SHA256>>(key);
        case authentication_kind::hmac_sha2_384_192: return std::make_unique<hmac<CryptoPP::SHA384>>(key);
        case authentication_kind::hmac_sha2_512_256: return std::make_unique<hmac<CryptoPP::SHA512>>(key);
        case authentication_kind::aes_xcbc_mac_96: return std::make_unique<xcbc>(key);
        case authentication_kind::null:
        case authentication_kind::aes_gmac: break;
    }
    return nullptr;
}

std::unique_ptr<authenticator> make_checksum_authenticator(const bytes& key) { return std::make_unique<checksum>(key); }

}  // namespace nicteam::ipsec
