using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Experiments;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;
using Portfolio = ServerlessCLM.Simulation.Portfolio;

namespace ServerlessCLM.Journeys;

/// <summary>
/// Customers of a simulated portfolio for dry runs: a year of payments goes through the code that scores the stream, and what their lives bring after the
/// start becomes what the journey hears.
/// </summary>
internal static class SimulatedSegment
{
    private const int DaysBefore = 365;

    /// <param name="setting">Start, length and seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="models">The models in use.</param>
    public static IEnumerable<DryRunCustomer> Of(DryRunSetting setting, int count, ModelSet models)
    {
        var start = DateOnly.FromDateTime(setting.Start.UtcDateTime);
        var portfolio = new Portfolio(new PortfolioOptions((ulong)setting.Seed, count, start.AddDays(-DaysBefore), DateOnly.FromDateTime(setting.End.UtcDateTime).AddDays(1))
        {
            IdPrefix = "simulated-", Turbulence = 3, NewCustomerShare = 0,
        });
        return portfolio.Customers.Select(customer => Of(setting, portfolio, customer, models));
    }

    private static DryRunCustomer Of(DryRunSetting setting, Portfolio portfolio, SimulatedCustomer customer, ModelSet models)
    {
        var (state, signals, bytes) = (new CustomerState(), new SignalBuffer(), new ArrayBufferWriter<byte>(1024));
        var (profile, life) = (Profile.Empty, new List<JourneyHappening>());
        CustomerSnapshot? known = null;
        foreach (var happened in portfolio.Events(customer))
        {
            if (known is null && happened.Time > setting.Start)
                known = Known();
            if (happened.Time > setting.End)
                break;

            var at = happened.Time.ToUnixTimeMilliseconds();
            switch (happened)
            {
                case SimulatedPayment { Payment: var payment }:
                    bytes.ResetWrittenCount();
                    CloudEventWriter.Write(payment, bytes);
                    if (!PaymentParser.TryParse(bytes.WrittenSpan, at, out var parsed, out var rejection))
                        throw new InvalidDataException($"simulated payment {payment.Id}: {rejection}");
                    CustomerScoring.Apply(state.Features, parsed, signals);
                    Hear();
                    break;
                case SimulatedFact { Type: SimulatedFact.Profile } fact when known is null:
                    profile = profile.Merge(fact.Data);
                    break;
                case SimulatedFact { Type: SimulatedFact.Lifecycle } fact when known is not null:
                    life.Add(new JourneyHappening(fact.Id, HappeningKind.Signal, (string)fact.Data["event"]!, happened.Time.ToUniversalTime(), Told(fact.Data)));
                    break;
                default:
                    break;
            }
        }

        known ??= Known();
        CustomerScoring.Wake(state.Features, setting.End.ToUnixTimeMilliseconds(), signals);
        Hear();
        return new DryRunCustomer(customer.Id, known, [.. life.Where(happening => happening.At > setting.Start && happening.At <= setting.End).OrderBy(happening => happening.At)]);

        CustomerSnapshot Known()
        {
            CustomerScoring.Wake(state.Features, setting.Start.ToUnixTimeMilliseconds(), signals);
            signals.Clear();
            return CustomerSnapshot.Of(state, profile, models, setting.Start) with { Consents = [.. ConsentsOf(setting, customer.Id)] };
        }

        void Hear()
        {
            foreach (ref readonly var signal in signals.Signals)
            {
                var name = SignalCatalogue.NameOf(signal.Kind);
                life.Add(new JourneyHappening(
                    string.Create(CultureInfo.InvariantCulture, $"{name}-{signal.Cause:x}"), HappeningKind.Signal, name, DateTimeOffset.FromUnixTimeMilliseconds(signal.At), Told(signal)));
            }

            signals.Clear();
        }
    }

    private static JsonObject Told(in Signal signal)
    {
        var data = new JsonObject { ["name"] = SignalCatalogue.NameOf(signal.Kind) };
        if (double.IsFinite(signal.Observed))
            data["observed"] = signal.Observed;
        if (double.IsFinite(signal.Reference))
            data["reference"] = signal.Reference;
        if (signal.Group is { } group)
            data["group"] = group.ToString().ToLowerInvariant();
        return data;
    }

    private static JsonObject Told(JsonObject fact)
    {
        var data = fact["details"] is JsonObject details ? (JsonObject)details.DeepClone() : [];
        data["name"] = (string)fact["event"]!;
        return data;
    }

    private static IEnumerable<Consent> ConsentsOf(DryRunSetting setting, string customer)
    {
        foreach (var purpose in Consent.Purposes)
        {
            foreach (var channel in Consent.Channels)
            {
                if (Assignment.Place($"consent\n{setting.Seed}", $"{customer}\n{purpose}\n{channel}") < setting.Assumed.Consents)
                    yield return new Consent(purpose, channel, ConsentStatus.Granted, setting.Start, "dry run");
            }
        }
    }
}
