// Just enough JSON to write a report.
#pragma once

#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

class Json {
  public:
    explicit Json(std::ostream &out) : out_(out) {}

    // `fill` writes the members.
    template <typename Fill>
    void object(const Fill &fill) {
        nest('{', '}', fill);
    }
    template <typename Fill>
    void array(const Fill &fill) {
        nest('[', ']', fill);
    }

    template <typename Fill>
    void object(const char *key, const Fill &fill) {
        begin_member(key);
        object(fill);
        first_ = false;
    }
    template <typename Fill>
    void array(const char *key, const Fill &fill) {
        begin_member(key);
        array(fill);
        first_ = false;
    }

    template <typename Value>
    void member(const char *key, const Value &value) {
        begin_member(key);
        write(value);
    }
    // Elements of an array.
    template <typename Value>
    void element(const Value &value) {
        separate();
        write(value);
    }
    template <typename Fill>
    void object_element(const Fill &fill) {
        separate();
        object(fill);
        first_ = false;
    }

  private:
    template <typename Fill>
    void nest(char open, char close, const Fill &fill) {
        out_ << open;
        first_ = true;
        fill();
        out_ << close;
    }

    void separate() {
        if (!std::exchange(first_, false)) {
            out_ << ',';
        }
    }
    void begin_member(const char *key) {
        separate();
        write(std::string(key));
        out_ << ':';
    }

    void write(const char *text) { write(std::string(text)); }
    void write(const std::string &text) {
        out_ << '"';
        for (const char c : text) {
            if (c == '"' || c == '\\') {
                out_ << '\\' << c;
            } else if (static_cast<unsigned char>(c) < ' ') {
                out_ << ' ';
            } else {
                out_ << c;
            }
        }
        out_ << '"';
    }
    void write(bool value) { out_ << (value ? "true" : "false"); }
    void write(int64_t value) { out_ << value; }
    void write(int value) { out_ << value; }
    // JSON has no NaN.
    void write(double value) {
        if (std::isfinite(value)) {
            out_ << value;
        } else {
            out_ << "null";
        }
    }

    std::ostream &out_;
    bool first_ = true;
};
