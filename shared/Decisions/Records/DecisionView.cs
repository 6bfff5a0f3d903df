using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>A record as JSON with names in place of places.</summary>
public static class DecisionView
{
    /// <summary>The member that repeats the digest of the whole.</summary>
    internal const string RecordDigest = "recordDigest";

    /// <param name="record">The decision.</param>
    /// <param name="decided">The case that it was made of.</param>
    /// <param name="explained">Whether losers are told why not, and what would let them win.</param>
    public static JsonObject Of(DecisionRecord record, DecisionCase decided, bool explained)
    {
        var strategy = decided.Strategy.Strategy;
        var choice = record.Choice;
        return new JsonObject
        {
            ["decisionId"] = record.Id,
            ["customerId"] = record.Customer.Value,
            ["at"] = Instant.Text(record.Inputs.Now),
            ["cause"] = record.Cause,
            ["request"] = Node(record.Request.Write),
            ["strategy"] = new JsonObject { ["id"] = record.Strategy, ["version"] = record.Version, ["digest"] = record.StrategyDigest },
            ["policies"] = new JsonArray([.. record.Policies.Select(policy => (JsonNode)new JsonObject { ["id"] = policy.Id, ["version"] = policy.Version, ["digest"] = policy.Digest })]),
            ["models"] = new JsonArray([.. record.Inputs.Models.Select(model => (JsonNode)$"{model.Id}@{model.Version}")]),
            ["seed"] = DecisionIds.SeedOf(record.Id).ToString("x16", CultureInfo.InvariantCulture),
            ["choice"] = new JsonObject
            {
                ["action"] = NameOf(strategy, choice.Action), ["probability"] = choice.Probability, ["explored"] = choice.Explored, ["best"] = NameOf(strategy, choice.Best),
            },
            ["groups"] = Node(record.Groups.Write),
            ["actions"] = Actions(record, decided, explained),
            ["contacts"] = new JsonArray([.. record.Contacts.Select(contact => (JsonNode)Contact(contact))]),
            ["learning"] = Node(record.Learning.Write),
            ["inputs"] = Node(record.Inputs.Write),
            ["inputsDigest"] = record.InputsDigest,
            [RecordDigest] = record.Digest,
        };
    }

    private static JsonArray Actions(DecisionRecord record, DecisionCase decided, bool explained)
    {
        var strategy = decided.Strategy.Strategy;
        var ranks = record.Ranking().Index().ToDictionary(each => each.Item, each => each.Index + 1);
        using var whyNot = explained ? new WhyNot(record, decided) : null;
        var actions = new JsonArray();
        for (var place = 0; place < strategy.Actions.Length; place++)
        {
            var (action, outcome) = (strategy.Actions[place], record.Actions.Span[place]);
            var view = new JsonObject { ["id"] = action.Source.Id, ["verdict"] = JsonNamingPolicy.CamelCase.ConvertName(outcome.Verdict.ToString()) };
            if (outcome is { Verdict: > ActionVerdict.Nothing, Answer: not Truth.False })
                view["answer"] = JsonNamingPolicy.CamelCase.ConvertName(outcome.Answer.ToString());
            if (ranks.TryGetValue(place, out var rank))
                view["rank"] = rank;
            if (outcome.Verdict == ActionVerdict.Ranked)
            {
                view["channel"] = action.Channels[outcome.Channel];
                (view["priority"], view["propensity"], view["context"], view["value"]) = (outcome.Priority, outcome.Propensity, outcome.Context, outcome.Value);
                (view["lever"], view["charge"]) = (action.Source.Lever, outcome.Charge);
            }

            var contacts = new JsonObject();
            foreach (var channel in action.Channels)
                contacts[channel] = record.ContactOf(channel, action.Purpose, action.Source.Journey) is { } contact ? Short(contact.Result) : null;
            if (contacts.Count > 0)
                (view["purpose"], view["contacts"]) = (action.Purpose, contacts);
            if (whyNot is not null && place != record.Choice.Action)
                whyNot.Explain(place, view);
            actions.Add((JsonNode)view);
        }

        return actions;
    }

    private static JsonObject Contact(ContactVerdict contact) => new()
    {
        ["channel"] = contact.Channel,
        ["purpose"] = contact.Purpose,
        ["journey"] = contact.Journey,
        ["verdict"] = Short(contact.Result),
        ["obligations"] = Texts(contact.Result.Obligations),
        ["policies"] = Texts(contact.Result.Policies),
        ["verdicts"] = new JsonArray([.. contact.Result.Verdicts.Select(verdict => (JsonNode)new JsonObject
        {
            ["stage"] = JsonNamingPolicy.CamelCase.ConvertName(verdict.Stage.ToString()),
            ["rule"] = verdict.Rule,
            ["verdict"] = Short(verdict.Kind, verdict.Code, verdict.Until),
        })]),
    };

    private static string Short(GateResult result) => Short(result.Kind, result.Code, result.Until);

    /// <summary>As cases of packs have it: <c>allow</c>, <c>refuse:CODE</c>, <c>postpone:INSTANT</c>.</summary>
    private static string Short(VerdictKind kind, string? code, DateTimeOffset? until) => kind switch
    {
        VerdictKind.Allow => "allow",
        VerdictKind.Refuse => $"refuse:{code}",
        _ => until is { } at ? $"postpone:{Instant.Text(at)}" : "postpone",
    };

    private static string? NameOf(CompiledStrategy strategy, int place) => place < 0 ? null : strategy.Actions[place].Source.Id;

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonNode? Node(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return JsonNode.Parse(buffer.WrittenSpan);
    }
}
