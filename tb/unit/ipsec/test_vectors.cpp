// Known answers of RFCs and NIST. What Crypto++ makes of more cases is judged by OpenSSL (tb/system/ipsec/).
#include <catch2/catch.hpp>

#include "hex.h"
#include "nicteam/ipsec/transform.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using nicteam::test::counting;
using nicteam::test::hex;

namespace {

bytes mac_of(authentication_kind k, const bytes& key, const bytes& data) {
    algorithms a;
    a.authentication = k;
    const auto t = transform::make(a, {{}, key});
    bytes icv(a.icv());
    t->check_value({data}, nullptr, icv.data());
    // In pieces of any size it is the same, and the transform is ready again.
    bytes again(a.icv());
    const std::size_t cut = data.size() / 3;
    t->check_value({packet::octets(data).first(cut), packet::octets(data).from(cut).first(cut + 1), packet::octets(data).from(2 * cut + 1)}, nullptr, again.data());
    CHECK(again == icv);
    return icv;
}

const bytes hi_there{'H', 'i', ' ', 'T', 'h', 'e', 'r', 'e'};

}  // namespace

TEST_CASE("keyed hashes give the values of RFC 2202 and RFC 4868") {
    CHECK(mac_of(authentication_kind::hmac_md5_96, bytes(16, 0x0B), hi_there) == hex("9294727a3638bb1c13f48ef8"));
    CHECK(mac_of(authentication_kind::hmac_sha1_96, bytes(20, 0x0B), hi_there) == hex("b617318655057264e28bc0b6"));
    CHECK(mac_of(authentication_kind::hmac_sha1_96, bytes(20, 0xAA), bytes(50, 0xDD)) == hex("125d7342b9ac11cd91a39af4"));
    CHECK(mac_of(authentication_kind::hmac_md5_96, bytes(16, 0xAA), bytes(50, 0xDD)) == hex("56be34521d144c88dbb8c733"));
    CHECK(mac_of(authentication_kind::hmac_sha2_256_128, bytes(32, 0x0B), hi_there) == hex("198a607eb44bfbc69903a0f1cf2bbdc5"));
    CHECK(mac_of(authentication_kind::hmac_sha2_384_192, bytes(48, 0x0B), hi_there) == hex("b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973"));
    CHECK(mac_of(authentication_kind::hmac_sha2_512_256, bytes(64, 0x0B), hi_there) == hex("637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8"));
}

TEST_CASE("AES-XCBC-MAC-96 gives the values of RFC 3566") {
    const bytes key = counting(16);
    CHECK(mac_of(authentication_kind::aes_xcbc_mac_96, key, {}) == hex("75f0251d528ac01c4573dfd5"));
    CHECK(mac_of(authentication_kind::aes_xcbc_mac_96, key, counting(3)) == hex("5b376580ae2f19afe7219cee"));
    CHECK(mac_of(authentication_kind::aes_xcbc_mac_96, key, counting(16)) == hex("d2a246fa349b68a79998a439"));
    CHECK(mac_of(authentication_kind::aes_xcbc_mac_96, key, counting(20)) == hex("47f51b4564966215b8985c63"));
    CHECK(mac_of(authentication_kind::aes_xcbc_mac_96, key, counting(32)) == hex("f54f0ec8d2b9f3d36807734b"));
    CHECK(mac_of(authentication_kind::aes_xcbc_mac_96, key, counting(34)) == hex("becbb3bccdb518a30677d548"));
    CHECK(mac_of(authentication_kind::aes_xcbc_mac_96, key, bytes(1'000, 0)) == hex("f0dafee895db30253761103b"));
}

TEST_CASE("AES-CBC gives the packet of RFC 3602 case 5") {
    // Transport mode ping; the ESP packet without authentication.
    const auto t = transform::make({cipher_kind::aes_cbc, authentication_kind::null}, {hex("90d382b410eeba7ad938c46cec1a82bf"), {}});
    const bytes clear = hex("00004321 00000001 e96e8c08ab465763fd098d45dd3ff893"
                            "08000ebd a70a0000 8e9c083d b95b0700 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627"
                            "28292a2b 2c2d2e2f 30313233 34353637 01020304 05060708 090a0b0c 0d0e0e01");
    bytes esp = clear;
    t->seal(esp.data(), esp.size(), {});
    CHECK(esp == hex("00004321 00000001 e96e8c08ab465763fd098d45dd3ff893"
                     "f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856a4699e523a55db080b59ec3a8e4b7e52"
                     "775b07d1db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6"));
    CHECK(t->open(esp.data(), esp.size(), {}));
    CHECK(esp == clear);
}

TEST_CASE("AES-CTR gives the values of RFC 3686") {
    const auto seal = [](const char* key, const char* nonce, const char* iv, const bytes& text) {
        bytes k = hex(key), n = hex(nonce);
        k.insert(k.end(), n.begin(), n.end());
        // Counter mode is refused without authentication; a hash with any key leaves the text alone.
        const auto t = transform::make({cipher_kind::aes_ctr, authentication_kind::hmac_sha1_96}, {k, bytes(20, 1)});
        bytes esp(8, 0);
        const bytes i = hex(iv);
        esp.insert(esp.end(), i.begin(), i.end());
        esp.insert(esp.end(), text.begin(), text.end());
        esp.resize(esp.size() + 12);
        t->seal(esp.data(), 16 + text.size(), {});
        return bytes(esp.begin() + 16, esp.end() - 12);
    };
    CHECK(seal("ae6852f8121067cc4bf7a5765577f39e", "00000030", "0000000000000000", hex("53696e676c6520626c6f636b206d7367")) == hex("e4095d4fb7a7b3792d6175a3261311b8"));
    CHECK(seal("7e24067817fae0d743d6ce1f32539163", "006cb6db", "c0543b59da48d90b", counting(32)) ==
          hex("5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28"));
    CHECK(seal("7691be035e5020a8ac6e618529f9a0dc", "00e0017b", "27777f3f4a1786f0", counting(36)) ==
          hex("c1cf48a89f2ffdd9cf4652e9efdb72d74540a42bde6d7836d59a5ceaaef3105325b2072f"));
    CHECK(seal("776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104", "00000060", "db5672c97aa8f0b2", hex("53696e676c6520626c6f636b206d7367")) ==
          hex("145ad01dbf824ec7560863dc71e3e0c0"));
}

TEST_CASE("AES-GCM gives the packet of draft-mcgrew-gcm-test-01 and AES-GMAC is GCM without a text") {
    {
        const auto t = transform::make({cipher_kind::aes_gcm_16, authentication_kind::null}, {hex("4c80cdefbb5d10da906ac73c3613a634 2e443b68"), {}});
        const bytes text = hex("45000048 699a0000 80114db7 c0a80102 c0a80101 0a9bf156 38d30100 00010000 00000000 045f7369 70045f75 64700373"
                               "69700963 79626572 63697479 02646b00 00210001 01020201");
        bytes esp = hex("00004321 00000000 4956ed7e3b244cfe");
        esp.insert(esp.end(), text.begin(), text.end());
        const std::size_t size = esp.size();
        esp.resize(size + 16);
        t->seal(esp.data(), size, 0x87654321);
        CHECK(bytes(esp.begin() + 16, esp.end()) ==
              hex("fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce61bc17d768fd9732"
                  "459018148f6cbe722fd04796562dfdb4"));
        CHECK_FALSE(t->open(esp.data(), size, 0x87654322));
        CHECK(t->open(esp.data(), size, 0x87654321));
        CHECK(bytes(esp.begin() + 16, esp.end() - 16) == text);
    }
    {
        const auto t = transform::make({cipher_kind::null, authentication_kind::aes_gmac}, {{}, hex("4c80cdefbb5d10da906ac73c3613a634 22433c64")});
        const bytes text = hex("45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f7071727374 01020201");
        bytes esp = hex("00004321 87654321 0000000000000000");
        esp.insert(esp.end(), text.begin(), text.end());
        const std::size_t size = esp.size();
        esp.resize(size + 16);
        t->seal(esp.data(), size, {});
        CHECK(bytes(esp.begin() + 16, esp.begin() + static_cast<std::ptrdiff_t>(size)) == text);
        CHECK(bytes(esp.begin() + static_cast<std::ptrdiff_t>(size), esp.end()) == hex("a4d9d9273c64175f3024257cc7d765ce"));      // OpenSSL 3.0, AES-128-GCM, no text
        CHECK(t->open(esp.data(), size, {}));
        esp[20] ^= 1;
        CHECK_FALSE(t->open(esp.data(), size, {}));
    }
}

TEST_CASE("DES and 3DES give the values of FIPS 81 and NIST SP 800-67") {
    // FIPS 81, table C1, CBC: "Now is the time for all ".
    bytes key = hex("0123456789abcdef"), iv = hex("1234567890abcdef");
    const auto seal = [&](cipher_kind kind, const bytes& k, const bytes& i, const bytes& text) {
        const auto t = transform::make({kind, authentication_kind::null}, {k, {}});
        bytes esp(8, 0);
        esp.insert(esp.end(), i.begin(), i.end());
        esp.insert(esp.end(), text.begin(), text.end());
        t->seal(esp.data(), esp.size(), {});
        return bytes(esp.begin() + 16, esp.end());
    };
    const bytes text = hex("4e6f77206973207468652074696d6520666f7220616c6c20");
    CHECK(seal(cipher_kind::des_cbc, key, iv, text) == hex("e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"));
    // SP 800-67, appendix B, block by block: each block is its own message with a zero IV.
    const bytes three = hex("0123456789abcdef 23456789abcdef01 456789abcdef0123");
    CHECK(seal(cipher_kind::des3_cbc, three, bytes(8, 0), hex("5468652071756663")) == hex("a826fd8ce53b855f"));
    CHECK(seal(cipher_kind::des3_cbc, three, bytes(8, 0), hex("6b2062726f776e20")) == hex("cce21c8112256fe6"));
    CHECK(seal(cipher_kind::des3_cbc, three, bytes(8, 0), hex("666f78206a756d70")) == hex("68d5c05dd9b6b900"));
}
