using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessCLM.Functions.Console;

/// <summary>The console's part of the composition.</summary>
internal static class ConsoleSetup
{
    public static IServiceCollection AddConsole(this IServiceCollection services, IConfiguration settings) => services
        .AddSingleton(SignInOptions.From(settings))
        .AddSingleton(_ => ConsoleFiles.Embedded());
}
