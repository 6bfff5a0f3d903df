using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Bench.Governance;

/// <summary>Verifying audit chains: the walk alone, and all of it out of the emulator's store.</summary>
internal static class AuditBench
{
    private const int Customers = 500, Commits = 40, PerCommit = 5, Repeats = 5;

    public static async Task RunAsync(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
        try
        {
            using var host = ServerlessClm.Create([$"--{EmulatorOptions.DataDirectorySetting}={folder}", "--Logging:LogLevel:Default=Warning"]);
            var tables = host.Services.GetRequiredService<CustomerTables>();
            await tables.CreateAsync(CancellationToken.None);
            await host.Services.GetRequiredService<Anchors>().CreateAsync(CancellationToken.None);
            await FillAsync(host.Services.GetRequiredService<CustomerStore>());
            await host.Services.GetRequiredService<Anchors>().RunAsync(CancellationToken.None);
            await WalkAsync(tables, host.Services.GetRequiredService<AuditChain>(), output);

            var verification = host.Services.GetRequiredService<AuditVerification>();
            var rates = new double[Repeats];
            for (var run = -1; run < Repeats; run++)
            {
                var started = Stopwatch.GetTimestamp();
                var report = await verification.VerifyAsync(0, byte.MaxValue, CancellationToken.None);
                if (!report.Intact || report.Entries != Customers * Commits * PerCommit || report.Unanchored > 0)
                    throw new InvalidOperationException($"The record is not whole: {string.Join("; ", report.Findings.Take(3))}");

                rates[Math.Max(run, 0)] = report.Entries / Stopwatch.GetElapsedTime(started).TotalSeconds;
            }

            Array.Sort(rates);
            await output.WriteLineAsync($"{Customers * Commits * PerCommit:N0} entries in the emulator's store, against their anchors: {rates[Repeats / 2]:N0} entries/s verified");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task FillAsync(CustomerStore store) => Parallel.ForAsync(0, Customers, new ParallelOptions { MaxDegreeOfParallelism = 128 }, async (i, token) =>
    {
        for (var commit = 0; commit < Commits; commit++)
        {
            await store.UpdateAsync(CustomerId.Parse($"C-{i}"), session =>
            {
                for (var entry = 0; entry < PerCommit; entry++)
                {
                    session.Record(new AuditRecord("contact", DateTimeOffset.UnixEpoch.AddHours(commit), new JsonObject
                    {
                        ["id"] = $"m-{commit}-{entry}", ["step"] = "reserved", ["channel"] = "email", ["purpose"] = "marketing", ["verdict"] = "allow",
                        ["policies"] = new JsonArray("house@1", "eu-eprivacy@1", "de-uwg@1"), ["journey"] = "card-first-purchase",
                    }));
                }

                return 0;
            }, token);
        }
    });

    private static async Task WalkAsync(CustomerTables tables, AuditChain chain, TextWriter output)
    {
        var customer = CustomerId.Parse("C-1");
        var partition = customer.PartitionKey("bank");
        var (head, entries) = (AuditHead.None, new List<StoredEntry>());
        await foreach (var row in tables.Of(customer).QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}")))
        {
            if (row.RowKey == CustomerRows.State)
                head = AuditHead.Of(row);
            else
                entries.Add(new StoredEntry(row.RowKey, row.GetBinary(AuditChain.Link), row.GetBinary(AuditChain.Data)));
        }

        const int Rounds = 1000;
        var findings = new List<AuditFinding>();
        var size = entries.Average(entry => entry.Link!.Length + entry.Data!.Length);
        var (walked, hashed) = (new double[Repeats], new double[Repeats]);
        for (var run = -1; run < Repeats; run++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds; round++)
                ChainWalk.Verify(customer.Value, partition, head, entries, [new Witness(1, head.Sequence, head.Hash)], chain.SigningKey, findings);
            walked[Math.Max(run, 0)] = Rounds * entries.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;

            started = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var entry in entries)
                    SHA256.HashData(entry.Data!);
            }

            hashed[Math.Max(run, 0)] = Rounds * entries.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        if (findings.Count > 0)
            throw new InvalidOperationException(findings[0].ToString());

        Array.Sort(walked);
        Array.Sort(hashed);
        await output.WriteLineAsync(
            $"a chain of {entries.Count} entries of {size:N0} bytes, a signature in {PerCommit}: {walked[Repeats / 2]:N0} entries/s verified on one core (target 200,000); "
            + $"hashing their contents alone {hashed[Repeats / 2]:N0}/s");
    }
}
