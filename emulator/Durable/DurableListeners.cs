using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>Runs orchestrators: starts the task hub with the host, if the app has anything for it, and ends it with the host.</summary>
internal sealed class OrchestrationListener(HostedDurableCode code, IServiceProvider services) : IHostedService, ITriggerListener
{
    public Type TriggerType => typeof(OrchestrationTriggerAttribute);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (code.Any)
            services.GetRequiredService<TaskHub>().Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        code.Any ? services.GetRequiredService<TaskHub>().DisposeAsync().AsTask().WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Starts an instance with the input, which is JSON or a text.</summary>
    public Task FireAsync(FunctionDescriptor function, string? input, CancellationToken cancellation)
    {
        var name = ((OrchestrationTriggerAttribute)function.Trigger).Orchestration ?? function.Name;
        return services.GetRequiredService<EmulatorDurableTaskClient>().StartAsync(name, AsJson(input), options: null);
    }

    internal static string? AsJson(string? input)
    {
        if (input is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(input);
            return input;
        }
        catch (JsonException)
        {
            return JsonSerializer.Serialize(input);
        }
    }
}

/// <summary>Claims activities; the task hub runs them.</summary>
internal sealed class ActivityListener(HostedDurableCode code) : ITriggerListener
{
    public Type TriggerType => typeof(ActivityTriggerAttribute);

    public Task FireAsync(FunctionDescriptor function, string? input, CancellationToken cancellation)
    {
        var name = ((ActivityTriggerAttribute)function.Trigger).Activity ?? function.Name;
        return code.RunActivityAsync(name, instanceId: "", OrchestrationListener.AsJson(input), cancellation);
    }
}

internal static class DurableRegistration
{
    /// <summary>Registers what runs orchestrators and activities, their client, and its routes. The hub is opened when first needed.</summary>
    public static IServiceCollection AddDurableTriggers(this IServiceCollection services)
    {
        services.TryAddSingleton<HostedDurableCode>();
        services.TryAddSingleton(OpenHub);
        services.TryAddSingleton(provider => new EmulatorDurableTaskClient(provider.GetRequiredService<TaskHub>()));
        services.AddSingleton(new InputBinding(
            typeof(DurableClientAttribute),
            typeof(DurableTaskClient),
            static (attribute, context) => Client((DurableClientAttribute)attribute, context)));
        services.AddTriggerListener<OrchestrationListener>();
        services.AddSingleton<ITriggerListener, ActivityListener>();
        services.TryAddSingleton<DurableRoutes>();
        return services;
    }

    static TaskHub OpenHub(IServiceProvider provider)
    {
        try
        {
            return new(
                provider.GetRequiredService<DataFolder>().PathOf(Path.Combine("durable", "tasks.db")),
                provider.GetRequiredService<HostedDurableCode>(),
                provider.GetRequiredService<HostConfiguration>().DurableTask,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>(),
                provider.GetService<ITaskStoreFaults>());
        }
        catch (Exception unusable) when (unusable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new FunctionsStartupException($"Durable Functions cannot run: {unusable.Message}", unusable);
        }
    }

    static EmulatorDurableTaskClient Client(DurableClientAttribute attribute, FunctionContext context)
    {
        var client = context.InstanceServices.GetRequiredService<EmulatorDurableTaskClient>();
        return attribute.TaskHub is null || string.Equals(attribute.TaskHub, client.Name, StringComparison.OrdinalIgnoreCase)
            ? client
            : throw new InvalidOperationException($"Function '{context.FunctionDefinition.Name}' asks for the task hub '{attribute.TaskHub}'; the one here is '{client.Name}'.");
    }
}
