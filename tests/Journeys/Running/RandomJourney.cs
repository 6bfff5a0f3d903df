using System.Globalization;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Journeys.Running;

/// <summary>Journeys from a seed, with every kind of node: fragments in fragments, each of which leads on to what follows it.</summary>
internal sealed class RandomJourney
{
    public static readonly IReadOnlyList<string> Signals = ["apple", "pear", "plum", "goal", "leave"];

    private readonly Rng _draws;
    private readonly JsonObject _nodes = [];

    private RandomJourney(ulong seed) => _draws = new Rng(seed);

    public static JsonObject Of(ulong seed)
    {
        var random = new RandomJourney(seed);
        random._nodes["end"] = new JsonObject { ["end"] = "completed" };
        var start = random.Sequence("end", depth: 0);
        var journey = new JsonObject
        {
            ["id"] = "random", ["version"] = 1, ["stage"] = "activate", ["sector"] = "card", ["purpose"] = "service", ["entry"] = new JsonObject { ["call"] = true },
            ["exitOn"] = "leave", ["start"] = start, ["nodes"] = random._nodes,
        };
        if (random.OneIn(2))
            journey["goal"] = random.OneIn(2) ? new JsonObject { ["signal"] = "goal" } : new JsonObject { ["signal"] = "goal", ["when"] = "event.good", ["within"] = "P20D" };
        if (random.OneIn(2))
            journey["exit"] = "flags.hardship";
        return journey;
    }

    private bool OneIn(int chances) => _draws.Below(chances) == 0;

    private string Sequence(string next, int depth)
    {
        for (var length = 1 + _draws.Below(depth == 0 ? 5 : 3); length > 0; length--)
            next = Fragment(next, depth);
        return next;
    }

    /// <summary>A fragment whose ways all lead to the next, or end.</summary>
    private string Fragment(string next, int depth)
    {
        string Way() => depth < 2 && OneIn(2) ? Sequence(next, depth + 1) : OneIn(8) ? Ending() : next;
        switch (_draws.Below(depth < 2 ? 14 : 8))
        {
            case 0:
                return Add(new JsonObject { ["message"] = "words", ["channel"] = "email", ["next"] = next, ["refused"] = next });
            case 1:
                return Add(new JsonObject { ["wait"] = Hours(), ["next"] = next });
            case 2:
                return Add(new JsonObject { ["wait"] = new JsonObject { ["date"] = "profile.birthDate" }, ["next"] = next, ["past"] = next });
            case 3:
                return Add(new JsonObject { ["waitFor"] = new JsonObject { ["signal"] = Signals[_draws.Below(3)] }, ["timeout"] = Hours(), ["next"] = next, ["late"] = next });
            case 4:
                return Add(new JsonObject { ["waitFor"] = new JsonObject { ["signal"] = new JsonArray("apple", "pear"), ["when"] = "event.good" }, ["timeout"] = Hours(), ["next"] = next, ["late"] = next });
            case 5:
                return Add(new JsonObject { ["webhook"] = "core", ["next"] = next, ["failed"] = next });
            case 6:
                return Add(new JsonObject { ["decide"] = new JsonArray("one", "nothing"), ["next"] = next, ["none"] = next });
            case 7:
                return Add(new JsonObject { ["task"] = "call", ["queue"] = "desk", ["due"] = Hours(), ["outcomes"] = new JsonObject { ["yes"] = next, ["no"] = next }, ["late"] = next });
            case 8:
                return Add(new JsonObject { ["message"] = "words", ["next"] = Way(), ["refused"] = Way() });
            case 9:
                return Add(new JsonObject { ["branch"] = new JsonArray(new JsonObject { ["when"] = "flags.staff", ["next"] = Way() }, new JsonObject { ["when"] = "flags.vulnerable", ["next"] = Way() }), ["else"] = Way() });
            case 10:
                return Add(new JsonObject { ["split"] = "test", ["arms"] = new JsonObject { ["a"] = Way(), ["b"] = Way() } });
            case 11:
                return Add(new JsonObject { ["offer"] = "one", ["message"] = "offer", ["valid"] = Hours(), ["accepted"] = Way(), ["declined"] = Way(), ["late"] = Way(), ["refused"] = Way() });
            case 12:
                return Add(new JsonObject { ["waitFor"] = new JsonObject { ["signal"] = "plum", ["match"] = new JsonArray("debt") }, ["timeout"] = Hours(), ["next"] = Way(), ["late"] = Way() });
            default:
                var loop = Name();
                _nodes[loop] = null;
                var node = new JsonObject { ["loop"] = Sequence(loop, depth + 1), ["times"] = 1 + _draws.Below(3), ["next"] = next };
                if (OneIn(2))
                    node["while"] = "flags.staff";
                _nodes[loop] = node;
                return loop;
        }
    }

    private string Ending() => Add(OneIn(2) ? new JsonObject { ["goal"] = "won" } : new JsonObject { ["exit"] = "lost" });

    private string Hours() => string.Create(CultureInfo.InvariantCulture, $"PT{1 + _draws.Below(100)}H");

    private string Add(JsonObject node)
    {
        var name = Name();
        _nodes[name] = node;
        return name;
    }

    private string Name() => string.Create(CultureInfo.InvariantCulture, $"n{_nodes.Count}");
}
