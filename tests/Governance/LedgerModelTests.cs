using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Governance;

/// <summary>
/// Workers that load, compute and commit in any order, die between, come back late and repeat themselves, over a store whose commits are conditional:
/// what is sent never exceeds a cap in any window.
/// </summary>
public class LedgerModelTests
{
    private const int Limit = 3;
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);
    private static readonly CustomerId Customer = CustomerId.Parse("C-1");
    private static readonly PolicySet Policies = new([PolicyPack.Read(JsonNode.Parse("""
        { "id": "model", "version": 1, "jurisdiction": "*", "effective": "2020-01-01T00:00:00Z", "source": "test", "applies": "true",
          "rules": [ { "id": "basis", "kind": "basis", "basis": "optOut", "source": "test" },
                     { "id": "three", "kind": "cap", "channels": ["letter"], "limit": 3, "window": "P7D", "source": "test" } ], "cases": [] }
        """)!.AsObject())]);

    private enum Act { Load, Commit, Crash, Advance }

    private enum Step { Reserve, Dispatch, Release }

    /// <param name="Worker">Which of four.</param>
    /// <param name="Act">What it does.</param>
    /// <param name="Step">To the ledger, at a load.</param>
    /// <param name="Message">Which of eight messages; two workers may be at the same.</param>
    /// <param name="Hours">The clock's step; a worker's own clock differs by its number in minutes.</param>
    private sealed record Move(int Worker, Act Act, Step Step, int Message, int Hours);

    private static Gen<List<Move>> Moves => (
        from worker in Gen.Choose(0, 3)
        from act in Gen.Frequency((5, Gen.Constant(Act.Load)), (5, Gen.Constant(Act.Commit)), (1, Gen.Constant(Act.Crash)), (2, Gen.Constant(Act.Advance)))
        from step in Gen.Frequency((3, Gen.Constant(Step.Reserve)), (4, Gen.Constant(Step.Dispatch)), (1, Gen.Constant(Step.Release)))
        from message in Gen.Choose(0, 7)
        from hours in Gen.Choose(1, 40)
        select new Move(worker, act, step, message, hours)).ListOf(120).Select(moves => moves.ToList());

    [Fact]
    public void No_interleaving_exceeds_a_cap() =>
        Prop.ForAll(Moves.ToArbitrary(), moves => Exceeds(Run(moves, conditional: true)) is null).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    /// <summary>The model can tell: without the condition on commits some interleaving does exceed the cap.</summary>
    [Fact]
    public void Without_conditional_commits_the_model_finds_a_cap_exceeded() =>
        Assert.ThrowsAny<Exception>(() => Prop.ForAll(Moves.ToArbitrary(), moves => Exceeds(Run(moves, conditional: false)) is null).Check(Config.QuickThrowOnFailure.WithMaxTest(500)));

    [Theory]
    [InlineData(null)]
    [InlineData("beside")]
    public async Task Parallel_workers_on_the_real_store_send_no_more_than_the_cap(string? beside)
    {
        await using var product = await Product.PartsAsync();
        await product.Get<CustomerStore>().UpdateAsync(Customer, Prepare, CancellationToken.None);
        await using var second = beside is null ? null : Product.Beside(product);
        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var store = (worker % 2 == 0 ? second ?? product : product).Get<CustomerStore>();
            var request = Letter(worker);
            var reserved = await UpdateAsync(store, session => ContactReservations.Reserve(session, request, Policies, Product.Now), request);
            if (reserved.Kind != VerdictKind.Allow)
                return false;

            var (_, confirmed) = await UpdateAsync(store, session => ContactReservations.Dispatch(session, request, Policies, Product.Now), request);
            return confirmed;
        })));

        Assert.Equal(Limit, sent.Count(confirmed => confirmed));
        Assert.True((await product.Get<AuditVerification>().VerifyAsync([Customer], CancellationToken.None)).Intact);
    }

    [Fact]
    public async Task A_reply_that_asks_to_stop_holds_at_the_next_dispatch()
    {
        await using var product = await Product.PartsAsync();
        var (store, request) = (product.Get<CustomerStore>(), Letter(1) with { Purpose = "marketing" });
        await store.UpdateAsync(Customer, Prepare, CancellationToken.None);
        Assert.Equal(VerdictKind.Allow, (await UpdateAsync(store, session => ContactReservations.Reserve(session, request, Policies, Product.Now), request)).Kind);
        var body = """
            {"specversion":"1.0","id":"r-1","source":"/mail","type":"clm.outcome.v1","subject":"C-1","time":"2026-11-20T11:59:00Z",
             "data":{"outcome":"reply","channel":"letter","text":"Bitte keine weitere Werbung und keine Briefe mehr, und ich widerspreche dem Profiling!"}}
            """;
        await product.Get<ServerlessCLM.Scoring.EventIngestion>().IngestAsync(EventStreams.EventsHub, "0", [Product.Delivered(System.Text.Encoding.UTF8.GetBytes(body), 1)], CancellationToken.None);

        var (result, confirmed) = await UpdateAsync(store, session => ContactReservations.Dispatch(session, request, Policies, Product.Now), request);
        Assert.Equal((VerdictKind.Refuse, "basis", false), (result.Kind, result.Code, confirmed));
        var objects = await store.UpdateAsync(Customer, session => ContactReservations.StandingOf(session, request).ObjectsToProfiling, CancellationToken.None, [.. ContactReservations.Rows(request)]);
        Assert.True(objects.Result);
        Assert.Equal(["contact", "optOut", "profile", "contact"], (await store.ReadAuditAsync(Customer, CancellationToken.None))!.Select(entry => entry.Kind));
    }

    private static async Task<T> UpdateAsync<T>(CustomerStore store, Func<CustomerSession, T> change, ContactRequest request)
    {
        while (true)
        {
            try
            {
                return (await store.UpdateAsync(Customer, change, CancellationToken.None, [.. ContactReservations.Rows(request)])).Result;
            }
            catch (CustomerConflictException)
            {
                // Eight at once on one customer may exhaust the attempts; the caller tries again.
            }
        }
    }

    private static int Prepare(CustomerSession session)
    {
        session.PutBlock([]);
        session.Put(CustomerRows.Profile, new Profile(1, new JsonObject { ["address"] = new JsonObject { ["city"] = "Brno" } }), CustomersJson.Default.Profile);
        return 0;
    }

    private static ContactRequest Letter(int message) => new($"m-{message}", "letter", "service", Journey: "j");

    /// <summary>Plays the moves; what was sent, by message.</summary>
    private static Dictionary<int, DateTimeOffset> Run(List<Move> moves, bool conditional)
    {
        var rows = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Commit(rows, Begin(rows, session => Prepare(session)));
        var (version, now) = (0, Product.Now);
        var sent = new Dictionary<int, DateTimeOffset>();
        var workers = new (CustomerSession Session, int Version, int Message, bool Confirmed, DateTimeOffset At)?[4];
        foreach (var move in moves)
        {
            switch (move.Act)
            {
                case Act.Advance:
                    now = now.AddHours(move.Hours);
                    break;
                case Act.Crash:
                    workers[move.Worker] = null;
                    break;
                case Act.Load:
                    var (at, request, confirmed) = (now.AddMinutes(7 * (move.Worker - 2)), Letter(move.Message), false);
                    var session = Begin(rows, loaded =>
                    {
                        if (move.Step == Step.Reserve)
                            ContactReservations.Reserve(loaded, request, Policies, at);
                        else if (move.Step == Step.Dispatch)
                            confirmed = ContactReservations.Dispatch(loaded, request, Policies, at).Confirmed;
                        else
                            ContactReservations.Release(loaded, request, at);
                    });
                    workers[move.Worker] = (session, version, move.Message, confirmed, at);
                    break;
                case Act.Commit when workers[move.Worker] is { } worker:
                    workers[move.Worker] = null;
                    if (conditional && worker.Version != version)
                        break;

                    Commit(rows, worker.Session);
                    version++;
                    if (worker.Confirmed)
                    {
                        if (conditional)
                            sent.Add(worker.Message, worker.At);
                        else
                            sent[worker.Message] = worker.At;
                    }

                    break;
            }
        }

        return sent;
    }

    private static CustomerSession Begin(Dictionary<string, byte[]> rows, Action<CustomerSession> change)
    {
        var session = new CustomerSession(Customer, [], 0, null, new Dictionary<string, byte[]>(rows));
        change(session);
        return session;
    }

    private static void Commit(Dictionary<string, byte[]> rows, CustomerSession session)
    {
        foreach (var (row, plain) in session.Changes)
        {
            if (plain is null)
                rows.Remove(row);
            else
                rows[row] = plain;
        }
    }

    /// <summary>A contact with which a window holds too many; null for none.</summary>
    private static DateTimeOffset? Exceeds(Dictionary<int, DateTimeOffset> sent)
    {
        foreach (var end in sent.Values)
        {
            if (sent.Values.Count(at => at <= end && at > end - Window) > Limit)
                return end;
        }

        return null;
    }
}
