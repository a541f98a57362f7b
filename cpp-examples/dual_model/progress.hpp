// One line on stderr that says what the program is doing.
#pragma once

#include "stream.hpp"

#include <cstddef>
#include <string>

class Progress {
  public:
    explicit Progress(bool quiet);

    // A new step. In a log, where the line cannot be rewritten, it gets a line of its own.
    void show(const std::string &step);
    // How far the step is.
    void show(const std::string &step, size_t high, size_t low);
    // Clears the line for what is printed next.
    void finish();

  private:
    void print(const std::string &text);

    const bool quiet_;
    const bool terminal_;
    const Time begin_ = now();
};
