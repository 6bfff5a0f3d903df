using System.Globalization;

namespace ServerlessCLM.Journeys;

/// <summary>Ids that follow from what caused them: the same cause is the same journey, message, task.</summary>
public static class JourneyIds
{
    /// <summary>Of a run: from tenant, customer, journey and what caused the entry.</summary>
    public static string Instance(string tenant, string customer, string journey, string cause) => $"journey-{journey}-{Of($"{tenant}\n{customer}\n{journey}\n{cause}")}";

    /// <summary>Of the message of a node: each visit has its own.</summary>
    public static string Message(string instance, string node, int visit) => Of(string.Create(CultureInfo.InvariantCulture, $"message\n{instance}\n{node}\n{visit}"));

    /// <summary>Of what a node starts: an orchestration, a call, a decision.</summary>
    public static string Part(string instance, string node, int visit) => Of(string.Create(CultureInfo.InvariantCulture, $"part\n{instance}\n{node}\n{visit}"));

    private static string Of(string cause) => string.Create(CultureInfo.InvariantCulture, $"{Digest64.Of(cause):x16}{Digest64.Of(cause, 1):x16}");
}
