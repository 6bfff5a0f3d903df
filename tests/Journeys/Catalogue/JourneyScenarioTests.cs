using System.Xml;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys.Catalogue;

/// <summary>Every journey of the catalogue on the virtual clock: the goal reached, the gate refusing, the time over, and whatever else is particular to it.</summary>
public class JourneyScenarioTests
{
    private static readonly Dictionary<string, CompiledJourney> Journeys = JourneyCatalogue.Documents.Select(CompiledJourney.Of).ToDictionary(journey => journey.Document.Id, StringComparer.Ordinal);

    public static TheoryData<string, string> Scenarios
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var path in Directory.EnumerateFiles(ScenarioFile.Folder, "*.json").Order(StringComparer.Ordinal))
            {
                var file = ScenarioFile.Read(Path.GetFileNameWithoutExtension(path));
                foreach (var scenario in file.Scenarios)
                    data.Add(file.Journey, scenario.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_customer_goes_the_way_that_the_scenario_tells(string journey, string name)
    {
        var file = ScenarioFile.Read(journey);
        var scenario = file.Scenarios.Single(each => each.Name == name);
        var run = new ScenarioRun(Journeys[journey], file, scenario);
        run.Go();
        Assert.Equal(scenario.Path, run.Path);
        Assert.Equal(scenario.Messages, run.Messages);
        Assert.Equal(scenario.End, run.End);
        Assert.Equal(scenario.Lasts, XmlConvert.ToString(run.Lasts));
        Assert.Empty(run.Left);
    }

    /// <summary>Each journey's scenarios reach its goal, are refused by the gate, run out of time, and pass every node.</summary>
    [Theory]
    [MemberData(nameof(JourneyCatalogueTests.Ids), MemberType = typeof(JourneyCatalogueTests))]
    public void A_journey_has_scenarios_of_each_sort(string journey)
    {
        var (document, scenarios) = (Journeys[journey].Document, ScenarioFile.Read(journey).Scenarios);
        Assert.Equal(scenarios.Count, scenarios.Select(scenario => scenario.Name).Distinct().Count());
        Assert.Contains(scenarios, scenario => scenario.End.StartsWith("goal ", StringComparison.Ordinal));
        Assert.Contains(scenarios, scenario => scenario.End.StartsWith("completed ", StringComparison.Ordinal));
        Assert.Contains(scenarios, scenario => scenario.Name.StartsWith("refused", StringComparison.Ordinal) && WasRefused(document, scenario));
        Assert.Empty(document.Nodes.Keys.Except(scenarios.SelectMany(scenario => scenario.Path)));
    }

    /// <summary>Whether the way goes from a contact to where its refusal leads, or from a decision to where it leads when nothing may be offered.</summary>
    private static bool WasRefused(JourneyDocument journey, JourneyScenario scenario) => scenario.Path.Zip(scenario.Path.Skip(1)).Any(step => journey.Nodes[step.First] switch
    {
        ContactNode contact => contact.Refused == step.Second,
        DecideNode decide => decide.None == step.Second,
        _ => false,
    });
}
