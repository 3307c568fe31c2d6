using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor normal_(double mean = 0, double std = 1, Generator generator = null) => Aten.Update("normal_", this, mean, std, generator);

        public Tensor uniform_(double from, double to, Generator generator = null) => Aten.Update("uniform_", this, from, to, generator);

        public Tensor bernoulli_(double p = 0.5, Generator generator = null) => Aten.Update("bernoulli_.float", this, p, generator);

        public Tensor bernoulli(Generator generator = null) => Aten.Call("bernoulli", this, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator generator = null) =>
            Aten.Call("multinomial", this, num_samples, replacement, generator);
    }
}
