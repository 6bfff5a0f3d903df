using System.Buffers;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Models;

/// <summary>
/// Walks simulated customers through the code that scores the stream, and takes their features at the first of each month. What
/// became of them is what the bank would have been told; the simulation's ground truth is not looked at.
/// </summary>
public static class PortfolioRows
{
    /// <summary>A customer's snapshots and timeline.</summary>
    public sealed record Life(SimulatedCustomer Customer, Timeline Timeline, IReadOnlyList<Snapshot> Snapshots);

    /// <summary>All customers in their order; they are walked on all processors.</summary>
    /// <param name="portfolio">Whose customers.</param>
    /// <param name="walked">Told after each customer.</param>
    /// <param name="cancellation">Stops the walk.</param>
    public static IReadOnlyList<Life> Walk(Portfolio portfolio, Action? walked, CancellationToken cancellation)
    {
        var lives = new Life[portfolio.Options.Customers];
        Parallel.For(0, lives.Length, new ParallelOptions { CancellationToken = cancellation }, index =>
        {
            lives[index] = Walk(portfolio, portfolio.Customer(index));
            walked?.Invoke();
        });
        return lives;
    }

    private static Life Walk(Portfolio portfolio, SimulatedCustomer customer)
    {
        var state = new FeatureState();
        var signals = new SignalBuffer();
        var bytes = new ArrayBufferWriter<byte>(1024);
        var happenings = new List<Happening>();
        var snapshots = new List<Snapshot>();
        var end = Milliseconds(portfolio.Options.End);
        var month = portfolio.Options.Start.AddMonths(1);
        month = month.AddDays(1 - month.Day);
        var due = Milliseconds(month);
        var closed = long.MaxValue;
        foreach (var happened in portfolio.Events(customer))
        {
            var at = happened.Time.ToUnixTimeMilliseconds();
            for (; at >= due; due = Milliseconds(month))
                (month, _) = (month.AddMonths(1), Take());

            switch (happened)
            {
                case SimulatedPayment { Payment: var payment }:
                    bytes.ResetWrittenCount();
                    CloudEventWriter.Write(payment, bytes);
                    if (!PaymentParser.TryParse(bytes.WrittenSpan, at, out var parsed, out var rejection))
                        throw new InvalidDataException($"simulated payment {payment.Id}: {rejection}");
                    CustomerScoring.Apply(state, parsed, signals);
                    Note(signals, happenings);
                    break;
                case SimulatedFact { Type: SimulatedFact.Lifecycle or SimulatedFact.Outcome } fact:
                    happenings.Add(Told(fact, at));
                    closed = happenings[^1].Name == Timeline.AccountClosed ? at : closed;
                    break;
                default:
                    break;
            }
        }

        for (; due < Math.Min(end, closed); due = Milliseconds(month))
            (month, _) = (month.AddMonths(1), Take());
        CustomerScoring.Wake(state, end, signals);
        Note(signals, happenings);
        return new Life(customer, new Timeline(happenings, end), snapshots);

        bool Take()
        {
            if (state.NewestDayStart == 0)
                return false;

            // Silence is noticed in time, as the timer does.
            CustomerScoring.Wake(state, due, signals);
            Note(signals, happenings);
            var vector = new float[FeatureCatalogue.Count];
            state.Fill(due, vector);
            snapshots.Add(new Snapshot(customer.Id, due, vector));
            happenings.Add(Timeline.SpentBefore(due, vector));
            return true;
        }
    }

    private static void Note(SignalBuffer signals, List<Happening> happenings)
    {
        foreach (ref readonly var signal in signals.Signals)
        {
            if (signal.Kind == SignalKind.Dormant60)
                happenings.Add(new Happening(signal.At, Timeline.Dormant));
        }

        signals.Clear();
    }

    private static Happening Told(SimulatedFact fact, long at)
    {
        if (fact.Type == SimulatedFact.Outcome)
        {
            return new Happening(at, (string)fact.Data["outcome"]!, (string?)fact.Data["action"])
            {
                Channel = (string?)fact.Data["channel"], Hour = fact.Time.Hour,
            };
        }

        var details = fact.Data["details"];
        double? part = details?["recovered"] is { } recovered
            ? (double)recovered.GetValue<decimal>() / Math.Max(0.01, (double)details["exposure"]!.GetValue<decimal>())
            : null;
        return new Happening(at, (string)fact.Data["event"]!, (string?)details?["product"], part);
    }

    private static long Milliseconds(DateOnly date) => new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
