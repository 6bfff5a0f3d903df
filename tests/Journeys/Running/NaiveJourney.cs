using System.Text.Json.Nodes;
using System.Xml;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys.Running;

/// <summary>
/// A journey walked as one would by hand, on the raw document: one node after the other, waiting where it says so. Slow, without commands, states or
/// replays; what the interpreter is held against.
/// </summary>
internal sealed class NaiveJourney(JsonObject journey, World world)
{
    private readonly Dictionary<string, int> _visits = [];
    private readonly Dictionary<string, int> _rounds = [];
    private readonly HashSet<string> _seen = [];
    private DateTimeOffset _now = World.Start;
    private int _next;

    /// <summary>Nodes in the order in which they were reached.</summary>
    public List<string> Nodes { get; } = [];

    public List<string> Sent { get; } = [];

    public string Outcome { get; private set; } = "";

    private sealed class Over(string outcome) : Exception
    {
        public string Outcome => outcome;
    }

    public NaiveJourney Walk()
    {
        try
        {
            for (var node = (string)journey["start"]!; ; node = Step(node))
            {
                Nodes.Add(node);
                _visits[node] = _visits.GetValueOrDefault(node) + 1;
            }
        }
        catch (Over over)
        {
            Outcome = over.Outcome;
        }

        return this;
    }

    private string Step(string name)
    {
        var (node, visit) = (journey["nodes"]![name]!.AsObject(), _visits[name]);
        string To(string way) => (string)node[way]!;
        if (node["end"] is { } end)
            throw new Over($"Completed {end}");
        if (node["goal"] is { } goal)
            throw new Over($"Goal {goal}");
        if (node["exit"] is { } exit)
            throw new Over($"Exited {exit}");
        if (node["message"] is not null)
        {
            if (!Send(name, visit))
                return To("refused");
            if (node["offer"] is null)
                return To("next");
            return Wait(Hours(node["valid"]!), happening => happening.Kind == HappeningKind.Outcome && happening.Name is "accept" or "reject" && (string)happening.Data["action"]! == "one") switch
            {
                null => To("late"),
                { Name: "reject" } => To("declined"),
                _ => To("accepted"),
            };
        }

        if (node["waitFor"] is { } awaited)
        {
            var names = awaited["signal"] is JsonArray several ? [.. several.Select(each => (string)each!)] : new[] { (string)awaited["signal"]! };
            return Wait(Hours(node["timeout"]!), happening => happening.Kind == HappeningKind.Signal && names.Contains(happening.Name)
                && (awaited["match"] is null || (string)happening.Data["debt"]! == "D-1") && (awaited["when"] is null || World.IsGood(happening))) is null ? To("late") : To("next");
        }

        if (node["task"] is not null)
        {
            var document = (TaskNode)JourneyJson.Read((JsonObject)journey.DeepClone()).Nodes[name];
            var (after, way) = world.Followed(document, name, visit);
            Wait(after, _ => false);
            return way == "late" ? To("late") : (string)node["outcomes"]![way["outcomes.".Length..]]!;
        }

        if (node["wait"] is JsonValue length)
        {
            Wait(Hours(length), _ => false);
            return To("next");
        }

        if (node["loop"] is not null)
        {
            if (_rounds.GetValueOrDefault(name) < (int)node["times"]! && (node["while"] is null || (Asked(name, visit) && world.Draw("round", name, visit, 0, 3) != 0)))
            {
                _rounds[name] = _rounds.GetValueOrDefault(name) + 1;
                return To("loop");
            }

            _rounds.Remove(name);
            return To("next");
        }

        Asked(name, visit);
        if (node["wait"] is not null)
        {
            if (world.Draw("date", name, visit, 0, 3) == 0)
                return To("past");
            Wait(TimeSpan.FromHours(1 + world.Draw("date", name, visit, 1, 50)), _ => false);
            return To("next");
        }

        if (node["webhook"] is not null)
            return To(world.Draw("call", name, visit, 0, 3) == 0 ? "failed" : "next");
        if (node["decide"] is not null)
            return To(world.Draw("decide", name, visit, 0, 2) == 0 ? "none" : "next");
        if (node["split"] is not null)
            return (string)node["arms"]![world.Draw("way", name, visit, 0, 2) == 0 ? "a" : "b"]!;

        var branches = node["branch"]!.AsArray();
        var taken = world.Draw("way", name, visit, 0, branches.Count + 1);
        return taken == branches.Count ? To("else") : (string)branches[taken]!["next"]!;
    }

    /// <summary>Reserves, drafts and sends, waiting through quiet hours.</summary>
    private bool Send(string name, int visit)
    {
        var again = 0;
        while (true)
        {
            Asked(name, visit, again);
            var reserved = world.Draw("reserve", name, visit, again, 5);
            if (reserved == 0)
                return false;
            if (reserved != 1)
                break;
            again++;
            Wait(TimeSpan.FromHours(5), _ => false);
        }

        if (world.Draw("draft", name, visit, again, 8) == 0)
            return false;
        while (true)
        {
            Asked(name, visit, again);
            var sent = world.Draw("send", name, visit, again, 5);
            if (sent == 0)
                return false;
            if (sent != 1)
                break;
            again++;
            Wait(TimeSpan.FromHours(7), _ => false);
        }

        Sent.Add($"{name} {visit}");
        return true;
    }

    private bool Asked(string name, int visit, int again = 0) =>
        journey["exit"] is null || !world.IsOut(name, visit, again) ? true : throw new Over("Exited exit");

    /// <summary>Lets time go by until something comes that is waited for, or the time is over.</summary>
    private JourneyHappening? Wait(TimeSpan length, Func<JourneyHappening, bool> awaited)
    {
        var until = _now + length;
        while (_next < world.Happenings.Count && world.Happenings[_next].At <= until)
        {
            var happening = world.Happenings[_next++];
            _now = happening.At;
            if (!_seen.Add(happening.Id))
                continue;
            if (happening is { Kind: HappeningKind.Signal, Name: "leave" })
                throw new Over("Exited leave");

            var goal = journey["goal"];
            var isGoal = goal is not null && happening is { Kind: HappeningKind.Signal, Name: "goal" } && (goal["within"] is null || _now - World.Start <= TimeSpan.FromDays(20));
            var (isGood, isAwaited) = (goal?["when"] is null || World.IsGood(happening), awaited(happening));
            if (journey["exit"] is not null && world.IsOut(happening) && (isGoal || isAwaited || journey["exit"] is not null))
                throw new Over("Exited exit");
            if (isGoal && isGood)
                throw new Over("Goal goal");
            if (isAwaited)
                return happening;
        }

        _now = until;
        return null;
    }

    private static TimeSpan Hours(JsonNode length) => XmlConvert.ToTimeSpan((string)length!);
}
