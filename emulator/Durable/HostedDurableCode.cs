using Microsoft.Extensions.DependencyInjection;

namespace ServerlessCLM.Emulator;

/// <summary>The orchestrator and activity functions of an app.</summary>
internal sealed class HostedDurableCode : IDurableCode
{
    static readonly Dictionary<string, object> NoBindingData = [];

    readonly FunctionInvoker invoker;
    readonly IServiceScopeFactory scopes;
    readonly Dictionary<string, FunctionDescriptor> orchestrators = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, FunctionDescriptor> activities = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="FunctionsStartupException">A trigger's parameter is of another type, or a name is used twice.</exception>
    public HostedDurableCode(FunctionCatalogue catalogue, FunctionInvoker invoker, IServiceScopeFactory scopes)
    {
        this.invoker = invoker;
        this.scopes = scopes;
        foreach (var (function, trigger) in catalogue.TriggeredBy<OrchestrationTriggerAttribute>())
        {
            if (function.TriggerParameter.ParameterType != typeof(TaskOrchestrationContext))
                throw new FunctionsStartupException($"Function '{function.Name}': '{function.TriggerParameter.Name}' must be a {nameof(TaskOrchestrationContext)}.");
            Add(orchestrators, trigger.Orchestration ?? function.Name, function);
        }

        foreach (var (function, trigger) in catalogue.TriggeredBy<ActivityTriggerAttribute>())
            Add(activities, trigger.Activity ?? function.Name, function);
    }

    /// <summary>Whether the app has any.</summary>
    public bool Any => orchestrators.Count + activities.Count > 0;

    public bool HasOrchestrator(string name) => orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => activities.ContainsKey(name);

    public OrchestratorCode Orchestrator(string name)
    {
        var scope = scopes.CreateScope();
        var function = orchestrators[name];
        return new(
            async context =>
            {
                var invocation = new InvocationContext(function, invoker.NewInvocationId(), context, NoBindingData, 0, scope.ServiceProvider, CancellationToken.None);
                await invoker.RunAsync(invocation);
                return invocation.Result;
            },
            scope);
    }

    public Task<object?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation)
    {
        var function = activities[name];
        var type = function.TriggerParameter.ParameterType;
        var value = type == typeof(TaskActivityContext) ? new ActivityRunContext(name, instanceId) : DurableJson.Deserialize(input, type);
        return invoker.InvokeWithRetriesAsync(function, value, new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = instanceId }, cancellation);
    }

    static void Add(Dictionary<string, FunctionDescriptor> named, string name, FunctionDescriptor function)
    {
        if (!named.TryAdd(name, function))
            throw new FunctionsStartupException($"Function '{function.Name}': '{name}' is already that of '{named[name].Name}'.");
    }
}
