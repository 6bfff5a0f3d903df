using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Journeys;

/// <summary>Input of a journey's orchestration: who, by which version, and where it stands.</summary>
/// <param name="Run">What it was started with.</param>
/// <param name="Document">The version's content: a running journey keeps it.</param>
/// <param name="State">Where it stands.</param>
public sealed record JourneyStart(JourneyRun Run, string Document, JourneyState State)
{
    private static readonly ConcurrentDictionary<string, JourneyDocument> Parsed = new(StringComparer.Ordinal);

    /// <summary>The same run by another version; itself where it is not at the node, or at work there, as it was when the migration was planned.</summary>
    public JourneyStart Moved(JourneyState state, JourneyHappening move, DateTimeOffset now)
    {
        var current = this with { State = state with { Seen = [.. state.Seen, move.Id] } };
        if (state.Node != (string?)move.Data["from"] || state.Phase is not (JourneyPhase.Waiting or JourneyPhase.Postponed or JourneyPhase.Asking or JourneyPhase.Reserving) || state.Trail.Count > 0)
            return current;

        var moved = current with
        {
            Run = Run with { Version = (int)move.Data["version"]!, Digest = (string)move.Data["digest"]! }, Document = (string)move.Data["document"]!,
        };
        return moved with { State = Interpreter.Move(moved.Journey(), current.State, (string)move.Data["to"]!, now) };
    }

    /// <summary>The version, read. Its digest names the content, so that one that was read before is the same.</summary>
    public JourneyDocument Journey() => Parsed.GetOrAdd(Run.Digest, static (_, content) => JourneyJson.Read(JsonNode.Parse(content)!.AsObject()), Document);
}

/// <summary>Input of an activity: a command, and all that it needs to be carried out.</summary>
public sealed record JourneyWork(JourneyRun Run, JourneyCommand Command, JourneyState State);
