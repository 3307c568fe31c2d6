using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class utils
        {
            /// <summary>Scales gradients so that their joint norm is at most so much; gives the norm they had.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using DisposeScope _ = NewDisposeScope();
                List<Tensor> gradients = tensors.Select(tensor => tensor.grad).Where(gradient => gradient is not null).ToList();
                if (gradients.Count == 0)
                    return 0;
                Tensor[] norms = gradients.Select(gradient => gradient.detach().norm((float)norm_type)).ToArray();
                double total = stack(norms).norm((float)norm_type).ToDouble();
                double scale = Math.Min(1, max_norm / (total + 1e-6));
                foreach (Tensor gradient in gradients)
                    gradient.detach().mul_(scale);
                return total;
            }
        }
    }
}
