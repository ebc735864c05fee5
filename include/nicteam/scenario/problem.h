// What is wrong with a scenario, and where: all of it is collected, then shown in one go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nicteam::scenario {

// A place in what was read. `file` indexes the list of sources; line 0: the source has no lines (a --set).
struct position {
    int file = -1;
    int line = 0, column = 0;
    bool operator==(const position& o) const { return file == o.file && line == o.line && column == o.column; }
};

struct problem {
    position at;
    std::string text;  // "nic.recieve_ring: unknown key; did you mean receive_ring?"
};

class problems {
public:
    int add_source(std::string name);  // returns its index
    int source_count() const { return static_cast<int>(sources_.size()); }
    const std::string& source(int file) const { return sources_[static_cast<std::size_t>(file)]; }
    void add(position at, std::string text);
    // The same, and nothing later is added about this place: a value that is none has no other faults.
    void add_last(position at, std::string text);
    bool none() const { return all_.empty(); }
    std::size_t count() const { return all_.size(); }
    const std::vector<problem>& all() const { return all_; }
    std::string where(position) const;  // "quickstart.toml:12:8", or the --set as given
    // One line each, in order of file, line and column: "FILE:LINE:COLUMN: error: …".
    std::string to_string() const;

private:
    std::vector<std::string> sources_;
    std::vector<problem> all_;
    std::vector<position> closed_;
};

// The candidate nearest to `word`: a slip of the fingers away, another word for the same thing, or a longer name with that
// word in it; else "".
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);
std::vector<std::string> all_nearest(std::string_view word, const std::vector<std::string>& candidates);  // equally near, in order
// "; did you mean NAME?" or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);
// Whether `word` stands in `text` as a whole word, in capitals or not; "_" parts words.
bool holds_word(std::string_view text, std::string_view word);

}  // namespace nicteam::scenario
