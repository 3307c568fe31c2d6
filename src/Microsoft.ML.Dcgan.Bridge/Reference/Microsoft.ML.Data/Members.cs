// Declarations, never run: the internal members of Microsoft.ML.Data that the bridge calls, as ML.NET 5.0.0 has them.
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}
