namespace ServerlessCLM.Customers;

/// <summary>Settings of one deployment, configuration section <c>Clm</c>.</summary>
public sealed class ProductOptions
{
    /// <summary>The institution: first part of every partition key. Lower-case letters, digits and hyphens.</summary>
    public string Tenant { get; init; } = "bank";

    /// <summary>Changes when an event hub is replaced, so that the new hub's sequence numbers, which start anew, are applied.</summary>
    public string StreamEpoch { get; init; } = "0";

    /// <summary>Bytes of customer states kept in memory; each is still checked against the table by its ETag.</summary>
    public long CustomerCacheBytes { get; init; } = 96L << 20;

    /// <summary>Customers committed at the same time by one batch; 1 makes a batch one thing after the other, the same in every run.</summary>
    public int CommitConcurrency { get; init; } = 256;

    /// <summary>How long work announced in the intent index may stay undone before the relay takes it over.</summary>
    public TimeSpan RelayAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long records of decisions are kept; the law's least is <see cref="LeastKept"/>. The default is the longest that a law asks for: 25 months (12 CFR 1002.12(b)).</summary>
    public TimeSpan KeepDecisions { get; init; } = TimeSpan.FromDays(762);

    /// <summary>Six months, which logs of high-risk systems are kept at least (Regulation (EU) 2024/1689, articles 19 and 26(6)).</summary>
    public static readonly TimeSpan LeastKept = TimeSpan.FromDays(184);

    /// <summary>Exchange rates as <c>"USD/EUR": 0.92</c>: what one unit of the first currency is in the second.</summary>
    public IReadOnlyDictionary<string, decimal> Rates { get; init; } = new Dictionary<string, decimal>();

    /// <exception cref="InvalidOperationException">A setting is out of its range; the message names it.</exception>
    public ProductOptions Validated()
    {
        if (Tenant.Length is 0 or > 32 || !Tenant.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw new InvalidOperationException($"Clm:Tenant '{Tenant}' must be 1 to 32 lower-case letters, digits and hyphens");

        if (CommitConcurrency is < 1 or > 4096)
            throw new InvalidOperationException($"Clm:CommitConcurrency {CommitConcurrency} must be 1 to 4096");

        if (KeepDecisions < LeastKept)
            throw new InvalidOperationException($"Clm:KeepDecisions {KeepDecisions} must be at least {LeastKept}: records of decisions are kept six months by law");

        foreach (var (pair, rate) in Rates)
        {
            if (pair.Length != 7 || pair[3] != '/' || rate <= 0)
                throw new InvalidOperationException($"Clm:Rates:{pair} must be like USD/EUR with a rate above 0");
        }

        return this;
    }
}
