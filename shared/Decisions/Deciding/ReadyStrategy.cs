using System.Text.Json.Nodes;
using Microsoft.Extensions.ObjectPool;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Decisions;

/// <summary>A version of a strategy with what has been learned under it, ready to decide by; shared by all threads.</summary>
public sealed class ReadyStrategy
{
    private readonly ObjectPool<ArbitrationWorkspace> _workspaces;

    /// <param name="content">The document.</param>
    /// <param name="learning">What has been learned.</param>
    public ReadyStrategy(JsonObject content, StrategyLearning? learning = null)
        : this(DocumentStore.DigestOf(content), CompiledStrategy.Of(Decisions.Strategy.Read(content), DecisionVocabulary.Standard), learning ?? StrategyLearning.None, before: null)
    {
    }

    private ReadyStrategy(string digest, CompiledStrategy strategy, StrategyLearning learning, PropensityBeliefs? before)
    {
        (Digest, Strategy, Learning) = (digest, strategy, learning);
        Beliefs = PropensityBeliefs.Of(strategy, action => learning.Answers.TryGetValue(action.Id, out var counts) ? (counts.Accepted, counts.Declined) : default, before);
        Prices = learning.Prices();
        _workspaces = new DefaultObjectPool<ArbitrationWorkspace>(new Workspaces(strategy));
    }

    /// <summary>Of the document's content.</summary>
    public string Digest { get; }

    public CompiledStrategy Strategy { get; }

    public StrategyLearning Learning { get; }

    public PropensityBeliefs Beliefs { get; }

    public double[] Prices { get; }

    /// <summary>Id and version, as <c>card-retail@3</c>.</summary>
    public string Name => $"{Strategy.Source.Id}@{Strategy.Source.Version}";

    /// <summary>The same version with other learning.</summary>
    public ReadyStrategy With(StrategyLearning learning) => learning.IsSame(Learning) ? this : new(Digest, Strategy, learning, Beliefs);

    internal ArbitrationWorkspace Rent() => _workspaces.Get();

    internal void Return(ArbitrationWorkspace workspace) => _workspaces.Return(workspace);

    private sealed class Workspaces(CompiledStrategy strategy) : PooledObjectPolicy<ArbitrationWorkspace>
    {
        public override ArbitrationWorkspace Create() => new(strategy);

        public override bool Return(ArbitrationWorkspace workspace) => true;
    }
}
