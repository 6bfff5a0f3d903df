using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Decisions;

/// <summary>Customers as a product would know them after eight months of their simulated lives, without any store between.</summary>
internal static class SimulatedCustomers
{
    public static readonly DateTimeOffset Now = new(2026, 9, 1, 9, 30, 0, TimeSpan.Zero);

    private static readonly ServerlessCLM.Simulation.Portfolio Lives = new(new PortfolioOptions(41, 50, new DateOnly(2026, 1, 1), new DateOnly(2026, 9, 1)) { Turbulence = 6, IdPrefix = "golden-" });

    /// <summary>The shipped models that the starter strategy names: one more that is shipped changes no decision.</summary>
    private static readonly ModelSet Models = new(ModelSet.Shipped.All.Where(model =>
        StarterStrategies.Documents().Single().ToJsonString().Contains(model.Document.Id, StringComparison.Ordinal)));

    public static IEnumerable<(CustomerId Customer, CustomerSnapshot Snapshot)> All() => Lives.Customers.Select(customer => (CustomerId.Parse(customer.Id), Of(customer)));

    private static CustomerSnapshot Of(SimulatedCustomer customer)
    {
        var id = CustomerId.Parse(customer.Id);
        var (state, session) = (new CustomerState(), new CustomerSession(id, [], 0, null, new Dictionary<string, byte[]>()));
        foreach (var each in Lives.Events(customer).TakeWhile(each => each.Time <= Now))
        {
            if (each is SimulatedPayment payment)
            {
                Assert.True(PaymentParser.TryParse(CloudEventWriter.ToBytes(payment.Payment), Now.ToUnixTimeMilliseconds(), out var read, out var wrong), wrong.ToString());
                state.Features.Apply(read);
            }
            else if (each is SimulatedFact fact)
            {
                Assert.True(CustomerEvent.TryParse(fact.ToBytes(), Now.ToUnixTimeMilliseconds(), out var read, out var wrong), wrong.ToString());
                Assert.Null(read!.Apply(session));
            }
        }

        // Consents are nothing that the simulation tells: a customer has said yes, no or nothing to each channel, by their number.
        foreach (var (place, channel) in Consent.Channels.Index())
        {
            if ((customer.Index + place) % 3 is var said and < 2)
            {
                new Consent("marketing", channel, said == 0 ? ConsentStatus.Granted : ConsentStatus.Withdrawn, Now.AddDays(-30 - place), "form").PutInto(session);
            }
        }

        if (customer.Index % 11 == 5)
            new Consent("profiling", "app", ConsentStatus.Withdrawn, Now.AddDays(-3), "form").PutInto(session);
        session.PutBlock(state.ToBlock());
        return CustomerSnapshot.Of(session, Models, Now);
    }
}
