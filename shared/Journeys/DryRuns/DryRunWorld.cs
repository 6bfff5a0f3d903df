using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Experiments;

namespace ServerlessCLM.Journeys;

/// <summary>
/// What happens to one customer of a dry run. Each draw follows from the seed, the customer and what it is about alone, never from the journey: two
/// versions meet the same luck, so that what differs between their figures is the versions'.
/// </summary>
internal sealed class DryRunWorld(int seed, string customer, DryRunAssumptions assumed)
{
    /// <summary>Within which time after a message its outcomes come, and what it brings about.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromHours(48), Later = TimeSpan.FromDays(3);

    private static readonly (string One, string Other)[] Opposites = [("delivered", "bounced"), ("accept", "reject")];

    /// <summary>A number in [0, 1) for what it is about.</summary>
    public double Draw(string about) => Assignment.Place($"dry run\n{seed}", $"{customer}\n{about}");

    /// <summary>Signals that come by themselves, at exponential gaps.</summary>
    public IEnumerable<JourneyHappening> Signals(DateTimeOffset start, TimeSpan lasts)
    {
        foreach (var (name, signal) in assumed.Signals)
        {
            if (signal.Per30Days <= 0)
                continue;

            var at = start;
            for (var number = 0; ; number++)
            {
                at += TimeSpan.FromDays(-Math.Log(1 - Draw(Invariant($"signal\n{name}\n{number}"))) * 30 / signal.Per30Days);
                if (at - start > lasts)
                    break;
                yield return Signal(name, signal, Invariant($"{name}-{number}"), at);
            }
        }
    }

    /// <summary>What comes of a message.</summary>
    /// <param name="template">Which, and for the how manyth time, so that versions that send the same have the same luck with it.</param>
    /// <param name="number">From 1.</param>
    /// <param name="message">Its id.</param>
    /// <param name="offers">Whether it makes an offer.</param>
    /// <param name="sent">When.</param>
    public IEnumerable<JourneyHappening> After(string template, int number, string message, bool offers, DateTimeOffset sent)
    {
        var cause = Invariant($"{template}\n{number}");
        foreach (var (outcome, probability) in assumed.Outcomes)
        {
            if (!offers && outcome is "accept" or "reject")
                continue;

            var (about, isOther) = (outcome, false);
            foreach (var (one, other) in Opposites)
                (about, isOther) = outcome == other ? (one, true) : (about, isOther);
            var draw = Draw($"outcome\n{about}\n{cause}");
            if (isOther ? draw < 1 - probability : draw >= probability)
                continue;

            var at = outcome is "delivered" or "bounced" ? sent.AddMinutes(1) : sent + TimeSpan.FromMinutes(2) + (Soon * Draw($"when\n{outcome}\n{cause}"));
            yield return new JourneyHappening($"{message}-{outcome}", HappeningKind.Outcome, outcome, at, new JsonObject { ["message"] = message, ["outcome"] = outcome });
        }

        foreach (var (name, signal) in assumed.Signals)
        {
            if (Draw($"brought about\n{name}\n{cause}") < signal.AfterContact)
                yield return Signal(name, signal, $"{name}-after-{message}", sent + TimeSpan.FromMinutes(2) + (Later * Draw($"when\n{name}\n{cause}")));
        }
    }

    private static JourneyHappening Signal(string name, AssumedSignal signal, string id, DateTimeOffset at)
    {
        var data = (JsonObject)signal.Data.DeepClone();
        data["name"] = name;
        return new JourneyHappening(id, HappeningKind.Signal, name, at, data);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
