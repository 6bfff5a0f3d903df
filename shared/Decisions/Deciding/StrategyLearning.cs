using System.Text.Json;

namespace ServerlessCLM.Decisions;

/// <summary>How often an action was accepted and not accepted so far; shares of an answer count as such.</summary>
public readonly record struct AnswerCounts(double Accepted, double Declined);

/// <summary>Where a budget stands.</summary>
/// <param name="Price">Shadow price, in value per unit.</param>
/// <param name="Left">What is left of it in the period; infinite where nobody counts.</param>
public readonly record struct BudgetState(double Price, double Left);

/// <summary>What has been learned under a strategy: part of every decision's record, so that it can be made again.</summary>
/// <param name="Answers">By action; those that nobody has been asked about are left out.</param>
/// <param name="Budgets">In the order of the strategy's budgets; empty where none is tracked.</param>
public sealed record StrategyLearning(IReadOnlyDictionary<string, AnswerCounts> Answers, IReadOnlyList<BudgetState> Budgets)
{
    public static readonly StrategyLearning None = new(new Dictionary<string, AnswerCounts>(), []);

    public double[] Prices() => [.. Budgets.Select(budget => budget.Price)];

    public bool IsSame(StrategyLearning other) => Budgets.SequenceEqual(other.Budgets) && Answers.Count == other.Answers.Count
        && Answers.All(answer => other.Answers.TryGetValue(answer.Key, out var counts) && counts == answer.Value);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("answers");
        foreach (var (action, counts) in Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal))
        {
            writer.WriteStartArray(action);
            writer.WriteNumberValue(counts.Accepted);
            writer.WriteNumberValue(counts.Declined);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("budgets");
        foreach (var budget in Budgets)
        {
            writer.WriteStartObject();
            writer.WriteNumber("price", budget.Price);
            if (double.IsFinite(budget.Left))
                writer.WriteNumber("left", budget.Left);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static StrategyLearning Read(JsonElement element) => new(
        element.GetProperty("answers").EnumerateObject().ToDictionary(
            answer => answer.Name, answer => new AnswerCounts(answer.Value[0].GetDouble(), answer.Value[1].GetDouble()), StringComparer.Ordinal),
        [.. element.GetProperty("budgets").EnumerateArray().Select(budget => new BudgetState(
            budget.GetProperty("price").GetDouble(), budget.TryGetProperty("left", out var left) ? left.GetDouble() : double.PositiveInfinity))]);
}
