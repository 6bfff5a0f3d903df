using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Journeys;

/// <summary>What journeys may name, as it stands.</summary>
/// <param name="Templates">Ids of message templates.</param>
/// <param name="Actions">Ids of the actions of all strategies.</param>
/// <param name="Experiments">Arms by experiment.</param>
/// <param name="Journeys">The journeys in force, by id.</param>
/// <param name="Webhooks">Names of the endpoints in the settings.</param>
public sealed record JourneyNames(
    IReadOnlyCollection<string> Templates, IReadOnlyCollection<string> Actions, IReadOnlyDictionary<string, IReadOnlyList<string>> Experiments,
    IReadOnlyDictionary<string, JourneyDocument> Journeys, IReadOnlyCollection<string> Webhooks);

public sealed partial class JourneyKind
{
    protected override async Task CheckReferencesAsync(JsonObject document, Findings findings, CancellationToken cancellation)
    {
        if (names is null)
            return;

        var (journey, known) = (JourneyJson.Read(document), await names(cancellation));
        foreach (var (name, node) in journey.Nodes)
        {
            var path = JourneyGraph.PathOf(name);
            switch (node)
            {
                case ContactNode contact:
                    CheckKnown(contact.Template, "template", known.Templates, $"{path}.message", findings);
                    if (contact is OfferNode { Offer: not OfferNode.Decided } offer)
                        CheckKnown(offer.Offer, "action", known.Actions, $"{path}.offer", findings);
                    break;
                case DecideNode decide:
                    for (var place = 0; place < decide.Decide.Count; place++)
                        CheckKnown(decide.Decide[place], "action", known.Actions, JsonPath.Item($"{path}.decide", place), findings);
                    break;
                case SplitNode split:
                    CheckArms(split, known, path, findings);
                    break;
                case WebhookNode webhook:
                    CheckKnown(webhook.Webhook, "webhook in the settings", known.Webhooks, $"{path}.webhook", findings);
                    break;
                case SubJourneyNode sub:
                    CheckKnown(sub.Journey, "journey", [.. known.Journeys.Keys], $"{path}.journey", findings);
                    if (Starts(sub.Journey, journey.Id, known, []))
                        findings.Error($"{path}.journey", $"{sub.Journey} starts {journey.Id} in turn: they would go round without end");
                    break;
            }
        }
    }

    private static void CheckArms(SplitNode split, JourneyNames known, string path, Findings findings)
    {
        if (!known.Experiments.TryGetValue(split.Split, out var arms))
        {
            CheckKnown(split.Split, "experiment", [.. known.Experiments.Keys], $"{path}.split", findings);
            return;
        }

        foreach (var arm in split.Arms.Keys.Where(arm => !arms.Contains(arm)))
            findings.Error(JsonPath.Member($"{path}.arms", arm), $"is no arm of {split.Split}, which has {string.Join(", ", arms)}");
        foreach (var arm in arms.Where(arm => !split.Arms.ContainsKey(arm)))
            findings.Error($"{path}.arms", $"must say where the arm {arm} of {split.Split} goes");
    }

    private static bool Starts(string from, string journey, JourneyNames known, HashSet<string> seen) =>
        from != journey && seen.Add(from) && known.Journeys.TryGetValue(from, out var document)
        && document.Nodes.Values.OfType<SubJourneyNode>().Any(sub => sub.Journey == journey || Starts(sub.Journey, journey, known, seen));

    private static void CheckKnown(string name, string what, IReadOnlyCollection<string> known, string path, Findings findings)
    {
        if (!known.Contains(name))
            findings.Error(path, $"there is no {what} {name}{NearestName.Hint(name, known)}");
    }
}
