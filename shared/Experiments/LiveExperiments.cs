using System.Text.Json;
using Azure;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Experiments;

/// <summary>Where an experiment's version stands.</summary>
/// <param name="Status">Running, or how it ended.</param>
/// <param name="Winner">What everybody gets from now on.</param>
/// <param name="Reason">In words.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Looks">Looks taken of a group-sequential test.</param>
public sealed record ExperimentState(ExperimentStatus Status, string? Winner, string? Reason, DateTimeOffset? At, IReadOnlyList<double> Looks)
{
    public static readonly ExperimentState New = new(ExperimentStatus.Running, null, null, null, []);
}

/// <summary>An experiment in force, and where it stands.</summary>
public sealed record LiveExperiment(ExperimentDocument Document, ExperimentState State);

/// <summary>The experiments in force, those that come with the product among them, as this instance knows them: looked up at most every <see cref="Patience"/>, when somebody asks.</summary>
public sealed class LiveExperiments(DocumentStore documents, CustomerTables tables, ProductOptions options, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string Kind = "experiment", Version = "Version", Status = "Status", Winner = "Winner", Reason = "Reason", At = "At", Looks = "Looks";

    private volatile Known? _known;

    public async ValueTask<IReadOnlyList<LiveExperiment>> GetAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_known is { } known && now >= known.Looked && now - known.Looked < Patience)
            return known.Experiments;

        var inForce = ShippedExperiments.All.ToDictionary(experiment => experiment.Id, StringComparer.Ordinal);
        foreach (var record in await documents.ListAsync(Kind, cancellation))
        {
            if (record.InForce(now) is not { } version)
                continue;

            var (experiment, wrong) = ExperimentDocuments.Read(await documents.ContentAsync(Kind, record.Id, version.Digest, cancellation));
            if (experiment is null)
                throw new InvalidDataException($"experiment {record.Id} {version.Version} was approved and cannot be read: {wrong[0]}");

            inForce[experiment.Id] = experiment;
        }

        var found = new List<LiveExperiment>(inForce.Count);
        foreach (var experiment in inForce.Values)
            found.Add(new LiveExperiment(experiment, await StateAsync(experiment, cancellation)));

        _known = new Known(now, found);
        return found;
    }

    public async ValueTask<LiveExperiment?> FindAsync(string id, CancellationToken cancellation) =>
        (await GetAsync(cancellation)).FirstOrDefault(live => live.Document.Id == id);

    /// <summary>Keeps where a version stands. What is decided stays decided.</summary>
    /// <returns>False where another instance decided it first.</returns>
    public async Task<bool> KeepAsync(ExperimentDocument experiment, ExperimentState state, CancellationToken cancellation)
    {
        var (partition, row) = Place(experiment);
        var entity = new TableEntity(partition, row)
        {
            [Version] = experiment.Version, [Status] = state.Status.ToString(), [Winner] = state.Winner, [Reason] = state.Reason, [At] = state.At,
            [Looks] = JsonSerializer.Serialize(state.Looks),
        };
        try
        {
            var known = await tables.Experiments.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation);
            if (known is { HasValue: true, Value: { } before })
            {
                if (Read(before).Status != ExperimentStatus.Running)
                    return false;

                await tables.Experiments.UpdateEntityAsync(entity, before.ETag, TableUpdateMode.Replace, cancellation);
            }
            else
                await tables.Experiments.AddEntityAsync(entity, cancellation);
        }
        catch (RequestFailedException faster) when (faster.Status is 409 or 412)
        {
            return false;
        }
        finally
        {
            _known = null;
        }

        return true;
    }

    private async Task<ExperimentState> StateAsync(ExperimentDocument experiment, CancellationToken cancellation)
    {
        var (partition, row) = Place(experiment);
        var found = await tables.Experiments.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation);
        return found is { HasValue: true, Value: { } entity } ? Read(entity) : ExperimentState.New;
    }

    private static ExperimentState Read(TableEntity entity) => new(
        Enum.Parse<ExperimentStatus>(entity.GetString(Status)!), entity.GetString(Winner), entity.GetString(Reason), entity.GetDateTimeOffset(At),
        JsonSerializer.Deserialize<double[]>(entity.GetString(Looks)!)!);

    private (string Partition, string Row) Place(ExperimentDocument experiment) => ($"{options.Tenant}|state", $"{experiment.Id}|{experiment.Version}");

    private sealed record Known(DateTimeOffset Looked, IReadOnlyList<LiveExperiment> Experiments);
}
