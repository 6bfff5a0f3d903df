using System.Runtime.CompilerServices;
using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

/// <summary>Streaming features against the naive recomputation on real accounts.</summary>
public class BerkaFeaturesTests
{
    [Fact]
    public void Two_hundred_real_accounts_at_random_dates_equal_the_recomputation()
    {
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "shared", "data", "berka"));
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "trans.csv.gz")), $"left out: {folder}/trans.csv.gz is missing");

        var accounts = Read(folder).GroupBy(payment => payment.Account).OrderBy(account => account.Key).ToArray();
        var random = new Random(1999);
        random.Shuffle(accounts);
        foreach (var account in accounts.Take(200))
        {
            var payments = account.ToArray();
            var asOf = payments[random.Next(payments.Length)].Time + random.Next(60) * Payments.Day;
            var earlier = payments.Where(payment => payment.Time <= asOf).ToArray();
            random.Shuffle(earlier);

            var state = new FeatureState();
            foreach (var payment in earlier)
                state.Apply(payment);

            FeatureEquivalenceTests.AssertEqualsNaive(state, earlier, asOf);
        }
    }

    private static IEnumerable<Payment> Read(string folder)
    {
        foreach (var entry in new BerkaReader(folder).Read())
        {
            Assert.True(
                PaymentParser.TryParse(CloudEventWriter.ToBytes(entry.Payment!), Payments.At(0), out var payment, out var rejection), rejection.ToString());
            yield return payment;
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
