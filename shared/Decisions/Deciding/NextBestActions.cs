using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;
using ServerlessCLM.Models;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Decisions;

/// <summary>
/// Decides what to do for a customer now, and keeps the record in the customer's own partition: decision, audit entry and exposures are one
/// commit, once per cause.
/// </summary>
public sealed class NextBestActions(
    CustomerStore store, LiveStrategies strategies, LiveModels models, LiveExperiments experiments, Policies policies, UniversalHoldout holdout,
    DecisionIds ids, OutboxQueue outbox)
{
    /// <summary>The decision; where the cause has led to one before, that one.</summary>
    /// <param name="customer">For whom.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="cause">What the decision is made for, such as an idempotency key or a journey's step; null for a new decision each time.</param>
    /// <param name="now">The clock.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="DecisionRefusedException">No decision can be made; the field and the reason say why.</exception>
    /// <exception cref="RequestMismatchException">The cause has led to a decision on another request.</exception>
    /// <exception cref="CustomerConflictException">Others were faster on every attempt.</exception>
    public async Task<DecisionAnswer> DecideAsync(
        CustomerId customer, DecisionRequest request, string? cause, DateTimeOffset now, CancellationToken cancellation)
    {
        using var span = ProductTraces.Start(ProductTraces.Decide);
        var began = Stopwatch.GetTimestamp();
        var around = new Surroundings(
            await strategies.GetAsync(cancellation), await models.GetAsync(cancellation), await experiments.GetAsync(cancellation), await policies.GetAsync(cancellation), now);
        var arms = await ArmsAsync(around.Experiments, cancellation);
        var row = cause is null ? null : CustomerRows.Decision(ids.Of(customer, cause));
        IReadOnlyList<string> rows = [.. CustomerSnapshot.Rows, CustomerRows.Experiments, .. row is null ? [] : new[] { row }];
        var commit = await store.UpdateAsync(customer, session => Decide(session, request, cause, around, arms), cancellation, rows);
        if (commit.Outbox is { } effects)
            await outbox.SendAsync(effects, cancellation);

        var (record, isNew) = commit.Result;
        if (isNew)
            ProductMetrics.Decided(record, Stopwatch.GetElapsedTime(began));
        if (!record.Request.IsSame(request))
            throw new RequestMismatchException(cause!);

        var answer = DecisionAnswer.Of(record, (await strategies.OfAsync(record.Strategy, record.StrategyDigest, cancellation)).Strategy);
        span?.SetTag(TraceTags.DecisionId, record.Id).SetTag(TraceTags.Strategy, record.StrategyName).SetTag(TraceTags.Action, answer.Chosen);
        return answer;
    }

    /// <returns>The record, and whether this commit makes it.</returns>
    private (DecisionRecord Record, bool IsNew) Decide(
        CustomerSession session, DecisionRequest request, string? cause, Surroundings around, IReadOnlyDictionary<string, ReadyStrategy> arms)
    {
        if (session.Erased is { } erased)
            throw new DecisionRefusedException(DecisionRefusal.ErasedCustomer, "customerId", $"the customer was erased on {erased:yyyy-MM-dd}");
        if (!session.Exists)
            throw DecisionRefusedException.Unknown(session.Customer);

        var history = DecisionHistory.Of(session);
        cause ??= string.Create(CultureInfo.InvariantCulture, $"request {history.Total + 1}");
        var id = ids.Of(session.Customer, cause);
        if (session.GetBytes(CustomerRows.Decision(id)) is { IsEmpty: false } known)
            return (DecisionRecord.Read(known.Span), false);

        var snapshot = CustomerSnapshot.Of(session, around.Models, around.Now);
        var (strategy, taken) = Choose(session, request, snapshot, around, arms);
        var groups = new DecisionGroups(
            holdout.Holds(session.Customer.Value),
            strategy.Strategy.Source.Holdout is > 0 and var share && new UniversalHoldout(strategy.Strategy.Source.Id, share).Holds(session.Customer.Value), taken);
        using var outcome = WithExperiments(session, new DecisionCase(id, strategy, snapshot, around.Policies, request, groups), around);
        var (record, content) = DecisionRecord.Of(session.Customer, cause, outcome).Seal();
        Keep(session, history, record, content, outcome);
        return (record, true);
    }

    private static void Keep(CustomerSession session, DecisionHistory history, DecisionRecord record, byte[] content, DecisionOutcome outcome)
    {
        var choice = record.Choice;
        var chosen = choice.Action < 0 ? null : outcome.Case.Strategy.Strategy.Actions[choice.Action];
        var channel = chosen?.Channels[record.Actions.Span[choice.Action].Channel];
        var summary = new DecisionSummary(
            record.Id, record.Inputs.Now, record.StrategyName, chosen?.Source.Id, channel, record.Request.Placement, choice.Probability, choice.Explored);
        session.Put(CustomerRows.Decision(record.Id), content);
        session.Put(CustomerRows.Decisions, history.With(summary), CustomersJson.Default.DecisionHistory);
        new DecisionAttribution(summary.At, record.Strategy, summary.Action, channel, choice.Probability, chosen is { Uses.Length: > 0 }, []).PutInto(session, record.Id);
        session.Record(new AuditRecord("decision", record.Inputs.Now, new JsonObject
        {
            ["id"] = record.Id, ["strategy"] = summary.Strategy, ["action"] = summary.Action, ["channel"] = channel, ["probability"] = choice.Probability,
            ["explored"] = choice.Explored, ["record"] = record.Digest, ["inputs"] = record.InputsDigest,
        }));
    }

    /// <summary>The strategy that the request names, or the one in force where the customer is; then what an experiment between strategies makes of it.</summary>
    private (ReadyStrategy Strategy, IReadOnlyList<ArmTaken> Taken) Choose(
        CustomerSession session, DecisionRequest request, CustomerSnapshot snapshot, Surroundings around, IReadOnlyDictionary<string, ReadyStrategy> arms)
    {
        var chosen = StrategyFor(request, (string?)snapshot.Profile["country"], around.Strategies);
        var taken = new List<ArmTaken>();
        foreach (var live in around.Experiments.Where(live => live.Document.Varies == "strategy"))
        {
            var control = live.Document.Arm(live.Document.Control)?.Use;
            if (control is null || control.Split('@')[0] != chosen.Strategy.Source.Id)
                continue;

            var (arm, counted) = ExperimentUnits.Expose(session, live, holdout, around.Now);
            taken.Add(new ArmTaken(live.Document.Id, live.Document.Version, arm, counted, []));
            if (live.Document.Arm(arm)?.Use is { } use && arms.TryGetValue(use, out var other))
                chosen = other;
        }

        return (chosen, taken);
    }

    /// <summary>The strategy that a request is about, of those in force.</summary>
    /// <exception cref="DecisionRefusedException">None is, or which is not clear.</exception>
    internal static ReadyStrategy StrategyFor(DecisionRequest request, string? country, IReadOnlyList<ReadyStrategy> inForce)
    {
        if (request.Strategy is { } id)
        {
            return inForce.FirstOrDefault(strategy => strategy.Strategy.Source.Id == id) ?? throw new DecisionRefusedException(
                DecisionRefusal.Invalid, "strategy", $"{id} is not in force; in force {Names(inForce)}");
        }

        List<ReadyStrategy> fitting = [.. inForce.Where(strategy => strategy.Strategy.Source.Jurisdiction is not { } jurisdiction || jurisdiction == country)];
        if (request.Actions is { Count: > 0 } wanted)
        {
            // Who names actions means the strategy that has them; the bank's own comes before the shipped.
            List<ReadyStrategy> able = [.. fitting.Where(strategy => wanted.All(action => strategy.Strategy.PlaceOf(action) >= 0)).OrderBy(LiveStrategies.IsForJourneys)];
            if (able is [_] || (able is [_, var next, ..] && LiveStrategies.IsForJourneys(next)))
                return able[0];
        }

        var general = inForce.Where(strategy => !LiveStrategies.IsForJourneys(strategy)).ToList();
        fitting.RemoveAll(LiveStrategies.IsForJourneys);
        return fitting.Count == 1 ? fitting[0] : throw (fitting.Count, general.Count) switch
        {
            (_, 0) => new DecisionRefusedException(DecisionRefusal.NoStrategy, "strategy", "no strategy is in force; write one at /api/documents/strategies and have it approved"),
            (0, _) => new DecisionRefusedException(DecisionRefusal.NoStrategy, "strategy", $"no strategy in force is for {country ?? "a customer whose country is not known"}; in force {Names(general)}"),
            _ => new DecisionRefusedException(DecisionRefusal.Invalid, "strategy", $"must name one of those in force: {Names(fitting)}"),
        };

        static string Names(IReadOnlyList<ReadyStrategy> strategies) =>
            strategies.Count == 1 ? $"is {strategies[0].Strategy.Source.Id}" : $"are {string.Join(", ", strategies.Select(strategy => strategy.Strategy.Source.Id))}";
    }

    /// <summary>
    /// Experiments between actions and models expose the customer only where they could matter: one of their actions, or one that their model ranks,
    /// is among those ranked.
    /// </summary>
    private DecisionOutcome WithExperiments(CustomerSession session, DecisionCase decided, Surroundings around)
    {
        var outcome = decided.Decide();
        var taken = new List<ArmTaken>();
        foreach (var live in around.Experiments)
        {
            var experiment = live.Document;
            var uses = experiment.Arms.Select(arm => arm.Use).OfType<string>().ToList();
            var control = experiment.Arm(experiment.Control)?.Use;
            var matters = experiment.Varies switch
            {
                "action" => IsRanked(outcome, action => uses.Contains(action.Id)),
                "model" => IsRanked(outcome, action => action.Propensity?.Model is { } model && model == control),
                _ => false,
            };
            if (!matters)
                continue;

            var (arm, counted) = ExperimentUnits.Expose(session, live, holdout, around.Now);
            var use = experiment.Arm(arm)?.Use;
            taken.Add(experiment.Varies == "action"
                ? new ArmTaken(experiment.Id, experiment.Version, arm, counted, [.. uses.Where(other => other != use && decided.Strategy.Strategy.PlaceOf(other) >= 0)])
                : new ArmTaken(experiment.Id, experiment.Version, arm, counted, [], use, control));
        }

        if (taken.Count == 0)
            return outcome;

        outcome.Dispose();
        return (decided with { Groups = decided.Groups with { Arms = [.. decided.Groups.Arms, .. taken] } }).Decide();
    }

    private static bool IsRanked(DecisionOutcome outcome, Func<StrategyAction, bool> wanted)
    {
        for (var place = 0; place < outcome.Actions.Length; place++)
        {
            if (outcome.Actions[place].Verdict == ActionVerdict.Ranked && wanted(outcome.Case.Strategy.Strategy.Actions[place].Source))
                return true;
        }

        return false;
    }

    /// <summary>The strategies that experiments use, by how they name them.</summary>
    private async Task<IReadOnlyDictionary<string, ReadyStrategy>> ArmsAsync(IReadOnlyList<LiveExperiment> live, CancellationToken cancellation)
    {
        var found = new Dictionary<string, ReadyStrategy>(StringComparer.Ordinal);
        foreach (var use in live.Where(each => each.Document.Varies == "strategy").SelectMany(each => each.Document.Arms).Select(arm => arm.Use).OfType<string>())
        {
            if (!found.ContainsKey(use) && await strategies.FindAsync(use, cancellation) is { } strategy)
                found[use] = strategy;
        }

        return found;
    }

    /// <summary>What a decision stands in: one set for its whole commit.</summary>
    private sealed record Surroundings(
        IReadOnlyList<ReadyStrategy> Strategies, ModelSet Models, IReadOnlyList<LiveExperiment> Experiments, PolicySet Policies, DateTimeOffset Now);
}
