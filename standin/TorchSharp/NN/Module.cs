using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A node of a network: its parameters, its buffers and the modules it is made of, by name and in order.</summary>
        public partial class Module : IDisposable
        {
            private readonly List<(string name, Parameter value)> _parameters = [];
            private readonly List<(string name, (Tensor tensor, bool persistent) value)> _buffers = [];
            private readonly List<(string name, Module value)> _children = [];
            private readonly string _name;
            private bool _componentsRegistered;
            private bool _disposed;

            protected Module(string name) => _name = name;

            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (Module child in children())
                    child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (Module child in children())
                    child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (Parameter parameter in parameters())
                {
                    using Tensor gradient = parameter.grad;
                    if (gradient is null)
                        continue;
                    if (set_to_none)
                        parameter.grad = null;
                    else
                        gradient.zero_();
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed)
                    return;
                _disposed = true;
                foreach (var (_, (buffer, _)) in _buffers)
                    buffer.DetachFromDisposeScope().Dispose();
                foreach (var (_, parameter) in _parameters)
                    parameter.DetachFromDisposeScope().Dispose();
                foreach (var (_, child) in _children)
                    child.Dispose();
            }

            /// <summary>Registers the modules, parameters and tensors in the fields, under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsRegistered)
                    return;
                _componentsRegistered = true;

                foreach (var (name, field) in Fields())
                {
                    if (IsRegistered(name))
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(name, tensor);
                            break;
                    }
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule._disposed)
                {
                    _children.RemoveAll(child => child.name == name);
                    return;
                }
                if (name.Contains('.'))
                    throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (name.Length == 0)
                    throw new ArgumentException("module name can't be empty string \"\"");
                if (_children.Any(child => child.name == name))
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                AddChild(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (_parameters.Any(parameter => parameter.name == name))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                _parameters.Add((name, param));
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (_buffers.Any(buffer => buffer.name == name))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
                _buffers.Add((name, (tensor, persistent)));
            }

            internal void AddChild(string name, Module child) => _children.Add((name, child));

            protected void ConditionallyRegisterParameter(string name, Parameter value) => Put(_parameters, name, value, value is null);

            protected void ConditionallyRegisterBuffer(string name, Tensor value, bool persistent = true) => Put(_buffers, name, (value, persistent), value is null);

            private static void Put<T>(List<(string name, T value)> registered, string name, T value, bool remove)
            {
                int index = registered.FindIndex(entry => entry.name == name);
                if (remove)
                    registered.RemoveAll(entry => entry.name == name);
                else if (index < 0)
                    registered.Add((name, value));
                else
                    registered[index] = (name, value);
            }

            private bool IsRegistered(string name) =>
                _children.Any(child => child.name == name) || _parameters.Any(parameter => parameter.name == name) || _buffers.Any(buffer => buffer.name == name);

            private IEnumerable<(string name, FieldInfo field)> Fields()
            {
                var seen = new HashSet<string>();
                for (Type type = GetType(); type != typeof(object); type = type.BaseType)
                {
                    foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                    {
                        if (seen.Add(field.Name))
                            yield return (field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name, field);
                    }
                }
            }
        }
    }
}
