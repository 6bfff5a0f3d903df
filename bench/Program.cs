using ServerlessCLM.Bench.Conditions;
using ServerlessCLM.Bench.Decisions;
using ServerlessCLM.Bench.Durable;
using ServerlessCLM.Bench.EventHubs;
using ServerlessCLM.Bench.Experiments;
using ServerlessCLM.Bench.Features;
using ServerlessCLM.Bench.Governance;
using ServerlessCLM.Bench.Journeys;
using ServerlessCLM.Bench.Messages;
using ServerlessCLM.Bench.Models;
using ServerlessCLM.Bench.Scale;
using ServerlessCLM.Bench.Transactions;

var benches = new SortedDictionary<string, Func<TextWriter, Task>>(StringComparer.Ordinal)
{
    ["audit"] = AuditBench.RunAsync,
    ["authorizations"] = AuthorizationsBench.RunAsync,
    ["conditions"] = Run(ConditionsBench.Run),
    ["decisions"] = Run(DecisionsBench.Run),
    ["decisions-http"] = DecisionsHttpBench.RunAsync,
    ["credit-lines"] = Run(CreditLinesBench.Run),
    ["durable"] = DurableBench.RunAsync,
    ["experiments"] = Run(ExperimentsBench.Run),
    ["features"] = Run(FeaturesBench.Run),
    ["gate"] = Run(GateBench.Run),
    ["hub"] = HubBench.RunAsync,
    ["journeys"] = JourneysBench.RunAsync,
    ["journeys-year"] = JourneysBench.YearAsync,
    ["lead-time"] = Run(LeadTimeBench.Run),
    ["lifetime-value"] = Run(LifetimeValueBench.Run),
    ["messages"] = Run(ProofBench.Run),
    ["models"] = Run(ModelsBench.Run),
    ["parse"] = Run(ParseBenchmark.Run),
    ["pipeline"] = Run(PipelineBench.Run),
    ["scale"] = Run(ScaleBench.Run),
    ["uplift"] = Run(UpliftBench.Run),
};
if (args.Length != 1 || !benches.TryGetValue(args[0], out var bench))
{
    Console.Error.WriteLine($"Which benchmark: {string.Join(", ", benches.Keys)}");
    return 2;
}

await bench(Console.Out);
return 0;

static Func<TextWriter, Task> Run(Action<TextWriter> bench) => output =>
{
    bench(output);
    return Task.CompletedTask;
};
