// What the files of this shim share: the tagged values that cross the C ABI, and how errors cross it.
#pragma once

#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <cstdint>
#include <string>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace standin {

// Mirrored by TorchSharp/Native/ValueKind.cs.
enum class Kind : int32_t {
    None,
    Integer,
    Real,
    Boolean,
    Tensor,
    Generator,
    Device,         // type in the low half of `integer`, index in the high half
    String,         // UTF-8, `length` bytes
    Integers,
    Reals,
    Tensors,
    OptionalTensors,
    List,           // only in results: `length` values follow
    Tuple,          // likewise
};

struct Value {
    Kind kind;
    int32_t length;
    union {
        int64_t integer;
        double real;
        const void* pointer;
    };
};

c10::IValue decode(const Value& value);

// Appends a result; tensors in it become handles that the caller owns.
void encode(const c10::IValue& value, std::vector<Value>& results);

// A handle is an at::Tensor on the heap; null stands for an undefined tensor.
inline at::Tensor* to_handle(at::Tensor tensor)
{
    return tensor.defined() ? new at::Tensor(std::move(tensor)) : nullptr;
}

// The message of this thread's latest failure; it lives until the next one.
const char* remember(const char* message);

// OpenMP counts threads per calling thread. libtorch hands its own count to a new thread when ATen runs something
// there, but not when oneDNN is the first to; asking for the count does the same.
void adopt_thread_count();

// Runs an entry point's body: null when it went well, else what went wrong.
template <class Body>
const char* guarded(Body body)
{
    try {
        body();
        return nullptr;
    } catch (const c10::Error& error) {
        return remember(error.what_without_backtrace());
    } catch (const std::exception& error) {
        return remember(error.what());
    } catch (...) {
        return remember("unknown native exception");
    }
}

}
