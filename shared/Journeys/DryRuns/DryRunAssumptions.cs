using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys;

/// <summary>How often a signal is taken to come.</summary>
/// <param name="Per30Days">Times in 30 days, whatever the bank does; 0 to 60.</param>
/// <param name="AfterContact">Probability that a message that was sent brings it about within three days.</param>
public sealed record AssumedSignal(double Per30Days, double AfterContact)
{
    /// <summary>Its members, as expressions see them.</summary>
    public JsonObject Data { get; init; } = [];
}

/// <summary>What a dry run takes customers, employees and endpoints to do. It is part of the answer, so that everybody sees what the figures rest on.</summary>
public sealed record DryRunAssumptions
{
    private static readonly AssumedSignal Wanted = new(0.5, 0.1), Unwanted = new(0.05, 0);

    /// <summary>By name; those that the journey listens to and that are not named come as <see cref="For"/> says.</summary>
    public IReadOnlyDictionary<string, AssumedSignal> Signals { get; init; } = new Dictionary<string, AssumedSignal>();

    /// <summary>Probability of each outcome of a message; accept and reject are of offers alone, and exclude each other as delivered and bounced do.</summary>
    public IReadOnlyDictionary<string, double> Outcomes { get; init; } = new Dictionary<string, double>();

    /// <summary>Members of what starts the journey, as expressions see them in <c>signal</c>.</summary>
    public JsonObject Entry { get; init; } = [];

    /// <summary>Share of people's tasks that are answered before they are late; each outcome is as likely.</summary>
    public double Tasks { get; init; } = 0.7;

    /// <summary>Probability that an instalment of a plan comes in time.</summary>
    public double Instalments { get; init; } = 0.85;

    /// <summary>Probability that an endpoint answers. None is called.</summary>
    public double Webhooks { get; init; } = 1;

    /// <summary>Share of simulated customers who consent, by purpose and channel.</summary>
    public double Consents { get; init; } = 0.8;

    private static readonly Dictionary<string, double> UsualOutcomes = new(StringComparer.Ordinal)
    {
        ["delivered"] = 0.97, ["bounced"] = 0.02, ["impression"] = 0.4, ["click"] = 0.12, ["reply"] = 0.02, ["conversation"] = 0.02, ["accept"] = 0.06, ["reject"] = 0.05,
        ["complaint"] = 0.001, ["opt_out"] = 0.003,
    };

    private static readonly string[] Known =
        ["delivered", "bounced", "impression", "click", "reply", "conversation", "unanswered", "accept", "reject", "convert", "payment", "complaint", "opt_out"];

    /// <summary>The same with every signal that journeys listen to.</summary>
    /// <param name="journeys">What is compared.</param>
    /// <param name="lives">Whether customers live on, so that the signals of scoring come from their payments unless an assumption names them.</param>
    public DryRunAssumptions For(IEnumerable<JourneyDocument> journeys, bool lives)
    {
        var signals = new SortedDictionary<string, AssumedSignal>(StringComparer.Ordinal);
        foreach (var journey in journeys)
        {
            foreach (var name in journey.ExitOn)
                signals.TryAdd(name, Unwanted);
            foreach (var name in (journey.Goal?.Signal ?? []).Concat(journey.Nodes.Values.OfType<WaitForNode>().SelectMany(node => node.WaitFor.Signal)))
                signals[name] = Wanted;
        }

        if (lives)
        {
            foreach (var scored in SignalCatalogue.All)
                signals.Remove(scored.Name);
        }

        foreach (var (name, given) in Signals)
            signals[name] = given;
        var outcomes = new SortedDictionary<string, double>(UsualOutcomes, StringComparer.Ordinal);
        foreach (var (name, given) in Outcomes)
            outcomes[name] = given;
        return this with { Signals = signals, Outcomes = outcomes };
    }

    /// <returns>What is wrong with it.</returns>
    public static Rejection? Read(JsonObject body, out DryRunAssumptions assumed)
    {
        assumed = new DryRunAssumptions();
        var (signals, outcomes) = (new Dictionary<string, AssumedSignal>(StringComparer.Ordinal), new Dictionary<string, double>(StringComparer.Ordinal));
        foreach (var (name, value) in body)
        {
            var path = $"assume.{Rejection.Shorten(name, 64)}";
            switch (name)
            {
                case "signals" or "outcomes" or "entry" when value is not JsonObject:
                    return new Rejection(path, "must be an object");
                case "signals":
                    if (ReadSignals(value!.AsObject(), signals) is { } wrong)
                        return wrong;
                    break;
                case "outcomes":
                    foreach (var (outcome, chance) in value!.AsObject())
                    {
                        if (!Known.Contains(outcome))
                            return new Rejection($"{path}.{Rejection.Shorten(outcome, 64)}", $"is no outcome of a message; there are {string.Join(", ", Known)}");
                        if (Number(chance, 1) is not { } probability)
                            return new Rejection($"{path}.{outcome}", "must be a probability from 0 to 1");
                        outcomes[outcome] = probability;
                    }

                    break;
                case "entry":
                    assumed = assumed with { Entry = value!.AsObject() };
                    break;
                case "tasks" or "instalments" or "webhooks" or "consents":
                    if (Number(value, 1) is not { } share)
                        return new Rejection(path, "must be a share from 0 to 1");
                    assumed = name switch
                    {
                        "tasks" => assumed with { Tasks = share },
                        "instalments" => assumed with { Instalments = share },
                        "webhooks" => assumed with { Webhooks = share },
                        _ => assumed with { Consents = share },
                    };
                    break;
                default:
                    return new Rejection(path, "is not a member; there are signals, outcomes, entry, tasks, instalments, webhooks, consents");
            }
        }

        assumed = assumed with { Signals = signals, Outcomes = outcomes };
        return null;
    }

    private static Rejection? ReadSignals(JsonObject given, Dictionary<string, AssumedSignal> signals)
    {
        foreach (var (name, value) in given)
        {
            var path = $"assume.signals.{Rejection.Shorten(name, 64)}";
            if (value is not JsonObject members)
                return new Rejection(path, "must be an object with per30Days, afterContact, data");
            var signal = new AssumedSignal(0, 0);
            foreach (var (member, content) in members)
            {
                switch (member)
                {
                    case "per30Days" when Number(content, 60) is { } rate:
                        signal = signal with { Per30Days = rate };
                        break;
                    case "per30Days":
                        return new Rejection($"{path}.per30Days", "must be a number from 0 to 60");
                    case "afterContact" when Number(content, 1) is { } probability:
                        signal = signal with { AfterContact = probability };
                        break;
                    case "afterContact":
                        return new Rejection($"{path}.afterContact", "must be a probability from 0 to 1");
                    case "data" when content is JsonObject data:
                        signal = signal with { Data = data };
                        break;
                    default:
                        return new Rejection($"{path}.{Rejection.Shorten(member, 64)}", member == "data" ? "must be an object" : "is not a member; there are per30Days, afterContact, data");
                }
            }

            signals[name] = signal;
        }

        return null;
    }

    private static double? Number(JsonNode? node, double most) =>
        node?.GetValueKind() == JsonValueKind.Number && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= most ? number : null;
}
