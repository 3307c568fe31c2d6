namespace Microsoft.ML.Dcgan.Networks;

/// <summary>A layer, as a table of a network's layers has it.</summary>
/// <param name="Name">Its name in the network, such as "main.0".</param>
/// <param name="Kind">What it computes, in PyTorch's words.</param>
/// <param name="Output">What it makes of an image or a noise vector: maps, height, width.</param>
/// <param name="Parameters">How many trainable weights it has.</param>
internal sealed record LayerShape(string Name, string Kind, (int Maps, int Height, int Width) Output, long Parameters)
{
    public static IReadOnlyList<LayerShape> OfGenerator(NetworkShape shape)
    {
        var layers = new List<LayerShape>();
        int inputs = shape.NoiseSize + shape.Classes;
        for (int rung = shape.Halvings; rung >= 0; rung--)
        {
            int maps = rung == 0 ? shape.Channels : NetworkShape.FeatureMapsAt(rung, shape.GeneratorFeatureMaps);
            (int, int, int) output = (maps, shape.Ladder[rung].Height, shape.Ladder[rung].Width);
            bool isFirst = rung == shape.Halvings;
            if (!isFirst && shape.Upsampling == DcganUpsampling.ResizeConvolution)
                Add($"Upsample, Conv2d {shape.ResizeKernel}x{shape.ResizeKernel}", (long)inputs * maps * shape.ResizeKernel * shape.ResizeKernel);
            else
                AddConvolution("ConvTranspose2d", isFirst ? shape.BaseResampling : shape.ResamplingAt(rung));
            if (rung > 0)
                Add("BatchNorm2d", 2L * maps);
            Add(rung > 0 ? "ReLU" : "Tanh", 0);
            inputs = maps;

            void AddConvolution(string kind, Resampling sampling) => Add(Convolution(kind, sampling), inputs * maps * sampling.KernelArea);
            void Add(string kind, long parameters) => layers.Add(new($"main.{layers.Count}", kind, output, parameters));
        }
        return layers;
    }

    public static IReadOnlyList<LayerShape> OfDiscriminator(NetworkShape shape)
    {
        var layers = new List<LayerShape>();
        string kind = shape.DiscriminatorNormalization == DcganNormalization.Spectral ? "Conv2d, spectral norm" : "Conv2d";
        int inputs = shape.Channels;
        for (int rung = 1; rung <= shape.Halvings; rung++)
        {
            int maps = NetworkShape.FeatureMapsAt(rung, shape.DiscriminatorFeatureMaps);
            (int, int, int) output = (maps, shape.Ladder[rung].Height, shape.Ladder[rung].Width);
            Add(shape.ResamplingAt(rung - 1), output);
            if (rung > 1 && shape.DiscriminatorNormalization == DcganNormalization.Batch)
                layers.Add(new($"main.{layers.Count}", "BatchNorm2d", output, 2L * maps));
            layers.Add(new($"main.{layers.Count}", "LeakyReLU 0.2", output, 0));
            inputs = maps;
        }
        Add(shape.BaseResampling, (1 + shape.Classes, 1, 1));
        return layers;

        void Add(Resampling sampling, (int Maps, int, int) output) =>
            layers.Add(new($"main.{layers.Count}", Convolution(kind, sampling), output, inputs * output.Maps * sampling.KernelArea));
    }

    private static string Convolution(string kind, Resampling sampling)
    {
        (AxisResampling height, AxisResampling width) = (sampling.Height, sampling.Width);
        string text = $"{kind} {height.Kernel}x{width.Kernel}, stride {height.Stride}";
        return height.Padding > 0 ? $"{text}, padding {height.Padding}" : text;
    }
}
