using System.Text.Json.Serialization;

namespace ServerlessCLM.Journeys;

/// <summary>What came of a node.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Kind">Its kind, as in the document.</param>
/// <param name="Entries">How often it was reached.</param>
/// <param name="Customers">Customers who reached it: those who converted, are in the journey still, or dropped off.</param>
/// <param name="Converted">Of them those who reached the goal.</param>
/// <param name="There">Customers who are at it when the time is over.</param>
/// <param name="Dropped">Customers who came through and left the journey without the goal.</param>
/// <param name="Messages">Messages that would be sent, by channel.</param>
/// <param name="PutOff">How often the gate put a contact off.</param>
/// <param name="Refused">How often no contact was made, by the code of the gate's first refusal; <c>cannot-write</c> where the template could not be filled.</param>
public sealed record NodeForecast(
    string Node, string Kind, int Entries, int Customers, int Converted, int There, int Dropped,
    IReadOnlyDictionary<string, int> Messages, int PutOff, IReadOnlyDictionary<string, int> Refused);

/// <summary>How often a way was taken.</summary>
public sealed record WayForecast(string From, string By, string To, int Count);

/// <summary>From the entry to the goal, in hours.</summary>
public sealed record TimeToGoal(double Median, double NineTenths);

/// <summary>What a version of a journey would do with the customers of a dry run.</summary>
/// <param name="Version">Which.</param>
/// <param name="Looked">Customers looked at.</param>
/// <param name="Entered">Of them those who entered.</param>
/// <param name="Running">Those who are in it when the time is over.</param>
/// <param name="Goals">Those who reached the goal, within its time after the end too.</param>
/// <param name="Conversion">Goals of entered; null where nobody entered.</param>
/// <param name="Value">What the goals are worth, where the document says so and it is known.</param>
/// <param name="TimeToGoal">Null where nobody reached it.</param>
/// <param name="Ended">By how.</param>
/// <param name="Messages">By channel, those of journeys that it starts among them.</param>
/// <param name="Refused">By code.</param>
/// <param name="Nodes">In the order of the document.</param>
/// <param name="Ways">Those that were taken.</param>
public sealed record JourneyForecast(
    int Version, int Looked, int Entered, int Running, int Goals, double? Conversion, double Value, TimeToGoal? TimeToGoal,
    IReadOnlyDictionary<string, int> Ended, IReadOnlyDictionary<string, int> Messages, IReadOnlyDictionary<string, int> Refused,
    IReadOnlyList<NodeForecast> Nodes, IReadOnlyList<WayForecast> Ways);

/// <summary>What one customer lived through.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="Path">Nodes passed.</param>
/// <param name="Messages">Channel and template of what would be sent.</param>
/// <param name="End">How it ended; null where the time was over before.</param>
public sealed record DryRunExample(string CustomerId, IReadOnlyList<string> Path, IReadOnlyList<string> Messages, string? End);

/// <summary>Nodes that two versions have in common or not.</summary>
public sealed record StructureChange(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed);

/// <summary>A draft against the version in force on the same customers with the same luck. Nothing is kept, counted or sent.</summary>
/// <param name="Journey">Which.</param>
/// <param name="Segment">Simulated or sample.</param>
/// <param name="Seed">Of all draws.</param>
/// <param name="Days">How long, on the virtual clock.</param>
/// <param name="Start">From when.</param>
/// <param name="Assumed">What the figures rest on.</param>
/// <param name="Draft">Of the draft.</param>
/// <param name="InForce">Of the version in force; null where none is.</param>
/// <param name="Structure">Against the version in force; null where none is.</param>
/// <param name="Examples">Some customers of the draft, at most <see cref="MostExamples"/>.</param>
public sealed record DryRunResult(
    string Journey, string Segment, int Seed, int Days, DateTimeOffset Start, DryRunAssumptions Assumed, JourneyForecast Draft, JourneyForecast? InForce,
    StructureChange? Structure, IReadOnlyList<DryRunExample> Examples)
{
    public const int MostExamples = 10;
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(DryRunResult))]
public sealed partial class DryRunJson : JsonSerializerContext;
