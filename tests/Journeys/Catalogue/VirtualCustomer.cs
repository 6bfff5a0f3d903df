using System.Text.Json.Nodes;
using System.Xml;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Features;
using ServerlessCLM.Governance;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Journeys.Catalogue;

/// <summary>A customer in memory, with all that journeys, decisions and the gate read.</summary>
internal sealed class VirtualCustomer
{
    private readonly float[] _features = [.. FeatureCatalogue.All.Select(_ => float.NaN)];
    private readonly Dictionary<string, float> _scores = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Purpose, string Channel), Consent> _consents = [];
    private readonly List<ActionAnswer> _answers = [];

    public Profile Profile { get; private set; } = Profile.Empty.Merge(new JsonObject
    {
        ["givenName"] = "Annegret", ["email"] = "annegret@mail.example", ["phone"] = "+491701234567", ["address"] = new JsonObject { ["city"] = "Berlin" },
        ["country"] = "DE", ["timeZone"] = "Europe/Berlin", ["language"] = "de",
    });

    public ContactLedger Ledger { get; set; } = ContactLedger.Empty;

    public CustomerStanding Standing => new(Profile, _consents.Values, Ledger);

    /// <summary>Takes what is told, in addition to what is known.</summary>
    public void Learn(VirtualCustomerData data, DateTimeOffset now)
    {
        Assert.Null(Profile.Check(Profile.Merge(data.Profile).Members, "profile"));
        Profile = Profile.Merge(data.Profile);
        foreach (var (name, value) in data.Features)
        {
            Assert.True(FeatureCatalogue.IndexOf(name) >= 0, $"there is no feature {name}");
            _features[FeatureCatalogue.IndexOf(name)] = value;
        }

        foreach (var (name, value) in data.Scores)
        {
            Assert.Contains(name, DecisionVocabulary.Scores);
            _scores[name] = value;
        }

        foreach (var consent in data.Consents)
        {
            var names = consent.TrimStart('-').Split('/');
            Say(names[0], names[1], consent[0] == '-' ? ConsentStatus.Withdrawn : ConsentStatus.Granted, now);
        }

        foreach (var (contact, place) in data.Contacts.Select((contact, place) => (contact, place)))
            Ledger = Ledger.With(new Contact($"before-{place}", contact.Channel, contact.Purpose, now - XmlConvert.ToTimeSpan(contact.Ago), contact.Status, Journey: contact.Journey));
    }

    public void Say(string purpose, string channel, ConsentStatus status, DateTimeOffset now)
    {
        Assert.True(Consent.IsPurpose(purpose) && Consent.IsChannel(channel), $"{purpose}/{channel} is no consent");
        _consents[(purpose, channel)] = new Consent(purpose, channel, status, now, "scenario");
    }

    public void Answer(string action, bool accepted, DateTimeOffset now) => _answers.Add(new ActionAnswer(action, accepted, now));

    /// <summary>A score by its name; NaN where none was told.</summary>
    public float ScoreOf(string name) => _scores.GetValueOrDefault(name, float.NaN);

    /// <summary>What conditions read.</summary>
    public DecisionInputs Inputs(DateTimeOffset now) => new CustomerSnapshot
    {
        Now = now, Profile = Profile.Members, Consents = [.. _consents.Values], Contacts = Ledger, Answers = _answers, Features = _features,
        Scores = [.. ScoreCatalogue.All.Select(_ => float.NaN)], Models = [],
    }.Inputs(DecisionVocabulary.Scores) with { Scores = [.. DecisionVocabulary.Scores.Select(ScoreOf)] };
}
