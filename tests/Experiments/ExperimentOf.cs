using System.Text.Json.Nodes;
using ServerlessCLM.Experiments;

namespace ServerlessCLM.Tests.Experiments;

/// <summary>Experiments for tests: a plain document with some members put in its place.</summary>
internal static class ExperimentOf
{
    public const string Plain = """
        {"$schema":"/api/schemas/experiment.json","id":"offer","version":1,"unit":"customer","salt":"2027-01",
         "arms":{"control":0.5,"cashback":0.5},
         "metric":{"outcome":"convert","window":"P14D"},
         "guardrails":[{"metric":"opt_out","worse":0.005},{"metric":"complaint","worse":0.002}],
         "decide":{"method":"confidence-sequence","alpha":0.05,"onWin":"rollout","onHarm":"stop"}}
        """;

    public static JsonObject Node(string members)
    {
        var document = JsonNode.Parse(Plain)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
        {
            if (value is null)
                document.Remove(name);
            else
                document[name] = value.DeepClone();
        }

        return document;
    }

    public static ExperimentDocument Json(string members)
    {
        var (experiment, wrong) = ExperimentDocuments.Read(Node(members));
        Assert.Empty(wrong);
        return experiment!;
    }
}
