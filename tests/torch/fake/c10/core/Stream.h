#pragma once

#include "../../journal.hpp"

#include <cstdint>

namespace c10 {

enum class DeviceType : int8_t { CPU = 0, CUDA = 1, HIP = 6 };
using DeviceIndex = int8_t;
using StreamId = int64_t;

class Device {
  public:
    Device(DeviceType type, DeviceIndex index) : type_(type), index_(index) {}
    DeviceType type() const { return type_; }
    DeviceIndex index() const { return index_; }

  private:
    DeviceType type_;
    DeviceIndex index_;
};

class Stream {
  public:
    enum Unsafe { UNSAFE };
    Stream(Unsafe, Device device, StreamId id) : device_(device), id_(id) {}
    Device device() const { return device_; }
    StreamId id() const { return id_; }

  private:
    Device device_;
    StreamId id_;
};

} // namespace c10
