using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Decisions;

public sealed partial record CustomerSnapshot
{
    /// <summary>The rows of a customer that a snapshot is taken from.</summary>
    public static IReadOnlyList<string> Rows { get; } = [CustomerRows.Profile, CustomerRows.ConsentPrefix, CustomerRows.Contacts, CustomerRows.Decisions, CustomerRows.DebtPrefix];

    /// <summary>What a session knows, as of an instant.</summary>
    /// <param name="session">The customer, with <see cref="Rows"/>.</param>
    /// <param name="models">The models in use.</param>
    /// <param name="now">The clock.</param>
    public static CustomerSnapshot Of(CustomerSession session, ModelSet models, DateTimeOffset now)
    {
        var state = new CustomerState();
        state.Read(session.Block.Span);
        var profile = session.Get(CustomerRows.Profile, CustomersJson.Default.Profile);
        return Of(state, profile, models, now) with
        {
            Consents = [.. session.All(CustomerRows.ConsentPrefix, CustomersJson.Default.Consent)],
            Contacts = session.Get(CustomerRows.Contacts, CustomersJson.Default.ContactLedger) ?? ContactLedger.Empty,
            Answers = DecisionHistory.Of(session).Answers,
            Arrears = ArrearsStanding.Of([.. session.All(CustomerRows.DebtPrefix, DebtJson.Default.Debt)], DebtCalendar.Of(profile), now),
        };
    }

    /// <summary>What payments and the bank tell of a customer who has said nothing, was never contacted and owes nothing, as of an instant.</summary>
    public static CustomerSnapshot Of(CustomerState state, Profile? profile, ModelSet models, DateTimeOffset now)
    {
        var asOf = Math.Max(now.ToUnixTimeMilliseconds(), state.Features.NewestDayStart);
        var (row, scores) = (new float[FeatureModel.RowWidth], new float[ScoreCatalogue.Count]);
        state.Features.Fill(asOf, row);
        ScoreSet.Fill(state.Features, asOf, scores);
        var features = row[..FeatureCatalogue.Count];
        var scored = state.Features.NewestDayStart == 0 ? [] : models.All.Where(model => model.Scorer is not null)
            .Select(model => (model.Key, Score: new ModelScore(model.Document.Id, model.Document.Version, (float)model.Scorer!.Score(row),
                model.Scorer.HasLowerBound ? (float)model.Scorer.LowerBound(row) : null)))
            .Where(each => float.IsFinite(each.Score.Score)).ToArray();
        return new CustomerSnapshot
        {
            Now = now,
            HasProfile = profile is not null,
            Profile = Reduced(profile ?? Customers.Profile.Empty),
            Consents = [],
            Contacts = ContactLedger.Empty,
            Answers = [],
            Features = features,
            Scores = scores,
            Changes = new Dictionary<string, float>(ScoreCatalogue.All
                .Select((score, place) => KeyValuePair.Create(score.Name, state.History.ChangeOfFormula(place, scores[place], asOf)))
                .Concat(scored.Select(each => KeyValuePair.Create(each.Score.Id, state.History.ChangeOfModel(each.Key, each.Score.Score, asOf))))
                .Where(change => float.IsFinite(change.Value)), StringComparer.Ordinal),
            Models = [.. scored.Select(each => each.Score)],
        };
    }

    private static System.Text.Json.Nodes.JsonObject Reduced(Profile profile)
    {
        var members = (System.Text.Json.Nodes.JsonObject)profile.Members.DeepClone();
        members.Remove("givenName");
        members.Remove("familyName");
        foreach (var name in (string[])["email", "phone", "address"])
        {
            if (members[name] is not null)
                members[name] = true;
        }

        return members;
    }
}
