using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Functions.Journeys;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Collections;

/// <summary>The agents' work: the queue, one case, and its steps. Every step names the version it was taken on in <c>If-Match</c>.</summary>
public sealed class CaseRoutes(CaseQueue cases, HandOffs handOffs, CustomerReference names, Principals principals, TimeProvider time)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <remarks>Cases that are worth an agent's time, the most worthwhile first.</remarks>
    [Function("ListCases")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "collections/queue")] HttpRequest request, CancellationToken cancellation)
    {
        var most = 50;
        if (request.Query["size"].ToString() is { Length: > 0 } size && (!int.TryParse(size, out most) || most is < 1 or > 200))
            return Problems.Invalid("size", "must be 1 to 200");

        var queue = request.Query["queue"].ToString() is { Length: > 0 } named ? named : CollectionsCase.Agents;
        var listed = await cases.ListAsync(queue, most, cancellation);
        return JsonAnswer.Of(new JsonObject
        {
            ["queue"] = queue,
            ["cases"] = new JsonArray([.. listed.Select(each =>
            {
                var view = DebtView.Of(each.Customer, each.Case);
                view["value"] = each.Value;
                return (JsonNode)view;
            })]),
        });
    }

    [Function("OpenCase")]
    public Task<IResult> OpenAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/cases")] HttpRequest request,
        string customerId, CancellationToken cancellation) => StepAsync(request, customerId, needsBody: true, async (customer, body, principal, _) =>
        {
            CaseKind? kind = Answers.Text(body, "kind") switch { "call" => CaseKind.Call, "appointment" => CaseKind.Appointment, "approve" => CaseKind.Approve, _ => null };
            if (kind is null)
                return Problems.Invalid("kind", "must be call, appointment or approve; a hand-off has its own route");

            var debt = Answers.Text(body, "debt");
            if (body["debt"] is not null && !Debts.IsId(debt))
                return Problems.Invalid("debt", Debts.IdRule);

            if (body["instructions"] is not null && Answers.Text(body, "instructions") is not { Length: > 0 and <= 2000 })
                return Problems.Invalid("instructions", "must be a text of 1 to 2000 characters");

            var opened = await cases.OpenAsync(customer, new CaseRequest(kind.Value, CollectionsCase.Agents, debt, Answers.Text(body, "instructions"),
                kind == CaseKind.Approve ? [CollectionsCase.Approved, CollectionsCase.Rejected] : null), principal, Answers.CauseOf(request, body, time.GetUtcNow()), cancellation);
            return Answers.Case(request, customer, opened);
        }, cancellation);

    [Function("GetCase")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/cases/{case}")] HttpRequest request,
        string customerId, string @case, CancellationToken cancellation) => Answers.OnAsync(names, customerId, async customer =>
        {
            var (found, brief, task) = await cases.FindAsync(customer, @case, cancellation);
            var view = DebtView.Of(customer, found);
            view["brief"] = brief is null ? null : JsonSerializer.SerializeToNode(brief, Web);
            view["facts"] = task?.Facts.DeepClone();
            request.HttpContext.Response.Headers.ETag = $"\"{found.Version}\"";
            return JsonAnswer.Of(view);
        });

    [Function("ClaimCase")]
    public Task<IResult> ClaimAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/cases/{case}/claim")] HttpRequest request,
        string customerId, string @case, CancellationToken cancellation) => StepAsync(request, customerId, needsBody: false, async (customer, _, principal, version) =>
            Answers.Case(request, customer, await cases.ClaimAsync(customer, @case, version, principal, cancellation)), cancellation);

    [Function("ReleaseCase")]
    public Task<IResult> ReleaseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/cases/{case}/release")] HttpRequest request,
        string customerId, string @case, CancellationToken cancellation) => StepAsync(request, customerId, needsBody: false, async (customer, _, principal, version) =>
            Answers.Case(request, customer, await cases.ReleaseAsync(customer, @case, version, principal, cancellation)), cancellation);

    [Function("CompleteCase")]
    public Task<IResult> CompleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/cases/{case}/completion")] HttpRequest request,
        string customerId, string @case, [DurableClient] DurableTaskClient client, CancellationToken cancellation) => StepAsync(request, customerId, needsBody: true, async (customer, body, principal, version) =>
        {
            if (Answers.Text(body, "outcome") is not { Length: > 0 and <= 64 } outcome)
                return Problems.Invalid("outcome", "must be one of the case's outcomes");

            if (Note(body) is { } wrong)
                return wrong;

            var completed = await cases.CompleteAsync(customer, @case, version, principal, outcome, Answers.Text(body, "note"), cancellation);
            if (completed.Task is { } task)
                await client.AnswerAsync(task, outcome, cancellation);
            return Answers.Case(request, customer, completed);
        }, cancellation);

    /// <remarks>Refused while the evidence pack lacks anything: the reason names all of it.</remarks>
    [Function("RequestHandOff")]
    public Task<IResult> HandOffAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/debts/{debt}/hand-off")] HttpRequest request,
        string customerId, string debt, CancellationToken cancellation) => StepAsync(request, customerId, needsBody: true, async (customer, body, principal, _) =>
        {
            CaseKind? kind = Answers.Text(body, "to") switch { "specialist" => CaseKind.Specialist, "legal" => CaseKind.Legal, _ => null };
            return kind is null ? Problems.Invalid("to", "must be specialist or legal")
                : Answers.Case(request, customer, await handOffs.RequestAsync(customer, debt, kind.Value, principal, cancellation));
        }, cancellation);

    /// <remarks>Another person than the one who asked for the hand-off approves or rejects it.</remarks>
    [Function("DecideHandOff")]
    public Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/cases/{case}/approval")] HttpRequest request,
        string customerId, string @case, CancellationToken cancellation) => StepAsync(request, customerId, needsBody: true, async (customer, body, principal, version) =>
        {
            if (body["approved"]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                return Problems.Invalid("approved", "must be true or false");

            return Note(body) is { } wrong ? wrong : Answers.Case(request, customer,
                await handOffs.DecideAsync(customer, @case, version, body["approved"]!.GetValue<bool>(), Answers.Text(body, "note"), principal, cancellation));
        }, cancellation);

    [Function("GetEvidence")]
    public Task<IResult> EvidenceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/cases/{case}/evidence")] HttpRequest request,
        string customerId, string @case, CancellationToken cancellation) => Answers.OnAsync(names, customerId, async customer =>
            JsonAnswer.Of(await handOffs.EvidenceAsync(customer, @case, cancellation)));

    private Task<IResult> StepAsync(
        HttpRequest request, string customerId, bool needsBody, Func<CustomerId, JsonObject, string, int?, Task<IResult>> step, CancellationToken cancellation) =>
        Answers.OnAsync(names, customerId, async customer =>
        {
            if (!principals.TryGet(request, out var principal, out var unknown))
                return unknown;

            if (!Answers.TryVersion(request, out var version, out var wrong))
                return wrong!;

            if (!needsBody)
                return await step(customer, [], principal, version);

            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
            return problem ?? await step(customer, body!, principal, version);
        });

    private static IResult? Note(JsonObject body) => body["note"] is not null && Answers.Text(body, "note") is not { Length: > 0 and <= 4000 }
        ? Problems.Invalid("note", "must be a text of 1 to 4000 characters")
        : null;
}
