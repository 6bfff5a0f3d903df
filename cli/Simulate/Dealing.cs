using System.Text.Json.Nodes;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>What a request is about.</summary>
internal enum DealingKind { Payments, Events, Profile, Consent, Decision, Outcome, Authorization, CreditLine, Contact, Call, Message, Dispatch, Promise, Signal, Erasure }

/// <summary>Something that somebody outside does with the product: one request, repeated under its key until it is answered.</summary>
/// <param name="At">When it is first tried.</param>
/// <param name="Customer">Whom it is about.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Key">Its Idempotency-Key.</param>
/// <param name="Method">Of the request.</param>
/// <param name="Path">Below <c>/api/</c>.</param>
/// <param name="Body">Made from the answers so far; null where it comes to nothing.</param>
internal sealed record Dealing(
    DateTimeOffset At, string Customer, DealingKind Kind, string Key, HttpMethod Method, string Path, Func<Answers, string?> Body);

/// <summary>What the product has answered.</summary>
internal sealed class Answers
{
    private readonly Dictionary<string, Answer> _byKey = new(StringComparer.Ordinal);

    /// <summary>Those that were granted.</summary>
    public IEnumerable<Answer> Granted => _byKey.Values.Where(answer => answer.Status < 300);

    public Answer? this[string key] => _byKey.GetValueOrDefault(key);

    public void Add(Answer answer) => _byKey.Add(answer.Dealing.Key, answer);

    public IEnumerable<Answer> Of(DealingKind kind) => Granted.Where(answer => answer.Dealing.Kind == kind);
}

/// <summary>An answer that somebody outside may rely on from now on.</summary>
/// <param name="Dealing">To what.</param>
/// <param name="Sent">The body of the request.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Of the answer; null where it has none.</param>
internal sealed record Answer(Dealing Dealing, string Sent, int Status, JsonNode? Body);
