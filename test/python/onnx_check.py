"""Runs an exported ONNX model without this library, and prints how far from the expected pixels it comes.

    /usr/bin/python3 test/python/onnx_check.py MODEL NOISE EXPECTED [--labels LABELS]

NOISE and EXPECTED are raw numbers (float32; EXPECTED uint8 where the model's output is), LABELS int64, or float32 where the
model takes them one-hot. Prints a JSON object:

    inputs, outputs     their names, types and sizes
    operators           the operators, in order
    numpy               the largest difference of an evaluation by NumPy, written from the standard's text
    opencv              that of OpenCV's dnn, all rows at once; absent where it lacks an operator or a type
    single              that of OpenCV's dnn, row by row, loaded once
"""

import argparse
import json

import cv2
import numpy
import onnx
import onnx.checker
import onnx.numpy_helper
import onnx.shape_inference

TYPES = {onnx.TensorProto.FLOAT: "float32", onnx.TensorProto.UINT8: "uint8", onnx.TensorProto.INT64: "int64"}


def convolution_transposed(x, weight, bias=0, *, strides, pads, output_padding, kernel_shape):
    (height, width), (rows, columns) = x.shape[2:], kernel_shape
    full = numpy.zeros((len(x), weight.shape[1], (height - 1) * strides[0] + rows + output_padding[0], (width - 1) * strides[1] + columns + output_padding[1]))
    for row in range(rows):
        for column in range(columns):
            part = numpy.einsum("ncij,cm->nmij", x, weight[:, :, row, column], optimize=True)
            full[:, :, row:row + (height - 1) * strides[0] + 1:strides[0], column:column + (width - 1) * strides[1] + 1:strides[1]] += part
    return full[:, :, pads[0]:full.shape[2] - pads[2], pads[1]:full.shape[3] - pads[3]] + numpy.reshape(bias, (-1, 1, 1))


def convolution(x, weight, bias=0, *, pads, kernel_shape):
    (rows, columns), padded = kernel_shape, numpy.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    windows = numpy.lib.stride_tricks.sliding_window_view(padded, (rows, columns), axis=(2, 3))
    return numpy.einsum("ncijrs,mcrs->nmij", windows, weight, optimize=True) + numpy.reshape(bias, (-1, 1, 1))


def resized(x, _, scales, mode, coordinate_transformation_mode, nearest_mode):
    assert (mode, coordinate_transformation_mode, nearest_mode) == (b"nearest", b"asymmetric", b"floor")
    for axis, scale in enumerate(scales):
        target = numpy.arange(int(numpy.floor(x.shape[axis] * scale)))
        x = numpy.take(x, numpy.floor(target / scale).astype(int), axis=axis)
    return x


def sliced(x, starts, ends, axes):
    for start, end, axis in zip(starts, ends, axes):
        x = numpy.take(x, numpy.arange(start, end), axis=axis)
    return x


def reshaped(x, shape):
    return x.reshape([x.shape[axis] if size == 0 else size for axis, size in enumerate(shape)])


OPERATORS = {
    "ConvTranspose": convolution_transposed,
    "Conv": convolution,
    "Resize": resized,
    "Slice": sliced,
    "Reshape": reshaped,
    "Relu": lambda x: numpy.maximum(x, 0),
    "Tanh": numpy.tanh,
    "Mul": numpy.multiply,
    "Add": numpy.add,
    "Floor": numpy.floor,
    "Transpose": lambda x, perm: x.transpose(perm),
    "Cast": lambda x, to: x.astype(TYPES[to]),
    "Concat": lambda *parts, axis: numpy.concatenate(parts, axis),
    "OneHot": lambda indices, depth, values: numpy.where(numpy.arange(int(depth)) == indices[:, None], values[1], values[0]),
}


def evaluated(graph, inputs):
    values = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer} | inputs | {"": None}
    for node in graph.node:
        attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
        values[node.output[0]] = OPERATORS[node.op_type](*(values[name] for name in node.input), **attributes)
    return values[graph.output[0].name]


def sizes(value):
    tensor = value.type.tensor_type
    return [value.name, TYPES[tensor.elem_type], [size.dim_param or size.dim_value for size in tensor.shape.dim]]


def difference(expected, actual):
    assert expected.shape == actual.shape, (expected.shape, actual.shape)
    return float(numpy.abs(expected.astype(float) - actual.astype(float)).max())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("noise")
    parser.add_argument("expected")
    parser.add_argument("--labels")
    options = parser.parse_args()

    model = onnx.load(options.model)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    assert [sizes(value) for value in inferred.graph.output] == [sizes(value) for value in model.graph.output]

    graph = model.graph
    inputs = {}
    for value, path in zip(graph.input, (options.noise, options.labels)):
        _, kind, shape = sizes(value)
        inputs[value.name] = numpy.fromfile(path, kind).reshape([-1] + shape[1:])
    _, kind, shape = sizes(graph.output[0])
    expected = numpy.fromfile(options.expected, kind).reshape([-1] + shape[1:])

    results = {
        "ir": model.ir_version,
        "operatorSet": model.opset_import[0].version,
        "metadata": {entry.key: entry.value for entry in model.metadata_props},
        "inputs": [sizes(value) for value in graph.input],
        "outputs": [sizes(value) for value in graph.output],
        "operators": [node.op_type for node in graph.node],
        "numpy": difference(expected, evaluated(graph, inputs)),
    }
    if all(value.dtype == numpy.float32 for value in inputs.values()) and expected.dtype == numpy.float32:
        net = cv2.dnn.readNetFromONNX(options.model)

        def run(rows):
            for name, value in inputs.items():
                net.setInput(value[rows], name)
            return net.forward()

        results["opencv"] = difference(expected, run(slice(None)))
        results["single"] = max(difference(expected[row:row + 1], run(slice(row, row + 1))) for row in range(4))
    print(json.dumps(results))


if __name__ == "__main__":
    main()
