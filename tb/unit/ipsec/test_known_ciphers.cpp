// Known answers of ciphers: FIPS 81, NIST SP 800-67 and its examples, NIST SP 800-38A, RFC 3602, RFC 3686.
#include <catch2/catch.hpp>

#include "known_answers.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {

const bytes nist_text = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52ef"
                           "f69f2445df4f9b17ad2b417be66c3710");

}  // namespace

TEST_CASE("DES gives the values of FIPS 81") {
    // Table C1, CBC: "Now is the time for all ".
    CHECK(encrypted(cipher_kind::des_cbc, hex("0123456789abcdef"), hex("1234567890abcdef"), text_of("Now is the time for all ")) ==
          hex("e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"));
}

TEST_CASE("3DES gives the values of NIST SP 800-67") {
    const bytes key = hex("0123456789abcdef 23456789abcdef01 456789abcdef0123");
    // Appendix B, block by block: each block is its own message with a zero IV.
    CHECK(encrypted(cipher_kind::des3_cbc, key, bytes(8, 0), hex("5468652071756663")) == hex("a826fd8ce53b855f"));
    CHECK(encrypted(cipher_kind::des3_cbc, key, bytes(8, 0), hex("6b2062726f776e20")) == hex("cce21c8112256fe6"));
    CHECK(encrypted(cipher_kind::des3_cbc, key, bytes(8, 0), hex("666f78206a756d70")) == hex("68d5c05dd9b6b900"));
    // NIST's example of CBC with three keys.
    CHECK(encrypted(cipher_kind::des3_cbc, key, hex("f69f2445df4f9b17"), bytes(nist_text.begin(), nist_text.begin() + 32)) ==
          hex("2079c3d53aa763e193b79e2569ab5262516570481f25b50f73c0bda85c8e0da7"));
}

TEST_CASE("AES-CBC gives the values of NIST SP 800-38A for each key size") {
    CHECK(encrypted(cipher_kind::aes_cbc, hex("2b7e151628aed2a6abf7158809cf4f3c"), counting(16), nist_text) ==
          hex("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e22229516"
              "3ff1caa1681fac09120eca307586e1a7"));
    CHECK(encrypted(cipher_kind::aes_cbc, hex("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"), counting(16), nist_text) ==
          hex("4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a571b242012fb7ae07fa9baac3df102e0"
              "08b0e27988598881d920a9e64f5615cd"));
    CHECK(encrypted(cipher_kind::aes_cbc, hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"), counting(16),
                    nist_text) == hex("f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461"
                                      "b2eb05e2c39be9fcda6c19078c6a9d1b"));
}

TEST_CASE("AES-CBC gives the values of RFC 3602 cases 1 to 4") {
    CHECK(encrypted(cipher_kind::aes_cbc, hex("06a9214036b8a15b512e03d534120006"), hex("3dafba429d9eb430b422da802c9fac41"),
                    text_of("Single block msg")) == hex("e353779c1079aeb82708942dbe77181a"));
    CHECK(encrypted(cipher_kind::aes_cbc, hex("c286696d887c9aa0611bbb3e2025a45a"), hex("562e17996d093d28ddb3ba695a2e6f58"), counting(32)) ==
          hex("d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"));
    CHECK(encrypted(cipher_kind::aes_cbc, hex("6c3ea0477630ce21a2ce334aa746c2cd"), hex("c782dc4c098c66cbd9cd27d825682c81"),
                    text_of("This is a 48-byte message (exactly 3 AES blocks)")) ==
          hex("d0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5021c19216bad525c8579695d83ba2684"));
    CHECK(encrypted(cipher_kind::aes_cbc, hex("56e47a38c5598974bc46903dba290349"), hex("8ce82eefbea0da3c44699ed7db51b7d9"),
                    counting(64, 0xA0)) == hex("c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e"
                                               "35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee99d49a53e87f4c3da55"));
}

TEST_CASE("AES-CTR gives the nine values of RFC 3686") {
    const bytes single = text_of("Single block msg");
    const struct { const char *key, *nonce, *iv; bytes text; const char* sealed; } rows[] = {
        {"ae6852f8121067cc4bf7a5765577f39e", "00000030", "0000000000000000", single,
         "e4095d4fb7a7b3792d6175a3261311b8"},
        {"7e24067817fae0d743d6ce1f32539163", "006cb6db", "c0543b59da48d90b", counting(32),
         "5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28"},
        {"7691be035e5020a8ac6e618529f9a0dc", "00e0017b", "27777f3f4a1786f0", counting(36),
         "c1cf48a89f2ffdd9cf4652e9efdb72d74540a42bde6d7836d59a5ceaaef3105325b2072f"},
        {"16af5b145fc9f579c175f93e3bfb0eed863d06ccfdb78515", "00000048", "36733c147d6d93cb", single,
         "4b55384fe259c9c84e7935a003cbe928"},
        {"7c5cb2401b3dc33c19e7340819e0f69c678c3db8e6f6a91a", "0096b03b", "020c6eadc2cb500d", counting(32),
         "453243fc609b23327edfaafa7131cd9f8490701c5ad4a79cfc1fe0ff42f4fb00"},
        {"02bf391ee8ecb159b959617b0965279bf59b60a786d3e0fe", "0007bdfd", "5cbd60278dcc0912", counting(36),
         "96893fc55e5c722f540b7dd1ddf7e758d288bc95c69165884536c811662f2188abee0935"},
        {"776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104", "00000060", "db5672c97aa8f0b2", single,
         "145ad01dbf824ec7560863dc71e3e0c0"},
        {"f6d66d6bd52d59bb0796365879eff886c66dd51a5b6a99744b50590c87a23884", "00faac24", "c1585ef15a43d875", counting(32),
         "f05e231b3894612c49ee000b804eb2a9b8306b508f839d6a5530831d9344af1c"},
        {"ff7a617ce69148e4f1726e2f43581de2aa62d9f805532edff1eed687fb54153d", "001cc5b7", "51a51d70a1c11148", counting(36),
         "eb6c52821d0bbbf7ce7594462aca4faab407df866569fd07f48cc0b583d6071f1ec0e6b8"},
    };
    for (const auto& r : rows) {
        CAPTURE(r.key);
        CHECK(encrypted(cipher_kind::aes_ctr, hex(std::string(r.key) + r.nonce), hex(r.iv), r.text) == hex(r.sealed));
    }
}
