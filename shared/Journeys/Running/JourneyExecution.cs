using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Messages.Templates;
using ServerlessCLM.Models;

namespace ServerlessCLM.Journeys;

/// <summary>
/// Carries out the commands of journeys. Each is one commit on the customer's partition, or work that is idempotent under the command's id, so that
/// doing it again after a crash is the same.
/// </summary>
public sealed partial class JourneyExecution(
    CustomerStore store, Outbox outbox, LiveJourneys journeys, LiveModels models, LiveExperiments experiments, UniversalHoldout holdout, Policies policies,
    TemplateLibrary templates, MessageWriting writing, MessageDrafting drafting, Dispatch dispatch, NextBestActions decisions, JourneyWebhooks webhooks, TimeProvider time)
{
    /// <summary>Puts the steps on record.</summary>
    public Task<JourneyAnswer> RecordAsync(JourneyWork work, CancellationToken cancellation) =>
        CommitAsync(work, (_, _) => new JourneyAnswer(), cancellation);

    /// <summary>Reads the customer: which way, until when, or whether what happened matters.</summary>
    public async Task<JourneyAnswer> AskAsync(JourneyWork work, CancellationToken cancellation)
    {
        var (compiled, set) = (await CompiledAsync(work, cancellation), await models.GetAsync(cancellation));
        var node = compiled.Document.Nodes[work.State.Node];
        var experiment = node is SplitNode split && work.State.Happening is null ? await experiments.FindAsync(split.Split, cancellation) : null;
        return await CommitAsync(work, (session, now) =>
        {
            var inputs = JourneyInputs.Of(session, set, now, work.Run.Signal, work.State.Happening?.Data ?? work.State.Event);
            if (JourneyReading.Out(compiled, inputs) is { } over)
                return over;
            if (work.State.Happening is { } happening)
                return JourneyReading.Heard(work.Run, compiled, work.State, happening, inputs, now);

            return node is SplitNode ways
                ? new JourneyAnswer($"arms.{ArmOf(session, ways, experiment, now)}")
                : JourneyReading.Way(node, compiled, inputs, (string?)Profile(session)["timeZone"], now);
        }, cancellation, [.. CustomerSnapshot.Rows, CustomerRows.Experiments]);
    }

    /// <summary>Puts on record how it ended, with what its goal is worth.</summary>
    public async Task<JourneyAnswer> EndAsync(JourneyWork work, CancellationToken cancellation)
    {
        var (compiled, set) = (await CompiledAsync(work, cancellation), await models.GetAsync(cancellation));
        return await CommitAsync(work, (session, now) =>
        {
            if (JourneyBook.Of(session) is var book && book.Find(work.Run.Instance) is not { IsRunning: true } entry)
                return new JourneyAnswer();

            var outcome = work.Command.Outcome!;
            var ended = entry with { Outcome = outcome, Ended = now };
            if (outcome.Kind == JourneyEnd.Goal)
            {
                var text = (compiled.Document.Nodes[work.State.Node] as GoalNode)?.Value ?? compiled.Document.Goal?.Value;
                var inputs = JourneyInputs.Of(session, set, now, work.Run.Signal, work.State.Event);
                ended = JourneyGoals.Reach(session, ended, now, text is not null && compiled[text].TryNumber(inputs, out var value) ? value : null);
            }

            book.With(ended).PutInto(session);
            JourneyRecords.Ended(session, ended, work.State, now);
            return new JourneyAnswer();
        }, cancellation, CustomerSnapshot.Rows);
    }

    private async ValueTask<CompiledJourney> CompiledAsync(JourneyWork work, CancellationToken cancellation) =>
        await journeys.VersionAsync(work.Run.Journey, work.Run.Digest, cancellation);

    /// <summary>Commits a change together with the steps that are not on record yet.</summary>
    private async Task<JourneyAnswer> CommitAsync(
        JourneyWork work, Func<CustomerSession, DateTimeOffset, JourneyAnswer> change, CancellationToken cancellation, params IReadOnlyList<string> rows)
    {
        var now = time.GetUtcNow();
        var commit = await store.UpdateAsync(CustomerId.Parse(work.Run.Customer), session =>
        {
            if (session.Erased is not null)
                return Erased;

            JourneyRecords.Passed(session, work.Run, work.State.Trail);
            return change(session, now);
        }, cancellation, [CustomerRows.Journeys, .. rows]);
        if (commit.Outbox is { } entry)
            await outbox.DispatchAsync([entry], cancellation);
        return commit.Result;
    }

    private static JourneyAnswer Erased { get; } = new() { Over = new JourneyOutcome(JourneyEnd.Erased, "erased") };

    /// <summary>The customer's arm; the control of an experiment that is not in force any more, or the first way where that is not among them.</summary>
    private string ArmOf(CustomerSession session, SplitNode split, LiveExperiment? live, DateTimeOffset now)
    {
        if (live is null)
            return split.Arms.ContainsKey("control") ? "control" : split.Arms.Keys.First();

        var (arm, _) = ExperimentUnits.Expose(session, live, holdout, now);
        return split.Arms.ContainsKey(arm) ? arm : split.Arms.ContainsKey(live.Document.Control) ? live.Document.Control : split.Arms.Keys.First();
    }

    private static JsonObject Profile(CustomerSession session) => (session.Get(CustomerRows.Profile, CustomersJson.Default.Profile) ?? Customers.Profile.Empty).Members;
}
