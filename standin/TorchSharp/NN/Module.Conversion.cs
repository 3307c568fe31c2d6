using System;
using System.Linq;
using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public partial class Module
            {
                /// <summary>Replaces the parameters and buffers that are not already of this type and on this device.</summary>
                internal void To(ScalarType? dtype, Device device)
                {
                    if (dtype is ScalarType type && !torch.is_floating_point(type))
                        throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={type}");
                    if (device?.type == DeviceType.CUDA && !cuda.is_available())
                        throw new InvalidOperationException("CUDA is not available.");

                    foreach (Module child in children())
                        child.To(dtype, device);
                    foreach (var (name, parameter) in _parameters.ToList())
                    {
                        if (Differs(parameter, dtype, device))
                            Assign(name, parameter, Moved(parameter, dtype, device), ConditionallyRegisterParameter);
                    }
                    foreach (var (name, (buffer, persistent)) in _buffers.ToList())
                    {
                        if (Differs(buffer, dtype, device))
                            Assign(name, buffer, Convert(buffer, dtype, device).DetachFromDisposeScope(), (n, value) => ConditionallyRegisterBuffer(n, value, persistent));
                    }
                }

                private static bool Differs(Tensor tensor, ScalarType? dtype, Device device) =>
                    tensor.ToWillCopy(TypeFor(tensor, dtype), device ?? tensor.device);

                private static Tensor Convert(Tensor tensor, ScalarType? dtype, Device device) =>
                    tensor.to(TypeFor(tensor, dtype), device ?? tensor.device);

                // Counters and other integers keep their type.
                private static ScalarType TypeFor(Tensor tensor, ScalarType? dtype) =>
                    dtype is ScalarType type && tensor.is_floating_point() ? type : tensor.dtype;

                private static Parameter Moved(Parameter parameter, ScalarType? dtype, Device device)
                {
                    using IDisposable _ = no_grad();
                    var moved = new Parameter(Convert(parameter, dtype, device), parameter.requires_grad);
                    moved.DetachFromDisposeScope();
                    using Tensor gradient = parameter.grad;
                    if (gradient is not null)
                    {
                        using Tensor movedGradient = Convert(gradient, dtype, device);
                        moved.grad = movedGradient;
                    }
                    return moved;
                }

                /// <summary>Puts a tensor where the module keeps the one of this name: in a property, whose setter registers it, or in a field.</summary>
                private void Assign<T>(string name, T old, T replacement, Action<string, T> register) where T : Tensor
                {
                    if (GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance) is { CanWrite: true } property)
                    {
                        property.SetValue(this, replacement);
                        return;
                    }
                    old.Dispose();
                    register(name, replacement);
                    Fields().FirstOrDefault(f => f.name == name).field?.SetValue(this, replacement);
                }
            }
        }
    }

    public static class ModuleExtensionMethods
    {
        public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module => Moved(module, type, null);

        public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module => Moved(module, null, device);

        public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module => Moved(module, type, device);

        public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module => Moved(module, null, device);

        public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
            Moved(module, null, new torch.Device(deviceType, deviceIndex));

        public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, null, torch.CPU);

        public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
            Moved(module, null, new torch.Device(DeviceType.CUDA, deviceIndex));

        public static T bfloat16<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.BFloat16, null);

        public static T @float<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.Float32, null);

        public static T @double<T>(this T module, bool non_blocking = false) where T : torch.nn.Module => Moved(module, torch.ScalarType.Float64, null);

        private static T Moved<T>(T module, torch.ScalarType? type, torch.Device device) where T : torch.nn.Module
        {
            module.To(type, device);
            return module;
        }
    }
}
