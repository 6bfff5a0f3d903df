using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys.Running;

/// <summary>
/// Histories as they were recorded once, each with its journey: whoever is on the way when a new release comes must go on as before. CLM_ACCEPT=1
/// records those that are missing; one that is there is never written anew.
/// </summary>
public class GoldenHistoryTests
{
    private const int Histories = 60;

    private static string Folder { get; } = TestData.Sample("Journeys", "Running", "histories");

    public static TheoryData<string> Names => [.. Enumerable.Range(0, Histories).Select(seed => string.Create(CultureInfo.InvariantCulture, $"{seed:D2}"))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_history_replays_to_the_same_commands_whole_and_from_every_prefix(string name)
    {
        var history = Read(name);
        for (var prefix = 0; prefix < history.Turns.Count; prefix++)
        {
            // To the prefix without a break, then on from the state that was stored there.
            var journey = JourneyJson.Read((JsonObject)history.Journey.DeepClone());
            var state = Interpreter.Begin(journey, World.Start);
            for (var turn = 0; turn < history.Turns.Count; turn++)
            {
                if (history.Turns[turn].Input is { } input)
                    state = Rehearsal.Apply(journey, state, input);
                if (turn == prefix)
                    state = JsonSerializer.Deserialize<JourneyState>(JsonSerializer.Serialize(state, Rehearsal.Json), Rehearsal.Json)!;
                if (turn >= prefix)
                    Assert.Equal(Text(history.Turns[turn].Command), Text(Interpreter.CommandOf(World.Run, journey, state)));
            }
        }
    }

    private static History Read(string name)
    {
        var path = Path.Combine(Folder, $"{name}.json");
        if (!File.Exists(path))
        {
            Assert.True(Environment.GetEnvironmentVariable("CLM_ACCEPT") == "1", $"{path} is missing; run this test with CLM_ACCEPT=1 in the environment and commit the file.");
            var seed = ulong.Parse(name, CultureInfo.InvariantCulture);
            var journey = RandomJourney.Of(1000 + seed);
            var run = Rehearsal.Of(JourneyJson.Read((JsonObject)journey.DeepClone()), new World(seed));
            Directory.CreateDirectory(Folder);
            var turns = string.Join(",\n", run.Turns.Select(turn => JsonSerializer.Serialize(turn, Rehearsal.Json)));
            File.WriteAllText(path, $"{{\"journey\":{journey.ToJsonString()},\n\"turns\":[\n{turns}\n]}}\n");
        }

        return JsonSerializer.Deserialize<History>(File.ReadAllText(path), Rehearsal.Json)!;
    }

    private static string Text(JourneyCommand? command) => JsonSerializer.Serialize(command, Rehearsal.Json);

    private sealed record History(JsonObject Journey, IReadOnlyList<Turn> Turns);
}
