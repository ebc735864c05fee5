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

// What is wrong, and where in the text: a column from 1.
struct expression_error : std::runtime_error {
    expression_error(std::size_t at, const std::string& what) : std::runtime_error(what), column(at) {}
    std::size_t column;
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
    const std::string& text() const { return text_; }

    struct node;

private:
    std::string text_;
    std::unique_ptr<node> root_;
};

}  // namespace nicteam::sweep
