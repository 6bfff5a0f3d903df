using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ServerlessCLM.Analyzers;

/// <summary>What an orchestrator may not use, and what to use instead.</summary>
static class OrchestratorRules
{
    const string Clock = "a replay would read another time; take context.CurrentUtcDateTime";
    const string Chance = "a replay would draw another value; take context.NewGuid(), or draw in an activity";
    const string Hash = "its value differs from process to process; compare the values themselves";
    const string Wait = "it does not wait durably; use context.CreateTimer";
    const string Threads = "an orchestrator runs on one thread; move the work to an activity";
    const string Blocks = "it blocks the orchestrator's only thread; await instead";
    const string InputOutput = "a replay would do it again, or find another answer; move it to an activity";
    const string Setting = "a replay may find another value; pass it in the input, or read it in an activity";
    const string State = "it is state of the process, which a replay finds changed; keep it in a local, or read it in an activity";
    const string Context = "the code after it would run on another thread; leave ConfigureAwait out";

    /// <summary>Members by type and name; of a type with * all members and constructors.</summary>
    static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["System.DateTime.Now"] = Clock,
        ["System.DateTime.UtcNow"] = Clock,
        ["System.DateTime.Today"] = Clock,
        ["System.DateTimeOffset.Now"] = Clock,
        ["System.DateTimeOffset.UtcNow"] = Clock,
        ["System.TimeZoneInfo.Local"] = Setting,
        ["System.TimeProvider.*"] = Clock,
        ["System.Diagnostics.Stopwatch.*"] = Clock,
        ["System.Guid.NewGuid"] = Chance,
        ["System.Guid.CreateVersion7"] = Chance,
        ["System.Random.*"] = Chance,
        ["System.Security.Cryptography.RandomNumberGenerator.*"] = Chance,
        ["System.String.GetHashCode"] = Hash,
        ["System.HashCode.*"] = Hash,
        ["System.Threading.Tasks.Task.Delay"] = Wait,
        ["System.Threading.Tasks.Task.Run"] = Threads,
        ["System.Threading.Tasks.Task.Factory"] = Threads,
        ["System.Threading.Tasks.Task.ContinueWith"] = Threads,
        ["System.Threading.Tasks.Task.Start"] = Threads,
        ["System.Threading.Tasks.Task.Wait"] = Blocks,
        ["System.Threading.Tasks.Task.WaitAll"] = Blocks,
        ["System.Threading.Tasks.Task.WaitAny"] = Blocks,
        ["System.Threading.Tasks.Task.WaitAsync"] = Wait,
        ["System.Threading.Tasks.TaskFactory.*"] = Threads,
        ["System.Threading.Tasks.Parallel.*"] = Threads,
        ["System.Threading.Thread.*"] = Threads,
        ["System.Threading.ThreadPool.*"] = Threads,
        ["System.Threading.SemaphoreSlim.*"] = Threads,
        ["System.Threading.Timer.*"] = Wait,
        ["System.Threading.PeriodicTimer.*"] = Wait,
        ["System.Threading.CancellationTokenSource.CancelAfter"] = Wait,
        ["System.Console.*"] = InputOutput,
        ["System.Diagnostics.Process.*"] = InputOutput,
        ["System.Environment.*"] = Setting,
        ["Microsoft.Extensions.Configuration.IConfiguration.*"] = Setting,
        ["Microsoft.Extensions.Options.IOptionsMonitor.*"] = Setting,
        ["Microsoft.Extensions.Options.IOptionsSnapshot.*"] = Setting,
    };

    /// <summary>Clients of stores and services, by simple name: Azure's or the emulator's.</summary>
    static readonly HashSet<string> Clients = new(StringComparer.Ordinal)
    {
        "TableClient", "TableServiceClient", "BlobClient", "BlobContainerClient", "BlobServiceClient", "EventHubProducerClient",
        "DurableTaskClient", "SecretClient", "ChatClient",
    };

    static readonly string[] Namespaces = ["System.IO", "System.Net", "System.Data", "Microsoft.Data.Sqlite"];

    /// <summary>Of those namespaces, what only computes.</summary>
    static readonly HashSet<string> Computing = new(StringComparer.Ordinal)
    {
        "System.IO.Path", "System.IO.MemoryStream", "System.IO.Stream", "System.IO.StringReader", "System.IO.StringWriter", "System.IO.TextReader",
        "System.IO.TextWriter", "System.Net.WebUtility", "System.Net.IPAddress",
    };

    /// <summary>What an operation breaks and why; null when nothing.</summary>
    public static (string Name, string Reason)? Check(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } call when IsTask(call.TargetMethod.ContainingType) =>
            call.Arguments.Length == 1 && call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: true } ? null : Named(call.TargetMethod, Context),
        IInvocationOperation call => Member(call.TargetMethod),
        IMethodReferenceOperation reference => Member(reference.Method),
        IPropertyReferenceOperation { Property: { IsStatic: true, SetMethod: not null } property } => Member(property) ?? Named(property, State),
        IPropertyReferenceOperation { Property: var property } => Member(property),
        IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: false, IsConst: false } field } => Named(field, State),
        IFieldReferenceOperation { Field: { IsStatic: true, IsConst: false } field } when field.Type.ContainingNamespace?.ToDisplayString() == "System.Collections.Concurrent" =>
            Named(field, State),
        IFieldReferenceOperation { Field.IsConst: false } reference => Value(reference.Field, reference.Field.Type),
        IParameterReferenceOperation reference => Value(reference.Parameter, reference.Parameter.Type),
        IObjectCreationOperation { Constructor: { } constructor } => Member(constructor),
        _ => null,
    };

    static bool IsTask(INamedTypeSymbol type) => type.Name is "Task" or "ValueTask" or "TaskAsyncEnumerableExtensions";

    /// <summary>A clock, a client or the like that is only handed on.</summary>
    static (string Name, string Reason)? Value(ISymbol holder, ITypeSymbol type) => OfType(type) is { } reason ? (holder.Name, reason) : null;

    static (string Name, string Reason)? Member(ISymbol member)
    {
        if (member.ContainingType is not { } type || member is { Name: "NewLine", ContainingType.Name: "Environment" })
            return null;
        var name = type.OriginalDefinition.ContainingNamespace.ToDisplayString() + "." + type.Name;
        return Members.TryGetValue(name + "." + member.Name, out var reason) || (reason = OfType(type)) is not null ? Named(member, reason) : null;
    }

    /// <summary>Why nothing of a type may be used; null when it may.</summary>
    static string? OfType(ITypeSymbol? type)
    {
        for (; type is not null && type.TypeKind != TypeKind.Enum; type = type.BaseType)
        {
            var space = type.OriginalDefinition.ContainingNamespace?.ToDisplayString() ?? "";
            var name = space + "." + type.Name;
            if (Members.TryGetValue(name + ".*", out var reason))
                return reason;
            if (name == "System.Exception" || Computing.Contains(name))
                return null;
            if (Clients.Contains(type.Name))
                return InputOutput;
            if (Array.Exists(Namespaces, each => (space + ".").StartsWith(each + ".", StringComparison.Ordinal)) && !IsException(type))
                return InputOutput;
        }

        return null;
    }

    static bool IsException(ITypeSymbol? type)
    {
        while (type is not null && type.Name != nameof(Exception))
            type = type.BaseType;
        return type is not null;
    }

    static (string Name, string Reason)? Named(ISymbol member, string reason) =>
        (member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? $"new {member.ContainingType.Name}" : $"{member.ContainingType.Name}.{member.Name}", reason);
}
