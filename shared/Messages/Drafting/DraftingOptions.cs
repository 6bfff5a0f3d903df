namespace ServerlessCLM.Messages.Drafting;

/// <summary>Settings of drafting, configuration section <c>Clm:Drafting</c>.</summary>
public sealed record DraftingOptions
{
    /// <summary>Name of the model or deployment; null writes from templates alone.</summary>
    public string? Model { get; init; }

    /// <summary>Tokens, in and out, of the institution on one UTC day.</summary>
    public long TokensPerDay { get; init; } = 5_000_000;

    /// <summary>Tokens, in and out, for one customer on one UTC day.</summary>
    public long TokensPerCustomer { get; init; } = 20_000;

    /// <summary>Tokens of one answer at the most.</summary>
    public int MaxOutputTokens { get; init; } = 800;

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Further calls after one that failed in a way that may pass.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>How long nothing is called after half of at least eight calls have failed.</summary>
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="InvalidOperationException">A setting is out of its range; the message names it.</exception>
    public DraftingOptions Validated() => this switch
    {
        { Model.Length: 0 or > 100 } => throw new InvalidOperationException("Clm:Drafting:Model must have 1 to 100 characters"),
        { TokensPerDay: < 0 } => throw new InvalidOperationException("Clm:Drafting:TokensPerDay must not be negative"),
        { TokensPerCustomer: < 0 } => throw new InvalidOperationException("Clm:Drafting:TokensPerCustomer must not be negative"),
        { MaxOutputTokens: < 50 or > 8000 } => throw new InvalidOperationException("Clm:Drafting:MaxOutputTokens must be 50 to 8000"),
        { Retries: < 0 or > 5 } => throw new InvalidOperationException("Clm:Drafting:Retries must be 0 to 5"),
        _ when Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(2) =>
            throw new InvalidOperationException("Clm:Drafting:Timeout must be 0.1 seconds to 2 minutes"),
        _ when BreakFor < TimeSpan.FromSeconds(1) || BreakFor > TimeSpan.FromHours(1) =>
            throw new InvalidOperationException("Clm:Drafting:BreakFor must be a second to an hour"),
        _ => this,
    };
}
