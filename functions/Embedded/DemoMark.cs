using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions;

/// <summary>How far the demo has come: <c>demo.json</c> in the data folder.</summary>
/// <param name="Start">Its first day.</param>
/// <param name="Clock">Where its clock stands: nothing that is stored was written later.</param>
/// <param name="Sent">Events of the portfolio sent, oldest first.</param>
internal sealed record DemoMark(DateOnly Start, DateTimeOffset Clock, int Sent)
{
    /// <summary>Days lived in the demo: a winback waits for a quarter of a year before it writes.</summary>
    public const int Days = 98;

    private const string FileName = "demo.json";

    /// <summary>What an earlier run has left, or the beginning.</summary>
    public static DemoMark Of(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (File.Exists(path))
            return JsonSerializer.Deserialize<DemoMark>(File.ReadAllBytes(path))!;

        var start = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-Days);
        return new DemoMark(start, new DateTimeOffset(start, TimeOnly.MinValue, TimeSpan.Zero), 0);
    }

    public void Keep(string directory)
    {
        var path = Path.Combine(directory, FileName);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this));
        File.Move(path + ".new", path, overwrite: true);
    }
}

/// <summary>What the demo needs.</summary>
internal static class DemoSetup
{
    /// <summary>The product on a clock of its own, that begins where the demo stands.</summary>
    public static void AddDemo(this IServiceCollection services, DemoMark mark)
    {
        // What the product tells of a quarter of a year would hide what the demo has to say.
        services.AddLogging(logging => logging.AddFilter("ServerlessCLM.Functions", LogLevel.Error));
        services.AddVirtualTime(new VirtualClock(mark.Clock), new VirtualTimeSettings(1));
        services.AddSingleton(mark).AddSingleton<DemoHost>().AddSingleton<DemoDecisions>().AddSingleton<DemoMessages>().AddSingleton<DemoCases>().AddHostedService<Demo>();
    }
}
