using ServerlessCLM.Customers;

namespace ServerlessCLM.Bench.Scale;

/// <summary>
/// What a deployment needs for a population, against the platform's published limits: a sample of customers, as unequal as payers are, is
/// spread by the product's own hash, and the most loaded account, stream partition and customer at the peak are reported. docs/scale.md has the sums.
/// </summary>
internal static class ScaleBench
{
    private const int Sample = 2_000_000;
    private const int HubPartitions = 32;

    /// <summary>Payments of a customer and day, and the busiest minute against the mean one.</summary>
    private const double PaymentsPerDay = 2, Peak = 4;

    /// <summary>Table operations of a payment, those on intents among them, and events of a payment in the hubs.</summary>
    private const double Operations = 2.2, Events = 1.3;

    /// <summary>Planned for half of an account's 20,000 operations a second, half of a unit's 1,000 events, and 1,500 payments an instance.</summary>
    private const double AccountPlan = 10_000, UnitPlan = 500, InstancePlan = 1_500;

    public static void Run(TextWriter output)
    {
        var (weights, ids) = Customers();
        output.WriteLine($"{Sample:N0} customers sampled; the busiest 1% make {Share(weights, 0.01):P0} of the payments, {PaymentsPerDay} a day on average, peak {Peak} times the mean");
        output.WriteLine("customers      payments/s  hubs      units  accounts  hottest account  hottest hub partition  hottest customer  instances");
        foreach (var customers in (double[])[1e6, 1e7, 1e8, 3e8, 1e9])
            Report(output, customers, weights, ids);
    }

    private static void Report(TextWriter output, double customers, double[] weights, CustomerId[] ids)
    {
        var peak = customers * PaymentsPerDay / 86_400 * Peak;
        var units = Math.Max(1, Math.Ceiling(peak * Events / UnitPlan));
        var namespaces = (int)Math.Ceiling(units / 40);
        var accounts = (int)Math.Clamp(Math.Ceiling(peak * Operations / AccountPlan), 1, 256);
        var (account, partition, customer) = Hottest(weights, ids, accounts, namespaces * HubPartitions);
        output.WriteLine(
            $"{customers,13:N0}  {peak,10:N0}  {namespaces,4:N0} × {Math.Min(40, units),2:N0}  {units,5:N0}  {accounts,8:N0}  {account * peak * Operations,11:N0}/s  "
            + $"{partition * peak * Events,17:N0}/s  {customer / customers * Sample * peak * Operations,12:N2}/s  {Math.Ceiling(peak / InstancePlan),9:N0}");
    }

    /// <summary>Shares of the whole load, of the most loaded of each.</summary>
    private static (double Account, double Partition, double Customer) Hottest(double[] weights, CustomerId[] ids, int accounts, int partitions)
    {
        var (perAccount, perPartition) = (new double[accounts], new double[partitions]);
        for (var place = 0; place < weights.Length; place++)
        {
            perAccount[ids[place].HashPrefix * accounts / 256] += weights[place];
            perPartition[Digest64.Of(ids[place].Value) % (ulong)partitions] += weights[place];
        }

        return (perAccount.Max(), perPartition.Max(), weights.Max());
    }

    /// <summary>Log-normal activity with a deviation of 1, as card portfolios have; shares that sum to 1.</summary>
    private static (double[] Weights, CustomerId[] Ids) Customers()
    {
        var random = new Random(20261124);
        var weights = new double[Sample];
        for (var place = 0; place < Sample; place++)
            weights[place] = Math.Exp(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

        var sum = weights.Sum();
        return ([.. weights.Select(weight => weight / sum)], [.. Enumerable.Range(1, Sample).Select(number => CustomerId.Parse($"C-{number:D9}"))]);
    }

    private static double Share(double[] weights, double busiest) => weights.OrderDescending().Take((int)(weights.Length * busiest)).Sum();
}
