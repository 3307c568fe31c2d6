// A transposed convolution that runs in oneDNN.
//
// A transposed convolution is the gradient of a convolution with respect to its input. libtorch 1.13 computes the
// latter in oneDNN but the former by matrix products and col2im, several times slower. Its own derivatives are an
// ordinary convolution and the gradient of one with respect to the weight, and both differentiate further.
#include "shim.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <array>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::array<int64_t, 2> no_dilation{1, 1};
constexpr std::array<int64_t, 2> no_output_padding{0, 0};

// std::optional in the newer libtorch, c10's own in the older.
using OptionalTensor = decltype(c10::IValue().toOptional<at::Tensor>());

struct Geometry {
    at::IntArrayRef stride, padding;
};

at::MemoryFormat format_of(const at::Tensor& input, const at::Tensor& weight)
{
    bool channels_last = input.suggest_memory_format() == at::MemoryFormat::ChannelsLast
        || weight.suggest_memory_format() == at::MemoryFormat::ChannelsLast;
    return channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
}

at::Tensor compute(const at::Tensor& input, const at::Tensor& weight, Geometry geometry, at::IntArrayRef output_padding)
{
    std::array<int64_t, 4> size{input.size(0), weight.size(1), 0, 0};
    for (int i = 0; i < 2; i++)
        size[i + 2] = (input.size(i + 2) - 1) * geometry.stride[i] - 2 * geometry.padding[i] + weight.size(i + 2) + output_padding[i];
    TORCH_CHECK(size[2] > 0 && size[3] > 0, "conv_transpose2d: the output would have no pixels");

    // Only its shape and memory format are looked at.
    auto like = at::empty(size, input.options(), format_of(input, weight));
    return std::get<0>(at::convolution_backward(input, like, weight, {}, geometry.stride, geometry.padding,
                                                no_dilation, false, no_output_padding, 1, {true, false, false}));
}

struct ConvTranspose2d : torch::autograd::Function<ConvTranspose2d> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight,
                              at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef output_padding)
    {
        context->save_for_backward({input, weight});
        context->saved_data["stride"] = stride;
        context->saved_data["padding"] = padding;
        return compute(input, weight, {stride, padding}, output_padding);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        auto saved = context->get_saved_variables();
        const auto &input = saved[0], &weight = saved[1], &gradient = gradients[0];
        auto stride = context->saved_data["stride"].toIntVector(), padding = context->saved_data["padding"].toIntVector();

        variable_list result(5);
        if (!gradient.defined())
            return result;
        if (context->needs_input_grad(0))
            result[0] = at::convolution(gradient, weight, {}, stride, padding, no_dilation, false, no_output_padding, 1);
        if (context->needs_input_grad(1))
            result[1] = std::get<1>(at::convolution_backward(input, gradient, weight, {}, stride, padding,
                                                             no_dilation, false, no_output_padding, 1, {false, true, false}));
        return result;
    }
};

bool fits(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding,
          at::IntArrayRef output_padding, at::IntArrayRef dilation, int64_t groups)
{
    auto type = input.scalar_type();
    return input.device().is_cpu() && input.dim() == 4 && weight.dim() == 4 && input.size(0) > 0 && input.size(1) == weight.size(0)
        && (type == at::kFloat || type == at::kBFloat16) && weight.scalar_type() == type && groups == 1
        && stride.size() == 2 && padding.size() == 2 && output_padding.size() == 2 && dilation == no_dilation
        && stride[0] > 0 && stride[1] > 0 && padding[0] >= 0 && padding[1] >= 0
        && output_padding[0] >= 0 && output_padding[1] >= 0 && output_padding[0] < stride[0] && output_padding[1] < stride[1];
}

at::Tensor conv_transpose2d(const at::Tensor& input, const at::Tensor& weight, const OptionalTensor& bias,
                            at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef output_padding, int64_t groups,
                            at::IntArrayRef dilation)
{
    if (!fits(input, weight, stride, padding, output_padding, dilation, groups))
        return at::conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation);

    auto output = at::GradMode::is_enabled() && (input.requires_grad() || weight.requires_grad())
        ? ConvTranspose2d::apply(input, weight, stride, padding, output_padding)
        : compute(input, weight, {stride, padding}, output_padding);
    return bias.has_value() && bias->defined() ? output.add_(bias->view({1, -1, 1, 1})) : output;
}

}

TORCH_LIBRARY(standin, library)
{
    library.def("conv_transpose2d(Tensor input, Tensor weight, Tensor? bias, int[] stride, int[] padding, "
                "int[] output_padding, int groups, int[] dilation) -> Tensor", &conv_transpose2d);
}
