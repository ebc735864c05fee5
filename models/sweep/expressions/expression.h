// Expressions over the parameters of a point: constraints ("nic.crypto.engines <= 2 || bus.clock >= 66 MHz"), derived values
// ("2 * nic.tx_fifo"), figures made of metrics.
//
//   ?: || && ! == != < <= > >= + - * / %   as in C
//   min max floor ceil round abs sqrt log2 ln exp pow; of lists: count(l), first(l, n)
//   12, 1.5 us, 64 KiB, 33 MHz, 80 %       numbers with units; kinds are watched: a time and a size do not add up
//   server.pci0.period                     a name: dots, letters, digits, "_"
//   p99(client.up.delay)                   a property of a metric: total rate share mean least greatest p50 p90 p99 p999; use of a resource
//   "round_robin"                          a word, or a quantity when it is one
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sweep/expressions/quantity_value.h"

namespace nicteam::sweep {

class expression;

// What is wrong, and where in the text: a column from 1.
struct expression_error : std::runtime_error {
    expression_error(std::size_t at, const std::string& what) : std::runtime_error(what), column(at) {}
    std::size_t column;
};

// The same of one expression among several: `mark` is what their owner gave it, `column` 0 when the whole of it is meant.
// The text begins with the expression: "\"1 / n\", column 3: / gives no number".
struct wrong_expression : std::invalid_argument {
    wrong_expression(const expression&, std::size_t column, const std::string& why);
    std::size_t mark, column;
};

class expression {
public:
    // What a name stands for; throws std::invalid_argument with the reason when it stands for nothing.
    using look_up = std::function<expression_value(const std::string& name)>;

    explicit expression(std::string text);  // throws expression_error
    expression(expression&&) noexcept;
    expression& operator=(expression&&) noexcept;
    ~expression();

    expression_value value(const look_up&) const;  // throws expression_error
    bool holds(const look_up&) const;              // the same, and when it is neither true nor false
    std::vector<std::string> names() const;        // each once, in order
    std::size_t column_of(const std::string& name) const;  // where a name stands first; 0: nowhere
    const std::string& text() const { return text_; }
    std::size_t mark = 0;                          // for its owner: which of several it is

    struct node;

private:
    std::string text_;
    std::unique_ptr<node> root_;
};

}  // namespace nicteam::sweep
