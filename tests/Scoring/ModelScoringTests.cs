using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Emulator;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;
using Portfolio = ServerlessCLM.Simulation.Portfolio;

namespace ServerlessCLM.Tests.Scoring;

/// <summary>Models join the stream: what they say depends on the customer, the time and the model alone.</summary>
public class ModelScoringTests
{
    private const string Hub = EventStreams.TransactionsHub;

    private static readonly Lazy<EventData[]> stream = new(() => Payments("score-", customers: 14));

    [Fact]
    public async Task Any_batches_and_redeliveries_give_the_same_states_signals_and_predictions()
    {
        await using var straight = await Product.PartsAsync();
        var once = await straight.Get<PaymentScoring>().ScoreAsync(Hub, "0", stream.Value, CancellationToken.None);
        var expected = await SnapshotAsync(straight);
        Assert.Contains(expected, line => line.Contains("pre_delinquency@1", StringComparison.Ordinal) && line.Contains("signal", StringComparison.Ordinal));
        Assert.Contains(expected, line => line.Contains("churn_risk", StringComparison.Ordinal));
        Assert.True(once.Signals > 100);

        var random = new Rng(3);
        await using var product = await Product.PartsAsync();
        var next = 0;
        while (next < stream.Value.Length)
        {
            var from = random.Below(3) == 0 ? random.Below(next + 1) : next;
            var to = Math.Min(stream.Value.Length, from + 1 + random.Below(400));
            await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", stream.Value[from..to], CancellationToken.None);
            next = Math.Max(next, to);
        }

        Assert.Equal(expected, await SnapshotAsync(product));
    }

    [Fact]
    public void Rows_of_many_customers_scored_together_say_what_each_says_alone()
    {
        var lives = stream.Value.Select(data =>
        {
            var body = data.EventBody.ToMemory();
            Assert.True(PaymentParser.TryParse(body.Span, long.MaxValue / 2, out var payment, out _));
            return (Customer: Encoding.UTF8.GetString(payment.Subject.In(body.Span)), Payment: payment);
        }).ToArray();
        var alone = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var life in lives.GroupBy(each => each.Customer))
            alone.Add(life.Key, Assert.Single(Score(life, 1, () => false)).Value);

        Assert.Contains(alone.Values.SelectMany(lines => lines), line => line.Contains("\"model\":\"churn@1\"", StringComparison.Ordinal));
        Prop.ForAll(Gen.Choose(1, 300).Zip(Gen.Choose(1, 60)).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), drawn =>
        {
            var ((capacity, pause), seed) = drawn;
            var random = new Rng((ulong)seed);
            Assert.Equal(alone, Score(lives, capacity, () => random.Below(pause) == 0));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public async Task A_change_is_held_against_the_score_as_it_stood_thirty_days_before()
    {
        await using var product = await Product.StartAsync();
        await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", stream.Value, CancellationToken.None);
        var models = await product.Get<LiveModels>().GetAsync(CancellationToken.None);
        var today = Days.Of(Product.Now.ToUnixTimeMilliseconds());
        var falling = 0;
        foreach (var name in stream.Value.Select(Customer).Distinct())
        {
            // The same life, walked by hand: the first scoring of each half-month, and of those the newest that is old enough.
            var (state, row, formula) = (new FeatureState(), new float[FeatureModel.RowWidth], new float[ScoreCatalogue.Count]);
            var (last, kept) = (-1, new SortedDictionary<int, Dictionary<string, float>>());
            foreach (var data in stream.Value.Where(data => Customer(data) == name))
            {
                Assert.True(PaymentParser.TryParse(data.EventBody.ToMemory().Span, long.MaxValue / 2, out var payment, out _));
                for (var silent = state.Life.NewestDay + 14; state.Life.NewestDay != 0 && Days.Start(silent) <= payment.Time && silent - state.Life.NewestDay <= 84; silent += 14)
                    Keep(Days.Start(silent));
                state.Apply(payment);
                Keep(payment.Time);
            }

            var then = kept.Last(each => each.Key <= today - 30).Value;
            var now = Score(Product.Now.ToUnixTimeMilliseconds());
            var (_, view) = await product.SendAsync(HttpMethod.Get, $"/api/customers/{name}");
            var snapshot = await product.Get<CustomerStore>().UpdateAsync(
                CustomerId.Parse(name), session => CustomerSnapshot.Of(session, models, Product.Now), CancellationToken.None, CustomerSnapshot.Rows);
            var inputs = snapshot.Result.Inputs([.. now.Keys]);
            foreach (var (place, (score, value)) in now.Index())
            {
                var change = (float)view!["scores"]![score]!["change30d"]!;
                Assert.Equal(change, inputs.ScoreChanges[place]);
                Assert.Equal(value - then[score], change, (Math.Abs(value) + Math.Abs(then[score])) * 0.004);
                falling += change < 0 ? 1 : 0;
            }

            void Keep(long at)
            {
                if (Days.Of(at) / ScoreHistory.StepDays == last)
                    return;
                last = Days.Of(at) / ScoreHistory.StepDays;
                kept[Days.Of(at)] = Score(at);
            }

            Dictionary<string, float> Score(long at)
            {
                ScoreSet.Fill(state, at, formula);
                state.Fill(at, row);
                return new([
                    .. ScoreCatalogue.All.Select((score, place) => KeyValuePair.Create(score.Name, formula[place])),
                    .. models.All.Where(model => model.Scorer is not null).Select(model => KeyValuePair.Create(model.Document.Id, (float)model.Scorer!.Score(row))),
                ]);
            }
        }

        Assert.True(falling > 50, $"{falling}");
    }

    [Fact]
    public async Task Silence_is_scored_alike_by_the_timer_and_by_the_next_payment()
    {
        var life = stream.Value.Where(data => Customer(data) == "score-000003").ToArray();
        var (before, after) = (life[..(life.Length / 2)], life[^1]);
        await using var woken = await Product.PartsAsync();
        await using var late = await Product.PartsAsync();
        foreach (var product in new[] { woken, late })
            await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", before, CancellationToken.None);

        // The clock of the one stands still: nobody looks in before the payment comes.
        woken.Clock.Advance(TimeSpan.FromDays(1));
        await woken.Get<SilenceScoring>().WakeAsync(CancellationToken.None);
        foreach (var product in new[] { woken, late })
            await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", [after], CancellationToken.None);

        var expected = await late.Get<CustomerStore>().ReadAsync(CustomerId.Parse("score-000003"), CancellationToken.None);
        var actual = await woken.Get<CustomerStore>().ReadAsync(CustomerId.Parse("score-000003"), CancellationToken.None);
        Assert.Equal(Texts(expected!), Texts(actual!));
        Assert.Contains(Texts(actual!), line => line.Contains("prediction", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_crossing_is_told_once_with_its_evidence_until_the_score_has_fallen()
    {
        await using var product = await Product.PartsAsync();
        await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", stream.Value, CancellationToken.None);
        var models = await product.Get<LiveModels>().GetAsync(CancellationToken.None);
        var told = 0;
        foreach (var name in stream.Value.Select(Customer).Distinct())
        {
            // The same life, walked by hand, one payment at a time.
            var (state, row, expected) = (new FeatureState(), new float[FeatureModel.RowWidth], new List<(DateTimeOffset, string, double)>());
            var raised = new HashSet<string>();
            foreach (var data in stream.Value.Where(data => Customer(data) == name))
            {
                Assert.True(PaymentParser.TryParse(data.EventBody.ToMemory().Span, long.MaxValue / 2, out var payment, out _));
                for (var silent = state.Life.NewestDay + 14; state.Life.NewestDay != 0 && Days.Start(silent) <= payment.Time && silent - state.Life.NewestDay <= 84; silent += 14)
                    Check(Days.Start(silent));
                state.Apply(payment);
                Check(payment.Time);
            }

            var signals = (await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse(name), CancellationToken.None))!
                .Of(CustomerRows.SignalPrefix).Where(signal => signal["model"] is not null).ToList();
            Assert.Equal(expected.OrderBy(each => each), signals.Select(signal =>
                (signal["at"]!.GetValue<DateTimeOffset>(), (string)signal["model"]!, (double)signal["observed"]!)).OrderBy(each => each));
            Assert.All(signals, signal => Assert.InRange(signal["reasons"]!.AsArray().Count, 1, 4));
            Assert.All(signals, signal => Assert.True((double)signal["observed"]! >= (double)signal["reference"]!));
            told += signals.Count;

            void Check(long at)
            {
                state.Fill(at, row);
                foreach (var model in models.Alerting)
                {
                    var alert = model.Document.Alert!;
                    var score = model.Scorer!.Score(row);
                    if (raised.Contains(model.Document.Id) ? score < alert.Release : score >= alert.Cut && row[(int)Feature.TenureDays] >= alert.TenureDays)
                    {
                        if (raised.Remove(model.Document.Id))
                            continue;
                        raised.Add(model.Document.Id);
                        expected.Add((DateTimeOffset.FromUnixTimeMilliseconds(at), PredictionLog.NameOf(model.Document), Math.Round(score, 6)));
                    }
                }
            }
        }

        Assert.True(told > 10, $"{told}");
    }

    [Fact]
    public async Task The_view_shows_each_score_with_its_principal_reasons()
    {
        await using var product = await Product.StartAsync();
        await product.Get<PaymentScoring>().ScoreAsync(Hub, "0", stream.Value, CancellationToken.None);
        var (status, view) = await product.SendAsync(HttpMethod.Get, "/api/customers/score-000002");

        Assert.Equal(200, status);
        var score = view!["scores"]!["pre_delinquency"]!;
        Assert.Equal("pre_delinquency@1", (string)score["model"]!);
        var within = score["within"]!;
        Assert.True((double)within["30d"]! <= (double)within["60d"]! && (double)within["60d"]! <= (double)within["90d"]!);
        Assert.Equal((double)within["90d"]!, (double)score["value"]!, 6);
        Assert.InRange(view["scores"]!["churn"]!["reasons"]!.AsArray().Count, 1, 4);
        Assert.All(score["reasons"]!.AsArray(), reason => Assert.True((double)reason!["effect"]! > 0));
        Assert.Contains("predictions", (await product.SendAsync(HttpMethod.Get, "/api/customers/score-000002/export")).Body!.AsObject().Select(member => member.Key));
    }

    /// <summary>What comes of payments: the state and the rows of each customer.</summary>
    private static SortedDictionary<string, string[]> Score(IEnumerable<(string Customer, Payment Payment)> payments, int capacity, Func<bool> flushes)
    {
        var (open, signals, scoring) = (new SortedDictionary<string, OpenCustomer>(StringComparer.Ordinal), new SignalBuffer(), new ModelScoring(capacity));
        scoring.Begin(ModelSet.Shipped);
        foreach (var (name, payment) in payments)
        {
            if (!open.TryGetValue(name, out var customer))
            {
                open[name] = customer = new OpenCustomer();
                customer.Open(new CustomerSession(CustomerId.Parse(name), null, 0, null, new Dictionary<string, byte[]>()));
            }

            scoring.Review(customer, payment.Time);
            CustomerScoring.Apply(customer.State.Features, payment, signals);
            scoring.Add(customer, payment.Time, payment.EventDigest);
            if (flushes())
                scoring.Flush();
        }

        scoring.Flush();
        return new(open.ToDictionary(each => each.Key, each => (string[])
        [
            Convert.ToHexString(each.Value.State.ToBlock()), $"{each.Value.ModelSignals}",
            .. each.Value.Session.Changes.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"{row.Key} {Encoding.UTF8.GetString(row.Value!)}"),
        ]), StringComparer.Ordinal);
    }

    /// <summary>Half a year of troubled lives, ending before the tests' clock.</summary>
    private static EventData[] Payments(string prefix, int customers)
    {
        var portfolio = new Portfolio(new PortfolioOptions(77, customers, new DateOnly(2026, 3, 1), new DateOnly(2026, 11, 1)) { IdPrefix = prefix, Turbulence = 12 });
        return [.. portfolio.Merge().OfType<SimulatedPayment>().Select((payment, place) =>
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            CloudEventWriter.Write(payment.Payment, buffer);
            return Product.Delivered(buffer.WrittenSpan.ToArray(), place + 1, payment.Time);
        })];
    }

    private static string Customer(EventData data) => (string)JsonNode.Parse(data.EventBody.ToMemory().Span)!["subject"]!;

    private static async Task<List<string>> SnapshotAsync(Product product)
    {
        var lines = new List<string>();
        foreach (var name in stream.Value.Select(Customer).Distinct())
            lines.AddRange(Texts((await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse(name), CancellationToken.None))!));
        return lines;
    }

    private static IEnumerable<string> Texts(CustomerPartition partition)
    {
        // How far a timer has looked is not what it found.
        var state = new CustomerState();
        state.Read(partition.Block);
        state.WokenUntil = 0;
        return [Convert.ToHexString(state.ToBlock()), .. partition.Rows.Select(row => $"{row.Key} {Encoding.UTF8.GetString(row.Value)}")];
    }
}
