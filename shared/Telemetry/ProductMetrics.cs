using System.Diagnostics;
using System.Diagnostics.Metrics;
using ServerlessCLM.Decisions;
using ServerlessCLM.Governance;
using ServerlessCLM.Journeys;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Telemetry;

/// <summary>
/// What the product counts and measures. Tags hold names out of documents and settings, and words of the product's own, never anything of a
/// customer's; docs/operations.md lists them all.
/// </summary>
/// <remarks>Recorded once a batch, commit or call, never once an event: what nobody listens to costs a few comparisons.</remarks>
public static class ProductMetrics
{
    public const string MeterName = "ServerlessCLM";

    public const string Payments = "clm.payments", Events = "clm.events", Signals = "clm.signals", BatchDuration = "clm.batch.duration", BatchLag = "clm.batch.lag",
        DeadLetters = "clm.dead_letters", CommitsRetried = "clm.commits.retried", CommitsRelayed = "clm.commits.relayed", EffectsSent = "clm.effects.sent",
        Decisions = "clm.decisions", DecisionVerdicts = "clm.decisions.verdicts", DecisionDuration = "clm.decisions.duration", Contacts = "clm.contacts",
        Messages = "clm.messages", WebhookDuration = "clm.webhooks.duration", JourneysEntered = "clm.journeys.entered", JourneySteps = "clm.journeys.steps",
        JourneysEnded = "clm.journeys.ended", ModelFindings = "clm.models.findings";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long>
        PaymentCounter = Meter.CreateCounter<long>(Payments, "{payment}", "Payments of the stream, by what came of them"),
        EventCounter = Meter.CreateCounter<long>(Events, "{event}", "Outcomes, profiles and lifecycle events, by what came of them"),
        SignalCounter = Meter.CreateCounter<long>(Signals, "{signal}", "Signals raised by payments and events"),
        DeadLetterCounter = Meter.CreateCounter<long>(DeadLetters, "{event}", "Events set aside, by hub"),
        RetriedCounter = Meter.CreateCounter<long>(CommitsRetried, "{commit}", "Commits done again because another worker was faster"),
        RelayedCounter = Meter.CreateCounter<long>(CommitsRelayed, "{commit}", "Commits whose effects a crash or a failed send left to the relay"),
        EffectCounter = Meter.CreateCounter<long>(EffectsSent, "{event}", "Events sent out of commits, by hub"),
        DecisionCounter = Meter.CreateCounter<long>(Decisions, "{decision}", "Decisions made, by strategy and whether an action was chosen"),
        VerdictCounter = Meter.CreateCounter<long>(DecisionVerdicts, "{action}", "Actions of decisions, by strategy and verdict"),
        ContactCounter = Meter.CreateCounter<long>(Contacts, "{contact}", "Contacts judged by the gate, by step, channel, verdict and the code of a refusal"),
        MessageCounter = Meter.CreateCounter<long>(Messages, "{message}", "Messages dealt with, by gateway and how far they came"),
        EnteredCounter = Meter.CreateCounter<long>(JourneysEntered, "{journey}", "Journeys entered, by journey"),
        StepCounter = Meter.CreateCounter<long>(JourneySteps, "{step}", "Nodes reached, by journey"),
        EndedCounter = Meter.CreateCounter<long>(JourneysEnded, "{journey}", "Journeys ended, by journey and how"),
        FindingCounter = Meter.CreateCounter<long>(ModelFindings, "{finding}", "Findings of the watch that were told, by model and kind");

    private static readonly Histogram<double>
        BatchSeconds = Meter.CreateHistogram<double>(BatchDuration, "s", "Time a batch took, by function, and failed or not"),
        LagSeconds = Meter.CreateHistogram<double>(BatchLag, "s", "Age of the oldest event of a batch when its function began, by function"),
        DecisionSeconds = Meter.CreateHistogram<double>(DecisionDuration, "s", "Time a decision took with its commit, by strategy"),
        WebhookSeconds = Meter.CreateHistogram<double>(WebhookDuration, "s", "Time a webhook took to answer, by gateway or endpoint and outcome");

    /// <summary>A batch of the transactions hub.</summary>
    public static void Scored(in ScoringSummary summary)
    {
        Count(PaymentCounter, summary);
        Add(SignalCounter, summary.Signals);
    }

    /// <summary>A batch of the events hub.</summary>
    public static void Ingested(in ScoringSummary summary)
    {
        Count(EventCounter, summary);
        Add(SignalCounter, summary.Signals);
    }

    public static void SetAside(string hub, long events) => Add(DeadLetterCounter, events, Tag("hub", hub));

    public static void Retried(long commits) => Add(RetriedCounter, commits);

    public static void Relayed(long commits) => Add(RelayedCounter, commits);

    public static void Sent(string hub, long effects) => Add(EffectCounter, effects, Tag("hub", hub));

    /// <param name="function">Whose batch.</param>
    /// <param name="lag">Age of its oldest event when it began.</param>
    /// <param name="took">From its beginning to its end.</param>
    /// <param name="failed">It is tried again.</param>
    public static void Batch(string function, TimeSpan lag, TimeSpan took, bool failed)
    {
        LagSeconds.Record(Math.Max(0, lag.TotalSeconds), Tag("function", function));
        BatchSeconds.Record(took.TotalSeconds, Tag("function", function), Tag("outcome", failed ? "failed" : "done"));
    }

    /// <summary>A decision was made; one that was made before and is told again does not count.</summary>
    public static void Decided(DecisionRecord record, TimeSpan took)
    {
        DecisionCounter.Add(1, Tag("strategy", record.Strategy), Tag("outcome", record.Choice.Action < 0 ? "none" : "chosen"));
        DecisionSeconds.Record(took.TotalSeconds, Tag("strategy", record.Strategy));
        if (!VerdictCounter.Enabled)
            return;

        Span<long> verdicts = stackalloc long[Enum.GetValues<ActionVerdict>().Length];
        foreach (ref readonly var action in record.Actions.Span)
            verdicts[(int)action.Verdict]++;
        for (var verdict = 0; verdict < verdicts.Length; verdict++)
            Add(VerdictCounter, verdicts[verdict], Tag("strategy", record.Strategy), Tag("verdict", ((ActionVerdict)verdict).ToString()));
    }

    /// <param name="step">reserve, send or resume.</param>
    /// <param name="channel">Of the contact.</param>
    /// <param name="result">The gate's answer.</param>
    public static void Judged(string step, string channel, GateResult result) => ContactCounter.Add(1,
        Tag("step", step), Tag("channel", channel), Tag("verdict", result.Kind.ToString()), Tag("code", result.Code ?? "none"));

    public static void HandedOver(GatewayName gateway, DeliveryStatus status) =>
        MessageCounter.Add(1, Tag("gateway", gateway.Text()), Tag("status", status.ToString()));

    /// <param name="endpoint">Gateway, or the journeys' name of a webhook.</param>
    /// <param name="took">Of one attempt.</param>
    /// <param name="outcome">Taken, refused or failed.</param>
    public static void Called(string endpoint, TimeSpan took, HandOver outcome) =>
        WebhookSeconds.Record(took.TotalSeconds, Tag("endpoint", endpoint), Tag("outcome", outcome.ToString()));

    public static void Passed(JourneyCount count)
    {
        var journey = Tag("journey", count.Journey);
        Add(EnteredCounter, count.Entered, journey);
        Add(StepCounter, count.Reached.Count, journey);
        if (count.Ended is { } how)
            EndedCounter.Add(1, journey, Tag("outcome", how));
    }

    public static void Found(string model, string kind) => FindingCounter.Add(1, Tag("model", model), Tag("kind", kind));

    private static void Count(Counter<long> counter, in ScoringSummary summary)
    {
        Add(counter, summary.Counted - summary.TooLate, Tag("outcome", "counted"));
        Add(counter, summary.TooLate, Tag("outcome", "too_late"));
        Add(counter, summary.Redelivered, Tag("outcome", "redelivered"));
        Add(counter, summary.Repeated, Tag("outcome", "repeated"));
        Add(counter, summary.Rejected, Tag("outcome", "rejected"));
        Add(counter, summary.Erased, Tag("outcome", "erased"));
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static void Add(Counter<long> counter, long amount, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (amount > 0)
            counter.Add(amount, tags);
    }
}
