using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Bench.Governance;

/// <summary>The contact gate: all packs that come with the product, a customer with forty contacts in the ledger.</summary>
internal static class GateBench
{
    public static void Run(TextWriter output)
    {
        var policies = new PolicySet(PolicySet.Defaults);
        Measure(output, "a customer in Germany", """{"country":"DE","timeZone":"Europe/Berlin","phone":"+49301234567"}""", policies);
        Measure(output, "a customer in the USA, zone unknown (29 candidates)", """{"country":"US","phone":"+12025550123"}""", policies);
        Measure(output, "a customer of whom nothing is known", "{}", policies);
    }

    private static void Measure(TextWriter output, string what, string profile, PolicySet policies)
    {
        const int Rounds = 20_000, Repeats = 5;
        var now = new DateTimeOffset(2026, 12, 2, 5, 0, 0, TimeSpan.Zero);
        var ledger = Enumerable.Range(0, 40).Aggregate(ContactLedger.Empty, (known, i) =>
            known.With(new Contact($"m-{i}", Consent.Channels[i % 6], Consent.Purposes[i % 4], now.AddHours(-20 * i - 30), Contact.Sent, Journey: "j")));
        var standing = new CustomerStanding(new Profile(1, (JsonObject)JsonNode.Parse(profile)!),
            [new Consent("marketing", "sms", ConsentStatus.Granted, now.AddDays(-100), null)], ledger);
        var request = new ContactRequest("m-new", "sms", "marketing", Journey: "j");
        var costs = new double[Repeats];
        var verdicts = 0;
        for (var run = -1; run < Repeats; run++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds; round++)
                verdicts = ContactGate.Judge(standing, request, policies, now).Verdicts.Count;
            costs[Math.Max(run, 0)] = Stopwatch.GetElapsedTime(started).TotalMicroseconds / Rounds;
        }

        Array.Sort(costs);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {verdicts} verdicts in {costs[Repeats / 2]:F1} µs (target 20)"));
    }
}
