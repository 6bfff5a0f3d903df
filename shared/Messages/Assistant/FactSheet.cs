using System.Text.Json;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Messages.Assistant;

/// <summary>What the product knows of a customer that may be told to them, as facts.</summary>
public static class FactSheet
{
    /// <summary>Single precision keeps the cents of what is smaller.</summary>
    private const float MostExact = 100_000;

    /// <summary>
    /// <c>balance</c>; of the debt, where there is one and not several, <c>amount_due</c>, <c>due</c> and <c>owed</c>; of its plan <c>plan_n_amount</c>, <c>plan_n_date</c>
    /// and <c>plan_total</c>; of an open promise <c>promised</c> and <c>promised_by</c>.
    /// </summary>
    public static IReadOnlyList<Fact> Of(CustomerPartition partition, DateTimeOffset now)
    {
        var facts = new List<Fact>();
        var state = new CustomerState();
        state.Read(partition.Block);
        if (Currency(state.Features.Currency) is { } currency && BalanceOf(state.Features, now) is { } balance)
            facts.Add(new MoneyFact("balance", balance, currency));

        var debts = DebtsOf(partition).Where(debt => debt.Oldest is not null || debt.HasActivePlan).ToList();
        if (debts is not [var only])
            return facts;

        facts.Add(new MoneyFact("owed", only.Balance, only.Currency));
        if (only.HasActivePlan)
        {
            facts.Add(new MoneyFact("plan_total", only.Plan!.Total, only.Currency));
            var left = only.Plan.NextUnpaid is >= 0 and var next ? only.Plan.Instalments.Skip(next).Take(12).ToList() : [];
            for (var i = 0; i < left.Count; i++)
            {
                facts.Add(new MoneyFact(Templates.DeclaredFact.NameOf("plan", i + 1, "amount"), left[i].Amount, only.Currency));
                facts.Add(new DateFact(Templates.DeclaredFact.NameOf("plan", i + 1, "date"), left[i].Due));
            }
        }
        else if (only.Oldest is { } oldest)
        {
            facts.Add(new MoneyFact("amount_due", oldest.Unpaid, only.Currency));
            facts.Add(new DateFact("due", oldest.Due));
        }

        if (only is { HasOpenPromise: true, Promise: { } promise })
        {
            facts.Add(new MoneyFact("promised", promise.Amount, only.Currency));
            facts.Add(new DateFact("promised_by", promise.By));
        }

        return facts;
    }

    internal static IEnumerable<Debt> DebtsOf(CustomerPartition partition) => partition.Rows
        .Where(row => row.Key.StartsWith(CustomerRows.DebtPrefix, StringComparison.Ordinal))
        .Select(row => JsonSerializer.Deserialize(row.Value, DebtJson.Default.Debt)!);

    private static decimal? BalanceOf(FeatureState features, DateTimeOffset now)
    {
        var vector = new float[FeatureCatalogue.Count];
        features.Fill(now.ToUnixTimeMilliseconds(), vector);
        var balance = vector[FeatureCatalogue.IndexOf("balance")];
        // A balance below nothing has a sign that amounts in texts do not have: a person explains it.
        return balance is >= 0 and < MostExact ? decimal.Round((decimal)balance, 2) : null;
    }

    private static string? Currency(uint code) => code == 0 ? null : new string([(char)(code & 0xFF), (char)((code >> 8) & 0xFF), (char)((code >> 16) & 0xFF)]);
}
