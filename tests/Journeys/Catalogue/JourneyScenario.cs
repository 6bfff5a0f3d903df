using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Tests.Journeys.Catalogue;

/// <summary>What may become of a customer in a journey, as a file of <c>scenarios</c> tells it.</summary>
/// <param name="Name">What is shown.</param>
/// <param name="End">How it ends: <c>goal first_use</c>, <c>completed not-used</c>, <c>exited exit</c>, or <c>notEntered</c>.</param>
public sealed record JourneyScenario(string Name, string End)
{
    /// <summary>When it begins; a Monday morning in Berlin unless given.</summary>
    public DateTimeOffset Start { get; init; } = new(2027, 3, 8, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Data of what starts it.</summary>
    public JsonObject Signal { get; init; } = [];

    /// <summary>The customer, or what is different from the file's customer.</summary>
    public VirtualCustomerData Customer { get; init; } = new();

    /// <summary>Arms by experiment; the first of an experiment where it is not named.</summary>
    public IReadOnlyDictionary<string, string> Arms { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ScenarioEvent> Events { get; init; } = [];

    /// <summary>The nodes in the order in which they are reached.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>The messages that are sent, as <c>channel template</c>.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    /// <summary>How long it lasts, as an ISO 8601 duration.</summary>
    public string Lasts { get; init; } = "PT0S";
}

/// <summary>Something that happens a while after the start: one of signal, outcome, task, and what is different about the customer from then on.</summary>
/// <param name="After">ISO 8601 duration from the start.</param>
public sealed record ScenarioEvent(string After)
{
    public string? Signal { get; init; }

    public string? Outcome { get; init; }

    /// <summary>The node whose message an outcome answers.</summary>
    public string? Of { get; init; }

    /// <summary>What a person answers to the task.</summary>
    public string? Task { get; init; }

    public JsonObject Data { get; init; } = [];

    public VirtualCustomerData? Customer { get; init; }
}

/// <summary>What is known of a customer: as in the product's profile, consents and vectors.</summary>
public sealed record VirtualCustomerData
{
    /// <summary>Merged into what is there, as RFC 7396 says.</summary>
    public JsonObject Profile { get; init; } = [];

    public IReadOnlyDictionary<string, float> Features { get; init; } = new Dictionary<string, float>();

    public IReadOnlyDictionary<string, float> Scores { get; init; } = new Dictionary<string, float>();

    /// <summary>Granted as <c>marketing/email</c>, withdrawn as <c>-marketing/email</c>.</summary>
    public IReadOnlyList<string> Consents { get; init; } = [];

    public IReadOnlyList<PastContact> Contacts { get; init; } = [];
}

/// <summary>A contact before the start.</summary>
public sealed record PastContact(string Ago, string Channel, string Purpose, string? Journey = null, string Status = "sent");

/// <summary>The scenarios of one journey.</summary>
public sealed record ScenarioFile(string Journey, VirtualCustomerData Customer, IReadOnlyList<JourneyScenario> Scenarios)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    };

    public static string Folder { get; } = TestData.Sample("Journeys", "Catalogue", "scenarios");

    public static ScenarioFile Read(string journey) =>
        JsonSerializer.Deserialize<ScenarioFile>(File.ReadAllText(Path.Combine(Folder, $"{journey}.json")), Options)!;
}
