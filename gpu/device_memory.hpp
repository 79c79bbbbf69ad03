// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

namespace kramers {

/// Bytes in the memory of the GPU, freed with the object. All that is done with them, and every kernel,
/// is done in the order of the calling host thread and waits for no other thread (the stream
/// cudaStreamPerThread): an object stays with the thread that made it. Host code: its definition is in
/// device_memory.cu, so that the generated units need no more than the kernels they are made for.
class DeviceBytes {
  public:
    DeviceBytes() = default;
    /// Every byte is `fill`. Throws DeviceError with size and `what` when there is no memory.
    DeviceBytes(std::uint64_t bytes, unsigned char fill, char const* what);
    void* data() const { return memory_.get(); }
    void read(void* host, std::uint64_t bytes) const;
    void write(void const* host, std::uint64_t bytes);

  private:
    struct Free {
        void operator()(void* memory) const;
    };
    std::unique_ptr<void, Free> memory_;
};

/// An array of trivially copyable T in the memory of the GPU.
template <class T>
class DeviceArray {
  public:
    DeviceArray() = default;
    /// fill: value of every byte.
    DeviceArray(std::uint64_t count, unsigned char fill, char const* what)
        : count_(count), bytes_(count * sizeof(T), fill, what) {}
    DeviceArray(std::vector<T> const& values, char const* what)
        : DeviceArray(values.size(), 0, what) {
        bytes_.write(values.data(), count_ * sizeof(T));
    }
    DeviceArray(T const& value, char const* what) : DeviceArray(1, 0, what) {
        bytes_.write(&value, sizeof(T));
    }
    T* data() const { return static_cast<T*>(bytes_.data()); }
    void read(T* host) const { bytes_.read(host, count_ * sizeof(T)); }
    std::vector<T> values() const {
        std::vector<T> host(count_);
        read(host.data());
        return host;
    }

  private:
    std::uint64_t count_ = 0;
    DeviceBytes bytes_;
};

/// Threads that the GPU holds at a time. Throws DeviceError without a GPU.
std::uint64_t resident_threads();

/// Makes the failure of a launch a DeviceError.
[[noreturn]] void throw_device_error(char const* what, std::exception const& error);

/// Waits for the kernel that this thread has just launched; its failure becomes a DeviceError that names it.
void finish_kernel(char const* what);

}  // namespace kramers
