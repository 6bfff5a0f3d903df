using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Scoring.Lifecycle;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Console;

/// <summary>The console's part of the composition.</summary>
internal static class ConsoleSetup
{
    public static IServiceCollection AddConsole(this IServiceCollection services, IConfiguration settings) => services
        .AddSingleton<StageCensus>()
        .AddSingleton<ActivityLedger>()
        .AddHostedService<KeepActivity>()
        .AddSingleton(SignInOptions.From(settings))
        .AddSingleton(_ => ConsoleFiles.Embedded());
}
