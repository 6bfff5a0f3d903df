namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>Something wrong with the end of a run.</summary>
/// <param name="Check">Who found it.</param>
/// <param name="Customer">Whom it is about; null for nobody.</param>
/// <param name="Expected">What should be.</param>
/// <param name="Found">What is.</param>
internal sealed record Violation(string Check, string? Customer, string Expected, string Found)
{
    public override string ToString() => $"{Check}: {(Customer is null ? "" : $"customer {Customer}: ")}expected {Expected}, found {Found}";
}

/// <summary>Something that must hold at the end of every run, whatever went wrong in it.</summary>
internal abstract class Check
{
    /// <summary>Nothing bad has happened, and everything good has.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new PaymentsOnce(), new EffectsSent(), new CapsKept(), new MessagesOnce(), new AuditVerifies(), new MoneyBalances(), new LearnedOnce(),
        new DecisionsHold(), new AnswersHold(), new ErasureHolds(),
        new JourneysMoveOn(), new MessagesArrive(), new DeadLettersExplained(),
    ];

    public abstract Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation);

    private protected Violation Wrong(string? customer, string expected, string found) => new(GetType().Name, customer, expected, found);
}
