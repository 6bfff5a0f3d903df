using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Decisions.Authorizations;

/// <summary>
/// Decides authorizations on the features of the stream and the customer's latest authorizations, in one commit with the payment event that
/// follows from it: a decision is never without its payment, nor a payment without its decision.
/// </summary>
public sealed class Authorizer(CustomerStore store, OutboxQueue outbox, SoleDocument<AuthorizationPolicy> policies, LiveModels live, ProductOptions options) : IDisposable
{
    private volatile FraudModel? _fraud;

    private readonly CurrencyRates _rates = new(options.Rates);

    /// <summary>Authorizations of one customer wait for one another here instead of failing on one another's commits; other instances still may.</summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>The decision; the first one again where the request is repeated.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="body">Digest of the request as it came.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="RequestMismatchException">The id was used with another request.</exception>
    /// <exception cref="CustomerErasedException">The customer was erased.</exception>
    /// <exception cref="CustomerConflictException">Others were faster on every attempt.</exception>
    public async Task<Authorization> DecideAsync(AuthorizationRequest request, string body, CancellationToken cancellation)
    {
        var commit = await CommitAsync(request, body, cancellation);
        if (commit.Result.Body != body)
            throw new RequestMismatchException(request.Id);

        // The answer needs the commit alone: the payment is told after it.
        if (commit.Outbox is { } entry)
            await outbox.SendAsync(entry, cancellation);
        return commit.Result;
    }

    private async Task<Commit<Authorization>> CommitAsync(AuthorizationRequest request, string body, CancellationToken cancellation)
    {
        var id = IdOf(request);
        var policy = await policies.GetAsync(cancellation);
        var model = FraudModelOf(await live.GetAsync(cancellation));
        var turn = _turns[request.Customer.HashPrefix];
        await turn.WaitAsync(cancellation);
        try
        {
            return await store.UpdateAsync(
                request.Customer, session => Decide(session, policy, model, request, id, body), cancellation, CustomerRows.Authorizations, CustomerRows.Profile);
        }
        finally
        {
            turn.Release();
        }
    }

    private Authorization Decide(CustomerSession session, AuthorizationPolicy policy, FraudModel? model, AuthorizationRequest request, string id, string body)
    {
        var history = session.Get(CustomerRows.Authorizations, AuthorizationsJson.Default.AuthorizationHistory) ?? AuthorizationHistory.Empty;
        if (history.Find(id) is { } known)
            return known;

        var state = new CustomerState();
        state.Read(session.Block.Span);
        if (request.TryParse(out var payment) is { } wrong)
            throw new InvalidOperationException($"a checked request is not a payment: {wrong}");

        var convertible = _rates.Convert(ref payment, state.Features.Currency) is null;
        var inputs = new float[AuthorizationInputs.Count];
        AuthorizationInputs.Fill(state.Features, history, request, payment, inputs);
        var verdict = AuthorizationRules.Decide(policy, request, convertible ? payment : null, inputs, Flags(session), Available(state.Features, history, request, payment), model);
        var decided = new Authorization(
            id, body, payment.Time, -payment.Amount, payment.Merchant, request.Payment.Country, request.Channel,
            inputs[AuthorizationInputs.PlaceOf(AuthorizationInput.NewMerchant)] > 0,
            verdict.Decision, verdict.Code, verdict.Reasons, verdict.Fraud, policy.ToString(), model?.Document.ToString());
        session.Put(CustomerRows.Authorizations, history.With(decided), AuthorizationsJson.Default.AuthorizationHistory);
        Tell(session, request, decided);
        if (decided.Decision == AuthorizationDecision.Decline)
            session.Record(RecordOf(request, decided));
        return decided;
    }

    /// <summary>A refusal is put on record: who is refused may ask later what by.</summary>
    private static AuditRecord RecordOf(AuthorizationRequest request, Authorization decided) => new(
        "authorization", DateTimeOffset.FromUnixTimeMilliseconds(decided.At), new JsonObject
        {
            ["id"] = decided.Id, ["decision"] = "decline", ["code"] = decided.Code, ["reasons"] = new JsonArray([.. decided.Reasons.Select(reason => (JsonNode)reason)]),
            ["fraud"] = decided.Fraud, ["policy"] = decided.Policy, ["model"] = decided.Model, ["amount"] = -request.Payment.Amount, ["currency"] = request.Payment.Currency,
        });

    /// <summary>The live fraud model, made ready once for each version.</summary>
    private FraudModel? FraudModelOf(ModelSet models)
    {
        if (models.Find(FraudModel.ModelId) is not { Document: var document })
            return null;

        return _fraud is { } ready && ReferenceEquals(ready.Document, document) ? ready : _fraud = new FraudModel(document);
    }

    /// <summary>A step-up asks again and moves no money yet; everything else is a payment event.</summary>
    private static void Tell(CustomerSession session, AuthorizationRequest request, Authorization decided)
    {
        if (decided.Decision == AuthorizationDecision.StepUp)
            return;

        var payment = decided.Decision == AuthorizationDecision.Approve
            ? request.Payment
            : request.Payment with { Status = PaymentStatus.Declined, Reason = decided.Code };
        session.Emit(new Effect(decided.Id, EventStreams.TransactionsHub, Encoding.UTF8.GetString(CloudEventWriter.ToBytes(payment))));
    }

    /// <summary>
    /// What the sender says is left; otherwise the stream's latest balance and limit, less what has been approved since. Null where nobody has told
    /// a balance yet.
    /// </summary>
    private static long? Available(FeatureState state, AuthorizationHistory history, AuthorizationRequest request, in Payment payment)
    {
        // In the customer's currency by the rate of the payment itself.
        if (request.Available is { } given)
            return (long)decimal.Clamp(given * payment.Amount / request.Payment.Amount, long.MinValue / 2, long.MaxValue / 2);

        if (!state.TryNewestBalance(out var balance, out var limit, out var since))
            return null;

        foreach (var known in history.Latest)
            balance -= known.Decision == AuthorizationDecision.Approve && known.At > since ? known.Amount : 0;
        return balance + limit;
    }

    private static List<string> Flags(CustomerSession session) =>
        session.Get(CustomerRows.Profile, CustomersJson.Default.Profile)?.Members["flags"] is JsonObject flags
            ? [.. flags.Where(flag => flag.Value?.GetValueKind() == JsonValueKind.True).Select(flag => flag.Key)]
            : [];

    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());

    private static string IdOf(AuthorizationRequest request)
    {
        var cause = $"{request.Customer}\n{request.Id}";
        return $"{Digest64.Of(cause):x16}{Digest64.Of(cause, 1):x16}";
    }
}
