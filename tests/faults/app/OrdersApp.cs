using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ServerlessCLM.KilledApp;

/// <summary>A function app whose orchestrations are killed: orders, each a few steps that leave a row each.</summary>
public static class OrdersApp
{
    /// <summary>The table that the steps write.</summary>
    public const string Table = "steps";

    /// <exception cref="FunctionsStartupException">The app cannot start as configured.</exception>
    public static IHost Create(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args, typeof(OrdersApp).Assembly);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddEmulatorStorage();
        builder.Services.AddSingleton(services => services.GetRequiredService<TableServiceClient>().GetTableClient(Table));
        builder.Services.AddHostedService<Setup>();
        return builder.Build();
    }

    sealed class Setup(TableClient table) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => table.CreateIfNotExistsAsync(cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
