using Azure;

namespace ServerlessCLM.Models;

/// <summary>
/// The models in use, as this instance knows them. Looks at the ledgers' ETags at most every <see cref="Patience"/>, when somebody asks:
/// a new champion is picked up within a minute without a restart and without a thread of its own.
/// </summary>
public sealed class LiveModels(ModelRegistry registry, TimeProvider time) : IDisposable
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Known? _known;

    /// <summary>The set for one batch or request. While one caller looks, others go on with what is known.</summary>
    public async ValueTask<ModelSet> GetAsync(CancellationToken cancellation)
    {
        var known = _known;
        if (known is not null && time.GetUtcNow() - known.Looked < Patience && time.GetUtcNow() >= known.Looked)
            return known.Models;

        if (known is not null && !await _gate.WaitAsync(0, cancellation))
            return known.Models;

        if (known is null)
            await _gate.WaitAsync(cancellation);
        try
        {
            return (_known = await LookAsync(_known, cancellation)).Models;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets how recently it looked, so that a change made here is seen at once.</summary>
    public void Refresh() => _known = _known is { } known ? known with { Looked = DateTimeOffset.MinValue } : null;

    public void Dispose() => _gate.Dispose();

    private async Task<Known> LookAsync(Known? known, CancellationToken cancellation)
    {
        var looked = time.GetUtcNow();
        var tags = await registry.ETagsAsync(cancellation);
        if (known is not null && known.Tags.Count == tags.Count && tags.All(tag => known.Tags.TryGetValue(tag.Key, out var seen) && seen == tag.Value))
            return known with { Looked = looked };

        var models = new List<LiveModel>();
        foreach (var id in tags.Keys.Union(ShippedModels.All.Select(document => document.Id)))
        {
            var unchanged = tags.TryGetValue(id, out var tag) && known is not null && known.Tags.TryGetValue(id, out var seen) && seen == tag;
            var model = !tags.ContainsKey(id) ? ModelSet.Shipped.Find(id)
                : unchanged ? known!.Models.Find(id)
                : await LoadAsync(id, cancellation);
            if (model is not null)
                models.Add(model);
        }

        return new Known(new ModelSet(models), tags, looked);
    }

    private async Task<LiveModel?> LoadAsync(string id, CancellationToken cancellation)
    {
        var ledger = (await registry.FindAsync(id, cancellation))?.Ledger;
        if (ledger?.Champion is not { } champion)
            return null;

        var document = await registry.DocumentAsync(id, champion, cancellation)
            ?? throw new InvalidDataException($"version {champion} of model {id} is live and its document is missing");
        var shadows = new List<ModelDocument>();
        foreach (var version in ledger.Challengers.Append(ledger.Previous ?? champion).Where(version => version != champion).Distinct())
        {
            if (await registry.DocumentAsync(id, version, cancellation) is { } shadow)
                shadows.Add(shadow);
        }

        return LiveModel.Of(document, shadows);
    }

    private sealed record Known(ModelSet Models, IReadOnlyDictionary<string, ETag> Tags, DateTimeOffset Looked);
}
