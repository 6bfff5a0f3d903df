using ServerlessCLM.Customers;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

/// <summary>The one outcome of a request cannot be taken; nothing has changed.</summary>
public sealed class OutcomeRefusedException(Rejection rejection) : Exception(rejection.ToString())
{
    public Rejection Rejection { get; } = rejection;
}

/// <summary>
/// Takes outcomes of decisions: each is held against its decision before it goes to the stream, and once more in the commit that counts it.
/// </summary>
public sealed class OutcomeIntake(CustomerStore store, EventIntake intake, TimeProvider time)
{
    /// <param name="body">One CloudEvent of type clm.outcome.v1 as a JSON object, or an array of them.</param>
    /// <param name="cancellation">Stops before the stream is written.</param>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    /// <exception cref="OutcomeRefusedException">The body is one outcome, and it cannot be taken.</exception>
    public async Task<IntakeResult> TakeAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var events = EventBatch.Split(body);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (good, places, refused) = (new List<ReadOnlyMemory<byte>>(), new List<int>(), new List<RefusedEvent>());
        var seen = new Dictionary<string, DecisionAttribution>(StringComparer.Ordinal);
        var counted = 0;
        for (var index = 0; index < events.Count; index++)
        {
            if (await CheckAsync(events[index], now, seen, cancellation) is { } wrong)
            {
                // Whoever did not hear the answer tells the same outcome again: it counts already, and nobody is refused for that.
                if (await IsCountedAsync(events[index], now, cancellation))
                    counted++;
                else
                    refused.Add(new RefusedEvent(index, wrong.Field, wrong.Reason, DeadLetter: null));
                continue;
            }

            good.Add(events[index]);
            places.Add(index);
        }

        if (refused is [var only] && body.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
            throw new OutcomeRefusedException(new Rejection(only.Field, only.Reason));

        var taken = await intake.TakeEventsAsync(good, cancellation);
        return new IntakeResult(taken.Accepted + counted, taken.Rejected + refused.Count,
            [.. refused.Concat(taken.Refused.Select(each => each with { Index = places[each.Index] })).OrderBy(each => each.Index)]);
    }

    private async Task<bool> IsCountedAsync(ReadOnlyMemory<byte> body, long now, CancellationToken cancellation) =>
        CustomerEvent.TryParse(body.Span, now, out var read, out _) && read is OutcomeEvent outcome
        && await store.ReadRowAsync(outcome.Customer, outcome.KeptIn, cancellation) is not null;

    /// <param name="seen">Decisions with the outcomes of this request so far.</param>
    private async Task<Rejection?> CheckAsync(
        ReadOnlyMemory<byte> body, long now, Dictionary<string, DecisionAttribution> seen, CancellationToken cancellation)
    {
        if (!CustomerEvent.TryParse(body.Span, now, out var read, out var rejection))
            return rejection;
        if (read is not OutcomeEvent outcome)
            return new Rejection("type", "must be clm.outcome.v1; send other events to /api/events");
        if (outcome.Row.DecisionId is not { } decision)
            return new Rejection("data.decisionId", "is required: it says which decision this came of; send outcomes of contacts without one to /api/events");

        if (!seen.TryGetValue(decision, out var attribution))
        {
            var row = CustomerRows.IsDecision(decision) ? CustomerRows.DecisionOutcomes(decision) : null;
            var found = row is null ? null : (await store.UpdateAsync(
                outcome.Customer, session => session.Get(row, CustomersJson.Default.DecisionAttribution), cancellation, row)).Result;
            if (found is null)
                return new Rejection("data.decisionId", $"no decision {Rejection.Shorten(decision, 64)} has been made for customer {outcome.Customer}");
            attribution = found;
        }

        if (attribution.Check(outcome.Row) is { } wrong)
            return wrong;

        seen[decision] = attribution.With(outcome.Row);
        return null;
    }
}
