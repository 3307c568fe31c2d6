using System;
using System.Linq;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    public enum PaddingModes
    {
        Zeros = 0,
        Reflect = 1,
        Replicate = 2,
        Circular = 3,
        Constant = 4,
    }

    public enum Padding
    {
        Valid = 0,
        Same = 1,
    }
}

namespace TorchSharp.Modules
{
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))]
        protected Parameter _weight;

        [ComponentName(Name = nameof(bias))]
        protected Parameter _bias;

        protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device device = null, ScalarType? dtype = null) : base(name)
        {
            if (padding_type is not null || padding_mode != PaddingModes.Zeros)
                throw new NotSupportedException("Only padding by numbers of zeros is supported here.");
            this.in_channels = in_channels;
            this.out_channels = out_channels;
            this.kernel_size = kernel_size;
            this.stride = stride;
            this.padding = padding;
            this.dilation = dilation;
            this.transposed = transposed;
            this.output_padding = output_padding;
            this.groups = groups;
            this.padding_mode = padding_mode;

            long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
            weight = nn.Parameter(empty([.. channels, .. kernel_size], dtype, device));
            if (bias)
                this.bias = nn.Parameter(empty(out_channels, dtype, device));
            reset_parameters();
        }

        public Parameter weight
        {
            get => _weight;
            set
            {
                if (value.Handle == (_weight is { IsInvalid: false } old ? old.Handle : 0))
                    return;
                _weight?.Dispose();
                _weight = (Parameter)value.DetachFromDisposeScope();
                ConditionallyRegisterParameter(nameof(weight), _weight);
            }
        }

        public Parameter bias
        {
            get => _bias;
            set
            {
                _bias?.Dispose();
                _bias = (Parameter)value?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(nameof(bias), _bias);
            }
        }

        public long in_channels { get; }

        public long out_channels { get; }

        public bool transposed { get; }

        public long[] kernel_size { get; set; }

        public long[] stride { get; set; }

        public long[] padding { get; private set; }

        public long[] output_padding { get; set; }

        public long[] dilation { get; set; }

        public long groups { get; set; }

        public PaddingModes padding_mode { get; set; }

        public void reset_parameters()
        {
            nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
            if (_bias is null)
                return;
            double bound = 1 / Math.Sqrt(nn.init.CalculateFanInAndFanOut(_weight).fanIn);
            nn.init.uniform_(_bias, -bound, bound);
        }

        protected bool ValidateShape(Tensor input, long dimensions)
        {
            long[] shape = input.shape;
            return (shape.Length == dimensions + 2 && shape[1] == in_channels) || (shape.Length == dimensions + 1 && shape[0] == in_channels);
        }
    }

    public abstract class ConvolutionTranspose : Convolution
    {
        protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device device = null, ScalarType? dtype = null)
            : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding, groups, bias, padding_mode, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => forward(input, null);

        public abstract Tensor forward(Tensor input, long[] output_size);

        /// <summary>What the output of <paramref name="output_size"/>, its spatial sizes or all of them, has beyond the smallest possible.</summary>
        protected long[] _output_padding(Tensor input, long[] output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long num_spatial_dims)
        {
            int spatial = (int)num_spatial_dims;
            // TorchSharp pads all sides by the first number.
            if (output_size is null)
                return Enumerable.Repeat(output_padding[0], spatial).ToArray();

            int leading = (int)input.dim() - spatial;
            if (output_size.Length == leading + spatial)
                output_size = output_size[leading..];
            if (output_size.Length != spatial)
                throw new ArgumentException($"ConvTranspose{spatial}D: for {input.dim()}D input, output_size must have {spatial} or {leading + spatial} elements (got {output_size.Length})", nameof(input));

            var extra = new long[spatial];
            for (int d = 0; d < spatial; d++)
            {
                long smallest = (input.shape[leading + d] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel_size[d] - 1) + 1;
                extra[d] = output_size[d] - smallest;
                if (extra[d] < 0 || extra[d] >= stride[d])
                    throw new ArgumentException($"Requested an output size of {string.Join(", ", output_size)}, but valid sizes range from {smallest} to {smallest + stride[d] - 1}");
            }
            return extra;
        }
    }
}
