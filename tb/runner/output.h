// Standard output of a command whose work goes on when nobody reads it.
#pragma once

#include <string_view>

namespace nicteam::runner {

class output {
public:
    void write(std::string_view);  // nothing more once it could not be written, which is told on standard error unless its reader left
    // That of the command, whose own is `of_work`: 3 where something could not be written, unless it was interrupted; 141 instead of 0 where its reader left.
    int status(int of_work) const;

private:
    int lost_ = 0;
};

// Standard streams that the caller closed are opened so that each use of them fails: a file of the command's would else get their number, and their text.
void hold_standard_streams();

}  // namespace nicteam::runner
