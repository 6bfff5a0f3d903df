using System.Globalization;

namespace ServerlessCLM.Tests.Http.Fuzz;

/// <summary>Every operation of the OpenAPI document with credentials that are right and inputs that are not: an answer, never a failure.</summary>
public sealed class FuzzTests
{
    /// <summary>Requests per operation; CLM_FUZZ asks for more.</summary>
    private static readonly int Rounds = Setting("CLM_FUZZ", 32);

    private static readonly int Seed = Setting("CLM_FUZZ_SEED", 1);

    /// <summary>None is waited for: reaching one is the failure.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task No_input_makes_a_route_fail_or_hang()
    {
        await using var target = await FuzzTarget.StartAsync();
        var (_, document) = await target.Product.SendAsync(HttpMethod.Get, "api/openapi.json");
        var operations = ApiOperation.All(document!);
        Assert.NotEmpty(operations);

        var (faults, passed) = (new SortedDictionary<string, string>(StringComparer.Ordinal), 0);
        foreach (var operation in operations)
        {
            var pick = new Mutation(new Rng(Digest64.Of(operation.Id) ^ (ulong)Seed));
            for (var round = 0; round < Rounds; round++)
            {
                // The first is left as it is.
                var request = FuzzedRequest.Of(operation, target, pick, isMutated: round > 0);
                var (status, fault) = await request.SendAsync(target.Client, Deadline);
                passed += status is >= 200 and < 300 ? 1 : 0;
                foreach (var failure in target.TakeFailures().Prepend(fault).OfType<string>())
                    faults.TryAdd($"{operation.Id} {string.Join('\n', failure.Split('\n').Take(4))}", $"{request}\n{failure}");
            }
        }

        await WorkOffAsync(target, faults);
        Assert.True(faults.Count == 0, $"{faults.Count} faults; CLM_FUZZ_SEED={Seed} CLM_FUZZ={Rounds} show them again\n\n{string.Join("\n\n", faults.Values.Take(10))}");
        // The product was reached behind its checks, and stands.
        Assert.True(passed > operations.Count, $"only {passed} requests were taken");
        Assert.Equal(200, (await target.Product.SendAsync(HttpMethod.Get, "api/health")).Status);
    }

    /// <summary>What was taken must not fail later, in a stream, an orchestration or a timer.</summary>
    private static async Task WorkOffAsync(FuzzTarget target, SortedDictionary<string, string> faults)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await target.WorkOffAsync(deadline.Token);
        foreach (var failure in target.TakeFailures())
            faults.TryAdd($"afterwards {string.Join('\n', failure.Split('\n').Take(4))}", $"afterwards: {failure}");
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
