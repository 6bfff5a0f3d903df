using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Functions;

/// <summary>What the product stands on in one process: the emulator's storage and event hubs, and a master key in a file.</summary>
internal static class Runtime
{
    public static void Add(FunctionsApplicationBuilder builder, string[] args)
    {
        builder.Services.AddEmulatorStorage();
        builder.Services.AddEmulatorEventHubs();
        builder.Services.AddSingleton<IReadOnlyList<TableServiceClient>>(services => [services.GetRequiredService<TableServiceClient>()]);
        builder.Services.AddSingleton(services => new EventStreams(
            Stream(services, EventStreams.TransactionsHub),
            Stream(services, EventStreams.EventsHub),
            Stream(services, EventStreams.SignalsHub)));
        builder.Services.AddSingleton(new Principals(isHeaderOwn: true));
        builder.Services.AddSingleton(services => MasterKey(services.GetRequiredService<EmulatorOptions>().DataDirectory));
        if (args.Contains("--demo"))
            builder.Services.AddHostedService<Demo>();
    }

    private static EventStream Stream(IServiceProvider services, string hub) =>
        new(new EventHubProducerClient(services.GetRequiredService<EventHubsNamespace>(), hub));

    /// <summary>Reads the master key, or makes one at the first start.</summary>
    /// <exception cref="InvalidDataException">The file does not hold a key; without the right one no customer can be read.</exception>
    private static MasterKeys MasterKey(string directory)
    {
        var file = Path.Combine(directory, "master.key");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(directory);
            var made = file + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(made, options))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKeys.KeySize))));
                stream.Flush(flushToDisk: true);
            }

            File.Move(made, file);
        }

        var key = new byte[MasterKeys.KeySize];
        return Convert.TryFromBase64String(File.ReadAllText(file).Trim(), key, out var length) && length == key.Length
            ? new MasterKeys(new Dictionary<int, byte[]> { [1] = key }, 1)
            : throw new InvalidDataException($"{file} does not hold a {MasterKeys.KeySize}-byte key in base64; restore it, or customers cannot be read");
    }
}
