using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ServerlessCLM.Analyzers;

/// <summary>
/// Refuses in orchestrators, and in the methods of the same assembly that they call, what a replay of their history would find
/// changed or would do again: clocks, chance, threads, I/O and the state of the process.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OrchestratorAnalyzer : DiagnosticAnalyzer
{
    static readonly DiagnosticDescriptor Rule = new(
        "CLM001",
        "Orchestrators must take the same way at every replay",
        "'{0}' in {1}: {2}",
        "Durability",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        customTags: [WellKnownDiagnosticTags.CompilationEnd]);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Rule);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var bodies = new ConcurrentDictionary<ISymbol, Body>(SymbolEqualityComparer.Default);
            start.RegisterOperationBlockAction(block =>
            {
                if (block.OwningSymbol is IMethodSymbol method)
                    bodies[method] = Read(block.OperationBlocks, block.Compilation.Assembly);
            });
            start.RegisterCompilationEndAction(end =>
            {
                foreach (var orchestrator in bodies.Keys.OfType<IMethodSymbol>().Where(IsOrchestrator))
                    Report(end, orchestrator, bodies);
            });
        });
    }

    /// <summary>By the attribute's simple name: it is Azure's or the emulator's.</summary>
    static bool IsOrchestrator(IMethodSymbol method) => method.Parameters.Any(parameter =>
        parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "OrchestrationTriggerAttribute"));

    static void Report(CompilationAnalysisContext context, IMethodSymbol orchestrator, ConcurrentDictionary<ISymbol, Body> bodies)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { orchestrator };
        var left = new Queue<ISymbol>(seen);
        while (left.Count > 0)
        {
            var method = left.Dequeue();
            var body = bodies[method];
            var place = SymbolEqualityComparer.Default.Equals(method, orchestrator)
                ? $"orchestrator '{orchestrator.Name}'"
                : $"'{method.Name}', which orchestrator '{orchestrator.Name}' calls";
            foreach (var use in body.Forbidden)
                context.ReportDiagnostic(Diagnostic.Create(Rule, use.Location, use.Name, place, use.Reason));
            foreach (var called in body.Calls.SelectMany(called => Targets(called, bodies)).Where(seen.Add))
                left.Enqueue(called);
        }
    }

    /// <summary>The bodies that a call may come to: the method's own, and those that override or implement it.</summary>
    static IEnumerable<ISymbol> Targets(IMethodSymbol called, ConcurrentDictionary<ISymbol, Body> bodies)
    {
        if (bodies.ContainsKey(called))
            yield return called;
        if (!called.IsVirtual && !called.IsAbstract && !called.IsOverride)
            yield break;
        foreach (var other in bodies.Keys.OfType<IMethodSymbol>().Where(other => Overrides(other, called) || Implements(other, called)))
            yield return other;
    }

    static bool Overrides(IMethodSymbol method, IMethodSymbol called)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, called))
                return true;
        }

        return false;
    }

    static bool Implements(IMethodSymbol method, IMethodSymbol called) =>
        called.ContainingType.TypeKind == TypeKind.Interface
        && method.ContainingType.AllInterfaces.Where(each => SymbolEqualityComparer.Default.Equals(each.OriginalDefinition, called.ContainingType))
            .SelectMany(each => each.GetMembers(called.Name).OfType<IMethodSymbol>())
            .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    static Body Read(ImmutableArray<IOperation> blocks, IAssemblySymbol assembly)
    {
        var body = new Body();
        foreach (var operation in blocks.SelectMany(block => block.DescendantsAndSelf()).Where(operation => !IsNamed(operation)))
        {
            if (OrchestratorRules.Check(operation) is { } broken)
                body.Forbidden.Add((operation.Syntax.GetLocation(), broken.Name, broken.Reason));
            foreach (var method in Called(operation))
            {
                var definition = (method.ReducedFrom ?? method).OriginalDefinition;
                definition = definition.PartialImplementationPart ?? definition;
                if (SymbolEqualityComparer.Default.Equals(definition.ContainingAssembly, assembly))
                    body.Calls.Add(definition);
            }
        }

        return body;
    }

    /// <summary>Whether it stands in a nameof, and is not run.</summary>
    static bool IsNamed(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is INameOfOperation)
                return true;
        }

        return false;
    }

    static IEnumerable<IMethodSymbol> Called(IOperation operation)
    {
        IMethodSymbol?[] called = operation switch
        {
            IInvocationOperation call => [call.TargetMethod],
            IMethodReferenceOperation reference => [reference.Method],
            IObjectCreationOperation creation => [creation.Constructor],
            IPropertyReferenceOperation property => [property.Property.GetMethod, property.Property.SetMethod],
            IBinaryOperation binary => [binary.OperatorMethod],
            IConversionOperation conversion => [conversion.OperatorMethod],
            _ => [],
        };
        return called.OfType<IMethodSymbol>();
    }

    sealed class Body
    {
        public List<(Location Location, string Name, string Reason)> Forbidden { get; } = [];

        public List<IMethodSymbol> Calls { get; } = [];
    }
}
