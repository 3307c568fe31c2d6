using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Dcgan.Networks;

namespace Microsoft.ML.Dcgan.Data;

/// <summary>Generates a row at a time, for prediction engines.</summary>
internal sealed class GeneratedRowMapper(ImageGeneration generation, DataViewSchema inputSchema) : IRowToRowMapper
{
    public DataViewSchema InputSchema { get; } = inputSchema;

    public DataViewSchema OutputSchema { get; } = generation.OutputSchema(inputSchema);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new HashSet<int>();
        foreach (DataViewSchema.Column column in dependingColumns)
        {
            if (column.Index < InputSchema.Count)
                needed.Add(column.Index);
            else if (generation.Noise.Find(InputSchema) is { } noise)
                needed.Add(noise.Index);
        }
        return InputSchema.Where(column => needed.Contains(column.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != InputSchema)
            throw new ArgumentException("The row's schema is not the one this mapper was made for.", nameof(input));
        return new GeneratedRow(generation, input, OutputSchema, activeColumns);
    }

    private sealed class GeneratedRow : DataViewRow
    {
        private readonly ImageGeneration _generation;
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private byte[] _pixels = Array.Empty<byte>();
        private long _generatedAt = -1;

        public GeneratedRow(ImageGeneration generation, DataViewRow input, DataViewSchema schema, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            _generation = generation;
            _input = input;
            Schema = schema;
            _active = new bool[schema.Count];
            foreach (DataViewSchema.Column column in activeColumns)
                _active[column.Index] = true;
        }

        public override DataViewSchema Schema { get; }

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!_active[column.Index])
                throw ImageGeneration.Inactive(column);
            return column.Index < _input.Schema.Count
                ? _input.GetGetter<TValue>(_input.Schema[column.Index])
                : ImageGeneration.Typed<TValue>(ImageGetter(), column);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }

        private ValueGetter<MLImage> ImageGetter()
        {
            NetworkShape shape = _generation.Networks.Shape;
            NoiseColumn.Reader readNoise = _generation.Noise.ReaderOf(_input);
            return (ref MLImage image) =>
            {
                // Several getters of one row, or several calls of one, generate once.
                if (_generatedAt != _input.Position)
                {
                    var noise = new float[shape.NoiseSize];
                    readNoise(noise);
                    _pixels = ImageSynthesis.Render(_generation.Networks, noise);
                    _generatedAt = _input.Position;
                }
                image = ImageSynthesis.ToImage(shape, _pixels);
            };
        }
    }
}
