using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ServerlessCLM.Emulator;

/// <summary>Where the emulator keeps its data and where it listens, from environment variables, settings or arguments (<c>--CLM_PORT=0</c>).</summary>
public sealed record EmulatorOptions
{
    public const string DataDirectorySetting = "CLM_DATA";
    public const string PortSetting = "CLM_PORT";
    public const string StorageSetting = "CLM_STORAGE";
    public const string FunctionKeySetting = "CLM_FUNCTION_KEY";
    public const string MasterKeySetting = "CLM_MASTER_KEY";

    public const string UnsyncedSetting = "CLM_UNSYNCED";

    /// <summary>The real host's own setting.</summary>
    public const string RequestBodySizeLimitSetting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";

    /// <summary>Full path of the folder that holds everything kept; made when missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The connection string of the storage account for tables and blobs; null for the data directory.</summary>
    public string? Storage { get; init; }

    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; } = 7071;

    /// <summary>The key for functions; null for the one kept in <c>keys.json</c>, generated at the first start.</summary>
    public string? FunctionKey { get; init; }

    /// <summary>The key for everything; null for the one kept in <c>keys.json</c>, generated at the first start.</summary>
    public string? MasterKey { get; init; }

    /// <summary>The largest request body, in bytes; a larger one is 413. Null for what <c>host.json</c> says, or else 100 MiB.</summary>
    public long? RequestBodySizeLimit { get; init; }

    /// <summary>
    /// Whether tables and hubs leave it to the system when written pages reach the disk. Many times faster; what was acknowledged outlives
    /// the process but not the machine. For tests and simulations.
    /// </summary>
    public bool Unsynced { get; init; }

    /// <exception cref="FunctionsStartupException">A setting cannot be read.</exception>
    public static EmulatorOptions From(IConfiguration configuration)
    {
        var port = configuration[PortSetting] is { Length: > 0 } text ? text : "7071";
        return new()
        {
            DataDirectory = Path.GetFullPath(configuration[DataDirectorySetting] is { Length: > 0 } folder ? folder : ".clm"),
            Storage = NullIfEmpty(configuration[StorageSetting]),
            Port = ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FunctionsStartupException($"{PortSetting} is '{port}', needs a port from 0 (any free one) to 65535."),
            Unsynced = NullIfEmpty(configuration[UnsyncedSetting]) switch
            {
                null => false,
                var given when bool.TryParse(given, out var unsynced) => unsynced,
                var other => throw new FunctionsStartupException($"{UnsyncedSetting} is '{other}', needs true or false."),
            },
            FunctionKey = NullIfEmpty(configuration[FunctionKeySetting]),
            MasterKey = NullIfEmpty(configuration[MasterKeySetting]),
            RequestBodySizeLimit = NullIfEmpty(configuration[RequestBodySizeLimitSetting]) switch
            {
                null => null,
                var limit when long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0 => bytes,
                var other => throw new FunctionsStartupException($"{RequestBodySizeLimitSetting} is '{other}', needs a whole number of bytes above 0."),
            },
        };
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
