using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential((IEnumerable<(string name, Module<Tensor, Tensor> submodule)>)modules);

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                Sequential chain = new();
                foreach (var module in modules)
                    chain.append(module);
                return chain;
            }

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                Sequential chain = new();
                foreach (var (name, module) in modules)
                    chain.append(name, module);
                return chain;
            }
        }
    }
}

namespace TorchSharp.Modules
{
    using System.Runtime.CompilerServices;
    using static TorchSharp.torch;

    /// <summary>Modules in a row.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<nn.IModule<Tensor, Tensor>> _chain = [];

        internal Sequential() : base(nameof(Sequential))
        {
        }

        public int Count => _chain.Count;

        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => _chain[index];

        public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(), module);

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            _chain.Add(module);
            AddChild(name, (nn.Module)module);
            return this;
        }

        /// <summary>Passes the input on from module to module; what lies between is disposed of at once.</summary>
        public override Tensor forward(Tensor tensor)
        {
            if (Count == 0)
                return tensor.alias();
            Tensor result = _chain[0].call(tensor);
            foreach (var module in _chain.Skip(1))
            {
                using Tensor input = result;
                result = module.call(input);
            }
            return result;
        }
    }
}
