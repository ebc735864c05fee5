// What Crypto++ alone does for the packets of a load: ESP's cipher in CBC and HMAC-SHA1, one packet protected and one opened.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include <cryptopp/hmac.h>
#include <cryptopp/modes.h>
#include <cryptopp/sha.h>

namespace nicteam::bench {

// Packets per second of the host that Crypto++ protects and opens again, one of each for a packet.
template<class Cipher>
double alone(std::size_t text_octets, double at_least_seconds) {
    std::vector<CryptoPP::byte> key(Cipher::DEFAULT_KEYLENGTH), iv(Cipher::BLOCKSIZE), packet(8 + iv.size() + text_octets), digest(20);
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<CryptoPP::byte>(37 * i + 11);
    typename CryptoPP::CBC_Mode<Cipher>::Encryption encrypt(key.data(), key.size(), iv.data());
    typename CryptoPP::CBC_Mode<Cipher>::Decryption decrypt(key.data(), key.size(), iv.data());
    CryptoPP::HMAC<CryptoPP::SHA1> hash(key.data(), 16);
    CryptoPP::byte* const octets = packet.data() + 8 + iv.size();
    double packets = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
        for (int i = 0; i < 100; ++i) {
            encrypt.Resynchronize(iv.data(), static_cast<int>(iv.size()));
            encrypt.ProcessData(octets, octets, text_octets);
            hash.CalculateDigest(digest.data(), packet.data(), packet.size());
            if (!hash.VerifyTruncatedDigest(digest.data(), 12, packet.data(), packet.size())) return 0;
            decrypt.Resynchronize(iv.data(), static_cast<int>(iv.size()));
            decrypt.ProcessData(octets, octets, text_octets);
        }
        packets += 100;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        if (took.count() >= at_least_seconds) return packets / took.count();
    }
}

}  // namespace nicteam::bench
