using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row of objects handed in one after another, as a prediction engine's examples are.</summary>
internal sealed class InputRow<TRow> : InputRowBase<TRow>
    where TRow : class
{
    private TRow _value;
    private long _position = -1;

    public InputRow(IHostEnvironment env, InternalSchemaDefinition definition)
        : base(env, DataViewConstructionUtils.MakeSchema(definition), definition, _ => true)
    {
    }

    public override long Position => _position;

    public void ExtractValues(TRow row)
    {
        Host.CheckValue(row, nameof(row));
        _value = row;
        _position++;
    }

    protected override TRow GetCurrentRowObject()
    {
        Host.Check(Position >= 0, RowCursorUtils.FetchValueStateError);
        return _value;
    }
}
