using System.Collections.Immutable;
using System.Diagnostics;

namespace ServerlessCLM.Emulator;

/// <summary>The context that the host hands to a run.</summary>
internal sealed class InvocationContext(
    FunctionDescriptor function,
    string invocationId,
    object? triggerValue,
    IReadOnlyDictionary<string, object> bindingData,
    int retryCount,
    IServiceProvider services,
    CancellationToken cancellation) : FunctionContext
{
    readonly Binding binding = new(bindingData);

    public FunctionDescriptor Function { get; } = function;

    public object? TriggerValue { get; } = triggerValue;

    /// <summary>What the function returned; null before, and when it returns nothing.</summary>
    public object? Result { get; set; }

    public override string InvocationId { get; } = invocationId;

    public override string FunctionId => Function.Name;

    public override TraceContext TraceContext { get; } = new Trace();

    public override BindingContext BindingContext => binding;

    public override RetryContext RetryContext { get; } = new Retries(retryCount, function.Retries.MaxRetryCount);

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => new Definition(Function);

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken { get; } = cancellation;

    sealed class Binding(IReadOnlyDictionary<string, object> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object> BindingData { get; } = data;
    }

    sealed class Retries(int count, int most) : RetryContext
    {
        public override int RetryCount { get; } = count;

        public override int MaxRetryCount { get; } = most;
    }

    sealed class Trace : TraceContext
    {
        readonly Activity? activity = Activity.Current;

        public override string TraceParent => activity?.Id ?? "";

        public override string TraceState => activity?.TraceStateString ?? "";
    }

    sealed class Definition(FunctionDescriptor function) : FunctionDefinition
    {
        public override ImmutableArray<FunctionParameter> Parameters =>
            [.. function.Method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))];

        public override string PathToAssembly => function.Method.Module.Assembly.Location;

        public override string EntryPoint => FunctionCatalogue.Place(function.Method);

        public override string Id => function.Name;

        public override string Name => function.Name;
    }
}
