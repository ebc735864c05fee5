// The directory of a sweep: sweep.json says which sweep it is of, runs/ holds a record a run, by identity.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sweep/results/record.h"

namespace nicteam::sweep {

class directory {
public:
    // `origin`: what a merge reads again.
    struct origin {
        std::string file, seed;
        std::vector<std::string> environment, sets;
    };
    directory(std::filesystem::path where, std::string scenario, std::string version, origin);
    // Of what sweep a directory is; throws std::runtime_error.
    static origin origin_of(const std::filesystem::path& where);

    // Makes it, or takes up one of the same sweep. "": it is ready; else why not. `take_up`: finished runs of this sweep may be there.
    std::string open(bool take_up);
    std::string in_the_way() const;    // why open() could not, whatever is there of this sweep; "": it can. Nothing is made
    bool holds_something() const;
    std::string open_to_read() const;  // the same, and nothing is made

    std::optional<record> find(const std::string& identity) const;  // none: not there, or half of one
    void keep(const record&) const;                                 // whole or absent; throws report::write_error
    std::filesystem::path files_of(const std::string& identity) const { return where_ / "files" / identity; }
    const std::filesystem::path& where() const { return where_; }

private:
    std::filesystem::path file_of(const std::string& identity) const { return where_ / "runs" / identity.substr(0, 2) / (identity + ".json"); }
    std::string file_of_origin() const;
    bool same_origin() const;
    std::string whose() const;  // "": this sweep's; else what is in the way

    std::filesystem::path where_;
    std::string scenario_, version_;
    origin origin_;
};

}  // namespace nicteam::sweep
