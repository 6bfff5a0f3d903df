using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Journeys;

/// <summary>Whom a dry run is about: customers of a simulated portfolio, or a sample of the real ones, as known now.</summary>
public enum DryRunSegment { Simulated, Sample }

/// <summary>What is asked of a dry run.</summary>
/// <param name="Document">The journey as it is being written; null for a version that is kept.</param>
/// <param name="Version">Which of those; null for the last.</param>
/// <param name="Segment">Whom it is about.</param>
/// <param name="Customers">1 to <see cref="MostCustomers"/>.</param>
/// <param name="Days">How long it lasts on the virtual clock, 1 to <see cref="MostDays"/>.</param>
/// <param name="Seed">The same seed is the same luck.</param>
/// <param name="Everyone">Whether all enter, whatever the journey's condition of entry says of them.</param>
/// <param name="Assumed">What customers are taken to do.</param>
public sealed record DryRunRequest(
    JsonObject? Document, int? Version, DryRunSegment Segment, int Customers, int Days, int Seed, bool Everyone, DryRunAssumptions Assumed)
{
    public const int MostCustomers = 1000, MostDays = 730;

    private static readonly string[] Members = ["document", "version", "segment", "customers", "days", "seed", "everyone", "assume"];

    /// <returns>What is wrong with it.</returns>
    public static Rejection? Read(JsonObject body, out DryRunRequest request)
    {
        request = new DryRunRequest(null, null, DryRunSegment.Simulated, 200, 90, 1, Everyone: false, new DryRunAssumptions());
        foreach (var (name, _) in body)
        {
            if (!Members.Contains(name))
                return new Rejection(Rejection.Shorten(name, 64), $"is not a member of a dry run; it has {string.Join(", ", Members)}");
        }

        if (body["document"] is not null and not JsonObject)
            return new Rejection("document", "must be a journey, a JSON object");
        if (body["document"] is not null && body["version"] is not null)
            return new Rejection("version", "goes with a version that is kept; the document is given");
        if ((Fault(body, "version", 1, int.MaxValue) ?? Fault(body, "customers", 1, MostCustomers) ?? Fault(body, "days", 1, MostDays) ?? Fault(body, "seed", 0, int.MaxValue)) is { } wrong)
            return wrong;
        if (body["everyone"] is { } all && all.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            return new Rejection("everyone", "must be true or false");
        if (body["segment"] is { } segment && (segment.GetValueKind() != JsonValueKind.String || (string)segment! is not ("simulated" or "sample")))
            return new Rejection("segment", "must be simulated or sample");
        if (body["assume"] is not null and not JsonObject)
            return new Rejection("assume", "must be an object");
        if (DryRunAssumptions.Read(body["assume"] as JsonObject ?? [], out var assumed) is { } unfit)
            return unfit;

        request = new DryRunRequest(
            body["document"] as JsonObject, (int?)body["version"], (string?)body["segment"] == "sample" ? DryRunSegment.Sample : DryRunSegment.Simulated,
            (int?)body["customers"] ?? request.Customers, (int?)body["days"] ?? request.Days, (int?)body["seed"] ?? request.Seed, (bool?)body["everyone"] ?? false, assumed);
        return null;
    }

    private static Rejection? Fault(JsonObject body, string name, int least, int most) =>
        body[name] is not { } node || (node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out int number) && number >= least && number <= most)
            ? null : new Rejection(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
}
