// Random number generators.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

using namespace standin;

static std::unique_lock<std::mutex> locked(at::Generator& generator)
{
    return std::unique_lock<std::mutex>(generator.mutex());
}

EXPORT const char* ts_new_generator(uint64_t seed, at::Generator** generator)
{
    return guarded([&] { *generator = new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed)); });
}

EXPORT const char* ts_default_generator(at::Generator** generator)
{
    return guarded([&] { *generator = new at::Generator(at::globalContext().defaultGenerator(c10::DeviceType::CPU)); });
}

EXPORT void ts_free_generator(at::Generator* generator)
{
    delete generator;
}

// Seeds libtorch's default generators of all devices.
EXPORT const char* ts_manual_seed(uint64_t seed)
{
    return guarded([&] { at::manual_seed(seed); });
}

EXPORT const char* ts_seed_generator(at::Generator* generator, uint64_t seed)
{
    return guarded([&] {
        auto lock = locked(*generator);
        generator->set_current_seed(seed);
    });
}

EXPORT uint64_t ts_initial_seed(at::Generator* generator)
{
    auto lock = locked(*generator);
    return generator->current_seed();
}

EXPORT const char* ts_get_state(at::Generator* generator, at::Tensor** state)
{
    return guarded([&] {
        auto lock = locked(*generator);
        *state = to_handle(generator->get_state());
    });
}

EXPORT const char* ts_set_state(at::Generator* generator, const at::Tensor* state)
{
    return guarded([&] {
        auto lock = locked(*generator);
        generator->set_state(state ? *state : at::Tensor());
    });
}
