using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Bench.Transactions;

/// <summary>Parsing one payment event: <see cref="PaymentParser"/> against System.Text.Json into an object.</summary>
public static class ParseBenchmark
{
    private const int Rounds = 15, EventsPerRound = 100_000;

    private const string Example =
        """{"specversion":"1.0","id":"e-1","source":"/bank/core","type":"clm.transaction.v1","subject":"c-42","time":"2025-03-01T12:00:00Z","data":{"accountId":"A-1","amount":-42.10,"currency":"EUR","kind":"card","status":"booked","mcc":"5411","merchant":"Grocer 12","country":"DE","balanceAfter":812.55,"creditLimit":3000.00}}""";

    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web);

    private sealed record Event(
        string Specversion, string Id, string Source, string Type, string Subject, DateTimeOffset Time, EventData Data);

    private sealed record EventData(
        string AccountId, decimal Amount, string Currency, string Kind, string Status, string? Reason, string? Mcc,
        string? Merchant, string? Country, decimal? BalanceAfter, decimal? CreditLimit, DateOnly? DueDate);

    /// <summary>Takes turns, so that whatever disturbs the machine disturbs both; prints the median and the best
    /// round in nanoseconds per event.</summary>
    public static void Run(TextWriter output)
    {
        var utf8 = Encoding.UTF8.GetBytes(Example);
        var now = DateTimeOffset.Parse("2025-03-02T00:00:00Z").ToUnixTimeMilliseconds();
        var contestants = new (string Name, Func<bool> Parse, List<double> Times)[]
        {
            ("PaymentParser (rules checked, digests taken)", () => PaymentParser.TryParse(utf8, now, out _, out _), []),
            ("CloudEventEnvelope (envelope only)", () => CloudEventEnvelope.TryRead(utf8, now, out _, out _), []),
            ("System.Text.Json, tokens only", () => WalkTokens(utf8), []),
            ("System.Text.Json into an object", () => JsonSerializer.Deserialize<Event>(utf8, options) is not null, []),
        };
        for (var round = -5; round < Rounds; round++)
        {
            foreach (var (name, parse, times) in contestants)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < EventsPerRound; i++)
                {
                    if (!parse())
                        throw new InvalidOperationException($"{name} refused the example");
                }

                if (round >= 0)
                    times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / EventsPerRound);
            }
        }

        output.WriteLine($"{utf8.Length} bytes, median of {Rounds} rounds of {EventsPerRound:N0} events");
        var peer = Median(contestants[^1].Times);
        foreach (var (name, _, times) in contestants)
            output.WriteLine($"{name,-48} {Median(times),8:N0} ns/event, best {times.Min(),6:N0}   {peer / Median(times),5:N1} × the peer's speed");
    }

    private static bool WalkTokens(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
        }

        return reader.BytesConsumed == utf8.Length;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
