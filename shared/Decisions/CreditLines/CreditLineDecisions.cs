using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.AdverseAction;
using ServerlessCLM.Documents;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Decisions.CreditLines;

/// <summary>A recommendation with what it stands on, or why there is none.</summary>
public sealed record LineRecommendation(string Policy, LineDecision Decision, CreditLineInput Input, IReadOnlyDictionary<string, string> Models);

/// <summary>Nothing can be said about the customer's line; the message says what is missing.</summary>
public sealed class NoCreditLineException(string reason) : Exception(reason);

/// <summary>Recommends lines from the stream's features and the models in use, and takes decisions.</summary>
/// <remarks>
/// PD within a year comes from the chance of missing the first payment within 90 days: 1 − (1 − p)^(365/90), times the defaults over missed payments of
/// the policy. LGD is the model's, and 0.75 while no model gives one.
/// </remarks>
public sealed class CreditLineDecisions(CustomerStore store, LiveModels models, DutyIndex duties, Outbox outbox, SoleDocument<CreditLinePolicy> policies, TimeProvider time)
{
    public const string PdModel = "pre_delinquency", LgdModel = "loss_given_default";

    private const double UnknownLgd = 0.75, YearOverHorizon = 365.0 / 90;

    /// <summary>What would be decided now; null where nothing is known of the customer. Nothing is kept.</summary>
    /// <exception cref="NoCreditLineException">The customer has no line, or no model gives a PD.</exception>
    public async Task<(CustomerPartition Partition, LineRecommendation Recommendation)?> RecommendAsync(CustomerId customer, CancellationToken cancellation)
    {
        if (await store.ReadAsync(customer, cancellation) is not { Erased: null } partition)
            return null;

        var policy = await policies.GetAsync(cancellation);
        var live = await models.GetAsync(cancellation);
        var profile = partition.Of(CustomerRows.Profile).FirstOrDefault()?["members"] as JsonObject;
        var last = partition.Of(CustomerRows.CreditPrefix).FirstOrDefault(row => (string?)row["change"] is "Increase" or "Decrease");
        var input = InputOf(policy, partition.Block, profile, Statements(partition), InstantOf(last?["at"]), live, time.GetUtcNow(), out var used);
        return (partition, new LineRecommendation(policy.ToString(), CreditLineRules.Decide(policy, input), input, used));
    }

    /// <summary>
    /// Takes the decision of the day. A decrease owes a notice with its reasons within thirty days; repeated, the decision of the day is given again.
    /// </summary>
    /// <exception cref="NoCreditLineException">As for a recommendation.</exception>
    public async Task<CreditDecision?> DecideAsync(CustomerId customer, CancellationToken cancellation)
    {
        if (await RecommendAsync(customer, cancellation) is not { } found)
            return null;

        var now = time.GetUtcNow();
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var id = Digest64.Of(string.Create(CultureInfo.InvariantCulture, $"{customer}\ncredit-line\n{day:yyyyMMdd}")).ToString("x16", CultureInfo.InvariantCulture);
        var row = CustomerRows.Dated(CustomerRows.CreditPrefix, day.ToUnixTimeMilliseconds(), id);
        var decision = DecisionOf(id, now, found.Recommendation);
        if (decision.Change == LineChange.Decrease)
            await duties.AnnounceAsync(DutyOf(customer, NoticeOf(decision)), cancellation);

        var commit = await store.UpdateAsync(customer, session =>
        {
            if (session.Get(row, CreditJson.Default.CreditDecision) is { } known)
                return known;

            session.Put(row, decision, CreditJson.Default.CreditDecision);
            session.Record(new AuditRecord("credit-line", now, JsonSerializer.SerializeToNode(decision, CreditJson.Default.CreditDecision)!.AsObject()));
            if (decision.Change == LineChange.Decrease)
                session.Put(CustomerRows.Notice(id), NoticeOf(decision), CreditJson.Default.AdverseActionNotice);
            if (decision.Change != LineChange.Keep)
                SignalEffects.Raise(session, new LifecycleRow(id, decision.Change == LineChange.Decrease ? "credit_line_decreased" : "credit_line_increased", now, null));
            return decision;
        }, cancellation, row);
        if (commit.Outbox is { } entry)
            await outbox.DispatchAsync([entry], cancellation);
        return commit.Result;
    }

    internal static Duty DutyOf(CustomerId customer, AdverseActionNotice notice) => new(DutyKind.Notice, customer, notice.Id, notice.DueBy);

    private static AdverseActionNotice NoticeOf(CreditDecision decision) =>
        new(decision.Id, decision.At, decision.At + AdverseActionNotice.Within, decision.Reasons);

    private static CreditDecision DecisionOf(string id, DateTimeOffset now, LineRecommendation recommendation)
    {
        var (policy, decision, input, used) = recommendation;
        return new CreditDecision(
            id, now, policy, used,
            new CreditFigures(input.Line, input.Balance, input.Pd, input.Lgd, input.YearlySpend, input.MonthlyIncome, input.MonthlyObligations, input.Age, input.PersistentDebt),
            decision.Change, decision.Line, decision.Limits, decision.Reasons, decision.Otherwise,
            ["payments: balance, credit limit, card spend, income and obligations of the last months", "profile: monthlyIncome, birthDate, flags",
                "card statements of up to 36 months", .. used.Values.Select(model => $"model {model} on the features of docs/features.md")]);
    }

    private static CreditLineInput InputOf(
        CreditLinePolicy policy, byte[]? block, JsonObject? profile, IEnumerable<CardStatement> statements, DateTimeOffset? lastChange, ModelSet live, DateTimeOffset now,
        out IReadOnlyDictionary<string, string> used)
    {
        var state = new CustomerState();
        state.Read(block);
        if (!state.Features.TryNewestBalance(out var balance, out var limit, out _) || limit <= 0)
            throw new NoCreditLineException("no payment has told a credit limit yet: the customer has no line that is known");

        if (live.Find(PdModel) is not { Scorer: { } scorer } pd)
            throw new NoCreditLineException($"no model '{PdModel}' is in use: nothing gives a risk of default");

        var row = new float[FeatureModel.RowWidth];
        var asOf = Math.Max(now.ToUnixTimeMilliseconds(), state.Features.NewestDayStart);
        state.Features.Fill(asOf, row);
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["pd"] = PredictionLog.NameOf(pd.Document) };
        var missed = Math.Clamp(scorer.Score(row), 0, 1);
        var lgd = UnknownLgd;
        if (live.Find(LgdModel) is { Scorer: { } loss } document)
        {
            lgd = Math.Clamp(loss.Score(row), 0, 1);
            names["lgd"] = PredictionLog.NameOf(document.Document);
        }

        used = names;
        var vector = row[..FeatureCatalogue.Count];
        return new CreditLineInput(
            Units(limit), Math.Max(0, -Units(balance)),
            (1 - Math.Pow(1 - missed, YearOverHorizon)) * policy.Economics.DefaultGivenMissed, lgd,
            Money(vector[(int)Feature.PurchaseAmount90d]) * 365 / 90, IncomeOf(profile, vector), Money(vector[(int)Feature.ObligationAmount90d]) / 3,
            AgeOf(profile, now), lastChange is { } changed ? (int)(now - changed).TotalDays : null, PersistentDebt.Stage(statements, now), FlagsOf(profile),
            [.. policy.Difficulty.Where(mark => vector[FeatureCatalogue.IndexOf(mark.Feature)] > mark.Above).Select(mark => FeatureCatalogue.All[FeatureCatalogue.IndexOf(mark.Feature)])],
            [.. ScoreReasons.Of(scorer, row).Select(reason => reason.Feature)]);
    }

    /// <summary>The lower of what the customer stated and what the payments show; what only one of them knows, where the other knows nothing.</summary>
    private static decimal? IncomeOf(JsonObject? profile, float[] vector)
    {
        var seen = vector[(int)Feature.SalaryMean];
        decimal? stated = profile?["monthlyIncome"] is { } node && node.AsValue().TryGetValue(out decimal value) ? value : null;
        return !float.IsFinite(seen) ? stated : stated is { } said ? Math.Min(said, Money(seen)) : Money(seen);
    }

    private static int? AgeOf(JsonObject? profile, DateTimeOffset now)
    {
        if (!DateOnly.TryParseExact((string?)profile?["birthDate"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born))
            return null;

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return today.Year - born.Year - (today.DayOfYear < born.DayOfYear ? 1 : 0);
    }

    private static List<string> FlagsOf(JsonObject? profile) => profile?["flags"] is JsonObject flags
        ? [.. flags.Where(flag => flag.Value?.GetValueKind() == JsonValueKind.True).Select(flag => flag.Key)]
        : [];

    /// <summary>Lifecycle events <c>card_statement</c> with <c>charges</c> and <c>repaid</c> as numbers.</summary>
    private static IEnumerable<CardStatement> Statements(CustomerPartition partition)
    {
        foreach (var row in partition.Of(CustomerRows.LifecyclePrefix).Where(row => (string?)row["name"] == "card_statement"))
        {
            if (row["details"] is JsonObject details && InstantOf(row["at"]) is { } at && Number(details["charges"]) is { } charges && Number(details["repaid"]) is { } repaid)
                yield return new CardStatement(at, charges, repaid);
        }
    }

    private static decimal? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out decimal value) ? value : null;

    private static DateTimeOffset? InstantOf(JsonNode? node) => Instant.TryParse((string?)node, out var at) ? at : null;

    private static decimal Units(long tenThousandths) => tenThousandths / 10_000m;

    private static decimal Money(float value) => float.IsFinite(value) ? (decimal)Math.Round(value, 2) : 0;
}
