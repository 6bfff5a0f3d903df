namespace ServerlessCLM.Journeys;

public enum CommandKind
{
    /// <summary>Read the customer: which way, until when, whether what happened matters.</summary>
    Ask,

    /// <summary>Reserve a contact: the first of the channels that the gate does not refuse.</summary>
    Reserve,

    /// <summary>Have the message written.</summary>
    Draft,

    /// <summary>Judge the contact again and send it.</summary>
    Dispatch,

    /// <summary>Choose among actions.</summary>
    Decide,

    /// <summary>Call an endpoint.</summary>
    Call,

    /// <summary>Put the steps on record.</summary>
    Record,

    /// <summary>Wait until an instant, or until something happens.</summary>
    Wait,

    /// <summary>Run another orchestration and wait for it, or until something happens.</summary>
    Follow,

    /// <summary>Tell the other orchestration what happened.</summary>
    Tell,

    /// <summary>Put on record how it ended.</summary>
    End,
}

/// <summary>What is to be done next.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">For which node.</param>
/// <param name="Visit">Which visit of it, from 1.</param>
public sealed record JourneyCommand(CommandKind Kind, string Node, int Visit)
{
    /// <summary>Of the message, decision, call or orchestration: derived, so that doing it again is the same.</summary>
    public string? Id { get; init; }

    /// <summary>Channels in the order in which they are tried, or the one reserved.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Until when to wait.</summary>
    public DateTimeOffset? Until { get; init; }

    public JourneyOutcome? Outcome { get; init; }

    /// <summary>Whether something else runs meanwhile that can end the wait: a command that is no activity.</summary>
    public bool IsWait => Kind is CommandKind.Wait or CommandKind.Follow;
}

/// <summary>What came of a command.</summary>
/// <param name="Way">The way on, as the node names it; null where none follows yet.</param>
public sealed record JourneyAnswer(string? Way = null)
{
    /// <summary>The exit condition holds, or nothing may be done for this customer any more.</summary>
    public JourneyOutcome? Over { get; init; }

    /// <summary>Until when to wait, or to when the contact is put off.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The channel reserved or chosen.</summary>
    public string? Channel { get; init; }

    /// <summary>The action chosen, and its decision.</summary>
    public string? Action { get; init; }

    public string? Decision { get; init; }

    public const string Next = "next", Refused = "refused", Pending = "pending", Goal = "goal", Ignored = "ignored";
}
