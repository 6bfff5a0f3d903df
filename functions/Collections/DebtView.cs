using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Collections;

/// <summary>Debts as they stand at an instant.</summary>
internal static class DebtView
{
    /// <summary>The debts of a customer, in the order of their ids.</summary>
    public static JsonArray Of(CustomerPartition partition, DateTimeOffset asOf)
    {
        var calendar = DebtCalendar.Of(ProfileOf(partition));
        return [.. All(partition).Select(debt => Of(debt, calendar, asOf))];
    }

    public static IEnumerable<Debt> All(CustomerPartition partition) => partition.Of(CustomerRows.DebtPrefix).Select(row => row.Deserialize(DebtJson.Default.Debt)!);

    public static Profile? ProfileOf(CustomerPartition partition) => partition.Of(CustomerRows.Profile).FirstOrDefault().Deserialize(CustomersJson.Default.Profile);

    /// <summary>One debt: as stored, and what its days make of it.</summary>
    public static JsonObject Of(Debt debt, DebtCalendar calendar, DateTimeOffset asOf)
    {
        // Time goes on without a commit; what it brings is raised when the wake index comes by.
        debt = debt.Advance(asOf, calendar, []);
        var today = calendar.Today(asOf);
        var view = JsonSerializer.SerializeToNode(debt, DebtJson.Default.Debt)!.AsObject();
        view["daysPastDue"] = debt.DaysPastDue(calendar, today);
        view["pastDue"] = debt.PastDue(calendar, today);
        view["stage"] = ArrearsStanding.NameOf(debt.Stage(calendar, today));
        view["impairmentStage"] = debt.ImpairmentStage(calendar, today);
        view["clocksPaused"] = calendar.IsPaused(today);
        view["interestStops"] = calendar.IsSuspended(today);
        return view;
    }

    public static JsonObject Of(PlanProposal proposal) => new()
    {
        ["debt"] = proposal.Debt, ["amount"] = proposal.Amount,
        ["budget"] = proposal.Budget is not { } budget ? null : new JsonObject
        {
            ["income"] = budget.Income, ["obligations"] = budget.Obligations, ["living"] = budget.Living, ["disposable"] = budget.Disposable, ["seen"] = budget.IsSeen,
        },
        ["most"] = proposal.Most, ["refused"] = proposal.Refused?.Message,
        ["instalments"] = new JsonArray([.. proposal.Instalments.Select(each => (JsonNode)new JsonObject { ["due"] = each.Due.ToString("O"), ["amount"] = each.Amount })]),
    };

    public static JsonObject Of(CustomerId customer, CollectionsCase @case)
    {
        var view = JsonSerializer.SerializeToNode(@case, CollectionsJson.Default.CollectionsCase)!.AsObject();
        view["customerId"] = customer.Value;
        return view;
    }
}
