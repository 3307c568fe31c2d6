// TorchScript: compiles a script and calls its functions.
#include "shim.h"

#include <ATen/core/function.h>
#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/compilation_unit.h>

#include <memory>

using namespace standin;

using Unit = std::shared_ptr<torch::jit::CompilationUnit>;

// Declared by <torch/jit.h>, which costs ten seconds of compilation.
namespace torch::jit {
std::shared_ptr<CompilationUnit> compile(const std::string& source);
}

EXPORT const char* ts_compile(const char* script, Unit** unit)
{
    return guarded([&] { *unit = new Unit(torch::jit::compile(script)); });
}

EXPORT void ts_free_unit(Unit* unit)
{
    delete unit;
}

EXPORT const char* ts_find_function(const Unit* unit, const char* name, torch::jit::Function** found)
{
    return guarded([&] { *found = &(*unit)->get_function(name); });
}

// The results belong to this thread and live until its next invocation.
EXPORT const char* ts_invoke(torch::jit::Function* function, const Value* arguments, int32_t count, const Value** results)
{
    thread_local std::vector<Value> encoded;
    encoded.clear();
    return guarded([&] {
        adopt_thread_count();
        torch::jit::Stack stack;
        for (int32_t i = 0; i < count; i++)
            stack.push_back(decode(arguments[i]));
        encode((*function)(std::move(stack)), encoded);
        *results = encoded.data();
    });
}
