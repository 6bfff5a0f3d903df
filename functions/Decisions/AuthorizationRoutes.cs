using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Documents;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Functions.Decisions;

/// <summary>Approve, decline or step up a card payment.</summary>
public sealed class AuthorizationRoutes(Authorizer authorizer, SoleDocument<AuthorizationPolicy> policies, CardNumbers cards, TimeProvider time)
{
    /// <remarks>The same id or Idempotency-Key gets the first answer, and 422 with another request.</remarks>
    [Function("Authorize")]
    public async Task<IResult> AuthorizeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "authorizations")] HttpRequest request, CancellationToken cancellation)
    {
        var (raw, problem) = await Bodies.ReadAsync(request, cancellation, 16 * 1024);
        if (problem is not null)
            return problem;

        var body = cards.Tokenise(raw);
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > Requests.MaxKeyLength)
            return Problems.Invalid("Idempotency-Key", $"must be at most {Requests.MaxKeyLength} characters");

        var (asked, wrong) = AuthorizationRequest.Read(body.Span, key.Length == 0 ? null : key, time.GetUtcNow());
        if (asked is null)
            return Problems.Invalid(wrong!.Value);

        try
        {
            var decided = await authorizer.DecideAsync(asked, Convert.ToHexStringLower(SHA256.HashData(body.Span)), cancellation);
            var policy = await policies.GetAsync(cancellation);
            return Results.Json(new AuthorizationAnswer(
                decided.Id, decided.Decision, decided.Code,
                [.. decided.Reasons.Select(reason => new AuthorizationReason(reason, AuthorizationRules.WordsOf(policy, reason)))],
                decided.Fraud, decided.Policy, DateTimeOffset.FromUnixTimeMilliseconds(decided.At)), HttpJson.Default.AuthorizationAnswer);
        }
        catch (RequestMismatchException mismatch)
        {
            return Problems.Invalid("id", mismatch.Message, StatusCodes.Status422UnprocessableEntity);
        }
        catch (Exception refused) when (refused is CustomerErasedException or CustomerConflictException)
        {
            return Problems.Conflict(refused.Message);
        }
    }
}

internal sealed record AuthorizationReason(string Code, string Words);

/// <summary>The answer to an authorization.</summary>
/// <param name="AuthorizationId">Id of the decision.</param>
/// <param name="Decision">approve, decline or stepUp.</param>
/// <param name="ResponseCode">ISO 8583 field 39.</param>
/// <param name="Reasons">At most four, the deciding one first.</param>
/// <param name="FraudProbability">By the scorecard, or the model where that is higher; 0 where a limit decided before it.</param>
/// <param name="Policy">Id and version.</param>
/// <param name="At">When it was decided.</param>
internal sealed record AuthorizationAnswer(
    string AuthorizationId, AuthorizationDecision Decision, string ResponseCode, IReadOnlyList<AuthorizationReason> Reasons,
    double FraudProbability, string Policy, DateTimeOffset At);
