using System;

namespace TorchSharp;

/// <summary>A thread's stack of dispose scopes.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager _current;

    private readonly ThreadDisposeScopeStatistics _statistics = new();
    private DisposeScope _innermost;

    public static ThreadDisposeScopeStatistics Statistics => Current._statistics;

    internal static DisposeScopeManager Current => _current ??= new DisposeScopeManager();

    internal LifetimeStatistics TensorStatistics => _statistics.TensorStatistics;

    internal DisposeScope Open() => _innermost = new DisposeScope(this, _innermost);

    /// <summary>Counts a new tensor and gives it to the innermost scope, if there is one.</summary>
    internal DisposeScope Register(torch.Tensor tensor)
    {
        if (_innermost is null)
        {
            TensorStatistics.CreatedOutsideScopeCount++;
        }
        else
        {
            TensorStatistics.CreatedInScopeCount++;
            _innermost.Add(tensor);
        }
        return _innermost;
    }

    internal void CountDisposal(torch.Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null)
            TensorStatistics.DisposedOutsideScopeCount++;
        else
            TensorStatistics.DisposedInScopeCount++;
    }

    internal void Remove(DisposeScope scope)
    {
        if (_innermost == scope)
        {
            _innermost = scope.Outer;
            return;
        }
        for (DisposeScope inner = _innermost; inner is not null; inner = inner.Outer)
        {
            if (inner.Outer == scope)
            {
                inner.Outer = scope.Outer;
                return;
            }
        }
    }
}

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Current.Open();

    /// <summary>Runs an expression and keeps nothing alive but its result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using DisposeScope scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
