using ServerlessCLM.Conditions;

namespace ServerlessCLM.Tests.Conditions;

/// <summary>Inputs of a small vocabulary that has one of everything.</summary>
internal sealed class Applicant
{
    public static readonly string[] FeatureNames = ["tenure_days", "share_travel", "balance", "inflow_30d"];

    public static readonly string[] Channels = ["app", "email", "call"];

    public static readonly Vocabulary<Applicant> Vocabulary = new Vocabulary<Applicant>()
        .Vector("features", FeatureNames, applicant => applicant.Features)
        .Value("profile.country", CelType.String, applicant => applicant.Country is { } country ? Value.Of(country) : default)
        .Value("flags.hardship", CelType.Bool, applicant => applicant.Hardship is { } flag ? Value.Of(flag) : default)
        .Value("flags.deceased", CelType.Bool, applicant => applicant.Deceased is { } flag ? Value.Of(flag) : default)
        .Value("visits", CelType.Int, applicant => applicant.Visits is { } visits ? Value.Of(visits) : default)
        .Value("signal", CelType.Map(CelType.String, CelType.Dyn), applicant => Value.Map(applicant.Signal))
        .Value("now", CelType.Timestamp, _ => Value.Of(Product.Now))
        .Function("contacts", [new("channel", CelType.String, Channels), new("window", CelType.Duration)], CelType.Int,
            (applicant, channel, window) => channel.Text == "email" ? Value.Of(applicant.Emails.Count(age => age <= window.TimeSpan)) : Value.Of(0L));

    public float[] Features { get; init; } = [400, 0.25f, float.NaN, 2000];

    public string? Country { get; init; } = "DE";

    public bool? Hardship { get; init; } = false;

    public bool? Deceased { get; init; }

    public long? Visits { get; init; } = 3;

    public Dictionary<Value, Value> Signal { get; init; } = new() { [Value.Of("amount")] = Value.Of(12.5), [Value.Of("name")] = Value.Of("salary_landed") };

    public TimeSpan[] Emails { get; init; } = [TimeSpan.FromHours(2), TimeSpan.FromDays(3)];
}
