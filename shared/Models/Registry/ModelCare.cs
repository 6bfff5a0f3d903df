using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Models;

/// <summary>A promotion that the gates hold back.</summary>
public sealed class GatesFailedException(IReadOnlyList<GateResult> results)
    : Exception($"held back by {string.Join("; ", results.Where(result => !result.Passed).Select(result => $"{result.Name}: {result.Words}"))}")
{
    public IReadOnlyList<GateResult> Results { get; } = results;
}

/// <summary>What happens to models after they were trained: gates, promotion, watch, new challengers.</summary>
public sealed class ModelCare(
    ModelRegistry registry, LiveModels live, OwnRows rows, DailyRounds rounds, ITreeTrainer trainer, EventStreams streams, TimeProvider time)
{
    public const string AlertType = "clm.model.alert.v1";

    /// <summary>Customers that one run reads at the most.</summary>
    private const int MostToWatch = 20_000, MostToLearnFrom = 200_000;

    /// <summary>Positives below which a night's training would only make noise.</summary>
    private const int LeastPositives = 100;

    /// <summary>An open challenger younger than this is given time to show itself.</summary>
    private static readonly TimeSpan Trial = TimeSpan.FromDays(28);

    /// <summary>An alert that holds is told again after this.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromDays(1);

    /// <summary>Puts a challenger through the gates and makes it champion.</summary>
    /// <param name="id">Of the model.</param>
    /// <param name="version">The challenger.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="reason">Why; with it a named person may promote against the gates, which stay on record.</param>
    /// <param name="isOverride">Promote whatever the gates find.</param>
    /// <param name="cancellation">Stops before the ledger is changed.</param>
    /// <exception cref="GatesFailedException">A gate holds it back.</exception>
    /// <exception cref="LedgerException">It is no challenger.</exception>
    public async Task<ModelLedger> PromoteAsync(string id, int version, string? by, string? reason, bool isOverride, CancellationToken cancellation)
    {
        var gates = await CheckAsync(id, version, cancellation);
        if (!isOverride && gates.Any(gate => !gate.Passed))
            throw new GatesFailedException(gates);

        var ledger = await registry.ChangeAsync(id, known => known.Promote(version, time.GetUtcNow(), by, reason, gates), cancellation);
        live.Refresh();
        return ledger;
    }

    public async Task<ModelLedger> RollBackAsync(string id, string? by, string? reason, CancellationToken cancellation)
    {
        var ledger = await registry.ChangeAsync(id, known => known.RollBack(time.GetUtcNow(), by, reason), cancellation);
        live.Refresh();
        return ledger;
    }

    /// <summary>Takes a challenger back.</summary>
    /// <exception cref="LedgerException">The version is no challenger.</exception>
    public async Task<ModelLedger> WithdrawAsync(string id, int version, string? by, string? reason, CancellationToken cancellation)
    {
        var ledger = await registry.ChangeAsync(id, known => known.Withdraw(version, time.GetUtcNow(), by, reason), cancellation);
        live.Refresh();
        return ledger;
    }

    /// <summary>Looks at every live model, alerts, and puts a failing champion's predecessor back: each customer is looked at once a day.</summary>
    /// <returns>Alerts decided.</returns>
    public async Task<int> WatchAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var seen = new ConcurrentQueue<OwnCustomer>();
        if (await rounds.GoOnAsync("models", MostToWatch, anew: false, async prefix =>
        {
            var (looked, found) = await rows.ReadAsync(prefix, cancellation);
            foreach (var customer in found)
                seen.Enqueue(customer);
            return looked;
        }, cancellation) is null)
            return 0;

        List<OwnCustomer> customers = [.. seen.OrderBy(customer => customer.Id.Value, StringComparer.Ordinal)];

        live.Refresh();
        var alerts = 0;
        foreach (var model in (await live.GetAsync(cancellation)).All)
        {
            if (model.Scorer is null || await registry.FindAsync(model.Document.Id, cancellation) is not { Ledger: var found } || found.Champion != model.Document.Version)
                continue;

            var report = ModelWatch.Examine(model, found.Previous, customers, now);
            if (report.Predictions >= ModelWatch.LeastPredictions)
                await registry.KeepWatchAsync(model.Document.Id, report, cancellation);
            alerts += await RecordAsync(model.Document, report.Findings, now, cancellation);
        }

        return alerts;
    }

    /// <summary>Trains challengers from the product's own rows where there are enough.</summary>
    /// <returns>Models that have a new challenger.</returns>
    public async Task<IReadOnlyList<string>> RetrainAsync(CancellationToken cancellation)
    {
        var open = new List<(PredictionTask Task, ModelLedger Ledger)>();
        foreach (var task in PredictionTasks.All.Where(task => task.Kind is ModelKinds.Trees or ModelKinds.Hazard or ModelKinds.Response))
        {
            if (await registry.FindAsync(task.Id, cancellation) is { Ledger: var ledger } && !IsOnTrial(ledger))
                open.Add((task, ledger));
        }

        if (open.Count == 0)
            return [];

        var customers = await rows.ReadAsync(MostToLearnFrom, cancellation);
        var trained = new List<string>();
        foreach (var (task, ledger) in open)
        {
            if (Train(task, ledger, customers, cancellation) is { } document)
            {
                await registry.ChallengeAsync(document, time.GetUtcNow(), trainer.Name, cancellation);
                trained.Add(task.Id);
            }
        }

        if (trained.Count > 0)
            live.Refresh();
        return trained;
    }

    private ModelDocument? Train(PredictionTask task, ModelLedger ledger, IReadOnlyList<OwnCustomer> customers, CancellationToken cancellation)
    {
        var labelled = LabelledRows.Join(task, customers.Select(customer =>
            (customer.Timeline, (IReadOnlyList<Snapshot>)[.. customer.Predictions.Select(prediction => prediction.Snapshot)])));
        if (labelled.Positives < LeastPositives || labelled.Positives == labelled.Rows.Count)
            return null;

        var version = 1 + ledger.Entries.Select(entry => entry.Version).Append(ledger.Shipped ?? 0).Max();
        // A fifth of the rows, the latest, are the out-of-time test.
        var later = labelled.Rows.Select(row => row.Snapshot.At).Order().ElementAt(labelled.Rows.Count * 4 / 5);
        var plan = new TrainingPlan($"Own customers, {customers.Count}; trained by {trainer.Name}", version)
        {
            OutOfTimeFrom = later,
        };
        try
        {
            return ModelTrainer.Train(task, labelled, plan, trainer, cancellation: cancellation);
        }
        catch (TrainingDataException)
        {
            // One outcome only in a part of the rows: another night there will be more.
            return null;
        }
    }

    private bool IsOnTrial(ModelLedger ledger)
    {
        var open = ledger.Challengers;
        return ledger.Entries.Any(entry => entry.Action == LedgerAction.Challenged && open.Contains(entry.Version) && entry.At > time.GetUtcNow() - Trial);
    }

    private async Task<IReadOnlyList<GateResult>> CheckAsync(string id, int version, CancellationToken cancellation)
    {
        if (await registry.FindAsync(id, cancellation) is not { Ledger: var ledger } || !ledger.Challengers.Contains(version)
            || await registry.DocumentAsync(id, version, cancellation) is not { } document)
            throw new LedgerException($"version {version} of {id} is no challenger");

        if (PredictionTasks.Find(id) is not { } task || LiveModel.Of(document).Scorer is not { } challenger)
            return [new GateResult("task", false, $"{id} is no model of the product's set, so its outcomes are not known here")];

        var customers = await rows.ReadAsync(MostToLearnFrom, cancellation);
        var known = document.Training.Until?.ToUnixTimeMilliseconds() ?? 0;
        var matured = LabelledRows.Join(task, customers.Select(customer => (customer.Timeline,
            (IReadOnlyList<Snapshot>)[.. customer.Predictions.Select(prediction => prediction.Snapshot).Where(snapshot => snapshot.At > known)])));
        var champion = (await live.GetAsync(cancellation)).Find(id)?.Scorer;
        return ModelGates.Check(challenger, champion, new GateRows(matured.Rows,
            [.. customers.Select(customer => customer.Predictions[^1].Snapshot.Vector)],
            customers.Where(customer => customer.Groups.Count > 0).ToDictionary(customer => customer.Id.Value, customer => customer.Groups, StringComparer.Ordinal)));
    }

    /// <summary>Keeps what was found and is to be told in the ledger, in one change, and then tells it: a crash in between tells it later.</summary>
    private async Task<int> RecordAsync(ModelDocument document, IReadOnlyList<WatchFinding> findings, DateTimeOffset now, CancellationToken cancellation)
    {
        List<WatchFinding> told = [];
        var ledger = await registry.ChangeAsync(document.Id, known =>
        {
            var fresh = findings.Where(finding => !known.Told.TryGetValue($"{document.Version}:{finding.Key}", out var at) || now - at >= Reminder).ToList();
            told = fresh;
            if (fresh.Count == 0)
                return known;

            var changed = known with
            {
                Told = known.Told.Where(earlier => now - earlier.Value < Reminder).Concat(fresh.Select(finding =>
                    KeyValuePair.Create($"{document.Version}:{finding.Key}", now))).DistinctBy(each => each.Key).ToDictionary(StringComparer.Ordinal),
                Untold = [.. known.Untold, .. fresh.Select(finding => Alert(document, finding, now))],
            };
            return fresh.Find(finding => finding.FallsBack) is { } fall && changed.Champion == document.Version && changed.Previous is not null
                ? changed.RollBack(now, "watch", fall.Words, LedgerAction.FellBack)
                : changed;
        }, cancellation);
        if (ledger.Untold.Count > 0)
        {
            await streams.Alerts.WriteAsync([.. ledger.Untold.Select(alert => new OutgoingEvent(document.Id, Encoding.UTF8.GetBytes(alert)))], cancellation);
            await registry.ChangeAsync(document.Id, known => known with { Untold = [.. known.Untold.Except(ledger.Untold, StringComparer.Ordinal)] }, cancellation);
            live.Refresh();
        }

        foreach (var finding in told)
            ProductMetrics.Found(document.Id, finding.Key.Split(':')[0]);
        return told.Count;
    }

    private static string Alert(ModelDocument document, WatchFinding finding, DateTimeOffset now)
    {
        var cause = string.Create(CultureInfo.InvariantCulture, $"{document.Id}\n{document.Version}\n{finding.Key}\n{now:yyyy-MM-dd}");
        var data = new JsonObject
        {
            ["model"] = document.Id, ["version"] = document.Version, ["finding"] = finding.Key, ["words"] = finding.Words,
            ["value"] = finding.Value.Value, ["fellBack"] = finding.FallsBack,
        };
        return new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = Digest64.Of(cause).ToString("x16", CultureInfo.InvariantCulture), ["source"] = "/clm/models",
            ["type"] = AlertType, ["subject"] = document.Id, ["time"] = Instant.Text(now), ["datacontenttype"] = "application/json", ["data"] = data,
        }.ToJsonString();
    }
}
