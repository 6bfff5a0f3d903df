using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Collections;

/// <summary>What a customer does with a link, without a login: it opens one debt, and names nobody.</summary>
public sealed class SelfServiceRoutes(
    CustomerStore store, DebtAgreements agreements, SelfServiceLinks links, LinkLimiter limiter, SelfServiceOptions options, TimeProvider time)
{
    /// <summary>How long a payment that was started may take; one that comes later counts as well.</summary>
    private static readonly TimeSpan PaymentPatience = TimeSpan.FromDays(1);

    private const int MaxBody = 4096;

    [Function("SeeBalance")]
    public Task<IResult> SeeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "self-service/{token}")] HttpRequest request, string token, CancellationToken cancellation) =>
        OpenAsync(request, token, null, async claims =>
        {
            if (await store.ReadAsync(claims.Customer, cancellation) is not { Erased: null } partition
                || DebtView.All(partition).FirstOrDefault(known => known.Id == claims.Debt) is not { } debt)
                return Closed();

            var view = Of(debt, DebtCalendar.Of(DebtView.ProfileOf(partition)));
            view["expires"] = Instant.Text(claims.Expires);
            if (claims.Purpose == LinkPurpose.Plan && await agreements.ProposePlanAsync(claims.Customer, claims.Debt, null, Party.SelfService, cancellation) is { Refused: null } proposal)
            {
                view["offer"] = new JsonObject
                {
                    ["instalments"] = proposal.Instalments.Count, ["amount"] = proposal.Instalments[0].Amount, ["first"] = Text(proposal.Instalments[0].Due),
                    ["last"] = Text(proposal.Instalments[^1].Due), ["total"] = proposal.Amount,
                };
            }

            return JsonAnswer.Of(view);
        });

    /// <remarks>Starts a payment at the provider; what comes of it the provider tells.</remarks>
    [Function("StartPayment")]
    public Task<IResult> PayAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "self-service/{token}/payments")] HttpRequest request, string token, CancellationToken cancellation) =>
        OpenAsync(request, token, null, async claims =>
        {
            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation, MaxBody);
            if (problem is not null)
                return problem;

            if (!Answers.TryAmount(body!, "amount", out var amount) || amount is not > 0)
                return Problems.Invalid("amount", Answers.AmountRule);

            var now = time.GetUtcNow();
            var cause = string.Create(CultureInfo.InvariantCulture, $"{claims.Id} {Answers.CauseOf(request, body, now)}");
            var reference = links.Create(claims.Customer, claims.Debt, LinkPurpose.Payment, cause, now + PaymentPatience);
            return JsonAnswer.Of(new JsonObject
            {
                ["reference"] = reference, ["amount"] = amount.Value.ToString("0.00", CultureInfo.InvariantCulture),
                ["url"] = options.PaymentPage.Length == 0 ? null : options.PaymentPage + reference,
            });
        });

    [Function("PromiseByLink")]
    public Task<IResult> PromiseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "self-service/{token}/promise")] HttpRequest request, string token, CancellationToken cancellation) =>
        OpenAsync(request, token, LinkPurpose.Promise, async claims =>
        {
            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation, MaxBody);
            if (problem is not null)
                return problem;

            if (!Answers.TryAmount(body!, "amount", out var amount) || amount is null)
                return Problems.Invalid("amount", Answers.AmountRule);

            if (!Answers.TryDate(body!, "by", out var by))
                return Problems.Invalid("by", "must be a date like 2027-03-31");

            var debt = await agreements.PromiseAsync(claims.Customer, claims.Debt, amount.Value, by, Party.SelfService, CauseOf(claims), cancellation);
            return debt.Promise is { } promise && (promise.Amount, promise.By) == (amount, by)
                ? JsonAnswer.Of(new JsonObject { ["promised"] = promise.Amount, ["by"] = Text(promise.By), ["status"] = promise.Status.ToString() })
                : Used();
        });

    [Function("PlanByLink")]
    public Task<IResult> PlanAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "self-service/{token}/plan")] HttpRequest request, string token, CancellationToken cancellation) =>
        OpenAsync(request, token, LinkPurpose.Plan, async claims =>
        {
            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation, MaxBody);
            if (problem is not null)
                return problem;

            if (!Answers.TryWhole(body!, "months", 1, 120, out var months))
                return Problems.Invalid("months", "must be a whole number from 1 to 120");

            var debt = await agreements.AgreePlanAsync(claims.Customer, claims.Debt, months, null, Party.SelfService, CauseOf(claims), cancellation);
            return debt.Plan is { } plan && (months is null || plan.Instalments.Count == months)
                ? JsonAnswer.Of(new JsonObject
                {
                    ["instalments"] = new JsonArray([.. plan.Instalments.Select(each => (JsonNode)new JsonObject { ["due"] = Text(each.Due), ["amount"] = each.Amount })]),
                    ["status"] = plan.Status.ToString(),
                })
                : Used();
        });

    /// <summary>The payment provider tells of a payment (Standard Webhooks 1.0).</summary>
    [Function("ReceivePayment")]
    public async Task<IResult> ReceiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "payments/webhook")] HttpRequest request, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadAsync(request, cancellation, 16 * 1024);
        if (problem is not null)
            return problem;

        if (WebhookSignature.Fault(options.Secrets, request.Headers[WebhookSignature.IdHeader].ToString(), request.Headers[WebhookSignature.TimestampHeader].ToString(),
                request.Headers[WebhookSignature.SignatureHeader].ToString(), body.Span, time.GetUtcNow()) is { } fault)
            return Problems.Invalid(fault, StatusCodes.Status401Unauthorized);

        var (notice, wrong) = PaymentNotice.Read(body.Span);
        if (notice is null)
            return Problems.Invalid(wrong!.Value);

        // Money that came in counts, however late it is told.
        if (links.Read(notice.Reference) is not { Purpose: LinkPurpose.Payment } claims)
            return Problems.Invalid("data.reference", "is not one of ours");

        return await Answers.TakenAsync(async () =>
        {
            var (debt, isNew) = await agreements.TellAsync(claims.Customer, claims.Debt, notice, cancellation);
            return JsonAnswer.Of(new JsonObject { ["payment"] = notice.Payment, ["counted"] = isNew, ["balance"] = debt.Balance });
        });
    }

    private async Task<IResult> OpenAsync(HttpRequest request, string token, LinkPurpose? purpose, Func<LinkClaims, Task<IResult>> open)
    {
        // What is behind a link is nobody's to keep or to pass on.
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        request.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (links.Read(token) is not { Purpose: not LinkPurpose.Payment } claims)
            return Problems.NotFound("there is no such link");

        if (limiter.Wait(claims.Id) is { } wait)
        {
            request.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Results.Problem(detail: "the link is used too often; try again in a minute", statusCode: StatusCodes.Status429TooManyRequests, title: "Too many requests");
        }

        if (claims.Expires <= time.GetUtcNow())
            return Closed();

        return purpose is not null && purpose != claims.Purpose
            ? Results.Problem(detail: "the link is not for this", statusCode: StatusCodes.Status403Forbidden, title: "Not allowed")
            : await Answers.TakenAsync(() => open(claims));
    }

    private static IResult Closed() =>
        Results.Problem(detail: "the link has expired; ask for a new one", statusCode: StatusCodes.Status410Gone, title: "Gone");

    private static IResult Used() => Problems.Conflict("the link has been used for something else; ask for a new one");

    private static string CauseOf(LinkClaims claims) => $"link {claims.Id}";

    private static string Text(DateOnly date) => date.ToString("O", CultureInfo.InvariantCulture);

    private JsonObject Of(Debt debt, DebtCalendar calendar)
    {
        var now = time.GetUtcNow();
        var today = calendar.Today(now);
        debt = debt.Advance(now, calendar, []);
        return new JsonObject
        {
            ["currency"] = debt.Currency, ["balance"] = debt.Balance, ["pastDue"] = debt.PastDue(calendar, today), ["daysPastDue"] = debt.DaysPastDue(calendar, today),
            ["nextDue"] = debt.Oldest is { } next ? new JsonObject { ["due"] = Text(next.Due), ["amount"] = next.Unpaid } : null,
            ["promise"] = debt.HasOpenPromise ? new JsonObject { ["amount"] = debt.Promise!.Amount, ["by"] = Text(debt.Promise.By), ["paid"] = debt.Promise.Paid } : null,
            ["plan"] = debt.HasActivePlan ? new JsonObject { ["total"] = debt.Plan!.Total, ["paid"] = debt.Plan.Paid, ["instalments"] = debt.Plan.Instalments.Count } : null,
            ["settlement"] = debt.Settlement is { Status: SettlementStatus.Offered } offer ? new JsonObject { ["amount"] = offer.Amount, ["by"] = Text(offer.By) } : null,
        };
    }
}
