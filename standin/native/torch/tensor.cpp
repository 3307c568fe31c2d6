// A tensor's description, its gradient, and the end of its life.
#include "shim.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/impl/VirtualGuardImpl.h>

using namespace standin;

namespace {

// Mirrored by TorchSharp/Native/TensorDescription.cs.
struct Description {
    const int64_t* sizes;
    const int64_t* strides;
    int64_t dimensions;
    int64_t elements;
    int64_t element_size;
    int64_t storage_offset;
    int32_t scalar_type;
    int32_t device_type;
    int32_t device_index;
    uint8_t requires_grad;
    uint8_t is_leaf;
    uint8_t is_contiguous;
};

}

EXPORT void ts_free(at::Tensor* tensor)
{
    delete tensor;
}

// The pointers in it live as long as the tensor keeps its shape.
EXPORT const char* ts_describe(const at::Tensor* tensor, Description* description)
{
    return guarded([&] {
        auto device = tensor->device();
        *description = {
            tensor->sizes().data(), tensor->strides().data(), tensor->dim(), tensor->numel(),
            static_cast<int64_t>(tensor->element_size()), tensor->storage_offset(),
            static_cast<int32_t>(tensor->scalar_type()), static_cast<int32_t>(device.type()), device.index(),
            tensor->requires_grad(), tensor->is_leaf(), tensor->is_contiguous()};
    });
}

// Wraps memory that `release(context)` gives back when the last tensor over it is gone.
EXPORT const char* ts_wrap(void* data, const int64_t* sizes, int32_t dimensions, int32_t scalar_type,
                           void (*release)(void*), void* context, at::Tensor** tensor)
{
    return guarded([&] {
        *tensor = to_handle(at::from_blob(data, at::IntArrayRef(sizes, dimensions), [=](void*) { release(context); },
                                          at::TensorOptions(static_cast<at::ScalarType>(scalar_type))));
    });
}

EXPORT const char* ts_data(const at::Tensor* tensor, void** data)
{
    return guarded([&] { *data = tensor->data_ptr(); });
}

EXPORT const char* ts_set_requires_grad(const at::Tensor* tensor, uint8_t requires_grad)
{
    return guarded([&] { tensor->set_requires_grad(requires_grad != 0); });
}

EXPORT const char* ts_get_grad(const at::Tensor* tensor, at::Tensor** gradient)
{
    return guarded([&] { *gradient = to_handle(tensor->grad()); });
}

EXPORT const char* ts_set_grad(const at::Tensor* tensor, const at::Tensor* gradient)
{
    return guarded([&] { tensor->mutable_grad() = gradient ? *gradient : at::Tensor(); });
}

EXPORT int32_t ts_device_count(int32_t device_type)
{
    auto type = static_cast<c10::DeviceType>(device_type);
    return c10::impl::hasDeviceGuardImpl(type) ? c10::impl::VirtualGuardImpl(type).deviceCount() : 0;
}
