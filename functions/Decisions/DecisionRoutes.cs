using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Governance;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Functions.Decisions;

/// <summary>The next best actions of a customer, and the records of decisions.</summary>
public sealed class DecisionRoutes(NextBestActions deciding, DecisionRecords records, CustomerReference names, TimeProvider time)
{
    private const string IdempotencyKey = "Idempotency-Key";

    /// <remarks>The header Idempotency-Key is the decision's cause: repeated, the first decision is given again, however much later.</remarks>
    [Function("Decide")]
    public async Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/decisions")] HttpRequest request,
        string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        var key = request.Headers[IdempotencyKey].ToString();
        if (key.Length > Requests.MaxKeyLength)
            return Problems.Invalid(IdempotencyKey, $"must be at most {Requests.MaxKeyLength} characters");

        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;

        var (asked, wrong) = DecisionRequest.Read(body!);
        if (wrong is { } rejection)
            return Problems.Invalid(rejection);

        return await AnswerAsync(async () => Results.Json(
            await deciding.DecideAsync(customer, asked!, key.Length == 0 ? null : $"key {key}", time.GetUtcNow(), cancellation), HttpJson.Default.DecisionAnswer));
    }

    /// <remarks>The verdict on every action, for losers why not and the smallest change that would let them win.</remarks>
    [Function("GetDecision")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "decisions/{decisionId}")] HttpRequest request,
        string decisionId, CancellationToken cancellation)
    {
        try
        {
            return await records.FindAsync(decisionId, cancellation) is { } record ? JsonAnswer.Of(await records.DescribeAsync(record, cancellation)) : Unknown(decisionId);
        }
        catch (InvalidDataException damaged)
        {
            return Problems.Conflict($"the decision cannot be read: {damaged.Message}; docs/governance.md says what to do when the record is not whole");
        }
    }

    /// <remarks>From the recorded inputs and the documents as they were; nothing is kept.</remarks>
    [Function("ReplayDecision")]
    public async Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "decisions/{decisionId}/replay")] HttpRequest request,
        string decisionId, CancellationToken cancellation) =>
        await records.ReplayAsync(decisionId, cancellation) is { } replay ? JsonAnswer.Of(replay.ToJson()) : Unknown(decisionId);

    /// <remarks>The body names customers, or a range of hash prefixes (00 to ff) to share the work out; without either, all decisions are made again.</remarks>
    [Function("ReplayDecisions")]
    public async Task<IResult> ReplayAllAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "audit/replay")] HttpRequest request, CancellationToken cancellation)
    {
        var (scope, problem) = await AuditScope.ReadAsync(request, names, cancellation);
        if (problem is not null)
            return problem;

        var report = await records.ReplayAsync(scope!.Customers, cancellation);
        for (var prefix = (int)scope.From; scope.Customers.Count == 0 && prefix <= scope.To; prefix++)
            report += await records.ReplayAsync((byte)prefix, cancellation);
        return JsonAnswer.Of(report.ToJson());
    }

    private static IResult Unknown(string decisionId) =>
        Problems.NotFound($"there is no decision {Rejection.Shorten(decisionId, 200)}; records of decisions are kept for as long as Clm:KeepDecisions says");

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (DecisionRefusedException refused)
        {
            return Problems.Invalid(refused.Field, refused.Reason, refused.Refusal switch
            {
                DecisionRefusal.UnknownCustomer => StatusCodes.Status404NotFound,
                DecisionRefusal.Invalid => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status409Conflict,
            });
        }
        catch (RequestMismatchException mismatch)
        {
            return Problems.Invalid(IdempotencyKey, mismatch.Message, StatusCodes.Status422UnprocessableEntity);
        }
        catch (Exception changed) when (changed is CustomerConflictException or CustomerErasedException)
        {
            return Problems.Conflict(changed.Message);
        }
    }
}
