using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Cli.Simulate.Checks;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>A workload dealt with by the whole product in virtual time, and then looked through.</summary>
/// <param name="workload">What goes on.</param>
/// <param name="folder">An empty folder that the run may fill.</param>
/// <param name="gateway">Takes e-mails.</param>
/// <param name="order">Seed of the order among what is due at the same time, and of the gateway's moods.</param>
/// <param name="faults">What goes wrong; null for nothing.</param>
/// <param name="configure">Last word on the product's services.</param>
internal sealed class ProductRun(
    Workload workload, string folder, SimulatedGateway gateway, ulong order, FaultInjector? faults = null, Action<IServiceCollection>? configure = null)
{
    /// <summary>How long nothing goes wrong any more in the end, so that everything comes to rest: messages are tried again within an hour, anchors come hourly.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromHours(3);

    /// <summary>How long the intent of a customer's first commit is kept when that came to nothing.</summary>
    private static readonly TimeSpan FirstCommitPatience = TimeSpan.FromHours(25);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Answers _answers = new();

    /// <summary>What is asked for now. Nothing of its kind comes in between: a customer's authorizations wait for each other in a process.</summary>
    private DealingKind _underWay;

    /// <summary>What was wanted in between, answered or not.</summary>
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

    /// <summary>What goes wrong in a run of a seed: kills are the rarest, since after each the product starts anew.</summary>
    public static FaultPlan Faults(ulong seed) => new(seed) { KillRate = 0.002 };

    /// <summary>Requests answered, without their repetitions.</summary>
    public int Requests { get; private set; }

    /// <summary>How often the product was killed.</summary>
    public int Kills { get; private set; }

    /// <param name="twin">The end of a run of the same workload in which nothing went wrong, to compare with; null for none.</param>
    /// <param name="progress">Told after each request: one more, and the share of all.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public async Task<RunResult> RunAsync(EndState? twin, Action<long, double>? progress, CancellationToken cancellation)
    {
        var start = new DateTimeOffset(workload.Options.Start, TimeOnly.MinValue, TimeSpan.Zero);
        var mailbox = gateway.Open(order, () => faults is { Enabled: true });
        Break(false);
        await using var product = new SimulatedProduct(folder, new VirtualClock(start), order, faults, mailbox.Address, configure);
        await product.SurviveAsync(() => SimulatedStrategy.PutInForceAsync(product.Get<DocumentWorkflow>(), cancellation), cancellation);
        if (faults is not null)
            faults.Meanwhile = place => BetweenAsync(product, place, cancellation);
        Break(true);
        foreach (var (dealing, place) in workload.Dealings.Select((dealing, place) => (dealing, place)))
        {
            await product.AdvanceToAsync(dealing.At, cancellation);
            await DealAsync(product, dealing, cancellation);
            await product.AdvanceToAsync(product.Now, cancellation);
            progress?.Invoke(1, (place + 1.0) / workload.Dealings.Count);
        }

        Break(false);
        // Nobody who began something leaves without an answer.
        foreach (var dealing in workload.Between.Values.SelectMany(each => each).Where(dealing => _begun.Contains(dealing.Key) && _answers[dealing.Key] is null))
            await DealAsync(product, dealing, cancellation);
        await product.AdvanceToAsync(product.Now + Rest, cancellation);
        if (await EffectsSent.IntentsAsync(product, cancellation) is not [])
            await product.AdvanceToAsync(product.Now + FirstCommitPatience, cancellation);
        Kills = product.Kills;
        var end = await RunEnd.ReadAsync(product, workload, _answers, mailbox, cancellation);
        var violations = new List<Violation>();
        foreach (var check in Check.All)
            violations.AddRange(await check.FindAsync(end, cancellation));
        var state = EndState.Of(end);
        return new RunResult(state, twin is null ? violations : [.. violations, .. state.DifferencesFrom(twin)], [.. Lines(end)]);
    }

    private static IEnumerable<string> Lines(RunEnd end) => end.Living.SelectMany(partition => partition.Rows.Select(row => $"{partition.Customer} {row.Key} {Encoding.UTF8.GetString(row.Value)}"))
        .Concat(end.Hub(EventStreams.SignalsHub).Select(signal => signal.EventBody.ToString()).Order(StringComparer.Ordinal));

    private void Break(bool things)
    {
        if (faults is not null)
            faults.Enabled = things;
    }

    /// <summary>As somebody outside does it: again and again until there is an answer.</summary>
    private async Task DealAsync(SimulatedProduct product, Dealing dealing, CancellationToken cancellation)
    {
        if (dealing.Body(_answers) is not { } body)
            return;

        _underWay = dealing.Kind;
        while (!await TryAsync(product, dealing, body, cancellation))
            await product.AdvanceToAsync(product.Now + RetryAfter, cancellation);
    }

    private async Task<bool> TryAsync(SimulatedProduct product, Dealing dealing, string body, CancellationToken cancellation)
    {
        (int Status, string Body)? answer = null;
        await product.SurviveAsync(async () => answer = await product.AskAsync(dealing, body, cancellation), cancellation);
        return Take(dealing, body, answer);
    }

    /// <summary>Something else that is wanted of a customer, while a commit of theirs is under way; tried once, and later again if that came to nothing.</summary>
    private async Task BetweenAsync(SimulatedProduct product, string place, CancellationToken cancellation)
    {
        var customer = workload.Customers.FirstOrDefault(customer => CustomerId.Parse(customer).PartitionKey(SimulatedProduct.Tenant) == place);
        if (customer is null || workload.Between[customer].FirstOrDefault(dealing => _answers[dealing.Key] is null && dealing.Kind != _underWay) is not { } next)
            return;

        _begun.Add(next.Key);
        var body = next.Body(_answers)!;
        Take(next, body, await product.AskAsync(next, body, cancellation));
    }

    /// <returns>Whether it is an answer.</returns>
    private bool Take(Dealing dealing, string sent, (int Status, string Body)? answered)
    {
        if (answered is not { Status: not 429 and < 500 } answer || faults?.Image is not null)
            return false;

        var erased = dealing.Customer == workload.Erased && _answers.Of(DealingKind.Erasure).Any();
        if (answer.Status >= 400 && !erased)
            throw new InvalidDataException($"{dealing.Key} was refused: {answer.Status} {answer.Body}");

        _answers.Add(new Answer(dealing, sent, answer.Status, answer.Body.Length == 0 ? null : JsonNode.Parse(answer.Body)));
        Requests++;
        return true;
    }
}

/// <summary>What a run came to.</summary>
/// <param name="State">Its end, to compare others with.</param>
/// <param name="Violations">What is wrong with it; none when all is well.</param>
/// <param name="Lines">Every row of every customer but the records of decisions and the audit chain, and every signal.</param>
internal sealed record RunResult(EndState State, IReadOnlyList<Violation> Violations, IReadOnlyList<string> Lines);
