#include "nicteam/report/fst_writer.h"

#include <stdexcept>

#ifdef NICTEAM_FST

#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fstapi.h>
#include <unistd.h>

#include "nicteam/report/file_writer.h"
#include "report/fst_source.h"
#include "report/write_changes.h"

namespace nicteam::report {
namespace {

constexpr std::uint64_t octets_of_a_change = 16;  // of a file before compression, roughly: how often it is looked at

class fst_writer final : public waveform_writer {
public:
    fst_writer(const std::string& path, waveform_options o) : waveform_writer(std::move(o)), path_(path), part_(path + ".part") {
        nicteam_fst_begin();
        if (std::filesystem::is_directory(path_)) throw write_error(path_ + ": " + std::strerror(EISDIR));
        errno = 0;
        to_ = fstWriterCreate(part_.c_str(), 1);
        if (!to_) throw write_error(path_ + ": " + std::strerror(errno ? errno : EIO));
    }
    ~fst_writer() override { give_up(); }

    bool good() const override {
        if (error_.empty() && nicteam_fst_error()) error_ = path_ + ": " + std::strerror(nicteam_fst_error());
        return error_.empty();
    }
    const std::string& error() const override { return good(), error_; }

private:
    friend class waveform_writer;

    void declare(const std::vector<variable>& order) override {
        fstWriterSetPackType(to_, FST_WR_PT_LZ4);
        fstWriterSetTimescale(to_, -12);
        fstWriterSetDate(to_, "");  // no machine, no date
        fstWriterSetVersion(to_, options_.comment.substr(0, 127).c_str());
        std::vector<std::string> paths;
        for (variable v : order) paths.push_back(path_of(v));
        handles_.resize(lines_.size());
        const auto show = [&](std::size_t n) {
            const line& l = lines_[order[n]];
            std::string name = name_in_scope(paths[n]);
            if (l.bits > 1) name += " [" + std::to_string(l.bits - 1) + ":0]";
            handles_[n] = fstWriterCreateVar(to_, l.states ? FST_VT_GEN_STRING : FST_VT_VCD_WIRE, FST_VD_IMPLICIT, l.states ? 0u : l.bits, name.c_str(), 0);
        };
        walk_scopes(paths, [&](const std::string& scope) { fstWriterSetScope(to_, FST_ST_VCD_MODULE, scope.c_str(), nullptr); },
                    [&] { fstWriterSetUpscope(to_); }, show);
    }

    void stamp(ps at) override {
        time_ = at;
        if (to_) fstWriterEmitTimeChange(to_, static_cast<std::uint64_t>(at));
    }

    void value(const line& l) override {
        if (!to_) return;
        const fstHandle handle = handles_[l.place];
        ++changes_;
        if (l.states) {
            const char* text = state_of(l);
            fstWriterEmitVariableLengthValueChange(to_, handle, text, static_cast<std::uint32_t>(std::strlen(text)));
            return;
        }
        char digits[64];
        for (unsigned b = 0; b < l.bits; ++b) digits[l.bits - 1 - b] = l.kind == known ? static_cast<char>('0' + (l.value >> b & 1u)) : l.kind == z ? 'z' : 'x';
        fstWriterEmitValueChange(to_, handle, digits);
    }

    void stamp_and_value(ps at, const line& l) { stamp(at), value(l); }
    void dumping(bool) override {}

    // The file grows when it is flushed: often enough to end near the limit.
    void write_before(ps until) override {
        if (!good()) give_up();  // others find its room
        write_changes(*this, until);
        if (!to_ || changes_ * octets_of_a_change < options_.size_limit / 16) return;
        changes_ = 0;
        fstWriterFlushContext(to_);
    }

    std::uint64_t octets() const override {
        std::error_code none;
        const auto size = std::filesystem::file_size(part_, none);
        return none ? 0 : size;
    }

    void commit() override {
        if (to_) fstWriterClose(to_);
        to_ = nullptr;
        if (good() && std::rename(part_.c_str(), path_.c_str()) != 0) error_ = path_ + ": " + std::strerror(errno);
        if (error_.empty()) return;
        unlink(part_.c_str());
        throw write_error(error_);
    }

    void give_up() {
        if (!to_) return;
        unlink(part_.c_str());
        fstWriterClose(to_);
        to_ = nullptr;
    }

    std::string path_, part_;
    mutable std::string error_;
    void* to_ = nullptr;
    std::vector<fstHandle> handles_;  // by place
    std::uint64_t changes_ = 0;       // since it was flushed
};

}  // namespace

std::string why_no_fst() { return ""; }

std::unique_ptr<waveform_writer> make_fst_writer(const std::string& path, waveform_options o) { return std::make_unique<fst_writer>(path, std::move(o)); }

}  // namespace nicteam::report

#else

namespace nicteam::report {

std::string why_no_fst() {
    return "this nicteam was built without GTKWave's writer of FST (fstapi.c, in Debian's package verilator, and zlib); wave.vcd can always be written";
}

std::unique_ptr<waveform_writer> make_fst_writer(const std::string&, waveform_options) { throw std::invalid_argument(why_no_fst()); }

}  // namespace nicteam::report

#endif
