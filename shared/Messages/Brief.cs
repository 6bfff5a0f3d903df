namespace ServerlessCLM.Messages;

/// <summary>Where a message goes; each has its own limits.</summary>
public enum MessageChannel { App, Push, Email, Sms, Call, Letter }

/// <summary>How hard a text may be to read, by Björnsson's LIX.</summary>
public enum ReadingLevel { Standard, Plain, Detailed }

/// <summary>What a wording may not do unless the policy lets this message.</summary>
public enum ClaimKind { Promise, Guarantee, Advice, Comparison, Urgency, Threat, FreeOfCharge }

/// <summary>Circumstances of the customer that change what may be said, and how.</summary>
[Flags]
public enum Circumstances { None = 0, Arrears = 1, Vulnerable = 2 }

/// <summary>All that a message may be written from. A text is judged against it and nothing else.</summary>
/// <remarks>The serializer sets every member, with null where the JSON has none: members fall back on their defaults themselves.</remarks>
public sealed record Brief
{
    /// <summary>Id of the message, derived from what caused it.</summary>
    public required string MessageId { get; init; }

    /// <summary>marketing, service, arrears or collections.</summary>
    public required string Purpose { get; init; }

    public required MessageChannel Channel { get; init; }

    /// <summary>Two letters: en, de, fr, es or cs.</summary>
    public required string Language { get; init; }

    /// <summary>The day on which it is sent, in the customer's zone; what "tomorrow" means.</summary>
    public required DateOnly SendDate { get; init; }

    /// <summary>What it is about, in one sentence for the writer.</summary>
    public string Topic { get; init => field = value ?? ""; } = "";

    public ReadingLevel ReadingLevel { get; init; } = ReadingLevel.Standard;

    public Circumstances Circumstances { get; init; }

    public IReadOnlyList<Fact> Facts { get; init => field = value ?? []; } = [];

    /// <summary>Sentences that must stand in the text, word for word.</summary>
    public IReadOnlyList<string> Disclosures { get; init => field = value ?? []; } = [];

    /// <summary>How to say no to further messages, word for word; null where the purpose or channel needs none.</summary>
    public string? OptOut { get; init; }

    /// <summary>Says that no person wrote the text, word for word; null where nobody could take it for a person's.</summary>
    public string? AutomationLabel { get; init; }

    /// <summary>Claims that the policy allows this message.</summary>
    public IReadOnlyList<ClaimKind> AllowedClaims { get; init => field = value ?? []; } = [];

    /// <summary>Words and phrases that must not occur.</summary>
    public IReadOnlyList<string> ForbiddenTopics { get; init => field = value ?? []; } = [];

    /// <summary>Hosts that links may lead to, over https; their subdomains too.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init => field = value ?? []; } = [];
}

/// <summary>A text to be judged.</summary>
/// <param name="Body">With placeholders like <c>{{given_name}}</c>.</param>
/// <param name="Subject">Of an e-mail, or the title of a push; null elsewhere.</param>
public sealed record Draft(string Body, string? Subject = null);
