using System;
using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    public readonly IEstimator<TLastTransformer> LastEstimator;

    private readonly IHost _host;
    private readonly ImmutableArray<ChainLink> _links;

    public EstimatorChain()
    {
        _links = ImmutableArray<ChainLink>.Empty;
    }

    private EstimatorChain(IHost host, ImmutableArray<ChainLink> links)
    {
        _host = host;
        _links = links;
        LastEstimator = links[^1].Estimator as IEstimator<TLastTransformer>;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        // A pipeline that cannot fit its input is refused before any of it is trained.
        GetOutputSchema(SchemaShape.Create(input.Schema));

        IDataView current = input;
        var transformers = new ITransformer[_links.Length];
        var scopes = new TransformerScope[_links.Length];
        for (int i = 0; i < _links.Length; i++)
        {
            transformers[i] = _links[i].Estimator.Fit(current);
            scopes[i] = _links[i].Scope;
            current = transformers[i].Transform(current);
            if (_links[i].CacheAfter && i < _links.Length - 1)
                current = new CacheDataView(_host, current, null);
        }
        return new TransformerChain<TLastTransformer>(transformers, scopes);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var schema = inputSchema;
        foreach (ChainLink link in _links)
            schema = link.Estimator.GetOutputSchema(schema);
        return schema;
    }

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        return new EstimatorChain<TNewTrans>(_host, _links.Add(new ChainLink(estimator, scope, false)));
    }

    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        if (_links.IsEmpty)
            throw new InvalidOperationException("Current estimator chain has no estimator, can't append cache checkpoint.");
        ChainLink last = _links[^1];
        if (last.CacheAfter)
            return this;
        var links = _links.SetItem(_links.Length - 1, last with { CacheAfter = true });
        return new EstimatorChain<TLastTransformer>(env.Register(nameof(EstimatorChain<TLastTransformer>)), links);
    }
}

/// <summary>One estimator of a chain, and what the chain does with it.</summary>
internal sealed record ChainLink(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);
