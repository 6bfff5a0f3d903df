using System.CommandLine;
using System.CommandLine.Parsing;

namespace ServerlessCLM.Cli;

/// <summary>The options that name a running host.</summary>
internal static class HostOptions
{
    public static Option<Uri?> Url() => new("--url") { Description = "A running host, like http://127.0.0.1:7071", CustomParser = Address };

    public static Option<string?> Key() => new("--key") { Description = "Its function key; CLM_FUNCTION_KEY if left out" };

    public static string? KeyOf(string? given) => given ?? Environment.GetEnvironmentVariable("CLM_FUNCTION_KEY");

    private static Uri? Address(ArgumentResult argument)
    {
        if (Uri.TryCreate(argument.Tokens[0].Value, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https"))
            return address;

        argument.AddError($"--url must be like http://127.0.0.1:7071, not '{argument.Tokens[0].Value}'");
        return null;
    }
}
