#include <fstream>
#include <stdexcept>

#include <cryptopp/filters.h>
#include <cryptopp/files.h>
#include <cryptopp/hex.h>
#include <cryptopp/sha.h>

#include <fmt/format.h>

#include "nicteam/scenario/canonical.h"
#include "sweep/results/record.h"

namespace nicteam::sweep {
namespace {

std::string digest_of_text(const std::string& text) {
    CryptoPP::SHA256 hash;
    std::string out;
    CryptoPP::StringSource(text, true, new CryptoPP::HashFilter(hash, new CryptoPP::HexEncoder(new CryptoPP::StringSink(out), false)));
    return out;
}

// One that cannot be read stands as its name: the run says what is wrong with it.
std::string digest_of_file(const std::string& file) {
    CryptoPP::SHA256 hash;
    std::string out;
    try {
        CryptoPP::FileSource(file.c_str(), true, new CryptoPP::HashFilter(hash, new CryptoPP::HexEncoder(new CryptoPP::StringSink(out), false)));
    } catch (const CryptoPP::Exception&) {
        return "file " + file;
    }
    return "SHA-256 " + out;
}

}  // namespace

std::string identity_of(const scenario::resolved& r, const std::string& version) {
    return digest_of_text(fmt::format("nicteam {}\n{}", version, scenario::canonical_text(r, digest_of_file))).substr(0, 32);
}

}  // namespace nicteam::sweep
