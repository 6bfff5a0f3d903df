using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Collections;

/// <summary>What is owed, and what people of the bank agree about it with the customer.</summary>
public sealed class DebtRoutes(
    CustomerStore store, DebtAgreements agreements, SelfCure selfCure, SelfServiceLinks links, SelfServiceOptions options, CustomerReference names, Principals principals,
    TimeProvider time)
{
    [Function("GetDebts")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/debts")] HttpRequest request,
        string customerId, CancellationToken cancellation) => Answers.OnAsync(names, customerId, async customer =>
            await store.ReadAsync(customer, cancellation) is { Erased: null } partition
                ? JsonAnswer.Of(new JsonObject { ["customerId"] = customer.Value, ["debts"] = DebtView.Of(partition, time.GetUtcNow()) })
                : CustomerRoutes.Unknown(customer));

    [Function("MakePromise")]
    public Task<IResult> PromiseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/debts/{debt}/promise")] HttpRequest request,
        string customerId, string debt, CancellationToken cancellation) => AgreeAsync(request, customerId, async (customer, body, principal, cause) =>
        {
            if (!Answers.TryAmount(body, "amount", out var amount) || amount is null)
                return Problems.Invalid("amount", Answers.AmountRule);

            return !Answers.TryDate(body, "by", out var by)
                ? Problems.Invalid("by", "must be a date like 2027-03-31")
                : Answer(await agreements.PromiseAsync(customer, debt, amount.Value, by, Party.Agent(principal), cause, cancellation));
        }, cancellation);

    /// <remarks>The plan that could be agreed, or why there is none; changes nothing.</remarks>
    [Function("ProposePlan")]
    public Task<IResult> ProposePlanAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/debts/{debt}/plan")] HttpRequest request,
        string customerId, string debt, CancellationToken cancellation) => Answers.OnAsync(names, customerId, async customer =>
            JsonAnswer.Of(DebtView.Of(await agreements.ProposePlanAsync(customer, debt, null, Party.SelfService, cancellation))));

    [Function("AgreePlan")]
    public Task<IResult> AgreePlanAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/debts/{debt}/plan")] HttpRequest request,
        string customerId, string debt, CancellationToken cancellation) => AgreeAsync(request, customerId, async (customer, body, principal, cause) =>
        {
            if (!Answers.TryWhole(body, "months", 1, 120, out var months))
                return Problems.Invalid("months", "must be a whole number from 1 to 120");

            foreach (var name in (string[])["income", "spending"])
            {
                if (!Answers.TryAmount(body, name, out _))
                    return Problems.Invalid(name, Answers.AmountRule);
            }

            Answers.TryAmount(body, "income", out var income);
            Answers.TryAmount(body, "spending", out var spending);
            var stated = income is null && spending is null ? null : new StatedBudget(income, spending);
            return Answer(await agreements.AgreePlanAsync(customer, debt, months, stated, Party.Agent(principal), cause, cancellation));
        }, cancellation);

    [Function("ProposeSettlement")]
    public Task<IResult> ProposeSettlementAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/debts/{debt}/settlement")] HttpRequest request,
        string customerId, string debt, CancellationToken cancellation) => AgreeAsync(request, customerId, async (customer, body, principal, cause) =>
            Answers.TryAmount(body, "amount", out var amount)
                ? Answer(await agreements.ProposeSettlementAsync(customer, debt, amount, principal, cause, cancellation))
                : Problems.Invalid("amount", Answers.AmountRule), cancellation);

    /// <remarks>Another person than the one who proposed it approves or refuses.</remarks>
    [Function("DecideSettlement")]
    public Task<IResult> DecideSettlementAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/debts/{debt}/settlement/{settlement}/approval")] HttpRequest request,
        string customerId, string debt, string settlement, CancellationToken cancellation) => AgreeAsync(request, customerId, async (customer, body, principal, _) =>
            body["approved"]?.GetValueKind() is JsonValueKind.True or JsonValueKind.False
                ? Answer(await agreements.DecideSettlementAsync(customer, debt, settlement, body["approved"]!.GetValue<bool>(), principal, cancellation))
                : Problems.Invalid("approved", "must be true or false"), cancellation);

    /// <remarks>A link of self-service, to be put into a message.</remarks>
    [Function("CreateLink")]
    public Task<IResult> LinkAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/debts/{debt}/links")] HttpRequest request,
        string customerId, string debt, CancellationToken cancellation) => Answers.OnAsync(names, customerId, async customer =>
        {
            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
            if (problem is not null)
                return problem;

            LinkPurpose? purpose = Answers.Text(body!, "purpose") switch { "view" => LinkPurpose.View, "promise" => LinkPurpose.Promise, "plan" => LinkPurpose.Plan, _ => null };
            if (purpose is null)
                return Problems.Invalid("purpose", "must be view, promise or plan");

            if (!Answers.TryWhole(body!, "hours", 1, (int)SelfServiceLinks.Longest.TotalHours, out var hours))
                return Problems.Invalid("hours", $"must be a whole number from 1 to {(int)SelfServiceLinks.Longest.TotalHours}");

            if (await store.ReadAsync(customer, cancellation) is not { Erased: null } partition || DebtView.All(partition).All(known => known.Id != debt))
                return Problems.NotFound($"the customer has no debt {debt}");

            var now = time.GetUtcNow();
            var expires = now + (hours is { } asked ? TimeSpan.FromHours(asked) : options.Validity);
            var token = links.Create(customer, debt, purpose.Value, Answers.CauseOf(request, body, now), expires);
            return JsonAnswer.Of(new JsonObject { ["url"] = options.Page + token, ["token"] = token, ["expires"] = Instant.Text(expires) });
        });

    /// <remarks>Whether young arrears are left alone, by the experiment that proves it.</remarks>
    [Function("DecideSelfCure")]
    public Task<IResult> SelfCureAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/debts/{debt}/self-cure")] HttpRequest request,
        string customerId, string debt, CancellationToken cancellation) => Answers.OnAsync(names, customerId, async customer =>
        {
            var decided = await selfCure.DecideAsync(customer, debt, cancellation);
            return JsonAnswer.Of(new JsonObject
            {
                ["leftAlone"] = decided.Until is not null, ["until"] = decided.Until?.ToString("O"), ["chance"] = decided.Chance is { } chance ? Math.Round(chance, 4) : null,
                ["arm"] = decided.Arm,
            });
        });

    private Task<IResult> AgreeAsync(
        HttpRequest request, string customerId, Func<CustomerId, JsonObject, string, string, Task<IResult>> agree, CancellationToken cancellation) =>
        Answers.OnAsync(names, customerId, async customer =>
        {
            if (!principals.TryGet(request, out var principal, out var unknown))
                return unknown;

            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
            return problem ?? await agree(customer, body!, principal, Answers.CauseOf(request, body, time.GetUtcNow()));
        });

    private static IResult Answer(Debt debt) => JsonAnswer.Of(JsonSerializer.SerializeToNode(debt, DebtJson.Default.Debt)!.AsObject());
}
