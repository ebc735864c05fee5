// What one call of `nicteam sweep` works on: the sweep as it is described, its runs, the directory that they are kept in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nicteam/sweep/sweep.h"
#include "sweep/results/directory.h"
#include "sweep/results/table.h"
#include "sweep/running/earlier_runs.h"
#include "sweep/running/preparation.h"

namespace nicteam::sweep {

class task {
public:
    // All have to outlive it. One that is wrong (`what()` is not good) has no runs and no directory.
    task(const std::string& file, const scenario::read_options&, const sweep_options&);
    task(const task&) = delete;
    task& operator=(const task&) = delete;

    const prepared& what() const { return ready_; }
    const description& described() const { return *ready_.read.what; }
    const scenario::resolved& base() const { return *ready_.read.base.what; }
    const std::vector<point>& points() const { return ready_.points.points; }
    const sweep_options& options() const { return options_; }
    const std::vector<std::string>& common() const { return common_; }  // lines of the scenario before all points
    directory& where() { return *directory_; }
    earlier_runs& earlier() { return *earlier_; }
    std::vector<one_run>& runs() { return runs_; }
    const std::vector<one_run>& runs() const { return runs_; }

    scenario::reading read(const one_run&) const;
    std::string identity(const scenario::reading&) const;
    void identify(one_run&, const scenario::reading&) const;                       // and what its configuration has elsewhere, where tables are made
    void refuse(one_run&, const scenario::reading&) const;                         // its scenario is wrong: that is its record
    bool mine(std::size_t run) const { return run % options_.shards == options_.shard; }
    bool asked_again(const record& r) const { return r.status == record::failed && options_.retry_failed; }
    bool interrupted() const { return options_.interrupted && *options_.interrupted; }
    std::string counts() const;  // "9 points, 18 runs; 3 more refused by constraints"

private:
    const std::string& file_;
    const scenario::read_options& reading_options_;
    const sweep_options& options_;
    const std::string program_;  // what made a run
    prepared ready_;
    std::vector<one_run> runs_;
    std::vector<std::string> common_;
    std::optional<directory> directory_;
    std::optional<earlier_runs> earlier_;
};

}  // namespace nicteam::sweep
