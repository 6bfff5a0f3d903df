using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Governance;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Governance;

/// <summary>The contact gate and the ledger for channels that the institution works itself, such as its call centre.</summary>
public sealed class ContactRoutes(CustomerStore store, Policies policies, CustomerReference names, TimeProvider time)
{
    private const int MaxId = 200;

    private static readonly string[] Rows = [CustomerRows.Profile, CustomerRows.Contacts, CustomerRows.ConsentPrefix];

    /// <remarks>Judges a contact and reserves its place unless it is refused: <c>{"channel": "call", "purpose": "collections", "debt": "D-1"}</c>.</remarks>
    [Function("ReserveContact")]
    public async Task<IResult> ReserveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "customers/{customerId}/contacts/{contactId}")] HttpRequest request,
        string customerId, string contactId, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;

        var (wanted, wrong) = Read(contactId, body!);
        if (wanted is null)
            return Problems.Invalid(wrong!.Value);

        var packs = await policies.GetAsync(cancellation);
        GateResult? verdict = null;
        var answer = await OnAsync(customerId, contactId, cancellation, (session, known) =>
            known is not null && Of(known) != wanted
                ? Problems.Conflict($"contact {contactId} is another: {known.Channel}, {known.Purpose}")
                : Answer(contactId, verdict = ContactReservations.Reserve(session, wanted, packs, time.GetUtcNow()), confirmed: null));
        if (verdict is not null)
            ProductMetrics.Judged("reserve", wanted.Channel, verdict);
        return answer;
    }

    /// <remarks>Judges a reserved contact at the moment it is made. Only where <c>confirmed</c> is true is it to be made, and it is told so once.</remarks>
    [Function("DispatchContact")]
    public async Task<IResult> DispatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/contacts/{contactId}/dispatch")] HttpRequest request,
        string customerId, string contactId, CancellationToken cancellation)
    {
        var packs = await policies.GetAsync(cancellation);
        (string Channel, GateResult Result)? verdict = null;
        var answer = await OnAsync(customerId, contactId, cancellation, (session, known) =>
        {
            if (known is null)
                return Unknown(contactId);

            var (result, confirmed) = ContactReservations.Dispatch(session, Of(known), packs, time.GetUtcNow());
            verdict = (known.Channel, result);
            return Answer(contactId, result, confirmed);
        });
        if (verdict is { } judgement)
            ProductMetrics.Judged("send", judgement.Channel, judgement.Result);
        return answer;
    }

    /// <remarks>Withdraws a reservation: its place under the caps is free again.</remarks>
    [Function("WithdrawContact")]
    public Task<IResult> WithdrawAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "customers/{customerId}/contacts/{contactId}")] HttpRequest request,
        string customerId, string contactId, CancellationToken cancellation) =>
        OnAsync(customerId, contactId, cancellation, (session, known) =>
            known is null ? Unknown(contactId)
            : ContactReservations.Release(session, Of(known), time.GetUtcNow()) ? Results.NoContent()
            : Problems.Conflict($"contact {contactId} is {known.Status}: what was made cannot be withdrawn"));

    private async Task<IResult> OnAsync(
        string customerId, string contactId, CancellationToken cancellation, Func<CustomerSession, Contact?, IResult> change)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        try
        {
            var commit = await store.UpdateAsync(customer, session => session switch
            {
                { Erased: { } erased } => Problems.Conflict(new CustomerErasedException(customer, erased).Message),
                { Exists: false } => CustomerRoutes.Unknown(customer),
                _ => change(session, session.Get(CustomerRows.Contacts, CustomersJson.Default.ContactLedger)?.Find(contactId)),
            }, cancellation, Rows);
            return commit.Result;
        }
        catch (Exception refused) when (refused is CustomerErasedException or CustomerConflictException)
        {
            return Problems.Conflict(refused.Message);
        }
    }

    private static (ContactRequest? Request, Rejection? Wrong) Read(string id, JsonObject body)
    {
        foreach (var (name, _) in body)
        {
            if (name is not ("channel" or "purpose" or "debt" or "journey"))
                return (null, new Rejection(Rejection.Shorten(name, 64), "is not a member of a contact; it has channel, purpose, debt, journey"));
        }

        if (id.Length > MaxId)
            return (null, new Rejection("contactId", $"must be at most {MaxId} characters"));
        if (Text(body, "channel") is not { } channel || !Consent.IsChannel(channel))
            return (null, new Rejection("channel", $"must be one of {string.Join(", ", Consent.Channels)}"));
        if (Text(body, "purpose") is not { } purpose || purpose == "profiling" || !Consent.IsPurpose(purpose))
            return (null, new Rejection("purpose", $"must be one of {string.Join(", ", Consent.Purposes.Where(each => each != "profiling"))}"));

        foreach (var name in (string[])["debt", "journey"])
        {
            if (body[name] is not null && Text(body, name) is not { Length: > 0 and <= 100 })
                return (null, new Rejection(name, "must be a text of 1 to 100 characters"));
        }

        return (new ContactRequest(id, channel, purpose, Text(body, "debt"), Text(body, "journey")), null);
    }

    private static ContactRequest Of(Contact known) => new(known.Id, known.Channel, known.Purpose ?? "service", known.Debt, known.Journey);

    private static IResult Answer(string id, GateResult result, bool? confirmed)
    {
        var answer = new JsonObject
        {
            ["contactId"] = id, ["verdict"] = Word(result.Kind), ["code"] = result.Code, ["until"] = Text(result.Until),
            ["obligations"] = new JsonArray([.. result.Obligations.Select(each => (JsonNode)each)]),
            ["policies"] = new JsonArray([.. result.Policies.Select(each => (JsonNode)each)]),
            ["verdicts"] = new JsonArray([.. result.Verdicts.Select(each => (JsonNode)new JsonObject
            {
                ["stage"] = JsonNamingPolicy.CamelCase.ConvertName(each.Stage.ToString()), ["rule"] = each.Rule, ["verdict"] = Word(each.Kind), ["code"] = each.Code,
                ["until"] = Text(each.Until),
            })]),
        };
        if (confirmed is { } said)
            answer["confirmed"] = said;
        return JsonAnswer.Of(answer);
    }

    private static IResult Unknown(string id) => Problems.NotFound($"no contact {Rejection.Shorten(id, 64)} is in the ledger");

    private static string Word(VerdictKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static string? Text(DateTimeOffset? at) => at is { } instant ? Instant.Text(instant) : null;

    private static string? Text(JsonObject body, string name) => body[name]?.GetValueKind() == JsonValueKind.String ? (string)body[name]! : null;
}
