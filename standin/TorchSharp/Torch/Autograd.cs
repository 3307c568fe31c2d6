using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor> grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor> inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    public static unsafe class autograd
    {
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor> grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] from = Handles(outputs), to = Handles(inputs), seeds = Handles(grad_outputs), gradients = new nint[to.Length];
            fixed (nint* f = from, t = to, s = seeds, g = gradients)
            {
                Shim.Check(Shim.ts_grad(f, from.Length, t, to.Length, s, seeds.Length, Flag(retain_graph), Flag(create_graph), Flag(allow_unused), g));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            // As in TorchSharp, the gradient of an input that was not used is a tensor that is not valid.
            return gradients.Select(gradient => new Tensor(gradient)).ToList();
        }

        public static void backward(IList<Tensor> tensors, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null)
        {
            nint[] from = Handles(tensors), seeds = Handles(grad_tensors), to = Handles(inputs);
            fixed (nint* f = from, s = seeds, t = to)
            {
                Shim.Check(Shim.ts_backward(f, from.Length, s, seeds.Length, Flag(retain_graph ?? create_graph), Flag(create_graph), t, to.Length));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        private static nint[] Handles(IList<Tensor> tensors) => tensors?.Select(tensor => tensor.Handle).ToArray() ?? [];

        private static byte Flag(bool value) => value ? (byte)1 : (byte)0;
    }
}
