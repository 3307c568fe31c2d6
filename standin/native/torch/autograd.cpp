// Differentiation, and the modes that switch its recording on and off.
#include "shim.h"

#include <ATen/core/Tensor.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace standin;

static std::vector<at::Tensor> tensors(const at::Tensor* const* handles, int32_t count)
{
    std::vector<at::Tensor> list;
    list.reserve(count);
    for (int32_t i = 0; i < count; i++)
        list.push_back(handles[i] ? *handles[i] : at::Tensor());
    return list;
}

EXPORT const char* ts_grad(const at::Tensor* const* outputs, int32_t output_count, const at::Tensor* const* inputs,
                           int32_t input_count, const at::Tensor* const* grad_outputs, int32_t grad_output_count,
                           uint8_t retain_graph, uint8_t create_graph, uint8_t allow_unused, at::Tensor** gradients)
{
    return guarded([&] {
        auto found = torch::autograd::grad(tensors(outputs, output_count), tensors(inputs, input_count),
                                           tensors(grad_outputs, grad_output_count), retain_graph != 0,
                                           create_graph != 0, allow_unused != 0);
        for (size_t i = 0; i < found.size(); i++)
            gradients[i] = to_handle(std::move(found[i]));
    });
}

EXPORT const char* ts_backward(const at::Tensor* const* outputs, int32_t output_count,
                               const at::Tensor* const* grad_outputs, int32_t grad_output_count, uint8_t retain_graph,
                               uint8_t create_graph, const at::Tensor* const* inputs, int32_t input_count)
{
    return guarded([&] {
        torch::autograd::backward(tensors(outputs, output_count), tensors(grad_outputs, grad_output_count),
                                  retain_graph != 0, create_graph != 0, tensors(inputs, input_count));
    });
}

EXPORT uint8_t ts_grad_mode()
{
    return c10::GradMode::is_enabled();
}

EXPORT void ts_set_grad_mode(uint8_t enabled)
{
    c10::GradMode::set_enabled(enabled != 0);
}

EXPORT c10::InferenceMode* ts_enter_inference_mode(uint8_t enabled)
{
    return new c10::InferenceMode(enabled != 0);
}

EXPORT void ts_leave_inference_mode(c10::InferenceMode* guard)
{
    delete guard;
}

EXPORT uint8_t ts_inference_mode()
{
    return c10::InferenceMode::is_enabled();
}
