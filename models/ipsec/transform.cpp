#include "nicteam/ipsec/transform.h"

#include <cryptopp/aes.h>
#include <cryptopp/des.h>
#include <cryptopp/gcm.h>
#include <cryptopp/modes.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "ipsec/authenticators.h"

namespace nicteam::ipsec {
namespace {

using high_word = std::optional<std::uint32_t>;

std::array<std::uint8_t, 4> octets_of(std::uint32_t v) {
    std::array<std::uint8_t, 4> o{};
    packet::put32(o.data(), v);
    return o;
}

// Text in place, under an IV.
class text_cipher {
public:
    virtual ~text_cipher() = default;
    virtual void encrypt(const std::uint8_t* iv, std::uint8_t* text, std::size_t n) = 0;
    virtual void decrypt(const std::uint8_t* iv, std::uint8_t* text, std::size_t n) = 0;
};

class no_cipher final : public text_cipher {
    void encrypt(const std::uint8_t*, std::uint8_t*, std::size_t) override {}
    void decrypt(const std::uint8_t*, std::uint8_t*, std::size_t) override {}
};

template <class Cipher>
class cbc final : public text_cipher {
public:
    explicit cbc(const bytes& key) {
        const std::uint8_t zero[Cipher::BLOCKSIZE] = {};
        to_.SetKeyWithIV(key.data(), key.size(), zero);
        from_.SetKeyWithIV(key.data(), key.size(), zero);
    }
    void encrypt(const std::uint8_t* iv, std::uint8_t* text, std::size_t n) override {
        to_.Resynchronize(iv, Cipher::BLOCKSIZE);
        to_.ProcessData(text, text, n);
    }
    void decrypt(const std::uint8_t* iv, std::uint8_t* text, std::size_t n) override {
        from_.Resynchronize(iv, Cipher::BLOCKSIZE);
        from_.ProcessData(text, text, n);
    }

private:
    typename CryptoPP::CBC_Mode<Cipher>::Encryption to_;
    typename CryptoPP::CBC_Mode<Cipher>::Decryption from_;
};

// RFC 3686, 4: nonce, IV, a counter that starts at one.
class counter final : public text_cipher {
public:
    explicit counter(const bytes& key) {
        std::copy(key.end() - 4, key.end(), block_.begin());
        block_[15] = 1;
        cipher_.SetKeyWithIV(key.data(), key.size() - 4, block_.data());
    }
    void encrypt(const std::uint8_t* iv, std::uint8_t* text, std::size_t n) override {
        std::copy_n(iv, 8, block_.begin() + 4);
        cipher_.Resynchronize(block_.data(), static_cast<int>(block_.size()));
        cipher_.ProcessData(text, text, n);
    }
    void decrypt(const std::uint8_t* iv, std::uint8_t* text, std::size_t n) override { encrypt(iv, text, n); }

private:
    std::array<std::uint8_t, 16> block_{};
    CryptoPP::CTR_Mode<CryptoPP::AES>::Encryption cipher_;
};

std::unique_ptr<text_cipher> make_cipher(cipher_kind k, const bytes& key) {
    switch (k) {
        case cipher_kind::des_cbc: return std::make_unique<cbc<CryptoPP::DES>>(key);
        case cipher_kind::des3_cbc: return std::make_unique<cbc<CryptoPP::DES_EDE3>>(key);
        case cipher_kind::aes_cbc: return std::make_unique<cbc<CryptoPP::AES>>(key);
        case cipher_kind::aes_ctr: return std::make_unique<counter>(key);
        default: return std::make_unique<no_cipher>();
    }
}

// A cipher and a keyed hash over header, IV and what the cipher left (RFC 4303, 3.3.2), or either of them.
class separate final : public transform {
public:
    separate(const algorithms& a, std::unique_ptr<text_cipher> c, std::unique_ptr<authenticator> m)
        : iv_(a.iv()), icv_(a.icv()), cipher_(std::move(c)), mac_(std::move(m)) {}

    void seal(std::uint8_t* esp, std::size_t size, high_word high) override {
        const std::size_t text = esp_header + iv_;
        cipher_->encrypt(esp + esp_header, esp + text, size - text);
        if (mac_) sum(esp, size, high, esp + size);
    }
    bool open(std::uint8_t* esp, std::size_t size, high_word high) override {
        if (mac_) {
            sum(esp, size, high, icv_here_.data());
            if (!equal(icv_here_.data(), esp + size, icv_)) return false;
        }
        const std::size_t text = esp_header + iv_;
        cipher_->decrypt(esp + esp_header, esp + text, size - text);
        return true;
    }
    void check_value(std::initializer_list<packet::octets> parts, const std::uint8_t*, std::uint8_t* icv) override {
        for (const packet::octets p : parts) mac_->update(p);
        mac_->finish(icv, icv_);
    }

private:
    void sum(const std::uint8_t* esp, std::size_t size, high_word high, std::uint8_t* icv) {
        mac_->update({esp, size});
        if (high) mac_->update({octets_of(*high).data(), 4});
        mac_->finish(icv, icv_);
    }

    std::size_t iv_, icv_;
    std::unique_ptr<text_cipher> cipher_;
    std::unique_ptr<authenticator> mac_;
    std::array<std::uint8_t, 64> icv_here_{};
};

// AES-GCM (RFC 4106) and AES-GMAC (RFC 4543), which is the same with everything authenticated and nothing encrypted.
class galois final : public transform {
public:
    galois(const bytes& key, std::size_t icv, bool encrypts) : icv_(icv), encrypts_(encrypts) {
        std::copy(key.end() - 4, key.end(), nonce_.begin());
        to_.SetKeyWithIV(key.data(), key.size() - 4, nonce_.data(), nonce_.size());
        from_.SetKeyWithIV(key.data(), key.size() - 4, nonce_.data(), nonce_.size());
    }

    void seal(std::uint8_t* esp, std::size_t size, high_word high) override {
        begin(to_, esp, size, high);
        to_.ProcessData(esp + text_, esp + text_, encrypts_ ? size - text_ : 0);
        to_.TruncatedFinal(esp + size, icv_);
    }
    bool open(std::uint8_t* esp, std::size_t size, high_word high) override {
        // Decrypting undoes itself by encrypting, so a packet with a wrong ICV is left as it came.
        begin(from_, esp, size, high);
        from_.ProcessData(esp + text_, esp + text_, encrypts_ ? size - text_ : 0);
        if (from_.TruncatedVerify(esp + size, icv_)) return true;
        if (encrypts_) {
            to_.Resynchronize(nonce_.data(), static_cast<int>(nonce_.size()));
            to_.ProcessData(esp + text_, esp + text_, size - text_);
            std::uint8_t unused[16];
            to_.TruncatedFinal(unused, sizeof unused);
        }
        return false;
    }
    void check_value(std::initializer_list<packet::octets> parts, const std::uint8_t* iv, std::uint8_t* icv) override {
        std::copy_n(iv, 8, nonce_.begin() + 4);
        to_.Resynchronize(nonce_.data(), static_cast<int>(nonce_.size()));
        for (const packet::octets p : parts) to_.Update(p.data, p.size);
        to_.TruncatedFinal(icv, icv_);
    }

private:
    // Associated data: SPI and the whole sequence number; without a cipher IV and text too (RFC 4543, 3.3).
    template <class Direction>
    void begin(Direction& d, const std::uint8_t* esp, std::size_t size, high_word high) {
        std::copy_n(esp + esp_header, 8, nonce_.begin() + 4);
        d.Resynchronize(nonce_.data(), static_cast<int>(nonce_.size()));
        d.Update(esp, 4);
        if (high) d.Update(octets_of(*high).data(), 4);
        d.Update(esp + 4, 4);
        if (!encrypts_) d.Update(esp + esp_header, size - esp_header);
    }

    static constexpr std::size_t text_ = esp_header + 8;
    std::size_t icv_;
    bool encrypts_;
    std::array<std::uint8_t, 12> nonce_{};
    CryptoPP::GCM<CryptoPP::AES>::Encryption to_;
    CryptoPP::GCM<CryptoPP::AES>::Decryption from_;
};

}  // namespace

std::unique_ptr<transform> transform::make(const algorithms& a, const keys& k, payload_kind payload) {
    if (const std::string why = refusal(a, k); !why.empty()) throw std::invalid_argument(why);
    if (payload == payload_kind::timing_only) {
        bytes all = k.cipher;
        all.insert(all.end(), k.authentication.begin(), k.authentication.end());
        return std::make_unique<separate>(a, std::make_unique<no_cipher>(), a.authenticates() ? make_checksum_authenticator(all) : nullptr);
    }
    if (a.authentication == authentication_kind::aes_gmac) return std::make_unique<galois>(k.authentication, a.icv(), false);
    if (info(a.cipher).icv) return std::make_unique<galois>(k.cipher, a.icv(), true);
    return std::make_unique<separate>(a, make_cipher(a.cipher, k.cipher), make_authenticator(a.authentication, k.authentication));
}

bool equal(const std::uint8_t* a, const std::uint8_t* b, std::size_t n) {
    std::uint8_t difference = 0;
    for (std::size_t i = 0; i < n; ++i) difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
    return difference == 0;
}

}  // namespace nicteam::ipsec
