// One door to every operator: look it up by name once, then call it with tagged values.
#include "shim.h"

#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/jit_type.h>

#include <cstdlib>
#include <thread>

using namespace standin;

namespace standin {

const char* remember(const char* message)
{
    thread_local std::string latest;
    latest = message;
    return latest.c_str();
}

static const at::Tensor& tensor_at(const void* handle)
{
    static const at::Tensor undefined;
    return handle ? *static_cast<const at::Tensor*>(handle) : undefined;
}

c10::IValue decode(const Value& value)
{
    switch (value.kind) {
    case Kind::None: return {};
    case Kind::Integer: return value.integer;
    case Kind::Real: return value.real;
    case Kind::Boolean: return value.integer != 0;
    case Kind::Tensor: return tensor_at(value.pointer);
    case Kind::Generator: return *static_cast<const at::Generator*>(value.pointer);
    case Kind::Device:
        return c10::Device(static_cast<c10::DeviceType>(static_cast<int32_t>(value.integer)),
                           static_cast<c10::DeviceIndex>(value.integer >> 32));
    case Kind::String: return std::string(static_cast<const char*>(value.pointer), value.length);
    case Kind::Integers: return at::IntArrayRef(static_cast<const int64_t*>(value.pointer), value.length);
    case Kind::Reals: return at::ArrayRef<double>(static_cast<const double*>(value.pointer), value.length);
    case Kind::Tensors: {
        auto handles = static_cast<void* const*>(value.pointer);
        c10::List<at::Tensor> list;
        list.reserve(value.length);
        for (int32_t i = 0; i < value.length; i++)
            list.push_back(tensor_at(handles[i]));
        return list;
    }
    case Kind::OptionalTensors: {
        auto handles = static_cast<void* const*>(value.pointer);
        c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
        list.reserve(value.length);
        for (int32_t i = 0; i < value.length; i++)
            list.push_back(handles[i] ? c10::IValue(tensor_at(handles[i])) : c10::IValue());
        return list;
    }
    default: TORCH_CHECK(false, "a value of kind ", static_cast<int32_t>(value.kind), " cannot be an argument");
    }
}

void encode(const c10::IValue& value, std::vector<Value>& results)
{
    Value result{};
    if (value.isTensor()) {
        result.pointer = to_handle(value.toTensor());
        result.kind = result.pointer ? Kind::Tensor : Kind::None;
        results.push_back(result);
    } else if (value.isInt()) {
        result.kind = Kind::Integer;
        result.integer = value.toInt();
        results.push_back(result);
    } else if (value.isDouble()) {
        result.kind = Kind::Real;
        result.real = value.toDouble();
        results.push_back(result);
    } else if (value.isBool()) {
        result.kind = Kind::Boolean;
        result.integer = value.toBool();
        results.push_back(result);
    } else if (value.isNone()) {
        results.push_back(result);
    } else if (value.isList()) {
        auto list = value.toList();
        result.kind = Kind::List;
        result.length = static_cast<int32_t>(list.size());
        results.push_back(result);
        for (const c10::IValue& element : list)
            encode(element, results);
    } else if (value.isTuple()) {
        const auto& elements = value.toTupleRef().elements();
        result.kind = Kind::Tuple;
        result.length = static_cast<int32_t>(elements.size());
        results.push_back(result);
        for (const c10::IValue& element : elements)
            encode(element, results);
    } else {
        TORCH_CHECK(false, "a result of type ", value.tagKind(), " cannot be returned");
    }
}

// Debian's libtorch has been seen to count one processor on virtual machines with more, and then runs everything on
// one. Whoever sets OMP_NUM_THREADS has decided.
static const bool threads_counted = [] {
    if (!std::getenv("OMP_NUM_THREADS"))
        at::set_num_threads(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    return true;
}();

void adopt_thread_count()
{
    thread_local const int count = at::get_num_threads();
    (void)count;
}

}

EXPORT const char* ts_find_operator(const char* name, const char* overload, const c10::OperatorHandle** found)
{
    return guarded([&] {
        auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(handle.has_value(), "libtorch has no operator ", name, ".", overload);
        *found = new c10::OperatorHandle(*handle);
    });
}

// Arguments left out take the schema's defaults. The results belong to this thread and live until its next call;
// without `results` there are none, as an in-place operator returns what the caller has.
EXPORT const char* ts_call(const c10::OperatorHandle* operation, const Value* arguments, int32_t count,
                           const Value** results)
{
    thread_local torch::jit::Stack stack;
    thread_local std::vector<Value> encoded;
    stack.clear();
    encoded.clear();
    return guarded([&] {
        adopt_thread_count();
        for (int32_t i = 0; i < count; i++)
            stack.push_back(decode(arguments[i]));
        const auto& parameters = operation->schema().arguments();
        for (size_t i = count; i < parameters.size(); i++) {
            const auto& missing = parameters[i].default_value();
            TORCH_CHECK(missing.has_value(), operation->schema().name(), ": argument ", parameters[i].name(), " is missing");
            stack.push_back(*missing);
        }
        operation->callBoxed(&stack);
        if (results) {
            for (const auto& value : stack)
                encode(value, encoded);
            *results = encoded.data();
        }
        stack.clear();
    });
}

EXPORT int32_t ts_get_num_threads()
{
    return at::get_num_threads();
}

EXPORT const char* ts_set_num_threads(int32_t count)
{
    return guarded([&] { at::set_num_threads(count); });
}
