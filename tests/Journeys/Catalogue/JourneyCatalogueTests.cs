using System.Globalization;
using System.Text.Json;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;
using ServerlessCLM.Experiments;
using ServerlessCLM.Journeys;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Proof;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Tests.Journeys.Catalogue;

/// <summary>What the product ships of journeys: sound, bound to what else it ships, and decent.</summary>
public class JourneyCatalogueTests
{
    private static readonly Dictionary<string, TemplateDocument> Templates = TemplateLibrary.Shipped.Select(TemplateDocument.Read).ToDictionary(template => template.Id, StringComparer.Ordinal);

    private static readonly JourneyNames Names = new(
        Templates.Keys, [.. JourneyCatalogue.Strategies.Select(Strategy.Read).SelectMany(strategy => strategy.Actions).Select(action => action.Id)],
        ShippedExperiments.All.ToDictionary(experiment => experiment.Id, experiment => (IReadOnlyList<string>)[.. experiment.Arms.Select(arm => arm.Name)], StringComparer.Ordinal),
        JourneyCatalogue.All.ToDictionary(journey => journey.Id, StringComparer.Ordinal), []);

    public static TheoryData<string> Ids => [.. JourneyCatalogue.All.Select(journey => journey.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_journey_passes_its_checks_without_a_finding(string id)
    {
        var document = JourneyCatalogue.Documents.Single(shipped => (string)shipped["id"]! == id);
        Assert.Empty(await SampleJourney.Kind(Names).CheckAsync(document, CancellationToken.None));
        Assert.NotNull(Journey(id).Title);
    }

    [Fact]
    public void Strategies_and_experiments_pass_their_checks_without_a_finding()
    {
        var kind = new StrategyKind(DecisionVocabulary.Of(DecisionVocabulary.Scores));
        Assert.All(JourneyCatalogue.Strategies, strategy => Assert.Empty(kind.Check(strategy)));
        Assert.All(ShippedDocuments.Read("experiments/"), experiment => Assert.Empty(new ExperimentKind().Check(experiment)));
    }

    /// <summary>A message can go out over every channel that is tried, says what its purpose allows, and gets the facts that it must have.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_message_has_the_words_the_purpose_and_the_facts_of_its_template(string id)
    {
        var journey = Journey(id);
        foreach (var (name, contact) in Contacts(journey))
        {
            var template = Templates[contact.Template];
            Assert.Equal((name, template.Purpose), (name, contact.Purpose ?? journey.Purpose));
            Assert.DoesNotContain(contact.Channel, channel => channel != ContactNode.Best && template.Texts.All(text => !string.Equals(text.Channel.ToString(), channel, StringComparison.OrdinalIgnoreCase)));
            Assert.Empty(contact.Facts.Keys.Except(template.Facts.Select(fact => fact.Name)));
            Assert.Empty(template.Facts.Where(fact => !fact.Optional).Select(fact => fact.Name).Except(contact.Facts.Keys));
        }
    }

    /// <summary>Nobody gets an offer who is dead, in hardship or vulnerable, or objects to it; nobody at all who is dead is written to.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void A_journey_leaves_those_alone_who_must_be_left_alone(string id)
    {
        var journey = Journey(id);
        string[] flags = journey.Purpose is "marketing" ? ["deceased", "hardship", "vulnerable", "objectsToMarketing"] : ["deceased"];
        Assert.All(flags, flag => Assert.Contains($"flags.{flag}", journey.Exit, StringComparison.Ordinal));
        if (journey.Stage is LifecycleStage.PreDelinquency or LifecycleStage.Collections)
            Assert.DoesNotContain("marketing", Contacts(journey).Select(contact => contact.Node.Purpose ?? journey.Purpose).Append(journey.Purpose));
    }

    /// <summary>What is offered leads to a journey that is there, and what decides is chosen over doing nothing.</summary>
    [Fact]
    public void Actions_and_experiments_are_those_that_journeys_use()
    {
        var actions = JourneyCatalogue.Strategies.Select(Strategy.Read).SelectMany(strategy => strategy.Actions).ToList();
        Assert.All(actions.Where(action => action.Journey is not null), action => Assert.Contains(action.Journey!, Names.Journeys.Keys));
        var nodes = JourneyCatalogue.All.SelectMany(journey => journey.Nodes.Values).ToList();
        var decided = nodes.OfType<DecideNode>().ToList();
        Assert.All(decided, decide => Assert.Contains("nothing", decide.Decide));
        Assert.Equal(actions.Select(action => action.Id).Order(), decided.SelectMany(decide => decide.Decide)
            .Concat(nodes.OfType<OfferNode>().Where(offer => offer.Offer != OfferNode.Decided).Select(offer => offer.Offer)).Distinct().Order());
        Assert.Equal(ShippedExperiments.All.Select(experiment => experiment.Id).Order(), nodes.OfType<SplitNode>().Select(split => split.Split).Distinct().Order());
    }

    /// <summary>A text message is in the alphabet of 160 signs and takes two segments at the most; marketing says how to end it.</summary>
    [Fact]
    public void Text_messages_are_short_and_marketing_can_be_ended()
    {
        foreach (var preview in JourneyCatalogue.All.SelectMany(Contacts).Select(contact => contact.Node.Template).Distinct().SelectMany(id => TemplatePreview.Of(Templates[id])))
        {
            var template = Templates.Values.Single(candidate => candidate.Texts.Contains(preview.Text));
            Assert.True(preview.Accepted);
            if (preview.Text.Channel == MessageChannel.Sms)
                Assert.True(FormCheck.Segments(preview.Body) <= 2, $"{template.Id} takes {FormCheck.Segments(preview.Body)} segments in {preview.Text.Language}: {preview.Body}");
            if (template.Purpose == "marketing" && Composition.NeedsOptOut(preview.Text.Channel))
                Assert.EndsWith(template.OptOut[preview.Text.Language], preview.Body, StringComparison.Ordinal);
        }
    }

    /// <summary>What docs/journeys.md says of the catalogue is what it holds; on a difference, put the table below into it.</summary>
    [Fact]
    public void The_documentation_lists_every_journey()
    {
        var table = string.Join('\n', JourneyCatalogue.All.Select(journey =>
        {
            var entry = journey.Entry switch
            {
                { Schedule: { } schedule } => $"schedule, {schedule.Time:HH:mm}{(schedule.Dates.Count > 0 ? $" on day {string.Join(", ", schedule.Dates)}" : " daily")}",
                { Segment: not null } => "segment",
                { Call: true } => "call",
                var signals => string.Join(", ", signals.Signal.Select(signal => $"`{signal}`")),
            };
            var goal = journey.Goal is { } signal
                ? string.Join(", ", signal.Signal.Select(name => $"`{name}`")) + (signal.Within is { } within ? string.Create(CultureInfo.InvariantCulture, $" in {within.TotalDays:0} d") : "")
                : string.Join(", ", journey.Nodes.Values.OfType<GoalNode>().Select(node => node.Goal));
            return $"| `{journey.Id}` | {journey.Title} | {Lower(journey.Stage.ToString())} | {Lower(journey.Sector.ToString())} | {journey.Purpose} | {entry} | {goal} |";
        }));
        Assert.Contains(table + "\n", File.ReadAllText(Path.Combine(TestData.Repository, "docs/journeys.md")), StringComparison.Ordinal);

        static string Lower(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
    }

    /// <summary>What no model and no payment raises must be told by the bank, and docs/data-contracts.md says so.</summary>
    [Fact]
    public void The_documentation_names_every_event_that_journeys_hear()
    {
        var text = string.Concat(((string[])["data-contracts.md", "signals.md", "models.md", "collections.md"]).Select(name => File.ReadAllText(Path.Combine(TestData.Repository, "docs", name))));
        var heard = JourneyCatalogue.All.SelectMany(journey => journey.Entry.Signal.Concat(journey.Goal?.Signal ?? []).Concat(journey.ExitOn)
            .Concat(journey.Nodes.Values.OfType<WaitForNode>().SelectMany(wait => wait.WaitFor.Signal)));
        Assert.All(heard.Distinct(), name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
    }

    private static JourneyDocument Journey(string id) => JourneyCatalogue.All.Single(journey => journey.Id == id);

    private static IEnumerable<(string Name, ContactNode Node)> Contacts(JourneyDocument journey) =>
        journey.Nodes.Where(node => node.Value is ContactNode).Select(node => (node.Key, (ContactNode)node.Value));
}
