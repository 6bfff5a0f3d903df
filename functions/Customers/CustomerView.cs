using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Functions.Collections;
using ServerlessCLM.Functions.Governance;
using ServerlessCLM.Functions.Journeys;
using ServerlessCLM.Journeys;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Customers;

/// <summary>The 360° view of a customer, gathered from one read of the partition.</summary>
internal static class CustomerView
{
    /// <param name="partition">The customer, not erased.</param>
    /// <param name="asOf">The instant that windows end at.</param>
    /// <param name="models">The models in use.</param>
    /// <param name="most">Signals, outcomes and lifecycle events listed at the most, newest first.</param>
    public static JsonObject Of(CustomerPartition partition, DateTimeOffset asOf, ModelSet models, int most = 50)
    {
        var state = new CustomerState();
        state.Read(partition.Block);
        var instant = asOf.ToUnixTimeMilliseconds();
        return new JsonObject
        {
            ["customerId"] = partition.Customer.Value,
            ["asOf"] = Instant.Text(asOf),
            ["profile"] = partition.Of(CustomerRows.Profile).FirstOrDefault()?["members"]?.DeepClone() ?? new JsonObject(),
            ["consents"] = List(partition, CustomerRows.ConsentPrefix, int.MaxValue),
            ["features"] = Features(state.Features, instant),
            ["scores"] = Scores(state, instant, models),
            ["signals"] = Signals(partition, most),
            ["lifecycle"] = List(partition, CustomerRows.LifecyclePrefix, most),
            ["outcomes"] = List(partition, CustomerRows.OutcomePrefix, most),
            ["decisions"] = partition.Of(CustomerRows.Decisions).FirstOrDefault()?["decisions"]?.DeepClone() ?? new JsonArray(),
            ["replies"] = List(partition, CustomerRows.ReplyPrefix, most),
            ["journeys"] = new JsonArray([.. (JourneyBook(partition)?.Entries ?? []).Take(most).Select(entry => (JsonNode)CustomerJourneyRoutes.Describe(entry))]),
            ["debts"] = DebtView.Of(partition, asOf),
            ["cases"] = List(partition, CustomerRows.CasePrefix, most),
            ["contacts"] = partition.Of(CustomerRows.Contacts).FirstOrDefault()?["contacts"]?.DeepClone() ?? new JsonArray(),
        };
    }

    /// <summary>All that is held, for a data-subject request (GDPR articles 15 and 20).</summary>
    public static JsonObject Export(CustomerPartition partition, IReadOnlyList<AuditEntry> trail, DateTimeOffset at, ModelSet models)
    {
        var export = Of(partition, at, models, int.MaxValue);
        export["exportedAt"] = Instant.Text(at);
        export["profileVersion"] = partition.Of(CustomerRows.Profile).FirstOrDefault()?["version"]?.DeepClone();
        export["protectedGroups"] = partition.Of(CustomerRows.ProtectedGroups).FirstOrDefault()?.DeepClone();
        export["predictions"] = List(partition, CustomerRows.PredictionPrefix, int.MaxValue);
        export["audit"] = new JsonArray([.. trail.Select(entry => (JsonNode)AuditRoutes.Describe(entry))]);
        export["messages"] = List(partition, CustomerRows.MessagePrefix, int.MaxValue);
        export["assistant"] = List(partition, CustomerRows.AssistantPrefix, int.MaxValue);
        export["deliveries"] = List(partition, CustomerRows.DeliveryPrefix, int.MaxValue);
        export["journeySteps"] = List(partition, CustomerRows.JourneyStepPrefix, int.MaxValue);
        export["tasks"] = List(partition, CustomerRows.TaskPrefix, int.MaxValue);
        export["evidence"] = List(partition, CustomerRows.EvidencePrefix, int.MaxValue);
        export["pending"] = List(partition, CustomerRows.OutboxPrefix, int.MaxValue);
        return export;
    }

    private static JsonObject Features(FeatureState state, long asOf)
    {
        var vector = new float[FeatureCatalogue.Count];
        state.Fill(asOf, vector);
        var view = new JsonObject();
        for (var i = 0; i < vector.Length; i++)
            view[FeatureCatalogue.All[i].Name] = Number(vector[i]);

        return view;
    }

    private static JsonObject Scores(CustomerState customer, long asOf, ModelSet models)
    {
        var state = customer.Features;
        var scores = new float[ScoreCatalogue.Count];
        ScoreSet.Fill(state, asOf, scores);
        var view = new JsonObject();
        for (var i = 0; i < scores.Length; i++)
        {
            var score = ScoreCatalogue.All[i];
            view[score.Name] = new JsonObject
            {
                ["value"] = Number(scores[i]), ["change30d"] = Number(customer.History.ChangeOfFormula(i, scores[i], asOf)), ["history"] = History(customer.History.OfFormula(i)), ["range"] = score.Range, ["meaning"] = score.Definition,
            };
        }

        if (state.NewestDayStart == 0)
            return view;

        var row = new float[FeatureModel.RowWidth];
        state.Fill(Math.Max(asOf, state.NewestDayStart), row);
        foreach (var model in models.All)
        {
            if (model.Scorer is not { } scorer)
                continue;

            var change = customer.History.ChangeOfModel(model.Key, (float)scorer.Score(row), asOf);
            var score = Score(model.Document, scorer, row, change, customer.Scores.IsRaised(model.Key));
            score["history"] = History(customer.History.OfModel(model.Key));
            view[model.Document.Id] = score;
        }

        return view;
    }

    /// <summary>A score as it stood at the first scoring of each half-month that is kept, the oldest first.</summary>
    private static JsonArray History(IEnumerable<(int Day, float Value)> kept) => new([.. kept.Select(each => (JsonNode)new JsonObject
    {
        ["day"] = DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(each.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["value"] = Number(each.Value),
    })]);

    /// <summary>A model's score with what moved it.</summary>
    private static JsonObject Score(ModelDocument document, FeatureModel scorer, float[] row, float change, bool raised)
    {
        var view = new JsonObject
        {
            ["value"] = Number((float)scorer.Score(row)),
            ["change30d"] = Number(change),
            ["model"] = PredictionLog.NameOf(document),
            ["meaning"] = document.Label,
            ["reasons"] = new JsonArray([.. ScoreReasons.Of(scorer, row).Select(reason => (JsonNode)new JsonObject
            {
                ["feature"] = reason.Feature.Name, ["phrase"] = reason.Feature.Phrase, ["value"] = Number(reason.Value), ["effect"] = Math.Round(reason.Effect, 4),
            })]),
        };
        if (scorer.Horizons.Count > 0)
        {
            var path = new double[scorer.Horizons.Count];
            scorer.Path(row, path);
            var within = new JsonObject();
            for (var i = 0; i < path.Length; i++)
                within[$"{scorer.Horizons[i]}d"] = Number((float)path[i]);
            view["within"] = within;
        }

        if (scorer.HasLowerBound)
            view["lowerBound"] = Number((float)scorer.LowerBound(row));
        if (scorer.Hours.Any())
            view["byHour"] = new JsonObject(scorer.Hours.Select(hour => KeyValuePair.Create(hour.ToString(CultureInfo.InvariantCulture), Number((float)scorer.ScoreAt(row, hour)))));

        if (document.Alert is { } alert)
        {
            (view["cut"], view["raised"]) = (alert.Cut, raised);
            view["change"] = ChangeBelow(scorer, row, alert.Cut);
        }

        return view;
    }

    /// <summary>What would bring a score below its cut; empty where it is there, null where nothing in the customer's reach would.</summary>
    private static JsonArray? ChangeBelow(FeatureModel scorer, float[] row, double cut) =>
        Counterfactual.Find(scorer, row, cut) is not { } changes ? null : new JsonArray([.. changes.Select(change => (JsonNode)new JsonObject
        {
            ["feature"] = change.Lever.Feature.Name, ["advice"] = change.Lever.Advice, ["from"] = Number(change.From), ["to"] = Number(change.To),
        })]);

    /// <summary>Signals with what their figures mean.</summary>
    private static JsonArray Signals(CustomerPartition partition, int most)
    {
        var signals = List(partition, CustomerRows.SignalPrefix, most);
        foreach (var signal in signals)
        {
            if (SignalCatalogue.KindOf((string)signal!["name"]!) is not { } kind)
                continue;

            var definition = SignalCatalogue.All[(int)kind];
            signal["meaning"] = definition.Definition;
            signal["observedIs"] = definition.Observed;
            signal["referenceIs"] = definition.Reference;
        }

        return signals;
    }

    private static JourneyBook? JourneyBook(CustomerPartition partition) =>
        partition.Of(CustomerRows.Journeys).FirstOrDefault()?.Deserialize(JourneysJson.Default.JourneyBook);

    private static JsonArray List(CustomerPartition partition, string prefix, int most) => [.. partition.Of(prefix).Take(most)];

    /// <summary>JSON has no NaN: a missing value is null.</summary>
    private static JsonNode? Number(float value) => float.IsFinite(value) ? JsonValue.Create(value) : null;
}
